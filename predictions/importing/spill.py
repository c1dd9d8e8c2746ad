"""Keep checked rows, in memory or on disk, by ranges of claims until the ledger is locked."""

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
PARTITION_ROWS = 32 * BLOCK_ROWS  # small partitions are read together up to so many rows
IN_MEMORY = 48_000_000  # bytes kept in memory, enough for a million rows; more go to disk

RowNumbers: TypeAlias = NDArray[np.uint32]
TYPES: tuple[np.dtype[Any], ...] = tuple(
    map(np.dtype, (np.int32, np.int32, np.int64, np.float64, np.uint32, np.uint8, np.float64))
)
ONE_CHANCE, OF_OPTION, OF_DAY, OF_POINT, OF_QUANTILE, OF_NAME = range(1, 7)  # what the chance of a row is for
OF_KIND = np.array([0, ONE_CHANCE, OF_OPTION, OF_POINT, OF_DAY], np.uint8)  # by the kind of a block
LIST_OF_CHANCE = {OF_OPTION: "shares", OF_DAY: "days", OF_POINT: "points", OF_QUANTILE: "points", OF_NAME: "shares"}
CHANCES_OF_KIND = {  # for each kind of block, what the chances of its forecasts can be for
    PROBABILITIES: (ONE_CHANCE,), SHARES: (OF_OPTION, OF_NAME), POINTS: (OF_POINT, OF_QUANTILE),
    DAYS: (OF_DAY, OF_NAME),
}  # fmt: skip
FITTING = np.array([[of in CHANCES_OF_KIND.get(kind, ()) for of in range(OF_NAME + 1)] for kind in range(DAYS + 1)])


class NumberedForecasts(NamedTuple):
    """Forecasts with the row numbers that they had in their source; 0 for a forecast on file.

    As they come from a source, each row has one chance; a distribution is several rows.

    Attributes:
        forecasts: The forecasts.
        number: The number of each row.
        of: What each chance is for: ONE_CHANCE for yes, OF_OPTION, OF_DAY, OF_POINT of a curve, OF_QUANTILE, or OF_NAME
            for the name of an option or day; None if all are for yes, or distributions are joined already.
        at: The number of the option's or day's name, the day since 1970, or the value.
    """

    forecasts: Forecasts
    number: RowNumbers
    of: NDArray[np.uint8] | None = None
    at: NDArray[np.float64] | None = None

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> NumberedForecasts:
        """Return some of the rows."""
        if which.dtype == np.bool_:
            if which.all():
                return self
            which = np.flatnonzero(which)  # places are taken several times faster than by flags
        beside = (None if column is None else column[which] for column in (self.of, self.at))
        return NumberedForecasts(self.forecasts.rows(which), self.number[which], *beside)  # type: ignore[arg-type]  # both in turn


def rows_together(pieces: Sequence[NumberedForecasts]) -> NumberedForecasts:
    """Return rows one after the other: as they come from a source, or with joined distributions."""
    if len(pieces) == 1:
        return pieces[0]
    forecasts = together([piece.forecasts for piece in pieces])
    number = np.concatenate([piece.number for piece in pieces])
    if all(piece.of is None for piece in pieces):
        return NumberedForecasts(forecasts, number)
    chance_kinds = [
        np.full(piece.number.size, ONE_CHANCE, np.uint8) if piece.of is None else piece.of for piece in pieces
    ]
    positions = [np.zeros(piece.number.size) if piece.at is None else piece.at for piece in pieces]
    return NumberedForecasts(forecasts, number, np.concatenate(chance_kinds), np.concatenate(positions))


def as_rows(
    forecasts: Forecasts, number: RowNumbers, options: Callable[[int], Sequence[str]], names: dict[str, int]
) -> NumberedForecasts:
    """Return joined forecasts as rows of a source, with a row for each part of a distribution.

    Args:
        forecasts: The forecasts.
        number: The number that all rows of a forecast get.
        options: Returns the options of a claim, by its number.
        names: The numbers of the options' names; new names are added.
    """
    if forecasts.kind is None:
        return NumberedForecasts(forecasts, number)
    is_distribution, forecasts = forecasts.distributed, forecasts.compact()
    size, lines = np.ones(forecasts.size, np.int64), forecasts.lines
    size[is_distribution] = lines.size  # how many rows each forecast becomes
    owner = np.repeat(np.arange(forecasts.size), size)
    of, at = OF_KIND[forecasts.kind][owner], np.zeros(owner.size)
    of[~is_distribution[owner]] = ONE_CHANCE
    chance = forecasts.probability[owner]
    chance[is_distribution[owner]], at[is_distribution[owner]] = lines.chance, lines.at
    is_share = of == OF_OPTION
    # Shares are stored in the order of the options; rows name each option by number.
    if is_share.any():
        place, claims = np.arange(owner.size) - (np.cumsum(size) - size)[owner], forecasts.claim[owner][is_share]
        option_numbers = {
            claim: [names.setdefault(option, len(names)) for option in options(claim)]
            for claim in np.unique(claims).tolist()
        }
        at[is_share] = [
            option_numbers[claim][index] for claim, index in zip(claims.tolist(), place[is_share].tolist(), strict=True)
        ]
    rows = forecasts.rows(owner)._replace(probability=chance, kind=None, lines=NO_LINES)
    return NumberedForecasts(rows, number[owner], of, at)


class OnDisk(NamedTuple):
    """The columns of a piece in the spill's file: where they start, how many they are, and how many rows they have."""

    start: int
    columns: int
    size: int


class Stretch(NamedTuple):
    """The rows of a piece, held in memory or on disk, from *first* up to *last*."""

    piece: Sequence[NDArray[Any]] | OnDisk
    first: int
    last: int


class Spill:
    """Rows in partitions, by ranges of claims in the order of slugs; names are numbers in the order of arrival.

    Each partition is sorted separately later, so that memory stays flat however many rows there are.
    """

    def __init__(self, claims: Sequence[str]) -> None:
        """Divide rows by *claims*, which are sorted slugs; any other name falls between two of them."""
        step = max(len(claims) // PARTITIONS, 1)
        self._bounds = list(claims[step::step])[: PARTITIONS - 1]
        self._partition_of = np.zeros(0, np.uint8)
        self.used = [np.zeros(0, np.bool_), np.zeros(0, np.bool_)]  # which names of claims, of forecasters, rows have
        self.in_parts = False  # whether some rows are for options, days or values
        self._memory_left = IN_MEMORY
        self._file = SpooledTemporaryFile(1)  # noqa: SIM115  closed by close(); on disk from its first bytes on
        self._stretches: list[list[Stretch]] = [[] for _ in range(len(self._bounds) + 1)]

    def close(self) -> None:
        """Release memory and disk."""
        self._stretches = []
        self._file.close()

    def add(self, rows: NumberedForecasts, claim_names: Sequence[str], forecasters: int) -> None:
        """Keep rows column by column, sorted by partition.

        *claim_names* are all names of claims so far, by their numbers; *forecasters* counts those of forecasters.
        """
        name_columns = rows.forecasts.claim, rows.forecasts.forecaster
        for index, (column, size) in enumerate(zip(name_columns, (len(claim_names), forecasters), strict=True)):
            self.used[index] = np.pad(self.used[index], (0, size - self.used[index].size))
            self.used[index][column] = True
        if not rows.number.size:
            return
        new_partitions = [bisect_right(self._bounds, name) for name in claim_names[self._partition_of.size :]]
        self._partition_of = np.append(self._partition_of, np.array(new_partitions, np.uint8))
        partition = self._partition_of.take(rows.forecasts.claim)
        order = np.argsort(partition, kind="stable")  # stable: rows stay in the order in which they came
        columns: list[NDArray[Any]] = [*rows.forecasts[:4], rows.number]
        if rows.of is not None and rows.at is not None:
            columns += [rows.of, rows.at]
            self.in_parts = True
        piece = self._kept(
            [values.take(order).astype(kind, copy=False) for values, kind in zip(columns, TYPES, strict=False)]
        )
        ends = np.cumsum(np.bincount(partition, minlength=len(self._stretches))).tolist()
        for stretches, first, last in zip(self._stretches, [0, *ends], ends, strict=False):
            if last > first:
                stretches.append(Stretch(piece, first, last))

    def _kept(self, columns: Sequence[NDArray[Any]]) -> Sequence[NDArray[Any]] | OnDisk:
        """Return the columns of a piece while memory is left for them; else write them to disk."""
        needed = sum(values.nbytes for values in columns)
        if needed <= self._memory_left:
            self._memory_left -= needed
            return columns
        start = self._file.seek(0, 2)
        for values in columns:
            self._file.write(values.data)
        return OnDisk(start, len(columns), columns[0].size)

    def partitions(self) -> Iterator[NumberedForecasts]:
        """Yield the rows by ranges of claims, in the order in which they came."""
        collected: list[Stretch] = []
        size = 0
        for stretches in self._stretches:
            added = sum(stretch.last - stretch.first for stretch in stretches)
            if size and size + added > PARTITION_ROWS:
                yield self._read(collected)
                collected, size = [], 0
            collected, size = [*collected, *stretches], size + added
        if size:
            yield self._read(collected)

    def _read(self, stretches: Sequence[Stretch]) -> NumberedForecasts:
        """Return the rows of some stretches, one after the other."""
        return rows_together([self._stretch(stretch) for stretch in stretches])

    def _stretch(self, stretch: Stretch) -> NumberedForecasts:
        """Return some rows of a piece."""
        piece, first, last = stretch
        columns = (
            self._from_disk(piece, first, last)
            if isinstance(piece, OnDisk)
            else [values[first:last] for values in piece]
        )
        claim, forecaster, made_at, chance, number, *beside = columns
        return NumberedForecasts(Forecasts(claim, forecaster, made_at, chance), number, *beside)

    def _from_disk(self, piece: OnDisk, first: int, last: int) -> list[NDArray[Any]]:
        """Return some rows of a piece, read column by column."""
        start, columns = piece.start, list[NDArray[Any]]()
        for kind in TYPES[: piece.columns]:
            self._file.seek(start + kind.itemsize * first)
            columns.append(np.frombuffer(self._file.read(kind.itemsize * (last - first)), kind))
            start += kind.itemsize * piece.size
        return columns
