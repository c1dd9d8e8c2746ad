"""The door: what callers pass in becomes a checked float64 array, once.

Past this door nobody checks again. Lists, tuples, numpy arrays and whatever numpy can read as one (a pandas
or polars column) come in; what is refused is named with its value and its place.
"""

from __future__ import annotations

import numbers
from decimal import Decimal
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
    "floats",
    "like_input",
    "outcomes",
    "paired",
    "probabilities",
    "refuse",
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
    array = floats(values, name)
    if withdrawals and array.size and np.isnan(array).any():
        refuse(array, (array < 0.0) | (array > 1.0), name, "is not from 0 to 1")
        return array
    return _within_unit(array, name)


def outcomes(values: ArrayLike, name: str = "outcome") -> FloatArray:
    """Outcomes as float64: 1 yes, 0 no, a fraction for partly; booleans are welcome.

    Raises ValueError for anything outside 0 to 1, NaN and text.

    >>> outcomes([True, False, 0.4]).tolist()
    [1.0, 0.0, 0.4]
    """
    return _within_unit(floats(values, name, booleans=True), name)


def finite(values: ArrayLike, name: str, *, infinity: bool = False) -> FloatArray:
    """Numbers of any size as float64; NaN, infinity, booleans, text and dates are refused with ValueError.

    With `infinity` that is a number too.

    >>> finite([3, -1.5], "loss").tolist()
    [3.0, -1.5]
    """
    array = floats(values, name)
    refuse(array, np.isnan(array) if infinity else ~np.isfinite(array), name, "is not finite")
    return array


def refuse(values: FloatArray | IndexArray, bad: BoolArray, name: str, why: str) -> None:
    """Raise ValueError for the first of `values` where `bad`: its name, value and place, and what is wrong.

    >>> refuse(np.array([3.0, -2.0]), np.array([False, True]), "rate", "is negative")
    Traceback (most recent call last):
    ValueError: rate -2.0 at index 1 is negative
    """
    if not np.any(bad):
        return
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    raise ValueError(f"{name} {values[index].item()!r}{_at(index)} {why}")


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


def floats(values: ArrayLike, name: str, *, booleans: bool = False) -> FloatArray:
    """Numbers as float64 without judging their size: NaN and infinity pass, text, dates and masks do not.

    >>> floats([3, float("inf")], "score").tolist()
    [3.0, inf]
    """
    if isinstance(values, (list, tuple)):
        _refuse_strangers(values, name, booleans=booleans)
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        place = _at(tuple(int(i) for i in np.argwhere(np.ma.getmaskarray(values))[0]))
        raise ValueError(f"{name} has a masked value{place}; leave it out first")
    try:
        array = np.asarray(values)
    except ValueError as uneven:
        raise ValueError(f"{name} is not a rectangular array of numbers: {uneven}") from None
    kind = array.dtype.kind
    if array.size and kind not in ("iufb" if booleans else "iuf"):
        for index in np.ndindex(array.shape):
            value = array[index]
            if kind in "mM":
                raise ValueError(
                    f"{name} {value!r}{_at(index)} is a date or duration; give plain numbers, such as days"
                )
            _refuse_stranger(value if kind == "O" else value.item(), name, index, booleans=booleans)
    try:
        return np.asarray(array, dtype=np.float64)
    except OverflowError:
        raise ValueError(f"{name} holds a number too large for floating point") from None


def _refuse_strangers(
    values: list[object] | tuple[object, ...], name: str, *, booleans: bool, within: tuple[int, ...] = ()
) -> None:
    """numpy would turn [True, 0.5] into numbers without a word, so plain lists are looked through first."""
    for index, value in enumerate(values):
        if type(value) is float or type(value) is int:
            continue
        if isinstance(value, (list, tuple)):
            _refuse_strangers(value, name, booleans=booleans, within=(*within, index))
        else:
            _refuse_stranger(value, name, (*within, index), booleans=booleans)


def _refuse_stranger(value: object, name: str, index: tuple[int, ...], *, booleans: bool) -> None:
    place = _at(index)
    if isinstance(value, np.ndarray) and not np.ma.is_masked(value):
        if value.dtype.kind in "iuf" or (booleans and value.dtype.kind == "b"):
            return
        _refuse_strangers(value.ravel().tolist(), name, booleans=booleans, within=index)
    elif isinstance(value, (bool, np.bool_)):
        if not booleans:
            raise ValueError(f"{name} {value!r}{place} is a boolean, not a number")
    elif not isinstance(value, (numbers.Real, Decimal)):
        raise ValueError(f"{name} {value!r}{place} is not a number")


def _within_unit(array: FloatArray, name: str) -> FloatArray:
    # min and max carry a NaN along, and a comparison with NaN is false
    if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
        refuse(array, ~((array >= 0.0) & (array <= 1.0)), name, "is not from 0 to 1")
    return array


def _at(index: tuple[int, ...]) -> str:
    return f" at index {index[0] if len(index) == 1 else index}" if index else ""
