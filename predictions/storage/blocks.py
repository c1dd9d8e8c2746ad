"""The bytes of a block: up to 4,096 imported forecasts as little-endian columns, stored as they are hashed.

A block begins with two u32, its kind and its number of rows. A block of probabilities (kind 1) then holds four
columns one after the other: the ranks of claims and of forecasters in the import's lists (u32 each), microseconds
since 1970 (i64), and probabilities (f64; a withdrawal is the NaN 0x7ff8000000000000). Rows stand in strict order of
claim, forecaster and time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.storage.merkle import leaf_hash, root
from predictions.timestamps import EARLIEST, LATEST

BLOCK_ROWS = 4096
PROBABILITIES = 1  # the only kind so far; the header names it so that later kinds change no hash
CERTAINTY = 0x3FF0000000000000  # the bits of 1.0
WITHDRAWAL = 0x7FF8000000000000

_HEADER = np.dtype([("kind", "<u4"), ("rows", "<u4")])
_COLUMNS: tuple[np.dtype[Any], ...] = (np.dtype("<u4"), np.dtype("<u4"), np.dtype("<i8"), np.dtype("<f8"))
_ROW_BYTES = sum(column.itemsize for column in _COLUMNS)

Ranks: TypeAlias = NDArray[np.int32]
Times: TypeAlias = NDArray[np.int64]
Chances: TypeAlias = NDArray[np.float64]


class Forecasts(NamedTuple):
    """Columns of forecasts, a row each.

    Attributes:
        claim: Indexes of claims, in a list that the caller has.
        forecaster: Indexes of forecasters, likewise.
        made_at: Microseconds since 1970, UTC.
        probability: From 0 to 1; NaN is a withdrawal.
    """

    claim: Ranks  # numbers of claims, in a list that the caller has
    forecaster: Ranks  # numbers of forecasters, likewise
    made_at: Times  # microseconds since 1970, UTC
    probability: Chances  # from 0 to 1; NaN is a withdrawal

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return int(self.claim.size)

    def rows(self, chosen: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Forecasts:
        """Select some of the rows."""
        return Forecasts._make(column[chosen] for column in self)


NO_FORECASTS = Forecasts(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0))


def encode(rows: Forecasts) -> bytes:
    """Lay out one block; ``claim`` and ``forecaster`` are ranks.

    >>> one = Forecasts(np.array([0], "i4"), np.array([1], "i4"), np.array([2], "i8"), np.array([0.5]))
    >>> encode(one).hex()
    '010000000100000000000000010000000200000000000000000000000000e03f'
    """
    header = np.array((PROBABILITIES, rows.size), _HEADER)
    columns_given: list[Any] = [*rows]
    columns = [column.astype(kind, copy=False) for column, kind in zip(columns_given, _COLUMNS, strict=True)]
    columns[3] = columns[3] + 0.0  # a copy, in which minus zero is zero
    columns[3].view("<u8")[np.isnan(columns[3])] = WITHDRAWAL  # one NaN for all withdrawals
    return b"".join(part.tobytes() for part in (header, *columns))


def decode(content: bytes) -> Forecasts:
    """Read the columns of one block, without a copy.

    Raises ValueError where the bytes are no block of probabilities: another kind, or another length than its rows
    have. Whether the values are possible says :func:`fault_of`.
    """
    if len(content) < _HEADER.itemsize:
        raise ValueError("it has no header")
    kind, size = np.frombuffer(content, _HEADER, 1)[0].tolist()
    if kind != PROBABILITIES:
        raise ValueError(f"its kind is {kind}, which this version cannot read")
    if not 0 < size <= BLOCK_ROWS or len(content) != _HEADER.itemsize + size * _ROW_BYTES:
        raise ValueError("its length is not that of its rows")
    starts = np.cumsum([_HEADER.itemsize, *(size * column.itemsize for column in _COLUMNS)]).tolist()
    columns: list[Any] = [
        np.frombuffer(content, column, size, at) for column, at in zip(_COLUMNS, starts, strict=False)
    ]
    return Forecasts(*columns)


def fault_of(rows: Forecasts, claims: int, forecasters: int, before: Forecasts | None = None) -> str | None:
    """Say what in decoded rows no import can have written; None where all is possible.

    The rows are those of one block, or of several one after the other; *before* is the block on which they go on.
    Ranks lie below the lengths of the import's lists of claims and forecasters.
    """
    if rows.claim.max() >= claims or rows.forecaster.max() >= forecasters:
        return "it has a rank beyond the import's lists"
    joined = rows if before is None else together([before.rows(slice(-1, None)), rows])
    if not in_strict_order(joined):
        return "its rows are not in order"
    if rows.made_at.min() < EARLIEST or rows.made_at.max() > LATEST:
        return "it has a time outside the years 0001 to 9999"
    bits = rows.probability.view("<u8")  # from 0 to 1 they rise as the numbers do
    if ((bits > CERTAINTY) & (bits != WITHDRAWAL)).any():
        return "it has a value that is no probability"
    return None


def in_strict_order(rows: Forecasts) -> bool:
    """Whether rows stand in order of claim, forecaster and time, no two alike."""
    claim, forecaster, made_at = rows.claim, rows.forecaster, rows.made_at
    key = claim.astype(np.int64) << 32 | forecaster
    rising = key[1:] > key[:-1]
    if rising.all():
        return True
    later = made_at[1:] > made_at[:-1]
    return bool((rising | ((key[1:] == key[:-1]) & later)).all())


def digest(content: bytes) -> bytes:
    """Hash one block: a leaf of the import's own Merkle tree, without a salt."""
    return leaf_hash(b"", content)


def blocks_root(digests: Iterable[bytes]) -> str:
    """Return the Merkle root over an import's blocks, in hexadecimal."""
    return root(digests).hex()


def slugs_sha256(slugs: Iterable[str]) -> str:
    """Return the digest of a list of slugs, each followed by a new line, in hexadecimal.

    >>> slugs_sha256(["ana", "ben"]) == sha256(b"ana\\nben\\n").hexdigest()
    True
    """
    return sha256("".join(f"{slug}\n" for slug in slugs).encode()).hexdigest()


def together(pieces: Iterable[Forecasts]) -> Forecasts:
    """Join pieces of rows."""
    parts = list(pieces)
    if len(parts) == 1:
        return parts[0]
    return Forecasts(*(np.concatenate(columns) for columns in zip(*parts, strict=True))) if parts else NO_FORECASTS


class BlockWriter:
    """Cut rows that come in order into blocks, and store each as soon as it is full."""

    def __init__(self, connection: sqlite3.Connection, entry: int, claims: NDArray[np.int64]) -> None:
        """Write under the import that will be *entry*; *claims* are the entries of its list, by rank."""
        self._connection, self._entry, self._claims = connection, entry, claims
        self._digests: list[bytes] = []  # of each block so far
        self._left: list[Forecasts] = []
        self._waiting = 0

    def add(self, rows: Forecasts) -> None:
        """Take the next rows; claims and forecasters are ranks."""
        self._left.append(rows)
        self._waiting += rows.size
        if self._waiting >= BLOCK_ROWS:
            joined = together(self._left)
            full_size = joined.size - joined.size % BLOCK_ROWS
            self._store([joined.rows(slice(first, first + BLOCK_ROWS)) for first in range(0, full_size, BLOCK_ROWS)])
            self._left, self._waiting = [joined.rows(slice(full_size, None))], joined.size - full_size

    def finish(self, forecasters: NDArray[np.int64]) -> list[bytes]:
        """Store what is left as the last block, which may be short, and the lists; *forecasters* are entries, too.

        Returns the digest of each block.
        """
        if self._waiting:
            self._store([together(self._left)])
        if self._digests:
            lists = (entries.astype("<u4").tobytes() for entries in (self._claims, forecasters))
            self._connection.execute("insert into main.import_list values (?, ?, ?)", (self._entry, *lists))
        return self._digests

    def _store(self, blocks: Iterable[Forecasts]) -> None:
        """Write blocks, each with its digest and the claims of its first and last row, by which it is found."""
        for rows in blocks:
            content = encode(rows)
            first, last = self._claims[rows.claim[[0, -1]]].tolist()
            stored = (self._entry, len(self._digests), rows.size, first, last, digest(content), content)
            self._connection.execute("insert into main.block values (?, ?, ?, ?, ?, ?, ?)", stored)
            self._digests.append(stored[5])
