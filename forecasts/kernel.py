"""Forecasts by the million, brought to one line of figures for each series: a forecaster on a claim.

Which forecast stood when is the rule of :func:`forecasts.standing.intervals`, what it loses that of a type of
:mod:`forecasts.questions`. Rows come sorted by claim, forecaster and time; a block of them that fits the processor's
cache goes through all steps before the next one. What a scorecard says are counts and sums over series, which add over
claims, so parts computed apart, on other machines too, merge by adding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.questions import YES_NO, Scoring
from forecasts.standing import intervals, stands_from

__all__ = [
    "BLOCK", "LATE", "SAME_STEP", "STOOD", "WITHDRAWN", "Claims", "Rows", "Series", "batches", "filled",
]  # fmt: skip

BLOCK = 1 << 15  # rows that go through all steps together
STOOD, LATE, WITHDRAWN, SAME_STEP = range(4)  # what became of a series: see Series


class Claims(NamedTuple):
    """What scoring must know of each claim: shape (claims,) each, times on the scale of the forecasts'.

    `limit` is the earlier of the deadline and the moment the answer became public; `outcome` is NaN where there is
    none; `grain` is the step in which time is told, as :func:`forecasts.standing.stands_from` takes it.
    """

    opens: FloatArray
    closes: FloatArray
    limit: FloatArray
    outcome: FloatArray
    grain: FloatArray


class Rows(NamedTuple):
    """Forecasts sorted by claim, forecaster and time, equal times in the order of recording; NaN withdraws.

    `claim` and `forecaster` are numbers from 0; shape (n,) each. `apart` is the caller's mark; a series has that of its
    first forecast that stood.
    """

    claim: NDArray[np.int32]
    forecaster: NDArray[np.int32]
    time: NDArray[np.int64]
    probability: FloatArray
    mark: NDArray[np.uint8]

    def part(self, chosen: slice | BoolArray | IndexArray) -> Rows:
        """Some of the rows."""
        return Rows._make(column[chosen] for column in self)


class Series(NamedTuple):
    """One line for each forecaster on each claim: shape (n,) each.

    `state`: STOOD (one forecast did), LATE (every one came at the limit or after it), SAME_STEP (the first came before
    it, in the last step of time that counts) or WITHDRAWN (nothing stood inside the window). `probability`: the one of
    which the score is taken, NaN where none ever stood. `share`: of the scheduled window, in which one stood.
    `saved`: the skill over time against knowing nothing, NaN where none stood or there is no outcome. `entered`: the
    share of the window that was gone when the first one stood, NaN where none did.
    """

    claim: NDArray[np.int32]
    forecaster: NDArray[np.int32]
    mark: NDArray[np.uint8]
    state: NDArray[np.uint8]
    probability: FloatArray
    share: FloatArray
    saved: FloatArray
    entered: NDArray[np.float32]

    def part(self, chosen: slice | BoolArray | IndexArray) -> Series:
        """Some of them."""
        return Series._make(column[chosen] for column in self)


Columns = TypeVar("Columns", Rows, Series)


def batches(
    rows: Rows, claims: Claims, *, last: bool = False, block: int = BLOCK, scoring: Scoring = YES_NO
) -> Iterator[Series]:
    """The series of all rows, block by block, none divided between two; of claims of one type.

    Scored is the first forecast that stood, or with *last* the last one.

    >>> said = Rows(np.array([0, 0]), np.array([0, 0]), np.array([0, 1]), np.array([0.5, 1.0]), np.zeros(2, "u1"))
    >>> (found,) = batches(said, Claims(*(np.array([value]) for value in (0.0, 4.0, 2.0, 1.0, 0.0))))
    >>> [column.tolist() for column in (found.probability, found.share, found.saved)]
    [[0.5], [0.5], [0.0625]]
    """
    start, size = 0, rows.claim.size
    while start < size:
        end = _series_end(rows, min(start + block, size))
        yield _series(rows.part(slice(start, end)), claims, scoring, last=last)
        start = end


def filled(parts: Iterable[Columns], most: int, none: Columns) -> Columns:
    """Parts one after the other, of at most so many lines, copied into columns made beforehand: held once."""
    whole, done = none, 0
    for part in parts:
        columns = {name: getattr(part, name) for name in part._fields}
        if not done:
            whole = part._replace(**{name: np.empty(most, column.dtype) for name, column in columns.items()})
        for name, column in columns.items():
            getattr(whole, name)[done : done + column.size] = column
        done += part.claim.size
    return whole.part(slice(0, done))


def _series(rows: Rows, claims: Claims, scoring: Scoring, *, last: bool) -> Series:
    begins = np.ones(rows.claim.size, np.bool_)
    begins[1:] = (rows.claim[1:] != rows.claim[:-1]) | (rows.forecaster[1:] != rows.forecaster[:-1])
    first = np.flatnonzero(begins)
    low, high = int(rows.claim[0]), int(rows.claim[-1]) + 1
    count = np.diff(np.searchsorted(rows.claim, np.arange(low, high + 1, dtype=rows.claim.dtype)))
    opens, limit, outcome, grain = (
        column[low:high] for column in (claims.opens, claims.limit, claims.outcome, claims.grain)
    )
    truth = np.where(np.isnan(outcome), 0.0, outcome)
    unknowing = scoring.reference_losses(truth)
    limits, times = np.repeat(limit, count), rows.time.astype(np.float64)
    if grain.any():
        times = stands_from(times, np.repeat(grain, count) if np.ptp(grain) else grain[0])
    starts, ends, stood = intervals(times, rows.probability, ~begins[1:], np.repeat(opens, count), limits)
    width = np.subtract(ends, starts, out=ends)
    width[~stood] = 0.0
    saved = np.repeat(unknowing, count)
    saved -= scoring.losses(rows.probability, np.repeat(truth, count))
    saved[~stood] = 0.0
    saved *= width
    claim = rows.claim[first]
    horizon = claims.closes[claim] - claims.opens[claim]
    owner = np.cumsum(begins) - 1
    standing, beginning = np.flatnonzero(stood), np.full(first.size, -1)
    beginning[owner[standing[::-1]]] = standing[::-1]  # of several the last assignment holds
    none = beginning < 0
    scored = beginning.copy()
    if last:
        scored[owner[standing]] = standing
    late = np.where(rows.time[first] < limits[first], SAME_STEP, LATE)
    return Series(
        claim, rows.forecaster[first], rows.mark[np.where(none, first, beginning)],
        (none * np.where(times[first] >= limits[first], late, WITHDRAWN)).astype(np.uint8),
        np.where(none, np.nan, rows.probability[scored]),
        np.bincount(owner, width) / horizon,
        np.where(none | np.isnan(claims.outcome[claim]), np.nan, np.bincount(owner, saved) / horizon),
        np.where(none, np.nan, (starts[beginning] - claims.opens[claim]) / horizon).astype(np.float32),
    )  # fmt: skip


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
