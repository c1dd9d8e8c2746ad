"""Each forecaster beside the median of the others on the same claim, in every piece of time in which both spoke."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.standing import Standing
from predictions.scoring.standing_tables import PieceTables, running, tables


class BesideOthers(NamedTuple):
    """What some numbers stood beside.

    Attributes:
        series: Whose number is on each line, shape (lines, tables).
        said: The number.
        medians: The median of the others in each piece of time, shape (lines, tables, pieces); NaN where none of them
            stands, or where this number does not.
        starts: When each piece begins, shape (tables, pieces).
        shares: Which share of the scheduled window it takes.
    """

    series: IndexArray
    said: FloatArray
    medians: FloatArray
    starts: FloatArray
    shares: FloatArray


def beside_others(stood: Standing, claim: IndexArray, counted: BoolArray) -> Iterator[BesideOthers]:
    """Set what stood beside the others; of each series its *claim*, rising, and whether others are beside it.

    >>> from forecasts.standing import standing
    >>> three = standing([0, 0, 0], [0.1, 0.5, 0.9], opens=[0] * 3, closes=[4] * 3, series=[0, 1, 2])
    >>> (one,) = beside_others(three, np.zeros(3, np.intp), np.ones(3, np.bool_))
    >>> one.medians[:, 0, 0].tolist()
    [0.7, 0.5, 0.3]
    """
    lasting = stood.starts < stood.ends
    series, chances = stood.series[lasting], stood.probabilities[lasting]
    times, of = np.concatenate([stood.starts[lasting], stood.ends[lasting]]), np.tile(claim[series], 2)
    order = np.lexsort((times, of))
    cuts, on = times[order], of[order]
    new = np.diff(cuts, prepend=np.nan) != 0
    new[1:] |= on[1:] != on[:-1]
    piece = np.empty(order.size, np.intp)
    piece[order] = np.cumsum(new) - 1
    cuts, on = cuts[new], on[new]
    shares = np.diff(cuts, append=np.nan) / stood.horizon[np.searchsorted(claim, on)]  # after the last nobody stands
    for one in tables(on, piece[: series.size], piece[series.size :], chances):
        whose = series[one.lines]
        medians = _medians(one, counted[whose])
        yield BesideOthers(whose, one.values, medians, cuts[one.pieces], shares[one.pieces])


def saved_on_others(stood: Standing, claim: IndexArray, counted: BoolArray, outcome: FloatArray) -> FloatArray:
    """The squared error saved against the median of the others, over the time both stood; NaN where none did.

    Of each series the *claim*, rising, whether it is *counted* as one of the others, and the *outcome*.
    """
    saved, together = np.zeros(claim.size), np.zeros(claim.size, np.bool_)
    for one in beside_others(stood, claim, counted):
        for series, said, medians in zip(one.series, one.said[..., np.newaxis], one.medians, strict=True):
            both, twice = ~np.isnan(medians), 2 * outcome[series, np.newaxis]
            gained = (medians - said) * (medians + said - twice) * one.shares  # the difference of two squares
            saved += np.bincount(series, gained.sum(axis=1, where=both), saved.size)
            together[series[both.any(axis=1)]] = True
    return np.where(together, saved, np.nan)


def _medians(one: PieceTables, counted: BoolArray) -> FloatArray:
    """For each line, without it where it is *counted*, the median of the counted ones in each piece.

    Without one of them the median is made of the three in the middle, by where the one lies among these.
    """
    count = running(one.stands & counted[..., np.newaxis], np.int32)
    size = count[-1]
    low, middle, high = (one.ranked(count, size // 2 + step) for step in range(3))
    odd, alone = size % 2 == 1, size < 2
    below, level, above = (
        np.where(alone, np.nan, np.where(odd, (first + second) / 2, even))
        for first, second, even in ((middle, high, middle), (low, high, low), (low, middle, low))
    )
    medians = np.full(one.stands.shape, np.nan)
    for line, said in enumerate(one.values[..., np.newaxis]):
        rest = np.where(said < middle, below, np.where(said > middle, above, level))
        np.copyto(medians[line], rest, where=one.stands[line])
    if not counted.all():
        whole = np.where(size > 0, np.where(odd, middle, (low + middle) / 2), np.nan)
        np.copyto(medians, whole, where=one.stands & ~counted[..., np.newaxis])
    return medians
