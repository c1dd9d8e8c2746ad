"""The incomplete gamma function, exact also where shape and rate are near each other, large, or far apart.

Both integrals are computed as logarithms, with the weight exp(rate (1 - u)) that makes their integrand 1 at u = 1. So
the large terms that cancel in the textbook form never arise, and the relative error does not grow with the shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from forecasts.inputs import FloatArray
from forecasts.special import continued_fraction

__all__ = [
    "LARGE", "falling_integral", "log1p_less", "log_lower", "log_whole", "poisson_tail", "reach", "stirling_rest",
]  # fmt: skip

_SERIES_REACH = 0.4  # up to this distance from 0 a series of a dozen terms is exact
LARGE = 1_000.0  # the shape from which numerical integration takes fewer steps than a continued fraction
_DEPTH = 50.0  # e^-50 is below rounding beside 1
_SHAPES_AT_ONCE = 4_096  # values worked on at once, few enough to stay in the processor's cache
_NODES, _NODE_WEIGHTS = (part.tolist() for part in np.polynomial.legendre.leggauss(40))


def poisson_tail(mean: FloatArray, needed: FloatArray) -> FloatArray:
    """Return the chance of at least `needed` events (1 or more) where `mean` (above 0) are expected; one shape.

    Source: DLMF 8.4.10: the chance is the regularised lower incomplete gamma function P(needed, mean).

    >>> poisson_tail(np.array([1.0, 1e9]), np.array([1.0, 1e9])).round(6)
    array([0.632121, 0.500004])
    """
    excess = mean - needed
    return np.exp(log_lower(needed, mean, excess) - log_whole(needed, mean, excess))


def log_whole(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Return the logarithm of the integral of u^(shape-1) exp(rate (1 - u)) over all u above 0.

    `excess` is rate - shape, which the caller may know more exactly than a subtraction gives it. The integral is
    ln Gamma(shape) + rate - shape ln(rate), in which large terms cancel; Stirling's form does without them.

    Source: DLMF 5.9.1 (the integral) and 5.11.1 (Stirling's series).

    >>> log_whole(np.array([1.0]), np.array([1.0]), np.array([0.0])).round(6)
    array([1.])
    """
    beyond = excess / shape
    far = np.log(rate) - np.log(shape) - beyond
    cancelled = np.where(np.abs(beyond) < _SERIES_REACH, log1p_less(beyond), far)
    return 0.5 * (math.log(2 * math.pi) - np.log(shape)) + stirling_rest(shape) - shape * cancelled


def log_lower(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Return the logarithm of the integral of :func:`log_whole` over u from 0 to 1 only; rates may have any sign.

    Two continued fractions for small shapes; for large ones a sum over Gauss's nodes of what matters.

    Source: DLMF 8.2.1 (the integral) and 8.9 (the fractions).

    For shape 1 it is ln((exp(rate) - 1) / rate):

    >>> log_lower(np.ones(1), np.array([2.0]), np.ones(1)).round(6)
    array([1.161439])
    """
    result = np.empty(shape.size)
    columns = shape.ravel(), rate.ravel(), excess.ravel()
    for start in range(0, shape.size, _SHAPES_AT_ONCE):
        piece = [column[start : start + _SHAPES_AT_ONCE] for column in columns]
        part, large, above = result[start : start + _SHAPES_AT_ONCE], piece[0] >= LARGE, piece[2] > 1
        small = (piece[0] < 1) & (piece[1] > -_DEPTH)
        for chosen, method in (
            (small & (piece[1] > 0), _by_parts),
            (small & (piece[1] <= 0), _series),
            (~small & ~large & ~above, _lower_fraction),
            (~small & ~large & above, _upper_fraction),
            (large & (piece[2] < -1), _lower_nodes),
            (large & (piece[2] >= -1), _upper_nodes),
        ):
            if chosen.any():
                part[chosen] = method(*(column[chosen] for column in piece))
    return result.reshape(shape.shape)


def _by_parts(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Use the integral of the next shape (DLMF 8.8.1), because the fractions would be differences of near numbers."""
    return np.logaddexp(0.0, np.log(rate) + log_lower(shape + 1, rate, excess - 1)) - np.log(shape)


def _series(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Sum the integrals of the powers of rate u, one by one."""
    term, total = np.exp(rate), np.exp(rate) / shape
    for k in range(1, int(4 * _DEPTH)):
        term = term * -rate / k
        total += term / (shape + k)
    return np.log(total)


def _lower_fraction(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Compute the integral as a continued fraction (DLMF 8.9)."""
    return -np.log(continued_fraction(lambda k: k - excess, lambda k: k * rate))


def _upper_fraction(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Compute the upper tail as a continued fraction (DLMF 8.9), and subtract it from the whole integral."""
    whole = log_whole(shape, rate, excess)
    tail = continued_fraction(lambda k: excess + 2 * k + 1, lambda k: -k * (k - shape))
    return whole + np.log1p(-np.exp(-whole) / tail)


def _lower_nodes(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Integrate from 1 downwards by Gauss's nodes."""
    return np.log(_one_side(shape - 1, -1 - excess, side=-1.0))


def _upper_nodes(shape: FloatArray, rate: FloatArray, excess: FloatArray) -> FloatArray:
    """Integrate from 1 upwards by Gauss's nodes, and subtract that from the whole integral."""
    whole = log_whole(shape, rate, excess)
    return whole + np.log1p(-np.exp(-whole) * _one_side(shape - 1, excess + 1, side=1.0))


def _one_side(power: FloatArray, fall: FloatArray, *, side: float) -> FloatArray:
    """Return the integral of exp(power (ln(1 + side w) - side w) - fall w) over w above 0."""
    return falling_integral(reach(fall, power), lambda w: power * log1p_less(side * w) - fall * w)


def reach(fall: FloatArray, curvature: FloatArray) -> FloatArray:
    """Return the x at which exp(-fall x - curvature x^2 / 2) has fallen to e^-50; what lies beyond does not matter.

    Source: the root of the quadratic fall x + curvature x^2 / 2 = 50, in the form that does not cancel.

    >>> reach(np.array([1.0, 0.0]), np.array([0.0, 100.0]))
    array([50.,  1.])
    """
    half = fall / 2
    return np.asarray(_DEPTH / (half + np.hypot(half, math.sqrt(_DEPTH / 2) * np.sqrt(curvature))))


def falling_integral(reach: FloatArray, logarithm: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Integrate, up to its reach, a function that is 1 at 0 and falls from there, given by its logarithm.

    Source: Gauss-Legendre quadrature, DLMF 3.5(v).

    >>> falling_integral(np.array([50.0]), lambda x: -x).round(9)
    array([1.])
    """
    total = np.zeros_like(reach)
    for node, weight in zip(_NODES, _NODE_WEIGHTS, strict=True):
        total += weight * np.exp(logarithm(reach * ((1 + node) / 2)))
    return np.asarray(total * reach / 2)


def log1p_less(values: FloatArray) -> FloatArray:
    """Return ln(1 + x) - x; near 0, where the two cancel, ln(1 + x) is taken as 2 artanh(x / (2 + x)).

    Source: DLMF 4.6.4.

    >>> log1p_less(np.array([1e-9, 1.0]))
    array([-5.00000000e-19, -3.06852819e-01])
    """
    near = np.clip(values, -_SERIES_REACH, _SERIES_REACH)
    ratio = near / (2 + near)
    square, total = ratio * ratio, np.zeros_like(near)
    for power in range(25, 1, -2):
        total = square * (total + 1 / power)
    with np.errstate(divide="ignore"):
        return np.where(near == values, ratio * (2 * total - near), np.log1p(values) - values)


def stirling_rest(shape: FloatArray) -> FloatArray:
    """Return ln Gamma(z) less the logarithm of Stirling's formula, sqrt(2 pi / z) (z / e)^z.

    Source: DLMF 5.11.1.

    >>> stirling_rest(np.array([1.0, 100.0])).round(9)
    array([0.08106147, 0.00083333])
    """
    small = np.minimum(shape, 20.0)
    lacking = np.array([math.lgamma(value) for value in small.ravel().tolist()]).reshape(shape.shape)
    lacking -= (small - 0.5) * np.log(small) - small + 0.5 * math.log(2 * math.pi)
    inverse = 1 / shape
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
    return np.where(shape < 20, lacking, series)
