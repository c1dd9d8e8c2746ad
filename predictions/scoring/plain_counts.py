"""Count in plain numbers who was right: what each forecaster said, how much of it is due, and how that came out.

A statement counts once, however often it was superseded, and whether it was said as a number, in words or as neither.
What was said without a number is on no side of 50 %. Statements that cannot be held against a forecaster (too late,
backdated, not resolvable) are counted among those said, and nowhere else. The interval of the share on the right side
of 50 % is computed here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from forecasts.bins import jeffreys_interval
from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray
from forecasts.kernel import LATE, SAME_STEP, STOOD, WITHDRAWN, Series
from predictions.scoring.columns.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, ClaimColumns
from predictions.scoring.eligibility import Category, Cohort
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.series import SeriesTable
from predictions.scoring.track_record import FEW
from predictions.slugs import Titles, slug_of_name

AT_ONCE = 1 << 16  # series that are counted together, few enough for the processor's cache
SUMMED = (
    "words", "read_afterwards", "at_half", "sided", "right", "yes", "against", "right_against", "contested",
    "right_contested",
)  # fmt: skip  # for each forecaster, beside the places


class Came(StrEnum):
    """How a statement of a forecaster came out, or why that does not count; each statement is counted once."""

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


PLACES = tuple(Came)
NUMBER = {came: number for number, came in enumerate(PLACES)}
DUE = PLACES[: NUMBER[Came.NO_VERDICT] + 1]
# Counted among what was said, and nowhere else.
BESIDE = (Came.BACKDATED, Came.TOO_LATE, Came.LAST_DAY, Came.WITHDRAWN, Came.MISFIT)
_NEVER_STOOD = {LATE: Came.TOO_LATE, SAME_STEP: Came.LAST_DAY, WITHDRAWN: Came.WITHDRAWN}
_BY_STATE = np.array([NUMBER[_NEVER_STOOD.get(state, Came.OPEN)] for state in range(1 + max(_NEVER_STOOD))], np.uint8)


@dataclass(frozen=True)
class PlainCount:
    """The statements of one forecaster, counted.

    Attributes:
        counts: How many came out in each way, in the order of PLACES.
        words: How many of those that count were said in words, so that their numbers were read by us.
        read_afterwards: How many of these were read after the answer was public.
        not_resolvable: How many are marked not resolvable: no public fact could decide them.
        right: How many of *sided* were on the right side of 50 %.
        sided: How many came out yes or no, with a number above or below 50 % that was known before.
        at_half: How many had exactly 50 %, which is on no side.
        expected: How many of *sided* would be right if the numbers were: of those at 70 %, seven in ten.
        commoner: How many of *sided* the commoner answer would have had right, said of each.
        against: How many of *sided* were said to be less likely than not.
        right_against: How many of these did not come true.
        contested: How many of *sided* have a verdict that somebody contests.
        right_contested: How many of these are on the right side by the verdict.
        observations: How many observations *sided* makes; statements that hang together are one.
        right_observations: How much of these was right: of two statements that hang together each is half of one.
        interval: Where the share of observations on the right side may lie, for one look; None if there are too few.
            It spans every outcome of what is due and undecided, or contested.
        bare: How many of *counts* were said without a number.
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
    bare: tuple[int, ...] = (0,) * len(PLACES)

    def __getitem__(self, came: Came) -> int:
        return self.counts[NUMBER[came]]

    def with_number(self, came: Came) -> int:
        """Return how many came out so of those that were said as a number or in words."""
        return self[came] - self.bare[NUMBER[came]]

    @property
    def no_number(self) -> int:
        """How many of those that count were said without a number."""
        return sum(self.bare[: NUMBER[Came.OPEN] + 1])

    @property
    def due(self) -> int:
        """How many are due, with or without a verdict."""
        return sum(self[came] for came in DUE)

    @property
    def unclear(self) -> int:
        """How many came out neither yes nor no."""
        return self[Came.PARTLY] + self[Came.AMBIGUOUS] + self[Came.ANNULLED]

    @property
    def undecided(self) -> dict[Came, int]:
        """How many numbers are in doubt: unclear, annulled, without a verdict, open; those of which there are any."""
        found = {came: self.with_number(came) for came in PLACES[NUMBER[Came.PARTLY] : NUMBER[Came.OPEN] + 1]}
        return {came: count for came, count in found.items() if count}

    @property
    def said(self) -> int:
        """How many were said in all; a superseded one counts on its earlier claim."""
        return sum(self.counts) - self[Came.SUPERSEDED] + self.not_resolvable


@dataclass(frozen=True, eq=False)
class PlainCounts:
    """The counts of every forecaster of a table: the fields of PlainCount as arrays of shape (forecasters,).

    ``counts`` and ``bare`` have shape (places, forecasters).
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

    def of(self, numbers: Sequence[int]) -> list[PlainCount]:
        """Return the counts of some forecasters, by number."""
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
        """Return the interval of the share of some forecasters, shape (n, 2), NaN if there are too few observations.

        All of them at once take about as long as one.
        """
        chosen = np.asarray(numbers, np.intp)
        decided, right = self.observations[chosen], self.right_observations[chosen]
        with_number = self.counts - self.bare
        undecided = with_number[NUMBER[Came.PARTLY] : NUMBER[Came.NO_VERDICT] + 1, chosen].sum(0)
        least = np.maximum(right - self.right_contested[chosen], 0)
        most = np.minimum(right + (self.contested - self.right_contested)[chosen], decided) + undecided
        intervals, enough = np.full((chosen.size, 2), np.nan), decided >= FEW
        if enough.any():
            for end, share in enumerate((least, most)):
                count = (decided + undecided)[enough]
                intervals[enough, end] = jeffreys_interval(share[enough], count, level=LEVEL)[end]
        return intervals

    @property
    def said(self) -> IndexArray:
        """How many statements each forecaster made."""
        return np.asarray(self.counts.sum(0) - self.counts[NUMBER[Came.SUPERSEDED]] + self.not_resolvable)


class Counting:
    """Counts the series of a table, as one cohort takes them."""

    def __init__(
        self, table: SeriesTable, cohort: Cohort, claim_status: NDArray[np.uint8], contested: BoolArray
    ) -> None:
        """Take for each claim its status, which is odd from its settle day on, and whether its verdict is contested."""
        self._table, eligibilities = table, ELIGIBILITY_OF_CODE[cohort]
        self._contested = contested
        self._came = _came(table.claims, claim_status % 2 == 1, cohort)
        self._superseded, self._misfit, self._read_late, self._no_number = (
            np.array([series.category is category for series in eligibilities])
            for category in (Category.SUPERSEDED, Category.MISFIT, Category.READ_LATE, Category.NO_NUMBER)
        )
        self._backdated, self._imputed = (
            np.array([getattr(series, name) for series in eligibilities]) for name in ("backdated", "imputed")
        )

    def places(self, part: Series) -> NDArray[np.uint8]:
        """Return how each of some statements came out, or why it does not count, as an index into PLACES."""
        places = self._places_of_numbers(part)
        overruled = self._overruled(part)
        places[overruled] = self._came.take(part.claim[overruled])
        if self._table.repeated.size:
            places[np.isin(self._table.keys(part), self._table.repeated)] = NUMBER[Came.SUPERSEDED]
        return places

    def _overruled(self, part: Series) -> BoolArray:
        """Return which of some series do not count, and stand for a statement that did before."""
        if not self._table.said.size:
            return np.zeros(part.claim.size, np.bool_)
        apart = self._superseded.take(part.mark)
        return np.asarray(np.isin(self._table.keys(part), self._table.said) & ~apart)

    def _places_of_numbers(self, part: Series) -> NDArray[np.uint8]:
        """Return how each number came out, or why it does not count; and each statement without one."""
        places, fallen = self._came.take(part.claim), np.flatnonzero(part.state != STOOD)
        places[fallen] = _BY_STATE.take(part.state[fallen])
        places[np.flatnonzero(self._backdated.take(part.mark))] = NUMBER[Came.BACKDATED]
        places[np.flatnonzero(self._misfit.take(part.mark))] = NUMBER[Came.MISFIT]
        # What is superseded comes last: it counts nowhere else.
        places[np.flatnonzero(self._superseded.take(part.mark))] = NUMBER[Came.SUPERSEDED]
        return places

    def counts(self, not_resolvable: IndexArray) -> PlainCounts:
        """Count the statements of every forecaster; *not_resolvable* says how many of each are not resolvable."""
        table, forecasters = self._table, len(self._table.forecasters)
        counts, bare = np.zeros((2, len(PLACES) * forecasters), np.intp)  # of each place and forecaster, as one row
        sums = {name: np.zeros(forecasters, np.intp) for name in SUMMED}
        expected = np.zeros(forecasters)
        shared = table.shares_a_unit
        together: list[tuple[ClaimArray, IndexArray, BoolArray]] = []
        for start in range(0, table.series.claim.size, AT_ONCE):
            part = table.series.part(slice(start, start + AT_ONCE))
            places, forecaster = self.places(part), part.forecaster.astype(np.intp)
            places_of_each = places.astype(np.intp) * forecasters + forecaster
            counts += np.bincount(places_of_each, minlength=counts.size)
            without = self._no_number[part.mark] | self._overruled(part)
            if without.any():
                bare += np.bincount(places_of_each[without], minlength=bare.size)
            chosen = self._chosen(part, places, without)
            for name, which in chosen.items():
                if which.any():
                    sums[name] += np.bincount(forecaster, which, forecasters).astype(np.intp)
            sided, chance = chosen["sided"], part.probability
            expected += np.bincount(forecaster, np.where(sided, np.maximum(chance, 1 - chance), 0), forecasters)
            linked = sided & shared[part.claim]  # on claims that are one observation with others
            if linked.any():
                wide = table.claims.units.wide[part.claim[linked]]
                together.append((forecaster[linked], wide, chosen["right"][linked]))
        observations, right_observations = _by_unit(together, sums["sided"], sums["right"])
        commoner = np.maximum(sums["yes"], sums["sided"] - sums["yes"])
        told = {name: sums[name] for name in SUMMED if name != "yes"}
        return PlainCounts(
            counts=counts.reshape(len(PLACES), forecasters), bare=bare.reshape(len(PLACES), forecasters),
            not_resolvable=not_resolvable, expected=expected,
            commoner=commoner, observations=observations, right_observations=right_observations, **told,
        )  # fmt: skip

    def _chosen(self, part: Series, places: NDArray[np.uint8], without: BoolArray) -> dict[str, BoolArray]:
        """Choose of some series those that each of the SUMMED counts.

        *places* are theirs, as they count where those *without* a number do.
        """
        read_late, counted = self._read_late[part.mark], (places <= NUMBER[Came.OPEN]) & ~without
        # Words read after the answer count as said, but not as right: who reads them then knows the answer.
        known = (self._places_of_numbers(part) <= NUMBER[Came.NOT]) & ~read_late & ~without
        half, came_true = part.probability == 0.5, self._came.take(part.claim) == NUMBER[Came.TRUE]
        on_a_side, against = known & ~half, part.probability < 0.5
        right, contested = on_a_side & (against != came_true), on_a_side & self._contested[part.claim]
        return {
            "words": counted & (self._imputed[part.mark] | read_late),
            "read_afterwards": counted & read_late,
            "at_half": known & half,
            "sided": on_a_side,
            "right": right,
            "yes": on_a_side & came_true,
            "against": on_a_side & against,
            "right_against": right & against,
            "contested": contested,
            "right_contested": right & contested,
        }


def unresolvable_by(statements: Iterable[tuple[str | None, str]], table: SeriesTable) -> IndexArray:
    """Count for each forecaster of a table the statements that are marked not resolvable.

    *statements* holds the speaker of each, if that is on file, and the slug of its source, which speaks otherwise.
    """
    titles = Titles({forecaster.slug: forecaster.title for forecaster in table.forecasters})
    number = {forecaster.slug: position for position, forecaster in enumerate(table.forecasters)}
    counts = np.zeros(len(table.forecasters), np.intp)
    slugs: dict[str, str | None] = {}
    for speaker, source in statements:
        name = speaker or source
        if name not in slugs:
            slugs[name] = slug_of_name(name, titles)
        slug = slugs[name]
        if slug is not None:
            counts[number[slug]] += 1
    return counts


def _came(claims: ClaimColumns, settled: BoolArray, cohort: Cohort) -> NDArray[np.uint8]:
    """Return how each claim came out for a forecaster who had a forecast on it in time, as an index into PLACES."""
    verdict, outcome = claims.verdict, claims.outcome
    due = settled if cohort is Cohort.SETTLED else settled | (verdict != NO_OUTCOME)
    cases = [~due, verdict == NO_OUTCOME, verdict == AMBIGUOUS, verdict == ANNULLED, outcome == 1.0, outcome == 0.0]
    came = [Came.OPEN, Came.NO_VERDICT, Came.AMBIGUOUS, Came.ANNULLED, Came.TRUE, Came.NOT]
    return np.select(cases, [NUMBER[place] for place in came], NUMBER[Came.PARTLY]).astype(np.uint8)


def _by_unit(
    together: list[tuple[ClaimArray, IndexArray, BoolArray]], sided: IndexArray, right: IndexArray
) -> tuple[IndexArray, FloatArray]:
    """Count each unit once: return each forecaster's observations, and how much of them was right.

    Args:
        together: Of the statements that share a unit the forecaster, the unit, and whether it was right.
        sided: How many statements each forecaster has, with those.
        right: How many of them were right.
    """
    observations, share = sided.copy(), right.astype(np.float64)
    if together:
        who, unit, was_right = (np.concatenate(column) for column in zip(*together, strict=True))
        pairs, which, count = np.unique(np.stack([who, unit]), axis=1, return_inverse=True, return_counts=True)
        which = which.ravel()
        np.subtract.at(observations, who, 1)
        np.add.at(observations, pairs[0], 1)
        np.subtract.at(share, who, was_right.astype(np.float64))
        np.add.at(share, pairs[0], np.bincount(which, was_right, count.size) / count)
    return observations, share
