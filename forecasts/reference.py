"""Reference forecasters: plain rules that a forecast has to beat, and what it should drift to as time passes.

Each is a plain rule that needs no insight: always one half, the base rate of the other claims, a constant hazard
for by-date claims, Lindy's rule, a Poisson count. A skill score compares a forecaster with one of them. Numbers
or arrays go in everywhere; probabilities from 0 to 1 come out, a plain number for plain numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.gamma import poisson_tail
from forecasts.inputs import (
    BoolArray,
    FloatArray,
    IndexArray,
    finite,
    floats,
    like_input,
    outcomes,
    paired,
    probabilities,
    refuse,
    same_at,
)
from forecasts.options import codes, whole
from forecasts.special import log_odds, logistic

__all__ = [
    "HALF", "ConstantHazard", "constant_hazard", "count_threshold", "leave_one_out", "lindy", "stale", "updated",
]  # fmt: skip

HALF = 0.5
"""Always "50%": the rule that knows nothing; its Brier score is 0.25 on every claim."""


def leave_one_out(outcome: ArrayLike, *, tag: ArrayLike | None = None, alone: float = HALF) -> FloatArray:
    """Return the base rate for each claim: the yes-rate of the *other* claims, of the same tag if tags are given.

    `outcome` has shape (n,), the result too, each from 0 to 1. The sample's own base rate would have peeked
    at the claim it forecasts; its Brier is smaller than this one's by exactly (n/(n-1))^2. A claim without
    company gets `alone`. Raises ValueError for outcomes outside 0 to 1 and for tags of another length.

    Source: leave-one-out cross-validation (Stone, 1974, J. Royal Statistical Society B 36:111) of the base rate.

    >>> leave_one_out([1, 0, 0]).tolist()
    [0.0, 0.5, 0.5]
    >>> leave_one_out([1, 1, 0], tag=["a", "a", "b"]).tolist()
    [1.0, 1.0, 0.5]
    """
    happened = np.atleast_1d(outcomes(outcome))
    if happened.ndim > 1:
        raise ValueError(f"outcome has shape {happened.shape}; one row of claims is wanted")
    group = np.zeros(happened.shape, dtype=np.intp) if tag is None else codes(np.asarray(tag, dtype=object), "tag")[1]
    if group.shape != happened.shape:
        raise ValueError(f"tag has {group.size} values for {happened.size} outcomes; give one for each")
    if not happened.size:
        return happened
    others = np.bincount(group)[group] - 1
    total = np.bincount(group, weights=happened)[group] - happened
    rate = np.where(others > 0, total / np.maximum(others, 1), float(probabilities(alone, "alone")))
    return np.clip(rate, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class ConstantHazard:
    """A reference for by-date claims that says `probability` at the opening, and then only sees time pass.

    The event is taken to be equally likely at every moment still open, so without it the probability falls:
    q(t) = 1 - (1 - p)^((closes - t) / (closes - opens)), from p at the opening to 0 at the deadline. With
    ``survival=True`` the claim says "stays so until the deadline" and 1 - q rises to 1. p = 1 stays 1 until
    the deadline. `probability` is a number, or one for each series when used with many.

    >>> ConstantHazard(0.75).at(1, opens=0, closes=2)
    0.5
    """

    probability: float | FloatArray
    survival: bool = False

    def __post_init__(self) -> None:
        probabilities(self.probability)

    def at(self, time: ArrayLike, *, opens: ArrayLike, closes: ArrayLike) -> float | FloatArray:
        """Return the probability at `time`, given that nothing has happened by then; ValueError outside the window."""
        now, opened, closed = np.broadcast_arrays(
            finite(time, "time"), finite(opens, "opens"), finite(closes, "closes")
        )
        refuse(opened, opened >= closed, "opens", "is not before closes")
        refuse(now, (now < opened) | (now > closed), "time", "is not within the window")
        with np.errstate(divide="ignore", invalid="ignore"):
            decay = np.log1p(-probabilities(self.probability)) * ((closed - now) / (closed - opened))
        happens = np.where(now == closed, 0.0, 0.0 - np.expm1(decay))
        return like_input(1.0 - happens if self.survival else happens)

    def integrated_brier(
        self,
        outcome: FloatArray,
        *,
        starts: FloatArray,
        ends: FloatArray,
        opens: FloatArray,
        closes: FloatArray,
        series: IndexArray,
    ) -> FloatArray:
        """Return the integral of (q(t) - outcome)^2 over each interval, in closed form.

        With u = 1 - q the integrand is (1 - outcome)^2 - 2 (1 - outcome) u + u^2, and u and u^2 are
        exponentials of the time left. *series* is the number of each interval's series; *outcome* has one value for
        each interval, *opens* and *closes* likewise.
        """
        own = probabilities(self.probability)
        probability = own if own.ndim == 0 else own[series]
        yes = 1.0 - outcome if self.survival else outcome
        with np.errstate(divide="ignore"):
            hazard = -np.log1p(-probability) / (closes - opens)
        left, width = closes - ends, ends - starts
        unhappened = _exponential_integral(hazard, left, width)
        squared = _exponential_integral(2.0 * hazard, left, width)
        return (1.0 - yes) ** 2 * width - 2.0 * (1.0 - yes) * unhappened + squared


def _exponential_integral(rate: FloatArray, left: FloatArray, width: FloatArray) -> FloatArray:
    """Return the integral of exp(-rate * time to the deadline) over an interval that ends `left` before it."""
    sure, still = np.isinf(rate), rate < 1e-300  # below, a product with it would lose its digits
    finite_rate = np.where(sure | still, 1.0, rate)
    area = np.exp(-finite_rate * left) * -np.expm1(-finite_rate * width) / finite_rate
    return np.where(sure, 0.0, np.where(still, width, area))


def constant_hazard(
    probability: ArrayLike, *, elapsed: ArrayLike, horizon: ArrayLike, survival: bool = False
) -> float | FloatArray:
    """Return what an untouched by-date forecast should have become after `elapsed` of `horizon` without the event.

    Numbers or arrays of one shape, result likewise, from 0 to 1. Raises ValueError if `elapsed` is not
    within 0 to `horizon`, and for a horizon that is not above 0.

    Source: the exponential waiting time of survival analysis, e.g. Kalbfleisch & Prentice (2002), ch. 2.

    >>> constant_hazard(0.75, elapsed=1, horizon=2)
    0.5
    >>> constant_hazard(0.75, elapsed=2, horizon=2)
    0.0
    >>> constant_hazard(0.75, elapsed=1, horizon=2, survival=True)
    0.5
    """
    forecaster = ConstantHazard(probabilities(probability), survival)
    passed, end = paired(finite(elapsed, "elapsed"), _above_zero(horizon, "horizon"), names=("elapsed", "horizon"))
    refuse(passed, (passed < 0) | (passed > end), "elapsed", "is not from 0 to horizon")
    return forecaster.at(passed, opens=0.0, closes=end)


def _above_zero(values: ArrayLike, name: str) -> FloatArray:
    """Return finite numbers; ValueError if one is not above 0."""
    array = finite(values, name)
    refuse(array, array <= 0, name, "is not above 0")
    return array


def stale(
    probability: ArrayLike,
    *,
    untouched: ArrayLike,
    left_then: ArrayLike,
    survival: bool = False,
    tolerance: float = 0.05,
) -> bool | BoolArray:
    """Return whether a by-date forecast should have drifted by more than `tolerance` since its last update.

    `untouched` is the time since that update, `left_then` the time that was left to the deadline then; numbers
    or arrays. The drift is that of :func:`constant_hazard`, once the deadline is past all of it: a flag for the
    forecaster, not a score. Raises ValueError for a negative `untouched` and a `left_then` that is not above 0.

    Source: the exponential waiting time of survival analysis, e.g. Kalbfleisch & Prentice (2002), ch. 2.

    >>> stale(0.6, untouched=50, left_then=100), stale(0.6, untouched=5, left_then=100)
    (True, False)
    """
    since, left = paired(
        finite(untouched, "untouched"), _above_zero(left_then, "left_then"), names=("untouched", "left_then")
    )
    refuse(since, since < 0, "untouched", "is negative")
    drifted = constant_hazard(probability, elapsed=np.minimum(since, left), horizon=left, survival=survival)
    flag = same_at(np.abs(probabilities(probability) - drifted)) > same_at(finite(tolerance, "tolerance"))
    return flag if np.ndim(flag) else bool(flag)


def lindy(*, elapsed: ArrayLike, left: ArrayLike, events: int = 0, fixed_period: bool = False) -> float | FloatArray:
    """Return the chance of an event in the time `left` after `elapsed`: Laplace's rule in continuous time.

    Without an event so far: left / (elapsed + left). With n events, 1 - (elapsed / (elapsed + left))^n
    where the watching began with the first of them, or ^(n + 1) where the period was chosen beforehand
    (`fixed_period`). Numbers or arrays that fit each other. Raises ValueError for negative times and for no
    time at all.

    Source: Gott (1993), Nature 363:315.

    >>> lindy(elapsed=10, left=30)
    0.75
    """
    passed, remaining = np.broadcast_arrays(finite(elapsed, "elapsed"), finite(left, "left"))
    refuse(passed, passed < 0, "elapsed", "is negative")
    refuse(remaining, remaining < 0, "left", "is negative")
    refuse(passed, passed + remaining == 0, "elapsed", "and left are both 0, which is no time at all")
    number = whole(events, "events", least=0)
    power = number + 1 if fixed_period else max(number, 1)
    with np.errstate(over="ignore", divide="ignore"):  # next to no time passed: an event is sure
        longer = np.log1p(remaining / np.where(passed > 0, passed, 1.0))
    return like_input(np.where(passed > 0, 0.0 - np.expm1(-power * longer), np.where(remaining > 0, 1.0, 0.0)))


def count_threshold(*, rate: ArrayLike, left: ArrayLike, needed: ArrayLike) -> float | FloatArray:
    """Return the chance that at least `needed` more events come in the time `left`, at a steady `rate` per time.

    The upper tail of a Poisson count with mean rate x left; 1 if none is needed any more. Numbers or arrays that
    fit each other. Raises ValueError for a negative rate or time and for a count that is not whole.

    Source: the Poisson process, e.g. Ross (2014), Introduction to Probability Models, section 5.3.

    >>> round(count_threshold(rate=0.5, left=2, needed=1), 12)  # 1 - 1/e
    0.632120558829
    """
    speed, time, wanted = np.broadcast_arrays(finite(rate, "rate"), finite(left, "left"), finite(needed, "needed"))
    refuse(speed, speed < 0, "rate", "is negative")
    refuse(time, time < 0, "left", "is negative")
    refuse(wanted, wanted != np.floor(wanted), "needed", "is not a whole number of events")
    with np.errstate(over="ignore"):
        expected = speed * time
    refuse(expected, np.isinf(expected), "rate x left", "is too large for floating point")
    tail = poisson_tail(np.where(expected > 0, expected, 1.0), np.maximum(wanted, 1.0))
    chance = np.where(wanted <= 0, 1.0, np.where(expected > 0, tail, 0.0))
    return like_input(np.clip(chance, 0.0, 1.0))


def updated(
    prior: ArrayLike, likelihood_ratios: ArrayLike, *, weights: ArrayLike = 1.0, decisive: bool = False
) -> float | FloatArray:
    """Update a prior by evidence, by Bayes' rule in log-odds; a suggestion, never a recorded forecast.

    logit(posterior) = logit(prior) + sum of weight x ln(likelihood ratio). `prior` is a number or has shape
    (...); `likelihood_ratios` holds the pieces of evidence on its last axis, (k,) or (..., k), `weights` as well,
    or one for all. A weight below 1 discounts evidence that repeats other evidence. The order does not matter,
    and a prior of 0 or 1 never moves. A ratio of 0 or infinity decides alone, unless its weight is 0, and needs
    ``decisive=True``. Raises ValueError for negative ratios, weights outside 0 to 1, and a 0 beside an infinity.

    Source: Good (1950), Probability and the Weighing of Evidence.

    >>> round(updated(0.5, [3.0]), 12)  # odds 1 become 3
    0.75
    """
    start, ratios = probabilities(prior, "prior"), np.atleast_1d(floats(likelihood_ratios, "likelihood ratio"))
    refuse(ratios, ~(ratios >= 0), "likelihood ratio", "is not a number from 0 up")
    trust = np.broadcast_to(probabilities(weights, "weight"), ratios.shape)
    settled = (ratios == 0) | np.isinf(ratios)
    if not decisive:
        refuse(ratios, settled & (trust > 0), "likelihood ratio", "settles everything; say so: decisive=True")
    certain = np.where(settled & (trust > 0), np.where(ratios == 0, -1, 1), 0)
    both = (certain > 0).any(axis=-1) & (certain < 0).any(axis=-1) & (start > 0) & (start < 1)
    if both.any():
        raise ValueError("one likelihood ratio is 0 and another infinite; they cannot both be true")
    evidence = (trust * np.log(np.where(settled, 1.0, ratios))).sum(axis=-1)
    moves = (start > 0) & (start < 1)
    posterior = logistic(log_odds(np.where(moves, start, 0.5)) + evidence)
    verdict = certain.sum(axis=-1)
    posterior = np.where(verdict > 0, 1.0, np.where(verdict < 0, 0.0, posterior))
    return like_input(np.where(moves, posterior, start))
