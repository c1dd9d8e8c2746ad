"""What plain rules would have said over the very time a forecaster's numbers stood, and what was saved against them.

Everything here rests on the rows that are scored: stated numbers, with times that are not backdated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from math import isnan
from statistics import fmean

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.reference import HALF, ConstantHazard, count_threshold
from forecasts.standing import Standing, shared, stands_from, time_skill
from predictions.moments import EPOCH, MICROSECOND, end_of, in_microseconds
from predictions.scoring.claims import DAY
from predictions.scoring.figures import Reference
from predictions.scoring.places import Rule
from predictions.scoring.pool import Pool
from predictions.scoring.rows import Row
from predictions.tally import COUNTED, tally


class Stood:
    """The standing forecasts behind scored rows: one series a row, in their order."""

    def __init__(self, pool: Pool, rows: Sequence[Row]) -> None:
        self.pool, self.rows = pool, rows
        self.keys = np.array([row.key for row in rows], np.int64)
        self.claims = self.keys // max(len(pool.table.people), 1)
        self.outcomes = pool.table.claims.outcome[self.claims]

    @cached_property
    def record(self) -> Standing:
        """When which probability stood, in microseconds."""
        return self.pool.standing(self.keys)

    @property
    def base_rates(self) -> FloatArray:
        """For each row how often the other statements came true."""
        return self.pool.base_rates[self.claims]

    def said_on(self, place: int, rule: Rule) -> date:
        """The day on which the forecast was made that is in the mean: the one that stood first, or last."""
        starts = self.record.starts[self.record.series == place]
        times = self.pool.points(int(self.keys[place])).time
        from_then = stands_from(times, self.pool.table.claims.grain[self.claims[place]])
        made_at = times[from_then <= starts[0 if rule is Rule.FIRST else -1]].max()
        return (EPOCH + int(made_at) * MICROSECOND).date()

    def saved_on(self, others: Stood) -> list[float | None]:
        """What each row saved against the row of the same place there, on the same claim, over the time both stood."""
        return _floats(time_skill(self.record, self.outcomes, reference=others.record)) if self.rows else []

    def saved(self, reference: Reference) -> list[float | None]:
        """What each row's forecasts saved against a reference over their own time; None where it has nothing to say."""
        if not self.rows:
            return []
        if reference is Reference.HALF:
            return [row.middle.time_skill for row in self.rows]
        if reference is Reference.BASE_RATE:
            return _floats(time_skill(self.record, self.outcomes, reference=self.base_rates))
        return self._saved_on_clock() if reference is Reference.CLOCK else self._saved_on_others()

    def _saved_on_clock(self) -> list[float | None]:
        found: list[float | None] = [None] * len(self.rows)
        asked = self.pool.table.claims.at_least[self.claims]
        for places in (np.flatnonzero(asked == 1), np.flatnonzero(asked > 1)):
            if places.size:
                rates = self.base_rates[places]
                against = ConstantHazard(rates) if asked[places[0]] == 1 else self._poisson(self.claims[places], rates)
                mine = self.pool.standing(self.keys[places])
                saved = _floats(time_skill(mine, self.outcomes[places], reference=against))
                for place, value in zip(places.tolist(), saved, strict=True):
                    found[place] = value
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

    def _saved_on_others(self) -> list[float | None]:
        saved = self.pool.saved_on_others(self.keys).tolist()
        return [None if isnan(value) else value for value in saved]


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


def mean_over_units(rows: Sequence[Row], values: Sequence[float | None]) -> float | None:
    """The mean with one observation a unit, over the rows that have a value."""
    groups: dict[int, list[float]] = {}
    for row, value in zip(rows, values, strict=True):
        if value is not None:
            groups.setdefault(row.claim.unit, []).append(value)
    return fmean([fmean(group) for group in groups.values()]) if groups else None


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


def _floats(values: float | FloatArray) -> list[float | None]:
    return [float(value) for value in np.atleast_1d(np.asarray(values))]
