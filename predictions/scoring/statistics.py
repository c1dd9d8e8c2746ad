"""How far a forecaster's figures can be trusted at one look: resampled intervals, and the test of calibration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from forecasts.comparison import paired_bootstrap
from forecasts.corp import ConsistencyTest, consistency_test
from forecasts.inputs import FloatArray, IndexArray
from forecasts.questions import YES_NO
from forecasts.recalibrations import calibration_e_process
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import LEVEL, SEED, PlainRule, Reference
from predictions.scoring.track_record import ScoredColumns, TrackRecord, unit_means

Ends: TypeAlias = tuple[float, float]

RESAMPLES = 4_000


def plain_rules(pool: Pool) -> tuple[PlainRule, ...]:
    """Score two rules without insight on all listed statements: always 50 %, and the base rate of the others.

    Empty if no listed forecaster has a scored statement.
    """
    claims = [record.series.claim for record in pool.listed]
    chosen = np.unique(np.concatenate(claims)) if claims else np.zeros(0, np.int32)
    if not chosen.size:
        return ()
    columns = pool.table.claims
    unit, outcome = columns.units.fair[chosen], columns.outcome[chosen]
    rules = []
    for name, chances in (
        (Reference.HALF, np.full(outcome.shape, 0.5)),
        (Reference.BASE_RATE, pool.base_rates[chosen]),
    ):
        brier = unit_means(unit, YES_NO.losses(chances, outcome))
        log_score = unit_means(unit, YES_NO.log_losses(chances, outcome))
        rules.append(PlainRule(name, brier.size, float(brier.mean()), float(log_score.mean())))
    return tuple(rules)


def in_settling_order(scored: ScoredColumns, claims: ClaimColumns) -> ScoredColumns:
    """Sort series by the last settle day in their cluster, then by statement.

    A sequential test must take observations in the order in which they become known, and a cluster is known only
    once the last of its claims has settled.
    """
    _, cluster = np.unique(scored.cluster, return_inverse=True)
    last_day = np.zeros(cluster.max(initial=-1) + 1, np.intp)
    np.maximum.at(last_day, cluster, claims.settles_on[scored.claim])
    return scored.part(np.lexsort((claims.statement_order[scored.claim], last_day[cluster])))


def cautious(
    values: FloatArray, clusters: IndexArray, interval: Callable[[FloatArray, IndexArray], Ends | None]
) -> Ends | None:
    """Return the wider of two intervals of a mean: over units, and over units grouped by every declared cluster.

    A cluster declared afterwards may make a card less sure of itself, but never surer. So if some units share a
    cluster, the result reaches from the lower of both low ends to the higher of both high ends.

    Args:
        values: One value for each unit.
        clusters: The cluster of each unit.
        interval: Computes the interval of the mean of values that are grouped in clusters; None if it cannot.
    """
    by_unit = interval(values, np.arange(values.size))
    if np.unique(clusters).size == values.size:
        return by_unit
    by_cluster = interval(values, clusters)
    if by_unit is None or by_cluster is None:
        return None
    return min(by_unit[0], by_cluster[0]), max(by_unit[1], by_cluster[1])


def interval_of(values: FloatArray, clusters: IndexArray) -> Ends | None:
    """Return the resampled interval of the mean; None if it cannot be resampled.

    It is corrected for bias and skew (BCa) if that is possible, else it is the plain percentile interval. Its level
    holds for one look that was planned beforehand.
    """

    def resample(values: FloatArray, clusters: IndexArray) -> Ends | None:
        boot = paired_bootstrap(
            values.tolist(), clusters=clusters.tolist(), seed=SEED, level=LEVEL, resamples=resamples(values.size)
        )
        ends = (boot.bca or boot.percentile) if boot else None
        return (ends.lower, ends.upper) if ends else None

    return cautious(values, clusters, resample)


def resampled(record: TrackRecord) -> Ends | None:
    """Return the interval of the mean Brier from resampled units; None if there are too few units."""
    scored = in_settling_order(record.series, record.table.claims)
    return interval_of(scored.unit_means(scored.brier), scored.clusters)


def resamples(count: int) -> int:
    """Return how often to resample *count* observations: the more there are, the fewer times, to bound the time."""
    return max(min(RESAMPLES, 4_000_000 // max(count, 1)), 1_000)


def calibrated(record: TrackRecord) -> ConsistencyTest | None:
    """Test whether the record is worse calibrated than chance makes calibrated forecasters with the same numbers.

    None if there are too few statements, or if some of the claims share a cluster: the test is only valid if each
    claim is an observation of its own. None as well of claims resolved so far, which come out yes too often.
    """
    scored = record.series
    if record.few or record.cohort.biased or np.unique(scored.cluster).size < scored.claim.size:
        return None
    return consistency_test(scored.probability, scored.value, seed=SEED, resamples=draws(scored))


def e_value(record: TrackRecord) -> float | None:
    """Return the highest wealth that bets against calibration have reached so far, starting from 1.

    None if there are too few statements, or if verdicts are missing, as they are where claims count from their verdict:
    which verdicts come late may depend on how they come out, so bets on the verdicts at hand would be biased.
    """
    if record.few or record.cohort.biased or record.funnel["due"] > record.funnel["resolved"]:
        return None
    scored = in_settling_order(record.series, record.table.claims)
    evidence = calibration_e_process(scored.probability, scored.value, clusters=scored.cluster.tolist())
    return None if evidence is None else float(evidence.max())


def draws(scored: ScoredColumns) -> int:
    """Return how often to draw calibrated outcomes: the more distinct numbers, the fewer times, to bound the time."""
    return max(min(1_000, 5_000_000 // max(np.unique(scored.probability).size, 1)), 250)


def beside_half(scored: ScoredColumns) -> FloatArray:
    """Return each unit's mean Brier minus that of always saying 50 %; negative is better than 50 %."""
    return scored.unit_means(scored.brier - YES_NO.reference_losses(scored.value))
