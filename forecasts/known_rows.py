"""Score only the forecasts of a batch that have a number, and an outcome where one is needed; NaN of the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecasts.inputs import FloatArray, IndexArray

__all__ = ["of_known", "of_said", "positions"]


def of_known(
    said: FloatArray, outcome: FloatArray, score: Callable[[IndexArray, IndexArray], FloatArray]
) -> FloatArray:
    """Return scores of the forecasts that have a number and an outcome.

    Args:
        said: The number of each, which is the place of its distribution.
        outcome: How its claim came out.
        score: Scores some of them, given where these stand and the places of their distributions.

    >>> of_known(np.array([2, np.nan]), np.array([1.0, 1.0]), lambda of, place: 0.5 * place).tolist()
    [1.0, nan]
    """
    of = np.flatnonzero(~np.isnan(said + outcome))
    scores = np.full(np.shape(said), np.nan)
    if of.size:
        scores[of] = score(of, positions(said[of]))
    return scores


def of_said(
    said: FloatArray, score: Callable[[IndexArray, IndexArray], tuple[FloatArray, FloatArray]]
) -> tuple[FloatArray, FloatArray]:
    """Return two scores of the forecasts that have a number; arguments as :func:`of_known` has them.

    >>> of_said(np.array([3.0]), lambda of, place: (0.5 * place, 1.0 * place))
    (array([1.5]), array([3.]))
    """
    of = np.flatnonzero(~np.isnan(said))
    both = np.full((2, *np.shape(said)), np.nan)
    if of.size:
        both[:, of] = score(of, positions(said[of]))
    return both[0], both[1]


def positions(values: FloatArray) -> IndexArray:
    """Return whole numbers, kept as floats beside others, as positions.

    >>> positions(np.array([0.0, 2.0])).tolist()
    [0, 2]
    """
    return values.astype(np.intp)
