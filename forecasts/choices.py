"""How choices and ordered options are scored.

Each class is a :class:`~forecasts.questions.Scoring` that holds a batch of shares. What was said of a claim is the
place of its shares in the batch, as a number, and NaN withdraws. Values for claims of other types are never read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.curves import in_own_list
from forecasts.inputs import ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import of_known, of_said, positions
from forecasts.possible_savings import Stays
from forecasts.questions import Questions, SteadyList
from forecasts.share_scores import (
    Shares,
    choice_bounds,
    choice_log_losses,
    choice_losses,
    choice_spread,
    ordered_bounds,
    ordered_losses,
    ordered_reference,
    ordered_spread,
)
from forecasts.undoubted import Undoubted, undoubted_cuts, undoubted_options

__all__ = ["Choice", "Ordered"]


@dataclass(frozen=True, eq=False)
class Choice(SteadyList):
    """One of several named options comes true.

    Attributes:
        said: The shares that forecasters gave.
        options: How many options each claim has, shape (claims,).

    >>> from forecasts.share_scores import shares
    >>> lab = Choice(shares([[0.5, 0.3, 0.2]]), np.array([3]))
    >>> lab.losses(np.array([0.0, np.nan]), np.array([1.0, 1.0]), np.array([0, 0])).round(6).tolist()
    [0.39, nan]
    """

    said: Shares
    options: IndexArray

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return (K - 1) / 2K of each claim's K options."""
        return choice_spread(self.options[claim])

    def losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return half the sum of the Brier scores of the options."""
        return of_known(said, outcome, lambda of, at: choice_losses(self.said.part(at), positions(outcome[of])))

    def log_losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the logarithmic score of the option that came true."""
        return of_known(said, outcome, lambda of, at: choice_log_losses(self.said.part(at), positions(outcome[of])))

    def possible_losses(self, said: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the losses if the likeliest option comes true, and if the least likely does."""
        return of_said(said, lambda of, at: choice_bounds(self.said.part(at)))

    def outcomes(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return the options of each series by number."""
        count = self.options[stays.claims]
        return in_own_list(count).astype(np.float64), count

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return what equal shares lose."""
        return self.spread(claim)

    def questions(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return a question for each option, all of a forecast together as heavy as one."""
        return _options(self.said, said, outcome)

    def undoubted(self, said: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return how many options nobody doubted."""
        return undoubted_options(self.said.part(positions(said)), claim)


@dataclass(frozen=True, eq=False)
class Ordered(Choice):
    """One of several options that have an order comes true; fields as of :class:`Choice`.

    >>> from forecasts.share_scores import shares
    >>> size = Ordered(shares([[0.5, 0.3, 0.2]]), np.array([3]))
    >>> size.losses(np.array([0.0, 0.0]), np.array([1.0, 2.0]), np.array([0, 0])).round(6).tolist()
    [0.145, 0.445]
    """

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return (K + 1) / 6K of each claim's K options."""
        return ordered_spread(self.options[claim])

    def losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the mean Brier score of the questions "at most option k?"."""
        return of_known(said, outcome, lambda of, at: ordered_losses(self.said.part(at), positions(outcome[of])))

    def possible_losses(self, said: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the losses at the median option, and at the worse end."""
        return of_said(said, lambda of, at: ordered_bounds(self.said.part(at)))

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return what equal shares lose."""
        return ordered_reference(self.options[claim], outcome)

    def undoubted(self, said: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return of how many options nobody doubted "at most this one?"."""
        return undoubted_cuts(self.said.part(positions(said)), claim)


def _options(batch: Shares, said: FloatArray, outcome: FloatArray) -> Questions:
    """Return whether each option came true, for the forecasts that have a number and an outcome."""
    of = np.flatnonzero(~np.isnan(said + outcome))
    chosen = batch.part(positions(said[of]))
    came_true = np.zeros(chosen.share.size)
    came_true[chosen.first + positions(outcome[of])] = 1.0
    return Questions(chosen.share, came_true, 1.0 / chosen.size[chosen.owner])
