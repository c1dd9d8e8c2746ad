"""What a scorecard says that shows nobody."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import counted
from predictions.render.blocks import Block, Hint, Paragraph
from predictions.scoring.columns.filters import Filter
from predictions.scoring.track_record import TrackRecord
from predictions.views.scorecard.screen import EVERYBODY, ShortCard, all_of, taken_off_told


def nothing_blocks(card: ShortCard, asked: str, only: Filter, records: Sequence[TrackRecord]) -> list[Block]:
    """Say why a card shows nobody, and what a correction took off it."""
    off = [Paragraph(taken_off_told(card.taken_off))] if card.taken_off else []
    return [*_why_nobody(asked, only, records, card.unforecast), *off]


def _why_nobody(asked: str, only: Filter, records: Sequence[TrackRecord], unforecast: int) -> list[Block]:
    if records:
        left_out = counted(len(records), "forecaster is", "forecasters are")
        return [Paragraph(f"nobody is shown; {left_out} left out"), all_of(records)]
    if asked == "":
        return [Paragraph("nobody is named, so nobody is on this card")]
    if only and not unforecast:
        return [Paragraph(f"nothing on this card: no scored claim is of {only}")]
    if not only and asked not in EVERYBODY and ", " not in asked:
        told = f"{asked} gave no number on a scored claim; what they said:"
        return [Hint(f"{told} board --by {asked}", f'{told} ledger.board(by="{asked}")')]
    return [Paragraph("no forecast on a scored claim yet")]
