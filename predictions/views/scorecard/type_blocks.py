"""What a card shows of claims that are not yes or no: a table for each type, and the skill over every type."""

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
    """Yield the means on claims that are not yes or no, then the skill over every type, and what qualifies them.

    Args:
        types: The scores on the claims of each type.
        pooled: The skill over every type; empty on a card of yes or no alone.
        short: The card, which knows names and caveats.
        pool: The series of every type where the bounds over time and the calibration are shown too; else None.
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
    """Yield what the short card shows where none of its claims asks yes or no, so that it has no Brier scores."""
    yield from (Paragraph(""), *short.near, Paragraph(""), *short.ranking(), *tables)


def _more_forecasters(left_out: int, everybody: int) -> Iterator[Block]:
    """Say how many a table leaves out, and how to see them; nothing where it shows everybody."""
    if left_out > 0:
        more = counted(left_out, "more forecaster")
        yield Hint(f"{more}: --top {everybody}", f"{more}: top={everybody}", 2)
