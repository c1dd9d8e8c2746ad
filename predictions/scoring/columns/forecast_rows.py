"""Build, sort and merge the kernel's rows of forecasts, which are sorted by claim, forecaster and time.

Rows carry the bits of :class:`~predictions.scoring.eligibility.SetApart` as their marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import IndexArray
from forecasts.kernel import Rows, Series
from predictions.scoring.eligibility import SetApart

ROWS_AT_ONCE = 1 << 17


def no_rows() -> Rows:
    """Return rows without any forecast, with the right types."""
    number = np.zeros(0, np.int32)
    return Rows(number, number, np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.uint8))


def no_series() -> Series:
    """Return an empty table of series, with the right types."""
    number, mark, figure = np.zeros(0, np.int32), np.zeros(0, np.uint8), np.zeros(0)
    return Series(number, number, mark, mark, figure, figure, figure, np.zeros(0, np.float32))


def rows_from(forecasts: Sequence[tuple[int, int, int, float, int]]) -> Rows:
    """Make rows of (claim, forecaster, time, probability, mark)."""
    names = ["claim", "forecaster", "time", "probability", "mark"]
    table = np.array(forecasts, np.dtype(list(zip(names, ("i4", "i4", "i8", "f8", "u1"), strict=True))))
    return Rows(*(np.ascontiguousarray(table[name]) for name in names))


def sorted_rows(rows: Rows, forecasters: int) -> tuple[Rows, IndexArray]:
    """Sort rows, and drop the backdated ones from each series that has others.

    Args:
        rows: The forecasts, in any order.
        forecasters: How many forecasters the table has.

    Returns:
        The rows that count, and the keys (claim * *forecasters* + forecaster) of the series that lost some.
    """
    if not rows_in_order(rows):  # an import is sorted already, and checking a million rows is faster than sorting them
        rows = rows.part(np.lexsort((rows.time, rows.forecaster, rows.claim)))
    backdated = rows.mark & SetApart.BACKDATED > 0
    if not backdated.any() or backdated.all():
        return rows, np.zeros(0, np.int64)
    begins = np.ones(rows.claim.size, np.bool_)
    begins[1:] = (np.diff(rows.claim) != 0) | (np.diff(rows.forecaster) != 0)
    first = np.flatnonzero(begins)
    has_dated = np.logical_or.reduceat(~backdated, first)
    mixed = first[has_dated & np.logical_or.reduceat(backdated, first)]
    keys = rows.claim[mixed].astype(np.int64) * forecasters + rows.forecaster[mixed]
    series = np.cumsum(begins) - 1
    return rows.part(~(backdated & has_dated[series])), keys


def rows_in_order(rows: Rows) -> bool:
    """Return True if rows are sorted by claim, forecaster and time; they are checked in pieces, to save memory."""
    for start in range(0, rows.claim.size, ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE + 1)  # one row more, to compare with the next piece
        claim, forecaster, time = np.diff(rows.claim[part]), np.diff(rows.forecaster[part]), np.diff(rows.time[part])
        if not ((claim > 0) | ((claim == 0) & ((forecaster > 0) | ((forecaster == 0) & (time >= 0))))).all():
            return False
    return True


def with_series(rows: Rows, series: Sequence[Rows]) -> Rows:
    """Replace or add series in sorted rows; each of *series* holds one claim and forecaster, and they are sorted."""
    kept = np.ones(rows.claim.size, np.bool_)
    spans = [_span_of_series(rows, int(part.claim[0]), int(part.forecaster[0])) for part in series]
    for begin, end in spans:
        kept[begin:end] = False
    kept_before = np.concatenate([[0], np.cumsum(kept)])
    positions = np.repeat([kept_before[begin] for begin, _ in spans], [part.claim.size for part in series])
    columns = zip(rows.part(kept), *series, strict=True)
    return Rows._make(np.insert(column, positions, np.concatenate(added)) for column, *added in columns)


def _span_of_series(rows: Rows, claim: int, forecaster: int) -> tuple[int, int]:
    """Return the first row of a series and the one after its last; the same number twice if it has no row."""
    begin, end = np.searchsorted(rows.claim, np.array([claim, claim + 1], rows.claim.dtype)).tolist()
    bounds = np.array([forecaster, forecaster + 1], rows.forecaster.dtype)
    first, last = np.searchsorted(rows.forecaster[begin:end], bounds).tolist()
    return begin + first, begin + last


def joined_rows(rows: Rows, *more: Rows) -> Rows:
    """Return all rows, one part after the other; the result need not be sorted."""
    parts = [part for part in (rows, *more) if part.claim.size]
    if len(parts) < 2:
        return parts[0] if parts else rows
    return Rows._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def merged(rows: Rows, more: Rows) -> Rows:
    """Merge *more* into *rows*, both sorted; the forecasters of *more* are numbered after those of *rows*."""
    if not more.claim.size:
        return rows
    # Each row of *more* comes after the rows of its claim, and after the rows of *more* before it.
    positions = np.searchsorted(rows.claim, more.claim, "right") + np.arange(more.claim.size)
    is_old = np.ones(rows.claim.size + more.claim.size, np.bool_)
    is_old[positions] = False

    def interleaved(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        column = np.empty(is_old.size, old.dtype)
        column[is_old], column[positions] = old, new
        return column

    return Rows._make(interleaved(getattr(rows, name), getattr(more, name)) for name in Rows._fields)
