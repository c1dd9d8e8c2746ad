"""The special functions that the scores need, so that scipy is not needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from forecasts.inputs import FloatArray, refuse
from forecasts.options import between

__all__ = [
    "continued_fraction", "kept_log_odds", "log_odds", "logistic", "two_sided",
]  # fmt: skip

Term: TypeAlias = Callable[[int], FloatArray]


def two_sided(z: float) -> float:
    """Return the chance that a standard normal number is at least as far from zero as z.

    >>> round(two_sided(1.959964), 6)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def log_odds(probability: FloatArray) -> FloatArray:
    """Return ln(p / (1 - p)) for probabilities strictly between 0 and 1; any shape.

    >>> log_odds(np.array([0.5, 0.75])).round(6)
    array([0.      , 1.098612])
    """
    return np.asarray(np.log(probability) - np.log1p(-probability))


def kept_log_odds(probability: FloatArray, clip: float | None) -> FloatArray:
    """Return the log-odds of probabilities kept at least `clip` away from 0 and 1, exactly as far at both ends.

    >>> kept_log_odds(np.array([0.0, 1.0]), 1e-20).round(6)
    array([-46.051702,  46.051702])
    """
    if clip is None:
        why = "has no log-odds; leave it out, or say with clip how far from 0 and 1 to keep it"
        refuse(probability, (probability == 0) | (probability == 1), "probability", why)
        return log_odds(probability)
    least = between(clip, "clip", high=0.5)
    end = math.log1p(-least) - math.log(least)
    with np.errstate(divide="ignore"):
        return np.clip(log_odds(probability), -end, end)


def logistic(odds: FloatArray) -> FloatArray:
    """Return the probability that has these log-odds, exact in both tails; infinity gives 1, minus infinity 0.

    >>> logistic(np.array([0.0, -1000.0, math.log(3)])).round(6)
    array([0.5 , 0.  , 0.75])
    """
    small = np.exp(-np.abs(odds))
    return np.asarray(np.where(odds >= 0, 1.0, small) / (1.0 + small))


def continued_fraction(partial: Term, numerator: Term) -> FloatArray:
    """Return partial(0) + numerator(1) / (partial(1) + numerator(2) / ...), for many arguments at once.

    The method of Lentz as modified by Thompson and Barnett (1986).

    >>> ones = np.ones(1)
    >>> continued_fraction(lambda k: ones, lambda k: ones).round(6)  # the golden ratio
    array([1.618034])
    """
    value = _not_zero(partial(0))
    above, below = value, np.zeros_like(value)
    for k in range(1, 100_000):
        part, over = partial(k), numerator(k)
        below = 1 / _not_zero(part + over * below)
        above = _not_zero(part + over / above)
        change = above * below
        value = value * change
        if (np.abs(change - 1) < 1e-15).all():
            break
    return value


def _not_zero(value: FloatArray) -> FloatArray:
    return np.where(np.abs(value) < 1e-100, 1e-100, value)
