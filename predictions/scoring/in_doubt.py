"""What could still come out otherwise: the one rule by which a sentence holds at its worst, or is not said.

In doubt are claims that are due without a verdict, those that were annulled or found ambiguous, those that are true in
part, by as much as whoever decided said, and those with a verdict that somebody contests; not those of which the
condition was on file as failed before a tenth of their window was gone. The card, the comparison and the leaderboard
judge nobody by more than what holds whatever becomes of these. Nor do they by what holds only if a verdict that was
dated long before it was recorded is dated rightly, or one dated long after its answer could be known.
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
    """How many claims are in doubt, and why.

    Attributes:
        no_verdict: They are due and have no verdict.
        unclear: They are due, and were annulled or found ambiguous.
        partly: They are true in part.
        contested: Somebody contests the verdict.
        dated_early: The verdict is dated long before it was recorded; only that day is in doubt.
        dated_late: It is dated long after its answer could be known; likewise.
    """

    no_verdict: int = 0
    unclear: int = 0
    partly: int = 0
    contested: int = 0
    dated_early: int = 0
    dated_late: int = 0

    @property
    def total(self) -> int:
        """How many these are."""
        return sum(self)

    @property
    def told(self) -> str:
        """Say how many there are of each; empty if there is none.

        >>> Doubts(2, 0, 0, 1).told
        '2 without a verdict, 1 contested'
        """
        whys = ("without a verdict", "unclear or annulled", "true in part", "contested", "dated early", "dated late")
        return ", ".join(f"{count:,} {why}" for count, why in zip(self, whys, strict=True) if count)

    @property
    def whatever(self) -> str:
        """Say that a sentence holds whatever becomes of them, as its end; empty if there is none."""
        return f", whatever becomes of {self.told}" if self.total else ""

    @property
    def turn(self) -> str:
        """Say that they could turn what is not said for sure, as its end; empty if there is none."""
        return f"; {self.told} could still turn it" if self.total else ""


def in_doubt(pool: Pool, number: int | None = None, table: SeriesTable | None = None) -> IndexArray:
    """Return the positions of the stated series that are in doubt, in the table of the pool or another one.

    Args:
        pool: Of the ledger.
        number: Of the forecaster whose they are; None for everybody.
        table: The series of the pool, or some of them.
    """
    table, codes = table or pool.table, CODES_COUNTED[pool.cohort]
    own = np.arange(table.series.claim.size) if number is None else table.positions_of(number)
    part = table.series.part(own)
    undecided = np.isin(part.mark, [*np.setdiff1d(codes["due"], codes["means"]), *codes["unclear"]])
    undecided &= ~pool.reader.doubted_verdicts.condition_failed[part.claim]
    disputable = pool.reader.doubted_verdicts.contested | true_in_part(pool)
    return own[undecided | (np.isin(part.mark, codes["means"]) & disputable[part.claim])]


def true_in_part(pool: Pool) -> BoolArray:
    """Tell for each claim of yes or no whether it came out as a fraction."""
    claims = pool.table.claims
    return np.asarray((claims.types.kind == YES_OR_NO) & (claims.outcome > 0) & (claims.outcome < 1))


def doubts_on(pool: Pool, claims: ClaimArray) -> Doubts:
    """Count some claims that are in doubt by what is the matter with them; what is dated early is counted elsewhere."""
    contested = pool.reader.doubted_verdicts.contested[claims]
    without = np.isnan(pool.table.claims.outcome[claims])
    unclear = without & np.isin(pool.table.claims.verdict[claims], [ANNULLED, AMBIGUOUS])
    partly = true_in_part(pool)[claims] & ~contested
    whys = (without & ~unclear, unclear, partly, contested & ~without)
    return Doubts(*(int(why.sum()) for why in whys))
