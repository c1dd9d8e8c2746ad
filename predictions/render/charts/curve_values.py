"""The values of a curve of cumulative chances, and where they lie on the axis of their claim."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log

from predictions.enums import Axis
from predictions.numerals import exact, round_to
from predictions.records import Claim, Point

PLACES = 6  # of a value on a chart


def whole_curve(claim: Claim, points: Sequence[Point]) -> list[Point]:
    """Complete a curve as it is scored: to 0 at the lower end of the claim's range, and to 1 at the upper end."""
    low, high = float(claim.low or 0), float(claim.high or 0)
    return [Point(at=low, chance=0.0), *points, Point(at=high, chance=1.0)]


def value_at(points: Sequence[Point], level: float) -> float:
    """Return the value that a curve reaches a chance at; where it does so outside its points, the nearest of them.

    >>> from predictions.records import Point
    >>> value_at([Point(at=2.0, chance=0.1), Point(at=4.0, chance=0.5)], 0.3)
    3.0
    """
    for before, after in pairwise(points):
        if before.chance <= level <= after.chance and after.chance > before.chance:
            return before.at + (after.at - before.at) * (level - before.chance) / (after.chance - before.chance)
    return points[0].at if level < points[0].chance else points[-1].at


def share_of_axis(claim: Claim, value: float) -> float:
    """Return how far along the axis of its claim a value lies, from 0 to 1; beyond the range, at its end."""
    low, high = float(claim.low or 0), float(claim.high or 0)
    value = min(max(value, low), high)
    if claim.scale is Axis.LOG:
        return log(value / low) / log(high / low)
    return (value - low) / (high - low)


def value_on_axis(claim: Claim, share: float) -> float:
    """Return the value that lies so far along the axis of its claim, from 0 to 1."""
    low, high = float(claim.low or 0), float(claim.high or 0)
    return low * (high / low) ** share if claim.scale is Axis.LOG else low + share * (high - low)


def label_of(value: float, digits: int = PLACES) -> str:
    """Write a value for a chart, with so many *digits* at most, and fewer where it would take more than six places.

    >>> label_of(0.1 + 0.2), label_of(100000), label_of(1234567), label_of(9126.2, 3), label_of(-0.000012345)
    ('0.3', '100000', '1.23e6', '9130', '-1e-5')
    """
    for most in range(digits, 0, -1):
        rounded = round_to(value, most)
        short = f"{rounded:.{PLACES}g}".replace("e+", "e").replace("e0", "e").replace("e-0", "e-")
        words = min(exact(rounded) if rounded else "0", short, key=len)
        if len(words) <= PLACES:
            break
    return words
