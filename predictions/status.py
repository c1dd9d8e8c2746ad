"""Where a claim stands, and how far a forecast's time can be believed: computed, never stored."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from predictions.dates import read_period
from predictions.enums import Outcome, SourceKind
from predictions.errors import NotFound
from predictions.records import Claim, Evidence, Forecast, Resolution, Source
from predictions.snapshot import Snapshot
from predictions.timestamps import end_of, start_of

WITNESSED_WITHIN = timedelta(minutes=5)
OVERDUE_AFTER = timedelta(days=7)  # past the settle day


class Status(StrEnum):
    OPEN = "open"
    DUE = "due"  # the window is over
    OVERDUE = "overdue"  # more than a week past the settle day, and there is no verdict
    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    ANNULLED = "annulled"


WAITING = {Status.OPEN, Status.DUE, Status.OVERDUE}  # for a verdict


class Timing(StrEnum):
    """How the time of a forecast is known."""

    WITNESSED = "witnessed"  # recorded within five minutes of when it was made
    PUBLISHED = "published"  # a dated source or evidence of that day carries it: by its link, unchecked
    BACKDATED = "backdated"  # nobody but the recorder says so


def settle_on(claim: Claim) -> date:
    """The day on which the verdict is due, after the window and the days reports may take; no can be said from then."""
    return settle_day(claim.deadline, claim.settle_days)


def settle_day(deadline: date, settle_days: int) -> date:
    """The settle day of a claim with that deadline: so many days after it, and never before the day after."""
    return deadline + min(timedelta(max(settle_days, 1)), date.max - deadline)


def no_from(claim: Claim, early: str) -> str:
    """From when no can be said, and what it takes *early*: the one rule, as messages, cards and calendars tell it."""
    return f"no can be said from {settle_on(claim)}, before that only {early}"


def early_no(source: Source, *, gone: str = "if yes has become impossible", told: str = "if {} has resolved it") -> str:
    """What no takes before its day: that yes can no longer come, or that the platform that asked has said so."""
    return f"{gone} or {told.format(source.slug)}" if source.kind is SourceKind.PLATFORM else gone


def waits(claim: Claim, today: date) -> str:
    """How many days the window has left; else since when it is over, and when the verdict is due."""
    if today <= claim.deadline:
        return f"{days_left(claim, today)} days left"
    settles = settle_on(claim)
    return f"over since {claim.deadline}" + (f", verdict due {settles}" if settles <= today else f"; no from {settles}")


def days_left(claim: Claim, today: date) -> int:
    """Days until the window's last day; negative once it is over."""
    return (claim.deadline - today).days


def status(snapshot: Snapshot, claim: Claim) -> Status:
    """Where the claim stands today."""
    overdue = snapshot.today - settle_on(claim) > OVERDUE_AFTER
    return status_of(outcome_of(snapshot, claim), over=snapshot.today > claim.deadline, overdue=overdue)


def status_of(outcome: Outcome | None, *, over: bool, overdue: bool) -> Status:
    """Where a claim stands, by its outcome and whether its window, and the week after its settle day, are past."""
    if outcome is Outcome.ANNULLED:
        return Status.ANNULLED
    if outcome is Outcome.AMBIGUOUS:
        return Status.AMBIGUOUS
    if outcome is not None:
        return Status.RESOLVED
    if overdue:
        return Status.OVERDUE
    return Status.DUE if over else Status.OPEN


def outcome_of(snapshot: Snapshot, claim: Claim) -> Outcome | None:
    """The verdict's outcome; annulled, whatever the verdict, where the claim this one is given resolved no."""
    chain = [claim]
    while chain[-1].given:
        chain.append(snapshot.find(Claim, chain[-1].given))
    outcome: Outcome | None = None
    for one in reversed(chain):
        verdict = snapshot.verdict(one)
        outcome = Outcome.ANNULLED if outcome is Outcome.NO else verdict.outcome if verdict else None
    return outcome


def settled(snapshot: Snapshot, claim: Claim) -> bool:
    """Whether the claim's settle day has come: it is in the cohort from then on, whatever its outcome."""
    return snapshot.today >= settle_on(claim)


def timing(snapshot: Snapshot, forecast: Forecast) -> Timing:
    """How the time of a forecast is known."""
    if witnessed(snapshot.numbers_recorded_at(forecast), forecast.made_at):
        return Timing.WITNESSED
    return Timing.PUBLISHED if published(snapshot, forecast) else Timing.BACKDATED


def published(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Whether a dated source or evidence of that day, or a platform, carries it."""
    made_on = forecast.made_at.date().isoformat()
    return made_on in _published(snapshot, forecast) or _on_platform(snapshot, forecast)


def witnessed(recorded_at: datetime, made_at: datetime) -> bool:
    """Whether the ledger learned of it when it was made, give or take five minutes."""
    return abs(recorded_at - made_at) <= WITNESSED_WITHIN


def _on_platform(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Whether a platform carries it, which dates what it takes in itself, up to the day of its dump."""
    if not forecast.published_in:
        return False
    try:
        source = snapshot.revisions(Source, forecast.published_in)[-1].record
    except NotFound:
        return False
    dumped_on = read_period(source.published).last if source.published else date.max
    return source.kind is SourceKind.PLATFORM and forecast.made_at.date() <= dumped_on


def _published(snapshot: Snapshot, forecast: Forecast) -> list[str | None]:
    """When the source and the evidence came out that carry a forecast; what was retracted carries nothing."""
    found: list[str | None] = []
    try:
        if forecast.published_in:
            found.append(snapshot.revisions(Source, forecast.published_in)[-1].record.published)
        if forecast.published_in_evidence:
            evidence = snapshot.revisions(Evidence, forecast.published_in_evidence)[-1].record
            found.append(None if evidence.retracted else evidence.published)
    except NotFound:  # dated later than today
        pass
    return found


def public_from(verdict: Resolution) -> datetime:
    """The moment from which the answer may have been known; the beginning of its day, where only that is told."""
    return verdict.known_at or start_of(verdict.known_on)


def by_day(claim: Claim, verdict: Resolution | None) -> bool:
    """Whether a claim is told by the day: unless it has ``closes_at``, and its verdict no day alone before that."""
    if claim.closes_at is None:
        return True
    return bool(verdict and not verdict.known_at and end_of(verdict.known_on) < claim.closes_at)


def stands_at(made_at: datetime, *, by_day: bool) -> datetime:
    """When a forecast begins to stand: told by the day at the midnight after it was made."""
    return end_of(made_at.date()) if by_day else made_at


def counts_until(claim: Claim, verdict: Resolution | None) -> datetime:
    """The moment at which a forecast must stand before it: the answer was public, or the claim is closed.

    By the day a day counts whole, with what stood when it began, if the answer was not public then: the day on which
    the answer came does, for yes and no alike.
    """
    end = end_of(claim.deadline)
    closes = min(claim.closes_at or end, end)
    if verdict is None:
        return closes
    if by_day(claim, verdict):
        known = verdict.known_at
        at_midnight = known is not None and known == start_of(known.date())
        return min(closes, known if known and at_midnight else end_of(verdict.known_on))
    return min(closes, verdict.known_at or closes)
