"""Distributions drawn with points: many curves of cumulative chances in two flat columns.

A curve says how likely a number is at most some value, or a date at most some day, at a few points; between them it
runs in straight lines. Curves have different numbers of points, so a batch holds them one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import BoolArray, FloatArray, IndexArray, finite, probabilities, refuse

__all__ = ["Curves", "Segments", "curves", "in_own_list", "of_each", "segments", "within"]


class Curves(NamedTuple):
    """A batch of n curves.

    Attributes:
        at: The values or days of all points, one curve after the other, never falling within a curve, shape (points,).
        chance: The chance of at most that value or day, 0 to 1, never falling within a curve, shape (points,).
        size: How many points each curve has, shape (n,).
    """

    at: FloatArray
    chance: FloatArray
    size: IndexArray

    @property
    def owner(self) -> IndexArray:
        """The number of the curve that each point belongs to, shape (points,)."""
        return np.repeat(np.arange(self.size.size), self.size)

    def part(self, chosen: IndexArray) -> Curves:
        """Return some of the curves, in the order given."""
        places = within(self.size, chosen)
        return Curves(self.at[places], self.chance[places], self.size[chosen])


class Segments(NamedTuple):
    """The straight lines that curves are made of, shape (segments,) each.

    Attributes:
        owner: The number of the curve.
        left: Where the segment begins.
        right: Where it ends, not before it begins.
        low: The chance where it begins.
        high: The chance where it ends.
    """

    owner: IndexArray
    left: FloatArray
    right: FloatArray
    low: FloatArray
    high: FloatArray

    def chance_at(self, place: FloatArray) -> FloatArray:
        """Return the chance at one place for each segment; beyond the segment that of its nearer end.

        On a jump it is the chance before the jump.
        """
        width = self.right - self.left
        share = np.clip((place - self.left) / np.where(width > 0, width, 1.0), 0.0, 1.0)
        return np.asarray(self.low + (self.high - self.low) * share)

    def cut(self, first: FloatArray, last: FloatArray) -> Segments:
        """Return the parts of the segments between two ends, given for each; one outside has no width left."""
        if (self.left >= first).all() and (self.right <= last).all():  # as most curves over their whole range do
            return self
        left, right = np.clip(self.left, first, last), np.clip(self.right, first, last)
        high = np.where(right == self.right, self.high, self.chance_at(right))  # a jump keeps both its chances
        return Segments(self.owner, left, right, self.chance_at(left), high)

    def split(self, place: FloatArray) -> Segments:
        """Return the segments, cut in two where one holds the place of its curve inside; *place* has shape (n,)."""
        at = place[self.owner]
        inside = np.flatnonzero((self.left < at) & (at < self.right))
        cuts, part = at[inside], self.part(inside)
        chance = part.chance_at(cuts)
        right, high = self.right.copy(), self.high.copy()
        right[inside], high[inside] = cuts, chance
        added = part._replace(left=cuts, low=chance)
        columns = zip(self._replace(right=right, high=high), added, strict=True)
        return Segments._make(np.concatenate(column) for column in columns)

    def in_order(self) -> Segments:
        """Return the segments that have a width, by curve and place."""
        wide = self.part(self.left < self.right)
        return wide.part(np.lexsort((wide.left, wide.owner)))

    def part(self, chosen: IndexArray | BoolArray) -> Segments:
        """Return some of the segments."""
        return Segments._make(column[chosen] for column in self)


def curves(points: Iterable[Sequence[tuple[float, float]]]) -> Curves:
    """Return a batch of curves, each a list of points (value or day, chance of at most it).

    Raises ValueError for a curve without points, values or chances that fall, a chance outside 0 to 1, NaN, infinity.

    >>> curves([[(2, 0.1), (4, 0.5), (7, 0.9)], [(1, 0.5)]]).size.tolist()
    [3, 1]
    """
    listed = [list(curve) for curve in points]
    size = np.array([len(curve) for curve in listed], dtype=np.intp)
    refuse(size, size == 0, "number of points", "is too few; a curve needs one")
    at = finite([value for curve in listed for value, _ in curve], "value")
    chance = probabilities([share for curve in listed for _, share in curve], "chance")
    batch = Curves(at, chance, size)
    inside = np.diff(batch.owner, prepend=-1) == 0
    for column, name in ((at, "value"), (chance, "chance")):
        refuse(column, inside & (np.diff(column, prepend=0.0) < 0), name, "is below the one before it")
    return batch


def segments(batch: Curves, start: FloatArray, end: FloatArray) -> Segments:
    """Return the lines of each curve, completed to 0 at *start* and to 1 at *end*, which are given for each curve.

    If a point is at *start*, the curve jumps there from 0; if a point at *end* is below 1, it jumps there to 1. Points
    outside are kept: :meth:`Segments.cut` cuts them off.

    >>> lines = segments(curves([[(2, 0.1), (4, 0.5)]]), np.zeros(1), np.full(1, 10.0))
    >>> list(zip(lines.left.tolist(), lines.right.tolist(), lines.low.tolist(), lines.high.tolist()))
    [(0.0, 2.0, 0.0, 0.1), (2.0, 4.0, 0.1, 0.5), (4.0, 10.0, 0.5, 1.0)]
    """
    first = np.cumsum(batch.size) - batch.size
    left = np.empty(batch.at.size + batch.size.size)
    low, right, high = (np.empty_like(left) for _ in range(3))
    owner = np.repeat(np.arange(batch.size.size), batch.size + 1)
    points = np.arange(batch.at.size) + batch.owner  # the position of the segment that ends at each point
    right[points], high[points] = batch.at, batch.chance
    left[points + 1], low[points + 1] = batch.at, batch.chance
    opening, closing = first + np.arange(first.size), first + batch.size + np.arange(first.size)
    left[opening], low[opening] = np.minimum(start, batch.at[first]), 0.0
    right[closing], high[closing] = np.maximum(end, batch.at[first + batch.size - 1]), 1.0
    return Segments(owner, left, right, low, high)


def within(size: IndexArray, chosen: IndexArray) -> IndexArray:
    """Return the positions of all items of the *chosen* lists in a column of lists of these sizes, one after the other.

    >>> within(np.array([2, 3, 1]), np.array([2, 0])).tolist()
    [5, 0, 1]
    """
    first, taken = np.cumsum(size) - size, size[chosen]
    before = np.cumsum(taken) - taken
    return np.asarray(np.repeat(first[chosen] - before, taken) + np.arange(taken.sum()))


def in_own_list(size: IndexArray) -> IndexArray:
    """Return the position of each item in its own list, for lists of these sizes one after the other.

    >>> in_own_list(np.array([2, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    return np.asarray(np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size))


def of_each(batch: Curves, values: ArrayLike, name: str) -> FloatArray:
    """Return one finite number for each curve, from one for each or one for all; ValueError for another shape.

    >>> of_each(curves([[(2, 0.1)], [(3, 0.2)]]), 10, "high").tolist()
    [10.0, 10.0]
    """
    array = finite(values, name)
    if array.ndim and array.shape != batch.size.shape:
        raise ValueError(f"{name} has shape {array.shape}; there are {batch.size.size} curves")
    return np.asarray(np.broadcast_to(array, batch.size.shape))
