"""Cells of the table for claims that are not yes or no: options, a range, chances of several things, outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from predictions.chances import read_chance
from predictions.enums import Outcome
from predictions.fields import check_measure, read_decimal
from predictions.importing.cells import BadCell, reworded

EXACTLY = "exact"  # ends quantiles that are points of a curve, which is drawn as it is
A_RANGE = "say its two ends, 0..10; or 1..1000 log, on a log axis"
SOME_OPTIONS = "say two or more, each once: a; b; c, or low < mid < high where they have an order"
_BETWEEN_PAIRS = re.compile(r"[;\n]|,(?=[^,;\n=]*=)")
_RANGE = re.compile(r"(.+?)\s*(?:\.\.|\u2026|\bto\b)\s*(.+?)(\s+log)?", re.IGNORECASE)
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


class OptionsCell(NamedTuple):
    """The options of a choice, and whether they stand in an order."""

    names: tuple[str, ...]
    ordered: bool


class RangeCell(NamedTuple):
    """The range over which a number is scored, and whether its axis is logarithmic."""

    low: float
    high: float
    log: bool


@dataclass(frozen=True)
class OutcomeCell:
    """An outcome of a claim of any type.

    Attributes:
        meant: What it means of yes or no; else its text.
        told: What stands in the cell.
        why: What would be right, where it means nothing of yes or no.
    """

    meant: Outcome | float | str
    told: object = field(compare=False)
    why: str = field(default="", compare=False)


def read_options(value: object, slug: Callable[[object], str]) -> OptionsCell:
    """Read options, by ``;`` or in their order by ``<``, or as a list; *slug* makes the slug of a name."""
    ordered = isinstance(value, str) and "<" in value
    parts = re.split("<" if ordered else "[;\n]", value) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        raise BadCell(SOME_OPTIONS)
    names = tuple(slug(str(part).strip()) for part in parts if str(part).strip())
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


def read_measure(value: object) -> float:
    """Read a number with a unit."""
    read = read_decimal(value)
    if read is None or read[1]:
        raise BadCell(f"{value!s} is not a number")
    return float(reworded(check_measure, float(read[0])))


def read_several(value: object, *, percent: bool = False) -> dict[object, object]:
    """Read chances of several things, ``a=40%; b=60%``, as they are written; with *percent* a bare one is percent.

    >>> read_several("2027=0,3; 2028=60 %")
    {'2027': '0.3', '2028': '60 %'}
    """
    pairs = _sides(value, "a=40%; b=60% of a choice, 2027=30%; 2028=60% of a date")
    if len(told := dict(pairs)) < len(pairs):
        raise BadCell("one of them is said twice")
    return {name: f"{chance}%" if percent and "%" not in str(chance) else chance for name, chance in told.items()}


def read_quantiles(value: object) -> dict[str, object]:
    """Read quantiles, ``10%=2.5; 50%=4``, as a field of a forecast: points of a curve where ``exact`` ends them."""
    text = value.rstrip("; ") if isinstance(value, str) else ""
    if not text.endswith(EXACTLY):
        pairs = _sides(value, "10%=2.5; 50%=4; 90%=6")
        if len(told := dict(pairs)) < len(pairs):
            raise BadCell("a chance is said twice")
        return {"quantiles": told}
    pairs = _sides(text.removesuffix(EXACTLY), "10%=2.5; 50%=4; 90%=6; exact")
    return {"points": [{"at": read_measure(at), "chance": reworded(read_chance, chance)} for chance, at in pairs]}


def _sides(value: object, what: str) -> list[tuple[object, object]]:
    """Read what stands on both sides of each ``=``; BadCell says *what* should stand there."""
    if isinstance(value, Mapping):
        return list(value.items())
    parts = _BETWEEN_PAIRS.split(value) if isinstance(value, str) else []
    halves = [part.rpartition("=") for part in parts if part.strip()]
    pairs = [(name.strip(), _COMMA.sub(".", told.strip())) for name, _, told in halves]
    if not pairs or not all(name and told for name, told in pairs):
        raise BadCell(f"say {what}")
    return list(pairs)
