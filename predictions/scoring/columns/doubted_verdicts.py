"""Find the verdicts of all claims that are contested, replaced others, or rest on evidence since retracted.

:mod:`predictions.tally.doubts` describes in sentences what is doubted about one claim, and why.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.enums import Outcome
from predictions.scoring.columns.claim_types import LAST_OF_EACH_NUMBER, LAST_REVISIONS
from predictions.scoring.columns.claims import ANNULLED, ClaimColumns
from predictions.storage.forecast_records import microseconds
from predictions.storage.seals import SEALED_AT
from predictions.windows import TENTH

_CURRENT = f"""select r.claim, r.entry, max(r.number) from main.resolution r where {LAST_OF_EACH_NUMBER}
and exists (select 1 from main.evidence where retracted)
group by r.claim"""  # SQLite takes the entry from the row of the largest number
_ANSWER = """outcome || coalesce(fraction, option, value, case when exists (
    select 1 from main.claim first join main.claim c on c.slug = first.slug
    where first.entry = r.claim and c.type = 'date'
) then coalesce(happened_from, '') || happened_on end, '')"""
# Compares the verdict with the last dissent of each dissenter. One whose last dissent has the same outcome as the
# verdict contests nothing.
_CONTESTED = f"""select claim from (
    select r.claim, {_ANSWER} as answer, row_number() over (
        partition by r.claim, coalesce(r.dissent, 0),
        case when r.dissent then coalesce(r.decided_by, r.recorded_by) end, case when r.dissent then r.published_in end
        order by r.number desc
    ) as latest
    from main.resolution r where {LAST_REVISIONS} and r.claim in (select claim from main.resolution where dissent)
) where latest = 1 group by claim having count(distinct answer) > 1"""
_RETRACTED = f"""select v.claim from ({_CURRENT}) v join main.resolution_because b on b.resolution = v.entry
join main.evidence e on e.entry = b.evidence join main.evidence last on last.slug = e.slug
where last.entry < ?1 and last.retracted"""
_REPLACED = f"""select r.claim from main.resolution r where entry < ?1 and known_on <= ?2 and not coalesce(dissent, 0)
and claim in (select claim from main.resolution where number > 1 or revision > 1)
group by r.claim having count(distinct {_ANSWER}) > 1"""
# A condition has failed once its verdict no is sealed, unless a later verdict is yes. Few claims have a condition: the
# cross join and the plus make SQLite read only these.
_CONDITIONS = f"""select (select entry from main.claim where slug = c.slug and revision = 1), c.given, r.outcome,
{SEALED_AT.format("r")}, max(r.number) from main.claim c cross join main.resolution r on r.claim = c.given
where c.given is not null and c.entry < ?1 and {LAST_OF_EACH_NUMBER} and not exists (
    select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision and later.entry < ?1
) group by +c.slug"""
_ANSWERED = (
    "select claim from main.resolution where entry < ? and known_on <= ? and outcome not in ('annulled', 'ambiguous')"
)


class DoubtedVerdicts(NamedTuple):
    """Reasons to doubt the verdict of each claim: shape (claims,) each.

    Attributes:
        contested: Whether somebody's last dissent has another outcome than the verdict.
        retracted: Whether the verdict rests on evidence that was retracted since.
        replaced: Whether an earlier verdict had another outcome.
        condition_failed: Whether the claim is annulled without any doubt, because the claim that it is given came out
            no. Three things must hold: nobody contests that no; it was on file before a tenth of the annulled claim's
            window was gone; and the annulled claim has no other answer on file. Without these rules the person who
            decides a condition could annul claims that are about to fail.
    """

    contested: BoolArray
    retracted: BoolArray
    replaced: BoolArray
    condition_failed: BoolArray


def doubted_verdicts(connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns) -> DoubtedVerdicts:
    """Find what is doubted among the verdicts in the first *size* entries that are public by *today*."""
    contested, retracted, replaced = (
        np.isin(claims.entries, [claim for (claim,) in connection.execute(query, (size, str(today)))])
        for query in (_CONTESTED, _RETRACTED, _REPLACED)
    )
    annulled = np.flatnonzero(claims.verdict == ANNULLED)
    failed = _condition_failed(connection, size, today, claims, contested, annulled) if annulled.size else annulled
    condition_failed = np.zeros(contested.size, np.bool_)
    condition_failed[failed] = True
    return DoubtedVerdicts(contested, retracted, replaced, condition_failed)


def _condition_failed(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, contested: BoolArray,
    annulled: IndexArray,
) -> IndexArray:  # fmt: skip
    """Return the *annulled* claims whose condition failed without doubt, as :class:`DoubtedVerdicts` explains."""
    contested_claims = set(claims.entries[contested].tolist())
    sealed_at_of = {
        claim: sealed_at
        for claim, given, outcome, sealed_at, _ in connection.execute(_CONDITIONS, (size, str(today)))
        if outcome == Outcome.NO and given not in contested_claims
    }
    failed = annulled[np.isin(claims.entries[annulled], list(sealed_at_of))]
    if not failed.size:
        return failed
    answered = [claim for (claim,) in connection.execute(_ANSWERED, (size, str(today)))]
    known_at = microseconds(tuple(sealed_at_of[claim] for claim in claims.entries[failed].tolist()))
    begun = claims.opens[failed] + TENTH * (claims.closes - claims.opens)[failed]
    return failed[(known_at < begun) & ~np.isin(claims.entries[failed], answered)]
