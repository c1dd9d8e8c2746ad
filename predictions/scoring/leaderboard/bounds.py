"""What each forecaster's missing verdicts would add to the leaderboard if all of them went against that forecaster."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.inputs import FloatArray
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.leaderboard.pieces import LossPieces, pieces_of
from predictions.scoring.pool import Pool

MOST_PIECES = 20_000_000  # gone through in all, since each forecaster takes a computation of the board


def pieces_against(pool: Pool, pieces: int) -> Iterator[tuple[int, LossPieces]]:
    """Yield for each forecaster with claims due without a verdict what these would add to the board.

    Each claim comes out at the end of its window, as the forecaster at first thought less likely. Nothing is yielded
    for who waits for a claim that is no yes/no question, or where that would take too long.

    Args:
        pool: The comparison group.
        pieces: How many the board has without them.
    """
    table, series = pool.table, pool.table.series
    codes = np.setdiff1d(CODES_COUNTED[pool.cohort]["due"], CODES_COUNTED[pool.cohort]["means"])
    waiting = series.part(np.isin(series.mark, codes))
    other_types = waiting.forecaster[table.claims.types.kind[waiting.claim] != YES_OR_NO]
    whom = np.setdiff1d(waiting.forecaster, other_types)
    if whom.size * pieces > MOST_PIECES:
        return
    rows = pool.rows_in("due", but_in="means")
    for number in whom.tolist():
        own = waiting.forecaster == number
        against: FloatArray = np.full(len(table.claims.slugs), np.nan)
        against[waiting.claim[own]] = waiting.probability[own] < 0.5
        beside = rows.part(~np.isnan(against[rows.claim]))
        yield number, pieces_of(beside, table.claims, table.scoring, against)
