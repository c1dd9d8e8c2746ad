"""Which series say something else on one card than on another, found by comparing their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import FloatArray, IndexArray
from predictions.scoring.eligibility import Category
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.pool import Pool

MOST_CHANGES = 200  # changes that are told with their causes: those that move a Brier score most


class ChangedSeries(NamedTuple):
    """Where the series that changed stand in the table before and after, -1 where there is none; and how many more."""

    before: IndexArray
    after: IndexArray
    left_out: int


def changes_between(before: Pool, after: Pool) -> ChangedSeries:
    """The series of those listed that changed: in the order of the later card, then those only on the earlier."""
    pools = before, after
    claims, people = (
        sorted(set(one) | set(other))
        for one, other in (
            (before.table.claims.slugs, after.table.claims.slugs),
            [[record.forecaster.slug for record in side.listed] for side in pools],
        )
    )
    listed = [_listed(side, claims, people) for side in pools]
    every = np.union1d(listed[0][0], listed[1][0])
    places = [_looked_up(every, *one) for one in listed]
    one, two = (place[(places[0] >= 0) & (places[1] >= 0)] for place in places)
    same = np.ones(one.size, np.bool_)
    for old, new in zip(_columns(before, one), _columns(after, two), strict=True):
        same &= (old == new) | (np.isnan(old) & np.isnan(new))
    moved = (places[0] < 0) | (places[1] < 0)
    moved[~moved] = ~same
    one, two = (place[moved] for place in places)
    step = np.abs(_brier(after, two) - _brier(before, one))
    order = np.lexsort(_order(before, one) + _order(after, two))
    kept = np.sort(np.argsort(-step[order], kind="stable")[:MOST_CHANGES])
    return ChangedSeries(one[order][kept], two[order][kept], max(order.size - MOST_CHANGES, 0))


def _listed(side: Pool, claims: Sequence[str], people: Sequence[str]) -> tuple[IndexArray, IndexArray]:
    """A number for each series of those listed, the same on both cards, rising; and where it stands in the table."""
    of = side.table
    who = np.full(len(of.forecasters), -1)
    names = [record.forecaster.slug for record in side.listed]
    who[[record.number for record in side.listed]] = np.searchsorted(people, names)
    chosen = np.flatnonzero(who[of.series.forecaster] >= 0)
    which = np.searchsorted(claims, of.claims.slugs)
    keys = which[of.series.claim[chosen]] * len(people) + who[of.series.forecaster[chosen]]
    order = np.argsort(keys)
    return keys[order], chosen[order]


def _looked_up(every: IndexArray, keys: IndexArray, places: IndexArray) -> IndexArray:
    found = np.full(every.size, -1)
    found[np.searchsorted(every, keys)] = places
    return found


def _columns(side: Pool, places: IndexArray) -> Iterator[NDArray[np.generic]]:
    """What a row says: where it is counted, how the claim came out, what was said, how long it stood, what it saved."""
    table, part = side.table, side.table.series.part(places)
    kinds = list(Category)
    yield np.array([kinds.index(fate.category) for fate in ELIGIBILITY_OF_CODE[side.cohort]])[part.mark]
    yield table.claims.verdict.take(part.claim)
    yield table.claims.outcome.take(part.claim)
    yield part.share
    yield part.probability
    yield part.saved
    for end in (0, 1):
        yield from table.at_range_end(end, part)
    yield np.isin(table.keys(part), table.partly_apart)


def _brier(side: Pool, places: IndexArray) -> FloatArray:
    """The Brier score, 0 where there is none."""
    found, there = np.zeros(places.size), places >= 0
    found[there] = np.nan_to_num(side.table.losses(side.table.series.part(places[there])))
    return found


def _order(side: Pool, places: IndexArray) -> tuple[IndexArray, IndexArray]:
    """By which to sort: claims in ledger order, and forecasters as listed; what is not on this card comes last."""
    rank = np.zeros(len(side.table.forecasters), np.intp)
    rank[[record.number for record in side.listed]] = np.arange(len(side.listed))
    entries, ranks = np.zeros(places.size, np.intp), np.full(places.size, len(side.listed))
    there = places >= 0
    part = side.table.series.part(places[there])
    entries[there], ranks[there] = side.table.claims.entries[part.claim], rank[part.forecaster]
    return entries, ranks
