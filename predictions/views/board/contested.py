"""Mark on the board that somebody says otherwise than a verdict."""

from __future__ import annotations

from predictions.dissents import who_dissents
from predictions.numerals import some_of
from predictions.records import Claim
from predictions.snapshot import Snapshot
from predictions.views.outcome_text import outcome_said

MOST_WHO_DISSENT = 2  # names below a row


def who_contests(snapshot: Snapshot, claim: Claim) -> str:
    """Return the dissents from the verdict on a claim, such as "Ann says no"; "" if there are none."""
    dissents = [f"{who_dissents(dissent)} says {outcome_said(dissent, claim)}" for dissent in snapshot.dissents(claim)]
    return some_of(dissents, MOST_WHO_DISSENT)
