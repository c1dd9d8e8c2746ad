"""Where a ledger stands, in one line: how many statements there are, and what comes next."""

from __future__ import annotations

from predictions.numerals import counted
from predictions.records import Claim, Resolution
from predictions.snapshot import Snapshot
from predictions.snapshot_cache import Asked
from predictions.status import Status, status

NEEDED = Asked(kinds=(Claim, Resolution))  # what the line is made of


def ledger_line(snapshot: Snapshot) -> str:
    """Say how many statements there are, and how many are due, else which close next."""
    scored = [claim for claim in snapshot.all(Claim) if claim.scored]
    statuses = {claim.slug: status(snapshot, claim) for claim in scored}
    due = sum(value in {Status.DUE, Status.OVERDUE} for value in statuses.values())
    deadlines = [claim.deadline for claim in scored if statuses[claim.slug] is Status.OPEN]
    parts = [counted(len({claim.statement for claim in scored}), "statement") if scored else "empty"]
    if due:
        parts.append(f"{due:,} due")
    elif deadlines:
        next_on = min(deadlines)
        closing = deadlines.count(next_on)
        parts.append(f"{closing:,} {'closes' if closing == 1 else 'close'} {next_on}")
    if snapshot.lacks:
        parts.append(snapshot.lacks.line)
    return ", ".join(parts)
