"""Bring millions of forecasts to one line of figures for each series: a forecaster on a claim.

Which forecast stood when is decided by :func:`forecasts.standing.intervals`, what it loses by a type of
:mod:`forecasts.questions`. Rows come sorted by claim, forecaster and time. A block of them that fits the processor's
cache goes through all steps before the next one. The figures of a scorecard are counts and sums over series. These add
over claims, so parts that were computed separately, also on other machines, are merged by adding.
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
STOOD, LATE, WITHDRAWN, SAME_STEP = range(4)  # the states of a series: see Series


class Claims(NamedTuple):
    """What scoring needs of each claim: shape (claims,) each, times on the scale of the forecasts' times.

    Attributes:
        opens: The opening of the scheduled window.
        closes: Its end.
        limit: The earlier of the deadline and the moment the answer became public.
        outcome: 0 to 1; NaN without one.
        grain: The step in which time is told, as :func:`forecasts.standing.stands_from` takes it.
    """

    opens: FloatArray
    closes: FloatArray
    limit: FloatArray
    outcome: FloatArray
    grain: FloatArray


class Rows(NamedTuple):
    """Forecasts sorted by claim, forecaster and time, equal times in the order of recording: shape (n,) each.

    Attributes:
        claim: The number of the claim, from 0.
        forecaster: The number of the forecaster, from 0.
        time: When the forecast was made.
        probability: NaN withdraws what stood.
        mark: A number of the caller's; a series takes that of its first forecast that stood.
    """

    claim: NDArray[np.int32]
    forecaster: NDArray[np.int32]
    time: NDArray[np.int64]
    probability: FloatArray
    mark: NDArray[np.uint8]

    def part(self, chosen: slice | BoolArray | IndexArray) -> Rows:
        """Return some of the rows."""
        return Rows._make(column[chosen] for column in self)


class Series(NamedTuple):
    """One line for each forecaster on each claim: shape (n,) each.

    Attributes:
        claim: The number of the claim.
        forecaster: The number of the forecaster.
        mark: The mark of its first forecast that stood; of its first forecast if none did.
        state: STOOD (a forecast stood), LATE (every one came at the limit or later), SAME_STEP (the first came before
            the limit, but in the last step of time that counts) or WITHDRAWN (nothing stood inside the window).
        probability: The forecast that is scored; NaN if none stood.
        share: The share of the scheduled window in which a forecast stood, 0 to 1.
        saved: The skill over time against knowing nothing; NaN if none stood or there is no outcome.
        entered: The share of the window that was gone when the first one stood; NaN if none did.
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
        """Return some of the lines."""
        return Series._make(column[chosen] for column in self)


RowsOrSeries = TypeVar("RowsOrSeries", Rows, Series)


def batches(
    rows: Rows, claims: Claims, *, last: bool = False, block: int = BLOCK, scoring: Scoring = YES_NO
) -> Iterator[Series]:
    """Yield the series of all rows, block by block; no series is divided between two blocks.

    Args:
        rows: The forecasts.
        claims: The claims.
        last: Score the last forecast that stood, in place of the first.
        block: About how many rows go through all steps together.
        scoring: How they are scored.

    >>> rows = Rows(np.array([0, 0]), np.array([0, 0]), np.array([0, 1]), np.array([0.5, 1.0]), np.zeros(2, "u1"))
    >>> (series,) = batches(rows, Claims(*(np.array([value]) for value in (0.0, 4.0, 2.0, 1.0, 0.0))))
    >>> [column.tolist() for column in (series.probability, series.share, series.saved)]
    [[0.5], [0.5], [0.0625]]
    """
    start, size = 0, rows.claim.size
    while start < size:
        end = _series_end(rows, min(start + block, size))
        yield _series(rows.part(slice(start, end)), claims, scoring, last=last)
        start = end


def filled(parts: Iterable[RowsOrSeries], most: int, none: RowsOrSeries) -> RowsOrSeries:
    """Join parts into one, by copying each into columns that are made once.

    Collecting the parts in a list and joining them would hold everything twice.

    Args:
        parts: The parts, in order.
        most: How many lines they have at most, all together.
        none: The result if there is no part.
    """
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
    """Return the series of some whole series of rows."""
    begins = np.ones(rows.claim.size, np.bool_)
    begins[1:] = (rows.claim[1:] != rows.claim[:-1]) | (rows.forecaster[1:] != rows.forecaster[:-1])
    first = np.flatnonzero(begins)
    low, high = int(rows.claim[0]), int(rows.claim[-1]) + 1
    count = np.diff(np.searchsorted(rows.claim, np.arange(low, high + 1, dtype=rows.claim.dtype)))
    opens, _, limit, outcome, grain = (column[low:high] for column in claims)
    limits, times = np.repeat(limit, count), _begins_to_stand(rows, grain, count)
    starts, ends, stood = intervals(times, rows.probability, ~begins[1:], np.repeat(opens, count), limits)
    width = np.where(stood, ends - starts, 0.0)
    if scoring.steady:  # the usual case
        saved = _saved_steadily(rows, outcome, count, scoring) * width
    else:
        saved = scoring.saved(rows.probability, np.repeat(outcome, count), rows.claim, starts, ends)
    saved[~stood] = 0.0
    claim = rows.claim[first]
    horizon = claims.closes[claim] - claims.opens[claim]
    owner = np.cumsum(begins) - 1
    first_stood, last_stood = _ends_of_standing(owner, np.flatnonzero(stood), first.size)
    none, scored = first_stood < 0, last_stood if last else first_stood
    late = np.where(rows.time[first] < limits[first], SAME_STEP, LATE)
    return Series(
        claim=claim,
        forecaster=rows.forecaster[first],
        mark=rows.mark[np.where(none, first, first_stood)],
        state=(none * np.where(times[first] >= limits[first], late, WITHDRAWN)).astype(np.uint8),
        probability=np.where(none, np.nan, rows.probability[scored]),
        share=np.bincount(owner, width) / horizon,
        saved=np.where(none | np.isnan(claims.outcome[claim]), np.nan, np.bincount(owner, saved) / horizon),
        entered=np.where(none, np.nan, (starts[first_stood] - claims.opens[claim]) / horizon).astype(np.float32),
    )


def _begins_to_stand(rows: Rows, grain: FloatArray, count: IndexArray) -> FloatArray:
    """Return from when each forecast stands, where the claims' times are told by a *grain*, such as the day."""
    times = rows.time.astype(np.float64)
    if not grain.any():
        return times
    return stands_from(times, np.repeat(grain, count) if np.ptp(grain) else grain[0])


def _saved_steadily(rows: Rows, outcome: FloatArray, count: IndexArray, scoring: Scoring) -> FloatArray:
    """Return what each forecast saves at every moment, where the reference loses the same on all those of a claim.

    The claims are those from the first row's on; *count* is how many rows each has.
    """
    truth = np.where(np.isnan(outcome), 0.0, outcome)  # any number will do: what is saved there is made NaN later
    first = int(rows.claim[0])
    saved = np.repeat(scoring.reference_losses(truth, np.arange(first, first + outcome.size)), count)
    saved -= scoring.losses(rows.probability, np.repeat(truth, count), rows.claim)
    return saved


def _ends_of_standing(owner: IndexArray, standing: IndexArray, series: int) -> tuple[IndexArray, IndexArray]:
    """Return the first and the last of the *standing* rows of each series, -1 for none; *owner* is the series of a row.

    numpy keeps the last of several assignments to one place.
    """
    first, last = np.full(series, -1), np.full(series, -1)
    first[owner[standing[::-1]]] = standing[::-1]
    last[owner[standing]] = standing
    return first, last


def _series_end(rows: Rows, end: int) -> int:
    """Return the first row from *end* on that begins a series."""
    size = rows.claim.size
    while end < size:
        ahead = slice(end - 1, min(end + 1024, size))
        changes = np.diff(rows.claim[ahead]) | np.diff(rows.forecaster[ahead])
        if changes.any():
            return end + int(np.argmax(changes != 0))
        end = ahead.stop
    return size
