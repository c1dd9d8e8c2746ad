"""Check arguments that are not data: whole numbers, levels, seeds, and labels of groups."""

from __future__ import annotations

import math
import numbers
from collections.abc import Hashable, Iterable

import numpy as np

from forecasts.inputs import IndexArray, shortest

__all__ = ["between", "codes", "generator", "positive", "whole"]


def whole(value: int, name: str, *, least: int) -> int:
    """Return a whole number of at least *least*; ValueError for anything else, also for a boolean or 3.0.

    >>> whole(10, "bins", least=1)
    10
    >>> whole(0, "bins", least=1)
    Traceback (most recent call last):
    ValueError: bins 0 is not a whole number of at least 1
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} {value!r} is not a whole number of at least {least}")
    return int(value)


def between(value: float, name: str, *, low: float = 0.0, high: float = 1.0) -> float:
    """Return a number strictly between two others; ValueError for anything else.

    >>> between(0.9, "level")
    0.9
    >>> between(0.5, "clip", high=0.5)
    Traceback (most recent call last):
    ValueError: clip 0.5 is not between 0 and 0.5
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not low < value < high:
        raise ValueError(f"{name} {value!r} is not between {low:g} and {high:g}")
    return _plain_float(value)


def positive(value: float, name: str) -> float:
    """Return a finite number above 0; ValueError for anything else.

    >>> positive(2, "factor")
    2.0
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0 < value < math.inf:
        raise ValueError(f"{name} {value!r} is not a number above 0")
    return _plain_float(value)


def _plain_float(value: float) -> float:
    """Return a plain float; one of 16 or 32 bits becomes the decimal that it stands for."""
    return float(shortest(np.asarray(value))) if isinstance(value, np.floating) else float(value)


def generator(seed: int) -> np.random.Generator:
    """Return the random numbers of a seed; ValueError for None, which would give other numbers each time.

    >>> generator(7).integers(100) == generator(7).integers(100)
    np.True_
    """
    return np.random.default_rng(whole(seed, "seed", least=0))


def codes(labels: Iterable[Hashable], name: str) -> tuple[list[Hashable], IndexArray]:
    """Return the distinct labels in order of first appearance, and for each row the number of its label.

    Labels may be of any kind that can be a key. Raises ValueError for one that cannot, such as a list.

    >>> distinct, rows = codes(["b", "a", "b"], "tag")
    >>> distinct, rows.tolist()
    (['b', 'a'], [0, 1, 0])
    """
    numbered: dict[Hashable, int] = {}
    plain = labels.tolist() if isinstance(labels, np.ndarray) else labels
    try:
        rows = [numbered.setdefault(label, len(numbered)) for label in plain]
    except TypeError as error:
        raise ValueError(f"{name} must hold labels that can be compared: {error}") from None
    return list(numbered), np.array(rows, dtype=np.intp)
