"""The incomplete gamma function, right far out: where shape and rate are near each other, large, or far apart.

Both integrals are kept as logarithms, with the weight exp(rate (1 - u)) that makes their integrand 1 at u = 1. So the
large terms that cancel in the textbook form never arise, and the relative error does not grow with the shape.
"""

from __future__ import annotations

import math

import numpy as np

from forecasts.inputs import FloatArray
from forecasts.special import continued_fraction

__all__ = ["log_lower", "log_whole", "poisson_tail"]

_NEAR = 0.4  # so far from 0 a series of a dozen terms is exact
_LARGE = 1_000.0  # the shape from which an integral over the few widths that matter takes fewer steps than a fraction
_DEPTH = 50.0  # e to the minus this is nothing beside 1
_PIECE = 4_096  # values worked on at once, few enough to stay in the processor's cache
_NODES, _NODE_WEIGHTS = (part.tolist() for part in np.polynomial.legendre.leggauss(40))


def poisson_tail(mean: FloatArray, needed: FloatArray) -> FloatArray:
    """Chance of at least `needed` events (1 or more) where `mean` (above 0) are expected; one shape.

    Source: DLMF 8.4.10: the chance is the regularised lower incomplete gamma function P(needed, mean).

    >>> poisson_tail(np.array([1.0, 1e9]), np.array([1.0, 1e9])).round(6)
    array([0.632121, 0.500004])
    """
    excess = mean - needed
    return np.exp(log_lower(needed, mean, excess) - log_whole(needed, mean, excess))


def log_whole(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """ln of the integral of u^(shape-1) exp(rate (1 - u)) over all u above 0.

    `excess` is rate - shape, which the caller may know better than a subtraction does. The integral is
    ln Gamma(shape) + rate - shape ln(rate), in which the large terms cancel; Stirling's form has them not.

    Source: DLMF 5.9.1 (the integral) and 5.11.1 (Stirling's series).

    >>> log_whole(np.array([1.0]), np.array([1.0]), np.array([0.0])).round(6)
    array([1.])
    """
    beyond = excess / shape
    far = np.log(rate) - np.log(shape) - beyond
    cancelled = np.where(np.abs(beyond) < _NEAR, _log1p_less(beyond), far)
    return 0.5 * (math.log(2 * math.pi) - np.log(shape)) + _stirling(shape) - shape * cancelled


def log_lower(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """ln of the same integral over u from 0 to 1, for rates of any sign; arrays of one shape.

    Two continued fractions for small shapes; for large ones a sum over Gauss's nodes of what matters.

    Source: DLMF 8.2.1 (the integral) and 8.9 (the fractions).

    For shape 1 it is ln((exp(rate) - 1) / rate):

    >>> log_lower(np.ones(1), np.array([2.0]), np.ones(1)).round(6)
    array([1.161439])
    """
    result = np.empty(shape.size)
    columns = shape.ravel(), rate.ravel(), excess.ravel()
    for start in range(0, shape.size, _PIECE):
        piece = [column[start : start + _PIECE] for column in columns]
        part, large, above = result[start : start + _PIECE], piece[0] >= _LARGE, piece[2] > 1
        for chosen, method in (
            (~large & ~above, _lower_fraction),
            (~large & above, _upper_fraction),
            (large & (piece[2] < -1), _lower_nodes),
            (large & (piece[2] >= -1), _upper_nodes),
        ):
            if chosen.any():
                part[chosen] = method(*(column[chosen] for column in piece))
    return result.reshape(shape.shape)


def _lower_fraction(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    return -np.log(continued_fraction(lambda k: k - excess, lambda k: k * rate))


def _upper_fraction(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """The whole without its upper tail."""
    whole = log_whole(shape, rate, excess)
    tail = continued_fraction(lambda k: excess + 2 * k + 1, lambda k: -k * (k - shape))
    return whole + np.log1p(-np.exp(-whole) / tail)


def _lower_nodes(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    return np.log(_beside_one(shape - 1, -1 - excess, side=-1.0))


def _upper_nodes(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    whole = log_whole(shape, rate, excess)
    return whole + np.log1p(-np.exp(-whole) * _beside_one(shape - 1, excess + 1, side=1.0))


def _beside_one(power: FloatArray, fall: FloatArray, *, side: float) -> FloatArray:
    """The integral of exp(power (ln(1 + side w) - side w) - fall w) over w above 0, which is 1 at 0 and falls."""
    reach = 2 * _DEPTH / (fall + np.sqrt(fall * fall + 2 * power * _DEPTH))
    total = np.zeros_like(power)
    for node, weight in zip(_NODES, _NODE_WEIGHTS, strict=True):
        place = reach * ((1 + node) / 2)
        total += weight * np.exp(power * _log1p_less(side * place) - fall * place)
    return total * reach / 2


def _log1p_less(values: FloatArray) -> FloatArray:
    """ln(1 + x) - x for x within 0.4 of 0, where the difference would cancel: ln(1 + x) = 2 artanh(x / (2 + x))."""
    near = np.clip(values, -_NEAR, _NEAR)
    ratio = near / (2 + near)
    square, total = ratio * ratio, np.zeros_like(near)
    for power in range(25, 1, -2):
        total = square * (total + 1 / power)
    return ratio * (2 * total - near)


def _stirling(shape: FloatArray) -> FloatArray:
    """What Stirling's formula lacks to ln Gamma(shape)."""
    small = np.minimum(shape, 20.0)
    lacking = np.array([math.lgamma(value) for value in small.ravel().tolist()]).reshape(shape.shape)
    lacking -= (small - 0.5) * np.log(small) - small + 0.5 * math.log(2 * math.pi)
    inverse = 1 / shape
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
    return np.where(shape < 20, lacking, series)
