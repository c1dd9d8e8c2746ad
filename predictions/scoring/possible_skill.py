"""Tell what the claims without a verdict can still make of somebody's skill over time on claims of one type."""

from __future__ import annotations

import numpy as np

from forecasts.standing import intervals, stands_from
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord, unit_means


def possible_skill(pool: Pool, record: TrackRecord) -> tuple[float, float] | None:
    """Return the least and the most mean skill over time, over what every claim without a verdict can come out as.

    What stands now is taken to stand to the end. None if no verdict is missing.

    Args:
        pool: Of claims of every type.
        record: Somebody's record on claims of one.
    """
    claims = record.table.claims
    part = record.table.series.part(record.positions("open"))
    missing = np.flatnonzero(np.isnan(claims.outcome[part.claim]))
    if not missing.size:
        return None
    ends = np.stack([part.saved, part.saved])
    keys = record.table.keys(part)
    for place in missing.tolist():
        ends[:, place] = _of_series(pool, int(keys[place]))
    least, most = (float(unit_means(claims.units.fair[part.claim], end).mean()) for end in ends)
    return least, most


def _of_series(pool: Pool, key: int) -> tuple[float, float]:
    """Return the least and the most that one series can save, over the length of its window."""
    rows, claims = pool.rows(key), pool.table.claims
    claim = rows.claim.astype(np.intp)
    goes_on = np.ones(max(claim.size - 1, 0), np.bool_)
    starts, ends, stood = intervals(
        stands_from(rows.time, claims.grain[claim]), rows.probability, goes_on, claims.opens[claim], claims.limit[claim]
    )
    least, most = pool.table.scoring.possible_savings(rows.probability[stood], claim[stood], starts[stood], ends[stood])
    horizon = claims.closes[claim[0]] - claims.opens[claim[0]]
    return least / horizon, most / horizon
