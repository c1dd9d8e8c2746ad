"""Judge a mean difference in a way that holds however often one looks: by an interval, and in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.sequential import confidence_sequence, log_mean, log_wealth
from predictions.numerals import counted
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.dated_otherwise import dated_otherwise, positions_if_dated
from predictions.scoring.in_doubt import Doubts, doubts_on, in_doubt
from predictions.scoring.pool import Pool
from predictions.scoring.possible_skill import possible_savings
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.skill_by_recording import saved_if_dated
from predictions.scoring.statistics import Ends, cautious, in_settling_order
from predictions.scoring.track_record import FEW, ScoredColumns, TrackRecord, unit_means

MOST_NEEDED = 10_000  # a larger number of further statements would be of no use to a reader
ANY: Ends = (-1.0, 1.0)  # the range of the difference of two Brier scores
BESIDE_HALF: Ends = (-0.25, 0.75)  # the range of (p - v)^2 - (0.5 - v)^2, over any part of a window too
PRESUMED = ", if what settled says nothing of claims forecast before"


def anytime(differences: FloatArray, clusters: IndexArray, within: Ends) -> Ends | None:
    """Return the interval of the mean difference that holds however often one looks; None if it cannot be computed.

    It presumes that settled claims say nothing about claims on which forecasts were made before.

    Args:
        differences: One difference for each unit, in the order of settling.
        clusters: The cluster of each unit.
        within: The range in which every difference must lie, known before any outcome. The narrower it is, the fewer
            statements are needed: BESIDE_HALF against always saying 50 %, ANY against other forecasters.
    """

    def sequence_end(values: FloatArray, clusters: IndexArray) -> Ends | None:
        inside = np.clip(unit_means(clusters, values), *within)  # rounding may push sums over time out of the range
        sequence = confidence_sequence(inside, alpha=1 - LEVEL, low=within[0], high=within[1])
        return (sequence.lower, sequence.upper) if sequence else None

    return cautious(differences, clusters, sequence_end)


def more_needed(differences: Sequence[float] | FloatArray, within: Ends) -> int | None:
    """Estimate how many more statements would put 0 outside the interval of :func:`anytime`, if the record goes on so.

    None if the bets behind the interval do not gain by the record, or if more than MOST_NEEDED would be needed.

    >>> more_needed([-0.3, -0.1, 0.1, -0.2, 0.0] * 4, ANY)
    33
    """
    values = np.asarray(differences, dtype=np.float64)
    if not values.size or not values.mean():
        return None
    supposed_worse = values.mean() < 0
    odds = 1 - values / within[1] if supposed_worse else 1 - values / within[0]
    gains, threshold = log_wealth(odds) / values.size, math.log(2 / (1 - LEVEL))

    def suffices(count: int) -> bool:
        return bool(log_mean(gains * count) >= threshold)

    low, high = int(values.size), int(values.size) + MOST_NEEDED
    if not suffices(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high - int(values.size)


def presumed(columns: ClaimColumns, claims: IndexArray) -> str:
    """Return what an interval that holds at any time presumes about some claims, as the end of a sentence.

    It is empty if no two observations overlap in time, because each opened after the one before had settled. Every
    forecast was then made after all earlier observations had settled, so nothing is presumed.
    """
    # Claims that hang together are one observation; observations are numbered from 0.
    _, observation = np.unique(columns.units.wide[claims], return_inverse=True)
    count = observation.max(initial=-1) + 1
    opens, settles = np.full(count, np.inf), np.zeros(count)
    np.minimum.at(opens, observation, columns.opens[claims])
    np.maximum.at(settles, observation, columns.settles_on[claims] * float(ONE_DAY))
    order = np.argsort(settles)
    return PRESUMED if (opens[order][1:] < settles[order][:-1]).any() else ""


def verdict_of(pool: Pool, record: TrackRecord) -> str:
    """Return the sentence that judges a forecaster's skill over time against always saying 50 %.

    It holds however often one looks, and whatever becomes of the claims in doubt. Of claims
    resolved so far it says nothing.
    """
    if pool.cohort.biased:
        return f"not to be told by claims resolved so far: {pool.cohort.biased}"
    if record.few:
        more = FEW - record.n
        return f"too few to say; at least {counted(more, 'more statement')} needed"
    at_best, at_worst, doubts = beside_half_over_time(pool, record)
    worst = anytime(at_worst.unit_means(at_worst.brier), at_worst.clusters, BESIDE_HALF)
    best = anytime(at_best.unit_means(at_best.brier), at_best.clusters, BESIDE_HALF) if doubts.total else worst
    whatever = doubts.whatever + presumed(pool.table.claims, at_worst.claim.astype(np.intp))
    whatever += pool.afterwards.presumed_of(record.forecaster.entry)
    if worst and worst[1] < 0:
        return f"better than always saying 50 %, however often one looks{whatever}"
    if best and best[0] > 0:
        return f"worse than always saying 50 %, however often one looks{whatever}"
    needed = None if doubts.total else more_needed(at_worst.unit_means(at_worst.brier), BESIDE_HALF)
    about = f"; about {needed:,} more would tell, if it stays so" if needed else ""
    return f"not yet to be told from always saying 50 %, if one looks after every statement{about}{doubts.turn}"


def beside_half_over_time(pool: Pool, record: TrackRecord) -> tuple[ScoredColumns, ScoredColumns, Doubts]:
    """Return the loss over time minus that of always saying 50 %, at best and at worst; negative is better.

    The best and the worst case differ on claims in doubt, by how they may come out and when, and on claims whose
    verdict is dated early or late, by which of the two days counts.

    Returns:
        The series at best and at worst, in the order of settling, with the difference in the column ``brier``; and how
        many claims are in doubt.
    """
    table, doubted = record.table, in_doubt(pool, record.number, record.table)
    counted = positions_if_dated(pool, record.number, pool.early_verdicts.is_early, table)
    positions = np.union1d(counted, doubted)
    part, missing = table.series.part(positions), np.isin(positions, doubted)
    outcome, units = np.where(missing, np.nan, table.claims.outcome.take(part.claim)), table.claims.units
    least, most = possible_savings(pool, table.keys(part.part(missing)))
    early = pool.early_verdicts.is_early[part.claim] & ~missing
    late = pool.late_verdicts.is_late[part.claim] & ~missing
    # With the day of the verdict, a series that never stood saved nothing.
    ways = [np.where(np.isin(positions, record.positions("means")), part.saved, 0.0)]
    for otherwise in dated_otherwise(pool):
        changed = otherwise.is_changed[part.claim] & ~missing
        ways.append(ways[0].copy())
        ways[-1][changed] = saved_if_dated(otherwise, table.keys(part.part(changed)))

    def with_saved(possible: FloatArray, choose: np.ufunc) -> ScoredColumns:
        """Return the series with the savings that *choose* picks among the days, and *possible* ones if in doubt."""
        saved = choose.reduce(ways)
        saved[missing] = possible
        columns = ScoredColumns(
            part.claim, units.fair.take(part.claim), units.wide.take(part.claim), part.probability, outcome, -saved
        )
        return in_settling_order(columns, table.claims)

    doubts = doubts_on(pool, part.claim[missing])._replace(dated_early=int(early.sum()), dated_late=int(late.sum()))
    return with_saved(most, np.fmax), with_saved(least, np.fmin), doubts
