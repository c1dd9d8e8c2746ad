"""What the base rate and the clock lose on choices, numbers and dates: how the other claims of their type came out.

As of yes and no it is hindsight, and a claim is left out of its own base rate, with all that hangs together with it. A
choice is compared with those of the same options, a number with where the others lay in their ranges, a date with the
share of their windows after which the others came. A claim without company has the base rate of knowing nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from forecasts.choices import Choice
from forecasts.curves import Curves, in_own_list, within
from forecasts.date_spreads import days_open
from forecasts.dates import Date
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.numbers import Number
from forecasts.questions import Scoring
from forecasts.reference import HALF, ConstantHazard
from forecasts.share_scores import Shares
from predictions.scoring.eligibility_codes import with_outcome
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding
from predictions.scoring.score_columns import Reference

CELLS_AT_ONCE = 1 << 20  # claims x places that are worked on together


class OfOthers(NamedTuple):
    """How the others came out, for some claims.

    Attributes:
        own: The positions of these claims among those asked about.
        grid: Every place at which any claim came out, rising.
        at_most: The share of the others that came out at most there, shape (claims, places); NaN without company.
    """

    own: IndexArray
    grid: FloatArray
    at_most: FloatArray

    def by(self, place: FloatArray) -> FloatArray:
        """Return the share of the others that came out at most at some places, shape (claims, places)."""
        at = np.searchsorted(self.grid, place, side="right")
        before_all = np.where(np.isnan(self.at_most[:, :1]), np.nan, 0.0)
        return np.concatenate([before_all, self.at_most], axis=1)[:, at]


def others_came(place: FloatArray, unit: IndexArray, own: IndexArray) -> Iterator[OfOthers]:
    """Yield how the claims other than each of *own* came out, of claims at these places; each unit counts once.

    >>> [found] = others_came(np.array([0.0, 1.0, 1.0]), np.array([4, 5, 6]), np.array([0, 1]))
    >>> found.at_most.tolist()
    [[0.0, 1.0], [0.5, 1.0]]
    """
    grid, at = np.unique(place, return_inverse=True)
    _, which, count = np.unique(unit, return_inverse=True, return_counts=True)
    weight, members = 1 / count[which], np.argsort(which, kind="stable")
    together = np.cumsum(np.bincount(at, weight, grid.size))
    for positions in np.array_split(np.arange(own.size), own.size * grid.size // CELLS_AT_ONCE + 1):
        units = which[own[positions]]
        hangs, row = members[within(count, units)], np.repeat(np.arange(units.size), count[units])
        mine = np.zeros((units.size, grid.size))
        np.add.at(mine, (row, at[hangs]), weight[hangs])
        others = together - np.cumsum(mine, axis=1)
        yield OfOthers(positions, grid, others / (count.size - 1) if count.size > 1 else np.full(others.shape, np.nan))


def saved_on_base_rate(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return what series on claims of one type, not yes or no, saved against the base rate while they stood."""
    stood, scoring = own.standing, own.scoring
    if isinstance(scoring, Date):
        stays = own.claims[stood.series], stood.starts, stood.ends
        base = replace(scoring, said=_date_curves(pool, own, scoring), passed=np.zeros(own.keys.size))
        on_nothing = base.saved(stood.series.astype(np.float64), own.outcomes[stood.series], *stays)
        return own.saved(Reference.HALF) - stood.total(on_nothing) / stood.horizon
    nothing = scoring.reference_losses(own.outcomes, own.claims)
    lost = _option_losses(pool, own, scoring) if isinstance(scoring, Choice) else _number_losses(pool, own)
    covered = stood.total(stood.shares)
    return own.saved(Reference.HALF) + covered * np.where(np.isnan(lost), 0.0, lost - nothing)


def saved_on_clock(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return the same against the clock: on each question "by day d?" of a date the chance falls as time passes.

    At the opening it is the share of the others that came in their windows, by each day as at a constant hazard. Of
    other types there is none: that time passes says nothing there.
    """
    stood, scoring = own.standing, own.scoring
    if not isinstance(scoring, Date):
        return np.full(own.keys.size, np.nan)
    chance = np.empty(own.keys.size)
    for found in _others(pool, own):
        chance[found.own] = found.by(np.array([1.0]))[:, 0]
    clock = _clock_losses(scoring, np.where(np.isnan(chance), HALF, chance), own)
    of = own.outcomes[stood.series], own.claims[stood.series], stood.starts, stood.ends
    nothing, _ = scoring.lost_over_time(stood.probabilities, *of)
    return own.saved(Reference.HALF) - stood.total(nothing - clock)


def _others(pool: Pool, own: SeriesStanding, chosen: BoolArray | None = None) -> Iterator[OfOthers]:
    """Yield how the other claims of the same type came out, or those of them that are chosen, on one axis from 0 to 1.

    *own* are series on claims of one type. The place of a choice is the number of its option; a date that did not come
    lies beyond 1.
    """
    table = pool.table
    taken = with_outcome(pool.reader.claim_status, pool.cohort) & ~np.isnan(table.claims.outcome)
    of_kind = table.claims.types.kind == table.claims.types.kind[own.claims[0]]
    known = np.flatnonzero(table.wanted & taken & of_kind & (True if chosen is None else chosen))
    asked = np.flatnonzero(np.isin(own.claims, known))
    place, units = _where_on_axes(own.scoring, table.claims.outcome[known], known), table.claims.units.fair[known]
    for found in others_came(place, units, np.searchsorted(known, own.claims[asked])):
        yield found._replace(own=asked[found.own])


def _where_on_axes(scoring: Scoring, outcome: FloatArray, claim: IndexArray) -> FloatArray:
    """Return where claims of one type came out on their axes."""
    if isinstance(scoring, Number):
        low, high = scoring.low[claim], scoring.high[claim]
        return np.clip((scoring.on_axis(outcome, claim) - low) / (high - low), 0.0, 1.0)
    return scoring.last[claim] / scoring.days[claim] if isinstance(scoring, Date) else outcome


def _number_losses(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return what the base rate loses on each number: of whose range that share lay below as of the others'."""
    lost = np.empty(own.keys.size)
    for found in _others(pool, own):
        grid = np.append(found.grid, 1.0)
        answer = _where_on_axes(own.scoring, own.outcomes, own.claims)[found.own, np.newaxis] <= found.grid
        lost[found.own] = (found.at_most - answer) ** 2 @ np.diff(grid)
    return lost


def _option_losses(pool: Pool, own: SeriesStanding, scoring: Choice) -> FloatArray:
    """Return what the base rate loses on each choice: the share of the others with the same options that had each."""
    types, lost = pool.table.claims.types, np.empty(own.keys.size)
    options = [tuple(named) for named in types.named]
    for listed in {options[claim] for claim in own.claims.tolist()}:
        alike = np.fromiter((each == listed for each in options), np.bool_, len(options))
        for found in _others(pool, own, alike):
            shares = np.diff(found.by(np.arange(float(len(listed)))), prepend=0.0)
            base = replace(scoring, said=Shares(shares.ravel(), np.full(len(shares), len(listed))))
            said = np.arange(float(len(shares)))
            lost[found.own] = base.losses(said, own.outcomes[found.own], own.claims[found.own])
    return lost


def _date_curves(pool: Pool, own: SeriesStanding, scoring: Date) -> Curves:
    """Return by each day of its window what share of the others came in that share of theirs."""
    days = scoring.days[own.claims].astype(np.intp)
    curves = Curves(in_own_list(days).astype(np.float64) + 1, np.empty(days.sum()), days)
    for found in _others(pool, own):
        size, places = days[found.own], within(days, found.own)
        at = np.searchsorted(found.grid, curves.at[places] / np.repeat(size, size), side="right") - 1
        row = np.repeat(np.arange(size.size), size)
        share = np.where(at >= 0, found.at_most[row, np.maximum(at, 0)], 0.0)
        nothing = curves.at[places] / np.repeat(2 * size, size)  # as date_reference rises
        curves.chance[places] = np.where(np.isnan(found.at_most[row, 0]), nothing, share)
    return curves


def _clock_losses(scoring: Date, chance: FloatArray, own: SeriesStanding) -> FloatArray:
    """Return what the clock loses while each forecast stands, as a part of the time Brier score.

    *chance* is for each series that it happens in the window, as it is at the opening.
    """
    stood, lost = own.standing, np.zeros(own.standing.series.size)
    claim = own.claims[stood.series]
    begins, ends = ((moment - scoring.opens[claim]) / scoring.day for moment in (stood.starts, stood.ends))
    days, hazard = scoring.days[claim], ConstantHazard(chance)
    first, last = own.outcomes[stood.series], scoring.last[claim]
    for stays in np.array_split(np.arange(lost.size), int(days.sum()) // CELLS_AT_ONCE + 1):
        size = days[stays].astype(np.intp)
        of, day = np.repeat(stays, size), in_own_list(size).astype(np.float64) + 1
        answer = np.clip((day - first[of] + 1) / (last[of] - first[of] + 1), 0.0, 1.0)
        squared = hazard.integrated_brier(
            answer, starts=np.minimum(begins[of], day), ends=np.minimum(ends[of], day), opens=day - days[of],
            closes=day, series=stood.series[of],
        )  # fmt: skip
        lost[stays] = np.bincount(np.repeat(np.arange(size.size), size), squared, size.size)
    return lost / days_open(days, scoring.closes[claim])
