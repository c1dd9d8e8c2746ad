"""Export to Parquet: forecasts as they were made and as they are scored, claims, verdicts; the head in each file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from forecasts.kernel import Rows
from predictions.errors import import_extra
from predictions.exchange.written import Exported, losses
from predictions.export.said import SAID_COLUMNS, SaidForecasts, SaidPart
from predictions.export.sqlite import not_in_tables
from predictions.importing.spill import OF_DAY, OF_OPTION, OF_POINT
from predictions.redacted import Redacted
from predictions.scoring.eligibility import SetApart
from predictions.scoring.forecast_reader import ForecastColumns
from predictions.storage.checkpoints import Head
from predictions.storage.files import new_folder
from predictions.storage.store import Store

GROUP_ROWS = 131_072  # rows of a row group
NOT_SCORED = "distributions under scored/, which says yes or no"
STANDS = ("open", "annulled", "ambiguous", "resolved")  # by the number of a claim's verdict
_RESOLUTIONS = """select c.slug, r.number, r.outcome, r.fraction, r.happened_from, r.happened_on, r.known_on,
r.known_at, o.slug, r.reason, r.decided_by, coalesce(r.dissent, 0), r.recorded_by, r.entry,
r.option, r.value from main.resolution r
join main.claim c on c.entry = r.claim left join main.source o on o.entry = r.published_in
where r.entry < ? order by c.slug, r.number, r.entry"""
_STANDING = "(select max(entry) from main.claim where entry < ?1 group by slug)"
_CLAIM_TERMS = f"""select slug, closes_at, cluster, unit, low, high, scale, entry from main.claim
where entry in {_STANDING}"""
_CLAIM_OPTIONS = f"""select claim, option from main.claim_options where claim in {_STANDING} order by claim, position"""
_FORECASTERS = "select slug, title, kind from main.forecaster where entry < ? order by slug, revision"
_CLAIM_TAGS = f"""select c.slug, t.tag from main.claim_tags t join main.claim c on c.entry = t.claim
where c.entry in {_STANDING} order by 1, 2"""
FILE_ROWS = 4_000_000  # rows of a file, about


def export_parquet(
    store: Store, folder: str | os.PathLike[str], columns: ForecastColumns, *, ledger: Path, head: Head, today: date,
    lacks: Redacted | None = None,
) -> Exported:  # fmt: skip
    """Write the files into a new or empty folder, all or none.

    ``forecasts/part-00000.parquet`` and so on have the forecasts as they were made, which `import_forecasts` reads
    back. ``scored/part-00000.parquet`` has those on yes-or-no claims as the rules of scoring count them (claim and
    forecaster by number, made_at in microseconds since 1970, place, probability, backdated, imputed); the receipt
    counts the distributions that are missing there. Further files are ``claims``, ``forecasters``, ``tags`` and
    ``resolutions``.

    Raises InvalidValue if the folder is not empty, MissingExtra without pyarrow.
    """
    arrow, parquet = (import_extra(name, "Parquet needs", "arrow") for name in ("pyarrow", "pyarrow.parquet"))
    notes = {"head": str(head), "ledger": head.ledger_id, "today": today.isoformat()}
    notes["redacted"] = str(len(lacks.bodies) if lacks else 0)
    numbers = {slug: number for number, slug in enumerate(columns.claims.slugs)}
    connection, forecasts = store.connection, SaidForecasts(store, head.size, today)
    tables = {
        "claims": _claim_columns(arrow, connection, columns),
        "forecasters": _forecaster_columns(connection, columns),
        "tags": _tag_columns(connection, columns.size, numbers),
        "resolutions": _resolution_columns(arrow, connection, columns.size),
    }
    files = 0
    with new_folder(folder, like=ledger) as new:
        for files, part in enumerate(ranges(columns.rows), 1):
            table = arrow.table(_forecast_columns(arrow, part)).replace_schema_metadata(notes)
            name = f"scored/part-{files - 1:05}.parquet"
            parquet.write_table(table, new(name), row_group_size=GROUP_ROWS)
        files += write_said(forecasts, new, notes)
        for name, values in tables.items():
            parquet.write_table(arrow.table(values).replace_schema_metadata(notes), new(f"{name}.parquet"))
    lost = losses({**forecasts.lost, NOT_SCORED: forecasts.distributions, **not_in_tables(store, head.size)})
    exported = Exported(Path(folder), files + len(tables), forecasts.count, len(columns.claims.slugs), lost)
    return exported.saying(lacks)


def ranges(rows: Rows, size: int = FILE_ROWS) -> Iterator[tuple[int, Rows]]:
    """Yield ranges of whole claims of about *size* rows, each with the index of its first row."""
    start = 0
    while start < rows.claim.size:
        end = min(start + size, rows.claim.size)
        end = int(np.searchsorted(rows.claim, rows.claim[end - 1], side="right"))
        yield start, rows.part(slice(start, end))
        start = end


def _forecast_columns(arrow: Any, part: tuple[int, Rows]) -> dict[str, Any]:
    """Return the columns of one file of scored forecasts; *part* is the index of its first row, and the rows."""
    start, rows = part
    return {
        "claim": rows.claim,
        "forecaster": rows.forecaster,
        "made_at": rows.time,
        "place": np.arange(start, start + rows.claim.size),
        "probability": arrow.array(rows.probability, from_pandas=True),
        "backdated": rows.mark & SetApart.BACKDATED > 0,
        "imputed": rows.mark & SetApart.IMPUTED > 0,
    }


def _claim_columns(arrow: Any, connection: sqlite3.Connection, columns: ForecastColumns) -> dict[str, Any]:
    """Return the columns of the claims: their terms, their verdicts, and the units in which they are counted.

    ``outcome`` of a choice is the place of its option in ``options``, from 0, and of a date the day of the window,
    from 1; the value of a number has the unit ``value_unit`` and is scored from ``low`` to ``high``.
    ``unit`` is the unit of observation that enters means, ``cluster`` the wider one that makes intervals cautious, and
    ``chain`` numbers the claims that supersede one another.
    """
    claims = columns.claims
    terms_of = {slug: terms for slug, *terms in connection.execute(_CLAIM_TERMS, (columns.size,))}
    options_of: dict[int, list[str]] = {}  # by the entry of the claim
    for entry, option in connection.execute(_CLAIM_OPTIONS, (columns.size,)):
        options_of.setdefault(entry, []).append(option)
    terms = [terms_of[slug] for slug in claims.slugs]
    text, number = arrow.string(), arrow.float64()
    days = {name: getattr(claims, name).astype("M8[D]") for name in ("deadline", "settles_on")}
    moments = {name: getattr(claims, name).astype(np.int64) for name in ("opens", "closes", "limit")}
    has_outcome = ~np.isnan(claims.outcome)  # an open claim has none
    return {
        "claim": np.arange(len(claims.slugs), dtype=np.int32),
        "slug": list(claims.slugs),
        "statement": claims.statement,
        "type": claims.types.word.tolist(),
        **moments,
        **days,
        "closes_at": [closes_at for closes_at, *_ in terms],
        "declared_cluster": [cluster for _, cluster, *_ in terms],
        "options": arrow.array([options_of.get(entry) for *_, entry in terms], arrow.list_(text)),
        **{
            name: arrow.array([term[place] for term in terms], number if name in {"low", "high"} else text)
            for place, name in enumerate(("value_unit", "low", "high", "scale"), 2)
        },
        "stands": np.array(STANDS)[claims.verdict].tolist(),
        "outcome": [
            float(value) if is_there else None for value, is_there in zip(claims.outcome, has_outcome, strict=True)
        ],
        "scored": claims.scored,
        "grain": claims.grain.astype(np.int64),
        "unit": claims.units.fair,
        "cluster": claims.units.wide,
        "chain": claims.units.chain,
    }


def _forecaster_columns(connection: sqlite3.Connection, columns: ForecastColumns) -> dict[str, Any]:
    """Return the columns of the forecasters, with their latest titles and kinds."""
    facts_of = {slug: (title, kind) for slug, title, kind in connection.execute(_FORECASTERS, (columns.size,))}
    return {
        "forecaster": np.arange(len(columns.forecasters), dtype=np.int32),
        "slug": list(columns.forecasters),
        "title": [facts_of[slug][0] for slug in columns.forecasters],
        "kind": [facts_of[slug][1] for slug in columns.forecasters],
    }


def _tag_columns(connection: sqlite3.Connection, size: int, numbers: dict[str, int]) -> dict[str, Any]:
    """Return the columns of the claims' tags, one row for each tag of each claim."""
    rows = [row for row in connection.execute(_CLAIM_TAGS, (size,)) if row[0] in numbers]
    return {
        "claim": np.array([numbers[slug] for slug, _ in rows], np.int32),
        "tag": np.array([tag for _, tag in rows], "U"),
    }


def _resolution_columns(arrow: Any, connection: sqlite3.Connection, size: int) -> dict[str, Any]:
    """Return the columns of the resolutions, with every revision of each."""
    names = (
        "claim", "number", "outcome", "fraction", "happened_from", "happened_on", "known_on", "known_at",
        "published_in", "reason", "decided_by", "dissent", "recorded_by", "entry",
    )  # fmt: skip
    rows = connection.execute(_RESOLUTIONS, (size,)).fetchall()
    columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    option, value = ([row[index] for row in rows] for index in (-2, -1))
    return {**columns, "option": arrow.array(option, arrow.string()), "value": arrow.array(value, arrow.float64())}


def write_said(said: SaidForecasts, new: Callable[[str], Path], notes: Mapping[str, str]) -> int:
    """Write all forecasts into files of some four million rows, and return how many files there are.

    Args:
        said: The forecasts.
        new: Creates an empty file of a name and returns its path.
        notes: The metadata of each file.
    """
    arrow, parquet = (import_extra(name, "Parquet needs", "arrow") for name in ("pyarrow", "pyarrow.parquet"))
    types = {name: arrow.string() for name in SAID_COLUMNS} | {
        "made_at": arrow.timestamp("us", tz="UTC"), "withdrawn": arrow.bool_(), "shown": arrow.bool_(),
        **{name: arrow.float64() for name in ("probability", "at", "low", "high")}, "day": arrow.date32(),
    }  # fmt: skip
    schema = arrow.schema(types).with_metadata(notes)
    files = rows = 0
    with ExitStack() as opened:
        for part in said.parts():
            if not files or rows >= FILE_ROWS:
                opened.close()
                name = new(f"forecasts/part-{files:05}.parquet")
                writer = opened.enter_context(parquet.ParquetWriter(name, schema))
                files, rows = files + 1, 0
            writer.write_table(_table_of(arrow, part, schema))
            rows += part.withdrawn.size
    return files


def _table_of(arrow: Any, part: SaidPart, schema: Any) -> Any:
    """Return some forecasts as an Arrow table, one row for each chance."""
    claim, forecaster, made_at, probability = part.rows.forecasts[:4]
    columns = {
        "claim": arrow.array(part.claims).take(arrow.array(claim)),
        "forecaster": arrow.array(part.forecasters).take(arrow.array(forecaster)),
        "made_at": arrow.array(made_at).cast(schema.field("made_at").type),
        "probability": arrow.array(probability, from_pandas=True),
        "withdrawn": arrow.array(part.withdrawn),
        **_part_arrays(arrow, part),
    }
    for field in schema:
        if field.name not in columns:
            columns[field.name] = _details(arrow, part, field)
    return arrow.table(columns, schema=schema)


def _part_arrays(arrow: Any, part: SaidPart) -> dict[str, Any]:
    """Return the columns that say what each chance is for: an option, a day, a value."""
    at = np.zeros(part.withdrawn.size) if part.rows.at is None else part.rows.at
    is_no_option, is_no_day, is_no_point = (~part.told(kind) for kind in (OF_OPTION, OF_DAY, OF_POINT))
    option_number = arrow.array(np.where(is_no_option, 0, at).astype(np.int32), mask=is_no_option)
    return {
        "option": arrow.array(part.names or [""], arrow.string()).take(option_number),
        "day": arrow.array(np.where(is_no_day, 0, at).astype(np.int32), mask=is_no_day).cast(arrow.date32()),
        "at": arrow.array(at, mask=is_no_point),
    }


def _details(arrow: Any, part: SaidPart, field: Any) -> Any:
    """Return a column that only some rows have a value in."""
    if not part.details:
        return arrow.nulls(part.withdrawn.size, field.type)
    values = [part.details.get(place, {}).get(field.name) for place in range(part.withdrawn.size)]
    return arrow.array(values, field.type)
