"""Compute the expected loss of "knows nothing" on a date, and for how long the questions of a window count."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, finite

__all__ = ["date_spread", "date_spread_over_time", "days_open", "sums_of_powers"]


def date_spread(days: ArrayLike) -> FloatArray:
    """Return the expected loss of "knows nothing" at the opening, if the event comes as it says.

    Source: Epstein (1969), J. Applied Meteorology 8:985, in expectation.

    >>> date_spread([1, 2, 4]).tolist()
    [0.25, 0.21875, 0.1953125]
    """
    window = finite(days, "days")
    return np.asarray((window + 1) * (4 * window - 1) / (24 * window**2))


def date_spread_over_time(days: ArrayLike, closes: ArrayLike | None = None) -> FloatArray:
    """Return the expected loss of "knows nothing" until forecasts cease to count, if the event comes as it says.

    *closes* is when that is, in days since the opening; None for the end of the window.

    Source: Epstein (1969), J. Applied Meteorology 8:985, each day until it is over, in expectation.

    >>> date_spread_over_time([1, 2]).round(6).tolist(), date_spread_over_time([2], [1.5]).round(6).tolist()
    ([0.25, 0.229167], [0.225])
    """
    window = finite(days, "days")
    closing = window if closes is None else finite(closes, "closes")
    over = np.floor(closing)  # the question of day d counts for d days if d is over by then, else until *closes*
    (one, two, _), (one_over, two_over, three_over) = sums_of_powers(window), sums_of_powers(over)
    later = one - one_over - (two - two_over) / (2 * window)
    lost = two_over - three_over / (2 * window) + closing * later
    return np.asarray(lost / (2 * window) / days_open(window, closing))


def days_open(window: FloatArray, closes: ArrayLike | None) -> FloatArray:
    """Return for how many days all questions "by the end of day d?" together count, until *closes* or the end.

    >>> days_open(np.array([4.0, 4.0]), [4, 2]).tolist()
    [10.0, 7.0]
    """
    closing = window if closes is None else finite(closes, "closes")
    over = np.floor(closing)
    return np.asarray(over * (over + 1) / 2 + (window - over) * closing)


def sums_of_powers(days: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the sums of d, d^2 and d^3 over the days d from 1 to the last.

    >>> [sum_.tolist() for sum_ in sums_of_powers(np.array([3.0]))]
    [[6.0], [14.0], [36.0]]
    """
    one = days * (days + 1) / 2
    return one, one * (2 * days + 1) / 3, one * one
