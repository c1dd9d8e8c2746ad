"""Find the verdicts that are contested, that replaced others, or that rest on evidence since retracted, for all claims.

What is doubted of one claim, and why, is told in sentences by :mod:`predictions.tally.doubts`.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.scoring.columns.claim_types import LAST_OF_EACH_NUMBER

_CURRENT = f"""select r.claim, r.entry, max(r.number) from main.resolution r where {LAST_OF_EACH_NUMBER}
and exists (select 1 from main.evidence where retracted)
group by r.claim"""  # SQLite takes the entry from the row of the largest number
_CONTESTED = "select claim from main.resolution where entry < ?1 and known_on <= ?2 and dissent"
_RETRACTED = f"""select v.claim from ({_CURRENT}) v join main.resolution_because b on b.resolution = v.entry
join main.evidence e on e.entry = b.evidence join main.evidence last on last.slug = e.slug
where last.entry < ?1 and last.retracted"""
_REPLACED = """select r.claim from main.resolution r where entry < ?1 and known_on <= ?2 and not coalesce(dissent, 0)
and claim in (select claim from main.resolution group by claim having count(*) > 1)
group by r.claim having count(distinct outcome || coalesce(fraction, option, value, case when exists (
    select 1 from main.claim first join main.claim c on c.slug = first.slug
    where first.entry = r.claim and c.type = 'date'
) then coalesce(happened_from, '') || happened_on end, '')) > 1"""


class DoubtedVerdicts(NamedTuple):
    """For each claim what speaks against its verdict: shape (claims,) each.

    Attributes:
        contested: True if somebody else's verdict stands beside it.
        retracted: True if it rests on evidence that was retracted since.
        replaced: True if there was another outcome before.
    """

    contested: BoolArray
    retracted: BoolArray
    replaced: BoolArray


def doubted_verdicts(connection: sqlite3.Connection, size: int, today: date, entries: IndexArray) -> DoubtedVerdicts:
    """Look at the verdicts among the first *size* entries that are known by *today*.

    *entries* are those where the claims began.
    """
    return DoubtedVerdicts(
        *(
            np.isin(entries, [claim for (claim,) in connection.execute(query, (size, str(today)))])
            for query in (_CONTESTED, _RETRACTED, _REPLACED)
        )
    )
