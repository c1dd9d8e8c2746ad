"""Who stands together at every moment of a claim, by one sort of starts and ends: exact, without a grid of times.

At each event (a stay begins or ends) the company changes; between two events it stays as it is. So a running sum over
the events of a claim gives the weighted sum of anything over those who stand, and a sum of what remains from an event
to the last one of its claim gives the integral over time. For a stay the integral is what remains at its start less
what remains at its end. Most stays end with their claim: all these ends are one event, the closing, at which the
running sum is put back to 0 and nothing remains.

What a forecaster loses changes more often than the company does. These changes are gone through once, and summed up
between two events. Claims go through all of this in blocks that fit the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.pieces import Claims, Moments, Pieces, summed

__all__ = ["Sweep", "sweep"]

_BLOCK = 1 << 15  # pieces that go through all steps together
_FULL = 2.0**63 * (1 - 1e-9)  # keys of more than this do not fit into 64 bits


class _Spans(NamedTuple):
    """The numbers of the first and of the last event of each claim with a piece."""

    opening: IndexArray
    closing: IndexArray

    @classmethod
    def until(cls, closing: IndexArray) -> _Spans:
        return cls(np.append(-1, closing)[:-1] + 1, closing)

    @property
    def size(self) -> IndexArray:
        """How many events each claim has."""
        return self.closing - self.opening + 1

    def summed(self, values: FloatArray) -> FloatArray:
        """Sum up a value of each event by claim."""
        return _until_next(values, self.opening)

    def standing(self, gained: FloatArray) -> FloatArray:
        """Turn what each event adds into the sum over those who stand after it, in place; 0 after a closing."""
        gained[self.closing] = -self.summed(gained)
        return np.cumsum(gained, out=gained)

    def remaining(self, pace: FloatArray) -> FloatArray:
        """Return what remains of a pace from each event to the last one of its claim, where it is 0."""
        rest = np.zeros(pace.size)
        np.negative(pace[:-1], out=rest[1:])
        rest[self.opening] = self.summed(pace)
        return np.cumsum(rest, out=rest)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """The events of a block of claims, by claim, then by time; shapes (events,) unless said otherwise.

    Within the block, claims and stays are counted from 0.

    Attributes:
        stays: Which stays of all are those of the block.
        claims: Which claims of all, shape (claims,).
        spans: Which of the events belong to one claim.
        stay: The number of the stay that begins or ends; at a closing any.
        gain: Its weight, negative at its end, 0 at a closing.
        inside: The same, 0 for stays of forecasters outside the group.
        lapse: The share of the claim's window until the next event in which at least two of the group stand.
        rate: The same divided by the weight of the group that stands.
        cost: The mean loss of the group, times the lapse.
        compared: The sum of the lapses in each stay, shape (stays,).
        lost: What each stay loses over them, not weighted.
        apart: The squares of losses from their mean, weighted, times the lapse; empty unless asked for.
    """

    stays: slice
    claims: IndexArray
    spans: _Spans
    stay: IndexArray
    gain: FloatArray
    inside: FloatArray
    lapse: FloatArray
    rate: FloatArray
    cost: FloatArray
    compared: FloatArray
    lost: FloatArray
    apart: FloatArray

    @property
    def claim(self) -> IndexArray:
        """The number of the claim of each event."""
        return np.repeat(np.arange(self.claims.size), self.spans.size)

    def of_group(self) -> Sweep:
        """Return the events of the group alone, and the first and last of each claim.

        With nobody else there, nothing changes between two of them: what happens until the next event, of those left
        out too, is summed up at the event kept before it.
        """
        kept = self.inside != 0
        for ends in self.spans:
            kept[ends] = True
        if kept.all():
            return self
        at = np.flatnonzero(kept)
        lapse, rate, cost = (_until_next(pace, at) for pace in (self.lapse, self.rate, self.cost))
        apart = _until_next(self.apart, at) if self.apart.size else self.apart
        return replace(
            self, spans=_Spans.until(np.searchsorted(at, self.spans.closing)), stay=self.stay[at], gain=self.gain[at],
            inside=self.inside[at], lapse=lapse, rate=rate, cost=cost, apart=apart,
        )  # fmt: skip

    def scaled(self, claims: FloatArray, stays: FloatArray) -> Sweep:
        """Multiply all losses: those of the group by a number for each claim, a stay's own by one for each stay."""
        return replace(self, cost=self.cost * claims[self.claim], lost=self.lost * stays)

    def total(self, values: FloatArray) -> FloatArray:
        """Return the sum of a value of each event's stay over those of the group who stand, weighted."""
        return self.spans.standing(self.inside * values)

    def mean(self, values: FloatArray) -> FloatArray:
        """Return the mean over the group of a value of each event's stay, times the lapse: a pace."""
        total = self.total(values)
        return np.multiply(total, self.rate, out=total)

    def collected(self, pace: FloatArray, *, group: bool = False) -> FloatArray:
        """Sum up for each stay what was gained while it lasted, times its weight.

        Args:
            pace: What is gained from each event until the next, by anything.
            group: Whether stays outside the group are left out.
        """
        rest = self.spans.remaining(pace)
        np.multiply(rest, self.inside if group else self.gain, out=rest)
        return summed(self.stay, rest, self.lost.size)

    def gathered(self, pace: FloatArray, who: IndexArray, size: int) -> FloatArray:
        """Sum up the same of the group by a label of each event's stay, from 0."""
        rest = self.spans.remaining(pace)
        return summed(who, np.multiply(rest, self.inside, out=rest), size)


class _Changes(NamedTuple):
    """Whatever changes: first the pieces that begin, then the stays that end before their claim, then the closings."""

    moment: Moments
    stay: IndexArray  # any at a closing
    jump: FloatArray  # by how much it alters what the stay loses, which is nothing before it begins
    event: BoolArray  # whether somebody comes or goes, or the claim closes; else only a number changes
    early: IndexArray  # the stays that end before their claim
    opens: Moments  # of each claim
    closes: Moments


class _Line(NamedTuple):
    """The changes of a block of claims in time."""

    order: IndexArray  # of the changes, by claim and by time
    at: IndexArray  # which of them are events, in that order
    until: FloatArray  # the time from each to the next
    spans: _Spans

    def standing(self, jump: FloatArray) -> FloatArray:
        """Return the sum over those who stand after each change, of what each change alters."""
        return self.spans.standing(jump[self.order])

    def summed(self, values: FloatArray) -> FloatArray:
        """Sum up a value of each change, in time, from each event until the next."""
        return _until_next(values, self.at)

    def remaining(self, pace: FloatArray) -> FloatArray:
        """Return what remains after each change of a pace that each event sets."""
        rest, changes = np.empty(self.order.size), np.diff(np.append(self.at, self.order.size))
        rest[self.order] = self.spans.remaining(self.until * np.repeat(pace, changes))
        return rest


def sweep(pieces: Pieces, claims: Claims, *, apart: bool = False) -> list[Sweep]:
    """Sort the starts and ends of stays, find out how long each company stays together, and sum up what it loses.

    Args:
        pieces: What stands when.
        claims: The claims.
        apart: Whether the squares of losses are wanted.

    Returns:
        A sweep of each block of claims.

    Two stand together in the second half of the claim:

    >>> one, two, zero = np.zeros(2, np.intp), np.arange(2), np.zeros(1, np.intp)
    >>> pieces = Pieces(np.array([0, 2]), np.array([4, 4]), np.zeros(2), two, one, two, two, np.ones(2), two >= 0)
    >>> (block,) = sweep(pieces, Claims(np.array([4.0]), zero, zero, zero))
    >>> block.lapse.tolist(), block.collected(block.lapse).tolist()
    ([0.0, 0.5, 0.0], [0.5, 0.5])
    """
    return [_swept(pieces.part(stays), stays, claims.window, apart) for stays in _whole_claims(pieces)]


def _whole_claims(pieces: Pieces) -> Iterator[slice]:
    """Yield blocks of stays that divide no claim; claims come nearly in order.

    They have about _BLOCK pieces, or as many as there are forecasters, since each block is summed up by forecaster.
    """
    claim, size, wanted = pieces.claim, pieces.start.size, max(_BLOCK, pieces.group.size)
    following = np.minimum.accumulate(claim[::-1])[::-1][1:]
    cuts = np.append(np.flatnonzero(np.maximum.accumulate(claim)[:-1] < following) + 1, claim.size)
    chosen = np.searchsorted(np.append(pieces.first, size)[cuts], np.arange(wanted, size, wanted))
    cuts = np.unique(np.concatenate(([0], cuts[chosen], [claim.size])))
    return (slice(start, end) for start, end in pairwise(cuts.tolist()))


def _swept(pieces: Pieces, stays: slice, windows: FloatArray, apart: bool) -> Sweep:
    """Sweep a block of whole claims, of which it has these stays."""
    claims, number = np.unique(pieces.claim, return_inverse=True)
    pieces, window = replace(pieces, claim=number), windows[claims]
    found = _all_changes(pieces, window.size)
    line = _in_time(found, pieces.claim)
    change = line.order[line.at]
    stay, closes = found.stay[change], change >= line.order.size - window.size
    spans, weight = _Spans.until(np.flatnonzero(closes)), pieces.weight[pieces.term]
    gain = np.where(change < pieces.start.size, weight[stay], np.where(closes, 0.0, -weight[stay]))
    weight = weight * pieces.group[pieces.forecaster]
    inside = gain if pieces.group.all() else np.where(weight[stay] > 0, gain, 0.0)
    length = line.summed(line.until)
    met = (spans.standing(np.sign(inside)) > 1) & (length > 0)
    each = met / np.repeat(window, spans.size)
    mean = each / np.where(met, spans.standing(inside.copy()), 1.0)

    lost, squares = line.standing(weight[found.stay] * found.jump), np.zeros(0)
    if apart:
        both = line.standing(weight[found.stay] * _jumps(pieces.loss**2, pieces, found.early, window.size))
        squares = line.summed(both * line.until) * each - line.summed(lost**2 * line.until) * mean
    rest = line.remaining(each)
    compared, gone = rest[pieces.first], found.jump * rest
    own = _until_next(gone[: pieces.start.size], pieces.first)
    ends = slice(pieces.start.size, -window.size)
    compared[found.early] -= rest[ends]
    own[found.early] += gone[ends]
    cost = line.summed(lost * line.until) * mean
    lapse, rate = each * length, mean * length
    return Sweep(stays, claims, spans, stay, gain, inside, lapse, rate, cost, compared, own, squares)


def _all_changes(pieces: Pieces, claims: int) -> _Changes:
    """Return everything that changes on a block of claims, unsorted."""
    claim, begins, ends = pieces.claim, pieces.start[pieces.first], pieces.end[pieces.last]
    opens, closes = np.empty(claims, begins.dtype), np.empty(claims, ends.dtype)
    opens[claim], closes[claim] = begins, ends
    np.minimum.at(opens, claim, begins)
    np.maximum.at(closes, claim, ends)
    early = np.flatnonzero(ends < closes[claim])
    event = np.ones(pieces.start.size + early.size + claims, np.bool_)
    event[: pieces.start.size] = False
    event[pieces.first] = True
    return _Changes(
        cast(Moments, np.concatenate((pieces.start, ends[early], closes))),
        np.concatenate((pieces.stay, early, np.zeros(claims, np.intp))),
        _jumps(pieces.loss, pieces, early, claims),
        event,
        early,
        cast(Moments, opens),
        cast(Moments, closes),
    )


def _jumps(loss: FloatArray, pieces: Pieces, early: IndexArray, claims: int) -> FloatArray:
    """Return by how much each change alters what its stay loses, which is nothing before it begins."""
    before = np.append(0.0, loss)[:-1]
    before[pieces.first] = 0.0
    return np.concatenate((loss - before, -loss[pieces.last[early]], np.zeros(claims)))


def _in_time(found: _Changes, claim: IndexArray) -> _Line:
    """Bring changes in order by claim and by time, each closing after whatever happens at its moment."""
    order = _order(found, claim)
    at = np.flatnonzero(found.event[order])
    closing = at[order[at] >= order.size - found.closes.size]
    moment = found.moment[order]
    until = np.append(np.diff(moment), 0)[: moment.size].astype(np.float64)
    until[closing] = 0.0
    return _Line(order, at, until, _Spans.until(closing))


def _order(found: _Changes, claim: IndexArray) -> IndexArray:
    """Return the order of changes, given the claim of each stay."""
    claims = found.closes.size
    if found.moment.dtype.kind == "i":  # one whole number for both sorts much faster than two columns
        length = found.closes - found.opens + 2
        if length.sum(dtype=np.float64) < _FULL:
            offset = np.cumsum(length) - length - found.opens
            key = found.moment + offset[claim][found.stay] if claims else found.moment
            key[-claims:] = found.closes + offset + 1
            return np.argsort(key)
    on = np.append(claim[found.stay[:-claims]], np.arange(claims))
    return np.lexsort((np.arange(on.size) >= on.size - claims, found.moment, on))


def _until_next(pace: FloatArray, at: IndexArray) -> FloatArray:
    """Sum up a pace from each of some events to the next of them."""
    return np.add.reduceat(pace, at) if at.size else pace
