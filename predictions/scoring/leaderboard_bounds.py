"""How low a skill on the leaderboard could still fall: as if each missing verdict went against the forecaster."""

from __future__ import annotations

import numpy as np

from forecasts.adjusted_skill import AdjustedSkill
from forecasts.inputs import BoolArray, FloatArray
from forecasts.pieces import checked_pieces, distinct_pairs
from forecasts.sweep import Sweep, sweep
from predictions.scoring.leaderboard_pieces import pieces_of
from predictions.scoring.pool import Pool


def skill_at_worst(pool: Pool, members: BoolArray, found: AdjustedSkill) -> FloatArray:
    """Return each forecaster's skill if every claim that is due without a verdict came out against them.

    It is taken that the answer comes at the end of the window, and that the yardstick's own skill stays what it is. On
    each claim the forecaster is compared, as everywhere on the board, with those who stood there at the same time.

    Args:
        pool: The comparison group.
        members: Whether each forecaster is in the yardstick.
        found: The board as it is.
    """
    table, size = pool.table, len(pool.table.forecasters)
    rows, claims = pool.rows_in("due", but_in="means"), table.claims
    by_outcome = [pieces_of(rows, claims, table.scoring, np.full(len(claims.slugs), outcome)) for outcome in (0.0, 1.0)]
    clusters = np.unique(claims.units.fair, return_inverse=True)[1]
    pieces, lengths = checked_pieces(*by_outcome[0], claims.closes - claims.opens, clusters, members, None)
    swept = sweep(pieces, lengths.window)
    standing = found.raw[:size] + found.anchor[found.part[:size]]  # what each gained beside the yardstick
    level = np.nan_to_num(standing)[pieces.forecaster]
    together = swept.collected(swept.running(swept.lapse), swept.piece, level.size)
    series, _, owner = distinct_pairs(pieces.claim, pieces.forecaster)
    gained = [np.bincount(series, _gained(swept, one.loss, level, together)) for one in by_outcome]
    lost, added = np.bincount(owner, np.min(gained, axis=0), size), np.bincount(pieces.forecaster, together, size)
    nothing, firmness = (figure[found.part[:size]] for figure in (found.anchor, found.shrinkage))
    drawn = (found.skill[:size] + nothing) * (found.weight[:size] + firmness)  # with the share of the yardstick's mean
    return (drawn + lost) / (found.weight[:size] + added + firmness) - nothing


def _gained(swept: Sweep, loss: FloatArray, level: FloatArray, together: FloatArray) -> FloatArray:
    """Return what each piece gains on the yardstick, over the time in which it can be compared."""
    difficulty = swept.running(swept.mean((loss + level)[swept.piece]))
    return swept.collected(difficulty, swept.piece, loss.size) - together * loss
