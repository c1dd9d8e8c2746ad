"""Doubts about a verdict: its parts came out differently, its evidence was retracted, or the answer was public before.

The verdict stands until somebody resolves the claim again; it is shown with its doubts.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from predictions.dates import read_period
from predictions.enums import Bears, ClaimType, Outcome
from predictions.errors import InvalidValue, NotFound
from predictions.recorded import EvidenceItem
from predictions.records import Claim, Evidence, Resolution
from predictions.snapshot import Snapshot
from predictions.status import outcome_of
from predictions.tally.tally import by_events, kleene


class Doubt(StrEnum):
    """A reason to doubt a verdict."""

    PARTS = "verdict contradicted by its parts"
    RETRACTED = "rests on retracted evidence"
    EARLIER = "public earlier by the evidence on file"


def doubts(snapshot: Snapshot, claim: Claim) -> dict[Doubt, str]:
    """Return the doubts about the present verdict, each with its sentence; empty if there is no verdict."""
    verdict = snapshot.verdict(claim)
    # The outcome differs from the verdict if the claim is conditional on one that came out no, which annuls it.
    if verdict is None or outcome_of(snapshot, claim) is not verdict.outcome:
        return {}
    sentences = {}
    if claim.parts and verdict.outcome is not Outcome.ANNULLED:
        made = made_by_parts(snapshot, claim)
        if made != verdict.outcome:
            sentences[Doubt.PARTS] = f"its verdict {verdict.said}, but the parts now {_made_it(made)}"
    if retracted := [slug for slug in verdict.because if _retracted(snapshot, slug)]:
        sentences[Doubt.RETRACTED] = (
            f"its verdict {verdict.said} rests on evidence since retracted: {', '.join(retracted)}"
        )
    if answer := answered_before(snapshot, claim, verdict):
        verdict_line = f"its verdict yes is known {verdict.known}"
        sentences[Doubt.EARLIER] = f"{verdict_line}, but {answer.evidence} made it one {answer.day}"
    return sentences


def _made_it(outcome: Outcome | None) -> str:
    return f"make it {outcome}" if outcome else "leave it open"


def made_by_parts(snapshot: Snapshot, claim: Claim) -> Outcome | None:
    """Return the verdict that follows from the verdicts on a tree's parts; None if none does, or it has no parts."""
    if not claim.parts:
        return None
    try:
        return kleene(claim.type, [outcome_of(snapshot, snapshot.find(Claim, part)) for part in claim.parts])
    except InvalidValue:  # a fraction, which only a merge can bring: no verdict follows from it
        return None


def _retracted(snapshot: Snapshot, slug: str) -> bool:
    """Return whether evidence is retracted, as of the snapshot."""
    try:
        return bool(snapshot.revisions(Evidence, slug)[-1].record.retracted)
    except NotFound:  # not in the snapshot: dated later than its day
        return False


class Answer(NamedTuple):
    """A day on which the evidence on file made a claim a yes.

    Attributes:
        day: The day.
        evidence: The slugs of the evidence of that day, with commas between.
    """

    day: date
    evidence: str


def answered_before(snapshot: Snapshot, claim: Claim, verdict: Resolution) -> Answer | None:
    """Find the day since which evidence on file made a claim a yes, if that is before the day its verdict names.

    None if it is not, for a verdict that is not yes, and for a tree, which its parts decide. Evidence that is dated by
    a month or year, and provisional events, prove nothing. No answer is before the window, or before it happened.
    """
    if verdict.outcome is not Outcome.YES or verdict.dissent or claim.parts:
        return None
    on_file = [item for item in snapshot.evidence_on(claim) if not item.evidence.retracted]
    supporting: list[tuple[date, EvidenceItem]] = []
    for item in on_file:
        public_on = _public_on(item)
        if item.bearing.bears is Bears.SUPPORTS and public_on is not None:
            supporting.append((public_on, item))
    earliest = max(claim.opens_on, verdict.happened_on or claim.opens_on)
    for public_on in sorted({day for day, _ in supporting if claim.type is ClaimType.EVENTS or day >= earliest}):
        answered_on = max(public_on, earliest)
        if answered_on >= verdict.known_on:
            return None
        if _is_yes(claim, on_file, [item for day, item in supporting if day <= public_on]):
            of_that_day = sorted(item.evidence.slug for day, item in supporting if day == public_on)
            return Answer(answered_on, ", ".join(of_that_day))
    return None


def _is_yes(claim: Claim, on_file: list[EvidenceItem], supporting: list[EvidenceItem]) -> bool:
    """Return whether some *supporting* evidence makes a claim a yes, together with all other evidence on file."""
    if claim.type is not ClaimType.EVENTS:
        return True
    not_supporting = [item for item in on_file if item.bearing.bears is not Bears.SUPPORTS]
    return by_events(claim, [*supporting, *not_supporting]).met


def _public_on(item: EvidenceItem) -> date | None:
    """Return the day on which evidence was public, not before its event; None if either has no exact day."""
    texts = [item.evidence.published, *([item.event.happened] if item.event else [])]
    periods = [read_period(text) for text in texts if text]
    are_exact = len(periods) == len(texts) and all(period.exact for period in periods)
    return max(period.first for period in periods) if are_exact else None
