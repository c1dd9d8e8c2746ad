"""Combine the distributions of several forecasters into one: their shares over options, or their curves.

Curves run over one axis from *low* to *high*, as :mod:`forecasts.curves` draws them: from 0 at the low end, unless a
point stands there, to 1 at the high end. Members come and go: every function takes which of them stand, a row for each
moment, and then returns one result for each moment; without it all stand, at one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves
from forecasts.inputs import BoolArray, FloatArray, probabilities

__all__ = [
    "averaged_quantiles", "linear_pool", "mean_shares", "median_and_mean_chances", "median_chances", "median_shares",
]  # fmt: skip

_SAME = 12  # decimals of a chance
_NOISE = 1e-12  # of the range: quantiles that are no further apart are the same


def mean_shares(shares: ArrayLike, stands: BoolArray | None = None) -> FloatArray:
    """Return the mean share of each option; *shares* has a row for each forecaster.

    Source: the linear opinion pool, Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> mean_shares([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2]]).round(6).tolist()
    [0.6, 0.2, 0.2]
    """
    said = probabilities(shares, "share")
    mean = _column_means(said, _who_stand(stands, len(said)))
    return mean[0] if stands is None else mean


def median_shares(shares: ArrayLike, stands: BoolArray | None = None) -> FloatArray:
    """Return the median share of each option, over their sum; the means where all medians are 0.

    Source: Galton (1907), Nature 75:450, of each option, and normalised.

    >>> median_shares([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2], [0.1, 0.1, 0.8]]).round(6).tolist()
    [0.625, 0.125, 0.25]
    """
    said = probabilities(shares, "share")
    standing = _who_stand(stands, len(said))
    median = _column_medians(said, standing)
    total = median.sum(axis=1, keepdims=True)
    shared = np.where(total > 0, median / np.where(total > 0, total, 1.0), _column_means(said, standing))
    return shared[0] if stands is None else shared


def linear_pool(members: Curves, *, low: float, high: float, stands: BoolArray | None = None) -> Curves:
    """Return the curve of the mean chance of at most each value.

    Source: the linear opinion pool, Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> from forecasts.curves import curves
    >>> pooled = linear_pool(curves([[(2, 0.2), (4, 0.6)], [(4, 0.2), (8, 1.0)]]), low=0, high=10)
    >>> list(zip(pooled.at.tolist(), pooled.chance.round(6).tolist()))
    [(2.0, 0.15), (4.0, 0.4), (8.0, 0.933333), (10.0, 1.0)]
    """
    return next(_by_value(members, low, high, stands, _column_means))


def median_chances(members: Curves, *, low: float, high: float, stands: BoolArray | None = None) -> Curves:
    """Return the curve of the median chance of at most each value at which any member has a point.

    Source: Galton (1907), Nature 75:450, of each yes/no question "at most x?".

    >>> from forecasts.curves import curves
    >>> three = curves([[(5, 0.2)], [(5, 0.5)], [(5, 0.9)]])
    >>> median_chances(three, low=0, high=10).chance.tolist()
    [0.5, 1.0]

    When the third speaks no more:

    >>> median_chances(three, low=0, high=10, stands=np.array([[True] * 3, [True, True, False]])).chance.tolist()
    [0.5, 1.0, 0.35, 1.0]
    """
    return next(_by_value(members, low, high, stands, _column_medians))


def median_and_mean_chances(
    members: Curves, *, low: float, high: float, stands: BoolArray | None = None
) -> tuple[Curves, Curves]:
    """Return what :func:`median_chances` and :func:`linear_pool` do, with each member's curve read off once.

    Source: Galton (1907), Nature 75:450, and Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> from forecasts.curves import curves
    >>> median, mean = median_and_mean_chances(curves([[(5, 0.2)], [(5, 0.5)], [(5, 0.8)], [(5, 0.9)]]), low=0, high=10)
    >>> median.chance.tolist(), mean.chance.tolist()
    ([0.65, 1.0], [0.6, 1.0])
    """
    median, mean = _by_value(members, low, high, stands, _column_medians, _column_means)
    return median, mean


def averaged_quantiles(members: Curves, *, low: float, high: float, stands: BoolArray | None = None) -> Curves:
    """Return the curve whose quantile at each chance is the mean of the members'.

    Source: Vincent (1912); Lichtendahl, Grushka-Cockayne & Winkler (2013), Management Science 59:1594.

    >>> from forecasts.curves import curves
    >>> pooled = averaged_quantiles(curves([[(2, 0.5)], [(6, 0.5)]]), low=0, high=10)
    >>> list(zip(pooled.at.tolist(), pooled.chance.tolist()))
    [(4.0, 0.5), (10.0, 1.0)]
    """
    lines, standing = _completed(members, low, high), _who_stand(stands, members.size.size)
    across = Curves(lines.chance.round(_SAME), lines.at, lines.size)
    levels = np.unique(across.at)
    back = Curves(-across.at[::-1], -across.chance[::-1], across.size[::-1])
    # Where a member's curve is flat, its quantile leaps: both of its ends count.
    first = _column_means(-_interpolated(back, -levels[::-1])[::-1, ::-1], standing)
    last = _column_means(_interpolated(across, levels), standing)
    leaps = last - first > _NOISE * (high - low)
    kept = _with_point(across, levels, standing)
    at, both = np.stack([first, last], axis=2), np.stack([kept, kept & leaps], axis=2)
    return _as_curves(at.reshape(len(at), -1), np.repeat(levels, 2), both.reshape(len(at), -1), low)


def _who_stand(stands: BoolArray | None, members: int) -> BoolArray:
    return np.ones((1, members), np.bool_) if stands is None else stands


def _column_means(said: FloatArray, stands: BoolArray) -> FloatArray:
    """Return the mean of each column over the rows that stand, a row for each moment."""
    total = np.where(stands[:, :, np.newaxis], said, 0.0).sum(axis=1)
    return np.asarray(total / stands.sum(axis=1, keepdims=True))


def _column_medians(said: FloatArray, stands: BoolArray) -> FloatArray:
    """Return the median of each column over the rows that stand, a row for each moment.

    Each column is sorted once; at each moment those that stand are counted in that order.
    """
    order, column = np.argsort(said, axis=0, kind="stable"), np.arange(said.shape[1])
    few = np.min_scalar_type(len(said) + 2)  # bytes, where there are few members
    ranked, size = np.take_along_axis(said, order, axis=0), stands.sum(axis=1, dtype=few)[:, np.newaxis, np.newaxis]
    count = np.cumsum(stands[:, order], axis=1, dtype=few)
    passed = (count < rank for rank in ((size + 1) // 2, size // 2 + 1))
    places = (np.add.reduce(lines.view(np.uint8), axis=1, dtype=few) for lines in passed)
    below, above = (ranked[place, column] for place in places)
    return np.asarray((below + above) / 2)


def _by_value(
    members: Curves, low: float, high: float, stands: BoolArray | None,
    *ways: Callable[[FloatArray, BoolArray], FloatArray],
) -> Iterator[Curves]:  # fmt: skip
    """Yield the curves of a chance combined in several ways, at every value at which a standing member has a point."""
    lines, standing = _completed(members, low, high), _who_stand(stands, members.size.size)
    values = np.unique(lines.at)
    chances, has_point = _interpolated(lines, values), _with_point(lines, values, standing)
    for combine in ways:
        yield _as_curves(values, combine(chances, standing), has_point, low)


def _completed(members: Curves, low: float, high: float) -> Curves:
    """Return the curves with their ends."""
    first = np.cumsum(members.size) - members.size
    opens, closes = members.at[first] > low, members.at[first + members.size - 1] < high
    size = members.size + opens + closes
    begins = np.cumsum(size) - size
    at, chance = np.full(size.sum(), float(low)), np.zeros(size.sum())
    last = (begins + size - 1)[closes]
    at[last], chance[last] = high, 1.0
    points = np.arange(members.at.size) + np.repeat(begins + opens - first, members.size)
    at[points], chance[points] = members.at, members.chance
    return Curves(at, chance, size)


def _interpolated(lines: Curves, values: FloatArray) -> FloatArray:
    """Return the chance of each curve at each value, after a jump there: shape (curves, values).

    The values rise, and every point has one of them.
    """
    count = np.zeros((lines.size.size, values.size), np.intp)
    np.add.at(count, (lines.owner, np.searchsorted(values, lines.at)), 1)
    begin = (np.cumsum(lines.size) - lines.size)[:, np.newaxis]
    before = begin + np.maximum(np.cumsum(count, axis=1) - 1, 0)
    after = np.minimum(before + 1, begin + lines.size[:, np.newaxis] - 1)
    width = lines.at[after] - lines.at[before]
    slope = (lines.chance[after] - lines.chance[before]) / np.where(width > 0, width, np.inf)
    return np.asarray(lines.chance[before] + slope * np.maximum(values - lines.at[before], 0.0))


def _with_point(lines: Curves, values: FloatArray, stands: BoolArray) -> BoolArray:
    """Return for each moment and value whether a standing curve has a point there."""
    has = np.zeros((lines.size.size, values.size), np.float32)
    has[lines.owner, np.searchsorted(values, lines.at)] = 1
    return np.asarray(stands.astype(np.float32) @ has > 0)


def _as_curves(at: FloatArray, chance: FloatArray, kept: BoolArray, low: float) -> Curves:
    """Return a curve for each row of *kept*, without points that say nothing."""
    level = np.where(kept, np.clip(chance.round(_SAME), 0.0, 1.0), 0.0)
    level = np.maximum.accumulate(level, axis=1)
    kept = kept & ~((at <= low) & (level == 0))
    return Curves(np.broadcast_to(at, kept.shape)[kept], level[kept], np.count_nonzero(kept, axis=1))
