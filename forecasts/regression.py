"""Logistic regression of outcomes on log-odds, with one or two coefficients: the fits behind calibration."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray
from forecasts.special import log_odds

__all__ = ["FittedLine", "Shift", "fitted_line", "fitted_shift"]

_STEPS = 2_000  # far more than any fit takes; it only ends a fit that goes on moving by roundings


class Shift(NamedTuple):
    """The log-odds that are added to all forecasts, and their standard error."""

    value: float
    error: float


class FittedLine(NamedTuple):
    """Log-odds of yes = intercept + slope x log-odds given, with the standard errors of both."""

    intercept: float
    slope: float
    intercept_error: float
    slope_error: float


def fitted_shift(odds: FloatArray, truth: FloatArray) -> Shift:
    """Find the log-odds which, added to all of `odds`, make as many come true as did; both outcomes must occur.

    The surplus of outcomes over forecasts falls with the shift, and its root lies between two known ends. So a Newton
    step that would leave them, or that does not shrink, is replaced by halving.

    Source: the score equation of logistic regression; McCullagh & Nelder (1989), Generalized Linear Models, 4.4.

    >>> fitted_shift(np.zeros(3), np.array([1.0, 1.0, 0.0])).value.__round__(6)
    0.693147
    """
    rate = log_odds(np.array(truth.mean()))
    low, high = float(rate - odds.max()), float(rate - odds.min())
    shift, step = min(max(0.0, low), high), high - low
    for _ in range(_STEPS):
        surplus, curvature = _surplus(odds + shift, truth), _weights(odds + shift).sum()
        if surplus == 0.0:
            break
        low, high = (shift, high) if surplus > 0 else (low, shift)
        before, step = step, surplus / curvature if curvature > abs(surplus) * 1e-300 else math.inf
        if not low < shift + step < high or abs(step) > abs(before) / 2:
            step = (high - low) / 2 + (low - shift)
        if shift + step == shift or abs(step) <= 1e-15 * abs(shift):
            break
        shift += step
    return Shift(float(shift), float(1 / math.sqrt(_weights(odds + shift).sum())))


def fitted_line(odds: FloatArray, truth: FloatArray) -> FittedLine:
    """Fit intercept and slope by Newton's method; no threshold may part yes from no, or there is no best line.

    The intercept is taken at the weighted mean of the log-odds, where the two coefficients do not depend on each
    other: no matrix is solved, so none can be singular. A step is halved until it does not go far beyond the lowest
    point on its way.

    Source: McCullagh & Nelder (1989), Generalized Linear Models, section 4.4.

    >>> line = fitted_line(np.log([4.0] * 3 + [0.25] * 3), np.array([1, 1, 0, 0, 0, 1.0]))
    >>> abs(round(line.intercept, 9)), round(line.slope, 9)
    (0.0, 0.5)
    """
    unit = float(np.abs(odds).max())
    scaled = odds / unit
    level = slope = 0.0  # of the line level + slope x scaled
    moved = math.inf
    for _ in range(_STEPS):
        line = level + slope * scaled
        weights = _weights(line)
        centre = float(weights @ scaled / weights.sum())
        from_centre = scaled - centre
        up = _surplus(line, truth) / weights.sum()
        turn = float(_residuals(line, truth) @ from_centre / (weights @ from_centre**2))
        size = _length(level + slope * scaled, up + turn * from_centre, truth)
        level, slope = level + size * (up - turn * centre), slope + size * turn
        before, moved = moved, size * max(abs(up), abs(turn)) / max(1.0, abs(level), abs(slope))
        if moved <= 1e-14 or before / 2 < moved < 1e-9:  # what no longer shrinks is rounding
            break
    weights = _weights(level + slope * scaled)
    centre = float(weights @ scaled / weights.sum())
    slope_error = 1 / math.sqrt(float(weights @ (scaled - centre) ** 2))
    level_error = math.hypot(1 / math.sqrt(float(weights.sum())), centre * slope_error)
    return FittedLine(float(level), float(slope / unit), level_error, slope_error / unit)


def _length(line: FloatArray, step: FloatArray, truth: FloatArray) -> float:
    """Return the part of a step to go: at its end the loss must not rise half as steeply as it fell at first."""
    size, fall = 1.0, float(_residuals(line, truth) @ step)
    while fall > 0 and float(_residuals(line + size * step, truth) @ step) < -fall / 2 and size > 1e-12:
        size /= 2
    return size


def _tail(line: FloatArray) -> FloatArray:
    """Return the chance of the less likely answer, exact however small it is."""
    far = np.exp(-np.abs(line))
    return np.asarray(far / (1.0 + far))


def _residuals(line: FloatArray, truth: FloatArray) -> FloatArray:
    """Return outcome less probability, exact in both tails."""
    tail, yes = _tail(line), truth == 1
    surprise = np.where((line > 0) == yes, tail, 1.0 - tail)
    return np.where(yes, surprise, -surprise)


def _surplus(line: FloatArray, truth: FloatArray) -> float:
    """Return how many more came true than the line says.

    Whole numbers and small tails are summed apart, because a small tail would be lost beside a whole number.
    """
    above = line > 0
    tails = _tail(line)
    return float(truth.sum() - np.count_nonzero(above) + np.where(above, tails, -tails).sum())


def _weights(line: FloatArray) -> FloatArray:
    """Return p (1 - p), exact in both tails."""
    tail = _tail(line)
    return tail * (1.0 - tail)
