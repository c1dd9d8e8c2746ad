"""Who stands together at every moment of a claim, by one sort of starts and ends: exact, without a grid of times.

At each event (a stay begins or ends) the company changes; between two events it stays as it is. So a running sum over
the events of a claim gives the weighted sum of anything over those who stand, and a sum of what remains from an event
to the last one of its claim gives the integral over time. For a stay the integral is what remains at its start less
what remains at its end. Most stays end with their claim: all these ends are one event, the closing, at which the
running sum is put back to 0 and nothing remains.

What a forecaster loses changes more often than the company does. These changes are gone through once, and summed up
between two events.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.pieces import Claims, Moments, Pieces, summed

__all__ = ["Sweep", "sweep"]

_FULL = 2.0**63 * (1 - 1e-9)  # keys of more than this do not fit into 64 bits


class _Spans(NamedTuple):
    """The numbers of the first and of the last event of each claim with a piece."""

    opening: IndexArray
    closing: IndexArray

    @classmethod
    def until(cls, closing: IndexArray) -> _Spans:
        return cls(np.append(-1, closing)[:-1] + 1, closing)

    def standing(self, gained: FloatArray) -> FloatArray:
        """Turn what each event adds into the sum over those who stand after it, in place; 0 after a closing."""
        gained[self.closing] = -_until_next(gained, self.opening)
        return np.cumsum(gained, out=gained)

    def remaining(self, pace: FloatArray) -> FloatArray:
        """Return what remains of a pace from each event to the last one of its claim, where it is 0."""
        rest = np.zeros(pace.size)
        np.negative(pace[:-1], out=rest[1:])
        rest[self.opening] = _until_next(pace, self.opening)
        return np.cumsum(rest, out=rest)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """The events by claim, then by time; shapes (events,) unless said otherwise.

    Attributes:
        spans: Which of them belong to one claim.
        claim: The number of the claim of each.
        stay: The number of the stay that begins or ends; any at a closing.
        gain: Its weight, negative at its end, 0 at a closing.
        inside: The same, 0 for stays of forecasters outside the group.
        lapse: The share of the claim's window until the next event in which at least two of the group stand.
        rate: The same divided by the weight of the group that stands.
        cost: The mean loss of the group, times the lapse.
        lost: What each stay loses over the lapses in it, not weighted, shape (stays,).
        apart: For each claim the squares of losses from their mean, weighted, times the lapse; empty unless asked for.
    """

    spans: _Spans
    claim: IndexArray
    stay: IndexArray
    gain: FloatArray
    inside: FloatArray
    lapse: FloatArray
    rate: FloatArray
    cost: FloatArray
    lost: FloatArray
    apart: FloatArray

    def of_group(self) -> Sweep:
        """Return the events of the group alone: with nobody else there, nothing changes between two of them."""
        return self._only(self.inside != 0)

    def of_company(self) -> Sweep:
        """Return the events at which somebody comes or goes."""
        return self._only(self.gain != 0)

    def _only(self, kept: BoolArray) -> Sweep:
        """Keep some of the events, and the first and last of each claim.

        What happens until the next event, of those left out too, is summed up at the event kept before it.
        """
        for ends in self.spans:
            kept[ends] = True
        if kept.all():
            return self
        at = np.flatnonzero(kept)
        lapse, rate, cost = (_until_next(pace, at) for pace in (self.lapse, self.rate, self.cost))
        gain, inside = self.gain[at], self.inside[at]
        spans = _Spans.until(np.searchsorted(at, self.spans.closing))
        return Sweep(spans, self.claim[at], self.stay[at], gain, inside, lapse, rate, cost, self.lost, self.apart)

    def scaled(self, events: FloatArray, stays: FloatArray) -> Sweep:
        """Multiply all losses: those of the group by a number for each event, a stay's own by one for each stay."""
        return replace(self, cost=self.cost * events, lost=self.lost * stays)

    def total(self, values: FloatArray) -> FloatArray:
        """Return the sum of a value of each event's stay over those of the group who stand, weighted."""
        return self.spans.standing(self.inside * values)

    def mean(self, values: FloatArray) -> FloatArray:
        """Return the mean over the group of a value of each event's stay, times the lapse: a pace."""
        total = self.total(values)
        return np.multiply(total, self.rate, out=total)

    def collected(self, pace: FloatArray, label: IndexArray, size: int, *, group: bool = False) -> FloatArray:
        """Sum up by a label of each event what was gained while its stay lasted, times its weight.

        Args:
            pace: What is gained from each event until the next, by anything.
            label: A number of each event's stay, from 0.
            size: How many labels there are.
            group: Whether stays outside the group are left out.
        """
        rest = self.spans.remaining(pace)
        return summed(label, np.multiply(rest, self.inside if group else self.gain, out=rest), size)


class _Changes(NamedTuple):
    """Whatever changes: first the pieces that begin, then the stays that end before their claim, then the closings."""

    moment: Moments
    claim: IndexArray
    stay: IndexArray
    gain: FloatArray  # of weight
    closings: int
    ends: IndexArray  # the last pieces of the stays that end early


def sweep(pieces: Pieces, claims: Claims, *, apart: bool = False) -> Sweep:
    """Sort the starts and ends of stays, find out how long each company stays together, and sum up what it loses.

    Args:
        pieces: What stands when.
        claims: The claims.
        apart: Whether the squares of losses are wanted.

    Two stand together in the second half of the claim:

    >>> one, two, zero = np.zeros(2, np.intp), np.arange(2), np.zeros(1, np.intp)
    >>> pieces = Pieces(np.array([0, 2]), np.array([4, 4]), np.zeros(2), two, one, two, two, np.ones(2), two >= 0)
    >>> swept = sweep(pieces, Claims(np.array([4.0]), zero, zero, zero))
    >>> swept.lapse.tolist(), swept.collected(swept.lapse, swept.stay, 2).tolist()
    ([0.0, 0.5, 0.0], [0.5, 0.5])
    """
    found, in_group = _all_changes(pieces, claims.window.size), pieces.group[pieces.forecaster]
    order = _in_time(found)
    spans = _Spans.until(np.flatnonzero(order >= order.size - found.closings))
    moment, claim, stay, gain = found.moment[order], found.claim[order], found.stay[order], found.gain[order]
    inside = gain * in_group[stay]
    lapse = np.append(np.diff(moment) / claims.window[claim[:-1]], 0.0)[: order.size]
    lapse[spans.standing(np.sign(inside)) < 2] = 0.0
    rate = np.divide(lapse, spans.standing(inside.copy()), out=np.zeros(order.size), where=lapse > 0)

    share = (pieces.weight[pieces.term] * in_group)[found.stay]
    jump = _jumps(pieces.loss, pieces, found)
    lost = spans.standing((share * jump)[order])
    squares = np.zeros(0)
    if apart:
        squares = spans.standing((share * _jumps(pieces.loss**2, pieces, found))[order]) * lapse - lost**2 * rate
        squares = summed(claim, squares, claims.window.size)
    rest = np.empty(order.size)
    rest[order] = spans.remaining(lapse)
    own = summed(found.stay, jump * rest, pieces.claim.size)
    return Sweep(spans, claim, stay, gain, inside, lapse, rate, lost * rate, own, squares).of_company()


def _all_changes(pieces: Pieces, claims: int) -> _Changes:
    """Return everything that changes, unsorted."""
    first, last, weight = pieces.first, pieces.last, pieces.weight[pieces.term]
    ends = pieces.end[last]
    closes = np.full(claims, np.iinfo(np.int64).min if ends.dtype.kind == "i" else -np.inf, ends.dtype)
    np.maximum.at(closes, pieces.claim, ends)
    here = np.flatnonzero(np.bincount(pieces.claim, minlength=claims))
    early = np.flatnonzero(ends < closes[pieces.claim])
    gain = np.zeros(pieces.start.size)
    gain[first] = weight
    return _Changes(
        cast(Moments, np.concatenate((pieces.start, ends[early], closes[here]))),
        np.concatenate((pieces.claim[pieces.stay], pieces.claim[early], here)),
        np.concatenate((pieces.stay, early, np.zeros(here.size, np.intp))),
        np.concatenate((gain, -weight[early], np.zeros(here.size))),
        here.size,
        last[early],
    )


def _jumps(loss: FloatArray, pieces: Pieces, found: _Changes) -> FloatArray:
    """Return by how much each change alters what its stay loses, which is nothing before it begins."""
    before = np.append(0.0, loss)[:-1]
    before[pieces.first] = 0.0
    return np.concatenate((loss - before, -loss[found.ends], np.zeros(found.closings)))


def _in_time(found: _Changes) -> IndexArray:
    """Return the order of changes by claim and by time, each closing after whatever happens at its moment."""
    moment, claim = found.moment, found.claim
    closes = np.arange(moment.size) >= moment.size - found.closings
    if moment.dtype.kind == "i":  # one whole number for both sorts much faster than two columns
        claims = int(claim.max(initial=-1)) + 1
        first, last = np.full(claims, np.iinfo(np.int64).max), np.full(claims, np.iinfo(np.int64).min)
        np.minimum.at(first, claim, moment)
        last[claim[closes]] = moment[closes]
        length = np.where(first <= last, last - first + 2, 0)
        if length.sum(dtype=np.float64) < _FULL:
            offset = np.cumsum(length) - length - first
            return np.argsort(moment + offset[claim] + closes)
    return np.lexsort((closes, moment, claim))


def _until_next(pace: FloatArray, at: IndexArray) -> FloatArray:
    """Sum up a pace from each of some events to the next of them."""
    return np.add.reduceat(pace, at) if at.size else pace
