"""Find how much of a claim's question nobody doubted: such answers cost nothing to give, and raise every skill.

Each type of claim comes down to yes/no questions. "Does this option come true?" was not in doubt if every forecast gave
it 2 % or less, or if every one gave it 98 % or more. "Is it at most this one?", for ordered options, values or days,
was not in doubt if it lies outside the middle 80 % of every forecast. The limit is wider there, because a curve drawn
to a far end leaves a little chance all the way.
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

SURE, OUTER = 0.02, 0.1  # chances up to these are not a doubt: for an option or answer, and along an order
ROUNDING = 1e-9  # the rounding error that arithmetic with chances may have


class Undoubted(NamedTuple):
    """How much of the questions of some claims nobody doubted: shape (claims,) each.

    Attributes:
        claim: The number of the claim.
        questions: How many of its questions were not in doubt; for a number, the share of its range.
        asked: How many questions it has; 1 for a number.
    """

    claim: ClaimArray
    questions: FloatArray
    asked: FloatArray

    @classmethod
    def outside(cls, begins: FloatArray, ends: FloatArray, length: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return how much of each claim's axis lies outside the parts that its forecasts doubt.

        The space between the doubts of two forecasts counts as doubted, because they are sure of opposite answers.

        Args:
            begins: Where on the axis the doubt of each forecast begins.
            ends: Where it ends.
            length: The length of the axis.
            claim: The claim of each forecast, ascending.
        """
        first = np.flatnonzero(np.diff(claim, prepend=-1))
        of_claim = np.maximum.reduceat(length, first)
        doubted = np.maximum.reduceat(ends, first) - np.minimum.reduceat(begins, first)
        return cls(claim[first], of_claim - doubted, of_claim)

    def part(self, chosen: ClaimArray) -> Undoubted:
        """Return the claims at the positions in *chosen*."""
        return Undoubted._make(column[chosen] for column in self)

    @property
    def shares(self) -> FloatArray:
        """The share of each claim's questions that was not in doubt."""
        return self.questions / self.asked


def undoubted_answers(chance: FloatArray, claim: ClaimArray) -> Undoubted:
    """Return for each claim 1 if nobody doubted the answer, yes or no, and 0 if somebody did.

    Args:
        chance: The probability of yes in each forecast.
        claim: The number of each forecast's claim, ascending.

    >>> undoubted_answers(np.array([0.01, 0.02, 0.01, 0.99]), np.array([3, 3, 4, 4])).questions.tolist()
    [1.0, 0.0]
    """
    begins, ends = (np.where(chance < level, 1.0, 0.0) for level in _levels(SURE))
    return Undoubted.outside(begins, ends, np.ones(chance.size), claim)


def undoubted_options(batch: Shares, claim: ClaimArray) -> Undoubted:
    """Return how many options of each claim were not in doubt; *claim* is as for :func:`undoubted_answers`.

    >>> from forecasts.share_scores import shares
    >>> undoubted_options(shares([[0.5, 0.5, 0, 0], [0.4, 0.57, 0.02, 0.01]]), np.array([0, 0])).questions.tolist()
    [2.0]
    """
    most = batch.size.max(initial=1)
    # Treat each option as a claim of yes or no with a number of its own, and add up those of each claim.
    option = np.repeat(claim, batch.size) * most + in_own_list(batch.size)
    order = np.argsort(option, kind="stable")
    by_option = undoubted_answers(batch.share[order], option[order])
    claims, position = np.unique(by_option.claim // most, return_inverse=True)
    questions, asked = (np.bincount(position, column, claims.size).astype(np.float64) for column in by_option[1:])
    return Undoubted(claims, questions, asked)


def undoubted_cuts(batch: Shares, claim: ClaimArray) -> Undoubted:
    """Return how many of the K - 1 questions "is it at most this one?" on ordered options were not in doubt.

    >>> from forecasts.share_scores import shares
    >>> undoubted_cuts(shares([[0, 0, 0.5, 0.5, 0]]), np.array([0]))[1:]
    (array([3.]), array([4.]))
    """
    sums = np.cumsum(batch.share)
    at_most = sums - np.repeat((sums - batch.share)[batch.first], batch.size)
    begins, ends = (np.add.reduceat(1.0 * (at_most < level), batch.first) for level in _levels(OUTER))
    return Undoubted.outside(begins, ends, batch.size.astype(np.float64) - 1, claim)


def undoubted_range(curves: Curves, claim: ClaimArray, *, low: FloatArray, high: FloatArray) -> Undoubted:
    """Return which share of the range of each number was not in doubt.

    Args:
        curves: The curve of each forecast.
        claim: The number of each forecast's claim, ascending.
        low: The low end of its range, for each forecast.
        high: The high end of its range, for each forecast.

    >>> from forecasts.curves import curves
    >>> drawn = curves([[(20, 0.1), (30, 0.9)], [(22, 0.1), (40, 0.9)]])
    >>> undoubted_range(drawn, np.array([0, 0]), low=np.zeros(2), high=np.full(2, 100.0)).questions.round(6).tolist()
    [0.8]
    """
    begins, ends = (np.clip(number_quantiles(curves, level, low=low, high=high), low, high) for level in _levels(OUTER))
    return Undoubted.outside(begins / (high - low), ends / (high - low), np.ones(curves.size.size), claim)


def undoubted_days(curves: Curves, claim: ClaimArray, *, days: FloatArray, passed: FloatArray) -> Undoubted:
    """Return for how many days "does it happen by the end of this day?" was not in doubt.

    Only days count that were still to come when the first forecast began to stand.

    Args:
        curves: The curve of each forecast over the days of its window.
        claim: The number of each forecast's claim, ascending.
        days: How many days its window has, for each forecast.
        passed: How many of these were over when it began to stand.

    >>> from forecasts.curves import curves
    >>> drawn = curves([[(10, 0), (30, 1), (100, 1)]])
    >>> undoubted_days(drawn, np.array([0]), days=np.array([100]), passed=np.array([10.0]))[1:]
    (array([75.]), array([90.]))
    """
    begins, ends = (np.maximum(likely_days(curves, days=days, chance=level), passed + 1) for level in _levels(OUTER))
    return Undoubted.outside(begins, ends, days - passed, claim)


def _levels(least: float) -> tuple[float, float]:
    """Return the chances between which there is doubt."""
    return least + ROUNDING, 1 - least - ROUNDING
