"""Compare an import with what is on file: find the rows that are new, that repeat it, or that contradict it."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.importing.spill import NumberedForecasts
from predictions.storage.blocks import SHARES, Forecasts, Times, together
from predictions.storage.forecast_records import other_options, record_columns, with_distributions
from predictions.storage.imports import ImportReader, imports, looked_up, ranks

NUMBER_BITS = 63  # of a number, beside its sign
OPTIONS_GONE = -1.0  # the place of shares whose options are not the claim's any more: no option is there


class Compared(NamedTuple):
    """Rows and what is on file, sorted by claim, forecaster and time, and how they compare.

    Attributes:
        rows: The rows; those on file have number 0.
        first: For each row, the index of the first row of its claim, forecaster and time.
        new: Whether a row is neither on file nor has the key of an earlier row.
        agrees: Whether a row says the same as an earlier row with its key.
    """

    rows: NumberedForecasts
    first: NDArray[np.intp]
    new: NDArray[np.bool_]
    agrees: NDArray[np.bool_]

    @property
    def others(self) -> NDArray[np.bool_]:
        """Which rows of the import are not new."""
        return ~self.new & (self.rows.number > 0)

    @property
    def contradicting(self) -> NDArray[np.bool_]:
        """Which rows of the import say something else than all earlier rows with their key."""
        return ~self.agrees & self.others


class StandingForecasts:
    """The forecasts on file, by ranges of claims; claims and forecasters are numbers, in the order of slugs."""

    def __init__(
        self, connection: sqlite3.Connection, claims: NDArray[np.int64], forecasters: NDArray[np.int64]
    ) -> None:
        """Number claims and forecasters by their places in *claims* and *forecasters*, which hold entries."""
        numbers = ranks(claims), ranks(forecasters)
        columns = record_columns(connection)  # of every revision, since a row may repeat any of them
        self._other_options = _OtherOptions(connection, claims)
        claim, forecaster = looked_up(numbers[0], columns.claim), looked_up(numbers[1], columns.forecaster)
        records = Forecasts(claim, forecaster, columns.made_at, columns.probability)
        records = with_distributions(connection, columns.entry, records)
        self._records = self._of_options(records, columns.entry)
        self._imports = [
            ImportReader(connection, imported.entry, *numbers) for imported in imports(connection) if imported.blocks
        ]

    def between(self, first: int, last: int) -> Forecasts:
        """Return what is on file on the claims between two numbers, by the forecasters who have a number."""
        records = self._records.rows((self._records.claim >= first) & (self._records.claim <= last))
        rows = together([records, *(self._imported(reader, first, last) for reader in self._imports)])
        return rows.rows(rows.forecaster >= 0) if rows.size else rows

    def _imported(self, reader: ImportReader, first: int, last: int) -> Forecasts:
        """Return the rows of one earlier import on a range of claims."""
        rows = reader.on(first, last)
        return self._of_options(rows, np.full(rows.size, reader.entry))

    def _of_options(self, rows: Forecasts, entry: NDArray[np.int64]) -> Forecasts:
        """Move shares of options that a draft had before a correction to a place where no option is now.

        Options are compared by their place in the claim's list, and the old and the new list have the same places.
        """
        if rows.kind is None:
            return rows
        is_shares = rows.distributed & (rows.kind == SHARES)
        changed = is_shares & self._other_options.at(rows.claim, entry)
        if not changed.any():
            return rows
        lines = rows.lines
        is_outdated = np.isin(lines.owner(), rows.probability[changed])
        return rows._replace(lines=lines._replace(at=np.where(is_outdated, OPTIONS_GONE, lines.at)))


class _OtherOptions:
    """When claims had other options than they have now, which a draft may have had and lost more than once."""

    def __init__(self, connection: sqlite3.Connection, claims: NDArray[np.int64]) -> None:
        """Read it of all claims, which are numbered by their places in *claims*."""
        others = other_options(connection)
        numbers = looked_up(ranks(claims), np.array([*others], np.int64)).tolist()
        times = sorted((number, *time) for number, begun in zip(numbers, others, strict=True) for time in others[begun])
        claim, self._since, other = np.array(times, np.int64).reshape(-1, 3).T
        self._claim, self._is_other = claim, other.astype(np.bool_)

    def at(self, claim: NDArray[np.int32], entry: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each claim, by number, had others when that entry was recorded."""
        if not self._since.size:
            return np.zeros(claim.size, np.bool_)
        # One number for both, in the order of claims and then of entries.
        width = int(max(self._since.max(), entry.max(initial=0))) + 1
        place = np.searchsorted(self._claim * width + self._since, claim.astype(np.int64) * width + entry, "right") - 1
        return np.asarray((place >= 0) & (self._claim[place] == claim) & self._is_other[place])


def compare_rows(rows: NumberedForecasts, on_file: Forecasts, forecasters: int) -> Compared:
    """Sort rows together with what is on file on the same claims, and find out which are new.

    Rows of one key (claim, forecaster and time) are neighbours then, those on file first, and each is compared with
    the first of its key.
    """
    if on_file.size:
        number = np.concatenate([np.zeros(on_file.size, np.uint32), rows.number])
        rows = NumberedForecasts(together([on_file, rows.forecasts]), number)
    order = key_order(rows.forecasts, forecasters)
    if order is not None:
        rows = NumberedForecasts(rows.forecasts.rows(order), rows.number.take(order))
    forecasts, is_on_file = rows.forecasts, rows.number == 0
    has_earlier = repeats_key(forecasts)
    indexes = np.arange(forecasts.size)
    if not has_earlier.any():
        return Compared(rows, indexes, ~is_on_file, has_earlier)
    first = np.maximum.accumulate(np.where(has_earlier, 0, indexes))
    chances = _codes(forecasts, has_earlier | np.append(has_earlier[1:], False))
    agrees = has_earlier & (chances == chances[first])
    # Several rows on file may have one key: its revisions, and what a block says. A row agrees with any of them.
    for distance in range(1, int((indexes - first)[is_on_file].max(initial=0)) + 1):
        compared_with = np.minimum(first + distance, forecasts.size - 1)
        agrees |= (
            has_earlier
            & is_on_file[compared_with]
            & (first == first[compared_with])
            & (chances == chances[compared_with])
        )
    return Compared(rows, first, ~(has_earlier | is_on_file), agrees)


def repeats_key(rows: Forecasts) -> NDArray[np.bool_]:
    """Return which rows, sorted by key, have the claim, forecaster and time of the row before."""
    repeats = np.zeros(rows.size, np.bool_)
    repeats[1:] = (
        (rows.made_at[1:] == rows.made_at[:-1])
        & (rows.claim[1:] == rows.claim[:-1])
        & (rows.forecaster[1:] == rows.forecaster[:-1])
    )
    return repeats


def _codes(rows: Forecasts, among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return a number for what each row says, equal for equal rows; distributions only *among* some rows."""
    codes = np.where(np.isnan(rows.probability), -1.0, rows.probability)
    places = np.flatnonzero(among & rows.distributed)
    if places.size:
        chosen, numbers = rows.rows(places).compact(), dict[bytes, int]()
        at, chance, size = chosen.lines
        for place, end, count in zip(places.tolist(), np.cumsum(size).tolist(), size.tolist(), strict=True):
            content = at[end - count : end].tobytes() + chance[end - count : end].tobytes()
            codes[place] = 2.0 + numbers.setdefault(content, len(numbers))  # above every chance, so never equal to one
    return codes


def key_order(rows: Forecasts, forecasters: int) -> NDArray[np.intp] | None:
    """Return the order by claim, forecaster and time, equal rows as they come; None if the rows have it already."""
    key = (rows.claim.astype(np.int64) - rows.claim.min()) * forecasters + rows.forecaster
    if _is_sorted(key, rows.made_at):
        return None
    order = _number_order(key)
    if _is_sorted(key.take(order), rows.made_at.take(order)):  # as in a table in the order of time
        return order
    return order_within(key, rows.made_at)


def order_within(numbers: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.intp]:
    """Return the order by *numbers*, which are not below 0, then by *values*, equal rows as they come and NaN last.

    >>> order_within(np.array([1, 0, 1, 1]), np.array([0.5, 0.7, 0.2, 0.5])).tolist()
    [1, 2, 0, 3]
    """
    if int(numbers.max()).bit_length() + numbers.size.bit_length() >= NUMBER_BITS:
        numbers = _ranks(numbers)
    return _number_order(numbers * values.size + _ranks(values))


def _number_order(numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the order of numbers that are not below 0, equal ones as they come."""
    bits = numbers.size.bit_length()
    if int(numbers.max()).bit_length() + bits >= NUMBER_BITS:
        numbers = _ranks(numbers)
    # All differ once the place is part of them, so the fastest sort keeps equal ones as they stand.
    placed = numbers << bits | np.arange(numbers.size)
    placed.sort()
    return np.asarray(placed & ((1 << bits) - 1))


def _ranks(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return the rank of each value among the distinct ones; NaN has the last."""
    order = np.argsort(values)
    in_order = values.take(order)
    ranks = np.zeros(values.size, np.int64)
    ranks[order[1:]] = np.cumsum((in_order[1:] != in_order[:-1]) & ~np.isnan(in_order[:-1]))
    return ranks


def _is_sorted(key: NDArray[np.int64], made_at: Times) -> bool:
    """Tell whether rows are sorted by key and time."""
    if (key[1:] < key[:-1]).any():
        return False
    return bool(((key[1:] > key[:-1]) | (made_at[1:] >= made_at[:-1])).all())
