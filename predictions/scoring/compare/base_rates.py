"""Compute what the base rate and the clock lose on choices, numbers and dates.

The base rate of a claim is how the other claims of its type came out. As on claims of yes or no it is hindsight, and
leaves out the claim itself and all that hangs together with it. For a choice it is the share of each option, over
choices with the same options; for a number, where in their ranges the others lay; for a date, after which share of
their windows the others came. A claim without others has the base rate of knowing nothing.
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
    """How the others came out, for some claims; a *place* is an outcome on an axis that all claims of a type share.

    Attributes:
        own: The positions of these claims among those asked about.
        grid: All places at which any claim came out, ascending.
        at_most: The share of the others that came out up to each place, shape (claims, places); NaN without others.
    """

    own: IndexArray
    grid: FloatArray
    at_most: FloatArray

    def by(self, place: FloatArray) -> FloatArray:
        """Return the share of the others that came out up to some places, shape (claims, places)."""
        column = np.searchsorted(self.grid, place, side="right")
        before_all = np.where(np.isnan(self.at_most[:, :1]), np.nan, 0.0)
        return np.concatenate([before_all, self.at_most], axis=1)[:, column]


def others_came(place: FloatArray, unit: IndexArray, own: IndexArray) -> Iterator[OfOthers]:
    """Yield how the claims outside the unit of each of *own* came out; each unit counts once.

    Args:
        place: The place at which each claim came out.
        unit: The unit of each claim.
        own: The claims asked about, as indexes into these two.

    >>> [others] = others_came(np.array([0.0, 1.0, 1.0]), np.array([4, 5, 6]), np.array([0, 1]))
    >>> others.at_most.tolist()
    [[0.0, 1.0], [0.5, 1.0]]
    """
    grid, column = np.unique(place, return_inverse=True)
    _, unit_of_claim, count = np.unique(unit, return_inverse=True, return_counts=True)
    weight, by_unit = 1 / count[unit_of_claim], np.argsort(unit_of_claim, kind="stable")
    all_units = np.cumsum(np.bincount(column, weight, grid.size))
    for positions in np.array_split(np.arange(own.size), own.size * grid.size // CELLS_AT_ONCE + 1):
        # Take the unit of each claim out of the sum over all units.
        units = unit_of_claim[own[positions]]
        members, row = by_unit[within(count, units)], np.repeat(np.arange(units.size), count[units])
        own_unit = np.zeros((units.size, grid.size))
        np.add.at(own_unit, (row, column[members]), weight[members])
        others = all_units - np.cumsum(own_unit, axis=1)
        yield OfOthers(positions, grid, others / (count.size - 1) if count.size > 1 else np.full(others.shape, np.nan))


def saved_on_base_rate(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return what series saved against the base rate while they stood; all on claims of one type, not yes or no."""
    stood, scoring = own.standing, own.scoring
    if isinstance(scoring, Date):
        stays = own.claims[stood.series], stood.starts, stood.ends
        base = replace(scoring, curves=_date_curves(pool, own, scoring), passed=np.zeros(own.keys.size))
        on_nothing = base.saved(stood.series.astype(np.float64), own.outcomes[stood.series], *stays)
        return own.saved(Reference.HALF) - stood.total(on_nothing) / stood.horizon
    nothing = scoring.reference_losses(own.outcomes, own.claims)
    lost = _option_losses(pool, own, scoring) if isinstance(scoring, Choice) else _number_losses(pool, own)
    covered = stood.total(stood.shares)
    return own.saved(Reference.HALF) + covered * np.where(np.isnan(lost), 0.0, lost - nothing)


def saved_on_clock(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return what series on dates saved against the clock, whose chance of each day falls as time passes.

    At the opening the clock's chance that the event comes in the window is the share of the others that did; the days
    within the window follow a constant hazard. NaN on claims of other types, for which passing time means nothing.
    """
    stood, scoring = own.standing, own.scoring
    if not isinstance(scoring, Date):
        return np.full(own.keys.size, np.nan)
    chance = np.empty(own.keys.size)
    for others in _others(pool, own):
        chance[others.own] = others.by(np.array([1.0]))[:, 0]
    clock = _clock_losses(scoring, np.where(np.isnan(chance), HALF, chance), own)
    nothing, _ = scoring.lost_over_time(
        stood.probabilities, own.outcomes[stood.series], own.claims[stood.series], stood.starts, stood.ends
    )
    return own.saved(Reference.HALF) - stood.total(nothing - clock)


def _others(pool: Pool, own: SeriesStanding, chosen: BoolArray | None = None) -> Iterator[OfOthers]:
    """Yield how the other claims of the same type came out, for the claims of *own*; *chosen* limits both.

    *own* are series on claims of one type, and *chosen* is for each claim whether it is taken; None takes all. Places
    are on an axis from 0 to 1; those of a choice are the numbers of its options, and a date that did not come lies
    beyond 1.
    """
    table = pool.table
    taken = with_outcome(pool.reader.claim_status, pool.cohort) & ~np.isnan(table.claims.outcome)
    same_kind = table.claims.types.kind == table.claims.types.kind[own.claims[0]]
    claims = np.flatnonzero(table.wanted & taken & same_kind & (True if chosen is None else chosen))
    indexes = np.flatnonzero(np.isin(own.claims, claims))
    place, units = _where_on_axes(own.scoring, table.claims.outcome[claims], claims), table.claims.units.fair[claims]
    for others in others_came(place, units, np.searchsorted(claims, own.claims[indexes])):
        yield others._replace(own=indexes[others.own])


def _where_on_axes(scoring: Scoring, outcome: FloatArray, claim: IndexArray) -> FloatArray:
    """Return where claims of one type came out on their axes."""
    if isinstance(scoring, Number):
        low, high = scoring.low[claim], scoring.high[claim]
        return np.clip((scoring.on_axis(outcome, claim) - low) / (high - low), 0.0, 1.0)
    return scoring.last[claim] / scoring.days[claim] if isinstance(scoring, Date) else outcome


def _number_losses(pool: Pool, own: SeriesStanding) -> FloatArray:
    """Return what the base rate loses on each number: its chances are how many others lay up to each place."""
    lost = np.empty(own.keys.size)
    for others in _others(pool, own):
        grid = np.append(others.grid, 1.0)
        answer = _where_on_axes(own.scoring, own.outcomes, own.claims)[others.own, np.newaxis] <= others.grid
        lost[others.own] = (others.at_most - answer) ** 2 @ np.diff(grid)
    return lost


def _option_losses(pool: Pool, own: SeriesStanding, scoring: Choice) -> FloatArray:
    """Return what the base rate loses on each choice: its shares are how often others with these options had each."""
    types, lost = pool.table.claims.types, np.empty(own.keys.size)
    options_of = [tuple(names) for names in types.named]
    for options in {options_of[claim] for claim in own.claims.tolist()}:
        same_options = np.fromiter((names == options for names in options_of), np.bool_, len(options_of))
        for others in _others(pool, own, same_options):
            shares = np.diff(others.by(np.arange(float(len(options)))), prepend=0.0)
            base = replace(scoring, shares=Shares(shares.ravel(), np.full(len(shares), len(options))))
            places = np.arange(float(len(shares)))
            lost[others.own] = base.losses(places, own.outcomes[others.own], own.claims[others.own])
    return lost


def _date_curves(pool: Pool, own: SeriesStanding, scoring: Date) -> Curves:
    """Return the base rate of each date as a curve: by each day, how many others came by that share of their window."""
    days = scoring.days[own.claims].astype(np.intp)
    curves = Curves(in_own_list(days).astype(np.float64) + 1, np.empty(days.sum()), days)
    for others in _others(pool, own):
        size, points = days[others.own], within(days, others.own)
        column = np.searchsorted(others.grid, curves.at[points] / np.repeat(size, size), side="right") - 1
        row = np.repeat(np.arange(size.size), size)
        share = np.where(column >= 0, others.at_most[row, np.maximum(column, 0)], 0.0)
        nothing = curves.at[points] / np.repeat(2 * size, size)  # as the curve of date_reference rises
        curves.chance[points] = np.where(np.isnan(others.at_most[row, 0]), nothing, share)
    return curves


def _clock_losses(scoring: Date, chance: FloatArray, own: SeriesStanding) -> FloatArray:
    """Return what the clock loses while each forecast stands, as a part of the time Brier score.

    *chance* is the clock's chance at the opening, for each series, that the event happens in the window.
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
