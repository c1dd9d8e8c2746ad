"""How a type of claim is scored: the loss of a forecast, its possible losses, and the loss of "knows nothing".

Each type comes down to yes/no questions, and its loss is the mean of their Brier scores (for a choice half their sum).
A card reads a forecast only through the methods of :class:`Scoring`, so a new type needs one more class like these.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from forecasts.curves import Curves
from forecasts.inputs import ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import positions
from forecasts.possible_savings import Stays, least_saved, possible_sums, running_savings
from forecasts.reference import HALF
from forecasts.scores import log_likelihood
from forecasts.undoubted import Undoubted, undoubted_answers

__all__ = ["YES_NO", "Listed", "Questions", "Scoring", "Steady", "SteadyList", "YesNo"]


class Questions(NamedTuple):
    """The yes/no questions behind some forecasts, by which calibration is judged: shape (questions,) each.

    Attributes:
        chance: The probability of yes.
        outcome: 1 for yes, 0 for no, a fraction for partly.
        weight: How much the question counts.
    """

    chance: FloatArray
    outcome: FloatArray
    weight: FloatArray

    @classmethod
    def at_points(cls, batch: Curves, forecast: FloatArray, outcome: FloatArray) -> Questions:
        """Return "is it at most this point?" for each point of the forecasts that have a curve and an outcome.

        Args:
            batch: The curves.
            forecast: The position of each forecast's curve in the batch; NaN for a withdrawal.
            outcome: The value or day that came out; NaN without one.
        """
        rows = np.flatnonzero(~np.isnan(forecast + outcome))
        chosen = batch.part(positions(forecast[rows]))
        at_most = (outcome[rows][chosen.owner] <= chosen.at).astype(np.float64)
        return cls(chosen.chance, at_most, 1.0 / chosen.size[chosen.owner])


class Scoring(Protocol):
    """How the forecasts on the claims of a ledger are scored.

    All arguments are columns with a row for each forecast, and so are the results:

    - *forecast* is a number that only the type of claim understands: the probability of a yes/no claim, or the
      position of a distribution in a batch. NaN is a withdrawal.
    - *outcome* is the outcome of its claim, also by type: 0 to 1, the number of an option, a value, a day. NaN means
      that there is none.
    - *claim* is the number of its claim.
    - *starts* and *ends* are the moments from which and until which it stood.
    """

    @property
    def steady(self) -> bool:
        """Whether the loss of a forecast stays the same for as long as it stands."""
        ...

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return the expected loss of "knows nothing", by which a skill is divided before types are pooled."""
        ...

    def losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of each forecast, 0 to 1, lower is better; NaN without a number or without an outcome."""
        ...

    def log_losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the logarithmic score of each, 0 or more; NaN also for a type that has no such score."""
        ...

    def possible_losses(self, forecast: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each can lose, over all possible outcomes of its claim."""
        ...

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of "knows nothing" on each claim."""
        ...

    def saved(
        self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return the loss that each saved against "knows nothing", times how long it stood, in the unit of *starts*."""
        ...

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series saves in all, over all outcomes and moments of the answer."""
        ...

    def worst_outcomes(self, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return for each series the outcome at which it saves least, if the answer is known after all its forecasts.

        With *for_another* it is the outcome at which the series saves most: the worst for somebody compared with it.
        """
        ...

    def questions(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return the yes/no questions behind each forecast."""
        ...

    def undoubted(self, forecast: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return how much of each claim's question none of its forecasts doubted.

        Here no forecast is a withdrawal, and *claim* is in ascending order.
        """
        ...


class Steady:
    """A type on which the loss of a forecast stays the same while it stands, so that savings grow evenly with time.

    >>> YES_NO.saved(*(np.array([number]) for number in (1.0, 1.0, 0, 2.0, 6.0))).tolist()
    [1.0]
    """

    steady = True

    def saved(
        self: Scoring,
        forecast: FloatArray,
        outcome: FloatArray,
        claim: ClaimArray,
        starts: FloatArray,
        ends: FloatArray,
    ) -> FloatArray:
        """Return the loss that each saved against "knows nothing", times how long it stood."""
        return (self.reference_losses(outcome, claim) - self.losses(forecast, outcome, claim)) * (ends - starts)


class Listed(Scoring, Protocol):
    """A type whose outcomes can be listed."""

    def outcomes(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return the possible outcomes of each series, one series after the other, and how many each has."""
        ...


class SteadyList(Steady):
    """A steady type whose outcomes can be listed, so that they are tried one by one."""

    def possible_savings(self: Listed, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series saves, over all outcomes and moments of the answer."""
        return possible_sums(self.saved, stays, *self.outcomes(stays))

    def worst_outcomes(self: Listed, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return the outcome at which each series saves least, or most *for_another*; of several the first."""
        outcomes, count = self.outcomes(stays)
        totals = running_savings(self.saved, stays, outcomes, count).in_all()
        return least_saved(-totals.saved if for_another else totals.saved, totals.series, outcomes)


class YesNo(SteadyList):
    """A claim that comes out yes, no or a fraction: one question, its Brier score, and 50 % for knowing nothing.

    All such claims are scored in the same way, so the number of the claim is not needed.

    >>> YES_NO.losses(np.array([0.25, np.nan]), np.array([1.0, 1.0])).tolist()
    [0.5625, nan]
    >>> [losses.tolist() for losses in YES_NO.possible_losses(np.array([0.25, 1.0]))]
    [[0.0625, 0.0], [0.5625, 1.0]]
    """

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return 1/4 for each claim."""
        return np.full(np.shape(claim), 0.25)

    def losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray | None = None) -> FloatArray:
        """Return the Brier score of each."""
        return np.square(forecast - outcome)  # both were checked when they were recorded, so nothing is checked again

    def log_losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray | None = None) -> FloatArray:
        """Return the logarithmic score of each."""
        likelihood = log_likelihood(forecast, outcome)
        return np.subtract(0.0, likelihood, out=likelihood)  # a minus sign would turn 0 into -0

    def possible_losses(self, forecast: FloatArray, claim: ClaimArray | None = None) -> tuple[FloatArray, FloatArray]:
        """Return the Brier scores of the better and the worse answer; those of fractions lie between them."""
        if_no, if_yes = forecast * forecast, (1.0 - forecast) ** 2
        return np.minimum(if_no, if_yes), np.maximum(if_no, if_yes)

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray | None = None) -> FloatArray:
        """Return the Brier score of always saying 50 %."""
        return self.losses(np.full(np.shape(outcome), HALF), outcome)

    def outcomes(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return no and yes for each series, 2 each; what is saved with a fraction lies between them."""
        series = stays.claims.size
        return np.tile([0.0, 1.0], series), np.full(series, 2)

    def questions(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray | None = None) -> Questions:
        """Return each forecast as one question with a weight of 1."""
        return Questions(forecast, outcome, np.ones(np.shape(forecast)))

    def undoubted(self, forecast: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return for each claim whether nobody doubted the answer."""
        return undoubted_answers(forecast, claim)


YES_NO = YesNo()
