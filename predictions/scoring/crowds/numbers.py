"""Compute crowds: forecasters whose numbers combine the standing numbers of several others; they are never stored.

A crowd has a new forecast whenever a member has one. It stands while at least two members do. Its members are all
forecasters except crowds and references; imputed and backdated forecasts are left out.
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
from predictions.scoring.columns.forecast_rows import no_rows
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.columns.standing_tables import running_sums, tables

CLIP = 0.001  # when odds are averaged, members are moved this far from 0 and 1: a certain one would decide alone
FEWEST = 2  # with fewer members a crowd has no forecast
DECIMALS_KEPT = 12  # as many as a recorded probability has
METHODS = {
    "crowd-median": "the median of the standing forecasts; of options renormalised",
    "crowd-odds": f"the geometric mean of the odds, members kept {CLIP} away from 0 and 1",
    "crowd-recent": "the median weighted by recency: exp(sqrt(k) - sqrt(n)), k = 1 for the oldest of n forecasts",
    "crowd-linear": "the mean of the standing shares, or chances of at most a value or by a day (linear pool)",
    "crowd-quantiles": "the mean of the standing quantiles of a number",
}
OF_NUMBERS = 3  # how many of METHODS, the first ones, combine single chances; the others are only for distributions


def crowds_of(forecasters: Sequence[ForecasterEntry]) -> list[ForecasterEntry]:
    """Return one computed crowd for each method, as a forecaster.

    Raises:
        Conflict: A forecaster of the ledger has the slug of a method.
    """
    conflicts = [forecaster.slug for forecaster in forecasters if forecaster.slug in METHODS]
    if conflicts:
        raise Conflict(
            f"forecaster {conflicts[0]!r} of this ledger has the name of a computed crowd; leave the crowds out"
        )
    last_entry = 1 << 62  # larger than any entry of a ledger, so that crowds are listed last
    return [
        ForecasterEntry(slug, last_entry + number, slug, ForecasterKind.CROWD, method)
        for number, (slug, method) in enumerate(METHODS.items())
    ]


def crowd_rows(rows: Rows, members: BoolArray) -> Rows:
    """Return the crowds' forecasts on each claim, sorted; crowds are numbered after the forecasters.

    Args:
        rows: All forecasts, sorted.
        members: For each forecaster whether they can be a member.
    """
    counted = rows.part(np.flatnonzero(members[rows.forecaster] & (rows.mark == 0)))
    if not counted.claim.size:
        return no_rows()
    standing = standing_numbers(counted)
    count = standing.total(np.ones(standing.first.size, np.int64))
    enough, moments = standing.spoken(count)
    median, recent = _medians(standing)
    combined = np.array([median, _mean_odds(standing, count), recent])[:, moments]  # in the order of METHODS
    claim = np.tile(standing.claim[moments], OF_NUMBERS)
    crowd = np.repeat(np.arange(OF_NUMBERS), moments.size)
    order = np.lexsort((crowd, claim))  # stable: each crowd stays in the order of time
    return Rows(
        claim=claim[order],
        forecaster=(crowd[order] + members.size).astype(np.int32),
        time=np.tile(standing.time[moments], OF_NUMBERS)[order],
        probability=np.where(enough[moments], combined.round(DECIMALS_KEPT), np.nan).ravel()[order],
        mark=np.zeros(order.size, np.uint8),
    )


class StandingNumbers(NamedTuple):
    """The moments at which anybody's forecast on a claim changed, and the moments between which each number stood.

    The first two columns hold one line for each moment, the others one for each number, in the order of time.

    Attributes:
        claim: The claim of the moment.
        time: The time of the moment.
        first: The index of the moment from which the number stood.
        beyond: The index of the moment from which it no longer stood.
        probability: The number.
    """

    claim: NDArray[np.int32]
    time: NDArray[np.int64]
    first: IndexArray
    beyond: IndexArray
    probability: FloatArray

    def total(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each moment the sum of *values*, one for each number, over the numbers that stand."""
        change = np.zeros(self.claim.size + 1, np.int64)
        np.add.at(change, self.first, values)
        np.subtract.at(change, self.beyond, values)
        return np.asarray(np.cumsum(change)[:-1])

    def spoken(self, count: NDArray[np.int64], fewest: int = FEWEST) -> tuple[BoolArray, IndexArray]:
        """Return for each moment whether enough numbers stand, and the indexes of moments at which a crowd changes.

        A crowd changes at every moment at which enough numbers stand, and withdraws when they become too few. *count*
        is how many stand at each moment.
        """
        enough = count >= fewest
        withdraws = np.append(False, enough[:-1] & (self.claim[1:] == self.claim[:-1]))
        return enough, np.flatnonzero(enough | withdraws)


def standing_numbers(rows: Rows) -> StandingNumbers:
    """Find from when until when each number stood; of several by one forecaster at one moment only the last counts."""
    # Rows are sorted by forecaster, but the moments of a claim are those of all its forecasters, sorted by time.
    order = np.lexsort((rows.time, rows.claim))
    claim, time = rows.claim[order], rows.time[order]
    new = np.append(True, (claim[1:] != claim[:-1]) | (time[1:] != time[:-1]))
    first = np.empty(order.size, np.intp)
    first[order] = np.cumsum(new) - 1
    # A number stands until the next one of the same forecaster, or to the end of the claim.
    beyond = np.searchsorted(claim[new], rows.claim, "right")
    has_next = (rows.claim[1:] == rows.claim[:-1]) & (rows.forecaster[1:] == rows.forecaster[:-1])
    np.copyto(beyond[:-1], first[1:], where=has_next)
    kept = order[((first < beyond) & ~np.isnan(rows.probability))[order]]
    return StandingNumbers(claim[new], time[new], first[kept], beyond[kept], rows.probability[kept])


def _mean_odds(standing: StandingNumbers, count: NDArray[np.int64]) -> FloatArray:
    """Return the geometric mean of the odds at each moment, as a probability.

    The sum of the log-odds is carried from moment to moment by adding and subtracting, which would pile up rounding
    errors. So log-odds are summed as integers, with as many bits as leave room for all numbers on the claim.
    """
    claim_of_number = standing.claim[standing.first]
    numbers_on_claim = np.bincount(claim_of_number, minlength=int(standing.claim[-1]) + 1)
    bits = 59 - np.ceil(np.log2(1 + numbers_on_claim)).astype(np.intp)
    log_odds = kept_log_odds(standing.probability, CLIP)
    whole = np.rint(np.ldexp(log_odds, bits[claim_of_number])).astype(np.int64)
    total = np.ldexp(standing.total(whole).astype(np.float64), -bits[standing.claim])
    return logistic(total / np.maximum(count, 1))


def _medians(standing: StandingNumbers) -> FloatArray:
    """Return the median at each moment, and the median weighted by recency: shape (2, moments)."""
    medians = np.full((2, standing.claim.size), np.nan)
    for table in tables(standing.claim, standing.first, standing.beyond, standing.probability):
        count = table.counted(table.stands)
        size = count[-1]
        median = (table.ranked(count, (size + 1) // 2) + table.ranked(count, size // 2 + 1)) / 2

        # The age of a number is its rank by time among those that stand; its line index grows with time.
        oldest_first, column = np.argsort(table.lines, axis=0, kind="stable"), np.arange(table.lines.shape[1])
        age = np.empty_like(count)
        age[oldest_first, column] = table.counted(table.stands[oldest_first, column])
        age *= table.stands
        weights = np.append(0.0, recency_weights(len(age)))
        weight_reached = running_sums((weights.take(line) for line in age), np.empty(age.shape))
        half = weight_reached[-1] / 2
        recent = (table.first_not(weight_reached < half) + table.first_not(weight_reached <= half)) / 2

        # For one or two numbers all weights are 1, so the weighted median is the plain one.
        both = np.array([median, np.where(size > 2, recent, median)])
        medians[:, table.pieces[table.exists]] = both[:, table.exists]
    return medians
