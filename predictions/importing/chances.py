"""A column of chances checked at once: rounded, percent resolved exactly, what lies outside 0 to 1 refused."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.inputs import shortest
from predictions.importing.cells import read_number
from predictions.importing.columns import Faults, Flags, as_list, each
from predictions.importing.tables import Column, How
from predictions.storage.blocks import Chances
from predictions.values import PLACES

_PLAIN_NUMBERS = frozenset("0123456789.eE+-")


class Read(NamedTuple):
    """A column of chances."""

    values: Chances  # from 0 to 1, NaN for none
    rounded: Flags
    perhaps_percent: Flags  # which seem to be percent without saying so


def read_chances(column: Column, name: str, how: How, faults: Faults) -> Read:
    """Read chances, rounded to twelve places; what is no number, or lies outside 0 to 1, is refused."""
    given, signed = _numbers(column, name, how, faults)
    percent = np.ones(given.size, np.bool_) if how.percent else signed
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers far outside, which are refused
        values = np.round(given, PLACES) + 0.0
        rounded = (values != given) & ~np.isnan(given)
        if percent.any():  # a hundredth of a decimal, as exact as that decimal is
            hundredths = np.rint(given * 10.0 ** (PLACES - 2))
            values = np.where(percent, hundredths / 10.0**PLACES, values)
            rounded = np.where(percent, (hundredths / 10.0 ** (PLACES - 2) != given) & ~np.isnan(given), rounded)
    outside = (values < 0) | (values > 1)
    perhaps_percent = outside & ~percent & (given > 1) & (given <= 100)
    for place in np.flatnonzero(outside).tolist():
        fix = "not a probability, which runs from 0 to 1"
        if perhaps_percent[place]:
            number = given[place]
            fix = f"say {number:.12g}% or {round(number / 100, PLACES):.12g}; percent=True, if all are"
        faults.setdefault(place, (name, fix))
    return Read(values, rounded, perhaps_percent)


def _numbers(column: Column, name: str, how: How, faults: Faults) -> tuple[Chances, Flags]:
    """Return numbers as they stand, NaN for none, and which of them have a percent sign."""
    if hasattr(column, "type"):
        from pyarrow import types

        if types.is_floating(column.type) or types.is_integer(column.type):
            column = column.to_numpy(zero_copy_only=False)
    unsigned = np.zeros(len(column), np.bool_)
    if isinstance(column, np.ndarray) and column.dtype.kind in "fiu":
        return shortest(column), unsigned
    values = as_list(column)
    kinds = set(map(type, values))
    if kinds <= {float}:
        return np.array(values, np.float64), unsigned
    if kinds == {str} and how.decimal != "," and _PLAIN_NUMBERS.issuperset("".join(set(values))):
        try:
            return np.fromiter(map(float, values), np.float64, len(values)), unsigned
        except ValueError:
            pass
    signed: set[object] = set()

    def read(value: object) -> float:
        number, percent = read_number(value, how.decimal)
        if percent:
            signed.add(value)
        return number

    numbers = np.array(each(values, name, read, np.nan, faults), np.float64)
    if signed:
        unsigned = np.array([isinstance(value, str) and value in signed for value in values], np.bool_)
    return numbers, unsigned
