"""Compute the median of several curves along an axis: at their points, and where two of them cross in between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.curves import in_own_list
from forecasts.inputs import BoolArray, FloatArray, IndexArray

__all__ = ["medians_along", "middle_two"]


def medians_along(
    values: FloatArray, chances: FloatArray, has_point: BoolArray, stands: BoolArray, *, whole: bool
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return the points of the median curve of each crowd at each moment.

    Args:
        values: The values at which members have points, ascending, shape (crowds, points).
        chances: The chances of the members there, shape (crowds, members, points).
        has_point: Whether a standing member has the point at each moment, shape (crowds, moments, points).
        stands: Whether each member stands at each moment, shape (crowds, moments, members).
        whole: Whether the axis has whole numbers only, so that a crossing is replaced by the numbers on both sides.

    Returns:
        Three tables: the values of all possible points, shape (crowds, 1, more points); the medians there, and whether
        the median curve has a point there at each moment, shape (crowds, moments, more points).

    Source: Galton (1907), Nature 75:450, of each yes/no question "at most x?".

    Three lines from 0 to 10, of which the first leaves the second below it at 5:

    >>> lines = np.array([[[0, 1.0], [0.25, 0.75], [0.9, 1.0]]])
    >>> ends, all_of_them = np.array([[0, 10.0]]), np.ones((1, 1, 3), bool)
    >>> at, chance, _ = medians_along(ends, lines, np.ones((1, 1, 2), bool), all_of_them, whole=False)
    >>> at.ravel().tolist(), chance.ravel().tolist()
    ([0.0, 5.0, 10.0], [0.25, 0.5, 1.0])
    """
    medians = middle_two(chances, stands)
    anybody_stands = np.any(stands, axis=2, keepdims=True)
    least = np.where(anybody_stands, medians[0], np.inf).min(axis=1)
    greatest = np.where(anybody_stands, medians[1], -np.inf).max(axis=1)
    crossings = _crossings(values, chances, (least, greatest), stands, whole=whole)
    # Lay the crossings out as a table, a row for each crowd. Unused cells repeat the last value, and are no points.
    count = np.bincount(crossings.crowd, minlength=values.shape[0])
    column, row = in_own_list(count), crossings.crowd
    crossed_at = np.repeat(values[:, -1:], count.max(initial=0), axis=1)
    chances_there = np.zeros((*crossed_at.shape, chances.shape[1]))
    share, left = crossings.share[:, np.newaxis], chances[row, :, crossings.column]
    crossed_at[row, column] = crossings.at
    chances_there[row, column] = left + share * (chances[row, :, crossings.column + 1] - left)
    between = middle_two(np.swapaxes(chances_there, 1, 2), stands)
    turns = np.zeros(between[0].shape, np.bool_)
    turns[row, :, column] = crossings.stands
    values = np.concatenate([values, crossed_at], axis=1)
    order = np.argsort(values, axis=1, kind="stable")
    median = np.concatenate((sum(medians) / 2, sum(between) / 2), axis=2)
    turns = np.concatenate((has_point, turns), axis=2)
    chance, turns = (np.take_along_axis(table, order[:, np.newaxis], axis=2) for table in (median, turns))
    return np.take_along_axis(values, order, axis=1)[:, np.newaxis], chance, turns


def middle_two(values: FloatArray, stands: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return the two middle values of each column over the rows that stand, with a row for each moment.

    If an odd number stand, both are the one in the middle.

    Args:
        values: A row for each member; with three axes, a table of such rows for each crowd.
        stands: Whether each member stands at each moment, shape (moments, members), or (crowds, moments, members).

    Source: Galton (1907), Nature 75:450, whose median is their mean.

    >>> values, stands = np.array([[0.2], [0.9], [0.5], [0.6]]), np.array([[True] * 4, [True, True, True, False]])
    >>> low, high = middle_two(values, stands)
    >>> low.tolist(), high.tolist()
    ([[0.5], [0.5]], [[0.6], [0.5]])

    Each column is sorted once. Then the members that stand at each moment are counted in that order.
    """
    members, moments = values.shape[-2], stands.shape[-2]
    count_type = np.min_scalar_type(members + 2)  # one byte if there are few members
    order = np.argsort(values, axis=-2, kind="stable")
    size = stands.sum(axis=-1, dtype=count_type)[..., np.newaxis, :]
    rows = np.ascontiguousarray(np.swapaxes(stands, -1, -2)).reshape(-1, moments)  # when each member stands
    own = order + (members * np.arange(len(values)))[:, np.newaxis, np.newaxis] if values.ndim == 3 else order
    count = below = above = np.zeros((*values.shape[:-2], values.shape[-1], moments), count_type)
    for rank in range(members):  # count those that stand up to each rank; this is faster than a cumsum
        count = count + rows.take(own[..., rank, :], axis=0)
        below, above = below + (count < (size + 1) // 2), above + (count < size // 2 + 1)
    ranked = np.take_along_axis(values, order, axis=-2)
    middle = (np.swapaxes(np.minimum(place, members - 1), -1, -2) for place in (below, above))
    low, high = (np.take_along_axis(ranked, place, axis=-2) for place in middle)
    return low, high


class _Crossings(NamedTuple):
    """The crossings of the curves of two members, sorted by crowd and value.

    Attributes:
        crowd: The number of the crowd, shape (n,).
        at: The value at which they cross.
        column: The last point of the crowd before the crossing.
        share: Which part of the way from that point to the next it is, 0 to 1.
        stands: Whether both members stand, at each moment, shape (n, moments).
    """

    crowd: IndexArray
    at: FloatArray
    column: IndexArray
    share: FloatArray
    stands: BoolArray


def _crossings(
    values: FloatArray, chances: FloatArray, band: tuple[FloatArray, FloatArray], stands: BoolArray, *, whole: bool
) -> _Crossings:
    """Return the crossings of curves inside the band in which the medians of all moments lie.

    The median of straight lines changes its slope only where two of them cross on it, so other crossings are not
    needed. A median never falls, so between two points it lies between the least median at the first and the greatest
    at the second.

    Args:
        values: The values of points, ascending, shape (crowds, points).
        chances: The chances of the members there, shape (crowds, members, points).
        band: The least median of any moment at each point, and the greatest; shape (crowds, points) each.
        stands: Whether each member stands at each moment, shape (crowds, moments, members).
        whole: Whether the axis has whole numbers only; then those on both sides of a crossing are returned.
    """
    least, greatest = (ends[:, np.newaxis] for ends in band)
    near = (chances[..., :-1] <= greatest[..., 1:]) & (chances[..., 1:] >= least[..., :-1])
    crowd, column, member = np.nonzero(np.swapaxes(near, 1, 2))
    piece = crowd * values.shape[1] + column
    left, right = chances[crowd, member, column], chances[crowd, member, column + 1]
    pairs = []
    # Members inside the band between the same two points come one after the other: compare each with those behind it.
    for step in range(1, int(np.bincount(piece).max(initial=1))):
        before, after = left[step:] - left[:-step], right[step:] - right[:-step]
        cross = np.flatnonzero((piece[step:] == piece[:-step]) & (before * after < 0))
        share = before[cross] / (before[cross] - after[cross])
        pairs.append((crowd[cross], column[cross], share, member[cross], member[cross + step]))
    if not pairs:
        nothing = np.empty(0, np.intp)
        return _Crossings(nothing, np.empty(0), nothing, np.empty(0), np.empty((0, stands.shape[1]), np.bool_))
    crowd, column, share, first, second = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    width = values[crowd, column + 1] - values[crowd, column]
    both_stand = stands[crowd, :, first] & stands[crowd, :, second]
    steps = [share]
    if whole:
        inside = share * width
        steps = [np.floor(inside) / width, np.ceil(inside) / width]
    return _crossings_in_order(
        _Crossings(
            np.tile(crowd, len(steps)),
            np.concatenate([values[crowd, column] + step * width for step in steps]),
            np.tile(column, len(steps)),
            np.concatenate(steps),
            np.tile(both_stand, (len(steps), 1)),
        )
    )


def _crossings_in_order(crossings: _Crossings) -> _Crossings:
    """Sort crossings by crowd and value, and merge those at one value."""
    order = np.lexsort((crossings.at, crossings.crowd))
    crowd, value = crossings.crowd[order], crossings.at[order]
    new = np.append(True, (crowd[1:] != crowd[:-1]) | (value[1:] != value[:-1]))[: order.size]
    first = np.flatnonzero(new)
    stands = np.logical_or.reduceat(crossings.stands[order], first) if first.size else crossings.stands
    return _Crossings(crowd[new], value[new], crossings.column[order][new], crossings.share[order][new], stands)
