"""Say what was chosen or put right when it could be known what that does to the figures."""

from __future__ import annotations

from collections.abc import Iterator

from forecasts.inputs import BoolArray
from predictions.numerals import counted, some_of
from predictions.scoring.columns.claims import ONE_DAY, RESOLVED
from predictions.scoring.columns.recorders import TENTH
from predictions.scoring.in_doubt import true_in_part
from predictions.scoring.pool import Pool
from predictions.views.scorecard.caveat import Caveat


def afterwards(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Yield what qualifies the counts of the listed forecasters; *theirs* are the claims that they forecast."""
    claims = pool.table.claims
    decided = theirs & (claims.verdict == RESOLVED)
    partly = decided & true_in_part(pool)
    if count := int(partly.sum()):
        whole = counted(int(decided.sum()), "verdict")
        yield Caveat(f"true in part: {count:,} of {whole}, by as much as whoever decided said", partly, of_counts=True)
    redated = {who.forecaster.title: pool.afterwards.redated[who.forecaster.entry] for who in pool.listed}
    if named := [f"{count:,} of {title}" for title, count in redated.items() if count]:
        yield Caveat(
            f"dates moved: {counted(sum(redated.values()), 'forecast')} ({some_of(named)}), of which the link got "
            "another day when there was a verdict, in the history",
            people={entry for entry, count in pool.afterwards.redated.items() if count},
            of_counts=True,
        )
    if count := int(pool.afterwards.tagged.sum()):
        text = f"tagged afterwards: {counted(count, 'claim')} got or lost the tag {pool.tag} when there was a verdict"
        yield Caveat(text, pool.afterwards.tagged, of_counts=True)
    gone = (claims.units.clustered_on * ONE_DAY - claims.opens) / (claims.closes - claims.opens)
    on_the_way = theirs & (gone > TENTH)
    if count := int(on_the_way.sum()):
        yield Caveat(
            f"clustered on the way: {counted(count, 'claim')}, by their own forecaster when more than a tenth of the "
            "window was gone; each cluster is one observation, in means, too",
            on_the_way,
        )
