"""Lay out the standing forecasts of many claims as tables: a line for each number, a column for each piece of time.

A piece is the time between two changes on a claim. Tables of one shape are worked on together, in bounded memory; this
is how medians over millions of forecasts are taken without a loop over claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray

Counts: TypeAlias = NDArray[np.unsignedinteger]  # numbers of lines, in as few bytes as are enough for one table

PIECES = 64  # pieces of time in one table; a claim with more takes several tables
TABLE_CELLS = 1 << 20  # cells of tables that are worked on together: one line of all of them fits the processor's cache


@dataclass(frozen=True, eq=False)
class PieceTables:
    """Several tables of one shape.

    Attributes:
        lines: The index of the interval on each line, shape (lines, tables); 0 on an empty line.
        values: The number that stands in this interval, ascending within a table, shape (lines, tables); infinite on an
            empty line.
        stands: Whether the number stands in each piece, shape (lines, tables, pieces).
        pieces: The index of each piece among all pieces, shape (tables, pieces).
        exists: Whether the table has that piece, shape (tables, pieces); the last table of a claim may have fewer.
    """

    lines: IndexArray
    values: FloatArray
    stands: BoolArray
    pieces: IndexArray
    exists: BoolArray

    def counted(self, chosen: BoolArray) -> Counts:
        """Count in each piece the chosen lines up to each line; *chosen* has the shape of ``stands``."""
        count_type = np.min_scalar_type(len(chosen) + 2)  # a rank may lie two beyond the last line
        sums = np.empty(chosen.shape, count_type)
        return running_sums(chosen.view(np.uint8), sums)

    def ranked(self, counts: Counts, rank: Counts) -> FloatArray:
        """Return in each piece the value with this rank, from 1, among the lines that *counts* counts."""
        return self.first_not(counts < rank)

    def first_not(self, before: BoolArray) -> FloatArray:
        """Return in each piece the value on the first line where *before* is False; of the last line if there is none.

        *before* has the shape of ``stands``; in each piece it is True on some lines, then False on all others.
        """
        count_type = np.min_scalar_type(len(before))
        line = np.minimum(np.add.reduce(before.view(np.uint8), axis=0, dtype=count_type), len(before) - 1)
        return np.asarray(self.values[line, np.arange(self.values.shape[1])[:, np.newaxis]])


def tables(
    claim: NDArray[np.integer], first: IndexArray, beyond: IndexArray, values: FloatArray
) -> Iterator[PieceTables]:
    """Lay out intervals of time as tables: each lasts from its *first* piece to the one before *beyond*.

    Args:
        claim: The claim of each piece, in ascending order; an interval lies within the pieces of one claim.
        first: The piece in which each interval begins.
        beyond: The first piece after it; no interval is empty.
        values: The number that stands in each interval.

    >>> (table,) = tables(np.array([4, 4]), np.array([0, 1]), np.array([2, 2]), np.array([0.5, 0.1]))
    >>> table.lines.tolist(), table.stands.tolist()
    ([[1], [0]], [[[False, True]], [[True, True]]])
    """
    # Cut the pieces of each claim into tables, and list the intervals that reach into each table, lowest value first.
    begins = np.flatnonzero(np.diff(claim, prepend=-1))
    piece_of_claim = np.arange(claim.size) - np.repeat(begins, np.diff(begins, append=claim.size))
    starts = np.flatnonzero(piece_of_claim % PIECES == 0)  # the first piece of each table
    ends = np.append(starts[1:], claim.size)
    low, high = (np.searchsorted(starts, piece, "right") - 1 for piece in (first, beyond - 1))
    table, interval = spans(low, high + 1), np.repeat(np.arange(first.size), high - low + 1)
    order = np.lexsort((values[interval], table))  # stable: of equal numbers the earlier comes first
    interval, count = interval[order], np.bincount(table, minlength=starts.size)
    offset = np.cumsum(count) - count

    # Work on tables of about the same number of lines together, the largest first, so that little room is wasted.
    by_size = np.argsort(-count, kind="stable")[: np.count_nonzero(count)]
    columns = np.arange(min(PIECES, int(piece_of_claim.max(initial=0)) + 1), dtype=np.int8)
    done = 0
    while done < by_size.size:
        most_lines = int(count[by_size[done]])
        chosen = by_size[done : done + max(TABLE_CELLS // (most_lines * columns.size), 1)]
        done += chosen.size
        line = np.arange(most_lines)[:, np.newaxis]
        filled = line < count[chosen]
        lines = interval[np.where(filled, offset[chosen] + line, 0)]
        since, until = (
            np.where(filled, np.clip(edge[lines] - starts[chosen], 0, columns.size), 0).astype(np.int8)[..., np.newaxis]
            for edge in (first, beyond)
        )
        stands = (since <= columns) & (columns < until)
        pieces = starts[chosen, np.newaxis] + columns
        exists = pieces < ends[chosen, np.newaxis]
        lowest_first = np.where(filled, values[lines], np.inf)
        yield PieceTables(lines, lowest_first, stands, np.where(exists, pieces, 0), exists)


def spans(begins: IndexArray, ends: IndexArray) -> IndexArray:
    """Return the whole numbers from each beginning to before its end, one span after the other.

    >>> spans(np.array([3, 7]), np.array([5, 8])).tolist()
    [3, 4, 7]
    """
    sizes = ends - begins
    return np.asarray(np.arange(sizes.sum()) + np.repeat(begins - (np.cumsum(sizes) - sizes), sizes))


def running_sums(lines: Iterable[NDArray[Any]], sums: NDArray[Any]) -> NDArray[Any]:
    """Fill *sums* with the sums of the lines up to each line, and return it: a cumsum, but several times as fast."""
    for number, line in enumerate(lines):
        np.add(sums[number - 1] if number else 0, line, out=sums[number])
    return sums
