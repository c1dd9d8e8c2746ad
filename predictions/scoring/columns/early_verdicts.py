"""Find the verdicts that were recorded long after the day on which, they say, the answer was public.

What counts on a claim ends on that day, and only the recorder says which it was. Who dates early the answers of what
failed makes little time of it count, so a card tells how many there are, and what would be if they counted until they
were recorded. A platform dates the answers of what it asked, and its verdicts name it; these are left out.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, FloatArray
from predictions.scoring.columns.claim_types import LAST_OF_EACH_NUMBER
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.storage.forecast_records import recorded_at

# Who keeps a ledger honestly looks at it once a week, and reports come late: a verdict that is dated within a week of
# its recording is nothing unusual. In a short window a week is most of the time that counts, and whoever dates a
# failure so gains by it: there it is more than a quarter of the window, and two days at least, as many record on the
# next day.
LONG_BEFORE, SHARE_OF_WINDOW, SHORTEST = 7 * ONE_DAY, 0.25, 2 * ONE_DAY
# The verdict is as old as its first record with this outcome and no later day.
_FIRST_SAID = f"""select r.claim, (
    select min(first.entry) from main.resolution first where first.claim = r.claim and first.outcome = r.outcome
    and coalesce(first.known_at, first.known_on) <= coalesce(r.known_at, r.known_on) and not coalesce(first.dissent, 0)
), (
    select s.source from main.claim c join main.statement s on s.entry = c.statement where c.entry = r.claim
) = r.published_in, exists (
    select 1 from main.resolution_because b join main.evidence e on e.entry = b.evidence
    where b.resolution = r.entry and length(e.published) = 10 and e.published <= r.known_on
) from main.resolution r where {LAST_OF_EACH_NUMBER} order by r.claim, r.number"""


class EarlyVerdicts(NamedTuple):
    """For each claim, shape (claims,) each; claims whose verdict is not so are 0, false, and counted as they are.

    Attributes:
        days: By how many days the verdict is dated before it was recorded.
        by_evidence: True if evidence of that day, or an earlier one, is on file for it.
        limit: Until when forecasts would count, had the answer been public when it was recorded.
    """

    days: FloatArray
    by_evidence: BoolArray
    limit: FloatArray

    @property
    def found(self) -> BoolArray:
        """Which claims have such a verdict."""
        return self.days > 0

    def as_recorded(self, claims: ClaimColumns) -> ClaimColumns:
        """Return the claims as they would count, had each answer been public when it was recorded."""
        return replace(claims, limit=self.limit)


def early_verdicts(connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns) -> EarlyVerdicts:
    """Look at the verdicts among the first *size* entries that are known by *today*, and cut the time of a claim."""
    days, by_evidence, limit = np.zeros(claims.limit.size), np.zeros(claims.limit.size, np.bool_), claims.limit.copy()
    long = np.clip(SHARE_OF_WINDOW * (claims.closes - claims.opens), SHORTEST, LONG_BEFORE)
    cut = claims.limit + long < claims.closes
    rows = connection.execute(_FIRST_SAID, (size, str(today))).fetchall() if cut.any() else []
    if not rows:
        return EarlyVerdicts(days, by_evidence, limit)
    current = {claim: (first, bool(dated), platforms) for claim, first, platforms, dated in rows}  # the last remains
    own = [claim for claim, (_, _, platforms) in current.items() if not platforms]
    number = np.flatnonzero(cut & np.isin(claims.entries, own))
    if not number.size:
        return EarlyVerdicts(days, by_evidence, limit)
    entries, dated, _ = zip(*(current[entry] for entry in claims.entries[number].tolist()), strict=True)
    recorded = recorded_at(connection, np.array(entries), size).astype(np.float64)
    grain = claims.grain[number]
    until = np.where(grain > 0, np.ceil(recorded / ONE_DAY) * ONE_DAY, recorded)
    long_before = np.minimum(until, claims.closes[number]) - claims.limit[number] > long[number]
    number, until = number[long_before], until[long_before]
    limit[number] = np.minimum(until, claims.closes[number])
    days[number] = np.ceil((until - claims.limit[number]) / ONE_DAY)
    by_evidence[number] = np.array(dated)[long_before]
    return EarlyVerdicts(days, by_evidence, limit)
