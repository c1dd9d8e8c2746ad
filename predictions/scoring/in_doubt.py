"""What could still come out otherwise: the one rule by which a sentence holds at its worst, or is not said.

In doubt are claims that are due without a verdict, those that were annulled or found ambiguous, and those with a
verdict that somebody contests. The card, the comparison and the leaderboard judge nobody by more than what holds
whatever becomes of these.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.inputs import ClaimArray, IndexArray
from predictions.scoring.columns.claims import AMBIGUOUS, ANNULLED
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.pool import Pool
from predictions.scoring.series import SeriesTable


class Doubts(NamedTuple):
    """How many claims are in doubt, and why.

    Attributes:
        no_verdict: They are due and have no verdict.
        unclear: They are due, and were annulled or found ambiguous.
        contested: Somebody contests the verdict.
    """

    no_verdict: int = 0
    unclear: int = 0
    contested: int = 0

    @property
    def total(self) -> int:
        """How many these are."""
        return sum(self)

    @property
    def told(self) -> str:
        """Say how many there are of each; empty if there is none.

        >>> Doubts(2, 0, 1).told
        '2 without a verdict, 1 contested'
        """
        whys = ("without a verdict", "unclear or annulled", "contested")
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
    contested = np.isin(part.mark, codes["means"]) & pool.reader.doubted_verdicts.contested[part.claim]
    return own[undecided | contested]


def doubts_on(pool: Pool, claims: ClaimArray) -> Doubts:
    """Count some claims that are in doubt by what is the matter with them."""
    contested = pool.reader.doubted_verdicts.contested[claims]
    without = np.isnan(pool.table.claims.outcome[claims])
    unclear = without & np.isin(pool.table.claims.verdict[claims], [ANNULLED, AMBIGUOUS])
    return Doubts(int((without & ~unclear).sum()), int(unclear.sum()), int((contested & ~without).sum()))
