"""What forecasts of a date lose over time if the event comes on a day, for every day of the window at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves, in_own_list
from forecasts.date_spreads import days_open
from forecasts.day_chances import chances_by_days
from forecasts.inputs import FloatArray, IndexArray

__all__ = ["date_losses_on_every_day"]


def date_losses_on_every_day(
    said: Curves, *, days: ArrayLike, start: ArrayLike, end: ArrayLike, closes: ArrayLike | None = None,
    known_late: bool = False,
) -> FloatArray:  # fmt: skip
    """Return what each curve adds to the time Brier score of its claim, for each day of the event, known by its end.

    Args:
        said: n curves.
        days: N, the number of days in the window.
        start: When it began to stand, in days since the window opened.
        end: When it ended; earlier if the answer came before.
        closes: When forecasts cease to count.
        known_late: Whether nobody knows of the event before *end*, so that forecasts stand on after its day.

    Returns:
        The losses of the first curve if the event comes on day 1 to N, or never; then those of the second, ...

    Raises:
        ValueError: As :func:`~forecasts.date_scores.date_losses_over_time`.

    Source: Metaculus, scores FAQ, on truncation, of each question "by day d".

    >>> from forecasts.curves import curves
    >>> date_losses_on_every_day(curves([[(2, 0.2), (4, 0.6)]]), days=4, start=1, end=4).round(6).tolist()
    [0.0, 0.116, 0.108, 0.084, 0.144]
    >>> date_losses_on_every_day(curves([[(4, 0.4)]]), days=4, start=0, end=4, known_late=True).round(6).tolist()
    [0.5, 0.42, 0.3, 0.18, 0.1]
    """
    chance, window = chances_by_days(said, days=days)
    begins, ends = (np.broadcast_to(np.asarray(moment, np.float64), window.shape) for moment in (start, end))
    size = window.astype(np.intp)
    first = np.cumsum(size) - size
    day = in_own_list(size) + 1.0
    open_for = np.clip(np.minimum(day, np.repeat(ends, size)) - np.repeat(begins, size), 0.0, None)
    if_later = _running(open_for * chance**2, first, size)  # of the days before the event
    own, until_event = (open_for, 1.0) if known_late else (1.0, open_for)
    if_by_then = _running((own * (1 - chance) ** 2)[::-1], (size.sum() - first - size)[::-1], size[::-1])[::-1]
    before = np.where(day > 1, np.roll(if_later, 1), 0.0)
    last = first + size - 1
    losses = np.insert(before + until_event * if_by_then, last + 1, if_later[last])
    return losses / np.repeat(days_open(window, closes), size + 1)


def _running(values: FloatArray, first: IndexArray, size: IndexArray) -> FloatArray:
    """Return the running sums within lists that begin at *first*."""
    total = np.cumsum(values)
    return np.asarray(total - np.repeat(total[first] - values[first], size))
