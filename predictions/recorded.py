"""A record with its place in the ledger and its time of recording, and the day since which it can be known."""

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

DATED_KINDS = (Evidence, Event, Forecast, Resolution)  # records of things that nobody can know before some day
Kept_co = TypeVar("Kept_co", bound=Record, covariant=True)


class Recorded(NamedTuple, Generic[Kept_co]):
    """A record with its place in the ledger.

    Attributes:
        record: The record.
        entry: The number of its entry.
        recorded_at: When it was recorded.
    """

    record: Kept_co
    entry: int
    recorded_at: datetime


class EvidenceItem(NamedTuple):
    """One piece of evidence with its bearing on one claim, and the event that it reports; None for no event."""

    bearing: Bearing
    evidence: Evidence
    event: Event | None

    @property
    def dated(self) -> str | None:
        """Return the date by which evidence is ordered: of its event, else of what it reports, else of publication."""
        return (self.event and self.event.happened) or self.evidence.happened or self.evidence.published


def first_day(record: Record) -> date:
    """Return the first day on which anybody can have known what a record says; ``date.min`` for most kinds."""
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
    """Return the day by which evidence is ordered: the first of its date, or ``date.max`` without a date."""
    dated = item.dated
    return read_period(dated).first if dated else date.max
