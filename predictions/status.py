"""The status of a claim, and how the time of a forecast is known: computed on each read, never stored."""

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

KEEP_TIMES = {SourceKind.PLATFORM, SourceKind.LEDGER}  # kinds of source that date each of their forecasts
WITNESSED_WITHIN = timedelta(minutes=5)
OVERDUE_AFTER = timedelta(days=7)  # past the settle day


class Status(StrEnum):
    """The status of a claim."""

    OPEN = "open"
    DUE = "due"  # the window is over
    OVERDUE = "overdue"  # more than a week past the settle day, and there is no verdict
    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    ANNULLED = "annulled"


LATE = {Status.DUE, Status.OVERDUE}  # the window is over, and there is no verdict
WAITING = {Status.OPEN, *LATE}  # there is no verdict


class Timing(StrEnum):
    """How the time of a forecast is known."""

    WITNESSED = "witnessed"  # recorded within five minutes of when it was made
    PUBLISHED = "published"  # by a source or evidence that contains it and has a date; neither is checked
    BACKDATED = "backdated"  # only the recorder says so


def settle_on(claim: Claim) -> date:
    """Return the settle day, on which the verdict is due and from which a no can be given."""
    return settle_day(claim.deadline, claim.settle_days)


@lru_cache(8192)
def settle_day(deadline: date, settle_days: int) -> date:
    """Return the settle day of a claim with that deadline: *settle_days* after it, and at least the day after.

    Reports come late: a no on the last day of the window would come before anybody can know it.
    """
    return deadline + min(timedelta(max(settle_days, 1)), date.max - deadline)


def no_from(claim: Claim, early: str) -> str:
    """Return the sentence, for messages, cards and calendars, from when a no can be given and what it takes *early*."""
    return f"no can be said from {settle_on(claim)}, before that only {early}"


def early_no(source: Source, *, gone: str = "if yes has become impossible", told: str = "if {} has resolved it") -> str:
    """Return the words for what allows a no before the settle day.

    It is that yes has become impossible (*gone*) or, if a platform asked, that it has resolved its question: *told*,
    with the slug of the platform put in.
    """
    return f"{gone} or {told.format(source.slug)}" if source.kind is SourceKind.PLATFORM else gone


def waits(claim: Claim, today: date) -> str:
    """Return the words for how many days are left or, after the deadline, for when the verdict is due."""
    if today <= claim.deadline:
        return f"{days_left(claim, today):,} days left"
    settles = settle_on(claim)
    return f"over since {claim.deadline}" + (f", verdict due {settles}" if settles <= today else f"; no from {settles}")


def days_left(claim: Claim, today: date) -> int:
    """Count the days until the window's last day; negative once it is over."""
    return (claim.deadline - today).days


def status(snapshot: Snapshot, claim: Claim) -> Status:
    """Return the status of a claim on the snapshot's day."""
    overdue = snapshot.today - settle_on(claim) > OVERDUE_AFTER
    return status_of(outcome_of(snapshot, claim), over=snapshot.today > claim.deadline, overdue=overdue)


def status_of(outcome: Outcome | None, *, over: bool, overdue: bool) -> Status:
    """Return the status of a claim from its outcome and the day.

    Args:
        outcome: The outcome of its verdict; None without a verdict.
        over: Whether its window is over.
        overdue: Whether its settle day is more than a week ago.
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
    """Return the outcome of a claim, None without a verdict.

    It is annulled, whatever its verdict, if the claim that it is conditional on came out no. That one may be
    conditional itself, so the chain of them is followed from its end.
    """
    chain = [claim]
    while chain[-1].given:
        chain.append(snapshot.find(Claim, chain[-1].given))
    outcome: Outcome | None = None
    for conditional in reversed(chain):
        verdict = snapshot.verdict(conditional)
        own_outcome = verdict.outcome if verdict else None
        outcome = Outcome.ANNULLED if outcome is Outcome.NO else own_outcome
    return outcome


def settled(snapshot: Snapshot, claim: Claim) -> bool:
    """Return whether the settle day of a claim has come. From then on it is in the cohort, whatever its outcome.

    To count claims from their verdict would be biased: a yes is given early, a no only after the deadline.
    """
    return snapshot.today >= settle_on(claim)


def timing(snapshot: Snapshot, forecast: Forecast) -> Timing:
    """Return how the time of a forecast is known."""
    if witnessed(snapshot.numbers_recorded_at(forecast), forecast.made_at):
        return Timing.WITNESSED
    return Timing.PUBLISHED if published(snapshot, forecast) else Timing.BACKDATED


def published(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Return whether a source or evidence dates a forecast: :func:`carried`, and not :func:`replaced_late`."""
    return carried(snapshot, forecast) and not replaced_late(snapshot, forecast)


def carried(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Return whether a source or evidence is named for a forecast whose date agrees with the day it was made."""
    try:
        return any(vouches(carrier, forecast) for carrier in carriers(snapshot, forecast))
    except NotFound:  # the source or evidence is dated after the snapshot's day
        return False


def replaced_late(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Return whether the number of a forecast replaced another one so late that its source does not date it any more.

    A slip is corrected soon. If more than a tenth of the window went by before the correction, or the answer came or
    the window ended, the recorder can know what the new number does to the scores, and nobody has checked the source.
    Then the first number keeps its date, and the new one counts from when it was recorded.
    """
    key = forecast.claim, forecast.forecaster, forecast.made_at
    revisions = snapshot.revisions(Forecast, *key)
    if len(revisions) == 1:  # the usual case
        return False
    position = max(position for position, item in enumerate(revisions) if item.record == forecast)
    up_to_this = revisions[: position + 1]
    dated = (
        item
        for item in up_to_this
        if witnessed(item.recorded_at, item.record.made_at) or carried(snapshot, item.record)
    )
    first = next(dated, None)
    if first is None or said_numbers(first.record) == said_numbers(forecast):
        return False
    began, replaced = first.recorded_at, learned(up_to_this)
    claim = snapshot.find(Claim, forecast.claim)
    opens, closes = start_of(claim.opens_on), counts_until(claim, None)
    answers: list[datetime] = []  # moments at which an answer came or was public
    for item in snapshot.resolutions_of(claim):
        if not item.record.dissent:
            happened = happened_from(item.record)
            answers += [public_from(item.record), *([happened] if happened else [])]
    if any(began < moment <= replaced for moment in (*answers, closes)):
        return True
    soon, since = TENTH * (closes - opens), max(forecast.made_at, opens)
    if began - since > soon:  # the first number was recorded late itself, which its card says; count from then
        since = began
    return began < min([*answers, closes]) and replaced - since > soon


def happened_from(verdict: Resolution) -> datetime | None:
    """Return the start of the first day on which, by a verdict, it may have happened; None if it names no day."""
    first = verdict.happened_from or verdict.happened_on
    return start_of(first) if first else None


def carriers(snapshot: Snapshot, forecast: Forecast) -> list[Source | Evidence]:
    """List the source or evidence that is named as a forecast's publication, in their latest revisions."""
    publications: list[Source | Evidence] = []
    if forecast.published_in:
        publications.append(snapshot.revisions(Source, forecast.published_in)[-1].record)
    if forecast.published_in_evidence:
        publications.append(snapshot.revisions(Evidence, forecast.published_in_evidence)[-1].record)
    return publications


def vouches(carrier: Source | Evidence, forecast: Forecast) -> bool:
    """Return whether the date of a source or evidence agrees with the day on which a forecast was made."""
    if isinstance(carrier, Evidence) and carrier.retracted:
        return False
    days = vouched_days(carrier.kind if isinstance(carrier, Source) else None, carrier.published)
    return days is not None and days[0] <= forecast.made_at.date() <= days[1]


def vouched_days(kind: SourceKind | None, published: str | None) -> tuple[date, date] | None:
    """Return the first and the last day on which a source can show that a forecast was made; None for no day.

    A platform or another ledger dates each of its forecasts itself, up to the day of its export if that is known. Any
    other source shows only the day on which it was published; a month or a year is too wide.
    """
    period = read_period(published) if published else None
    if kind in KEEP_TIMES:
        return date.min, period.last if period else date.max
    return (period.first, period.last) if period and period.exact else None


def witnessed(recorded_at: datetime, made_at: datetime) -> bool:
    """Return whether a forecast was recorded within five minutes of when it was made."""
    return abs(recorded_at - made_at) <= WITNESSED_WITHIN


def public_from(verdict: Resolution) -> datetime:
    """Return the moment from which the answer may have been public: if only its day is known, the start of that day."""
    return verdict.known_at or start_of(verdict.known_on)


def by_day(claim: Claim, verdict: Resolution | None) -> bool:
    """Return whether forecasts on a claim are timed by the day, and not by the moment.

    So they are unless the claim has ``closes_at``; and also if its verdict has only a day, which is before
    ``closes_at``: nobody knows at which moment of that day the answer came.
    """
    if claim.closes_at is None:
        return True
    return bool(verdict and not verdict.known_at and end_of(verdict.known_on) < claim.closes_at)


def stands_at(made_at: datetime, *, by_day: bool) -> datetime:
    """Return when a forecast begins to stand: when it was made or, timed *by_day*, at the midnight after."""
    return end_of(made_at.date()) if by_day else made_at


def comes_late(claim: Claim, verdict: Resolution | None, made_at: datetime) -> bool:
    """Return whether a forecast made at that moment is too late to count: the answer is public, or the window over."""
    return stands_at(made_at, by_day=by_day(claim, verdict)) >= counts_until(claim, verdict)


def on_the_day(claim: Claim, verdict: Resolution | None, made_at: datetime) -> bool:
    """Return whether a late forecast was made on the day of the answer, and so perhaps before it.

    Not on the last day of the window, on which a forecast is too late whenever the answer comes.
    """
    return made_at < counts_until(claim, verdict) < counts_until(claim, None)


def counts_until(claim: Claim, verdict: Resolution | None) -> datetime:
    """Return the moment at which forecasts stop to count: when the answer was public, or the claim closed.

    Timed by the day, a day counts as a whole, with the forecasts that stood at its start, if the answer was not public
    then. So the day of the answer counts, for yes and no alike: which days are scored never depends on the outcome.
    """
    end = end_of(claim.deadline)
    closes = min(claim.closes_at or end, end)
    if verdict is None:
        return closes
    if by_day(claim, verdict):
        known_at = verdict.known_at
        at_midnight = known_at is not None and known_at == start_of(known_at.date())
        return min(closes, known_at if known_at and at_midnight else end_of(verdict.known_on))
    return min(closes, verdict.known_at or closes)
