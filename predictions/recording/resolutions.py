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
UNDATED = {  # what to say of a verdict whose day nothing tells; of the others, when it happened
    Outcome.NO: "known_on=DAY, the day on which it became public that yes can no longer come",
    **dict.fromkeys((Outcome.OPTION, Outcome.VALUE), "known_on=DAY, the day on which it became public"),
}


class Said(NamedTuple):
    """What is said of how a claim came out, as it was given."""

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
    """Record a verdict, unless the very same was given before; TooEarly where it cannot be given yet.

    Raises Conflict where another stands and no reason is given, and where the same was given before, since
    replaced, and no day is named: with its day the one that stands comes back, with a warning.
    """
    record = snapshot.find(Claim, claim)
    resolution = worded(desk, snapshot, record, said)
    if not said.again:
        earlier = [item.record for item in snapshot.resolutions_of(record)]
        dated = said.happened_on is not None or said.known_on is not None
        if kept := _decided_already(resolution, earlier, dated=dated):
            return kept
    check_verdict(desk, snapshot, record, resolution)
    return enter(desk, resolution)


def worded(desk: Desk, snapshot: Snapshot, claim: Claim, said: Said) -> Resolution:
    """Return the verdict with its days filled in, under the next number; it is not held against others yet."""
    came_out = read_verdict(claim, said.outcome)
    word = came_out.outcome
    known, known_at = _known_when(desk, said)
    days = [_happened(desk, claim, day, known) for day in (came_out.happened_on, said.happened_on) if day is not None]
    if len({*days}) > 1:
        raise InvalidValue(f"outcome {said.outcome} and happened_on {said.happened_on} are two days; say one of them")
    since, happened = days[0] if days else (None, None)
    reason = said.reason
    published_in = None if said.published_in is None else source_named(desk, said.published_in)
    # The lapse. It is known on the settle day, not on the day somebody came to type it, which would be a free choice.
    if word is Outcome.NO and not said.impossible and desk.today >= settle_on(claim):
        known = known or settle_on(claim)
        reason = reason or _why_lapsed(snapshot, claim, again=said.again)
    bears = {Outcome.YES: Bears.SUPPORTS, Outcome.NO: Bears.OPPOSES}.get(word, Bears.CONTEXT)
    because = evidence_named(desk, said.because, claim, bears)
    known = known or _known_from(desk, word, happened, because)
    if known is None:
        if word is Outcome.NO and not said.impossible:
            check_no(desk, claim, None, published_in)
        raise InvalidValue(_undated(snapshot, claim, word, reason))
    numbers = [item.record.number for item in snapshot.resolutions_of(claim)]  # a redacted copy may lack some
    return build(
        Resolution,
        {
            "claim": claim.slug, "number": max(numbers, default=0) + 1, "recorded_by": desk.me,
            **came_out._asdict(), "happened_from": since, "happened_on": happened, "known_on": known,
            "known_at": known_at, "published_in": published_in, "reason": reason, "because": because,
            "impossible": said.impossible or None, "dissent": said.dissent or None,
            "decided_by": desk.me if said.decided_by is None else said.decided_by,
        },
    )  # fmt: skip


def _undated(snapshot: Snapshot, claim: Claim, outcome: Outcome, reason: str | None) -> str:
    """Ask for the day of a verdict, and where another stands for its *reason*, if none was given."""
    on_a_day = outcome is Outcome.YES and claim.type is ClaimType.DATE
    else_known = "the month if no more is known" if on_a_day else "known_on=DAY if only that is known"
    ways = UNDATED.get(outcome, f"happened_on=DAY, or {else_known}")
    if not (stands := verdicts_on(snapshot, claim)):
        return f"when? say {ways}"
    needs = "its day" if reason else "reason= and its day"
    return f"{claim.slug} is resolved already: {stands[-1].said}; a new verdict needs {needs}: {ways}"


def _known_when(desk: Desk, said: Said) -> tuple[date | None, datetime | None]:
    """Read the day, and the moment if one was given, on which the outcome became public."""
    known, moment = (None, None) if said.known_on is None else not_later(desk, said.known_on, "known_on")
    if said.known_at is None:
        return known, moment
    known_at = check_field("known_at", read_moment, said.known_at)
    not_to_come("known_at", known_at, desk.now)
    if moment not in {None, known_at}:
        raise InvalidValue(f"known_on {spoken_moment(moment)} and known_at {spoken_moment(known_at)} differ; say one")
    return known or known_at.date(), known_at


def _known_from(desk: Desk, outcome: Outcome, happened: date | None, because: Sequence[str]) -> date | None:
    """Return the day on which the outcome became public, where nobody says it; None where nothing tells it.

    That is the day on which it happened, or a later one on which the first evidence was published. What nothing
    decides is known from the day on which it is recorded.
    """
    if happened is not None:
        first = first_published(desk, because)
        published = period_published(first) if first else None
        return max(happened, published.first) if published and published.exact else happened
    return desk.today if outcome in UNDECIDED else None


def source_named(desk: Desk, name: object) -> str:
    """Return the slug of the source that is meant; one that was looked up in this transaction is known."""
    known = isinstance(name, str) and name in desk.writing.beginnings[Source.noun]
    return str(name) if known else the_slug(desk.store, Source, name)


def _happened(desk: Desk, claim: Claim, said: date | str, known: date | None) -> tuple[date | None, date | None]:
    """Read the day on which it happened; of a claim that asks on which day, the month or year may be all that is known.

    Of that only the days count that lie in the window, and not after the day on which it was *known*.

    Returns:
        The first day on which it may have happened, where that is not the same, and the last.
    """
    if isinstance(said, str):
        named = check_field("happened_on", iso_span, said) or said
        if claim.type is ClaimType.DATE:
            said = named
            if in_english(said):
                check_field("happened_on", read_period, said)  # which says how a month is written here
        elif MONTH_OR_YEAR.fullmatch(named):
            raise InvalidValue(f"happened_on: {named} is no day; say the day, or known_on=DAY if only that is known")
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
    """Say what was on file when it lapsed, as was said then; InvalidValue where that meets the claim.

    None where another verdict stands: to replace it needs a person's reason.
    """
    said = [str(verdict.reason) for verdict in verdicts_on(snapshot, claim) if not again]
    if said:
        return next((reason for reason in reversed(said) if reason.startswith(LAPSED)), None)
    made_of = tally(snapshot, claim)
    # Also where it is only provisionally met: a no by default must not overrule evidence that nobody has looked at.
    if made_of.perhaps:
        raise InvalidValue(
            f"{claim.slug} does not lapse: the evidence on file makes it {made_of.noted}; "
            "resolve it yes, or say why it is a no all the same: reason="
        )
    on_file = "" if made_of.as_whole else f"{made_of.noted} on file; "
    return f"{LAPSED}{on_file}settle day {settle_on(claim)}"


def _decided_already(resolution: Resolution, earlier: Sequence[Resolution], *, dated: bool) -> Resolution | None:
    """Return the verdict that stands, where it or an earlier one says the same: there is nothing to write."""
    side = [verdict for verdict in earlier if bool(verdict.dissent) == bool(resolution.dissent)]
    same = [verdict for verdict in side if _fields(verdict) == _fields(resolution)]
    if not same:
        return None
    standing = side[-1]
    if same[-1] is not standing:
        if not dated:
            raise Conflict(
                f"{resolution.claim} was resolved {same[-1].said} before, and {standing.said} since; say again=True if "
                "it is meant anew, or known_on= the day it belongs to"
            )
        warn(
            f"nothing was written: resolution {same[-1].number} said so and was since replaced by number "
            f"{standing.number} ({standing.said}); to decide the same again, again=True"
        )
    return standing


def _fields(resolution: Resolution) -> dict[str, object]:
    return {name: value for name, value in said_content(resolution).items() if name != "number"}
