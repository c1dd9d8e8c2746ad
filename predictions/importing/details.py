"""Read what a row says of a forecast beside its chance: range, words, note, evidence, whether the crowd was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any

import numpy as np

from forecasts.verbal import SCALES, impute
from predictions.enums import AS_READ
from predictions.importing.cells import (
    has_no_text,
    has_no_value,
    is_missing,
    read_flag,
    read_line,
    read_slugs,
    read_text,
    unguarded,
)
from predictions.importing.column_checks import ChanceColumn, Faults, Flags, as_list, each, read_chances
from predictions.importing.tables import Column, How, Piece
from predictions.number_checks import range_fault
from predictions.storage.blocks import ChanceArray

RANGE_FIELDS = ("low", "high")
READERS: Mapping[str, Callable[[Any], object]] = {
    "note": read_text, "words": read_line, "scale": read_line, "because": read_slugs, "shown": read_flag,
}  # fmt: skip
_EMPTY = {"note": has_no_text, "shown": is_missing}  # how cells of a file are empty; other sources have real nulls
DETAILS = (*RANGE_FIELDS, *READERS)
Fields = dict[str, Any]


class _Wrong(Exception):
    """Names the column that is wrong, and what would be right."""

    args: tuple[str, str]


def read_details(
    piece: Piece, how: How, read: ChanceColumn, withdrawn: Flags, faults: Faults
) -> tuple[ChanceColumn, dict[int, Fields]]:
    """Return the chances, completed from ranges and words, and the fields of rows that say more than a chance.

    Args:
        piece: The rows.
        how: How their cells are written.
        read: The column of chances.
        withdrawn: Which rows are withdrawals.
        faults: Where faults are noted.

    Returns:
        The chances, with the middle of a range for a row with no other; and by place the fields of each forecast that
        says more than a chance, its chance or withdrawal among them.
    """
    columns = {name: column for name in DETAILS if (column := piece.columns[name]) is not None}
    cells = _read_cells(piece, columns, faults)
    ends = {name: read_chances(columns[name], name, how, faults) for name in RANGE_FIELDS if name in columns}
    numbers: dict[str, ChanceArray] = {"probability": read.values, **{name: end.values for name, end in ends.items()}}
    has_details = np.zeros(piece.size, np.bool_)  # rows with a range, words, a note or the like
    for end in ends.values():
        has_details |= ~np.isnan(end.values)
    for column in cells.values():
        has_details |= np.array([value is not None for value in column], np.bool_)
    values, fields = read.values.copy(), {}
    for index in np.flatnonzero(has_details).tolist():
        if index in faults:  # a cell of the row is refused already
            continue
        texts = {name: column[index] for name, column in cells.items() if column[index] is not None}
        numbers_given = {name: float(column[index]) for name, column in numbers.items() if not isnan(column[index])}
        try:
            row_fields = _extra_fields(texts, numbers_given, withdrawn=bool(withdrawn[index]))
        except _Wrong as wrong:
            faults[index] = wrong.args
            continue
        if row_fields:
            fields[index] = row_fields
            middle = (row_fields["low"] + row_fields["high"]) / 2 if "low" in row_fields else np.nan
            values[index] = row_fields.get("probability", middle)
    perhaps_percent = np.any([chances.perhaps_percent for chances in (read, *ends.values())], axis=0)
    return ChanceColumn(values, read.rounded, perhaps_percent), fields


def _read_cells(piece: Piece, columns: Mapping[str, Column], faults: Faults) -> dict[str, list[object]]:
    """Return the columns without numbers, read cell by cell; a note loses the ' that guards it."""
    cells: dict[str, list[object]] = {}
    for name, column in columns.items():
        if name in READERS:
            empty = _EMPTY.get(name, has_no_value) if piece.guarded else is_missing
            cells[name] = list(each(as_list(column), name, READERS[name], None, faults, empty))
    if piece.file is not None and piece.guarded and "note" in cells:
        cells["note"] = [unguarded(note) if isinstance(note, str) else note for note in cells["note"]]
    return cells


def _extra_fields(texts: Mapping[str, object], numbers: Mapping[str, float], *, withdrawn: bool) -> Fields:
    """Return the fields of a forecast that says more than a chance; empty if it does not.

    Raises _Wrong if its cells contradict one another.
    """
    if withdrawn:
        if "words" in texts or numbers.keys() & {*RANGE_FIELDS}:
            raise _Wrong("withdrawn", "a withdrawal carries no probability")
        return {"withdrawn": True, **texts} if texts else {}
    if "words" in texts and not (texts.get("scale") == AS_READ and numbers.keys() == {*RANGE_FIELDS}):
        return {**texts, **_impute(texts, numbers)}
    if "scale" in texts and "words" not in texts:
        raise _Wrong("words", "a scale is for words, and there are none")
    if ("low" in numbers) != ("high" in numbers):
        given, missing = ("low", "high") if "low" in numbers else ("high", "low")
        raise _Wrong(given, f"a range has two ends; say {missing} too")
    fault = range_fault(numbers["low"], numbers["high"], numbers.get("probability")) if "low" in numbers else None
    if fault:
        raise _Wrong("low", fault)
    return {**numbers, **texts} if texts or "low" in numbers else {}


def _impute(texts: Mapping[str, object], numbers: Mapping[str, float]) -> Fields:
    """Return the numbers for a row's words on their scale; _Wrong if the words cannot be read."""
    if numbers:
        raise _Wrong("words", "words give the numbers themselves; leave the numbers out, or the words")
    if "scale" not in texts:
        raise _Wrong("scale", f"words are read on a named scale: {', '.join(sorted(SCALES))}")
    try:
        imputed = impute(str(texts["words"]), scale=str(texts["scale"]))
    except ValueError as error:
        raise _Wrong("words" if texts["scale"] in SCALES else "scale", str(error)) from None
    return {"probability": imputed.point, "low": imputed.low, "high": imputed.high}
