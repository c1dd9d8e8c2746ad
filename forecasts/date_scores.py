"""Score forecasts of a date: the mean Brier score of the questions "by the end of day d?", for the days of a window.

The forecasts are :class:`~forecasts.curves.Curves` whose places are days, numbered from 1 at the window's first day to
N at its last; each has its last point on day N, and what that lacks to 1 is the chance of "not in the window". What
happened is the day of the event, or the first and the last day on which it may have been; N + 1 is "not in the window".
Once a day is over everybody knows its answer, so it counts only until then. All losses are 0 to 1, lower is better.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves, Pieces, of_each
from forecasts.date_spreads import days_open, sums_of_powers
from forecasts.day_chances import likely_days, whole_lines, whole_numbers
from forecasts.inputs import FloatArray, finite, refuse

__all__ = [
    "date_bounds", "date_gaps", "date_gaps_over_time", "date_losses", "date_losses_over_time", "date_reference",
]  # fmt: skip


class WeightedGaps(NamedTuple):
    """Straight lines in which chance less answer runs over the days after their left end, and what these days weigh.

    Attributes:
        gaps: The lines, by curve and day.
        weight: What a day would weigh at the left end of each; weights run straight too.
        last_weight: What the day at its right end weighs.
    """

    gaps: Pieces
    weight: FloatArray
    last_weight: FloatArray

    @property
    def missed(self) -> FloatArray:
        """The sum of weight x square over the days of each line."""
        gaps = self.gaps
        return _sum_of_squares(gaps.right - gaps.left, self.weight, self.last_weight, gaps.low, gaps.high)


def date_losses(
    said: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, passed: ArrayLike = 0
) -> FloatArray:
    """Return the mean Brier score of the days still to come, for each curve.

    Args:
        said: n curves.
        first: The day of the event, or the first on which it may have been; shape (n,), or one for all.
        last: The last day on which it may have been; the same day unless given. Between the two the answer to "by the
            end of day d?" rises evenly from no to yes.
        days: N, the number of days in the window.
        passed: How many days were over when it was said; less than N.

    Raises:
        ValueError: Days that are not whole, an event before the window, a curve that ends on another day than N.

    Source: Epstein (1969), J. Applied Meteorology 8:985, with the days as ordered categories.

    >>> from forecasts.curves import curves
    >>> date_losses(curves([[(181, 0.3), (365, 0.5)]] * 2), [100, 366], days=365).round(6).tolist()
    [0.317856, 0.097557]
    """
    window, over = _open_days(said, days, passed)
    weights = _Weights(over, over, np.zeros_like(over), np.ones_like(over))
    return _missed(said, _weighted_gaps(said, first, last, window, weights)) / (window - over)


def date_losses_over_time(
    said: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, start: ArrayLike, end: ArrayLike,
    closes: ArrayLike | None = None,
) -> FloatArray:  # fmt: skip
    """Return what each curve adds to the time Brier score of its claim by standing from *start* to *end*.

    That score is the mean of the time Brier scores of the N questions, weighted by their lengths: a question counts
    while the curve stands and its day is not over. The sum over all curves that stood is 0 to 1.

    Args:
        said: n curves.
        first: As :func:`date_losses` has it.
        last: As :func:`date_losses` has it.
        days: N, the number of days in the window.
        start: When it began to stand, in days since the window opened, parts of a day too.
        end: When it was replaced, withdrawn, or the answer was public.
        closes: When forecasts cease to count, in days likewise: the end of the window unless given. A question of a
            later day then counts until that moment.

    Raises:
        ValueError: As :func:`date_losses`, and an end before its start.

    Source: Metaculus, scores FAQ, on truncation, of each question "by day d".

    >>> from forecasts.curves import curves
    >>> both = curves([[(2, 0.2), (4, 0.6)], [(2, 0.1), (4, 0.5)]])
    >>> date_losses_over_time(both, 3, days=4, start=[0, 1], end=[1, 3]).round(6).tolist()
    [0.057, 0.149]
    """
    gaps = date_gaps_over_time(said, first, last, days=days, start=start, end=end)
    return _missed(said, gaps) / days_open(of_each(said, days, "days"), closes)


def date_gaps_over_time(
    said: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, start: ArrayLike, end: ArrayLike
) -> WeightedGaps:
    """Return the lines in which chance less answer runs over the days not over at the start, and how much they weigh.

    The sum of weight x square, over the days all questions count, is what :func:`date_losses_over_time` returns;
    arguments and errors are the same.

    >>> from forecasts.curves import curves
    >>> lines = date_gaps_over_time(curves([[(2, 0.1), (4, 0.5)]]), 3, days=4, start=1, end=3)
    >>> [column.round(6).tolist() for column in (lines.gaps.right, lines.weight, lines.last_weight)]
    [[2.0, 3.0, 4.0], [0.0, 1.0, 2.0], [1.0, 2.0, 2.0]]
    """
    window = whole_numbers(said, days, "days", 1)
    begins, ends = (of_each(said, moment, name) for moment, name in ((start, "start"), (end, "end")))
    refuse(ends, ends < begins, "end", "is before its start")
    begins, ends = np.clip(begins, 0, window), np.clip(ends, 0, window)
    weights = _Weights(np.floor(begins), np.floor(ends), begins, ends - begins)
    return _weighted_gaps(said, first, last, window, weights)


def date_gaps(
    said: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, passed: ArrayLike = 0
) -> Pieces:
    """Return the straight lines in which chance less answer runs over the days to come, by curve and day.

    A line stands for the days after its left end. The mean of the squares is what :func:`date_losses` returns;
    arguments and errors are the same.

    >>> from forecasts.curves import curves
    >>> gaps = date_gaps(curves([[(2, 0.2), (4, 0.6)]]), 3, days=4)
    >>> [column.round(6).tolist() for column in (gaps.right, gaps.low, gaps.high)]
    [[2.0, 4.0], [0.0, -0.8], [0.2, -0.4]]
    """
    return _gaps(said, first, last, *_open_days(said, days, passed)).in_order()


def date_bounds(
    said: Curves, *, days: ArrayLike, passed: ArrayLike = 0, over: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each curve can lose, over the days to come and "not in the window".

    *passed* days were over when it was said, *over* days are over now, at least as many. The loss is least on the day
    by which the event is as likely as not, and most either on the next day or never.

    Source: Epstein (1969), J. Applied Meteorology 8:985: the chances do not fall, so neither does the loss after it.

    >>> from forecasts.curves import curves
    >>> [loss.round(6).tolist() for loss in date_bounds(curves([[(2, 0.2), (4, 0.6)]]), days=4)]
    [[0.0925], [0.4925]]
    """
    window = whole_numbers(said, days, "days", 1)
    next_day = 1 + whole_numbers(said, passed if over is None else over, "over", 0)
    ends = [date_losses(said, day, days=window, passed=passed) for day in (next_day, window + 1)]
    middle = np.maximum(likely_days(said, days=window), next_day)
    return date_losses(said, middle, days=window, passed=passed), np.maximum(*ends)


def date_reference(days: ArrayLike) -> Curves:
    """Return the curves of "knows nothing" for windows of some days: the chance rises evenly to one half.

    Source: Laplace (1814), of equal chances: as likely in the window as not, and no day likelier than another.

    >>> date_losses(date_reference([365]), [100], days=365).round(6).tolist()
    [0.348229]
    """
    window = np.atleast_1d(finite(days, "days"))
    return Curves(window, np.full(window.shape, 0.5), np.ones(window.shape, np.intp))


def _open_days(said: Curves, days: ArrayLike, passed: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return how many days each window has, and how many of them were over; ValueError where all were."""
    window, over = whole_numbers(said, days, "days", 1), whole_numbers(said, passed, "passed", 0)
    refuse(over, over >= window, "passed", "leaves no day to come")
    return window, over


class _Weights(NamedTuple):
    """How much each day counts, for each curve: 0 up to *rises*, then the days since *start*, and *most* after *stays*.

    A day counts for as long as the curve stood before the day was over.
    """

    rises: FloatArray
    stays: FloatArray
    start: FloatArray
    most: FloatArray

    def at(self, lines: Pieces, place: FloatArray) -> FloatArray:
        """Return the weight at one place of each piece; none reaches below *rises*, or passes *stays*."""
        rising = place - self.start[lines.owner]
        return np.where(lines.left >= self.stays[lines.owner], self.most[lines.owner], rising)


def _weighted_gaps(
    said: Curves, first: ArrayLike, last: ArrayLike | None, window: FloatArray, weights: _Weights
) -> WeightedGaps:
    gaps = _gaps(said, first, last, window, weights.rises).split(weights.stays)
    return WeightedGaps(gaps, *(weights.at(gaps, place) for place in (gaps.left, gaps.right)))


def _missed(said: Curves, lines: WeightedGaps) -> FloatArray:
    """Return the sum over the days of weight x (chance - answer)^2, for each curve."""
    missed = np.bincount(lines.gaps.owner, lines.missed, said.size.size)
    return missed.astype(np.float64, copy=False)  # without a curve they are integers


def _gaps(said: Curves, first: ArrayLike, last: ArrayLike | None, window: FloatArray, passed: FloatArray) -> Pieces:
    """Return the lines in which chance less answer runs over the days after *passed*, in no order."""
    earliest = whole_numbers(said, first, "day of the event", 1)
    latest = earliest if last is None else whole_numbers(said, last, "last day of the event", 1)
    refuse(latest, latest < earliest, "last day of the event", "is before its first")
    lines = whole_lines(said, window)
    lines = lines.cut(passed[lines.owner], window[lines.owner])
    lines = lines.part(lines.left < lines.right).split(earliest - 1)
    span = latest - earliest + 1
    if (span > 1).any():
        lines = lines.split(latest)
    before, days = (earliest - 1)[lines.owner], span[lines.owner]
    # After the day before the event the answer is yes at once, or rises over the days on which it may have been.
    at_left = np.where(days > 1, np.clip((lines.left - before) / days, 0.0, 1.0), lines.left >= before)
    at_right = np.clip((lines.right - before) / days, 0.0, 1.0)
    return lines._replace(low=lines.low - at_left, high=lines.high - at_right)


def _sum_of_squares(
    days: FloatArray, weight: FloatArray, last_weight: FloatArray, gap: FloatArray, last_gap: FloatArray
) -> FloatArray:
    """Return the sum of weight x gap^2 over the days after the left end, both running in straight lines to the right.

    For i = 1 to n the sums of 1, i, i^2 and i^3 have closed forms, so a line over a thousand days costs as much as over
    one.
    """
    steps = np.maximum(days, 1.0)
    rise, slope = (last_weight - weight) / steps, (last_gap - gap) / steps
    one, two, three = sums_of_powers(days)
    still = weight * (gap * gap * days + 2 * gap * slope * one + slope * slope * two)
    return np.asarray(still + rise * (gap * gap * one + 2 * gap * slope * two + slope * slope * three))
