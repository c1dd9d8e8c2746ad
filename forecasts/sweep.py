"""Who stands together at every moment of a claim, by one sort of starts and ends: exact, without a grid of times.

A piece is a number of one forecaster that stands on one claim from its start to its end. At each start and each end of
a piece (an event) the company changes; between two events it stays as it is. So a running sum over the events gives the
weighted mean of anything over those who stand, and a second one its integral over time. For a piece the integral is the
running sum at its end less that at its start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.pieces import Pieces, summed

__all__ = ["Sweep", "sweep"]

_FULL = 2.0**62  # keys of more than this do not fit into 64 bits


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """The starts and ends of pieces by claim, then by time; shapes (events,), with two events a piece.

    Attributes:
        piece: The number of the piece that starts or ends.
        gain: Its weight, negative at its end.
        inside: The same, 0 for pieces of forecasters outside the group.
        lapse: The share of the claim's window until the next event if at least two of the group stand, else 0.
        rate: The same divided by the weight of the group that stands.
    """

    piece: IndexArray
    gain: FloatArray
    inside: FloatArray
    lapse: FloatArray
    rate: FloatArray

    def of_group(self) -> Sweep:
        """Return the events of the group alone: with nobody else there, nothing changes between two of them."""
        kept = np.flatnonzero(self.inside)
        if kept.size in {0, self.inside.size}:
            return self
        lapse, rate = (np.add.reduceat(pace, kept) for pace in (self.lapse, self.rate))
        return Sweep(self.piece[kept], self.gain[kept], self.inside[kept], lapse, rate)

    def mean(self, values: FloatArray) -> FloatArray:
        """Return the mean over the group of a value of each event's piece, times the lapse: a pace for `running`."""
        return np.cumsum(self.inside * values) * self.rate

    def running(self, pace: FloatArray) -> FloatArray:
        """Return what was gained before each event; the pace says, for each event, what is gained until the next."""
        before = np.zeros_like(pace)
        np.cumsum(pace[:-1], out=before[1:])
        return before

    def collected(self, running: FloatArray, label: IndexArray, size: int, *, group: bool = False) -> FloatArray:
        """Sum up by a label of each event what was gained while its piece stood, times its weight.

        Args:
            running: What was gained before each event, by anything.
            label: A number of each event's piece, from 0.
            size: How many labels there are.
            group: Whether pieces outside the group are left out.
        """
        return -summed(label, (self.inside if group else self.gain) * running, size)


def sweep(pieces: Pieces, window: FloatArray) -> Sweep:
    """Sort the starts and ends of pieces, and find out how long each company stays together.

    Args:
        pieces: What stands when.
        window: The length of each claim's scheduled window, shape (claims,).

    Two stand together in the second half of the claim:

    >>> one, two = np.zeros(2, np.intp), np.arange(2)
    >>> pieces = Pieces(one, two, np.array([0, 2]), np.array([4, 4]), np.zeros(2), two, np.ones(2), np.ones(2, bool))
    >>> swept = sweep(pieces, np.array([4.0]))
    >>> swept.lapse.tolist(), swept.collected(swept.running(swept.lapse), swept.piece, 2).tolist()
    ([0.0, 0.5, 0.0, 0.0], [0.5, 0.5])
    """
    order = _in_time(pieces)
    count = pieces.claim.size
    begins = order < count
    piece = np.where(begins, order, order - count)
    moment = np.concatenate((pieces.start, pieces.end))[order]
    one_more = np.where(begins, 1, -1)
    gain = pieces.weight[pieces.term[piece]] * one_more
    inside, standing = gain, np.cumsum(one_more)
    if not pieces.group.all():
        in_group = pieces.group[pieces.forecaster[piece]]
        inside, standing = gain * in_group, np.cumsum(one_more * in_group)
    lapse, rate = np.zeros(piece.size), np.zeros(piece.size)
    np.divide(np.diff(moment), window[pieces.claim[piece[:-1]]], out=lapse[:-1], where=standing[:-1] >= 2)
    np.divide(lapse, np.cumsum(inside), out=rate, where=lapse > 0)
    return Sweep(piece, gain, inside, lapse, rate)


def _in_time(pieces: Pieces) -> IndexArray:
    """Return the order of starts, then ends, by claim and by time."""
    moment, claim = np.concatenate((pieces.start, pieces.end)), np.concatenate((pieces.claim, pieces.claim))
    if moment.dtype.kind == "i":  # one whole number for both sorts much faster than two columns
        claims = int(claim.max(initial=-1)) + 1
        first, last = np.full(claims, np.iinfo(np.int64).max), np.full(claims, np.iinfo(np.int64).min)
        np.minimum.at(first, pieces.claim, pieces.start)
        np.maximum.at(last, pieces.claim, pieces.end)
        length = np.where(first <= last, last - first + 1, 0)
        if length.sum(dtype=np.float64) < _FULL:
            offset = np.cumsum(length) - length - first
            return np.argsort(moment + offset[claim])
    return np.lexsort((moment, claim))
