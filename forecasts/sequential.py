"""Compare two forecasters while the record grows: intervals and evidence that hold however often one looks.

An ordinary interval or test holds at one sample size, fixed beforehand; but a record is read whenever somebody is
curious. These hold at all times at once, without independence and without a model of the outcomes: Choe &
Ramdas, "Comparing sequential forecasters" (2023, Operations Research; arXiv 2110.00115), on the
empirical-Bernstein mixture of Howard, Ramdas, McAuliffe & Sekhon (2021, Annals of Statistics 49).

The price is width. Below some hundred statements the honest answer is usually "not yet distinguishable".
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike

from forecasts.gamma import log_lower
from forecasts.inputs import FloatArray, finite, floats, headroom, refuse
from forecasts.options import between, codes, positive

__all__ = [
    "ConfidenceSequence",
    "boundary",
    "by_settle_day",
    "confidence_sequence",
    "e_process",
    "log_mixture",
    "mixture_spread",
]


_DEGREE = 20  # of the polynomial through a stretch of the boundary
_STRETCH = 1.0  # its length, in logarithms of the time
_TIMES_AT_ONCE = 16_384  # values worked on at once, few enough to stay in the processor's cache


@dataclass(frozen=True, eq=False)
class ConfidenceSequence:
    """The mean loss difference with its interval after each statement: shape (n,) each.

    Attributes:
        mean: Entry t is the mean over the first t + 1 statements.
        lower: The low end of the interval.
        upper: The high end.
    """

    mean: FloatArray
    lower: FloatArray
    upper: FloatArray

    @property
    def distinguishable(self) -> bool:
        """True if the latest interval leaves out 0; if not, say "not yet distinguishable"."""
        return bool(self.lower[-1] > 0 or self.upper[-1] < 0)


def by_settle_day(differences: ArrayLike, *, statement: Iterable[Hashable], settle_day: ArrayLike) -> FloatArray:
    """Return one mean difference for each statement, in the order in which they settle: what this module works on.

    differences: shape (n,), loss of A minus loss of B on each claim. statement: the label of each claim's
    statement; several readings of one statement stand or fall together, so they count once. settle_day: shape
    (n,), a number for each claim; a statement settles with its last claim, and of those that settle together
    the first in the arrays comes first. The order must not depend on the outcomes, as that of the resolution
    days would. Raises ValueError for unequal shapes, NaN and infinity.

    >>> by_settle_day([0.1, -0.2, 0.3], statement=["b", "a", "b"], settle_day=[5, 7, 9]).tolist()
    [-0.2, 0.2]
    """
    values, days = np.atleast_1d(finite(differences, "difference")), np.atleast_1d(finite(settle_day, "settle_day"))
    labels, group = codes(statement, "statement")
    if not values.shape == days.shape == group.shape:
        raise ValueError(f"there are {values.size} differences, {group.size} statements and {days.size} settle days")
    unit = headroom(values)
    means = np.bincount(group, values / unit) / np.bincount(group) * unit
    settles = np.full(len(labels), -np.inf)
    np.maximum.at(settles, group, days)
    return np.asarray(means[np.argsort(settles, kind="stable")])


def confidence_sequence(
    differences: ArrayLike,
    *,
    alpha: float = 0.05,
    low: float = -1.0,
    high: float = 1.0,
    optimum: float = 10.0,
    last: bool = False,
) -> ConfidenceSequence | None:
    """Return intervals that contain the average expected difference at every moment, with probability 1 - alpha.

    differences: shape (n,), loss of A minus loss of B, one for each statement in the order in which they
        settle; negative favours A. Brier differences lie in [-1, 1], the default of `low` and `high`.
    low, high: where every difference must lie, known before the first outcome. Beside always saying one half a
        Brier difference lies in [-0.25, 0.75], and the interval is narrower for it.
    optimum: the intrinsic time (sum of squared surprises) at which the interval is tightest; it must be
        chosen before looking.
    last: only the interval after all n differences, in arrays of shape (1,).

    What is covered at time t is the mean of the conditional expectations of the first t differences, which
    moves with t: so intervals of different times must not be intersected. They are cut to [low, high]. The
    intrinsic time is taken as at least 1, as in the authors' own code (wider, hence still valid).

    Returns None without differences. Raises ValueError for a difference outside [low, high], NaN, or an
    alpha outside (0, 1).

    Source: Choe & Ramdas, theorem 2, with the predictable running mean as centre and c = high - low.

    Hand-worked: after one tie nothing is known, so the interval is everything.

    >>> first = confidence_sequence([0.0])
    >>> float(first.mean[0]), float(first.lower[0]), float(first.upper[0]), first.distinguishable
    (0.0, -1.0, 1.0, False)
    """
    values, alpha, low, high, optimum = _checked(differences, alpha, low, high, optimum)
    if not values.size:
        return None
    kept = slice(-1 if last else 0, None)
    count = np.arange(1, values.size + 1)[kept]
    mean = np.cumsum(values)[kept] / count
    time = np.maximum(_intrinsic_time(values, low, high)[kept], 1.0)
    radius = boundary(time, alpha=alpha / 2, width=high - low, spread=mixture_spread(optimum, alpha)) / count
    return ConfidenceSequence(mean, np.maximum(mean - radius, low), np.minimum(mean + radius, high))


def e_process(
    differences: ArrayLike,
    *,
    alpha: float = 0.05,
    low: float = -1.0,
    high: float = 1.0,
    optimum: float = 10.0,
) -> FloatArray | None:
    """Return the evidence, after each statement, against "A is on average no better than B".

    differences, low, high, optimum: as for :func:`confidence_sequence`. Returns shape (n,), from 0 upwards,
    capped at the largest float; 1 is no evidence, 20 is as rare as a p-value of .05 *at whatever moment one
    chose to stop*, and 1 divided by the largest value so far is an anytime-valid p-value. For the opposite
    question, "B is no better than A", pass the differences with their sign turned.

    alpha does not change the validity, only where the mixture is sharpest: the default is that of the
    two-sided 95% confidence sequence. (The authors' bare ``eprocess_expm`` uses what is alpha=0.10 here; its
    default c = 0.1 is not a bound for Brier differences, whose width is 2.) Where the sum is far below zero
    the mixture is computed exactly; the authors put an upper bound there, which is no longer an e-process.

    Returns None without differences; raises ValueError as :func:`confidence_sequence` does.

    Source: Choe & Ramdas, theorem 3 (sub-exponential e-process), gamma-exponential mixture.

    Hand-worked: a tie moves neither the sum nor the intrinsic time, so the evidence stays exactly 1.

    >>> e_process([0.0, 0.0]).tolist()
    [1.0, 1.0]
    """
    values, alpha, low, high, optimum = _checked(differences, alpha, low, high, optimum)
    if not values.size:
        return None
    time = _intrinsic_time(values, low, high)
    log_evidence = log_mixture(-np.cumsum(values), time, width=high - low, spread=mixture_spread(optimum, alpha))
    return np.asarray(np.exp(np.minimum(log_evidence, math.log(np.finfo(np.float64).max))))


def mixture_spread(optimum: float, alpha: float) -> float:
    """Return the spread rho that makes the one-sided boundary of level alpha/2 tightest at intrinsic time `optimum`.

    Source: Howard et al. (2021), proposition 3.

    >>> round(mixture_spread(100, 0.05), 5)
    12.60056
    """
    doubt = -2 * math.log(alpha)
    return optimum / (doubt + math.log1p(doubt))


def log_mixture(total: FloatArray, time: FloatArray, *, width: float, spread: float) -> FloatArray:
    """Return the logarithm of the gamma-exponential mixture at sum `total` and intrinsic time `time`, shape (n,).

    The mixture is the integral over lambda in [0, 1/c) of exp(lambda s - psi(lambda) v), with psi(lambda) =
    (-ln(1 - c lambda) - c lambda) / c^2 and 1 - c lambda gamma-distributed with shape and rate rho / c^2, cut
    at 1: here `width` is c and `spread` is rho.

    Source: Howard et al. (2021), Annals of Statistics 49:1055, gamma-exponential mixture.

    The check value of the authors' library confseq:

    >>> log_mixture(np.array([10.0]), np.array([100.0]), width=2.0, spread=mixture_spread(100, 0.10)).round(6)
    array([-0.249016])
    """
    prior, shape, excess = np.array([spread / width**2]), (time + spread) / width**2, total / width
    return log_lower(shape, shape + excess, excess) - log_lower(prior, prior, np.zeros(1))


def boundary(time: FloatArray, *, alpha: float, width: float, spread: float) -> FloatArray:
    """Return the sum below which the process stays for ever with probability 1 - alpha; shape (n,).

    It depends smoothly on the time alone. So if there are many times, some hundred are solved for, and the others are
    interpolated by polynomials, to a relative error below 1e-11.

    Source: Howard et al. (2021), Annals of Statistics 49:1055, gamma-exponential mixture; the check value of confseq.

    >>> boundary(np.array([100.0]), alpha=0.05, width=2.0, spread=mixture_spread(100, 0.10)).round(5)
    array([33.02017])
    """
    if time.size <= 4 * _DEGREE:
        return _solved_boundary(time, alpha, width, spread)
    first, last = np.log(time.min() + spread), np.log(time.max() + spread)
    pieces = max(1, math.ceil((last - first) / _STRETCH))
    length = (last - first) / pieces or 1.0
    nodes = chebyshev.chebpts1(_DEGREE + 1)
    logs = first + length * (np.arange(pieces)[:, np.newaxis] + (nodes + 1) / 2)
    solved = _solved_boundary(np.maximum(np.exp(logs.ravel()) - spread, 0.0), alpha, width, spread)
    fit = np.linalg.solve(chebyshev.chebvander(nodes, _DEGREE), np.log(solved).reshape(logs.shape).T)
    result = np.empty(time.size)
    for start in range(0, time.size, _TIMES_AT_ONCE):
        part = slice(start, start + _TIMES_AT_ONCE)
        position = (np.log(time[part] + spread) - first) / length
        piece = np.minimum(position.astype(np.intp), pieces - 1)
        result[part] = np.exp(chebyshev.chebval(2 * (position - piece) - 1, fit[:, piece], tensor=False))
    return result


def _solved_boundary(time: FloatArray, alpha: float, width: float, spread: float) -> FloatArray:
    """Solve log_mixture = ln(1 / alpha) for each time."""
    threshold = -math.log(alpha)
    total = np.maximum(np.sqrt(time), width)
    while True:  # double the sum until it lies above the root
        below = log_mixture(total, time, width=width, spread=spread) < threshold
        if not below.any():
            break
        total = np.where(below, 2 * total, total)
    shape = (time + spread) / width**2
    # the logarithm is convex in the sum, so Newton's steps from above never cross the root
    for _ in range(100):
        excess = total / width
        lower = log_lower(shape, shape + excess, excess)
        gap = log_mixture(total, time, width=width, spread=spread) - threshold
        slope = (excess + np.exp(-lower)) / (shape + excess) / width
        step = gap / slope
        total = total - step
        if (step <= 1e-13 * total).all():
            break
    return total


def _checked(
    values: ArrayLike, alpha: float, low: float, high: float, optimum: float
) -> tuple[FloatArray, float, float, float, float]:
    """Return the arguments of a confidence sequence, checked."""
    differences = np.atleast_1d(finite(values, "difference"))
    if differences.ndim != 1:
        raise ValueError(f"differences have shape {differences.shape}; one for each statement is wanted")
    low, high = float(floats(low, "low")), float(floats(high, "high"))
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"low {low!r} is not below high {high!r}, or one of them is no bound")
    between(high - low, "high - low", low=1e-100, high=1e100)  # its square must be a float
    refuse(differences, (differences < low) | (differences > high), "difference", f"is outside [{low!r}, {high!r}]")
    return differences, between(alpha, "alpha"), low, high, positive(optimum, "optimum")


def _intrinsic_time(differences: FloatArray, low: float, high: float) -> FloatArray:
    """Return the running sum of squared distances to the mean of what came before; the first centre is zero."""
    centre = np.full_like(differences, min(max(0.0, low), high))
    centre[1:] = (np.cumsum(differences) / np.arange(1, differences.size + 1))[:-1]
    return np.asarray(np.cumsum((differences - centre) ** 2))
