"""Put all changes on claims in the order of time: a forecaster comes or goes, a number changes, a claim closes.

The closing of a claim takes out of a running sum whatever the claim's other changes added. So the sum is back at 0 when
the next claim begins, and one pass goes through many claims.
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

_LARGEST_KEY = 2.0**63 * (1 - 1e-9)  # larger keys do not fit into 64 bits


class Spans(NamedTuple):
    """The positions of the first and the last row of each claim, among rows in the order of claims."""

    opening: IndexArray
    closing: IndexArray

    @classmethod
    def of(cls, size: IndexArray) -> Spans:
        """Return the spans of claims that have *size* rows each."""
        end = np.cumsum(size)
        return cls(end - size, end - 1)

    @property
    def size(self) -> IndexArray:
        """How many rows each claim has."""
        return self.closing - self.opening + 1

    def summed(self, values: FloatArray) -> FloatArray:
        """Return the sum of the values of each claim's rows."""
        return np.add.reduceat(values, self.opening)

    def running_totals(self, increments: Sums) -> Sums:
        """Turn what each row adds into the running sum within its claim, in place; 0 at the last row of a claim."""
        increments[self.closing] = -np.add.reduceat(increments, self.opening)
        return np.cumsum(increments, out=increments)

    def totals_left(self, amounts: Sums) -> Sums:
        """Turn the amount between each row and the next into its sum from there to the claim's last row, in place.

        At the last row of a claim the sum is 0.
        """
        amounts[self.closing[:-1]] = -np.add.reduceat(amounts, self.opening)[1:]
        np.cumsum(amounts[::-1], out=amounts[::-1])
        return amounts


class Changes(NamedTuple):
    """The changes on a block of claims, unsorted, in three groups.

    First come the beginnings of pieces, then the ends of stays that end before their claim closes, then the closings of
    claims. Every other stay ends when its claim closes, and needs no change of its own.

    Attributes:
        pieces: The pieces.
        stay: The stay of each piece.
        last: The last piece of each stay.
        early_stays: The stays that end before their claim closes.
        claim_of_early: The claim of each of these.
        opens: When the first piece of each claim begins.
        closes: When the last piece of each claim ends.
        pieces_of_claim: How many pieces each claim has.
        stays_of_claim: How many stays each claim has.
    """

    pieces: Pieces
    stay: IndexArray
    last: IndexArray
    early_stays: IndexArray
    claim_of_early: IndexArray
    opens: Moments
    closes: Moments
    pieces_of_claim: IndexArray
    stays_of_claim: IndexArray

    @classmethod
    def of(cls, pieces: Pieces, first_stays: IndexArray) -> Changes:
        """Return the changes on a block of claims; *first_stays* is the first stay of each claim."""
        first, stays = pieces.first[first_stays], sizes(first_stays, pieces.claim.size)
        opens, closes = np.minimum.reduceat(pieces.start, first), np.maximum.reduceat(pieces.end, first)
        last = pieces.last
        early = np.flatnonzero(pieces.end[last] < np.repeat(closes, stays))
        claim_of_early = np.searchsorted(first_stays, early, side="right") - 1
        return cls(
            pieces, pieces.stay, last, early, claim_of_early, cast(Moments, opens), cast(Moments, closes),
            sizes(first, pieces.start.size), stays,
        )  # fmt: skip

    @property
    def size(self) -> int:
        """How many changes there are."""
        return self.pieces.start.size + self.early_stays.size + self.opens.size

    @property
    def ends(self) -> slice:
        """The positions of the early ends of stays among the changes."""
        return slice(self.pieces.start.size, self.pieces.start.size + self.early_stays.size)

    def ends_among(self, change: IndexArray) -> IndexArray:
        """Return the positions in *change* at which it holds the number of an early end of a stay."""
        if not self.early_stays.size:
            return self.early_stays
        return np.flatnonzero((change >= self.ends.start) & (change < self.ends.stop))

    def increments(self, weight: FloatArray, loss: FloatArray) -> ComplexArray:
        """Return what each change adds to the total weight of those who stand, and to their total weighted loss.

        The weight is the real part and the loss the imaginary part of one number, so that both are summed in one pass.
        Closings add 0 here.

        Args:
            weight: The weight of each stay.
            loss: The loss of each piece.
        """
        first, last = self.pieces.first, self.last[self.early_stays]
        increments = np.zeros(self.size, np.complex128)
        weights, lost = increments.real, increments.imag
        weights[first], weights[self.ends] = weight, -weight[self.early_stays]
        lost[: loss.size] = loss
        lost[1 : loss.size] -= loss[:-1]
        lost[first] = loss[first]
        if weight.strides != (0,):  # otherwise all weigh 1
            lost[: loss.size] *= weight[self.stay]
        lost[self.ends] = -loss[last] * weight[self.early_stays]
        return increments

    def time_and_loss(self, time_left: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return for each stay how much of the time that counts it has, and its loss over that time.

        *time_left* is the time that counts from each change to the closing of its claim. A stretch of time is what is
        left at its beginning minus what is left at its end, and at a closing nothing is left.
        """
        pieces, size = self.pieces, self.pieces.start.size
        time = time_left[pieces.first]
        time[self.early_stays] -= time_left[self.ends]
        time_of_piece = time_left[:size].copy()
        time_of_piece[:-1] -= time_left[1:size]
        time_of_piece[self.last] = time_left[self.last]
        time_of_piece[self.last[self.early_stays]] -= time_left[self.ends]
        loss = np.multiply(time_of_piece, pieces.loss, out=time_of_piece)
        return time, summed(self.stay, loss, time.size)

    def in_order_of_time(self) -> Course:
        """Sort the changes by claim and by time; a closing comes after all other changes at its moment."""
        ends = 1 + np.bincount(self.claim_of_early, minlength=self.stays_of_claim.size)
        spans = Spans.of(self.pieces_of_claim + ends)
        order, moment = self._order()
        time_to_next = np.zeros(order.size)
        np.subtract(moment[1:], moment[:-1], out=time_to_next[:-1], casting="unsafe")
        time_to_next[spans.closing] = 0.0
        is_event = np.ones(self.size, np.bool_)
        is_event[: self.pieces.start.size] = False
        is_event[self.pieces.first] = True
        event_rows, event_spans = np.flatnonzero(is_event[order]), Spans.of(self.stays_of_claim + ends)
        event_time = np.zeros(event_rows.size)
        np.subtract(moment[event_rows[1:]], moment[event_rows[:-1]], out=event_time[:-1], casting="unsafe")
        event_time[event_spans.closing] = 0.0
        return Course(order, time_to_next, spans, event_rows, event_time, event_spans)

    def _order(self) -> tuple[IndexArray, Moments]:
        """Return the order of the changes by claim and time, and the moment of each in that order.

        Moments are on a clock of the claim, so they may be compared within a claim only.
        """
        moment = cast(
            Moments, np.concatenate((self.pieces.start, self.pieces.end[self.last[self.early_stays]], self.closes))
        )
        length, bits = self.closes - self.opens + 1, int(self.pieces_of_claim.max()).bit_length()
        keys = length.sum(dtype=np.float64)
        # Claims and moments as one whole number: this sorts much faster than two columns.
        if moment.dtype.kind == "i" and keys < _LARGEST_KEY / 2:
            offset = np.cumsum(length) - length - self.opens
            key = cast(NDArray[np.int64], moment)
            key += np.concatenate((np.repeat(offset, self.pieces_of_claim), offset[self.claim_of_early], offset))
            if not self.early_stays.size and keys < _LARGEST_KEY / 2**bits:
                return self._order_of_keys(key, bits)
            key *= 2
            key[self.ends.stop :] += 1  # a closing comes last at its moment
            order = np.argsort(key)
            return order, key[order] >> 1
        claims = np.arange(self.closes.size)
        claim = np.concatenate((np.repeat(claims, self.pieces_of_claim), self.claim_of_early, claims))
        order = np.lexsort((np.arange(self.size) >= self.ends.stop, moment, claim))
        return order, moment[order]

    def _order_of_keys(self, moment: NDArray[np.int64], bits: int) -> tuple[IndexArray, Moments]:
        """Return the same as :meth:`_order` if no stay ends early, even faster.

        The position of a change within its claim takes the lowest *bits* of its key, so that sorting the keys moves the
        positions along, and no separate order has to be computed.
        """
        first = np.cumsum(self.pieces_of_claim) - self.pieces_of_claim
        moment <<= bits
        moment += np.concatenate(
            (np.arange(self.ends.stop) - np.repeat(first, self.pieces_of_claim), self.pieces_of_claim)
        )
        moment.sort()
        order = (moment & ((1 << bits) - 1)) + np.repeat(first, self.pieces_of_claim + 1)
        order[np.cumsum(self.pieces_of_claim + 1) - 1] = np.arange(self.ends.stop, self.size)
        moment >>= bits
        return order, moment


class Course(NamedTuple):
    """The changes of a block of claims by claim and by time.

    Attributes:
        order: The number of the change at each position.
        time_to_next: The time from each change to the next; 0 at a closing.
        spans: The positions of each claim's changes.
        event_rows: The positions of events: changes at which a forecaster comes or goes, or a claim closes.
        event_time: The time from each event to the next; 0 at a closing.
        event_spans: The positions of each claim's events among the events.
    """

    order: IndexArray
    time_to_next: FloatArray
    spans: Spans
    event_rows: IndexArray
    event_time: FloatArray
    event_spans: Spans


def sizes(first: IndexArray, size: int) -> IndexArray:
    """Return how many rows each group has, given the first row of each and the number of all rows.

    >>> sizes(np.array([0, 2]), 5).tolist()
    [2, 3]
    """
    size_of = np.empty_like(first)
    np.subtract(first[1:], first[:-1], out=size_of[:-1])
    size_of[-1:] = size - first[-1:]
    return size_of
