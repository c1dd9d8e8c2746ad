"""Find how much of what a claim asks hardly anybody ever doubted: it costs nothing to say, and raises every skill.

Each type of claim comes down to yes/no questions. "Does this option come true?" was not in doubt if every forecast gave
it 2 % or less, or every one gave it 98 % or more. "At most this one?", of options in an order, values or days, was not
if it lies outside the middle 80 % of every forecast: a line drawn on to a far end leaves a little chance all the way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.curves import Curves, in_own_list
from forecasts.day_chances import likely_days
from forecasts.inputs import ClaimArray, FloatArray
from forecasts.number_scores import number_quantiles
from forecasts.share_scores import Shares

__all__ = [
    "OUTER", "ROUNDING", "SURE", "Undoubted", "undoubted_answers", "undoubted_cuts", "undoubted_days",
    "undoubted_options", "undoubted_range",
]  # fmt: skip

SURE, OUTER = 0.02, 0.1  # chances up to these are no doubt: of an option or answer, and along an order
ROUNDING = 1e-9  # of arithmetic with chances


class Undoubted(NamedTuple):
    """How much of what some claims ask nobody doubted: shape (claims,) each.

    Attributes:
        claim: The number of the claim.
        questions: How many of its questions were not in doubt; of a number which share of its range.
        of: How many it has.
    """

    claim: ClaimArray
    questions: FloatArray
    of: FloatArray

    @classmethod
    def outside(cls, begins: FloatArray, ends: FloatArray, whole: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return what lies on the axis of each claim outside of all that its forecasts leave open.

        Each leaves open what lies from where it begins to doubt to where it ends. What lies between two forecasts that
        are sure of the opposite is open, too.
        """
        first = np.flatnonzero(np.diff(claim, prepend=-1))
        of = np.maximum.reduceat(whole, first)
        left_open = np.maximum.reduceat(ends, first) - np.minimum.reduceat(begins, first)
        return cls(claim[first], of - left_open, of)

    def part(self, chosen: ClaimArray) -> Undoubted:
        """Return some of the claims, by position."""
        return Undoubted._make(column[chosen] for column in self)

    @property
    def shares(self) -> FloatArray:
        """Which share of its questions that is."""
        return self.questions / self.of


def undoubted_answers(chance: FloatArray, claim: ClaimArray) -> Undoubted:
    """Return on which claims nobody doubted the answer, yes or no; 1 for such a claim and 0 for another.

    Args:
        chance: What each forecast gives to yes.
        claim: The number of its claim, which rise.

    >>> undoubted_answers(np.array([0.01, 0.02, 0.01, 0.99]), np.array([3, 3, 4, 4])).questions.tolist()
    [1.0, 0.0]
    """
    begins, ends = (np.where(chance < level, 1.0, 0.0) for level in _levels(SURE))
    return Undoubted.outside(begins, ends, np.ones(chance.size), claim)


def undoubted_options(said: Shares, claim: ClaimArray) -> Undoubted:
    """Return how many options of each claim were not in doubt; arguments as :func:`undoubted_answers` has them.

    >>> from forecasts.share_scores import shares
    >>> undoubted_options(shares([[0.5, 0.5, 0, 0], [0.4, 0.57, 0.02, 0.01]]), np.array([0, 0])).questions.tolist()
    [2.0]
    """
    most = said.size.max(initial=1)
    option = np.repeat(claim, said.size) * most + in_own_list(said.size)  # the number of each among those of all claims
    order = np.argsort(option, kind="stable")
    sure = undoubted_answers(said.share[order], option[order])
    claims, which = np.unique(sure.claim // most, return_inverse=True)
    questions, of = (np.bincount(which, column, claims.size).astype(np.float64) for column in sure[1:])
    return Undoubted(claims, questions, of)


def undoubted_cuts(said: Shares, claim: ClaimArray) -> Undoubted:
    """Return the same of ordered options, whose K - 1 questions are "at most this one?".

    >>> from forecasts.share_scores import shares
    >>> undoubted_cuts(shares([[0, 0, 0.5, 0.5, 0]]), np.array([0]))[1:]
    (array([3.]), array([4.]))
    """
    sums = np.cumsum(said.share)
    at_most = sums - np.repeat((sums - said.share)[said.first], said.size)
    begins, ends = (np.add.reduceat(1.0 * (at_most < level), said.first) for level in _levels(OUTER))
    return Undoubted.outside(begins, ends, said.size.astype(np.float64) - 1, claim)


def undoubted_range(said: Curves, claim: ClaimArray, *, low: FloatArray, high: FloatArray) -> Undoubted:
    """Return which share of the range of each number was not in doubt.

    Args:
        said: A curve of each forecast.
        claim: The number of its claim, which rise.
        low: The low end of the range, of each forecast.
        high: The high end.

    >>> from forecasts.curves import curves
    >>> said = curves([[(20, 0.1), (30, 0.9)], [(22, 0.1), (40, 0.9)]])
    >>> undoubted_range(said, np.array([0, 0]), low=np.zeros(2), high=np.full(2, 100.0)).questions.round(6).tolist()
    [0.8]
    """
    begins, ends = (np.clip(number_quantiles(said, level, low=low, high=high), low, high) for level in _levels(OUTER))
    return Undoubted.outside(begins / (high - low), ends / (high - low), np.ones(said.size.size), claim)


def undoubted_days(said: Curves, claim: ClaimArray, *, days: FloatArray, passed: FloatArray) -> Undoubted:
    """Return of how many days "by the end of this day?" was not in doubt, among those to come for anybody.

    Args:
        said: A curve of each forecast over the days of its window.
        claim: The number of its claim, which rise.
        days: How many days the window has, of each forecast.
        passed: How many of them were over when it began to stand.

    >>> from forecasts.curves import curves
    >>> said = curves([[(10, 0), (30, 1), (100, 1)]])
    >>> undoubted_days(said, np.array([0]), days=np.array([100]), passed=np.array([10.0]))[1:]
    (array([75.]), array([90.]))
    """
    begins, ends = (np.maximum(likely_days(said, days=days, chance=level), passed + 1) for level in _levels(OUTER))
    return Undoubted.outside(begins, ends, days - passed, claim)


def _levels(least: float) -> tuple[float, float]:
    """Return the chances between which there is doubt."""
    return least + ROUNDING, 1 - least - ROUNDING
