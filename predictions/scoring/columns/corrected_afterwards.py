"""Find what was corrected late: days of links, tags and sources of claims, what was said, and by whom.

Who corrects it then can choose what it does to a figure, so a card tells how much of it there is. A claim is over when
its window is, or when an answer to it is public or on file, whichever comes first: who waits with the verdict may know
the answer all the same. Before that the numbers of others begin to show it: what decides whose figures a claim enters
is late once a tenth of the window is gone since it was recorded. A title or a quotation, which changes no figure, may
be reworded until the claim is over.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.late_imports import when_public
from predictions.scoring.columns.recorders import ANSWERED, entry_places
from predictions.slugs import source_named
from predictions.storage.forecast_records import microseconds, recorded_at
from predictions.storage.lookup import source_titles
from predictions.windows import TENTH

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
select f.claim, f.forecaster, f.entry, max(d.entry) from main.forecast f
join redated d on f.published_in_evidence = d.began and d.noun = 'evidence'
    or f.published_in = d.began and d.noun = 'source'
where f.entry < d.entry group by f.entry"""
_TAGGED = """select began.entry, c.entry, t.claim is not null from main.claim c
join main.claim began on began.slug = c.slug and began.revision = 1
left join main.claim_tags t on t.claim = c.entry and t.tag = ?2
where c.entry < ?1 and c.slug in (select slug from main.claim where revision > 1) and c.slug in (
    select slug from main.claim where entry in (select claim from main.claim_tags where tag = ?2)
) order by 1, 2"""
_REVISIONS = """select began.entry, r.entry, {columns} from main.{noun} r
join main.{noun} began on began.slug = r.slug and began.revision = 1
where r.entry < ?1 and r.slug in (select slug from main.{noun} where revision > 1) order by 1, 2"""
_RETITLED = _REVISIONS.format(noun="claim", columns="r.title")
_QUOTATIONS = _REVISIONS.format(noun="statement", columns="r.text, r.not_resolvable, r.source")
_SPEAKERS = _REVISIONS.format(noun="statement", columns="r.speaker")
_UNDER_SOURCE = _REVISIONS.format(
    noun="statement", columns="(select slug from main.source where entry = r.source) = ?2"
)
_VERDICTS = f"select r.claim, r.entry, {ANSWERED} from main.resolution r where r.entry < ?1"

_NUMBERS_SAID = """json_array({0}.probability, {0}.low, {0}.high, {0}.words, {0}.scale, {0}.withdrawn,
(select group_concat(option || ' ' || share) from main.forecast_shares where forecast = {0}.entry),
(select group_concat(at || ' ' || chance) from main.forecast_points where forecast = {0}.entry),
(select group_concat(day || ' ' || chance) from main.forecast_days where forecast = {0}.entry))"""
_PUT_RIGHT = f"""select f.claim, f.forecaster, f.made_at, f.entry from main.forecast f
left join main.forecast before on before.claim = f.claim and before.forecaster = f.forecaster
    and before.made_at = f.made_at and before.revision = f.revision - 1
where f.revision > 1 and f.entry < ? and {_NUMBERS_SAID.format("f")} is not {_NUMBERS_SAID.format("before")}"""


def over_from(connection: sqlite3.Connection, size: int, claims: ClaimColumns) -> IndexArray:
    """Return for each claim the moment from which it was over, in microseconds since 1970.

    That is the end of its window, the first day on which an answer was public, or when the first verdict was recorded.
    """
    over = claims.limit.astype(np.int64)
    if rows := connection.execute(_VERDICTS, (size,)).fetchall():
        claim, entry, answered = zip(*rows, strict=True)
        known = np.array([when_public(text) for text in answered], np.int64)
        recorded = recorded_at(connection, np.array(entry, np.int64), size)
        place = entry_places(claims.entries, np.array(claim, np.int64))
        np.minimum.at(over, place[place >= 0], np.minimum(known, recorded)[place >= 0])
    return over


def late_from(claims: ClaimColumns, over: IndexArray, places: IndexArray, since: IndexArray | int) -> IndexArray:
    """Return from when it is late to change what was recorded about some claims, in microseconds since 1970.

    Args:
        claims: All claims.
        over: For each claim from when it is over.
        places: The positions of the claims in question.
        since: When it was recorded, for each of them or for all.
    """
    begun = np.maximum(claims.opens[places], since)
    tenth_gone = begun + TENTH * (claims.closes - claims.opens)[places]
    return np.minimum(over[places], tenth_gone.astype(np.int64))


def redated(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray
) -> Mapping[tuple[int, int], int]:
    """Count the forecasts whose link got another day late, by entries of claim and forecaster.

    A link that was retracted then counts, too, and one that became a platform, which dates all that it holds. That
    takes forecasts out of the figures, or into them.
    """
    rows = connection.execute(_REDATED, (size,)).fetchall()
    if not rows:
        return {}
    claim, forecaster, forecast, changed = np.array(rows, np.int64).T
    since = recorded_at(connection, forecast, size)
    late = recorded_at(connection, changed, size) >= late_from(claims, over, entry_places(claims.entries, claim), since)
    return Counter(zip(claim[late].tolist(), forecaster[late].tolist(), strict=True))


def put_right(connection: sqlite3.Connection, size: int, claims: ClaimColumns) -> Mapping[tuple[int, int], int]:
    """Count the forecasts that were corrected late in the window, by entries of claim and forecaster.

    That is by more than TENTH of the window after they began to count, and before the answer was public. A corrected
    forecast counts from its recording, as a change of mind would; who corrects what another said knows more by then.
    """
    rows = connection.execute(_PUT_RIGHT, (size,)).fetchall()
    if not rows:
        return {}
    claim, forecaster, made_at, entry = zip(*rows, strict=True)
    place = entry_places(claims.entries, np.array(claim, np.int64))
    recorded = recorded_at(connection, np.array(entry, np.int64), size)
    begun = np.maximum(microseconds(made_at), claims.opens[place])
    late = (recorded - begun > TENTH * (claims.closes - claims.opens)[place]) & (recorded < claims.limit[place])
    series = zip(claim, forecaster, made_at, strict=True)
    return Counter(key[:2] for key in {key for key, is_late in zip(series, late.tolist(), strict=True) if is_late})


def tagged_late(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray, tag: str
) -> BoolArray:
    """Return which claims got or lost a tag late."""
    return _changed(connection, size, claims.entries, partial(late_from, claims, over), _TAGGED, tag)


def moved_late(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray, source: str
) -> BoolArray:
    """Return of which claims the statement was put under a source, or taken from it, late.

    The source is named by its slug, its title or a beginning that only its slug has, as in a filter.
    """
    late, wanted = partial(late_from, claims, over), source_named(source, source_titles(connection, size))
    return _changed(connection, size, claims.statement, late, _UNDER_SOURCE, wanted)


def given_late(connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray) -> BoolArray:
    """Return the statement of which claims was given to another speaker late."""
    return _changed(connection, size, claims.statement, partial(late_from, claims, over), _SPEAKERS)


def reworded_afterwards(connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray) -> BoolArray:
    """Return which claims got another title or quotation, or one of another source, when they were over."""

    def is_over(places: IndexArray, since: int) -> IndexArray:
        return over[places]

    retitled = _changed(connection, size, claims.entries, is_over, _RETITLED)
    return retitled | _changed(connection, size, claims.statement, is_over, _QUOTATIONS)


def _changed(
    connection: sqlite3.Connection, size: int, entries: IndexArray, late_from: Callable[[IndexArray, int], IndexArray],
    query: str, *asked: str,
) -> BoolArray:  # fmt: skip
    """Return which claims have another value now than when changes became late, or than they began with if later.

    Args:
        connection: An open ledger.
        size: How many entries of the ledger count; later ones are not read.
        entries: For each claim where the record began that has the value: its own, or that of its statement.
        late_from: Returns from when it is late to change a record of some claims that began at a moment.
        query: Selects the entry where each record began, that of every revision, and its values, in order.
        *asked: What the query asks for, beside the size.
    """
    changed = np.zeros(entries.size, np.bool_)
    rows = connection.execute(query, (size, *asked)).fetchall()
    if not rows:
        return changed
    began, revision, *values = zip(*rows, strict=True)
    contents, recorded = list(zip(*values, strict=True)), recorded_at(connection, np.array(revision, np.int64), size)
    order = np.argsort(entries, kind="stable")
    records, begins = np.unique(np.array(began, np.int64), return_index=True)
    firsts, lasts = (np.searchsorted(entries, records, side, order).tolist() for side in ("left", "right"))
    spans = zip(begins.tolist(), np.append(begins, len(rows))[1:].tolist(), firsts, lasts, strict=True)
    for begin, end, first, last in spans:
        if len(set(contents[begin:end])) > 1:
            places = order[first:last]
            late = late_from(places, int(recorded[begin]))
            in_time = np.maximum(np.searchsorted(recorded[begin:end], late), 1) - 1
            changed[places] = [contents[begin + number] != contents[end - 1] for number in in_time.tolist()]
    return changed
