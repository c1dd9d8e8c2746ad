"""Doubts about a verdict: its parts came out otherwise, its evidence was retracted, or the answer was public before.

The verdict stands until somebody resolves the claim again; it is shown with its doubts.
"""

from __future__ import annotations

from enum import StrEnum

from predictions.enums import Outcome
from predictions.errors import InvalidValue, NotFound
from predictions.records import Claim, Evidence
from predictions.snapshot import Snapshot
from predictions.status import outcome_of
from predictions.tally.answered import answered_before
from predictions.tally.tally import kleene


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
