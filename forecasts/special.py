"""The special functions that the scores need, so that scipy is not needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from forecasts.inputs import FloatArray, refuse
from forecasts.options import between

__all__ = [
    "beta_cdf",
    "beta_quantile",
    "continued_fraction",
    "kept_log_odds",
    "log_gamma",
    "log_odds",
    "logistic",
    "two_sided",
]

Term: TypeAlias = Callable[[int], FloatArray]


def two_sided(z: float) -> float:
    """Chance that a standard normal number is at least as far from zero as z.

    >>> round(two_sided(1.959964), 6)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def log_odds(probability: FloatArray) -> FloatArray:
    """ln(p / (1 - p)) for probabilities strictly between 0 and 1; any shape.

    >>> log_odds(np.array([0.5, 0.75])).round(6)
    array([0.      , 1.098612])
    """
    return np.asarray(np.log(probability) - np.log1p(-probability))


def kept_log_odds(probability: FloatArray, clip: float | None) -> FloatArray:
    """The log-odds, of probabilities at least `clip` away from 0 and 1: exactly as far at both ends.

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
    """The probability that has these log-odds, exact in both tails; infinity gives 1, minus infinity 0.

    >>> logistic(np.array([0.0, -1000.0, math.log(3)])).round(6)
    array([0.5 , 0.  , 0.75])
    """
    small = np.exp(-np.abs(odds))
    return np.asarray(np.where(odds >= 0, 1.0, small) / (1.0 + small))


def log_gamma(values: FloatArray) -> FloatArray:
    """Logarithm of the gamma function of each value above zero; any shape; infinity where it is too large.

    >>> log_gamma(np.array([1.0, 5.0])).round(6)
    array([0.      , 3.178054])
    """
    flat = [math.lgamma(value) if value < 1e305 else math.inf for value in values.ravel().tolist()]
    return np.array(flat).reshape(values.shape)


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
        part, over = partial(k), numerator(k)
        below = 1 / _not_zero(part + over * below)
        above = _not_zero(part + over / above)
        change = above * below
        value = value * change
        if (np.abs(change - 1) < 1e-15).all():
            break
    return value


def beta_cdf(x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Regularised incomplete beta function: the chance that a Beta(a, b) number is at most x; one shape.

    x lies strictly between 0 and 1.

    Source: DLMF 8.17.22 (continued fraction) and 8.17.4 (symmetry).

    Beta(1, 2) has 1 - (1 - x)^2:

    >>> beta_cdf(np.array([0.25, 0.5]), np.ones(2), 2 * np.ones(2)).round(12)
    array([0.4375, 0.75  ])
    """
    turned = x > (a + 1) / (a + b + 2)
    place, first, second = np.where(turned, 1 - x, x), np.where(turned, b, a), np.where(turned, a, b)
    front = place * (1 - place) * _beta_density(x, a, b) / first
    ones = np.ones_like(place)
    part = front / continued_fraction(lambda k: ones, lambda k: _beta_term(k, place, first, second))
    return np.asarray(np.where(turned, 1 - part, part))


def beta_quantile(level: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """The x below which a Beta(a, b) number falls with chance `level`; one shape.

    Newton's steps, replaced by halving wherever they would leave the bracket.

    >>> beta_quantile(np.array([0.75]), np.ones(1), 2 * np.ones(1)).round(12)
    array([0.5])
    """
    low, high, x = np.zeros_like(a), np.ones_like(a), a / (a + b)
    for _ in range(1000):
        gap = beta_cdf(x, a, b) - level
        low, high = np.where(gap < 0, x, low), np.where(gap < 0, high, x)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            step = x - gap / _beta_density(x, a, b)
        better = np.where((step > low) & (step < high), step, (low + high) / 2)
        done = np.abs(better - x) <= 1e-14 * x
        x = better
        if done.all():
            break
    return x


def _beta_density(x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    scale = log_gamma(a + b) - log_gamma(a) - log_gamma(b)
    return np.asarray(np.exp(scale + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)))


def _beta_term(k: int, x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    m = k // 2
    if k % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def _not_zero(value: FloatArray) -> FloatArray:
    return np.where(np.abs(value) < 1e-280, 1e-280, value)
