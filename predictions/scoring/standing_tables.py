"""Many claims at once, their forecasters side by side: who stands in which piece of time, as tables of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray

SumType = TypeVar("SumType", np.int32, np.float64)

PIECES = 64  # of time that one table covers; a claim with more takes several tables
CELLS = 1 << 20  # of the tables that are worked on together: a line of all of them fits the processor's cache


@dataclass(frozen=True, eq=False)
class PieceTables:
    """Some tables of one shape: a line for each interval, a column for each piece of time.

    Attributes:
        lines: The number of the interval on each line, shape (lines, tables); 0 where a line is empty.
        values: What each says, infinite where a line is empty; the lines of a table stand in rising order of it.
        stands: Whether it stands in each piece, shape (lines, tables, pieces).
        pieces: The number of each piece, shape (tables, pieces).
        there: Whether the table has that piece at all.
    """

    lines: IndexArray
    values: FloatArray
    stands: BoolArray
    pieces: IndexArray
    there: BoolArray

    def ranked(self, counts: NDArray[np.int32], rank: NDArray[np.int32]) -> FloatArray:
        """The value of each rank, from 1, in each piece; *counts* says of how many the lines so far are."""
        return self.at(counts < rank)

    def at(self, before: BoolArray) -> FloatArray:
        """The value on the first line of each piece that is not *before*; of the last line where all are."""
        place = np.minimum(np.add.reduce(before, axis=0, dtype=np.int32), self.values.shape[0] - 1)
        return np.asarray(self.values[place, np.arange(self.values.shape[1])[:, np.newaxis]])


def tables(
    claim: NDArray[np.integer], first: IndexArray, beyond: IndexArray, values: FloatArray
) -> Iterator[PieceTables]:
    """Lay out intervals, each from its *first* piece to the one before *beyond*; none of them is empty.

    *claim* has one value for each piece, in order; an interval lies within the pieces of one claim.

    >>> (one,) = tables(np.array([4, 4]), np.array([0, 1]), np.array([2, 2]), np.array([0.5, 0.1]))
    >>> one.lines.tolist(), one.stands.tolist()
    ([[1], [0]], [[[False, True]], [[True, True]]])
    """
    begins = np.flatnonzero(np.diff(claim, prepend=-1))
    within = np.arange(claim.size) - np.repeat(begins, np.diff(begins, append=claim.size))
    starts = np.flatnonzero(within % PIECES == 0)  # the first piece of each table
    ends = np.append(starts[1:], claim.size)
    low, high = (np.searchsorted(starts, one, "right") - 1 for one in (first, beyond - 1))
    table, interval = spans(low, high + 1), np.repeat(np.arange(first.size), high - low + 1)
    order = np.lexsort((values[interval], table))  # of those that say the same the earlier first
    interval, count = interval[order], np.bincount(table, minlength=starts.size)
    offset = np.cumsum(count) - count
    largest = np.argsort(-count, kind="stable")[: np.count_nonzero(count)]
    columns, done = np.arange(min(PIECES, int(within.max(initial=0)) + 1), dtype=np.int8), 0
    while done < largest.size:
        most = int(count[largest[done]])
        some = largest[done : done + max(CELLS // (most * columns.size), 1)]
        done += some.size
        filled = np.arange(most)[:, np.newaxis] < count[some]
        lines = interval[np.where(filled, offset[some] + np.arange(most)[:, np.newaxis], 0)]
        since, until = (
            np.where(filled, np.clip(one[lines] - starts[some], 0, columns.size), 0).astype(np.int8)[..., np.newaxis]
            for one in (first, beyond)
        )
        pieces = starts[some, np.newaxis] + columns
        there = pieces < ends[some, np.newaxis]
        yield PieceTables(
            lines, np.where(filled, values[lines], np.inf), (since <= columns) & (columns < until),
            np.where(there, pieces, 0), there,
        )  # fmt: skip


def spans(begins: IndexArray, ends: IndexArray) -> IndexArray:
    """The whole numbers from each beginning to before its end, one span after the other.

    >>> spans(np.array([3, 7]), np.array([5, 8])).tolist()
    [3, 4, 7]
    """
    sizes = ends - begins
    return np.asarray(np.arange(sizes.sum()) + np.repeat(begins - (np.cumsum(sizes) - sizes), sizes))


def running(values: NDArray[np.generic], kind: type[SumType]) -> NDArray[SumType]:
    """Sums over the lines so far; line by line, which is several times as fast as numpy's own here."""
    sums: NDArray[SumType] = np.empty(values.shape, kind)
    sums[0] = values[0]
    for line in range(1, len(values)):
        np.add(sums[line - 1], values[line], out=sums[line])
    return sums
