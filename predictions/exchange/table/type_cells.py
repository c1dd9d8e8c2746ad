"""Read and write a table's cells about choices, numbers and dates: options, ranges, distributions, outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from predictions.dates import days_told
from predictions.enums import Axis, ClaimType
from predictions.importing.cells import BadCell
from predictions.importing.several import EXACTLY, read_measure
from predictions.number_checks import axis_fault
from predictions.numerals import exact
from predictions.option_names import option_slugs
from predictions.records import Claim, Forecast, Point, Resolution
from predictions.told_points import SMOOTHED

A_RANGE = "say its two ends, 0..10; or 1..1000 log, on a log axis"
SOME_OPTIONS = "say two or more, each once: a; b; c, or low < mid < high where they have an order"
_RANGE_TEXT = re.compile(r"(.+?)\s*(?:\.\.|\u2026|\bto\b)\s*(.+?)(\s+log)?", re.IGNORECASE)
Cells = dict[str, str]


class OptionsCell(NamedTuple):
    """The options of a choice, and whether their order means something."""

    names: tuple[str, ...]
    ordered: bool


class RangeCell(NamedTuple):
    """The range over which a number is scored, and whether its axis is logarithmic."""

    low: float
    high: float
    log: bool


def read_options(value: object) -> OptionsCell:
    """Return the options in a cell, separated by ``;``, or by ``<`` if they have an order; or in a list."""
    ordered = isinstance(value, str) and "<" in value
    if ordered and ";" in str(value):
        raise BadCell("has both ; and <, and options go by one of them; " + SOME_OPTIONS)
    parts = re.split("<" if ordered else "[;\n]", value) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        raise BadCell(SOME_OPTIONS)
    try:
        names = option_slugs(str(part).strip() for part in parts if str(part).strip())
    except ValueError as error:
        raise BadCell(str(error)) from None
    if len(names) < 2:
        raise BadCell(SOME_OPTIONS)
    return OptionsCell(names, ordered)


def read_range(value: object, decimal: str | None = None) -> RangeCell:
    """Return the range in a cell: ``0..10``, ``1..1000 log`` for a log axis, or a pair of numbers.

    >>> read_range("1 .. 1000 log"), read_range((0, 10)).high
    (RangeCell(low=1.0, high=1000.0, log=True), 10.0)
    """
    match = _RANGE_TEXT.fullmatch(value.strip()) if isinstance(value, str) else None
    ends = (match[1], match[2]) if match else value
    if not isinstance(ends, (list, tuple)) or len(ends) != 2:
        raise BadCell(A_RANGE)
    low, high = (read_measure(end, decimal) for end in ends)
    log = bool(match and match[3])
    if fault := axis_fault(low, high, log=log):
        raise BadCell(fault)
    return RangeCell(low, high, log)


def cells_of_terms(claim: Claim) -> Cells:
    """Return the cells for a claim's type and its terms; empty for a claim of yes or no."""
    if claim.options:
        return {"options": spelled(OptionsCell(claim.options, claim.type is ClaimType.ORDERED))}
    if claim.type is ClaimType.DATE:
        return {"when": "yes"}
    if claim.low is None or claim.high is None:
        return {}
    return {"unit": claim.unit or "", "between": spelled(RangeCell(claim.low, claim.high, claim.scale is Axis.LOG))}


def spelled(cell: OptionsCell | RangeCell) -> str:
    """Write the cell of options, or of a range.

    >>> spelled(OptionsCell(("low", "high"), ordered=True)), spelled(RangeCell(1, 1000, log=True))
    ('low < high', '1..1000 log')
    """
    if isinstance(cell, OptionsCell):
        return (" < " if cell.ordered else "; ").join(cell.names)
    return f"{written_out(cell.low)}..{written_out(cell.high)}{f' {Axis.LOG}' if cell.log else ''}"


def cells_of_distribution(forecast: Forecast) -> Cells:
    """Return the cells for a forecast on a choice, number or date, with all digits; empty for one chance of yes."""
    if forecast.points:
        points = [f"{exact(point.chance)}={written_out(point.at)}" for point in forecast.points]
        return {"quantiles": "; ".join([*points, EXACTLY] if read_otherwise(forecast.points) else points)}
    chances: Iterable[tuple[object, float]] = [
        *((share.option, share.share) for share in forecast.shares),
        *((day.day, day.chance) for day in forecast.days),
    ]
    text = "; ".join(f"{name}={exact(chance)}" for name, chance in chances)
    return {"p": text} if text else {}


def read_otherwise(points: tuple[Point, ...]) -> bool:
    """Tell whether points, written as quantiles, would be read as others: smoothed, or two of them as one."""
    would_be_smoothed = len(points) == SMOOTHED and all(0 < point.chance < 1 for point in points)
    return would_be_smoothed or any(before.chance == after.chance for before, after in pairwise(points))


def cells_of_outcome(verdict: Resolution) -> Cells:
    """Return the cells for a verdict on a claim of any type: its outcome, and the day, month or year."""
    outcome = verdict.option or str(verdict.outcome)
    if verdict.fraction is not None or verdict.value is not None:
        outcome = exact(verdict.fraction) if verdict.value is None else written_out(verdict.value)
    last = verdict.happened_on
    return {"outcome": outcome, "happened_on": days_told(verdict.happened_from or last, last) if last else ""}


def written_out(measure: float | None) -> str:
    """Return a number with a unit in all its digits, without an exponent."""
    text = f"{Decimal(repr(measure)):f}"
    return text.removesuffix(".0")
