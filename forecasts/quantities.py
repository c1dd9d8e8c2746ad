"""Scores for numbers and dates: the CRPS of ensembles, quantiles and curves, and related scores.

All are losses in the units of the quantity: 0 is perfect, lower is better, no upper end. Dates are scored as
days since one fixed day (UTC). An event that may never happen has part of its probability at infinity: then
everything is scored up to a `horizon`, the last moment at which the answer can be seen, and "not by the
horizon" is the outcome ``math.inf``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, finite, headroom, like_input, probabilities, refuse, sum_tolerance
from forecasts.options import between

__all__ = [
    "crps_cdf", "crps_ensemble", "crps_quantiles", "interval_score", "pinball", "weighted_interval_score",
]  # fmt: skip

_RISE = "each {} must rise"


def crps_ensemble(
    members: ArrayLike, outcome: ArrayLike, *, estimator: str = "ecdf", horizon: float | None = None
) -> float | FloatArray:
    """Continuous ranked probability score of equally likely guesses.

    members: shape (m,) or (..., m), the guesses on the last axis; outcome: a number (for all) or shape (...).
    estimator: "ecdf" scores the step function of the guesses, E|X - y| - E|X - X'| / 2 over all pairs (the
        default of scoringrules and properscoring); "fair" leaves out a guess paired with itself, so that its
        mean does not depend on m: for members drawn at random from the forecast (needs m of 2 or more, and
        may be negative).
    horizon: guesses and outcome past it count as "not by the horizon"; infinity is then welcome.

    Raises ValueError for NaN, no guesses, unequal shapes, infinity without a horizon.

    Source: Gneiting & Raftery (2007), eq. 21; fair form: Ferro, Richardson & Weigel (2008).

    Hand-worked: guesses 1 and 3, outcome 2: mean distance 1, half the mean distance of pairs 1/2.

    >>> crps_ensemble([1, 3], 2), crps_ensemble([1, 3], 2, estimator="fair")
    (0.5, 0.0)
    """
    if estimator not in ("ecdf", "fair"):
        raise ValueError(f"estimator {estimator!r} is neither 'ecdf' nor 'fair'")
    guesses = _checked_numbers(members, "member", horizon)
    truth = _beside(guesses, _checked_numbers(outcome, "outcome", horizon), "members")
    unit, size = headroom(guesses, truth), guesses.shape[-1]
    guesses, truth = np.sort(guesses / unit, axis=-1), truth / unit
    if estimator == "fair" and size < 2:
        raise ValueError("the fair estimator needs two members or more")
    distance = np.abs(guesses - truth[..., None]).mean(axis=-1)
    # sum over i < j of x_j - x_i, from the gaps between neighbours, which keeps equal members exact
    rank = np.arange(1, size)
    spread = (np.diff(guesses, axis=-1) * rank * (size - rank)).sum(axis=-1)
    pairs = size * (size - 1) if estimator == "fair" else size**2
    return _in_full(distance - spread / pairs, unit)


def crps_cdf(
    cumulative: ArrayLike, outcome: ArrayLike, *, thresholds: ArrayLike, horizon: float | None = None
) -> float | FloatArray:
    """Exact CRPS of a distribution function drawn with straight lines between thresholds.

    cumulative: shape (k,) or (..., k), P(X <= threshold), never falling; a first value above 0 is a point
        mass there, and what the last value lacks to 1 (by more than 1e-9, or than the rounding of floats of 16 or
        32 bits) is the probability of "never", which needs a horizon.
    outcome: a number (for all) or shape (...); ``math.inf`` is "never" (needs a horizon).
    thresholds: shape (k,), never falling; the same one twice is a jump, a point mass there.
    horizon: the integral stops there.

    Raises ValueError for falling cumulative values or thresholds, unequal shapes, and for infinity or a last
    value below 1 without a horizon, where the score would be infinite whatever happens.

    Source: Matheson & Winkler (1976); Gneiting & Ranjan (2011) for the cut at the horizon.

    Hand-worked: uniform on 0 to 1, outcome 0: the integral of (1 - z)^2 is a third. And 70% for never,
    30% on day 0, not seen by day 10: 0.3^2 x 10.

    >>> round(crps_cdf([0, 1], 0, thresholds=[0, 1]), 6)
    0.333333
    >>> round(crps_cdf([0.3], float("inf"), thresholds=[0], horizon=10), 6)
    0.9
    """
    chance = _cumulative(cumulative)
    points = _checked_numbers(thresholds, "threshold", None)
    if points.ndim != 1 or chance.shape[-1:] != points.shape or not points.size:
        raise ValueError(f"cumulative has shape {chance.shape}, thresholds {points.shape}; the last axis differs")
    _refuse_falls(points, "threshold")
    if horizon is None:
        last = chance[..., -1]
        refuse(last, last != 1, "cumulative end", "is below 1: give a horizon, or the score is infinite")
    truth = _beside(chance, _checked_numbers(outcome, "outcome", horizon), "cumulative")[..., None]
    end = np.inf if horizon is None else float(finite(horizon, "horizon"))
    unit = headroom(points, truth)
    points, truth, end = points / unit, truth / unit, end / unit

    # Between thresholds: the square of F below the outcome, of 1 - F above it, both on straight lines.
    left, right = np.minimum(points[:-1], end), np.minimum(points[1:], end)
    middle = np.clip(truth, left, right)
    width = np.diff(points)
    rise, width = np.diff(chance, axis=-1), np.where(width > 0, width, np.inf)  # a jump has no width to integrate over
    low, at, high = (
        chance[..., :-1] + rise * (np.maximum(point - points[:-1], 0) / width) for point in (left, middle, right)
    )
    inside = _square(low, at, middle - left) + _square(low=1 - at, high=1 - high, width=right - middle)

    # Before the first threshold, and from the last one to the outcome and to the horizon, F is constant.
    first, last, rest = points[0], points[-1], chance[..., -1]
    before = np.maximum(min(first, end) - truth[..., 0], 0)
    after = rest**2 * np.maximum(truth[..., 0] - last, 0)
    unseen = 0.0 if horizon is None else (1 - rest) ** 2 * np.maximum(end - np.maximum(truth[..., 0], last), 0)
    return _in_full(np.asarray(inside.sum(axis=-1) + before + after + unseen), unit)


def crps_quantiles(
    quantiles: ArrayLike, outcome: ArrayLike, *, levels: ArrayLike, horizon: float | None = None
) -> float | FloatArray:
    """CRPS as seen at some quantiles: twice their mean pinball loss.

    quantiles: shape (k,) or (..., k), never falling; outcome: a number (for all) or shape (...); levels: shape
    (k,), rising, between 0 and 1. With evenly spaced levels (i - 1/2) / k this nears the CRPS as k grows. A
    quantile of infinity says "not ever, at that level": it needs a horizon, at which all is cut.

    Raises ValueError for quantiles that cross, levels that do not rise, unequal shapes, NaN, infinity
    without a horizon.

    Source: Laio & Tamea (2007); Gneiting & Ranjan (2011).

    Hand-worked: the median 4 alone, outcome 6: pinball 1, doubled.

    >>> crps_quantiles([4], 6, levels=[0.5])
    2.0
    """
    points, shares = _quantiles(quantiles, levels, horizon)
    truth = _beside(points, _checked_numbers(outcome, "outcome", horizon), "quantiles")[..., None]
    unit = headroom(points, truth)
    return _in_full(np.asarray(2 * _pinball(points / unit, truth / unit, shares).mean(axis=-1)), unit)


def weighted_interval_score(
    quantiles: ArrayLike, outcome: ArrayLike, *, levels: ArrayLike, horizon: float | None = None
) -> float | FloatArray:
    """Weighted interval score of a median and K central intervals, given as 2K + 1 quantiles.

    quantiles: shape (2K+1,) or (..., 2K+1), never falling; outcome: a number (for all) or shape (...);
    levels: the 2K+1 levels, which must mirror each other about 0.5; horizon: as for :func:`crps_quantiles`.
    Equal to 2 / (2K+1) times the sum of the pinball losses, which is how it is computed. (scoringrules 0.10.0
    adds the median where its distance from the outcome belongs.)

    Raises ValueError for levels that do not mirror, and as :func:`crps_quantiles` does.

    Source: Bracher, Ray, Gneiting & Reich (2021), PLoS Comput. Biol. 17:e1008618.

    Hand-worked: 90% interval 2 to 6 with median 4, outcome 4: (0.5 x 0 + 0.05 x 4) / 1.5.

    >>> round(weighted_interval_score([2, 4, 6], 4, levels=[0.05, 0.5, 0.95]), 6)
    0.133333
    """
    shares = np.atleast_1d(probabilities(levels, "level"))
    if shares.size % 2 == 0 or not np.allclose(shares + shares[::-1], 1, rtol=0, atol=sum_tolerance(levels)):
        raise ValueError(f"levels {shares.tolist()} do not mirror each other about 0.5 with the median between")
    return crps_quantiles(quantiles, outcome, levels=shares, horizon=horizon)


def interval_score(lower: ArrayLike, upper: ArrayLike, outcome: ArrayLike, *, alpha: float) -> float | FloatArray:
    """Width of a central (1 - alpha) interval, plus 2/alpha for each unit by which the outcome lies outside.

    lower, upper, outcome: numbers or arrays of one shape; alpha: 0.1 for a 90% interval.

    Raises ValueError for a lower end above the upper one, an alpha outside (0, 1), unequal shapes, NaN.

    Source: Winkler (1972); Gneiting & Raftery (2007), eq. 43.

    Hand-worked: 90% interval 1 to 10, outcome 12: 9 + 20 x 2.

    >>> interval_score(1, 10, 12, alpha=0.1)
    49.0
    """
    alpha = between(alpha, "alpha")
    low, high = _checked_numbers(lower, "lower", None), _checked_numbers(upper, "upper", None)
    truth = _checked_numbers(outcome, "outcome", None)
    low, high, truth = _same_shape(low, high, truth)
    refuse(low, low > high, "lower", "is above upper")
    unit = headroom(low, high, truth)
    low, high, truth = low / unit, high / unit, truth / unit
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return _in_full(np.asarray(high - low + 2 / alpha * outside), unit)


def pinball(quantile: ArrayLike, outcome: ArrayLike, *, level: ArrayLike) -> float | FloatArray:
    """Loss of one quantile: `level` for each unit it lies below the outcome, 1 - level for each above.

    quantile, outcome, level: numbers or arrays of one shape; level between 0 and 1.

    Raises ValueError for a level of 0 or 1 or outside, unequal shapes, NaN, infinity.

    Source: Koenker & Bassett (1978); Gneiting & Raftery (2007), section 6.

    Hand-worked: the 90% quantile 10 and the outcome 12 miss by 2, at 0.9 a unit.

    >>> pinball(10, 12, level=0.9)
    1.8
    """
    point, truth = _checked_numbers(quantile, "quantile", None), _checked_numbers(outcome, "outcome", None)
    share = _levels(level)
    point, truth, share = _same_shape(point, truth, share)
    unit = headroom(point, truth)
    return _in_full(np.asarray(_pinball(point / unit, truth / unit, share)), unit)


def _in_full(loss: FloatArray, unit: float) -> float | FloatArray:
    """Return a loss that was divided by *unit* in full; infinite if it is larger than any float."""
    with np.errstate(over="ignore"):
        return like_input(np.asarray(loss * unit))


def _pinball(point: FloatArray, truth: FloatArray, share: FloatArray) -> FloatArray:
    return np.where(truth <= point, (1 - share) * (point - truth), share * (truth - point))


def _square(low: FloatArray, high: FloatArray, width: FloatArray) -> FloatArray:
    """Return the integral of the square of a straight line from `low` to `high` over `width`."""
    return np.asarray(width * (low**2 + low * high + high**2) / 3)


def _quantiles(quantiles: ArrayLike, levels: ArrayLike, horizon: float | None) -> tuple[FloatArray, FloatArray]:
    """Return checked quantiles and their levels; ValueError for unequal shapes or values that do not rise."""
    points, shares = _checked_numbers(quantiles, "quantile", horizon), np.atleast_1d(_levels(levels))
    if shares.ndim != 1 or points.shape[-1:] != shares.shape or not shares.size:
        raise ValueError(f"quantiles have shape {points.shape}, levels {shares.shape}; the last axis differs")
    _refuse_falls(shares, "level", strictly=True)
    _refuse_falls(points, "quantile")
    return points, shares


def _refuse_falls(values: FloatArray, name: str, *, strictly: bool = False) -> None:
    """Raise ValueError for the first value below the one before it, or, strictly, not above it."""
    before, after = values[..., :-1], values[..., 1:]
    bad = np.zeros(values.shape, dtype=np.bool_)
    bad[..., 1:] = after <= before if strictly else after < before
    refuse(values, bad, name, f"is {'not above' if strictly else 'below'} the one before it; {_RISE.format(name)}")


def _cumulative(values: ArrayLike) -> FloatArray:
    """Check cumulative probabilities; sums of probabilities may end only nearly at 1, and may fall by a rounding."""
    chance = finite(values, "cumulative")
    tolerance = sum_tolerance(values, max(chance.shape, default=1))
    chance = np.where(np.abs(chance - 1.0) <= tolerance, 1.0, chance)
    chance = np.where(np.abs(chance) <= tolerance, np.maximum(chance, 0.0), chance)
    if not chance.ndim:
        return probabilities(chance, "cumulative")
    risen = np.maximum.accumulate(probabilities(chance, "cumulative"), axis=-1)
    refuse(
        chance, risen - chance > tolerance, "cumulative", f"is below the one before it; {_RISE.format('cumulative')}"
    )
    return np.asarray(risen)


def _levels(levels: ArrayLike) -> FloatArray:
    """Return levels of quantiles; ValueError if one is not strictly between 0 and 1."""
    shares = probabilities(levels, "level")
    refuse(shares, (shares <= 0) | (shares >= 1), "level", "has no quantile; it must lie between 0 and 1")
    return shares


def _checked_numbers(values: ArrayLike, name: str, horizon: float | None) -> FloatArray:
    """Check numbers; with a horizon infinity is allowed, and everything is cut there."""
    if horizon is None:
        return finite(values, name)
    array, end = finite(values, name, infinity=True), float(finite(horizon, "horizon"))
    refuse(array, np.isneginf(array), name, "is before all time")
    return np.minimum(array, end)


def _beside(wide: FloatArray, truth: FloatArray, name: str) -> FloatArray:
    """Return the outcomes with the shape of `wide` without its last axis; one for all is repeated.

    ValueError, with the *name* of `wide`, if its last axis is empty or the outcomes have another shape.
    """
    if not wide.ndim or not wide.shape[-1]:
        raise ValueError(f"{name} have shape {wide.shape}; give a list with at least one value on its last axis")
    if wide.ndim == 1 or truth.shape == wide.shape[:-1]:
        return truth
    if not truth.ndim:
        return np.broadcast_to(truth, wide.shape[:-1])
    raise ValueError(f"{name} have shape {wide.shape}, outcome has shape {truth.shape}")


def _same_shape(*arrays: FloatArray) -> list[FloatArray]:
    """Return the arrays in one shape; numbers are repeated."""
    shapes = {array.shape for array in arrays if array.ndim}
    if len(shapes) > 1:
        raise ValueError(f"shapes differ: {sorted(shapes)}")
    return [np.asarray(array) for array in np.broadcast_arrays(*arrays)]
