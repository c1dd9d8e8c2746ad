"""Smooth distributions through a few quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.special import normal_quantile
from predictions.number_checks import DECIMAL_PLACES
from predictions.number_columns import measures
from predictions.storage.lines import Lines
from predictions.told_points import TOLD_CHANCES

NOTHING_NEW = 1e-6  # of the spread of the quantiles: a point that was drawn so near to one of them says nothing new
WITHIN_ROUNDING = 1e-13  # of the larger end of a range, within which a place may be off by rounding alone


class Ranges(NamedTuple):
    """The ranges in which some curves are drawn.

    Attributes:
        low: The low end of each.
        high: The high end.
        log: Whether each is drawn on the logarithm of the values.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    log: NDArray[np.bool_]


def smooth_curve(
    quantiles: Sequence[tuple[float, float]], low: float, high: float, *, log: bool = False
) -> list[tuple[float, float]]:
    """Draw a smooth distribution through the quantiles of one forecast; see :func:`smooth_curves`.

    *quantiles* are chances with their values; the curve that comes back has values with their chances.

    >>> curve = smooth_curve([(0.1, 2.5), (0.5, 4.0), (0.9, 6.0)], 0, 10)
    >>> len(curve), curve[0], curve[13]
    (28, (0.0, 0.000316029321), (4.0, 0.5))
    """
    chances, values = np.array(quantiles, np.float64).T[:, None]
    (curve,) = smooth_curves(chances, values, Ranges(np.array([low]), np.array([high]), np.array([log]))).of_each()
    return curve


def smooth_curves(chances: NDArray[np.float64], values: NDArray[np.float64], ranges: Ranges) -> Lines:
    """Draw smooth distributions through quantiles: normal ones whose spread may differ from piece to piece.

    Straight lines between three quantiles would cost an honest forecaster up to a tenth of the score. With three
    quantiles about a median these are two-piece normal distributions.

    Args:
        chances: The levels of the quantiles, between 0 and 1; shape (curves, quantiles), rising along the last axis.
        values: Their values, likewise.
        ranges: The ranges, in which the values lie.

    Returns:
        For each curve values, rising from the low end to the high one, and the chance of at most each of them. The
        quantiles are among these points.

    Source: Wallis (2014), Statistical Science 29:106, on the two-piece normal distribution.
    """
    low, high, log = ranges.low[:, None], ranges.high[:, None], ranges.log[:, None]
    scores, places = normal_quantile(chances), _on_axis(values, log)

    def chance_of(at: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chance of at most each value: from the value to its place, to its normal score, to a chance."""
        return _below(_on_lines(_on_axis(at, log), places, scores))

    ends: NDArray[np.float64] = np.hstack([low, high])
    end_chances = chance_of(ends)
    first, last = end_chances[:, :1], end_chances[:, 1:]
    # Points at fixed shares of the chance between the two ends; then back from the axis to values.
    drawn = _on_lines(normal_quantile(first + (last - first) * np.array(TOLD_CHANCES)), scores, places)
    noise, spread = np.abs(_on_axis(ends, log)).max(axis=1) * WITHIN_ROUNDING, places[:, -1] - places[:, 0]
    there = _near_one_of(places, drawn, np.maximum(noise, spread * NOTHING_NEW))
    drawn = measures(np.where(log, np.exp(np.where(log, drawn, 0.0)), drawn))
    # One outside the range, or there already, becomes the low end, of which the second point is dropped.
    drawn = np.where((low < drawn) & (drawn < high) & ~there, drawn, low)
    added = np.hstack([ends, drawn])
    all_chances = np.hstack([chances, np.round(chance_of(added), DECIMAL_PLACES)])
    return _points_in_order(np.hstack([values, added]), all_chances)


def _points_in_order(values: NDArray[np.float64], chances: NDArray[np.float64]) -> Lines:
    """Sort the points of each curve; of several at one value keep the first, and drop those whose chance would fall."""
    order = np.argsort(values, axis=1, kind="stable")
    values, chances = (np.take_along_axis(column, order, axis=1) for column in (values, chances))
    kept = np.ones(values.shape, np.bool_)
    kept[:, 1:] = values[:, 1:] > values[:, :-1]
    points = Lines(values[kept], chances[kept], kept.sum(axis=1))
    owner, rises = points.owner(), np.ones(points.chance.size, np.bool_)
    rises[1:] = (owner[1:] != owner[:-1]) | (np.diff(points.chance) >= 0)
    return Lines(points.at[rises], points.chance[rises], np.bincount(owner[rises], minlength=points.size.size))


def _near_one_of(
    places: NDArray[np.float64], drawn: NDArray[np.float64], distance: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return for each drawn place whether it is within a distance of one of the given places, curve by curve."""
    nearest: NDArray[np.float64] = np.abs(drawn[..., None] - places[:, None]).min(axis=2)
    return nearest <= distance[:, None]


def _on_axis(values: NDArray[np.float64], log: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the places of values on the axis on which each piece is normal: the value or its logarithm."""
    return np.where(log, np.log(np.where(log, values, 1.0)), values)  # 1.0 where no logarithm is needed


def _on_lines(
    places: NDArray[np.float64], known: NDArray[np.float64], wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Interpolate between the points of each curve, from *known* to *wanted*, at some places.

    The outermost lines go on beyond the ends. All arguments have one row for each curve.
    """
    piece = np.clip((known[:, None] <= places[..., None]).sum(axis=2) - 1, 0, known.shape[1] - 2)
    left, right = np.take_along_axis(known, piece, axis=1), np.take_along_axis(known, piece + 1, axis=1)
    at_left, at_right = np.take_along_axis(wanted, piece, axis=1), np.take_along_axis(wanted, piece + 1, axis=1)
    return np.asarray(at_left + (at_right - at_left) * ((places - left) / (right - left)))


def _below(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that a standard normal number lies below each of these."""
    outside = map(math.erfc, (scores.ravel() / -math.sqrt(2)).tolist())  # numpy has no erfc
    return np.fromiter(outside, np.float64, scores.size).reshape(scores.shape) / 2
