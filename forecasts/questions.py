"""What scoring asks of a type of claim: what a forecast loses, what it can still lose, what knowing nothing loses.

Each type comes down to yes/no questions, and its loss is the mean of their Brier scores (of a choice half their sum).
A card asks these five things of a type and reads a forecast in no other way, so a new type is one more class here.
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
    """The yes/no questions behind some forecasts: what calibrates. Shape (questions,) each."""

    chance: FloatArray
    outcome: FloatArray
    weight: FloatArray


class Scoring(Protocol):
    """How the forecasts on one type of claim are scored; `said` and `outcome` have one value for each forecast."""

    @property
    def spread(self) -> float:
        """What "knows nothing" loses on average by its own lights: what a skill is divided by before it is pooled."""
        ...

    def losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """What each forecast loses, 0 to 1; NaN where nothing was said, or there is no outcome."""
        ...

    def log_losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """The logarithmic score of each, from 0; NaN likewise."""
        ...

    def possible_losses(self, said: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The least and the most that each can still lose, whatever comes of its claim."""
        ...

    def reference_losses(self, outcome: FloatArray) -> FloatArray:
        """What "knows nothing" loses on each claim."""
        ...

    def questions(self, said: FloatArray, outcome: FloatArray) -> Questions:
        """The yes/no questions behind each forecast."""
        ...


class YesNo:
    """A claim that comes out yes, no or a fraction: one question, its Brier score, and 50 % for knowing nothing.

    >>> YES_NO.losses(np.array([0.25, np.nan]), np.array([1.0, 1.0])).tolist()
    [0.5625, nan]
    >>> [one.tolist() for one in YES_NO.possible_losses(np.array([0.25, 1.0]))]
    [[0.0625, 0.0], [0.5625, 1.0]]
    """

    spread = 0.25

    def losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """The Brier score of each."""
        return _where_known(brier, said, outcome)

    def log_losses(self, said: FloatArray, outcome: FloatArray) -> FloatArray:
        """The logarithmic score of each."""
        return _where_known(log_score, said, outcome)

    def possible_losses(self, said: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The Brier scores if it goes for and against the forecast; a fraction lies between."""
        if_no, if_yes = (np.asarray(brier(said, outcome)) for outcome in (0.0, 1.0))
        return np.minimum(if_no, if_yes), np.maximum(if_no, if_yes)

    def reference_losses(self, outcome: FloatArray) -> FloatArray:
        """The Brier score of always saying 50 %."""
        return np.asarray(brier(np.full(np.shape(outcome), HALF), outcome))

    def questions(self, said: FloatArray, outcome: FloatArray) -> Questions:
        """The forecasts themselves, each one question."""
        return Questions(said, outcome, np.ones(np.shape(said)))


YES_NO: Scoring = YesNo()


def _where_known(
    score: Callable[[FloatArray, FloatArray], float | FloatArray], said: FloatArray, outcome: FloatArray
) -> FloatArray:
    """Scores, NaN where a number is missing."""
    if said.ndim and not np.isnan(said @ outcome):  # one pass, and none of the values is lost in the sum
        return np.asarray(score(said, outcome))
    unknown = np.isnan(said + outcome)
    chance, truth = said.copy(), outcome.copy()
    chance[unknown] = truth[unknown] = HALF
    found = np.asarray(score(chance, truth))
    found[unknown] = np.nan
    return found
