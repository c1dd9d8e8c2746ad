"""Judges the records of a card: each forecaster's figures, and how far they can be trusted."""

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
OPTIMUM = 10.0  # the intrinsic time at which the anytime interval is tightest, chosen beforehand
MOST = 10**7  # statements beyond which no number is told
ANY: Ends = (-1.0, 1.0)  # where the difference of two Brier scores lies
BESIDE_HALF: Ends = (-0.25, 0.75)  # and where (p - v)^2 - (0.5 - v)^2 does, over any part of a window too


def plain_rules(pool: Pool) -> tuple[PlainRule, ...]:
    """The scores of always saying 50 %, and of the base rate of the other statements, on all statements listed."""
    claims = [record.series.claim for record in pool.listed]
    chosen = np.unique(np.concatenate(claims)) if claims else np.zeros(0, np.int32)
    if not chosen.size:
        return ()
    of = pool.table.claims
    unit, truth = of.units.fair[chosen], of.outcome[chosen]
    found = []
    for name, chances in ((Reference.HALF, np.full(truth.shape, 0.5)), (Reference.BASE_RATE, pool.base_rates[chosen])):
        squared, log = (unit_means(unit, score(chances, truth)) for score in (YES_NO.losses, YES_NO.log_losses))
        found.append(PlainRule(name, squared.size, float(squared.mean()), float(log.mean())))
    return tuple(found)


def in_settling_order(said: ScoredColumns, claims: ClaimColumns) -> ScoredColumns:
    """The same by the last settle day of each cluster, then by slug: a sequence takes them as they become known."""
    _, which = np.unique(said.cluster, return_inverse=True)
    last = np.zeros(which.max(initial=-1) + 1, np.intp)
    np.maximum.at(last, which, claims.settles_on[said.claim])
    names = np.unique([claims.statements[claim] for claim in said.claim.tolist()], return_inverse=True)[1]
    return said.part(np.lexsort((names, last[which])))


def cautious(
    values: FloatArray, clusters: IndexArray, interval: Callable[[FloatArray, IndexArray], Ends | None]
) -> Ends | None:
    """The interval of a mean over units; no narrower than with the clusters that were declared too late for it.

    *values* and *clusters* have one for each unit; a cluster declared afterwards must never make a card surer.
    """
    plain = interval(values, np.arange(values.size))
    if np.unique(clusters).size == values.size:
        return plain
    merged = interval(values, clusters)
    return (min(plain[0], merged[0]), max(plain[1], merged[1])) if plain and merged else None


def interval_of(values: FloatArray, clusters: IndexArray) -> Ends | None:
    """The interval of the mean for one look, from resampling: bias-corrected where it can be, else the plain one."""

    def one(values: FloatArray, clusters: IndexArray) -> Ends | None:
        boot = paired_bootstrap(
            values.tolist(), clusters=clusters.tolist(), seed=SEED, level=LEVEL, resamples=resamples(values.size)
        )
        ends = (boot.bca or boot.percentile) if boot else None
        return (ends.lower, ends.upper) if ends else None

    return cautious(values, clusters, one)


def resampled(record: TrackRecord) -> Ends | None:
    """The interval of the mean Brier from resampled units; None where there are too few."""
    said = in_settling_order(record.series, record.table.claims)
    return interval_of(said.unit_means(said.brier), said.clusters)


def calibrated(record: TrackRecord) -> ConsistencyTest | None:
    """How the miscalibration compares with that of a calibrated forecaster.

    None where there is too little, or claims hang together: the test takes each for an observation of its own.
    """
    said = record.series
    if record.few or np.unique(said.cluster).size < said.claim.size:
        return None
    return consistency_test(said.probability, said.value, seed=SEED, resamples=draws(said))


def draws(said: ScoredColumns) -> int:
    """How often to draw calibrated outcomes for the p-value: less often where there are many distinct numbers."""
    return max(min(1_000, 5_000_000 // max(np.unique(said.probability).size, 1)), 250)


def beside_half(said: ScoredColumns) -> FloatArray:
    """For each statement the mean Brier less that of always saying 50 %; negative is better."""
    return said.unit_means(said.brier - YES_NO.reference_losses(said.value))


def resamples(count: int) -> int:
    """How often to resample so many observations: often where they are few, and enough where they are many."""
    return max(min(RESAMPLES, 4_000_000 // max(count, 1)), 1_000)


def anytime(differences: FloatArray, clusters: IndexArray, within: Ends) -> Ends | None:
    """The interval of the mean difference that holds however often one looks; units in the order of settling.

    It presumes that what has settled does not bear on forecasts made before. *within* is where every difference must
    lie whatever happens: the narrower, the sooner something is told. It is known before any outcome is:
    ``BESIDE_HALF`` beside always saying 50 %, ``ANY`` beside everybody else.
    """

    def one(values: FloatArray, clusters: IndexArray) -> Ends | None:
        inside = np.clip(unit_means(clusters, values), *within)  # sums over time may leave it by a rounding
        sequence = confidence_sequence(
            inside, alpha=1 - LEVEL, low=within[0], high=within[1], optimum=OPTIMUM, last=True
        )
        return (float(sequence.lower[0]), float(sequence.upper[0])) if sequence else None

    return cautious(differences, clusters, one)


def more_needed(differences: Sequence[float] | FloatArray, within: Ends) -> int | None:
    """About how many more statements would put zero outside that interval, if mean and spread stay as they are.

    None where nothing varies, the mean is zero, or ten million would not do.

    >>> more_needed([-0.5, -0.3, -0.4, -0.2] * 5, ANY)
    5
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.size < 2 or not values.mean() or not values.var():
        return None
    spread, mean, variance = mixture_spread(OPTIMUM, 1 - LEVEL), abs(values.mean()), values.var()
    width = within[1] - within[0]

    def tells(count: int) -> bool:
        time = np.array([max(count * variance, 1.0)])
        return bool(boundary(time, alpha=(1 - LEVEL) / 2, width=width, spread=spread)[0] / count <= mean)

    low = high = int(values.size)
    while not tells(high):
        low, high = high, 2 * high
        if high > MOST:
            return None
    while high - low > max(low // 100, 1):
        middle = (low + high) // 2
        low, high = (low, middle) if tells(middle) else (middle, high)
    return max(high - int(values.size), 1)


def verdict_of(pool: Pool, record: TrackRecord) -> str:
    """What can be said of the skill over time beside always saying 50 %; it holds whatever verdicts are missing."""
    if record.few:
        more = FEW - record.n
        return f"too few to say; at least {counted(more, 'more statement')} needed"
    at_best, at_worst, missing = beside_half_over_time(pool, record)
    best, worst = (anytime(one.unit_means(one.brier), one.clusters, BESIDE_HALF) for one in (at_best, at_worst))
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
    """The loss over time less that of always saying 50 %, in the place of the Brier score; negative is better.

    At best and at worst: as the claims that are due without a verdict may come out, and when. And how many these are.
    """
    table = record.table
    part = table.series.part(record.positions("due"))
    units, missing = table.claims.units, np.isnan(table.claims.outcome.take(part.claim))
    stood = pool.standing(table.keys(part.part(missing)))
    least, most = least_and_most(stood)
    found = []
    for possible in (most, least):
        saved = part.saved.copy()
        saved[missing] = possible
        said = ScoredColumns(
            part.claim, units.fair.take(part.claim), units.wide.take(part.claim), part.probability,
            table.claims.outcome.take(part.claim), -saved,
        )  # fmt: skip
        found.append(in_settling_order(said, table.claims))
    return found[0], found[1], int(missing.sum())
