"""Compute the table of series that cards are made of, from the forecasts that count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows, Series, batches, filled
from forecasts.questions import Scoring
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import RESOLVED
from predictions.scoring.columns.forecast_rows import joined_rows, no_series
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.columns.recorded_first import recorded_first
from predictions.scoring.columns.speakers import Spoken
from predictions.scoring.counted_forecasts import CountedForecasts
from predictions.scoring.crowds.kept import KeptCrowds
from predictions.scoring.crowds.numbers import METHODS, crowds_of
from predictions.scoring.eligibility import Rule
from predictions.scoring.eligibility_codes import sort_by_eligibility, supersede_later_claims
from predictions.scoring.series import SeriesTable
from predictions.scoring.without_number import without_number
from predictions.storage.store import Store

RANGE_ENDS = ("low", "high")


def series_table(
    store: Store, counted: CountedForecasts, crowds: KeptCrowds | None, wanted: BoolArray, rule: Rule,
    claim_status: NDArray[np.uint8], statements: Spoken,
) -> SeriesTable:  # fmt: skip
    """Compute the table of series on the wanted claims.

    Args:
        store: The ledger.
        counted: The forecasts of the ledger that count.
        crowds: The crowds' forecasts; None to leave the crowds out.
        wanted: For each claim whether its series are computed.
        rule: Which forecast of each series is scored.
        claim_status: The status of each claim, as :func:`status_codes` numbers it.
        statements: The statements, with their speakers.
    """
    computing = _Computing(store, counted, crowds, wanted, rule, statements.without_forecast)
    series, claims, forecasters = computing.series(), counted.claims, computing.forecasters
    sort_by_eligibility(series, claim_status, len(forecasters))
    entries = [forecaster.entry for forecaster in forecasters]
    supersede_later_claims(series, claims, entries, partial(recorded_first, store.connection, counted.size))
    statements = statements.numbered_for(len(counted.forecasters), len(forecasters))
    bare = without_number(store, series, claims, statements, entries, wanted)
    if bare.series.claim.size:
        series = filled([series, bare.series], series.claim.size + bare.series.claim.size, no_series())
    return SeriesTable(
        claims, wanted, forecasters, series, np.concatenate(computing.partly_apart), computing.at_range_ends(),
        computing.same_day, computing.scoring, bare.overruled, bare.repeated, len(statements.without_forecast),
    )  # fmt: skip


class _Computing:
    """Computes the series on the wanted claims, one range of claims after the other.

    Attributes:
        forecasters: All forecasters, then the crowds, then speakers who only made statements.
        scoring: How the forecasts are scored.
        partly_apart: The keys of series with further forecasts that do not count: one array per range, filled while
            :meth:`series` runs.
        same_day: For each claim how many forecasts do not count because of their day; filled at the same time.
    """

    def __init__(
        self, store: Store, counted: CountedForecasts, crowds: KeptCrowds | None, wanted: BoolArray, rule: Rule,
        speakers: Sequence[ForecasterEntry],
    ) -> None:  # fmt: skip
        self._store, self._counted, self._crowds, self._wanted, self._rule = store, counted, crowds, wanted, rule
        self._from_records = counted.from_records(store, wanted)
        self.forecasters = [
            *counted.forecasters, *(crowds_of(counted.forecasters) if crowds else ()), *speakers
        ]  # fmt: skip
        self.scoring = self._scoring()
        self.partly_apart, self.same_day = [np.zeros(0, np.int64)], np.zeros(wanted.size, np.intp)

    def _ranges(self, wanted: BoolArray) -> Iterator[tuple[Rows, IndexArray]]:
        """Yield the forecasts on some claims, range by range, and the keys of series with forecasts set apart."""
        return self._counted.ranges(self._store, wanted, self._from_records, len(self.forecasters))

    def _scoring(self) -> Scoring:
        """Return how the claims are scored.

        To score distributions it must know all of them beforehand, those of the crowds included.
        """
        counted, types = self._counted, self._counted.claims.types
        rows = [counted.rows_of({pair: series}) for pair, series in self._from_records.items() if series.forecasts]
        if self._crowds and not types.one_kind:
            not_yes_no = self._wanted & (types.kind != YES_OR_NO)
            rows += [self._crowds.on(rows_of_range) for rows_of_range, _ in self._ranges(not_yes_no)]
        return counted.distributions.scoring(joined_rows(counted.records, *rows))

    def series(self) -> Series:
        """Return all series, by claim."""
        # An upper bound: a series for each forecast, and one of each crowd on each claim.
        counted = self._counted
        most = self._store.in_blocks(counted.size) + counted.records.claim.size + len(self._from_records)
        if self._crowds:
            most += len(METHODS) * int(self._wanted.sum())
        return filled(self._parts(), most, no_series())

    def _parts(self) -> Iterator[Series]:
        """Yield the series of each range of claims; note on the way what is set apart in it."""
        for rows, keys in self._ranges(self._wanted):
            self.partly_apart.append(keys)
            self._add_same_day(rows)
            yield from self._series_of(rows)
            if self._crowds:
                yield from self._series_of(self._crowds.on(rows))

    def _add_same_day(self, rows: Rows) -> None:
        """Add up, for each claim that came out, the forecasts that do not count because of their day.

        They were made on the last day that counts, but a forecast stands from the next midnight on.
        """
        if not rows.claim.size:
            return
        claims, low, high = self._counted.claims, int(rows.claim[0]), int(rows.claim[-1]) + 1
        # Only the claims of this range: going through all claims for each range would take quadratic time.
        among, claim = slice(low, high), rows.claim - low
        limit = claims.limit[among]
        # On claims that count to the moment the grain is 0, so that no time is left out.
        begins = np.where(claims.verdict[among] == RESOLVED, limit - claims.grain[among], np.inf)
        on_last_day = (rows.time >= begins.take(claim)) & (rows.time < limit.take(claim))
        self.same_day[among] += np.bincount(claim[on_last_day], minlength=high - low)

    def _series_of(self, rows: Rows) -> Iterator[Series]:
        """Score forecasts that are sorted by series; yield the series in batches."""
        return batches(rows, self._counted.claims.for_kernel, last=self._rule is Rule.LAST, scoring=self.scoring)

    def at_range_ends(self) -> tuple[Series, Series]:
        """Return the series that have a range: scored at its low end, and at its high end."""
        ranges = {
            pair: eligible
            for pair, eligible in self._from_records.items()
            if any(forecast.low is not None for forecast in eligible.forecasts)
        }
        if not ranges:
            return no_series(), no_series()
        low, high = (self._series_of(self._counted.rows_of(ranges, end)) for end in RANGE_ENDS)
        return filled(low, len(ranges), no_series()), filled(high, len(ranges), no_series())
