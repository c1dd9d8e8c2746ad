"""How claims would count, had their answers been public on other days than their verdicts say.

Only whoever decided says that day, and what counts ends on it. So what is said of anybody is worked out for these days,
too: for the day on which a verdict that is dated early was recorded, and the first day on which an answer that is dated
late could be known.
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
    """How some claims would count, had their answers been public on other days.

    Attributes:
        found: For each claim whether it is one of them.
        pool: The comparison group with these days.
    """

    found: BoolArray
    pool: Pool


_WAYS: WeakKeyDictionary[Pool, list[DatedOtherwise]] = WeakKeyDictionary()  # as long as the pool is


def dated_otherwise(pool: Pool) -> list[DatedOtherwise]:
    """Return every way in which claims would count with other days; empty if no claim has one.

    As if each answer had been public when its verdict was recorded; as early as it could be known; and both, where
    claims of either kind are on file.
    """
    if pool not in _WAYS:
        claims, early, late = pool.table.claims, pool.early_verdicts, pool.late_verdicts
        as_recorded, as_known = early.as_recorded(claims), late.as_early_as_known(claims)
        ways = [way for way in ((early.found, as_recorded), (late.found, as_known)) if way[0].any()]
        if len(ways) > 1:
            limit = np.where(late.found, as_known.limit, as_recorded.limit)
            ways.append((early.found | late.found, replace(as_known, limit=limit)))
        _WAYS[pool] = [DatedOtherwise(found, pool.with_claims(other)) for found, other in ways]
    return _WAYS[pool]


def as_recorded_of(pool: Pool) -> DatedOtherwise | None:
    """Return the claims as if each answer had been public when its verdict was recorded; None if none is early."""
    return dated_otherwise(pool)[0] if pool.early_verdicts.found.any() else None


def as_known_of(pool: Pool) -> DatedOtherwise | None:
    """Return the claims as if each answer had been public as early as it could be; None if none is dated late."""
    place = 1 if pool.early_verdicts.found.any() else 0
    return dated_otherwise(pool)[place] if pool.late_verdicts.found.any() else None


def positions_if_dated(pool: Pool, number: int, found: BoolArray, table: SeriesTable | None = None) -> IndexArray:
    """Return the positions of a forecaster's series in the means, and of those that nothing but a day keeps out.

    Args:
        pool: The comparison group.
        number: Of the forecaster.
        found: For each claim whether its verdict may be dated too early, so that no forecast stood in time.
        table: The series of the pool, or some of them.
    """
    table = table or pool.table
    own = table.positions_of(number)
    return own[_counted_if_dated(pool, found, table)[own]]


def rows_if_dated(pool: Pool, found: BoolArray) -> Rows:
    """Return the forecasts of all series in the means, and of those that nothing but a day *found* keeps out."""
    return pool.rows_of(_counted_if_dated(pool, found, pool.table))


def _counted_if_dated(pool: Pool, found: BoolArray, table: SeriesTable) -> BoolArray:
    mark, claim = table.series.mark, table.series.claim
    kept_out = np.isin(mark, NEVER_STOOD_CODES[pool.cohort]) & found[claim]
    return np.asarray(np.isin(mark, CODES_COUNTED[pool.cohort]["means"]) | kept_out)
