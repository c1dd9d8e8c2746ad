"""Export to CSV: every forecast as rows that `import_forecasts` and `import_from("table")` read back."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from math import isnan
from pathlib import Path

import numpy as np

from predictions.exchange.kept_rows import lines_kept
from predictions.exchange.table.type_cells import written_out
from predictions.exchange.written import RowsWritten, losses
from predictions.export.said import SAID_COLUMNS, SaidForecasts, SaidPart
from predictions.importing.cells import guarded
from predictions.importing.spill import OF_DAY, OF_OPTION, OF_POINT
from predictions.numerals import exact
from predictions.redacted import Redacted
from predictions.storage.files import redraw
from predictions.storage.store import Store
from predictions.timestamps import day_at


def export_csv(
    store: Store, file: str | os.PathLike[str], *, size: int, today: date, like: Path, lacks: Redacted | None
) -> RowsWritten:  # fmt: skip
    """Write the forecasts among the first *size* entries, as they stood at the end of a day.

    Args:
        store: The open ledger.
        file: A new file, or one that was written by this export.
        size: How many entries count.
        today: The day.
        like: The ledger's file, whose permissions the new file gets.
        lacks: What a redacted copy no longer has, which the first line then says.
    """
    said = SaidForecasts(store, size, today)
    header = (f"# {lacks.line}\n" if lacks else "") + _lines([SAID_COLUMNS])
    path = redraw(file, lines_kept(file, header, _rows_in_pieces(said)), like=like, known_by=header)
    return RowsWritten(path, said.rows, len(said.claims), said.count, None, losses(said.lost)).saying(lacks)


def _rows_in_pieces(said: SaidForecasts) -> Iterator[str]:
    """Yield the rows of the file as text, in pieces."""
    for part in said.parts():
        yield _lines(_rows_of(part))


def _lines(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as lines of CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _rows_of(part: SaidPart) -> Iterator[tuple[str, ...]]:
    """Return the rows of a part, built column by column, since a million rows have few different numbers and names."""
    claim, forecaster, made_at, probability = part.rows.forecasts[:4]
    chances, places = np.unique(probability, return_inverse=True)  # each distinct chance is written only once
    texts = np.array(["" if isnan(chance) else exact(chance) for chance in chances.tolist()], object)
    columns: dict[str, Iterable[str]] = {
        "claim": np.array(part.claims, object)[claim],
        "forecaster": np.array(part.forecasters, object)[forecaster],
        "made_at": [f"{moment}Z" for moment in np.datetime_as_string(made_at.astype("M8[us]")).tolist()],
        "probability": texts[places],
        "withdrawn": np.where(part.withdrawn, "true", "").tolist(),
        **_part_columns(part),
    }
    for name in SAID_COLUMNS:
        if name not in columns:
            columns[name] = _details_of(part, name)
    return zip(*(columns[name] for name in SAID_COLUMNS), strict=True)


def _part_columns(part: SaidPart) -> dict[str, Iterable[str]]:
    """Return the columns that say what each chance is for: an option, a day, a value."""
    at = np.zeros(part.withdrawn.size) if part.rows.at is None else part.rows.at
    text_of_kind: dict[str, tuple[int, Callable[[float], str]]] = {
        "option": (OF_OPTION, lambda number: part.names[int(number)]),
        "day": (OF_DAY, lambda number: str(day_at(number))),
        "at": (OF_POINT, written_out),
    }
    columns: dict[str, Iterable[str]] = {}
    for name, (kind, text) in text_of_kind.items():
        is_of_kind, column = part.told(kind), np.full(at.size, "", object)
        if is_of_kind.any():
            distinct, places = np.unique(at[is_of_kind], return_inverse=True)  # likewise each distinct value
            column[is_of_kind] = np.array([text(value) for value in distinct.tolist()], object)[places]
        columns[name] = column.tolist()
    return columns


def _details_of(part: SaidPart, name: str) -> Iterable[str]:
    """Return a column that only some rows have a value in."""
    if not part.details:
        return [""] * part.withdrawn.size
    return [_cell(part.details.get(place, {}).get(name)) for place in range(part.withdrawn.size)]


def _cell(value: float | str | bool | None) -> str:
    """Return a detail as text that a spreadsheet does not take for a formula."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return guarded(value) if isinstance(value, str) else exact(value)
