"""Compare each forecaster with the median of the others on the same claim, whenever both have a standing forecast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.standing import Standing
from predictions.scoring.columns.standing_tables import PieceTables, tables


class BesideOthers(NamedTuple):
    """Some standing numbers beside the median of the others.

    Attributes:
        series: The series of the number on each line, shape (lines, tables).
        numbers: The number on each line, shape (lines, tables).
        medians: The median of the others in each piece of time, shape (lines, tables, pieces); NaN in pieces in which
            none of them stands, or the number itself does not.
        starts: When each piece begins, shape (tables, pieces).
        shares: The share of the scheduled window that each piece takes, shape (tables, pieces).
    """

    series: IndexArray
    numbers: FloatArray
    medians: FloatArray
    starts: FloatArray
    shares: FloatArray


def beside_others(stood: Standing, claim: IndexArray, counted: BoolArray) -> Iterator[BesideOthers]:
    """Compare each standing number with the median of the others on its claim; yield some tables at a time.

    Args:
        stood: When the numbers of all series stood.
        claim: The claim of each series, ascending.
        counted: Whether the series counts among the others for the rest.

    >>> from forecasts.standing import standing
    >>> three = standing([0, 0, 0], [0.1, 0.5, 0.9], opens=[0] * 3, closes=[4] * 3, series=[0, 1, 2])
    >>> (beside,) = beside_others(three, np.zeros(3, np.intp), np.ones(3, np.bool_))
    >>> beside.medians[:, 0, 0].tolist()
    [0.7, 0.5, 0.3]
    """
    lasting = stood.starts < stood.ends
    series, probabilities = stood.series[lasting], stood.probabilities[lasting]
    # Cut the time of each claim wherever a number begins or ends; a piece is the time from one cut to the next.
    times = np.concatenate([stood.starts[lasting], stood.ends[lasting]])
    claim_of_time = np.tile(claim[series], 2)
    order = np.lexsort((times, claim_of_time))
    cuts, claim_of_cut = times[order], claim_of_time[order]
    new = np.diff(cuts, prepend=np.nan) != 0
    new[1:] |= claim_of_cut[1:] != claim_of_cut[:-1]
    piece = np.empty(order.size, np.intp)
    piece[order] = np.cumsum(new) - 1
    cuts, claim_of_cut = cuts[new], claim_of_cut[new]
    horizon = stood.horizon[np.searchsorted(claim, claim_of_cut)]
    shares = np.diff(cuts, append=np.nan) / horizon  # the last of each claim is wrong, but nobody stands after that cut
    for table in tables(claim_of_cut, piece[: series.size], piece[series.size :], probabilities):
        series_of_line = series[table.lines]
        medians = _medians(table, counted[series_of_line])
        yield BesideOthers(series_of_line, table.values, medians, cuts[table.pieces], shares[table.pieces])


def saved_on_others(stood: Standing, claim: IndexArray, counted: BoolArray, outcome: FloatArray) -> FloatArray:
    """Return how much less squared error each series had than the others' median, over the time both stood.

    NaN for a series beside which nobody else stood. The arguments are those of :func:`beside_others`, and the *outcome*
    of each series.
    """
    saved, had_others = np.zeros(claim.size), np.zeros(claim.size, np.bool_)
    for beside in beside_others(stood, claim, counted):
        for series, number, medians in zip(beside.series, beside.numbers[..., np.newaxis], beside.medians, strict=True):
            # (median - outcome)^2 - (number - outcome)^2, as a product
            gained = medians - number
            gained *= medians + (number - 2 * outcome[series, np.newaxis])
            gained *= beside.shares
            alone = np.isnan(medians)
            gained[alone] = 0.0
            np.add.at(saved, series, gained.sum(axis=1))
            had_others[series[~alone.all(axis=1)]] = True
    return np.where(had_others, saved, np.nan)


def _medians(table: PieceTables, counted: BoolArray) -> FloatArray:
    """Return for each line and piece the median of the counted lines, leaving out the line itself.

    Sorting the others again for each line would take quadratic time. But if one number is taken out of n, the new
    median is one of the three numbers around the middle, or a mean of two of them. Which one follows from where the
    number taken out lies.
    """
    count = table.counted(table.stands & counted[..., np.newaxis])
    size = count[-1]
    low, middle, high = (table.ranked(count, size // 2 + step) for step in range(3))
    odd, alone = size % 2 == 1, size < 2
    if_below, if_middle, if_above = (
        np.where(alone, np.nan, np.where(odd, (first + second) / 2, even))
        for first, second, even in ((middle, high, middle), (low, high, low), (low, middle, low))
    )
    medians = np.full(table.stands.shape, np.nan)
    for line, number in enumerate(table.values[..., np.newaxis]):
        without_it = np.where(number < middle, if_below, np.where(number > middle, if_above, if_middle))
        np.copyto(medians[line], without_it, where=table.stands[line])
    if not counted.all():
        of_all = np.where(size > 0, np.where(odd, middle, (low + middle) / 2), np.nan)
        np.copyto(medians, of_all, where=table.stands & ~counted[..., np.newaxis])
    return medians
