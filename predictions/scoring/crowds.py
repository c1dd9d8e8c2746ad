"""Crowds as forecasters: what the standing numbers of several people come to, computed and never stored.

A crowd says something new whenever a member does. It stands while at least two members do. Members are the
forecasters of other kinds than crowd and reference; numbers read from words, and times that are backdated,
stay out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.aggregation import recency_weights
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Rows
from forecasts.special import kept_log_odds, logistic
from predictions.enums import ForecasterKind
from predictions.errors import Conflict
from predictions.scoring.forecast_columns import ForecasterEntry
from predictions.scoring.forecast_rows import no_rows
from predictions.scoring.standing_tables import running, tables

CLIP = 0.001
FEWEST = 2
DECIMALS_KEPT = 12
METHODS = {
    "crowd-median": "the median of the standing forecasts",
    "crowd-odds": f"the geometric mean of the odds, members kept {CLIP} away from 0 and 1",
    "crowd-recent": "the median weighted by recency: exp(sqrt(k) - sqrt(n)), k = 1 for the oldest of n forecasts",
}


def crowds_of(people: Sequence[ForecasterEntry]) -> list[ForecasterEntry]:
    """A forecaster for each method; Conflict where one of the ledger bears the name of one."""
    taken = [one.slug for one in people if one.slug in METHODS]
    if taken:
        raise Conflict(f"forecaster {taken[0]!r} of this ledger has the name of a computed crowd; leave the crowds out")
    last = 1 << 62  # after everybody's entry
    return [
        ForecasterEntry(slug, last + n, slug, ForecasterKind.CROWD, how)
        for n, (slug, how) in enumerate(METHODS.items())
    ]


def crowd_rows(rows: Rows, members: BoolArray) -> Rows:
    """What the crowds say on each claim, in order; they are numbered after the people, of whom *members* count."""
    mine = rows.part(np.flatnonzero(members[rows.forecaster] & (rows.mark == 0)))
    if not mine.claim.size:
        return no_rows()
    said = _stood(mine)
    count = said.total(np.ones(said.first.size, np.int64))
    several = count >= FEWEST
    ends = np.append(False, several[:-1] & (said.claim[1:] == said.claim[:-1]))
    told = np.flatnonzero(several | ends)
    median, recent = _medians(said)
    combined = np.array([median, _mean_odds(said, count), recent])[:, told]  # in the order of METHODS
    claim, crowd = np.tile(said.claim[told], len(METHODS)), np.repeat(np.arange(len(METHODS)), told.size)
    order = np.lexsort((crowd, claim))  # stable: each crowd in the order of time
    return Rows(
        claim[order], (crowd[order] + members.size).astype(np.int32), np.tile(said.time[told], len(METHODS))[order],
        np.where(several[told], combined.round(DECIMALS_KEPT), np.nan).ravel()[order], np.zeros(order.size, np.uint8),
    )  # fmt: skip


class _Stood(NamedTuple):
    """The moments at which somebody said something on a claim, and from which to before which each number stood."""

    claim: NDArray[np.int32]  # of each moment
    time: NDArray[np.int64]
    first: IndexArray  # moment of each number, in the order of time
    beyond: IndexArray
    chance: FloatArray

    def total(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whole values of the numbers, summed over those that stand from each moment on."""
        change = np.zeros(self.claim.size + 1, np.int64)
        np.add.at(change, self.first, values)
        np.subtract.at(change, self.beyond, values)
        return np.asarray(np.cumsum(change)[:-1])


def _stood(rows: Rows) -> _Stood:
    """Of several numbers of one forecaster at one moment the last stands."""
    order = np.lexsort((rows.time, rows.claim))
    claim, time = rows.claim[order], rows.time[order]
    new = np.append(True, (claim[1:] != claim[:-1]) | (time[1:] != time[:-1]))
    first = np.empty(order.size, np.intp)
    first[order] = np.cumsum(new) - 1
    beyond = np.searchsorted(claim[new], rows.claim, "right")
    goes_on = (rows.claim[1:] == rows.claim[:-1]) & (rows.forecaster[1:] == rows.forecaster[:-1])
    np.copyto(beyond[:-1], first[1:], where=goes_on)
    kept = order[((first < beyond) & ~np.isnan(rows.probability))[order]]
    return _Stood(claim[new], time[new], first[kept], beyond[kept], rows.probability[kept])


def _mean_odds(said: _Stood, count: NDArray[np.int64]) -> FloatArray:
    """The geometric mean of the odds at each moment.

    Log-odds are summed as whole numbers, with as many bits as fit the numbers on the claim: so a sum over whoever
    stands is exact, though it is kept up from the first moment to the last by adding and taking away.
    """
    on = said.claim[said.first]
    bits = 59 - np.ceil(np.log2(1 + np.bincount(on, minlength=int(said.claim[-1]) + 1))).astype(np.intp)
    whole = np.rint(np.ldexp(kept_log_odds(said.chance, CLIP), bits[on])).astype(np.int64)
    return logistic(np.ldexp(said.total(whole).astype(np.float64), -bits[said.claim]) / np.maximum(count, 1))


def _medians(said: _Stood) -> FloatArray:
    """The median at each moment, and the median weighted by recency: shape (2, moments)."""
    found = np.full((2, said.claim.size), np.nan)
    for one in tables(said.claim, said.first, said.beyond, said.chance):
        count = running(one.stands, np.int32)
        size = count[-1]
        median = (one.ranked(count, (size + 1) // 2) + one.ranked(count, size // 2 + 1)) / 2
        oldest, table = np.argsort(one.lines, axis=0, kind="stable"), np.arange(one.lines.shape[1])
        age = np.empty_like(count)
        age[oldest, table] = running(one.stands[oldest, table], np.int32)
        weights = np.append(0.0, recency_weights(len(age)))
        reached = running(weights.take(age * one.stands), np.float64)
        half = reached[-1] / 2
        recent = (one.at(reached < half) + one.at(reached <= half)) / 2
        found[:, one.pieces[one.there]] = median[one.there], np.where(size > 2, recent, median)[one.there]
    return found
