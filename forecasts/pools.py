"""Combine the distributions of several forecasters into one: their shares over options, or their curves.

Curves run over one axis from *low* to *high*, as :mod:`forecasts.curves` draws them: from 0 at the low end (unless the
curve has a point there) to 1 at the high end. The members of a crowd come and go. So every function takes *stands*,
with a row for each moment that says whose forecasts stand then, and returns one result for each row. None means a
single moment at which all stand. Many crowds are combined at once as :class:`Crowds`: the first axis of an array is the
crowd, and the other axes have room for the largest crowd.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves, in_own_list
from forecasts.inputs import BoolArray, FloatArray, IndexArray, probabilities
from forecasts.median_curves import medians_along, middle_two

__all__ = [
    "Crowds", "averaged_quantiles", "crowd_chances", "crowd_quantiles", "linear_pool", "mean_shares", "median_chances",
    "median_shares",
]  # fmt: skip

_SAME = 12  # chances are rounded to so many decimals
_NOISE = 1e-12  # quantiles that are closer than this share of the range are taken as equal


def mean_shares(shares: ArrayLike, stands: BoolArray | None = None) -> FloatArray:
    """Return the mean share of each option; *shares* has a row for each forecaster and a column for each option.

    Source: the linear opinion pool, Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> mean_shares([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2]]).round(6).tolist()
    [0.6, 0.2, 0.2]
    """
    table = probabilities(shares, "share")
    if stands is None:
        return np.asarray(_column_means(table, np.ones((1, len(table)), np.bool_))[0])
    return _column_means(table, stands)


def median_shares(shares: ArrayLike, stands: BoolArray | None = None) -> FloatArray:
    """Return the median share of each option, divided by their sum; the means if all medians are 0.

    Source: Galton (1907), Nature 75:450, of each option, and normalised.

    >>> median_shares([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2], [0.1, 0.1, 0.8]]).round(6).tolist()
    [0.625, 0.125, 0.25]
    """
    table = probabilities(shares, "share")
    if stands is None:
        return np.asarray(median_shares(table, np.ones((1, len(table)), np.bool_))[0])
    median = _column_medians(table, stands)
    total = median.sum(axis=-1, keepdims=True)
    return np.where(total > 0, median / np.where(total > 0, total, 1.0), _column_means(table, stands))


class Crowds(NamedTuple):
    """Several crowds, each of some members who draw curves over one axis.

    Attributes:
        members: The curves of the members, one crowd after the other.
        size: How many members each crowd has, shape (crowds,).
        stands: Whether each member's forecast stands at each moment, shape (crowds, moments, members of the largest
            crowd); False where a crowd has no such moment or member.
        low: The low end of the axis of each crowd, shape (crowds,).
        high: The high end of it.
    """

    members: Curves
    size: IndexArray
    stands: BoolArray
    low: FloatArray
    high: FloatArray

    @property
    def of_member(self) -> IndexArray:
        """The number of the crowd that each member belongs to."""
        return np.repeat(np.arange(self.size.size), self.size)

    def table(self, rows: FloatArray) -> FloatArray:
        """Lay out the rows of all members as a table for each crowd; a crowd with fewer members has rows of 0 too.

        *rows* has shape (all members, columns), the result (crowds, members of the largest crowd, columns).
        """
        laid_out = np.zeros((self.size.size, self.stands.shape[2], rows.shape[1]))
        laid_out[self.of_member, in_own_list(self.size)] = rows
        return laid_out


def linear_pool(members: Curves, *, low: float, high: float, stands: BoolArray | None = None) -> Curves:
    """Return the curve of the mean chance of at most each value.

    Source: the linear opinion pool, Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> from forecasts.curves import curves
    >>> pooled = linear_pool(curves([[(2, 0.2), (4, 0.6)], [(4, 0.2), (8, 1.0)]]), low=0, high=10)
    >>> list(zip(pooled.at.tolist(), pooled.chance.round(6).tolist()))
    [(2.0, 0.15), (4.0, 0.4), (8.0, 0.933333), (10.0, 1.0)]
    """
    return crowd_chances(_one_crowd(members, low, high, stands))[1]


def median_chances(members: Curves, *, low: float, high: float, stands: BoolArray | None = None) -> Curves:
    """Return the curve of the median chance of at most each value, with a point wherever its slope changes.

    Source: Galton (1907), Nature 75:450, of each yes/no question "at most x?".

    >>> from forecasts.curves import curves
    >>> three = curves([[(5, 0.2)], [(5, 0.5)], [(5, 0.9)]])
    >>> median_chances(three, low=0, high=10).chance.tolist()
    [0.5, 1.0]

    At a second moment the third forecast no longer stands:

    >>> median_chances(three, low=0, high=10, stands=np.array([[True] * 3, [True, True, False]])).chance.tolist()
    [0.5, 1.0, 0.35, 1.0]
    """
    return crowd_chances(_one_crowd(members, low, high, stands))[0]


def averaged_quantiles(members: Curves, *, low: float, high: float, stands: BoolArray | None = None) -> Curves:
    """Return the curve whose quantile at each chance is the mean of the members' quantiles.

    Source: Vincent (1912); Lichtendahl, Grushka-Cockayne & Winkler (2013), Management Science 59:1594.

    >>> from forecasts.curves import curves
    >>> pooled = averaged_quantiles(curves([[(2, 0.5)], [(6, 0.5)]]), low=0, high=10)
    >>> list(zip(pooled.at.tolist(), pooled.chance.tolist()))
    [(4.0, 0.5), (10.0, 1.0)]
    """
    return crowd_quantiles(_one_crowd(members, low, high, stands))


def crowd_chances(crowds: Crowds, *, whole: bool = False) -> tuple[Curves, Curves]:
    """Return the median curve and the mean curve of each crowd at each of its moments.

    They are those of :func:`median_chances` and :func:`linear_pool`, by crowd and moment. With *whole* an axis has
    whole numbers only, such as days: then the median is exact at each of them, and need not be in between.

    Source: Galton (1907), Nature 75:450, and Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> from forecasts.curves import curves
    >>> four = curves([[(5, 0.2)], [(5, 0.5)], [(5, 0.8)], [(5, 0.9)]])
    >>> two = Crowds(four, np.array([2, 2]), np.ones((2, 1, 2), bool), np.zeros(2), np.full(2, 10.0))
    >>> [curves.chance.round(6).tolist() for curves in crowd_chances(two)]
    [[0.35, 1.0, 0.85, 1.0], [0.35, 1.0, 0.85, 1.0]]
    """
    lines = _completed(crowds)
    values, place = _common_places(lines, crowds)
    chances = crowds.table(_interpolated(lines, place, values[crowds.of_member]))
    has_point, at = _with_point(lines, place, values, crowds), values[:, np.newaxis]
    mean = _as_curves(crowds, at, _column_means(chances, crowds.stands), has_point)
    median = medians_along(values, chances, has_point, crowds.stands, whole=whole)
    return _as_curves(crowds, *median), mean


def crowd_quantiles(crowds: Crowds) -> Curves:
    """Return the curve of the mean quantiles of each crowd at each of its moments.

    It is that of :func:`averaged_quantiles`, by crowd and moment.

    Source: Vincent (1912); Lichtendahl, Grushka-Cockayne & Winkler (2013), Management Science 59:1594.

    >>> from forecasts.curves import curves
    >>> four = curves([[(2, 0.5)], [(6, 0.5)], [(1, 0.5)], [(7, 0.5)]])
    >>> two = Crowds(four, np.array([2, 2]), np.ones((2, 1, 2), bool), np.zeros(2), np.full(2, 10.0))
    >>> crowd_quantiles(two).at.tolist()
    [4.0, 10.0, 4.0, 10.0]
    """
    lines = _completed(crowds)
    across = Curves(lines.chance.round(_SAME), lines.at, lines.size)
    levels, place = _common_places(across, crowds)
    first_point = np.cumsum(lines.size) - lines.size
    # The points of each member in reverse order: position i within a member becomes size - 1 - i.
    reverse = np.repeat(2 * first_point + lines.size - 1, lines.size) - np.arange(lines.at.size)
    mirrored = Curves(-across.at[reverse], -across.chance[reverse], across.size)
    last_level = levels.shape[1] - 1
    # Where a member's curve is flat, its quantile leaps, and both ends of the leap are needed. Interpolation returns
    # the upper end; on the mirrored curve that is the lower one.
    lower = -_interpolated(mirrored, last_level - place[reverse], -levels[crowds.of_member, ::-1])[:, ::-1]
    upper = _interpolated(across, place, levels[crowds.of_member])
    first, last = (_column_means(crowds.table(ends), crowds.stands) for ends in (lower, upper))
    leaps = last - first > _NOISE * (crowds.high - crowds.low)[:, np.newaxis, np.newaxis]
    kept = _with_point(across, place, levels, crowds)
    # Each level gives two points side by side: the lower end, and the upper end if it differs.
    at, is_point = np.stack([first, last], axis=3), np.stack([kept, kept & leaps], axis=3)
    shape = (*kept.shape[:2], -1)
    return _as_curves(crowds, at.reshape(shape), np.repeat(levels, 2, axis=1)[:, np.newaxis], is_point.reshape(shape))


def _one_crowd(members: Curves, low: float, high: float, stands: BoolArray | None) -> Crowds:
    """Return the curves as one crowd; without *stands* all of them stand, at a single moment."""
    standing = np.ones((1, members.size.size), np.bool_) if stands is None else stands
    ends = (np.array([float(end)]) for end in (low, high))
    return Crowds(members, np.array([members.size.size]), standing[np.newaxis], *ends)


def _column_means(table: FloatArray, stands: BoolArray) -> FloatArray:
    """Return the mean of each column over the rows that stand, with a row for each moment; 0 if no row stands."""
    return np.asarray(stands.astype(np.float64) @ table / np.maximum(stands.sum(axis=-1, keepdims=True), 1))


def _column_medians(table: FloatArray, stands: BoolArray) -> FloatArray:
    """Return the median of each column over the rows that stand, with a row for each moment."""
    low, high = middle_two(table, stands)
    return np.asarray((low + high) / 2)


def _completed(crowds: Crowds) -> Curves:
    """Return the curves of the members with a point at each end of their axis: chance 0 at the low end, 1 at the high.

    A curve that has a point at an end of its own keeps it.
    """
    members, low, high = crowds.members, crowds.low[crowds.of_member], crowds.high[crowds.of_member]
    first = np.cumsum(members.size) - members.size
    opens, closes = members.at[first] > low, members.at[first + members.size - 1] < high
    size = members.size + opens + closes
    begins = np.cumsum(size) - size
    at, chance = np.repeat(low, size), np.zeros(size.sum())
    last = (begins + size - 1)[closes]
    at[last], chance[last] = high[closes], 1.0
    points = np.arange(members.at.size) + np.repeat(begins + opens - first, members.size)
    at[points], chance[points] = members.at, members.chance
    return Curves(at, chance, size)


def _common_places(lines: Curves, crowds: Crowds) -> tuple[FloatArray, IndexArray]:
    """Return all values at which some member of a crowd has a point, and the position of each point among them.

    The values have a row for each crowd and rise along it; a shorter row repeats its last value to the end.
    """
    crowd = crowds.of_member[lines.owner]
    order = np.lexsort((lines.at, crowd))
    at, row = lines.at[order], crowd[order]
    new = np.append(True, (at[1:] != at[:-1]) | (row[1:] != row[:-1]))
    count = np.bincount(row[new], minlength=crowds.size.size)
    first = np.cumsum(count) - count
    place = np.empty(order.size, np.intp)
    place[order] = np.cumsum(new) - 1 - first[row]
    column = np.minimum(np.arange(count.max()), count[:, np.newaxis] - 1)
    return at[new][first[:, np.newaxis] + column], place


def _interpolated(lines: Curves, place: IndexArray, values: FloatArray) -> FloatArray:
    """Return the chance of each curve at the values of its row: shape (curves, values).

    At a value where the curve jumps it is the chance after the jump.

    Args:
        lines: The curves, each with a point at both ends of its axis.
        place: The position of each point among the values of its curve's row.
        values: Rising values, a row for each curve.
    """
    count = np.bincount(lines.owner * values.shape[1] + place, minlength=values.size).reshape(values.shape)
    begin = (np.cumsum(lines.size) - lines.size)[:, np.newaxis]
    before = begin + np.maximum(np.cumsum(count, axis=1) - 1, 0)
    after = np.minimum(before + 1, begin + lines.size[:, np.newaxis] - 1)
    left, chance = lines.at[before], lines.chance[before]
    width = lines.at[after] - left
    slope = (lines.chance[after] - chance) / np.where(width > 0, width, np.inf)
    return np.asarray(chance + slope * np.maximum(values - left, 0.0))


def _with_point(lines: Curves, place: IndexArray, values: FloatArray, crowds: Crowds) -> BoolArray:
    """Return for each crowd, moment and value whether a standing curve has a point there."""
    has_point = np.zeros((lines.size.size, values.shape[1]))
    has_point[lines.owner, place] = 1
    return np.asarray(crowds.stands.astype(np.float64) @ crowds.table(has_point) > 0)


def _as_curves(crowds: Crowds, at: FloatArray, chance: FloatArray, kept: BoolArray) -> Curves:
    """Return a curve for each moment of each crowd at which some forecast stands.

    Args:
        crowds: The crowds.
        at: The values of points, shape (crowds, moments or 1, points).
        chance: The chances there, likewise.
        kept: Whether each is a point of the curve; a chance of 0 at the low end is left out, because it says nothing.
    """
    level = np.where(kept, np.clip(chance.round(_SAME), 0.0, 1.0), 0.0)
    level = np.maximum.accumulate(level, axis=2)
    kept = kept & ~((at <= crowds.low[:, np.newaxis, np.newaxis]) & (level == 0))
    size = np.count_nonzero(kept, axis=2)[crowds.stands.any(axis=2)]
    return Curves(np.broadcast_to(at, kept.shape)[kept], level[kept], size)
