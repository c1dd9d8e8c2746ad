"""What forecasts on one claim can still save against "knows nothing", over all outcomes and moments of the answer.

A type lists the outcomes that are still possible; the sums over time for each of them are compared here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecasts.inputs import ClaimArray, FloatArray

__all__ = ["Saved", "least_and_most", "running_savings", "turning_points"]

Saved = Callable[[FloatArray, FloatArray, ClaimArray, FloatArray, FloatArray], FloatArray]
"""What each forecast saves by standing, as :class:`~forecasts.questions.Scoring` has it."""


def running_savings(
    saved: Saved, outcomes: FloatArray, said: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
) -> FloatArray:
    """Return what is saved up to the end of each forecast of a series, if it comes out so: shape (outcomes, forecasts).

    >>> gained = lambda said, outcome, claim, starts, ends: outcome * (ends - starts)
    >>> two = np.array([0.5, 0.7]), np.array([0, 0]), np.array([0.0, 2.0]), np.array([2.0, 3.0])
    >>> running_savings(gained, np.array([0.0, 1.0]), *two).tolist()
    [[0.0, 0.0], [2.0, 3.0]]
    """
    times = outcomes.size
    numbers, begins, stops = (np.tile(column, times) for column in (said, starts, ends))
    each = saved(numbers, np.repeat(outcomes, said.size), np.tile(claim, times), begins, stops)
    return np.cumsum(each.reshape(outcomes.size, said.size), axis=1)


def least_and_most(running: FloatArray) -> tuple[float, float]:
    """Return the least and the most of sums, if the answer may come at any moment, also before anything was said.

    >>> least_and_most(np.array([[0.5, 0.75], [0.25, -1.0]]))
    (-1.0, 0.75)
    """
    return min(0.0, float(running.min(initial=0.0))), max(0.0, float(running.max(initial=0.0)))


def turning_points(running: FloatArray) -> FloatArray:
    """Return the extremes of parabolas that are given by their ends and middles: rows left, middle, right, middle, ...

    What is saved on a number is a parabola of its value between two points of its curves. One that does not turn
    between its ends gives 0, which is always possible.

    >>> turning_points(np.array([[0.0], [0.75], [0.0], [1.0], [2.0]])).tolist()
    [[0.75], [0.0]]
    """
    left, middle, right = running[:-2:2], running[1:-1:2], running[2::2]
    bend, slope = 2 * (left + right - 2 * middle), 4 * middle - 3 * left - right
    straight = bend == 0
    place = -slope / (2 * np.where(straight, 1.0, bend))
    turns = ~straight & (place > 0) & (place < 1)
    return np.where(turns, left + slope * place / 2, 0.0)
