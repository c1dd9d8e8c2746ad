"""Put all changes on claims in the order of time: a forecaster comes or goes, or a number changes.

Most numbers on a claim change for the last time at one moment, when its answer is public. That moment is one change.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import FloatArray, IndexArray
from forecasts.pieces import Moments, Pieces, sizes, summed

__all__ = ["Changes", "Course", "Presence", "Spans", "StayLosses"]

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

    def running_totals(self, increments: Sums) -> Sums:
        """Turn what each row adds into the running sum within its claim, in place."""
        increments[self.opening[1:]] -= np.add.reduceat(increments, self.opening)[:-1]  # back to 0
        return np.cumsum(increments, out=increments)

    def totals_left(self, amounts: Sums) -> Sums:
        """Turn the amount from each row to the next, or to the end of its claim, into its sum to that end, in place."""
        amounts[self.closing[:-1]] -= np.add.reduceat(amounts, self.opening)[1:]
        np.cumsum(amounts[::-1], out=amounts[::-1])
        return amounts

    def to_next(self, left: FloatArray) -> FloatArray:
        """Return the amount from each row to the next, or to the end of its claim, by what is left from each row."""
        amounts = left.copy()
        amounts[:-1] -= left[1:]
        amounts[self.closing] = left[self.closing]
        return amounts


class StayLosses(NamedTuple):
    """The losses of stays.

    Attributes:
        loss: The loss of each piece.
        first: The loss of the first piece of each stay.
        step: How much the loss grows with each piece that is not the first one.
        stay: The stay of each of these.
    """

    loss: FloatArray
    first: FloatArray
    step: FloatArray
    stay: IndexArray

    @classmethod
    def of(cls, pieces: Pieces, loss: FloatArray) -> StayLosses:
        """Return the losses of stays by those of pieces."""
        inner = pieces.inner
        stay = inner - np.arange(1, inner.size + 1)
        return cls(loss, loss[pieces.first], loss[inner] - loss[inner - 1], stay)


class Presence(NamedTuple):
    """The events at which stays begin and end. Stays are in the order in which they begin on their claim.

    Attributes:
        begins: The event at which each stay begins: all events, if no stay ends before its claim closes.
        ends: The events at which a stay ends before its claim closes.
        ended: The stays that end there.
    """

    begins: IndexArray | slice
    ends: IndexArray
    ended: IndexArray

    def integrals(self, left: FloatArray) -> FloatArray:
        """Return the integral over each stay; *left* is what is left of it at each event."""
        integral = left[self.begins]
        if self.ended.size:
            integral[self.ended] -= left[self.ends]
        return integral


class Course(NamedTuple):
    """The changes of a block of claims by claim and by time.

    Attributes:
        order: The number of the change at each position.
        time_to_next: The time from each change to the next of its claim; from the last one to the end of the claim.
        spans: The positions of each claim's changes.
        event_rows: The positions of events: changes at which a forecaster comes or goes.
        event_spans: The positions of each claim's events among the events.
        stay: The stay that begins or ends at each event.
        presence: The events of each stay.
    """

    order: IndexArray
    time_to_next: FloatArray
    spans: Spans
    event_rows: IndexArray
    event_spans: Spans
    stay: IndexArray
    presence: Presence


class Changes(NamedTuple):
    """The changes on a block of claims, not in the order of time.

    First come the beginnings of stays, in their order, then all others by claim: ends of stays before their claim
    closes, changes of a number within a stay, and the last change of each claim, which may be several at one moment.

    Attributes:
        pieces: The pieces.
        stays_of_claim: How many stays each claim has.
        others_of_claim: How many other changes it has.
        moment: The moment of each change.
        opens: When the first piece of each claim begins.
        time_left: The time from the last change of each claim to the end of its last piece.
        early_stays: The stays that end before their claim closes.
        early_ends: The numbers of the changes at which they do.
        inner_change: The number of the change at which each piece begins that is not the first of its stay.
    """

    pieces: Pieces
    stays_of_claim: IndexArray
    others_of_claim: IndexArray
    moment: Moments
    opens: Moments
    time_left: Moments
    early_stays: IndexArray
    early_ends: IndexArray
    inner_change: IndexArray

    @classmethod
    def of(cls, pieces: Pieces) -> Changes:
        """Return the changes on a block of claims."""
        first, opening, stays = pieces.first, pieces.opening, pieces.stays_of_claim
        claims, count = np.arange(opening.size), first.size
        begins, ends = pieces.start[first], pieces.end[pieces.last]
        opens, closes = np.minimum.reduceat(begins, opening), np.maximum.reduceat(ends, opening)
        final = np.maximum.reduceat(pieces.start, first[opening])
        early = claims[:0]
        if (np.minimum.reduceat(ends, opening) < closes).any():
            early = np.flatnonzero(ends < np.repeat(closes, stays))
        claim_of_early = np.searchsorted(opening, early, side="right") - 1
        np.maximum.at(final, claim_of_early, ends[early])

        inner_of_claim = sizes(first[opening], pieces.start.size) - stays
        claim_of_inner, begin = np.repeat(claims, inner_of_claim), pieces.start[pieces.inner]
        not_final = np.flatnonzero(begin < np.repeat(final, inner_of_claim))
        claim = np.concatenate((claim_of_early, claim_of_inner[not_final], claims))
        order, number = np.argsort(claim, kind="stable"), np.empty(claim.size, np.intp)  # the final one stays last
        number[order] = np.arange(count, count + claim.size)
        inner_change = number[claim.size - claims.size :][claim_of_inner]
        inner_change[not_final] = number[early.size : claim.size - claims.size]
        moment = np.concatenate((begins, np.concatenate((ends[early], begin[not_final], final))[order]))
        return cls(
            pieces, stays, np.bincount(claim, minlength=claims.size), cast(Moments, moment), cast(Moments, opens),
            cast(Moments, closes - final), early, number[: early.size], inner_change,
        )  # fmt: skip

    def increments(self, weight: FloatArray, losses: StayLosses) -> ComplexArray:
        """Return what each change adds to the total weight of those who stand, and to their total weighted loss.

        The weight is the real part and the loss the imaginary part of one number, so that both are summed in one pass.

        Args:
            weight: The weight of each stay.
            losses: The losses of stays.
        """
        count, increments = weight.size, np.zeros(self.moment.size, np.complex128)
        weights, lost = increments.real, increments.imag
        weights[:count], weights[self.early_ends] = weight, -weight[self.early_stays]
        np.multiply(losses.first, weight, out=lost[:count])
        step = losses.step if weight.strides == (0,) else losses.step * weight[losses.stay]  # or all weigh 1
        lost[count:] = summed(self.inner_change - count, step, lost.size - count)
        lost[self.early_ends] = -losses.loss[self.pieces.last[self.early_stays]] * weight[self.early_stays]
        return increments

    def own_loss(self, time_left: FloatArray, losses: StayLosses) -> FloatArray:
        """Return the loss of each stay over the time that counts; *time_left* is how much of it each change leaves."""
        lost = losses.first * time_left[: losses.first.size]
        lost += summed(losses.stay, losses.step * time_left[self.inner_change], lost.size)
        lost[self.early_stays] -= losses.loss[self.pieces.last[self.early_stays]] * time_left[self.early_ends]
        return lost

    def in_order_of_time(self) -> Course:
        """Sort the changes by claim and by time; the last change of a claim comes after all others at its moment."""
        size = self.stays_of_claim + self.others_of_claim
        order, moment = self._order(size)
        spans, is_event = Spans.of(size), order < self.pieces.first.size
        if self.early_stays.size:
            is_event |= np.isin(order, self.early_ends)
        rows, early = np.flatnonzero(is_event), np.searchsorted(self.pieces.opening, self.early_stays, side="right") - 1
        events = Spans.of(self.stays_of_claim + np.bincount(early, minlength=size.size))
        time_to_next = np.empty(moment.size)
        np.subtract(moment[1:], moment[:-1], out=time_to_next[:-1], casting="unsafe")
        time_to_next[spans.closing] = self.time_left
        return Course(order, time_to_next, spans, rows, events, *self._presence(order[rows]))

    def _presence(self, change: IndexArray) -> tuple[IndexArray, Presence]:
        """Return the stay that each of the changes at events begins or ends, and the events of each stay."""
        if not self.early_stays.size:
            return change, Presence(slice(None), self.early_stays, self.early_stays)
        is_begin = change < self.pieces.first.size
        begins, ends = np.flatnonzero(is_begin), np.flatnonzero(~is_begin)
        ended, place = self.early_stays[np.searchsorted(self.early_ends, change[ends])], np.empty(begins.size, np.intp)
        place[change[begins]] = np.arange(begins.size)
        stay = change.copy()
        stay[ends] = ended
        return stay, Presence(begins, ends, place[ended])

    def _order(self, size: IndexArray) -> tuple[IndexArray, Moments]:
        """Return the order of the changes by claim and time, and the moment of each in that order.

        Moments are on a clock of the claim, so they may be compared within a claim only. *size* is how many changes
        each claim has.
        """
        opening, count, claims = self.pieces.opening, self.pieces.first.size, np.arange(size.size)
        end = np.cumsum(self.others_of_claim)
        claim, first = np.repeat(claims, self.others_of_claim), end - self.others_of_claim
        length, bits = self.moment[count - 1 + end] - self.opens + 1, int(size.max()).bit_length()
        # Claims, moments and, in the lowest bits, the position within the claim as one whole number: this sorts much
        # faster than two columns, and sorting moves the positions along.
        if self.moment.dtype.kind == "i" and length.sum(dtype=np.float64) < _LARGEST_KEY / 2**bits:
            key, offset = cast(NDArray[np.int64], self.moment) << bits, np.cumsum(length) - length - self.opens
            offset = cast(NDArray[np.int64], offset) << bits
            key[:count] += np.repeat(offset - opening, self.stays_of_claim)
            key[:count] += np.arange(count)
            key[count:] += (offset + self.stays_of_claim - first)[claim] + np.arange(claim.size)
            key.sort()
            order = key & ((1 << bits) - 1)
            others = np.flatnonzero(order >= np.repeat(self.stays_of_claim, size))
            order += np.repeat(opening, size)
            order[others] += (count + first - opening - self.stays_of_claim)[claim]
            key >>= bits
            return order, key
        order = np.lexsort((self.moment, np.concatenate((np.repeat(claims, self.stays_of_claim), claim))))
        return order, self.moment[order]
