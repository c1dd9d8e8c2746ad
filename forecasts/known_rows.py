"""Score only those forecasts of a batch that have a number and, if needed, an outcome; the others get NaN."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecasts.inputs import FloatArray, IndexArray

__all__ = ["of_known", "of_said", "positions"]


def of_known(
    said: FloatArray, outcome: FloatArray, score: Callable[[IndexArray, IndexArray], FloatArray]
) -> FloatArray:
    """Return the score of each forecast with a number and an outcome, and NaN for all others.

    Args:
        said: The number of each forecast, which is the place of its distribution.
        outcome: The outcome of each forecast's claim.
        score: Scores some forecasts, given their positions in the batch and the places of their distributions.

    >>> of_known(np.array([2, np.nan]), np.array([1.0, 1.0]), lambda rows, place: 0.5 * place).tolist()
    [1.0, nan]
    """
    rows = np.flatnonzero(~np.isnan(said + outcome))
    scores = np.full(np.shape(said), np.nan)
    if rows.size:
        scores[rows] = score(rows, positions(said[rows]))
    return scores


def of_said(
    said: FloatArray, score: Callable[[IndexArray, IndexArray], tuple[FloatArray, FloatArray]]
) -> tuple[FloatArray, FloatArray]:
    """Return two scores of each forecast with a number, and NaN for all others; arguments as for :func:`of_known`.

    >>> of_said(np.array([3.0]), lambda rows, place: (0.5 * place, 1.0 * place))
    (array([1.5]), array([3.]))
    """
    rows = np.flatnonzero(~np.isnan(said))
    both = np.full((2, *np.shape(said)), np.nan)
    if rows.size:
        both[:, rows] = score(rows, positions(said[rows]))
    return both[0], both[1]


def positions(values: FloatArray) -> IndexArray:
    """Return whole numbers, kept as floats beside others, as positions.

    >>> positions(np.array([0.0, 2.0])).tolist()
    [0, 2]
    """
    return values.astype(np.intp)
