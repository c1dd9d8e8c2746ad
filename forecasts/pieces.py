"""Pieces: numbers that stand on claims from a start to an end, as columns, checked once.

The claims, forecasters and clusters are numbers from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts import inputs
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.paired_record import groups_of

__all__ = ["Claims", "Pieces", "checked_pieces", "distinct_pairs", "flags", "summed"]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Numbers that stand on claims, checked. The pieces of one forecaster on one claim do not overlap.

    Attributes:
        claim: The number of the claim of each piece, from 0, shape (n,).
        term: The number of its term: a forecaster in a cluster.
        start: When it begins to stand, on a clock of the claim's own.
        end: When it ceases to.
        loss: What it loses while it stands.
        owner: The number of the forecaster of each term, shape (terms,).
        weight: What a piece of the term weighs for each share of its claim's window.
        group: Whether each forecaster is one of those from whom means are taken, shape (forecasters,).
    """

    claim: IndexArray
    term: IndexArray
    start: NDArray[np.int64] | FloatArray
    end: NDArray[np.int64] | FloatArray
    loss: FloatArray
    owner: IndexArray
    weight: FloatArray
    group: BoolArray

    @property
    def forecaster(self) -> IndexArray:
        """The number of the forecaster of each piece."""
        return self.owner[self.term]


class Claims(NamedTuple):
    """The claims on which pieces stand, shapes (claims,): the length of the window, and numbers from 0."""

    window: FloatArray
    cluster: IndexArray
    kind: IndexArray
    part: IndexArray


def checked_pieces(
    claim: ArrayLike,
    forecaster: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    loss: ArrayLike,
    window: ArrayLike,
    cluster: ArrayLike,
    reference: ArrayLike,
    kind: ArrayLike | None,
) -> tuple[Pieces, Claims]:
    """Check the columns of :func:`forecasts.adjusted_skill.adjusted_skill`, and give each piece a term and a weight.

    A term is a forecaster in a cluster; the claims that it stands on there have equal parts of a weight of 1.

    >>> pieces, claims = checked_pieces([0, 1], [0, 0], [0, 0], [5, 5], [-0.2, 0.1], [5, 5], [0, 0], [True], None)
    >>> pieces.term.tolist(), pieces.weight.tolist(), claims.window.tolist()
    ([0, 0], [0.5], [5.0, 5.0])
    """
    lost, length = np.atleast_1d(inputs.finite(loss, "loss")), np.atleast_1d(inputs.finite(window, "window"))
    count, claims, group = lost.size, length.size, flags(reference, "reference")
    inputs.refuse(length, length <= 0, "window", "is not above 0")
    on, who = groups_of(np.asarray(claim), count, "claim"), groups_of(np.asarray(forecaster), count, "forecaster")
    inputs.refuse(on, on >= claims, "claim", f"has no window; there are {claims}, counted from 0")
    inputs.refuse(who, who >= group.size, "forecaster", f"is not in reference, which has {group.size}, counted from 0")
    begins, ends = _moments(start, "start", count), _moments(end, "end", count)
    inputs.refuse(begins, begins > ends, "start", "is after its end")
    clusters = groups_of(np.asarray(cluster), claims, "cluster")
    kinds = groups_of(np.zeros(claims, np.intp) if kind is None else np.asarray(kind), claims, "kind")

    pair, pair_claim, pair_who = distinct_pairs(on, who)
    share = np.bincount(pair, ends - begins) / length[pair_claim]
    inputs.refuse(pair_claim, share > 1 + 1e-9, "claim", "has pieces of one forecaster that are longer than its window")
    term, owner, _ = distinct_pairs(pair_who, clusters[pair_claim])
    weight = 1 / np.maximum(np.bincount(term, share > 0), 1)
    pieces = Pieces(on, term[pair], begins, ends, lost, owner, weight, group)
    return pieces, Claims(length, clusters, kinds, np.zeros(claims, np.intp))


def distinct_pairs(first: IndexArray, second: IndexArray) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Number the distinct pairs of two columns of whole numbers from 0: of each row, and what each pair is.

    >>> [part.tolist() for part in distinct_pairs(np.array([1, 0, 1]), np.array([5, 5, 5]))]
    [[1, 0, 1], [0, 1], [5, 5]]
    """
    width = int(second.max(initial=0)) + 1
    pairs, row = np.unique(first.astype(np.int64) * width + second, return_inverse=True)
    return row, pairs // width, pairs % width


def summed(label: IndexArray, values: FloatArray, size: int) -> FloatArray:
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


def _moments(values: ArrayLike, name: str, count: int) -> NDArray[np.int64] | FloatArray:
    """Return moments as whole numbers if they are given so, else as floats; one for each piece."""
    given = np.atleast_1d(np.asarray(values))
    moments = given.astype(np.int64, copy=False) if given.dtype.kind == "i" else inputs.finite(values, name)
    if moments.shape != (count,):
        raise ValueError(f"{name} has shape {moments.shape} for {count} pieces; give one for each")
    return moments
