"""How choices and ordered options are scored.

Each class is a :class:`~forecasts.questions.Scoring` that holds a batch of shares. A forecast is the position of its
shares in the batch, as a number; NaN is a withdrawal. Values for claims of other types are never read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.curves import in_own_list
from forecasts.inputs import ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import positions, score_decided, score_pairs
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
        shares: The shares that forecasters gave.
        options: How many options each claim has, shape (claims,).

    >>> from forecasts.share_scores import shares
    >>> lab = Choice(shares([[0.5, 0.3, 0.2]]), np.array([3]))
    >>> lab.losses(np.array([0.0, np.nan]), np.array([1.0, 1.0]), np.array([0, 0])).round(6).tolist()
    [0.39, nan]
    """

    shares: Shares
    options: IndexArray

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return (K - 1) / 2K for the K options of each claim."""
        return choice_spread(self.options[claim])

    def losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return half the sum of the Brier scores of the options."""
        return score_decided(
            forecast, outcome, lambda rows, index: choice_losses(self.shares.part(index), positions(outcome[rows]))
        )

    def log_losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the logarithmic score of the option that came true."""
        return score_decided(
            forecast, outcome, lambda rows, index: choice_log_losses(self.shares.part(index), positions(outcome[rows]))
        )

    def possible_losses(self, forecast: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the losses if the likeliest option comes true, and if the least likely does."""
        return score_pairs(forecast, lambda rows, index: choice_bounds(self.shares.part(index)))

    def outcomes(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return the numbers of the options of each series, and how many there are."""
        count = self.options[stays.claims]
        return in_own_list(count).astype(np.float64), count

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of equal shares, which is the same whichever option comes true."""
        return self.spread(claim)

    def questions(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return a question for each option; the questions of one forecast together have a weight of 1."""
        return _options(self.shares, forecast, outcome)

    def undoubted(self, forecast: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return for how many options of each claim the answer was not in doubt."""
        return undoubted_options(self.shares.part(positions(forecast)), claim)


@dataclass(frozen=True, eq=False)
class Ordered(Choice):
    """One of several ordered options comes true; the fields are those of :class:`Choice`.

    >>> from forecasts.share_scores import shares
    >>> size = Ordered(shares([[0.5, 0.3, 0.2]]), np.array([3]))
    >>> size.losses(np.array([0.0, 0.0]), np.array([1.0, 2.0]), np.array([0, 0])).round(6).tolist()
    [0.145, 0.445]
    """

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return (K + 1) / 6K for the K options of each claim."""
        return ordered_spread(self.options[claim])

    def losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the mean Brier score of the questions "at most option k?"."""
        return score_decided(
            forecast, outcome, lambda rows, index: ordered_losses(self.shares.part(index), positions(outcome[rows]))
        )

    def possible_losses(self, forecast: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the losses at the median option, and at the worse end."""
        return score_pairs(forecast, lambda rows, index: ordered_bounds(self.shares.part(index)))

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of equal shares."""
        return ordered_reference(self.options[claim], outcome)

    def undoubted(self, forecast: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return for how many options the answer to "is it at most this one?" was not in doubt."""
        return undoubted_cuts(self.shares.part(positions(forecast)), claim)


def _options(batch: Shares, forecast: FloatArray, outcome: FloatArray) -> Questions:
    """Return "does this option come true?" for each option of the forecasts with a number and an outcome."""
    rows = np.flatnonzero(~np.isnan(forecast + outcome))
    chosen = batch.part(positions(forecast[rows]))
    came_true = np.zeros(chosen.share.size)
    came_true[chosen.first + positions(outcome[rows])] = 1.0
    return Questions(chosen.share, came_true, 1.0 / chosen.size[chosen.owner])
