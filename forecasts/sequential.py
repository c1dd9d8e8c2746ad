"""Compare two forecasters while the record grows: intervals and evidence that hold however often one looks.

An ordinary interval or test holds at one sample size, fixed beforehand; but a record is read whenever somebody is
curious. These hold at all times at once, without a model of the outcomes. Each supposed mean is bet against with
thirty constant stakes at once; a mean is left out as soon as the wealth of those bets, averaged, is too great for it.

What is covered is the running average of the conditional means, also where they change: with a constant stake b the
product of 1 + b x is a martingale times the product of 1 + b mu, and that is at most exp(b sum mu). A stake that
follows the record would need every single mean to be on one side. What must hold is that what has settled says nothing
of claims that were forecast before; a common cause of claims that are open together breaks it. Make those one
observation.

Source: Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by betting", JRSS B 86:1, sections 4
and 5 (mixtures of bets, hedging); for differences of scores Choe & Ramdas (2023), arXiv 2110.00115.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, finite, floats, headroom, refuse
from forecasts.options import between, codes

__all__ = ["ConfidenceSequence", "by_settle_day", "confidence_sequence", "e_process", "log_mean", "log_wealth"]

STAKES: FloatArray = 0.95 * np.arange(1, 31) / 30
"""Each the share of the wealth that is lost if the worst comes."""

_VALUES_AT_ONCE = 8_192  # few enough to stay in the processor's cache
_FACTORS = 8  # multiplied before a logarithm is taken; their product is a float even at the greatest odds
_MOST_LOG_ODDS = 69.0  # 1e30 to 1
_MOST_EXPONENT = 700.0  # whose exponential is a float
_TOLERANCE = 1e-11


@dataclass(frozen=True)
class ConfidenceSequence:
    """The mean loss difference with the interval of the sequence after all that is given.

    Attributes:
        mean: The mean difference.
        lower: The low end of the interval.
        upper: The high end.
    """

    mean: float
    lower: float
    upper: float

    @property
    def distinguishable(self) -> bool:
        """True if the interval leaves out 0; if not, say "not yet distinguishable"."""
        return self.lower > 0 or self.upper < 0


def by_settle_day(differences: ArrayLike, *, statement: Iterable[Hashable], settle_day: ArrayLike) -> FloatArray:
    """Return one mean difference for each statement, in the order in which they settle: what this module works on.

    differences: shape (n,), loss of A minus loss of B on each claim. statement: the label of each claim's
    statement; several readings of one statement stand or fall together, so they count once. settle_day: shape
    (n,), a number for each claim; a statement settles with its last claim, and of those that settle together
    the first in the arrays comes first. The order must not depend on the outcomes, as that of the resolution
    days would. Raises ValueError for unequal shapes, NaN and infinity.

    >>> by_settle_day([0.1, -0.2, 0.3], statement=["b", "a", "b"], settle_day=[5, 7, 9]).tolist()
    [-0.2, 0.2]
    """
    values, days = np.atleast_1d(finite(differences, "difference")), np.atleast_1d(finite(settle_day, "settle_day"))
    labels, group = codes(statement, "statement")
    if not values.shape == days.shape == group.shape:
        raise ValueError(f"there are {values.size} differences, {group.size} statements and {days.size} settle days")
    unit = headroom(values)
    means = np.bincount(group, values / unit) / np.bincount(group) * unit
    # A statement settles with its last claim: taken earlier, its mean would still change.
    settles = np.full(len(labels), -np.inf)
    np.maximum.at(settles, group, days)
    return np.asarray(means[np.argsort(settles, kind="stable")])


def confidence_sequence(
    differences: ArrayLike, *, alpha: float = 0.05, low: float = -1.0, high: float = 1.0
) -> ConfidenceSequence | None:
    """Return the interval that contains the average expected difference, at every look, with probability 1 - alpha.

    differences: shape (n,), loss of A minus loss of B, one for each statement in the order in which they
        settle; negative favours A. Brier differences lie in [-1, 1], the default of `low` and `high`.
    low, high: where every difference must lie, known before the first outcome. Beside always saying one half a
        Brier difference lies in [-0.25, 0.75], and the interval is narrower for it.

    The interval after the first t differences is that of ``differences[:t]``. What is covered then is the mean of
    their conditional expectations, which moves with t: so intervals of different times must not be intersected.

    Returns None without differences. Raises ValueError for a difference outside [low, high], NaN, or an
    alpha outside (0, 1).

    Source: Waudby-Smith & Ramdas (2024), JRSS B 86:1: the means at which the mean of
    prod(1 + .95 u / (m - low) (x - m)) over u = 1/30 .. 1 is below 2 / alpha, and its mirror image too.

    Six differences twenty times over, whose mean is 0.158:

    >>> sequence = confidence_sequence([0.2, 0.1, -0.05, 0.3, 0.15, 0.25] * 20)
    >>> round(sequence.lower, 6), round(sequence.upper, 6), sequence.distinguishable
    (0.101655, 0.201989, True)
    """
    values, low, high = _checked_arguments(differences, low, high)
    # Two one-sided sequences, each with half of alpha: below one the mean is too low, above the other too high.
    threshold = math.log(2 / between(alpha, "alpha"))
    if not values.size:
        return None
    mean = min(max(float(np.mean(values)), low), high)
    lower = min(low + _least_mean(values - low, mean - low, threshold), mean)
    upper = max(high - _least_mean(high - values, high - mean, threshold), mean)
    return ConfidenceSequence(mean, lower, upper)


def e_process(differences: ArrayLike, *, low: float = -1.0, high: float = 1.0) -> FloatArray | None:
    """Return the evidence, after each statement, against "A is on average no better than B".

    differences, low, high: as for :func:`confidence_sequence`. Returns shape (n,), from 0 upwards,
    capped at the largest float; 1 is no evidence, 20 is as rare as a p-value of .05 *at whatever moment one
    chose to stop*, and 1 divided by the largest value so far is an anytime-valid p-value. For the opposite
    question, "B is no better than A", pass the differences with their sign turned.

    Returns None without differences; raises ValueError as :func:`confidence_sequence` does, and where `high` is not
    above 0, because then the question is answered before it is asked.

    Source: Waudby-Smith & Ramdas (2024), JRSS B 86:1: the mean of prod(1 - .95 u / high x) over u = 1/30 .. 1.

    A tie leaves the evidence as it is; a win of 0.2 adds 0.2 x the mean stake, 0.95 x 31/60.

    >>> e_process([0.0, -0.2]).round(6).tolist()
    [1.0, 1.098167]
    """
    values, low, high = _checked_arguments(differences, low, high)
    if not high > 0:
        raise ValueError(f"high {high!r} is not above 0, so no difference can speak for B")
    if not values.size:
        return None
    evidence, wealth = np.empty(values.size), np.zeros(STAKES.size)
    for start in range(0, values.size, _VALUES_AT_ONCE):
        part = slice(start, start + _VALUES_AT_ONCE)
        path = wealth + np.cumsum(np.log1p(np.outer(-values[part] / high, STAKES)), axis=0)
        evidence[part], wealth = log_mean(path), path[-1]
    return np.asarray(np.exp(np.minimum(evidence, math.log(np.finfo(np.float64).max))))


def log_wealth(odds: FloatArray) -> FloatArray:
    """Return the logarithm of the wealth that each stake leads to, shape (30,), from the odds at which each bet pays.

    odds: shape (n,), 0 or more: what a stake of 1 brings back; 1 is what the supposed mean would bring.

    Source: Waudby-Smith & Ramdas (2024), J. Royal Statistical Society B 86:1, section 4, of constant bets.

    >>> log_wealth(np.array([1.0, 1.0])).any()
    np.False_
    """
    stakes, total = STAKES[:, np.newaxis], np.zeros(STAKES.size)
    for start in range(0, odds.size, _VALUES_AT_ONCE):
        part = odds[start : start + _VALUES_AT_ONCE]
        # One logarithm for eight factors makes this fast. Odds of 1, which change no wealth, fill up the last eight.
        even = np.concatenate([part, np.ones(-part.size % _FACTORS)]).reshape(_FACTORS, -1)
        product = (1 - stakes) + stakes * even[0]
        for factor in even[1:]:
            product *= (1 - stakes) + stakes * factor
        total += np.log(product).sum(axis=1)
    return total


def log_mean(logarithms: FloatArray) -> FloatArray:
    """Return the logarithm of the mean of the last axis, given as logarithms, without overflow.

    >>> float(log_mean(np.log([1.0, 3.0])).round(6)), float(log_mean(np.array([-1e9, -1e9])))
    (0.693147, -1000000000.0)
    """
    most = logarithms.max(axis=-1)
    return np.asarray(most + np.log(np.exp(logarithms - most[..., np.newaxis]).mean(axis=-1)))


def _least_mean(values: FloatArray, mean: float, threshold: float) -> float:
    """Return the lowest mean that the values do not refute: below it, bets on a higher mean would have won too much.

    The logarithm of the mean wealth minus the threshold is convex in the logarithm of the odds 1 / mean. At the mean of
    the values it is below 0, and it rises without end. So it is 0 at one higher value, which is looked for in growing
    steps.

    Args:
        values: The values, 0 or more.
        mean: Their mean.
        threshold: The logarithm of the wealth from which on a mean is refuted.
    """
    if mean <= 0:
        return 0.0

    def excess(log_odds: float) -> float:
        return float(log_mean(log_wealth(values * math.exp(log_odds)))) - threshold

    step = (
        1.3 * math.sqrt(2 * (threshold + 1) * float(np.var(values)) / values.size) / mean + 1e-9
    )  # as if errors were normal
    left, most = -math.log(mean), min(_MOST_LOG_ODDS - math.log(float(values.max())), _MOST_EXPONENT)
    while left < most:
        right = min(left + step, most)
        if excess(right) >= 0:
            return math.exp(-_root(excess, left, right))
        left, step = right, 2 * step
    return 0.0


def _root(rising: Callable[[float], float], left: float, right: float) -> float:
    """Return where a rising function is 0, between *left*, where it is below 0, and *right*, where it is above.

    Source: the Illinois rule, Dowell & Jarratt (1971), BIT 11:168: the next guess is where a chord crosses 0; if the
    same end is replaced twice, the value at the other end is halved, so that it comes nearer too.
    """
    below, above, moved = rising(left), rising(right), 0  # moved: the end replaced last, -1 left and 1 right
    while right - left > _TOLERANCE * max(1.0, abs(left)):
        middle = left - below * (right - left) / (above - below)
        value = rising(middle)
        if abs(value) < _TOLERANCE:
            return middle
        if value < 0:
            left, below, above, moved = middle, value, above / (2 if moved < 0 else 1), -1
        else:
            right, above, below, moved = middle, value, below / (2 if moved > 0 else 1), 1
    return right


def _checked_arguments(values: ArrayLike, low: float, high: float) -> tuple[FloatArray, float, float]:
    """Return the differences and their bounds as floats; ValueError if a difference is not within sound bounds."""
    differences = np.atleast_1d(finite(values, "difference"))
    if differences.ndim != 1:
        raise ValueError(f"differences have shape {differences.shape}; one for each statement is wanted")
    low, high = float(floats(low, "low")), float(floats(high, "high"))
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"low {low!r} is not below high {high!r}, or one of them is no bound")
    between(high - low, "high - low", low=1e-100, high=1e100)
    refuse(differences, (differences < low) | (differences > high), "difference", f"is outside [{low!r}, {high!r}]")
    return differences, low, high
