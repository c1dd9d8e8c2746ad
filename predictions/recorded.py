"""A record as the ledger knows it: when it was learned, and since which day the world can have known it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from predictions.dates import read_period
from predictions.records import (
    Bearing,
    Event,
    Evidence,
    Forecast,
    Record,
    Resolution,
)  # fmt: skip

DATED_KINDS = (Evidence, Event, Forecast, Resolution)  # what is not known in the world before some day
Kept_co = TypeVar("Kept_co", bound=Record, covariant=True)


class Recorded(NamedTuple, Generic[Kept_co]):
    """A record with its place in the ledger.

    Attributes:
        record: The record.
        entry: The number of the entry it stands under.
        recorded_at: When the ledger learned it.
    """

    record: Kept_co
    entry: int
    recorded_at: datetime


class EvidenceItem(NamedTuple):
    """One piece of evidence as it bears on one claim, with the event it reports."""

    bearing: Bearing
    evidence: Evidence
    event: Event | None

    @property
    def dated(self) -> str | None:
        """Return the day that orders evidence: of its event, else of what it reports, else of its publication."""
        return (self.event and self.event.happened) or self.evidence.happened or self.evidence.published


def first_day(record: Record) -> date:
    """Return the first day on which a thing can have been known in the world; ``date.min`` for most records."""
    days = [date.min]
    if isinstance(record, Evidence):
        for text in (record.published, record.happened):
            if text:
                days.append(read_period(text).first)
    elif isinstance(record, Event):
        days.append(read_period(record.happened).first)
    elif isinstance(record, Forecast):
        days.append(record.made_at.date())
    elif isinstance(record, Resolution):
        days.append(record.known_on)
    return max(days)


def world_day(item: EvidenceItem) -> date:
    """Find the day by which evidence is put in order: the first that its date allows; the last of all without one."""
    dated = item.dated
    return read_period(dated).first if dated else date.max
