"""Which forecasters can be compared: those linked by standing on a claim at the same moment, if through others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasts.inputs import IndexArray
from forecasts.pieces import Claims, Pieces, distinct_pairs
from forecasts.sweep import Sweep, sweep

__all__ = ["connected", "in_parts"]

_SOME = 1e-9  # of a window: less is rounding


def in_parts(pieces: Pieces, claims: Claims) -> tuple[Pieces, Claims, list[Sweep], IndexArray]:
    """Sweep the pieces so that each claim belongs to one part, and return the part of each forecaster with the sweep.

    A claim on which several parts stand, at different times, becomes one claim for each. Forecasters outside the group
    who meet several parts are put into the one in which they stand longest, and are compared there only.

    Args:
        pieces: What stands when.
        claims: The claims; their `part` is written here.

    Two pairs stand on one claim, one after the other, so each has it by itself:

    >>> who, zero = np.arange(4), np.zeros(4, np.intp)
    >>> pieces = Pieces(np.array([0, 0, 2, 2]), np.array([2, 2, 4, 4]), np.zeros(4), who, zero, who, who, who,
    ...                 np.ones(4), np.ones(4, bool))
    >>> pieces, claims, _, part = in_parts(pieces, Claims(np.array([4.0]), zero[:1], zero[:1], zero[:1]))
    >>> part.tolist(), pieces.claim.tolist(), claims.part.tolist()
    ([0, 0, 1, 1], [0, 0, 1, 1], [0, 1])
    """
    several = bool(claims.kind.any())
    swept = sweep(pieces, claims, apart=several)
    part = _longest(pieces, connected(swept, pieces), claims)
    if part.max(initial=-1) < 1:
        return pieces, claims, swept, part
    row, old, home = distinct_pairs(pieces.claim, part[pieces.forecaster] + 1)
    cluster, _, _ = distinct_pairs(claims.cluster[old], home)
    pieces, claims = pieces.on(row), Claims(claims.window[old], cluster, claims.kind[old], home - 1)
    return pieces, claims, sweep(pieces, claims, apart=several), part


def connected(swept: Sequence[Sweep], pieces: Pieces) -> IndexArray:
    """Return the number of the part of the group that each stay first meets; -1 if it meets nobody.

    Two of the group are in one part if they stand on a claim at the same moment, or are linked by others who do.

    The first two meet, the third comes when they have gone:

    >>> who, zero = np.arange(3), np.zeros(3, np.intp)
    >>> pieces = Pieces(np.array([0, 1, 2]), np.array([2, 2, 4]), np.zeros(3), who, zero, who, who, who,
    ...                 np.ones(3), np.ones(3, bool))
    >>> connected(sweep(pieces, Claims(np.array([4.0]), zero, zero, zero)), pieces).tolist()
    [0, 0, -1]
    """
    forecaster, people = pieces.forecaster, np.arange(pieces.group.size)
    label, meets = people.copy(), np.zeros(people.size, np.bool_)  # the first of all linked; whether with anybody
    member = np.full(forecaster.size, -1)  # of the group, whom each stay meets
    group = np.flatnonzero(pieces.group & (np.bincount(forecaster, minlength=people.size) > 0))
    for block in swept:
        if group.size and meets[group].all() and np.ptp(label[group]) == 0:  # all are one part, whoever else meets
            member[block.stays][block.compared > _SOME] = group[0]
            continue
        begin, stop = _stretches(block)
        met = np.flatnonzero(stop > begin)
        stay, island = met + block.stays.start, _islands(begin[met], stop[met])
        inner = pieces.group[forecaster[stay]]
        who, first = forecaster[stay[inner]], np.zeros(int(island.max(initial=-1)) + 1, np.intp)
        first[island[inner]] = who
        member[stay], meets[who] = first[island], True
        label = _linked(label, who, first[island[inner]])
    number = np.cumsum(meets & (label == people)) - 1
    return np.where(member < 0, -1, number[label[member]])


def _longest(pieces: Pieces, met: IndexArray, claims: Claims) -> IndexArray:
    """Return for each forecaster the part that it meets for the longest time; -1 for none."""
    longest = np.full(pieces.group.size, -1)
    if met.max(initial=-1) < 1:  # one part, as nearly always
        longest[pieces.forecaster[met == 0]] = 0
        return longest
    share = (pieces.end[pieces.last] - pieces.start[pieces.first]) / claims.window[pieces.claim]
    row, who, part = distinct_pairs(pieces.forecaster, met + 1)
    order = np.argsort(np.where(part > 0, np.bincount(row, share), -1.0), kind="stable")
    longest[who[order]] = part[order] - 1  # of several the last one stays
    return longest


def _stretches(block: Sweep) -> tuple[IndexArray, IndexArray]:
    """Return for each stay the stretches of time in which the group meets: its first, and the first after it.

    A stretch lies between two events that follow each other; stretches are numbered in the order of events.
    """
    meets = block.lapse > 0
    before: IndexArray = np.cumsum(meets) - meets
    closing = np.repeat(before[block.spans.closing], block.spans.closing - block.spans.opening + 1)
    starts, ends = np.flatnonzero(block.gain > 0), np.flatnonzero(block.gain < 0)
    begin, stop = np.empty(starts.size, np.intp), np.empty(starts.size, np.intp)
    begin[block.stay[starts]], stop[block.stay[starts]] = before[starts], closing[starts]
    stop[block.stay[ends]] = before[ends]
    return begin, stop


def _islands(begin: IndexArray, stop: IndexArray) -> IndexArray:
    """Return the number of each stay's island: of stretches that follow each other with a stay over both."""
    size = int(stop.max(initial=0)) + 1
    over = np.cumsum(np.bincount(begin, minlength=size) - np.bincount(stop - 1, minlength=size)) > 0
    return np.concatenate(([0], np.cumsum(~over[:-1])))[begin]  # over: from a stretch to the next


def _linked(label: IndexArray, one: IndexArray, other: IndexArray) -> IndexArray:
    """Return the labels where all that are linked by pairs have the smallest of theirs."""
    while True:
        low, high = np.minimum(label[one], label[other]), np.maximum(label[one], label[other])
        if (low == high).all():
            return label
        np.minimum.at(label, high, low)
        while (label[label] != label).any():
            label = label[label]
