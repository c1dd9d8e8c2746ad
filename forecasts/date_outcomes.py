"""Compute what forecasts of a date lose over time, for every day on which the event may come at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves, in_own_list
from forecasts.date_spreads import days_open
from forecasts.day_chances import chances_by_days
from forecasts.inputs import BoolArray, FloatArray, IndexArray

__all__ = ["Later", "date_losses_day_by_day", "date_losses_on_every_day", "days_stood", "later_sums"]


def date_losses_on_every_day(
    curves: Curves, *, days: ArrayLike, start: ArrayLike, end: ArrayLike, closes: ArrayLike | None = None
) -> FloatArray:
    """Return what each curve adds to the time Brier score of its claim, for each day on which the event may come.

    Nobody learns of the event before *end*, so forecasts go on standing after its day.

    Args:
        curves: n curves.
        days: N, the number of days in the window.
        start: When each curve began to stand, in days since the window opened.
        end: When it ceased to.
        closes: When forecasts cease to count, in days since the window opened; None for the end of the window.

    Returns:
        The losses of the first curve if the event comes on day 1, 2, ..., N or never; then those of the second, ...

    Raises:
        ValueError: As :func:`~forecasts.date_scores.date_losses_over_time`.

    Source: Metaculus, scores FAQ, on truncation, of each question "by day d".

    >>> from forecasts.curves import curves
    >>> date_losses_on_every_day(curves([[(4, 0.4)]]), days=4, start=0, end=4).round(6).tolist()
    [0.5, 0.42, 0.3, 0.18, 0.1]
    """
    chance, window = chances_by_days(curves, days=days)
    begins, ends = (np.broadcast_to(np.asarray(moment, np.float64), window.shape) for moment in (start, end))
    size = window.astype(np.intp)
    first = np.cumsum(size) - size
    day = in_own_list(size) + 1.0
    open_for = np.clip(np.minimum(day, np.repeat(ends, size)) - np.repeat(begins, size), 0.0, None)
    lost_before = _running(open_for * chance**2, first, size)  # on the days up to each, if the event comes later
    lost_from = _running_back(
        open_for * (1 - chance) ** 2, first, size
    )  # on the days from each, if it has come by then
    lost_until_day_before = np.where(day > 1, np.roll(lost_before, 1), 0.0)
    last = first + size - 1
    losses = np.insert(lost_until_day_before + lost_from, last + 1, lost_before[last])  # a cell for never after day N
    return losses / np.repeat(days_open(window, closes), size + 1)


def date_losses_day_by_day(
    curves: Curves,
    *,
    days: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    happened: bool,
    closes: ArrayLike | None = None,
) -> FloatArray:
    """Return what each curve adds to the time Brier score of its claim on each day, if all open questions end alike.

    Args:
        curves: n curves.
        days: N, the number of days in the window.
        start: When each curve began to stand, in days since the window opened.
        end: When it ceased to.
        happened: True if the event has happened, so that the answer to all open questions is yes; False if it never
            does.
        closes: When forecasts cease to count, in days since the window opened; None for the end of the window.

    Returns:
        What the first curve adds on day 1, 2, ..., N; then the same for the second, ...

    Source: Metaculus, scores FAQ, on truncation, of each question "by day d".

    >>> from forecasts.curves import curves
    >>> losses = date_losses_day_by_day(curves([[(4, 0.4)]]), days=4, start=0, end=4, happened=True)
    >>> (losses * 10).round(6).tolist()
    [2.3, 1.49, 0.85, 0.36]
    >>> losses.sum().round(6).tolist()
    0.5
    """
    chance, window = chances_by_days(curves, days=days)
    size = window.astype(np.intp)
    first = np.cumsum(size) - size
    missed = _running_back((chance - float(happened)) ** 2, first, size)
    stood = days_stood(size, start=start, end=end)
    return stood * missed / np.repeat(days_open(window, closes), size)


def days_stood(size: IndexArray, *, start: ArrayLike, end: ArrayLike) -> FloatArray:
    """Return the fraction of each day in which each forecast stood, one after the other; windows have *size* days.

    >>> days_stood(np.array([3, 1]), start=[0.5, 0], end=[2, 1]).tolist()
    [0.5, 1.0, 0.0, 1.0]
    """
    begins, ends = (np.repeat(np.broadcast_to(moment, size.shape), size) for moment in (start, end))
    day = in_own_list(size)
    return np.asarray(np.clip(np.minimum(day + 1, ends) - np.maximum(day, begins), 0.0, None), np.float64)


class Later(NamedTuple):
    """The bounds of a sum from some moment on to the end, over the moments from a day on: a row for each series.

    Attributes:
        least: The least that is left from any moment on, not before the beginning of day 1, 2, ..., N and the end.
        most: The most, likewise.
    """

    least: FloatArray
    most: FloatArray


def later_sums(amount: FloatArray, stood: BoolArray, series: IndexArray, day: IndexArray, days: IndexArray) -> Later:
    """Return the least and the most that is left of the sum of each series from any moment on, by day of that moment.

    Args:
        amount: What a forecast adds to the sum on a day, by series and time.
        stood: Whether it stood on that day; other moments are not looked at.
        series: The number of the series.
        day: The day, from 0.
        days: How many days the window of each series has.

    >>> left = later_sums(*map(np.array, ([-1.0, 3.0, -4.0], [True] * 3, [0, 0, 0], [0, 1, 2], [3])))
    >>> left.least.tolist(), left.most.tolist()
    ([[-4.0, -4.0, -4.0, 0.0]], [[0.0, 0.0, 0.0, 0.0]])
    """
    count = np.bincount(series, minlength=days.size)
    left = _running_back(amount, np.cumsum(count) - count, count)
    bounds = []
    for extreme, unset in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        by_day = np.full((days.size, int(days.max(initial=0)) + 1), unset)
        by_day[np.arange(days.size), days] = 0.0  # at the end nothing is left
        extreme.at(by_day.reshape(-1), (series * by_day.shape[1] + day)[stood], left[stood])
        bounds.append(extreme.accumulate(by_day[:, ::-1], axis=1)[:, ::-1])  # of this day and all later ones
    return Later(*bounds)


def _running_back(values: FloatArray, first: IndexArray, size: IndexArray) -> FloatArray:
    """Return the sums of each value and those after it, within lists that begin at *first* and have *size* values."""
    return _running(values[::-1], (size.sum() - first - size)[::-1], size[::-1])[::-1]


def _running(values: FloatArray, first: IndexArray, size: IndexArray) -> FloatArray:
    """Return the sums of each value and those before it, within lists that begin at *first* and have *size* values."""
    total = np.cumsum(values)
    return np.asarray(total - np.repeat(total[first] - values[first], size))
