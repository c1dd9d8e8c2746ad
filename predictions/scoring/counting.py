"""Count in plain numbers who was right: how many statements each forecaster made, how many are due, how they came out.

A statement counts once, however often it was superseded, and whether it was said as a number, in words or as neither.
One without a number is on no side of 50 %. Statements that cannot be held against a forecaster (too late, backdated,
not resolvable) are counted among those said, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray
from forecasts.kernel import SAME_STEP, STOOD, TOO_LATE, WITHDRAWN, Series
from predictions.scoring.columns.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, ClaimColumns
from predictions.scoring.eligibility import Category, Cohort
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.plain_counts import EVERY_CAME, NUMBER_OF_CAME, Came, PlainCounts
from predictions.scoring.series import SeriesTable
from predictions.slugs import Titles, slug_of_name

SERIES_COUNTED_AT_ONCE = 1 << 16  # so few that the columns of a piece fit into the processor's cache
BELOW_HALF, AT_HALF, ABOVE_HALF = SIDES = range(3)  # of 50 %; NaN falls below, but is never counted by its side
MARKED = (
    "words",
    "read_afterwards",
    "contested",
    "right_contested",
    "dated_early",
    "condition_failed",
)  # names of PlainCounts that are counted one by one, because most ledgers have few of them
_NEVER_STOOD = {TOO_LATE: Came.TOO_LATE, SAME_STEP: Came.LAST_DAY, WITHDRAWN: Came.WITHDRAWN}
_KEPT_OUT = [NUMBER_OF_CAME[came] for came in (Came.LAST_DAY, Came.TOO_LATE)]  # because of the day of the answer
_NOWHERE = 255  # marks codes that set nothing apart; it is no index into EVERY_CAME
_BY_STATE = np.array(
    [NUMBER_OF_CAME[_NEVER_STOOD.get(state, Came.OPEN)] for state in range(1 + max(_NEVER_STOOD))], np.uint8
)


class _SharedUnits(NamedTuple):
    """Statements with a side of 50 % on claims that share their unit with others: shape (n,) each.

    Attributes:
        forecaster: The number of the forecaster.
        wide: The unit, with every cluster that was ever declared.
        fair: The unit in means.
        right: Whether the statement was on the right side.
    """

    forecaster: IndexArray
    wide: IndexArray
    fair: IndexArray
    right: BoolArray


class Counting:
    """Counts how the statements of a table came out, for one cohort.

    A *place* is the way in which a statement came out, or why it does not count, as an index into EVERY_CAME.
    """

    def __init__(
        self, table: SeriesTable, cohort: Cohort, claim_status: NDArray[np.uint8], contested: BoolArray,
        dated_early: BoolArray, condition_failed: BoolArray,
    ) -> None:  # fmt: skip
        """Prepare the counting; all arrays but the table hold one element for each claim.

        Args:
            table: The series.
            cohort: Which claims with an outcome are taken.
            claim_status: The status of the claim, a number that is odd from its settle day on.
            contested: Whether its verdict is contested.
            dated_early: Whether its verdict is dated long before it was recorded.
            condition_failed: Whether it was annulled because its condition failed, so that nothing is in doubt.
        """
        self._table, eligibilities = table, ELIGIBILITY_OF_CODE[cohort]
        self._condition_failed = condition_failed
        self._contested, self._dated_early = contested, dated_early & ~np.isnan(table.claims.outcome)
        self._any_contested, self._any_dated_early = bool(contested.any()), bool(self._dated_early.any())
        self._any_condition_failed = bool(condition_failed.any())
        self._came = _came(table.claims, claim_status % 2 == 1, cohort)
        self._superseded, misfit, self._read_late, self._no_number = (
            np.array([series.category is category for series in eligibilities])
            for category in (Category.SUPERSEDED, Category.MISFIT, Category.READ_LATE, Category.NO_NUMBER)
        )
        backdated, self._imputed = (
            np.array([getattr(series, name) for series in eligibilities]) for name in ("backdated", "imputed")
        )
        # The place of series whose code sets them apart. Superseded comes first: such a series counts nowhere else.
        apart = {Came.SUPERSEDED: self._superseded, Came.MISFIT: misfit, Came.BACKDATED: backdated}
        places = [NUMBER_OF_CAME[came] for came in apart]
        self._place_apart = np.select([*apart.values()], places, _NOWHERE).astype(np.uint8)

    def places(self, part: Series) -> NDArray[np.uint8]:
        """Return the place of each of some statements, whether they have a number or not."""
        places = self._places_of_numbers(part)
        overruled = self._overruled(part)
        places[overruled] = self._came.take(part.claim[overruled])
        if self._table.repeated.size:
            places[np.isin(self._table.keys(part), self._table.repeated)] = NUMBER_OF_CAME[Came.SUPERSEDED]
        return places

    def _overruled(self, part: Series) -> BoolArray:
        """Return which series have a number that does not count, in place of which their statement does."""
        if not self._table.overruled.size:
            return np.zeros(part.claim.size, np.bool_)
        apart = self._superseded.take(part.mark)
        return np.asarray(np.isin(self._table.keys(part), self._table.overruled) & ~apart)

    def _places_of_numbers(self, part: Series) -> NDArray[np.uint8]:
        """Return the place that each series has by its own number, or without one; statements overrule none yet."""
        places, never_stood = self._came.take(part.claim), np.flatnonzero(part.state != STOOD)
        places[never_stood] = _BY_STATE.take(part.state[never_stood])
        place_apart = self._place_apart.take(part.mark)
        apart = np.flatnonzero(place_apart != _NOWHERE)
        places[apart] = place_apart[apart]
        return places

    def _known_in_time(self, part: Series, places: NDArray[np.uint8], no_number: BoolArray) -> NDArray[np.uint8]:
        """Return the place of each number that was known before the answer, and OPEN for all others.

        OPEN keeps a statement from counting as right or wrong. Words read after the answer count as said, but not as
        right, because their reader knew the answer.
        """
        left_out = no_number | self._read_late.take(part.mark)
        if not self._table.repeated.size and not left_out.any():  # the usual case
            return places
        known_in_time = self._places_of_numbers(part)
        known_in_time[left_out] = NUMBER_OF_CAME[Came.OPEN]
        return known_in_time

    def counts(self, not_resolvable: IndexArray) -> PlainCounts:
        """Count the statements of every forecaster; *not_resolvable* is how many of each are marked not resolvable."""
        table, forecasters = self._table, len(self._table.forecasters)
        counts, bare = np.zeros((2, len(EVERY_CAME) * forecasters), np.intp)  # one cell for each way and forecaster
        by_side = np.zeros(len(EVERY_CAME) * len(SIDES) * forecasters, np.intp)  # for each way, side and forecaster
        marked = {name: np.zeros(forecasters, np.intp) for name in MARKED}
        expected = np.zeros(forecasters)
        shares_a_unit, shared = table.shares_a_unit, list[_SharedUnits]()
        for start in range(0, table.series.claim.size, SERIES_COUNTED_AT_ONCE):
            part = table.series.part(slice(start, start + SERIES_COUNTED_AT_ONCE))
            places, forecaster = self.places(part), part.forecaster.astype(np.intp)
            cells = places.astype(np.intp) * forecasters + forecaster
            counts += np.bincount(cells, minlength=counts.size)
            no_number = self._no_number.take(part.mark) | self._overruled(part)
            if no_number.any():
                bare += np.bincount(cells[no_number], minlength=bare.size)
            places_known, chance = self._known_in_time(part, places, no_number), part.probability
            side = np.add(chance >= 0.5, chance > 0.5, dtype=np.intp)
            cells = (places_known.astype(np.intp) * len(SIDES) + side) * forecasters + forecaster
            by_side += np.bincount(cells, minlength=by_side.size)
            sided = (places_known <= NUMBER_OF_CAME[Came.NOT]) & (side != AT_HALF)
            # How often a forecaster whose numbers are right would be
            # on the right side: 0.7 promises it in 7 cases of 10.
            expected += np.bincount(forecaster, np.where(sided, np.maximum(chance, 1 - chance), 0), forecasters)
            right = sided & ((side == ABOVE_HALF) == (places_known == NUMBER_OF_CAME[Came.TRUE]))
            marks = self._in_words(part, places, no_number)
            marks |= self._disputed(part.claim, places, sided, right, no_number)
            if self._any_dated_early:
                kept_out = np.isin(places_known, _KEPT_OUT) & self._dated_early[part.claim] & (side != AT_HALF)
                marks["dated_early"] = kept_out & ~no_number
            for name, chosen in marks.items():
                marked[name] += np.bincount(forecaster[chosen], minlength=forecasters)
            if shares_a_unit.any():
                linked = sided & shares_a_unit[part.claim]
                wide, fair = (units[part.claim[linked]] for units in (table.claims.units.wide, table.claims.units.fair))
                shared.append(_SharedUnits(forecaster[linked], wide, fair, right[linked]))
        sides = by_side.reshape(len(EVERY_CAME), len(SIDES), forecasters)
        came_true, did_not = sides[NUMBER_OF_CAME[Came.TRUE]], sides[NUMBER_OF_CAME[Came.NOT]]
        yes, no = (outcome[BELOW_HALF] + outcome[ABOVE_HALF] for outcome in (came_true, did_not))
        all_right = came_true[ABOVE_HALF] + did_not[BELOW_HALF]
        observations, right_observations = _by_unit(shared, yes + no, all_right)
        return PlainCounts(
            counts=counts.reshape(len(EVERY_CAME), forecasters), bare=bare.reshape(len(EVERY_CAME), forecasters),
            not_resolvable=not_resolvable, expected=expected, sided=yes + no, right=all_right,
            at_half=came_true[AT_HALF] + did_not[AT_HALF], commoner=np.maximum(yes, no),
            against=came_true[BELOW_HALF] + did_not[BELOW_HALF], right_against=did_not[BELOW_HALF],
            observations=observations, right_observations=right_observations, **marked,
        )  # fmt: skip

    def _disputed(
        self, claim: ClaimArray, places: NDArray[np.uint8], sided: BoolArray, right: BoolArray, no_number: BoolArray
    ) -> dict[str, BoolArray]:
        """Choose among some series those with a contested verdict, and those annulled since their condition failed."""
        marks = dict[str, BoolArray]()
        if self._any_contested:
            contested = sided & self._contested[claim]
            marks |= {"contested": contested, "right_contested": contested & right}
        if self._any_condition_failed:
            annulled = (places == NUMBER_OF_CAME[Came.ANNULLED]) & self._condition_failed[claim]
            marks["condition_failed"] = annulled & ~no_number
        return marks

    def from_words(self, part: Series) -> BoolArray:
        """Return for each series whether its forecast was given in words, so that we read the number."""
        return np.asarray(self._imputed.take(part.mark) | self._read_late.take(part.mark), np.bool_)

    def _in_words(self, part: Series, places: NDArray[np.uint8], no_number: BoolArray) -> dict[str, BoolArray]:
        """Return which series were given in words, and which of these were read as numbers after the answer was public.

        The result is empty if none was given in words.
        """
        read_late, words = self._read_late.take(part.mark), self.from_words(part)
        if not words.any():
            return {}
        words &= (places <= NUMBER_OF_CAME[Came.OPEN]) & ~no_number
        return {
            "words": words,
            "read_afterwards": words & read_late & (self._places_of_numbers(part) <= NUMBER_OF_CAME[Came.NOT]),
        }


def unresolvable_by(statements: Iterable[tuple[str | None, str]], table: SeriesTable) -> IndexArray:
    """Count for each forecaster of a table the statements that are marked not resolvable.

    *statements* holds the speaker of each, and the slug of its source, which counts as the speaker if none is on file.
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
    """Return the place that each claim gives to a forecast on it that was made in time, as an index into EVERY_CAME."""
    verdict, outcome = claims.verdict, claims.outcome
    due = settled if cohort is Cohort.SETTLED else settled | (verdict != NO_OUTCOME)
    cases = [~due, verdict == NO_OUTCOME, verdict == AMBIGUOUS, verdict == ANNULLED, outcome == 1.0, outcome == 0.0]
    came = [Came.OPEN, Came.NO_VERDICT, Came.AMBIGUOUS, Came.ANNULLED, Came.TRUE, Came.NOT]
    return np.select(cases, [NUMBER_OF_CAME[place] for place in came], NUMBER_OF_CAME[Came.PARTLY]).astype(np.uint8)


def _by_unit(shared: Sequence[_SharedUnits], sided: IndexArray, right: IndexArray) -> tuple[IndexArray, FloatArray]:
    """Count each unit once: return each forecaster's observations, and how many of them were right, in parts of one.

    The share that was right is taken over units as they were declared in time. A cluster that was declared too late
    makes the observations fewer, but does not move that share: else a forecaster could be right more often by putting
    failures together afterwards.

    Args:
        shared: The statements that share a unit.
        sided: How many statements each forecaster has, those that share a unit included.
        right: How many of them were right.
    """
    observations, in_time, right_in_time = sided.copy(), sided.copy(), right.astype(np.float64)
    if shared:
        forecaster, wide, fair, was_right = (np.concatenate(column) for column in zip(*shared, strict=True))
        for count, unit in ((observations, wide), (in_time, fair)):
            # Each statement of a shared unit was counted as one: take these out, and put each unit in once.
            np.subtract.at(count, forecaster, 1)
            np.add.at(count, np.unique(np.stack([forecaster, unit]), axis=1)[0], 1)
        pairs, pair, size = np.unique(np.stack([forecaster, fair]), axis=1, return_inverse=True, return_counts=True)
        np.subtract.at(right_in_time, forecaster, was_right.astype(np.float64))
        np.add.at(right_in_time, pairs[0], np.bincount(pair.ravel(), was_right, size.size) / size)
    return observations, right_in_time * observations / np.maximum(in_time, 1)
