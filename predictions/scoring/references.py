"""What plain rules would have said over the very time a forecaster's numbers stood, and what was saved against them.

Everything here rests on the series that are scored: stated numbers, with times that are not backdated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.reference import HALF, ConstantHazard, count_threshold
from forecasts.standing import Standing, shared, stands_from, time_skill
from predictions.scoring.claims import DAY
from predictions.scoring.eligibility import Rule
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import Reference
from predictions.tally import tally
from predictions.tally_result import COUNTED
from predictions.timestamps import EPOCH, MICROSECOND, end_of, in_microseconds


class StandingForecasts:
    """The standing forecasts behind scored series, which stand in the table at some *places*; in their order."""

    def __init__(self, pool: Pool, places: IndexArray) -> None:
        self.pool, self._part = pool, pool.table.series.part(places)
        self.keys, self.claims = pool.table.keys(self._part), self._part.claim.astype(np.intp)
        self.outcomes = pool.table.claims.outcome[self.claims]

    @cached_property
    def record(self) -> Standing:
        """When which probability stood, in microseconds."""
        return self.pool.standing(self.keys)

    @property
    def losses(self) -> FloatArray:
        """For each series the Brier score of the forecast that is in the mean."""
        return self.pool.table.losses(self._part)

    @property
    def base_rates(self) -> FloatArray:
        """For each series how often the other statements came true."""
        return self.pool.base_rates[self.claims]

    def pieces(self) -> list[list[tuple[float, float]]]:
        """For each series the share of the window that each number took, and the number."""
        one = self.record
        edges = np.searchsorted(one.series, np.arange(self.keys.size + 1)).tolist()
        told = list(zip(one.shares.tolist(), one.probabilities.tolist(), strict=True))
        return [told[start:end] for start, end in pairwise(edges)]

    def said_on(self, place: int, rule: Rule) -> date:
        """The day on which the forecast was made that is in the mean: the one that stood first, or last."""
        starts = self.record.starts[self.record.series == place]
        times = self.pool.points(int(self.keys[place])).time
        from_then = stands_from(times, self.pool.table.claims.grain[self.claims[place]])
        made_at = times[from_then <= starts[0 if rule is Rule.FIRST else -1]].max()
        return (EPOCH + int(made_at) * MICROSECOND).date()

    def saved_on(self, others: StandingForecasts) -> FloatArray:
        """What each saved against the series of the same place there, on the same claim, over the time both stood."""
        return self._saved(others.record) if self.keys.size else np.zeros(0)

    def saved(self, reference: Reference) -> FloatArray:
        """What each saved against a reference over its own time; NaN where that has nothing to say."""
        if not self.keys.size or reference is Reference.HALF:
            return self._part.saved
        if reference is Reference.BASE_RATE:
            return self._saved(self.base_rates)
        return self._saved_on_clock() if reference is Reference.CLOCK else self.pool.saved_on_others(self.keys)

    def _saved(self, reference: FloatArray | Standing) -> FloatArray:
        return np.atleast_1d(time_skill(self.record, self.outcomes, reference=reference))

    def _saved_on_clock(self) -> FloatArray:
        found = np.full(self.keys.size, np.nan)
        asked = self.pool.table.claims.at_least[self.claims]
        for places in (np.flatnonzero(asked == 1), np.flatnonzero(asked > 1)):
            if places.size:
                rates = self.base_rates[places]
                against = ConstantHazard(rates) if asked[places[0]] == 1 else self._poisson(self.claims[places], rates)
                mine = self.pool.standing(self.keys[places])
                found[places] = time_skill(mine, self.outcomes[places], reference=against)
        return found

    def _poisson(self, claims: IndexArray, rates: FloatArray) -> Standing:
        """The chance of the events still needed, seen anew each day, at the rate that the base rate implies."""
        of = self.pool.table.claims
        counted = _counted_on(self.pool, [of.slugs[claim] for claim in claims.tolist()])
        times, chances, series = [], [], []
        for number, (claim, rate) in enumerate(zip(claims.tolist(), rates.tolist(), strict=True)):
            opened, closed, needed = of.opens[claim], of.closes[claim], int(of.at_least[claim])
            days = np.arange(opened, closed, DAY)
            seen = np.searchsorted(counted[of.slugs[claim]], days, side="right")
            chances.append(np.atleast_1d(count_threshold(
                rate=_mean_count(rate, needed), left=np.maximum(closed - days - DAY / 2, 0.0) / (closed - opened),
                needed=np.maximum(needed - seen, 0),
            )))  # fmt: skip
            times.append(days)
            series.append(np.full(days.size, number))
        return self.pool.during(claims, *map(np.concatenate, (times, chances, series)))


def least_and_most(mine: Standing, other: Standing | None = None) -> tuple[FloatArray, FloatArray]:
    """What each series can come to save against another's, or against always 50 %, while nobody knows the answer.

    It may come at any moment, and what stood until then counts: so of the sums up to each moment, for yes and for no.
    """
    if other is None:
        series, shares, said, beside = mine.series, mine.shares, mine.probabilities, np.full(mine.series.size, HALF)
    else:
        both = shared(mine, other)
        series, said, beside = both.series, both.first, both.second
        shares = (both.ends - both.starts) / mine.horizon[series]
    least, most = np.zeros((2, mine.opens.size))
    begins = np.searchsorted(series, series)
    for truth in (0.0, 1.0):
        saved = shares * ((beside - truth) ** 2 - (said - truth) ** 2)
        sums = np.cumsum(saved)
        until = sums - (sums - saved)[begins]
        np.minimum.at(least, series, until)
        np.maximum.at(most, series, until)
    return least, most


def _counted_on(pool: Pool, claims: Sequence[str]) -> dict[str, list[int]]:
    """For each of some claims the ends of the days on which events that count had happened."""
    found = {}
    for snapshot, claim in pool.about(claims):
        events = [event for event in tally(snapshot, claim).events if event.standing in COUNTED]
        found[claim.slug] = sorted(in_microseconds(end_of(event.last_day())) for event in events)
    return found


def _mean_count(chance: float, needed: int) -> float:
    """How many events are expected where at least *needed* come with this chance, by halving an interval.

    >>> round(_mean_count(1 - 2.718281828459045**-1, 1), 9)
    1.0
    """
    wanted = min(chance, 0.999)
    low, high = 0.0, 1.0
    while float(count_threshold(rate=high, left=1.0, needed=needed)) < wanted:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        enough = float(count_threshold(rate=middle, left=1.0, needed=needed)) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high if chance > 0 else 0.0
