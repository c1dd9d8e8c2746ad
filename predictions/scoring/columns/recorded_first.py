"""Find when each forecaster first forecast claims that supersede each other, as far as nobody can choose it later.

In a chain of superseding somebody is scored where they spoke first. A platform dates what was said on its own claims.
Of everything else the day may be a link's, which nobody checks; when it was recorded is on file for good.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from predictions.status import WITNESSED_WITHIN
from predictions.storage.forecast_records import microseconds
from predictions.storage.imports import blocks_of, contents, imports, lists_of
from predictions.storage.seals import SEALED_AT

# A forecast that is older than its record, and that no source dates, is kept apart; it may be given a source later.
_RECORDS = f"""select f.forecaster, case when s.kind = 'platform' and s.entry = asked.source then f.made_at
    else {SEALED_AT.format("f")} end
from main.forecast f join main.claim c on c.entry = f.claim join main.statement asked on asked.entry = c.statement
left join main.source s on s.entry = f.published_in
where f.claim = ? and f.entry < ? and (
    s.entry is not null or f.published_in_evidence is not null
    or julianday({SEALED_AT.format("f")}) - julianday(f.made_at) < {WITNESSED_WITHIN / timedelta(days=1)} + 1e-8
)"""
_IMPORTED = f"""select {SEALED_AT.format("i")}, i.published_in is not null, (
    select s.entry from main.source s where s.entry = i.published_in and s.kind = 'platform'
) from main.import i where i.entry = ?"""
_SOURCE_OF_CLAIM = """select asked.source from main.claim c join main.statement asked on asked.entry = c.statement
where c.entry = ?"""

RecordedFirst = dict[tuple[int, int], int]


def recorded_first(connection: sqlite3.Connection, size: int, claims: Iterable[int]) -> RecordedFirst:
    """Return the moment of the first forecast that can count, in microseconds since 1970.

    It is when the platform that asked the claim says that it was made; of what no such platform dates, when it was
    recorded.

    Args:
        connection: To the ledger.
        size: How many of its entries are read.
        claims: The entries of the claims that are looked through.

    Returns:
        The moments, by the entries of claim and forecaster.
    """
    chained, first = sorted(set(claims)), RecordedFirst()

    def note(claim: int, forecaster: int, moment: int) -> None:
        first[claim, forecaster] = min(first.get((claim, forecaster), moment), moment)

    for claim in chained:
        records = connection.execute(_RECORDS, (claim, size)).fetchall()
        moments = microseconds(tuple(moment for _, moment in records)).tolist()
        for (forecaster, _), moment in zip(records, moments, strict=True):
            note(claim, forecaster, moment)
    asked_by = {claim: connection.execute(_SOURCE_OF_CLAIM, (claim,)).fetchone()[0] for claim in chained}
    for batch in imports(connection, size):
        lists = lists_of(connection, batch.entry)
        wanted = np.isin(lists.claims, chained)
        blocks = blocks_of(connection, batch.entry) if wanted.any() else []
        sealed_at, is_dated, platform = connection.execute(_IMPORTED, (batch.entry,)).fetchone()
        recorded_at = int(microseconds((sealed_at,))[0])
        for rows_of_block in contents(connection, batch.entry, 0, len(blocks) - 1) if blocks else ():
            witnessed = recorded_at - rows_of_block.made_at <= WITNESSED_WITHIN // timedelta(microseconds=1)
            rows = rows_of_block.rows(wanted[rows_of_block.claim] & (witnessed | bool(is_dated)))
            pairs = zip(lists.claims[rows.claim].tolist(), lists.forecasters[rows.forecaster].tolist(), strict=True)
            for (claim, forecaster), made_at in zip(pairs, rows.made_at.tolist(), strict=True):
                own = platform is not None and asked_by[claim] == platform
                note(claim, forecaster, int(made_at) if own else recorded_at)
    return first
