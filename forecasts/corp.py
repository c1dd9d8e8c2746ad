"""CORP: reliability without bins, from the best rising curve through the outcomes.

Pool-adjacent-violators regression of outcome on probability gives the reliability curve; scored with any
proper loss it splits the mean score into miscalibration - discrimination + uncertainty. There is nothing to
tune. Dimitriadis, Gneiting & Jordan (2021), "Stable reliability diagrams for probabilistic classifiers",
PNAS 118(8) e2016191118.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import SAME_DECIMALS, BoolArray, FloatArray, IndexArray, same_at
from forecasts.options import between, generator, whole
from forecasts.paired_record import Ties, mean_outcome, record, ties
from forecasts.scores import brier

__all__ = [
    "ConsistencyTest", "CorpDecomposition", "ReliabilityCurve", "consistency_test", "corp_decomposition",
    "recalibrated", "reliability_curve",
]  # fmt: skip

_CELLS = 300_000  # resampled values held at once; few enough to stay in the processor's cache
_PASSES = 32  # over all blocks; more would cost about what merging them one by one does
_BAND_POINTS = 1000  # at which a band is drawn, at most


@dataclass(frozen=True)
class CorpDecomposition:
    """The parts of a mean score: mean_score = miscalibration - discrimination + uncertainty.

    Attributes:
        mean_score: The mean score.
        miscalibration: What recalibration would save, 0 or more; lower is better.
        discrimination: What the recalibrated forecasts save over the base rate, 0 or more; higher is better.
        uncertainty: The mean score of the base rate itself: the difficulty of the claims.
    """

    mean_score: float
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True, eq=False)
class ReliabilityCurve:
    """The CORP curve at each distinct probability; shape (m,) each.

    Attributes:
        probability: The distinct probabilities, rising.
        recalibrated: The frequency of yes which the data support there; it never falls.
        count: How many forecasts have that probability.
    """

    probability: FloatArray
    recalibrated: FloatArray
    count: IndexArray


@dataclass(frozen=True, eq=False)
class ConsistencyTest:
    """The region in which the curve of a *calibrated* forecaster with the same forecasts would lie.

    Attributes:
        probability: The distinct probabilities, or 1000 of them evenly spread over the record if there are more;
            shape (m,).
        lower: The low end of the pointwise band there.
        upper: Its high end.
        p_value: The share of calibrated records at least as miscalibrated as this one, itself among them. Small means
            miscalibrated; it is never 0.
    """

    probability: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_value: float


def corp_decomposition(
    probability: ArrayLike, outcome: ArrayLike, *, score: Callable[[ArrayLike, ArrayLike], ArrayLike] = brier
) -> CorpDecomposition | None:
    """Split the mean score into miscalibration, discrimination and uncertainty.

    probability, outcome: shape (n,), or one number each; fractional outcomes are welcome.
    score: a proper loss taking (probability, outcome), such as `brier` or `log_score`.

    A constant forecaster has discrimination 0; so have one whose order is upside down, and claims that all
    had the same outcome (uncertainty 0 too). With the log score, miscalibration is infinite for a forecast that was
    certain and wrong. Returns None without forecasts; raises ValueError for NaN, values outside 0 to 1, unequal
    shapes, and a score that recalibration makes worse, as one that is better when higher does.

    Source: Dimitriadis, Gneiting & Jordan (2021), PNAS 118:e2016191118.

    Hand-worked: forecasts of 0.8 and 0.6, of which the first came true: recalibrated to 1 and 0, which is perfect, so
    discrimination equals the uncertainty 1/4 and miscalibration the mean Brier score (0.04 + 0.36) / 2.

    >>> split = corp_decomposition([0.8, 0.6], [1, 0])
    >>> round(split.miscalibration, 12), split.discrimination, split.uncertainty
    (0.2, 0.25, 0.25)
    """
    chance, truth = record(probability, outcome)
    if not chance.size:
        return None
    fitted = _recalibrated(chance, truth)
    # The base rate of a long record may round to 0 or 1, which a log score would punish with infinity.
    base = _short_of_certain(np.full_like(truth, mean_outcome(truth)), truth)
    mean, best, plain = (float(np.mean(np.asarray(score(p, truth)))) for p in (chance, fitted, base))
    return CorpDecomposition(mean, _saved_by_curve(mean, best), _saved_by_curve(plain, best), plain)


def recalibrated(probability: ArrayLike, outcome: ArrayLike) -> FloatArray:
    """Return for each forecast the frequency of yes which the record supports there: its CORP recalibration.

    probability, outcome: shape (n,); probabilities equal at 12 decimals are pooled first. Returns shape (n,), in
    the order given, rising with the probability. Raises ValueError as :func:`corp_decomposition` does.

    Source: Ayer et al. (1955), Annals of Mathematical Statistics 26:641 (pool adjacent violators).

    Hand-worked: the order of the first two is wrong, so they share their mean.

    >>> recalibrated([0.1, 0.3, 0.9], [1, 0, 1]).tolist()
    [0.5, 0.5, 1.0]
    """
    return _recalibrated(*record(probability, outcome))


def reliability_curve(probability: ArrayLike, outcome: ArrayLike) -> ReliabilityCurve | None:
    """Return the reliability diagram without bins: recalibrated frequency at each distinct probability.

    Shapes, edges and errors as :func:`corp_decomposition`. Below the diagonal the forecasts were too high.

    Source: Dimitriadis, Gneiting & Jordan (2021), PNAS 118:e2016191118.

    >>> curve = reliability_curve([0.3, 0.1, 0.1], [1, 1, 0])
    >>> curve.probability.tolist(), curve.recalibrated.tolist(), curve.count.tolist()
    ([0.1, 0.3], [0.5, 1.0], [2, 1])
    """
    chance, truth = record(probability, outcome)
    if not chance.size:
        return None
    same = ties(chance)
    return ReliabilityCurve(same.values, _curve(same, truth), same.counts)


def consistency_test(
    probability: ArrayLike, outcome: ArrayLike, *, seed: int, level: float = 0.9, resamples: int = 1000
) -> ConsistencyTest | None:
    """Test whether the record's miscalibration is more than luck: a consistency band and a p-value.

    probability, outcome: shape (n,). Each resample keeps the n forecasts, lets each come true with its own
    probability, and refits the curve. The band holds the middle `level` of the curves at each probability; the
    p-value is (1 + those whose Brier miscalibration is at least the record's) / (1 + resamples), so that of
    calibrated forecasters at most a share x has a p-value of x or less, however many forecasts there are, tied or
    not. (reliabilitydiag in R draws the forecasts too, which makes ties, and a test that rejects too often.) The
    same seed gives the same answer. Time grows with resamples x distinct probabilities, memory does not.

    Returns None without forecasts; raises ValueError as :func:`corp_decomposition` does, for a level outside
    (0, 1) and for no resamples.

    Source: Dimitriadis, Gneiting & Jordan (2021), PNAS 118:e2016191118, consistency bands by resampling;
    the p-value of a Monte Carlo test: Davison & Hinkley (1997), Bootstrap Methods, section 4.2.

    Hand-worked: a calibrated forecaster who only says 0 and 1 is never surprised.

    >>> sure = consistency_test([0, 1, 1], [0, 1, 1], seed=1, resamples=20)
    >>> sure.lower.tolist(), sure.upper.tolist(), sure.p_value
    ([0.0, 1.0], [0.0, 1.0], 1.0)
    """
    chance, truth = record(probability, outcome)
    level = between(level, "level")
    whole(resamples, "resamples", least=1)
    random = generator(seed)
    if not chance.size:
        return None
    same = ties(chance)
    points = np.unique(np.linspace(0, same.values.size - 1, _BAND_POINTS).round().astype(np.intp))
    own = same_at(same.values) / 10.0**SAME_DECIMALS  # so that equal forecasts draw the same random numbers
    curves, excess = [], []
    block = max(1, _CELLS // own.size)
    for done in range(0, resamples, block):
        rows = min(block, resamples - done)
        # Drawing all resamples of one probability after the other is several times as fast as row by row.
        yes = random.binomial(same.counts[:, np.newaxis], own[:, np.newaxis], size=(own.size, rows)).T
        fitted = _refits(same.counts, yes)
        curves.append(fitted[:, points])
        excess.append(_miscalibration(same, yes, fitted))
    at = same.values[points]
    lower, upper = np.quantile(np.vstack(curves), [(1 - level) / 2, (1 + level) / 2], axis=0)
    certain = (at == 0) | (at == 1)  # no calibrated record can leave the diagonal there
    lower, upper = np.where(certain, at, lower), np.where(certain, at, upper)
    yes_sums = _sums(same, truth)
    observed = _miscalibration(same, yes_sums[np.newaxis], _curve(same, truth)[np.newaxis])[0]
    # a resample equal to the record must count as "at least", whatever the order of the sum
    at_least = np.count_nonzero(np.concatenate(excess) >= observed - 1e-12)
    return ConsistencyTest(at, lower, upper, float((1 + at_least) / (1 + resamples)))


def _saved_by_curve(loss: float, best: float) -> float:
    """Return what the best rising curve saves of a mean loss; below 0 only by rounding, which is cut off."""
    saved = loss - best
    if not saved >= -1e-12 * max(1.0, abs(loss)):
        raise ValueError(f"score is no proper loss: recalibration turns its mean {loss!r} into {best!r}")
    return max(saved, 0.0)


def _recalibrated(chance: FloatArray, truth: FloatArray) -> FloatArray:
    """Return the recalibrated frequency of each forecast of a checked record."""
    same = ties(chance)
    return _short_of_certain(_curve(same, truth)[same.group], truth)


def _short_of_certain(frequency: FloatArray, truth: FloatArray) -> FloatArray:
    """Move a frequency that was rounded to 0 or 1 to the float beside it, unless all its outcomes were that."""
    for end, beside in ((0.0, math.ulp(0.0)), (1.0, 1 - math.ulp(0.5))):
        rounded = frequency == end
        if (truth[rounded] != end).any():
            frequency = np.where(rounded, beside, frequency)
    return frequency


def _curve(same: Ties, truth: FloatArray) -> FloatArray:
    """Return the recalibrated frequency at each distinct probability."""
    return _pooled(_sums(same, truth), same.counts.astype(np.float64), same.counts.size) if truth.size else truth


def _sums(same: Ties, truth: FloatArray) -> FloatArray:
    """Return the sum of the outcomes at each distinct probability."""
    return np.asarray(np.bincount(same.group, truth), dtype=np.float64)


def _pooled(total: FloatArray, weight: FloatArray, width: int) -> FloatArray:
    """Return the isotonic regressions of total / weight, each *width* long: pool adjacent violators.

    Neighbours in the wrong order always end in one block, so every run of falling means is merged at once. Few passes
    do for most records; what still falls after `_PASSES` is merged one by one, in time that grows with its size.
    """
    start = np.arange(total.size)
    begins, size = start % width == 0, total.size
    for _ in range(_PASSES):
        means, rises = total / weight, begins.copy()
        rises[1:] |= means[1:] > means[:-1]
        first = np.flatnonzero(rises)
        if first.size == total.size:
            break
        total, weight = np.add.reduceat(total, first), np.add.reduceat(weight, first)
        start, begins = start[first], begins[first]
    else:
        total, weight, start = _merged_one_by_one(total, weight, start, begins)
    return np.repeat(total / weight, np.diff(start, append=size))


def _merged_one_by_one(
    total: FloatArray, weight: FloatArray, start: IndexArray, begins: BoolArray
) -> tuple[FloatArray, FloatArray, IndexArray]:
    """Merge each block with those before it in its regression until its mean is above that of the last one."""
    kept: list[tuple[float, float, int, bool]] = []
    for new in zip(total.tolist(), weight.tolist(), start.tolist(), begins.tolist(), strict=True):
        block = new
        while not block[3] and kept[-1][0] / kept[-1][1] >= block[0] / block[1]:
            before = kept.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2], before[3])
        kept.append(block)
    totals, weights, starts, _ = zip(*kept, strict=True)
    return np.array(totals), np.array(weights), np.array(starts, dtype=np.intp)


def _refits(count: IndexArray, yes: IndexArray) -> FloatArray:
    """Fit the curves of some resamples: a row for each, a column for each distinct probability."""
    weight = np.tile(count.astype(np.float64), yes.shape[0])
    return _pooled(yes.ravel().astype(np.float64), weight, count.size).reshape(yes.shape)


def _miscalibration(same: Ties, yes: FloatArray | IndexArray, fitted: FloatArray) -> FloatArray:
    """Return the miscalibration of each row: the mean Brier loss that its curve would have saved."""
    # count (p - f)(p + f - 2 v), summed over the distinct probabilities, v being yes / count
    total = (same.values - fitted) * (same.counts * (same.values + fitted) - 2 * yes)
    return np.asarray(total.sum(axis=1) / same.counts.sum(), dtype=np.float64)
