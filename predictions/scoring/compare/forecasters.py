"""Compare two forecasters on the same statements over the same time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from statistics import fmean

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from predictions.errors import InvalidValue
from predictions.scoring.anytime import ANY, BESIDE_HALF, anytime, more_needed, presumed
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.compare.comparison import Comparison, Pair
from predictions.scoring.eligibility import Rule
from predictions.scoring.pool import Pool
from predictions.scoring.possible_skill import possible_savings
from predictions.scoring.references import SeriesStanding
from predictions.scoring.score_columns import Reference
from predictions.scoring.statistics import Ends, interval_of
from predictions.scoring.track_record import TrackRecord


def compare(pool: Pool, first: TrackRecord, second: TrackRecord | Reference) -> Comparison:
    """Compare two forecasters of one card, or one of them and a reference.

    Raises:
        InvalidValue: Both are the same forecaster.
    """
    name = first.forecaster.slug
    if first is second:
        raise InvalidValue(f"{name!r} beside {name!r} differs in nothing; name another forecaster, or a reference")
    other: SeriesStanding | None = None
    if isinstance(second, Reference):
        own = SeriesStanding(pool, first.positions("means"))
        saved = own.saved(second)
    else:
        own, other = _on_same_claims(pool, first.positions("means"), second.positions("means"))
        saved = own.saved_on(other)
    known = ~np.isnan(saved)
    claims, saved = own.claims[known], saved[known]
    pairs = _pairs(pool.table.claims, claims, -saved)
    differences, clusters = _columns(pairs)
    within = BESIDE_HALF if second is Reference.HALF else ANY
    waiting = _without_verdict(pool, first, second)
    return Comparison(
        first=name,
        second=str(second) if isinstance(second, Reference) else second.forecaster.slug,
        pairs=tuple(pairs),
        observations=np.unique(clusters).size,
        difference=float(differences.mean()) if pairs else None,
        anytime=_anytime(pool.table.claims, (claims, saved), waiting, within) if pairs else None,
        once=interval_of(differences, clusters) if pairs else None,
        said=float(np.mean(own.losses - other.losses)) if other and pairs else None,
        rule=pool.rule,
        same_days=other is None or _made_on_same_days(own, other, pool.rule),
        needed=more_needed(differences, within),
        missing=int(waiting[0].size),
        presumed=presumed(pool.table.claims, np.append(claims, waiting[0])),
    )


def claims_of_other_types(pool: Pool, slugs: Collection[str]) -> int:
    """Count the choices, numbers and dates on which all of some forecasters are scored."""
    table = pool.table
    scored = [record.positions("means") for record in pool.everybody if record.forecaster.slug in slugs]
    claims = reduce(np.intersect1d, [table.series.claim[positions] for positions in scored])
    return int(np.count_nonzero(table.claims.types.kind[claims] != YES_OR_NO))


def _on_same_claims(pool: Pool, first: IndexArray, second: IndexArray) -> tuple[SeriesStanding, SeriesStanding]:
    """Return the series of two forecasters, given by position, on the claims that both have, in the same order."""
    claim = pool.table.series.claim
    _, in_first, in_second = np.intersect1d(claim[first], claim[second], assume_unique=True, return_indices=True)
    return SeriesStanding(pool, first[in_first]), SeriesStanding(pool, second[in_second])


def _made_on_same_days(own: SeriesStanding, other: SeriesStanding, rule: Rule) -> bool:
    return all(
        own.scored_forecast_made_on(index, rule) == other.scored_forecast_made_on(index, rule)
        for index in range(own.keys.size)
    )


def _columns(pairs: Sequence[Pair]) -> tuple[FloatArray, IndexArray]:
    """Return the difference of each pair, and its cluster."""
    return np.array([pair.difference for pair in pairs]), np.array([pair.cluster for pair in pairs], np.intp)


def _anytime(
    columns: ClaimColumns,
    known: tuple[IndexArray, FloatArray],
    waiting: tuple[IndexArray, FloatArray, FloatArray],
    within: Ends,
) -> Ends | None:
    """Return the interval that holds at any time, wide enough for whatever the missing verdicts will be.

    Args:
        columns: All claims.
        known: The claims with an outcome, and what was saved on each.
        waiting: The claims without one, and the least and the most that can still be saved on each.
        within: The range of every difference.
    """
    claims, saved = known
    waiting_claims, least, most = waiting
    intervals = []
    for waiting_saved in (least, most):
        pairs = _pairs(columns, np.append(claims, waiting_claims), -np.append(saved, waiting_saved))
        interval = anytime(*_columns(pairs), within)
        if interval is None:
            return None
        intervals.append(interval)
        if not waiting_claims.size:
            break  # the other end would be the same
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def _without_verdict(
    pool: Pool, first: TrackRecord, second: TrackRecord | Reference
) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Return the claims of both that are due without a verdict, with the least and the most that can be saved on each.

    Against every reference the saving is bounded as against always saying 50 %; those whose numbers depend on missing
    verdicts are not judged while one is missing (see UNBOUNDED in :mod:`predictions.scoring.compare.comparison`).
    """
    if isinstance(second, Reference):
        own = SeriesStanding(pool, _waiting(first))
        return own.claims, *possible_savings(pool, own.keys)
    own, other = _on_same_claims(pool, _waiting(first), _waiting(second))
    return own.claims, *possible_savings(pool, own.keys, other.keys)


def _waiting(record: TrackRecord) -> IndexArray:
    """Return the positions of the series that only lack a verdict to be in the mean."""
    positions, table = record.positions("due"), record.table
    return positions[np.isnan(table.claims.outcome.take(table.series.claim[positions]))]


def _pairs(columns: ClaimColumns, claims: IndexArray, differences: FloatArray) -> list[Pair]:
    """Return a pair for each unit, with the mean of the differences on its claims, in the order of settling."""
    units: dict[int, list[tuple[int, float]]] = {}
    unit_of_claim = columns.units.fair[claims].tolist()
    for unit, claim, difference in zip(unit_of_claim, claims.tolist(), differences.tolist(), strict=True):
        units.setdefault(unit, []).append((claim, difference))
    pairs = [
        Pair(
            statement=min(columns.statements[claim] for claim, _ in members),
            claims=tuple(columns.slugs[claim] for claim, _ in members),
            settle_on=str(np.datetime64(max(int(columns.settles_on[claim]) for claim, _ in members), "D")),
            difference=fmean([difference for _, difference in members]),
            cluster=int(columns.units.wide[members[0][0]]),
        )
        for members in units.values()
    ]
    return sorted(pairs, key=lambda pair: (pair.settle_on, pair.statement))
