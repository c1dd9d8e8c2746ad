"""Doubts about a verdict: its parts came out otherwise, its evidence was retracted, or the answer was public before.

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
    """What speaks against a verdict."""

    PARTS = "verdict contradicted by its parts"
    RETRACTED = "rests on retracted evidence"
    EARLIER = "public earlier by the evidence on file"


def doubts(snapshot: Snapshot, claim: Claim) -> dict[Doubt, str]:
    """List the doubts about the verdict that stands, each with its sentence; none where there is no verdict."""
    verdict = snapshot.verdict(claim)
    if verdict is None or outcome_of(snapshot, claim) is not verdict.outcome:  # what it was given came out no
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
    """Return the verdict that the verdicts on a tree's parts make; None while it is open."""
    if not claim.parts:
        return None
    try:
        return kleene(claim.type, [outcome_of(snapshot, snapshot.find(Claim, part)) for part in claim.parts])
    except InvalidValue:  # a fraction, which came in by a merge: it makes no verdict
        return None


def _retracted(snapshot: Snapshot, slug: str) -> bool:
    try:
        return bool(snapshot.revisions(Evidence, slug)[-1].record.retracted)
    except NotFound:  # dated later than today
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
    """Find since when evidence on file made a claim a yes, if that is earlier than its verdict says; else None.

    Days known to the month or year only, provisional events, and what lies before the window or before the day on which
    it happened prove nothing. A tree is decided by its parts, and has no answer of its own.
    """
    if verdict.outcome is not Outcome.YES or verdict.dissent or claim.parts:
        return None
    on_file = [item for item in snapshot.evidence_on(claim) if not item.evidence.retracted]
    dated = [(day, item) for item in on_file if item.bearing.bears is Bears.SUPPORTS and (day := _public_on(item))]
    least = max(claim.opens_on, verdict.happened_on or claim.opens_on)
    for public_on in sorted({day for day, _ in dated if claim.type is ClaimType.EVENTS or day >= least}):
        day = max(public_on, least)
        if day >= verdict.known_on:
            return None
        if _is_yes(claim, on_file, [item for on, item in dated if on <= public_on]):
            return Answer(day, ", ".join(sorted(item.evidence.slug for on, item in dated if on == public_on)))
    return None


def _is_yes(claim: Claim, on_file: list[EvidenceItem], supporting: list[EvidenceItem]) -> bool:
    """Tell whether that much support makes a claim a yes, against all that speaks against it."""
    if claim.type is not ClaimType.EVENTS:
        return True
    others = [item for item in on_file if item.bearing.bears is not Bears.SUPPORTS]
    return by_events(claim, [*supporting, *others]).met


def _public_on(item: EvidenceItem) -> date | None:
    """Return the day on which evidence was public, not before its event; None where either is no exact day."""
    days = [item.evidence.published, *([item.event.happened] if item.event else [])]
    read = [read_period(text) for text in days if text]
    exact = len(read) == len(days) and all(period.exact for period in read)
    return max(period.first for period in read) if exact else None
