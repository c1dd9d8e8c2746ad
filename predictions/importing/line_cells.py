"""Read the columns that say what a chance is for: an option, a day or a value, one in a row or several in a cell."""

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
from predictions.number_checks import two_values
from predictions.number_columns import nearly_all_measures
from predictions.records import Forecast
from predictions.timestamps import day_number

MEASURES = {"at", "value"}  # columns of numbers with a unit
CALENDAR = day_number(date.min), day_number(date.max)  # the first and the last day of a date
LINE_COLUMNS = {"option": OF_OPTION, "day": OF_DAY, "at": OF_POINT, "value": OF_QUANTILE}
QUANTILES_COLUMN = "quantiles"
SAYS_IT_ALL = "quantiles say it all; leave the other chances out"
WITHDRAWN = "withdrawn"  # the column, and the word for it among chances
NUMBERS = {float, int, NoneType}
ChanceOf = tuple[int, float, float]  # what kind of thing a chance is for (OF_DAY, ...), its number, and the chance


class LineCells(NamedTuple):
    """What the chances of a piece are for.

    Attributes:
        of: The kind of each, as in :class:`predictions.importing.spill.NumberedForecasts`.
        at: The number of each option, day or value.
        several: The chances of rows with several in a cell, by the place of the row.
    """

    of: NDArray[np.uint8]
    at: NDArray[np.float64]
    several: Mapping[int, Sequence[ChanceOf]]


class LineReader:
    """Reads these columns, piece by piece.

    Attributes:
        names: The number of each name of an option, or of a day in a cell of several chances.
    """

    def __init__(self, how: How) -> None:
        self.names: dict[str, int] = {}
        self._how = how
        self._readers: dict[str, Callable[[Any], float]] = {
            "option": self._name, "day": _day, "at": self._measure, "value": self._measure,
        }  # fmt: skip

    def read(self, piece: Piece, faults: Faults) -> tuple[Piece, LineCells | None]:
        """Return the piece without cells of several chances, and what all chances are for; None if all are for yes."""
        piece, several = self._several(piece, faults)
        columns = {name: piece.columns[name] for name in LINE_COLUMNS if piece.columns[name] is not None}
        if not columns and not several:
            return piece, None
        of, at = np.full(piece.size, ONE_CHANCE, np.uint8), np.zeros(piece.size)
        for name, column in columns.items():
            values = self._values(column, name, faults)
            is_filled = ~np.isnan(values)  # rows that say what their chance is for
            if len(columns) == 1 and is_filled.all():  # the usual case
                of, at = np.full(piece.size, LINE_COLUMNS[name], np.uint8), values
                break
            for index in np.flatnonzero(is_filled & (of > ONE_CHANCE)).tolist():
                faults.setdefault(index, (name, "say one option, one day or one value in a row"))
            of[is_filled], at[is_filled] = LINE_COLUMNS[name], values[is_filled]
        for index in (place for place in several if of[place] > ONE_CHANCE):
            faults.setdefault(index, ("probability", "several chances in one cell, and what they are of beside it"))
        return piece, LineCells(of, at, several)

    def _values(self, column: Any, name: str, faults: Faults) -> NDArray[np.float64]:
        """Return the number of each name, day or value of a column; NaN for an empty cell."""
        is_unambiguous = name in MEASURES and (self._how.decimal is not None or not _has_thousands(column))
        if is_unambiguous and (numbers := plain_numbers(column, self._how)) is not None:
            return _measures(numbers, name, faults)
        if name == "day" and (days := _plain_days(column)) is not None:
            return days
        empty = is_missing if name == "option" else has_no_value  # an option may be called none
        coded = _coded(column)
        if coded is None:
            return np.array(each(as_list(column), name, self._readers[name], np.nan, faults, empty), np.float64)
        distinct, places = coded  # so each distinct value is read only once
        faults_of_distinct: Faults = {}
        values = each(distinct, name, self._readers[name], np.nan, faults_of_distinct, empty)
        for index in np.flatnonzero(np.isin(places, list(faults_of_distinct))).tolist() if faults_of_distinct else ():
            faults.setdefault(index, faults_of_distinct[int(places[index])])
        return np.array(values, np.float64)[places]

    def _measure(self, value: object) -> float:
        """Return a number with a unit."""
        return read_measure(value, self._how.decimal)

    def _name(self, value: object) -> float:
        """Return the number of a name; a new name gets the next one."""
        return float(self.names.setdefault(read_name(value), len(self.names)))

    def _several(self, piece: Piece, faults: Faults) -> tuple[Piece, dict[int, list[ChanceOf]]]:
        """Take cells with several chances out of a piece; return the rest, and the chances by place of the row."""
        lines: dict[int, list[ChanceOf]] = {}
        columns = dict(piece.columns)
        for name, read in (("probability", self._chances), (QUANTILES_COLUMN, self._quantiles)):
            column, is_quantiles = columns[name], name == QUANTILES_COLUMN
            is_numeric = not is_quantiles and column is not None and _are_numbers(column)
            values = [] if column is None or is_numeric else as_list(column)
            cells = {index: value for index, value in enumerate(values) if is_quantiles or _gives_several(value)}
            beside = columns["probability"] if is_quantiles and cells else None
            probabilities = None if beside is None else as_list(beside)
            for index, value in cells.items():
                if has_no_value(value):
                    continue
                if probabilities is not None and not has_no_value(probabilities[index]):
                    faults.setdefault(index, (name, SAYS_IT_ALL))
                try:
                    lines[index] = lines.get(index, []) + read(value)  # later refused if the row has both kinds
                except BadCell as error:
                    faults.setdefault(index, (name, str(error)))
            if not is_quantiles and (places := _withdrawals(values)):
                flags = columns[WITHDRAWN]
                withdrawn = [None] * piece.size if flags is None else as_list(flags)
                columns[WITHDRAWN] = [index in places or flag for index, flag in enumerate(withdrawn)]
                cells |= dict.fromkeys(places)
            if cells:
                columns[name] = [None if index in cells else value for index, value in enumerate(values)]
        return piece._replace(columns=columns), {index: chances for index, chances in lines.items() if chances}

    def _chances(self, value: object) -> list[ChanceOf]:
        """Return the chances in a cell such as ``a=40%; b=60%``; whether names are options or days shows later."""
        pairs = read_several(value, percent=self._how.percent, decimal=self._how.decimal).items()
        return [(OF_NAME, self._name(str(name)), reworded(read_chance, chance)) for name, chance in pairs]

    def _quantiles(self, value: object) -> list[ChanceOf]:
        """Return the chances in a cell of quantiles."""
        fields = read_quantiles(value, self._how.decimal)
        if "points" in fields:
            return [(OF_POINT, point["at"], point["chance"]) for point in fields["points"]]  # type: ignore[attr-defined]
        value_by_chance: Mapping[object, object] = fields["quantiles"]  # type: ignore[assignment]  # of the same reader
        pairs = value_by_chance.items()
        return [(OF_QUANTILE, read_measure(at), reworded(read_chance, chance)) for chance, at in pairs]


def _are_numbers(column: Any) -> bool:
    """Tell whether a column has nothing but numbers and missing values."""
    if hasattr(column, "type"):
        return str(column.type).startswith(("double", "float", "int", "uint", "halffloat"))
    if isinstance(column, np.ndarray):
        return column.dtype.kind in "fiu"
    return NUMBERS.issuperset(map(type, column))


def _withdrawals(values: Sequence[object]) -> set[int]:
    """Return the places in a column of chances with the word for a withdrawal."""
    texts = ((place, value) for place, value in enumerate(values) if isinstance(value, str))
    return {place for place, text in texts if text.strip().lower() == WITHDRAWN}


def _gives_several(value: object) -> bool:
    return "=" in value if isinstance(value, str) else isinstance(value, Mapping)


def _day(value: Any) -> float:
    """Return a day as days since 1970; a month or a year means its last day."""
    if type(value).__name__ == "datetime64":
        value = value.item()
    if not isinstance(value, str) and hasattr(value, "date"):
        value = value.date()
    return float(day_number(reworded(read_last_day, value)))


def parts_of(forecast: Forecast, names: dict[str, int]) -> list[ChanceOf]:
    """Return the chances of a forecast of a distribution as rows of a table; none for a single chance.

    Options get numbers in *names* if they have none yet.
    """
    return [
        *((OF_OPTION, float(names.setdefault(part.option, len(names))), part.share) for part in forecast.shares),
        *((OF_POINT, part.at, part.chance) for part in forecast.points),
        *((OF_DAY, float(day_number(part.day)), part.chance) for part in forecast.days),
    ]


def _plain_days(column: Any) -> NDArray[np.float64] | None:
    """Return a column of whole days as days since 1970, NaN if empty; None if one may not be a day of the calendar."""
    if str(getattr(column, "type", "")) == "date32[day]":
        days = np.asarray(column.cast("int32").to_numpy(zero_copy_only=False), np.float64)
    elif getattr(column, "dtype", None) == "M8[D]" and not np.isnat(column).any():
        days = np.asarray(column.astype(np.float64))
    else:
        return None
    return None if ((days < CALENDAR[0]) | (days > CALENDAR[1])).any() else days


def _has_thousands(column: Any) -> bool:
    """Tell whether a column may have a number with a point that separates thousands, as 30.000."""
    is_text = "string" in str(column.type) if hasattr(column, "type") else isinstance(column, (list, tuple))
    return is_text and any(
        isinstance(text, str) and text[-4:-3] == "." and two_values(text) for text in as_list(column)
    )


def _measures(numbers: NDArray[np.float64], name: str, faults: Faults) -> NDArray[np.float64]:
    """Return numbers with a unit to fifteen digits; those that a fast way may get wrong are read one by one."""
    values, is_exact = nearly_all_measures(numbers)
    doubtful = np.flatnonzero(~is_exact)
    faults_of_doubtful: Faults = {}
    values[doubtful] = each(numbers[doubtful].tolist(), name, read_measure, np.nan, faults_of_doubtful)
    for index, fault in faults_of_doubtful.items():
        faults.setdefault(int(doubtful[index]), fault)
    return values


def _coded(column: Any) -> tuple[list[object], NDArray[np.int64]] | None:
    """Return the distinct values of a column and the place of each row's value; None if it is not coded."""
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
