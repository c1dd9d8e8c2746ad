"""Which forecasters can be compared: those linked by standing on a claim at the same moment, if through others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from forecasts.pieces import Claims, Pieces, distinct_pairs
from forecasts.sweep import Sweep, sweep

__all__ = ["in_parts"]

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
    label = _first_linked(swept, pieces)
    number = np.cumsum(label == np.arange(label.size)) - 1
    if number.max(initial=-1) < 1:  # one part, as nearly always
        return pieces, claims, swept, np.where(_compared(swept, pieces), 0, -1)
    member = _first_met(swept, pieces)
    part = _longest(pieces, np.where(member < 0, -1, number[label[member]]), claims)
    row, old, home = distinct_pairs(pieces.claim, part[pieces.forecaster] + 1)
    cluster, _, _ = distinct_pairs(claims.cluster[old], home)
    pieces, claims = pieces.on(row), Claims(claims.window[old], cluster, claims.kind[old], home - 1)
    return pieces, claims, sweep(pieces, claims, apart=several), part


def _first_linked(swept: Sequence[Sweep], pieces: Pieces) -> IndexArray:
    """Return for each of the group the first of all who are linked with it; -1 for who meets nobody of it.

    Two of the group are linked if they stand on a claim at the same moment, or through others who do.
    """
    label, meets = np.arange(pieces.group.size), np.zeros(pieces.group.size, np.bool_)
    group = np.flatnonzero(pieces.group & _speak(pieces))
    for block in swept:
        if group.size and meets[group].all() and np.ptp(label[group]) == 0:
            break  # all are linked, whoever else meets
        stay, first = _meetings(block, pieces)
        who = pieces.forecaster[stay]
        inner = pieces.group[who]
        meets[who[inner]] = True
        label = _linked(label, who[inner], first[inner])
    return np.where(meets, label, -1)


def _speak(pieces: Pieces) -> BoolArray:
    """Return for each forecaster whether it has any stay."""
    return np.bincount(pieces.forecaster, minlength=pieces.group.size) > 0


def _compared(swept: Sequence[Sweep], pieces: Pieces) -> BoolArray:
    """Return for each forecaster whether it stands where at least two of the group do."""
    compared, wanted = np.zeros(pieces.group.size, np.bool_), _speak(pieces)
    for block in swept:
        if (compared == wanted).all():
            break
        compared[pieces.forecaster[block.stays][block.compared > _SOME]] = True
    return compared


def _first_met(swept: Sequence[Sweep], pieces: Pieces) -> IndexArray:
    """Return for each stay one of the group whom it meets first; -1 if it meets nobody.

    The first two meet, the third comes when they have gone:

    >>> who, zero = np.arange(3), np.zeros(3, np.intp)
    >>> pieces = Pieces(np.array([0, 1, 2]), np.array([2, 2, 4]), np.zeros(3), who, zero, who, who, who,
    ...                 np.ones(3), np.ones(3, bool))
    >>> _first_met(sweep(pieces, Claims(np.array([4.0]), zero, zero, zero)), pieces).tolist()
    [1, 1, -1]
    """
    member = np.full(pieces.forecaster.size, -1)
    for block in swept:
        stay, first = _meetings(block, pieces)
        member[stay] = first
    return member


def _meetings(block: Sweep, pieces: Pieces) -> tuple[IndexArray, IndexArray]:
    """Return the stays that meet anybody of the group, and for each one of the group whom it first meets."""
    begin, stop = _stretches(block)
    met = np.flatnonzero(stop > begin)
    stay, island = met + block.stays.start, _islands(begin[met], stop[met])
    inner = pieces.group[pieces.forecaster[stay]]
    first = np.zeros(int(island.max(initial=-1)) + 1, np.intp)
    first[island[inner]] = pieces.forecaster[stay[inner]]
    return stay, first[island]


def _longest(pieces: Pieces, met: IndexArray, claims: Claims) -> IndexArray:
    """Return for each forecaster the part that it meets for the longest time; -1 for none."""
    longest = np.full(pieces.group.size, -1)
    share = (pieces.end[pieces.last] - pieces.start[pieces.first]) / claims.window[pieces.claim]
    row, who, part = distinct_pairs(pieces.forecaster, met + 1)
    order = np.argsort(np.where(part > 0, np.bincount(row, share), -1.0), kind="stable")
    longest[who[order]] = part[order] - 1  # of several the last one stays
    return longest


def _stretches(block: Sweep) -> tuple[IndexArray, IndexArray]:
    """Return for each stay the stretches of time in which the group meets: its first, and the first after it.

    A stretch lies between two events that follow each other; stretches are numbered in the order of events.
    """
    before: IndexArray = np.cumsum(block.meets) - block.meets
    closing = np.repeat(before[block.spans.closing], block.spans.closing - block.spans.opening + 1)
    begin, stop = before[block.begins], closing[block.begins]
    stop[block.ended] = before[block.ends]
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
