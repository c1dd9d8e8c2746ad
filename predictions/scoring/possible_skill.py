"""Tell what the claims without a verdict can still make of a skill over time, whatever they come out as, and when."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.possible_savings import Stays
from forecasts.side_by_side import shared
from forecasts.standing import Standing
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord, unit_means

SERIES_AT_ONCE = 512  # whose outcomes, of dates each day, are worked on together


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
    keys = record.table.keys(part)[missing]
    ends[:, missing] = possible_savings(pool, keys)
    least, most = (float(unit_means(claims.units.fair[part.claim], end).mean()) for end in ends)
    return least, most


def possible_savings(pool: Pool, keys: IndexArray, beside: IndexArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that series can still save over their windows, while nobody knows the answer.

    The answer may come at any moment, and only what stood until then counts. So the sums up to each moment are
    compared, for every outcome. 0 where nothing stood.

    Args:
        pool: Of claims of every type.
        keys: The series.
        beside: Those of somebody else on the same claims; without them the comparison is with knowing nothing.
    """
    own, claims = pool.standing(keys), keys // len(pool.table.forecasters)
    other = None if beside is None else pool.standing(beside)
    least, most = np.zeros((2, claims.size))
    for series, stays in _some_at_a_time(_stays(own, claims, other), claims.size):
        savings = pool.table.scoring.possible_savings(stays)
        least[series], most[series] = (end / own.horizon[series] for end in savings)
    return least, most


def worst_outcomes(
    pool: Pool, keys: IndexArray, beside: IndexArray | None = None, *, for_another: bool = False
) -> FloatArray:
    """Return the outcome at which each series saves least, known after its window; NaN where nothing stood.

    Args:
        pool: Of claims of every type.
        keys: The series.
        beside: Those of somebody else on the same claims; without them the comparison is with knowing nothing.
        for_another: Whether that is wanted at which each saves most, the worst for somebody else.
    """
    outcomes = np.full(keys.size, np.nan)
    other = None if beside is None else pool.standing(beside)
    stays = _stays(pool.standing(keys), keys // len(pool.table.forecasters), other)
    for series, part in _some_at_a_time(stays, keys.size):
        outcomes[series] = pool.table.scoring.worst_outcomes(part, for_another=for_another)
    return outcomes


def worst_for_all(pool: Pool, keys: IndexArray, *, for_another: bool = False) -> tuple[IndexArray, FloatArray]:
    """Return the claims of some series, and the outcome of each at which all of them together save least, or most."""
    claims, which = np.unique(np.sort(keys) // len(pool.table.forecasters), return_inverse=True)
    outcomes = np.full(claims.size, np.nan)
    stays = _stays(pool.standing(np.sort(keys)), claims[which], None)
    together = stays._replace(series=which[stays.series])
    for claim, part in _some_at_a_time(together, claims.size):
        outcomes[claim] = pool.table.scoring.worst_outcomes(part, for_another=for_another)
    return claims, outcomes


def _some_at_a_time(stays: Stays, count: int) -> Iterator[tuple[IndexArray, Stays]]:
    """Yield the series in which anything stood, some at a time, and what stood in these, numbered anew."""
    for begin in range(0, count, SERIES_AT_ONCE):
        part = stays.part(slice(*np.searchsorted(stays.series, [begin, begin + SERIES_AT_ONCE]).tolist()))
        series, number = np.unique(part.series, return_inverse=True)
        if series.size:
            yield series, part._replace(series=number)


def _stays(own: Standing, claims: IndexArray, other: Standing | None) -> Stays:
    """Return when what stood, in the pieces of time in which both did if there is another."""
    if other is None:
        return Stays(own.probabilities, claims[own.series], own.starts, own.ends, own.series)
    both = shared(own, other)
    return Stays(both.first, claims[both.series], both.starts, both.ends, both.series, both.second)
