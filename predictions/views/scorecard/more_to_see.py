"""Say below a card whom and what it does not show, and how to see the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictions.render.blocks import Hint
from predictions.scoring.score_columns import SCORES
from predictions.scoring.track_record import TrackRecord


def more_to_see(figure: str, whose: str | None) -> Iterator[Hint]:
    """Say how to see the rest, and the arithmetic of a figure.

    Args:
        figure: What the line explains.
        whose: Whose it is; empty where nobody need be named, None where nobody has one.
    """
    typed, python = "scorecard --full (log, leads, calibration, every claim)", "scorecard(full=True) (log, leads, "
    if whose == "":
        yield Hint(f"more: {typed}, explain {figure}", f'more: {python}calibration, claims), explain("{figure}")')
        return
    yield Hint(f"more: {typed}", f"more: {python}calibration, claims)")
    if whose:
        yield Hint(f"explain {figure} {whose}", f'explain("{figure}", "{whose}")', 6)


def all_of(records: Sequence[TrackRecord]) -> Hint:
    """Say how to see everybody."""
    return Hint(f"all: --top {len(records)}", f"all: top={len(records)}; forecasters() has them, too")


def marks_of(records: Sequence[TrackRecord], top: int, sort: str | None, *, everybody: bool) -> Iterator[str]:
    """Say who is left out of the tables below the *top* first, and that an order by a score is no ranking."""
    first = f"first by {SCORES[sort].label}" if sort else "with most statements" if everybody else "first named"
    if (left_out := len(records) - top) > 0:
        shown_are = f"the {top:,} {first} are" if top > 1 else f"the one {first} is"
        yield f"{shown_are} shown; {left_out:,} more {'are' if left_out > 1 else 'is'} left out"
    if sort and (beware := SCORES[sort].beware):
        yield f"in the order of {SCORES[sort].label}, which is no ranking: {beware}"
