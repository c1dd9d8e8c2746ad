"""Sums of scores for each forecaster over millions of forecasts, without an object for each series.

The scores are those of :mod:`forecasts.scores` and :mod:`forecasts.standing`; only the order of the work differs.
Rows come sorted by claim, forecaster and time; a block of them that fits the processor's cache goes through all steps
before the next one, and leaves one number for each forecaster and figure. Sums add over claims, so parts computed
apart, on other machines too, merge by adding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.reference import HALF
from forecasts.scores import brier, log_score
from forecasts.standing import intervals

__all__ = ["BLOCK", "Batch", "Claims", "Rows", "Sums", "batches", "sums"]

BLOCK = 1 << 13  # rows that go through all steps together


class Claims(NamedTuple):
    """What scoring must know of each claim: shape (claims,) each, times on the scale of the forecasts'.

    `limit` is the earlier of the deadline and the moment the answer became public; `outcome` is NaN where there is
    none; `kind` is a small whole number, and the sums are kept apart by it.
    """

    opens: FloatArray
    closes: FloatArray
    limit: FloatArray
    outcome: FloatArray
    kind: IndexArray


class Rows(NamedTuple):
    """Forecasts sorted by claim, forecaster and time, equal times in the order of recording; NaN withdraws.

    `claim` and `forecaster` are numbers from 0; shape (n,) each. `apart` numbers groups of series, from 0, whose sums
    are kept apart from each other.
    """

    claim: NDArray[np.int32]
    forecaster: NDArray[np.int32]
    time: NDArray[np.int64]
    probability: FloatArray
    apart: NDArray[np.uint8] | None = None

    def part(self, chosen: slice | BoolArray | IndexArray) -> Rows:
        """Some of the rows."""
        return Rows(
            self.claim[chosen], self.forecaster[chosen], self.time[chosen], self.probability[chosen],
            None if self.apart is None else self.apart[chosen],
        )  # fmt: skip


class Batch(NamedTuple):
    """A block of rows and what each came to; the places are those of rows in the block.

    `kind`, `outcome` and `late` (made at the limit or after it) have a value for each row; `share`, `loss` and
    `saved` for each row that ever stood: the share of the scheduled window in which it did, its Brier score, and what
    it saved in that time against always 50 %. Without an outcome the last two mean nothing.
    """

    rows: Rows
    kind: IndexArray
    outcome: FloatArray
    late: BoolArray
    first: IndexArray  # the first row of each series
    stood: IndexArray
    share: FloatArray
    loss: FloatArray
    saved: FloatArray
    chosen: IndexArray  # for each series that ever stood: which of the rows that stood is scored


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums for each group of series, kind of claim and forecaster: shape (groups, kinds, forecasters).

    series: how many; stood: how many of them ever stood; late: how many came only after the limit. brier, log_score:
    of the chosen forecasts, where there is an outcome; best, worst: the least and the greatest Brier score possible.
    share, saved: the coverage, and the skill over time against always 50 %.
    """

    series: FloatArray
    stood: FloatArray
    late: FloatArray
    brier: FloatArray
    log_score: FloatArray
    best: FloatArray
    worst: FloatArray
    share: FloatArray
    saved: FloatArray

    def __add__(self, other: Self) -> Sums:
        return Sums(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Sums)))


def sums(
    rows: Rows, claims: Claims, *, forecasters: int, kinds: int, groups: int = 1, last: bool = False
) -> Sums:  # fmt: skip
    """The sums of all rows; `last` scores the last forecast that stood in place of the first.

    >>> said = Rows(np.array([0, 0], "i4"), np.array([0, 0], "i4"), np.array([0, 1]), np.array([0.5, 1.0]))
    >>> claim = Claims(*(np.array([value]) for value in (0.0, 4.0, 2.0, 1.0, 0)))
    >>> total = sums(said, claim, forecasters=1, kinds=1)
    >>> [float(figure[0, 0, 0]) for figure in (total.saved, total.share, total.brier)]
    [0.0625, 0.5, 0.25]
    """
    cells = groups * kinds * forecasters
    total = np.zeros((len(fields(Sums)), cells))
    for batch in batches(rows, claims, last=last, block=max(BLOCK, 2 * cells)):
        _add(total, batch, forecasters, kinds)
    return Sums(*total.reshape(len(total), groups, kinds, forecasters))


def batches(rows: Rows, claims: Claims, *, last: bool = False, block: int = BLOCK) -> Iterator[Batch]:
    """The rows block by block, no series divided between two."""
    truth = np.where(np.isnan(claims.outcome), 0.0, claims.outcome)
    half = np.asarray(brier(np.full(truth.shape, HALF), truth)) if truth.size else truth
    horizon = claims.closes - claims.opens
    columns = (claims.opens, claims.limit, horizon, truth, half, claims.outcome, claims.kind)
    start, size = 0, rows.claim.size
    while start < size:
        end = _series_end(rows, min(start + block, size))
        yield _batch(rows.part(slice(start, end)), columns, last)
        start = end


def _batch(rows: Rows, columns: Sequence[NDArray[Any]], last: bool) -> Batch:
    goes_on = (rows.claim[1:] == rows.claim[:-1]) & (rows.forecaster[1:] == rows.forecaster[:-1])
    low, high = int(rows.claim[0]), int(rows.claim[-1]) + 1
    count = np.diff(np.searchsorted(rows.claim, np.arange(low, high + 1, dtype=rows.claim.dtype)))
    opens, limit, horizon, truth, half, outcome, kind = (np.repeat(column[low:high], count) for column in columns)
    times = rows.time.astype(np.float64)
    starts, ends, present = intervals(times, rows.probability, goes_on, opens, limit)
    ends -= starts
    ends /= horizon
    stood = np.flatnonzero(present)
    share = ends[stood]
    loss = np.asarray(brier(rows.probability[stood], truth[stood]))
    saved = half[stood]
    saved -= loss
    saved *= share
    claim, forecaster = rows.claim[stood], rows.forecaster[stood]
    parted = np.flatnonzero((claim[1:] != claim[:-1]) | (forecaster[1:] != forecaster[:-1]))
    chosen = np.append(parted, stood.size - 1) if last else np.insert(parted + 1, 0, 0)
    chosen = chosen if stood.size else stood
    first = np.concatenate([[0], np.flatnonzero(~goes_on) + 1])
    return Batch(rows, kind, outcome, times >= limit, first, stood, share, loss, saved, chosen)


def _add(total: FloatArray, batch: Batch, forecasters: int, kinds: int) -> None:
    """Add a block's figures, in the order of the fields of `Sums`."""
    cells = total.shape[1]
    rows = batch.rows
    cell = batch.kind * forecasters
    cell += rows.forecaster
    if rows.apart is not None:
        cell += rows.apart.astype(np.intp) * (kinds * forecasters)
    chosen = batch.stood[batch.chosen]
    one, chance, known, loss = cell[chosen], rows.probability[chosen], batch.outcome[chosen], batch.loss[batch.chosen]
    total[0] += np.bincount(cell[batch.first], minlength=cells)
    total[1] += np.bincount(one, minlength=cells)
    late = batch.late[batch.first]
    if late.any():
        total[2] += np.bincount(cell[batch.first[late]], minlength=cells)
    open_still = np.isnan(known)
    if open_still.any():
        where, unknown = one[open_still], chance[open_still]
        if_no, if_yes = (np.asarray(brier(unknown, np.full(unknown.shape, end))) for end in (0.0, 1.0))
        total[5] += np.bincount(where, np.minimum(if_no, if_yes), cells)
        total[6] += np.bincount(where, np.maximum(if_no, if_yes), cells)
        done = ~open_still
        one, chance, known, loss = one[done], chance[done], known[done], loss[done]
    lost = np.bincount(one, loss, cells)
    total[3] += lost
    total[4] += np.bincount(one, np.asarray(log_score(chance, known)), cells)
    total[5:7] += lost
    here = cell[batch.stood]
    total[7] += np.bincount(here, batch.share, cells)
    total[8] += np.bincount(here, batch.saved, cells)


def _series_end(rows: Rows, end: int) -> int:
    """The next place from *end* on at which one series ends and another begins."""
    size = rows.claim.size
    while end < size:
        ahead = slice(end - 1, min(end + 1024, size))
        parted = np.diff(rows.claim[ahead]) | np.diff(rows.forecaster[ahead])
        if parted.any():
            return end + int(np.argmax(parted != 0))
        end = ahead.stop
    return size
