"""Compute the best and worst that a skill over time can still become, over all outcomes that claims may have and when.

Three kinds of questions are answered: the range of a mean skill, the range of what series save, and worst outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.possible_savings import Stays
from forecasts.side_by_side import shared
from forecasts.standing import Standing
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord, unit_means

SERIES_AT_ONCE = 512  # few, because on a date every day of the window is a possible outcome


def possible_skill(pool: Pool, record: TrackRecord) -> tuple[float, float] | None:
    """Return the lowest and the highest mean skill over time that claims without a verdict can still lead to.

    Forecasts that stand now are taken to stand to the end. None if no verdict is missing.

    Args:
        pool: The comparison group on claims of every type.
        record: A forecaster's record on claims of one type.
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
    """Return the least and the most that series can save over their windows, whatever the answer is and when it comes.

    Only forecasts that stood until the answer count. So the sums up to each moment are compared, for every outcome. A
    series that never stood saves 0.

    Args:
        pool: The comparison group on claims of every type.
        keys: The keys of the series.
        beside: The keys of another forecaster's series on the same claims, to compare with; None compares with knowing
            nothing.
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
    """Return the outcome with which each series saves least, if it is known only after the window.

    NaN for a series that never stood.

    Args:
        pool: The comparison group on claims of every type.
        keys: The keys of the series.
        beside: The keys of another forecaster's series on the same claims, to compare with; None compares with knowing
            nothing.
        for_another: Return the outcome with which each series saves most, which is the worst for a rival.
    """
    outcomes = np.full(keys.size, np.nan)
    other = None if beside is None else pool.standing(beside)
    stays = _stays(pool.standing(keys), keys // len(pool.table.forecasters), other)
    for series, part in _some_at_a_time(stays, keys.size):
        outcomes[series] = pool.table.scoring.worst_outcomes(part, for_another=for_another)
    return outcomes


def worst_for_all(pool: Pool, keys: IndexArray, *, for_another: bool = False) -> tuple[IndexArray, FloatArray]:
    """Return the claims of some series, and the outcome with which all series on each claim together save least.

    With *for_another* it is the outcome with which they save most. NaN for a claim on which nothing stood.
    """
    claims, claim_of_series = np.unique(np.sort(keys) // len(pool.table.forecasters), return_inverse=True)
    outcomes = np.full(claims.size, np.nan)
    stays = _stays(pool.standing(np.sort(keys)), claims[claim_of_series], None)
    # Treat all series on a claim as one, so that their savings are added up.
    by_claim = stays._replace(series=claim_of_series[stays.series])
    for claim, part in _some_at_a_time(by_claim, claims.size):
        outcomes[claim] = pool.table.scoring.worst_outcomes(part, for_another=for_another)
    return claims, outcomes


def _some_at_a_time(stays: Stays, count: int) -> Iterator[tuple[IndexArray, Stays]]:
    """Yield the series that stood, some at a time, each time with their stays, in which they are numbered from 0."""
    for begin in range(0, count, SERIES_AT_ONCE):
        part = stays.part(slice(*np.searchsorted(stays.series, [begin, begin + SERIES_AT_ONCE]).tolist()))
        series, number = np.unique(part.series, return_inverse=True)
        if series.size:
            yield series, part._replace(series=number)


def _stays(own: Standing, claims: IndexArray, other: Standing | None) -> Stays:
    """Return which numbers stood when; with *other*, only the time during which both series stood."""
    if other is None:
        return Stays(own.probabilities, claims[own.series], own.starts, own.ends, own.series)
    both = shared(own, other)
    return Stays(both.first, claims[both.series], both.starts, both.ends, both.series, both.second)
