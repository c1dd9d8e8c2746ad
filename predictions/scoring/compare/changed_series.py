"""Find the series that differ between two cards, by comparing their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.eligibility import Category
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.pool import Pool

MOST_SERIES = 200  # how many series are explained: those that move a Brier score most


class ChangedSeries(NamedTuple):
    """The series that changed.

    Attributes:
        before: The position of each in the earlier table; -1 if it is not in it.
        after: Its position in the later table; -1 if it is not in it.
        left_out: How many more series changed.
    """

    before: IndexArray
    after: IndexArray
    left_out: int


def changes_between(before: Pool, after: Pool) -> ChangedSeries:
    """Find the changed series of the forecasters listed on either card.

    They come in the order of the later card; those only on the earlier card come last.
    """
    pools = before, after
    claims = sorted({slug for pool in pools for slug in pool.table.claims.slugs})
    forecasters = sorted({record.forecaster.slug for pool in pools for record in pool.listed})
    (old_keys, old_positions), (new_keys, new_positions) = (_listed_series(pool, claims, forecasters) for pool in pools)
    keys = np.union1d(old_keys, new_keys)
    old, new = _aligned(keys, old_keys, old_positions), _aligned(keys, new_keys, new_positions)

    # A series on one card only has changed; one on both has if any of its columns differs.
    changed = (old < 0) | (new < 0)
    on_both = np.flatnonzero(~changed)
    columns = zip(_card_columns(before, old[on_both]), _card_columns(after, new[on_both]), strict=True)
    same = np.ones(on_both.size, np.bool_)
    for old_column, new_column in columns:
        same &= (old_column == new_column) | (np.isnan(old_column) & np.isnan(new_column))
    same &= _same_distributions(before, old[on_both], after, new[on_both])
    changed[on_both] = ~same

    old, new = old[changed], new[changed]
    moved = np.abs(_brier(after, new) - _brier(before, old))
    order = np.lexsort(_sort_keys(before, old) + _sort_keys(after, new))  # the last key sorts first
    kept = np.sort(np.argsort(-moved[order], kind="stable")[:MOST_SERIES])
    return ChangedSeries(old[order][kept], new[order][kept], max(order.size - MOST_SERIES, 0))


def _listed_series(pool: Pool, claims: Sequence[str], forecasters: Sequence[str]) -> tuple[IndexArray, IndexArray]:
    """Return the sorted keys of the listed forecasters' series, and their positions.

    Keys are made of positions in *claims* and *forecasters*, so a series has the same key on both cards.
    """
    table = pool.table
    number = np.full(len(table.forecasters), -1)
    slugs = [record.forecaster.slug for record in pool.listed]
    number[[record.number for record in pool.listed]] = np.searchsorted(forecasters, slugs)
    chosen = np.flatnonzero(number[table.series.forecaster] >= 0)
    claim = np.searchsorted(claims, table.claims.slugs)
    keys = claim[table.series.claim[chosen]] * len(forecasters) + number[table.series.forecaster[chosen]]
    order = np.argsort(keys)
    return keys[order], chosen[order]


def _aligned(every: IndexArray, keys: IndexArray, positions: IndexArray) -> IndexArray:
    """Return the position of each key of *every*; -1 if it is not among *keys*."""
    aligned = np.full(every.size, -1)
    aligned[np.searchsorted(every, keys)] = positions
    return aligned


def _same_distributions(before: Pool, old: IndexArray, after: Pool, new: IndexArray) -> BoolArray:
    """Return for each series whether it is scored by the same distribution on both cards; True for yes or no.

    The numbers of yes or no are compared as columns.
    """
    same, has_distribution = np.ones(old.size, np.bool_), ~(_yes_or_no(before, old) & _yes_or_no(after, new))
    old_lines, new_lines = (
        pool.reader.lines_said(pool.table.series.part(positions[has_distribution]))
        for pool, positions in ((before, old), (after, new))
    )
    same[has_distribution] = [lines == later_lines for lines, later_lines in zip(old_lines, new_lines, strict=True)]
    return same


def _yes_or_no(pool: Pool, positions: IndexArray) -> BoolArray:
    """Return for each series whether its claim asks yes or no."""
    return np.asarray(pool.table.claims.types.kind[pool.table.series.claim[positions]] == YES_OR_NO)


def _card_columns(pool: Pool, positions: IndexArray) -> Iterator[NDArray[np.generic]]:
    """Yield everything that a row of a card shows about some series, as columns."""
    table, part = pool.table, pool.table.series.part(positions)
    categories = list(Category)
    yield np.array([categories.index(series.category) for series in ELIGIBILITY_OF_CODE[pool.cohort]])[part.mark]
    yield table.claims.verdict.take(part.claim)
    yield table.claims.outcome.take(part.claim)
    yield part.share
    yield part.saved
    # On claims of other types the number is the place of a distribution, which differs from card to card.
    has_number = _yes_or_no(pool, positions)
    yield np.where(has_number, part.probability, np.nan)
    for end in (0, 1):
        probability, saved = table.at_range_end(end, part)
        yield np.where(has_number, probability, np.nan)
        yield saved
    yield np.isin(table.keys(part), table.partly_apart)


def _brier(pool: Pool, positions: IndexArray) -> FloatArray:
    """Return the Brier score of each series; 0 if it has none, or its position is -1."""
    brier, exists = np.zeros(positions.size), positions >= 0
    brier[exists] = np.nan_to_num(pool.table.losses(pool.table.series.part(positions[exists])))
    return brier


def _sort_keys(pool: Pool, positions: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Return two sort keys: the ledger order of claims within the listing of forecasters, which is the second key.

    Series that are not on this card come last.
    """
    rank = np.zeros(len(pool.table.forecasters), np.intp)
    rank[[record.number for record in pool.listed]] = np.arange(len(pool.listed))
    entries, ranks = np.zeros(positions.size, np.intp), np.full(positions.size, len(pool.listed))
    exists = positions >= 0
    part = pool.table.series.part(positions[exists])
    entries[exists], ranks[exists] = pool.table.claims.entries[part.claim], rank[part.forecaster]
    return entries, ranks
