"""Hold the plain counts of who was right: the ways in which statements come out, and how many of a forecaster's did.

:mod:`predictions.scoring.counting` counts them; the interval of the share on the right side of 50 % is computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np

from forecasts.bins import jeffreys_interval
from forecasts.inputs import FloatArray, IndexArray
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.track_record import FEW


class Came(StrEnum):
    """How a statement came out for its forecaster, or why it does not count; each statement is counted once."""

    TRUE = "came true"
    NOT = "did not"
    PARTLY = "true in part"  # a fraction
    AMBIGUOUS = "unclear"  # ambiguous: the facts do not decide
    ANNULLED = "annulled"
    NO_VERDICT = "no verdict"
    OPEN = "open"  # or resolved before its settle day, which is still to come
    BACKDATED = "backdated"
    TOO_LATE = "too late"
    LAST_DAY = "on the day of the answer"
    WITHDRAWN = "withdrawn"
    MISFIT = "no longer fits"  # said of a draft that asks something else since
    SUPERSEDED = "superseded"  # the statement is counted on an earlier claim of the chain


EVERY_CAME = tuple(Came)
NUMBER_OF_CAME = {came: number for number, came in enumerate(EVERY_CAME)}
CAME_UNDECIDED = (Came.PARTLY, Came.AMBIGUOUS, Came.ANNULLED, Came.NO_VERDICT)  # due, and neither true nor not
CAME_DUE = EVERY_CAME[: NUMBER_OF_CAME[Came.NO_VERDICT] + 1]
# Counted among what was said, and nowhere else.
SAID_ONLY = (Came.BACKDATED, Came.TOO_LATE, Came.LAST_DAY, Came.WITHDRAWN, Came.MISFIT)


@dataclass(frozen=True)
class PlainCount:
    """The statements of one forecaster, counted.

    Attributes:
        counts: How many came out in each way, in the order of EVERY_CAME.
        words: How many of those that count were said in words, so that their numbers were read by us.
        read_afterwards: How many of *words* came out yes or no, but were read after the answer was public.
        not_resolvable: How many are marked not resolvable: no public fact could decide them.
        right: How many of *sided* were on the right side of 50 %.
        sided: How many came out yes or no, and had a number above or below 50 % that was known before.
        at_half: How many came out yes or no, but had exactly 50 %, which is on no side.
        expected: How many of *sided* should be right by their own numbers: of those at 70 %, seven in ten.
        commoner: How many of *sided* would be right if everyone said the commoner answer of the two.
        against: How many of *sided* had a number below 50 %.
        right_against: How many of *against* did not come true.
        contested: How many of *sided* have a verdict that somebody contests.
        right_contested: How many of *contested* are on the right side by that verdict.
        observations: How many observations *sided* makes; statements that hang together are one.
        right_observations: How many observations were right; of two statements that hang together each is half of one.
            A cluster that was declared too late makes both numbers smaller, but does not change the share.
        interval: Where the share of observations on the right side may lie, for one look; None if there are too few.
            It covers every outcome of claims that are due and undecided or contested, and of numbers kept out because
            a verdict is dated early.
        bare: How many of *counts* had no number.
        dated_early: How many numbers did not stand in time, but would have, had the answer become public only when its
            verdict, which is dated early, was recorded.
        condition_failed: How many numbers are on claims that were annulled because their condition failed; this leaves
            nothing in doubt.
    """

    counts: tuple[int, ...]
    words: int
    read_afterwards: int
    not_resolvable: int
    right: int
    sided: int
    at_half: int
    expected: float
    commoner: int
    against: int
    right_against: int
    contested: int
    right_contested: int
    observations: int
    right_observations: float
    interval: tuple[float, float] | None
    bare: tuple[int, ...] = (0,) * len(EVERY_CAME)
    dated_early: int = 0
    condition_failed: int = 0

    def __getitem__(self, came: Came) -> int:
        return self.counts[NUMBER_OF_CAME[came]]

    def with_number(self, came: Came) -> int:
        """Return how many of the statements with a number, stated or read from words, came out in this way."""
        return self[came] - self.bare[NUMBER_OF_CAME[came]]

    @property
    def no_number(self) -> int:
        """How many of the statements that count have no number."""
        return sum(self.bare[: NUMBER_OF_CAME[Came.OPEN] + 1])

    @property
    def due(self) -> int:
        """How many statements are due, with or without a verdict."""
        return sum(self[came] for came in CAME_DUE)

    @property
    def unclear(self) -> int:
        """How many statements have a verdict that is neither yes nor no."""
        return self[Came.PARTLY] + self[Came.AMBIGUOUS] + self[Came.ANNULLED]

    @property
    def undecided(self) -> dict[Came, int]:
        """How many numbers are still in doubt, by how their claims stand; ways without any are left out."""
        counts = {came: self.with_number(came) for came in (*CAME_UNDECIDED, Came.OPEN)}
        counts[Came.ANNULLED] -= self.condition_failed
        return {came: count for came, count in counts.items() if count}

    @property
    def said(self) -> int:
        """How many statements were made in all; a superseded one is counted on its earlier claim only."""
        return sum(self.counts) - self[Came.SUPERSEDED] + self.not_resolvable


@dataclass(frozen=True, eq=False)
class PlainCounts:
    """The counts of every forecaster of a table: the fields of PlainCount as arrays of shape (forecasters,).

    ``counts`` and ``bare`` have shape (ways in EVERY_CAME, forecasters).
    """

    counts: IndexArray
    words: IndexArray
    read_afterwards: IndexArray
    not_resolvable: IndexArray
    right: IndexArray
    sided: IndexArray
    at_half: IndexArray
    expected: FloatArray
    commoner: IndexArray
    against: IndexArray
    right_against: IndexArray
    contested: IndexArray
    right_contested: IndexArray
    observations: IndexArray
    right_observations: FloatArray
    bare: IndexArray
    dated_early: IndexArray
    condition_failed: IndexArray

    def of(self, numbers: Sequence[int]) -> list[PlainCount]:
        """Return the counts of the forecasters with these numbers."""
        names = {field.name for field in fields(PlainCount)} - {"counts", "bare", "interval"}
        return [
            PlainCount(
                counts=tuple(self.counts[:, number].tolist()),
                bare=tuple(self.bare[:, number].tolist()),
                interval=None if np.isnan(low) else (low, high),
                **{name: getattr(self, name)[number].item() for name in names},
            )
            for number, (low, high) in zip(numbers, self._intervals(numbers).tolist(), strict=True)
        ]

    def _intervals(self, numbers: Sequence[int]) -> FloatArray:
        """Return for each of these forecasters the interval of the share of observations on the right side of 50 %.

        Claims that are undecided or contested count as wrong at the lower end, and as right at the upper end. Computing
        it for all forecasters takes about as long as for one, so callers ask for many at once.

        Returns:
            Lower and upper ends, shape (n, 2); NaN for a forecaster with fewer than FEW decided observations.
        """
        chosen = np.asarray(numbers, np.intp)
        decided, right = self.observations[chosen], self.right_observations[chosen]
        with_number = (self.counts - self.bare)[:, chosen]
        undecided = sum(with_number[NUMBER_OF_CAME[came]] for came in CAME_UNDECIDED)
        # An annulled claim whose condition failed leaves no doubt.
        undecided = undecided + self.dated_early[chosen] - self.condition_failed[chosen]
        fewest_right = np.maximum(right - self.right_contested[chosen], 0)
        most_right = np.minimum(right + (self.contested - self.right_contested)[chosen], decided) + undecided
        intervals, enough = np.full((chosen.size, 2), np.nan), decided >= FEW
        if enough.any():
            total = (decided + undecided)[enough]
            intervals[enough, 0] = jeffreys_interval(fewest_right[enough], total, level=LEVEL)[0]
            intervals[enough, 1] = jeffreys_interval(most_right[enough], total, level=LEVEL)[1]
        return intervals

    @property
    def said(self) -> IndexArray:
        """How many statements each forecaster made."""
        return np.asarray(self.counts.sum(0) - self.counts[NUMBER_OF_CAME[Came.SUPERSEDED]] + self.not_resolvable)
