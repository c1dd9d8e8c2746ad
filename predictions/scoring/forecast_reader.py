"""Read a ledger's forecasts as of one moment, and bring them to the table of series that cards are made of.

Forecasts in blocks, and records that say one number, are read as columns. The few that say more (a range, words, a
correction) are read as records, because their rules need the history of each; their series then replace what the
columns hold of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows, Series, batches, filled
from predictions.enums import DERIVED
from predictions.errors import Tampered
from predictions.records import Claim, Evidence, Forecast, Forecaster, Resolution, Source
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import RESOLVED, ClaimColumns, claim_columns
from predictions.scoring.columns.distributions import Distributions
from predictions.scoring.columns.doubted_verdicts import DoubtedVerdicts, doubted_verdicts
from predictions.scoring.columns.filtered_claims import chosen_claims
from predictions.scoring.columns.filters import Filter
from predictions.scoring.columns.forecast_rows import joined, merged, no_series, rows_from, sorted_rows, with_series
from predictions.scoring.columns.forecasts import (
    forecaster_entries,
    read_distributions,
    read_ranges,
    read_records,
    shown_first,
)
from predictions.scoring.columns.recorded_late import RecordedLate, recorded_late
from predictions.scoring.columns.recorders import RecordedList, Recorders, recorded_lists, recorders
from predictions.scoring.columns.units import on_one_evidence
from predictions.scoring.columns.words_read import WordsRead, words_read
from predictions.scoring.crowds.kept import KeptCrowds
from predictions.scoring.crowds.numbers import METHODS, crowds_of
from predictions.scoring.eligibility import Rule
from predictions.scoring.eligibility_codes import sort_by_eligibility, status_codes, supersede_later_claims
from predictions.scoring.eligible_forecasts import EligibleForecasts, eligible_forecasts
from predictions.scoring.series import SeriesTable
from predictions.snapshot import Snapshot
from predictions.storage.imports import Imports
from predictions.storage.journal import Journal
from predictions.storage.lookup import concerning, not_resolvable
from predictions.storage.store import Store
from predictions.timestamps import in_microseconds

RANGE_ENDS = ("low", "high")
RECORDS_NEEDED = (Source, Evidence, Claim, Forecaster, Forecast, Resolution)


@dataclass(frozen=True, eq=False)
class ForecastColumns:
    """All forecasts of a ledger as the rules of scoring count them.

    Attributes:
        size: How many entries of the ledger were read.
        claims: The claims, in the order of their slugs.
        forecasters: The slugs of the forecasters, in order.
        rows: The forecasts by claim, forecaster and time, numbered by those two.
    """

    size: int
    claims: ClaimColumns
    forecasters: Sequence[str]
    rows: Rows


class ForecastReader:
    """Reads the forecasts of a ledger as of one moment, on one day.

    It can be asked for more after the ledger was closed; the file is then opened again, and must still hold the head.

    Attributes:
        head: The head of the ledger in its short form.
        as_of: The moment.
        today: The day; forecasts and verdicts of later days are left out.
        claims: All claims, as columns.
        forecasters: All forecasters, in the order of their slugs.
        claim_status: For each claim a number for its status; see ``status_codes``.
    """

    def __init__(self, journal: Journal, size: int, *, head: str, as_of: datetime, today: date) -> None:
        self._journal: Journal | None = journal
        self._path, self._head, self._size = journal.path.absolute(), journal.head(size), size
        self.head, self.as_of, self.today = head, as_of, today
        self._table_of_all: tuple[Rule, bool, SeriesTable] | None = None
        with self._open() as (store, connection):
            self.claims = claim_columns(store, connection, size, today)
            self.forecasters = forecaster_entries(connection, size)
            self._forecaster_numbers = [forecaster.entry for forecaster in self.forecasters]
            self.claim_status = status_codes(self.claims, today)
            self._said = Distributions(connection, size, self.claims, today)
            independent = np.array([forecaster.kind not in DERIVED for forecaster in self.forecasters], np.bool_)
            self._crowds = KeptCrowds(self.claims, self._said, independent)
            asked = connection, size, today, self.claims, self._forecaster_numbers, self._said
            self._records, self._say_more = read_records(*asked)
            if self.claims.types.kind.any() and store.in_blocks(size):
                in_blocks, say_more = read_distributions(*asked)
                self._say_more |= say_more
                joined_rows = joined(self._records, in_blocks)
                self._records = joined_rows.part(np.argsort(joined_rows.claim, kind="stable"))

    def table(self, rule: Rule, only: Filter, *, crowds: bool = False, kind: int | None = YES_OR_NO) -> SeriesTable:
        """Return the series on the claims of one kind that a filter lets through; means are taken within a kind.

        Args:
            rule: Which forecast of each series is scored.
            only: The filter.
            crowds: Add the computed crowds as forecasters.
            kind: Claims that come out yes or no, or one of the kinds of :mod:`predictions.scoring.columns.claim_types`;
                None for claims of every kind, over which skill alone is pooled.
        """
        table = self._of_all_kinds(rule, only, crowds=crowds)
        types = self.claims.types
        return table if types.one_kind or kind is None else table.on(table.wanted & (types.kind == kind))

    def kinds(self, only: Filter) -> list[int]:
        """Return the kinds, beside yes or no, of the scored claims that a filter lets through."""
        if self.claims.types.one_kind:
            return []
        with self._open() as (_, connection):
            wanted = self.claims.scored & chosen_claims(connection, self._size, self.claims, only)
        return sorted({*self.claims.types.kind[wanted].tolist()} - {YES_OR_NO})

    def _of_all_kinds(self, rule: Rule, only: Filter, *, crowds: bool) -> SeriesTable:
        """Return the series on the claims that a filter lets through.

        The table of all claims is kept, because a filtered card is a part of it. One that was asked for with a filter
        first is computed for those claims alone.
        """
        with self._open() as (store, connection):
            wanted = self.claims.scored
            if only:
                wanted = wanted & chosen_claims(connection, self._size, self.claims, only)
            kept = self._table_of_all
            if kept is not None and kept[:2] == (rule, crowds):
                return kept[2].on(wanted) if only else kept[2]
            if only:
                # Where the forecaster is scored in a chain depends on all claims of the chain.
                among = self.claims.scored & self.claims.units.with_chains(wanted)
                return self._table(store, connection, among, rule, crowds=crowds).on(wanted)
            kept = self._table_of_all = None  # two tables at once would take twice the memory
            table = self._table(store, connection, wanted, rule, crowds=crowds)
            self._table_of_all = rule, crowds, table
            return table

    def columns(self) -> ForecastColumns:
        """Return every forecast of yes or no, as the rules of scoring count them."""
        yes_or_no = self.claims.types.kind == YES_OR_NO
        return ForecastColumns(
            self._size, self.claims, [forecaster.slug for forecaster in self.forecasters], self.rows(yes_or_no)
        )

    def rows(self, wanted: BoolArray | None = None, *, crowds: bool = False) -> Rows:
        """Return the forecasts on some claims, or on all, as the rules of scoring count them."""
        chosen = np.ones(len(self.claims.slugs), np.bool_) if wanted is None else wanted
        with self._open() as (store, connection):
            from_records = self._from_records(store, connection, chosen)
            ((rows, _),) = self._ranges(connection, chosen, from_records, len(self.forecasters), whole=True)
        return merged(rows, self._crowds.on(rows)) if crowds else rows

    def rows_at_end(self, end: str, wanted: BoolArray) -> Rows:
        """Return the forecasts of the series that must be read as records, at one end of their ranges: low or high."""
        with self._open() as (store, connection):
            return self._series_rows(dict(sorted(self._from_records(store, connection, wanted).items())), end)

    def lines_said(self, part: Series) -> list[list[tuple[float, float]]]:
        """Return the lines of what some series are scored by: value or day since 1970, and chance."""
        return self._said.lines(part.claim, part.probability)

    def snapshot(self, claims: Sequence[str] | None = None, *, forecasts: bool = True) -> Snapshot:
        """Return the records that concern some claims, or all; with the *forecasts* on them, those in blocks too."""
        about = self.claims.slugs if claims is None else claims
        with self._open() as (store, connection):
            records = concerning(store, about, self._size, said=forecasts)
            in_blocks = Imports(connection, self._size).records(claims=about) if forecasts else ()
            return Snapshot(chain(records, in_blocks), head=self.head, as_of=self.as_of, today=self.today)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._path.name

    def not_resolvable(self, source: str | None) -> list[tuple[str | None, str]]:
        """Return the speaker, if on file, and the source's slug of each statement that is marked not resolvable."""
        with self._open() as (store, _):
            return not_resolvable(store, self._size, source)

    def on_one_evidence(self) -> list[tuple[str, list[int]]]:
        """Return the evidence on which verdicts of several units rest, each with the numbers of the claims."""
        with self._open() as (_, connection):
            claims = self.claims
            return on_one_evidence(connection, self._size, self.today, claims.entries, claims.units.wide)

    def recorded_late(self) -> RecordedLate:
        """Return for each claim what a link or a platform dates before the answer, and was recorded after it."""
        with self._open() as (_, connection):
            return recorded_late(connection, self._size, self.claims.entries)

    def recorders(self) -> Recorders:
        """Return who recorded the forecasts of each forecaster."""
        with self._open() as (_, connection):
            return recorders(connection, self._size)

    def recorded_lists(self) -> list[RecordedList]:
        """Return the lists of forecasters on file, every revision of each, oldest first."""
        with self._open() as (_, connection):
            return recorded_lists(connection, self._size)

    def doubted_verdicts(self) -> DoubtedVerdicts:
        """Return for each claim whether its verdict is contested, or rests on evidence that was retracted."""
        with self._open() as (_, connection):
            return doubted_verdicts(connection, self._size, self.today, self.claims.entries)

    def words_read(self, wanted: BoolArray) -> dict[int, WordsRead]:
        """Return the words that each forecaster, by ledger entry, used on some claims, and who read them when."""
        with self._open() as (_, connection):
            return words_read(connection, self._size, set(self.claims.entries[wanted].tolist()))

    def shown(self, table: SeriesTable, part: Series) -> BoolArray:
        """Return for each of some series whether its first forecast is marked as made after seeing the crowd."""
        with self._open() as (_, connection):
            first = shown_first(connection, self._size)
        entries = [forecaster.entry for forecaster in table.forecasters]
        pairs = zip(self.claims.entries[part.claim].tolist(), part.forecaster.tolist(), strict=True)
        return np.array([first.get((claim, entries[number]), False) for claim, number in pairs], np.bool_)

    @contextmanager
    def _open(self) -> Iterator[tuple[Store, sqlite3.Connection]]:
        """Give the store and the connection, of the open ledger or of its file opened again.

        Raises:
            Tampered: The file no longer holds the head it was read at.
        """
        journal = self._journal
        if journal is not None and not journal.closed:
            with journal.reading():
                yield Store(journal), journal.connection
            return
        with closing(Journal(self._path, read_only=True)) as journal, journal.reading():
            if self._size and not journal.knows(self._head):
                raise Tampered(f"{str(self._path)!r} is not the file that this card was made of; ask for a new card")
            yield Store(journal), journal.connection

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_journal": None}  # an open file cannot be pickled; it is opened again when needed

    def _table(
        self, store: Store, connection: sqlite3.Connection, wanted: BoolArray, rule: Rule, *, crowds: bool
    ) -> SeriesTable:
        """Compute the series on the wanted claims, one range of claims after the other."""
        claims = self.claims
        partly_apart, same_day = [np.zeros(0, np.int64)], np.zeros(wanted.size, np.intp)
        from_records = self._from_records(store, connection, wanted)
        forecasters = [*self.forecasters, *crowds_of(self.forecasters)] if crowds else self.forecasters

        replacing = [self._series_rows({pair: series}) for pair, series in from_records.items() if series.forecasts]
        if crowds and not claims.types.one_kind:  # what they say is scored as what anybody says
            of_types = wanted & (claims.types.kind != YES_OR_NO)
            ranges = self._ranges(connection, of_types, from_records, len(forecasters))
            replacing += [self._crowds.on(rows) for rows, _ in ranges]
        scoring = self._said.scoring(joined(self._records, *replacing))

        def series_of(rows: Rows) -> Iterator[Series]:
            return batches(rows, claims.for_kernel, last=rule is Rule.LAST, scoring=scoring)

        def parts() -> Iterator[Series]:
            for rows, keys in self._ranges(connection, wanted, from_records, len(forecasters)):
                partly_apart.append(keys)
                np.add(same_day, _on_last_day(rows, claims), out=same_day)
                yield from series_of(rows)
                if crowds:
                    yield from series_of(self._crowds.on(rows))

        # No more series than forecasts, and one of each crowd on each claim.
        most = store.in_blocks(self._size) + self._records.claim.size + len(from_records)
        if crowds:
            most += len(METHODS) * int(wanted.sum())
        series = filled(parts(), most, no_series())
        sort_by_eligibility(series, self.claim_status, len(forecasters))
        supersede_later_claims(series, claims, len(forecasters))

        with_range = {
            pair: eligible
            for pair, eligible in sorted(from_records.items())
            if any(forecast.low is not None for forecast in eligible.forecasts)
        }
        low, high = no_series(), no_series()
        if with_range:
            low, high = (
                filled(series_of(self._series_rows(with_range, end)), len(with_range), no_series())
                for end in RANGE_ENDS
            )
        return SeriesTable(
            claims, wanted, forecasters, series, np.concatenate(partly_apart), (low, high), same_day, scoring
        )

    def _ranges(
        self, connection: sqlite3.Connection, wanted: BoolArray,
        from_records: Mapping[tuple[int, int], EligibleForecasts], forecasters: int, *, whole: bool = False,
    ) -> Iterator[tuple[Rows, IndexArray]]:  # fmt: skip
        """Yield for each range of claims the sorted rows, and the keys of series with forecasts that do not count."""
        on_wanted = self._records.part(np.flatnonzero(wanted[self._records.claim]))
        for low, high, in_blocks in read_ranges(
            connection, self._size, self.today, self.claims, self._forecaster_numbers, wanted=wanted, whole=whole
        ):
            begin, end = np.searchsorted(on_wanted.claim, [low, high])
            rows, keys = sorted_rows(joined(in_blocks, on_wanted.part(slice(begin, end))), forecasters)
            replacing = {pair: series for pair, series in sorted(from_records.items()) if low <= pair[0] < high}
            if replacing:
                apart = {
                    claim * forecasters + number: series.others_apart for (claim, number), series in replacing.items()
                }
                keys = np.setdiff1d(keys, list(apart))
                keys = np.union1d(keys, [key for key, others_apart in apart.items() if others_apart]).astype(np.int64)
            counted = [self._series_rows({pair: series}) for pair, series in replacing.items() if series.forecasts]
            if counted:
                rows = with_series(rows, counted)
            yield rows, keys

    def _from_records(
        self, store: Store, connection: sqlite3.Connection, wanted: BoolArray
    ) -> dict[tuple[int, int], EligibleForecasts]:
        """Return the eligible forecasts of each series (claim, forecaster) that must be read as records."""
        pairs = {
            (self.claims.slugs[claim], self.forecasters[forecaster].slug): (claim, forecaster)
            for claim, forecaster in sorted(self._say_more)
            if wanted[claim]
        }
        if not pairs:
            return {}
        records = store.recorded(self._size, RECORDS_NEEDED)
        snapshot = Snapshot(records, head="", as_of=self.as_of, today=self.today)
        snapshot = snapshot.with_records(Imports(connection, self._size).records(series=list(pairs)))
        return {
            numbers: eligible_forecasts(snapshot, snapshot.find(Claim, slug), forecaster)
            for (slug, forecaster), numbers in pairs.items()
        }

    def _series_rows(self, eligible: Mapping[tuple[int, int], EligibleForecasts], end: str | None = None) -> Rows:
        """Make rows of some series, by (claim, forecaster); with *end*, of that end of their ranges."""
        return rows_from(
            [
                (*pair, in_microseconds(forecast.made_at), self._number(forecast, end), int(series.mark_of(forecast)))
                for pair, series in eligible.items()
                for forecast in series.forecasts
            ]
        )

    def _number(self, forecast: Forecast, end: str | None) -> float:
        """Return the number of a forecast, one end of its range, or the place of its distribution; NaN withdraws."""
        if forecast.point is None and not forecast.withdrawn:
            return self._said.place(forecast)
        number = forecast.point if end is None or forecast.low is None else getattr(forecast, end)
        return np.nan if number is None else float(number)


def _on_last_day(rows: Rows, claims: ClaimColumns) -> IndexArray:
    """Count for each claim that came out the forecasts made on the last day that counts, which do not count."""
    limit = claims.limit.take(rows.claim)
    by_day = (claims.verdict == RESOLVED) & (claims.grain > 0)
    on_last_day = by_day.take(rows.claim) & (rows.time < limit) & (rows.time >= limit - claims.grain.take(rows.claim))
    return np.bincount(rows.claim[on_last_day], minlength=by_day.size)
