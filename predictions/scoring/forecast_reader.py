"""Every forecast of a ledger as columns, and what each forecaster's come to on each claim.

Forecasts in blocks, and records that say one number, are read as columns. What says more (a range, words, a
correction) is read as records, counted as such, and put in its place among the others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Rows, Series, batches, filled
from forecasts.questions import YES_NO, Scoring
from predictions.enums import DERIVED
from predictions.errors import Tampered
from predictions.records import Claim, Evidence, Forecast, Forecaster, Resolution, Source
from predictions.scoring.claims import RESOLVED, ClaimColumns, chosen_claims, claim_columns
from predictions.scoring.crowds import crowd_rows, crowds_of
from predictions.scoring.eligibility import Rule
from predictions.scoring.eligibility_codes import sorted_by_eligibility, status_codes, supersede_later_claims
from predictions.scoring.eligible_forecasts import EligibleForecasts, eligible_forecasts
from predictions.scoring.filters import Filter
from predictions.scoring.forecast_columns import ForecasterEntry, forecaster_entries, read_ranges, read_records
from predictions.scoring.forecast_rows import joined, merged, no_series, rows_from, sorted_rows, with_series
from predictions.scoring.units import on_one_evidence, recorded_afterwards
from predictions.snapshot import Snapshot
from predictions.storage.imports import Imports
from predictions.storage.journal import Journal
from predictions.storage.lookup import concerning
from predictions.storage.store import Store
from predictions.timestamps import in_microseconds

ENDS = ("low", "high")
NEEDED = (Source, Evidence, Claim, Forecaster, Forecast, Resolution)


@dataclass(frozen=True, eq=False)
class ForecastColumns:
    """The forecasts on claims, sorted by claim, forecaster and time; both numbered in the order of slugs."""

    size: int  # of the ledger they were read from
    claims: ClaimColumns
    forecasters: Sequence[str]
    rows: Rows


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """What each forecaster's forecasts on each scored claim come to.

    Attributes:
        claims: All claims of the ledger, by number.
        wanted: Which of them the table is about.
        forecasters: All forecasters, by number.
        series: A line each, sorted by its mark, which is the number of its fate, then by forecaster and claim.
        partly_apart: The keys of those of which some forecasts are set apart from the others.
        ends: Those with a range, at its low and at its high end, in the order of their keys.
        same_day: For each claim that came out how many forecasts do not count because it is told by the day, and they
            were made on the last one that counts.
    """

    claims: ClaimColumns
    wanted: BoolArray
    forecasters: Sequence[ForecasterEntry]
    series: Series
    partly_apart: IndexArray
    ends: tuple[Series, Series]
    same_day: IndexArray

    @property
    def scoring(self) -> Scoring:
        """How the type of these claims is scored."""
        return YES_NO

    def losses(self, part: Series) -> FloatArray:
        """What each series loses by the forecast that is scored: its Brier score."""
        return self.scoring.losses(part.probability, self.claims.outcome.take(part.claim))

    def log_losses(self, part: Series) -> FloatArray:
        """The logarithmic score of the same."""
        return self.scoring.log_losses(part.probability, self.claims.outcome.take(part.claim))

    def keys(self, series: Series) -> IndexArray:
        """A number for each series, in the order of claims and forecasters."""
        return series.claim.astype(np.int64) * len(self.forecasters) + series.forecaster

    def on(self, wanted: BoolArray) -> SeriesTable:
        """The table of some of its claims only."""
        aside = self.partly_apart[wanted[self.partly_apart // max(len(self.forecasters), 1)]]
        return replace(
            self,
            wanted=wanted,
            series=self.series.part(wanted[self.series.claim]),
            partly_apart=aside,
            same_day=self.same_day * wanted,
        )

    def at(self, end: int, part: Series) -> tuple[FloatArray, FloatArray]:
        """The number scored, and what was saved over time, at one end of the range of each series."""
        probability, saved = part.probability.copy(), part.saved.copy()
        ranges = self.ends[end]
        if ranges.claim.size:
            known = self.keys(ranges)
            place = np.minimum(np.searchsorted(known, self.keys(part)), known.size - 1)
            found = known[place] == self.keys(part)
            probability[found], saved[found] = ranges.probability[place[found]], ranges.saved[place[found]]
        return probability, saved

    @cached_property
    def _by_person(self) -> tuple[IndexArray, IndexArray]:
        """The places of all series, person by person, their claims in ledger order; and where each person begins."""
        order = np.lexsort((self.claims.entries[self.series.claim], self.series.forecaster))
        return order, np.searchsorted(self.series.forecaster[order], np.arange(len(self.forecasters) + 1))

    def positions_of(self, person: int) -> IndexArray:
        """Where the series of one forecaster stand, their claims in ledger order."""
        order, begins = self._by_person
        return order[begins[person] : begins[person + 1]]


class ForecastReader:
    """Reads the forecasts of a ledger as of one moment, on one day; after the ledger was closed as well."""

    def __init__(self, journal: Journal, size: int, *, head: str, as_of: datetime, today: date) -> None:
        self._journal: Journal | None = journal
        self._path, self._head, self._size = journal.path.absolute(), journal.head(size), size
        self.head, self.as_of, self.today = head, as_of, today
        self._kept: tuple[Rule, bool, SeriesTable] | None = None
        with self._open() as (store, connection):
            self.claims = claim_columns(store, connection, size, today)
            self.forecasters = forecaster_entries(connection, size)
            self.entries = [one.entry for one in self.forecasters]
            self.standing = status_codes(self.claims, today)
            self._records, self._others = read_records(connection, size, today, self.claims, self.entries)

    def table(self, rule: Rule, only: Filter, *, crowds: bool = False) -> SeriesTable:
        """What the forecasts on the claims that a filter lets through come to, held if it lets through all."""
        with self._open() as (store, connection):
            wanted = self.claims.scored
            if only:
                wanted = wanted & chosen_claims(connection, self._size, self.claims, only)
            if self._kept is None or self._kept[:2] != (rule, crowds):
                if only:
                    among = self.claims.scored & self.claims.units.with_chains(wanted)
                    return self._table(store, connection, among, rule, crowds=crowds).on(wanted)
                self._kept = None  # never two at once
                self._kept = rule, crowds, self._table(store, connection, wanted, rule, crowds=crowds)
        return self._kept[2].on(wanted) if only else self._kept[2]

    def columns(self) -> ForecastColumns:
        """Every forecast, as the rules of scoring count them."""
        return ForecastColumns(self._size, self.claims, [one.slug for one in self.forecasters], self.rows())

    def rows(self, wanted: BoolArray | None = None, *, crowds: bool = False) -> Rows:
        """The forecasts on some claims, or on all, as the rules of scoring count them."""
        every = np.ones(len(self.claims.slugs), np.bool_) if wanted is None else wanted
        with self._open() as (store, connection):
            by_hand = self._by_hand(store, connection, every)
            (rows,) = (rows for rows, _ in self._ranges(connection, every, by_hand, crowds=crowds, whole=True))
        return rows

    def snapshot(self, claims: Sequence[str] | None = None, *, said: bool = True) -> Snapshot:
        """What concerns some claims, or all; where it was *said*, with the forecasts on them, in blocks as well."""
        about = self.claims.slugs if claims is None else claims
        with self._open() as (store, connection):
            recorded = concerning(store, about, self._size, said=said)
            blocks = Imports(connection, self._size).records(claims=about) if said else ()
            return Snapshot(chain(recorded, blocks), head=self.head, as_of=self.as_of, today=self.today)

    def on_one_evidence(self) -> list[tuple[str, list[int]]]:
        """Each piece of evidence on which verdicts rest that are not one observation, and the claims by number."""
        with self._open() as (_, connection):
            return on_one_evidence(connection, self._size, self.claims.entries, self.claims.units.wide)

    def recorded_afterwards(self) -> IndexArray:
        """For each claim how many forecasts a link dates before the answer, and were recorded after it."""
        with self._open() as (_, connection):
            counts = recorded_afterwards(connection, self._size)
        return np.array([counts.get(entry, 0) for entry in self.claims.entries.tolist()], np.intp)

    @contextmanager
    def _open(self) -> Iterator[tuple[Store, sqlite3.Connection]]:
        kept = self._journal
        if kept is not None and not kept.closed:
            with kept.reading():
                yield Store(kept), kept.connection
            return
        with closing(Journal(self._path, read_only=True)) as journal, journal.reading():
            if self._size and not journal.knows(self._head):
                raise Tampered(f"{str(self._path)!r} is not the file that this card was made of; ask for a new card")
            yield Store(journal), journal.connection

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_journal": None}  # the file is opened again where more is asked for

    def _table(
        self, store: Store, connection: sqlite3.Connection, wanted: BoolArray, rule: Rule, *, crowds: bool
    ) -> SeriesTable:
        claims = self.claims
        aside, by_hand = [np.zeros(0, np.int64)], self._by_hand(store, connection, wanted)
        same_day = np.zeros(wanted.size, np.intp)
        everybody = [*self.forecasters, *crowds_of(self.forecasters)] if crowds else self.forecasters

        def lines(some: Rows) -> Iterator[Series]:
            return batches(some, claims.for_batches, last=rule is Rule.LAST)

        def parts() -> Iterator[Series]:
            for rows, apart in self._ranges(connection, wanted, by_hand, crowds=crowds):
                aside.append(apart)
                np.add(same_day, _on_last_day(rows, claims, len(self.forecasters)), out=same_day)
                yield from lines(rows)

        most = store.in_blocks(self._size) + self._records.claim.size + len(by_hand) + 3 * int(wanted.sum()) * crowds
        series = filled(sorted_by_eligibility(parts(), self.standing, len(everybody)), most, no_series())
        supersede_later_claims(series, claims, len(everybody))
        ranges = {
            who: one for who, one in sorted(by_hand.items()) if any(said.low is not None for said in one.forecasts)
        }
        low, high = (
            filled(lines(_series_rows(ranges, end)), len(ranges), no_series()) if ranges else no_series()
            for end in ENDS
        )
        return SeriesTable(claims, wanted, everybody, series, np.concatenate(aside), (low, high), same_day)

    def _ranges(
        self, connection: sqlite3.Connection, wanted: BoolArray, by_hand: Mapping[tuple[int, int], EligibleForecasts],
        *, crowds: bool, whole: bool = False,
    ) -> Iterator[tuple[Rows, IndexArray]]:  # fmt: skip
        """Rows in order, and the series of which some are set aside, by ranges of claims."""
        people, members = (
            len(self.forecasters),
            np.array([one.kind not in DERIVED for one in self.forecasters], np.bool_),
        )
        ranges = read_ranges(connection, self._size, self.today, self.claims, self.entries, wanted=wanted, whole=whole)
        mine = self._records.part(np.flatnonzero(wanted[self._records.claim]))
        for low, high, found in ranges:
            begin, end = np.searchsorted(mine.claim, [low, high])
            rows, aside = sorted_rows(joined(found, mine.part(slice(begin, end))), people + 3 * crowds)
            own = {who: counted for who, counted in by_hand.items() if low <= who[0] < high}
            if own:
                keys = {claim * (people + 3 * crowds) + who: own[claim, who].others_apart for claim, who in own}
                aside = np.setdiff1d(aside, list(keys))
                aside = np.union1d(aside, [key for key, there in keys.items() if there]).astype(np.int64)
                counted = {who: one for who, one in sorted(own.items()) if one.forecasts}
                rows = (
                    with_series(rows, [_series_rows({who: one}) for who, one in counted.items()]) if counted else rows
                )
            if crowds:
                rows = merged(rows, crowd_rows(rows, members))
            yield rows, aside

    def _by_hand(
        self, store: Store, connection: sqlite3.Connection, wanted: BoolArray
    ) -> dict[tuple[int, int], EligibleForecasts]:
        """What counts of each forecaster on each claim, where some of it says more than a number."""
        pairs = {
            (self.claims.slugs[claim], self.forecasters[person].slug): (claim, person)
            for claim, person in sorted(self._others)
            if wanted[claim]
        }
        if not pairs:
            return {}
        recorded = store.recorded(self._size, NEEDED)
        by_hand = Snapshot(recorded, head="", as_of=self.as_of, today=self.today)
        together = by_hand.with_records(Imports(connection, self._size).records(series=list(pairs)))
        return {
            numbers: eligible_forecasts(together, together.find(Claim, claim), who)
            for (claim, who), numbers in pairs.items()
        }


def _on_last_day(rows: Rows, claims: ClaimColumns, people: int) -> IndexArray:
    """For each claim that came out, how many of its forecasts were made on the last day, and so do not count.

    Those of crowds, which are numbered after all *people*, nobody made.
    """
    limit = claims.limit.take(rows.claim)
    counted = (claims.verdict == RESOLVED) & (claims.grain > 0)
    there = counted.take(rows.claim) & (rows.time < limit) & (rows.time >= limit - claims.grain.take(rows.claim))
    there &= rows.forecaster < people
    return np.bincount(rows.claim[there], minlength=counted.size)


def _series_rows(counted: Mapping[tuple[int, int], EligibleForecasts], end: str | None = None) -> Rows:
    """Some series, each forecast with what sets it apart; at one end of their ranges."""
    told = [
        (*who, in_microseconds(said.made_at), _number(said, end), int(one.mark_of(said)))
        for who, one in counted.items()
        for said in one.forecasts
    ]
    return rows_from(told)


def _number(forecast: Forecast, end: str | None) -> float:
    number = forecast.point if end is None or forecast.low is None else getattr(forecast, end)
    return np.nan if number is None else float(number)
