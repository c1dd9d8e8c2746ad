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
from forecasts.kernel import LATE, SAME_STEP, STOOD, WITHDRAWN, Series
from predictions.scoring.columns.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, ClaimColumns
from predictions.scoring.eligibility import Category, Cohort
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.plain_counts import NUMBER, PLACES, Came, PlainCounts
from predictions.scoring.series import SeriesTable
from predictions.slugs import Titles, slug_of_name

AT_ONCE = 1 << 16  # series that are counted together, few enough for the processor's cache
SUMMED = (
    "words", "read_afterwards", "at_half", "sided", "right", "yes", "against", "right_against", "contested",
    "right_contested",
)  # fmt: skip  # for each forecaster, beside the places
_NEVER_STOOD = {LATE: Came.TOO_LATE, SAME_STEP: Came.LAST_DAY, WITHDRAWN: Came.WITHDRAWN}
_BY_STATE = np.array([NUMBER[_NEVER_STOOD.get(state, Came.OPEN)] for state in range(1 + max(_NEVER_STOOD))], np.uint8)


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
            "read_afterwards": counted & read_late & (self._places_of_numbers(part) <= NUMBER[Came.NOT]),
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
