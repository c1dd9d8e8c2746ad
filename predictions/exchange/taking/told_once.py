"""Report only once how a question that was put onto a claim differs from it: no command takes that over."""

from __future__ import annotations

from collections.abc import Iterator

from predictions.exchange.taking.changes import Change
from predictions.fields import TEXT_LIMIT
from predictions.recording.enter import Desk, correct, known_as
from predictions.records import Claim


def told_once(desk: Desk, question: str, about: str, change: Change, claim: Claim) -> Iterator[Change]:
    """Yield a change and note it on its claim; yield nothing if the claim's notes have it already.

    Args:
        desk: The open transaction.
        question: The slug under which the platform asks the claim.
        about: Which part of the question differs; an earlier note on the same part is replaced.
        change: The difference.
        claim: The claim, in any revision.
    """
    notes = str(vars(known_as(desk, claim)[-1])["notes"] or "").splitlines()
    prefix = f"{question}, {about}: "
    line = f"{prefix}{change.what}"
    if line in notes:
        return
    yield change
    new_notes = "\n".join([*(note for note in notes if not note.startswith(prefix)), line])
    if len(new_notes) <= TEXT_LIMIT:
        correct(desk, claim, {"notes": new_notes}, reason=f"told of {question}")
