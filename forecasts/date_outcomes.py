"""What forecasts of a date lose over time whatever day the event comes on, for all days of the window at once."""

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
    """Return what each curve adds to the time Brier score of its claim, for each day of the event.

    Nobody knows of the event before *end*, so forecasts stand on after its day.

    Args:
        curves: n curves.
        days: N, the number of days in the window.
        start: When it began to stand, in days since the window opened.
        end: When it ended.
        closes: When forecasts cease to count.

    Returns:
        The losses of the first curve if the event comes on day 1 to N, or never; then those of the second, ...

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
    if_later = _running(open_for * chance**2, first, size)  # of the days before the event
    if_by_then = _running_back(open_for * (1 - chance) ** 2, first, size)
    before = np.where(day > 1, np.roll(if_later, 1), 0.0)
    last = first + size - 1
    losses = np.insert(before + if_by_then, last + 1, if_later[last])
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
    """Return what each curve adds on each day to the time Brier score of its claim, by all questions still open then.

    Args:
        curves: n curves.
        days: N, the number of days in the window.
        start: When it began to stand, in days since the window opened.
        end: When it ended.
        happened: Whether the event has happened by that day, or never will.
        closes: When forecasts cease to count.

    Returns:
        What the first curve adds on day 1 to N; then the same of the second, ...

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
    """Return for how much of each day forecasts stood, each in a window of *size* days.

    >>> days_stood(np.array([3, 1]), start=[0.5, 0], end=[2, 1]).tolist()
    [0.5, 1.0, 0.0, 1.0]
    """
    begins, ends = (np.repeat(np.broadcast_to(moment, size.shape), size) for moment in (start, end))
    day = in_own_list(size)
    return np.asarray(np.clip(np.minimum(day + 1, ends) - np.maximum(day, begins), 0.0, None), np.float64)


class Later(NamedTuple):
    """What is still to come from a moment on, over all moments from the beginning of a day: a row for each series.

    Attributes:
        least: The least that is left, from the beginning of the first day, of the second, ..., and at the end.
        most: The most.
    """

    least: FloatArray
    most: FloatArray


def later_sums(amount: FloatArray, stood: BoolArray, series: IndexArray, day: IndexArray, days: IndexArray) -> Later:
    """Return what is left of sums over time, at least and at most, from the beginning of each day on.

    Args:
        amount: What is added by one forecast on one day, by series and time.
        stood: Whether it stood on that day.
        series: The number of the series.
        day: The day, from 0.
        days: How many days the window of each series has.

    >>> left = later_sums(*map(np.array, ([-1.0, 3.0, -4.0], [True] * 3, [0, 0, 0], [0, 1, 2], [3])))
    >>> left.least.tolist(), left.most.tolist()
    ([[-4.0, -4.0, -4.0, 0.0]], [[0.0, 0.0, 0.0, 0.0]])
    """
    count = np.bincount(series, minlength=days.size)
    left = _running_back(amount, np.cumsum(count) - count, count)
    ends = []
    for extreme, never in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        found = np.full((days.size, int(days.max(initial=0)) + 1), never)
        found[np.arange(days.size), days] = 0.0
        extreme.at(found.reshape(-1), (series * found.shape[1] + day)[stood], left[stood])
        ends.append(extreme.accumulate(found[:, ::-1], axis=1)[:, ::-1])
    return Later(*ends)


def _running_back(values: FloatArray, first: IndexArray, size: IndexArray) -> FloatArray:
    """Return the running sums from the end within lists that begin at *first*."""
    return _running(values[::-1], (size.sum() - first - size)[::-1], size[::-1])[::-1]


def _running(values: FloatArray, first: IndexArray, size: IndexArray) -> FloatArray:
    """Return the running sums within lists that begin at *first*."""
    total = np.cumsum(values)
    return np.asarray(total - np.repeat(total[first] - values[first], size))
