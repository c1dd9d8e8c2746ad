"""Score only the forecasts that have a number and, if needed, an outcome; the others get NaN.

The number of a forecast is the position of its distribution in a batch; NaN is a withdrawal.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecasts.inputs import FloatArray, IndexArray

__all__ = ["positions", "score_decided", "score_pairs"]


def score_decided(
    forecast: FloatArray, outcome: FloatArray, score: Callable[[IndexArray, IndexArray], FloatArray]
) -> FloatArray:
    """Return the score of each forecast with a number and an outcome, and NaN for all others.

    Args:
        forecast: The number of each forecast.
        outcome: The outcome of each forecast's claim; NaN without one.
        score: Scores some forecasts, given their rows in *forecast* and the positions of their distributions.

    >>> score_decided(np.array([2, np.nan]), np.array([1.0, 1.0]), lambda rows, index: 0.5 * index).tolist()
    [1.0, nan]
    """
    rows = np.flatnonzero(~np.isnan(forecast + outcome))
    scores = np.full(np.shape(forecast), np.nan)
    if rows.size:
        scores[rows] = score(rows, positions(forecast[rows]))
    return scores


def score_pairs(
    forecast: FloatArray, score: Callable[[IndexArray, IndexArray], tuple[FloatArray, FloatArray]]
) -> tuple[FloatArray, FloatArray]:
    """Return two scores of each forecast with a number, and NaN for all others; arguments as for :func:`score_decided`.

    >>> score_pairs(np.array([3.0]), lambda rows, index: (0.5 * index, 1.0 * index))
    (array([1.5]), array([3.]))
    """
    rows = np.flatnonzero(~np.isnan(forecast))
    scores = np.full((2, *np.shape(forecast)), np.nan)
    if rows.size:
        scores[:, rows] = score(rows, positions(forecast[rows]))
    return scores[0], scores[1]


def positions(values: FloatArray) -> IndexArray:
    """Return whole numbers that are stored as floats as integers, to be used as positions.

    >>> positions(np.array([0.0, 2.0])).tolist()
    [0, 2]
    """
    return values.astype(np.intp)
