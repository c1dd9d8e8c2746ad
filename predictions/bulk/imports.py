"""Imports as they stand in the file: their lists, blocks and rows, and what in them is not as it was sealed."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from math import isnan
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.blocks import BLOCK, Forecasts, Ranks, blocks_root, digest, encoded, slugs_sha256
from predictions.bulk.fetch import SPAN, fetch, plain
from predictions.merkle import HASH_LENGTH
from predictions.moments import EPOCH, MICROSECOND, parse_moment_text
from predictions.records import Forecast, Record
from predictions.snapshot import Recorded

_IMPORTS = """select entry, number, forecasts, claims, claims_sha256, forecasters, forecasters_sha256,
blocks, blocks_root from main.import where entry < ? order by entry"""
_LIST = """select kept.position, named.slug, kept.{noun} from main.import_{noun} kept
left join main.{noun} named on named.entry = kept.{noun} and named.revision = 1 where import = ? order by position"""
_OF_IMPORT = """select (select recorded_at from main.seal where entry >= i.entry order by entry limit 1),
(select slug from main.source where entry = i.published_in) from main.import i where entry = ?"""
_SLUG = """select coalesce((select slug from main.claim where entry =
(select claim from main.imported_forecast where n = ?)), '')"""
_OF_FORECASTER = """select count(*) from main.imported_forecast where n <= ?
and forecaster = (select entry from main.forecaster where slug = ? and revision = 1)"""
_LAST_BY = """select max(n) from main.imported_forecast where n >= ? and n < ?
and forecaster = (select entry from main.forecaster where slug = ? and revision = 1)"""
_BLOCKS = "select first, position, forecasts, digest from main.block where import = ? order by position"

CHANGED = "an import was changed by hand: no forecast can be so; run verify"
_AT_ONCE = SPAN // BLOCK  # blocks in one piece of rows

Listed: TypeAlias = list[tuple[int, str | None, int]]


class ImportRow(NamedTuple):
    """One import, as its row says."""

    entry: int
    number: int
    forecasts: int
    claims: int
    claims_sha256: str
    forecasters: int
    forecasters_sha256: str
    blocks: int
    blocks_root: str


class Block(NamedTuple):
    """Where a block's rows stand, and its digest."""

    first: int
    position: int
    forecasts: int
    digest: bytes

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + self.forecasts - 1


class Wrong(NamedTuple):
    """What of which import is not as it was sealed."""

    entry: int | None
    record: str
    what: str


def imports(connection: sqlite3.Connection, before: int = 2**62) -> list[ImportRow]:
    """The imports up to an entry, in order."""
    return [ImportRow(*row) for row in connection.execute(_IMPORTS, (before,))]


def listed(connection: sqlite3.Connection, noun: str, entry: int) -> Listed:
    """The claims or forecasters of an import: rank, slug and entry of each."""
    return connection.execute(_LIST.format(noun=noun), (entry,)).fetchall()


def blocks_of(connection: sqlite3.Connection, entry: int) -> list[Block]:
    """The blocks of an import, in order."""
    return [Block(*row) for row in connection.execute(_BLOCKS, (entry,))]


def ranks(entries: Sequence[int] | NDArray[np.intp]) -> Ranks:
    """The rank of each entry in a list of them; -1 for one that is not in it."""
    known = np.asarray(entries, np.intp)
    found = np.full(int(known.max(initial=0)) + 2, -1, np.int32)
    found[known] = np.arange(known.size, dtype=np.int32)
    return found


def ranked(rows: Forecasts, claims: Ranks, forecasters: Ranks) -> Forecasts:
    """Rows with ranks in place of entries."""
    return Forecasts(looked_up(claims, rows.claim), looked_up(forecasters, rows.forecaster), *rows[2:])


def faults(connection: sqlite3.Connection) -> Iterator[Wrong]:
    """Recompute every import from its rows; whatever does not agree, a changed row by its block.

    Rows are hashed only where the import's lists and the places of its blocks are right: else a number in them that
    somebody changed would say how much memory is taken. That the tables' own order is right is SQLite's to check.
    """
    (size,) = connection.execute("select count(*) from main.entry").fetchone()
    first = 1
    for one in imports(connection):
        name = f"import {one.number}"
        lists = [listed(connection, noun, one.entry) for noun in ("claim", "forecaster")]
        blocks = blocks_of(connection, one.entry)
        wrong = [*_in_lists(one, lists, size), *_in_places(one, blocks, first)]
        if not _sealed(one, blocks):
            yield Wrong(one.entry, name, "the digests of its blocks are not what was sealed")
        for what in wrong or _in_rows(connection, lists, blocks):
            yield Wrong(one.entry, name, what)
        first += one.forecasts
    query = "select count(*) from main.imported_forecast where n < 1 or n >= ?"
    (strays,) = connection.execute(query, (first,)).fetchone()
    if strays:
        have = f"{strays} rows that belong" if strays > 1 else "a row that belongs"
        yield Wrong(None, "", f"imported_forecast has {have} to no import")


def _in_lists(one: ImportRow, lists: Sequence[Listed], size: int) -> Iterator[str]:
    sealed = (one.claims, one.claims_sha256), (one.forecasters, one.forecasters_sha256)
    for noun, rows, (count, sha256) in zip(("claim", "forecaster"), lists, sealed, strict=True):
        slugs = [slug for _, slug, entry in rows if slug is not None and 0 <= entry < size]
        whole = len(slugs) == count and [rank for rank, _, _ in rows] == list(range(len(slugs)))
        if not whole or slugs_sha256(slugs) != sha256:
            yield f"its list of {noun}s is not what was sealed"


def _in_places(one: ImportRow, blocks: Sequence[Block], first: int) -> Iterator[str]:
    for place, block in enumerate(blocks):
        before = BLOCK * place
        if block[:3] != (first + before, place, min(BLOCK, one.forecasts - before)) or block.forecasts < 1:
            yield f"block {block.position}, from row {block.first}, does not stand where the ones before it end"
            return
    if sum(block.forecasts for block in blocks) != one.forecasts:
        yield "its blocks do not hold all of its rows"


def _sealed(one: ImportRow, blocks: Sequence[Block]) -> bool:
    """Whether the blocks' digests are those under the import's root."""
    digests = [block.digest for block in blocks]
    whole = all(isinstance(kept, bytes) and len(kept) == HASH_LENGTH for kept in digests)
    return whole and (len(digests), blocks_root(digests)) == (one.blocks, one.blocks_root)


def _in_rows(connection: sqlite3.Connection, lists: Sequence[Listed], blocks: Sequence[Block]) -> Iterator[str]:
    if not blocks:
        return
    claims, forecasters = (ranks([entry for _, _, entry in rows]) for rows in lists)
    pieces = fetch(connection, blocks[0].first, blocks[-1].last)
    for piece, place in zip(pieces, range(0, len(blocks), _AT_ONCE), strict=False):
        group = blocks[place : place + _AT_ONCE]
        whole = piece.size == sum(block.forecasts for block in group)
        for block in group:
            start = block.first - group[0].first
            end = start + block.forecasts
            rows = piece.rows(slice(start, end)) if whole else plain(connection, block.first, block.last)
            if digest(encoded(ranked(rows, claims, forecasters))) != block.digest:
                yield f"block {block.position}, rows {block.first} to {block.last}, is not what was sealed"


def looked_up(known: Ranks, entries: NDArray[np.int32]) -> Ranks:
    """The number that *known* has for each entry; -1 where it has none, as at its own end."""
    if entries.size and entries.min() >= 0 and entries.max() < known.size:
        return known.take(entries)
    inside = (entries >= 0) & (entries < known.size)
    return known[np.where(inside, entries, known.size - 1)]


def span(connection: sqlite3.Connection, rows: range, first: str, last: str) -> range:
    """Of the rows of one import, which stand in the order of their claims' slugs, those from one slug to another."""

    def slug(row: int) -> str:
        (found,) = connection.execute(_SLUG, (row,)).fetchone()
        return str(found)

    return rows[bisect_left(rows, first, key=slug) : bisect_right(rows, last, key=slug)]


def rows_of(blocks: Sequence[Block]) -> range:
    """The numbers of an import's rows."""
    return range(blocks[0].first, blocks[-1].last + 1) if blocks else range(0)


def imported_on(connection: sqlite3.Connection, size: int, claims: Collection[str]) -> int:
    """How many forecasts the imports of the first *size* entries hold on these claims."""
    rows = [rows_of(blocks_of(connection, one.entry)) for one in imports(connection, size)]
    return sum(len(span(connection, every, slug, slug)) for every in rows for slug in claims)


def imported_by(connection: sqlite3.Connection, size: int, forecaster: str) -> int:
    """How many of their forecasts are by this forecaster."""
    last = sum(one.forecasts for one in imports(connection, size))
    (count,) = connection.execute(_OF_FORECASTER, (last, forecaster)).fetchone()
    return int(count)


def as_records(
    connection: sqlite3.Connection, size: int, series: Collection[tuple[str, str]] | None = None,
    claims: Collection[str] | None = None,
) -> Iterator[Recorded[Record]]:  # fmt: skip
    """Imported forecasts of the first *size* entries as single records, each under its import's entry.

    With *series* only those of these claims and forecasters; with *claims* only those rows are read.
    """
    for one in imports(connection, size):
        recorded_at, published_in = connection.execute(_OF_IMPORT, (one.entry,)).fetchone()
        slugs, forecasters = (
            {entry: str(slug) for _, slug, entry in listed(connection, noun, one.entry)}
            for noun in ("claim", "forecaster")
        )
        named = None if series is None else {forecaster for _, forecaster in series}
        whom = None if named is None else [entry for entry, slug in forecasters.items() if slug in named]
        every = rows_of(blocks_of(connection, one.entry))
        spans = [every] if claims is None else [span(connection, every, slug, slug) for slug in claims]
        pieces = (piece for rows in spans for piece in fetch(connection, rows.start, rows.stop - 1, forecasters=whom))
        for piece in pieces:
            for claim, forecaster, made_at, chance in zip(*(column.tolist() for column in piece), strict=True):
                who = slugs[claim], forecasters[forecaster]
                if series is None or who in series:
                    forecast = Forecast(
                        claim=who[0], forecaster=who[1], made_at=EPOCH + made_at * MICROSECOND,
                        probability=None if isnan(chance) else chance, withdrawn=True if isnan(chance) else None,
                        published_in=published_in,
                    )  # fmt: skip
                    yield Recorded(forecast, one.entry, parse_moment_text(recorded_at))


def block_of(connection: sqlite3.Connection, claim: str, forecaster: str) -> tuple[int, Block] | None:
    """The import's entry and the block of the last imported forecast on that claim by that forecaster."""
    for one in reversed(imports(connection)):
        blocks = blocks_of(connection, one.entry)
        on_claim = span(connection, rows_of(blocks), claim, claim)
        (last,) = connection.execute(_LAST_BY, (on_claim.start, on_claim.stop, forecaster)).fetchone()
        if last is not None:
            return one.entry, blocks[(last - blocks[0].first) // BLOCK]
    return None
