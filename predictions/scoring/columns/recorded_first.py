"""Find when each forecaster's forecasts on claims that supersede each other were recorded, and could count, for once.

In a chain of superseding somebody is scored where they spoke first. When that was they may say themselves, by a link
that nobody checks; when it was recorded is on file, and nothing that is recorded later changes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from predictions.status import WITNESSED_WITHIN
from predictions.storage.imports import blocks_of, contents, imports, lists_of
from predictions.storage.seals import SEALED_AT

# A forecast that is older than its record, and that no source dates, is kept apart; it may be given a source later.
_RECORDS = f"""select forecaster, min(entry) from main.forecast f where claim = ? and entry < ? and (
    published_in is not null or published_in_evidence is not null
    or julianday({SEALED_AT.format("f")}) - julianday(made_at) < {WITNESSED_WITHIN / timedelta(days=1)} + 1e-8
) group by forecaster"""

RecordedFirst = dict[tuple[int, int], int]


def recorded_first(connection: sqlite3.Connection, size: int, claims: Iterable[int]) -> RecordedFirst:
    """Return the first entry with a forecast that can count, by the entries of claim and forecaster.

    Args:
        connection: To the ledger.
        size: How many of its entries are read.
        claims: The entries of the claims that are looked through.
    """
    chained = set(claims)
    first = {
        (claim, forecaster): entry
        for claim in chained
        for forecaster, entry in connection.execute(_RECORDS, (claim, size))
    }
    for batch in imports(connection, size):
        lists = lists_of(connection, batch.entry)
        wanted = np.isin(lists.claims, list(chained))
        blocks = blocks_of(connection, batch.entry) if wanted.any() else []
        for rows in contents(connection, batch.entry, 0, len(blocks) - 1) if blocks else ():
            chosen = rows.rows(wanted[rows.claim])
            claim, forecaster = lists.claims[chosen.claim].tolist(), lists.forecasters[chosen.forecaster].tolist()
            for pair in set(zip(claim, forecaster, strict=True)):
                first[pair] = min(first.get(pair, batch.entry), batch.entry)
    return first
