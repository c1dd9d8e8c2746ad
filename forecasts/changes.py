"""Whatever changes on claims, in the order of time: somebody comes or goes, a number changes, a claim closes.

Running sums over the changes of a claim are put back to 0 at its closing, so that one pass sums up many claims.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.pieces import Moments, Pieces, summed

__all__ = ["Changes", "Course", "Spans", "jumps", "until_next"]

_KEYS_AT_MOST = 2.0**63 * (1 - 1e-9)  # keys of more than this do not fit into 64 bits


class Spans(NamedTuple):
    """The numbers of the first and of the last event of each claim with a piece."""

    opening: IndexArray
    closing: IndexArray

    @classmethod
    def until(cls, closing: IndexArray) -> Spans:
        return cls(np.append(-1, closing)[:-1] + 1, closing)

    @property
    def size(self) -> IndexArray:
        """How many events each claim has."""
        return self.closing - self.opening + 1

    def summed(self, values: FloatArray) -> FloatArray:
        """Sum up a value of each event by claim."""
        return until_next(values, self.opening)

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


class Changes(NamedTuple):
    """Whatever changes: first the pieces that begin, then the stays that end before their claim, then the closings."""

    moment: Moments
    stay: IndexArray  # any at a closing
    jump: FloatArray  # by how much it alters what the stay loses, which is nothing before it begins
    event: BoolArray  # whether somebody comes or goes, or the claim closes; else only a number changes
    early: IndexArray  # the stays that end before their claim
    opens: Moments  # of each claim
    closes: Moments

    @classmethod
    def of(cls, pieces: Pieces, claims: int) -> Changes:
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
        return cls(
            cast(Moments, np.concatenate((pieces.start, ends[early], closes))),
            np.concatenate((pieces.stay, early, np.zeros(claims, np.intp))),
            jumps(pieces.loss, pieces, early, claims),
            event,
            early,
            cast(Moments, opens),
            cast(Moments, closes),
        )

    @property
    def comes(self) -> FloatArray:
        """1 where somebody comes, -1 where somebody goes before the claim closes, else 0."""
        comes = self.event.astype(np.float64)
        comes[comes.size - self.closes.size - self.early.size :] = -1.0
        comes[comes.size - self.closes.size :] = 0.0
        return comes

    def in_time(self, claim: IndexArray) -> Course:
        """Bring all in order by the claim of each stay and by time, a closing after whatever happens at its moment."""
        order = self._order(claim)
        event = self.event[order]
        at = np.flatnonzero(event)
        closing = at[order[at] >= order.size - self.closes.size]
        moment = self.moment[order]
        until = np.append(np.diff(moment), 0)[: moment.size].astype(np.float64)
        until[closing] = 0.0
        return Course(order, at, np.cumsum(event) - 1, until, Spans.until(closing))

    def _order(self, claim: IndexArray) -> IndexArray:
        """Return the same order."""
        claims = self.closes.size
        if self.moment.dtype.kind == "i":  # one whole number for both sorts much faster than two columns
            length = self.closes - self.opens + 2
            if length.sum(dtype=np.float64) < _KEYS_AT_MOST:
                offset = np.cumsum(length) - length - self.opens
                key = self.moment + offset[claim][self.stay] if claims else self.moment
                key[-claims:] = self.closes + offset + 1
                return np.argsort(key)
        on = np.append(claim[self.stay[:-claims]], np.arange(claims))
        return np.lexsort((np.arange(on.size) >= on.size - claims, self.moment, on))


class Course(NamedTuple):
    """The changes of a block of claims in time."""

    order: IndexArray  # of the changes, by claim and by time
    at: IndexArray  # which of them are events, in that order
    event: IndexArray  # of each change in time, the number of the last event
    until: FloatArray  # the time from each to the next
    spans: Spans

    def standing(self, jump: FloatArray) -> FloatArray:
        """Return the sum over those who stand after each change, of what each change alters."""
        return self.spans.standing(jump[self.order])

    def summed(self, values: FloatArray) -> FloatArray:
        """Sum up a value of each change, in time, from each event until the next."""
        return summed(self.event, values, self.at.size)

    def remaining(self, pace: FloatArray) -> FloatArray:
        """Return what remains after each change of a pace that each event sets."""
        rest = np.empty(self.order.size)
        rest[self.order] = self.spans.remaining(self.until * pace[self.event])
        return rest


def jumps(loss: FloatArray, pieces: Pieces, early: IndexArray, claims: int) -> FloatArray:
    """Return by how much each change alters what its stay loses, which is nothing before it begins.

    A stay with two pieces, which ends before its claim:

    >>> one, zero = np.ones(1), np.zeros(1, np.intp)
    >>> pieces = Pieces(np.arange(2), np.arange(1, 3), np.array([0.5, 0.75]), *[zero] * 5, one, one > 0)
    >>> jumps(pieces.loss, pieces, zero, 1).tolist()
    [0.5, 0.25, -0.75, 0.0]
    """
    before = np.append(0.0, loss)[:-1]
    before[pieces.first] = 0.0
    return np.concatenate((loss - before, -loss[pieces.last[early]], np.zeros(claims)))


def until_next(pace: FloatArray, at: IndexArray) -> FloatArray:
    """Sum up a pace from each of some events to the next of them.

    >>> until_next(np.array([1.0, 2.0, 4.0]), np.array([0, 2])).tolist()
    [3.0, 4.0]
    """
    return np.add.reduceat(pace, at) if at.size else pace
