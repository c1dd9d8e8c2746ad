"""How a type of claim is scored: what a forecast loses, what it can still lose, and what "knows nothing" loses.

Each type comes down to yes/no questions, and its loss is the mean of their Brier scores (for a choice half their sum).
A card reads a forecast only through the methods of :class:`Scoring`, so a new type is one more class here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from forecasts.curves import Curves
from forecasts.inputs import ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import positions
from forecasts.possible_savings import Stays, least_saved, possible_sums, running_savings
from forecasts.reference import HALF
from forecasts.scores import log_likelihood
from forecasts.undoubted import Undoubted, undoubted_answers

__all__ = ["YES_NO", "Listed", "Mixed", "Questions", "Scoring", "Steady", "SteadyList", "YesNo"]


Pair: TypeAlias = tuple[FloatArray, FloatArray]


class Questions(NamedTuple):
    """The yes/no questions behind some forecasts, which calibration is judged by: shape (questions,) each.

    Attributes:
        chance: The probability of yes.
        outcome: 1 yes, 0 no, a fraction for partly.
        weight: How much the question counts.
    """

    chance: FloatArray
    outcome: FloatArray
    weight: FloatArray

    @classmethod
    def at_points(cls, batch: Curves, said: FloatArray, outcome: FloatArray) -> Questions:
        """Return whether it was at most each point of the curves, for forecasts that have a curve and an outcome."""
        of = np.flatnonzero(~np.isnan(said + outcome))
        chosen = batch.part(positions(said[of]))
        at_most = (outcome[of][chosen.owner] <= chosen.at).astype(np.float64)
        return cls(chosen.chance, at_most, 1.0 / chosen.size[chosen.owner])


class Scoring(Protocol):
    """How the forecasts on the claims of a ledger are scored.

    What was said is a number for each forecast that only its type reads: the probability of a yes/no claim, or where
    its distribution stands in a batch; NaN withdraws. What came out is a number likewise: 0 to 1, the number of an
    option, a value, a day. *claim* is the number of each forecast's claim.
    """

    @property
    def steady(self) -> bool:
        """Whether what a forecast loses stays the same for as long as it stands."""
        ...

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return what "knows nothing" expects to lose; a skill is divided by it before it is pooled over types."""
        ...

    def losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return what each forecast loses, 0 to 1; NaN without a number or without an outcome."""
        ...

    def log_losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the logarithmic score of each, 0 or more; NaN likewise, and where the type has none."""
        ...

    def possible_losses(self, said: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each can lose, over all outcomes its claim may have."""
        ...

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return what "knows nothing" loses on each claim."""
        ...

    def saved(
        self, said: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return the loss that each saved against "knows nothing", times how long it stood, in units of time."""
        ...

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that the forecasts of each series save together, over all that may happen."""
        ...

    def worst_outcomes(self, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return for each series the outcome at which its forecasts save least, if it is known after all of them.

        With *for_another* that at which they save most: worst for somebody who is set beside them.
        """
        ...

    def questions(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return the yes/no questions behind each forecast."""
        ...

    def undoubted(self, said: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return how much of what each claim asks none of its forecasts doubted; all say something, and claims rise."""
        ...


class Steady:
    """A type on which a forecast loses the same for as long as it stands, so that it saves at an even pace.

    >>> YES_NO.saved(*(np.array([number]) for number in (1.0, 1.0, 0, 2.0, 6.0))).tolist()
    [1.0]
    """

    steady = True

    def saved(
        self: Scoring, said: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return the loss that each saved against "knows nothing", times how long it stood, in units of time."""
        return (self.reference_losses(outcome, claim) - self.losses(said, outcome, claim)) * (ends - starts)


class Listed(Scoring, Protocol):
    """A type whose outcomes can be listed."""

    def outcomes(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return the outcomes of each series, one series after the other, and how many each has."""
        ...


class SteadyList(Steady):
    """A steady type whose outcomes can be listed, so that they are tried one by one."""

    def possible_savings(self: Listed, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return what is saved at least and at most over the outcomes, known at any moment."""
        return possible_sums(self.saved, stays, *self.outcomes(stays))

    def worst_outcomes(self: Listed, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return the outcome at which each series saves least, or most; of several the first."""
        outcomes, count = self.outcomes(stays)
        whole = running_savings(self.saved, stays, outcomes, count).in_all()
        return least_saved(-whole.saved if for_another else whole.saved, whole.series, outcomes)


class YesNo(SteadyList):
    """A claim that comes out yes, no or a fraction: one question, its Brier score, and 50 % for knowing nothing.

    All such claims are scored alike, so which one it is makes no difference.

    >>> YES_NO.losses(np.array([0.25, np.nan]), np.array([1.0, 1.0])).tolist()
    [0.5625, nan]
    >>> [losses.tolist() for losses in YES_NO.possible_losses(np.array([0.25, 1.0]))]
    [[0.0625, 0.0], [0.5625, 1.0]]
    """

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return a quarter for each."""
        return np.full(np.shape(claim), 0.25)

    def losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray | None = None) -> FloatArray:
        """Return the Brier score of each."""
        return np.square(said - outcome)  # both were checked when they were recorded

    def log_losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray | None = None) -> FloatArray:
        """Return the logarithmic score of each."""
        likelihood = log_likelihood(said, outcome)
        return np.subtract(0.0, likelihood, out=likelihood)  # not a minus sign: 0, never -0

    def possible_losses(self, said: FloatArray, claim: ClaimArray | None = None) -> tuple[FloatArray, FloatArray]:
        """Return the Brier scores if the claim goes for the forecast and against it; a fraction lies between them."""
        if_no, if_yes = said * said, (1.0 - said) ** 2
        return np.minimum(if_no, if_yes), np.maximum(if_no, if_yes)

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray | None = None) -> FloatArray:
        """Return the Brier score of always saying 50 %."""
        return self.losses(np.full(np.shape(outcome), HALF), outcome)

    def outcomes(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return no and yes for each series; a fraction lies between them."""
        series = stays.claims.size
        return np.tile([0.0, 1.0], series), np.full(series, 2)

    def questions(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray | None = None) -> Questions:
        """Return the forecasts themselves, each one question."""
        return Questions(said, outcome, np.ones(np.shape(said)))

    def undoubted(self, said: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return whether nobody doubted the answer."""
        return undoubted_answers(said, claim)


class Mixed:
    """The scoring of claims of several types: each claim is scored by its own.

    >>> both = Mixed(np.array([0, 1]), [YES_NO, YES_NO])
    >>> both.losses(np.array([0.25, 0.5]), np.array([1.0, 1.0]), np.array([0, 1])).tolist()
    [0.5625, 0.25]
    """

    def __init__(self, types: IndexArray, scorings: Sequence[Scoring]) -> None:
        """Take for each claim the position of its scoring among *scorings*."""
        self._types, self._scorings = types, scorings

    @property
    def steady(self) -> bool:
        """Whether all of them are."""
        return all(scoring.steady for scoring in self._scorings)

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return the spread of each."""
        return self._joined(claim, lambda scoring, of: scoring.spread(claim[of]))

    def losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of each."""
        return self._joined(claim, lambda scoring, of: scoring.losses(said[of], outcome[of], claim[of]))

    def log_losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the logarithmic score of each."""
        return self._joined(claim, lambda scoring, of: scoring.log_losses(said[of], outcome[of], claim[of]))

    def possible_losses(self, said: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most of each."""
        return self._joined_pairs(claim, lambda scoring, of: scoring.possible_losses(said[of], claim[of]))

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the reference's loss on each."""
        return self._joined(claim, lambda scoring, of: scoring.reference_losses(outcome[of], claim[of]))

    def saved(
        self, said: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return what each saved by standing; NaN without an outcome."""
        known = np.flatnonzero(~np.isnan(outcome))
        claims, whole = claim[known], np.full(np.shape(said), np.nan)
        said, outcome, starts, ends = (column[known] for column in (said, outcome, starts, ends))
        whole[known] = self._joined(
            claims, lambda scoring, of: scoring.saved(said[of], outcome[of], claims[of], starts[of], ends[of])
        )
        return whole

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series can save."""

        return self._joined_pairs(stays.claims, lambda scoring, of: scoring.possible_savings(stays.of_series(of)))

    def worst_outcomes(self, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return the outcome at which each series saves least, or most."""
        return self._joined(
            stays.claims, lambda scoring, of: scoring.worst_outcomes(stays.of_series(of), for_another=for_another)
        )

    def questions(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return the questions behind all of them, one type after the other."""
        parts = [scoring.questions(said[of], outcome[of], claim[of]) for scoring, of in self._parts(claim)]
        return Questions._make(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def undoubted(self, said: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return the same of all of them, one type after the other."""
        parts = [scoring.undoubted(said[of], claim[of]) for scoring, of in self._parts(claim)]
        return Undoubted._make(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def of_type(self, number: int) -> Scoring:
        """Return the scoring of claims of one type, by its position."""
        return self._scorings[number]

    def _parts(self, claim: ClaimArray) -> list[tuple[Scoring, IndexArray]]:
        types = self._types[claim]
        return [(scoring, np.flatnonzero(types == number)) for number, scoring in enumerate(self._scorings)]

    def _joined(self, claim: ClaimArray, column: Callable[[Scoring, IndexArray], FloatArray]) -> FloatArray:
        return self._joined_pairs(claim, lambda scoring, of: (column(scoring, of),) * 2)[0]

    def _joined_pairs(self, claim: ClaimArray, columns: Callable[[Scoring, IndexArray], Pair]) -> Pair:
        least, most = np.full((2, *np.shape(claim)), np.nan)
        for scoring, of in self._parts(claim):
            if of.size:
                least[of], most[of] = columns(scoring, of)
        return least, most


YES_NO = YesNo()
