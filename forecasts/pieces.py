"""Hold pieces, the losses of forecasters on claims from a start to an end, as columns that are checked once.

Claims, forecasters and clusters are numbers from 0. A *stay* is a time in which a forecaster has pieces on a claim
without a gap: the forecast changes in it, but the forecaster stays. A *term* is a forecaster in a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts import inputs
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.paired_record import groups_of

__all__ = ["Claims", "Pieces", "blocks", "checked_pieces", "distinct_pairs", "flags", "in_stays", "summed"]

PIECE_ROWS = 1 << 15  # rows that go through all steps together
_SLACK = 1e-9  # shares of a window below this are rounding errors
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
        claim: The number of the claim of each stay, ascending, shape (stays,).
        forecaster: The number of its forecaster, shape (stays,).
        term: The number of its term, shape (stays,).
        owner: The number of the forecaster of each term, shape (terms,).
        weight: How much a piece of the term weighs for each share of its claim's window, shape (terms,).
        group: Whether each forecaster is one of those from whom means are taken, shape (forecasters,).
    """

    start: Moments
    end: Moments
    loss: FloatArray
    first: IndexArray
    claim: IndexArray
    forecaster: IndexArray
    term: IndexArray
    owner: IndexArray
    weight: FloatArray
    group: BoolArray

    @property
    def last(self) -> IndexArray:
        """The number of the last piece of each stay."""
        last = np.empty_like(self.first)
        np.subtract(self.first[1:], 1, out=last[:-1])
        last[-1:] = self.start.size - 1
        return last

    @property
    def stay(self) -> IndexArray:
        """The number of the stay of each piece."""
        return np.repeat(np.arange(self.first.size), np.diff(self.first, append=self.start.size))

    @property
    def alike(self) -> bool:
        """Whether all terms weigh 1, because no two claims are of one cluster."""
        return self.weight.strides == (0,)  # a single number repeated for all, as in_stays makes it then

    @property
    def stay_weight(self) -> FloatArray:
        """How much each stay weighs for each share of its claim's window."""
        return np.broadcast_to(1.0, self.term.shape) if self.alike else self.weight[self.term]

    def part(self, stays: slice) -> Pieces:
        """Return the pieces of a run of stays."""
        first, end = self.first[stays], self.first[stays.stop : stays.stop + 1]
        rows = slice(int(first[0]) if first.size else 0, int(end[0]) if end.size else None)
        return Pieces(
            self.start[rows], self.end[rows], self.loss[rows], first - rows.start, self.claim[stays],
            self.forecaster[stays], self.term[stays], self.owner, self.weight, self.group,
        )  # fmt: skip

    def on(self, claim: IndexArray) -> Pieces:
        """Return the pieces with the stays on other claims, given for each stay, and sorted by them."""
        order = np.argsort(claim, kind="stable")
        size = np.diff(self.first, append=self.start.size)[order]
        first = np.cumsum(size) - size
        row = np.repeat(self.first[order] - first, size) + np.arange(self.start.size)
        return Pieces(
            self.start[row], self.end[row], self.loss[row], first, claim[order], self.forecaster[order],
            self.term[order], self.owner, self.weight, self.group,
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


def checked_pieces(
    claim: ArrayLike, forecaster: ArrayLike, start: ArrayLike, end: ArrayLike, loss: ArrayLike,
    window: ArrayLike, cluster: ArrayLike, reference: ArrayLike, kind: ArrayLike | None,
) -> tuple[Pieces, Claims]:  # fmt: skip
    """Check the columns of :func:`forecasts.adjusted_skill.adjusted_skill`, and give each piece a term and a weight.

    The claims on which a forecaster stands in one cluster share a weight of 1 equally.

    >>> pieces, claims = checked_pieces([0, 1], [0, 0], [0, 0], [5, 5], [-0.2, 0.1], [5, 5], [0, 0], [True], None)
    >>> pieces.term.tolist(), pieces.weight.tolist(), claims.window.tolist()
    ([0, 0], [0.5], [5.0, 5.0])
    """
    lost, length = np.atleast_1d(inputs.finite(loss, "loss")), np.atleast_1d(inputs.finite(window, "window"))
    count, claims, group = lost.size, length.size, flags(reference, "reference")
    inputs.refuse(length, length <= 0, "window", "is not above 0")
    on = _numbers(claim, count, "claim", claims, f"has no window; there are {claims}, counted from 0")
    why = f"is not in reference, which has {group.size}, counted from 0"
    who = _numbers(forecaster, count, "forecaster", group.size, why)
    begins, ends = _moments(start, "start", count), _moments(end, "end", count)
    inputs.refuse(begins, begins > ends, "start", "is after its end")
    clusters = groups_of(np.asarray(cluster), claims, "cluster")
    kinds = groups_of(np.zeros(claims, np.intp) if kind is None else np.asarray(kind), claims, "kind")
    return in_stays(on, who, begins, ends, lost, length, clusters, group), Claims(
        length, clusters, kinds, np.zeros(claims, np.intp)
    )


def in_stays(
    claim: Numbers, forecaster: Numbers, start: Moments, end: Moments, loss: FloatArray,
    window: FloatArray, cluster: IndexArray, group: BoolArray,
) -> Pieces:  # fmt: skip
    """Sort checked columns into stays, unless they are sorted already, and give each term a weight.

    The second piece begins where the first ends, the third after a gap:

    >>> zero, one = np.zeros(3, np.intp), np.ones(1)
    >>> pieces = in_stays(zero, zero, np.array([0, 1, 3]), np.array([1, 2, 4]), np.zeros(3), 4 * one, zero[:1], one > 0)
    >>> pieces.stay.tolist(), pieces.term.tolist()
    ([0, 0, 1], [0, 0])
    """
    beginnings = _FirstRows.of(claim, forecaster, start, end)
    if not beginnings.rise:
        order = np.lexsort((end, start, forecaster, claim))
        claim, forecaster, loss = claim[order], forecaster[order], loss[order]
        start, end = start[order], end[order]
        beginnings = _FirstRows.of(claim, forecaster, start, end)
    first, begins = beginnings.pair, beginnings.stay
    on, who = (column.take(first).astype(np.intp, copy=False) for column in (claim, forecaster))
    _refuse_long(beginnings, start, end, window, on)
    forecast = np.bincount(on, minlength=cluster.size) > 0
    if np.bincount(cluster[forecast]).max(initial=0) <= 1:  # a claim each
        term, owner, weight = np.arange(on.size), who, np.broadcast_to(1.0, on.size)
    else:
        term, owner, _ = distinct_pairs(who, cluster[on])
        stood = _window_shares(start, end, first, window, on) > 0
        weight = 1 / np.maximum(np.bincount(term, stood), 1)
    if begins.size > first.size:  # some forecasters left a claim and came back
        pair = np.searchsorted(first, begins, side="right") - 1
        on, who, term = on[pair], who[pair], term[pair]
    return Pieces(start, end, loss, begins, on, who, term, owner, weight, group)


class _FirstRows(NamedTuple):
    """The rows with which a claim, a pair of claim and forecaster, and a stay begin; and whether all rows rise."""

    claim: IndexArray
    pair: IndexArray
    stay: IndexArray
    rise: bool

    @classmethod
    def of(cls, claim: Numbers, forecaster: Numbers, start: Moments, end: Moments) -> _FirstRows:
        """Find them by comparing each row with the one before, a block of rows at a time."""
        # Whole arrays, written at once: memory that is asked for bit by bit comes slowly.
        is_new_claim, is_new_pair, is_new_stay = (np.full(claim.size, True) for _ in range(3))
        rise, anybody_returns = True, False
        for block in blocks(max(claim.size - 1, 0)):
            with_next, following = slice(block.start, block.stop + 1), slice(block.start + 1, block.stop + 1)
            claim_step, forecaster_step = np.diff(claim[with_next]), np.diff(forecaster[with_next])
            wait = start[following] - end[block]
            is_new_claim[following] = claim_step != 0
            is_new_pair[following] = new_pair = (claim_step != 0) | (forecaster_step != 0)
            is_new_stay[following] = new_stay = new_pair | (wait != 0)
            anybody_returns |= not np.array_equal(new_pair, new_stay)
            in_order = (forecaster_step > 0) | (~new_pair & (wait >= 0))
            rise &= bool(((claim_step > 0) | ((claim_step == 0) & in_order)).all())
        pairs = np.flatnonzero(is_new_pair)
        return cls(np.flatnonzero(is_new_claim), pairs, np.flatnonzero(is_new_stay) if anybody_returns else pairs, rise)


def _refuse_long(beginnings: _FirstRows, start: Moments, end: Moments, window: FloatArray, on: IndexArray) -> None:
    """Raise ValueError if the pieces of one forecaster on a claim are longer together than its window.

    Args:
        beginnings: The rows with which claims and pairs begin.
        start: When each piece begins.
        end: When each piece ends.
        window: The length of each claim's window.
        on: The claim of each pair.
    """
    # If rows rise, nobody's pieces overlap: they are no longer than from the first to the last moment on the claim.
    if beginnings.rise and beginnings.claim.size:
        opens, closes = np.minimum.reduceat(start, beginnings.claim), np.maximum.reduceat(end, beginnings.claim)
        if ((closes - opens) / window[on[np.searchsorted(beginnings.pair, beginnings.claim)]] <= 1 + _SLACK).all():
            return
    share = _window_shares(start, end, beginnings.pair, window, on)
    inputs.refuse(on, share > 1 + _SLACK, "claim", "has pieces of one forecaster that are longer than its window")


def _window_shares(
    start: Moments, end: Moments, first: IndexArray, window: FloatArray, claim: IndexArray
) -> FloatArray:
    """Return for each group of pieces, from one row in *first* to the next, which share of its claim's window it takes.

    *claim* is the claim of each group, and *window* the length of each claim's window.
    """
    share, bounds = np.empty(first.size), np.append(first, start.size)
    for block in blocks(first.size):
        rows = slice(bounds[block.start], bounds[block.stop])
        share[block] = np.add.reduceat(end[rows] - start[rows], first[block] - rows.start) / window[claim[block]]
    return share


def distinct_pairs(first: IndexArray, second: IndexArray) -> tuple[IndexArray, IndexArray, IndexArray]:
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


def summed(label: IndexArray, values: FloatArray | BoolArray, size: int) -> FloatArray:
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


def _numbers(values: ArrayLike, count: int, name: str, size: int, why: str) -> Numbers:
    """Return a whole number from 0 for each piece, below a size or refused for this reason; small ones stay small."""
    given = np.asarray(values)
    if given.dtype != np.int32 or given.shape != (count,):
        given = groups_of(given, count, name)
    inputs.refuse(given, given < 0, name, "is not counted from 0")
    inputs.refuse(given, given >= size, name, why)
    return given


def _moments(values: ArrayLike, name: str, count: int) -> Moments:
    """Return moments as whole numbers if they are given so, else as floats; one for each piece."""
    given = np.atleast_1d(np.asarray(values))
    moments = given.astype(np.int64, copy=False) if given.dtype.kind == "i" else inputs.finite(values, name)
    if moments.shape != (count,):
        raise ValueError(f"{name} has shape {moments.shape} for {count} pieces; give one for each")
    return moments
