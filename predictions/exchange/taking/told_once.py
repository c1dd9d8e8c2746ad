"""What is told once of a question that was put onto a claim, for no line takes it over: the claim's notes keep it."""

from __future__ import annotations

from collections.abc import Iterator

from predictions.exchange.taking.changes import Change
from predictions.fields import TEXT_LIMIT
from predictions.recording.enter import Desk, correct, known_as
from predictions.records import Claim


def told_once(desk: Desk, question: str, about: str, change: Change, claim: Claim) -> Iterator[Change]:
    """Yield a change, unless the notes of its claim say the same of that already; then note it there.

    Args:
        desk: The open transaction.
        question: The slug under which the claim is asked on the platform.
        about: What of the question it is: an earlier note on the same gives way.
        change: What the file says otherwise.
        claim: The claim, as it was at any time.
    """
    notes = str(vars(known_as(desk, claim)[-1])["notes"] or "").splitlines()
    head = f"{question}, {about}: "
    line = f"{head}{change.what}"
    if line in notes:
        return
    yield change
    kept = "\n".join([*(note for note in notes if not note.startswith(head)), line])
    if len(kept) <= TEXT_LIMIT:
        correct(desk, claim, {"notes": kept}, reason=f"told of {question}")
