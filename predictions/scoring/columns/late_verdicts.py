"""Find the verdicts that are dated later than what they say, or rest on, was public: somebody may have known it before.

What counts on a claim goes on until the day of its verdict, and only the recorder says which that was. Who dates late
the answers that they had foreseen, or says what everybody could know by then, makes it count for long. So a card tells
how many verdicts are dated after the day on which, they say themselves, it happened; after the last piece of evidence
that they rest on; or after the day that an earlier verdict had. A claim told by the moment whose verdict names none is
like that, too, where a day is much of its window: nobody can say which forecasts of that day came after the answer. And
so is a yes that says only when it was known, and rests on nothing, if somebody had raised a number long before.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Rows
from predictions.scoring.columns.claim_types import LAST_OF_EACH_NUMBER
from predictions.scoring.columns.claims import ONE_DAY, RESOLVED, ClaimColumns
from predictions.timestamps import day_number
from predictions.windows import TENTH

_KNOWN = "coalesce({0}.known_at, {0}.known_on)"
_SAME_ANSWER = """first.outcome = r.outcome and first.fraction is r.fraction and first.option is r.option
    and first.value is r.value and not coalesce(first.dissent, 0)"""
# What is cited decides; without any, what supports the claim, which says nothing of a no. A no of the window's end
# rests on nothing that came before it.
_LAST_PIECE = """select max(day) from (
    select entry, coalesce(published, happened) as day from main.evidence where entry < ?1
) where length(day) = 10 and day <= r.known_on and entry in ("""  # a day alone is one on which something was public
_COULD_BE_KNOWN = f"""select r.claim, r.number, r.outcome, substr(min(coalesce(r.happened_on, r.known_on), (
    select min({_KNOWN.format("first")}) from main.resolution first
    where first.claim = r.claim and first.entry < ?1 and {_SAME_ANSWER}
)), 1, 10), ({_LAST_PIECE}
    select b.evidence from main.resolution_because b where b.resolution = r.entry
)), ({_LAST_PIECE}
    select b.evidence from main.bearing b where b.claim = r.claim and b.bears = 'supports' and b.entry < ?1
)), exists (select 1 from main.resolution_because b where b.resolution = r.entry), (
    select s.source from main.claim c join main.statement s on s.entry = c.statement where c.entry = r.claim
) is r.published_in from main.resolution r where {LAST_OF_EACH_NUMBER} and (
    r.happened_on < r.known_on or r.number > 1 or r.revision > 1
    or r.entry in (select resolution from main.resolution_because)
    or r.claim in (select claim from main.bearing where bears = 'supports')
) order by r.claim, r.number"""  # of all others, which may be a million, nothing earlier is on file


_WITHOUT_A_DAY = f"""select r.claim from main.resolution r where {LAST_OF_EACH_NUMBER} and r.outcome = 'yes'
and r.happened_on is null and r.entry not in (select resolution from main.resolution_because)
and r.claim not in (select claim from main.bearing where bears = 'supports') and (
    select s.source from main.claim c join main.statement s on s.entry = c.statement where c.entry = r.claim
) is not r.published_in"""
WEEK = 7 * ONE_DAY  # in which who keeps a ledger honestly looks at it, and learns what happened


class LateVerdicts(NamedTuple):
    """For each claim, shape (claims,) each; claims whose verdict is not so are 0, false, and counted as they are.

    Attributes:
        days: By how many days the verdict is dated after its answer could be known.
        without_moment: True if a moment is asked for, and forecasts of the last day count beside a verdict without one.
        limit: Until when forecasts would count, had the answer been public as early as it could be.
        grain: ONE_DAY where they would be told by the day.
        without_day: True if it came true, on no day that is told, and somebody had raised a number long before.
        raised: For each forecaster, by number, on how many of these they had.
    """

    days: FloatArray
    without_moment: BoolArray
    limit: FloatArray
    grain: FloatArray
    without_day: BoolArray
    raised: IndexArray

    @property
    def found(self) -> BoolArray:
        """For each claim whether its verdict is dated late, or names no moment."""
        return (self.days > 0) | self.without_moment

    def as_early_as_known(self, claims: ClaimColumns) -> ClaimColumns:
        """Return the claims as they would count, had each answer been public as early as it could be."""
        return replace(claims, limit=self.limit, grain=self.grain)


def late_verdicts(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, rows: Rows
) -> LateVerdicts:
    """Look at the verdicts among the first *size* entries that are known by *today*, and at the forecasts."""
    days, limit, grain = np.zeros(claims.limit.size), claims.limit.copy(), claims.grain.copy()
    without_moment = _without_moment(claims, rows)
    grain[without_moment] = ONE_DAY
    found = _known_from(connection, size, today)
    dated = np.isin(claims.entries, list(found)) & (claims.verdict == RESOLVED)
    long = _long(claims)
    for place in np.flatnonzero(dated).tolist():
        said, piece, is_no = found[int(claims.entries[place])]
        lapsed = is_no and claims.limit[place] == claims.closes[place]
        first = said if lapsed or piece is None else min(said, piece)
        known = (day_number(date.fromisoformat(first)) + 1) * float(ONE_DAY)
        if claims.limit[place] - known > long[place]:
            days[place] = np.ceil((claims.limit[place] - known) / ONE_DAY)
            limit[place], grain[place] = max(known, claims.opens[place]), ONE_DAY
    without_day, raised = _raised_before(connection, size, today, claims, rows)
    return LateVerdicts(days, without_moment, limit, grain, without_day, raised)


def _long(claims: ClaimColumns) -> FloatArray:
    """Return for each claim how much later than it could be known an answer may be dated without a word.

    It is a tenth of the time that counts, since that is what a later day adds to, and a week, in which nobody may have
    looked; of a short window it is a tenth, and two days.
    """
    counted = np.maximum(TENTH * (claims.limit - claims.opens), WEEK)
    return np.maximum(np.minimum(counted, TENTH * (claims.closes - claims.opens)), 2 * ONE_DAY)


def _raised_before(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, rows: Rows
) -> tuple[BoolArray, IndexArray]:
    """Find the claims that came true on no day that is told, and who raised a number on them long before it was known.

    It may have happened by then. Who raised none gains nothing by it.
    """
    found, nobody = np.zeros(claims.limit.size, np.bool_), np.zeros(0, np.intp)
    asked = np.isin(claims.entries, connection.execute(_WITHOUT_A_DAY, (size, str(today))).fetchall())
    asked &= claims.verdict == RESOLVED
    part = rows.part(asked[rows.claim]) if asked.any() else rows.part(slice(0, 0))
    if not part.claim.size:
        return found, nobody
    goes_on = (part.claim[1:] == part.claim[:-1]) & (part.forecaster[1:] == part.forecaster[:-1])
    until = (claims.limit - _long(claims))[part.claim[1:]]
    begins = claims.opens[part.claim[1:]]
    rises = goes_on & (part.probability[1:] > part.probability[:-1]) & (part.time[1:] < until)
    rises &= part.time[1:] >= begins
    claim, forecaster = part.claim[1:][rises], part.forecaster[1:][rises]
    found[claim] = True
    pairs = np.unique(np.stack([forecaster, claim]).astype(np.intp), axis=1)
    return found, np.bincount(pairs[0]) if rises.any() else nobody


def _known_from(
    connection: sqlite3.Connection, size: int, today: date
) -> dict[int, tuple[str, str | None, bool]]:  # fmt: skip
    """Return for each claim, by the entry of its first revision, since when its answer could be known.

    Returns:
        The first day by what verdicts say; the day of the last piece of evidence that the verdict rests on, None
        without any; and whether the verdict is a no. Verdicts by the platform that asked the claim are left out.
    """
    known_from = dict[int, tuple[str, str | None, bool]]()
    for claim, _, outcome, day, cited_day, supporting_day, cites, is_platforms in connection.execute(
        _COULD_BE_KNOWN, (size, str(today))
    ):
        evidence_day = cited_day
        if not cites:
            evidence_day = supporting_day if outcome != "no" else None
        known_from.pop(claim, None)  # rows come in order, and the last verdict on a claim remains
        if not is_platforms:
            known_from[claim] = day, evidence_day, outcome == "no"
    return known_from


def _without_moment(claims: ClaimColumns, rows: Rows) -> BoolArray:
    """Return for each claim whether forecasts of its last day count by the moment, though no moment is known."""
    begins = np.floor((claims.limit - 1) / ONE_DAY) * ONE_DAY  # the last day that counts
    day_is_much = claims.limit - np.maximum(begins, claims.opens) > TENTH * (claims.closes - claims.opens)
    candidates = (claims.grain == 0) & (claims.verdict == RESOLVED) & (claims.limit == claims.closes) & day_is_much
    candidates &= np.isnan(claims.known_at)
    without_moment = np.zeros(candidates.size, np.bool_)
    if candidates.any():
        claim = rows.claim
        on_last_day = candidates[claim] & (rows.time >= begins[claim]) & (rows.time < claims.limit[claim])
        without_moment[claim[on_last_day]] = True
    return without_moment
