"""Hold pieces, the losses of forecasters on claims from a start to an end, as columns.

Claims, forecasters and clusters are numbers from 0. A *stay* is a time in which a forecaster has pieces on a claim
without a gap: the forecast changes in it, but the forecaster stays. A *term* is a forecaster in a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray

__all__ = ["Claims", "Pieces", "blocks", "distinct_pairs", "flags", "sizes", "summed"]

PIECE_ROWS = 1 << 15  # rows that go through all steps together
Moments = NDArray[np.int64] | FloatArray
Numbers = NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Checked pieces by stay and by time. No two stays of a forecaster on a claim overlap.

    Attributes:
        start: When each piece begins, on a clock of its claim, shape (n,).
        end: When it ends, shape (n,).
        loss: The loss of the forecaster in that time, shape (n,).
        first: The number of the first piece of each stay, shape (stays,).
        inner: The numbers of all other pieces.
        forecaster: The number of the forecaster of each stay, shape (stays,).
        claims: The numbers of the claims on which anybody stands, ascending.
        opening: The number of the first stay on each of these.
        term: The number of the term of each stay, shape (stays,); None if each stay is a term of its own.
        owner: The number of the forecaster of each term, shape (terms,).
        weight: How much a piece of the term weighs for each share of its claim's window, shape (terms,).
        group: Whether each forecaster is one of those from whom means are taken, shape (forecasters,).
    """

    start: Moments
    end: Moments
    loss: FloatArray
    first: Numbers
    inner: Numbers
    forecaster: Numbers
    claims: IndexArray
    opening: IndexArray
    term: IndexArray | None
    owner: Numbers
    weight: FloatArray
    group: BoolArray

    @property
    def last(self) -> Numbers:
        """The number of the last piece of each stay."""
        last = np.empty_like(self.first)
        np.subtract(self.first[1:], 1, out=last[:-1])
        last[-1:] = self.start.size - 1
        return last

    @property
    def stays_of_claim(self) -> IndexArray:
        """How many stays each of the claims has."""
        return sizes(self.opening, self.first.size)

    @property
    def claim(self) -> IndexArray:
        """The number of the claim of each stay."""
        return np.repeat(self.claims, self.stays_of_claim)

    @property
    def alike(self) -> bool:
        """Whether all terms weigh 1, because no two claims are of one cluster."""
        return self.weight.strides == (0,)  # a single number repeated for all, as in_stays makes it then

    @property
    def stay_weight(self) -> FloatArray:
        """How much each stay weighs for each share of its claim's window."""
        if self.alike or self.term is None:
            return np.broadcast_to(1.0, self.first.shape)
        return self.weight[self.term]

    def part(self, claims: slice) -> Pieces:
        """Return the pieces on a run of the claims."""
        opening = self.opening[claims]
        stays = slice(int(opening[0]), int(np.append(self.opening, self.first.size)[claims.stop]))
        own = slice(int(self.first[stays.start]), int(np.append(self.first[stays.stop :][:1], self.start.size)[0]))
        inner_rows = slice(own.start - stays.start, own.stop - stays.stop)
        first, inner = (rows.astype(np.intp) - own.start for rows in (self.first[stays], self.inner[inner_rows]))
        return Pieces(
            self.start[own], self.end[own], self.loss[own], first, inner, self.forecaster[stays],
            self.claims[claims], opening - stays.start, None if self.term is None else self.term[stays],
            self.owner, self.weight, self.group,
        )  # fmt: skip

    def on(self, claim: IndexArray) -> Pieces:
        """Return the pieces with the stays on other claims, given for each stay, and sorted by them."""
        order = np.argsort(claim, kind="stable")
        size = sizes(self.first, self.start.size)[order]
        first = np.cumsum(size) - size
        row = np.repeat(self.first[order] - first, size) + np.arange(self.start.size)
        inner = np.delete(np.arange(row.size), first)
        claims, opening = np.unique(claim[order], return_index=True)
        who, term = self.forecaster[order], None if self.term is None else self.term[order]
        return Pieces(
            self.start[row], self.end[row], self.loss[row], first, inner, who, claims, opening,
            term, who if term is None else self.owner, self.weight, self.group,
        )  # fmt: skip


class Claims(NamedTuple):
    """The claims of some pieces: shape (claims,) each.

    Attributes:
        window: The length of the scheduled window, on the clock of the claim.
        cluster: The number of the cluster, from 0.
        kind: The number of the kind of claim, from 0.
        part: The number of the part of forecasters who are compared on it, from 0; -1 if none are.
    """

    window: FloatArray
    cluster: IndexArray
    kind: IndexArray
    part: IndexArray


def sizes(first: Numbers, size: int) -> IndexArray:
    """Return how many rows each group has, given the first row of each and the number of all rows.

    >>> sizes(np.array([0, 2]), 5).tolist()
    [2, 3]
    """
    size_of = np.empty(first.size, np.intp)
    np.subtract(first[1:], first[:-1], out=size_of[:-1])
    size_of[-1:] = size - first[-1:]
    return size_of


def distinct_pairs(first: Numbers, second: IndexArray) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Number the distinct pairs of two columns of whole numbers from 0.

    Return the number of each row's pair, then the first and the second number of each pair.

    >>> [part.tolist() for part in distinct_pairs(np.array([1, 0, 1]), np.array([5, 5, 5]))]
    [[1, 0, 1], [0, 1], [5, 5]]
    """
    width = int(second.max(initial=0)) + 1
    pairs, row = np.unique(first.astype(np.int64) * width + second, return_inverse=True)
    return row, pairs // width, pairs % width


def blocks(size: int) -> Iterator[slice]:
    """Cut so many rows into blocks that fit the processor's cache.

    >>> [(block.start, block.stop) for block in blocks(40_000)]
    [(0, 32768), (32768, 40000)]
    """
    return (slice(start, min(start + PIECE_ROWS, size)) for start in range(0, size, PIECE_ROWS))


def summed(label: Numbers, values: FloatArray | BoolArray, size: int) -> FloatArray:
    """Sum up values by a label of each, from 0.

    >>> summed(np.array([0, 2, 0]), np.array([0.5, 1.0, 0.25]), 3).tolist()
    [0.75, 0.0, 1.0]
    """
    return np.asarray(np.bincount(label, values, size), dtype=np.float64)


def flags(values: ArrayLike, name: str, count: int | None = None) -> BoolArray:
    """Return a row of True and False, of the length that is wanted.

    >>> flags([True, False], "reference").tolist()
    [True, False]
    """
    row = np.atleast_1d(np.asarray(values))
    if row.dtype.kind != "b" or row.ndim > 1 or count not in (None, row.size):
        raise ValueError(f"{name} must be True or False for each forecaster; it has {row.size} values: {row.dtype}")
    return row
