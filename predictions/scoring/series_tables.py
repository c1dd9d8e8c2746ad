"""Compute the table of series that cards are made of, from the forecasts that count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows, Series, batches, filled
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import RESOLVED, ClaimColumns
from predictions.scoring.columns.forecast_rows import joined, no_series
from predictions.scoring.counted_forecasts import CountedForecasts
from predictions.scoring.crowds.kept import KeptCrowds
from predictions.scoring.crowds.numbers import METHODS, crowds_of
from predictions.scoring.eligibility import Rule
from predictions.scoring.eligibility_codes import sort_by_eligibility, supersede_later_claims
from predictions.scoring.series import SeriesTable
from predictions.storage.store import Store

RANGE_ENDS = ("low", "high")


def series_table(
    store: Store, counted: CountedForecasts, crowds: KeptCrowds | None, wanted: BoolArray, rule: Rule,
    claim_status: NDArray[np.uint8],
) -> SeriesTable:  # fmt: skip
    """Compute the series on some claims, one range of claims after the other.

    Args:
        store: The ledger.
        counted: Its forecasts.
        crowds: What the crowds say, if they are to be among the forecasters.
        wanted: For each claim whether its series are computed.
        rule: Which forecast of each series is scored.
        claim_status: The status of each claim, as :func:`status_codes` numbers it.
    """
    claims = counted.claims
    partly_apart, same_day = [np.zeros(0, np.int64)], np.zeros(wanted.size, np.intp)
    from_records = counted.from_records(store, wanted)
    forecasters = [*counted.forecasters, *crowds_of(counted.forecasters)] if crowds else counted.forecasters

    replacing = [counted.rows_of({pair: series}) for pair, series in from_records.items() if series.forecasts]
    if crowds and not claims.types.one_kind:  # what they say is scored as what anybody says
        of_types = wanted & (claims.types.kind != YES_OR_NO)
        ranges = counted.ranges(store, of_types, from_records, len(forecasters))
        replacing += [crowds.on(rows) for rows, _ in ranges]
    scoring = counted.said.scoring(joined(counted.records, *replacing))

    def series_of(rows: Rows) -> Iterator[Series]:
        return batches(rows, claims.for_kernel, last=rule is Rule.LAST, scoring=scoring)

    def parts() -> Iterator[Series]:
        for rows, keys in counted.ranges(store, wanted, from_records, len(forecasters)):
            partly_apart.append(keys)
            np.add(same_day, _on_last_day(rows, claims), out=same_day)
            yield from series_of(rows)
            if crowds:
                yield from series_of(crowds.on(rows))

    # No more series than forecasts, and one of each crowd on each claim.
    most = store.in_blocks(counted.size) + counted.records.claim.size + len(from_records)
    if crowds:
        most += len(METHODS) * int(wanted.sum())
    series = filled(parts(), most, no_series())
    sort_by_eligibility(series, claim_status, len(forecasters))
    supersede_later_claims(series, claims, len(forecasters))

    with_range = {
        pair: eligible
        for pair, eligible in from_records.items()
        if any(forecast.low is not None for forecast in eligible.forecasts)
    }
    low, high = no_series(), no_series()
    if with_range:
        low, high = (
            filled(series_of(counted.rows_of(with_range, end)), len(with_range), no_series()) for end in RANGE_ENDS
        )
    return SeriesTable(
        claims, wanted, forecasters, series, np.concatenate(partly_apart), (low, high), same_day, scoring
    )


def _on_last_day(rows: Rows, claims: ClaimColumns) -> IndexArray:
    """Count for each claim that came out the forecasts made on the last day that counts, which do not count."""
    limit = claims.limit.take(rows.claim)
    by_day = (claims.verdict == RESOLVED) & (claims.grain > 0)
    on_last_day = by_day.take(rows.claim) & (rows.time < limit) & (rows.time >= limit - claims.grain.take(rows.claim))
    return np.bincount(rows.claim[on_last_day], minlength=by_day.size)
