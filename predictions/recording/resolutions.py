"""What `resolve` records: how a claim came out, with the days and the reason that were said or follow from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from predictions.dates import read_period
from predictions.enums import UNDECIDED, Bears, ClaimType, Outcome
from predictions.errors import Conflict, InvalidValue, check_field, warn
from predictions.horizons import iso_span
from predictions.other_days import in_english
from predictions.recording.days_ahead import not_to_come
from predictions.recording.enter import Desk, build, enter, said_content, the_slug
from predictions.recording.evidence import evidence_named
from predictions.recording.forecasts import not_later
from predictions.recording.outcomes import read_verdict
from predictions.recording.verdict_checks import (
    check_no,
    check_verdict,
    check_window,
    first_published,
    period_published,
    verdicts_on,
)  # fmt: skip
from predictions.records import Claim, Resolution, Source
from predictions.snapshot import Snapshot
from predictions.status import settle_on
from predictions.tally.tally import tally
from predictions.timestamps import read_moment, spoken_moment, whole_day

LAPSED = "lapsed: "
MONTH_OR_YEAR = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
UNDATED = {  # by outcome, how to give the day of a verdict; of the other outcomes, the day it happened
    Outcome.NO: "known_on=DAY, the day on which it became public that yes can no longer come",
    **dict.fromkeys((Outcome.OPTION, Outcome.VALUE), "known_on=DAY, the day on which it became public"),
}


class Said(NamedTuple):
    """The arguments of `resolve`, as they were given; None if not given."""

    outcome: str | float
    happened_on: date | str | None = None
    known_on: date | str | None = None
    reason: str | None = None
    because: object = None
    impossible: bool = False
    dissent: bool = False
    decided_by: str | None = None
    again: bool = False
    known_at: datetime | str | None = None
    published_in: object = None


def resolve(desk: Desk, snapshot: Snapshot, claim: str, said: Said) -> Resolution:
    """Record a verdict and return it; return the one that stands if the same verdict was given before.

    Raises:
        TooEarly: It cannot be given yet.
        Conflict: Another verdict stands and no reason is given; or the same verdict was given before, is replaced
            since, and no day is given now. (With a day it is taken for a rerun: the one that stands is returned.)
    """
    record = snapshot.find(Claim, claim)
    resolution = worded(desk, snapshot, record, said)
    if not said.again:
        earlier = [item.record for item in snapshot.resolutions_of(record)]
        dated = said.happened_on is not None or said.known_on is not None
        if standing := _decided_already(resolution, earlier, dated=dated):
            return standing
    check_verdict(desk, snapshot, record, resolution)
    return enter(desk, resolution)


def worded(desk: Desk, snapshot: Snapshot, claim: Claim, said: Said) -> Resolution:
    """Build the verdict, with the next number and its days filled in; other verdicts and the evidence come later."""
    came_out = read_verdict(claim, said.outcome)
    outcome = came_out.outcome
    known_on, known_at = _known_when(desk, said)
    days = [
        _happened(desk, claim, day, known_on) for day in (came_out.happened_on, said.happened_on) if day is not None
    ]
    if len({*days}) > 1:
        raise InvalidValue(f"outcome {said.outcome} and happened_on {said.happened_on} are two days; say one of them")
    happened_from, happened_on = days[0] if days else (None, None)
    reason = said.reason
    published_in = None if said.published_in is None else source_named(desk, said.published_in)
    # The claim lapses: a no, known on the settle day. The day on which somebody types it would be a free choice.
    if outcome is Outcome.NO and not said.impossible and desk.today >= settle_on(claim):
        known_on = known_on or settle_on(claim)
        reason = reason or _why_lapsed(snapshot, claim, again=said.again)
    bears = {Outcome.YES: Bears.SUPPORTS, Outcome.NO: Bears.OPPOSES}.get(outcome, Bears.CONTEXT)
    because = evidence_named(desk, said.because, claim, bears)
    known_on = known_on or _known_from(desk, outcome, happened_on, because)
    if known_on is None:
        if outcome is Outcome.NO and not said.impossible:
            check_no(desk, claim, None, published_in)  # a no before the settle day: TooEarly says more than "when?"
        raise InvalidValue(_undated(snapshot, claim, outcome, reason))
    numbers = [item.record.number for item in snapshot.resolutions_of(claim)]  # a redacted copy may lack some
    return build(
        Resolution,
        {
            "claim": claim.slug, "number": max(numbers, default=0) + 1, "recorded_by": desk.me,
            **came_out._asdict(), "happened_from": happened_from, "happened_on": happened_on, "known_on": known_on,
            "known_at": known_at, "published_in": published_in, "reason": reason, "because": because,
            "impossible": said.impossible or None, "dissent": said.dissent or None,
            "decided_by": desk.me if said.decided_by is None else said.decided_by,
        },
    )  # fmt: skip


def _undated(snapshot: Snapshot, claim: Claim, outcome: Outcome, reason: str | None) -> str:
    """Return the message that asks for the day of a verdict; if it replaces another, for its reason as well."""
    is_day_asked = outcome is Outcome.YES and claim.type is ClaimType.DATE
    or_else = "the month if no more is known" if is_day_asked else "known_on=DAY if only that is known"
    ways = UNDATED.get(outcome, f"happened_on=DAY, or {or_else}")
    if not (verdicts := verdicts_on(snapshot, claim)):
        return f"when? say {ways}"
    needs = "its day" if reason else "reason= and its day"
    return f"{claim.slug} is resolved already: {verdicts[-1].said}; a new verdict needs {needs}: {ways}"


def _known_when(desk: Desk, said: Said) -> tuple[date | None, datetime | None]:
    """Read the day on which the outcome became public, and the moment; None for each that was not given."""
    known_on, moment = (None, None) if said.known_on is None else not_later(desk, said.known_on, "known_on")
    if said.known_at is None:
        return known_on, moment
    known_at = check_field("known_at", read_moment, said.known_at)
    not_to_come("known_at", known_at, desk.now)
    if moment not in {None, known_at}:
        raise InvalidValue(f"known_on {spoken_moment(moment)} and known_at {spoken_moment(known_at)} differ; say one")
    return known_on or known_at.date(), known_at


def _known_from(desk: Desk, outcome: Outcome, happened: date | None, because: Sequence[str]) -> date | None:
    """Infer the day on which the outcome became public, if none is given; None if nothing tells it.

    That is the day on which it *happened*, or the later day on which the first evidence was published. For ambiguous
    and annulled it is today, the day of recording.
    """
    if happened is not None:
        first = first_published(desk, because)
        published = period_published(first) if first else None
        return max(happened, published.first) if published and published.exact else happened
    return desk.today if outcome in UNDECIDED else None


def source_named(desk: Desk, name: object) -> str:
    """Return the slug of the source with this slug, or this only beginning of one; NotFound if there is none."""
    looked_up_before = isinstance(name, str) and name in desk.writing.beginnings[Source.noun]
    return str(name) if looked_up_before else the_slug(desk.store, Source, name)


def _happened(desk: Desk, claim: Claim, said: date | str, known: date | None) -> tuple[date | None, date | None]:
    """Read the day on which it happened, or for a claim that asks on which day, also a month or year.

    In a month or year only those days count that lie in the window and not after the day on which it was *known*.

    Returns:
        The first and the last day on which it may have happened; None and the day if it is a single one.
    """
    if isinstance(said, str):
        iso_text = check_field("happened_on", iso_span, said) or said
        if claim.type is ClaimType.DATE:
            said = iso_text
            if in_english(said):
                check_field("happened_on", read_period, said)  # raises, and says how a month is written here
        elif MONTH_OR_YEAR.fullmatch(iso_text):
            raise InvalidValue(f"happened_on: {iso_text} is no day; say the day, or known_on=DAY if only that is known")
    if isinstance(said, str) and MONTH_OR_YEAR.fullmatch(said):
        period = check_field("happened_on", read_period, said)
        not_to_come("happened_on", period.first, desk.now)
        check_window(claim, period, f"in {said}")
        first, last = max(period.first, claim.opens_on), min(period.last, claim.deadline, known or desk.today)
        if last < first:
            raise InvalidValue(f"known on {last}, before it happened, {first} or later")
        return (first, last) if first != last else (None, last)
    day = check_field("happened_on", whole_day, said)
    not_to_come("happened_on", day, desk.now)
    return None, day


def _why_lapsed(snapshot: Snapshot, claim: Claim, *, again: bool) -> str | None:
    """Return the reason of a verdict by default: the claim lapsed, and what was on file then.

    If verdicts are on file, it is the reason of the last lapse among them, to be recognized as the same; None if they
    are others, for a person must give the reason to replace them. *again* ignores them. Raises InvalidValue if the
    evidence on file meets the claim.
    """
    reasons = [str(verdict.reason) for verdict in verdicts_on(snapshot, claim) if not again]
    if reasons:
        return next((reason for reason in reversed(reasons) if reason.startswith(LAPSED)), None)
    counted = tally(snapshot, claim)
    # Also if it is met provisionally only: a no by default must not overrule evidence that nobody has looked at.
    if counted.perhaps:
        raise InvalidValue(
            f"{claim.slug} does not lapse: the evidence on file makes it {counted.noted}; "
            "resolve it yes, or say why it is a no all the same: reason="
        )
    on_file = "" if counted.as_whole else f"{counted.noted} on file; "
    return f"{LAPSED}{on_file}settle day {settle_on(claim)}"


def _decided_already(resolution: Resolution, earlier: Sequence[Resolution], *, dated: bool) -> Resolution | None:
    """Return the verdict that stands if it, or an *earlier* one that it replaced, has the same content; else None.

    Then nothing is to be recorded. If it was replaced, a *dated* verdict is taken for a rerun, with a warning; one
    without a day may be a change of mind, and raises Conflict. Dissents are compared with dissents only.
    """
    comparable = [verdict for verdict in earlier if bool(verdict.dissent) == bool(resolution.dissent)]
    same = [verdict for verdict in comparable if _fields(verdict) == _fields(resolution)]
    if not same:
        return None
    latest_same, standing = same[-1], comparable[-1]
    if latest_same is not standing:
        if not dated:
            raise Conflict(
                f"{resolution.claim} was resolved {latest_same.said} before, and {standing.said} since; say again=True "
                "if it is meant anew, or known_on= the day it belongs to"
            )
        warn(
            f"nothing was written: resolution {latest_same.number} said so and was since replaced by number "
            f"{standing.number} ({standing.said}); to decide the same again, again=True"
        )
    return standing


def _fields(resolution: Resolution) -> dict[str, object]:
    """Return the content of a verdict without its number."""
    return {name: value for name, value in said_content(resolution).items() if name != "number"}
