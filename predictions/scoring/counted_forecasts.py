"""Read the forecasts of a ledger that count for scoring, as rows sorted by claim, forecaster and time.

Forecasts in blocks, and records that say one number, are read as columns. The few that say more (a range, words, a
correction) are read as records, because their rules need the history of each; their series then replace what the
columns hold of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows
from predictions.records import Claim, Evidence, Forecast, Forecaster, Resolution, Source
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.distributions import Distributions
from predictions.scoring.columns.forecast_rows import joined_rows, rows_from, sorted_rows, with_series
from predictions.scoring.columns.forecasts import ForecasterEntry, read_distributions, read_ranges, read_records
from predictions.scoring.eligible_forecasts import EligibleForecasts, eligible_forecasts
from predictions.snapshot import Snapshot
from predictions.storage.imports import Imports
from predictions.storage.store import Store
from predictions.timestamps import in_microseconds

RECORDS_NEEDED = (Source, Evidence, Claim, Forecaster, Forecast, Resolution)
FromRecords: TypeAlias = Mapping[tuple[int, int], EligibleForecasts]  # by the numbers of claim and forecaster


class CountedForecasts:
    """The forecasts among the first *size* entries of a ledger, as of one moment, on one day.

    Attributes:
        size: The number of entries that are read.
        claims: The claims; rows number them by their position.
        forecasters: The forecasters; rows number them by their position.
        distributions: The distributions that were forecast.
        records: The forecasts that are records and are read as columns, sorted by claim.
    """

    def __init__(
        self, store: Store, size: int, *, as_of: datetime, today: date, claims: ClaimColumns,
        forecasters: Sequence[ForecasterEntry], distributions: Distributions,
    ) -> None:  # fmt: skip
        self.size, self._as_of, self._today = size, as_of, today
        self.claims, self.forecasters, self.distributions = claims, forecasters, distributions
        self._entries = [forecaster.entry for forecaster in forecasters]
        asked = store.connection, size, today, claims, self._entries, distributions
        self.records, self._say_more = read_records(*asked)
        if claims.types.kind.any() and store.in_blocks(size):
            in_blocks, say_more = read_distributions(*asked)
            self._say_more |= say_more
            rows = joined_rows(self.records, in_blocks)
            self.records = rows.part(np.argsort(rows.claim, kind="stable"))

    def ranges(
        self, store: Store, wanted: BoolArray, from_records: FromRecords, forecasters: int, *, whole: bool = False
    ) -> Iterator[tuple[Rows, IndexArray]]:
        """Yield for each range of claims the sorted rows, and the keys of series with forecasts that do not count.

        Args:
            store: The ledger.
            wanted: For each claim whether its forecasts are read.
            from_records: The series on the wanted claims that must be read as records.
            forecasters: How many forecasters the table has; the keys of its series depend on it.
            whole: Read everything as one range, so that exactly one pair is yielded.
        """
        on_wanted = self.records.part(np.flatnonzero(wanted[self.records.claim]))
        for low, high, in_blocks in read_ranges(
            store.connection, self.size, self._today, self.claims, self._entries, wanted=wanted, whole=whole
        ):
            begin, end = np.searchsorted(on_wanted.claim, [low, high])
            rows, keys = sorted_rows(joined_rows(in_blocks, on_wanted.part(slice(begin, end))), forecasters)
            replacing = {pair: series for pair, series in from_records.items() if low <= pair[0] < high}
            if replacing:
                apart = {
                    claim * forecasters + number: series.others_apart for (claim, number), series in replacing.items()
                }
                keys = np.setdiff1d(keys, list(apart))
                keys = np.union1d(keys, [key for key, others_apart in apart.items() if others_apart]).astype(np.int64)
            counted = [self.rows_of({pair: series}) for pair, series in replacing.items() if series.forecasts]
            if counted:
                rows = with_series(rows, counted)
            yield rows, keys

    def from_records(self, store: Store, wanted: BoolArray) -> dict[tuple[int, int], EligibleForecasts]:
        """Return the eligible forecasts of each series on the wanted claims that must be read as records, sorted."""
        pairs = {
            (self.claims.slugs[claim], self.forecasters[forecaster].slug): (claim, forecaster)
            for claim, forecaster in sorted(self._say_more)
            if wanted[claim]
        }
        if not pairs:
            return {}
        records = store.recorded(self.size, RECORDS_NEEDED)
        snapshot = Snapshot(records, head="", as_of=self._as_of, today=self._today)
        snapshot = snapshot.with_records(Imports(store.connection, self.size).records(series=list(pairs)))
        return {
            numbers: eligible_forecasts(snapshot, snapshot.find(Claim, slug), forecaster)
            for (slug, forecaster), numbers in pairs.items()
        }

    def rows_of(self, series: FromRecords, end: str | None = None) -> Rows:
        """Return the forecasts of some series as rows; *end*, "low" or "high", takes that end of each range."""
        return rows_from(
            [
                (*pair, in_microseconds(forecast.made_at), self._number(forecast, end), int(eligible.mark_of(forecast)))
                for pair, eligible in series.items()
                for forecast in eligible.forecasts
            ]
        )

    def _number(self, forecast: Forecast, end: str | None) -> float:
        """Return the number that stands for a forecast in a row: its point, or the place of its distribution.

        With *end* it is that end of its range, if it has one. NaN for a withdrawal.
        """
        if forecast.point is None and not forecast.withdrawn:
            return self.distributions.place(forecast)
        number = forecast.point if end is None or forecast.low is None else getattr(forecast, end)
        return np.nan if number is None else float(number)
