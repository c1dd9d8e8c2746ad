"""The incomplete beta function and its inverse, exact also where a and b are large or far apart."""

from __future__ import annotations

import math

import numpy as np

from forecasts.gamma import LARGE, falling_integral, log1p_less, reach, stirling_rest
from forecasts.inputs import FloatArray
from forecasts.special import continued_fraction

__all__ = ["beta_cdf", "beta_quantile"]


def beta_cdf(x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the chance that a Beta(a, b) number is at most x: the regularised incomplete beta function; one shape.

    x lies strictly between 0 and 1. The methods need x at or below the mean. So above the mean the chance beyond x is
    computed, as that of Beta(b, a) below 1 - x. The method is a continued fraction, or numerical integration if a and b
    are both large.

    Source: DLMF 8.17.4 (symmetry); DiDonato & Morris (1992), ACM Trans. Math. Software 18:360 (continued fraction).

    Beta(1, 2) has 1 - (1 - x)^2:

    >>> beta_cdf(np.array([0.25, 0.5]), np.ones(2), 2 * np.ones(2)).round(12)
    array([0.4375, 0.75  ])
    """
    below_mean = (a / (a + b) - x) * (a + b)
    turned, large = below_mean < 0, np.minimum(a, b) >= LARGE
    lower, first, second = np.where(turned, 1 - x, x), np.where(turned, b, a), np.where(turned, a, b)
    part = _weight(x, a, b)
    for chosen, method in ((large, _nodes), (~large, _fraction)):
        if chosen.any():
            part[chosen] *= method(lower[chosen], first[chosen], second[chosen], np.abs(below_mean[chosen]))
    return np.asarray(np.where(turned, 1 - part, part))


def beta_quantile(level: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the x below which a Beta(a, b) number falls with chance `level`; one shape.

    Newton's steps, replaced by halving wherever they would leave the bracket; counted from the end of 0 to 1 at which
    the number is small, because floats are dense there.

    Source: as :func:`beta_cdf`, whose inverse it is.

    >>> beta_quantile(np.array([0.75]), np.ones(1), 2 * np.ones(1)).round(12)
    array([0.5])
    """
    turned = a > b
    level, a, b = np.where(turned, 1 - level, level), np.minimum(a, b), np.maximum(a, b)
    low, x = np.zeros_like(a), a / (a + b)
    high = np.minimum(x / (1 - level), 1.0)  # by Markov's inequality
    for _ in range(2_000):
        gap = beta_cdf(x, a, b) - level
        low, high = np.where(gap < 0, x, low), np.where(gap < 0, high, x)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            step = x - gap * x * (1 - x) / _weight(x, a, b)
        within = (step > low) & (step < high) | (step == x)  # halving what is found already would lose it
        better = np.where(within, step, (low + high) / 2)
        done = np.abs(better - x) <= 1e-14 * x
        x = better
        if done.all():
            break
    return np.where(turned, 1 - x, x)


def _weight(x: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Return x^a (1 - x)^b / B(a, b), by Stirling's formula, so that no large terms cancel."""
    mean, rest = a / (a + b), b / (a + b)
    power = a * _beside_mean(x, mean, x - mean) + b * _beside_mean(1 - x, rest, mean - x)
    scale = stirling_rest(a + b) - stirling_rest(a) - stirling_rest(b)
    return np.asarray(np.sqrt(a * rest / (2 * math.pi)) * np.exp(scale + power))


def _beside_mean(x: FloatArray, mean: FloatArray, off: FloatArray) -> FloatArray:
    """Return ln(x / mean) - (x - mean) / mean."""
    part = off / mean
    return np.where(np.abs(part) < 0.4, log1p_less(np.clip(part, -0.4, 0.4)), np.log(x) - np.log(mean) - part)


def _fraction(x: FloatArray, a: FloatArray, b: FloatArray, short: FloatArray) -> FloatArray:
    """Return the chance below x, which is at most the mean, divided by the weight at x; `short` is a - (a + b) x."""

    def partial(n: int) -> FloatArray:
        ahead = n * ((b - n) * x) / (a + (2 * n - 1)) if n else 0
        return n + ahead + (a + n) / (a + (2 * n + 1)) * (short + 1 + n * (2 - x))

    def numerator(n: int) -> FloatArray:
        odd = a + (2 * n - 1)
        return (a + (n - 1)) / odd * ((a + b + (n - 1)) * x / odd) * (n * ((b - n) * x))

    return 1 / continued_fraction(partial, numerator)


def _nodes(x: FloatArray, a: FloatArray, b: FloatArray, short: FloatArray) -> FloatArray:
    """Return what :func:`_fraction` returns, computed as an integral over the log-odds below those of x."""
    both = a + b

    def logarithm(place: FloatArray) -> FloatArray:
        lost = np.expm1(-place)
        return -short * place - both * (log1p_less(x * lost) - x * log1p_less(lost))

    return falling_integral(reach(short, both * x * (1 - x)), logarithm)
