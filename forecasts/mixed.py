"""Score claims of several types together, each by the scoring of its own type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from forecasts.inputs import ClaimArray, FloatArray, IndexArray
from forecasts.possible_savings import Stays
from forecasts.questions import Questions, Scoring
from forecasts.undoubted import Undoubted

__all__ = ["Mixed"]

Pair: TypeAlias = tuple[FloatArray, FloatArray]


class Mixed:
    """The scoring of claims of several types: each claim is scored by its own.

    >>> from forecasts.questions import YES_NO
    >>> both = Mixed(np.array([0, 1]), [YES_NO, YES_NO])
    >>> both.losses(np.array([0.25, 0.5]), np.array([1.0, 1.0]), np.array([0, 1])).tolist()
    [0.5625, 0.25]
    """

    def __init__(self, types: IndexArray, scorings: Sequence[Scoring]) -> None:
        """Take for each claim the position of its scoring among *scorings*."""
        self._types, self._scorings = types, scorings

    @property
    def steady(self) -> bool:
        """Whether all types are steady."""
        return all(scoring.steady for scoring in self._scorings)

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return the spread of each claim."""
        return self._joined(claim, lambda scoring, rows: scoring.spread(claim[rows]))

    def losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of each forecast."""
        return self._joined(claim, lambda scoring, rows: scoring.losses(forecast[rows], outcome[rows], claim[rows]))

    def log_losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the logarithmic score of each forecast."""
        return self._joined(claim, lambda scoring, rows: scoring.log_losses(forecast[rows], outcome[rows], claim[rows]))

    def possible_losses(self, forecast: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each forecast can lose."""
        return self._joined_pairs(claim, lambda scoring, rows: scoring.possible_losses(forecast[rows], claim[rows]))

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of "knows nothing" on each claim."""
        return self._joined(claim, lambda scoring, rows: scoring.reference_losses(outcome[rows], claim[rows]))

    def saved(
        self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return what each forecast saved while it stood; NaN without an outcome."""
        decided = np.flatnonzero(~np.isnan(outcome))
        claims, savings = claim[decided], np.full(np.shape(forecast), np.nan)
        forecast, outcome, starts, ends = (column[decided] for column in (forecast, outcome, starts, ends))
        savings[decided] = self._joined(
            claims,
            lambda scoring, rows: scoring.saved(forecast[rows], outcome[rows], claims[rows], starts[rows], ends[rows]),
        )
        return savings

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series can save."""
        return self._joined_pairs(stays.claims, lambda scoring, rows: scoring.possible_savings(stays.of_series(rows)))

    def worst_outcomes(self, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return the outcome at which each series saves least, or most *for_another*."""
        return self._joined(
            stays.claims, lambda scoring, rows: scoring.worst_outcomes(stays.of_series(rows), for_another=for_another)
        )

    def questions(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return the questions behind all forecasts, one type after the other."""
        parts = [scoring.questions(forecast[rows], outcome[rows], claim[rows]) for scoring, rows in self._parts(claim)]
        return Questions._make(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def undoubted(self, forecast: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return how much of each claim's question nobody doubted, one type after the other."""
        parts = [scoring.undoubted(forecast[rows], claim[rows]) for scoring, rows in self._parts(claim)]
        return Undoubted._make(np.concatenate(columns) for columns in zip(*parts, strict=True))

    def of_type(self, number: int) -> Scoring:
        """Return the scoring of claims of one type, by its position."""
        return self._scorings[number]

    def _parts(self, claim: ClaimArray) -> list[tuple[Scoring, IndexArray]]:
        """Return each scoring with the rows whose claims it scores."""
        types = self._types[claim]
        return [(scoring, np.flatnonzero(types == number)) for number, scoring in enumerate(self._scorings)]

    def _joined(self, claim: ClaimArray, column: Callable[[Scoring, IndexArray], FloatArray]) -> FloatArray:
        """Return the column that each scoring computes for its rows, joined in the order of *claim*; else NaN."""
        joined = np.full(np.shape(claim), np.nan)
        for scoring, rows in self._parts(claim):
            if rows.size:
                joined[rows] = column(scoring, rows)
        return joined

    def _joined_pairs(self, claim: ClaimArray, columns: Callable[[Scoring, IndexArray], Pair]) -> Pair:
        """Return the two columns that each scoring computes for its rows, as :meth:`_joined` does."""
        least, most = np.full((2, *np.shape(claim)), np.nan)
        for scoring, rows in self._parts(claim):
            if rows.size:
                least[rows], most[rows] = columns(scoring, rows)
        return least, most
