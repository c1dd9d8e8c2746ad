"""The scheduled windows of many series, and which forecast belongs to which: the door of `standing`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import FloatArray, IndexArray


def windows(
    opens: ArrayLike, closes: ArrayLike, known: ArrayLike, series: IndexArray | None
) -> tuple[FloatArray, FloatArray, FloatArray, bool]:
    """Opening, deadline and end of scoring for each series, and whether there is only the one."""
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


def numbered(series: ArrayLike | None, forecasts: int) -> IndexArray | None:
    """The number of each forecast's series, checked; None if they are all of one."""
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


def owners(series: IndexArray | None, forecasts: int, count: int) -> IndexArray:
    """The number of each forecast's series; raises ValueError for one without a window."""
    if series is None:
        if count != 1:
            raise ValueError(f"there are {count} windows but no series; say which forecast belongs to which")
        return np.zeros(forecasts, dtype=np.intp)
    inputs.refuse(series, series >= count, "series", f"has no window; there are {count}, counted from 0")
    return series


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
