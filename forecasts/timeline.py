"""All forecasters of one claim beside each other: who said what in each piece of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.inputs import FloatArray
from forecasts.standing import Standing

__all__ = ["Timeline", "one_window", "timeline"]


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The window of one claim cut at every change: `cuts` (m + 1,) and `probabilities` (forecasters, m).

    A probability is NaN where that forecaster's record has none standing.
    """

    cuts: FloatArray
    probabilities: FloatArray

    @property
    def widths(self) -> FloatArray:
        """The length of each piece."""
        return np.diff(self.cuts)


def timeline(standing: Standing) -> Timeline:
    """Lay the series of one claim side by side; raises ValueError if their windows differ or there is none.

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
    """Raise ValueError unless all series have one window, as those of one claim have; also if there is none.

    >>> from forecasts.standing import standing
    >>> one_window(standing([0, 2], [0.1, 0.9], opens=[0, 0], closes=[4, 5], series=[0, 1]))
    Traceback (most recent call last):
    ValueError: the series have different windows; take one claim at a time
    """
    if not standing.opens.size:
        raise ValueError("there is no series to lay out")
    if np.unique(standing.opens).size != 1 or np.unique(standing.closes).size != 1:
        raise ValueError("the series have different windows; take one claim at a time")
