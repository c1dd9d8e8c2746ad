"""Read the chances of single days from curves over the days of a window, which are numbered from 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves, Segments, in_own_list, of_each, segments
from forecasts.inputs import FloatArray, refuse

__all__ = ["chances_by", "chances_by_days", "likely_days", "whole_lines", "whole_numbers"]


def likely_days(curves: Curves, *, days: ArrayLike, chance: float = 0.5) -> FloatArray:
    """Return the first day by whose end each curve reaches a chance; N + 1 if it does so on no day of the window.

    >>> from forecasts.curves import curves
    >>> likely_days(curves([[(2, 0.2), (4, 0.6)], [(4, 0.4)]]), days=4).tolist()
    [4.0, 5.0]
    """
    window = whole_numbers(curves, days, "days", 1)
    lines = whole_lines(curves, window)
    rise = lines.high - lines.low
    reached = np.ceil(lines.left + (lines.right - lines.left) * (chance - lines.low) / np.where(rise > 0, rise, 1.0))
    inside = (lines.high >= chance) & (lines.right > lines.left)
    day = np.where(inside, np.maximum(reached, lines.left + 1), np.inf)
    first_day = np.array(window + 1)
    np.minimum.at(first_day, lines.owner, day)
    return first_day


def chances_by_days(curves: Curves, *, days: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the chance of the event by the end of each day, one curve after the other, and the days of each window.

    >>> from forecasts.curves import curves
    >>> chances, _ = chances_by_days(curves([[(2, 0.2), (4, 0.6)], [(1, 0.3)]]), days=[4, 1])
    >>> chances.round(6).tolist()
    [0.1, 0.2, 0.4, 0.6, 0.3]
    """
    window = whole_numbers(curves, days, "days", 1)
    lines = whole_lines(curves, window)
    lines = lines.cut(np.zeros(lines.owner.size), window[lines.owner])
    size = (lines.right - lines.left).astype(np.intp)
    slope = (lines.high - lines.low) / np.maximum(size, 1)
    return np.repeat(lines.low, size) + np.repeat(slope, size) * (in_own_list(size) + 1), window


def chances_by(curves: Curves, day: ArrayLike, *, days: ArrayLike) -> FloatArray:
    """Return the chance that each curve gives to the event by the end of one day; 0 for day 0, before the window.

    >>> from forecasts.curves import curves
    >>> chances_by(curves([[(2, 0.2), (4, 0.6)]] * 3), [0, 1, 3], days=4).round(6).tolist()
    [0.0, 0.1, 0.4]
    """
    lines = whole_lines(curves, whole_numbers(curves, days, "days", 1))
    end = whole_numbers(curves, day, "day", 0)[lines.owner]
    chances = np.zeros(curves.size.size)
    np.maximum.at(chances, lines.owner, np.where(lines.left < end, lines.chance_at(end), 0.0))
    return chances


def whole_lines(curves: Curves, window: FloatArray) -> Segments:
    """Return the lines of each curve; ValueError if a day is not whole, or the last point is not on day N.

    >>> from forecasts.curves import curves
    >>> whole_lines(curves([[(2, 0.2), (4, 0.6)]]), np.array([4.0])).high.tolist()
    [0.2, 0.6, 1.0]
    """
    refuse(curves.at, curves.at != np.round(curves.at), "day", "is not whole")
    ends = curves.at[np.cumsum(curves.size) - 1]
    refuse(ends, ends != window, "last day", "is not the last day of the window")
    return segments(curves, np.zeros_like(window), window)


def whole_numbers(curves: Curves, values: ArrayLike, name: str, least: int) -> FloatArray:
    """Return one whole number for each curve; ValueError if one is not whole or below *least*.

    >>> from forecasts.curves import curves
    >>> whole_numbers(curves([[(4, 0.6)]] * 2), 3, "passed", 0).tolist()
    [3.0, 3.0]
    """
    array = of_each(curves, values, name)
    refuse(array, (array != np.round(array)) | (array < least), name, f"is not a whole number of at least {least}")
    return array
