"""All forecasts of a ledger as columns: those in blocks, those in records, and what counts of those that say more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np

from forecasts.batches import Rows, Series, batches, filled
from forecasts.inputs import BoolArray, IndexArray
from predictions.bulk.columns import (
    ClaimColumns,
    chosen_claims,
    claim_columns,
    people,
    read_ranges,
    read_records,
)
from predictions.bulk.fates import by_fate, standings
from predictions.bulk.ordering import BACKDATED, IMPUTED, no_series, sorted_rows, with_series
from predictions.moments import in_microseconds
from predictions.records import Claim, Evidence, Forecast, Forecaster, Source
from predictions.scoring.filtering import Filter
from predictions.scoring.rows import Counted, Rule, counting
from predictions.snapshot import Snapshot
from predictions.storage.imports import Imports
from predictions.store import Store

NEEDED = (Source, Evidence, Forecaster, Forecast)


@dataclass(frozen=True, eq=False)
class Columns:
    """The forecasts on claims, sorted by claim, forecaster and time; both numbered in the order of slugs."""

    size: int  # of the ledger they were read from
    claims: ClaimColumns
    forecasters: Sequence[str]
    rows: Rows


@dataclass(frozen=True, eq=False)
class Held:
    """What each forecaster's forecasts on each scored claim come to; a series' mark is the number of its fate."""

    claims: ClaimColumns
    wanted: BoolArray  # which of the claims
    forecasters: Sequence[str]
    titles: Mapping[str, str]  # of the forecasters
    series: Series
    aside: IndexArray  # series some of whose times are backdated and set aside: claim * forecasters + forecaster

    def part(self, wanted: BoolArray, by: Sequence[str] | None) -> Held:
        """Only what concerns some claims, and some forecasters or all."""
        whom = np.array([by is None or slug in by for slug in self.forecasters], np.bool_)
        claim, forecaster = np.divmod(self.aside, max(len(self.forecasters), 1))
        return replace(
            self,
            wanted=wanted,
            series=self.series.part(wanted[self.series.claim] & whom[self.series.forecaster]),
            aside=self.aside[wanted[claim] & whom[forecaster]],
        )

    @cached_property
    def unforecast(self) -> int:
        """How many of the claims nobody here has forecast."""
        forecast = np.zeros(self.wanted.size, np.bool_)
        forecast[self.series.claim] = True
        return int((self.wanted & ~forecast).sum())


class Reader:
    """Reads the forecasts of a ledger as of one moment, on one day."""

    def __init__(
        self, store: Store, connection: sqlite3.Connection, size: int, *, as_of: datetime, today: date
    ) -> None:
        self._store, self._connection = store, connection
        self._size, self._as_of, self._today = size, as_of, today
        self.claims = claim_columns(connection, size, today)
        known = people(connection, size)
        self._people = {slug: entry for slug, entry, _ in known}
        self.forecasters = list(self._people)
        self._titles = {slug: title for slug, _, title in known}
        self._standing = standings(self.claims, today)
        self._records, self._others = read_records(connection, size, today, self.claims, list(self._people.values()))

    def chosen(self, only: Filter) -> BoolArray:
        """Which scored claims a filter lets through."""
        if not only:
            return self.claims.scored
        return self.claims.scored & chosen_claims(self._connection, self._size, self.claims, only)

    def rows(self) -> Columns:
        """Every forecast, as the rules of `scoring` count them."""
        every = np.ones(len(self.claims.slugs), np.bool_)
        (rows,) = (rows for rows, _ in self._ranges(every, None, self._by_hand(every, None), whole=True))
        return Columns(self._size, self.claims, self.forecasters, rows)

    def series(self, wanted: BoolArray, by: Sequence[str] | None, rule: Rule) -> Held:
        """What the forecasts on those claims come to, by some forecasters or all; nothing else is read."""
        aside, by_hand = [np.zeros(0, np.int64)], self._by_hand(wanted, by)

        def parts() -> Iterator[Series]:
            for rows, apart in self._ranges(wanted, by, by_hand):
                aside.append(apart)
                yield from batches(rows, self.claims.for_batches, last=rule is Rule.LAST)

        most = self._store.in_blocks(self._size) + self._records.claim.size + len(by_hand)
        series = filled(by_fate(parts(), self._standing, len(self.forecasters)), most, no_series())
        return Held(self.claims, wanted, self.forecasters, self._titles, series, np.concatenate(aside))

    def _ranges(
        self,
        wanted: BoolArray,
        by: Sequence[str] | None,
        by_hand: Mapping[tuple[int, int], Counted],
        *,
        whole: bool = False,
    ) -> Iterator[tuple[Rows, IndexArray]]:
        """Rows in order, and the series of which some are set aside, by ranges of claims."""
        whom = None if by is None else [entry for slug, entry in self._people.items() if slug in by]
        entries = list(self._people.values())
        ranges = read_ranges(
            self._connection, self._size, self._today, self.claims, entries, wanted=wanted, whom=whom, whole=whole
        )
        mine = self._wanted_records(wanted, whom)
        for low, high, found in ranges:
            begin, end = np.searchsorted(mine.claim, [low, high])
            rows, aside = sorted_rows(_joined(found, mine.part(slice(begin, end))), len(entries))
            own = {who: counted for who, counted in by_hand.items() if low <= who[0] < high}
            if own:
                series = [_rows(counted, *who) for who, counted in sorted(own.items()) if counted.forecasts]
                keys = {claim * len(entries) + forecaster: own[claim, forecaster].apart for claim, forecaster in own}
                aside = np.setdiff1d(aside, list(keys))
                aside = np.union1d(aside, [key for key, there in keys.items() if there]).astype(np.int64)
                rows = with_series(rows, series) if series else rows
            yield rows, aside

    def _by_hand(self, wanted: BoolArray, by: Sequence[str] | None) -> dict[tuple[int, int], Counted]:
        """What counts of each forecaster on each claim, where some of it says more than a number."""
        pairs = self._pairs(wanted, by)
        if not pairs:
            return {}
        recorded = self._store.recorded(self._size, NEEDED)
        by_hand = Snapshot(recorded, head="", as_of=self._as_of, today=self._today)
        together = by_hand.also(Imports(self._connection, self._size).records(series=list(pairs)))
        records = {slug: self._store.revisions(Claim, slug=slug)[0] for slug, _ in pairs}
        return {
            numbers: counting(together, records[claim], forecaster) for (claim, forecaster), numbers in pairs.items()
        }

    def _pairs(self, wanted: BoolArray, by: Sequence[str] | None) -> dict[tuple[str, str], tuple[int, int]]:
        """The claims and forecasters of those series, by slug, with their numbers."""
        return {
            (self.claims.slugs[claim], self.forecasters[forecaster]): (claim, forecaster)
            for claim, forecaster in sorted(self._others)
            if wanted[claim] and (by is None or self.forecasters[forecaster] in by)
        }

    def _wanted_records(self, wanted: BoolArray, whom: Sequence[int] | None) -> Rows:
        fits = wanted[self._records.claim]
        if whom is not None:
            fits &= np.isin(list(self._people.values()), list(whom))[self._records.forecaster]
        return self._records.part(np.flatnonzero(fits))


class Holder:
    """Holds the series of all forecasters while the ledger's head, the day and the rule are the same."""

    def __init__(self, store: Store, connection: sqlite3.Connection) -> None:
        self._store, self._connection = store, connection
        self.held: Held | None = None
        self._reader: Reader | None = None
        self._of: tuple[int, date, Rule] | None = None

    def series(
        self, size: int, *, as_of: datetime, today: date, rule: Rule, by: Sequence[str] | None, only: Filter
    ) -> Held:
        """The series of some forecasters or all, on some claims or all: those here, or else just these are read."""
        if self._reader is None or self._of != (size, today, rule):
            self.held = None  # never two at once
            self._reader = Reader(self._store, self._connection, size, as_of=as_of, today=today)
            self._of = (size, today, rule)
        wanted = self._reader.chosen(only)
        if self.held is None and (by is not None or only):
            return self._reader.series(wanted, by, rule)
        self.held = self.held or self._reader.series(wanted, None, rule)
        return self.held.part(wanted, by) if by is not None or only else self.held


def _joined(rows: Rows, more: Rows) -> Rows:
    if not more.claim.size:
        return rows
    return Rows._make(np.concatenate([getattr(rows, name), getattr(more, name)]) for name in Rows._fields)


def _rows(counted: Counted, claim: int, forecaster: int) -> Rows:
    """One series, marked where its times are backdated, or its numbers ours."""
    said = counted.forecasts
    mark = BACKDATED * counted.backdated + IMPUTED * any(one.imputed for one in said)
    points = [np.nan if one.point is None else one.point for one in said]
    return Rows(
        np.full(len(said), claim, np.int32), np.full(len(said), forecaster, np.int32),
        np.array([in_microseconds(one.made_at) for one in said], np.int64), np.array(points, np.float64),
        np.full(len(said), mark, np.uint8),
    )  # fmt: skip
