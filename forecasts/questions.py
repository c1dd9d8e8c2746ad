"""How a type of claim is scored: what a forecast loses, what it can still lose, and what "knows nothing" loses.

Each type comes down to yes/no questions, and its loss is the mean of their Brier scores (for a choice half their sum).
A card reads a forecast only through the methods of :class:`Scoring`, so a new type is one more class here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from forecasts.inputs import FloatArray
from forecasts.reference import HALF
from forecasts.scores import brier, log_score

__all__ = ["YES_NO", "Questions", "Scoring", "YesNo"]


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


class Scoring(Protocol):
    """How the forecasts on one type of claim are scored; `said` and `outcome` have one value for each forecast."""

    @property
    def spread(self) -> float:
        """What "knows nothing" expects to lose on average; a skill is divided by it before it is pooled over types."""
        ...

    def losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """Return what each forecast loses, 0 to 1; NaN without a number or without an outcome."""
        ...

    def log_losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """Return the logarithmic score of each, 0 or more; NaN likewise."""
        ...

    def possible_losses(self, said: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each can lose, over all outcomes its claim may have."""
        ...

    def reference_losses(self, outcome: FloatArray) -> FloatArray:
        """Return what "knows nothing" loses on each claim."""
        ...

    def questions(self, said: FloatArray, outcome: FloatArray) -> Questions:
        """Return the yes/no questions behind each forecast."""
        ...


class YesNo:
    """A claim that comes out yes, no or a fraction: one question, its Brier score, and 50 % for knowing nothing.

    >>> YES_NO.losses(np.array([0.25, np.nan]), np.array([1.0, 1.0])).tolist()
    [0.5625, nan]
    >>> [losses.tolist() for losses in YES_NO.possible_losses(np.array([0.25, 1.0]))]
    [[0.0625, 0.0], [0.5625, 1.0]]
    """

    spread = 0.25

    def losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """Return the Brier score of each."""
        return _where_known(brier, said, outcome)

    def log_losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """Return the logarithmic score of each."""
        return _where_known(log_score, said, outcome)

    def possible_losses(self, said: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the Brier scores if the claim goes for the forecast and against it; a fraction lies between them."""
        if_no, if_yes = (np.asarray(brier(said, outcome)) for outcome in (0.0, 1.0))
        return np.minimum(if_no, if_yes), np.maximum(if_no, if_yes)

    def reference_losses(self, outcome: FloatArray) -> FloatArray:
        """Return the Brier score of always saying 50 %."""
        return np.asarray(brier(np.full(np.shape(outcome), HALF), outcome))

    def questions(self, said: FloatArray, outcome: FloatArray) -> Questions:
        """Return the forecasts themselves, each one question."""
        return Questions(said, outcome, np.ones(np.shape(said)))


YES_NO: Scoring = YesNo()


def _where_known(
    score: Callable[[FloatArray, FloatArray], float | FloatArray], said: FloatArray, outcome: FloatArray
) -> FloatArray:
    """Return scores, with NaN where the probability or the outcome is missing."""
    if said.ndim and not np.isnan(said @ outcome):  # the product is NaN if any value is; this takes one pass
        return np.asarray(score(said, outcome))
    unknown = np.isnan(said + outcome)
    chance, truth = said.copy(), outcome.copy()
    chance[unknown] = truth[unknown] = HALF  # the score refuses NaN
    scores = np.asarray(score(chance, truth))
    scores[unknown] = np.nan
    return scores
