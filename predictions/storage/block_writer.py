"""Cutting rows into blocks: full ones are stored at once, each of one kind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from predictions.storage.blocks import BLOCK_LINES, BLOCK_ROWS, Forecasts, digest, encode, together


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
        self._left.append(rows.compact())
        self._waiting += rows.size
        if self._waiting >= BLOCK_ROWS:
            joined = together(self._left)
            *full, last = cuts(joined)
            self._store(joined.rows(cut) for cut in full)
            left = joined.rows(last).compact()
            # A last block that happens to be full is stored now: kept back, it would be copied with every further
            # piece.
            if left.size == BLOCK_ROWS:
                self._store([left])
                left = left.rows(slice(0))
            self._left, self._waiting = [left], left.size

    def finish(self, forecasters: NDArray[np.int64]) -> list[bytes]:
        """Store what is left, of which the last block may be short, and the lists; *forecasters* are entries, too.

        Returns the digest of each block.
        """
        if self._waiting:
            joined = together(self._left)
            self._store(joined.rows(cut) for cut in cuts(joined))
        # An import of which every row was on file already has no blocks, and then no lists either.
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


def cuts(rows: Forecasts) -> Iterator[slice]:
    """Yield which rows make a block each: of one kind, and as many as one can hold; the last may not be full."""
    bounds, lines = [0, rows.size], np.zeros(rows.size + 1, np.int64)
    if rows.kind is not None:
        said = rows.distributed
        lines[1:][said] = rows.lines.size[rows.probability[said].astype(np.int64)]
        lines = np.cumsum(lines)
        bounds[1:1] = (np.flatnonzero(np.diff(rows.kind)) + 1).tolist()
    for first, end in pairwise(bounds):
        start = first
        while start < end:
            fitting = int(np.searchsorted(lines, lines[start] + BLOCK_LINES, "right")) - 1
            cut = min(start + BLOCK_ROWS, end, fitting)
            yield slice(start, cut)
            start = cut
