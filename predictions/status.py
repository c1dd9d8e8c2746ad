"""Where a claim stands, and how the time of a forecast is known: computed on each read, never stored."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from predictions.dates import read_period
from predictions.enums import Outcome, SourceKind
from predictions.errors import NotFound
from predictions.records import Claim, Evidence, Forecast, Resolution, Source
from predictions.snapshot import Snapshot, learned, said_numbers
from predictions.timestamps import end_of, start_of
from predictions.windows import TENTH

KEEP_TIMES = {SourceKind.PLATFORM, SourceKind.LEDGER}  # sources that date the forecasts they hold
WITNESSED_WITHIN = timedelta(minutes=5)
OVERDUE_AFTER = timedelta(days=7)  # past the settle day


class Status(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    DUE = "due"  # the window is over
    OVERDUE = "overdue"  # more than a week past the settle day, and there is no verdict
    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    ANNULLED = "annulled"


LATE = {Status.DUE, Status.OVERDUE}  # the window is over, and there is no verdict
WAITING = {Status.OPEN, *LATE}  # for a verdict


class Timing(StrEnum):
    """How the time of a forecast is known."""

    WITNESSED = "witnessed"  # recorded within five minutes of when it was made
    PUBLISHED = "published"  # a source or evidence carries it and dates it, unchecked
    BACKDATED = "backdated"  # nobody but the recorder says so


def settle_on(claim: Claim) -> date:
    """Return the day on which the verdict is due; no can be said from then on."""
    return settle_day(claim.deadline, claim.settle_days)


@lru_cache(1024)
def settle_day(deadline: date, settle_days: int) -> date:
    """Return the settle day of a claim with that deadline: so many days after it, and at least the day after.

    Reports come late: a no on the last day of the window would be said before anybody can know it.
    """
    return deadline + min(timedelta(max(settle_days, 1)), date.max - deadline)


def no_from(claim: Claim, early: str) -> str:
    """Word from when no can be said, and what it takes *early*; messages, cards and calendars all use this sentence."""
    return f"no can be said from {settle_on(claim)}, before that only {early}"


def early_no(source: Source, *, gone: str = "if yes has become impossible", told: str = "if {} has resolved it") -> str:
    """Word what allows a no before its day: yes can no longer come, or the platform that asked has resolved it."""
    return f"{gone} or {told.format(source.slug)}" if source.kind is SourceKind.PLATFORM else gone


def waits(claim: Claim, today: date) -> str:
    """Word how many days the window has left, or since when it is over and when the verdict is due."""
    if today <= claim.deadline:
        return f"{days_left(claim, today):,} days left"
    settles = settle_on(claim)
    return f"over since {claim.deadline}" + (f", verdict due {settles}" if settles <= today else f"; no from {settles}")


def days_left(claim: Claim, today: date) -> int:
    """Count the days until the window's last day; negative once it is over."""
    return (claim.deadline - today).days


def status(snapshot: Snapshot, claim: Claim) -> Status:
    """Tell where the claim stands today."""
    overdue = snapshot.today - settle_on(claim) > OVERDUE_AFTER
    return status_of(outcome_of(snapshot, claim), over=snapshot.today > claim.deadline, overdue=overdue)


def status_of(outcome: Outcome | None, *, over: bool, overdue: bool) -> Status:
    """Tell where a claim stands from its outcome and the day.

    Args:
        outcome: Its verdict's outcome, if any.
        over: Whether its window is past.
        overdue: Whether the week after its settle day is past.
    """
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
    """Return the verdict's outcome, or None; annulled where the claim that this one is given resolved no."""
    chain = [claim]
    while chain[-1].given:
        chain.append(snapshot.find(Claim, chain[-1].given))
    outcome: Outcome | None = None
    for link in reversed(chain):
        verdict = snapshot.verdict(link)
        outcome = Outcome.ANNULLED if outcome is Outcome.NO else verdict.outcome if verdict else None
    return outcome


def settled(snapshot: Snapshot, claim: Claim) -> bool:
    """Tell whether the claim's settle day has come. From then on it is in the cohort, whatever its outcome.

    Counting claims when they are resolved would be biased: yes is said early, no only after the deadline.
    """
    return snapshot.today >= settle_on(claim)


def timing(snapshot: Snapshot, forecast: Forecast) -> Timing:
    """Tell how the time of a forecast is known."""
    if witnessed(snapshot.numbers_recorded_at(forecast), forecast.made_at):
        return Timing.WITNESSED
    return Timing.PUBLISHED if published(snapshot, forecast) else Timing.BACKDATED


def published(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Tell whether a source or evidence dates the forecast: it carries it, and vouches for the day it was made.

    It does not date a number that was put in the place of another too late: see :func:`replaced_late`.
    """
    return carried(snapshot, forecast) and not replaced_late(snapshot, forecast)


def carried(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Tell whether a source or evidence is said to carry the forecast, and vouches for the day it was made."""
    try:
        return any(vouches(carrier, forecast) for carrier in carriers(snapshot, forecast))
    except NotFound:  # the source or evidence is dated later than today
        return False


def replaced_late(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Tell whether a number was put in the place of another when more was known than on the day of its source.

    A slip is put right soon. When more than a tenth of the window is gone, or the answer or the window's end lies in
    between, whoever says that the source had another number knows what it does to the figures. Nobody has looked, so
    the first number stands, and the other counts from when it was recorded.
    """
    key = forecast.claim, forecast.forecaster, forecast.made_at
    revisions = snapshot.revisions(Forecast, *key)
    if len(revisions) == 1:  # the usual case
        return False
    until = max(place for place, item in enumerate(revisions) if item.record == forecast)
    dated = (
        item
        for item in revisions[: until + 1]
        if witnessed(item.recorded_at, item.record.made_at) or carried(snapshot, item.record)
    )
    first = next(dated, None)
    if first is None or said_numbers(first.record) == said_numbers(forecast):
        return False
    began, replaced = first.recorded_at, learned(revisions[: until + 1])
    claim = snapshot.find(Claim, forecast.claim)
    opens, closes = start_of(claim.opens_on), counts_until(claim, None)
    verdicts = [item.record for item in snapshot.resolutions_of(claim) if not item.record.dissent]
    known = [moment for verdict in verdicts for moment in (public_from(verdict), happened_from(verdict)) if moment]
    if any(began < moment <= replaced for moment in (*known, closes)):
        return True
    soon, since = TENTH * (closes - opens), max(forecast.made_at, opens)
    if began - since > soon:  # which a card tells of the forecast
        since = began
    return began < min([*known, closes]) and replaced - since > soon


def happened_from(verdict: Resolution) -> datetime | None:
    """Return the start of the first day on which, a verdict says, it happened; None where it names none."""
    first = verdict.happened_from or verdict.happened_on
    return start_of(first) if first else None


def carriers(snapshot: Snapshot, forecast: Forecast) -> list[Source | Evidence]:
    """List the source or evidence that a forecast is said to stand in, as it is now."""
    found: list[Source | Evidence] = []
    if forecast.published_in:
        found.append(snapshot.revisions(Source, forecast.published_in)[-1].record)
    if forecast.published_in_evidence:
        found.append(snapshot.revisions(Evidence, forecast.published_in_evidence)[-1].record)
    return found


def vouches(carrier: Source | Evidence, forecast: Forecast) -> bool:
    """Tell whether a source or evidence vouches for the day on which a forecast was made."""
    if isinstance(carrier, Evidence) and carrier.retracted:
        return False
    days = vouched_days(carrier.kind if isinstance(carrier, Source) else None, carrier.published)
    return days is not None and days[0] <= forecast.made_at.date() <= days[1]


def vouched_days(kind: SourceKind | None, published: str | None) -> tuple[date, date] | None:
    """Return the first and the last day for whose forecasts a source vouches; None for none.

    A platform and another ledger date what they hold themselves, up to the day of the dump if it has one. Anything
    else vouches for the one day on which it came out; a month or a year is too wide to say when a forecast was made.
    """
    period = read_period(published) if published else None
    if kind in KEEP_TIMES:
        return date.min, period.last if period else date.max
    return (period.first, period.last) if period and period.exact else None


def witnessed(recorded_at: datetime, made_at: datetime) -> bool:
    """Tell whether the ledger learned of a forecast within five minutes of when it was made."""
    return abs(recorded_at - made_at) <= WITNESSED_WITHIN


def public_from(verdict: Resolution) -> datetime:
    """Return the moment from which the answer may have been known: without a moment, the start of its day."""
    return verdict.known_at or start_of(verdict.known_on)


def by_day(claim: Claim, verdict: Resolution | None) -> bool:
    """Tell whether a claim is told by the day and not by the moment.

    It is unless it has ``closes_at``. A verdict with a day alone that lies before ``closes_at`` makes it so, too, since
    nobody knows at which moment of that day the answer came.
    """
    if claim.closes_at is None:
        return True
    return bool(verdict and not verdict.known_at and end_of(verdict.known_on) < claim.closes_at)


def stands_at(made_at: datetime, *, by_day: bool) -> datetime:
    """Return when a forecast begins to stand: told by the day, at the midnight after it was made."""
    return end_of(made_at.date()) if by_day else made_at


def comes_late(claim: Claim, verdict: Resolution | None, made_at: datetime) -> bool:
    """Tell whether a forecast of that moment comes too late to count, the answer being public or the window over."""
    return stands_at(made_at, by_day=by_day(claim, verdict)) >= counts_until(claim, verdict)


def on_the_day(claim: Claim, verdict: Resolution | None, made_at: datetime) -> bool:
    """Tell of a forecast that comes late whether it was made on the day of the answer, and so perhaps before it.

    On the last day of the window a forecast comes too late whenever the answer comes.
    """
    return made_at < counts_until(claim, verdict) < counts_until(claim, None)


def counts_until(claim: Claim, verdict: Resolution | None) -> datetime:
    """Return the moment before which a forecast must stand to count: the answer was public then, or the claim closed.

    By the day, a day counts whole, with what stood at its start, if the answer was not public then. The day on which
    the answer came therefore counts, for yes and no alike: what is scored never depends on how it came out.
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
