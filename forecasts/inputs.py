"""Check what callers pass in, and turn it into float64 arrays, once.

Every public function of the package checks its arguments here, and nothing is checked again behind it. Lists, tuples,
numpy arrays and everything numpy can read as an array (a pandas or polars column) are accepted. An error names the
value that is refused and its index. A float of 16 or 32 bits is read as the shortest decimal that it stands for.
"""

from __future__ import annotations

import math
import numbers
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IndexArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]
ClaimArray: TypeAlias = NDArray[np.signedinteger[Any]]
"""The numbers of claims, of 32 bits or 64."""

__all__ = [
    "SAME_DECIMALS", "BoolArray", "ClaimArray", "FloatArray", "IndexArray", "finite", "floats", "headroom",
    "like_input", "outcomes", "paired", "probabilities", "refuse", "same_at", "shortest", "sum_tolerance",
]  # fmt: skip

SAME_DECIMALS = 12
"""Two forecasts that are equal at this many decimals are the same."""

_ROUNDINGS = 4  # epsilons: shares rounded once miss their sum by one at most; sums and divisions add some


def probabilities(values: ArrayLike, name: str = "probability", *, withdrawals: bool = False) -> FloatArray:
    """Return probabilities of any shape as float64; a plain number becomes an array without axes.

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
    """Return outcomes as float64: 1 yes, 0 no, a fraction for partly; booleans are welcome.

    Raises ValueError for anything outside 0 to 1, NaN and text.

    >>> outcomes([True, False, 0.4]).tolist()
    [1.0, 0.0, 0.4]
    """
    return _within_unit(floats(values, name, booleans=True), name)


def finite(values: ArrayLike, name: str, *, infinity: bool = False) -> FloatArray:
    """Return numbers of any size as float64; ValueError for NaN, infinity, booleans, text and dates.

    With `infinity` that is a number too.

    >>> finite([3, -1.5], "loss").tolist()
    [3.0, -1.5]
    """
    array = floats(values, name)
    refuse(array, np.isnan(array) if infinity else ~np.isfinite(array), name, "is not finite")
    return array


def same_at(probability: FloatArray) -> FloatArray:
    """Return a number for each probability that is equal for the same forecasts: those equal at 12 decimals.

    Everything that groups forecasts, or compares them with each other, with an edge or with a threshold, compares
    these numbers, so that 0.1 + 0.2 is 0.3. They rise with the probability.

    >>> same_at(np.array([0.1 + 0.2, 0.3, 0.25])).tolist()
    [300000000000.0, 300000000000.0, 250000000000.0]
    """
    return np.rint(probability * 10.0**SAME_DECIMALS)


def sum_tolerance(values: ArrayLike, steps: int = 1) -> float:
    """Return how far from 1 the sum of shares may be: 1e-9, and more for floats of 16 or 32 bits.

    A running sum in so few bits rounds at each of its `steps`, which adds up as their square root.

    >>> sum_tolerance([0.5, 0.5]), sum_tolerance(np.float32([0.5, 0.5]))
    (1e-09, 4.76837158203125e-07)
    """
    narrow = _narrow_types(values)
    return max([1e-9, *(_ROUNDINGS * math.sqrt(steps) * float(np.finfo(kind).eps) for kind in narrow)])


def headroom(*numbers: FloatArray) -> float:
    """Return what to divide numbers by before they are summed: 1, or a power of two if the sum might overflow.

    >>> headroom(np.array([3.0])), headroom(np.array([-1e308, 3.0])) > 1e9
    (1.0, True)
    """
    largest: float = max(np.abs(array).max(initial=0.0) for array in numbers)
    return math.ldexp(1.0, 64) if largest > math.ldexp(1.0, 960) else 1.0


def shortest(values: NDArray[Any]) -> FloatArray:
    """Return numbers as float64, those of 16 or 32 bits as the shortest decimals that they stand for.

    >>> shortest(np.array([0.7, 1e-20], dtype=np.float32)).tolist()
    [0.7, 1e-20]
    """
    with np.errstate(over="ignore"):  # a long double may lie beyond
        exact = np.asarray(values, dtype=np.float64)
    if values.dtype.kind != "f" or values.dtype.itemsize >= exact.dtype.itemsize:
        return exact
    flat, decimals = values.ravel(), exact.ravel().copy()
    whole = 2.0 ** (np.finfo(values.dtype).nmant + 1)  # up to here every whole number has a float of this width
    left = np.flatnonzero(np.abs(decimals) <= whole)
    for digits in range(SAME_DECIMALS + 1):
        rounded = np.round(decimals[left], digits)
        same = rounded.astype(values.dtype) == flat[left]
        decimals[left[same]] = rounded[same]
        left = left[~same]
    rest = np.concatenate([left, np.flatnonzero(np.abs(decimals) > whole)])
    decimals[rest] = flat[rest].astype(str).astype(np.float64)
    return decimals.reshape(values.shape)


def refuse(values: FloatArray | IndexArray, bad: BoolArray, name: str, why: str) -> None:
    """Raise ValueError for the first of `values` where `bad`: with its name, value and index, and what is wrong.

    >>> refuse(np.array([3.0, -2.0]), np.array([False, True]), "rate", "is negative")
    Traceback (most recent call last):
    ValueError: rate -2.0 at index 1 is negative
    """
    if not np.any(bad):
        return
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    raise ValueError(f"{name} {values[index].item()!r}{_at_index(index)} {why}")


def paired(
    first: FloatArray, second: FloatArray, *, names: tuple[str, str] = ("probability", "outcome")
) -> tuple[FloatArray, FloatArray]:
    """Return two arrays with one shape: a number beside an array is repeated, other shapes raise ValueError.

    >>> paired(probabilities([0.2, 0.3]), outcomes(1))[1].tolist()
    [1.0, 1.0]
    """
    if first.shape == second.shape:
        return first, second
    if first.ndim and second.ndim:
        rows = "; for rows of shares say categories=True, where a score takes them"
        raise ValueError(
            f"{names[0]} has shape {first.shape}, {names[1]} has shape {second.shape}; they must be the same"
            f"{rows if first.ndim == second.ndim + 1 else ''}"
        )
    together = np.broadcast_arrays(first, second)
    return together[0], together[1]


def like_input(result: FloatArray, scalar: bool | None = None) -> float | FloatArray:
    """Return a plain float if the caller gave plain numbers, else the array.

    Without `scalar` the result's own shape decides: no axes, a plain float. With ``scalar=True`` a result of
    one value becomes that value.

    >>> like_input(np.array(0.25)), like_input(np.array([0.25]), scalar=True)
    (0.25, 0.25)
    """
    if scalar is None:
        scalar = np.ndim(result) == 0
    return float(np.asarray(result).item()) if scalar else result


def floats(values: ArrayLike, name: str, *, booleans: bool = False) -> FloatArray:
    """Return numbers as float64 without judging their size: NaN and infinity pass, text, dates and masks do not.

    >>> floats([3, float("inf")], "score").tolist()
    [3.0, inf]
    """
    if isinstance(values, (list, tuple)):
        _check_values(values, name, booleans=booleans)
        if any(_narrow_types(values)):
            values = _decimals(values)
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        at = _at_index(tuple(int(i) for i in np.argwhere(np.ma.getmaskarray(values))[0]))
        raise ValueError(f"{name} has a masked value{at}; leave it out first")
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
                    f"{name} {value!r}{_at_index(index)} is a date or duration; give plain numbers, such as days"
                )
            _check_value(value if kind == "O" else value.item(), name, index, booleans=booleans)
    try:
        return shortest(array) if kind != "O" else np.asarray(_decimals(array.tolist()), dtype=np.float64)
    except OverflowError:
        raise ValueError(f"{name} holds a number too large for floating point") from None


def _is_narrow(kind: np.dtype[Any]) -> bool:
    return kind.kind == "f" and kind.itemsize < np.dtype(np.float64).itemsize


def _narrow_types(values: object) -> set[np.dtype[Any]]:
    """Return the kinds of float of fewer than 64 bits among some values, however deep in lists."""
    if isinstance(values, (list, tuple)):
        others = (value for value in values if type(value) is not float and type(value) is not int)
        return set().union(*map(_narrow_types, others))
    if isinstance(values, np.ndarray) and values.dtype.kind == "O":
        return _narrow_types(values.ravel().tolist())
    kind = getattr(values, "dtype", None)
    if not isinstance(kind, np.dtype):  # a column of pandas or polars has a type of its own
        kind = np.asarray(values).dtype if kind is not None else np.dtype(np.float64)
    return {kind} if _is_narrow(kind) else set()


def _decimals(values: Any) -> Any:
    """Return lists unchanged, except that floats of fewer bits become the decimals they stand for."""
    if isinstance(values, (list, tuple)):
        return [value if type(value) is float else _decimals(value) for value in values]
    if isinstance(values, (np.ndarray, np.floating)) and _is_narrow(values.dtype):
        return shortest(np.asarray(values)).tolist()
    return values


def _check_values(
    values: list[object] | tuple[object, ...], name: str, *, booleans: bool, within: tuple[int, ...] = ()
) -> None:
    """Check plain lists value by value, because numpy would silently turn [True, 0.5] into numbers."""
    for index, value in enumerate(values):
        if type(value) is float or type(value) is int:
            continue
        if isinstance(value, (list, tuple)):
            _check_values(value, name, booleans=booleans, within=(*within, index))
        else:
            _check_value(value, name, (*within, index), booleans=booleans)


def _check_value(value: object, name: str, index: tuple[int, ...], *, booleans: bool) -> None:
    """Raise ValueError if a value is not a number, or a boolean where none may stand."""
    at = _at_index(index)
    if isinstance(value, np.ndarray) and not np.ma.is_masked(value):
        if value.dtype.kind in "iuf" or (booleans and value.dtype.kind == "b"):
            return
        _check_values(value.ravel().tolist(), name, booleans=booleans, within=index)
    elif isinstance(value, (bool, np.bool_)):
        if not booleans:
            raise ValueError(f"{name} {value!r}{at} is a boolean, not a number")
    elif not isinstance(value, (numbers.Real, Decimal)):
        raise ValueError(f"{name} {value!r}{at} is not a number")


def _within_unit(array: FloatArray, name: str) -> FloatArray:
    """Check that all values are from 0 to 1; NaN is not."""
    # min and max carry a NaN along, and a comparison with NaN is false
    if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
        refuse(array, ~((array >= 0.0) & (array <= 1.0)), name, "is not from 0 to 1")
    return array


def _at_index(index: tuple[int, ...]) -> str:
    return f" at index {index[0] if len(index) == 1 else index}" if index else ""
