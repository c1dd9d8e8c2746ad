"""The formats that `export` writes, each by one function."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from predictions.dates import read_day
from predictions.errors import InvalidValue, check_field, did_you_mean, short_repr
from predictions.exchange.written import Exported, RowsWritten, Written
from predictions.records import Claim, Forecast
from predictions.snapshot import Snapshot
from predictions.snapshot_cache import EVERYTHING, Snapshots
from predictions.storage.files import path_of, redraw
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.views.board.filter import forecaster_named

File = str | os.PathLike[str]
TABLE, CSV, FATEBOOK, FORECASTBENCH = "table", "csv", "fatebook", "forecastbench"
OF_SOMEBODY = {"calendar", FATEBOOK, FORECASTBENCH}  # formats in which by= says whose forecasts are written
OTHER_WORDS = {"tsv": TABLE, "ics": "calendar"}


class Exporting(NamedTuple):
    """The ledger to be exported, as of a moment, with the options of single formats."""

    journal: Journal
    store: Store
    snapshots: Snapshots
    as_of: object = None
    today: date | str | None = None
    title: str | None = None
    free_sql: bool = False
    template: bool = False
    by: str | None = None
    me: str | None = None


def export(what: Exporting, format_name: str, file: File) -> Exported | Written | RowsWritten:
    """Write a ledger in the named format.

    Raises:
        InvalidValue: There is no such format, or an option is not for it.
    """
    format_name = OTHER_WORDS.get(format_name, format_name) if isinstance(format_name, str) else format_name
    if what.template and format_name != TABLE:
        raise InvalidValue(f"only a table has a template to fill in; say {TABLE}, or leave template= out")
    if what.by is not None and format_name not in OF_SOMEBODY:
        raise InvalidValue(f"by= goes with {', '.join(sorted(OF_SOMEBODY))}; leave it out")
    write = FORMATS.get(format_name) if isinstance(format_name, str) else None
    if write is None:
        near = did_you_mean(format_name, list(FORMATS)) or ";"
        advice = _meant_format(format_name) or f"{near} formats: {' '.join(FORMATS)}"
        raise InvalidValue(f"no format {short_repr(format_name)}{advice}")
    if format_name in FILES and path_of(file) == Path("."):
        ending = FILES[format_name]
        raise InvalidValue(f'which file? say it: ledger.export("{format_name}", "FILE{ending}")')
    written = write(what, file)
    if what.template:
        return written  # a template has nothing of the ledger
    with what.journal.reading():
        return written.saying(what.journal.lacks(what.journal.prefix(what.as_of)[0]))


def _meant_format(word: object) -> str:
    """Return advice for a file's name, or a kind of file, given as the format; empty for anything else."""
    if not isinstance(word, str | os.PathLike):
        return ""
    ending = Path(word).suffix.lower()
    if ending == ".html" or word in {"html", "page"}:
        return "; a page is written by: ledger.report(FILE)"
    by_ending = {suffix: name for name, suffix in reversed(FILES.items())}  # the first format of an ending wins
    by_ending |= {".xlsx": TABLE, ".tsv": TABLE, ".json": TABLE}
    name = by_ending.get(ending)
    if name is None and word in {"excel", "xlsx", "spreadsheet", "json", "tsv"}:
        name = TABLE
    file = repr(str(word)) if ending else "FILE"
    return f"; say the format first: ledger.export({name!r}, {file})" if name else ""


def _calendar(what: Exporting, file: File) -> Written:
    """Write a calendar."""
    from predictions.export.calendar import MADE_BY, calendar

    with what.journal.reading():
        snapshot = what.snapshots.read(what.as_of, what.today, EVERYTHING)
    if what.by is not None:
        snapshot.me = forecaster_named(snapshot, what.by)
    return Written.of([redraw(file, calendar(snapshot).decode(), like=what.journal.path, known_by=MADE_BY)])


def _datasette(what: Exporting, folder: File) -> Written:
    """Write the files for Datasette."""
    from predictions.export.datasette import write_datasette

    with what.journal.reading():
        lacks = what.journal.lacks()
    path = what.journal.path
    return Written.of(write_datasette(path, path_of(folder), title=what.title, free_sql=what.free_sql, lacks=lacks))


def _sqlite(what: Exporting, file: File) -> Written:
    """Write a SQLite copy."""
    from predictions.export.sqlite import export_sqlite

    return export_sqlite(what.journal, what.store, file, as_of=what.as_of, today=what.today)


def _parquet(what: Exporting, folder: File) -> Exported:
    """Write a folder of Parquet files."""
    from predictions.export.parquet import export_parquet

    with what.journal.reading():
        head, _ = what.journal.prefix(what.as_of)
        reader, _ = what.snapshots.forecasts(what.as_of, what.today)
        return export_parquet(
            what.store, folder, reader.columns(), ledger=what.journal.path, head=head,
            today=reader.today, lacks=what.journal.lacks(head),
        )  # fmt: skip


def _fatebook(what: Exporting, file: File) -> RowsWritten:
    """Write one person's forecasts for Fatebook."""
    from predictions.exchange.platforms.fatebook_writer import write_fatebook

    by = what.by or what.me
    if by is None:
        raise InvalidValue("Fatebook takes the forecasts of one person; say whose: by=, or Ledger(path, me=)")
    with _held(what) as (snapshot, forecasts):
        return write_fatebook(snapshot, forecasts, forecaster_named(snapshot, by), file, what.journal.path)


def _forecastbench(what: Exporting, target: File) -> RowsWritten:
    """Write a forecast set of ForecastBench."""
    from predictions.exchange.platforms.forecastbench_writer import write_forecastbench

    with _held(what) as (snapshot, forecasts):
        by = None if what.by is None else forecaster_named(snapshot, what.by)
        return write_forecastbench(snapshot, forecasts, by, target, what.journal.path)


def _csv(what: Exporting, file: File) -> RowsWritten:
    """Write all forecasts as CSV."""
    from predictions.export.forecasts_csv import export_csv

    with what.journal.reading():
        head, moment = what.journal.prefix(what.as_of)
        today = moment.date() if what.today is None else check_field("today", read_day, what.today)
        return export_csv(
            what.store, file, size=head.size, today=today, like=what.journal.path, lacks=what.journal.lacks(head)
        )  # fmt: skip


def _table(what: Exporting, file: File) -> RowsWritten:
    """Write a table, or a template of one."""
    from predictions.exchange.table.writer import write_predictions, write_template

    if what.template:
        return write_template(file, what.journal.path)
    with _held(what) as (snapshot, forecasts):
        return write_predictions(snapshot, forecasts, file, what.journal.path)


@contextmanager
def _held(what: Exporting) -> Iterator[tuple[Snapshot, Callable[[Claim], Sequence[Forecast]]]]:
    """Yield the records of the ledger, and a function that lists the forecasts on a claim, imported ones included."""
    with what.journal.reading():
        snapshot = what.snapshots.read(what.as_of, what.today, EVERYTHING)
        snapshot.me = what.me
        yield snapshot, _forecast_lookup(what.journal, snapshot, what.journal.prefix(what.as_of)[0].size)


def _forecast_lookup(journal: Journal, snapshot: Snapshot, size: int) -> Callable[[Claim], Sequence[Forecast]]:
    """Return a function that lists the forecasts on a claim, oldest first, and those of a moment by forecaster.

    If blocks have too many for a snapshot, they are read here, once for all claims.
    """
    imported: defaultdict[str, list[Forecast]] = defaultdict(list)
    if snapshot.unread:
        from predictions.storage.imports import Imports

        for _, forecast in Imports(journal.connection, size).forecasts():
            if forecast.made_at.date() <= snapshot.today:
                imported[forecast.claim].append(forecast)

    def forecasts_of(claim: Claim) -> list[Forecast]:
        records = [item.record for item in snapshot.forecasts_on(claim)]
        corrected = {(forecast.forecaster, forecast.made_at) for forecast in records}  # these replace their rows
        imported_only = [row for row in imported.get(claim.slug, ()) if (row.forecaster, row.made_at) not in corrected]
        return sorted([*records, *imported_only], key=lambda forecast: (forecast.made_at, forecast.forecaster))

    return forecasts_of


FORMATS: dict[str, Callable[[Exporting, File], Exported | Written | RowsWritten]] = {
    "calendar": _calendar, CSV: _csv, "datasette": _datasette, FATEBOOK: _fatebook,
    FORECASTBENCH: _forecastbench, "parquet": _parquet, "sqlite": _sqlite, TABLE: _table,
}  # fmt: skip
FILES = {  # formats that are one file, and the ending of its name
    TABLE: ".csv", CSV: ".csv", FATEBOOK: ".csv", FORECASTBENCH: ".json", "sqlite": ".db", "calendar": ".ics",
}  # fmt: skip
