"""Find who stands together at every moment of a claim, by one sort of starts and ends: exact, without a grid of times.

The forecasters who stand at a moment are its *company*. It changes at each event (a stay begins or ends), and stays the
same between two events. So the running sum of a value over the events of a claim is its sum over the company, and the
sum of this from an event to the end of the claim is an integral over the time that is left. The integral over a stay
is what is left at its start minus what is left at its end. Most stays end with their claim, where nothing is left, so
these ends are no events. Stays are numbered in the order in which they begin: if none ends early, each event is a stay.

The loss of a forecaster changes more often than the company does. These changes are summed up between two events in one
pass. Claims are worked through in blocks that fit the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from forecasts.changes import Changes, Presence, Spans, StayLosses
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.pieces import Claims, Numbers, Pieces, summed

__all__ = ["Room", "Sweep", "sweep"]

Kept = TypeVar("Kept", bound=np.generic)

_PIECES_HELD = 1 << 15  # pieces in one block
_ROOM, _WORD = 1 << 25, 8  # bytes for which memory is asked at a time, and at a multiple of which columns begin
_NOBODY = 1e-12  # less than any forecaster weighs
_NOTHING = 1e-12  # shares of a window below this are rounding errors of running sums


class Room:
    """Memory for the columns that are kept of each block.

    It is apart from the memory of temporary columns. These then reuse the same addresses in every block, which stay in
    the processor's cache.
    """

    def __init__(self) -> None:
        """Begin without memory; :meth:`keep` asks for it."""
        self._left = np.empty(0, np.uint8)

    def keep(self, values: NDArray[Kept]) -> NDArray[Kept]:
        """Return a copy of a column."""
        size = -(-values.nbytes // _WORD) * _WORD
        if size > self._left.size:
            # Filled at once, because memory that is first touched bit by bit comes slowly.
            self._left = np.full(max(_ROOM, size), 0, np.uint8)
        column, self._left = self._left[: values.nbytes].view(values.dtype), self._left[size:]
        column[:] = values
        return column


class Company(NamedTuple):
    """Which forecasters of the group come or go at some events; the fields are those of :class:`Sweep`."""

    spans: Spans
    forecaster: Numbers
    weight_change: FloatArray
    rate_left: FloatArray

    def means_left(self, values: FloatArray) -> FloatArray:
        """Return the integral, from each event to the end of its claim, of the mean of a value over the company.

        *values* has one value for each forecaster. The weighted sum over the company at a moment is the sum of what all
        events until then brought in. Its integral therefore has two parts: what was brought in until the event, times
        the rate left at the event; and what each later event brings in, times the rate left at that event. Both run as
        the parts of one complex number, which takes no longer than one of them.
        """
        sums = np.empty(self.rate_left.size, np.complex128)
        brought, later = sums.real, sums.imag  # until each event, and after it
        if self.weight_change.strides == (0,):  # all weigh 1
            brought[:] = values.take(self.forecaster)
        else:
            np.multiply(values.take(self.forecaster), self.weight_change, out=brought)
        np.multiply(brought, self.rate_left, out=later)
        of_claim = np.add.reduceat(sums, self.spans.opening)
        brought[self.spans.opening[1:]] -= of_claim.real[:-1]
        later[self.spans.opening] -= of_claim.imag
        np.cumsum(sums, out=sums)
        left = brought * self.rate_left
        return np.subtract(left, later, out=left)

    def gained_by_forecaster(self, left: FloatArray, size: int) -> FloatArray:
        """Return for each forecaster the weighted integral over all stays; *left* is what is left at each event."""
        return summed(self.forecaster, left * self.weight_change, size)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """The events of a block of claims, by claim, then by time; shapes (events,) unless said otherwise.

    Within the block, claims and stays are numbered from 0, stays in the order in which they begin on their claim. The
    *group* are the forecasters from whom means are taken. Only the time counts in which at least two of the group
    stand, as a share of the window. A column that ends in ``_left`` is an integral over this time, from each event to
    the end of its claim.

    Attributes:
        claims: The numbers of the block's claims among all claims, shape (claims,).
        spans: The positions of the events of each claim.
        forecaster: The number of the forecaster who comes or goes.
        stays: The stays of the block among all stays.
        stay: Which of these each stay is, shape (stays,).
        presence: The events of each stay.
        weight_change: The weight of a stay of the group that begins, minus that of one that ends; 0 outside the group.
        share: How much time counts on each claim, shape (claims,).
        time_left: What is left of the time.
        rate_left: What is left of the time, each moment divided by the weight of the company.
        mean_loss: The integral of the mean loss of the company, shape (claims,).
        weight: What each stay weighs for each share of the window, shape (stays,).
        saved: The weighted integral of the mean loss minus that of the stay over that time, shape (stays,).
        mean_loss_left: What is left of the mean loss of the company; empty unless squares were asked for.
        own_loss: The loss of each stay over that time, not weighted, shape (stays,); empty likewise.
        squares: The weighted squares of losses from their mean, from each event to the next; empty likewise.
    """

    claims: IndexArray
    spans: Spans
    forecaster: Numbers
    stays: slice
    stay: Numbers
    presence: Presence
    weight_change: FloatArray
    share: FloatArray
    time_left: FloatArray
    rate_left: FloatArray
    mean_loss: FloatArray
    weight: FloatArray
    saved: FloatArray
    mean_loss_left: FloatArray
    own_loss: FloatArray
    squares: FloatArray

    @property
    def claim(self) -> IndexArray:
        """The number of the claim of each event, within the block."""
        return np.repeat(np.arange(self.claims.size), self.spans.size)

    @property
    def forecaster_of_stay(self) -> Numbers:
        """The number of the forecaster of each stay."""
        return self.forecaster[self.presence.begins]

    @property
    def duration(self) -> FloatArray:
        """How much time counts from each event to the next."""
        return self.spans.to_next(self.time_left)

    @property
    def is_compared(self) -> BoolArray:
        """Whether any time counts from each event to the next."""
        return self.duration > _NOTHING

    @property
    def compared(self) -> FloatArray:
        """How much of the time that counts each stay has, shape (stays,)."""
        return self.presence.integrals(self.time_left)

    def scaled(self, factor: FloatArray) -> Sweep:
        """Return the sweep with all losses multiplied by a factor for each of its claims; without squares."""
        by_stay, none = factor[self.claim[self.presence.begins]], np.zeros(0)
        return replace(
            self, mean_loss=self.mean_loss * factor, saved=self.saved * by_stay, mean_loss_left=none, own_loss=none,
            squares=none,
        )  # fmt: skip

    def total_of_group(self, values: FloatArray) -> FloatArray:
        """Return the weighted sum of a value over the company after each event; *values* goes by event."""
        return self.spans.running_totals(self.weight_change * values)

    def company_of_group(self, room: Room) -> Company:
        """Return the company at the events of the group only, kept in *room*."""
        if self.weight_change.all():
            return self.company
        at, keep = np.flatnonzero(self.weight_change), room.keep
        size = np.add.reduceat(self.weight_change != 0, self.spans.opening, dtype=np.intp)
        columns = (keep(self.forecaster[at]), keep(self.weight_change[at]), keep(self.rate_left[at]))
        return Company(Spans.of(size[size > 0]), *columns)

    @property
    def company(self) -> Company:
        """The company at all events."""
        return Company(self.spans, self.forecaster, self.weight_change, self.rate_left)

    def gained_by_stay(self, left: FloatArray) -> FloatArray:
        """Return for each stay its weight times the integral over its time; *left* is what is left at each event."""
        return self.presence.integrals(left) * self.weight


def sweep(pieces: Pieces, claims: Claims, *, squares: bool = False) -> list[Sweep]:
    """Sort the starts and ends of stays, find how long each company stays together, and sum up its losses.

    Args:
        pieces: The losses of forecasters, and when they stand.
        claims: The claims.
        squares: Whether the squares of losses from their mean are computed too.

    Returns:
        A sweep for each block of claims.

    Two stand together in the second half of the claim:

    >>> two, zero = np.arange(2), np.zeros(1, np.intp)
    >>> pieces = Pieces(np.array([0, 2]), np.array([4, 4]), np.zeros(2), two, two[:0], two, zero, zero, None, two,
    ...                 np.ones(2), two >= 0)
    >>> (block,) = sweep(pieces, Claims(np.array([4.0]), zero, zero, zero))
    >>> block.is_compared.tolist(), block.compared.tolist(), block.gained_by_stay(block.rate_left).tolist()
    ([False, True], [0.5, 0.5], [0.25, 0.25])
    """
    room = Room()
    return [
        _swept(pieces.part(block), int(pieces.opening[block.start]), claims.window, squares, room)
        for block in _blocks_of_claims(pieces)
    ]


def _blocks_of_claims(pieces: Pieces) -> Iterator[slice]:
    """Yield blocks of the claims on which anybody stands.

    A block has about _PIECES_HELD pieces, or as many as there are forecasters if these are more: each block is summed
    up by forecaster, which takes a step for each of them.
    """
    size, wanted = pieces.start.size, max(_PIECES_HELD, pieces.group.size)
    first_pieces = pieces.first[pieces.opening]
    claim_at_cut = np.searchsorted(first_pieces, np.arange(wanted, size, wanted), side="right") - 1
    cuts = np.unique(np.concatenate(([0], claim_at_cut, [pieces.opening.size])))
    return (slice(start, end) for start, end in pairwise(cuts.tolist()))


def _swept(pieces: Pieces, first_stay: int, windows: FloatArray, squares: bool, room: Room) -> Sweep:
    """Sweep a block of claims, whose first stay is *first_stay*; *windows* is the length of every claim's window."""
    keep, changes, weight, none = room.keep, Changes.of(pieces), pieces.stay_weight, np.zeros(0)
    course, losses = changes.in_order_of_time(), StayLosses.of(pieces, pieces.loss)
    spans, rows, presence = course.spans, course.event_rows, course.presence
    group_weight = weight if pieces.group.all() else weight * pieces.group[pieces.forecaster]
    increments = changes.increments(group_weight, losses)[course.order]
    weight_change = np.broadcast_to(1.0, rows.size)  # usual: all weigh 1, are of the group, and stay to the end
    if group_weight.strides != (0,) or changes.early_stays.size:
        weight_change = keep(increments.real[rows])
    people = None if pieces.alike else spans.running_totals(np.sign(increments.real))
    totals = spans.running_totals(increments)
    several = (totals.real if people is None else people) > 1  # if all weigh 1, the weight is the number of people
    time = np.repeat(1 / windows[pieces.claims], spans.size)
    time *= several
    time *= course.time_to_next
    share, rate = np.add.reduceat(time, spans.opening), time / np.maximum(totals.real, _NOBODY)
    squared = none
    if squares:
        of_squares = changes.increments(group_weight, StayLosses.of(pieces, pieces.loss**2))[course.order]
        totals_of_squares = spans.running_totals(of_squares).imag
        squared = np.add.reduceat(totals_of_squares * time - totals.imag**2 * rate, rows)
    totals.real = rate
    totals.imag *= rate
    left, time_left, time_left_by_change = spans.totals_left(totals)[rows], spans.totals_left(time), np.empty(time.size)
    time_left_by_change[course.order] = time_left
    stay = course.stay[presence.begins]
    own_loss = changes.own_loss(time_left_by_change, losses)[stay]
    weight = weight if pieces.alike else keep(weight[stay])
    saved = (presence.integrals(left.imag) - own_loss) * weight
    forecaster = pieces.forecaster.take(course.stay).astype(np.min_scalar_type(pieces.group.size))
    return Sweep(
        pieces.claims, course.event_spans, keep(forecaster), slice(first_stay, first_stay + stay.size),
        keep(stay.astype(np.min_scalar_type(stay.size))), presence, weight_change, share, keep(time_left[rows]),
        keep(left.real), left.imag[course.event_spans.opening], weight, keep(saved),
        keep(left.imag) if squares else none, own_loss if squares else none, squared,
    )  # fmt: skip
