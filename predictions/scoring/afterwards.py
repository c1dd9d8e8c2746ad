"""What was recorded or corrected on the claims of a card when their outcome was known, or nearly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

import numpy as np

from forecasts.inputs import BoolArray
from predictions.scoring.columns.corrected_afterwards import redated, reworded_afterwards, tagged_afterwards
from predictions.scoring.columns.recorders import RecordedLate, recorded_late
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable

IF_LINKS_ARE_RIGHT = ", if the days that unchecked links give are right"


class Afterwards:
    """Looked up in the ledger when it is first asked for; counts are by the entry where a forecaster began.

    Attributes:
        reader: Of the forecasts of the ledger.
        table: The series on the claims of the card.
        tag: The tag by which these were chosen, if they were.
    """

    def __init__(self, reader: ForecastReader, table: SeriesTable, tag: str | None) -> None:
        self.reader, self.table, self.tag = reader, table, tag

    @cached_property
    def recorded_late(self) -> RecordedLate:
        """For each claim what a link or a platform dates before the answer, and was recorded after it."""
        with self.reader.opened() as store:
            return recorded_late(store.connection, self.reader.size, self.table.claims)

    @cached_property
    def dated_by_link(self) -> Counter[int]:
        """For each forecaster, by ledger entry, how many forecasts on the claims of the card a link alone dates."""
        return self._of_each(self.recorded_late.by_link)

    @cached_property
    def dated_on_the_way(self) -> Counter[int]:
        """The same of those that were recorded late in the window, before the answer."""
        return self._of_each(self.recorded_late.on_the_way)

    @cached_property
    def redated(self) -> Counter[int]:
        """For each forecaster, by ledger entry, of how many forecasts the link got another day after the verdict."""
        with self.reader.opened() as store:
            return self._of_each(redated(store.connection, self.reader.size))

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
        """Return what figures of some forecasters, by ledger entry, presume of links, as the end of a sentence.

        It is empty where none of their forecasts was recorded late, or got another day when there was a verdict.
        """
        on_links = (self.dated_by_link, self.dated_on_the_way, self.redated)
        return IF_LINKS_ARE_RIGHT if any(counts[entry] for counts in on_links for entry in forecasters) else ""

    def _of_each(self, counts: Mapping[tuple[int, int], int]) -> Counter[int]:
        """Add up counts, by the entries of claim and forecaster, over the claims of the card."""
        chosen, found = set(self.table.claims.entries[self.table.wanted].tolist()), Counter[int]()
        for (claim, forecaster), count in counts.items():
            found[forecaster] += count if claim in chosen else 0
        return found
