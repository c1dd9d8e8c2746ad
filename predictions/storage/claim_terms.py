"""What the claims that take a distribution ask, read as columns: an import needs nothing else of most of them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from predictions.storage.store import batches, placeholders

_AS_THEY_STAND = """select entry, slug, type, low, high, scale, opens_on, deadline from main.claim c
where slug in ({}) and type in ({}) and not exists
(select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision)"""
_OPTIONS_OF = "select claim, option from main.claim_options where claim in ({}) order by claim, position"


class ClaimTerms(NamedTuple):
    """What one claim asks, as it stands.

    Attributes:
        slug: Its slug.
        type: Its type.
        low: The low end of a number's range.
        high: The high end.
        scale: The axis of a number, where it is not the plain one.
        opens_on: The first day of its window, in ISO form.
        deadline: The last day.
        options: The options of a choice.
    """

    slug: str
    type: str
    low: float | None
    high: float | None
    scale: str | None
    opens_on: str
    deadline: str
    options: tuple[str, ...]


def claim_terms(
    connection: sqlite3.Connection, claims: Collection[str], types: Collection[str]
) -> Iterator[ClaimTerms]:
    """Yield what those of some claims ask that are of one of some types."""
    for slugs in batches(sorted(claims)):
        query = _AS_THEY_STAND.format(placeholders(slugs), placeholders([*types]))
        rows = connection.execute(query, [*slugs, *types]).fetchall()
        options: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
        for claim, option in connection.execute(_OPTIONS_OF.format(placeholders(rows)), [entry for entry, *_ in rows]):
            options[claim] += (option,)
        for entry, *terms in rows:
            yield ClaimTerms._make((*terms, options[entry]))
