"""Score forecasts of a number over a range: the mean Brier score of the questions "at most x?", for all x of the range.

The forecasts are :class:`~forecasts.curves.Curves`. All losses are 0 to 1, lower is better. An outcome outside the
range counts as at its nearer end, so only what a curve says inside the range matters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves, Segments, of_each, segments
from forecasts.inputs import FloatArray, finite, probabilities, refuse

__all__ = [
    "NUMBER_SPREAD", "number_bounds", "number_gaps", "number_losses", "number_quantiles", "number_reference",
]  # fmt: skip

NUMBER_SPREAD = 1 / 6
"""The mean loss of the even spread over the range, if the outcome is drawn from that spread."""


def number_losses(curves: Curves, outcome: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """Return the continuous ranked probability score of each curve over a range, divided by the range's width.

    Args:
        curves: n curves. All chance that a curve gives to values below *low* counts as chance of *low* itself.
        outcome: The value of each claim, shape (n,), or one for all; a value outside the range counts as its nearer
            end.
        low: The lower end of each range, or one for all.
        high: The upper end, above *low*.

    Returns:
        The loss of each curve, shape (n,): 0 to 1, lower is better.

    Raises:
        ValueError: A range has no width, a number is NaN or infinite, or shapes differ.

    Source: Matheson & Winkler (1976), Management Science 22:1087; the integral is cut to a range as in Gneiting &
    Ranjan (2011), J. Business & Economic Statistics 29:411.

    >>> from forecasts.curves import curves
    >>> number_losses(curves([[(2, 0.1), (4, 0.5), (7, 0.9)]]), 4.2, low=0, high=10).round(6).tolist()
    [0.053867]
    """
    least, most = _ranges(curves, low, high)
    lines, truth = _lines_within(curves, least, most), np.clip(of_each(curves, outcome, "outcome"), least, most)
    place = truth[lines.owner]
    yes = lines.left >= place
    missed = _area_below(lines.low - yes, lines.high - yes, lines.right - lines.left)
    # On the line that holds the outcome the answer changes; it is divided there.
    inside = np.flatnonzero((lines.left < place) & (place < lines.right))
    part, middle = lines.part(inside), place[inside]
    at = part.chance_at(middle)
    missed[inside] = _area_below(part.low, at, middle - part.left) + _area_below(
        1 - at, 1 - part.high, part.right - middle
    )
    return np.asarray(np.bincount(lines.owner, missed, curves.size.size) / (most - least))


def number_gaps(curves: Curves, outcome: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> Segments:
    """Return chance minus answer over the range as straight lines, by curve and value.

    The answer to "at most x?" is no below the outcome and yes from it on. The mean of the squares over the range is
    the loss that :func:`number_losses` returns; arguments and errors are the same.

    >>> from forecasts.curves import curves
    >>> gaps = number_gaps(curves([[(2, 0.1), (4, 0.5)]]), 3, low=0, high=4)
    >>> [column.round(6).tolist() for column in (gaps.left, gaps.low, gaps.high)]
    [[0.0, 2.0, 3.0], [0.0, 0.1, -0.7], [0.1, 0.3, -0.5]]
    """
    least, most = _ranges(curves, low, high)
    truth = np.clip(of_each(curves, outcome, "outcome"), least, most)
    lines = _lines_within(curves, least, most).split(truth)
    yes = lines.left >= truth[lines.owner]
    return lines._replace(low=lines.low - yes, high=lines.high - yes).in_order()


def number_quantiles(curves: Curves, level: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """Return the value at which each curve reaches a chance: -inf if it lies below the range, inf if above.

    Args:
        curves: n curves.
        level: The chance for each curve, or one for all.
        low: As for :func:`number_losses`.
        high: As for :func:`number_losses`.

    Source: Matheson & Winkler (1976), Management Science 22:1087: the outcome at level one half has the least score.

    >>> from forecasts.curves import curves
    >>> number_quantiles(curves([[(2, 0.1), (4, 0.5)], [(2, 0.7)]]), 0.5, low=1, high=10).round(6).tolist()
    [4.0, 1.714286]
    >>> number_quantiles(curves([[(0, 0.2), (10, 0.7)]] * 2), [0.1, 0.8], low=0, high=10).tolist()
    [-inf, inf]
    """
    least, most = _ranges(curves, low, high)
    lines, wanted = _lines_within(curves, least, most), of_each(curves, probabilities(level, "level"), "level")
    lines = lines.part(lines.left < lines.right)  # a jump at an end of the range is the chance beyond it
    chance, rise = wanted[lines.owner], lines.high - lines.low
    share = np.clip((chance - lines.low) / np.where(rise > 0, rise, 1.0), 0.0, 1.0)
    value = np.where(lines.high >= chance, lines.left + (lines.right - lines.left) * share, np.inf)
    # The first value at which any line of a curve reaches the chance, and the curve's chance at the low end.
    reached, at_low = np.full(curves.size.size, np.inf), np.ones(curves.size.size)
    np.minimum.at(reached, lines.owner, value)
    np.minimum.at(at_low, lines.owner, lines.low)
    return np.where(wanted < at_low, -np.inf, reached)


def number_bounds(curves: Curves, *, low: ArrayLike, high: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each curve can lose: at its median, and at the worse end of the range.

    The loss falls with the outcome up to the median and rises after it. Arguments are as for :func:`number_losses`.

    Source: Matheson & Winkler (1976), Management Science 22:1087: the score is the integral of Brier scores.

    >>> from forecasts.curves import curves
    >>> [loss.round(6).tolist() for loss in number_bounds(curves([[(2, 0.1), (4, 0.5), (7, 0.9)]]), low=0, high=10)]
    [[0.053333], [0.443333]]
    """
    least, most = _ranges(curves, low, high)
    ends = [number_losses(curves, end, low=least, high=most) for end in (least, most)]
    median = np.clip(number_quantiles(curves, 0.5, low=least, high=most), least, most)
    best = number_losses(curves, median, low=least, high=most)
    return best, np.maximum(*ends)


def number_reference(outcome: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """Return the loss of "knows nothing", the even spread over the range: 1/12 in the middle, 1/3 at the ends.

    Arguments are as for :func:`number_losses`.

    Source: Matheson & Winkler (1976), Management Science 22:1087, of the even distribution.

    >>> number_reference([0, 4.2, 5], low=0, high=10).round(6).tolist()
    [0.333333, 0.089733, 0.083333]
    """
    share = (finite(outcome, "outcome") - np.asarray(low)) / (np.asarray(high) - np.asarray(low))
    share = np.clip(share, 0.0, 1.0)
    return np.asarray((share**3 + (1 - share) ** 3) / 3)


def _lines_within(curves: Curves, least: FloatArray, most: FloatArray) -> Segments:
    """Return the lines of each curve within its range; jumps are lines without width."""
    lines = segments(curves, least, most)
    return lines.cut(least[lines.owner], most[lines.owner])


def _ranges(curves: Curves, low: ArrayLike, high: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the low and the high end of the range of each curve; ValueError if a range has no width."""
    least, most = of_each(curves, low, "low"), of_each(curves, high, "high")
    refuse(most, most <= least, "high", "is not above low")
    return least, most


def _area_below(low: FloatArray, high: FloatArray, width: FloatArray) -> FloatArray:
    """Return the area under the square of a straight line that runs from *low* to *high* over *width*."""
    return np.asarray(width * (low * low + low * high + high * high) / 3)
