"""A calendar of the days to come: last days of windows, settle days, days to look at a forecast again.

The same head gives the same file, so that a calendar program can follow it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from predictions.enums import ForecasterKind
from predictions.errors import import_extra
from predictions.invisible import visible
from predictions.records import Claim, Forecast, Forecaster
from predictions.slugs import slug_of_name
from predictions.snapshot import Snapshot
from predictions.status import WAITING, early_no, no_from, settle_on, status
from predictions.views.due import STALE_AFTER

MADE_BY = "-//prediction-ledger//deadlines//EN"
BEFORE = timedelta(days=7)  # how long before a day its reminder comes


@dataclass(frozen=True)
class CalendarDay:
    """One whole day on the calendar.

    Attributes:
        uid: Its name for calendar programs, the same in every version.
        day: The day.
        title: One line.
        text: What the claim says, and its rule.
        stamped: When the ledger learned what it says.
        sequence: Which version of the event it is.
    """

    uid: str
    day: date
    title: str
    text: str
    stamped: datetime
    sequence: int = 0


def deadlines(snapshot: Snapshot) -> list[CalendarDay]:
    """List the days of each scored claim that waits for a verdict, and of its parts.

    These are the last day of the window, the settle day, and the day on which the owner's forecast becomes stale.
    """
    return _days(snapshot, waiting=True)


def cancelled(snapshot: Snapshot) -> list[CalendarDay]:
    """List the days to come that were once such a day and no longer are: a calendar keeps them until it is told."""
    still = {entry.uid for entry in deadlines(snapshot)}
    return [entry for entry in _days(snapshot, waiting=False) if entry.uid not in still and entry.day >= snapshot.today]


def calendar(snapshot: Snapshot) -> bytes:
    """Write the days as an iCalendar file (RFC 5545); raises MissingExtra without icalendar."""
    ics = import_extra("icalendar", "a calendar needs", "ics")
    file, lacks = ics.Calendar(), snapshot.lacks
    file.add("prodid", MADE_BY)
    file.add("version", "2.0")
    file.add("x-wr-calname", f"Predictions {lacks.line}" if lacks else "Predictions")
    waiting = deadlines(snapshot)
    for entry in [*waiting, *cancelled(snapshot)]:
        event, alarm = ics.Event(), ics.Alarm()
        event.add("uid", entry.uid)
        event.add("dtstamp", entry.stamped.replace(microsecond=0))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("sequence", entry.sequence)
        event.add("summary", visible(entry.title))
        event.add("description", visible(f"{entry.text}\n\n{lacks.line}" if lacks else entry.text))
        event.add("transp", "TRANSPARENT")
        if entry in waiting:
            alarm.add("action", "DISPLAY")
            alarm.add("description", visible(entry.title))
            alarm.add("trigger", -BEFORE)
            event.add_component(alarm)
        else:
            event.add("status", "CANCELLED")
        file.add_component(event)
    return bytes(file.to_ical())


def _days(snapshot: Snapshot, *, waiting: bool) -> list[CalendarDay]:
    """List the days of claims that wait, or of those that do not, in order.

    A day that is the last of the calendar never comes, and is left out.
    """
    days = [
        entry
        for claim in _held_to(snapshot)
        for entry in _days_of(snapshot, claim, waiting=waiting)
        if entry.day < date.max
    ]
    return sorted(days, key=lambda entry: (entry.day, entry.uid))


def _held_to(snapshot: Snapshot) -> list[Claim]:
    """List the scored claims and the parts of their trees; other readings have no days of their own."""
    claims = {claim.slug: claim for claim in snapshot.all(Claim)}
    listed = [claim for claim in claims.values() if claim.scored]
    for claim in listed:  # grows as parts are found
        listed += [claims[part] for part in claim.parts if claims[part] not in listed]
    return listed


def _days_of(snapshot: Snapshot, claim: Claim, *, waiting: bool) -> Iterator[CalendarDay]:
    """Yield the days of one claim.

    Its deadline and settle day, and when the viewer's own forecast of it becomes stale.
    """
    waits = status(snapshot, claim) in WAITING
    verdicts = _verdicts(snapshot, claim)
    stamped = max([snapshot.recorded_at(claim), *verdicts])
    rule = no_from(claim, early_no(snapshot.source_of(claim)))
    text = f"{claim.wording}\n\nWindow {claim.opens_on} to {claim.deadline}, UTC; {rule}."
    suffix = f"{claim.slug}@{snapshot.ledger_id}.prediction-ledger.invalid"
    name = f"{claim.title} ({claim.slug})"
    if waits is waiting:
        yield CalendarDay(f"closes-{suffix}", claim.deadline, f"Closes: {name}", text, stamped, len(verdicts))
        yield CalendarDay(f"settles-{suffix}", settle_on(claim), f"Verdict due: {name}", text, stamped, len(verdicts))
    mine = _mine(snapshot, claim)
    if not mine or (waits and not mine[-1].withdrawn) is not waiting:
        return
    who, again = mine[-1].forecaster, mine[-1].made_at.date() + STALE_AFTER + timedelta(days=1)
    if snapshot.today <= again < claim.deadline:
        uid, stamped = f"review-{who}-{suffix}", max([mine[-1].made_at, *verdicts])
        yield CalendarDay(uid, again, f"Look again, {who}: {name}", text, stamped, len(mine) - 1 + len(verdicts))


def _verdicts(snapshot: Snapshot, claim: Claim | None) -> list[datetime]:
    """List when each verdict on a claim was recorded, and on what it is given.

    Each makes a new version of its events.
    """
    times: list[datetime] = []
    while claim:
        times += [item.recorded_at for item in snapshot.resolutions_of(claim)]
        claim = snapshot.find(Claim, claim.given) if claim.given else None
    return times


def _mine(snapshot: Snapshot, claim: Claim) -> list[Forecast]:
    """List the forecasts of the person who looks, in order of time.

    A publication speaks once and looks at nothing again.
    """
    people = {record.slug: record for record in snapshot.all(Forecaster)}
    me = slug_of_name(snapshot.me, {slug: record.title for slug, record in people.items()})
    if me is None or people[me].kind is ForecasterKind.PUBLICATION:
        return []
    theirs = [item.record for item in snapshot.forecasts_on(claim) if item.record.forecaster == me]
    return [record for record in theirs if not record.imputed]
