"""Find the verdicts that were recorded long after the day on which, they say, the answer was public.

The time that counts on a claim ends on that day, and only the recorder says which day it was. By dating early the
answers of claims that failed, a recorder could make little of their time count. So a card tells how many such verdicts
there are, and what its figures would be if these claims counted until the verdict was recorded. A platform dates the
answers to its own questions, and the verdict names the platform; such verdicts are left out.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.storage.forecast_records import recorded_at

# An honest keeper of a ledger looks at it once a week, and reports come late, so a verdict that is recorded within a
# week of its day is usual. In a short window a week is most of the time that counts, and dating a failure so early
# would pay. There more than a quarter of the window is unusual, but two days never are: many record on the next day.
LONG_BEFORE, SHARE_OF_WINDOW, SHORTEST = 7 * ONE_DAY, 0.25, 2 * ONE_DAY
# The verdict is as old as its first record with this outcome and no later day.
_FIRST_SAID = """select asked.key, (
    select min(first.entry) from main.resolution first where first.claim = r.claim and first.outcome = r.outcome
    and coalesce(first.known_at, first.known_on) <= coalesce(r.known_at, r.known_on) and not coalesce(first.dissent, 0)
), exists (
    select 1 from main.resolution_because b join main.evidence e on e.entry = b.evidence
    where b.resolution = r.entry and length(e.published) = 10 and e.published <= r.known_on
) from json_each(?) asked join main.resolution r on r.entry = asked.value
where (
    select s.source from main.claim c join main.statement s on s.entry = c.statement where c.entry = r.claim
) is not r.published_in"""


class EarlyVerdicts(NamedTuple):
    """How early the verdict of each claim is dated: shape (claims,) each.

    Attributes:
        days: How many days before its recording the verdict is dated, if that is unusually early; else 0.
        by_evidence: Whether evidence for such an early verdict is on file that is dated on its day or before.
        limit: Until when forecasts would count if such an answer had become public when it was recorded; the limit that
            holds for all other claims.
        cut_off: How much time between the day of the answer and its recording does not count, for verdicts that are
            dated early, but not unusually so; NaN for all other claims.
    """

    days: FloatArray
    by_evidence: BoolArray
    limit: FloatArray
    cut_off: FloatArray

    @property
    def is_early(self) -> BoolArray:
        """Whether each claim has a verdict that is dated unusually early."""
        return self.days > 0

    def as_recorded(self, claims: ClaimColumns) -> ClaimColumns:
        """Return the claims as they would count if each of these answers had become public when it was recorded."""
        return replace(claims, limit=self.limit)


def early_verdicts(connection: sqlite3.Connection, size: int, claims: ClaimColumns) -> EarlyVerdicts:
    """Find the verdicts among the first *size* entries that are dated before they were recorded."""
    days, by_evidence, limit = np.zeros(claims.limit.size), np.zeros(claims.limit.size, np.bool_), claims.limit.copy()
    cut = np.flatnonzero(claims.limit < claims.closes)
    # The first verdict with the same outcome is no later than the one that counts now. So it can only make a verdict
    # less early, and is looked up only for those that seem unusually early.
    cut_off = np.full(claims.limit.size, np.nan)
    _, cut_off[cut] = _cut_off(connection, size, claims, cut, claims.verdict_entry[cut])
    late = cut[_is_long(claims, cut, cut_off[cut])]
    cut_off[late] = np.nan  # filled in below if the first such verdict was not unusually early
    entries = claims.verdict_entry[late].astype(int).tolist()
    rows = connection.execute(_FIRST_SAID, (json.dumps(entries),)).fetchall() if entries else []
    if rows:
        row, first_entry, has_evidence = np.array(rows, np.int64).T
        position = late[row]
        until, time_cut = _cut_off(connection, size, claims, position, first_entry)
        is_long = _is_long(claims, position, time_cut)
        early, cut_off[position[~is_long]] = position[is_long], time_cut[~is_long]
        limit[early] = np.minimum(until[is_long], claims.closes[early])
        days[early] = np.ceil((until[is_long] - claims.limit[early]) / ONE_DAY)
        by_evidence[position] = has_evidence > 0
        by_evidence &= days > 0
    return EarlyVerdicts(days, by_evidence, limit, cut_off)


def _cut_off(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, position: IndexArray,
    entries: IndexArray | FloatArray,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Return when forecasts would cease to count if answers became public when recorded, and how much time that adds.

    Args:
        connection: An open ledger.
        size: How many entries count.
        claims: All claims.
        position: The positions of the claims with these answers.
        entries: The entry of the verdict on each of them.
    """
    if not position.size:
        return np.zeros(0), np.zeros(0)
    recorded = recorded_at(connection, entries.astype(np.int64), size).astype(np.float64)
    until = np.where(claims.grain[position] > 0, np.ceil(recorded / ONE_DAY) * ONE_DAY, recorded)
    return until, np.minimum(until, claims.closes[position]) - claims.limit[position]


def _is_long(claims: ClaimColumns, position: IndexArray, cut_off: FloatArray) -> BoolArray:
    """Return for the claims at *position* whether the time that is cut off is unusually long."""
    window = claims.closes[position] - claims.opens[position]
    return np.asarray(cut_off > np.clip(SHARE_OF_WINDOW * window, SHORTEST, LONG_BEFORE))
