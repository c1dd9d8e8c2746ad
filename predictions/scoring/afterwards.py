"""What was recorded or corrected on the claims of a card when their outcome was known, or nearly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import STOOD, Rows
from forecasts.standing import stands_from
from predictions.scoring.columns.corrected_afterwards import redated, reworded_afterwards, tagged_afterwards
from predictions.scoring.columns.recorders import DatedByLink, RecordedLate, entry_places, recorded_late, stated_late
from predictions.scoring.eligibility_codes import NO_NUMBER_CODES
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable

IF_LINKS_ARE_RIGHT = ", if the days that unchecked links give are right"
AS_FAR_AS_SHOWN = ", as far as this redacted copy shows"
BEAR_ON_FIGURES = {"claim", "forecast", "import", "resolution"}  # kinds of entry; the other ones only date or explain
IN_FIGURES = ("due", "due, imputed", "read afterwards")  # scores, and all that counts among what came out


class Afterwards:
    """Looked up in the ledger when it is first asked for; counts are by the entry where a forecaster began.

    Attributes:
        reader: Of the forecasts of the ledger.
        table: The series on the claims of the card.
        tag: The tag by which these were chosen, if they were.
        rows_in: Returns the forecasts that one kind of figure counts.
    """

    def __init__(
        self, reader: ForecastReader, table: SeriesTable, tag: str | None, rows_in: Callable[[str], Rows]
    ) -> None:
        self.reader, self.table, self.tag, self.rows_in = reader, table, tag, rows_in

    @cached_property
    def recorded_late(self) -> RecordedLate:
        """For each claim what a link or a platform dates before the answer, and was recorded after it."""
        with self.reader.opened() as store:
            return recorded_late(store.connection, self.reader.size, self.table.claims)

    @cached_property
    def dated_by_link(self) -> Counter[int]:
        """For each forecaster, by ledger entry, how many forecasts that count on the card a link alone dates."""
        return self._counting(self.recorded_late.by_link)

    @cached_property
    def dated_on_the_way(self) -> Counter[int]:
        """The same of those that were recorded late in the window, before the answer."""
        return self._counting(self.recorded_late.on_the_way)

    @cached_property
    def stated_late(self) -> Counter[int]:
        """For each forecaster how many statements count without a number that were recorded after an answer."""
        table, series = self.table, self.table.series
        counts = np.isin(series.mark, NO_NUMBER_CODES) & (series.state == STOOD)
        counts |= np.isin(table.keys(series), table.said)
        if not counts.any():
            return Counter()
        with self.reader.opened() as store:
            late = stated_late(store.connection, self.reader.size, table.claims)
        counts &= (late & table.wanted)[series.claim]
        return Counter(table.forecasters[number].entry for number in series.forecaster[counts].tolist())

    @cached_property
    def redated(self) -> Counter[int]:
        """For each forecaster, by ledger entry, of how many forecasts the link got another day after the verdict."""
        with self.reader.opened() as store:
            return self._of_each(redated(store.connection, self.reader.size))

    @cached_property
    def cut(self) -> bool:
        """Whether this is a redacted copy that lacks what could bear on the figures."""
        with self.reader.opened() as store:
            lacks = store.lacks(self.reader.size)
        return lacks is not None and any(missing.kind in BEAR_ON_FIGURES for missing in lacks.bodies.values())

    @cached_property
    def tagged(self) -> BoolArray:
        """For each claim whether it got or lost the tag by which the card chooses when its verdict was on file."""
        claims = self.table.claims
        if self.tag is None:
            return np.zeros(claims.entries.size, np.bool_)
        with self.reader.opened() as store:
            return tagged_afterwards(store.connection, self.reader.size, claims.entries, self.tag)

    @cached_property
    def reworded(self) -> BoolArray:
        """For each claim whether it got another title, quotation or speaker when its verdict was on file."""
        claims = self.table.claims
        with self.reader.opened() as store:
            return reworded_afterwards(store.connection, self.reader.size, claims.entries, claims.statement)

    def presumed_of(self, *forecasters: int) -> str:
        """Return what figures of some forecasters, by ledger entry, presume, as the end of a sentence.

        They presume links to be right where one of their forecasts was recorded late, or got another day when there was
        a verdict; and that nothing else was said, which of a redacted copy nobody can know.
        """
        on_links = (self.dated_by_link, self.dated_on_the_way, self.redated)
        links = IF_LINKS_ARE_RIGHT if any(counts[entry] for counts in on_links for entry in forecasters) else ""
        return links + (AS_FAR_AS_SHOWN if self.cut else "")

    def _counting(self, late: DatedByLink) -> Counter[int]:
        """Count for each forecaster those that some figure counts.

        Others change nothing: a number that only its recorder dates beside one that is dated, or one of the last day.
        Anybody can record such a number for somebody else, and must not put a mark on their figures by that.
        """
        if not late.claim.size:
            return Counter()
        claims, entries = self.table.claims, [forecaster.entry for forecaster in self.table.forecasters]
        claim, forecaster = entry_places(claims.entries, late.claim), entry_places(np.array(entries), late.forecaster)
        on_card = (claim >= 0) & (forecaster >= 0)
        series = claim[on_card] * len(entries) + forecaster[on_card]
        keys = _Keys(series, late.time[on_card])
        counted = np.concatenate(
            [keys.among(self._stood(rows), len(entries)) for rows in map(self.rows_in, IN_FIGURES)]
        )
        count_of = np.bincount(keys.series_of(np.unique(counted)) % len(entries), minlength=len(entries))
        return Counter({entries[place]: int(count_of[place]) for place in np.flatnonzero(count_of).tolist()})

    def _stood(self, rows: Rows) -> Rows:
        """Return the forecasts that stood before forecasts on their claim ceased to count."""
        claims = self.table.claims
        return rows.part(stands_from(rows.time, claims.grain[rows.claim]) < claims.limit[rows.claim])

    def _of_each(self, counts: Mapping[tuple[int, int], int]) -> Counter[int]:
        """Add up counts, by the entries of claim and forecaster, over the claims of the card."""
        chosen, found = set(self.table.claims.entries[self.table.wanted].tolist()), Counter[int]()
        for (claim, forecaster), count in counts.items():
            found[forecaster] += count if claim in chosen else 0
        return found


class _Keys:
    """Forecasts, each as one number, so that millions of them are found among millions."""

    def __init__(self, series: IndexArray, time: IndexArray) -> None:
        """Number them by their series, a forecaster on a claim, and the place of their time among all of theirs."""
        self._times = np.unique(time)
        self._keys = np.unique(series * self._times.size + np.searchsorted(self._times, time))

    def among(self, rows: Rows, forecasters: int) -> IndexArray:
        """Return the numbers of those that are among some rows."""
        place = np.searchsorted(self._times, rows.time)
        same_time = self._times.take(place, mode="clip") == rows.time if self._times.size else place < 0
        series = rows.claim[same_time].astype(np.int64) * forecasters + rows.forecaster[same_time]
        return np.intersect1d(self._keys, series * self._times.size + place[same_time])

    def series_of(self, keys: IndexArray) -> IndexArray:
        """Return the series of some of these numbers."""
        return keys // max(self._times.size, 1)
