"""The leaderboard's arithmetic as it is defined, cell by cell: slow loops and dense least squares.

A cell is a stretch of one claim between two neighbouring moments at which anything starts or ends.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Naive(NamedTuple):
    """Figures of forecasters, NaN where there is none; of a world that is one part."""

    mean: np.ndarray
    weight: np.ndarray
    variance: np.ndarray
    clusters: np.ndarray
    anchor: float
    anchor_variance: float


class Cell(NamedTuple):
    claim: int
    share: float
    standing: list[tuple[int, float]]  # the forecaster and the loss of each who stands


def cells(pieces, window):
    """The cells of all claims, by looking at everything in everything."""
    found = []
    for claim, length in enumerate(window):
        own = [(f, s, e, loss) for c, f, s, e, loss in pieces if c == claim]
        moments = sorted({t for _, s, e, _ in own for t in (s, e)})
        for a, b in pairwise(moments):
            found.append(Cell(claim, (b - a) / length, [(f, loss) for f, s, e, loss in own if s <= a and b <= e]))
    return found


def linked(found, group):
    """The sets of forecasters of the group who stand together, through any chain."""
    sets: list[set[int]] = []
    for cell in found:
        here = {f for f, _ in cell.standing if group[f]}
        if len(here) > 1:
            sets = [s for s in sets if not s & here] + [here.union(*(s for s in sets if s & here))]
    return sets


def naive_skill(pieces, window, cluster, group, ridge=2.0):
    """Fit difficulty for each cell in which two of the group stand, and skill, by least squares over all rows."""
    people, each = len(group), range(len(group))
    claims_of = {(f, cluster[c]): len({c2 for c2, f2, *_ in pieces if f2 == f and cluster[c2] == cluster[c]})
                 for c, f, *_ in pieces}  # fmt: skip
    used = [cell for cell in cells(pieces, window) if sum(group[f] for f, _ in cell.standing) > 1]
    rows, right = [], []
    for number, cell in enumerate(used):
        for f, loss in cell.standing:
            if group[f]:
                root = np.sqrt(cell.share / claims_of[f, cluster[cell.claim]])
                row = np.zeros(people + len(used))
                row[f], row[people + number] = -root, root
                rows.append(row)
                right.append(root * loss)
    for f in each:
        row = np.zeros(people + len(used))
        row[f] = np.sqrt(ridge)
        rows.append(row)
        right.append(0.0)
    delta = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0][people:]

    gained, weight, own = {}, {}, {}
    for number, cell in enumerate(used):
        k = cluster[cell.claim]
        total = sum(1 / claims_of[f, k] for f, _ in cell.standing if group[f])
        for f, loss in cell.standing:
            w = cell.share / claims_of[f, k]
            gained[f, k] = gained.get((f, k), 0.0) + w * (delta[number] - loss)
            weight[f, k] = weight.get((f, k), 0.0) + w
            own[f, k] = own.get((f, k), 0.0) + (w / claims_of[f, k] / total if group[f] else 0.0)
    mean, weights, variance = (np.full(people, np.nan) for _ in range(3))
    counts = np.zeros(people, int)
    for f in each:
        mine = [k for g, k in weight if g == f]
        counts[f], weights[f] = len(mine), sum(weight[f, k] for k in mine)
        if mine:
            mean[f] = sum(gained[f, k] for k in mine) / weights[f]
        if len(mine) > 1:
            rest = [max(0.2, 1 - own[f, k] / weight[f, k]) for k in mine]
            residual = [(gained[f, k] - weight[f, k] * mean[f]) / r for k, r in zip(mine, rest, strict=True)]
            variance[f] = len(mine) / (len(mine) - 1) * sum(r**2 for r in residual) / weights[f] ** 2
    nothing = {k: [0.0, 0.0, set()] for k in cluster}
    for number, cell in enumerate(used):
        place = nothing[cluster[cell.claim]]
        place[0] += cell.share * delta[number]
        place[1] += cell.share
        place[2].add(cell.claim)
    terms = [(n / len(several), w / len(several)) for n, w, several in nothing.values() if several]
    anchor = sum(n for n, _ in terms) / sum(w for _, w in terms)
    squares = sum((n - w * anchor) ** 2 for n, w in terms) / sum(w for _, w in terms) ** 2
    spread = len(terms) / (len(terms) - 1) * squares if len(terms) > 1 else np.nan
    return Naive(mean, weights, variance, counts, anchor, spread)
