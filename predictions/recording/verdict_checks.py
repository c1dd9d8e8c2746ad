"""Why a verdict is refused: by the claim's terms, an earlier verdict, the evidence, or because it is too early."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from predictions.dates import Period, read_period
from predictions.enums import UNDECIDED, Outcome, SourceKind
from predictions.errors import Conflict, InvalidValue, TooEarly, warn
from predictions.fits import check_fits
from predictions.recording.enter import Desk
from predictions.records import Claim, Evidence, Resolution, Source
from predictions.snapshot import Snapshot
from predictions.status import early_no, no_from, outcome_of, settle_on
from predictions.storage.claim_queries import sources_of
from predictions.tally.doubts import answered_before
from predictions.tally.tally import kleene
from predictions.windows import window_told

DayOrText = TypeVar("DayOrText", date, str)  # a day, or its ISO text as columns hold it, which sorts alike


class WrongDay(InvalidValue):
    """A ``known_on`` that evidence contradicts; an import lists verdicts with the same *cause* together."""

    def __init__(self, sentence: str, cause: str) -> None:
        super().__init__(sentence)
        self.cause = cause


def check_verdict(desk: Desk, snapshot: Snapshot, claim: Claim, resolution: Resolution) -> None:
    """Refuse a verdict that has no reason, comes too early, or contradicts the claim's own terms."""
    check_fits(claim, resolution)
    outcome, known_on = resolution.outcome, resolution.known_on
    _check_beside(claim, resolution, verdicts_on(snapshot, claim))
    if outcome is Outcome.NO and not resolution.impossible:
        check_no(desk, claim, known_on, resolution.published_in)
    if not resolution.reason and not _says_what_happened(resolution):
        raise InvalidValue(
            f"say why {claim.slug} is {resolution.said}: reason=" + (" or because=" if outcome is Outcome.YES else "")
        )
    if resolution.impossible and outcome is not Outcome.NO:
        raise InvalidValue("only a no can be given because the claim became impossible")
    if resolution.happened_on:
        check_window(claim, read_period(resolution.happened_on), f"on {resolution.happened_on}")
    _check_tree(snapshot, claim, resolution)
    _check_opened(claim, resolution)
    _check_known(desk, snapshot, claim, resolution)


def verdicts_on(snapshot: Snapshot, claim: Claim) -> list[Resolution]:
    """List the verdicts on a claim, oldest first; each replaces the one before. Dissents are not among them."""
    return [item.record for item in snapshot.resolutions_of(claim) if not item.record.dissent]


def _check_beside(claim: Claim, resolution: Resolution, verdicts: Sequence[Resolution]) -> None:
    """Refuse a further verdict or a dissent without a reason, and a dissent if there is no verdict yet."""
    if resolution.dissent and not verdicts:
        raise Conflict(f"{claim.slug} has no verdict yet from which to dissent; leave dissent=True out")
    if verdicts and not resolution.reason:
        what = "a dissent" if resolution.dissent else "a new verdict"
        raise Conflict(f"{claim.slug} is resolved already: {verdicts[-1].said}; {what} needs its reason: reason=")


def check_no(desk: Desk, claim: Claim, known: date | None, published_in: str | None) -> None:
    """Refuse a no that comes before the settle day or was known before the window was over.

    Allowed is a no by the platform that asked, on its own question: it has closed it.

    Args:
        desk: The open transaction.
        claim: The claim.
        known: The day on which the no became public; None if not known.
        published_in: The slug of the source that published the verdict.

    Raises:
        TooEarly: With the ways in which an early no can be given.
    """
    due = desk.today >= settle_on(claim)
    if due and is_known_after(known, claim.deadline):
        return
    asking_source = sources_of(desk.store, [claim.slug])[claim.slug]
    if is_own_question(asking_source, published_in):
        return
    slug, _ = asking_source
    source = desk.store.revisions(Source, slug=slug)[-1]
    ways = early_no(source, gone="impossible=True", told="published_in={}")
    if due:
        raise TooEarly(
            f"known_on {known} lies in the window of {claim.slug}; say {claim.deadline + timedelta(days=1)} or later, "
            f"or leave it out; a no that was known before takes {ways}"
        )
    raise TooEarly(
        f"{claim.slug} runs to {claim.deadline} and reports may come until {settle_on(claim)}; {no_from(claim, ways)}"
    )


def is_known_after(known_on: DayOrText | None, deadline: DayOrText) -> bool:
    """Return whether a no became known only after the window was over; True if nobody says when."""
    return known_on is None or known_on > deadline


def is_own_question(asked: tuple[str, str], published_in: str | None) -> bool:
    """Return whether a verdict is by the platform that asked; *asked* is the slug and kind of the claim's source."""
    return asked == (published_in, SourceKind.PLATFORM)


def is_in_window(first: DayOrText, last: DayOrText, opens_on: DayOrText, deadline: DayOrText) -> bool:
    """Return whether any day from *first* to *last*, between which something happened, lies in the window."""
    return opens_on <= last and first <= deadline


def check_window(claim: Claim, happened: Period, when: str) -> None:
    """Refuse a day, month or year of the event that lies outside the window; *when* is how the message words it."""
    if is_in_window(happened.first, happened.last, claim.opens_on, claim.deadline):
        return
    early = happened.last < claim.opens_on
    side, way_out = ("before", "annul it") if early else ("after", "resolve it no")
    window = window_told(claim.opens_on, claim.deadline)
    raise InvalidValue(
        f"it happened {when}, {side} the window of {claim.slug}, {window}; {way_out}, or say another day"
    )


def _check_opened(claim: Claim, resolution: Resolution) -> None:
    """Refuse an answer that was public before the window opened: no forecast could be scored.

    Of a verdict that decides nothing it is a warning only.
    """
    if resolution.known_on >= claim.opens_on:
        return
    early = f"known_on {resolution.known_on} lies before the window of {claim.slug}, which opens {claim.opens_on}"
    if resolution.outcome not in UNDECIDED:
        raise InvalidValue(f"{early}; annul it, or say another day")
    warn(f"{early}; it is kept as it is")


def _check_known(desk: Desk, snapshot: Snapshot, claim: Claim, resolution: Resolution) -> None:
    """Refuse a `known_on` that the evidence contradicts.

    That is a day before its first evidence was published; or, if no reason is given, one after evidence on file had
    made the claim a yes.
    """
    known_on = resolution.known_on
    # A lapse rests on time alone: evidence named with it may well be younger than the settle day.
    lapsed = resolution.outcome is Outcome.NO and not resolution.impossible and known_on >= settle_on(claim)
    first = None if lapsed else first_published(desk, resolution.because)
    if first and known_on < period_published(first).first:
        raise WrongDay(
            f"known_on {known_on} lies before {first.slug} was published, {first.published}; say the day on which it "
            f"became public how {claim.slug} came out, or evidence of that day: because=",
            "before",
        )
    answer = None if resolution.reason else answered_before(snapshot, claim, resolution)
    if answer:
        raise WrongDay(
            f"known_on {known_on} lies after {answer.evidence} made {claim.slug} a yes, {answer.day}; "
            f"say known_on={answer.day}, or why it was not public then: reason=",
            "after",
        )


def first_published(desk: Desk, slugs: Sequence[str]) -> Evidence | None:
    """Return the evidence that was published first; None if no day is known for any of it."""
    evidence = [desk.store.revisions(Evidence, slug=slug)[-1] for slug in slugs]
    dated = (piece for piece in evidence if piece.published)
    return min(dated, key=lambda piece: period_published(piece).first, default=None)


def period_published(evidence: Evidence) -> Period:
    """Return the day, month or year in which evidence was published."""
    return read_period(str(evidence.published))


def _says_what_happened(resolution: Resolution) -> bool:
    """Return whether a verdict names a fact that anybody can look up; one that was judged needs its reason."""
    if resolution.outcome is Outcome.YES:
        return bool(resolution.because) or resolution.happened_on is not None
    return resolution.outcome in {Outcome.OPTION, Outcome.VALUE}


def _check_tree(snapshot: Snapshot, claim: Claim, resolution: Resolution) -> None:
    """Refuse a verdict on a tree other than its parts make, and a fraction for a tree or a part of one."""
    if resolution.outcome is Outcome.FRACTION:
        trees = snapshot.trees_over(claim)
        if claim.parts or trees:
            whole = "a tree" if claim.parts else f"a part of {trees[0].slug}"
            raise InvalidValue(f"a fraction is refused for {claim.slug}: it is {whole}")
    # A tree may lose its basis though its parts have not, and a dissent need not agree with anything.
    if not claim.parts or resolution.outcome is Outcome.ANNULLED or resolution.dissent:
        return
    outcomes = [outcome_of(snapshot, snapshot.find(Claim, part)) for part in claim.parts]
    made = kleene(claim.type, outcomes)
    if made is not resolution.outcome:
        parts = ", ".join(f"{part} {outcome or 'open'}" for part, outcome in zip(claim.parts, outcomes, strict=True))
        raise TooEarly(
            f"the parts of {claim.slug} make it {made or 'open'}, not {resolution.outcome} ({parts}); resolve those"
        )
