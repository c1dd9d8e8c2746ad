"""Find the parts within which forecasters can be compared: those linked by standing on a claim at the same moment.

Two are also linked through others, if each step of the chain is such a meeting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.pieces import Claims, Numbers, Pieces, blocks, distinct_pairs
from forecasts.sweep import Sweep, sweep

__all__ = ["in_parts"]

_SOME = 1e-9  # shares of a window below this are rounding errors


def in_parts(pieces: Pieces, claims: Claims) -> tuple[Pieces, Claims, list[Sweep], IndexArray]:
    """Sweep the pieces so that each claim belongs to one part.

    A claim on which several parts stand, at different times, becomes one claim for each. Forecasters outside the group
    who meet several parts are put into the one that they meet for the longest time, and are compared there only.

    Args:
        pieces: The losses of forecasters, and when they stand.
        claims: The claims, whose `part` is not known yet.

    Returns:
        The pieces and the claims, divided by part; the sweeps of blocks of them; and the part of each forecaster, -1
        for one who meets nobody of the group.

    Two pairs stand on one claim, one after the other, so each has it by itself:

    >>> each, zero = np.arange(4), np.zeros(1, np.intp)
    >>> pieces = Pieces(np.array([0, 0, 2, 2]), np.array([2, 2, 4, 4]), np.zeros(4), each, each[:0], each, zero, zero,
    ...                 None, each, np.ones(4), np.ones(4, bool))
    >>> pieces, claims, _, part = in_parts(pieces, Claims(np.array([4.0]), zero, zero, zero))
    >>> part.tolist(), pieces.claim.tolist(), claims.part.tolist()
    ([0, 0, 1, 1], [0, 0, 1, 1], [0, 1])
    """
    several = bool(claims.kind.any())
    swept = sweep(pieces, claims, squares=several)
    label = _first_linked(swept, pieces)
    number = np.cumsum(label == np.arange(label.size)) - 1
    if number.max(initial=-1) < 1:  # one part, as nearly always
        return pieces, claims, swept, np.where(_compared(swept, pieces), 0, -1)
    member = _first_met(swept, pieces)
    part = _longest(pieces, np.where(member < 0, -1, number[label[member]]), claims)
    row, old, home = distinct_pairs(pieces.claim, part[pieces.forecaster] + 1)
    cluster, _, _ = distinct_pairs(claims.cluster[old], home)
    pieces, claims = pieces.on(row), Claims(claims.window[old], cluster, claims.kind[old], home - 1)
    return pieces, claims, sweep(pieces, claims, squares=several), part


def _first_linked(swept: Sequence[Sweep], pieces: Pieces) -> IndexArray:
    """Return for each forecaster of the group the lowest number of those linked with it.

    It is -1 for those who meet nobody of the group. For a forecaster outside the group it means nothing.
    """
    label, meets = np.arange(pieces.group.size), np.zeros(pieces.group.size, np.bool_)
    group = np.flatnonzero(pieces.group & _speak(pieces))
    for block in swept:
        if group.size and meets[group].all() and np.ptp(label[group]) == 0:
            break  # all of the group are linked already
        stay, first = _meetings(block, pieces)
        forecaster = pieces.forecaster.take(stay)
        in_group = pieces.group[forecaster]
        meets[forecaster[in_group]] = True
        label = _linked(label, forecaster[in_group], first[in_group])
    return np.where(meets, label, -1)


def _speak(pieces: Pieces) -> BoolArray:
    """Return for each forecaster whether they have a stay on any claim."""
    speaks = np.zeros(pieces.group.size, np.bool_)
    for block in blocks(pieces.forecaster.size):
        if speaks.all():
            break
        speaks[pieces.forecaster[block]] = True
    return speaks


def _compared(swept: Sequence[Sweep], pieces: Pieces) -> BoolArray:
    """Return for each forecaster whether they stand for some time together with at least two of the group."""
    compared, speaks = np.zeros(pieces.group.size, np.bool_), _speak(pieces)
    for block in swept:
        if (compared == speaks).all():
            break  # nobody is left to be found
        compared[block.forecaster_of_stay[block.compared > _SOME]] = True
    return compared


def _first_met(swept: Sequence[Sweep], pieces: Pieces) -> IndexArray:
    """Return for each stay a forecaster of the group to whom it is linked; -1 if it meets nobody.

    The first two meet, the third comes when they have gone:

    >>> each, zero = np.arange(3), np.zeros(3, np.intp)
    >>> pieces = Pieces(np.array([0, 1, 2]), np.array([2, 2, 4]), np.zeros(3), each, each[:0], each, zero, zero,
    ...                 None, each, np.ones(3), np.ones(3, bool))
    >>> _first_met(sweep(pieces, Claims(np.array([4.0]), zero, zero, zero)), pieces).tolist()
    [1, 1, -1]
    """
    member = np.full(pieces.forecaster.size, -1)
    for block in swept:
        stay, first = _meetings(block, pieces)
        member[stay] = first
    return member


def _meetings(block: Sweep, pieces: Pieces) -> tuple[IndexArray, IndexArray]:
    """Return the stays that meet anybody of the group, and for each a forecaster of the group linked to it.

    All stays of one island are linked, so one forecaster can speak for each island.
    """
    begin, stop = _stretches(block)
    meeting = np.flatnonzero(stop > begin)
    forecaster, island = block.forecaster_of_stay[meeting], _islands(begin[meeting], stop[meeting])
    in_group = pieces.group[forecaster]
    member = np.zeros(int(island.max(initial=-1)) + 1, np.intp)
    member[island[in_group]] = forecaster[in_group]
    return block.stays.start + block.stay[meeting].astype(np.intp), member[island]


def _longest(pieces: Pieces, met: IndexArray, claims: Claims) -> IndexArray:
    """Return the part that each forecaster meets for the longest time; -1 for none. *met* is the part of each stay."""
    longest = np.full(pieces.group.size, -1)
    share = (pieces.end[pieces.last] - pieces.start[pieces.first]) / claims.window[pieces.claim]
    row, forecaster, part = distinct_pairs(pieces.forecaster, met + 1)
    order = np.argsort(np.where(part > 0, np.bincount(row, share), -1.0), kind="stable")
    longest[forecaster[order]] = part[order] - 1  # the last of several writes wins: the longest time
    return longest


def _stretches(block: Sweep) -> tuple[IndexArray, IndexArray]:
    """Return for each stay the first stretch within it, and the first one after it; they are equal if it has none.

    A stretch is the time from one event to the next if at least two of the group stand in it. Stretches are numbered in
    the order of events.
    """
    presence = block.presence
    until: IndexArray = np.cumsum(block.is_compared)
    before, closing = until - block.is_compared, np.repeat(until[block.spans.closing], block.spans.size)
    begin, stop = before[presence.begins], closing[presence.begins]
    stop[presence.ended] = before[presence.ends]
    return begin, stop


def _islands(begin: IndexArray, stop: IndexArray) -> IndexArray:
    """Return the number of each stay's island, given its first stretch and the first one after it.

    An island is a run of stretches in which some stay bridges each stretch and the next.
    """
    size = int(stop.max(initial=0)) + 1
    bridged = np.cumsum(np.bincount(begin, minlength=size) - np.bincount(stop - 1, minlength=size)) > 0
    return np.concatenate(([0], np.cumsum(~bridged[:-1])))[begin]


def _linked(label: IndexArray, first: Numbers, second: IndexArray) -> IndexArray:
    """Return the labels after linking pairs: all that are linked, also through others, get their smallest label.

    Args:
        label: The label of each forecaster: the number of a forecaster, not above their own.
        first: The first forecaster of each pair.
        second: The second one.
    """
    while True:
        low, high = np.minimum(label[first], label[second]), np.maximum(label[first], label[second])
        if (low == high).all():
            return label
        np.minimum.at(label, high, low)
        while (label[label] != label).any():
            label = label[label]
