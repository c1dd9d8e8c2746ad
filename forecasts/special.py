"""The special functions that the scores need, so that scipy is not needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from forecasts.inputs import FloatArray

__all__ = ["beta_cdf", "beta_quantile", "continued_fraction", "log_gamma", "two_sided"]

Term: TypeAlias = Callable[[int], FloatArray]


def two_sided(z: float) -> float:
    """Chance that a standard normal number is at least as far from zero as z.

    >>> round(two_sided(1.959964), 6)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def log_gamma(values: FloatArray) -> FloatArray:
    """Logarithm of the gamma function of each value above zero; any shape.

    >>> log_gamma(np.array([1.0, 5.0])).round(6)
    array([0.      , 3.178054])
    """
    return np.array([math.lgamma(value) for value in values.ravel().tolist()]).reshape(values.shape)


def continued_fraction(partial: Term, numerator: Term) -> FloatArray:
    """partial(0) + numerator(1) / (partial(1) + numerator(2) / ...), for many arguments at once.

    The method of Lentz as modified by Thompson and Barnett (1986).

    >>> ones = np.ones(1)
    >>> continued_fraction(lambda k: ones, lambda k: ones).round(6)  # the golden ratio
    array([1.618034])
    """
    value = _not_zero(partial(0))
    above, below = value, np.zeros_like(value)
    for k in range(1, 100_000):
        below = 1 / _not_zero(partial(k) + numerator(k) * below)
        above = _not_zero(partial(k) + numerator(k) / above)
        change = above * below
        value = value * change
        if (np.abs(change - 1) < 1e-15).all():
            break
    return value


def beta_cdf(x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Regularised incomplete beta function: the chance that a Beta(a, b) number is at most x; one shape.

    Source: DLMF 8.17.22 (continued fraction) and 8.17.4 (symmetry). Beta(1, 2) has 1 - (1 - x)^2:

    >>> beta_cdf(np.array([0.0, 0.5, 1.0]), np.ones(3), 2 * np.ones(3)).round(12)
    array([0.  , 0.75, 1.  ])
    """
    turned = x > (a + 1) / (a + b + 2)
    place = np.where(turned, 1 - x, x)
    first, second = np.where(turned, b, a), np.where(turned, a, b)
    inside = (place > 0) & (place < 1)
    safe = np.where(inside, place, 0.5)
    scale = log_gamma(first + second) - log_gamma(first) - log_gamma(second)
    front = np.exp(scale + first * np.log(safe) + second * np.log1p(-safe)) / first
    ones = np.ones_like(safe)
    tail = continued_fraction(
        lambda k: ones, lambda k: _beta_term(k, np.where(inside, safe, 0), first, second)
    )
    return np.where(turned, 1 - np.where(inside, front / tail, 0), np.where(inside, front / tail, 0))


def beta_quantile(level: float, a: FloatArray, b: FloatArray) -> FloatArray:
    """The x below which a Beta(a, b) number falls with chance `level`; by bisection, same shape as a and b.

    >>> beta_quantile(0.75, np.ones(1), 2 * np.ones(1)).round(12)
    array([0.5])
    """
    low, high = np.zeros_like(a), np.ones_like(a)
    for _ in range(100):
        middle = (low + high) / 2
        below = beta_cdf(middle, a, b) < level
        low, high = np.where(below, middle, low), np.where(below, high, middle)
        if (high - low <= 1e-15 * high).all():
            break
    return (low + high) / 2


def _beta_term(k: int, x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    m = k // 2
    if k % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def _not_zero(value: FloatArray) -> FloatArray:
    return np.where(value == 0, 1e-300, value)
