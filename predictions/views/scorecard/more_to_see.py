"""The last lines of a card: whom it leaves out, and how to see more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from predictions.numerals import plural
from predictions.render.blocks import Hint
from predictions.scoring.score_columns import SCORES
from predictions.scoring.track_record import TrackRecord
from predictions.scoring.type_calibration import JUDGED
from predictions.views.scorecard.type_scores import TypeScores


def more_to_see(figure: str, whose: str | None, without: Sequence[TypeScores] = ()) -> Iterator[Hint]:
    """Yield the hints at the full card, and at the arithmetic of a figure.

    Args:
        figure: The figure to explain.
        whose: The slug of a forecaster who has it; "" if nobody need be named, None if nobody has it.
        without: The types of claim on a card without claims of yes or no.
    """
    parts = "log, leads, calibration, "
    if without:
        parts = "calibration, " if any(scores.kind in JUDGED for scores in without) else ""
    typed, python = f"scorecard --full ({parts}every claim)", f"scorecard(full=True) ({parts}claims)"
    if whose == "":
        yield Hint(f"more: {typed}, explain {figure}", f'more: {python}, explain("{figure}")')
        return
    yield Hint(f"more: {typed}", f"more: {python}")
    if whose:
        yield Hint(f"explain {figure} {whose}", f'explain("{figure}", "{whose}")', 6)


def all_of(records: Sequence[TrackRecord]) -> Hint:
    """Return the hint at how to see all forecasters."""
    return Hint(f"all: --top {len(records)}", f"all: top={len(records)}; forecasters() has them, too")


def marks_of(records: Sequence[TrackRecord], top: int, sort: str | None, *, everybody: bool) -> Iterator[str]:
    """Yield who is left out of the tables, which show the first *top*, and that an order by a score is no ranking.

    Args:
        records: Everybody's records, in the order of the card.
        top: How many are shown.
        sort: The score by which they are in order; None for the usual order.
        everybody: Whether the card is about everybody, and not about forecasters who were named.
    """
    usual_order = "with most statements" if everybody else "first named"
    first = f"first by {SCORES[sort].label}" if sort else usual_order
    if (left_out := len(records) - top) > 0:
        shown_are = f"the {top:,} {first} are" if top > 1 else f"the one {first} is"
        yield f"{shown_are} shown; {left_out:,} more {plural(left_out, 'is', 'are')} left out"
    if sort and (beware := SCORES[sort].beware):
        yield f"in the order of {SCORES[sort].label}, which is no ranking: {beware}"
