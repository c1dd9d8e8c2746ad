"""Find the forecasts that are dated before the answer and came into the ledger after it, on somebody else's word."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.storage.imports import lists_of
from predictions.storage.seals import SEALED_AT

_ANSWERED = "coalesce(r.known_at, r.known_on)"
_LATE_RECORDS = f"""select f.claim, count(distinct case when s.kind = 'platform' then null else f.entry end),
    max(s.kind = 'platform') from main.forecast f
join main.resolution r on r.claim = f.claim and not coalesce(r.dissent, 0)
left join main.source s on s.entry = f.published_in
where f.entry < ?1 and r.entry < ?1 and f.revision = 1 and (f.published_in_evidence is not null or s.entry is not null)
and f.made_at < {_ANSWERED} and {_ANSWERED} <= {SEALED_AT.format("f")}
group by f.claim"""
_OF_PLATFORMS = f"""select i.entry, {SEALED_AT.format("i")}
from main.import i join main.source s on s.entry = i.published_in
where i.entry < ? and s.kind = 'platform' and i.blocks"""
_FIRST = f"""select r.claim, min({_ANSWERED}) from main.resolution r where r.entry < ? and not coalesce(r.dissent, 0)
group by r.claim"""


class RecordedLate(NamedTuple):
    """What was recorded when the answer was known already, for each claim: shape (claims,) each.

    Attributes:
        by_link: How many forecasts a link dates before the answer. Only the person who recorded them says so, and
            that person knew the answer.
        by_platform: True if forecasts came in afterwards from a platform, which dates its own.
    """

    by_link: IndexArray
    by_platform: BoolArray


def recorded_late(connection: sqlite3.Connection, size: int, entries: IndexArray) -> RecordedLate:
    """Look at the forecasts among the first *size* entries; *entries* are those where the claims began."""
    rows = connection.execute(_LATE_RECORDS, (size,)).fetchall()
    by_link = {claim: count for claim, count, _ in rows}
    of_platforms = {claim for claim, _, platform in rows if platform} | _imported_late(connection, size)
    return RecordedLate(
        np.array([by_link.get(entry, 0) for entry in entries.tolist()], np.intp), np.isin(entries, list(of_platforms))
    )


def _imported_late(connection: sqlite3.Connection, size: int) -> set[int]:
    """Return the claims of which an import in blocks brought a platform's forecasts after the answer."""
    imports = connection.execute(_OF_PLATFORMS, (size,)).fetchall()
    public = dict(connection.execute(_FIRST, (size,)).fetchall()) if imports else {}
    return {
        claim
        for entry, recorded in imports
        for claim in lists_of(connection, entry).claims.tolist()
        if claim in public and public[claim] <= recorded
    }
