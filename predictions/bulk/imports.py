"""Imports as they stand in the file: their lists, blocks and rows, and what in them is not as it was sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.blocks import BLOCK, Forecasts, Ranks, blocks_root, digest, encoded, slugs_sha256
from predictions.bulk.fetch import SPAN, fetch, plain
from predictions.moments import EPOCH, MICROSECOND, parse_moment_text
from predictions.records import Forecast, Record
from predictions.snapshot import Recorded

_IMPORTS = """select entry, number, forecasts, claims, claims_sha256, forecasters, forecasters_sha256,
blocks, blocks_root from main.import where entry < ? order by entry"""
_LIST = """select kept.position, named.slug, kept.{noun} from main.import_{noun} kept
left join main.{noun} named on named.entry = kept.{noun} and named.revision = 1 where import = ? order by position"""
_OF_IMPORT = """select (select recorded_at from main.seal where entry >= i.entry order by entry limit 1),
(select slug from main.source where entry = i.published_in) from main.import i where entry = ?"""
_BLOCKS = "select first, position, forecasts, digest from main.block where import = ? order by position"

_AT_ONCE = SPAN // BLOCK  # blocks in one piece of rows


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


def listed(connection: sqlite3.Connection, noun: str, entry: int) -> list[tuple[int, str | None, int]]:
    """The claims or forecasters of an import: rank, slug and entry of each."""
    return connection.execute(_LIST.format(noun=noun), (entry,)).fetchall()


def blocks_of(connection: sqlite3.Connection, entry: int) -> list[Block]:
    """The blocks of an import, in order."""
    return [Block(*row) for row in connection.execute(_BLOCKS, (entry,))]


def ranks(entries: Sequence[int]) -> Ranks:
    """The rank of each entry in a list of them; -1 for one that is not in it."""
    found = np.full(max(entries, default=0) + 2, -1, np.int32)
    found[list(entries)] = np.arange(len(entries), dtype=np.int32)
    return found


def ranked(rows: Forecasts, claims: Ranks, forecasters: Ranks) -> Forecasts:
    """Rows with ranks in place of entries."""
    return Forecasts(looked_up(claims, rows.claim), looked_up(forecasters, rows.forecaster), *rows[2:])


def faults(connection: sqlite3.Connection) -> Iterator[Wrong]:
    """Recompute every import from its rows; whatever does not agree, a changed row by its block."""
    first = 1
    for one in imports(connection):
        name = f"import {one.number}"
        blocks = blocks_of(connection, one.entry)
        for what in _in_lists(connection, one, blocks, first):
            yield Wrong(one.entry, name, what)
        for what in _in_rows(connection, one, blocks):
            yield Wrong(one.entry, name, what)
        first += one.forecasts
    query = "select count(*) from main.imported_forecast where n < 1 or n >= ?"
    (strays,) = connection.execute(query, (first,)).fetchone()
    if strays:
        yield Wrong(None, "", f"imported_forecast has {strays} rows that belong to no import")
    query = "select count(*) from main.block where import not in (select entry from main.import)"
    (strays,) = connection.execute(query).fetchone()
    if strays:
        yield Wrong(None, "", f"block has {strays} rows that belong to no import")


def _in_lists(connection: sqlite3.Connection, one: ImportRow, blocks: Sequence[Block], first: int) -> Iterator[str]:
    for noun, count, sealed in (
        ("claim", one.claims, one.claims_sha256),
        ("forecaster", one.forecasters, one.forecasters_sha256),
    ):
        rows = listed(connection, noun, one.entry)
        slugs = [slug for _, slug, _ in rows if slug is not None]
        whole = [rank for rank, _, _ in rows] == list(range(count)) and len(slugs) == count
        if not whole or slugs_sha256(slugs) != sealed:
            yield f"its list of {noun}s is not what was sealed"
    if blocks_root(block.digest for block in blocks) != one.blocks_root or len(blocks) != one.blocks:
        yield "the digests of its blocks are not what was sealed"
    sizes = [block.forecasts for block in blocks]
    starts = [first + BLOCK * place for place in range(len(blocks))]
    if [(block.first, block.position) for block in blocks] != list(zip(starts, range(len(blocks)), strict=True)) or (
        sum(sizes) != one.forecasts or set(sizes[:-1]) - {BLOCK}
    ):
        yield "its blocks do not stand one after the other"


def _in_rows(connection: sqlite3.Connection, one: ImportRow, blocks: Sequence[Block]) -> Iterator[str]:
    if not blocks:
        return
    claims, forecasters = (
        ranks([entry for _, _, entry in listed(connection, noun, one.entry)]) for noun in ("claim", "forecaster")
    )
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
    inside = (entries >= 0) & (entries < known.size)
    return known[np.where(inside, entries, known.size - 1)]


def as_records(
    connection: sqlite3.Connection, size: int, series: Collection[tuple[str, str]] | None = None
) -> Iterator[Recorded[Record]]:
    """Imported forecasts of the first *size* entries as single records, each under its import's entry.

    With *series* only those of these claims and forecasters.
    """
    for one in imports(connection, size):
        recorded_at, published_in = connection.execute(_OF_IMPORT, (one.entry,)).fetchone()
        claims, forecasters = (
            {entry: str(slug) for _, slug, entry in listed(connection, noun, one.entry)}
            for noun in ("claim", "forecaster")
        )
        named = None if series is None else {forecaster for _, forecaster in series}
        whom = None if named is None else [entry for entry, slug in forecasters.items() if slug in named]
        blocks = blocks_of(connection, one.entry)
        for piece in fetch(connection, blocks[0].first, blocks[-1].last, forecasters=whom):
            for claim, forecaster, made_at, chance in zip(*(column.tolist() for column in piece), strict=True):
                who = claims[claim], forecasters[forecaster]
                if series is None or who in series:
                    forecast = Forecast(
                        claim=who[0], forecaster=who[1], made_at=EPOCH + made_at * MICROSECOND,
                        probability=None if isnan(chance) else chance, withdrawn=True if isnan(chance) else None,
                        published_in=published_in,
                    )  # fmt: skip
                    yield Recorded(forecast, one.entry, parse_moment_text(recorded_at))


def block_of(connection: sqlite3.Connection, claim: str, forecaster: str) -> tuple[int, Block] | None:
    """The import's entry and the block of the last imported forecast on that claim by that forecaster."""
    wanted = [
        connection.execute(f"select min(entry) from main.{noun} where slug = ?", (slug,)).fetchone()[0]
        for noun, slug in (("claim", claim), ("forecaster", forecaster))
    ]
    for one in reversed(imports(connection)) if None not in wanted else ():
        blocks = blocks_of(connection, one.entry)
        last, seen = -1, 0
        for piece in fetch(connection, blocks[0].first, blocks[-1].last, forecasters=None):
            places = np.flatnonzero((piece.claim == wanted[0]) & (piece.forecaster == wanted[1]))
            last = seen + int(places[-1]) if places.size else last
            seen += piece.size
        if last >= 0:
            return one.entry, blocks[last // BLOCK]
    return None
