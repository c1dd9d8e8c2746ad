"""What each forecaster's missing verdicts would add to the leaderboard if all of them went against that forecaster."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.inputs import FloatArray
from forecasts.questions import YES_NO
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.leaderboard_pieces import LossPieces, pieces_of
from predictions.scoring.pool import Pool

MOST_PIECES = 20_000_000  # gone through in all, since each forecaster takes a computation of the board


def pieces_against(pool: Pool, pieces: int) -> Iterator[tuple[int, LossPieces]]:
    """Yield for each forecaster with claims due without a verdict what these would add to the board.

    Each claim comes out at the end of its window, as the forecaster at first thought less likely. Nothing is yielded
    where some claims are no yes/no questions, or that would take too long.

    Args:
        pool: The comparison group.
        pieces: How many the board has without them.
    """
    table, series = pool.table, pool.table.series
    codes = np.setdiff1d(CODES_COUNTED[pool.cohort]["due"], CODES_COUNTED[pool.cohort]["means"])
    waiting = series.part(np.isin(series.mark, codes))
    whom = np.unique(waiting.forecaster)
    if table.scoring is not YES_NO or whom.size * pieces > MOST_PIECES:
        return
    rows = pool.rows_in("due", but_in="means")
    for number in whom.tolist():
        own = waiting.forecaster == number
        against: FloatArray = np.full(len(table.claims.slugs), np.nan)
        against[waiting.claim[own]] = waiting.probability[own] < 0.5
        beside = rows.part(~np.isnan(against[rows.claim]))
        yield number, pieces_of(beside, table.claims, table.scoring, against)
