"""Cutting the rows of an import into blocks of one kind each, and storing them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from predictions.storage.blocks import BLOCK_LINES, BLOCK_ROWS, Forecasts, digest, encode, together


class BlockWriter:
    """Cuts rows into blocks, and stores each as soon as it is full; the rows must come in order."""

    def __init__(self, connection: sqlite3.Connection, entry: int, claims: NDArray[np.int64]) -> None:
        """Begin the blocks of the import that will get the entry *entry*; *claims* are the entries of its claims."""
        self._connection, self._entry, self._claims = connection, entry, claims
        self._digests: list[bytes] = []  # of the blocks stored so far
        self._left: list[Forecasts] = []  # rows that do not fill a block yet
        self._waiting = 0  # the number of these

    def add(self, rows: Forecasts) -> None:
        """Take the next rows, in which claims and forecasters are ranks in the import's lists."""
        self._left.append(rows.compact())
        self._waiting += rows.size
        if self._waiting >= BLOCK_ROWS:
            joined = together(self._left)
            *full, last = cuts(joined)
            self._store(joined.rows(cut) for cut in full)
            rest = joined.rows(last).compact()
            # A last block that happens to be full is stored now; otherwise it would be copied with each further call.
            if rest.size == BLOCK_ROWS:
                self._store([rest])
                rest = rest.rows(slice(0))
            self._left, self._waiting = [rest], rest.size

    def finish(self, forecasters: NDArray[np.int64]) -> list[bytes]:
        """Store the rest, whose last block may be short, and the import's two lists; return the digest of each block.

        *forecasters* are the entries of the import's forecasters, by rank.
        """
        if self._waiting:
            joined = together(self._left)
            self._store(joined.rows(cut) for cut in cuts(joined))
        # If all rows of an import were on file already, it has no blocks, and then no lists either.
        if self._digests:
            lists = (entries.astype("<u4").tobytes() for entries in (self._claims, forecasters))
            self._connection.execute("insert into main.import_list values (?, ?, ?)", (self._entry, *lists))
        return self._digests

    def _store(self, blocks: Iterable[Forecasts]) -> None:
        """Store blocks, each with its digest and with the claims of its first and last row, to be looked up by them."""
        for rows in blocks:
            content = encode(rows)
            content_digest = digest(content)
            first, last = self._claims[rows.claim[[0, -1]]].tolist()
            row = (self._entry, len(self._digests), rows.size, first, last, content_digest, content)
            self._connection.execute("insert into main.block values (?, ?, ?, ?, ?, ?, ?)", row)
            self._digests.append(content_digest)


def cuts(rows: Forecasts) -> Iterator[slice]:
    """Yield the rows of each block: of one kind, and as many as a block can hold. The last may not be full."""
    kind_bounds, lines_before = [0, rows.size], np.zeros(rows.size + 1, np.int64)
    if rows.kind is not None:
        distributed = rows.distributed
        lines_before[1:][distributed] = rows.lines.size[rows.probability[distributed].astype(np.int64)]
        lines_before = np.cumsum(lines_before)
        kind_bounds = [0, *(np.flatnonzero(np.diff(rows.kind)) + 1).tolist(), rows.size]
    for first, end in pairwise(kind_bounds):
        start = first
        while start < end:
            line_limit = int(np.searchsorted(lines_before, lines_before[start] + BLOCK_LINES, "right")) - 1
            cut = min(start + BLOCK_ROWS, end, line_limit)
            yield slice(start, cut)
            start = cut
