"""Combine the distributions of several forecasters into one: their shares over options, or their curves.

Curves run over one axis from *low* to *high*, as :mod:`forecasts.curves` draws them: from 0 at the low end, unless a
point stands there, to 1 at the high end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import Curves
from forecasts.inputs import FloatArray, probabilities

__all__ = ["averaged_quantiles", "linear_pool", "mean_shares", "median_chances", "median_shares"]

_SAME = 12  # decimals of a chance
_NOISE = 1e-12  # of the range: quantiles that are no further apart are the same


def mean_shares(shares: ArrayLike) -> FloatArray:
    """Return the mean share of each option; a row for each forecaster.

    Source: the linear opinion pool, Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> mean_shares([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2]]).round(6).tolist()
    [0.6, 0.2, 0.2]
    """
    return np.asarray(probabilities(shares, "share").mean(axis=0))


def median_shares(shares: ArrayLike) -> FloatArray:
    """Return the median share of each option, over their sum; the means where all medians are 0.

    Source: Galton (1907), Nature 75:450, of each option, and normalised.

    >>> median_shares([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2], [0.1, 0.1, 0.8]]).round(6).tolist()
    [0.625, 0.125, 0.25]
    """
    median = np.median(probabilities(shares, "share"), axis=0)
    total = float(median.sum())
    return np.asarray(median / total) if total else mean_shares(shares)


def linear_pool(members: Curves, *, low: float, high: float) -> Curves:
    """Return the curve of the mean chance of at most each value.

    Source: the linear opinion pool, Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> from forecasts.curves import curves
    >>> pooled = linear_pool(curves([[(2, 0.2), (4, 0.6)], [(4, 0.2), (8, 1.0)]]), low=0, high=10)
    >>> list(zip(pooled.at.tolist(), pooled.chance.round(6).tolist()))
    [(2.0, 0.15), (4.0, 0.4), (8.0, 0.933333), (10.0, 1.0)]
    """
    return _by_value(members, low, high, np.mean)


def median_chances(members: Curves, *, low: float, high: float) -> Curves:
    """Return the curve of the median chance of at most each value at which any member has a point.

    Source: Galton (1907), Nature 75:450, of each yes/no question "at most x?".

    >>> from forecasts.curves import curves
    >>> three = curves([[(5, 0.2)], [(5, 0.5)], [(5, 0.9)]])
    >>> median_chances(three, low=0, high=10).chance.tolist()
    [0.5, 1.0]
    """
    return _by_value(members, low, high, np.median)


def averaged_quantiles(members: Curves, *, low: float, high: float) -> Curves:
    """Return the curve whose quantile at each chance is the mean of the members'.

    Source: Vincent (1912); Lichtendahl, Grushka-Cockayne & Winkler (2013), Management Science 59:1594.

    >>> from forecasts.curves import curves
    >>> pooled = averaged_quantiles(curves([[(2, 0.5)], [(6, 0.5)]]), low=0, high=10)
    >>> list(zip(pooled.at.tolist(), pooled.chance.tolist()))
    [(4.0, 0.5), (10.0, 1.0)]
    """
    lines = list(_completed(members, low, high))
    levels = np.unique(np.concatenate([chance for _, chance in lines]).round(_SAME))
    # Where a member's curve is flat, its quantile leaps: both of its ends count.
    first = np.mean([-np.interp(-levels, -chance[::-1], -at[::-1]) for at, chance in lines], axis=0)
    last = np.mean([np.interp(levels, chance, at) for at, chance in lines], axis=0)
    last = np.where(last - first > _NOISE * (high - low), last, first)
    return _as_curve(np.stack([first, last], axis=1).ravel(), np.repeat(levels, 2), low)


def _by_value(members: Curves, low: float, high: float, combine: Callable[..., FloatArray]) -> Curves:
    """Return the curve of a combined chance at every value at which any member has a point."""
    lines = list(_completed(members, low, high))
    values = np.unique(np.concatenate([at for at, _ in lines]))
    return _as_curve(values, combine([np.interp(values, at, chance) for at, chance in lines], axis=0), low)


def _completed(members: Curves, low: float, high: float) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield the points of each curve, with its ends."""
    begins = np.cumsum(members.size) - members.size
    for begin, size in zip(begins.tolist(), members.size.tolist(), strict=True):
        at, chance = members.at[begin : begin + size], members.chance[begin : begin + size]
        if at[0] > low:
            at, chance = np.append(low, at), np.append(0.0, chance)
        if at[-1] < high:
            at, chance = np.append(at, high), np.append(chance, 1.0)
        yield at, chance


def _as_curve(at: FloatArray, chance: FloatArray, low: float) -> Curves:
    """Return one curve without points that say nothing."""
    chance = np.maximum.accumulate(np.clip(chance.round(_SAME), 0.0, 1.0))
    new = np.append(True, (np.diff(at) != 0) | (np.diff(chance) != 0)) & ~((at <= low) & (chance == 0))
    return Curves(at[new], chance[new], np.array([np.count_nonzero(new)]))
