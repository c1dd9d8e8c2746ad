"""Count claims as if their answers had been public on other days than their verdicts say.

Forecasts count until the day of the answer, and only the person who decides a claim states that day. So figures are
also computed for other days: for a verdict dated early, the day on which it was recorded; for a verdict dated late, the
first day on which its answer could be known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows
from predictions.scoring.eligibility_codes import CODES_COUNTED, NEVER_STOOD_CODES
from predictions.scoring.pool import Pool
from predictions.scoring.series import SeriesTable


class DatedOtherwise(NamedTuple):
    """One way in which claims would count with other days of their answers.

    Attributes:
        is_changed: For each claim whether the day of its answer is changed.
        pool: The comparison group with the changed days.
    """

    is_changed: BoolArray
    pool: Pool


_WAYS: WeakKeyDictionary[Pool, list[DatedOtherwise]] = WeakKeyDictionary()  # kept as long as their pool is


def dated_otherwise(pool: Pool) -> list[DatedOtherwise]:
    """Return every way in which claims would count with other days; empty if no verdict is dated early or late.

    The order is: as if each answer had been public when its verdict was recorded (if any is dated early); as early as
    it could be known (if any is dated late); and, if both exist, both at once.
    """
    if pool not in _WAYS:
        claims, early, late = pool.table.claims, pool.early_verdicts, pool.late_verdicts
        as_recorded, as_known = early.as_recorded(claims), late.as_early_as_known(claims)
        both_ways = (early.is_early, as_recorded), (late.is_late, as_known)
        ways = [(changed, columns) for changed, columns in both_ways if changed.any()]
        if len(ways) > 1:
            limit = np.where(late.is_late, as_known.limit, as_recorded.limit)
            ways.append((early.is_early | late.is_late, replace(as_known, limit=limit)))
        _WAYS[pool] = [DatedOtherwise(changed, pool.with_claims(columns)) for changed, columns in ways]
    return _WAYS[pool]


def as_recorded_of(pool: Pool) -> DatedOtherwise | None:
    """Return the claims as if answers had been public when verdicts were recorded; None if none is dated early."""
    return dated_otherwise(pool)[0] if pool.early_verdicts.is_early.any() else None


def as_known_of(pool: Pool) -> DatedOtherwise | None:
    """Return the claims as if answers had been public as early as they could be; None if none is dated late."""
    index = 1 if pool.early_verdicts.is_early.any() else 0
    return dated_otherwise(pool)[index] if pool.late_verdicts.is_late.any() else None


def positions_if_dated(pool: Pool, number: int, changed: BoolArray, table: SeriesTable | None = None) -> IndexArray:
    """Return the positions of a forecaster's series that are in the means, or would be with another day.

    Args:
        pool: The comparison group.
        number: The number of the forecaster.
        changed: For each claim whether the day of its answer is changed.
        table: A part of the pool's table; None for all of it.
    """
    table = table or pool.table
    own = table.positions_of(number)
    return own[_counted_if_dated(pool, changed, table)[own]]


def rows_if_dated(pool: Pool, changed: BoolArray) -> Rows:
    """Return the forecasts of all series that are in the means, or would be with another day on *changed* claims."""
    return pool.rows_of(_counted_if_dated(pool, changed, pool.table))


def _counted_if_dated(pool: Pool, changed: BoolArray, table: SeriesTable) -> BoolArray:
    """Return for each series whether it is in the means, or only the day of its claim's answer keeps it out."""
    mark, claim = table.series.mark, table.series.claim
    kept_out = np.isin(mark, NEVER_STOOD_CODES[pool.cohort]) & changed[claim]
    return np.asarray(np.isin(mark, CODES_COUNTED[pool.cohort]["means"]) | kept_out)
