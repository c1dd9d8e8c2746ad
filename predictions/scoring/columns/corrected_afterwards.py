"""Find what was corrected when the answer was on file: days of links, tags of claims, and what was said, and by whom.

Who corrects it then can choose what it does to a figure, so a card tells how much of it there is.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from forecasts.inputs import BoolArray, IndexArray

_KEEPS_TIMES = "({}.kind in ('platform', 'ledger'))"  # whatever the day
_REDATED = f"""with redated (noun, began, entry) as (
    select 'source', (select entry from main.source where slug = s.slug and revision = 1), s.entry from main.source s
    join main.source before on before.slug = s.slug and before.revision = s.revision - 1
    where s.entry < ?1 and (
        s.published is not before.published or {_KEEPS_TIMES.format("s")} <> {_KEEPS_TIMES.format("before")}
    )
    union all
    select 'evidence', (select entry from main.evidence where slug = e.slug and revision = 1), e.entry
    from main.evidence e join main.evidence before on before.slug = e.slug and before.revision = e.revision - 1
    where e.entry < ?1 and (e.published is not before.published or e.retracted is not before.retracted)
)
select f.claim, f.forecaster, count(distinct f.entry) from main.forecast f
join redated d on f.published_in_evidence = d.began and d.noun = 'evidence'
    or f.published_in = d.began and d.noun = 'source'
where f.entry < d.entry and exists (select 1 from main.resolution r where r.claim = f.claim and r.entry < d.entry)
group by 1, 2"""
_TAGGED = """select began.entry, c.entry, t.claim is not null from main.claim c
join main.claim began on began.slug = c.slug and began.revision = 1
left join main.claim_tags t on t.claim = c.entry and t.tag = ?2
where c.entry < ?1 and c.slug in (
    select slug from main.claim where entry in (select claim from main.claim_tags where tag = ?2)
) order by c.entry"""
_RETITLED = """select began.entry, c.entry from main.claim c
join main.claim before on before.slug = c.slug and before.revision = c.revision - 1
join main.claim began on began.slug = c.slug and began.revision = 1
where c.slug in (select slug from main.claim where revision > 1) and c.entry < ? and c.title is not before.title"""
_QUOTED_ANEW = """select began.entry, s.entry from main.statement s
join main.statement before on before.slug = s.slug and before.revision = s.revision - 1
join main.statement began on began.slug = s.slug and began.revision = 1
where s.slug in (select slug from main.statement where revision > 1) and s.entry < ? and (
    s.text is not before.text or s.speaker is not before.speaker or s.not_resolvable is not before.not_resolvable
)"""
_DECIDED = "select claim, min(entry) from main.resolution where entry < ? group by claim"


def redated(connection: sqlite3.Connection, size: int) -> Mapping[tuple[int, int], int]:
    """Count the forecasts whose link got another day when the claim had a verdict, by entries of claim and forecaster.

    A link that was retracted then counts, too, and one that became a platform, which dates all that it holds. That
    takes forecasts out of the figures, or into them.
    """
    rows = connection.execute(_REDATED, (size,)).fetchall()
    return {(claim, forecaster): count for claim, forecaster, count in rows}


def tagged_afterwards(connection: sqlite3.Connection, size: int, entries: IndexArray, tag: str) -> BoolArray:
    """Return which claims got or lost a tag when their verdict was on file; *entries* is where each claim began."""
    tagged: defaultdict[int, list[tuple[int, bool]]] = defaultdict(list)
    for claim, entry, has_it in connection.execute(_TAGGED, (size, tag)):
        tagged[claim].append((entry, bool(has_it)))
    decided = dict(connection.execute(_DECIDED, (size,)).fetchall()) if tagged else {}
    changed = [
        claim
        for claim, revisions in tagged.items()
        if claim in decided
        and revisions[-1][1] != next((has for entry, has in reversed(revisions) if entry < decided[claim]), False)
    ]
    return np.isin(entries, changed)


def reworded_afterwards(
    connection: sqlite3.Connection, size: int, entries: IndexArray, statement: IndexArray
) -> BoolArray:
    """Return which claims got another title, quotation or speaker after their first verdict was recorded.

    Args:
        connection: An open ledger.
        size: How many entries of the ledger count; later ones are not read.
        entries: The entry in which each claim began.
        statement: The entry in which the statement of each claim began.
    """
    titles, quotations = (dict(connection.execute(query, (size,)).fetchall()) for query in (_RETITLED, _QUOTED_ANEW))
    decided = dict(connection.execute(_DECIDED, (size,)).fetchall()) if titles or quotations else {}
    changed = np.isin(entries, [*titles]) | np.isin(statement, [*quotations])
    for position in np.flatnonzero(changed).tolist():
        claim = int(entries[position])
        last_change = max(titles.get(claim, -1), quotations.get(int(statement[position]), -1))
        changed[position] = claim in decided and last_change > decided[claim]
    return changed
