"""Several series of forecasts in the same pieces of time: two forecasters on many claims, or all forecasters of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.standing import Standing

__all__ = ["Shared", "Timeline", "one_window", "shared", "timeline"]


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The pieces of time in which two forecasters both had a forecast on a claim: shape (pieces,) each.

    Attributes:
        starts: The start of each piece.
        ends: Its end.
        first: The probability of the first forecaster.
        second: That of the second.
        series: The number of the series, which is the same for both.
    """

    starts: FloatArray
    ends: FloatArray
    first: FloatArray
    second: FloatArray
    series: IndexArray


def shared(first: Standing, second: Standing) -> Shared:
    """Cut two records with the same windows at every change of either, and keep the pieces in which both stood.

    Raises:
        ValueError: The windows differ; a comparison over different time is none.

    >>> from forecasts.standing import standing
    >>> ana, ben = standing([0, 3], [0.2, 0.3], opens=0, closes=5), standing([1], [0.9], opens=0, closes=5)
    >>> shared(ana, ben).starts.tolist()
    [1.0, 3.0]
    """
    if not (np.array_equal(first.opens, second.opens) and np.array_equal(first.closes, second.closes)):
        raise ValueError("the two records have different windows; compare on the same claims and the same time")
    cuts = np.concatenate([first.starts, first.ends, second.starts, second.ends])
    series = np.concatenate([first.series, first.series, second.series, second.series])
    sizes = [first.starts.size, first.starts.size, second.starts.size, second.starts.size]
    begins_first, begins_second = np.repeat([1, 0, 0, 0], sizes), np.repeat([0, 0, 1, 0], sizes)
    order = np.lexsort((cuts, series))
    cuts, series = cuts[order], series[order]
    # The interval of each record that began last before a cut; whether it still stands is looked up.
    in_first, in_second = np.cumsum(begins_first[order]) - 1, np.cumsum(begins_second[order]) - 1
    piece = np.flatnonzero((series[1:] == series[:-1]) & (cuts[1:] > cuts[:-1]))
    piece = piece[_stands(first, in_first[piece], series[piece], cuts[piece])]
    piece = piece[_stands(second, in_second[piece], series[piece], cuts[piece])]
    return Shared(
        starts=cuts[piece],
        ends=cuts[piece + 1],
        first=first.probabilities[in_first[piece]],
        second=second.probabilities[in_second[piece]],
        series=series[piece],
    )


def _stands(record: Standing, interval: IndexArray, series: IndexArray, time: FloatArray) -> BoolArray:
    """Return whether each interval (-1 for none) is of that series and lasts beyond that time."""
    if not record.starts.size:
        return np.zeros(interval.shape, dtype=np.bool_)
    return np.asarray((interval >= 0) & (record.series[interval] == series) & (record.ends[interval] > time))


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The window of one claim, cut at every change of any forecaster.

    Attributes:
        cuts: The borders of the pieces, shape (pieces + 1,).
        probabilities: What stood in each piece, shape (forecasters, pieces); NaN where nothing did.
    """

    cuts: FloatArray
    probabilities: FloatArray

    @property
    def widths(self) -> FloatArray:
        """The length of each piece."""
        return np.diff(self.cuts)


def timeline(standing: Standing) -> Timeline:
    """Lay the series of one claim side by side; ValueError if their windows differ or there is no series.

    >>> from forecasts.standing import standing
    >>> record = standing([0, 2], [0.1, 0.9], opens=[0, 0], closes=[4, 4], series=[0, 1])
    >>> timeline(record).probabilities.tolist()
    [[0.1, 0.1], [nan, 0.9]]
    """
    one_window(standing)
    cuts = np.unique(np.concatenate([standing.opens[:1], standing.starts, standing.ends, standing.closes[:1]]))
    table = np.full((standing.opens.size, cuts.size - 1), np.nan)
    first, beyond = np.searchsorted(cuts, standing.starts), np.searchsorted(cuts, standing.ends)
    for interval, row in enumerate(standing.series):
        table[row, first[interval] : beyond[interval]] = standing.probabilities[interval]
    return Timeline(cuts, table)


def one_window(standing: Standing) -> None:
    """Check that all series have one window, as those of one claim have; ValueError if not, or without a series.

    >>> from forecasts.standing import standing
    >>> one_window(standing([0, 2], [0.1, 0.9], opens=[0, 0], closes=[4, 5], series=[0, 1]))
    Traceback (most recent call last):
    ValueError: the series have different windows; take one claim at a time
    """
    if not standing.opens.size:
        raise ValueError("there is no series to lay out")
    if np.unique(standing.opens).size != 1 or np.unique(standing.closes).size != 1:
        raise ValueError("the series have different windows; take one claim at a time")
