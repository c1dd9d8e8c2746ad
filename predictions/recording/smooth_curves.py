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
    ends = np.array([[low], [high]], np.float64)
    (curve,) = smooth_curves(chances, values, Ranges(ends[0], ends[1], np.array([log]))).of_each()
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
    low, high, log = ranges.low[:, None], ranges.high[:, None], ranges.log
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
    drawn = measures(_off_axis(drawn, log))
    # One outside the range, or there already, becomes the low end, of which the second point is dropped.
    drawn = np.where((low < drawn) & (drawn < high) & ~there, drawn, low)
    drawn_chances = np.round(np.hstack([end_chances, chance_of(drawn)]), DECIMAL_PLACES)
    return _points_in_order(np.hstack([values, ends, drawn]), np.hstack([chances, drawn_chances]))


def _points_in_order(values: NDArray[np.float64], chances: NDArray[np.float64]) -> Lines:
    """Sort the points of each curve; of several at one value keep the first, and drop those whose chance would fall."""
    order = np.argsort(values, axis=1, kind="stable")
    order += values.shape[1] * np.arange(values.shape[0])[:, None]  # the places in all curves, one after the other
    values, chances = values.ravel().take(order), chances.ravel().take(order)
    is_kept = np.ones(values.shape, np.bool_)
    is_kept[:, 1:] = values[:, 1:] > values[:, :-1]
    kept = np.flatnonzero(is_kept)
    points = Lines(values.ravel().take(kept), chances.ravel().take(kept), is_kept.sum(axis=1))
    owner, rises = points.owner(), np.ones(points.chance.size, np.bool_)
    rises[1:] = (owner[1:] != owner[:-1]) | (points.chance[1:] >= points.chance[:-1])
    if rises.all():
        return points
    return Lines(points.at[rises], points.chance[rises], np.bincount(owner[rises], minlength=points.size.size))


def _near_one_of(
    places: NDArray[np.float64], drawn: NDArray[np.float64], distance: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return for each drawn place whether it is within a distance of one of the given places, curve by curve."""
    near = np.zeros(drawn.shape, np.bool_)
    for place in places.T:
        near |= np.abs(drawn - place[:, None]) <= distance[:, None]
    return near


def _on_axis(values: NDArray[np.float64], log: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the places of values on the axis on which each piece is normal: the value or its logarithm."""
    places = values.copy()
    places[log] = np.log(values[log])
    return places


def _off_axis(places: NDArray[np.float64], log: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the values that stand at some places of the axis."""
    values = places.copy()
    values[log] = np.exp(places[log])
    return values


def _on_lines(
    places: NDArray[np.float64], known: NDArray[np.float64], wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Interpolate between the points of each curve, from *known* to *wanted*, at some places.

    The outermost lines go on beyond the ends. All arguments have one row for each curve.
    """
    curves, lines = known.shape[0], known.shape[1] - 1
    line = np.zeros(places.shape, np.intp)  # the number of the line on which each place lies
    for inner in known[:, 1:-1].T:
        line += inner[:, None] <= places
    line += lines * np.arange(curves)[:, None]  # among the lines of all curves
    left, width, at_left, rise = (
        column.ravel().take(line)
        for column in (known[:, :-1], np.diff(known, axis=1), wanted[:, :-1], np.diff(wanted, axis=1))
    )
    return np.asarray(at_left + rise * ((places - left) / width))


def _below(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that a standard normal number lies below each of these."""
    outside = map(math.erfc, (scores.ravel() / -math.sqrt(2)).tolist())  # numpy has no erfc
    return np.fromiter(outside, np.float64, scores.size).reshape(scores.shape) / 2
