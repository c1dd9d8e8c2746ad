"""Crowds as forecasters: what the standing numbers of several people come to, computed and never stored.

A crowd says something new whenever a member does. It stands while at least two members do. Members are the
forecasters of other kinds than crowd and reference; numbers read from words, and times that are backdated,
stay out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from forecasts.aggregation import geometric_mean_odds, median, recency_weighted_median
from forecasts.batches import Rows
from forecasts.inputs import BoolArray
from predictions.errors import Conflict
from predictions.kinds import ForecasterKind
from predictions.scoring.columns import Person
from predictions.scoring.ordering import rows_from

CLIP = 0.001
FEWEST = 2
PLACES = 12
METHODS = {
    "crowd-median": "the median of the standing forecasts",
    "crowd-odds": f"the geometric mean of the odds, members kept {CLIP} away from 0 and 1",
    "crowd-recent": "the median weighted by recency: exp(sqrt(k) - sqrt(n)), k = 1 for the oldest of n forecasts",
}
_COMBINED: tuple[Callable[[Sequence[float]], object], ...] = (
    median, lambda members: geometric_mean_odds(members, clip=CLIP), recency_weighted_median,
)  # fmt: skip


def crowds_of(people: Sequence[Person]) -> list[Person]:
    """A forecaster for each method; Conflict where one of the ledger bears the name of one."""
    taken = [one.slug for one in people if one.slug in METHODS]
    if taken:
        raise Conflict(f"forecaster {taken[0]!r} of this ledger has the name of a computed crowd; leave the crowds out")
    last = 1 << 62  # after everybody's entry
    return [Person(slug, last + n, slug, ForecasterKind.CROWD, how) for n, (slug, how) in enumerate(METHODS.items())]


def crowd_rows(rows: Rows, members: BoolArray) -> Rows:
    """What the crowds say on each claim; they are numbered after the people, of whom *members* count."""
    mine = rows.part(np.flatnonzero(members[rows.forecaster] & (rows.apart == 0)))
    told: list[tuple[int, int, int, float, int]] = []
    cuts = np.flatnonzero(np.diff(mine.claim)) + 1
    for part in (mine.part(one) for one in np.split(np.arange(mine.claim.size), cuts) if one.size):
        order = np.argsort(part.time, kind="stable")
        standing: dict[int, float] = {}  # by forecaster, the oldest forecast first
        said, times = False, part.time[order].tolist()
        goes_on = [*(one == following for one, following in pairwise(times)), False]
        lines = zip(times, goes_on, part.forecaster[order].tolist(), part.probability[order].tolist(), strict=True)
        for time, more, who, chance in lines:
            standing.pop(who, None)
            if not np.isnan(chance):
                standing[who] = chance
            if more or (len(standing) < FEWEST and not said):
                continue  # several at one moment make one change
            said = len(standing) >= FEWEST
            values = list(standing.values())
            for number, combine in enumerate(_COMBINED, members.size):
                value = round(_one(combine(values)), PLACES) if said else np.nan
                told.append((int(part.claim[0]), number, time, value, 0))
    return rows_from(told)


def _one(combined: object) -> float:
    """What some members came to: one number, because there are some, and one moment."""
    if not isinstance(combined, float):
        raise TypeError(f"a crowd came to {combined!r}, which is not one number")
    return combined
