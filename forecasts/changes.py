"""Whatever changes on claims, in the order of time: somebody comes or goes, a number changes, a claim closes.

Running sums over the changes of a claim are put back to 0 at its closing, so that one pass sums up many claims.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import FloatArray, IndexArray
from forecasts.pieces import Moments, Pieces, summed

__all__ = ["Changes", "Course", "Spans", "sizes"]

ComplexArray = NDArray[np.complex128]
Sums = TypeVar("Sums", FloatArray, ComplexArray)

_KEYS_AT_MOST = 2.0**63 * (1 - 1e-9)  # keys of more than this do not fit into 64 bits


class Spans(NamedTuple):
    """The numbers of the first and of the last event of each claim with a piece."""

    opening: IndexArray
    closing: IndexArray

    @classmethod
    def of(cls, size: IndexArray) -> Spans:
        """Return the spans of claims that have so many events."""
        end = np.cumsum(size)
        return cls(end - size, end - 1)

    @property
    def size(self) -> IndexArray:
        """How many events each claim has."""
        return self.closing - self.opening + 1

    def summed(self, values: FloatArray) -> FloatArray:
        """Sum up a value of each event by claim."""
        return np.add.reduceat(values, self.opening)

    def standing(self, gained: Sums) -> Sums:
        """Turn what each event adds into the sum over those who stand after it, in place; 0 after a closing."""
        gained[self.closing] = -np.add.reduceat(gained, self.opening)
        return np.cumsum(gained, out=gained)

    def remaining(self, pace: Sums) -> Sums:
        """Turn a pace into what remains of it from each event to the last one of its claim, in place; there it is 0."""
        pace[self.closing[:-1]] = -np.add.reduceat(pace, self.opening)[1:]
        np.cumsum(pace[::-1], out=pace[::-1])
        return pace


class Changes(NamedTuple):
    """Whatever changes: first the pieces that begin, then the stays that end before their claim, then the closings."""

    pieces: Pieces
    stay: IndexArray  # of each piece
    last: IndexArray  # the last piece of each stay
    early: IndexArray  # the stays that end before their claim
    on: IndexArray  # the claim of each
    opens: Moments  # of each claim
    closes: Moments
    each: IndexArray  # how many pieces each claim has
    stays: IndexArray  # how many stays

    @classmethod
    def of(cls, pieces: Pieces, rises: IndexArray) -> Changes:
        """Return everything that changes on a block of claims, unsorted.

        Args:
            pieces: The pieces.
            rises: The first stay of each claim.
        """
        first, stays = pieces.first[rises], sizes(rises, pieces.claim.size)
        opens, closes = np.minimum.reduceat(pieces.start, first), np.maximum.reduceat(pieces.end, first)
        last = pieces.last
        early = np.flatnonzero(pieces.end[last] < np.repeat(closes, stays))
        on = np.searchsorted(rises, early, side="right") - 1
        each = sizes(first, pieces.start.size)
        return cls(pieces, pieces.stay, last, early, on, cast(Moments, opens), cast(Moments, closes), each, stays)

    @property
    def size(self) -> int:
        """How many there are."""
        return self.pieces.start.size + self.early.size + self.opens.size

    @property
    def ends(self) -> slice:
        """Which of them are ends of a stay before its claim."""
        return slice(self.pieces.start.size, self.pieces.start.size + self.early.size)

    def ends_among(self, change: IndexArray) -> IndexArray:
        """Return which of some changes are ends of a stay before its claim."""
        if not self.early.size:
            return self.early
        return np.flatnonzero((change >= self.ends.start) & (change < self.ends.stop))

    def altered(self, weight: FloatArray, loss: FloatArray) -> ComplexArray:
        """Return how each changes the weight of those who stand, and, times *i*, what they lose together, weighted.

        Args:
            weight: Of each stay.
            loss: Of each piece.
        """
        first, last = self.pieces.first, self.last[self.early]
        altered = np.zeros(self.size, np.complex128)
        come, lost = altered.real, altered.imag
        come[first], come[self.ends] = weight, -weight[self.early]
        lost[: loss.size] = loss
        lost[1 : loss.size] -= loss[:-1]
        lost[first] = loss[first]
        if weight.strides != (0,):
            lost[: loss.size] *= weight[self.stay]
        lost[self.ends] = -loss[last] * weight[self.early]
        return altered

    def over(self, rest: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return for each stay the time that it has, and what it loses over that time.

        Args:
            rest: What remains of the time after each change.
        """
        pieces, size = self.pieces, self.pieces.start.size
        time = rest[pieces.first]
        time[self.early] -= rest[self.ends]
        gone = rest[:size].copy()
        gone[:-1] -= rest[1:size]
        gone[self.last] = rest[self.last]
        gone[self.last[self.early]] -= rest[self.ends]
        return time, summed(self.stay, np.multiply(gone, pieces.loss, out=gone), time.size)

    def in_time(self) -> Course:
        """Bring all in order by claim and by time, a closing after whatever happens at its moment."""
        ends = 1 + np.bincount(self.on, minlength=self.stays.size)
        spans = Spans.of(self.each + ends)
        order, moment = self._order()
        until = np.zeros(order.size)
        np.subtract(moment[1:], moment[:-1], out=until[:-1], casting="unsafe")
        until[spans.closing] = 0.0
        event = np.ones(self.size, np.bool_)
        event[: self.pieces.start.size] = False
        event[self.pieces.first] = True
        at, events = np.flatnonzero(event[order]), Spans.of(self.stays + ends)
        lasts = np.zeros(at.size)
        np.subtract(moment[at[1:]], moment[at[:-1]], out=lasts[:-1], casting="unsafe")
        lasts[events.closing] = 0.0
        return Course(order, until, spans, at, lasts, events)

    def _order(self) -> tuple[IndexArray, Moments]:
        """Return the same order, and the moment of each on a clock of its claim's own."""
        moment = cast(Moments, np.concatenate((self.pieces.start, self.pieces.end[self.last[self.early]], self.closes)))
        length, bits = self.closes - self.opens + 1, int(self.each.max()).bit_length()
        keys = length.sum(dtype=np.float64)
        if moment.dtype.kind == "i" and keys < _KEYS_AT_MOST / 2:  # one whole number sorts much faster than two columns
            offset = np.cumsum(length) - length - self.opens
            key = cast(NDArray[np.int64], moment)
            key += np.concatenate((np.repeat(offset, self.each), offset[self.on], offset))
            if not self.early.size and keys < _KEYS_AT_MOST / 2**bits:
                return self._order_of_keys(key, bits)
            key *= 2
            key[self.ends.stop :] += 1
            order = np.argsort(key)
            return order, key[order] >> 1
        claims = np.arange(self.closes.size)
        claim = np.concatenate((np.repeat(claims, self.each), self.on, claims))
        order = np.lexsort((np.arange(self.size) >= self.ends.stop, moment, claim))
        return order, moment[order]

    def _order_of_keys(self, moment: NDArray[np.int64], bits: int) -> tuple[IndexArray, Moments]:
        """Return the same where nobody ends early: the place within the claim, in so many bits, is sorted along."""
        first = np.cumsum(self.each) - self.each
        moment <<= bits
        moment += np.concatenate((np.arange(self.ends.stop) - np.repeat(first, self.each), self.each))
        moment.sort()
        order = (moment & ((1 << bits) - 1)) + np.repeat(first, self.each + 1)
        order[np.cumsum(self.each + 1) - 1] = np.arange(self.ends.stop, self.size)
        moment >>= bits
        return order, moment


class Course(NamedTuple):
    """The changes of a block of claims in time."""

    order: IndexArray  # of the changes, by claim and by time
    until: FloatArray  # the time from each to the next
    spans: Spans
    at: IndexArray  # at which of them somebody comes or goes, or the claim closes: the events
    lasts: FloatArray  # the time from each event to the next
    events: Spans


def sizes(first: IndexArray, size: int) -> IndexArray:
    """Return how many rows belong to each, by its first row.

    >>> sizes(np.array([0, 2]), 5).tolist()
    [2, 3]
    """
    size_of = np.empty_like(first)
    np.subtract(first[1:], first[:-1], out=size_of[:-1])
    size_of[-1:] = size - first[-1:]
    return size_of
