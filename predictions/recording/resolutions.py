"""What `resolve` records, and when a verdict may not be given yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from predictions.dates import Period, read_period
from predictions.enums import Bears, ClaimType, Outcome, SourceKind
from predictions.errors import Conflict, InvalidValue, TooEarly, check_field, warn
from predictions.fits import UNDECIDED, check_fits
from predictions.horizons import iso_span
from predictions.recording.enter import Desk, build, content, enter, the_slug
from predictions.recording.evidence import evidence_named
from predictions.recording.forecasts import not_later
from predictions.recording.outcomes import read_verdict
from predictions.recording.revisions import not_to_come
from predictions.records import Claim, Evidence, Resolution, Source
from predictions.snapshot import Snapshot
from predictions.status import early_no, no_from, outcome_of, settle_on
from predictions.tally.answered import answered_before
from predictions.tally.tally import kleene, tally
from predictions.timestamps import read_moment, spoken_moment

LAPSED = "lapsed: "
MONTH_OR_YEAR = re.compile(r"\d{4}(-\d{2})?", re.ASCII)


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
    return decide(desk, snapshot, record, resolution)


def worded(desk: Desk, snapshot: Snapshot, claim: Claim, said: Said) -> Resolution:
    """Return the verdict with its days filled in, under the next number; it is not held against others yet."""
    came_out = read_verdict(claim, said.outcome)
    word = came_out.outcome
    since, happened = _happened(desk, claim, came_out.happened_on or said.happened_on)
    known, known_at = (None, None) if said.known_on is None else not_later(desk, said.known_on, "known_on")
    if said.known_at is not None:
        told, known_at = known_at, check_field("known_at", read_moment, said.known_at)
        not_to_come("known_at", known_at, desk.now)
        if told not in {None, known_at}:
            raise InvalidValue(f"known_on {spoken_moment(told)} and known_at {spoken_moment(known_at)} differ; say one")
        known = known or known_at.date()
    reason = said.reason
    published_in = None if said.published_in is None else _source_named(desk, said.published_in)
    if word is Outcome.NO and not said.impossible and desk.today >= settle_on(claim):
        known = known or settle_on(claim)
        reason = reason or _why_lapsed(snapshot, claim, again=said.again)
    bears = {Outcome.YES: Bears.SUPPORTS, Outcome.NO: Bears.OPPOSES}.get(word, Bears.CONTEXT)
    because = evidence_named(desk, said.because, claim, bears)
    if known is None and happened is not None:
        first = _first_published(desk, because)
        known = max(happened, _published(first).first) if first and _published(first).exact else happened
    if known is None and word in UNDECIDED:  # known from the day it is decided, unless another is said
        known = desk.today
    if known is None:
        if word is Outcome.NO and not said.impossible:
            _check_no(desk, claim, None, published_in)
        late = "known_on=DAY, the day on which it became public that yes can no longer come"
        ways = late if word is Outcome.NO else "happened_on=DAY, or known_on=DAY if only that is known"
        raise InvalidValue(f"when? say {ways}")
    numbers = [item.record.number for item in snapshot.resolutions_of(claim)]  # a redacted copy may lack some
    return build(
        Resolution,
        {
            "claim": claim.slug, "number": max(numbers, default=0) + 1, "recorded_by": desk.me,
            **came_out._asdict(), "happened_from": since, "happened_on": happened, "known_on": known,
            "known_at": known_at,
            "published_in": published_in, "reason": reason,
            "impossible": said.impossible or None, "dissent": said.dissent or None,
            "because": because,
            "decided_by": desk.me if said.decided_by is None else said.decided_by,
        },
    )  # fmt: skip


def _source_named(desk: Desk, name: object) -> str:
    """Return the slug of the source that is meant; one that was looked up in this transaction is known."""
    known = isinstance(name, str) and name in desk.writing.beginnings[Source.noun]
    return str(name) if known else the_slug(desk.store, Source, name)


def _happened(desk: Desk, claim: Claim, said: date | str | None) -> tuple[date | None, date | None]:
    """Read the day on which it happened; of a claim that asks on which day, the month or year may be all that is known.

    Returns:
        The first day on which it may have happened, where that is not the same, and the last.
    """
    if said is None:
        return None, None
    if claim.type is ClaimType.DATE and isinstance(said, str):
        said = check_field("happened_on", iso_span, said) or said
    if claim.type is ClaimType.DATE and isinstance(said, str) and MONTH_OR_YEAR.fullmatch(said):
        period = check_field("happened_on", read_period, said)
        not_to_come("happened_on", period.first, desk.now)
        first, last = max(period.first, claim.opens_on), min(period.last, claim.deadline, desk.today)
        return (first, last) if first != last else (None, last)
    return None, not_later(desk, said, "happened_on")[0]


def decide(desk: Desk, snapshot: Snapshot, claim: Claim, resolution: Resolution) -> Resolution:
    """Hold a verdict against the claim's terms and what was decided before, and enter it."""
    check(desk, snapshot, claim, resolution)
    return enter(desk, resolution)


def _why_lapsed(snapshot: Snapshot, claim: Claim, *, again: bool) -> str | None:
    """Say what was on file when it lapsed, as was said then; InvalidValue where that meets the claim.

    None where another verdict stands: to replace it needs a person's reason.
    """
    said = [str(item.record.reason) for item in snapshot.resolutions_of(claim) if not again]
    if said:
        return next((reason for reason in reversed(said) if reason.startswith(LAPSED)), None)
    made_of = tally(snapshot, claim)
    if made_of.perhaps:
        raise InvalidValue(
            f"{claim.slug} does not lapse: the evidence on file makes it {made_of.noted}; "
            "resolve it yes, or say why it is a no all the same: reason="
        )
    return f"{LAPSED}{made_of.noted} on file; settle day {settle_on(claim)}"


def _decided_already(resolution: Resolution, earlier: Sequence[Resolution], *, dated: bool) -> Resolution | None:
    """Return the verdict that stands, where it or an earlier one says the same: there is nothing to write."""
    side = [one for one in earlier if bool(one.dissent) == bool(resolution.dissent)]
    same = [one for one in side if _fields(one) == _fields(resolution)]
    if not same:
        return None
    standing = side[-1]
    if same[-1] is not standing:
        if not dated:
            raise Conflict(
                f"resolution {same[-1].number} of {resolution.claim} said {same[-1].said} before, and number "
                f"{standing.number} has since replaced it with {standing.said}; to decide the same again, again=True; "
                "if it belongs to a day, known_on="
            )
        warn(
            f"nothing was written: resolution {same[-1].number} said so and was since replaced by number "
            f"{standing.number} ({standing.said}); to decide the same again, again=True"
        )
    return standing


def _check_no(desk: Desk, claim: Claim, known: date | None, published_in: str | None) -> None:
    """TooEarly for a no before the settle day, unless the platform that asked has resolved its own question."""
    due = desk.today >= settle_on(claim)
    if due and (known is None or known > claim.deadline):
        return
    slug, kind = desk.store.source_of(claim.slug)
    if kind == SourceKind.PLATFORM and slug == published_in:
        return
    source = desk.store.revisions(Source, slug=slug)[-1]
    ways = early_no(source, gone="impossible=True", told="published_in={}")
    if due:
        raise TooEarly(
            f"known_on {known} lies in the window of {claim.slug}, which runs to {claim.deadline}: "
            f"say a day after that, or leave it out; a no that was known before it was over takes {ways}"
        )
    raise TooEarly(
        f"{claim.slug} runs to {claim.deadline} and reports may come until {settle_on(claim)}; {no_from(claim, ways)}"
    )


class WrongDay(InvalidValue):
    """A ``known_on`` that evidence contradicts; verdicts with one *cause* may be told together."""

    def __init__(self, sentence: str, cause: str) -> None:
        super().__init__(sentence)
        self.cause = cause


def check(desk: Desk, snapshot: Snapshot, claim: Claim, resolution: Resolution) -> None:
    """Refuse a verdict that has no reason, comes too early, or contradicts the claim's own terms."""
    check_fits(claim, resolution)
    earlier = [item.record for item in snapshot.resolutions_of(claim)]
    outcome, known = resolution.outcome, resolution.known_on
    if earlier and not resolution.reason:
        raise Conflict(f"{claim.slug} is resolved already: {earlier[-1].said}; a new verdict needs its reason: reason=")
    if not resolution.reason and not _says_what_happened(resolution):
        raise InvalidValue(
            f"say why {claim.slug} is {resolution.said}: reason=" + (" or because=" if outcome is Outcome.YES else "")
        )
    if outcome is Outcome.NO and not resolution.impossible:
        _check_no(desk, claim, known, resolution.published_in)
    if resolution.impossible and outcome is not Outcome.NO:
        raise InvalidValue("only a no can be given because the claim became impossible")
    if resolution.happened_on and not claim.opens_on <= resolution.happened_on <= claim.deadline:
        early = resolution.happened_on < claim.opens_on
        way_out = (
            "before it opened: what had come true by then was no question any more; annul it, or say another day"
            if early else "after it closed: it did not come true in time; resolve it no, or say another day"
        )  # fmt: skip
        raise InvalidValue(
            f"it happened on {resolution.happened_on}, outside the window of {claim.slug}, "
            f"{claim.opens_on} to {claim.deadline}, {way_out}"
        )
    _check_tree(snapshot, claim, resolution)
    _check_opened(claim, resolution)
    _check_known(desk, snapshot, claim, resolution)


def _check_opened(claim: Claim, resolution: Resolution) -> None:
    """An answer that was public before the window opened would leave no forecast to score."""
    if resolution.known_on >= claim.opens_on:
        return
    early = f"known_on {resolution.known_on} lies before the window of {claim.slug}, which opens {claim.opens_on}"
    if resolution.truth is not None:
        raise InvalidValue(f"{early}: what was decided by then was no question any more; annul it, or say another day")
    warn(f"{early}; it is kept as it is")


def _check_known(desk: Desk, snapshot: Snapshot, claim: Claim, resolution: Resolution) -> None:
    """Refuse a day before what the verdict rests on was published, or, without a reason, after a yes was on file."""
    known = resolution.known_on
    lapsed = resolution.outcome is Outcome.NO and not resolution.impossible and known >= settle_on(claim)
    first = None if lapsed else _first_published(desk, resolution.because)
    if first and known < _published(first).first:
        raise WrongDay(
            f"known_on {known} lies before {first.slug} was published, {first.published}; say the day on which it "
            f"became public how {claim.slug} came out, or evidence of that day: because=",
            "before",
        )
    answer = None if resolution.reason else answered_before(snapshot, claim, resolution)
    if answer:
        raise WrongDay(
            f"known_on {known} lies after {answer.evidence} made {claim.slug} a yes, {answer.day}; "
            f"say known_on={answer.day}, or why it was not public then: reason=",
            "after",
        )


def _first_published(desk: Desk, slugs: Sequence[str]) -> Evidence | None:
    """Find which evidence was published first; None where of none of it is told when."""
    evidence = [desk.store.revisions(Evidence, slug=slug)[-1] for slug in slugs]
    return min((one for one in evidence if one.published), key=lambda one: _published(one).first, default=None)


def _published(evidence: Evidence) -> Period:
    return read_period(str(evidence.published))


def _says_what_happened(resolution: Resolution) -> bool:
    """Tell whether a verdict names a fact that anybody can look up; what was judged needs its reason."""
    if resolution.outcome is Outcome.YES:
        return bool(resolution.because) or resolution.happened_on is not None
    return resolution.outcome in {Outcome.OPTION, Outcome.VALUE}


def _check_tree(snapshot: Snapshot, claim: Claim, resolution: Resolution) -> None:
    if resolution.outcome is Outcome.FRACTION:
        trees = snapshot.trees_over(claim)
        if claim.parts or trees:
            whole = "a tree" if claim.parts else f"a part of {trees[0].slug}"
            raise InvalidValue(f"a fraction is refused for {claim.slug}: it is {whole}")
    if not claim.parts or resolution.outcome is Outcome.ANNULLED or resolution.dissent:
        return
    outcomes = [outcome_of(snapshot, snapshot.find(Claim, part)) for part in claim.parts]
    made = kleene(claim.type, outcomes)
    if made is not resolution.outcome:
        parts = ", ".join(f"{part} {outcome or 'open'}" for part, outcome in zip(claim.parts, outcomes, strict=True))
        raise TooEarly(
            f"the parts of {claim.slug} make it {made or 'open'}, not {resolution.outcome} ({parts}); resolve those"
        )


def _fields(resolution: Resolution) -> dict[str, object]:
    return {name: value for name, value in content(resolution).items() if name != "number"}
