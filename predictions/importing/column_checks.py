"""Check whole columns of chances and flags at once.

A column that is not plain is read cell by cell, as :mod:`predictions.importing.cells` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import shortest
from predictions.errors import InvalidValue
from predictions.importing.cells import BadCell, has_no_value, is_missing, read_flag, read_number
from predictions.importing.tables import Column, How
from predictions.number_checks import DECIMAL_PLACES, all_but_certain, two_shares
from predictions.storage.blocks import ChanceArray

_PLAIN_NUMBERS = frozenset("0123456789.eE+-")

Faults: TypeAlias = dict[int, tuple[str, str]]  # by the place of a row: the wrong column, and what would be right
Flags: TypeAlias = NDArray[np.bool_]
CellValue = TypeVar("CellValue")


def as_list(column: Column) -> Sequence[Any]:
    """Return a column as a list of Python's own values.

    Raises InvalidValue for an Arrow column with several values in each row, or text that is not UTF-8.
    """
    if hasattr(column, "to_pylist"):
        from pyarrow import types

        kind = column.type.value_type if types.is_dictionary(column.type) else column.type
        if types.is_nested(kind) and not (types.is_list(kind) or types.is_large_list(kind)):
            raise InvalidValue(f"a column holds a {kind} in each row; give one value")
        try:
            return list(column.to_pylist())
        except (ValueError, OverflowError) as error:
            raise InvalidValue(f"a column of type {column.type} cannot be read: {error}") from None
    if isinstance(column, np.ndarray):
        return list(column) if column.dtype.kind in "Mm" else list(column.tolist())
    values: Sequence[Any] = column
    return values


class ChanceColumn(NamedTuple):
    """A column of chances.

    Attributes:
        values: The chances, from 0 to 1; NaN for an empty cell.
        rounded: Which of them had more than twelve decimals.
        perhaps_percent: Which of them look like percent without a sign.
    """

    values: ChanceArray
    rounded: Flags
    perhaps_percent: Flags


def read_chances(
    column: Column, name: str, how: How, faults: Faults, *, otherwise: str = "leave percent=True out"
) -> ChanceColumn:
    """Return a column of chances, rounded to twelve places, and note the faults.

    A fault is a cell that is not a number, lies outside 0 to 1, or becomes 0 or 1 by rounding; under ``percent=True``
    also one that may be a fraction. *otherwise* is the advice if all cells may be fractions.
    """
    numbers, has_percent_sign = _read_numbers(column, name, how, faults)
    percent = np.ones(numbers.size, np.bool_) if how.percent else has_percent_sign
    with np.errstate(over="ignore", invalid="ignore"):  # numbers far outside the range are refused below
        values = np.round(numbers, DECIMAL_PLACES) + 0.0
        rounded = (values != numbers) & ~np.isnan(numbers)
        if percent.any():  # divide as decimals are divided: 0.1 % is 0.001 exactly
            scale = 10.0 ** (DECIMAL_PLACES - 2)
            hundredths = np.rint(numbers * scale)
            values = np.where(percent, hundredths / 10.0**DECIMAL_PLACES, values)
            rounded = np.where(percent, (hundredths / scale != numbers) & ~np.isnan(numbers), rounded)
    outside = (values < 0) | (values > 1)
    perhaps_percent = outside & ~percent & (numbers > 1) & (numbers <= 100)
    for index in np.flatnonzero(outside).tolist():
        fix = "not a probability, which runs from 0 to 1"
        if perhaps_percent[index]:
            number = numbers[index]
            fix = f"say {number:.12g}% or {round(number / 100, DECIMAL_PLACES):.12g}; percent=True, if all are"
        faults.setdefault(index, (name, fix))
    for index in perhaps_fractions(numbers, has_percent_sign) if how.percent else ():
        advice = "" if (numbers > 1).any() else f", or {otherwise}"
        faults.setdefault(index, (name, two_shares(numbers[index]) + advice))
    for index in np.flatnonzero(rounded & ((values == 0) | (values == 1))).tolist():
        faults.setdefault(index, (name, all_but_certain(values[index])))
    return ChanceColumn(values, rounded, perhaps_percent)


def perhaps_fractions(numbers: ChanceArray, has_percent_sign: Flags) -> list[int]:
    """List the places of numbers without a percent sign that may be fractions, in a column that is to be percent.

    A spreadsheet stores 70% as 0.7. Numbers between 0 and 1 may be fractions; and 1 as well, unless another number is
    higher and none lies between 0 and 1.
    """
    perhaps, without_sign = (numbers > 0) & (numbers < 1) & ~has_percent_sign, numbers[~has_percent_sign]
    if perhaps.any() or not (without_sign > 1).any():
        perhaps |= (numbers == 1) & ~has_percent_sign
    return np.flatnonzero(perhaps).tolist()


def _read_numbers(column: Column, name: str, how: How, faults: Faults) -> tuple[ChanceArray, Flags]:
    """Return the numbers of a column, NaN for empty cells, and which of them have a percent sign."""
    if (plain := plain_numbers(column, how)) is not None:
        return plain, np.zeros(plain.size, np.bool_)
    values = as_list(column)
    read = partial(read_number, decimal=how.decimal, percent=how.percent)
    numbers = each(values, name, read, np.nan, faults)
    has_percent_sign = [isinstance(value, str) and "%" in value for value in values]
    return np.array(numbers, np.float64), np.array(has_percent_sign, np.bool_)


def plain_numbers(column: Column, how: How) -> NDArray[np.float64] | None:
    """Return a column of plain numbers, NaN for empty cells; None if its cells must be read one by one."""
    if hasattr(column, "type"):
        from pyarrow import types

        if types.is_floating(column.type) or types.is_integer(column.type):
            column = column.to_numpy(zero_copy_only=False)
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiu":
        return shortest(column)
    values = as_list(column)
    kinds = set(map(type, values))
    if kinds <= {float}:
        return np.array(values, np.float64)
    if kinds == {str} and how.decimal != "," and _PLAIN_NUMBERS.issuperset("".join(set(values))):
        with suppress(ValueError):
            plain = np.fromiter(map(float, values), np.float64, len(values))
            certainties = {values[index] for index in np.flatnonzero(np.isin(plain, (0, 1, 100))).tolist()}
            if all(Decimal(text) in {0, 1, 100} for text in certainties):  # not 0.99999999999999999, say
                return plain
    return None


def read_flags(column: Column, faults: Faults) -> Flags:
    """Return which rows are withdrawn: those with true, 1 or yes; not those with false, 0, no or nothing."""
    if isinstance(column, np.ndarray) and column.dtype.kind == "b":
        return np.asarray(column, np.bool_)
    if str(getattr(column, "type", "")) == "bool":
        return np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), np.bool_)
    values = as_list(column)
    if set(map(type, values)) <= {type(None), bool}:
        return np.array(values, np.bool_)
    return np.array(each(values, "withdrawn", read_flag, False, faults, is_missing), np.bool_)


def each(
    column: Sequence[Any], name: str, read: Callable[[Any], CellValue], absent: CellValue, faults: Faults,
    empty: Callable[[object], bool] | None = has_no_value,
) -> list[CellValue]:  # fmt: skip
    """Return each value as *read* reads it; in texts and days, equal values are read only once.

    Args:
        column: The values.
        name: The column's name, for faults.
        read: Reads one value; raises BadCell if it is wrong.
        absent: The result for a value that is empty or refused.
        faults: Where refused values are noted.
        empty: Tells whether a value is empty; None if none may be.
    """
    is_repetitive = set(map(type, column)) in ({str}, {date})
    if is_repetitive and len(distinct := list(set(column))) < len(column):
        faults_of_distinct: Faults = {}
        value_of = dict(zip(distinct, each(distinct, name, read, absent, faults_of_distinct, empty), strict=True))
        fixes = {distinct[index]: fault for index, fault in faults_of_distinct.items()}
        for index, value in enumerate(column if fixes else ()):
            if value in fixes:
                faults.setdefault(index, fixes[value])
        return [value_of[value] for value in column]
    values = []
    for index, value in enumerate(column):
        value_read = absent
        try:
            value_read = absent if empty and empty(value) else read(value)
        except BadCell as error:
            faults.setdefault(index, (name, str(error)))
        values.append(value_read)
    return values
