"""Score forecasts of a date: the mean Brier score of the questions "by the end of day d?", for the days of a window.

The forecasts are :class:`~forecasts.curves.Curves` over the days of the window, which are numbered from 1 to N. Each
curve has its last point on day N: 1 less the chance there is the chance of "not in the window". The outcome is the day
of the event, or the first and the last day on which it may have happened; N + 1 means "not in the window". Once a day
is over everybody knows its answer, so its question counts only until then. All losses are 0 to 1, lower is better.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves, Segments, of_each
from forecasts.date_spreads import days_open, sums_of_powers
from forecasts.day_chances import likely_days, whole_lines, whole_numbers
from forecasts.inputs import FloatArray, finite, refuse

__all__ = [
    "date_bounds", "date_gaps", "date_gaps_over_time", "date_losses", "date_losses_over_time", "date_reference",
]  # fmt: skip


class WeightedGaps(NamedTuple):
    """The gaps between chance and answer on the days of each curve, as straight lines, and the weights of these days.

    A line covers the days after its left end, up to its right end. Gap and weight both change evenly along it.

    Attributes:
        gaps: The lines of chance minus answer, by curve and day.
        weight: The weight that a day at the left end of each line would have.
        last_weight: The weight of the day at its right end.
    """

    gaps: Segments
    weight: FloatArray
    last_weight: FloatArray

    @property
    def missed(self) -> FloatArray:
        """The sum of weight x gap^2 over the days of each line."""
        gaps = self.gaps
        return _sum_of_squares(gaps.right - gaps.left, self.weight, self.last_weight, gaps.low, gaps.high)


def date_losses(
    curves: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, passed: ArrayLike = 0
) -> FloatArray:
    """Return for each curve the mean Brier score over the days that were still to come when the forecast was made.

    Args:
        curves: n curves.
        first: The day of the event, or the first day on which it may have happened; shape (n,), or one for all.
        last: The last day on which it may have happened; None if *first* is the very day. Between the two the answer
            to "by the end of day d?" rises evenly from no to yes.
        days: N, the number of days in the window.
        passed: How many days were over when the forecast was made; less than N.

    Raises:
        ValueError: A day is not whole, the event is before the window, or a curve does not end on day N.

    Source: Epstein (1969), J. Applied Meteorology 8:985, with the days as ordered categories.

    >>> from forecasts.curves import curves
    >>> date_losses(curves([[(181, 0.3), (365, 0.5)]] * 2), [100, 366], days=365).round(6).tolist()
    [0.317856, 0.097557]
    """
    window, over = _open_days(curves, days, passed)
    weights = _Weights(over, over, np.zeros_like(over), np.ones_like(over))
    return _missed(curves, _weighted_gaps(curves, first, last, window, weights)) / (window - over)


def date_losses_over_time(
    curves: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, start: ArrayLike,
    end: ArrayLike, closes: ArrayLike | None = None,
) -> FloatArray:  # fmt: skip
    """Return what each curve adds to the time Brier score of its claim while it stands, from *start* to *end*.

    The time Brier score is the mean of the scores of the N questions, each weighted by how long it was open. A question
    counts while the curve stands and its day is not over. The sum over all curves on one claim is 0 to 1.

    Args:
        curves: n curves.
        first: As for :func:`date_losses`.
        last: As for :func:`date_losses`.
        days: N, the number of days in the window.
        start: When each curve began to stand, in days since the window opened; fractions are allowed.
        end: When it was replaced or withdrawn, or the answer became public.
        closes: When forecasts cease to count, in days since the window opened; None for the end of the window. The
            questions of later days count until that moment.

    Raises:
        ValueError: As for :func:`date_losses`; or an end is before its start.

    Source: Metaculus, scores FAQ, on truncation, of each question "by day d".

    >>> from forecasts.curves import curves
    >>> both = curves([[(2, 0.2), (4, 0.6)], [(2, 0.1), (4, 0.5)]])
    >>> date_losses_over_time(both, 3, days=4, start=[0, 1], end=[1, 3]).round(6).tolist()
    [0.057, 0.149]
    """
    gaps = date_gaps_over_time(curves, first, last, days=days, start=start, end=end)
    return _missed(curves, gaps) / days_open(of_each(curves, days, "days"), closes)


def date_gaps_over_time(
    curves: Curves,
    first: ArrayLike,
    last: ArrayLike | None = None,
    *,
    days: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
) -> WeightedGaps:
    """Return the gaps behind :func:`date_losses_over_time` as weighted lines, over the days not over at the start.

    The sum of weight x gap^2, divided by how long all questions together are open, is the loss that it returns.
    Arguments and errors are the same.

    >>> from forecasts.curves import curves
    >>> lines = date_gaps_over_time(curves([[(2, 0.1), (4, 0.5)]]), 3, days=4, start=1, end=3)
    >>> [column.round(6).tolist() for column in (lines.gaps.right, lines.weight, lines.last_weight)]
    [[2.0, 3.0, 4.0], [0.0, 1.0, 2.0], [1.0, 2.0, 2.0]]
    """
    window = whole_numbers(curves, days, "days", 1)
    begins, ends = (of_each(curves, moment, name) for moment, name in ((start, "start"), (end, "end")))
    refuse(ends, ends < begins, "end", "is before its start")
    begins, ends = np.clip(begins, 0, window), np.clip(ends, 0, window)
    weights = _Weights(np.floor(begins), np.floor(ends), begins, ends - begins)
    return _weighted_gaps(curves, first, last, window, weights)


def date_gaps(
    curves: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, passed: ArrayLike = 0
) -> Segments:
    """Return chance minus answer over the days to come as straight lines, by curve and day.

    A line covers the days after its left end, up to its right end. The mean of the squares over these days is the loss
    that :func:`date_losses` returns; arguments and errors are the same.

    >>> from forecasts.curves import curves
    >>> gaps = date_gaps(curves([[(2, 0.2), (4, 0.6)]]), 3, days=4)
    >>> [column.round(6).tolist() for column in (gaps.right, gaps.low, gaps.high)]
    [[2.0, 4.0], [0.0, -0.8], [0.2, -0.4]]
    """
    return _gaps(curves, first, last, *_open_days(curves, days, passed)).in_order()


def date_bounds(
    curves: Curves, *, days: ArrayLike, passed: ArrayLike = 0, over: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each curve can lose if the event happens on a day to come, or never.

    The loss is least if the event comes on the first day by which it is at least as likely as not, and most if it comes
    on the next day or never.

    Args:
        curves: n curves.
        days: N, the number of days in the window.
        passed: How many days were over when each forecast was made.
        over: How many days are over now, not fewer than *passed*; None for as many as then.

    Source: Epstein (1969), J. Applied Meteorology 8:985: chances never fall along a curve, so the loss falls up to that
    day and rises after it.

    >>> from forecasts.curves import curves
    >>> [loss.round(6).tolist() for loss in date_bounds(curves([[(2, 0.2), (4, 0.6)]]), days=4)]
    [[0.0925], [0.4925]]
    """
    window = whole_numbers(curves, days, "days", 1)
    next_day = 1 + whole_numbers(curves, passed if over is None else over, "over", 0)
    ends = [date_losses(curves, day, days=window, passed=passed) for day in (next_day, window + 1)]
    middle = np.maximum(likely_days(curves, days=window), next_day)
    return date_losses(curves, middle, days=window, passed=passed), np.maximum(*ends)


def date_reference(days: ArrayLike) -> Curves:
    """Return the curve of "knows nothing" for each number of days: the chance rises evenly to one half on the last day.

    Source: Laplace (1814), of equal chances: as likely in the window as not, and no day likelier than another.

    >>> date_losses(date_reference([365]), [100], days=365).round(6).tolist()
    [0.348229]
    """
    window = np.atleast_1d(finite(days, "days"))
    return Curves(window, np.full(window.shape, 0.5), np.ones(window.shape, np.intp))


def _open_days(curves: Curves, days: ArrayLike, passed: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return how many days each window has, and how many of them were over; ValueError if all of a window were."""
    window, over = whole_numbers(curves, days, "days", 1), whole_numbers(curves, passed, "passed", 0)
    refuse(over, over >= window, "passed", "leaves no day to come")
    return window, over


class _Weights(NamedTuple):
    """How much each day counts for each curve: for as long as the curve stood before the day was over.

    Attributes:
        rises: The last day that counts 0, because it was over when the curve began to stand.
        stays: The last day that was over before the curve ceased to stand; later days all weigh the same.
        start: When the curve began to stand: a day from *rises* to *stays* weighs its number less this.
        most: What each day after *stays* weighs.
    """

    rises: FloatArray
    stays: FloatArray
    start: FloatArray
    most: FloatArray

    def at(self, lines: Segments, place: FloatArray) -> FloatArray:
        """Return the weight at one day of each line; no line begins before *rises* or crosses *stays*."""
        rising = place - self.start[lines.owner]
        return np.where(lines.left >= self.stays[lines.owner], self.most[lines.owner], rising)


def _weighted_gaps(
    curves: Curves, first: ArrayLike, last: ArrayLike | None, window: FloatArray, weights: _Weights
) -> WeightedGaps:
    """Return the lines of chance minus answer over the days with a weight, cut where the weight ceases to rise."""
    gaps = _gaps(curves, first, last, window, weights.rises).split(weights.stays)
    return WeightedGaps(gaps, *(weights.at(gaps, place) for place in (gaps.left, gaps.right)))


def _missed(curves: Curves, lines: WeightedGaps) -> FloatArray:
    """Return for each curve the sum of weight x (chance - answer)^2 over its days."""
    missed = np.bincount(lines.gaps.owner, lines.missed, curves.size.size)
    return missed.astype(np.float64, copy=False)  # bincount returns integers if there is no curve


def _gaps(curves: Curves, first: ArrayLike, last: ArrayLike | None, window: FloatArray, passed: FloatArray) -> Segments:
    """Return chance minus answer over the days after *passed* as straight lines, in no particular order.

    Lines are cut where the answer changes: before the first day on which the event may have happened, and after the
    last.
    """
    earliest = whole_numbers(curves, first, "day of the event", 1)
    latest = earliest if last is None else whole_numbers(curves, last, "last day of the event", 1)
    refuse(latest, latest < earliest, "last day of the event", "is before its first")
    lines = whole_lines(curves, window)
    lines = lines.cut(passed[lines.owner], window[lines.owner])
    lines = lines.part(lines.left < lines.right).split(earliest - 1)
    span = latest - earliest + 1
    if (span > 1).any():
        lines = lines.split(latest)
    before, days = (earliest - 1)[lines.owner], span[lines.owner]
    # The answer is no up to the day before the event. Then it is yes at once, or rises evenly over the days on which
    # the event may have happened.
    at_left = np.where(days > 1, np.clip((lines.left - before) / days, 0.0, 1.0), lines.left >= before)
    at_right = np.clip((lines.right - before) / days, 0.0, 1.0)
    return lines._replace(low=lines.low - at_left, high=lines.high - at_right)


def _sum_of_squares(
    days: FloatArray, weight: FloatArray, last_weight: FloatArray, gap: FloatArray, last_gap: FloatArray
) -> FloatArray:
    """Return the sum of weight x gap^2 over the days of each line, along which both change evenly.

    The sums of 1, i, i^2 and i^3 for i = 1 to n have closed forms, so a line over a thousand days costs no more time
    than a line over one.

    Args:
        days: How many days each line covers.
        weight: The weight at its left end.
        last_weight: The weight at its right end.
        gap: Chance minus answer at its left end.
        last_gap: The same at its right end.
    """
    steps = np.maximum(days, 1.0)
    rise, slope = (last_weight - weight) / steps, (last_gap - gap) / steps
    one, two, three = sums_of_powers(days)
    still = weight * (gap * gap * days + 2 * gap * slope * one + slope * slope * two)
    return np.asarray(still + rise * (gap * gap * one + 2 * gap * slope * two + slope * slope * three))
