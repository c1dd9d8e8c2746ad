"""The records of a card, and what they are compared with: everybody's, and how every statement came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from forecasts.batches import Rows
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.reference import leave_one_out
from forecasts.standing import Standing, standing, stands_from
from forecasts.timeline import Timeline, timeline
from predictions.doubts import doubts
from predictions.kinds import DERIVED
from predictions.records import Claim
from predictions.scoring.fates import COUNTED_IN, taken
from predictions.scoring.places import Cohort, Rule
from predictions.scoring.series import Reader, SeriesTable
from predictions.scoring.totals import TrackRecord, by_unit
from predictions.snapshot import Snapshot
from predictions.store import batches
from predictions.tally import written_after


class Pool:
    """Everybody's series and records, of which a card lists some.

    A figure that needs others takes all of them, so that nobody's figure changes with who is listed beside them.
    """

    def __init__(
        self, reader: Reader, table: SeriesTable, cohort: Cohort, rule: Rule, everybody: Sequence[TrackRecord],
        listed: Sequence[TrackRecord],
    ) -> None:  # fmt: skip
        self.reader, self.table, self.cohort, self.rule = reader, table, cohort, rule
        self.everybody, self.listed = tuple(everybody), tuple(listed)
        self._notes: dict[str, tuple[list[str], list[str]]] = {}
        self._others: dict[int, tuple[IndexArray, Timeline, FloatArray]] = {}

    @property
    def people(self) -> list[TrackRecord]:
        """The records of those who speak for themselves: a crowd or a rule says what it takes from others."""
        return [record for record in self.everybody if record.forecaster.kind not in DERIVED]

    def about(self, claims: Iterable[str]) -> Iterator[tuple[Snapshot, Claim]]:
        """Some claims, each with a snapshot of what decides it; nothing else is read."""
        for some in batches(list(dict.fromkeys(claims))):
            snapshot = self.reader.snapshot(some, said=False)
            yield from ((snapshot, snapshot.find(Claim, slug)) for slug in some)

    def notes(self, claims: Iterable[str]) -> Mapping[str, tuple[list[str], list[str]]]:
        """What counted for each of some claims before it was recorded, and what its verdict is doubted for."""
        for snapshot, claim in self.about(slug for slug in claims if slug not in self._notes):
            self._notes[claim.slug] = written_after(snapshot, claim), list(doubts(snapshot, claim))
        return self._notes

    @cached_property
    def on_one_evidence(self) -> list[tuple[str, list[int]]]:
        """Each piece of evidence on which verdicts rest that are not one observation, and the claims by number."""
        return self.reader.on_one_evidence()

    @cached_property
    def base_rates(self) -> FloatArray:
        """For each claim the yes-rate of the other statements that the card could be about, whoever forecast them.

        It is hindsight: of how the others came out in the end, which nobody knew when the forecasts were made. And it
        is that rate itself, not smoothed towards a half by a rule such as Laplace's or Jeffreys': so it takes no prior
        of ours, its Brier is ybar (1 - ybar) (n / (n - 1))^2 exactly, and whoever has the outcomes can check it. Of few
        statements it can be 0 or 1, certain and wrong: then its log score is infinite, and the card says why.
        """
        claims, rates = self.table.claims, np.full(len(self.table.claims.slugs), np.nan)
        known = np.flatnonzero(self.table.wanted & taken(self.reader.standing, self.cohort) & ~np.isnan(claims.outcome))
        if known.size:
            units, first, which = np.unique(claims.units.fair[known], return_index=True, return_inverse=True)
            order = np.argsort(first)
            means = by_unit(claims.units.fair[known], claims.outcome[known])
            others = np.empty(units.size)
            others[order] = leave_one_out(means.tolist())
            rates[known] = others[which]
        return rates

    @cached_property
    def _points(self) -> Rows:
        return self.reader.rows(self.table.wanted, crowds=len(self.table.people) > len(self.reader.people))

    @cached_property
    def _keys(self) -> IndexArray:
        return self._points.claim.astype(np.int64) * len(self.table.people) + self._points.forecaster

    def points(self, key: int) -> Rows:
        """The forecasts of one series."""
        return self._points.part(slice(*np.searchsorted(self._keys, [key, key + 1]).tolist()))

    def standing(self, keys: Sequence[int] | IndexArray) -> Standing:
        """When which probability of some series stood."""
        chosen = np.asarray(keys, np.int64)
        begins, ends = np.searchsorted(self._keys, chosen), np.searchsorted(self._keys, chosen + 1)
        at = np.concatenate([np.arange(*span) for span in zip(begins, ends, strict=True)]) if chosen.size else begins
        part = self._points.part(at)
        times = stands_from(part.time, self.table.claims.grain.take(part.claim))
        series = np.repeat(np.arange(chosen.size), ends - begins)
        return self.during(chosen // len(self.table.people), times, part.probability, series)

    def during(self, claims: IndexArray, times: FloatArray, chances: FloatArray, series: IndexArray) -> Standing:
        """The intervals of (series, time, probability) on the windows of some claims."""
        of = self.table.claims
        return standing(
            times, chances, opens=of.opens[claims], closes=of.closes[claims], known=of.limit[claims], series=series
        )

    @cached_property
    def _scored(self) -> tuple[IndexArray, IndexArray]:
        """The keys of all series in the means, sorted, and where those on each claim begin."""
        series = self.table.series.part(np.isin(self.table.series.apart, COUNTED_IN[self.cohort]["means"]))
        keys = np.sort(self.table.keys(series))
        return keys, np.searchsorted(keys, np.arange(len(self.table.claims.slugs) + 1) * len(self.table.people))

    def beside_others(self, claim: int) -> tuple[IndexArray, Timeline, FloatArray]:
        """The scored series on one claim side by side: keys, pieces of time, the median of the others in each."""
        if claim not in self._others:
            keys, begins = self._scored
            mine = keys[begins[claim] : begins[claim + 1]]
            line = timeline(self.standing(mine))
            counted = [self.table.people[key].kind not in DERIVED for key in (mine % len(self.table.people)).tolist()]
            self._others[claim] = mine, line, others_median(line.probabilities, np.array(counted, np.bool_))
        return self._others[claim]


def others_median(table: FloatArray, counted: BoolArray) -> FloatArray:
    """For each member (row) and moment (column) the median of the other rows that count; NaN without any.

    >>> others_median(np.array([[0.1], [0.5], [0.9]]), np.array([True, True, True])).ravel().tolist()
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
