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

import numpy as np

from forecasts.changes import Changes, Spans, jumps, until_next
from forecasts.inputs import FloatArray, IndexArray
from forecasts.pieces import Claims, Pieces, summed

__all__ = ["Sweep", "sweep"]

_PIECES_HELD = 1 << 15  # pieces that go through all steps together
_NOBODY = 1e-12  # less than anybody weighs


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
        weight: What each stay weighs for each share of the window, shape (stays,).
        compared: The sum of the lapses in it.
        lost: What each stay loses over them, not weighted.
        apart: The squares of losses from their mean, weighted, times the lapse; empty unless asked for.
    """

    stays: slice
    claims: IndexArray
    spans: Spans
    stay: IndexArray
    gain: FloatArray
    inside: FloatArray
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
        lapse, rate, cost = (until_next(pace, at) for pace in (self.lapse, self.rate, self.cost))
        apart = until_next(self.apart, at) if self.apart.size else self.apart
        return replace(
            self, spans=Spans.until(np.searchsorted(at, self.spans.closing)), stay=self.stay[at], gain=self.gain[at],
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
    >>> block.lapse.tolist(), block.collected(block.lapse).tolist()
    ([0.0, 0.5, 0.0], [0.5, 0.5])
    """
    return [_swept(pieces.part(stays), stays, claims.window, apart) for stays in _whole_claims(pieces)]


def _whole_claims(pieces: Pieces) -> Iterator[slice]:
    """Yield blocks of stays that divide no claim.

    They have about _PIECES_HELD pieces, or as many as there are forecasters: each block is summed up by forecaster.
    """
    size, wanted = pieces.start.size, max(_PIECES_HELD, pieces.group.size)
    inside = pieces.claim[np.searchsorted(pieces.first, np.arange(wanted, size, wanted), side="right") - 1]
    cuts = np.unique(np.concatenate(([0], np.searchsorted(pieces.claim, inside), [pieces.claim.size])))
    return (slice(start, end) for start, end in pairwise(cuts.tolist()))


def _swept(pieces: Pieces, stays: slice, windows: FloatArray, apart: bool) -> Sweep:
    """Sweep a block of whole claims, of which it has these stays."""
    rises = np.append(True, pieces.claim[1:] > pieces.claim[:-1])[: pieces.claim.size]
    claims, number = pieces.claim[rises], np.cumsum(rises) - 1
    pieces, window = replace(pieces, claim=number), windows[claims]
    found = Changes.of(pieces, window.size)
    line = found.in_time(pieces.claim)
    change, spans = line.order[line.at], Spans.until(line.event[line.spans.closing])
    comes, stay, weight = found.comes[change], found.stay[change], pieces.weight[pieces.term]
    of_group = weight * pieces.group[pieces.forecaster]
    gain = comes * weight[stay]
    inside = gain if pieces.group.all() else comes * of_group[stay]
    company, length = spans.standing(inside.copy()), line.summed(line.until)
    heads = company if (weight == 1).all() else spans.standing(np.sign(inside))
    each = ((heads > 1) & (length > 0)) / np.repeat(window, spans.size)
    mean = each / np.maximum(company, _NOBODY)

    lost, squares = line.standing(of_group[found.stay] * found.jump), np.zeros(0)
    if apart:
        both = line.standing(of_group[found.stay] * jumps(pieces.loss**2, pieces, found.early, window.size))
        squares = line.summed(both * line.until) * each - line.summed(lost**2 * line.until) * mean
    rest = line.remaining(each)
    compared, gone = rest[pieces.first], found.jump * rest
    own = summed(found.stay[: pieces.start.size], gone[: pieces.start.size], weight.size)
    ends = slice(pieces.start.size, -window.size)
    compared[found.early] -= rest[ends]
    own[found.early] += gone[ends]
    cost = line.summed(lost * line.until) * mean
    lapse, rate = each * length, mean * length
    return Sweep(stays, claims, spans, stay, gain, inside, lapse, rate, cost, weight, compared, own, squares)
