"""What a row says of a forecast beside one number: a range, words, a note, evidence, whether the crowd was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any

import numpy as np

from forecasts.verbal import SCALES, impute
from predictions.importing.cells import is_missing, read_flag, read_line, read_slugs, read_text
from predictions.importing.column_checks import Faults, Flags, Read, as_list, each, read_chances
from predictions.importing.tables import How, Piece
from predictions.storage.blocks import Chances

RANGE = ("low", "high")
READERS: Mapping[str, Callable[[Any], object]] = {
    "note": read_text, "words": read_line, "scale": read_line, "because": read_slugs, "shown": read_flag,
}  # fmt: skip
DETAILS = (*RANGE, *READERS)
Fields = dict[str, Any]


class _Wrong(Exception):
    """The column that is wrong, and what would be right."""

    args: tuple[str, str]


def read_details(
    piece: Piece, how: How, read: Read, withdrawn: Flags, faults: Faults
) -> tuple[Read, dict[int, Fields]]:
    """Read the rows that say more than the chance that was *read*, or that they withdraw.

    Returns the chances, with the middle of a range where a row has no other, and by the place of each such row the
    fields of its forecast, its numbers or withdrawal among them.
    """
    columns = {name: column for name in DETAILS if (column := piece.columns[name]) is not None}
    cells = {
        name: each(as_list(column), name, READERS[name], None, faults, is_missing)
        for name, column in columns.items()
        if name in READERS
    }
    ends = {name: read_chances(columns[name], name, how, faults) for name in RANGE if name in columns}
    numbers: dict[str, Chances] = {"probability": read.values, **{name: end.values for name, end in ends.items()}}
    more = np.any([~np.isnan(end.values) for end in ends.values()], axis=0) if ends else np.zeros(piece.size, np.bool_)
    for column in cells.values():
        more |= np.array([value is not None for value in column], np.bool_)
    values, fields = read.values.copy(), {}
    for place in np.flatnonzero(more).tolist():
        said = {name: column[place] for name, column in cells.items() if column[place] is not None}
        given = {name: float(column[place]) for name, column in numbers.items() if not isnan(column[place])}
        try:
            told = {} if place in faults else _fields(said, given, withdrawn=bool(withdrawn[place]))
        except _Wrong as wrong:
            faults[place] = wrong.args
            continue
        if told:
            fields[place] = told
            middle = (told["low"] + told["high"]) / 2 if "low" in told else np.nan
            values[place] = told.get("probability", middle)
    perhaps_percent = np.any([one.perhaps_percent for one in (read, *ends.values())], axis=0)
    return Read(values, read.rounded, perhaps_percent), fields


def _fields(said: Mapping[str, object], numbers: Mapping[str, float], *, withdrawn: bool) -> Fields:
    if withdrawn:
        if "words" in said or numbers.keys() & {*RANGE}:
            raise _Wrong("withdrawn", "a withdrawal carries no probability")
        return {"withdrawn": True, **said} if said else {}
    if "words" in said:
        return {**said, **_imputed(said, numbers)}
    if "scale" in said:
        raise _Wrong("words", "a scale is for words, and there are none")
    if ("low" in numbers) != ("high" in numbers):
        raise _Wrong("high" if "low" in numbers else "low", "a range needs both its low and its high end")
    if "low" in numbers and not numbers["low"] <= numbers.get("probability", numbers["low"]) <= numbers["high"]:
        raise _Wrong("low", "the range is upside down or leaves its point out")
    return {**numbers, **said} if said or "low" in numbers else {}


def _imputed(said: Mapping[str, object], numbers: Mapping[str, float]) -> Fields:
    if numbers:
        raise _Wrong("words", "words give the numbers themselves; leave the numbers out, or the words")
    if "scale" not in said:
        raise _Wrong("scale", f"words are read on a named scale: {', '.join(sorted(SCALES))}")
    try:
        read = impute(str(said["words"]), scale=str(said["scale"]))
    except ValueError as error:
        raise _Wrong("words" if said["scale"] in SCALES else "scale", str(error)) from None
    return {"probability": read.point, "low": read.low, "high": read.high}
