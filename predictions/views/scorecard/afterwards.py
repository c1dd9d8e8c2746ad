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

LATE = "when more than a tenth of the window was gone, in the history"


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
            f"dated as it suits {name}: {suited.verdicts:,} of {suited.early:,} early answers are dated up to a week "
            f"before they were recorded, most where {name} lost, so that less of that counts; chance brings "
            "as much to one in two thousand",
            people={suited.record.forecaster.entry},
        )
    redated = f"of which the link got another day {LATE}"
    yield from caveat_of_forecasts(pool, "dates moved", pool.afterwards.redated, redated)
    right = f"{LATE}; in the skill over time they count from then on, as a change of mind would"
    yield from caveat_of_forecasts(pool, "put right on the way", pool.afterwards.put_right, right)
    reworded = theirs & pool.afterwards.reworded
    if count := int(reworded.sum()):
        claims_reworded = counted(count, "claim")
        text = (
            f"reworded afterwards: {claims_reworded} got another title, quotation or source when over, in the history"
        )
        yield Caveat(text, reworded, of_counts=True)
    # A forecaster from whom a statement was taken has no series on its claim any more, so *theirs* lacks the claim; one
    # that was taken out of the filter has no series here at all. Both would change everybody's figures.
    for label, changed, field in (
        ("given to another", pool.table.wanted & pool.afterwards.given, "another speaker"),
        ("tagged late", pool.afterwards.tagged, f"or lost the tag {pool.only.tag}"),
        ("moved late", pool.afterwards.moved, f"or lost the source {pool.only.source}"),
    ):
        if count := int(changed.sum()):
            everybody = {record.forecaster.entry for record in pool.everybody}
            yield Caveat(f"{label}: {counted(count, 'claim')} got {field} {LATE}", changed, everybody, of_counts=True)
