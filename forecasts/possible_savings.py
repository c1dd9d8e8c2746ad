"""Find what forecasts can still save over time while nobody knows the answer, for all outcomes and moments of it.

To *save* is to lose less than "knows nothing", or less than somebody else's forecast in the same time. A type of claim
lists the outcomes that are still possible. Here the savings with each outcome are summed over time and compared, for
many series at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from forecasts.curves import Curves, in_own_list, within
from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray

__all__ = [
    "Running", "Saved", "Stays", "Turns", "least_and_most", "least_saved", "possible_sums", "running_savings",
    "turning_points", "values_between",
]  # fmt: skip

Saved = Callable[[FloatArray, FloatArray, ClaimArray, FloatArray, FloatArray], FloatArray]
"""Computes what each forecast saves while it stands: ``saved`` of :class:`~forecasts.questions.Scoring`."""


class Stays(NamedTuple):
    """Forecasts and when they stood, by series and time: shape (forecasts,) each.

    Attributes:
        forecast: The number of the forecast, as :class:`~forecasts.questions.Scoring` takes it.
        claim: The number of its claim.
        starts: When it began to stand.
        ends: When it ceased to.
        series: The number of its series, from 0, in ascending order.
        other: The number of somebody else's forecast in that time; None to compare with "knows nothing".
    """

    forecast: FloatArray
    claim: ClaimArray
    starts: FloatArray
    ends: FloatArray
    series: IndexArray
    other: FloatArray | None = None

    def part(self, chosen: IndexArray | BoolArray | slice) -> Stays:
        """Return the rows in *chosen*; their series keep their numbers."""
        return Stays._make(None if column is None else column[chosen] for column in self)

    def of_series(self, chosen: IndexArray) -> Stays:
        """Return the forecasts of the series in *chosen*, an ascending list; series are numbered anew from 0."""
        rows = self.part(np.isin(self.series, chosen))
        return rows._replace(series=np.searchsorted(chosen, rows.series))

    @property
    def claims(self) -> ClaimArray:
        """The claim of each series; every series has a forecast."""
        return self.claim[np.flatnonzero(np.diff(self.series, prepend=-1))]

    def saved(self, saved: Saved, outcome: FloatArray) -> FloatArray:
        """Return what each forecast saves if its claim has this outcome."""
        own = saved(self.forecast, outcome, self.claim, self.starts, self.ends)
        return own if self.other is None else own - saved(self.other, outcome, self.claim, self.starts, self.ends)


class Running(NamedTuple):
    """Savings up to the end of each forecast, in cells by series, outcome and time: shape (cells,) each.

    Attributes:
        saved: The sum over the forecasts of the series up to this one, with this outcome.
        series: The number of the series.
        outcome: The position of the outcome among those of the series.
        step: How many forecasts the series has: so many cells further the same forecast has its next outcome.
    """

    saved: FloatArray
    series: IndexArray
    outcome: IndexArray
    step: IndexArray

    def in_all(self) -> Running:
        """Return the savings by all forecasts of each series: one cell for each outcome."""
        last = np.flatnonzero(np.append(np.diff(self.series) | np.diff(self.outcome), 1))
        return Running(self.saved[last], self.series[last], self.outcome[last], np.ones_like(last))


def running_savings(saved: Saved, stays: Stays, outcomes: FloatArray, count: IndexArray) -> Running:
    """Sum the savings of each series up to each of its forecasts, for each of its outcomes.

    Args:
        saved: Computes what each forecast saves.
        stays: The forecasts.
        outcomes: The possible outcomes, one series after the other.
        count: How many outcomes each series has.

    >>> gained = lambda forecast, outcome, claim, starts, ends: outcome * (ends - starts)
    >>> two = Stays(np.zeros(2), np.zeros(2, int), np.array([0.0, 2.0]), np.array([2.0, 3.0]), np.zeros(2, int))
    >>> running_savings(gained, two, np.array([0.0, 1.0]), np.array([2])).saved.tolist()
    [0.0, 0.0, 2.0, 3.0]
    """
    size = np.bincount(stays.series, minlength=count.size)
    series = np.repeat(np.arange(count.size), count)
    steps = size[series]
    total = stays.part(within(size, series)).saved(saved, np.repeat(outcomes, steps))
    longest_first = np.argsort(-steps, kind="stable")
    begins, ordered = (np.cumsum(steps) - steps)[longest_first], -steps[longest_first]
    # The n-th forecasts of all series that have as many are added to the sums before them, for n = 1, 2, ...
    for number in range(1, int(steps.max(initial=0))):
        cell = begins[: np.searchsorted(ordered, -number)] + number
        total[cell] += total[cell - 1]
    return Running(total, *(np.repeat(column, steps) for column in (series, in_own_list(count), steps)))


def possible_sums(saved: Saved, stays: Stays, outcomes: FloatArray, count: IndexArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each series saves; arguments are as for :func:`running_savings`.

    >>> gained = lambda forecast, outcome, claim, starts, ends: outcome * (ends - starts)
    >>> two = Stays(np.zeros(2), np.zeros(2, int), np.array([0.0, 2.0]), np.array([2.0, 3.0]), np.zeros(2, int))
    >>> [end.tolist() for end in possible_sums(gained, two, np.array([-1.0, 2.0]), np.array([2]))]
    [[-3.0], [6.0]]
    """
    running = running_savings(saved, stays, outcomes, count)
    return least_and_most(running.saved, running.series, count.size)


def least_and_most(sums: FloatArray, series: IndexArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most of each series' sums and of 0: nothing is saved if the answer comes at once.

    >>> [end.tolist() for end in least_and_most(np.array([0.5, 0.75, -1.0]), np.array([0, 0, 1]), 2)]
    [[0.0, -1.0], [0.75, 0.0]]
    """
    least, most = np.zeros((2, count))
    np.minimum.at(least, series, sums)
    np.maximum.at(most, series, sums)
    return least, most


def least_saved(saved: FloatArray, series: IndexArray, outcomes: FloatArray) -> FloatArray:
    """Return for each series the outcome at which it saves least; the lowest if there are several.

    >>> least_saved(np.array([0.5, -0.5, 1.0]), np.array([0, 0, 1]), np.array([3.0, 4.0, 3.0])).tolist()
    [4.0, 3.0]
    """
    order = np.lexsort((outcomes, saved, series))
    return outcomes[order[np.flatnonzero(np.diff(series[order], prepend=-1))]]


def values_between(
    drawn: Sequence[Curves], series: IndexArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, IndexArray]:
    """Return the values at which savings must be known to find their extremes, by series, and how many each series has.

    These are the ends of its range, the points of its curves inside the range, and the middles between all of these,
    in ascending order: between two points savings are a parabola, which three values determine.

    Args:
        drawn: The curves of the series, and those that they are compared with, if any.
        series: The number of the series that each curve belongs to.
        low: The lower end of each series' range.
        high: The upper end of it.

    >>> from forecasts.curves import curves
    >>> drawn = [curves([[(2, 0.1), (4, 0.5)]])]
    >>> [column.tolist() for column in values_between(drawn, np.array([0]), np.array([0.0]), np.array([8.0]))]
    [[0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0], [7]]
    """
    every_series = np.arange(low.size)
    owner = np.concatenate([*(series[curves.owner] for curves in drawn), every_series, every_series])
    at = np.clip(np.concatenate([*(curves.at for curves in drawn), low, high]), low[owner], high[owner])
    order = np.lexsort((at, owner))
    at, owner = at[order], owner[order]
    is_new = np.append(True, (at[1:] != at[:-1]) | (owner[1:] != owner[:-1]))
    at, owner = at[is_new], owner[is_new]
    middle = np.append(at[1:] + at[:-1], 0.0) / 2
    goes_on = np.append(owner[1:] == owner[:-1], False)
    # A point and the middle after it side by side, without the middle after the last point of a series.
    values = np.stack([at, middle], axis=1)[np.stack([np.ones_like(goes_on), goes_on], axis=1)]
    return values, 2 * np.bincount(owner) - 1


class Turns(NamedTuple):
    """Extremes of savings that lie between two outcomes, by series: shape (turns,) each.

    Attributes:
        saved: What is saved at the extreme.
        series: The number of the series.
        cell: The cell of :class:`Running` with the outcome at the left end of the parabola.
        place: How far the extreme is on the way from there to the right end, 0 to 1.
    """

    saved: FloatArray
    series: IndexArray
    cell: IndexArray
    place: FloatArray


def turning_points(running: Running, count: IndexArray) -> Turns:
    """Return the extremes that lie inside the parabolas between two outcomes.

    The outcomes are those of :func:`values_between`: an end, a middle, an end, a middle, ... Parabolas that have no
    extreme between their ends are left out.

    Args:
        running: The savings with each outcome.
        count: How many outcomes each series has.

    >>> five = Running(np.array([0.0, 0.75, 0.0, 1.0, 2.0]), np.zeros(5, int), np.arange(5), np.ones(5, int))
    >>> turning_points(five, np.array([5])).saved.tolist()
    [0.75]
    """
    begins = np.flatnonzero((running.outcome % 2 == 0) & (running.outcome + 2 < count[running.series]))
    left, middle, right = (running.saved[begins + step * running.step[begins]] for step in range(3))
    bend, slope = 2 * (left + right - 2 * middle), 4 * middle - 3 * left - right
    straight = bend == 0
    place = -slope / (2 * np.where(straight, 1.0, bend))
    turns = np.flatnonzero(~straight & (place > 0) & (place < 1))
    cell = begins[turns]
    return Turns((left + slope * place / 2)[turns], running.series[cell], cell, place[turns])
