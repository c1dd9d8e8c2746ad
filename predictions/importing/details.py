"""What a row says of a forecast beside one number: a range, words, a note, evidence, whether the crowd was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any

import numpy as np

from forecasts.words import SCALES, impute
from predictions.importing.cells import BadCell, is_missing, read_flag, read_line, read_slugs, read_text
from predictions.importing.chances import read_chances
from predictions.importing.columns import Faults, Flags, as_list
from predictions.importing.tables import How, Piece
from predictions.storage.blocks import Chances

RANGE = ("low", "high")
READERS: Mapping[str, Callable[[Any], object]] = {
    "note": read_text, "words": read_line, "scale": read_line, "because": read_slugs, "shown": read_flag,
}  # fmt: skip
DETAILS = (*RANGE, *READERS)


class Details:
    """The further columns of one piece."""

    def __init__(self, piece: Piece, how: How, faults: Faults) -> None:
        self._faults = faults
        self._columns = {name: as_list(column) for name in READERS if (column := piece.columns[name]) is not None}
        nothing = np.full(piece.size, np.nan)
        ends = [
            None if (column := piece.columns[name]) is None else read_chances(column, name, how, faults)
            for name in RANGE
        ]
        self._low, self._high = (nothing if end is None else end.values for end in ends)
        self.perhaps_percent: Flags = np.zeros(piece.size, np.bool_)
        self._more: Flags = ~np.isnan(self._low) | ~np.isnan(self._high)
        for end in ends:
            if end is not None:
                self.perhaps_percent |= end.perhaps_percent
        for column in self._columns.values():
            self._more |= np.array([not is_missing(value) for value in column], np.bool_)

    def read(self, probability: Chances, withdrawn: Flags) -> tuple[Chances, dict[int, dict[str, object]]]:
        """Read the rows that have any.

        Returns:
            The probabilities, with the middle of a range where a row has no other, and by the place of each such row
            the fields of its forecast, that of the probability or withdrawal among them.
        """
        numbers, fields = probability.copy(), {}
        for place in np.flatnonzero(self._more).tolist():
            if place in self._faults:
                continue
            try:
                said = self._fields(place, float(probability[place]), withdrawn=bool(withdrawn[place]))
            except _Wrong as wrong:
                self._faults.setdefault(place, wrong.args)
                continue
            if said:
                fields[place] = said
                numbers[place] = _middle(said)
        return numbers, fields

    def _fields(self, place: int, probability: float, *, withdrawn: bool) -> dict[str, object]:
        said: dict[str, object] = {}
        for name, column in self._columns.items():
            if not is_missing(column[place]):
                try:
                    said[name] = READERS[name](column[place])
                except BadCell as error:
                    raise _Wrong(name, str(error)) from None
        if withdrawn:
            if "words" in said or not (isnan(self._low[place]) and isnan(self._high[place])):
                raise _Wrong("withdrawn", "a withdrawal carries no probability")
            return {"withdrawn": True, **said} if said else {}
        numbers = {"probability": probability, "low": float(self._low[place]), "high": float(self._high[place])}
        numbers = {name: number for name, number in numbers.items() if not isnan(number)}
        if "words" in said:
            return {**said, **_imputed(said, numbers)}
        if "scale" in said:
            raise _Wrong("words", "a scale is for words, and there are none")
        _check_range(numbers)
        return {**numbers, **said} if said or "low" in numbers else {}


class _Wrong(Exception):
    """The column that is wrong, and what would be right."""

    args: tuple[str, str]


def _imputed(said: Mapping[str, object], numbers: Mapping[str, float]) -> dict[str, object]:
    if numbers:
        raise _Wrong("words", "words give the numbers themselves; leave the numbers out, or the words")
    if "scale" not in said:
        raise _Wrong("scale", f"words are read on a named scale: {', '.join(sorted(SCALES))}")
    try:
        read = impute(str(said["words"]), scale=str(said["scale"]))
    except ValueError as error:
        raise _Wrong("words" if said["scale"] in SCALES else "scale", str(error)) from None
    return {"probability": read.point, "low": read.low, "high": read.high}


def _check_range(numbers: Mapping[str, float]) -> None:
    if ("low" in numbers) != ("high" in numbers):
        raise _Wrong("high" if "low" in numbers else "low", "a range needs both its low and its high end")
    if "low" in numbers:
        middle = numbers.get("probability", numbers["low"])
        if not numbers["low"] <= middle <= numbers["high"]:
            raise _Wrong("low", "the range is upside down or leaves its point out")


def _middle(said: Mapping[str, Any]) -> float:
    if "probability" in said:
        return float(said["probability"])
    return float(said["low"] + said["high"]) / 2 if "low" in said else np.nan
