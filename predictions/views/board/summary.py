"""Sum up a ledger in a few lines: what it holds, what waits for a verdict, one's own skill, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from predictions.numerals import counted, figure, plural
from predictions.records import Claim, Resolution
from predictions.render.blocks import Block, Hint, Paragraph
from predictions.render.result import Result
from predictions.snapshot import Snapshot
from predictions.snapshot_cache import Asked
from predictions.status import LATE, Status, status
from predictions.views.board.board import board
from predictions.views.board.empty import empty_blocks
from predictions.views.due import STALE_AFTER, due

NEEDED = Asked(kinds=(Claim, Resolution))  # the records that ledger_line reads


@dataclass(frozen=True, repr=False)
class Summary(Result):
    """A ledger in three lines.

    Attributes:
        ledger: The name of its file.
        statements: How many statements have a scored claim.
        waiting: How many claims wait for a verdict.
        open: How many scored claims are open.
        settled: The number of settled statements that the reader's skill is the mean of; None if the reader is unknown.
        skill: The reader's skill over time; None if there are too few statements.
        stale: How many of the reader's forecasts on open claims are older than STALE_AFTER.
        is_empty: Whether nothing is recorded yet.
    """

    ledger: str
    statements: int
    waiting: int
    open: int
    settled: int | None
    skill: float | None
    stale: int
    is_empty: bool = field(repr=False)

    def blocks(self) -> Sequence[Block]:
        if self.is_empty:
            return empty_blocks(self.ledger)
        waiting = f"{self.waiting:,} {plural(self.waiting, 'waits', 'wait')} for a verdict"
        text = f"{self.ledger}: {counted(self.statements, 'statement')}, {waiting}, {self.open:,} open."
        return [Paragraph(f"{text}{self._mine}"), self._next]

    @property
    def _next(self) -> Hint:
        """What to look at next: claims that wait for a verdict, else the reader's old forecasts, else the board."""
        if not self.waiting and not self.stale:
            return Hint(
                "next: predictions board      then: scorecard, -h", "next: ledger.board(), ledger.scorecard()", 2
            )
        flag, argument = ("", "") if self.waiting else (" --stale", "stale=True")
        typed = f"next: predictions due{flag}"
        return Hint(
            f"{typed:<28} then: board, scorecard, -h",
            f"next: ledger.due({argument}), then ledger.board(), ledger.scorecard()",
            indent=2,
        )

    @property
    def _mine(self) -> str:
        """The reader's own figures as a sentence with a space before it; empty if there are none."""
        parts = []
        if self.settled:
            parts.append(f"{self.settled:,} settled")
        if self.skill is not None:
            parts.append(f"skill {figure(self.skill, sign=True)}")
        if self.stale:
            parts.append(f"{counted(self.stale, 'forecast')} older than {STALE_AFTER.days} days")
        return f" You: {', '.join(parts)}." if parts else ""


def summary(snapshot: Snapshot, *, ledger: str, settled: int | None, skill: float | None) -> Summary:
    """Sum up a ledger as of the snapshot.

    Args:
        snapshot: The records.
        ledger: The name of the ledger's file.
        settled: On how many settled statements the reader is scored; None without a reader who forecasts.
        skill: The reader's mean skill over time; None if it rests on too little.
    """
    full_board, waiting = board(snapshot), due(snapshot)
    return Summary(
        ledger=ledger,
        statements=sum(group.is_scored for group in full_board.groups),
        waiting=len(waiting),
        open=sum(status is Status.OPEN for status in full_board.stands.values()),
        settled=settled,
        skill=skill,
        stale=waiting.stale,
        is_empty=not full_board.groups,
    )


def ledger_line(snapshot: Snapshot) -> str:
    """Sum up a ledger in a few words: the number of statements, and how many are due or else close next."""
    scored = [claim for claim in snapshot.all(Claim) if claim.scored]
    statuses = {claim.slug: status(snapshot, claim) for claim in scored}
    due = sum(value in LATE for value in statuses.values())
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


def beginning(ledger: str) -> Summary:
    """Return the summary that shows how to begin a ledger whose file does not exist yet."""
    return Summary(ledger, 0, 0, 0, None, None, 0, is_empty=True)
