"""Who was right, in plain counts: what each forecaster said, how much of it is due, and how that came out.

A statement counts once, however often it was superseded, and whether a number or words were said. What nobody can hold
a forecaster to (said too late, backdated, not resolvable) is counted among what was said, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from forecasts.bins import jeffreys_interval
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import LATE, SAME_STEP, STOOD, WITHDRAWN, Series
from predictions.scoring.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, ClaimColumns
from predictions.scoring.eligibility import Category, Cohort
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.series import SeriesTable
from predictions.scoring.track_record import FEW
from predictions.slugs import slug_of_name

AT_ONCE = 1 << 18  # series that are counted together


class Came(StrEnum):
    """Where one statement of one forecaster is counted; each stands in one place only."""

    TRUE = "came true"
    NOT = "did not"
    PARTLY = "true in part"  # a fraction
    AMBIGUOUS = "unclear"  # ambiguous: the facts do not decide
    ANNULLED = "annulled"
    NO_VERDICT = "no verdict"
    OPEN = "open"  # or settled, and its settle day is still to come
    BACKDATED = "backdated"
    TOO_LATE = "too late"
    LAST_DAY = "on the day of the answer"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"  # the statement is counted on an earlier claim of the chain


PLACES = tuple(Came)
NUMBER = {came: number for number, came in enumerate(PLACES)}
DUE = PLACES[: NUMBER[Came.NO_VERDICT] + 1]
BESIDE = (Came.BACKDATED, Came.TOO_LATE, Came.LAST_DAY, Came.WITHDRAWN)  # said, and counted nowhere else
_NEVER_STOOD = {LATE: Came.TOO_LATE, SAME_STEP: Came.LAST_DAY, WITHDRAWN: Came.WITHDRAWN}
_BY_STATE = np.array([NUMBER[_NEVER_STOOD.get(state, Came.OPEN)] for state in range(1 + max(_NEVER_STOOD))], np.uint8)


@dataclass(frozen=True)
class PlainCount:
    """The statements of one forecaster.

    Attributes:
        counts: How many stand in each place.
        words: How many of those that count were said in words, and their numbers read from them by us.
        read_afterwards: How many of these were read when the answer was public.
        not_resolvable: How many nothing could decide.
        right: How many of *sided* were on the right side of 50 %.
        sided: How many came out yes or no, with a number on one side of 50 % that was known before.
        at_half: How many of exactly 50 %, which is on no side.
        observations: How many of *sided* do not hang together with another one.
        right_observations: How much of these was right, of several that hang together the mean.
    """

    counts: tuple[int, ...]
    words: int
    read_afterwards: int
    not_resolvable: int
    right: int
    sided: int
    at_half: int
    observations: int
    right_observations: float

    def __getitem__(self, came: Came) -> int:
        return self.counts[NUMBER[came]]

    @property
    def due(self) -> int:
        """How many can be held against what happened."""
        return sum(self[came] for came in DUE)

    @property
    def unclear(self) -> int:
        """How many came out neither yes nor no."""
        return self[Came.PARTLY] + self[Came.AMBIGUOUS] + self[Came.ANNULLED]

    @property
    def said(self) -> int:
        """How many there are."""
        return sum(self.counts) - self[Came.SUPERSEDED] + self.not_resolvable

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share on the right side may lie, for one look; None of fewer than ten observations."""
        if self.observations < FEW:
            return None
        return jeffreys_interval(self.right_observations, self.observations, level=LEVEL)


@dataclass(frozen=True, eq=False)
class PlainCounts:
    """The counts of every forecaster of a table, by number; a row of ``counts`` for each place."""

    counts: IndexArray
    words: IndexArray
    read_afterwards: IndexArray
    not_resolvable: IndexArray
    right: IndexArray
    sided: IndexArray
    at_half: IndexArray
    observations: IndexArray
    right_observations: FloatArray

    def of(self, number: int) -> PlainCount:
        """The counts of one forecaster."""
        return PlainCount(
            counts=tuple(self.counts[:, number].tolist()),
            words=int(self.words[number]),
            read_afterwards=int(self.read_afterwards[number]),
            not_resolvable=int(self.not_resolvable[number]),
            right=int(self.right[number]),
            sided=int(self.sided[number]),
            at_half=int(self.at_half[number]),
            observations=int(self.observations[number]),
            right_observations=float(self.right_observations[number]),
        )

    @property
    def said(self) -> IndexArray:
        """How much each forecaster said."""
        return np.asarray(self.counts.sum(0) - self.counts[NUMBER[Came.SUPERSEDED]] + self.not_resolvable)


class Counting:
    """Says where the series of a table are counted, as one cohort takes them."""

    def __init__(self, table: SeriesTable, cohort: Cohort, claim_status: NDArray[np.uint8]) -> None:
        """Take the claims as they stand; *claim_status* is odd where their settle day has come."""
        self._table, fates = table, ELIGIBILITY_OF_CODE[cohort]
        self._came = _came(table.claims, claim_status % 2 == 1, cohort)
        self._superseded, self._read_late = (
            np.array([fate.category is one for fate in fates]) for one in (Category.SUPERSEDED, Category.READ_LATE)
        )
        self._backdated, self._imputed = (
            np.array([getattr(fate, name) for fate in fates]) for name in ("backdated", "imputed")
        )

    def places(self, part: Series) -> NDArray[np.uint8]:
        """Where each of some series is counted, as its number in PLACES."""
        found = np.where(part.state == STOOD, self._came.take(part.claim), _BY_STATE.take(part.state))
        found[self._backdated[part.mark]] = NUMBER[Came.BACKDATED]
        found[self._superseded[part.mark]] = NUMBER[Came.SUPERSEDED]
        return found

    def counts(self, not_resolvable: IndexArray) -> PlainCounts:
        """Count everybody's; *not_resolvable* are those that nothing could decide."""
        table, people = self._table, len(self._table.forecasters)
        counts = np.zeros(len(PLACES) * people, np.intp)
        words, afterwards, right, sided, at_half = (np.zeros(people, np.intp) for _ in range(5))
        shared = _shared(table)
        together: list[tuple[IndexArray, IndexArray, BoolArray]] = []
        for start in range(0, table.series.claim.size, AT_ONCE):
            part = table.series.part(slice(start, start + AT_ONCE))
            places, who = self.places(part), part.forecaster
            counts += np.bincount(places.astype(np.intp) * people + who, minlength=counts.size)
            read_late, counted = self._read_late[part.mark], places <= NUMBER[Came.OPEN]
            words += np.bincount(who[counted & (self._imputed[part.mark] | read_late)], minlength=people)
            afterwards += np.bincount(who[counted & read_late], minlength=people)
            known = (places <= NUMBER[Came.NOT]) & ~read_late
            half = part.probability == 0.5
            on_a_side = known & ~half
            was_right = on_a_side & ((part.probability > 0.5) == (places == NUMBER[Came.TRUE]))
            at_half += np.bincount(who[known & half], minlength=people)
            sided += np.bincount(who[on_a_side], minlength=people)
            right += np.bincount(who[was_right], minlength=people)
            if (linked := on_a_side & shared[part.claim]).any():
                together.append((who[linked], table.claims.units.wide[part.claim[linked]], was_right[linked]))
        found = counts.reshape(len(PLACES), people)
        once = _once(together, sided, right)
        return PlainCounts(found, words, afterwards, not_resolvable, right, sided, at_half, *once)


def unresolvable_by(statements: Iterable[tuple[str | None, str]], table: SeriesTable) -> IndexArray:
    """Count for each forecaster the statements that nothing could decide.

    Args:
        statements: Who said each, if that is on file, and the slug of its source, which speaks otherwise.
        table: Whose forecasters are meant.
    """
    titles = {one.slug: one.title for one in table.forecasters}
    number = {one.slug: place for place, one in enumerate(table.forecasters)}
    found = np.zeros(len(table.forecasters), np.intp)
    slugs: dict[str, str | None] = {}
    for speaker, source in statements:
        name = speaker or source
        if name not in slugs:
            slugs[name] = slug_of_name(name, titles)
        if (slug := slugs[name]) is not None:
            found[number[slug]] += 1
    return found


def _came(claims: ClaimColumns, settled: BoolArray, cohort: Cohort) -> NDArray[np.uint8]:
    """How each claim came out, for whoever said something of it in time."""
    stands, outcome = claims.verdict, claims.outcome
    due = settled if cohort is Cohort.SETTLED else settled | (stands != NO_OUTCOME)
    cases = [~due, stands == NO_OUTCOME, stands == AMBIGUOUS, stands == ANNULLED, outcome == 1.0, outcome == 0.0]
    came = [Came.OPEN, Came.NO_VERDICT, Came.AMBIGUOUS, Came.ANNULLED, Came.TRUE, Came.NOT]
    return np.select(cases, [NUMBER[one] for one in came], NUMBER[Came.PARTLY]).astype(np.uint8)


def _shared(table: SeriesTable) -> BoolArray:
    """Whether each claim hangs together with another one that is wanted."""
    unit = table.claims.units.wide
    return np.asarray(table.wanted & (np.bincount(unit[table.wanted], minlength=unit.max(initial=0) + 1)[unit] > 1))


def _once(
    together: list[tuple[IndexArray, IndexArray, BoolArray]], sided: IndexArray, right: IndexArray
) -> tuple[IndexArray, FloatArray]:
    """How many observations there are, and how many of them right, where of several that hang together one is."""
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
