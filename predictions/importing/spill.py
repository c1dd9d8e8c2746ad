"""The spill: checked rows kept until the ledger is locked, in memory or on disk, parted by ranges of claims."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.storage.blocks import BLOCK_ROWS, DAYS, POINTS, PROBABILITIES, SHARES, Forecasts, together
from predictions.storage.lines import NO_LINES

PARTITIONS = 64
PARTITION_ROWS = 32 * BLOCK_ROWS  # partitions are read together up to so many rows
IN_MEMORY = 32_000_000  # bytes kept before they go to disk

RowNumbers: TypeAlias = NDArray[np.uint32]
Stretch: TypeAlias = tuple[int, int, int, int, int]  # where a piece begins, its columns, its rows, first and last
TYPES: tuple[np.dtype[Any], ...] = tuple(
    map(np.dtype, (np.int32, np.int32, np.int64, np.float64, np.uint32, np.uint8, np.float64))
)
ONE_CHANCE, OF_OPTION, OF_DAY, OF_POINT, OF_QUANTILE, OF_NAME = range(1, 7)  # what the chance of a row is of
OF_KIND = np.array([0, ONE_CHANCE, OF_OPTION, OF_POINT, OF_DAY], np.uint8)  # by the kind of a block
LIST_OF_CHANCE = {OF_OPTION: "shares", OF_DAY: "days", OF_POINT: "points", OF_QUANTILE: "points", OF_NAME: "shares"}
CHANCES_OF_KIND = {  # of what the chances are that make a forecast of each kind of block
    PROBABILITIES: (ONE_CHANCE,), SHARES: (OF_OPTION, OF_NAME), POINTS: (OF_POINT, OF_QUANTILE),
    DAYS: (OF_DAY, OF_NAME),
}  # fmt: skip


class NumberedForecasts(NamedTuple):
    """Forecasts with the number that each row had in its source; 0 for what is on file already.

    As they come from a source, each row has one chance; a distribution is several rows.

    Attributes:
        forecasts: The forecasts.
        number: The number of each row.
        of: What each chance is of: ONE_CHANCE of yes, OF_OPTION, OF_DAY, OF_POINT of a curve, OF_QUANTILE, or OF_NAME
            of an option or day; None where all are of yes, or distributions are whole.
        at: The number of the option's or day's name, the day since 1970, or the value.
    """

    forecasts: Forecasts
    number: RowNumbers
    of: NDArray[np.uint8] | None = None
    at: NDArray[np.float64] | None = None

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> NumberedForecasts:
        """Return some of the rows; all of them as they are."""
        if which.dtype == np.bool_ and which.all():
            return self
        beside = (None if column is None else column[which] for column in (self.of, self.at))
        return NumberedForecasts(self.forecasts.rows(which), self.number[which], *beside)  # type: ignore[arg-type]  # both in turn


def rows_together(pieces: Sequence[NumberedForecasts]) -> NumberedForecasts:
    """Join rows as they come from a source, or rows whose distributions are whole."""
    if len(pieces) == 1:
        return pieces[0]
    forecasts = together([piece.forecasts for piece in pieces])
    number = np.concatenate([piece.number for piece in pieces])
    if all(piece.of is None for piece in pieces):
        return NumberedForecasts(forecasts, number)
    ones = [np.full(piece.number.size, ONE_CHANCE, np.uint8) if piece.of is None else piece.of for piece in pieces]
    ats = [np.zeros(piece.number.size) if piece.at is None else piece.at for piece in pieces]
    return NumberedForecasts(forecasts, number, np.concatenate(ones), np.concatenate(ats))


def as_rows(
    forecasts: Forecasts, number: RowNumbers, options: Callable[[int], Sequence[str]], names: dict[str, int]
) -> NumberedForecasts:
    """Return whole forecasts as rows of a source, a row for each part of a distribution.

    Args:
        forecasts: The forecasts.
        number: The number that all rows of each get.
        options: What the options of a claim are, by its number.
        names: The numbers of their names, to which new ones are added.
    """
    if forecasts.kind is None:
        return NumberedForecasts(forecasts, number)
    said, forecasts = forecasts.distributed, forecasts.compact()
    size, lines = np.ones(forecasts.size, np.int64), forecasts.lines
    size[said] = lines.size
    owner = np.repeat(np.arange(forecasts.size), size)
    of, at = OF_KIND[forecasts.kind][owner], np.zeros(owner.size)
    of[~said[owner]] = ONE_CHANCE
    chance = forecasts.probability[owner]
    chance[said[owner]], at[said[owner]] = lines.chance, lines.at
    shares = of == OF_OPTION
    if shares.any():
        place, first = np.arange(owner.size) - (np.cumsum(size) - size)[owner], forecasts.claim[owner][shares]
        numbers = {
            claim: [names.setdefault(option, len(names)) for option in options(claim)]
            for claim in np.unique(first).tolist()
        }
        at[shares] = [numbers[claim][at_] for claim, at_ in zip(first.tolist(), place[shares].tolist(), strict=True)]
    rows = forecasts.rows(owner)._replace(probability=chance, kind=None, lines=NO_LINES)
    return NumberedForecasts(rows, number[owner], of, at)


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
        self.in_parts = False  # whether rows are of options, days or values
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by close()
        self._stretches: list[list[Stretch]] = [[] for _ in range(len(self._bounds) + 1)]

    def close(self) -> None:
        """Give memory and disk back."""
        self._file.close()

    def add(self, rows: NumberedForecasts, claim_names: Sequence[str], forecasters: int) -> None:
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
        laid: list[NDArray[Any]] = [*rows.forecasts[:4], rows.number]
        if rows.of is not None and rows.at is not None:
            laid += [rows.of, rows.at]
            self.in_parts = True
        for values, kind in zip(laid, TYPES, strict=False):
            self._file.write(values.take(order).astype(kind, copy=False).data)
        ends = np.cumsum(np.bincount(partition, minlength=len(self._stretches))).tolist()
        for stretches, first, last in zip(self._stretches, [0, *ends], ends, strict=False):
            if last > first:
                stretches.append((start, len(laid), rows.number.size, first, last))

    def partitions(self) -> Iterator[NumberedForecasts]:
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

    def _read(self, stretches: Sequence[Stretch]) -> NumberedForecasts:
        return rows_together([self._stretch(*stretch) for stretch in stretches])

    def _stretch(self, start: int, columns: int, size: int, first: int, last: int) -> NumberedForecasts:
        """Read some rows of a piece, column by column."""
        read: list[NDArray[Any]] = []
        for kind in TYPES[:columns]:
            self._file.seek(start + kind.itemsize * first)
            read.append(np.frombuffer(self._file.read(kind.itemsize * (last - first)), kind))
            start += kind.itemsize * size
        claim, forecaster, made_at, chance, number, *beside = read
        return NumberedForecasts(Forecasts(claim, forecaster, made_at, chance), number, *beside)
