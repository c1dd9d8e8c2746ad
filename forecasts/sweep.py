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
from typing import NamedTuple, TypeVar

import numpy as np

from forecasts.changes import Changes, Spans
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.pieces import Claims, Pieces, summed

__all__ = ["Room", "Sweep", "sweep"]

Kept = TypeVar("Kept", FloatArray, IndexArray)

_PIECES_HELD = 1 << 14  # pieces that go through all steps together
_ROOM = 1 << 20  # numbers that are kept together
_NOBODY = 1e-12  # less than anybody weighs


class Room:
    """Memory for what is kept of each block, apart from that for what goes at once.

    So what goes always takes the same memory, which stays in the processor's cache.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._left = np.empty(0)

    def keep(self, values: Kept) -> Kept:
        """Return a copy of some values of eight bytes each."""
        if values.size > self._left.size:
            self._left = np.full(max(_ROOM, values.size), 0.0)  # memory that is asked for bit by bit comes slowly
        place, self._left = self._left[: values.size].view(values.dtype), self._left[values.size :]
        place[:] = values
        return place


class Company(NamedTuple):
    """Who of the group comes or goes at some events; see :class:`Sweep`."""

    spans: Spans
    who: IndexArray
    inside: FloatArray
    rate: FloatArray

    def left_of_means(self, values: FloatArray) -> FloatArray:
        """Return what is left of the mean over the company of a value of each of them.

        The mean after an event is the sum, over all events until then, of what each brings in. So what is left of it
        is what was brought in until then, times what is left of the rate, and what every later event brings in, times
        what is left of the rate there. Both sums run along as the parts of one complex number, which takes as long as
        one of them.
        """
        sums = np.empty(self.inside.size, np.complex128)
        brought, later = sums.real, sums.imag
        np.multiply(values[self.who], self.inside, out=brought)
        np.multiply(brought, self.rate, out=later)
        whole = np.add.reduceat(sums, self.spans.opening)
        brought[self.spans.closing] = -whole.real
        later[self.spans.opening] -= whole.imag
        np.cumsum(sums, out=sums)
        left = brought * self.rate
        return np.subtract(left, later, out=left)

    def gathered(self, left: FloatArray, size: int) -> FloatArray:
        """Sum up what each of them gained while they stood, weighted, by what is left at each event."""
        return summed(self.who, left * self.inside, size)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """The events of a block of claims, by claim, then by time; shapes (events,) unless said otherwise.

    Within the block, claims and stays are counted from 0. What is said to be left at an event is summed up from there
    to the last event of its claim, where nothing is left.

    Attributes:
        stays: Which stays of all are those of the block.
        claims: Which claims of all, shape (claims,).
        spans: Which of the events belong to one claim.
        who: The number of the forecaster who comes or goes; at a closing any.
        begins: The event at which each stay begins, shape (stays,).
        ends: The events at which a stay ends before its claim.
        ended: Which stays these are.
        inside: The weight of a stay of the group that begins, negative if it ends, else 0.
        share: The share of each claim's window in which at least two of the group stand, shape (claims,).
        meets: Whether at least two of the group stand until the next event, and for some time.
        lapse: That time, as a share of the window; empty unless asked for.
        rate: What is left of such time, divided at each moment by the weight of the group that stands.
        cost: What is left of the mean loss of the group over that time.
        weight: What each stay weighs for each share of the window, shape (stays,).
        compared: How much of that time is in it.
        lost: What each stay loses over it, not weighted.
        apart: The squares of losses from their mean, weighted, over that time until the next event, if asked for.
    """

    stays: slice
    claims: IndexArray
    spans: Spans
    who: IndexArray
    begins: IndexArray
    ends: IndexArray
    ended: IndexArray
    inside: FloatArray
    share: FloatArray
    meets: BoolArray
    lapse: FloatArray
    rate: FloatArray
    cost: FloatArray
    weight: FloatArray
    compared: FloatArray
    lost: FloatArray
    apart: FloatArray

    @property
    def claim(self) -> IndexArray:
        """The number of the claim of each event."""
        return np.repeat(np.arange(self.claims.size), self.spans.size)

    def scaled(self, claims: FloatArray, stays: FloatArray) -> Sweep:
        """Multiply all losses: those of the group by a number for each claim, a stay's own by one for each stay."""
        return replace(self, cost=self.cost * claims[self.claim], lost=self.lost * stays)

    def total(self, values: FloatArray) -> FloatArray:
        """Return the sum of a value of each event's stay over those of the group who stand, weighted."""
        return self.spans.standing(self.inside * values)

    def of_group(self, room: Room) -> Company:
        """Return the company at the events of the group, and at the first and the last of each claim; keep it there."""
        kept = self.inside != 0
        for ends in self.spans:
            kept[ends] = True
        if kept.all():
            return self.everybody
        at = np.flatnonzero(kept)
        spans = Spans(*(np.searchsorted(at, ends) for ends in self.spans))
        return Company(spans, room.keep(self.who[at]), room.keep(self.inside[at]), room.keep(self.rate[at]))

    @property
    def everybody(self) -> Company:
        """The company at all events."""
        return Company(self.spans, self.who, self.inside, self.rate)

    def collected(self, left: FloatArray) -> FloatArray:
        """Return for each stay what was gained while it lasted, times its weight, by what is left at each event."""
        found = left[self.begins]
        found[self.ended] -= left[self.ends]
        return found * self.weight


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
    >>> pieces = Pieces(np.array([0, 2]), np.array([4, 4]), np.zeros(2), two, one, two, two, two, np.ones(2), two >= 0)
    >>> (block,) = sweep(pieces, Claims(np.array([4.0]), zero, zero, zero))
    >>> block.meets.tolist(), block.compared.tolist(), block.collected(block.rate).tolist()
    ([False, True, False], [0.5, 0.5], [0.25, 0.25])
    """
    room = Room()
    return [_swept(pieces.part(stays), stays, claims.window, apart, room) for stays in _whole_claims(pieces)]


def _whole_claims(pieces: Pieces) -> Iterator[slice]:
    """Yield blocks of stays that divide no claim.

    They have about _PIECES_HELD pieces, or as many as there are forecasters: each block is summed up by forecaster.
    """
    size, wanted = pieces.start.size, max(_PIECES_HELD, pieces.group.size)
    inside = pieces.claim[np.searchsorted(pieces.first, np.arange(wanted, size, wanted), side="right") - 1]
    cuts = np.unique(np.concatenate(([0], np.searchsorted(pieces.claim, inside), [pieces.claim.size])))
    return (slice(start, end) for start, end in pairwise(cuts.tolist()))


def _swept(pieces: Pieces, stays: slice, windows: FloatArray, apart: bool, room: Room) -> Sweep:
    """Sweep a block of whole claims, of which it has these stays."""
    rises = np.flatnonzero(np.append(True, pieces.claim[1:] > pieces.claim[:-1]))
    claims, found = pieces.claim[rises], Changes.of(pieces, rises)
    line, weight = found.in_time(), pieces.stay_weight
    of_group = weight if pieces.group.all() else weight * pieces.group[pieces.forecaster]
    altered = found.altered(of_group, pieces.loss)
    standing = line.spans.standing(altered[line.order])
    heads = standing.real if pieces.alike else line.spans.standing(np.sign(altered.real)[line.order])
    each = (heads > 1) / np.repeat(windows[claims], line.spans.size)
    time, lapse = each * line.until, each[line.at] * line.lasts
    mean = np.divide(time, np.maximum(standing.real, _NOBODY), out=each)
    squares = np.zeros(0)
    if apart:
        both = line.spans.standing(found.altered(of_group, pieces.loss**2)[line.order]).imag
        squares = np.add.reduceat(both * time - standing.imag**2 * mean, line.at)
    standing.real = mean
    standing.imag *= mean
    left, rest = line.spans.remaining(standing)[line.at], np.empty(time.size)
    rest[line.order] = line.spans.remaining(time)
    compared, lost = found.over(rest)

    change, begins = line.order[line.at], np.empty(weight.size, np.intp)
    stay = np.concatenate((found.stay, found.early, np.zeros(claims.size, np.intp)))[change]
    begins[stay[::-1]] = np.arange(stay.size)[::-1]  # of several events the first
    keep, ends = room.keep, found.ends_among(change)
    return Sweep(
        stays, claims, line.events, keep(pieces.forecaster[stay]), keep(begins), ends, stay[ends],
        keep(altered.real[change]), line.events.summed(lapse), lapse > 0, keep(lapse) if apart else np.zeros(0),
        keep(left.real), keep(left.imag), weight if pieces.alike else keep(weight), keep(compared), keep(lost), squares,
    )  # fmt: skip
