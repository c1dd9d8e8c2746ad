"""The forecasts of a ledger as sorted numpy columns, and what scoring must know of each claim.

They are for ledgers with many imported forecasts. These stand by claim in each import, so those on some claims are
found by the first rows of the import's blocks, and read by ranges of claims: no more than a range is in memory at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.batches import Claims, Rows, filled
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.dates import read_period
from predictions.errors import Tampered
from predictions.kinds import ForecasterKind, Outcome, SourceKind
from predictions.moments import EARLIEST, EPOCH, LATEST, MICROSECOND, in_microseconds, parse_moment_text, start_of
from predictions.scoring.filtering import Filter
from predictions.scoring.ordering import no_rows
from predictions.status import WITNESSED_WITHIN
from predictions.storage.blocks import Ranks
from predictions.storage.imports import CHANGED, ImportReader, looked_up, ranks
from predictions.storage.records import record_columns, recorded_at

DAY = 86_400_000_000
LAST_DAY = date.max.toordinal() - date(1970, 1, 1).toordinal()
NO_OUTCOME, ANNULLED, AMBIGUOUS, RESOLVED = range(4)
AT_ONCE = 30  # blocks of each import in one range, which may end inside one and begin inside another
PIECE = 8  # blocks that are decoded together: some megabyte, small beside the columns of a million

_DAYS = "cast(julianday({0}) - 2440587.5 as integer)"
_CLAIMS = f"""select c.entry, c.slug, c.statement, s.slug, {_DAYS.format("c.opens_on")}, {_DAYS.format("c.deadline")},
c.settle_days, c.scored, coalesce(c.at_least, 0) from main.claim c join main.statement s on s.entry = c.statement
where c.revision = 1 and c.entry < ? order by c.slug"""
_CLAIM = np.dtype(
    [
        ("entry", np.intp), ("slug", "O"), ("statement", np.intp), ("of", "O"), ("opens_on", np.intp),
        ("deadline", np.intp), ("settle_days", np.intp), ("scored", np.intp), ("at_least", np.intp),
    ]
)  # fmt: skip
_VERDICTS = f"""select claim, outcome, case outcome when 'annulled' then {ANNULLED} when 'ambiguous' then {AMBIGUOUS}
else {RESOLVED} end, case outcome when 'yes' then 1.0 when 'no' then 0.0 else fraction end, {_DAYS.format("known_on")}
from main.resolution r where entry < ?1 and known_on <= ?2 and not coalesce(dissent, 0) and not exists (
    select 1 from main.resolution later where later.claim = r.claim and later.number = r.number
    and later.revision > r.revision and later.entry < ?1
) order by claim, number"""
_VERDICT = np.dtype(
    [("claim", np.intp), ("said", "O"), ("stands", np.float64), ("outcome", np.float64), ("public", np.float64)]
)
_ABOUT = "select entry, statement, reading, type, opens_on, deadline from main.claim where revision = 1 and entry < ?"
_SOURCES = """select f.entry, o.slug from main.statement s join main.statement f on f.slug = s.slug and f.revision = 1
join main.source o on o.entry = s.source where s.entry < ? order by s.entry"""
_TAGS = """select f.entry, t.tag from main.claim_tags t join main.claim c on c.entry = t.claim
join main.claim f on f.slug = c.slug and f.revision = 1 where c.revision = (
    select max(revision) from main.claim where slug = c.slug and entry < ?1
)"""
_NOTED = """select claim from main.bearing union select r.claim from main.resolution_because b
join main.resolution r on r.entry = b.resolution union select f.entry from main.claim_parts p
join main.claim c on c.entry = p.claim join main.claim f on f.slug = c.slug and f.revision = 1"""
_DATED = """select i.entry, s.recorded_at, o.kind, o.published from main.import i
join main.seal s on s.entry = (select min(entry) from main.seal where entry >= i.entry)
left join main.source o on o.entry = (
    select entry from main.source later where later.slug = (select slug from main.source where entry = i.published_in)
    and later.entry < ? order by entry desc limit 1
) where i.entry < ? order by i.entry"""
_DATING = """select first.entry, o.kind, o.published from main.source first join main.source o on o.slug = first.slug
where first.revision = 1 and o.entry < ? order by o.entry"""  # the last revision stands
_PEOPLE = """select f.slug, f.entry, l.title, l.kind, l.method from main.forecaster f
join main.forecaster l on l.entry = (
    select entry from main.forecaster later where later.slug = f.slug and later.entry < ?1
    order by revision desc limit 1
) where f.revision = 1 and f.entry < ?1 order by f.slug"""


@dataclass(frozen=True, eq=False)
class ClaimColumns:
    """All claims in the order of their slugs; days are counted from 1970, moments in microseconds."""

    slugs: Sequence[str]
    entries: IndexArray
    statement: IndexArray  # the entry of each claim's statement
    statements: Sequence[str]  # the slug of it
    opens: FloatArray
    closes: FloatArray
    deadline: IndexArray
    settles_on: IndexArray
    stands: NDArray[np.int8]  # NO_OUTCOME to RESOLVED
    outcome: FloatArray  # NaN where there is none
    limit: FloatArray  # the earlier of the deadline and the moment the answer became public
    superseded: BoolArray
    scored: BoolArray
    at_least: IndexArray  # how many events it asks for; 0 where it asks for none
    noted: BoolArray  # whether there is evidence or a part that may say more of it

    @property
    def for_batches(self) -> Claims:
        """What the kernel needs."""
        return Claims(self.opens, self.closes, self.limit, self.outcome)


def claim_columns(connection: sqlite3.Connection, size: int, today: date) -> ClaimColumns:
    """The claims as they stood at *size* entries, seen on *today*."""
    claims = np.fromiter(connection.execute(_CLAIMS, (size,)), _CLAIM)
    entries, last = claims["entry"], claims["deadline"]
    closes = np.where(last < LAST_DAY, (last + 1) * DAY, (last + 1) * DAY - 1).astype(np.float64)
    verdicts = np.fromiter(connection.execute(_VERDICTS, (size, str(today))), _VERDICT)
    place = looked_up(ranks(entries), verdicts["claim"].astype(np.int32))
    there = place >= 0
    stands, outcome, public = found = np.full((3, entries.size), np.nan)
    for kept, name in zip(found, ("stands", "outcome", "public"), strict=True):
        kept[place[there]] = verdicts[name][there]  # of several on one claim the last
    given = dict(connection.execute("select entry, given from main.claim where given is not null").fetchall())
    said = dict(zip(verdicts["claim"].tolist(), verdicts["said"].tolist(), strict=True)) if given else {}
    lost = np.isin(entries, _without_basis(given, said))
    query = "select supersedes from main.claim where supersedes is not null and entry < ?"
    return ClaimColumns(
        slugs=claims["slug"].tolist(),
        entries=entries,
        statement=claims["statement"],
        statements=claims["of"].tolist(),
        opens=claims["opens_on"].astype(np.float64) * DAY,
        closes=closes,
        deadline=last,
        settles_on=np.minimum(last + np.maximum(claims["settle_days"], 1), LAST_DAY),
        stands=np.where(lost, ANNULLED, np.nan_to_num(stands, nan=NO_OUTCOME)).astype(np.int8),
        outcome=np.where(lost, np.nan, outcome),
        limit=np.fmin(public * DAY, closes),
        superseded=np.isin(entries, [entry for (entry,) in connection.execute(query, (size,))]),
        scored=claims["scored"].astype(np.bool_),
        at_least=claims["at_least"],
        noted=np.isin(entries, [entry for (entry,) in connection.execute(_NOTED)]),
    )


def _without_basis(given: Mapping[int, int], said: Mapping[int, str]) -> list[int]:
    """The claims whose basis came out no; what they are given was recorded before them."""
    lost: set[int] = set()
    for entry in sorted(given):
        if said.get(given[entry]) == Outcome.NO and given[entry] not in lost:
            lost.add(entry)
    return list(lost)


class Person(NamedTuple):
    """A forecaster: the entry under which they began, and what they are now."""

    slug: str
    entry: int
    title: str
    kind: ForecasterKind
    method: str | None = None


def people(connection: sqlite3.Connection, size: int) -> list[Person]:
    """The forecasters in the order of their slugs."""
    rows = connection.execute(_PEOPLE, (size,)).fetchall()
    return [Person(slug, entry, title, ForecasterKind(kind), method) for slug, entry, title, kind, method in rows]


def chosen_claims(connection: sqlite3.Connection, size: int, claims: ClaimColumns, only: Filter) -> BoolArray:
    """Which claims a filter lets through."""
    sources = connection.execute("select distinct slug from main.source where entry < ?", (size,)).fetchall()
    tags: dict[int, set[str]] = {}
    for entry, tag in connection.execute(_TAGS, (size,)) if only.tag is not None else ():
        tags.setdefault(entry, set()).add(tag)
    about = connection.execute(_ABOUT, (size,)).fetchall()
    fits = only.test(
        sources=[slug for (slug,) in sources],
        tags=set().union(*tags.values()),
        readings={reading for _, _, reading, *_ in about},
    )
    source_of = dict(connection.execute(_SOURCES, (size,)).fetchall()) if only.source is not None else {}
    fitting = [
        entry
        for entry, statement, reading, type_, opens_on, deadline in about
        if fits(
            _About(reading, type_, tags.get(entry, ()), date.fromisoformat(opens_on), date.fromisoformat(deadline)),
            source_of.get(statement, ""),
        )
    ]
    return np.isin(claims.entries, fitting)


class _About(NamedTuple):
    reading: str
    type: str
    tags: Collection[str]
    opens_on: date
    deadline: date


def read_ranges(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, forecasters: Sequence[int], *,
    wanted: BoolArray, whole: bool = False,
) -> Iterator[tuple[int, int, Rows]]:  # fmt: skip
    """Read the forecasts in blocks of the first *size* entries, made until *today*, on the claims that are wanted.

    By ranges of claims, in each of them import by import; or all at once with *whole*. *forecasters* are the entries
    of all, by which they are numbered. What is backdated is marked apart.
    """
    numbers = ranks(claims.entries), ranks(forecasters)
    imports = _dated_imports(connection, size, numbers)
    begins = np.sort(np.concatenate([one.reader.begins for one in imports])) if imports else np.zeros(0, np.intp)
    cuts = begins[:: AT_ONCE * len(imports)].tolist()[1:] if imports and not whole else []
    before = (today.toordinal() - EPOCH.toordinal() + 1) * DAY
    for low, high in pairwise([*sorted({0, *cuts}), len(claims.slugs)]):
        here = np.zeros(wanted.size, np.bool_)
        here[low:high] = wanted[low:high]
        spans = [(one, span) for one in imports for span in one.spans(here, low, high)]
        most = sum(block.forecasts for one, span in spans for block in one.reader.blocks[span.start : span.stop])
        yield low, high, filled(_pieces(spans, here, before), most, no_rows())


class _DatedImport(NamedTuple):
    """An import: its blocks, when it was recorded, and which times its source vouches for, from one to another."""

    reader: ImportReader
    recorded_at: int
    vouched: tuple[int, int]

    def spans(self, wanted: BoolArray, low: int, high: int) -> list[range]:
        """Return the positions of the blocks that may hold forecasts on those of these claims."""
        before = np.concatenate([[0], np.cumsum(wanted[low:high])])
        begins, ends = (np.clip(one, low, high) - low for one in (self.reader.begins, self.reader.ends))
        needed = np.flatnonzero(before[ends] > before[begins])
        parts = np.split(needed, np.flatnonzero(np.diff(needed) > 1) + 1)
        return [range(int(part[0]), int(part[-1]) + 1) for part in parts if part.size]


def _dated_imports(connection: sqlite3.Connection, size: int, numbers: tuple[Ranks, Ranks]) -> list[_DatedImport]:
    found = []
    for entry, moment, kind, published in connection.execute(_DATED, (size, size)).fetchall():
        reader = ImportReader(connection, entry, *numbers)
        if reader.blocks:
            at = in_microseconds(parse_moment_text(moment))
            found.append(_DatedImport(reader, at, _vouched(kind, published)))
    return found


def _pieces(spans: Sequence[tuple[_DatedImport, range]], wanted: BoolArray, before: int) -> Iterator[Rows]:
    """Return those rows of the spans that are wanted, made before that moment."""
    within = WITNESSED_WITHIN // MICROSECOND
    for one, span in spans:
        begin, end = one.vouched
        for start in range(span.start, span.stop, PIECE):
            piece = one.reader.read(range(start, min(start + PIECE, span.stop)))
            if piece.forecaster.min() < 0:
                raise Tampered(CHANGED)
            fits = wanted.take(piece.claim)
            fits &= piece.made_at < before
            if not (count := int(np.count_nonzero(fits))):
                continue
            if count < piece.size:
                piece = piece.rows(fits)
            vouched = (begin <= piece.made_at) & (piece.made_at < end)
            backdated = ~vouched & (abs(piece.made_at - one.recorded_at) > within)
            yield Rows(*piece, backdated.astype(np.uint8))


def read_records(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, forecasters: Sequence[int]
) -> tuple[Rows, set[tuple[int, int]]]:
    """Read the forecasts that are records, in the order of claims.

    Those that say one number, or withdraw, and were never corrected; and the series, as numbers of claim and
    forecaster, of which some say more, and which must be read as records.
    """
    columns = record_columns(connection, size)
    if not columns.entry.size:
        return no_rows(), set()
    numbers = looked_up(ranks(claims.entries), columns.claim), looked_up(ranks(forecasters), columns.forecaster)
    others = set(zip(*(number[~columns.plain].tolist() for number in numbers), strict=True))
    dated = {began: _vouched(kind, published) for began, kind, published in connection.execute(_DATING, (size,))}
    begin, end = np.array([dated.get(source, (0, 0)) for source in columns.published_in.tolist()], np.int64).T
    times = columns.made_at
    learned = recorded_at(connection, columns.entry, size)
    backdated = ~((begin <= times) & (times < end)) & (abs(times - learned) > WITNESSED_WITHIN // MICROSECOND)
    rows = Rows(*numbers, times, columns.probability, backdated.astype(np.uint8))
    before = (today.toordinal() - EPOCH.toordinal() + 1) * DAY
    chosen = np.flatnonzero(columns.plain & (times < before))
    return rows.part(chosen[np.argsort(numbers[0][chosen], kind="stable")]), others


def _vouched(kind: str | None, published: str | None) -> tuple[int, int]:
    """From which moment to which a source vouches for the times of what it published; nothing without one.

    A platform dates its own forecasts, up to the day of its dump; any other source those of its own day.
    """
    if kind == SourceKind.PLATFORM and not published:
        return EARLIEST, LATEST + 1
    if kind is None or not published or (kind != SourceKind.PLATFORM and len(published) < len("2026-01-01")):
        return 0, 0
    period = read_period(published)
    first = EARLIEST if kind == SourceKind.PLATFORM else in_microseconds(start_of(period.first))
    return first, in_microseconds(start_of(period.last)) + DAY
