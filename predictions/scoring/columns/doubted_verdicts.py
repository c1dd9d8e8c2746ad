"""Find the verdicts that are contested, that replaced others, or that rest on evidence since retracted, for all claims.

What is doubted of one claim, and why, is told in sentences by :mod:`predictions.tally.doubts`.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray

_CURRENT = """select claim, entry from main.resolution r where entry < ?1 and not coalesce(dissent, 0) and not exists (
    select 1 from main.resolution later where later.claim = r.claim and later.entry < ?1
    and not coalesce(later.dissent, 0) and (later.number, later.revision) > (r.number, r.revision)
)"""
_CONTESTED = "select claim from main.resolution where entry < ? and dissent"
_RETRACTED = f"""select v.claim from ({_CURRENT}) v join main.resolution_because b on b.resolution = v.entry
join main.evidence e on e.entry = b.evidence join main.evidence last on last.slug = e.slug
where last.entry < ?1 and last.retracted"""
_REPLACED = """select claim from main.resolution where entry < ? and not coalesce(dissent, 0)
group by claim having count(distinct outcome || coalesce(fraction, option, value, '')) > 1"""


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


def doubted_verdicts(connection: sqlite3.Connection, size: int, entries: IndexArray) -> DoubtedVerdicts:
    """Look at the verdicts among the first *size* entries; *entries* are those where the claims began."""
    return DoubtedVerdicts(
        *(
            np.isin(entries, [claim for (claim,) in connection.execute(query, (size,))])
            for query in (_CONTESTED, _RETRACTED, _REPLACED)
        )
    )
