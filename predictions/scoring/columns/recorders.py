"""Read who recorded each forecaster's forecasts, which were recorded after the answer, and the lists of forecasters.

A list of forecasters is a crowd or a reference whose ``method`` names its members: ``members: ana, ben, cyd``.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.late_imports import late_imports, when_public
from predictions.status import WITNESSED_WITHIN
from predictions.storage.forecast_records import microseconds, recorded_at
from predictions.storage.imports import imports, lists_of
from predictions.storage.seals import SEALED_AT
from predictions.windows import TENTH

MEMBERS = "members:"
UNNAMED = "somebody unnamed"  # no recorder's name is on file
_RECORDED = f"""select f.forecaster, f.recorded_by, count(distinct case when (
    f.published_in is not null or f.published_in_evidence is not null
    or julianday({SEALED_AT.format("f")}) - julianday(f.made_at) < {WITNESSED_WITHIN / timedelta(days=1)} + 1e-8
) and not exists (
    select 1 from main.import i where i.entry < f.entry
    and (select min(entry) from main.seal where entry >= i.entry) > f.entry
) then f.claim end) from main.forecast f where f.entry < ? group by 1, 2"""
_IMPORTED_BY = "select recorded_by from main.import where entry = ?"
_MEMBER_LISTS = f"""select f.slug, f.method, {SEALED_AT.format("f")}
from main.forecaster f where f.kind in ('crowd', 'reference') and f.method like 'members:%' and f.entry < ?
order by f.entry"""
ANSWERED = """case when r.happened_on < r.known_on then r.happened_on else coalesce(r.known_at, r.known_on) end"""
# A link that is added to a forecast later dates it from then on, so what counts is when the link was recorded. A
# platform dates forecasts on the claims that it asked; on other claims its name is a link like any other.
_LINKED = """select f.claim, f.forecaster, f.made_at, min(f.entry) as entry,
    max(coalesce(s.kind = 'platform' and s.entry = asked.source, 0)) as platform
from main.forecast f left join main.source s on s.entry = f.published_in
join main.claim c on c.entry = f.claim join main.statement asked on asked.entry = c.statement
where f.entry < ?1 and (f.published_in_evidence is not null or s.entry is not null)
group by f.claim, f.forecaster, f.made_at"""
_LATE_RECORDS = f"""select distinct l.claim, l.forecaster, l.made_at, l.platform
from ({_LINKED}) l join main.resolution r on r.claim = l.claim and not coalesce(r.dissent, 0)
where r.entry < ?1 and l.made_at < {ANSWERED} and {ANSWERED} <= {SEALED_AT.format("l")}"""
_BEFORE_THE_ANSWER = f"""select l.claim, l.forecaster, l.made_at, {SEALED_AT.format("l")} from ({_LINKED}) l
where not l.platform and {SEALED_AT.format("l")} < (
    select min({ANSWERED}) from main.resolution r
    where r.claim = l.claim and not coalesce(r.dissent, 0) and r.entry < ?1
)"""
_ANSWERS = f"""select r.claim, {ANSWERED} from main.resolution r where r.entry < ? and not coalesce(r.dissent, 0)"""


class RecordedList(NamedTuple):
    """One revision of a list of forecasters in the ledger.

    Attributes:
        name: The slug of the crowd or reference that it is.
        members: The slugs of the forecasters on it.
        recorded_at: When the ledger learned it, in microseconds since 1970.
    """

    name: str
    members: frozenset[str]
    recorded_at: int


class Recorders(NamedTuple):
    """Who recorded the forecasts of each forecaster, by the entry of the forecaster's first revision.

    Attributes:
        names: The names of everybody who recorded any of them.
        by_hand: The number of claims on which a forecast was logged one by one, not by an import, and not backdated.
    """

    names: Mapping[int, set[str]]
    by_hand: Mapping[int, int]


def recorders(connection: sqlite3.Connection, size: int) -> Recorders:
    """Read who recorded the forecasts among the first *size* entries."""
    names: defaultdict[int, set[str]] = defaultdict(set)
    by_hand: Counter[int] = Counter()
    for forecaster, recorded_by, claims in connection.execute(_RECORDED, (size,)):
        names[forecaster].add(recorded_by or UNNAMED)
        by_hand[forecaster] += claims
    for batch in imports(connection, size):
        ((recorded_by,),) = connection.execute(_IMPORTED_BY, (batch.entry,)).fetchall()
        for forecaster in lists_of(connection, batch.entry).forecasters.tolist():
            names[forecaster].add(recorded_by or UNNAMED)
    return Recorders(names, by_hand)


def recorded_lists(connection: sqlite3.Connection, size: int) -> list[RecordedList]:
    """Read the lists of forecasters among the first *size* entries, every revision of each, oldest first."""
    rows = connection.execute(_MEMBER_LISTS, (size,)).fetchall()
    if not rows:
        return []
    moments = microseconds(tuple(moment for _, _, moment in rows)).tolist()
    return [
        RecordedList(name, members_of(method), moment) for (name, method, _), moment in zip(rows, moments, strict=True)
    ]


def members_of(method: str) -> frozenset[str]:
    """Return the slugs of the forecasters that the method of a list names.

    >>> sorted(members_of("members: ana, ben"))
    ['ana', 'ben']
    """
    return frozenset(name.strip() for name in method.removeprefix(MEMBERS).split(",") if name.strip())


class DatedByLink(NamedTuple):
    """Forecasts whose time rests on a link: shape (n,) each.

    Attributes:
        claim: The entry of the claim's first revision.
        forecaster: The entry of the forecaster's first revision.
        time: When the forecast was made, in microseconds since 1970.
    """

    claim: IndexArray
    forecaster: IndexArray
    time: IndexArray


class RecordedLate(NamedTuple):
    """Forecasts that were recorded late, whether they count or not.

    Attributes:
        by_link: Forecasts that a link dates before the answer, but that were recorded after it. Only the person who
            recorded them vouches for the link, and that person knew the answer.
        by_platform: For each claim, shape (claims,), whether forecasts were imported after the answer from a platform,
            which dates its own forecasts.
        on_the_way: Forecasts recorded before the answer, but more than TENTH of the claim's window after the day of
            their link: the person who recorded them knew more than could be known on that day.
    """

    by_link: DatedByLink
    by_platform: BoolArray
    on_the_way: DatedByLink


def recorded_late(connection: sqlite3.Connection, size: int, claims: ClaimColumns) -> RecordedLate:
    """Find the forecasts among the first *size* entries that were recorded late."""
    rows = connection.execute(_LATE_RECORDS, (size,)).fetchall()
    answers = defaultdict[int, list[str]](list)
    for claim, answered in connection.execute(_ANSWERS, (size,)):
        answers[claim].append(answered)
    imported = late_imports(connection, size, answers)
    on_platforms_word = {claim for claim, *_, platform in rows if platform} | imported.on_platforms_word
    late = np.isin(claims.entries, list(on_platforms_word))
    by_link = _dated_by_link([row[:3] for row in rows if not row[3]], imported.after)
    return RecordedLate(by_link, late, _on_the_way(connection, size, claims, imported.before))


def stated_late(connection: sqlite3.Connection, size: int, claims: ClaimColumns) -> BoolArray:
    """Return for each claim whether its statement was recorded after its answer was public."""
    late = np.zeros(claims.entries.size, np.bool_)
    rows = connection.execute(_ANSWERS, (size,)).fetchall()
    if rows:
        claim, answered = np.array([(claim, when_public(text)) for claim, text in rows], np.int64).T
        place = entry_places(claims.entries, claim)
        late[place[answered <= recorded_at(connection, claims.statement[place], size)]] = True
    return late


def _dated_by_link(rows: Sequence[tuple[int, int, str]], imported: IndexArray) -> DatedByLink:
    """Join forecasts from records (rows of a query) and from blocks (three rows of *imported*) as columns."""
    claim, forecaster, made_at = zip(*rows, strict=True) if rows else ((), (), ())
    records = np.array([claim, forecaster, microseconds(made_at)], np.int64)
    return DatedByLink(*np.concatenate([records, imported], axis=1))


def _on_the_way(connection: sqlite3.Connection, size: int, claims: ClaimColumns, imported: IndexArray) -> DatedByLink:
    """Find the forecasts that a link dates long before they were recorded.

    *imported* are the rows of blocks to look at: claim, forecaster, time, and the moment of recording.
    """
    rows = connection.execute(_BEFORE_THE_ANSWER, (size,)).fetchall()
    claim, forecaster, made_at, recorded_at = zip(*rows, strict=True) if rows else ((), (), (), ())
    records = np.array([claim, forecaster, microseconds(made_at), microseconds(recorded_at)], np.int64)
    claim, forecaster, time, recorded = np.concatenate([records, imported], axis=1)
    place = entry_places(claims.entries, claim)
    counted_from = np.maximum(time, claims.opens[place])
    late = (recorded - counted_from) / (claims.closes - claims.opens)[place] > TENTH
    return DatedByLink(claim[late], forecaster[late], time[late])


def entry_places(entries: IndexArray, wanted: IndexArray) -> IndexArray:
    """Return the positions of the wanted entries in *entries*, which are unsorted; -1 for those that are not in it."""
    order = np.argsort(entries)
    position = order[np.searchsorted(entries, wanted, sorter=order).clip(max=entries.size - 1)]
    return np.where(entries[position] == wanted, position, -1)
