"""Lay out the tables of a card on claims of other types than yes or no, and the skill over all types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from predictions.numerals import counted
from predictions.render.blocks import Block, Hint, Paragraph
from predictions.scoring.leaderboard.pooled_skill import PooledSkill
from predictions.scoring.pool import Pool
from predictions.views.scorecard.screen import ShortCard
from predictions.views.scorecard.type_scores import TypeScores, pooled_table


def type_tables(
    types: Sequence[TypeScores], pooled: Sequence[PooledSkill], short: ShortCard, pool: Pool | None
) -> Iterator[Block]:
    """Yield the means on claims of each type, then the skill over every type, then the caveats about them.

    Args:
        types: The scores on the claims of each type.
        pooled: The skill over every type; empty if all claims are yes or no.
        short: The short card, for names and caveats.
        pool: The series of every type, to show the bounds over time and the calibration, too; None to leave them out.
    """
    top = short.top
    for scores in types:
        yield from (Paragraph(""), *scores.of_first(top).blocks(short.names, short.caveats.letters, pool))
        yield from _more_forecasters(len(scores.records) - top, len(scores.records))
    if pooled:
        letters = {record.forecaster.slug: short.caveats.letters(record) for record in short.every_type.listed}
        yield from (Paragraph(""), pooled_table(pooled[:top], short.names, letters))
        yield from _more_forecasters(len(pooled) - top, len(pooled))
    yield from (Paragraph(caveat.mark + caveat.in_full, 0, 2) for caveat in short.caveats.others)


def without_yes_or_no(short: ShortCard, tables: Iterable[Block]) -> Iterator[Block]:
    """Yield the short card of claims none of which is yes or no, so that it has no Brier scores; *tables* come last."""
    yield from (Paragraph(""), *short.near, Paragraph(""), *short.ranking(), *tables)


def _more_forecasters(left_out: int, everybody: int) -> Iterator[Block]:
    """Yield the hint at forecasters that a table leaves out; nothing if it shows everybody."""
    if left_out > 0:
        more = counted(left_out, "more forecaster")
        yield Hint(f"{more}: --top {everybody}", f"{more}: top={everybody}", 2)
