"""Look up what was recorded or corrected on the claims of a card once their outcome was known, or almost known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import STOOD, Rows
from forecasts.standing import stands_from
from predictions.scoring.columns.corrected_afterwards import (
    given_late,
    moved_late,
    put_right,
    redated,
    reworded_afterwards,
    tagged_late,
)
from predictions.scoring.columns.filters import Filter
from predictions.scoring.columns.recorders import DatedByLink, RecordedLate, entry_places, recorded_late, stated_late
from predictions.scoring.eligibility_codes import NO_NUMBER_CODES
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable

IF_LINKS_ARE_RIGHT = ", if the days that unchecked links give are right"
AS_FAR_AS_SHOWN = ", as far as this redacted copy shows"
IN_FIGURES = ("due", "due, imputed", "read afterwards")  # together all series in scores and in the plain counts


class Afterwards:
    """What was recorded late on the claims of a card, so that the card can warn of it.

    Each answer is looked up in the ledger when it is first asked for. Counts are by the ledger entry that first
    recorded a forecaster.

    Attributes:
        reader: Reads the forecasts of the ledger.
        table: The series on the claims of the card.
        only: The filter by which the claims were chosen.
        rows_in: Returns the forecasts that count in a kind of figure, by its name.
    """

    def __init__(
        self, reader: ForecastReader, table: SeriesTable, only: Filter, rows_in: Callable[[str], Rows]
    ) -> None:
        self.reader, self.table, self.only, self.rows_in = reader, table, only, rows_in

    @cached_property
    def recorded_late(self) -> RecordedLate:
        """The forecasts that a link or a platform dates before the answer, but that were recorded after it."""
        with self.reader.opened() as store:
            return recorded_late(store.connection, self.reader.size, self.table.claims)

    @cached_property
    def dated_by_link(self) -> Counter[int]:
        """For each forecaster how many of their forecasts that count only a link dates before the answer."""
        return self._counting(self.recorded_late.by_link)

    @cached_property
    def dated_on_the_way(self) -> Counter[int]:
        """For each forecaster how many that count only a link dates long before they were recorded, yet in time."""
        return self._counting(self.recorded_late.on_the_way)

    @cached_property
    def stated_late(self) -> Counter[int]:
        """For each forecaster how many statements count without a number, but were recorded after the answer."""
        table, series = self.table, self.table.series
        chosen = np.isin(series.mark, NO_NUMBER_CODES) & (series.state == STOOD)
        chosen |= np.isin(table.keys(series), table.overruled)
        if not chosen.any():
            return Counter()
        with self.reader.opened() as store:
            claim_stated_late = stated_late(store.connection, self.reader.size, table.claims)
        chosen &= (claim_stated_late & table.wanted)[series.claim]
        return Counter(table.forecasters[number].entry for number in series.forecaster[chosen].tolist())

    @cached_property
    def redated(self) -> Counter[int]:
        """For each forecaster how many forecasts have a link whose day was changed late."""
        with self.reader.opened() as store:
            changed = redated(store.connection, self.reader.size, self.table.claims, self.reader.over_from)
        return self._of_each(changed)

    @cached_property
    def put_right(self) -> Counter[int]:
        """For each forecaster how many forecasts were corrected late in the window, before the answer."""
        with self.reader.opened() as store:
            return self._of_each(put_right(store.connection, self.reader.size, self.table.claims))

    @cached_property
    def tagged(self) -> BoolArray:
        """For each claim whether it got or lost the card's tag late."""
        return self._changed(tagged_late, self.only.tag)

    @cached_property
    def moved(self) -> BoolArray:
        """For each claim whether its statement was put under the card's source, or taken from it, late."""
        return self._changed(moved_late, self.only.source)

    @cached_property
    def reworded(self) -> BoolArray:
        """For each claim whether its title or quotation was changed once it was over."""
        with self.reader.opened() as store:
            return reworded_afterwards(store.connection, self.reader.size, self.table.claims, self.reader.over_from)

    @cached_property
    def given(self) -> BoolArray:
        """For each claim whether its statement was given to another speaker late."""
        with self.reader.opened() as store:
            return given_late(store.connection, self.reader.size, self.table.claims, self.reader.over_from)

    def _changed(self, look: Callable[..., BoolArray], asked: str | None) -> BoolArray:
        """Look up which claims the filter of the card lets through, or leaves out, by what was changed late."""
        claims = self.table.claims
        if asked is None:
            return np.zeros(claims.entries.size, np.bool_)
        with self.reader.opened() as store:
            return look(store.connection, self.reader.size, claims, self.reader.over_from, asked)

    def presumed_of(self, *forecasters: int) -> str:
        """Return what the figures of some forecasters, by ledger entry, presume, as the end of a sentence.

        They presume that links are right if a forecast was recorded late, or its link got another day after the
        verdict. In a redacted copy they presume that the missing records would change nothing. Empty if neither holds.
        """
        on_links = (self.dated_by_link, self.dated_on_the_way, self.redated)
        links = IF_LINKS_ARE_RIGHT if any(counts[entry] for counts in on_links for entry in forecasters) else ""
        return links + (AS_FAR_AS_SHOWN if self.reader.cut else "")

    def _counting(self, late: DatedByLink) -> Counter[int]:
        """Count for each forecaster those of the *late* forecasts that enter some figure of the card.

        A forecast that enters no figure, such as a backdated one beside a dated one or one of the last day, must not be
        counted: anybody can record it for somebody else, and would put a mark on that forecaster's figures.
        """
        if not late.claim.size:
            return Counter()
        claims, entries = self.table.claims, [forecaster.entry for forecaster in self.table.forecasters]
        claim, forecaster = entry_places(claims.entries, late.claim), entry_places(np.array(entries), late.forecaster)
        on_card = (claim >= 0) & (forecaster >= 0)
        series = claim[on_card] * len(entries) + forecaster[on_card]
        keys = _ForecastKeys(series, late.time[on_card])
        keys_counted = np.concatenate(
            [keys.among(self._stood(rows), len(entries)) for rows in map(self.rows_in, IN_FIGURES)]
        )
        counts = np.bincount(keys.series_of(np.unique(keys_counted)) % len(entries), minlength=len(entries))
        return Counter({entry: count for entry, count in zip(entries, counts.tolist(), strict=True) if count})

    def _stood(self, rows: Rows) -> Rows:
        """Return those of the forecasts that began to stand while forecasts on their claim still counted."""
        claims = self.table.claims
        return rows.part(stands_from(rows.time, claims.grain[rows.claim]) < claims.limit[rows.claim])

    def _of_each(self, counts: Mapping[tuple[int, int], int]) -> Counter[int]:
        """Add up counts, given by the entries of claim and forecaster, for each forecaster over the card's claims."""
        on_card, totals = set(self.table.claims.entries[self.table.wanted].tolist()), Counter[int]()
        for (claim, forecaster), count in counts.items():
            totals[forecaster] += count if claim in on_card else 0
        return totals


class _ForecastKeys:
    """A set of forecasts, each as one integer, so that it can be searched among millions of rows.

    The key of a forecast is the key of its series x how many times occur in the set + the position of its own time.
    """

    def __init__(self, series: IndexArray, time: IndexArray) -> None:
        """Make the set of forecasts with these series and times."""
        self._times = np.unique(time)
        self._keys = np.unique(series * self._times.size + np.searchsorted(self._times, time))

    def among(self, rows: Rows, forecasters: int) -> IndexArray:
        """Return the keys of those forecasts of the set that are among *rows*."""
        position = np.searchsorted(self._times, rows.time)
        # Without any time nothing matches; take() would refuse the empty array.
        same_time = self._times.take(position, mode="clip") == rows.time if self._times.size else position < 0
        series = rows.claim[same_time].astype(np.int64) * forecasters + rows.forecaster[same_time]
        return np.intersect1d(self._keys, series * self._times.size + position[same_time])

    def series_of(self, keys: IndexArray) -> IndexArray:
        """Return the series keys that belong to some of these forecast keys."""
        return keys // max(self._times.size, 1)
