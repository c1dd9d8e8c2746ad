"""The spill: checked rows kept until the ledger is locked, in memory or on disk, parted by ranges of claims."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.storage.blocks import BLOCK_ROWS, Forecasts

PARTITIONS = 64
PARTITION_ROWS = 32 * BLOCK_ROWS  # partitions are read together up to so many rows
IN_MEMORY = 32_000_000  # bytes kept before they go to disk

RowNumbers: TypeAlias = NDArray[np.uint32]
Stretch: TypeAlias = tuple[int, int, int, int]  # where a piece begins in the file, its rows, which of them: first, last
TYPES: tuple[np.dtype[Any], ...] = tuple(map(np.dtype, (np.int32, np.int32, np.int64, np.float64, np.uint32)))


class Rows(NamedTuple):
    """Forecasts with the number that each row had in its source; 0 for what is on file already."""

    forecasts: Forecasts
    number: RowNumbers

    def chosen(self, which: NDArray[np.bool_]) -> Rows:
        """Return some of the rows; all of them as they are."""
        return self if which.all() else Rows(self.forecasts.rows(which), self.number[which])


class Spill:
    """Rows by partitions of claims, in the order of their slugs; names are known by numbers, in order of arrival.

    Each partition is sorted by itself later, so memory stays flat however many rows there are.
    """

    def __init__(self, claims: Sequence[str]) -> None:
        """Part rows by *claims*, sorted slugs; any other name falls between two of them."""
        step = max(len(claims) // PARTITIONS, 1)
        self._bounds = list(claims[step::step])[: PARTITIONS - 1]
        self._partition_of = np.zeros(0, np.uint8)
        self.used = [np.zeros(0, np.bool_), np.zeros(0, np.bool_)]  # names of claims, of forecasters, that rows have
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by close()
        self._stretches: list[list[Stretch]] = [[] for _ in range(len(self._bounds) + 1)]

    def close(self) -> None:
        """Give memory and disk back."""
        self._file.close()

    def add(self, rows: Rows, claim_names: Sequence[str], forecasters: int) -> None:
        """Write rows column by column, in the order of their partitions; their names are known by number.

        *claim_names* are all names of claims so far, *forecasters* is how many forecasters there are so far.
        """
        columns = rows.forecasts.claim, rows.forecasts.forecaster
        for index, (column, size) in enumerate(zip(columns, (len(claim_names), forecasters), strict=True)):
            self.used[index] = np.pad(self.used[index], (0, size - self.used[index].size))
            self.used[index][column] = True
        if not rows.number.size:
            return
        new = [bisect_right(self._bounds, name) for name in claim_names[self._partition_of.size :]]
        self._partition_of = np.append(self._partition_of, np.array(new, np.uint8))
        partition = self._partition_of.take(rows.forecasts.claim)
        order = np.argsort(partition, kind="stable")
        start = self._file.seek(0, 2)
        laid: list[NDArray[Any]] = [*rows.forecasts, rows.number]
        for values, kind in zip(laid, TYPES, strict=True):
            self._file.write(values.take(order).astype(kind, copy=False).data)
        ends = np.cumsum(np.bincount(partition, minlength=len(self._stretches))).tolist()
        for stretches, first, last in zip(self._stretches, [0, *ends], ends, strict=False):
            if last > first:
                stretches.append((start, rows.number.size, first, last))

    def partitions(self) -> Iterator[Rows]:
        """Yield the rows of one range of claims after the other, as they came on each claim."""
        waiting: list[Stretch] = []
        size = 0
        for stretches in self._stretches:
            added = sum(last - first for *_, first, last in stretches)
            if size and size + added > PARTITION_ROWS:
                yield self._read(waiting)
                waiting, size = [], 0
            waiting, size = [*waiting, *stretches], size + added
        if size:
            yield self._read(waiting)

    def _read(self, stretches: Sequence[Stretch]) -> Rows:
        *columns, number = (self._column(stretches, index) for index in range(len(TYPES)))
        return Rows(Forecasts(*columns), number)

    def _column(self, stretches: Sequence[Stretch], index: int) -> NDArray[Any]:
        """Read one column of some stretches of the file."""
        kind, before = TYPES[index], sum(column.itemsize for column in TYPES[:index])
        parts = []
        for start, size, first, last in stretches:
            self._file.seek(start + before * size + kind.itemsize * first)
            parts.append(self._file.read(kind.itemsize * (last - first)))
        return np.frombuffer(b"".join(parts), kind)
