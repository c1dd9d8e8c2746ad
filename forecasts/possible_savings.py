"""What forecasts can still save over time while nobody knows the answer, over all outcomes and moments of the answer.

A type lists the outcomes that are still possible; what is saved if each comes true is summed over time and compared
here, for many series at once. Against "knows nothing", or against what somebody else said in the same time.
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
"""What each forecast saves by standing, as :class:`~forecasts.questions.Scoring` has it."""


class Stays(NamedTuple):
    """When which forecast stood, by series and time: shape (forecasts,) each.

    Attributes:
        forecast: The number that was said.
        claim: The number of its claim.
        starts: When it began to stand.
        ends: When it ended.
        series: The number of its series; they rise from 0.
        other: What somebody else said in that time; None to compare with "knows nothing".
    """

    forecast: FloatArray
    claim: ClaimArray
    starts: FloatArray
    ends: FloatArray
    series: IndexArray
    other: FloatArray | None = None

    def part(self, chosen: IndexArray | BoolArray | slice) -> Stays:
        """Return some of them; their series keep their numbers."""
        return Stays._make(None if column is None else column[chosen] for column in self)

    def of_series(self, chosen: IndexArray) -> Stays:
        """Return those of some series, given in order, which are numbered anew."""
        own = self.part(np.isin(self.series, chosen))
        return own._replace(series=np.searchsorted(chosen, own.series))

    @property
    def claims(self) -> ClaimArray:
        """The claim of each series; each has a forecast."""
        return self.claim[np.flatnonzero(np.diff(self.series, prepend=-1))]

    def saved(self, saved: Saved, outcome: FloatArray) -> FloatArray:
        """Return what each saves if its claim comes out so."""
        own = saved(self.forecast, outcome, self.claim, self.starts, self.ends)
        return own if self.other is None else own - saved(self.other, outcome, self.claim, self.starts, self.ends)


class Running(NamedTuple):
    """What is saved up to the end of each forecast, by series, outcome and time: shape (cells,) each.

    Attributes:
        saved: The sum over the forecasts of the series up to that one, if it comes out so.
        series: The number of the series.
        outcome: The position of the outcome among those of the series.
        step: How many cells further the same forecast has its next outcome: how many the series has.
    """

    saved: FloatArray
    series: IndexArray
    outcome: IndexArray
    step: IndexArray

    def in_all(self) -> Running:
        """Return what is saved by all forecasts of each series: a cell for each outcome."""
        last = np.flatnonzero(np.append(np.diff(self.series) | np.diff(self.outcome), 1))
        return Running(self.saved[last], self.series[last], self.outcome[last], np.ones_like(last))


def running_savings(saved: Saved, stays: Stays, outcomes: FloatArray, count: IndexArray) -> Running:
    """Sum what is saved over the forecasts of each series, for each of its outcomes.

    Args:
        saved: What each saves by standing.
        stays: The forecasts.
        outcomes: Those of the first series, then those of the next one, ...
        count: How many each series has.

    >>> gained = lambda said, outcome, claim, starts, ends: outcome * (ends - starts)
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
    for place in range(1, int(steps.max(initial=0))):  # as a running sum does, for all at once
        cell = begins[: np.searchsorted(ordered, -place)] + place
        total[cell] += total[cell - 1]
    return Running(total, *(np.repeat(column, steps) for column in (series, in_own_list(count), steps)))


def possible_sums(saved: Saved, stays: Stays, outcomes: FloatArray, count: IndexArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each series saves; arguments as :func:`running_savings` has them.

    >>> gained = lambda said, outcome, claim, starts, ends: outcome * (ends - starts)
    >>> two = Stays(np.zeros(2), np.zeros(2, int), np.array([0.0, 2.0]), np.array([2.0, 3.0]), np.zeros(2, int))
    >>> [end.tolist() for end in possible_sums(gained, two, np.array([-1.0, 2.0]), np.array([2]))]
    [[-3.0], [6.0]]
    """
    running = running_savings(saved, stays, outcomes, count)
    return least_and_most(running.saved, running.series, count.size)


def least_and_most(sums: FloatArray, series: IndexArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most of sums for each series, if the answer may come at once: then nothing is saved.

    >>> [end.tolist() for end in least_and_most(np.array([0.5, 0.75, -1.0]), np.array([0, 0, 1]), 2)]
    [[0.0, -1.0], [0.75, 0.0]]
    """
    least, most = np.zeros((2, count))
    np.minimum.at(least, series, sums)
    np.maximum.at(most, series, sums)
    return least, most


def least_saved(saved: FloatArray, series: IndexArray, outcomes: FloatArray) -> FloatArray:
    """Return for each series the outcome at which least is saved; of several the lowest.

    >>> least_saved(np.array([0.5, -0.5, 1.0]), np.array([0, 0, 1]), np.array([3.0, 4.0, 3.0])).tolist()
    [4.0, 3.0]
    """
    order = np.lexsort((outcomes, saved, series))
    return outcomes[order[np.flatnonzero(np.diff(series[order], prepend=-1))]]


def values_between(
    drawn: Sequence[Curves], series: IndexArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, IndexArray]:
    """Return for each series the points of its curves inside its range, and the middles between; and how many.

    They stand one series after the other.

    Args:
        drawn: The curves that the series drew; beside them those that they are held against, if any.
        series: The number of the series that drew each curve.
        low: The lower end of each series' range.
        high: The upper end.

    >>> from forecasts.curves import curves
    >>> drawn = [curves([[(2, 0.1), (4, 0.5)]])]
    >>> [found.tolist() for found in values_between(drawn, np.array([0]), np.array([0.0]), np.array([8.0]))]
    [[0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0], [7]]
    """
    every = np.arange(low.size)
    owner = np.concatenate([*(series[curves.owner] for curves in drawn), every, every])
    at = np.clip(np.concatenate([*(curves.at for curves in drawn), low, high]), low[owner], high[owner])
    order = np.lexsort((at, owner))
    at, owner = at[order], owner[order]
    new = np.append(True, (at[1:] != at[:-1]) | (owner[1:] != owner[:-1]))
    at, owner = at[new], owner[new]
    middle = np.append(at[1:] + at[:-1], 0.0) / 2
    goes_on = np.append(owner[1:] == owner[:-1], False)
    both = np.stack([at, middle], axis=1)[np.stack([np.ones_like(goes_on), goes_on], axis=1)]
    return both, 2 * np.bincount(owner) - 1


class Turns(NamedTuple):
    """The extremes of what is saved between outcomes, by series: shape (turns,) each.

    Attributes:
        saved: What is saved there.
        series: The number of the series.
        cell: The cell of :class:`Running` that stands at the left end of its parabola.
        place: How far from there to the right end, 0 to 1.
    """

    saved: FloatArray
    series: IndexArray
    cell: IndexArray
    place: FloatArray


def turning_points(running: Running, count: IndexArray) -> Turns:
    """Return the extremes of parabolas that are given by their ends and middles: outcomes left, middle, right, ...

    What is saved on a number is a parabola of its value between two points of its curves. One that does not turn
    between its ends is left out.

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
