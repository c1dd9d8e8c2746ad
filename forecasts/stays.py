"""Bring pieces into the order of stays: check columns once, and find where claims, forecasters and stays begin."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.paired_record import groups_of
from forecasts.pieces import Claims, Moments, Numbers, Pieces, blocks, distinct_pairs, flags, sizes

__all__ = ["checked_pieces", "in_stays"]

_SLACK = 1e-9  # shares of a window below this are rounding errors


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
    >>> pieces.first.tolist(), pieces.term.tolist()
    ([0, 2], [0, 0])
    """
    rows = _FirstRows.of(claim, forecaster, start, end)
    if rows.backwards:
        inputs.refuse(start, start > end, "start", "is after its end")
    if not rows.rise:
        order = np.lexsort((end, start, forecaster, claim))
        claim, forecaster, loss = claim[order], forecaster[order], loss[order]
        start, end = start[order], end[order]
        rows = _FirstRows.of(claim, forecaster, start, end)
    first, inner, opening = rows.pair, rows.inner, rows.opening
    claims, who = claim[first[opening]].astype(np.intp), rows.forecaster
    _refuse_long(rows, start, end, window, claims)
    term, owner, weight = None, who, np.broadcast_to(1.0, who.size)
    if np.bincount(cluster[claims]).max(initial=0) > 1:  # not a claim each
        on = np.repeat(claims, sizes(opening, first.size))
        term, owner, _ = distinct_pairs(who, cluster[on])
        stood = _window_shares(start, end, first, window, on) > 0
        weight = 1 / np.maximum(np.bincount(term, stood), 1)
    if rows.returns.size:
        begins = np.sort(np.concatenate((first, rows.returns)))
        pair = np.searchsorted(first, begins, side="right") - 1
        who, term = who[pair], pair if term is None else term[pair]
        first, inner, opening = begins, np.setdiff1d(inner, begins), np.searchsorted(begins, first[opening])
    return Pieces(start, end, loss, first, inner, who, claims, opening, term, owner, weight, group)


class _FirstRows(NamedTuple):
    """The rows with which pairs of claim and forecaster begin, in order, and stays; and what was seen on the way.

    Attributes:
        pair: The first row of each pair.
        inner: All other rows.
        forecaster: The forecaster of each pair.
        opening: The number of the first pair of each claim.
        returns: The rows at which somebody comes back to a claim.
        rise: Whether all rows are in order.
        backwards: Whether any ends before it starts.
    """

    pair: Numbers
    inner: Numbers
    forecaster: Numbers
    opening: IndexArray
    returns: IndexArray
    rise: bool
    backwards: bool

    @classmethod
    def of(cls, claim: Numbers, forecaster: Numbers, start: Moments, end: Moments) -> _FirstRows:
        """Find them by comparing each row with the one before, a block of rows at a time."""
        any_row = min(claim.size, 1)
        pair, inner = np.zeros((2, claim.size), np.int32 if claim.size < 2**31 else np.int64)
        who = np.zeros(claim.size, forecaster.dtype)
        who[:any_row] = forecaster[:any_row]
        pairs, inners, opening, returns = any_row, 0, [np.zeros(any_row, np.intp)], [np.zeros(0, np.intp)]
        rise, backwards = True, bool((start[:1] > end[:1]).any())
        for block in blocks(max(claim.size - 1, 0)):
            with_next, following = slice(block.start, block.stop + 1), slice(block.start + 1, block.stop + 1)
            on, by, offset = claim[with_next], forecaster[with_next], following.start
            is_new_claim, is_new_forecaster = on[1:] != on[:-1], by[1:] != by[:-1]
            is_new = is_new_claim | is_new_forecaster
            new, same = np.flatnonzero(is_new), np.flatnonzero(~is_new)
            wait = start[following][same] - end[block][same]
            in_order = (on[1:] > on[:-1]) | ~is_new_claim & (by[1:] >= by[:-1])
            rise &= bool(in_order.all() and wait.min(initial=0) >= 0)
            backwards |= bool((start[following] > end[following]).any())
            opening.append(np.flatnonzero(is_new_claim[new]) + pairs)
            returns.append(same[wait != 0] + offset)
            pair[pairs : pairs + new.size], inner[inners : inners + same.size] = new + offset, same + offset
            who[pairs : pairs + new.size] = by[1:][new]
            pairs, inners = pairs + new.size, inners + same.size
        columns = pair[:pairs], inner[:inners], who[:pairs], np.concatenate(opening), np.concatenate(returns)
        return cls(*columns, rise, backwards)


def _refuse_long(rows: _FirstRows, start: Moments, end: Moments, window: FloatArray, claims: IndexArray) -> None:
    """Raise ValueError if the pieces of one forecaster on a claim are longer together than its window.

    Args:
        rows: Where claims and pairs begin.
        start: When each piece begins.
        end: When each piece ends.
        window: The length of each claim's window.
        claims: The claims that have pieces.
    """
    # If rows rise, nobody's pieces overlap: they are no longer than from the first to the last moment on the claim.
    if rows.rise and claims.size:
        first = rows.pair[rows.opening]
        opens, closes = np.minimum.reduceat(start, first), np.maximum.reduceat(end, first)
        if ((closes - opens) / window[claims] <= 1 + _SLACK).all():
            return
    on = np.repeat(claims, sizes(rows.opening, rows.pair.size))
    share = _window_shares(start, end, rows.pair, window, on)
    inputs.refuse(on, share > 1 + _SLACK, "claim", "has pieces of one forecaster that are longer than its window")


def _window_shares(start: Moments, end: Moments, first: Numbers, window: FloatArray, claim: IndexArray) -> FloatArray:
    """Return for each group of pieces, from one row in *first* to the next, which share of its claim's window it takes.

    *claim* is the claim of each group, and *window* the length of each claim's window.
    """
    share, bounds = np.empty(first.size), np.append(first, start.size)
    for block in blocks(first.size):
        rows = slice(bounds[block.start], bounds[block.stop])
        share[block] = np.add.reduceat(end[rows] - start[rows], first[block] - rows.start) / window[claim[block]]
    return share


def _numbers(values: ArrayLike, count: int, name: str, size: int, why: str) -> Numbers:
    """Return a whole number from 0 for each piece, below a size or refused for this reason; small ones stay small."""
    given = np.asarray(values)
    if given.dtype != np.int32 or given.shape != (count,):
        given = groups_of(given, count, name)
    if given.min(initial=0) < 0 or given.max(initial=0) >= size:
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
