"""Compute skill over time against references: what plain rules would have lost while a forecaster's numbers stood.

It rests on the series that are scored: stated numbers with times that are not backdated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.questions import Scoring
from forecasts.reference import ConstantHazard, count_threshold
from forecasts.side_by_side import shared
from forecasts.standing import Standing, stands_from
from forecasts.time_scores import time_skill
from predictions.scoring.columns.claims import ONE_DAY
from predictions.scoring.eligibility import Rule
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import Reference
from predictions.tally.result import COUNTED
from predictions.tally.tally import tally
from predictions.timestamps import EPOCH, MICROSECOND, end_of, in_microseconds


class SeriesStanding:
    """The standing forecasts of some series, in the order in which they are given.

    Attributes:
        pool: The comparison group they belong to.
        positions: The position of each series in the pool's table.
        keys: The key of each series.
        claims: The number of its claim.
        outcomes: The outcome of the claim; NaN without one.
    """

    def __init__(self, pool: Pool, positions: IndexArray) -> None:
        """Take the series at *positions* in the pool's table."""
        self.pool, self.positions, self._part = pool, positions, pool.table.series.part(positions)
        self.keys, self.claims = pool.table.keys(self._part), self._part.claim.astype(np.intp)
        self.outcomes = pool.table.claims.outcome[self.claims]

    @cached_property
    def standing(self) -> Standing:
        """The intervals in which each probability stood, in microseconds."""
        return self.pool.standing(self.keys)

    @property
    def scoring(self) -> Scoring:
        """How their claims are scored; only for series on claims of one type."""
        return self.pool.table.scoring_of(int(self.claims[0]))

    @property
    def losses(self) -> FloatArray:
        """The loss of each series' scored forecast."""
        return self.pool.table.losses(self._part)

    @property
    def base_rates(self) -> FloatArray:
        """For the claim of each series, how often the other statements on the card came true."""
        return self.pool.base_rates[self.claims]

    def shares_and_probabilities(self) -> list[list[tuple[float, float]]]:
        """Return for each series its numbers in order of time: the share of the window each stood, and the number."""
        edges = np.searchsorted(self.standing.series, np.arange(self.keys.size + 1)).tolist()
        pieces = list(zip(self.standing.shares.tolist(), self.standing.probabilities.tolist(), strict=True))
        return [pieces[start:end] for start, end in pairwise(edges)]

    def scored_forecast_made_on(self, index: int, rule: Rule) -> date:
        """Return the day on which the scored forecast of one series was made: the first or the last that stood."""
        starts = self.standing.starts[self.standing.series == index]
        times = self.pool.rows(int(self.keys[index])).time
        stood_from = stands_from(times, self.pool.table.claims.grain[self.claims[index]])
        # An interval that begins at the opening belongs to the last forecast made before it.
        made_at = times[stood_from <= starts[0 if rule is Rule.FIRST else -1]].max()
        return (EPOCH + int(made_at) * MICROSECOND).date()

    def saved_on(self, others: SeriesStanding) -> FloatArray:
        """Return what each series saved against the series at the same index in *others*, over the time both stood.

        NaN if they never stood at the same time.
        """
        both, scoring = shared(self.standing, others.standing), self.pool.table.scoring
        claim, outcome = self.claims[both.series], self.outcomes[both.series]
        own, other = (
            scoring.saved(numbers, outcome, claim, both.starts, both.ends) for numbers in (both.first, both.second)
        )
        saved = self.standing.total(own - other, both.series) / self.standing.horizon
        return np.where(np.isin(np.arange(self.keys.size), both.series), saved, np.nan)

    def saved(self, reference: Reference) -> FloatArray:
        """Return what each series saved against a reference while it stood; NaN if the reference has no number."""
        if not self.keys.size or reference is Reference.HALF:
            return self._part.saved  # the kernel has computed it already
        if reference is Reference.BASE_RATE:
            return self._saved(self.base_rates)
        return self._saved_on_clock() if reference is Reference.CLOCK else self.pool.saved_on_others(self.keys)

    def _saved(self, reference: FloatArray) -> FloatArray:
        """Return what each series saved against one constant number for each."""
        return np.atleast_1d(time_skill(self.standing, self.outcomes, reference=reference))

    def _saved_on_clock(self) -> FloatArray:
        """Return what each series saved against a rule that begins at the base rate and then only sees time pass.

        Only claims that ask for events have such a rule: a constant hazard for one event, a Poisson count for several.
        NaN for all other claims.
        """
        saved = np.full(self.keys.size, np.nan)
        events_asked = self.pool.table.claims.at_least[self.claims]
        one_event, several_events = np.flatnonzero(events_asked == 1), np.flatnonzero(events_asked > 1)
        if one_event.size:
            saved[one_event] = self._saved_part(one_event, ConstantHazard(self.base_rates[one_event]))
        if several_events.size:
            counting = self._poisson(self.claims[several_events], self.base_rates[several_events])
            saved[several_events] = self._saved_part(several_events, counting)
        return saved

    def _saved_part(self, indices: IndexArray, reference: ConstantHazard | Standing) -> FloatArray:
        """Return what the series at some indices saved against a reference that changes with time."""
        own = self.pool.standing(self.keys[indices])
        return np.atleast_1d(time_skill(own, self.outcomes[indices], reference=reference))

    def _poisson(self, claims: IndexArray, base_rates: FloatArray) -> Standing:
        """Return the chance that the missing events still come in time, computed again at the start of each day.

        Events come at a constant rate, such that at the opening the chance of enough events is the base rate.
        """
        columns = self.pool.table.claims
        counted_at = _counted_at(self.pool, [columns.slugs[claim] for claim in claims.tolist()])
        times, chances, series = [], [], []
        for number, (claim, base_rate) in enumerate(zip(claims.tolist(), base_rates.tolist(), strict=True)):
            opens, closes, asked = columns.opens[claim], columns.closes[claim], int(columns.at_least[claim])
            days = np.arange(opens, closes, ONE_DAY)
            counted = np.searchsorted(counted_at[columns.slugs[claim]], days, side="right")
            middle_of_day = days + ONE_DAY / 2
            chance = count_threshold(
                rate=_expected_count(base_rate, asked),
                left=np.maximum(closes - middle_of_day, 0.0) / (closes - opens),
                needed=np.maximum(asked - counted, 0),
            )
            chances.append(np.atleast_1d(chance))
            times.append(days)
            series.append(np.full(days.size, number))
        return self.pool.standing_on(claims, *map(np.concatenate, (times, chances, series)))


def _counted_at(pool: Pool, claims: Sequence[str]) -> dict[str, list[int]]:
    """Return for each claim, by slug, the sorted ends of the days on which its events happened, in microseconds."""
    moments = {}
    for snapshot, claim in pool.about(claims):
        events = [event for event in tally(snapshot, claim).events if event.standing in COUNTED]
        moments[claim.slug] = sorted(in_microseconds(end_of(event.last_day())) for event in events)
    return moments


def _expected_count(chance: float, needed: int) -> float:
    """Return the expected number of events with which at least *needed* come with this chance; found by bisection.

    A chance above 0.999 counts as 0.999: certainty would need an infinite number.

    >>> round(_expected_count(1 - 2.718281828459045**-1, 1), 9)
    1.0
    """
    wanted = min(chance, 0.999)

    def chance_of_enough(expected: float) -> float:
        return float(count_threshold(rate=expected, left=1.0, needed=needed))

    low, high = 0.0, 1.0
    while chance_of_enough(high) < wanted:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if chance_of_enough(middle) >= wanted else (middle, high)
    return high if chance > 0 else 0.0
