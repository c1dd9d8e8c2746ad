"""Since when the evidence on file answers a claim with yes: the day on which the last piece it needs was published."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from predictions.dates import read_period
from predictions.enums import Bears, ClaimType, Outcome
from predictions.records import Claim, Resolution
from predictions.snapshot import EvidenceItem, Snapshot
from predictions.tally.tally import by_events


class Answer(NamedTuple):
    """A day on which the evidence on file made a claim a yes.

    Attributes:
        day: The day.
        evidence: The slugs of the evidence of that day, with commas between.
    """

    day: date
    evidence: str  # slugs, with commas between


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
