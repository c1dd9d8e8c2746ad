"""Find the verdicts that are dated later than their answer could be known, so that somebody may have known it before.

Forecasts on a claim count until the day of its verdict, and only the recorder says which day it was. With a late day a
recorder could let forecasts count that they had made knowing the answer, or that simply repeat what everybody knew by
then. So a card tells how many verdicts are dated

- after the day on which, by their own words, the event happened;
- after the last piece of evidence on which they rest;
- after the day of an earlier verdict with the same answer.

Two more kinds count as late. A verdict without a moment, on a claim that counts to the moment and for which a day is
much of the window: nobody can tell which forecasts of that day came after the answer. And a yes that only says when it
was known, and rests on no evidence, if a forecaster had raised a number long before.
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
# The evidence that a verdict cites decides. If it cites none, the evidence that supports the claim decides, but not for
# a no. A no at the end of the window rests on nothing that came before.
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
WEEK = 7 * ONE_DAY  # an honest keeper of a ledger looks at it once a week, and then learns what happened


class LateVerdicts(NamedTuple):
    """How late the verdict of each claim is dated: shape (claims,) each.

    Attributes:
        days: How many days after its answer could be known the verdict is dated, if that is unusually late; else 0.
        without_moment: Whether the claim counts to the moment, its verdict names only a day, and there are forecasts on
            that day.
        limit: Until when forecasts would count if such an answer had been public as early as it could be known; the
            limit that holds for all other claims.
        grain: The step of time with that limit: ONE_DAY for such verdicts, else the claim's own.
        without_day: Whether the claim came true on a day that nobody states, and somebody had raised a number long
            before.
        raised: For each forecaster, on how many of these claims they had raised a number.
    """

    days: FloatArray
    without_moment: BoolArray
    limit: FloatArray
    grain: FloatArray
    without_day: BoolArray
    raised: IndexArray

    @property
    def is_late(self) -> BoolArray:
        """Whether the verdict of each claim is dated unusually late, or lacks a moment."""
        return (self.days > 0) | self.without_moment

    def as_early_as_known(self, claims: ClaimColumns) -> ClaimColumns:
        """Return the claims as they would count if each of these answers had been public as early as it could be."""
        return replace(claims, limit=self.limit, grain=self.grain)


def late_verdicts(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, rows: Rows
) -> LateVerdicts:
    """Find the late verdicts among the first *size* entries that are public by *today*.

    *rows* are the forecasts; they show who raised a number early, and who made a forecast on the last day.
    """
    days, limit, grain = np.zeros(claims.limit.size), claims.limit.copy(), claims.grain.copy()
    without_moment = _without_moment(claims, rows)
    grain[without_moment] = ONE_DAY
    known_from = _known_from(connection, size, today)
    has_day = np.isin(claims.entries, list(known_from)) & (claims.verdict == RESOLVED)
    usual = _usual_delay(claims)
    for position in np.flatnonzero(has_day).tolist():
        verdict_day, evidence_day, is_no = known_from[int(claims.entries[position])]
        lapsed = is_no and claims.limit[position] == claims.closes[position]
        first = verdict_day if lapsed or evidence_day is None else min(verdict_day, evidence_day)
        end_of_day = (day_number(date.fromisoformat(first)) + 1) * float(ONE_DAY)
        if claims.limit[position] - end_of_day > usual[position]:
            days[position] = np.ceil((claims.limit[position] - end_of_day) / ONE_DAY)
            limit[position], grain[position] = max(end_of_day, claims.opens[position]), ONE_DAY
    without_day, raised = _raised_before(connection, size, today, claims, rows)
    return LateVerdicts(days, without_moment, limit, grain, without_day, raised)


def _usual_delay(claims: ClaimColumns) -> FloatArray:
    """Return how much later than it could be known the answer to each claim is usually dated at most.

    It is a tenth of the time that counts, which a late day makes longer, but at least a week, in which nobody may have
    looked. For short windows it is a tenth of the window, but at least two days.
    """
    counted = np.maximum(TENTH * (claims.limit - claims.opens), WEEK)
    return np.maximum(np.minimum(counted, TENTH * (claims.closes - claims.opens)), 2 * ONE_DAY)


def _raised_before(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, rows: Rows
) -> tuple[BoolArray, IndexArray]:
    """Find the claims that came true on a day that nobody states, and on which a number had been raised long before.

    The event may have happened by then, and the forecaster may have known. Others gain nothing by the late answer.

    Returns:
        Whether each claim is one of these, and on how many of them each forecaster had raised a number.
    """
    raised_on, by_nobody = np.zeros(claims.limit.size, np.bool_), np.zeros(0, np.intp)
    asked = np.isin(claims.entries, connection.execute(_WITHOUT_A_DAY, (size, str(today))).fetchall())
    asked &= claims.verdict == RESOLVED
    part = rows.part(asked[rows.claim]) if asked.any() else rows.part(slice(0, 0))
    if not part.claim.size:
        return raised_on, by_nobody
    goes_on = (part.claim[1:] == part.claim[:-1]) & (part.forecaster[1:] == part.forecaster[:-1])
    until = (claims.limit - _usual_delay(claims))[part.claim[1:]]
    begins = claims.opens[part.claim[1:]]
    rises = goes_on & (part.probability[1:] > part.probability[:-1]) & (part.time[1:] < until)
    rises &= part.time[1:] >= begins
    claim, forecaster = part.claim[1:][rises], part.forecaster[1:][rises]
    raised_on[claim] = True
    pairs = np.unique(np.stack([forecaster, claim]).astype(np.intp), axis=1)
    return raised_on, np.bincount(pairs[0]) if rises.any() else by_nobody


def _known_from(
    connection: sqlite3.Connection, size: int, today: date
) -> dict[int, tuple[str, str | None, bool]]:  # fmt: skip
    """Return since when the answer to each claim could be known, by the first entry of the claim.

    Returns:
        Three values for each claim: the first day that verdicts with this answer state; the day of the last piece of
        evidence on which the verdict rests, None without any; and whether the verdict is a no. Verdicts by the platform
        that asked the question are left out.
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
    """Return for each claim whether its verdict lacks a moment that is needed to tell which forecasts count.

    That is so if the claim counts to the moment and has forecasts on its last day. Claims for which a day is little of
    the window are left out.
    """
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
