"""Find who stands together at every moment of a claim, by one sort of starts and ends: exact, without a grid of times.

The forecasters who stand at a moment are its *company*. It changes at each event (a stay begins or ends), and stays the
same between two events. So the running sum of a value over the events of a claim is its sum over the company, and the
sum of this from an event to the last one of the claim is an integral over the time that is left. The integral over a
stay is what is left at its start minus what is left at its end. Most stays end with their claim: all these ends are one
event, the closing, at which the running sum returns to 0 and nothing is left.

The loss of a forecaster changes more often than the company does. These changes are summed up between two events in one
pass. Claims are worked through in blocks that fit the processor's cache.
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

_PIECES_HELD = 1 << 14  # pieces in one block
_ROOM = 1 << 20  # numbers for which memory is asked at a time
_NOBODY = 1e-12  # less than any forecaster weighs


class Room:
    """Memory for the columns that are kept of each block.

    It is apart from the memory of temporary columns. These then reuse the same addresses in every block, which stay in
    the processor's cache.
    """

    def __init__(self) -> None:
        """Begin without memory; :meth:`keep` asks for it."""
        self._left = np.empty(0)

    def keep(self, values: Kept) -> Kept:
        """Return a copy of a column, whose values have eight bytes each."""
        if values.size > self._left.size:
            # Filled at once, because memory that is first touched bit by bit comes slowly.
            self._left = np.full(max(_ROOM, values.size), 0.0)
        column, self._left = self._left[: values.size].view(values.dtype), self._left[values.size :]
        column[:] = values
        return column


class Company(NamedTuple):
    """Which forecasters of the group come or go at some events; the fields are those of :class:`Sweep`."""

    spans: Spans
    forecaster: IndexArray
    weight_change: FloatArray
    rate_left: FloatArray

    def means_left(self, values: FloatArray) -> FloatArray:
        """Return the integral, from each event to the end of its claim, of the mean of a value over the company.

        *values* has one value for each forecaster. The weighted sum over the company at a moment is the sum of what all
        events until then brought in. Its integral therefore has two parts: what was brought in until the event, times
        the rate left at the event; and what each later event brings in, times the rate left at that event. Both run as
        the parts of one complex number, which takes no longer than one of them.
        """
        sums = np.empty(self.weight_change.size, np.complex128)
        brought, later = sums.real, sums.imag  # until each event, and after it
        np.multiply(values[self.forecaster], self.weight_change, out=brought)
        np.multiply(brought, self.rate_left, out=later)
        of_claim = np.add.reduceat(sums, self.spans.opening)
        brought[self.spans.closing] = -of_claim.real
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

    Within the block, claims and stays are numbered from 0. The *group* are the forecasters from whom means are taken.
    Only the time counts in which at least two of the group stand, as a share of the window. A column that ends in
    ``_left`` is an integral over this time, from each event to the last event of its claim.

    Attributes:
        stays: The stays of the block among all stays.
        claims: The numbers of the block's claims among all claims, shape (claims,).
        spans: The positions of the events of each claim.
        forecaster: The number of the forecaster who comes or goes; at a closing it means nothing.
        begins: The event at which each stay begins, shape (stays,).
        ends: The events at which a stay ends before its claim closes.
        ended: The stays that end there.
        weight_change: The weight of a stay of the group that begins, minus that of one that ends; 0 outside the group.
        share: How much time counts on each claim, shape (claims,).
        is_compared: Whether the time from the event to the next counts, and is more than none.
        duration: How long that time is; empty unless squares were asked for.
        rate_left: What is left of the time, each moment divided by the weight of the company.
        mean_loss_left: What is left of the mean loss of the company.
        weight: What each stay weighs for each share of the window, shape (stays,).
        compared: How much of the time that counts each stay has, shape (stays,).
        own_loss: The loss of each stay over that time, not weighted, shape (stays,).
        squares: The weighted squares of losses from their mean, from each event to the next; empty unless asked for.
    """

    stays: slice
    claims: IndexArray
    spans: Spans
    forecaster: IndexArray
    begins: IndexArray
    ends: IndexArray
    ended: IndexArray
    weight_change: FloatArray
    share: FloatArray
    is_compared: BoolArray
    duration: FloatArray
    rate_left: FloatArray
    mean_loss_left: FloatArray
    weight: FloatArray
    compared: FloatArray
    own_loss: FloatArray
    squares: FloatArray

    @property
    def claim(self) -> IndexArray:
        """The number of the claim of each event, within the block."""
        return np.repeat(np.arange(self.claims.size), self.spans.size)

    def scaled(self, claims: FloatArray, stays: FloatArray) -> Sweep:
        """Return the sweep with all losses multiplied: by a factor for each of its claims, and the same by stay."""
        return replace(self, mean_loss_left=self.mean_loss_left * claims[self.claim], own_loss=self.own_loss * stays)

    def total_of_group(self, values: FloatArray) -> FloatArray:
        """Return the weighted sum of a value over the company after each event; *values* goes by event."""
        return self.spans.running_totals(self.weight_change * values)

    def company_of_group(self, room: Room) -> Company:
        """Return the company at the events of the group only, and at the first and last of each claim, kept in *room*.

        The first and last events stay because :class:`Spans` points to them.
        """
        kept = self.weight_change != 0
        for ends in self.spans:
            kept[ends] = True
        if kept.all():
            return self.company
        at = np.flatnonzero(kept)
        spans = Spans(*(np.searchsorted(at, ends) for ends in self.spans))
        return Company(
            spans, room.keep(self.forecaster[at]), room.keep(self.weight_change[at]), room.keep(self.rate_left[at])
        )

    @property
    def company(self) -> Company:
        """The company at all events."""
        return Company(self.spans, self.forecaster, self.weight_change, self.rate_left)

    def gained_by_stay(self, left: FloatArray) -> FloatArray:
        """Return for each stay its weight times the integral over its time; *left* is what is left at each event."""
        gained = left[self.begins]
        gained[self.ended] -= left[self.ends]
        return gained * self.weight


def sweep(pieces: Pieces, claims: Claims, *, squares: bool = False) -> list[Sweep]:
    """Sort the starts and ends of stays, find how long each company stays together, and sum up its losses.

    Args:
        pieces: The losses of forecasters, and when they stand.
        claims: The claims.
        squares: Whether the squares of losses from their mean are computed too.

    Returns:
        A sweep for each block of claims.

    Two stand together in the second half of the claim:

    >>> one, two, zero = np.zeros(2, np.intp), np.arange(2), np.zeros(1, np.intp)
    >>> pieces = Pieces(np.array([0, 2]), np.array([4, 4]), np.zeros(2), two, one, two, two, two, np.ones(2), two >= 0)
    >>> (block,) = sweep(pieces, Claims(np.array([4.0]), zero, zero, zero))
    >>> block.is_compared.tolist(), block.compared.tolist(), block.gained_by_stay(block.rate_left).tolist()
    ([False, True, False], [0.5, 0.5], [0.25, 0.25])
    """
    room = Room()
    return [_swept(pieces.part(stays), stays, claims.window, squares, room) for stays in _whole_claims(pieces)]


def _whole_claims(pieces: Pieces) -> Iterator[slice]:
    """Yield blocks of stays, each with all stays of its claims.

    A block has about _PIECES_HELD pieces, or as many as there are forecasters if these are more: each block is summed
    up by forecaster, which takes a step for each of them.
    """
    size, wanted = pieces.start.size, max(_PIECES_HELD, pieces.group.size)
    claim_at_cut = pieces.claim[np.searchsorted(pieces.first, np.arange(wanted, size, wanted), side="right") - 1]
    cuts = np.unique(np.concatenate(([0], np.searchsorted(pieces.claim, claim_at_cut), [pieces.claim.size])))
    return (slice(start, end) for start, end in pairwise(cuts.tolist()))


def _swept(pieces: Pieces, stays: slice, windows: FloatArray, squares: bool, room: Room) -> Sweep:
    """Sweep a block of claims, whose stays are *stays* among all; *windows* is the length of every claim's window."""
    first_stays = np.flatnonzero(np.append(True, pieces.claim[1:] > pieces.claim[:-1]))
    claims, changes = pieces.claim[first_stays], Changes.of(pieces, first_stays)
    course, weight = changes.in_order_of_time(), pieces.stay_weight
    group_weight = weight if pieces.group.all() else weight * pieces.group[pieces.forecaster]
    increments = changes.increments(group_weight, pieces.loss)
    totals = course.spans.running_totals(increments[course.order])
    people = totals.real  # if all weigh 1, the total weight is the number of people
    if not pieces.alike:
        people = course.spans.running_totals(np.sign(increments.real)[course.order])
    share_of_unit = (people > 1) / np.repeat(windows[claims], course.spans.size)  # 0 if fewer than two stand
    time, duration = share_of_unit * course.time_to_next, share_of_unit[course.event_rows] * course.event_time
    rate = np.divide(time, np.maximum(totals.real, _NOBODY), out=share_of_unit)
    squared = np.zeros(0)
    if squares:
        totals_of_squares = course.spans.running_totals(
            changes.increments(group_weight, pieces.loss**2)[course.order]
        ).imag
        squared = np.add.reduceat(totals_of_squares * time - totals.imag**2 * rate, course.event_rows)
    totals.real = rate
    totals.imag *= rate
    left = course.spans.totals_left(totals)[course.event_rows]
    time_left = np.empty(time.size)
    time_left[course.order] = course.spans.totals_left(time)
    compared, own_loss = changes.time_and_loss(time_left)

    change, begins = course.order[course.event_rows], np.empty(weight.size, np.intp)
    stay = np.concatenate((changes.stay, changes.early_stays, np.zeros(claims.size, np.intp)))[change]
    begins[stay[::-1]] = np.arange(stay.size)[::-1]  # of several events of a stay the first
    keep, ends = room.keep, changes.ends_among(change)
    return Sweep(
        stays, claims, course.event_spans, keep(pieces.forecaster[stay]), keep(begins), ends, stay[ends],
        keep(increments.real[change]), course.event_spans.summed(duration), duration > 0,
        keep(duration) if squares else np.zeros(0), keep(left.real), keep(left.imag),
        weight if pieces.alike else keep(weight), keep(compared), keep(own_loss), squared,
    )  # fmt: skip
