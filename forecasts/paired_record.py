"""Check the record of one forecaster, a row of probabilities beside a row of outcomes, and find equal forecasts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, IndexArray, outcomes, paired, probabilities, refuse, same_at

__all__ = ["Ties", "groups_of", "mean_outcome", "record", "ties", "verdicts"]


class Ties(NamedTuple):
    """The distinct forecasts of a record; forecasts that are equal at 12 decimals are one.

    Attributes:
        values: The distinct forecasts, ascending, shape (m,); the smallest of those that are equal.
        group: The index of each forecast among them, shape (n,).
        counts: How many forecasts are equal to each, shape (m,).
    """

    values: FloatArray
    group: IndexArray
    counts: IndexArray


def ties(probability: FloatArray) -> Ties:
    """Group the forecasts that are equal at 12 decimals.

    >>> values, group, count = ties(np.array([0.1 + 0.2, 0.7, 0.3]))
    >>> values.tolist(), group.tolist(), count.tolist()
    ([0.3, 0.7], [0, 1, 0], [2, 1])
    """
    order = np.argsort(probability)
    ranked = probability[order]
    begins = np.concatenate((np.ones(min(ranked.size, 1), dtype=np.bool_), np.diff(same_at(ranked)) > 0))
    group = np.empty(ranked.size, dtype=np.intp)
    group[order] = np.cumsum(begins) - 1
    return Ties(ranked[begins], group, np.bincount(group, minlength=1)[: np.count_nonzero(begins)])


def record(probability: ArrayLike, outcome: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return probabilities and outcomes as arrays of shape (n,); plain numbers make a record of one.

    Raises ValueError for NaN, values outside 0 to 1, unequal shapes and more than one axis.

    >>> chance, truth = record(0.7, 1)
    >>> chance.tolist(), truth.tolist()
    ([0.7], [1.0])
    """
    chance, truth = paired(probabilities(probability), outcomes(outcome))
    if chance.ndim > 1:
        raise ValueError(f"probability has shape {chance.shape}; the record of one forecaster is a single row")
    return np.atleast_1d(chance), np.atleast_1d(truth)


def verdicts(probability: ArrayLike, outcome: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return a record as :func:`record` does; ValueError also for an outcome that is a fraction.

    >>> verdicts([0.7], [0.5])
    Traceback (most recent call last):
    ValueError: outcome 0.5 at index 0 is a fraction; this needs yes (1) or no (0)
    """
    chance, truth = record(probability, outcome)
    refuse(truth, (truth != 0) & (truth != 1), "outcome", "is a fraction; this needs yes (1) or no (0)")
    return chance, truth


def groups_of(labels: ArrayLike, size: int, name: str) -> IndexArray:
    """Return the labels as a whole number from 0 for each of `size` forecasts; ValueError for anything else.

    >>> groups_of([0, 2, 0], 3, "by").tolist()
    [0, 2, 0]
    """
    groups = np.asarray(labels)
    if groups.shape != (size,) or (size and groups.dtype.kind not in "iu"):
        raise ValueError(f"{name} has shape {groups.shape} and type {groups.dtype}; {size} whole numbers are wanted")
    refuse(groups, groups < 0, name, "is not counted from 0")
    return groups.astype(np.intp, copy=False)


def mean_outcome(truth: FloatArray) -> float:
    """Return the base rate of a record with at least one claim; exact when all had the same outcome.

    >>> mean_outcome(np.array([0.1] * 3))
    0.1
    """
    return float(truth[0]) if truth.min() == truth.max() else float(truth.mean())
