"""Compute the table of series that cards are made of, from the forecasts that count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows, Series, batches, filled
from forecasts.questions import Scoring
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import RESOLVED, ClaimColumns
from predictions.scoring.columns.forecast_rows import joined_rows, no_series
from predictions.scoring.columns.forecasts import ForecasterEntry
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
    claim_status: NDArray[np.uint8], said: Spoken,
) -> SeriesTable:  # fmt: skip
    """Compute the series on some claims, one range of claims after the other.

    Args:
        store: The ledger.
        counted: Its forecasts.
        crowds: What the crowds say, if they are to be among the forecasters.
        wanted: For each claim whether its series are computed.
        rule: Which forecast of each series is scored.
        claim_status: The status of each claim, as :func:`status_codes` numbers it.
        said: Who made which statements.
    """
    computing = _Computing(store, counted, crowds, wanted, rule, said.others)
    series, claims, forecasters = computing.series(), counted.claims, computing.forecasters
    sort_by_eligibility(series, claim_status, len(forecasters))
    supersede_later_claims(series, claims, len(forecasters))
    said = said.numbered_for(len(counted.forecasters), len(forecasters))
    bare = without_number(store, series, claims, said, [forecaster.entry for forecaster in forecasters], wanted)
    if bare.series.claim.size:
        series = filled([series, bare.series], series.claim.size + bare.series.claim.size, no_series())
    return SeriesTable(
        claims, wanted, forecasters, series, np.concatenate(computing.partly_apart), computing.at_range_ends(),
        computing.same_day, computing.scoring, bare.said, bare.repeated, len(said.others),
    )  # fmt: skip


class _Computing:
    """The series on the wanted claims, in the making.

    Attributes:
        forecasters: All forecasters, after them the crowds, then who only made statements.
        scoring: How what is said is scored.
        partly_apart: The keys of series with further forecasts that do not count, range by range.
        same_day: For each claim the forecasts that do not count because of their day.
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
        return self._counted.ranges(self._store, wanted, self._from_records, len(self.forecasters))

    def _scoring(self) -> Scoring:
        """Return how the claims are scored; what crowds say of other types is scored as what anybody says."""
        counted, types = self._counted, self._counted.claims.types
        said = [counted.rows_of({pair: series}) for pair, series in self._from_records.items() if series.forecasts]
        if self._crowds and not types.one_kind:
            said += [self._crowds.on(rows) for rows, _ in self._ranges(self._wanted & (types.kind != YES_OR_NO))]
        return counted.said.scoring(joined_rows(counted.records, *said))

    def series(self) -> Series:
        """Return all series, by claim."""
        # No more series than forecasts, and one of each crowd on each claim.
        counted = self._counted
        most = self._store.in_blocks(counted.size) + counted.records.claim.size + len(self._from_records)
        if self._crowds:
            most += len(METHODS) * int(self._wanted.sum())
        return filled(self._parts(), most, no_series())

    def _parts(self) -> Iterator[Series]:
        for rows, keys in self._ranges(self._wanted):
            self.partly_apart.append(keys)
            self.same_day += _on_last_day(rows, self._counted.claims)
            yield from self._series_of(rows)
            if self._crowds:
                yield from self._series_of(self._crowds.on(rows))

    def _series_of(self, rows: Rows) -> Iterator[Series]:
        return batches(rows, self._counted.claims.for_kernel, last=self._rule is Rule.LAST, scoring=self.scoring)

    def at_range_ends(self) -> tuple[Series, Series]:
        """Return the series that have a range, at its low and at its high end."""
        ranges = {
            pair: eligible
            for pair, eligible in self._from_records.items()
            if any(forecast.low is not None for forecast in eligible.forecasts)
        }
        if not ranges:
            return no_series(), no_series()
        low, high = (self._series_of(self._counted.rows_of(ranges, end)) for end in RANGE_ENDS)
        return filled(low, len(ranges), no_series()), filled(high, len(ranges), no_series())


def _on_last_day(rows: Rows, claims: ClaimColumns) -> IndexArray:
    """Count for each claim that came out the forecasts made on the last day that counts, which do not count."""
    # Without a grain, told by the moment, that day is empty.
    begins = np.where(claims.verdict == RESOLVED, claims.limit - claims.grain, np.inf)
    on_last_day = (rows.time >= begins.take(rows.claim)) & (rows.time < claims.limit.take(rows.claim))
    return np.bincount(rows.claim[on_last_day], minlength=begins.size)
