"""Say what was chosen or put right when it could be known what that does to the figures."""

from __future__ import annotations

from collections.abc import Iterator

from forecasts.inputs import BoolArray
from predictions.numerals import counted
from predictions.scoring.columns.claims import RESOLVED
from predictions.scoring.in_doubt import true_in_part
from predictions.scoring.pool import Pool
from predictions.views.scorecard.caveat import Caveat, caveat_of_forecasts


def afterwards(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Yield what qualifies the counts of the listed forecasters; *theirs* are the claims that they forecast."""
    claims = pool.table.claims
    decided = theirs & (claims.verdict == RESOLVED)
    partly = decided & true_in_part(pool)
    if count := int(partly.sum()):
        whole = counted(int(decided.sum()), "verdict")
        yield Caveat(f"true in part: {count:,} of {whole}, by as much as whoever decided said", partly, of_counts=True)
    moved = "of which the link got another day when there was a verdict, in the history"
    yield from caveat_of_forecasts(pool, "dates moved", pool.afterwards.redated, moved)
    reworded = theirs & pool.afterwards.reworded
    if count := int(reworded.sum()):
        text = (
            f"reworded afterwards: {counted(count, 'claim')} got another title, quotation or speaker when there was a "
            "verdict, in the history"
        )
        yield Caveat(text, reworded, of_counts=True)
    if count := int(pool.afterwards.tagged.sum()):
        text = f"tagged afterwards: {counted(count, 'claim')} got or lost the tag {pool.tag} when there was a verdict"
        yield Caveat(text, pool.afterwards.tagged, of_counts=True)
