"""Cells of the table for claims that are not yes or no: options, a range, outcomes."""

from __future__ import annotations

import re
from typing import NamedTuple

from predictions.importing.cells import BadCell
from predictions.importing.several import read_measure
from predictions.option_names import option_slug

A_RANGE = "say its two ends, 0..10; or 1..1000 log, on a log axis"
SOME_OPTIONS = "say two or more, each once: a; b; c, or low < mid < high where they have an order"
_RANGE = re.compile(r"(.+?)\s*(?:\.\.|\u2026|\bto\b)\s*(.+?)(\s+log)?", re.IGNORECASE)


class OptionsCell(NamedTuple):
    """The options of a choice, and whether they stand in an order."""

    names: tuple[str, ...]
    ordered: bool


class RangeCell(NamedTuple):
    """The range over which a number is scored, and whether its axis is logarithmic."""

    low: float
    high: float
    log: bool


def read_options(value: object) -> OptionsCell:
    """Read options, by ``;`` or in their order by ``<``, or as a list."""
    ordered = isinstance(value, str) and "<" in value
    parts = re.split("<" if ordered else "[;\n]", value) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        raise BadCell(SOME_OPTIONS)
    names = tuple(str(option_slug(str(part))) for part in parts if str(part).strip())
    if len(names) < 2 or len(set(names)) < len(names):
        raise BadCell(SOME_OPTIONS)
    return OptionsCell(names, ordered)


def read_range(value: object) -> RangeCell:
    """Read a range, ``0..10``, or ``1..1000 log`` on a log axis, or a pair of numbers.

    >>> read_range("1 .. 1000 log"), read_range((0, 10)).high
    (RangeCell(low=1.0, high=1000.0, log=True), 10.0)
    """
    match = _RANGE.fullmatch(value.strip()) if isinstance(value, str) else None
    ends = (match[1], match[2]) if match else value
    if not isinstance(ends, (list, tuple)) or len(ends) != 2:
        raise BadCell(A_RANGE)
    low, high = map(read_measure, ends)
    log = bool(match and match[3])
    if low >= high or (log and low <= 0):
        raise BadCell("a log axis begins above 0" if low < high else "the range is empty or upside down")
    return RangeCell(low, high, log)
