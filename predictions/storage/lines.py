"""The lines of many distributions in one array: shares of options, points of curves, or chances by days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.curves import within


class Lines(NamedTuple):
    """The lines of some distributions.

    Attributes:
        at: The value of each line, or its day since 1970; 0 for a share, which belongs to the option at its position.
        chance: The share of the option, or the chance of at most that value.
        size: The number of lines of each distribution.
    """

    at: NDArray[np.float64]
    chance: NDArray[np.float64]
    size: NDArray[np.int64]

    @classmethod
    def of_one(cls, pairs: Sequence[tuple[float, float]]) -> Lines:
        """Return the lines of one distribution, values or days with their chances."""
        at, chance = (np.array(column, np.float64) for column in zip(*pairs, strict=True))
        return cls(at, chance, np.array([len(pairs)]))

    def part(self, chosen: NDArray[np.int64]) -> Lines:
        """Return the distributions with the *chosen* numbers, in that order."""
        if chosen.size and (np.diff(chosen) == 1).all():  # a run, as of a block
            if chosen.size == self.size.size:
                return self
            start = int(self.size[: chosen[0]].sum())
            size = self.size[chosen[0] : chosen[-1] + 1]
            run = slice(start, start + int(size.sum()))
            return Lines(self.at[run], self.chance[run], size)
        places = within(self.size, chosen)
        return Lines(self.at[places], self.chance[places], self.size[chosen])

    def owner(self) -> NDArray[np.int64]:
        """Return the number of the distribution that each line belongs to."""
        return np.repeat(np.arange(self.size.size), self.size)

    def of_each(self) -> list[list[tuple[float, float]]]:
        """List the lines of each distribution."""
        pairs = list(zip(self.at.tolist(), self.chance.tolist(), strict=True))
        ends = np.cumsum(self.size).tolist()
        return [pairs[end - size : end] for end, size in zip(ends, self.size.tolist(), strict=True)]

    def rises(self) -> NDArray[np.bool_]:
        """Return for each distribution whether its values rise and its chances do not fall."""
        return without_faults((self.at[1:] <= self.at[:-1]) | (self.chance[1:] < self.chance[:-1]), self.size)

    def sums(self) -> NDArray[np.float64]:
        """Return the sum of the chances of each distribution."""
        return np.bincount(self.owner(), self.chance, minlength=self.size.size).astype(np.float64)


NO_LINES = Lines(np.zeros(0), np.zeros(0), np.zeros(0, np.int64))


def without_faults(faults: NDArray[np.bool_], size: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which distributions of these sizes have no fault between two of their lines.

    *faults* tells for each line but the last whether there is one between it and the next; each has a line at least.

    >>> without_faults(np.array([False, True, True]), np.array([2, 2])).tolist()
    [True, False]
    """
    end, faults = np.cumsum(size), faults.copy()
    faults[end[:-1] - 1] = False  # between the last line of one and the first of the next there is none
    sound = np.ones(size.size, np.bool_)
    sound[np.searchsorted(end, np.flatnonzero(faults), "right")] = False
    return sound


def lined_up(pieces: Iterable[Lines]) -> Lines:
    """Join the lines of several pieces."""
    parts = [piece for piece in pieces if piece.size.size]
    if len(parts) < 2:
        return parts[0] if parts else NO_LINES
    return Lines._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
