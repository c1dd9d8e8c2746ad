"""Write a calendar of the days to come: last days of windows, settle days, days to look at a forecast again.

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
BEFORE = timedelta(days=7)  # how long before a day its reminder is shown


@dataclass(frozen=True)
class CalendarDay:
    """One whole day on the calendar.

    Attributes:
        uid: Its name for calendar programs, the same in every version.
        day: The day.
        title: The title, one line.
        text: The claim's wording and the rule for a verdict.
        stamped: When the ledger recorded the latest part of it.
        sequence: The version of the event, counted from 0.
    """

    uid: str
    day: date
    title: str
    text: str
    stamped: datetime
    sequence: int = 0


def deadlines(snapshot: Snapshot) -> list[CalendarDay]:
    """List the coming days of each scored claim that waits for a verdict, and of the parts of its tree.

    These are the last day of the window, the settle day, and the day on which the owner's forecast becomes stale.
    """
    return _days(snapshot, waiting=True)


def cancelled(snapshot: Snapshot) -> list[CalendarDay]:
    """List coming days that were on the calendar and no longer apply; a calendar keeps them unless it is told."""
    current_uids = {entry.uid for entry in deadlines(snapshot)}
    coming = [entry for entry in _days(snapshot, waiting=False) if entry.day >= snapshot.today]
    return [entry for entry in coming if entry.uid not in current_uids]


def calendar(snapshot: Snapshot) -> bytes:
    """Return the days as an iCalendar file (RFC 5545); raises MissingExtra without icalendar."""
    icalendar = import_extra("icalendar", "a calendar needs", "ics")
    file, redacted = icalendar.Calendar(), snapshot.lacks
    file.add("prodid", MADE_BY)
    file.add("version", "2.0")
    file.add("x-wr-calname", f"Predictions {redacted.line}" if redacted else "Predictions")
    waiting = deadlines(snapshot)
    for entry in [*waiting, *cancelled(snapshot)]:
        event, alarm = icalendar.Event(), icalendar.Alarm()
        event.add("uid", entry.uid)
        event.add("dtstamp", entry.stamped.replace(microsecond=0))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("sequence", entry.sequence)
        event.add("summary", visible(entry.title))
        event.add("description", visible(f"{entry.text}\n\n{redacted.line}" if redacted else entry.text))
        event.add("transp", "TRANSPARENT")
        if entry in waiting:  # a cancelled event needs no reminder
            alarm.add("action", "DISPLAY")
            alarm.add("description", visible(entry.title))
            alarm.add("trigger", -BEFORE)
            event.add_component(alarm)
        else:
            event.add("status", "CANCELLED")
        file.add_component(event)
    return bytes(file.to_ical())


def _days(snapshot: Snapshot, *, waiting: bool) -> list[CalendarDay]:
    """Return the days of the claims that wait for a verdict, or of those that do not, sorted.

    A day that is date.max, the last one that Python has, is left out: it means that the day never comes.
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
    for claim in listed:  # the list grows as parts are found
        listed += [claims[part] for part in claim.parts if claims[part] not in listed]
    return listed


def _days_of(snapshot: Snapshot, claim: Claim, *, waiting: bool) -> Iterator[CalendarDay]:
    """Yield the days of one claim: deadline, settle day, and the day when the owner's forecast becomes stale."""
    is_waiting = status(snapshot, claim) in WAITING
    verdicts = _verdicts(snapshot, claim)
    stamped = max([snapshot.recorded_at(claim), *verdicts])
    rule = no_from(claim, early_no(snapshot.source_of(claim)))
    text = f"{claim.wording}\n\nWindow {claim.opens_on} to {claim.deadline}, UTC; {rule}."
    suffix = f"{claim.slug}@{snapshot.ledger_id}.prediction-ledger.invalid"
    name = f"{claim.title} ({claim.slug})"
    if is_waiting is waiting:
        yield CalendarDay(f"closes-{suffix}", claim.deadline, f"Closes: {name}", text, stamped, len(verdicts))
        yield CalendarDay(f"settles-{suffix}", settle_on(claim), f"Verdict due: {name}", text, stamped, len(verdicts))
    own_forecasts = _mine(snapshot, claim)
    if not own_forecasts or (is_waiting and not own_forecasts[-1].withdrawn) is not waiting:
        return
    latest = own_forecasts[-1]
    stale_on = latest.made_at.date() + STALE_AFTER + timedelta(days=1)
    if snapshot.today <= stale_on < claim.deadline:
        uid, title = f"review-{latest.forecaster}-{suffix}", f"Look again, {latest.forecaster}: {name}"
        stamped, sequence = max([latest.made_at, *verdicts]), len(own_forecasts) - 1 + len(verdicts)
        yield CalendarDay(uid, stale_on, title, text, stamped, sequence)


def _verdicts(snapshot: Snapshot, claim: Claim | None) -> list[datetime]:
    """List when each verdict was recorded on a claim, and on the claims it is conditional on.

    Each verdict makes a new version of the claim's events.
    """
    times: list[datetime] = []
    while claim:
        times += [item.recorded_at for item in snapshot.resolutions_of(claim)]
        claim = snapshot.find(Claim, claim.given) if claim.given else None
    return times


def _mine(snapshot: Snapshot, claim: Claim) -> list[Forecast]:
    """List the owner's forecasts on a claim, oldest first; none without an owner.

    A publication has none, since it does not look at a forecast again.
    """
    forecasters = {record.slug: record for record in snapshot.all(Forecaster)}
    owner = slug_of_name(snapshot.me, {slug: record.title for slug, record in forecasters.items()})
    if owner is None or forecasters[owner].kind is ForecasterKind.PUBLICATION:
        return []
    forecasts = [item.record for item in snapshot.forecasts_on(claim) if item.record.forecaster == owner]
    return [record for record in forecasts if not record.imputed]
