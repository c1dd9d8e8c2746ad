"""The standing forecast: which probability stood when, as intervals, for one series of forecasts or millions.

A series is one forecaster on one claim. Each of its forecasts stands from the moment it was made until the next one, a
withdrawal, the moment the answer became public, or the deadline, whichever comes first. Nothing is expanded day by day.
Times are plain numbers on one scale (microseconds, days). Results have one value for each series; a single series gives
a plain float, and None where an array holds NaN because nothing stood.

Scores of standing forecasts are in :mod:`forecasts.time_scores`, comparisons of several series on one claim in
:mod:`forecasts.side_by_side`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import BoolArray, FloatArray, IndexArray

__all__ = ["Standing", "intervals", "per_series", "standing", "stands_from"]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Forecasts as half-open intervals [start, end), by series, then by time; none overlap.

    Attributes:
        starts: The start of each interval, shape (intervals,).
        ends: Its end.
        probabilities: The probability that stood in it.
        series: The number of its series.
        opens: The opening of the scheduled window, shape (series,).
        closes: The deadline.
        single: True if the caller had one series, not an array of them.
        limit: The earlier of the deadline and the moment the answer became public, shape (series,); None means the
            deadline.
    """

    starts: FloatArray
    ends: FloatArray
    probabilities: FloatArray
    series: IndexArray
    opens: FloatArray
    closes: FloatArray
    single: bool = False
    limit: FloatArray | None = None

    @property
    def horizon(self) -> FloatArray:
        """The scheduled length of each series' window; it does not depend on what happened."""
        return self.closes - self.opens

    @property
    def shares(self) -> FloatArray:
        """The share of its series' window that each interval takes: sums of shares neither over- nor underflow."""
        return (self.ends - self.starts) / self.horizon[self.series]

    @property
    def coverage(self) -> float | FloatArray:
        """The share of the scheduled window in which a forecast stood: 0 to 1 for each series."""
        return self.answer(np.minimum(self.total(self.shares), 1.0))

    def total(self, values: FloatArray, series: IndexArray | None = None) -> FloatArray:
        """Sum values for each series: those of its intervals, or, with *series*, of whatever is numbered so."""
        summed = np.bincount(self.series if series is None else series, weights=values, minlength=self.opens.size)
        return np.asarray(summed, dtype=np.float64)  # without any value bincount counts in integers

    def answer(self, values: FloatArray) -> float | FloatArray:
        """Return one value for each series in the form in which the caller gave the series."""
        return inputs.like_input(values, self.single)

    def answer_or_none(self, values: FloatArray) -> float | FloatArray | None:
        """Return what :meth:`answer` returns, with None in place of NaN for a single series."""
        return None if self.single and np.isnan(values[0]) else self.answer(values)


def standing(
    times: ArrayLike,
    probability: ArrayLike,
    *,
    opens: ArrayLike,
    closes: ArrayLike,
    known: ArrayLike = inf,
    series: ArrayLike | None = None,
) -> Standing:
    """Turn forecasts into the intervals in which they stood.

    A forecast made before the opening counts from the opening; one made at or after `known` or the deadline never
    stood. If the answer was known by the opening, the last one before it stands for no time: [opens, opens).

    Args:
        times: When each forecast was made, shape (n,), in any order. Of two at the same time the later in the arrays
            wins, so keep them in the order of recording.
        probability: Shape (n,); NaN withdraws what stood.
        opens: The opening of the window: a number, or one for each series.
        closes: The deadline, likewise.
        known: When the answer became public, likewise; infinity for not yet.
        series: The number of each forecast's series, from 0, shape (n,); without it all are one series.

    Raises:
        ValueError: A probability outside 0 to 1, a time that is not finite, a window that does not open before it
            closes, or a series without a window.

    >>> record = standing([1, 2, 4], [0.4, 0.7, 0.8], opens=0, closes=5)
    >>> record.ends.tolist(), record.coverage
    ([2.0, 4.0, 5.0], 0.8)
    """
    moments = np.atleast_1d(inputs.finite(times, "time"))
    values = np.atleast_1d(inputs.probabilities(probability, withdrawals=True))
    if moments.ndim != 1 or moments.shape != values.shape:
        raise ValueError(f"time has shape {moments.shape}, probability has shape {values.shape}; give a row of each")
    numbers = _series_numbers(series, moments.size)
    opened, closed, limit, single = _windows(opens, closes, known, numbers)
    owner = _owners(numbers, moments.size, opened.size)
    if not _in_order(owner, moments):
        order = np.lexsort((moments, owner))  # stable: equal times keep the order of recording
        owner, moments, values = owner[order], moments[order], values[order]
    starts, ends, stood = intervals(moments, values, owner[1:] == owner[:-1], opened[owner], limit[owner])
    return Standing(starts[stood], ends[stood], values[stood], owner[stood], opened, closed, single, limit)


def stands_from(times: ArrayLike, grain: ArrayLike) -> FloatArray:
    """Return when forecasts begin to stand: at once, or, if time is counted in steps, from the next step on.

    With steps of a day, a forecast stands from the midnight after it was made. So whether a day counts depends only on
    what is known when it begins. If a forecast counted from the hour it was made, days on which the answer came would
    have to be left out. For an event these are days of a yes, so the score would depend on the outcome.

    Args:
        times: When each forecast was made.
        grain: The length of a step, 0 for none: one number, or one for each forecast.

    >>> stands_from([0.0, 2.5, 3.0], [2.0, 2.0, 0.0]).tolist()
    [2.0, 4.0, 3.0]
    """
    moments, steps = np.asarray(times, np.float64), np.asarray(grain, np.float64)
    divisor = np.where(steps > 0, steps, 1.0)
    stepped = (np.floor(moments / divisor) + 1) * divisor
    return stepped if (steps > 0).all() else np.where(steps > 0, stepped, moments)


def intervals(
    times: FloatArray, probability: FloatArray, goes_on: BoolArray, opens: FloatArray, limit: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return where each forecast's interval starts and ends, and whether it stood at all.

    This is the rule of :func:`standing` in one place, for arrays that were checked before.

    Args:
        times: By series, then in order of time.
        probability: NaN withdraws.
        goes_on: Whether the next row is of the same series; one shorter than the others.
        opens: The opening of the window, for each row.
        limit: The moment from which forecasts no longer count, for each row.

    >>> rows = np.array([1.0, 3.0]), np.array([0.4, 0.6]), np.array([True]), np.zeros(2), np.full(2, 5.0)
    >>> [part.tolist() for part in intervals(*rows)]
    [[1.0, 3.0], [3.0, 5.0], [True, True]]
    """
    ends, replaced = np.array(limit), np.flatnonzero(goes_on)
    # Also a withdrawal ends what stood before it: its own interval has no number, and is dropped below.
    ends[replaced] = np.minimum(times[replaced + 1], ends[replaced])
    starts = np.maximum(times, opens)
    last_before = (limit <= opens) & (times < limit) & (ends == limit)
    if last_before.any():  # the answer was known by the opening
        starts[last_before] = ends[last_before] = opens[last_before]
    return starts, ends, np.asarray(((starts < ends) | last_before) & ~np.isnan(probability))


def per_series(values: FloatArray, count: int, name: str) -> FloatArray:
    """Return one value for each of *count* series, from one for all or one each; ValueError for another shape.

    >>> per_series(np.array(0.5), 2, "reference").tolist()
    [0.5, 0.5]
    """
    if values.ndim == 0:
        return np.full(count, values)
    if values.shape != (count,):
        raise ValueError(f"{name} has shape {values.shape} for {count} series; give one for each")
    return values


def _windows(
    opens: ArrayLike, closes: ArrayLike, known: ArrayLike, series: IndexArray | None
) -> tuple[FloatArray, FloatArray, FloatArray, bool]:
    """Return the opening, the deadline and the limit for each series, and whether there is only one by itself."""
    opened, closed = inputs.finite(opens, "opens"), inputs.finite(closes, "closes")
    public = inputs.floats(known, "known")
    inputs.refuse(public, np.isnan(public), "known", "is no time; use infinity for an answer not yet public")
    shapes = {array.shape for array in (opened, closed, public) if array.ndim}
    if len(shapes) > 1 or any(len(shape) > 1 for shape in shapes):
        raise ValueError(
            f"opens has shape {opened.shape}, closes {closed.shape}, known {public.shape}; "
            "give numbers, or one value for each series"
        )
    single = series is None and not shapes
    count = int(series.max(initial=-1)) + 1 if series is not None else 1
    opened, closed, public = np.broadcast_arrays(opened, closed, public)
    inputs.refuse(opened, ~(opened < closed), "opens", "is not before closes")
    with np.errstate(over="ignore"):
        inputs.refuse(opened, np.isinf(closed - opened), "opens", "is too far from closes for floating point")
    if not shapes:
        opened, closed, public = (np.broadcast_to(values, (count,)) for values in (opened, closed, public))
    return opened, closed, np.minimum(public, closed), single


def _series_numbers(series: ArrayLike | None, forecasts: int) -> IndexArray | None:
    """Check the number of each forecast's series; None if all forecasts are one series."""
    if series is None:
        return None
    numbers = np.atleast_1d(np.asarray(series))
    if numbers.shape != (forecasts,):
        raise ValueError(f"series has shape {numbers.shape} for {forecasts} forecasts; give one for each")
    if numbers.size and numbers.dtype.kind not in "iu":
        raise ValueError(f"series holds {numbers.tolist()[0]!r}; give whole numbers counted from 0")
    owner = numbers.astype(np.intp, copy=False)
    inputs.refuse(owner, owner < 0, "series", "is not counted from 0")
    return owner


def _owners(series: IndexArray | None, forecasts: int, count: int) -> IndexArray:
    """Return the number of each forecast's series; ValueError for one without a window."""
    if series is None:
        if count != 1:
            raise ValueError(f"there are {count} windows but no series; say which forecast belongs to which")
        return np.zeros(forecasts, dtype=np.intp)
    inputs.refuse(series, series >= count, "series", f"has no window; there are {count}, counted from 0")
    return series


def _in_order(owner: IndexArray, moments: FloatArray) -> bool:
    """Return True if forecasts come by series, and within a series by time."""
    same = owner[1:] == owner[:-1]
    return bool(np.where(same, moments[1:] >= moments[:-1], owner[1:] > owner[:-1]).all())
