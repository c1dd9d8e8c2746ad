"""Compare forecasters by paired differences: bootstrap intervals, and means shrunk towards each other.

A difference is loss of A minus loss of B on one claim both forecast; negative favours A. Other comparisons have files
of their own: of forecasters of different claims :mod:`forecasts.adjustment`, under every proper score at once
:mod:`forecasts.dominance` (both can be imported from here), and at any time :mod:`forecasts.sequential`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from forecasts.adjustment import DifficultyAdjustment, adjust_for_difficulty
from forecasts.dominance import MurphyDiagram, dominates, murphy_diagram
from forecasts.inputs import FloatArray, IndexArray, finite, headroom
from forecasts.options import between, codes, generator, whole

__all__ = [
    "Bootstrap", "DifficultyAdjustment", "Interval", "MurphyDiagram", "Shrinkage", "adjust_for_difficulty",
    "dominates", "murphy_diagram", "paired_bootstrap", "shrink_differences",
]  # fmt: skip

FEWEST = 20  # claims or clusters below which there is no interval: with 10, one of 90 % would hold in 80 % only
_CELLS = 1 << 18  # resampled values held at once; few enough to stay in the processor's cache


@dataclass(frozen=True)
class Interval:
    """From lower to upper."""

    lower: float
    upper: float


@dataclass(frozen=True)
class Bootstrap:
    """A mean paired difference with its intervals; they are None if there are too few claims, or nothing varies.

    Attributes:
        mean: The mean difference.
        size: How many things were resampled: claims, or clusters if they were given.
        percentile: The interval from the quantiles of resampled means.
        bca: The same, corrected for bias and skew.
    """

    mean: float
    size: int
    percentile: Interval | None
    bca: Interval | None


@dataclass(frozen=True, eq=False)
class Shrinkage:
    """Mean differences as they are, and drawn towards the centre; shapes (k,), one for each forecaster.

    Attributes:
        raw: The mean difference; NaN for a forecaster without differences.
        shrunk: The same, drawn towards the centre.
        weight: The share of the raw mean that was replaced by the centre; 1 is all of it.
        centre: The common mean.
        spread: The estimated standard deviation between forecasters' true means.
    """

    raw: FloatArray
    shrunk: FloatArray
    weight: FloatArray
    centre: float
    spread: float


def paired_bootstrap(
    differences: ArrayLike,
    *,
    seed: int,
    clusters: Iterable[Hashable] | None = None,
    level: float = 0.95,
    resamples: int = 10_000,
) -> Bootstrap | None:
    """Return the mean loss difference with percentile and BCa intervals from resampled claims.

    differences: shape (n,), loss of A minus loss of B on each claim both forecast. clusters: shape (n,), a
    label for each claim; claims that share one stand or fall together and are drawn together. The same seed
    gives the same interval.

    Below 20 claims (or clusters) there is a mean and no interval, because it would cover too rarely; where all
    resampled parts are equal there is none either. Returns None without differences; raises ValueError for NaN,
    infinity, unequal shapes and a level outside (0, 1).

    Source: Efron (1987), JASA 82:171 (BCa); Efron & Tibshirani (1993), chapters 13 and 14.

    Hand-worked: three claims have a mean and are too few for more.

    >>> paired_bootstrap([-0.25, 0.0, -0.5], seed=1)
    Bootstrap(mean=-0.25, size=3, percentile=None, bca=None)
    """
    values = _checked_row(differences, "difference")
    level = between(level, "level")
    whole(resamples, "resamples", least=1)
    random = generator(seed)
    if not values.size:
        return None
    unit = headroom(values)
    total, count = _clustered(values / unit, clusters)
    mean, size = float(total.sum() / count.sum()), total.size
    # The jackknife, of which BCa takes its skew; where it does not vary, nothing would vary among the resamples either.
    left_out = (total.sum() - total) / (count.sum() - count) if size > 1 else total
    if size < FEWEST or np.ptp(left_out) <= 1e-14 * np.abs(values / unit).max():
        return Bootstrap(mean * unit, size, None, None)
    means = np.sort(_resampled_means(total, count, resamples, random))
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    ends = (tails, _accelerated(means, mean, left_out, tails))
    plain, bca = (None if at is None else Interval(*(np.quantile(means, at) * unit).tolist()) for at in ends)
    return Bootstrap(mean * unit, size, plain, bca)


def shrink_differences(differences: Sequence[ArrayLike], *, centre: float | None = None) -> Shrinkage | None:
    """Draw each forecaster's mean paired difference towards the common mean, the more the less it rests on.

    differences: for each of k forecasters the paired differences to one reference, shape (n_i,). centre: what
    to draw towards; by default the mean of all, weighted by precision (0 would be the reference itself).

    With s^2 the variance of one forecaster's differences and tau^2 that between forecasters, the share
    (s^2/n) / (s^2/n + tau^2) of the raw mean is replaced. Fewer than two differences: all of it. If tau^2 is
    estimated as 0, every raw mean is replaced whole. A forecaster whose differences are all equal keeps the raw mean,
    because s^2 is 0; the others are drawn as far as if those differences varied by next to nothing. Returns None if no
    forecaster has two differences; raises ValueError for NaN and infinity.

    Source: DerSimonian & Laird (1986), Controlled Clinical Trials 7:177 (tau^2); Efron & Morris (1975).

    Hand-worked: means 0 and 0.4, each with s^2/n = 0.01: Q = 8, tau^2 = (8 - 1) / (200 - 100) = 0.07, so an
    eighth is replaced by the centre 0.2.

    >>> result = shrink_differences([[-0.1, 0.1], [0.3, 0.5]])
    >>> result.shrunk.round(12).tolist(), result.weight.round(12).tolist(), round(result.spread**2, 12)
    ([0.025, 0.375], [0.125, 0.125], 0.07)
    """
    given = [_checked_row(values, "difference") for values in differences]
    known = np.array([row.size > 1 for row in given], dtype=bool)
    if not known.any():
        return None
    scale = max(float(np.abs(row).max(initial=0.0)) for row in given) or 1.0  # in this unit nothing overflows
    rows = [row / scale for row in given]
    raw = np.array([row.mean() if row.size else np.nan for row in rows])
    error = np.array([row.var(ddof=1) / row.size if row.size > 1 else np.inf for row in rows])
    error[error <= max(1e-8 * error[known].max(), 1e-30)] = 0.0  # nothing but rounding between equal differences
    variance = _variance_between(raw[known], error[known])
    weight = np.ones(len(rows))
    weight[known] = error[known] / np.where(error[known] > 0, error[known] + variance, 1.0)
    middle = (
        _weighted_mean(raw[known], error[known] + variance)
        if centre is None
        else float(finite(centre, "centre")) / scale
    )
    shrunk = middle + (1 - weight) * (np.where(np.isnan(raw), middle, raw) - middle)
    return Shrinkage(raw * scale, shrunk * scale, weight, middle * scale, float(np.sqrt(variance)) * scale)


def _checked_row(values: ArrayLike, name: str) -> FloatArray:
    """Return finite numbers as one row; ValueError for a table."""
    row = np.atleast_1d(finite(values, name))
    if row.ndim > 1:
        raise ValueError(f"{name}s have shape {row.shape}; one row is wanted")
    return row


def _clustered(values: FloatArray, clusters: Iterable[Hashable] | None) -> tuple[FloatArray, IndexArray]:
    """Return the sum and the number of the differences in each cluster; without clusters each claim is its own."""
    if clusters is None:
        return values, np.ones(values.size, dtype=np.intp)
    _, group = codes(clusters, "clusters")
    if group.shape != values.shape:
        raise ValueError(f"there are {values.size} differences and {group.size} clusters; give one for each")
    return np.asarray(np.bincount(group, values), dtype=np.float64), np.bincount(group)


def _resampled_means(total: FloatArray, count: IndexArray, resamples: int, random: np.random.Generator) -> FloatArray:
    """Draw the means of clusters sampled with replacement, a block of resamples at a time to bound the memory."""
    block, is_claim = max(1, _CELLS // total.size), int(count.max()) == 1  # then each claim is its own cluster
    means = []
    for done in range(0, resamples, block):
        drawn = random.integers(total.size, size=(min(block, resamples - done), total.size))
        means.append(total.take(drawn).sum(axis=1) / (total.size if is_claim else count.take(drawn).sum(axis=1)))
    return np.concatenate(means)


def _accelerated(means: FloatArray, mean: float, left_out: FloatArray, tails: FloatArray) -> list[float] | None:
    """Return the levels of the sorted resampled means at which the bias-corrected and accelerated interval ends."""
    normal = NormalDist()
    # Ties count half: of few distinct differences many resampled means equal the mean itself.
    below = (np.searchsorted(means, mean, "left") + np.searchsorted(means, mean, "right")) / 2 / means.size
    if not 0 < below < 1:
        return None
    bias = normal.inv_cdf(float(below))
    gap = left_out.mean() - left_out
    gap = gap / np.abs(gap).max()  # the ratio below does not change, and nothing under- or overflows
    acceleration = float((gap**3).sum() / (6 * (gap**2).sum() ** 1.5))
    levels = []
    for tail in tails.tolist():
        z = bias + normal.inv_cdf(tail)
        levels.append(normal.cdf(bias + z / (1 - acceleration * z)))
    return levels


def _variance_between(means: FloatArray, error: FloatArray) -> float:
    """Estimate the variance between the forecasters' true means, never below 0.

    Source: the moments of DerSimonian & Laird (1986). A mean with an error of 0 would get an infinite weight. Then the
    result is the one that the estimate approaches as these errors fall to 0 together.
    """
    sure = error == 0
    if np.count_nonzero(sure) > 1:
        return float(means[sure].var(ddof=1))
    if means.size < 2:
        return 0.0
    weight = 1 / error[~sure]
    heterogeneity = float(weight @ (means[~sure] - _weighted_mean(means, error)) ** 2)
    scale = 2 * weight.sum() if sure.any() else weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((heterogeneity - (means.size - 1)) / scale))


def _weighted_mean(means: FloatArray, variance: FloatArray) -> float:
    """Return the mean weighted by precision; variances of 0 outweigh all others."""
    sure = variance == 0
    if sure.any():
        return float(means[sure].mean())
    return float(np.average(means, weights=1 / variance))
