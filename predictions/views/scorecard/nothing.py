"""The scorecard that shows nobody, with the reason why."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import counted
from predictions.render.blocks import Block, Hint, Paragraph
from predictions.scoring.columns.filters import Filter
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.more_to_see import all_of
from predictions.views.scorecard.screen import EVERYBODY, ShortCard, taken_off_told


def nothing_blocks(card: ShortCard, asked: str, only: Filter, records: Sequence[TrackRecord]) -> list[Block]:
    """Return the reason why a card shows nobody, and which claims a correction took off it.

    Args:
        card: The card.
        asked: Whose records were asked for, in words; empty if the list of names was empty.
        only: The filter of the claims.
        records: The records that are not shown.
    """
    reason = _why_nobody(asked, only, records, card.unforecast)
    return [*reason, Paragraph(taken_off_told(card.taken_off))] if card.taken_off else reason


def _why_nobody(asked: str, only: Filter, records: Sequence[TrackRecord], unforecast: int) -> list[Block]:
    """Return the reason why nobody is shown; *unforecast* counts the scored claims that nobody has forecast."""
    if records:
        left_out = counted(len(records), "forecaster is", "forecasters are")
        return [Paragraph(f"nobody is shown; {left_out} left out"), all_of(records)]
    if asked == "":
        return [Paragraph("nobody is named, so nobody is on this card")]
    if only and not unforecast:
        return [Paragraph(f"nothing on this card: no scored claim is of {only}")]
    if not only and asked not in EVERYBODY and ", " not in asked:
        lead = f"{asked} gave no number on a scored claim; what they said:"
        return [Hint(f"{lead} board --by {asked}", f'{lead} ledger.board(by="{asked}")')]
    whose = "" if asked in EVERYBODY else f" by {asked}"
    return [Paragraph(f"no forecast{whose} on a scored claim{f' of {only}' if only else ''} yet")]
