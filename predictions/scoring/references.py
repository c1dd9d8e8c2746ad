"""What plain rules would have said over the very time a forecaster's numbers stood, and what he saved against them.

Everything here rests on the rows that are scored: stated numbers, with times that are not backdated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from statistics import fmean

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.reference import HALF, ConstantHazard, count_threshold, leave_one_out
from forecasts.standing import Standing, standing, time_skill
from forecasts.timeline import Timeline, timeline
from predictions.dates import read_period
from predictions.kinds import DERIVED, ClaimType
from predictions.moments import end_of, start_of
from predictions.records import Claim, Forecaster
from predictions.scoring.company import Company
from predictions.scoring.figures import Reference
from predictions.scoring.rows import Row, Rule, counting
from predictions.snapshot import Snapshot
from predictions.tally import COUNTED, tally

DAY = 86_400.0


class Stood:
    """The standing forecasts behind scored rows: one series a row, in their order."""

    def __init__(self, company: Company) -> None:
        self.rows = tuple(company.rows)
        self._known = company.outcomes
        self._snapshot = company.snapshot

    @cached_property
    def outcomes(self) -> FloatArray:
        return np.array([0.0 if row.value is None else row.value for row in self.rows])

    @cached_property
    def record(self) -> Standing:
        """When which probability stood, in seconds."""
        told = [(place, *point) for place, row in enumerate(self.rows) for point in _points(self._snapshot, row)]
        return self._standing(range(len(self.rows)), told)

    def only(self, places: Sequence[int]) -> Standing:
        """The series of some rows, numbered anew."""
        record, chosen = self.record, np.asarray(places, dtype=np.intp)
        first, beyond = self._offsets[chosen], self._offsets[chosen + 1]
        at = np.concatenate([np.arange(*ends) for ends in zip(first, beyond, strict=True)]) if chosen.size else first
        number = np.repeat(np.arange(chosen.size), beyond - first)
        return Standing(
            record.starts[at], record.ends[at], record.probabilities[at], number, record.opens[chosen],
            record.closes[chosen],
        )  # fmt: skip

    @cached_property
    def _offsets(self) -> IndexArray:
        """Where each row's intervals begin, and where the last ones end."""
        return np.searchsorted(self.record.series, np.arange(len(self.rows) + 1))

    @cached_property
    def base_rates(self) -> FloatArray:
        """For each row the yes-rate of the other statements that the card could be about, whoever forecast them.

        It is hindsight: of how the others came out in the end, which nobody knew when the forecasts were made. And it
        is that rate itself, not smoothed towards a half by a rule such as Laplace's or Jeffreys': so it takes no prior
        of ours, its Brier is ybar (1 - ybar) (n / (n - 1))^2 exactly, and whoever has the outcomes can check it. Of few
        statements it can be 0 or 1, certain and wrong: then its log score is infinite, and the card says why.
        """
        if not self.rows:
            return np.zeros(0)
        rates = leave_one_out(list(self._known.values()))
        by_statement = dict(zip(self._known, rates.tolist(), strict=True))
        return np.array([by_statement[row.claim.statement] for row in self.rows])

    def said_on(self, place: int, rule: Rule) -> date:
        """The day on which the forecast was made that is in the mean: the one that stood first, or last."""
        starts = self.record.starts[self._offsets[place] : self._offsets[place + 1]]
        stood_from = float(starts[0 if rule is Rule.FIRST else -1])
        made_at = max(time for time, _ in _points(self._snapshot, self.rows[place]) if time <= stood_from)
        return datetime.fromtimestamp(made_at, UTC).date()

    def saved_on(self, places: Sequence[tuple[int, int]]) -> list[float | None]:
        """What the first row of each two, on one claim, saved against the second, over the time both stood."""
        if not places:
            return []
        mine, theirs = ([pair[end] for pair in places] for end in (0, 1))
        return _floats(time_skill(self.only(mine), self.outcomes[mine], reference=self.only(theirs)))

    def saved(self, reference: Reference) -> list[float | None]:
        """What each row's forecasts saved against a reference over their own time; None where it has nothing to say."""
        if not self.rows:
            return []
        if reference is Reference.HALF:
            return _floats(time_skill(self.record, self.outcomes, reference=HALF))
        if reference is Reference.BASE_RATE:
            return _floats(time_skill(self.record, self.outcomes, reference=self.base_rates))
        return self._saved_on_clock() if reference is Reference.CLOCK else self._saved_on_others()

    def _saved_on_clock(self) -> list[float | None]:
        found: list[float | None] = [None] * len(self.rows)
        asked = [row.claim.at_least or 0 for row in self.rows]
        for many in (False, True):
            places = [place for place, least in enumerate(asked) if (least > 1 if many else least == 1)]
            if places:
                rates, truth = self.base_rates[places], self.outcomes[places]
                against = self._poisson(places, rates) if many else ConstantHazard(rates)
                saved = _floats(time_skill(self.only(places), truth, reference=against))
                for place, value in zip(places, saved, strict=True):
                    found[place] = value
        return found

    def _poisson(self, places: Sequence[int], rates: FloatArray) -> Standing:
        """The chance of the events still needed, seen anew each day, at the rate that the base rate implies."""
        told: list[tuple[int, float, float]] = []
        for number, (place, rate) in enumerate(zip(places, rates.tolist(), strict=True)):
            claim = self.rows[place].claim
            opened, closed = start_of(claim.opens_on).timestamp(), end_of(claim.deadline).timestamp()
            days = np.arange(opened, closed, DAY)
            seen = np.searchsorted(_counted_on(self._snapshot, claim), days, side="right")
            chances = count_threshold(
                rate=_mean_count(rate, claim.at_least or 1),
                left=np.maximum(closed - days - DAY / 2, 0.0) / (closed - opened),
                needed=np.maximum((claim.at_least or 1) - seen, 0),
            )
            told += [(number, *point) for point in zip(days.tolist(), np.atleast_1d(chances).tolist(), strict=True)]
        return self._standing(places, told)

    def _saved_on_others(self) -> list[float | None]:
        found: list[float | None] = [None] * len(self.rows)
        by_claim: dict[str, list[int]] = {}
        for place, row in enumerate(self.rows):
            by_claim.setdefault(row.claim.slug, []).append(place)
        shared = [places for places in by_claim.values() if len(places) > 1]
        if not shared:
            return found
        flat = [place for places in shared for place in places]
        parts: list[tuple[FloatArray, FloatArray, FloatArray, IndexArray]] = []
        done = 0
        for places in shared:
            line, others = self.beside_others(places)
            member, piece = np.nonzero(~np.isnan(others))
            parts.append((line.cuts[piece], line.cuts[piece + 1], others[member, piece], member + done))
            done += len(places)
        starts, ends, chances, series = (np.concatenate(column) for column in zip(*parts, strict=True))
        mine = self.only(flat)
        crowd = Standing(starts, ends, chances, series, mine.opens, mine.closes)
        for place, value in zip(flat, _floats(time_skill(mine, self.outcomes[flat], reference=crowd)), strict=True):
            found[place] = value
        return found

    def beside_others(self, places: Sequence[int]) -> tuple[Timeline, FloatArray]:
        """Some rows on one claim side by side, and for each the median of the others in every piece of time."""
        line = timeline(self.only(places))
        counted = np.array([self.rows[place].forecaster in self._people for place in places])
        return line, _others_median(line.probabilities, counted)

    @cached_property
    def _people(self) -> set[str]:
        return {one.slug for one in self._snapshot.all(Forecaster) if one.kind not in DERIVED}

    def _standing(self, places: Sequence[int], told: Sequence[tuple[int, float, float]]) -> Standing:
        """The intervals of (series, time, probability) on the windows of some rows."""
        claims = [self.rows[place].claim for place in places]
        verdicts = {claim.slug: self._snapshot.verdict(claim) for claim in claims}
        known = [verdicts[claim.slug] for claim in claims]
        return standing(
            [time for _, time, _ in told],
            [chance for _, _, chance in told],
            opens=[start_of(claim.opens_on).timestamp() for claim in claims],
            closes=[end_of(claim.deadline).timestamp() for claim in claims],
            known=[start_of(verdict.known_on).timestamp() if verdict else np.inf for verdict in known],
            series=[number for number, _, _ in told],
        )


def mean_over_statements(rows: Sequence[Row], values: Sequence[float | None]) -> float | None:
    """The mean with one observation a statement, over the rows that have a value."""
    groups: dict[str, list[float]] = {}
    for row, value in zip(rows, values, strict=True):
        if value is not None:
            groups.setdefault(row.claim.statement, []).append(value)
    return fmean([fmean(group) for group in groups.values()]) if groups else None


def _points(snapshot: Snapshot, row: Row) -> list[tuple[float, float]]:
    """The time and number of each forecast that counts for the row; NaN for a withdrawal."""
    said = counting(snapshot, row.claim, row.forecaster).forecasts
    return [(one.made_at.timestamp(), float("nan") if one.point is None else one.point) for one in said]


def _counted_on(snapshot: Snapshot, claim: Claim) -> list[float]:
    """The ends of the days on which events that count had happened."""
    if claim.type is not ClaimType.EVENTS:
        return []
    events = [item.event for item in tally(snapshot, claim).events if item.standing in COUNTED]
    return sorted(end_of(read_period(event.happened).last).timestamp() for event in events)


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


def _others_median(table: FloatArray, counted: BoolArray) -> FloatArray:
    """For each member (row) and moment (column) the median of the other rows that count; NaN without any.

    >>> _others_median(np.array([[0.1], [0.5], [0.9]]), np.array([True, True, True])).ravel().tolist()
    [0.7, 0.5, 0.3]
    """
    people = np.where(counted[:, None], table, np.nan)
    ranked = np.sort(people, axis=0)  # NaN last
    rank = np.argsort(np.argsort(people, axis=0, kind="stable"), axis=0, kind="stable")
    others = (~np.isnan(people)).sum(axis=0) - counted[:, None]
    lower, upper = np.maximum(others - 1, 0) // 2, np.maximum(others, 0) // 2
    moments, last = np.arange(table.shape[1]), table.shape[0] - 1
    gone = counted[:, None]  # whoever counts is passed over
    low = ranked[np.minimum(lower + (gone & (lower >= rank)), last), moments]
    high = ranked[np.minimum(upper + (gone & (upper >= rank)), last), moments]
    return np.where(~np.isnan(table) & (others > 0), (low + high) / 2, np.nan)


def _floats(values: float | FloatArray) -> list[float | None]:
    return [float(value) for value in np.atleast_1d(np.asarray(values))]
