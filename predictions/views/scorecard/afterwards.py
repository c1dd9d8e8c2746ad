"""Yield caveats about what was recorded or corrected once it could be known what that does to the figures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.inputs import BoolArray
from predictions.numerals import counted
from predictions.scoring.columns.claim_types import DATE
from predictions.scoring.columns.claims import RESOLVED
from predictions.scoring.dated_as_it_suits import dated_as_it_suits
from predictions.scoring.in_doubt import true_in_part
from predictions.scoring.pool import Pool
from predictions.scoring.type_text import known_roughly
from predictions.views.scorecard.caveat import Caveat, caveat_of_forecasts


def afterwards(pool: Pool, theirs: BoolArray) -> Iterator[Caveat]:
    """Yield these caveats; *theirs* marks the claims that listed forecasters forecast."""
    claims = pool.table.claims
    decided = theirs & (claims.verdict == RESOLVED)
    partly = decided & true_in_part(pool)
    if count := int(partly.sum()):
        verdicts = counted(int(decided.sum()), "verdict")
        text = f"true in part: {count:,} of {verdicts}, by as much as whoever decided said"
        yield Caveat(text, partly, of_counts=True)
    roughly = decided & known_roughly(claims, np.arange(decided.size))
    if count := int(roughly.sum()):
        dates = counted(int((decided & (claims.types.kind == DATE)).sum()), "date")
        text = (
            f"day not told: {count:,} of {dates} came in a month or a year of which the verdict tells no day; the "
            "answer rises evenly through it, so who missed the day loses less, and who said it gains less"
        )
        yield Caveat(text, roughly)
    if suited := dated_as_it_suits(pool):
        name = suited.record.forecaster.title
        yield Caveat(
            f"dated as it suits {name}: {suited.verdicts:,} of {suited.of:,} early answers are dated up to a week "
            f"before they were recorded, most where {name} lost, so that less of that counts; chance brings "
            "as much to one in two thousand",
            people={suited.record.forecaster.entry},
        )
    redated = "of which the link got another day when the claim was over, in the history"
    yield from caveat_of_forecasts(pool, "dates moved", pool.afterwards.redated, redated)
    right = (
        "when more than a tenth of the window was gone, in the history; in the skill over time they count from then "
        "on, as a change of mind would"
    )
    yield from caveat_of_forecasts(pool, "put right on the way", pool.afterwards.put_right, right)
    # A forecaster from whom a statement was taken has no series on its claim any more, so *theirs* lacks the claim.
    given = pool.table.wanted & pool.afterwards.given
    reworded = given | (theirs & pool.afterwards.reworded)
    everybody = {record.forecaster.entry for record in pool.everybody}
    if count := int(reworded.sum()):
        text = (
            f"reworded afterwards: {counted(count, 'claim')} got another title, quotation, speaker or source when "
            "over, in the history"
        )
        yield Caveat(text, reworded, everybody if given.any() else frozenset(), of_counts=True)
    # A claim that was taken out of the filter has no series here, and would change everybody's figures.
    for label, changed, field in (
        ("tagged", pool.afterwards.tagged, f"the tag {pool.only.tag}"),
        ("moved", pool.afterwards.moved, f"the source {pool.only.source}"),
    ):
        if count := int(changed.sum()):
            text = f"{label} afterwards: {counted(count, 'claim')} got or lost {field} when over, in the history"
            yield Caveat(text, changed, everybody, of_counts=True)
