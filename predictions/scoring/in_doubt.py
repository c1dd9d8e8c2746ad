"""Find the claims in doubt, which could still come out otherwise; a sentence must hold in their worst case.

In doubt are claims that are due without a verdict, that were annulled or found ambiguous, that are true in part (how
much is one person's judgement), or whose verdict somebody contests. A claim is not in doubt if its condition was on
file as failed before a tenth of its window was gone. The card, the comparison and the leaderboard judge a forecaster
only by what holds whatever becomes of the claims in doubt, and whatever the right day is of a verdict that is dated
long before it was recorded, or long after its answer could be known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, ClaimArray, IndexArray
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import AMBIGUOUS, ANNULLED
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.pool import Pool
from predictions.scoring.series import SeriesTable


class Doubts(NamedTuple):
    """How many claims are in doubt for each reason.

    Attributes:
        no_verdict: Due, without a verdict.
        unclear: Due, and annulled or found ambiguous.
        partly: True in part.
        contested: With a verdict that somebody contests.
        dated_early: With a verdict dated long before it was recorded; only its day is in doubt.
        dated_late: With a verdict dated long after its answer could be known; only its day is in doubt.
    """

    no_verdict: int = 0
    unclear: int = 0
    partly: int = 0
    contested: int = 0
    dated_early: int = 0
    dated_late: int = 0

    @property
    def total(self) -> int:
        """How many claims are in doubt for any reason."""
        return sum(self)

    @property
    def told(self) -> str:
        """The reasons with their counts, in words; empty if nothing is in doubt.

        >>> Doubts(2, 0, 0, 1).told
        '2 without a verdict, 1 contested'
        """
        reasons = ("without a verdict", "unclear or annulled", "true in part", "contested", "dated early", "dated late")
        return ", ".join(f"{count:,} {reason}" for count, reason in zip(self, reasons, strict=True) if count)

    @property
    def whatever(self) -> str:
        """The end of a sentence that holds whatever becomes of these claims; empty if nothing is in doubt."""
        return f", whatever becomes of {self.told}" if self.total else ""

    @property
    def turn(self) -> str:
        """The end of a sentence that these claims could still turn; empty if nothing is in doubt."""
        return f"; {self.told} could still turn it" if self.total else ""


def in_doubt(pool: Pool, number: int | None = None, table: SeriesTable | None = None) -> IndexArray:
    """Return the positions of the series with stated numbers on claims in doubt.

    Args:
        pool: The comparison group.
        number: The number of the forecaster; None for everybody.
        table: A part of the pool's table, in which the positions are; None for all of it.
    """
    table, codes = table or pool.table, CODES_COUNTED[pool.cohort]
    own = np.arange(table.series.claim.size) if number is None else table.positions_of(number)
    part = table.series.part(own)
    undecided = np.isin(part.mark, [*np.setdiff1d(codes["due"], codes["means"]), *codes["unclear"]])
    undecided &= ~pool.reader.doubted_verdicts.condition_failed[part.claim]
    disputable = pool.reader.doubted_verdicts.contested | true_in_part(pool)
    return own[undecided | (np.isin(part.mark, codes["means"]) & disputable[part.claim])]


def true_in_part(pool: Pool) -> BoolArray:
    """Return for each claim whether it asks yes or no and came out as a fraction."""
    claims = pool.table.claims
    return np.asarray((claims.types.kind == YES_OR_NO) & (claims.outcome > 0) & (claims.outcome < 1))


def doubts_on(pool: Pool, claims: ClaimArray) -> Doubts:
    """Count claims that are in doubt by the reason; doubts about days are left at 0, callers count those."""
    contested = pool.reader.doubted_verdicts.contested[claims]
    without = np.isnan(pool.table.claims.outcome[claims])
    unclear = without & np.isin(pool.table.claims.verdict[claims], [ANNULLED, AMBIGUOUS])
    partly = true_in_part(pool)[claims] & ~contested
    reasons = (without & ~unclear, unclear, partly, contested & ~without)
    return Doubts(*(int(reason.sum()) for reason in reasons))
