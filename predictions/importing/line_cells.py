"""Columns that say what a chance is of: an option, a day or a value in each row, or several of them in one cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import NoneType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.chances import read_chance
from predictions.dates import read_last_day
from predictions.importing.cells import BadCell, has_no_value, is_missing, read_name, reworded
from predictions.importing.column_checks import Faults, as_list, each, plain_numbers
from predictions.importing.several import read_measure, read_quantiles, read_several
from predictions.importing.spill import OF_DAY, OF_NAME, OF_OPTION, OF_POINT, OF_QUANTILE, ONE_CHANCE
from predictions.importing.tables import How, Piece
from predictions.number_checks import DIGITS, two_values
from predictions.records import Forecast
from predictions.timestamps import day_number

MEASURES = {"at", "value"}
TENS = np.array([float(10**power) for power in range(23)])  # the powers of ten that a float holds exactly
CALENDAR = np.array([date.min, date.max], "M8[D]")  # the days that a date can be
LINE_COLUMNS = {"option": OF_OPTION, "day": OF_DAY, "at": OF_POINT, "value": OF_QUANTILE}
QUANTILES_COLUMN = "quantiles"
SAYS_IT_ALL = "quantiles say it all; leave the other chances out"
WITHDRAWN = "withdrawn"  # the column, and the word for it among chances
NUMBERS = {float, int, NoneType}
ChanceOf = tuple[int, float, float]  # what a chance is of, which, and the chance


class LineCells(NamedTuple):
    """What the chances of a piece are of.

    Attributes:
        of: Of what each is, as :class:`predictions.importing.spill.NumberedForecasts` has it.
        at: Which option, day or value.
        several: The chances of the rows that give several, by the place of the row.
    """

    of: NDArray[np.uint8]
    at: NDArray[np.float64]
    several: Mapping[int, Sequence[ChanceOf]]


class LineReader:
    """Reads these columns, piece by piece.

    Attributes:
        names: The number of each name of an option, or of a day beside its chance.
    """

    def __init__(self, how: How) -> None:
        self.names: dict[str, int] = {}
        self._how = how
        self._readers: dict[str, Callable[[Any], float]] = {
            "option": self._name, "day": _day, "at": self._measure, "value": self._measure,
        }  # fmt: skip

    def read(self, piece: Piece, faults: Faults) -> tuple[Piece, LineCells | None]:
        """Return the piece without cells that give several chances, and what its chances are of; None if all of yes."""
        piece, several = self._several(piece, faults)
        there = {name: piece.columns[name] for name in LINE_COLUMNS if piece.columns[name] is not None}
        if not there and not several:
            return piece, None
        of, at = np.full(piece.size, ONE_CHANCE, np.uint8), np.zeros(piece.size)
        for name, column in there.items():
            values = self._values(column, name, faults)
            said = ~np.isnan(values)
            for index in np.flatnonzero(said & (of > ONE_CHANCE)).tolist():
                faults.setdefault(index, (name, "say one option, one day or one value in a row"))
            of[said], at[said] = LINE_COLUMNS[name], values[said]
        for index in several.keys() & set(np.flatnonzero(of > ONE_CHANCE).tolist()):
            faults.setdefault(index, ("probability", "several chances in one cell, and what they are of beside it"))
        return piece, LineCells(of, at, several)

    def _values(self, column: Any, name: str, faults: Faults) -> NDArray[np.float64]:
        """Return the number of each name, day or value of a column; NaN where a cell is empty."""
        clear = name in MEASURES and (self._how.decimal is not None or not _has_thousands(column))
        if clear and (numbers := plain_numbers(column, self._how)) is not None:
            return _measures(numbers, name, faults)
        if name == "day" and _are_days(column):
            return np.asarray(column.astype(np.float64))
        empty = is_missing if name == "option" else has_no_value  # an option may be called none
        coded = _coded(column)
        if coded is None:
            return np.array(each(as_list(column), name, self._readers[name], np.nan, faults, empty), np.float64)
        distinct, places = coded
        wrong: Faults = {}
        read = each(distinct, name, self._readers[name], np.nan, wrong, empty)
        for index in np.flatnonzero(np.isin(places, list(wrong))).tolist() if wrong else ():
            faults.setdefault(index, wrong[int(places[index])])
        return np.array(read, np.float64)[places]

    def _measure(self, value: object) -> float:
        return read_measure(value, self._how.decimal)

    def _name(self, value: object) -> float:
        return float(self.names.setdefault(read_name(value), len(self.names)))

    def _several(self, piece: Piece, faults: Faults) -> tuple[Piece, dict[int, list[ChanceOf]]]:
        """Take the cells out of a piece that give several chances, and read them."""
        lines: dict[int, list[ChanceOf]] = {}
        columns = dict(piece.columns)
        for name, read in (("probability", self._chances), (QUANTILES_COLUMN, self._quantiles)):
            column = columns[name]
            of_numbers = name != QUANTILES_COLUMN and column is not None and _are_numbers(column)
            values = [] if column is None or of_numbers else as_list(column)
            cells = {
                index: value for index, value in enumerate(values) if name == QUANTILES_COLUMN or _gives_several(value)
            }
            if name == QUANTILES_COLUMN and cells and columns["probability"] is not None:
                beside = as_list(columns["probability"])
                doubled = [
                    at for at, value in cells.items() if not has_no_value(value) and not has_no_value(beside[at])
                ]
                faults.update({at: (name, SAYS_IT_ALL) for at in doubled if at not in faults})
            for index, value in cells.items():
                try:
                    lines[index] = lines.get(index, []) + ([] if has_no_value(value) else read(value))
                except BadCell as error:
                    faults.setdefault(index, (name, str(error)))
            if name != QUANTILES_COLUMN and (places := _withdrawals(values)):
                flags = columns[WITHDRAWN]
                told = [None] * piece.size if flags is None else as_list(flags)
                columns[WITHDRAWN] = [index in places or flag for index, flag in enumerate(told)]
                cells |= dict.fromkeys(places)
            if cells:
                columns[name] = [None if index in cells else value for index, value in enumerate(values)]
        return piece._replace(columns=columns), {index: said for index, said in lines.items() if said}

    def _chances(self, value: object) -> list[ChanceOf]:
        told = read_several(value, percent=self._how.percent, decimal=self._how.decimal)
        return [(OF_NAME, self._name(str(name)), reworded(read_chance, chance)) for name, chance in told.items()]

    def _quantiles(self, value: object) -> list[ChanceOf]:
        read = read_quantiles(value, self._how.decimal)
        if "points" in read:
            return [(OF_POINT, point["at"], point["chance"]) for point in read["points"]]  # type: ignore[attr-defined]
        told: Mapping[object, object] = read["quantiles"]  # type: ignore[assignment]  # of the same reader
        return [(OF_QUANTILE, read_measure(at), reworded(read_chance, chance)) for chance, at in told.items()]


def _are_numbers(column: Any) -> bool:
    """Tell whether a column is nothing but numbers and what is missing."""
    if hasattr(column, "type"):
        return str(column.type).startswith(("double", "float", "int", "uint", "halffloat"))
    if isinstance(column, np.ndarray):
        return column.dtype.kind in "fiu"
    return NUMBERS.issuperset(map(type, column))


def _withdrawals(values: Sequence[object]) -> set[int]:
    """Return where a column of chances says that they are withdrawn."""
    return {at for at, value in enumerate(values) if isinstance(value, str) and value.strip().lower() == WITHDRAWN}


def _gives_several(value: object) -> bool:
    return "=" in value if isinstance(value, str) else isinstance(value, Mapping)


def _day(value: Any) -> float:
    """Read a day, or a month or a year, which mean their last day, as days since 1970."""
    if type(value).__name__ == "datetime64":
        value = value.item()
    if not isinstance(value, str) and hasattr(value, "date"):
        value = value.date()
    return float(day_number(reworded(read_last_day, value)))


def parts_of(forecast: Forecast, names: dict[str, int]) -> list[ChanceOf]:
    """Return the parts of a distribution as rows of a table have them; none of one chance.

    The names of options get numbers in *names*, where they have none yet.
    """
    return [
        *((OF_OPTION, float(names.setdefault(said.option, len(names))), said.share) for said in forecast.shares),
        *((OF_POINT, said.at, said.chance) for said in forecast.points),
        *((OF_DAY, float(day_number(said.day)), said.chance) for said in forecast.days),
    ]


def _are_days(column: Any) -> bool:
    """Tell whether a column is numpy's whole days, none of them empty or beyond the calendar."""
    return getattr(column, "dtype", None) == "M8[D]" and bool(((CALENDAR[0] <= column) & (column <= CALENDAR[1])).all())


def _has_thousands(column: Any) -> bool:
    """Tell whether a text of a column may be a number with a point that sets thousands apart."""
    is_text = "string" in str(column.type) if hasattr(column, "type") else isinstance(column, (list, tuple))
    return is_text and any(
        isinstance(text, str) and text[-4:-3] == "." and two_values(text) for text in as_list(column)
    )


def _measures(numbers: NDArray[np.float64], name: str, faults: Faults) -> NDArray[np.float64]:
    """Read numbers with a unit, all at once but for those whose fifteenth digit is in doubt."""
    values, sure = _rounded(numbers)
    doubtful = np.flatnonzero(~sure)
    wrong: Faults = {}
    values[doubtful] = each(numbers[doubtful].tolist(), name, read_measure, np.nan, wrong)
    for index, fault in wrong.items():
        faults.setdefault(int(doubtful[index]), fault)
    return values


def _rounded(numbers: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Round numbers to fifteen significant digits, and tell where that is sure to be what the decimals give.

    Where the digits are a whole number below 2^53, and the power of ten by which it is divided is exact as well, the
    quotient is the float nearest to the decimal. The product from which the digits come may be off by an eighth.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        places = DIGITS - 1 - np.floor(np.log10(abs(numbers)))
        sure = (places >= 0) & (places < TENS.size)
        power = TENS[np.where(sure, places, 0).astype(np.intp)]
        scaled = numbers * power
        digits = np.rint(scaled)
        sure &= (abs(scaled - digits) < 0.3) & (abs(digits) < 10.0**DIGITS)
        values = np.where(sure, digits / power, numbers) + 0.0
    return values, sure | (numbers == 0) | np.isnan(numbers)


def _coded(column: Any) -> tuple[list[object], NDArray[np.int64]] | None:
    """Return the distinct values of a column and where each row has its own; None for one that is read row by row."""
    if hasattr(column, "type"):
        from pyarrow import types

        if types.is_floating(column.type):
            column = column.to_numpy(zero_copy_only=False)
        elif types.is_string(column.type) or types.is_large_string(column.type) or types.is_date(column.type):
            column = column.dictionary_encode()
        if hasattr(column, "dictionary"):
            distinct = [*column.dictionary.to_pylist(), None]
            codes = column.indices.fill_null(len(distinct) - 1).to_numpy(zero_copy_only=False)
            return distinct, codes.astype(np.int64)
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiuM":
        values, places = np.unique(column, return_inverse=True)
        return [*as_list(values)], places.astype(np.int64)
    return None
