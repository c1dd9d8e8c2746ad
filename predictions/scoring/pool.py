"""The records of a card, and what they are compared with: everybody's, and how every statement came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Rows
from forecasts.reference import leave_one_out
from forecasts.standing import Standing, standing, stands_from
from predictions.doubts import doubts
from predictions.enums import DERIVED
from predictions.records import Claim
from predictions.scoring.against_others import BesideOthers, beside_others, saved_on_others
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.eligibility_codes import CODES_COUNTED, SERIES_AT_ONCE, with_outcome
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable
from predictions.scoring.standing_tables import spans
from predictions.scoring.track_record import TrackRecord, unit_means
from predictions.snapshot import Snapshot
from predictions.storage.store import batches
from predictions.tally import tally, written_after


class Pool:
    """Everybody's series and records, of which a card lists some.

    A figure that needs others takes all of them, so that nobody's figure changes with who is listed beside them.
    """

    def __init__(
        self, reader: ForecastReader, table: SeriesTable, cohort: Cohort, rule: Rule, everybody: Sequence[TrackRecord],
        listed: Sequence[TrackRecord],
    ) -> None:  # fmt: skip
        self.reader, self.table, self.cohort, self.rule = reader, table, cohort, rule
        self.everybody, self.listed = tuple(everybody), tuple(listed)
        self._notes: dict[str, tuple[list[str], list[str]]] = {}

    @property
    def independent(self) -> list[TrackRecord]:
        """The records of those who speak for themselves: a crowd or a rule says what it takes from others."""
        return [record for record in self.everybody if record.forecaster.kind not in DERIVED]

    def about(self, claims: Iterable[str]) -> Iterator[tuple[Snapshot, Claim]]:
        """Some claims, each with a snapshot of what decides it; nothing else is read."""
        for some in batches(list(dict.fromkeys(claims))):
            snapshot = self.reader.snapshot(some, forecasts=False)
            yield from ((snapshot, snapshot.find(Claim, slug)) for slug in some)

    def notes(self, claims: Iterable[str]) -> Mapping[str, tuple[list[str], list[str]]]:
        """What counted for each of some claims before it was recorded, and what its verdict is doubted for."""
        for snapshot, claim in self.about(slug for slug in claims if slug not in self._notes):
            before = written_after(snapshot, claim, tally(snapshot, claim))
            self._notes[claim.slug] = before, list(doubts(snapshot, claim))
        return self._notes

    @cached_property
    def on_one_evidence(self) -> list[tuple[str, list[int]]]:
        """Each piece of evidence on which verdicts rest that are not one observation, and the claims by number."""
        return self.reader.on_one_evidence()

    @cached_property
    def recorded_afterwards(self) -> IndexArray:
        """For each claim how many forecasts a link dates before the answer, and were recorded after it."""
        return self.reader.recorded_afterwards()

    @cached_property
    def base_rates(self) -> FloatArray:
        """For each claim the yes-rate of the other statements that the card could be about, whoever forecast them.

        It is hindsight: of how the others came out in the end, which nobody knew when the forecasts were made. And it
        is that rate itself, not smoothed towards a half by a rule such as Laplace's or Jeffreys': so it takes no prior
        of ours, its Brier is ybar (1 - ybar) (n / (n - 1))^2 exactly, and whoever has the outcomes can check it. Of few
        statements it can be 0 or 1, certain and wrong: then its log score is infinite, and the card says why.
        """
        claims, rates = self.table.claims, np.full(len(self.table.claims.slugs), np.nan)
        known = np.flatnonzero(
            self.table.wanted & with_outcome(self.reader.claim_status, self.cohort) & ~np.isnan(claims.outcome)
        )
        if known.size:
            units, first, which = np.unique(claims.units.fair[known], return_index=True, return_inverse=True)
            order = np.argsort(first)
            means = unit_means(claims.units.fair[known], claims.outcome[known])
            others = np.empty(units.size)
            others[order] = leave_one_out(means.tolist())
            rates[known] = others[which]
        return rates

    @cached_property
    def _points(self) -> Rows:
        return self.reader.rows(self.table.wanted, crowds=len(self.table.forecasters) > len(self.reader.forecasters))

    @cached_property
    def _keys(self) -> IndexArray:
        return self._points.claim.astype(np.int64) * len(self.table.forecasters) + self._points.forecaster

    def points(self, key: int) -> Rows:
        """The forecasts of one series."""
        return self._points.part(slice(*np.searchsorted(self._keys, [key, key + 1]).tolist()))

    def standing(self, keys: Sequence[int] | IndexArray) -> Standing:
        """When which probability of some series stood."""
        chosen = np.asarray(keys, np.int64)
        begins, ends = np.searchsorted(self._keys, chosen), np.searchsorted(self._keys, chosen + 1)
        part = self._points.part(spans(begins, ends))
        times = stands_from(part.time, self.table.claims.grain.take(part.claim))
        series = np.repeat(np.arange(chosen.size), ends - begins)
        return self.during(chosen // len(self.table.forecasters), times, part.probability, series)

    def during(self, claims: IndexArray, times: FloatArray, chances: FloatArray, series: IndexArray) -> Standing:
        """The intervals of (series, time, probability) on the windows of some claims."""
        of = self.table.claims
        return standing(
            times, chances, opens=of.opens[claims], closes=of.closes[claims], known=of.limit[claims], series=series
        )

    @cached_property
    def _scored(self) -> tuple[IndexArray, IndexArray]:
        """The keys of all series in the means, sorted, and where those on each claim begin."""
        series = self.table.series.part(np.isin(self.table.series.mark, CODES_COUNTED[self.cohort]["means"]))
        keys = np.sort(self.table.keys(series))
        return keys, np.searchsorted(keys, np.arange(len(self.table.claims.slugs) + 1) * len(self.table.forecasters))

    def beside_others(self, claims: IndexArray) -> Iterator[tuple[IndexArray, BesideOthers]]:
        """Set the scored series on some claims beside the others, some at a time; with the keys of these."""
        for mine in self._scored_on(claims):
            yield from ((mine, one) for one in beside_others(*self._company(mine)))

    def saved_on_others(self, keys: IndexArray) -> FloatArray:
        """What some scored series saved on the median of the others; NaN where nobody else stood beside them."""
        return self._saved_on_others[np.searchsorted(self._scored[0], keys)]

    @cached_property
    def _saved_on_others(self) -> FloatArray:
        of, people = self.table.claims, len(self.table.forecasters)
        parts = self._scored_on(np.arange(len(of.slugs)))
        found = [saved_on_others(*self._company(mine), of.outcome[mine // people]) for mine in parts]
        return np.concatenate([np.zeros(0), *found])

    def _scored_on(self, claims: IndexArray) -> Iterator[IndexArray]:
        """The keys of the scored series on some claims, rising: about so many at a time, none of a claim left out."""
        keys, begins = self._scored
        count = np.cumsum(begins[claims + 1] - begins[claims])
        for part in np.split(claims, np.flatnonzero(np.diff(count // SERIES_AT_ONCE)) + 1):
            yield keys[spans(begins[part], begins[part + 1])]

    def _company(self, keys: IndexArray) -> tuple[Standing, IndexArray, BoolArray]:
        """When some series stood, on which claim each is, and whether it speaks for itself."""
        derived = np.array([person.kind in DERIVED for person in self.table.forecasters], np.bool_)
        people = derived.size
        return self.standing(keys), keys // people, ~derived[keys % people]
