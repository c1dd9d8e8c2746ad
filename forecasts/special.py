"""The special functions that the scores need, so that scipy is not needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from forecasts.inputs import FloatArray, refuse
from forecasts.options import between

__all__ = [
    "continued_fraction", "kept_log_odds", "log_odds", "logistic", "normal_quantile", "two_sided",
]  # fmt: skip

Term: TypeAlias = Callable[[int], FloatArray]


def two_sided(z: float) -> float:
    """Return the chance that a standard normal number is at least as far from zero as z.

    >>> round(two_sided(1.959964), 6)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


_CENTRAL, _TAIL, _FAR_TAIL = (  # of AS241: for each part the factors above and below the line, the highest power first
    (
        (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
         13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
        (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
         5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
    ),
    (
        (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
         3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
        (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
         0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
    ),
    (
        (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
         0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
        (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
         0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
    ),
)  # fmt: skip


def normal_quantile(probability: FloatArray) -> FloatArray:
    """Return the numbers below which a standard normal one lies with these probabilities, between 0 and 1; any shape.

    Each result is the same to the last digit whatever stands beside it.

    Source: Wichura (1988), Applied Statistics 37:477, algorithm AS241, exact to about 16 digits.

    >>> normal_quantile(np.array([0.025, 0.5, 0.9])).round(6)
    array([-1.959964,  0.      ,  1.281552])
    """
    flat = np.ravel(probability)
    from_middle = flat - 0.5
    number = from_middle * _ratio(_CENTRAL, 0.180625 - from_middle * from_middle)
    outer = np.flatnonzero(np.abs(from_middle) > 0.425)
    if outer.size:
        distance = np.sqrt(-np.log(np.minimum(flat[outer], 1.0 - flat[outer])))
        far, size = np.flatnonzero(distance > 5.0), _ratio(_TAIL, distance - 1.6)
        size[far] = _ratio(_FAR_TAIL, distance[far] - 5.0)
        number[outer] = np.copysign(size, from_middle[outer])
    return number.reshape(np.shape(probability))


def _ratio(factors: tuple[tuple[float, ...], tuple[float, ...]], at: FloatArray) -> FloatArray:
    """Return the ratio of two polynomials at some places."""
    above, below = (np.full(at.shape, highest) for highest, *_ in factors)
    for of_above, of_below in zip(factors[0][1:], factors[1][1:], strict=True):
        above, below = above * at + of_above, below * at + of_below
    return np.asarray(above / below)


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
