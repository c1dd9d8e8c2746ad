"""Reduce millions of forecasts to one line of figures for each series: a forecaster on a claim.

:func:`forecasts.standing.intervals` decides which forecast stood when, and a class of :mod:`forecasts.questions` what
it loses. Rows come sorted by claim, forecaster and time. A block of them that fits the processor's cache goes through
all steps before the next one. The figures of a scorecard are counts and sums over series. Parts that were computed
separately, also on other machines, are therefore merged by adding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.questions import YES_NO, Scoring
from forecasts.standing import intervals, stands_from

__all__ = [
    "KERNEL_ROWS", "SAME_STEP", "STOOD", "TOO_LATE", "WITHDRAWN", "Claims", "Rows", "Series", "batches", "filled",
]  # fmt: skip

KERNEL_ROWS = 1 << 14  # rows that go through all steps together; twice as many take more memory and no less time
STOOD, TOO_LATE, WITHDRAWN, SAME_STEP = range(4)  # the states of a series: see Series


class Claims(NamedTuple):
    """What scoring needs of each claim: shape (claims,) each, times on the scale of the forecasts' times.

    Attributes:
        opens: The opening of the scheduled window.
        closes: Its end.
        limit: The earlier of the deadline and the moment the answer became public.
        outcome: 0 to 1; NaN without one.
        grain: The step in which time is counted, as :func:`forecasts.standing.stands_from` takes it.
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
        probability: The forecast; NaN for a withdrawal.
        mark: A number that the caller chooses; a series gets that of its first forecast that stood.
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
        mark: The mark of its first forecast that stood, or of its first forecast if none did.
        state: STOOD (a forecast stood); TOO_LATE (all came at the limit or later, or in the last step before the
            scheduled end, which is too late whenever the answer comes); SAME_STEP (the first came in the last step
            before the answer); or WITHDRAWN (nothing stood inside the window).
        probability: The forecast that is scored; NaN if none stood.
        share: The share of the scheduled window in which a forecast stood, 0 to 1.
        saved: The skill over time against knowing nothing; NaN if none stood or there is no outcome.
        entered: The share of the window that was gone when the first one began to stand; NaN if none did.
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
    rows: Rows, claims: Claims, *, last: bool = False, block: int = KERNEL_ROWS, scoring: Scoring = YES_NO
) -> Iterator[Series]:
    """Yield the series of all rows, block by block; no series is divided between two blocks.

    Args:
        rows: The forecasts.
        claims: The claims.
        last: Score the last forecast that stood, in place of the first.
        block: About how many rows go through all steps together.
        scoring: How claims are scored.

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
    remaining = iter(parts)
    first, second = next(remaining, none), next(remaining, None)
    if second is None:  # one part alone needs no copy
        return first
    joined, done = none, 0
    for part in chain((first, second), remaining):
        columns = {name: getattr(part, name) for name in part._fields}
        if not done:
            joined = part._replace(**{name: np.empty(most, column.dtype) for name, column in columns.items()})
        for name, column in columns.items():
            getattr(joined, name)[done : done + column.size] = column
        done += part.claim.size
    return joined.part(slice(0, done))


class _Layout(NamedTuple):
    """The positions of series among rows.

    Attributes:
        goes_on: Whether the next row is of the same series; one shorter than the rows.
        first: The first row of each series.
        later: All other rows.
        owner: The number of the series of each of these other rows.
    """

    goes_on: BoolArray
    first: IndexArray
    later: IndexArray
    owner: IndexArray

    @classmethod
    def of(cls, rows: Rows) -> _Layout:
        """Find the series in a block of rows that cuts no series."""
        goes_on = (rows.claim[1:] == rows.claim[:-1]) & (rows.forecaster[1:] == rows.forecaster[:-1])
        later = np.flatnonzero(goes_on) + 1
        first = np.flatnonzero(np.append(True, ~goes_on))
        return cls(goes_on, first, later, later - np.arange(1, later.size + 1))

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum values, one for each row, over each series."""
        return values.take(self.first) + np.bincount(self.owner, values.take(self.later), self.first.size)

    def standing(self, stood: BoolArray) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Return the first and the last row of each series that stood, and the numbers of the series with no such row.

        For these series the first row is returned as both.
        """
        none, earliest, latest = ~stood.take(self.first), self.first.copy(), self.first.copy()
        among = stood.take(self.later)
        later, owner = self.later[among], self.owner[among]
        # If several values are assigned to one position, numpy keeps the last.
        latest[owner] = later
        first_did_not = none.take(owner)
        earliest[owner[first_did_not][::-1]] = later[first_did_not][::-1]
        none[owner] = False
        return earliest, latest, np.flatnonzero(none)


def _series(rows: Rows, claims: Claims, scoring: Scoring, *, last: bool) -> Series:
    """Return the lines of the series in a block of rows that cuts no series."""
    low, high = int(rows.claim[0]), int(rows.claim[-1]) + 1
    opens, closes, limit, outcome, grain = (column[low:high] for column in claims)
    layout, edges = _Layout.of(rows), np.searchsorted(rows.claim, np.arange(low, high + 1, dtype=rows.claim.dtype))
    count, count_series = np.diff(edges), np.diff(np.searchsorted(layout.first, edges))
    times = stands_from(rows.time, np.repeat(grain, count) if np.ptp(grain) else grain[0])
    limits = np.repeat(limit, count)
    starts, ends, stood = intervals(times, rows.probability, layout.goes_on, np.repeat(opens, count), limits)
    width = (ends - starts) * stood
    if scoring.steady:  # the usual case
        saved = _saved_steadily(rows, outcome, count, scoring) * width
    else:
        saved = scoring.saved(rows.probability, np.repeat(outcome, count), rows.claim, starts, ends)
    saved[np.flatnonzero(~stood)] = 0.0
    earliest, latest, none = layout.standing(stood)
    horizon = np.repeat(closes - opens, count_series)
    # NaN for series without an outcome is added here and not in each row: so the loops over rows need no branch.
    unknown = np.repeat(np.where(np.isnan(outcome), np.nan, 0.0), count_series)
    series = Series(
        claim=rows.claim.take(layout.first), forecaster=rows.forecaster.take(layout.first),
        mark=rows.mark.take(earliest), state=np.zeros(layout.first.size, np.uint8),
        probability=rows.probability.take(latest if last else earliest), share=layout.sums(width) / horizon,
        saved=layout.sums(saved) / horizon + unknown,
        entered=((starts.take(earliest) - np.repeat(opens, count_series)) / horizon).astype(np.float32),
    )  # fmt: skip
    first = layout.first[none]
    before = (rows.time[first] < limits[first]) & (limits[first] < np.repeat(closes, count)[first])
    late = np.where(before, SAME_STEP, TOO_LATE)
    series.state[none] = np.where(times[first] >= limits[first], late, WITHDRAWN)
    for column in (series.probability, series.saved, series.entered):
        column[none] = np.nan
    return series


def _saved_steadily(rows: Rows, outcome: FloatArray, count: IndexArray, scoring: Scoring) -> FloatArray:
    """Return what each forecast saves at every moment it stands, for a type on which that never changes.

    *outcome* and *count*, how many rows it has, are given for each claim from that of the first row on.
    """
    truth = np.where(np.isnan(outcome), 0.0, outcome)  # any number will do: these savings are made NaN later
    first = int(rows.claim[0])
    saved = np.repeat(scoring.reference_losses(truth, np.arange(first, first + outcome.size)), count)
    saved -= scoring.losses(rows.probability, np.repeat(truth, count), rows.claim)
    return saved


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
