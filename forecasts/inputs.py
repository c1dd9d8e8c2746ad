"""The door: what callers pass in becomes a checked float64 array, once.

Past this door nobody checks again. Lists, tuples, numpy arrays and whatever numpy can read as one (a pandas
or polars column) come in; what is refused is named with its value and its place.
"""

from __future__ import annotations

import numbers
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IndexArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]

__all__ = [
    "BoolArray",
    "FloatArray",
    "IndexArray",
    "finite",
    "like_input",
    "outcomes",
    "paired",
    "probabilities",
]


def probabilities(values: ArrayLike, name: str = "probability", *, withdrawals: bool = False) -> FloatArray:
    """Probabilities of any shape as float64; a plain number becomes an array without axes.

    Raises ValueError for anything that is not a number from 0 to 1: NaN, infinity, text, and booleans,
    because ``True`` given as a forecast is nearly always an outcome in the wrong place. With `withdrawals`
    NaN is let through: it says that from here on no forecast stands.

    >>> probabilities([0, 0.25, 1]).tolist()
    [0.0, 0.25, 1.0]
    >>> probabilities([0.2, 70])
    Traceback (most recent call last):
    ValueError: probability 70.0 at index 1 is not from 0 to 1
    """
    array = _floats(values, name, booleans=False)
    if withdrawals and array.size and np.isnan(array).any():
        _within_unit(np.where(np.isnan(array), 0.0, array), name)
        return array
    return _within_unit(array, name)


def outcomes(values: ArrayLike, name: str = "outcome") -> FloatArray:
    """Outcomes as float64: 1 yes, 0 no, a fraction for partly; booleans are welcome.

    Raises ValueError for anything outside 0 to 1, NaN and text.

    >>> outcomes([True, False, 0.4]).tolist()
    [1.0, 0.0, 0.4]
    """
    return _within_unit(_floats(values, name, booleans=True), name)


def finite(values: ArrayLike, name: str) -> FloatArray:
    """Numbers of any size as float64; NaN, infinity, booleans and text are refused with ValueError.

    >>> finite([3, -1.5], "loss").tolist()
    [3.0, -1.5]
    """
    array = _floats(values, name, booleans=False)
    if array.size and not np.isfinite(array).all():
        raise _refusal(array, ~np.isfinite(array), name, "not finite")
    return array


def paired(
    first: FloatArray, second: FloatArray, *, names: tuple[str, str] = ("probability", "outcome")
) -> tuple[FloatArray, FloatArray]:
    """The two arrays with one shape; a number beside an array is repeated, other shapes raise ValueError.

    >>> paired(probabilities([0.2, 0.3]), outcomes(1))[1].tolist()
    [1.0, 1.0]
    """
    if first.shape == second.shape:
        return first, second
    if first.ndim and second.ndim:
        raise ValueError(
            f"{names[0]} has shape {first.shape}, {names[1]} has shape {second.shape}; they must be the same"
        )
    together = np.broadcast_arrays(first, second)
    return together[0], together[1]


def like_input(result: FloatArray, scalar: bool | None = None) -> float | FloatArray:
    """A plain float if the caller gave plain numbers, else the array.

    Without `scalar` the result's own shape decides: no axes, a plain float. With ``scalar=True`` a result of
    one value becomes that value.

    >>> like_input(np.array(0.25)), like_input(np.array([0.25]), scalar=True)
    (0.25, 0.25)
    """
    if scalar is None:
        scalar = np.ndim(result) == 0
    return float(np.asarray(result).item()) if scalar else result


def _floats(values: ArrayLike, name: str, *, booleans: bool) -> FloatArray:
    """`values` as float64 without judging their size."""
    if isinstance(values, (list, tuple)):
        _refuse_strangers(values, name, booleans=booleans)
    if np.ma.is_masked(values):
        raise ValueError(f"{name} has masked values; leave them out first")
    try:
        array = np.asarray(values)
    except ValueError as uneven:
        raise ValueError(f"{name} is not a rectangular array of numbers: {uneven}") from None
    if array.dtype.kind == "O":
        _refuse_strangers(array.ravel().tolist(), name, booleans=booleans)
    elif array.size and array.dtype.kind not in ("iufb" if booleans else "iuf"):
        kind = "booleans" if array.dtype.kind == "b" else f"values of type {array.dtype}"
        raise ValueError(f"{name} holds {kind}, not numbers")
    return np.asarray(array, dtype=np.float64)


def _refuse_strangers(values: list[object] | tuple[object, ...], name: str, *, booleans: bool) -> None:
    """numpy would turn [True, 0.5] into numbers without a word, so plain lists are looked through first."""
    for index, value in enumerate(values):
        if type(value) is float or type(value) is int:
            continue
        if isinstance(value, (list, tuple)):
            _refuse_strangers(value, name, booleans=booleans)
        elif isinstance(value, (bool, np.bool_)):
            if not booleans:
                raise ValueError(f"{name} {value!r} at index {index} is a boolean, not a number")
        elif not isinstance(value, (numbers.Real, np.ndarray)):
            raise ValueError(f"{name} {value!r} at index {index} is not a number")


def _within_unit(array: FloatArray, name: str) -> FloatArray:
    # min and max carry a NaN along, and a comparison with NaN is false
    if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
        raise _refusal(array, ~((array >= 0.0) & (array <= 1.0)), name, "not from 0 to 1")
    return array


def _refusal(array: FloatArray, bad: NDArray[np.bool_], name: str, why: str) -> ValueError:
    if array.ndim == 0:
        return ValueError(f"{name} {float(array)!r} is {why}")
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    place = index[0] if len(index) == 1 else index
    return ValueError(f"{name} {float(array[index])!r} at index {place} is {why}")
