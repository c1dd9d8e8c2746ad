"""How far a forecaster's figures can be trusted: intervals, the test of calibration, and the sentence about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from forecasts.comparison import paired_bootstrap
from forecasts.corp import ConsistencyTest, consistency_test
from forecasts.inputs import FloatArray, IndexArray
from forecasts.questions import YES_NO
from forecasts.sequential import boundary, confidence_sequence, mixture_spread
from predictions.numerals import counted
from predictions.scoring.claims import ClaimColumns
from predictions.scoring.pool import Pool
from predictions.scoring.references import least_and_most
from predictions.scoring.score_columns import LEVEL, SEED, PlainRule, Reference
from predictions.scoring.track_record import FEW, ScoredColumns, TrackRecord, unit_means

Ends: TypeAlias = tuple[float, float]

RESAMPLES = 4_000
OPTIMUM = 10.0  # the intrinsic time at which the anytime interval is tightest; it must be fixed before any outcome
MOST_NEEDED = 10**7  # statements beyond which "more would tell" is not said
ANY: Ends = (-1.0, 1.0)  # the range of the difference of two Brier scores
BESIDE_HALF: Ends = (-0.25, 0.75)  # the range of (p - v)^2 - (0.5 - v)^2, over any part of a window too


def plain_rules(pool: Pool) -> tuple[PlainRule, ...]:
    """Return the scores, on all listed statements, of always saying 50 % and of the base rate of the others."""
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
    """Sort series by the last settle day of their cluster, then by statement.

    A sequential test must take observations in the order in which they become known.
    """
    _, cluster = np.unique(scored.cluster, return_inverse=True)
    last_day = np.zeros(cluster.max(initial=-1) + 1, np.intp)
    np.maximum.at(last_day, cluster, claims.settles_on[scored.claim])
    statement = np.unique([claims.statements[claim] for claim in scored.claim.tolist()], return_inverse=True)[1]
    return scored.part(np.lexsort((statement, last_day[cluster])))


def cautious(
    values: FloatArray, clusters: IndexArray, interval: Callable[[FloatArray, IndexArray], Ends | None]
) -> Ends | None:
    """Return the interval of a mean over units, made no narrower by clusters that were declared too late for it.

    A cluster declared afterwards must never make a card surer, but it may make it less sure. So where there is one,
    the result reaches from the lower of both low ends to the higher of both high ends.

    Args:
        values: One for each unit.
        clusters: The cluster of each unit.
        interval: Computes the interval of the mean of values in clusters.
    """
    by_unit = interval(values, np.arange(values.size))
    if np.unique(clusters).size == values.size:
        return by_unit
    by_cluster = interval(values, clusters)
    if by_unit is None or by_cluster is None:
        return None
    return min(by_unit[0], by_cluster[0]), max(by_unit[1], by_cluster[1])


def interval_of(values: FloatArray, clusters: IndexArray) -> Ends | None:
    """Return the resampled interval of the mean, for one look planned beforehand; None if it cannot be resampled.

    It is corrected for bias and skew (BCa) where that is possible, else the plain percentile interval.
    """

    def resample(values: FloatArray, clusters: IndexArray) -> Ends | None:
        boot = paired_bootstrap(
            values.tolist(), clusters=clusters.tolist(), seed=SEED, level=LEVEL, resamples=resamples(values.size)
        )
        ends = (boot.bca or boot.percentile) if boot else None
        return (ends.lower, ends.upper) if ends else None

    return cautious(values, clusters, resample)


def resampled(record: TrackRecord) -> Ends | None:
    """Return the interval of the mean Brier from resampled units; None if there are too few."""
    scored = in_settling_order(record.series, record.table.claims)
    return interval_of(scored.unit_means(scored.brier), scored.clusters)


def resamples(count: int) -> int:
    """Return how often to resample *count* observations: fewer times where they are many, to bound the time."""
    return max(min(RESAMPLES, 4_000_000 // max(count, 1)), 1_000)


def calibrated(record: TrackRecord) -> ConsistencyTest | None:
    """Compare the miscalibration with that of calibrated forecasters who give the same forecasts.

    None if there are too few statements, or some claims hang together: the test takes each for an observation.
    """
    scored = record.series
    if record.few or np.unique(scored.cluster).size < scored.claim.size:
        return None
    return consistency_test(scored.probability, scored.value, seed=SEED, resamples=draws(scored))


def draws(scored: ScoredColumns) -> int:
    """Return how often to draw calibrated outcomes: fewer times where distinct numbers are many, to bound the time."""
    return max(min(1_000, 5_000_000 // max(np.unique(scored.probability).size, 1)), 250)


def beside_half(scored: ScoredColumns) -> FloatArray:
    """Return for each unit the mean Brier less that of always saying 50 %; negative is better."""
    return scored.unit_means(scored.brier - YES_NO.reference_losses(scored.value))


def anytime(differences: FloatArray, clusters: IndexArray, within: Ends) -> Ends | None:
    """Return the interval of the mean difference that holds however often one looks.

    It presumes that what has settled does not bear on forecasts made before.

    Args:
        differences: One for each unit, in the order of settling.
        clusters: The cluster of each unit.
        within: The range in which every difference must lie, whatever happens; known before any outcome. The narrower
            it is, the sooner something can be said: BESIDE_HALF for always saying 50 %, ANY for everybody else.
    """

    def sequence_end(values: FloatArray, clusters: IndexArray) -> Ends | None:
        inside = np.clip(unit_means(clusters, values), *within)  # sums over time may leave the range by a rounding
        sequence = confidence_sequence(
            inside, alpha=1 - LEVEL, low=within[0], high=within[1], optimum=OPTIMUM, last=True
        )
        return (float(sequence.lower[0]), float(sequence.upper[0])) if sequence else None

    return cautious(differences, clusters, sequence_end)


def more_needed(differences: Sequence[float] | FloatArray, within: Ends) -> int | None:
    """Estimate how many more statements would put 0 outside that interval, if mean and spread stay as they are.

    None if the differences do not vary, their mean is 0, or ten million would not do.

    >>> more_needed([-0.5, -0.3, -0.4, -0.2] * 5, ANY)
    5
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.size < 2 or not values.mean() or not values.var():
        return None
    spread, mean, variance = mixture_spread(OPTIMUM, 1 - LEVEL), abs(values.mean()), values.var()
    width = within[1] - within[0]

    def suffices(count: int) -> bool:
        time = np.array([max(count * variance, 1.0)])
        return bool(boundary(time, alpha=(1 - LEVEL) / 2, width=width, spread=spread)[0] / count <= mean)

    low = high = int(values.size)
    while not suffices(high):
        low, high = high, 2 * high
        if high > MOST_NEEDED:
            return None
    while high - low > max(low // 100, 1):  # to within a percent
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return max(high - int(values.size), 1)


def verdict_of(pool: Pool, record: TrackRecord) -> str:
    """Say in a sentence what the skill over time against always saying 50 % shows.

    What it says holds however often one looks, and whatever becomes of the claims that are due without a verdict.
    """
    if record.few:
        more = FEW - record.n
        return f"too few to say; at least {counted(more, 'more statement')} needed"
    at_best, at_worst, missing = beside_half_over_time(pool, record)
    best, worst = (
        anytime(scored.unit_means(scored.brier), scored.clusters, BESIDE_HALF) for scored in (at_best, at_worst)
    )
    whatever = f", whatever becomes of {missing:,} without a verdict" if missing else ""
    if worst and worst[1] < 0:
        return f"better than always saying 50 %, however often one looks{whatever}"
    if best and best[0] > 0:
        return f"worse than always saying 50 %, however often one looks{whatever}"
    more_or_none = None if missing else more_needed(at_worst.unit_means(at_worst.brier), BESIDE_HALF)
    about = f"; about {more_or_none:,} more would tell, if it stays so" if more_or_none else ""
    lacking = f"; {missing:,} without a verdict could still turn it" if missing else ""
    return f"not yet to be told from always saying 50 %, if one looks after every statement{about}{lacking}"


def beside_half_over_time(pool: Pool, record: TrackRecord) -> tuple[ScoredColumns, ScoredColumns, int]:
    """Return the loss over time less that of always saying 50 %, at best and at worst; negative is better.

    The difference stands where the Brier score usually does. The two ends differ in the claims that are due without a
    verdict: in how they may come out, and when.

    Returns:
        The series at best and at worst, in the order of settling, and how many have no verdict.
    """
    table = record.table
    part = table.series.part(record.positions("due"))
    outcome, units = table.claims.outcome.take(part.claim), table.claims.units
    missing = np.isnan(outcome)
    least, most = least_and_most(pool.standing(table.keys(part.part(missing))))

    def with_saved(possible: FloatArray) -> ScoredColumns:
        saved = part.saved.copy()
        saved[missing] = possible
        columns = ScoredColumns(
            part.claim, units.fair.take(part.claim), units.wide.take(part.claim), part.probability, outcome, -saved
        )
        return in_settling_order(columns, table.claims)

    return with_saved(most), with_saved(least), int(missing.sum())
