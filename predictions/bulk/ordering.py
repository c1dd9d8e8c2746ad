"""Rows of forecasts in order: by claim, forecaster and time; what is only claimed set aside, series put in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from forecasts.batches import Rows
from forecasts.inputs import IndexArray

CLAIMED, IMPUTED = 1, 2  # series kept apart: only with times that nobody witnessed; with numbers that are ours
GROUPS = 3


def sorted_rows(rows: Rows, forecasters: int) -> tuple[Rows, IndexArray]:
    """By claim, forecaster and time; one import is in that order already.

    Of a series with times that are more than claimed, the rows that are only claimed are set aside: each such series
    comes back as claim * *forecasters* + forecaster.
    """
    if not in_order(rows):
        rows = rows.part(np.lexsort((rows.time, rows.forecaster, rows.claim)))
    if rows.apart is None or (rows.apart == CLAIMED).all():
        return rows, np.zeros(0, np.int64)
    claimed = rows.apart == CLAIMED
    begins = np.ones(rows.claim.size, np.bool_)
    begins[1:] = (np.diff(rows.claim) != 0) | (np.diff(rows.forecaster) != 0)
    first = np.flatnonzero(begins)
    known = np.logical_or.reduceat(~claimed, first)
    mixed = first[known & np.logical_or.reduceat(claimed, first)]
    aside = rows.claim[mixed].astype(np.int64) * forecasters + rows.forecaster[mixed]
    return rows.part(~(claimed & known[np.cumsum(begins) - 1])), aside


def with_series(rows: Rows, series: Sequence[Rows]) -> Rows:
    """The rows with these series in place of what they have of them; each of one claim and forecaster."""
    kept = np.ones(rows.claim.size, np.bool_)
    spans = [_span(rows, int(one.claim[0]), int(one.forecaster[0])) for one in series]
    for begin, end in spans:
        kept[begin:end] = False
    if rows.apart is None:
        rows = rows._replace(apart=np.zeros(rows.claim.size, np.uint8))
    rows = rows if kept.all() else rows.part(kept)
    places = [_span(rows, int(one.claim[0]), int(one.forecaster[0]))[0] for one in series]
    where = np.repeat(places, [one.claim.size for one in series])
    own: list[Any] = list(rows)
    new = zip(*series, strict=True)
    return Rows(*(np.insert(one, where, np.concatenate(more)) for one, more in zip(own, new, strict=True)))


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
