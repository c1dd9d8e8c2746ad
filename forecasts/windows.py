"""The scheduled windows of many series, and which forecast belongs to which: the door of `standing`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import FloatArray, IndexArray


def windows(
    opens: ArrayLike, closes: ArrayLike, known: ArrayLike, series: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray, bool]:
    """Opening, deadline and end of scoring for each series, and whether there is only the one."""
    opened, closed = inputs.finite(opens, "opens"), inputs.finite(closes, "closes")
    public = np.asarray(known, dtype=np.float64)
    if np.isnan(public).any():
        raise ValueError("known is NaN; use infinity for an answer that is not public yet")
    if not (opened < closed).all():
        raise ValueError(f"opens {opens!r} is not before closes {closes!r}")
    single = series is None and opened.ndim == closed.ndim == public.ndim == 0
    count = 1
    if series is not None and opened.ndim == closed.ndim == public.ndim == 0:
        numbers = np.asarray(series)
        count = int(numbers.max()) + 1 if numbers.size else 0
    opened, closed, public = np.broadcast_arrays(opened, closed, public)
    if opened.ndim == 0:
        opened, closed, public = (np.broadcast_to(values, (count,)) for values in (opened, closed, public))
    if opened.ndim != 1:
        raise ValueError(f"the windows have shape {opened.shape}; give one value for each series")
    return opened, closed, np.minimum(public, closed), single


def owners(series: ArrayLike | None, forecasts: int, count: int) -> IndexArray:
    """The number of each forecast's series; raises ValueError for one without a window."""
    if series is None:
        if count != 1:
            raise ValueError(f"there are {count} windows but no series; say which forecast belongs to which")
        return np.zeros(forecasts, dtype=np.intp)
    numbers = np.atleast_1d(np.asarray(series))
    if numbers.size and numbers.dtype.kind not in "iu":
        raise ValueError(f"series holds values of type {numbers.dtype}, not numbers counted from 0")
    if numbers.shape != (forecasts,):
        raise ValueError(f"series has shape {numbers.shape} for {forecasts} forecasts; give one for each")
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < count:
        raise ValueError(f"series {numbers.min()} to {numbers.max()} do not fit {count} windows, counted from 0")
    return numbers.astype(np.intp, copy=False)


def in_order(owner: IndexArray, moments: FloatArray) -> bool:
    """Whether forecasts come by series, and within a series by time."""
    same = owner[1:] == owner[:-1]
    return bool(np.where(same, moments[1:] >= moments[:-1], owner[1:] > owner[:-1]).all())


def spread(values: FloatArray, count: int, name: str) -> FloatArray:
    """One value for each series, from one for all or one each."""
    if values.ndim == 0:
        return np.full(count, values)
    if values.shape != (count,):
        raise ValueError(f"{name} has shape {values.shape} for {count} series; give one for each")
    return values
