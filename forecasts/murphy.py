"""Murphy's decomposition of the mean Brier score, over groups of forecasts, with and without bias correction.

Exact and old, but silent about skill when probabilities hardly repeat: `forecasts.corp` is the headline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, IndexArray
from forecasts.paired_record import groups_of, record, ties
from forecasts.scores import brier

__all__ = ["MurphyDecomposition", "murphy_decomposition"]


@dataclass(frozen=True)
class MurphyDecomposition:
    """The parts of a mean Brier score, by groups of forecasts.

    mean_score = reliability - resolution + uncertainty + within_variance - within_covariance.

    Attributes:
        mean_score: The mean Brier score.
        reliability: How far the mean forecast of each group lies from its frequency of yes; lower is better.
        resolution: How far the frequencies of the groups lie apart; higher is better.
        uncertainty: The variance of the outcomes.
        within_variance: The variance of forecasts within groups; 0 if every group holds one probability, the default.
        within_covariance: Twice the covariance of forecasts and outcomes within groups; 0 likewise.
        groups: How many groups.
        degenerate: True if most forecasts stand alone in their group. Then reliability is nearly the mean score and
            resolution nearly the uncertainty, for any forecaster: use CORP instead.
    """

    mean_score: float
    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float
    groups: int
    degenerate: bool


def murphy_decomposition(
    probability: ArrayLike,
    outcome: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    corrected: bool = False,
    clamp: bool = False,
) -> MurphyDecomposition | None:
    """Split the mean Brier score into reliability (lower is better), resolution (higher is better) and uncertainty.

    probability, outcome: shape (n,), fractions welcome. groups: shape (n,), a whole number from 0 for each
    forecast, such as :func:`forecasts.bins.bin_index` gives; by default probabilities that are equal at 12 decimals
    make a group.
    On continuous probabilities that degenerates, and the result says so: see :class:`MurphyDecomposition`.
    corrected: take out the bias of small groups (then parts may leave their range, reliability below 0).
    clamp: scale the correction down until every part is in range, as SpecsVerification does; note that this
        silently means no correction at all when exactly half the claims came true.

    Returns None without forecasts, and for `corrected` with fewer than two. Raises ValueError for NaN, values
    outside 0 to 1, unequal shapes.

    Source: Murphy (1973), J. Appl. Meteor. 12:595; within-group terms: Stephenson, Coelho & Jolliffe (2008);
    correction: Ferro & Fricker (2012), QJRMS 138:1954.

    Hand-worked: 0.8 came true once in two, 0.1 never: (0.3^2 x 2 + 0.1^2 x 2) / 4, and 0.25^2.

    >>> parts = murphy_decomposition([0.8, 0.8, 0.1, 0.1], [1, 0, 0, 0])
    >>> round(parts.reliability, 12), parts.resolution, parts.uncertainty, parts.degenerate
    (0.05, 0.0625, 0.1875, False)
    """
    chance, truth = record(probability, outcome)
    if chance.size < (2 if corrected else 1):
        return None
    group, count = _in_groups(chance, groups)
    mean_chance = np.bincount(group, chance) / count
    frequency = np.bincount(group, truth) / count
    share, rate = count / chance.size, truth.mean()

    reliability = float(share @ (mean_chance - frequency) ** 2)
    resolution = float(share @ (frequency - rate) ** 2)
    uncertainty = float(np.mean((truth - rate) ** 2))
    within = chance - mean_chance[group]
    if corrected:
        spread = np.bincount(group, (truth - frequency[group]) ** 2) / np.maximum(count - 1, 1)
        noise, whole = float(spread.sum() / chance.size), uncertainty / (chance.size - 1)
        scale = _in_range(reliability, resolution, uncertainty, noise, whole) if clamp else 1.0
        reliability, resolution = reliability - scale * noise, resolution - scale * (noise - whole)
        uncertainty = uncertainty + scale * whole
    return MurphyDecomposition(
        mean_score=float(np.mean(brier(chance, truth))),
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        within_variance=float(np.mean(within**2)),
        within_covariance=float(2 * np.mean((truth - frequency[group]) * within)),
        groups=int(count.size),
        degenerate=bool((count == 1).sum() > chance.size / 2),
    )


def _in_groups(chance: FloatArray, groups: ArrayLike | None) -> tuple[IndexArray, IndexArray]:
    """Return the number of each forecast's group, and how many forecasts each group has."""
    if groups is None:
        return ties(chance)[1:]
    return np.unique(groups_of(groups, chance.size, "groups"), return_inverse=True, return_counts=True)[1:]


def _in_range(reliability: float, resolution: float, uncertainty: float, noise: float, whole: float) -> float:
    """Return the largest share of the bias correction that leaves every part in its range."""
    limits = [1.0]
    if noise > 0:
        limits.append(reliability / noise)
    if noise > whole:
        limits.append(resolution / (noise - whole))
    if whole > 0:
        limits.append((0.25 - uncertainty) / whole)
    return max(0.0, min(limits))
