"""Tell the skill over time that each forecaster had if every answer had been public when its verdict was recorded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.inputs import FloatArray
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.leaderboard.pieces import pieces_of
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord, unit_means


def skills_by_recording(pool: Pool) -> Iterator[tuple[TrackRecord, float]]:
    """Yield those listed whose claims have a verdict that was dated early, each with that skill."""
    early = pool.early_verdicts
    skills = skills_of(pool, early.as_recorded(pool.table.claims))
    for record in pool.listed:
        if early.found[record.series.claim].any():
            yield record, skills[record.number]


def skills_of(pool: Pool, claims: ClaimColumns) -> dict[int, float]:
    """Return the mean skill over time of each forecaster, by number, on claims that count otherwise than in the pool.

    Args:
        pool: Whose series are scored.
        claims: Its claims, of which only when they end may differ.
    """
    pieces = pieces_of(pool.rows_in("means"), claims, pool.table.scoring)
    window = (claims.closes - claims.opens)[pieces.claim]
    saved = -pieces.loss * pool.table.scoring.spread(pieces.claim) * (pieces.end - pieces.start) / window
    pairs, which = np.unique(np.stack([pieces.forecaster, pieces.claim]), axis=1, return_inverse=True)
    of_series: FloatArray = np.bincount(which.ravel(), saved, pairs.shape[1]).astype(np.float64)
    units = claims.units.fair[pairs[1]]
    people, begins = np.unique(pairs[0], return_index=True)
    spans = zip(people.tolist(), begins.tolist(), np.append(begins, units.size)[1:].tolist(), strict=True)
    return {who: float(unit_means(units[begin:end], of_series[begin:end]).mean()) for who, begin, end in spans}
