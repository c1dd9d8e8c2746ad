"""Reading imports from the file: their lists, their blocks, and the forecasts in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.errors import Tampered
from predictions.recorded import Recorded
from predictions.records import Forecast, Record
from predictions.storage.block_records import BlockRecords
from predictions.storage.blocks import NO_FORECASTS, Forecasts, Ranks, decode, fault_of, together
from predictions.timestamps import parse_moment_text

_IMPORTS = """select entry, number, forecasts, claims, claims_sha256, forecasters, forecasters_sha256,
blocks, blocks_root from main.import where entry < ? order by entry"""
_LISTS = "select claims, forecasters from main.import_list where import = ?"
_BLOCKS = """select position, forecasts, first_claim, last_claim, digest from main.block
where import = ? order by position"""
CONTENTS = "select content from main.block where import = ? and position between ? and ? order by position"
_SEALED = "select recorded_at from main.seal where entry >= ? order by entry limit 1"
_PUBLISHED_IN = "select (select slug from main.source where entry = i.published_in) from main.import i where entry = ?"

LIST_NOUNS = ("claim", "forecaster")
CHANGED = "an import was changed by hand: no forecast can be so; run verify"


class ImportRow(NamedTuple):
    """The row of one import; the fields are those of the record :class:`predictions.records.Import`."""

    entry: int
    number: int
    forecasts: int
    claims: int
    claims_sha256: str
    forecasters: int
    forecasters_sha256: str
    blocks: int
    blocks_root: str


class Lists(NamedTuple):
    """The claims and forecasters of an import's blocks, as the entries where they began; blocks hold their indexes."""

    claims: NDArray[np.uint32]
    forecasters: NDArray[np.uint32]


class Block(NamedTuple):
    """One block without its content; the claims of its first and last row are given as entries."""

    position: int
    forecasts: int
    first_claim: int
    last_claim: int
    digest: bytes


def imports(connection: sqlite3.Connection, before: int = 2**62) -> list[ImportRow]:
    """Return the imports before an entry, in order."""
    return [ImportRow(*row) for row in connection.execute(_IMPORTS, (before,))]


def lists_of(connection: sqlite3.Connection, entry: int) -> Lists:
    """Return the lists of an import, empty if it has no blocks; Tampered for bytes that are not lists of entries."""
    row = connection.execute(_LISTS, (entry,)).fetchone() or (b"", b"")
    if any(not isinstance(list_bytes, bytes) or len(list_bytes) % 4 for list_bytes in row):
        raise Tampered(CHANGED)
    claims, forecasters = (np.frombuffer(list_bytes, "<u4") for list_bytes in row)
    return Lists(claims, forecasters)


def blocks_of(connection: sqlite3.Connection, entry: int) -> list[Block]:
    """Return the blocks of an import, in order."""
    return [Block(*row) for row in connection.execute(_BLOCKS, (entry,))]


def contents(connection: sqlite3.Connection, entry: int, first: int, last: int) -> Iterator[Forecasts]:
    """Decode the blocks of an import from position *first* to *last*; Tampered for bytes that are not a block."""
    for (content,) in connection.execute(CONTENTS, (entry, first, last)):
        try:
            yield decode(content)
        except (TypeError, ValueError):
            raise Tampered(CHANGED) from None


def ranks(entries: Sequence[int] | NDArray[np.intp]) -> Ranks:
    """Return an array that has the rank of each listed entry at the index of that entry, and -1 at all others."""
    numbers = np.asarray(entries, np.intp)
    # One place beyond the largest entry: `looked_up` uses it for all entries outside, so that indexing never fails.
    rank_of = np.full(int(numbers.max(initial=0)) + 2, -1, np.int32)
    rank_of[numbers] = np.arange(numbers.size, dtype=np.int32)
    return rank_of


def looked_up(rank_of: Ranks, entries: NDArray[np.int64]) -> Ranks:
    """Return the rank of each entry from an array made by :func:`ranks`; -1 for an entry without one."""
    inside = (entries >= 0) & (entries < rank_of.size)
    return rank_of[np.where(inside, entries, rank_of.size - 1)]


def beginnings(connection: sqlite3.Connection, noun: str) -> dict[str, int]:
    """Return the entry where each record of a kind began, by its slug, in order of slugs."""
    return dict(connection.execute(f"select slug, entry from main.{noun} where revision = 1 order by slug").fetchall())


def slugs_by_entry(connection: sqlite3.Connection, noun: str) -> dict[int, str]:
    """Return the slug of each record of a kind, by the entry where it began."""
    return {entry: slug for slug, entry in beginnings(connection, noun).items()}


def next_number(connection: sqlite3.Connection) -> int:
    """Return the number of the next import."""
    (number,) = connection.execute("select coalesce(max(number), 0) + 1 from main.import").fetchone()
    return int(number)


class ImportReader:
    """Reads the blocks of one import by claims; Tampered for blocks that no import can have written."""

    def __init__(self, connection: sqlite3.Connection, entry: int, claims: Ranks, forecasters: Ranks) -> None:
        """Number claims, in the order of slugs, and forecasters by these arrays of :func:`ranks`."""
        self.entry, self._connection = entry, connection
        self.blocks = blocks_of(connection, entry)
        lists = lists_of(connection, entry)
        self._claims = looked_up(claims, lists.claims.astype(np.int64))
        self._forecasters = looked_up(forecasters, lists.forecasters.astype(np.int64))
        # The lists are BLOBs that only their digest protects, and a card is drawn without computing digests.
        if self._claims.min(initial=0) < 0 or (np.diff(self._claims) <= 0).any():
            raise Tampered(CHANGED)
        begins = looked_up(claims, np.array([block.first_claim for block in self.blocks], np.int64))
        lasts = looked_up(claims, np.array([block.last_claim for block in self.blocks], np.int64))
        if (begins < 0).any() or (begins > lasts).any() or (begins[1:] < lasts[:-1]).any():
            raise Tampered(CHANGED)
        self.begins = begins  # of each block, the number of its first claim
        self.ends = lasts + 1  # and the number after that of its last

    def positions(self, first: int, last: int) -> range:
        """Return the positions of the blocks that may hold forecasts on the claims numbered *first* to *last*."""
        # Blocks are in order of claims, and one claim may continue in the next block: hence "right" at both ends.
        begin = int(np.searchsorted(self.ends, first, "right"))
        return range(begin, max(begin, int(np.searchsorted(self.begins, last, "right"))))

    def on(self, first: int, last: int) -> Forecasts:
        """Return the forecasts on the claims numbered *first* to *last*, both included."""
        rows = self.read(self.positions(first, last))
        begin, end = np.searchsorted(rows.claim, [first, last + 1]).tolist()
        return rows.rows(slice(begin, end))

    def pieces(self, positions: range | None = None, at_once: int = 64) -> Iterator[Forecasts]:
        """Yield the forecasts of some blocks, or of all, *at_once* blocks at a time; Tampered for one by nobody."""
        span = range(len(self.blocks)) if positions is None else positions
        for start in range(span.start, span.stop, at_once):
            piece = self.read(range(start, min(start + at_once, span.stop)))
            if piece.forecaster.min() < 0:  # the import's list has an entry that is not a forecaster's
                raise Tampered(CHANGED)
            yield piece

    def read(self, positions: range) -> Forecasts:
        """Return the forecasts of some blocks; the forecaster is -1 for one without a number."""
        if not positions:
            return NO_FORECASTS
        rows = together(contents(self._connection, self.entry, positions.start, positions.stop - 1))
        if not rows.size or fault_of(rows, self._claims.size, self._forecasters.size):
            raise Tampered(CHANGED)
        claim, forecaster = self._claims.take(rows.claim), self._forecasters.take(rows.forecaster)
        return rows._replace(claim=claim, forecaster=forecaster)


class Imports:
    """The blocks of all imports, read by the slugs of claims and forecasters."""

    def __init__(self, connection: sqlite3.Connection, size: int = 2**62, *, only: int | None = None) -> None:
        """Look into the imports that have blocks among the first *size* entries, or *only* into that of one entry."""
        self._connection = connection
        with_blocks = [
            imported for imported in imports(connection, size) if imported.blocks and only in {None, imported.entry}
        ]
        self.numbers = {imported.entry: imported.number for imported in with_blocks}  # of these imports, by entry
        claims, forecasters = (beginnings(connection, noun) if with_blocks else {} for noun in LIST_NOUNS)
        # The slugs of all claims and forecasters of the ledger; their places are their numbers in all rows read here.
        self.claims, self.forecasters = list(claims), list(forecasters)
        self._claim_numbers = {slug: number for number, slug in enumerate(self.claims)}
        numbers = ranks(list(claims.values())), ranks(list(forecasters.values()))
        self._readers = [ImportReader(connection, entry, *numbers) for entry in self.numbers]
        self._as_records = BlockRecords(connection, self.claims, self.forecasters)

    def __bool__(self) -> bool:
        return bool(self._readers)

    def reader(self, entry: int) -> ImportReader:
        """Return the reader of one import."""
        return next(reader for reader in self._readers if reader.entry == entry)

    def count_on(self, claims: Collection[str]) -> int:
        """Count the forecasts on some claims."""
        return sum(reader.on(number, number).size for number in self._numbers(claims) for reader in self._readers)

    def count_by(self, forecaster: str) -> int:
        """Count the forecasts by one forecaster."""
        if forecaster not in self.forecasters:
            return 0
        number = self.forecasters.index(forecaster)
        return sum(int((rows.forecaster == number).sum()) for reader in self._readers for rows in reader.pieces())

    def named_on(self, claims: Collection[str]) -> set[tuple[str, str | None]]:
        """Return the forecasters on some claims, each with the source that published the import, None for none."""
        named: set[tuple[str, str | None]] = set()
        for reader in self._readers:
            published_in = self._published_in(reader.entry)
            for number in self._numbers(claims):
                forecasters = np.unique(reader.on(number, number).forecaster)
                named |= {(self.forecasters[forecaster], published_in) for forecaster in forecasters.tolist()}
        return named

    def records(
        self, series: Collection[tuple[str, str]] | None = None, claims: Collection[str] | None = None
    ) -> Iterator[Recorded[Record]]:
        """Yield forecasts in blocks with the entry and the time of their import; see :meth:`forecasts`."""
        recorded_at: dict[int, datetime] = {}  # by entry
        for entry, forecast in self.forecasts(series, claims):
            if entry not in recorded_at:
                recorded_at[entry] = parse_moment_text(self._connection.execute(_SEALED, (entry,)).fetchone()[0])
            yield Recorded(forecast, entry, recorded_at[entry])

    def forecasts(
        self, series: Collection[tuple[str, str]] | None = None, claims: Collection[str] | None = None
    ) -> Iterator[tuple[int, Forecast]]:
        """Yield forecasts in blocks, each with the entry of its import.

        Args:
            series: The pairs of claim and forecaster to read; None for all.
            claims: The claims to read; None for those of the *series*. If both are given, both must hold.
        """
        # By claims, because blocks are sorted by them: to look for forecasters first would mean to decode all blocks.
        if claims is None and series is not None:
            claims = {claim for claim, _ in series}
        for reader in self._readers:
            published_in = self._published_in(reader.entry)
            numbers = None if claims is None else self._numbers(claims)
            pieces = reader.pieces() if numbers is None else (reader.on(number, number) for number in numbers)
            for rows in pieces:
                for forecast in self._as_records.of(self._chosen(rows, series), reader.entry, published_in):
                    yield reader.entry, forecast

    def _published_in(self, entry: int) -> str | None:
        """Return the slug of the source that published an import; None for none."""
        source: str | None = self._connection.execute(_PUBLISHED_IN, (entry,)).fetchone()[0]
        return source

    def _chosen(self, rows: Forecasts, series: Collection[tuple[str, str]] | None) -> Forecasts:
        """Select the rows of some series; all of them if it is None."""
        if series is None:
            return rows
        pairs = zip(rows.claim.tolist(), rows.forecaster.tolist(), strict=True)
        chosen = [(self.claims[claim], self.forecasters[forecaster]) in series for claim, forecaster in pairs]
        return rows.rows(np.array(chosen, np.bool_))

    def options_of(self, claim: int, entry: int) -> list[str]:
        """Return the options that a claim, given by its number, had at the import under *entry*."""
        return self._as_records.options(self.claims[claim], entry)

    def parts(self) -> Iterator[tuple[int, str | None, Forecasts]]:
        """Yield all forecasts, some blocks at a time, each part with its import and the source that published it."""
        for reader in self._readers:
            published_in = self._published_in(reader.entry)
            for rows in reader.pieces():
                yield reader.entry, published_in, rows

    def series(self, series: Collection[tuple[str, str]]) -> list[Forecast]:
        """List the forecasts of some series, pairs of claim and forecaster, in the order of time."""
        return sorted((forecast for _, forecast in self.forecasts(series)), key=lambda forecast: forecast.made_at)

    def block_of(self, claim: str, forecaster: str) -> tuple[int, int] | None:
        """Return the import's entry and the position of the block with the last forecast of a series.

        None if no block holds the series.
        """
        if claim not in self._claim_numbers or forecaster not in self.forecasters:
            return None
        number, forecaster_number = self._claim_numbers[claim], self.forecasters.index(forecaster)
        latest, block = 0, None
        for reader in self._readers:
            for position in reader.positions(number, number):
                rows = reader.read(range(position, position + 1))
                times = rows.made_at[(rows.claim == number) & (rows.forecaster == forecaster_number)]
                if times.size and (block is None or int(times[-1]) >= latest):
                    latest, block = int(times[-1]), (reader.entry, position)
        return block

    def _numbers(self, claims: Collection[str]) -> list[int]:
        """Return the numbers of those of some claims that are in the ledger, in order."""
        return sorted(self._claim_numbers[slug] for slug in claims if slug in self._claim_numbers)
