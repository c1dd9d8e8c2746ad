"""Find the claims of a ledger that a filter lets through."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.filters import Filter
from predictions.storage.lookup import source_titles

_FILTERED_ON = """select f.entry, c.statement, c.reading, c.type, c.opens_on, c.deadline from main.claim c
join main.claim f on f.slug = c.slug and f.revision = 1 where c.entry < ? order by c.entry"""
_SOURCE_OF_CLAIM = """select f.entry, o.slug from main.statement s
join main.statement f on f.slug = s.slug and f.revision = 1
join main.source o on o.entry = s.source where s.entry < ? order by s.entry"""
_TAGS = """select f.entry, t.tag from main.claim_tags t join main.claim c on c.entry = t.claim
join main.claim f on f.slug = c.slug and f.revision = 1 where c.revision = (
    select max(revision) from main.claim where slug = c.slug and entry < ?1
)"""


def chosen_claims(connection: sqlite3.Connection, size: int, claims: ClaimColumns, only: Filter) -> BoolArray:
    """Return for each claim whether the filter *only* lets it through, as it is after the first *size* entries.

    Raises:
        NotFound: The tag, reading or source that the filter names is not on file.
        InvalidValue: A condition of the filter cannot be read, or names several sources.
    """
    tags: dict[int, set[str]] = {}
    if only.tag is not None:
        for entry, tag in connection.execute(_TAGS, (size,)):
            tags.setdefault(entry, set()).add(tag)
    # Revisions come in order, so the last one of each claim overwrites the others.
    columns = {entry: facts for entry, *facts in connection.execute(_FILTERED_ON, (size,))}
    fits = only.test(
        sources=source_titles(connection, size),
        tags=set().union(*tags.values()),
        readings={reading for _, reading, *_ in columns.values()},
    )
    source_of = dict(connection.execute(_SOURCE_OF_CLAIM, (size,)).fetchall()) if only.source is not None else {}
    fitting = []
    for entry, (statement, reading, type_, opens_on, deadline) in columns.items():
        days = date.fromisoformat(opens_on), date.fromisoformat(deadline)
        claim = _FilteredOn(reading, type_, tags.get(entry, ()), *days)
        if fits(claim, source_of.get(statement, "")):
            fitting.append(entry)
    return np.isin(claims.entries, fitting)


class _FilteredOn(NamedTuple):
    """The facts of one claim that a filter tests: see :class:`~predictions.scoring.columns.filters.ClaimFacts`."""

    reading: str
    type: str
    tags: Collection[str]
    opens_on: date
    deadline: date
