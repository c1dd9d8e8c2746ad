"""Mark on the board that somebody says otherwise than a verdict."""

from __future__ import annotations

from predictions.dissents import who_dissents
from predictions.numerals import some_of
from predictions.records import Claim
from predictions.snapshot import Snapshot
from predictions.views.outcome_text import outcome_said

MOST_WHO_DISSENT = 2  # named below a row


def who_contests(snapshot: Snapshot, claim: Claim) -> str:
    """Say who says what instead of the verdict on a claim; empty where nobody does."""
    told = [f"{who_dissents(one)} says {outcome_said(one, claim)}" for one in snapshot.dissents(claim)]
    return some_of(told, MOST_WHO_DISSENT)
