"""Rows of forecasts in order: by claim, forecaster and time; what is backdated set aside, series put in place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasts.inputs import IndexArray
from forecasts.kernel import Rows, Series
from predictions.scoring.eligibility import SetApart


def no_rows() -> Rows:
    """No forecast at all."""
    number = np.zeros(0, np.int32)
    return Rows(number, number, np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.uint8))


def no_series() -> Series:
    """No series at all."""
    number = np.zeros(0, np.int32)
    mark = np.zeros(0, np.uint8)
    figure = np.zeros(0)
    return Series(number, number, mark, mark, figure, figure, figure, np.zeros(0, np.float32))


def sorted_rows(rows: Rows, forecasters: int) -> tuple[Rows, IndexArray]:
    """By claim, forecaster and time; one import is in that order already.

    Of a series with times that are not backdated, the rows that are backdated are set aside: each such series
    comes back as claim * *forecasters* + forecaster.
    """
    if not in_order(rows):
        rows = rows.part(np.lexsort((rows.time, rows.forecaster, rows.claim)))
    backdated = rows.mark & SetApart.BACKDATED > 0
    if not backdated.any() or backdated.all():
        return rows, np.zeros(0, np.int64)
    begins = np.ones(rows.claim.size, np.bool_)
    begins[1:] = (np.diff(rows.claim) != 0) | (np.diff(rows.forecaster) != 0)
    first = np.flatnonzero(begins)
    known = np.logical_or.reduceat(~backdated, first)
    mixed = first[known & np.logical_or.reduceat(backdated, first)]
    aside = rows.claim[mixed].astype(np.int64) * forecasters + rows.forecaster[mixed]
    return rows.part(~(backdated & known[np.cumsum(begins) - 1])), aside


def with_series(rows: Rows, series: Sequence[Rows]) -> Rows:
    """The rows with these series in place of what they have of them; each of one claim and forecaster."""
    kept = np.ones(rows.claim.size, np.bool_)
    spans = [_span(rows, int(one.claim[0]), int(one.forecaster[0])) for one in series]
    for begin, end in spans:
        kept[begin:end] = False
    before = np.concatenate([[0], np.cumsum(kept)])
    where = np.repeat([before[begin] for begin, _ in spans], [one.claim.size for one in series])
    columns = zip(rows.part(kept), *series, strict=True)
    return Rows._make(np.insert(one, where, np.concatenate(more)) for one, *more in columns)


def _span(rows: Rows, claim: int, forecaster: int) -> tuple[int, int]:
    """From which row to which a series stands, or would stand."""
    begin, end = np.searchsorted(rows.claim, np.array([claim, claim + 1], rows.claim.dtype)).tolist()
    ends = np.array([forecaster, forecaster + 1], rows.forecaster.dtype)
    first, last = np.searchsorted(rows.forecaster[begin:end], ends).tolist()
    return begin + first, begin + last


def in_order(rows: Rows, piece: int = 1 << 17) -> bool:
    """Whether rows come by claim, forecaster and time."""
    for start in range(0, rows.claim.size, piece):
        part = slice(start, start + piece + 1)
        claim, forecaster, time = np.diff(rows.claim[part]), np.diff(rows.forecaster[part]), np.diff(rows.time[part])
        if not ((claim > 0) | ((claim == 0) & ((forecaster > 0) | ((forecaster == 0) & (time >= 0))))).all():
            return False
    return True


def joined(rows: Rows, more: Rows) -> Rows:
    """Both, one after the other."""
    if not more.claim.size:
        return rows
    return Rows._make(np.concatenate([getattr(rows, name), getattr(more, name)]) for name in Rows._fields)


def merged(rows: Rows, more: Rows) -> Rows:
    """Both in order, where *more* are of forecasters numbered after all others."""
    where = np.searchsorted(rows.claim, more.claim, "right")
    return Rows._make(np.insert(getattr(rows, name), where, getattr(more, name)) for name in Rows._fields)


def rows_from(told: Sequence[tuple[int, int, int, float, int]]) -> Rows:
    """Rows of claim, forecaster, time, probability and mark."""
    names = ["claim", "forecaster", "time", "probability", "mark"]
    table = np.array(told, np.dtype(list(zip(names, ("i4", "i4", "i8", "f8", "u1"), strict=True))))
    return Rows(*(np.ascontiguousarray(table[name]) for name in names))
