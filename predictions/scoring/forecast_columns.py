"""The forecasts of a ledger as sorted numpy columns.

Those imported in blocks stand by claim in each import, so those on some claims are
found by the first rows of the import's blocks, and read by ranges of claims: no more than a range is in memory at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows, filled
from predictions.dates import read_period
from predictions.enums import ForecasterKind, SourceKind
from predictions.errors import Tampered
from predictions.scoring.claims import DAY, ClaimColumns
from predictions.scoring.forecast_rows import no_rows
from predictions.status import WITNESSED_WITHIN
from predictions.storage.blocks import Ranks
from predictions.storage.forecast_records import record_columns, recorded_at
from predictions.storage.imports import CHANGED, ImportReader, looked_up, ranks
from predictions.timestamps import EARLIEST, EPOCH, LATEST, MICROSECOND, in_microseconds, parse_moment_text, start_of

AT_ONCE = 30  # blocks of each import in one range, which may end inside one and begin inside another
BLOCKS_AT_ONCE = 8  # blocks that are decoded together: some megabyte, small beside the columns of a million

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


class ForecasterEntry(NamedTuple):
    """A forecaster: the entry under which they began, and what they are now."""

    slug: str
    entry: int
    title: str
    kind: ForecasterKind
    method: str | None = None


def forecaster_entries(connection: sqlite3.Connection, size: int) -> list[ForecasterEntry]:
    """The forecasters in the order of their slugs."""
    rows = connection.execute(_PEOPLE, (size,)).fetchall()
    return [
        ForecasterEntry(slug, entry, title, ForecasterKind(kind), method) for slug, entry, title, kind, method in rows
    ]


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
        yield low, high, filled(_pieces(spans, here, before, claims.asked), most, no_rows())


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


def _pieces(
    spans: Sequence[tuple[_DatedImport, range]], wanted: BoolArray, before: int, asked: IndexArray
) -> Iterator[Rows]:
    """Return those rows of the spans that are wanted, made before that moment."""
    within = WITNESSED_WITHIN // MICROSECOND
    for one, span in spans:
        begin, end = one.vouched
        for start in range(span.start, span.stop, BLOCKS_AT_ONCE):
            piece = one.reader.read(range(start, min(start + BLOCKS_AT_ONCE, span.stop)))
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
            rows = Rows(*piece, backdated.astype(np.uint8))
            rows = _from_last_asked(rows, asked, vouched)
            yield rows if rows.time.max(initial=0) < before else rows.part(rows.time < before)


def _from_last_asked(rows: Rows, asked: IndexArray, vouched: BoolArray) -> Rows:
    """Let what was witnessed while a claim asked something else count from when it was changed; it was a draft."""
    since = asked.take(rows.claim)
    moved = ~vouched & (rows.mark == 0) & (rows.time < since)
    return rows._replace(time=np.where(moved, since, rows.time)) if moved.any() else rows


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
    vouched = (begin <= times) & (times < end)
    backdated = ~vouched & (abs(times - learned) > WITNESSED_WITHIN // MICROSECOND)
    rows = Rows(*numbers, times, columns.probability, backdated.astype(np.uint8))
    rows = _from_last_asked(rows, claims.asked, vouched)
    before = (today.toordinal() - EPOCH.toordinal() + 1) * DAY
    chosen = np.flatnonzero(columns.plain & (rows.time < before))
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
