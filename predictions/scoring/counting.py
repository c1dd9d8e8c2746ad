"""Count in plain numbers who was right: what each forecaster said, how much of it is due, and how that came out.

A statement counts once, however often it was superseded, and whether it was said as a number, in words or as neither.
What was said without a number is on no side of 50 %. Statements that cannot be held against a forecaster (too late,
backdated, not resolvable) are counted among those said, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable

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

SERIES_COUNTED_AT_ONCE = 1 << 16  # series that are counted together, few enough for the processor's cache
BELOW_HALF, AT_HALF, ABOVE_HALF = SIDES = range(3)  # of 50 %; NaN, which is never counted by its side, is below
MARKED = (
    "words",
    "read_afterwards",
    "contested",
    "right_contested",
    "dated_early",
    "condition_failed",
)  # counted apart: most ledgers have few of them
_NEVER_STOOD = {TOO_LATE: Came.TOO_LATE, SAME_STEP: Came.LAST_DAY, WITHDRAWN: Came.WITHDRAWN}
_KEPT_OUT = [NUMBER_OF_CAME[came] for came in (Came.LAST_DAY, Came.TOO_LATE)]  # by the day of the answer
_NOWHERE = 255  # no index into EVERY_CAME
_BY_STATE = np.array(
    [NUMBER_OF_CAME[_NEVER_STOOD.get(state, Came.OPEN)] for state in range(1 + max(_NEVER_STOOD))], np.uint8
)


class Counting:
    """Counts the series of a table, as one cohort takes them."""

    def __init__(
        self, table: SeriesTable, cohort: Cohort, claim_status: NDArray[np.uint8], contested: BoolArray,
        dated_early: BoolArray, condition_failed: BoolArray,
    ) -> None:  # fmt: skip
        """Take what is known of each claim.

        Args:
            table: The series.
            cohort: Which claims with an outcome are taken.
            claim_status: For each claim its status, which is odd from its settle day on.
            contested: For each whether its verdict is contested.
            dated_early: For each whether its verdict is dated long before it was recorded.
            condition_failed: For each whether it is annulled, and nothing is in doubt by that.
        """
        self._table, eligibilities = table, ELIGIBILITY_OF_CODE[cohort]
        self._condition_failed = condition_failed
        self._contested, self._dated_early = contested, dated_early & ~np.isnan(table.claims.outcome)
        self._came = _came(table.claims, claim_status % 2 == 1, cohort)
        self._superseded, misfit, self._read_late, self._no_number = (
            np.array([series.category is category for series in eligibilities])
            for category in (Category.SUPERSEDED, Category.MISFIT, Category.READ_LATE, Category.NO_NUMBER)
        )
        backdated, self._imputed = (
            np.array([getattr(series, name) for series in eligibilities]) for name in ("backdated", "imputed")
        )
        # What is superseded comes first: it counts nowhere else.
        apart = {Came.SUPERSEDED: self._superseded, Came.MISFIT: misfit, Came.BACKDATED: backdated}
        places = [NUMBER_OF_CAME[came] for came in apart]
        self._place_apart = np.select([*apart.values()], places, _NOWHERE).astype(np.uint8)

    def places(self, part: Series) -> NDArray[np.uint8]:
        """Return how each of some statements came out, or why it does not count, as an index into EVERY_CAME."""
        places = self._places_of_numbers(part)
        overruled = self._overruled(part)
        places[overruled] = self._came.take(part.claim[overruled])
        if self._table.repeated.size:
            places[np.isin(self._table.keys(part), self._table.repeated)] = NUMBER_OF_CAME[Came.SUPERSEDED]
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
        place_apart = self._place_apart.take(part.mark)
        apart = np.flatnonzero(place_apart != _NOWHERE)
        places[apart] = place_apart[apart]
        return places

    def _known(self, part: Series, places: NDArray[np.uint8], without: BoolArray) -> NDArray[np.uint8]:
        """Return how each number that was known before the answer came out; OPEN in the place of every other.

        Words read after the answer count as said, but not as right: who reads them then knows the answer.
        """
        unknown = without | self._read_late.take(part.mark)
        if not self._table.repeated.size and not unknown.any():  # the usual case
            return places
        known = self._places_of_numbers(part)
        known[unknown] = NUMBER_OF_CAME[Came.OPEN]
        return known

    def counts(self, not_resolvable: IndexArray) -> PlainCounts:
        """Count the statements of every forecaster; *not_resolvable* says how many of each are not resolvable."""
        table, forecasters = self._table, len(self._table.forecasters)
        counts, bare = np.zeros((2, len(EVERY_CAME) * forecasters), np.intp)  # of each place and forecaster, as one row
        by_side = np.zeros(len(EVERY_CAME) * len(SIDES) * forecasters, np.intp)  # of each place, side and forecaster
        marked = {name: np.zeros(forecasters, np.intp) for name in MARKED}
        expected = np.zeros(forecasters)
        shared = table.shares_a_unit
        some_shared, some_contested, some_early = shared.any(), self._contested.any(), self._dated_early.any()
        some_failed = self._condition_failed.any()
        together: list[tuple[ClaimArray, IndexArray, IndexArray, BoolArray]] = []
        for start in range(0, table.series.claim.size, SERIES_COUNTED_AT_ONCE):
            part = table.series.part(slice(start, start + SERIES_COUNTED_AT_ONCE))
            places, forecaster = self.places(part), part.forecaster.astype(np.intp)
            places_of_each = places.astype(np.intp) * forecasters + forecaster
            counts += np.bincount(places_of_each, minlength=counts.size)
            without = self._no_number.take(part.mark) | self._overruled(part)
            if without.any():
                bare += np.bincount(places_of_each[without], minlength=bare.size)
            known, chance = self._known(part, places, without), part.probability
            side = np.add(chance >= 0.5, chance > 0.5, dtype=np.intp)
            cells = (known.astype(np.intp) * len(SIDES) + side) * forecasters + forecaster
            by_side += np.bincount(cells, minlength=by_side.size)
            sided = (known <= NUMBER_OF_CAME[Came.NOT]) & (side != AT_HALF)
            # How often a forecaster whose numbers are right would be
            # on the right side: 0.7 promises it in 7 cases of 10.
            expected += np.bincount(forecaster, np.where(sided, np.maximum(chance, 1 - chance), 0), forecasters)
            right = (side == ABOVE_HALF) == (known == NUMBER_OF_CAME[Came.TRUE])  # of those that have a side
            chosen = self._in_words(part, places, without)
            if some_contested:
                contested = sided & self._contested[part.claim]
                chosen |= {"contested": contested, "right_contested": contested & right}
            if some_early:
                kept_out = np.isin(known, _KEPT_OUT) & self._dated_early[part.claim] & (side != AT_HALF)
                chosen |= {"dated_early": kept_out & ~without}
            if some_failed:
                annulled = (places == NUMBER_OF_CAME[Came.ANNULLED]) & self._condition_failed[part.claim]
                chosen |= {"condition_failed": annulled & ~without}
            for name, which in chosen.items():
                marked[name] += np.bincount(forecaster[which], minlength=forecasters)
            if some_shared:
                linked = sided & shared[part.claim]  # on claims that are one observation with others
                wide, fair = (units[part.claim[linked]] for units in (table.claims.units.wide, table.claims.units.fair))
                together.append((forecaster[linked], wide, fair, right[linked]))
        sides = by_side.reshape(len(EVERY_CAME), len(SIDES), forecasters)
        came_true, did_not = sides[NUMBER_OF_CAME[Came.TRUE]], sides[NUMBER_OF_CAME[Came.NOT]]
        yes, no = (outcome[BELOW_HALF] + outcome[ABOVE_HALF] for outcome in (came_true, did_not))
        in_all_right = came_true[ABOVE_HALF] + did_not[BELOW_HALF]
        observations, right_observations = _by_unit(together, yes + no, in_all_right)
        return PlainCounts(
            counts=counts.reshape(len(EVERY_CAME), forecasters), bare=bare.reshape(len(EVERY_CAME), forecasters),
            not_resolvable=not_resolvable, expected=expected, sided=yes + no, right=in_all_right,
            at_half=came_true[AT_HALF] + did_not[AT_HALF], commoner=np.maximum(yes, no),
            against=came_true[BELOW_HALF] + did_not[BELOW_HALF], right_against=did_not[BELOW_HALF],
            observations=observations, right_observations=right_observations, **marked,
        )  # fmt: skip

    def from_words(self, part: Series) -> BoolArray:
        """Return which of some series were said in words, so that their numbers are ours."""
        return np.asarray(self._imputed.take(part.mark) | self._read_late.take(part.mark), np.bool_)

    def _in_words(self, part: Series, places: NDArray[np.uint8], without: BoolArray) -> dict[str, BoolArray]:
        """Choose of some series those that were said in words, and of these those read after the answer was public.

        *places* are theirs, as they count where those *without* a number do. Without words the result is empty.
        """
        read_late, words = self._read_late.take(part.mark), self.from_words(part)
        if not words.any():
            return {}
        words &= (places <= NUMBER_OF_CAME[Came.OPEN]) & ~without
        return {
            "words": words,
            "read_afterwards": words & read_late & (self._places_of_numbers(part) <= NUMBER_OF_CAME[Came.NOT]),
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
    """Return how each claim came out for a forecaster who had a forecast on it in time, as an index into EVERY_CAME."""
    verdict, outcome = claims.verdict, claims.outcome
    due = settled if cohort is Cohort.SETTLED else settled | (verdict != NO_OUTCOME)
    cases = [~due, verdict == NO_OUTCOME, verdict == AMBIGUOUS, verdict == ANNULLED, outcome == 1.0, outcome == 0.0]
    came = [Came.OPEN, Came.NO_VERDICT, Came.AMBIGUOUS, Came.ANNULLED, Came.TRUE, Came.NOT]
    return np.select(cases, [NUMBER_OF_CAME[place] for place in came], NUMBER_OF_CAME[Came.PARTLY]).astype(np.uint8)


def _by_unit(
    together: list[tuple[ClaimArray, IndexArray, IndexArray, BoolArray]], sided: IndexArray, right: IndexArray
) -> tuple[IndexArray, FloatArray]:
    """Count each unit once: return each forecaster's observations, and how much of them was right.

    The share that was right is one of units as they were declared in time; a cluster that was declared too late makes
    the observations fewer, and moves no share. Else whoever puts together what failed would be right more often.

    Args:
        together: Of the statements that share a unit the forecaster, the unit with every cluster that was ever
            declared, the unit in means, and whether it was right.
        sided: How many statements each forecaster has, with those.
        right: How many of them were right.
    """
    observations, in_time, share = sided.copy(), sided.copy(), right.astype(np.float64)
    if together:
        who, wide, fair, was_right = (np.concatenate(column) for column in zip(*together, strict=True))
        for count, unit in ((observations, wide), (in_time, fair)):
            # Each statement of a shared unit was counted as one; taken out again, the unit is put in once.
            np.subtract.at(count, who, 1)
            np.add.at(count, np.unique(np.stack([who, unit]), axis=1)[0], 1)
        pairs, which, size = np.unique(np.stack([who, fair]), axis=1, return_inverse=True, return_counts=True)
        np.subtract.at(share, who, was_right.astype(np.float64))
        np.add.at(share, pairs[0], np.bincount(which.ravel(), was_right, size.size) / size)
    return observations, share * observations / np.maximum(in_time, 1)
