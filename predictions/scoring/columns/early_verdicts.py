"""Find the verdicts that were recorded long after the day on which, they say, the answer was public.

What counts on a claim ends on that day, and only the recorder says which it was. Who dates early the answers of what
failed makes little time of it count, so a card tells how many there are, and what would be if they counted until they
were recorded. A platform dates the answers of what it asked, and its verdicts name it; these are left out.
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

# Who keeps a ledger honestly looks at it once a week, and reports come late: a verdict that is dated within a week of
# its recording is nothing unusual. In a short window a week is most of the time that counts, and whoever dates a
# failure so gains by it: there it is more than a quarter of the window, and two days at least, as many record on the
# next day.
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
    """For each claim, shape (claims,) each; claims whose verdict is not so are 0, false, and counted as they are.

    Attributes:
        days: By how many days the verdict is dated before it was recorded.
        by_evidence: True if evidence of that day, or an earlier one, is on file for it.
        limit: Until when forecasts would count, had the answer been public when it was recorded.
        cut_off: How much of the time that counts lies between the day of an early answer and its recording, as far as
            that is usual; NaN for all other claims.
    """

    days: FloatArray
    by_evidence: BoolArray
    limit: FloatArray
    cut_off: FloatArray

    @property
    def found(self) -> BoolArray:
        """Which claims have such a verdict."""
        return self.days > 0

    def as_recorded(self, claims: ClaimColumns) -> ClaimColumns:
        """Return the claims as they would count, had each answer been public when it was recorded."""
        return replace(claims, limit=self.limit)


def early_verdicts(connection: sqlite3.Connection, size: int, claims: ClaimColumns) -> EarlyVerdicts:
    """Look at the verdicts on claims, among the first *size* entries, that cut the time of their claim."""
    days, by_evidence, limit = np.zeros(claims.limit.size), np.zeros(claims.limit.size, np.bool_), claims.limit.copy()
    cut = np.flatnonzero(claims.limit < claims.closes)
    # Whatever was said first was said no later than the verdict that stands, so it is looked up only for these.
    cut_off = np.full(claims.limit.size, np.nan)
    _, cut_off[cut] = _cut_off(connection, size, claims, cut, claims.verdict_entry[cut])
    late = cut[_is_long(claims, cut, cut_off[cut])]
    cut_off[late] = np.nan  # but for those of which the same was said earlier
    entries = claims.verdict_entry[late].astype(int).tolist()
    rows = connection.execute(_FIRST_SAID, (json.dumps(entries),)).fetchall() if entries else []
    if rows:
        position, first_said, dated = np.array(rows, np.int64).T
        own = late[position]
        until, since = _cut_off(connection, size, claims, own, first_said)
        long = _is_long(claims, own, since)
        number, cut_off[own[~long]] = own[long], since[~long]
        limit[number] = np.minimum(until[long], claims.closes[number])
        days[number] = np.ceil((until[long] - claims.limit[number]) / ONE_DAY)
        by_evidence[own] = dated > 0
        by_evidence &= days > 0
    return EarlyVerdicts(days, by_evidence, limit, cut_off)


def _cut_off(
    connection: sqlite3.Connection,
    size: int,
    claims: ClaimColumns,
    number: IndexArray,
    entries: IndexArray | FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return until when forecasts on some claims would count, had their answers been public when these were recorded.

    With it comes how much of the time that counts is cut off so far. The *entries* are those of the verdicts.
    """
    if not number.size:
        return np.zeros(0), np.zeros(0)
    recorded = recorded_at(connection, entries.astype(np.int64), size).astype(np.float64)
    until = np.where(claims.grain[number] > 0, np.ceil(recorded / ONE_DAY) * ONE_DAY, recorded)
    return until, np.minimum(until, claims.closes[number]) - claims.limit[number]


def _is_long(claims: ClaimColumns, number: IndexArray, cut_off: FloatArray) -> BoolArray:
    """Return of which of some claims as much time is cut off as is unusual."""
    window = claims.closes[number] - claims.opens[number]
    return np.asarray(cut_off > np.clip(SHARE_OF_WINDOW * window, SHORTEST, LONG_BEFORE))
