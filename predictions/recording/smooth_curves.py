"""A smooth distribution through a few quantiles."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist

from predictions.fields import DECIMAL_PLACES, check_measure

NORMAL = NormalDist()
STEPS = (0.0, 0.01, 0.025, *(step / 20 for step in range(1, 20)), 0.975, 0.99, 1.0)
"""Where the points of a curve stand, as shares of the chance that it gives to the range."""


def smooth_curve(
    quantiles: Sequence[tuple[float, float]], low: float, high: float, *, log: bool = False
) -> list[tuple[float, float]]:
    """Draw a smooth distribution through quantiles: a normal one whose spread may differ from piece to piece.

    Straight lines between three quantiles would cost an honest forecaster up to a tenth of the score. With three
    quantiles about a median this is the two-piece normal distribution.

    Args:
        quantiles: Chances between 0 and 1 with their values, rising.
        low: The low end of the range in which it is drawn.
        high: The high end.
        log: Draw it on the logarithm of the values.

    Returns:
        Values, rising from *low* to *high*, and the chance of at most each; the quantiles are among them.

    Source: Wallis (2014), Statistical Science 29:106, on the two-piece normal distribution.

    >>> curve = smooth_curve([(0.1, 2.5), (0.5, 4.0), (0.9, 6.0)], 0, 10)
    >>> len(curve), curve[0], curve[13]
    (28, (0, 0.000316029321), (4.0, 0.5))
    """
    axis = _Axis(quantiles, log=log)
    first, last = axis.chance(low), axis.chance(high)
    drawn = {axis.value(first + (last - first) * step) for step in STEPS[1:-1]}
    inner = sorted(value for value in drawn | {value for _, value in quantiles} if low < value < high)
    told = {value: chance for chance, value in quantiles}
    points = [(value, told.get(value, round(axis.chance(value), DECIMAL_PLACES))) for value in (low, *inner, high)]
    return points[:1] + [after for before, after in pairwise(points) if before[0] < after[0] and before[1] <= after[1]]


class _Axis:
    """Quantiles on the axis on which the distribution is normal from piece to piece."""

    def __init__(self, quantiles: Sequence[tuple[float, float]], *, log: bool) -> None:
        self._log = log
        self._scores = [NORMAL.inv_cdf(level) for level, _ in quantiles]
        self._values = [self._onto(value) for _, value in quantiles]

    def chance(self, value: float) -> float:
        """Return the chance of at most a value."""
        place = self._onto(value)
        return NORMAL.cdf(_on_line(place, self._values, self._scores))

    def value(self, chance: float) -> float:
        """Return the value that is the quantile of a chance."""
        place = _on_line(NORMAL.inv_cdf(chance), self._scores, self._values)
        return check_measure(math.exp(place) if self._log else place)

    def _onto(self, value: float) -> float:
        return math.log(value) if self._log else value


def _on_line(place: float, known: Sequence[float], wanted: Sequence[float]) -> float:
    """Read a place off the lines between some points; the outer lines go on beyond the ends."""
    piece = min(max(bisect_right(known, place) - 1, 0), len(known) - 2)
    share = (place - known[piece]) / (known[piece + 1] - known[piece])
    return wanted[piece] + (wanted[piece + 1] - wanted[piece]) * share
