"""A calendar of what is coming: last days of windows, settle days, days to look again; the same for the same head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from predictions.cards.agenda import STALE_AFTER
from predictions.cards.spoken import standing_forecasts
from predictions.errors import MissingExtra
from predictions.records import Claim
from predictions.snapshot import Snapshot
from predictions.status import Status, settle_on, status
from predictions.unseen import visible

BEFORE = timedelta(days=7)  # how long before a day its reminder comes


@dataclass(frozen=True)
class Entry:
    """One whole day on the calendar."""

    uid: str
    day: date
    title: str
    text: str
    stamped: datetime


def deadlines(snapshot: Snapshot) -> list[Entry]:
    """The days of each scored claim that waits, and of its parts: last day, settle day, when a forecast goes stale."""
    found = [
        entry
        for claim in _held_to(snapshot)
        if status(snapshot, claim) in {Status.OPEN, Status.DUE, Status.OVERDUE}
        for entry in _entries(snapshot, claim)
    ]
    return sorted(found, key=lambda entry: (entry.day, entry.uid))


def calendar(snapshot: Snapshot) -> bytes:
    """The days as an iCalendar file (RFC 5545); raises MissingExtra without icalendar."""
    try:
        from icalendar import Alarm, Calendar, Event
    except ImportError:
        raise MissingExtra("a calendar needs icalendar; install prediction-ledger[ics]") from None
    found = Calendar()
    found.add("prodid", "-//prediction-ledger//deadlines//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "Predictions")
    for entry in deadlines(snapshot):
        event, alarm = Event(), Alarm()
        event.add("uid", entry.uid)
        event.add("dtstamp", entry.stamped.replace(microsecond=0))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1) if entry.day < date.max else entry.day)
        event.add("summary", visible(entry.title))
        event.add("description", visible(entry.text))
        event.add("transp", "TRANSPARENT")
        alarm.add("action", "DISPLAY")
        alarm.add("description", visible(entry.title))
        alarm.add("trigger", -BEFORE)
        event.add_component(alarm)
        found.add_component(event)
    return bytes(found.to_ical())


def _held_to(snapshot: Snapshot) -> list[Claim]:
    """The scored claims and the parts of their trees; readings shown beside them have no days of their own."""
    claims = {claim.slug: claim for claim in snapshot.all(Claim)}
    found = [claim for claim in claims.values() if claim.scored]
    for claim in found:  # grows as parts are found
        found += [claims[part] for part in claim.parts if claims[part] not in found]
    return found


def _entries(snapshot: Snapshot, claim: Claim) -> Iterator[Entry]:
    stamped = snapshot.recorded_at(claim)
    text = f"{claim.wording}\n\nWindow {claim.opens_on} to {claim.deadline}; verdict due by {settle_on(claim)}."
    whole = f"{claim.slug}@prediction-ledger.invalid"
    name = f"{claim.title} ({claim.slug})"
    yield Entry(f"closes-{whole}", claim.deadline, f"Closes: {name}", text, stamped)
    yield Entry(f"settles-{whole}", settle_on(claim), f"Verdict due: {name}", text, stamped)
    for who, forecast in standing_forecasts(snapshot, claim):
        again = forecast.made_at.date() + STALE_AFTER + timedelta(days=1)
        if not forecast.imputed and again < claim.deadline:
            uid = f"review-{who}-{whole}"
            yield Entry(uid, again, f"Look again, {who}: {name}", text, forecast.made_at)
