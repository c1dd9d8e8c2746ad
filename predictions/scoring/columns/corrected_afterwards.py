"""Find late corrections: of links' days, of forecasts, and of the tags, sources, speakers and wordings of claims.

At that time a person can choose how a correction changes a figure, so a card tells how many there are. Two moments
matter:

- A claim is over when its window ends, or when an answer to it is public or on file, whichever comes first: the
  recorder of a late verdict may have known the answer before. Titles and quotations, which change no figure, may be
  reworded until then.
- Once a tenth of the window is gone, the forecasts of others begin to show the answer. From then on it is late to
  correct anything that decides whose figures a claim enters.
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

_KEEPS_TIMES = "({}.kind in ('platform', 'ledger'))"  # these sources date their forecasts one by one
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
    """Return the moment from which each claim was over, in microseconds since 1970.

    It is the earliest of the end of its window, the first day on which an answer was public, and the recording of the
    first verdict.
    """
    over = claims.limit.astype(np.int64)
    if rows := connection.execute(_VERDICTS, (size,)).fetchall():
        claim, entry, answered = zip(*rows, strict=True)
        public = np.array([when_public(text) for text in answered], np.int64)
        recorded = recorded_at(connection, np.array(entry, np.int64), size)
        position = entry_places(claims.entries, np.array(claim, np.int64))
        np.minimum.at(over, position[position >= 0], np.minimum(public, recorded)[position >= 0])
    return over


def late_from(claims: ClaimColumns, over: IndexArray, places: IndexArray, since: IndexArray | int) -> IndexArray:
    """Return the moment from which a correction of some record about a claim is late, in microseconds since 1970.

    Args:
        claims: All claims.
        over: The moment from which each claim is over.
        places: The positions of the claims in question.
        since: When the record was made, for each of these claims or one moment for all.
    """
    begun = np.maximum(claims.opens[places], since)
    tenth_gone = begun + TENTH * (claims.closes - claims.opens)[places]
    return np.minimum(over[places], tenth_gone.astype(np.int64))


def redated(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray
) -> Mapping[tuple[int, int], int]:
    """Count the forecasts whose link got another day late, by entries of claim and forecaster.

    Two other corrections of a link count too, because they also take forecasts out of the figures or into them: that it
    was retracted, and that its kind became or ceased to be one that dates its forecasts itself.
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

    Late means more than TENTH of the window after they began to count, and before the answer was public. A corrected
    forecast counts from the recording of the correction, as a change of mind would. A person who corrects somebody
    else's forecast so late knows more than that forecaster did.
    """
    rows = connection.execute(_PUT_RIGHT, (size,)).fetchall()
    if not rows:
        return {}
    claim, forecaster, made_at, entry = zip(*rows, strict=True)
    position = entry_places(claims.entries, np.array(claim, np.int64))
    recorded = recorded_at(connection, np.array(entry, np.int64), size)
    begun = np.maximum(microseconds(made_at), claims.opens[position])
    window = (claims.closes - claims.opens)[position]
    late = (recorded - begun > TENTH * window) & (recorded < claims.limit[position])
    forecasts = zip(claim, forecaster, made_at, strict=True)
    # A forecast that was corrected several times counts once.
    corrected = {forecast for forecast, is_late in zip(forecasts, late.tolist(), strict=True) if is_late}
    return Counter((of_claim, by) for of_claim, by, _ in corrected)


def tagged_late(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray, tag: str
) -> BoolArray:
    """Return for each claim whether it got or lost a tag late."""
    return _changed(connection, size, claims.entries, partial(late_from, claims, over), _TAGGED, tag)


def moved_late(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray, source: str
) -> BoolArray:
    """Return for each claim whether its statement was put under a source, or taken from it, late.

    *source* is its slug, its title or a beginning that only its slug has, as in a filter.
    """
    late, wanted = partial(late_from, claims, over), source_named(source, source_titles(connection, size))
    return _changed(connection, size, claims.statement, late, _UNDER_SOURCE, wanted)


def given_late(connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray) -> BoolArray:
    """Return for each claim whether its statement was given to another speaker late."""
    return _changed(connection, size, claims.statement, partial(late_from, claims, over), _SPEAKERS)


def reworded_afterwards(connection: sqlite3.Connection, size: int, claims: ClaimColumns, over: IndexArray) -> BoolArray:
    """Return for each claim whether its title, or the text or source of its statement, changed when it was over."""

    def is_over(places: IndexArray, since: int) -> IndexArray:
        return over[places]

    retitled = _changed(connection, size, claims.entries, is_over, _RETITLED)
    return retitled | _changed(connection, size, claims.statement, is_over, _QUOTATIONS)


def _changed(
    connection: sqlite3.Connection, size: int, entries: IndexArray, late_from: Callable[[IndexArray, int], IndexArray],
    query: str, *asked: str,
) -> BoolArray:  # fmt: skip
    """Return for each claim whether a value is different now from what it was when changes became late.

    If the record began only after that, its first value is the one to compare with.

    Args:
        connection: An open ledger.
        size: How many entries of the ledger count; later ones are not read.
        entries: The first entry of the record with the value, for each claim: the claim itself or its statement.
        late_from: Returns the moments from which changes are late, given the positions of claims and when the record
            began.
        query: Selects the first entry of each record, the entry of each of its revisions, and the values in that
            revision, in this order.
        *asked: The arguments of the query after the size.
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
    ends = np.append(begins, len(rows))[1:]
    # The claims of a record are order[first:last]; several claims may have one statement.
    for begin, end, first, last in zip(begins.tolist(), ends.tolist(), firsts, lasts, strict=True):
        if len(set(contents[begin:end])) > 1:
            places = order[first:last]
            late = late_from(places, int(recorded[begin]))
            last_in_time = np.maximum(np.searchsorted(recorded[begin:end], late), 1) - 1
            changed[places] = [contents[begin + number] != contents[end - 1] for number in last_in_time.tolist()]
    return changed
