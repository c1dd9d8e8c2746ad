"""Check the columns of chances and flags of a table, each at once.

Where a column is not plain, its cells are read one by one, as :mod:`predictions.importing.cells` reads them.
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

Faults: TypeAlias = dict[int, tuple[str, str]]  # the wrong column and what would be right, by the place of a row
Flags: TypeAlias = NDArray[np.bool_]
CellValue = TypeVar("CellValue")


def as_list(column: Column) -> Sequence[Any]:
    """Return a column as values of Python's own, where numpy and Arrow have them.

    Raises InvalidValue for an Arrow column that holds several values in each row, or text that is not UTF-8.
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
        values: From 0 to 1, NaN for none.
        rounded: Which of them had more than twelve decimals.
        perhaps_percent: Which seem to be percent without saying so.
    """

    values: ChanceArray
    rounded: Flags
    perhaps_percent: Flags


def read_chances(
    column: Column, name: str, how: How, faults: Faults, *, otherwise: str = "leave percent=True out"
) -> ChanceColumn:
    """Read chances, rounded to twelve places; what is no number, lies outside 0 to 1, or becomes 0 or 1 is refused.

    So is what is said to be percent and may be a fraction; *otherwise* is the way out where all of them may be.
    """
    numbers, signed = _read_numbers(column, name, how, faults)
    percent = np.ones(numbers.size, np.bool_) if how.percent else signed
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers far outside, which are refused
        values = np.round(numbers, DECIMAL_PLACES) + 0.0
        rounded = (values != numbers) & ~np.isnan(numbers)
        if percent.any():  # a hundredth of a decimal, as exact as that decimal is
            hundredths = np.rint(numbers * 10.0 ** (DECIMAL_PLACES - 2))
            values = np.where(percent, hundredths / 10.0**DECIMAL_PLACES, values)
            rounded = np.where(
                percent, (hundredths / 10.0 ** (DECIMAL_PLACES - 2) != numbers) & ~np.isnan(numbers), rounded
            )
    outside = (values < 0) | (values > 1)
    perhaps_percent = outside & ~percent & (numbers > 1) & (numbers <= 100)
    for index in np.flatnonzero(outside).tolist():
        fix = "not a probability, which runs from 0 to 1"
        if perhaps_percent[index]:
            number = numbers[index]
            fix = f"say {number:.12g}% or {round(number / 100, DECIMAL_PLACES):.12g}; percent=True, if all are"
        faults.setdefault(index, (name, fix))
    for index in perhaps_fractions(numbers, signed) if how.percent else ():
        all_may_be = "" if (numbers > 1).any() else f", or {otherwise}"
        faults.setdefault(index, (name, two_shares(numbers[index]) + all_may_be))
    for index in np.flatnonzero(rounded & ((values == 0) | (values == 1))).tolist():
        faults.setdefault(index, (name, all_but_certain(values[index])))
    return ChanceColumn(values, rounded, perhaps_percent)


def perhaps_fractions(numbers: ChanceArray, signed: Flags) -> list[int]:
    """Return which numbers without a sign may be fractions, as spreadsheets keep what they show as percent.

    Those are all between 0 and 1; and 1, unless the others are whole and one of them is higher.
    """
    between, bare = (numbers > 0) & (numbers < 1) & ~signed, numbers[~signed]
    if between.any() or not (bare > 1).any():
        between |= (numbers == 1) & ~signed
    return np.flatnonzero(between).tolist()


def _read_numbers(column: Column, name: str, how: How, faults: Faults) -> tuple[ChanceArray, Flags]:
    """Return numbers as they stand, NaN for none, and which of them have a percent sign."""
    if (plain := plain_numbers(column, how)) is not None:
        return plain, np.zeros(plain.size, np.bool_)
    values = as_list(column)
    read = partial(read_number, decimal=how.decimal, percent=how.percent)
    numbers = each(values, name, read, np.nan, faults)
    signed = [isinstance(value, str) and "%" in value for value in values]
    return np.array(numbers, np.float64), np.array(signed, np.bool_)


def plain_numbers(column: Column, how: How) -> NDArray[np.float64] | None:
    """Return a column of plain numbers, NaN for none; None for one whose cells must be read one by one."""
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
            certain = {values[index] for index in np.flatnonzero(np.isin(plain, (0, 1, 100))).tolist()}
            if all(Decimal(text) in {0, 1, 100} for text in certain):
                return plain
    return None


def read_flags(column: Column, faults: Faults) -> Flags:
    """Return which rows are withdrawn, which say true: 1 and yes do; absent, empty, 0 and no do not."""
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
    """Read each value, a text or day that comes again only once.

    Args:
        column: The values.
        name: The column's name, for faults.
        read: Reads one value; BadCell where it is wrong.
        absent: What stands for a value that is empty or refused.
        faults: Where refused values are noted.
        empty: Whether a value is empty; None where none may be.
    """
    alike = set(map(type, column)) in ({str}, {date})
    if alike and len(distinct := list(set(column))) < len(column):
        wrong: Faults = {}
        value_of = dict(zip(distinct, each(distinct, name, read, absent, wrong, empty), strict=True))
        fixes = {distinct[index]: fault for index, fault in wrong.items()}
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
