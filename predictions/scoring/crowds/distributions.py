"""Compute what crowds say of choices, numbers and dates: the combined standing distributions of their members."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from forecasts.curves import Curves
from forecasts.inputs import BoolArray, FloatArray
from forecasts.kernel import Rows
from forecasts.pools import averaged_quantiles, mean_shares, median_and_mean_chances, median_shares
from predictions.scoring.columns.claim_types import CHOICE, NUMBER, ORDERED, YES_OR_NO
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.columns.distributions import Distributions
from predictions.scoring.columns.forecast_rows import joined, no_rows
from predictions.scoring.crowds.numbers import DECIMALS_KEPT, METHODS, standing_numbers
from predictions.storage.lines import Lines

CELLS_AT_ONCE = 1 << 21  # moments x members x points that are worked on together
_CROWDS = list(METHODS)
_OF_SHARES: Mapping[str, Callable[..., FloatArray]] = {"crowd-median": median_shares, "crowd-linear": mean_shares}


def type_crowd_rows(rows: Rows, members: BoolArray, claims: ClaimColumns, said: Distributions) -> Rows:
    """Return what the crowds say on claims that are not yes or no, in order, numbered after the forecasters.

    Args:
        rows: All forecasts, in order.
        members: For each forecaster whether they can be a member.
        claims: The claims.
        said: The distributions, to which those of crowds are added.
    """
    counts = members[rows.forecaster] & (rows.mark == 0)
    kinds = claims.types.kind[rows.claim]
    found = no_rows()
    for kind in np.unique(kinds[kinds != YES_OR_NO]).tolist():
        counted = rows.part(np.flatnonzero(counts & (kinds == kind)))
        if counted.claim.size:
            found = joined(found, *_rows_of_kind(kind, counted, members.size, claims, said))
    return found.part(np.lexsort((found.time, found.forecaster, found.claim)))


def _rows_of_kind(kind: int, rows: Rows, people: int, claims: ClaimColumns, said: Distributions) -> Iterator[Rows]:
    """Yield what each crowd says on each claim of one kind; *rows* are what its members say there."""
    standing = standing_numbers(rows)
    enough, spoken = standing.spoken(standing.total(np.ones(standing.first.size, np.int64)))
    lines = said.said(kind, standing.probability)
    edges = np.append(np.flatnonzero(np.diff(standing.claim, prepend=-1)), standing.claim.size)
    numbers, points = np.searchsorted(standing.first, edges), np.append(0, np.cumsum(lines.size))
    moments = np.searchsorted(spoken, edges)
    for place, claim in enumerate(standing.claim[edges[:-1]].tolist()):
        at, own = spoken[slice(*moments[place : place + 2])], slice(*numbers[place : place + 2])
        if not at.size:
            continue
        span, talks = slice(*points[numbers[place : place + 2]]), at[enough[at], np.newaxis]
        stands = (standing.first[own] <= talks) & (talks < standing.beyond[own])
        of_claim = Curves(lines.at[span], lines.chance[span], lines.size[own])
        for crowd, pooled in _pooled(kind, claim, of_claim, stands, claims):
            places = np.full(at.size, np.nan)
            places[enough[at]] = said.add(kind, Lines(*pooled)) + np.arange(talks.size)
            number = np.full(at.size, people + _CROWDS.index(crowd), np.int32)
            yield Rows(standing.claim[at], number, standing.time[at], places, np.zeros(at.size, np.uint8))


def _pooled(
    kind: int, claim: int, members: Curves, stands: BoolArray, claims: ClaimColumns
) -> Iterator[tuple[str, Curves]]:
    """Yield what each crowd makes of those that stand at each moment; quantiles are averaged of numbers only."""
    types, is_number = claims.types, kind == NUMBER
    if kind in {CHOICE, ORDERED}:
        shares = members.chance.reshape(members.size.size, -1)
        for crowd, pool in _OF_SHARES.items():
            chance = pool(shares, stands).round(DECIMALS_KEPT)
            yield crowd, Curves(np.zeros(chance.size), chance.ravel(), np.full(len(chance), shares.shape[1]))
        return
    before = float(claims.opens[claim]) / ONE_DAY - 1  # the day before the window
    low, high = (types.low[claim], types.high[claim]) if is_number else (before, before + types.days[claim])
    on_axis = members._replace(at=types.on_axis(members.at, np.array([claim]))) if is_number else members
    parts = np.array_split(stands, min(stands.size * members.at.size // CELLS_AT_ONCE + 1, len(stands)))
    crowds = ["crowd-median", "crowd-linear", *(["crowd-quantiles"] if is_number else [])]
    pooled: dict[str, list[Curves]] = {crowd: [] for crowd in crowds}
    for part in parts:
        found = [*median_and_mean_chances(on_axis, low=float(low), high=float(high), stands=part)]
        found += [averaged_quantiles(on_axis, low=float(low), high=float(high), stands=part)] if is_number else []
        for crowd, curves_of_part in zip(crowds, found, strict=True):
            pooled[crowd].append(curves_of_part)
    for crowd, curves_of_parts in pooled.items():
        at, chance, size = map(np.concatenate, zip(*curves_of_parts, strict=True))
        yield crowd, Curves(np.exp(at) if is_number and types.log[claim] else at, chance, size)
