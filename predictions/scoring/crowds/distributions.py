"""Compute the crowds' forecasts on choices, numbers and dates: the combined standing distributions of their members.

Of each kind, some claims are worked on together, as tables of claims x moments x members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import ceil
from typing import Protocol, TypeAlias

import numpy as np

from forecasts.curves import Curves, in_own_list
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Rows
from forecasts.pools import Crowds, crowd_chances, crowd_quantiles, mean_shares, median_shares
from predictions.scoring.columns.claim_types import DATE, NUMBER, OF_OPTIONS, YES_OR_NO
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.columns.forecast_rows import joined_rows, no_rows
from predictions.scoring.columns.standing_tables import spans
from predictions.scoring.crowds.numbers import DECIMALS_KEPT, FEWEST, METHODS, StandingNumbers, standing_numbers
from predictions.storage.lines import Lines

CELLS_AT_ONCE = 1 << 20  # moments x members x points that are worked on together
# Some claims; for each the span of the moments at which its crowds change, and the span of its members' numbers.
Together: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]
_CROWDS = list(METHODS)
_OF_SHARES: Mapping[str, Callable[..., FloatArray]] = {"crowd-median": median_shares, "crowd-linear": mean_shares}


class Batches(Protocol):
    """What the distributions of members are read from, and those of crowds added to; see :class:`Distributions`."""

    def at_places(self, kind: int, places: FloatArray) -> Lines:
        """Return the distributions at some places, all on claims of one kind."""
        ...

    def add(self, kind: int, lines: Lines) -> int:
        """Add distributions on claims of one kind; return the place of the first."""
        ...


def type_crowd_rows(
    rows: Rows, members: BoolArray, claims: ClaimColumns, distributions: Batches, *, fewest: int = FEWEST
) -> Rows:
    """Return the crowds' forecasts on claims that are not yes or no, sorted; crowds are numbered after the forecasters.

    Args:
        rows: All forecasts, sorted.
        members: For each forecaster whether they can be a member.
        claims: The claims.
        distributions: The distributions of members, to which those of crowds are added.
        fewest: With fewer members a crowd has no forecast.
    """
    counts = members[rows.forecaster] & (rows.mark == 0)
    kinds = claims.types.kind[rows.claim]
    crowds = no_rows()
    for kind in np.unique(kinds[kinds != YES_OR_NO]).tolist():
        counted = rows.part(np.flatnonzero(counts & (kinds == kind)))
        if counted.claim.size:
            crowds = joined_rows(crowds, *_rows_of_kind(kind, counted, members.size, claims, distributions, fewest))
    return crowds.part(np.lexsort((crowds.time, crowds.forecaster, crowds.claim)))


def _rows_of_kind(
    kind: int, rows: Rows, forecasters: int, claims: ClaimColumns, distributions: Batches, fewest: int
) -> Iterator[Rows]:
    """Yield each crowd's forecasts on some claims of one kind at a time; *rows* are the members' forecasts on these."""
    standing = standing_numbers(rows)
    enough, changes = standing.spoken(standing.total(np.ones(standing.first.size, np.int64)), fewest)
    lines = distributions.at_places(kind, standing.probability)
    for claim, at, numbers in _together(standing, changes, lines, by_option=kind in OF_OPTIONS):
        own, moment = spans(*numbers.T), changes[spans(*at.T)]
        has_forecast = enough[moment]  # at the other moments the crowd withdraws
        crowds = Crowds(
            Curves(*lines.part(own)), numbers[:, 1] - numbers[:, 0],
            _who_stands(standing, changes, enough, at, numbers), *_axes(kind, claim, claims),
        )  # fmt: skip
        for crowd, pooled in _pooled(kind, claim, crowds, claims):
            places = np.full(moment.size, np.nan)
            places[has_forecast] = distributions.add(kind, Lines(*pooled)) + np.arange(np.count_nonzero(has_forecast))
            number = np.full(moment.size, forecasters + _CROWDS.index(crowd), np.int32)
            yield Rows(standing.claim[moment], number, standing.time[moment], places, np.zeros(moment.size, np.uint8))


def _together(standing: StandingNumbers, changes: IndexArray, lines: Lines, *, by_option: bool) -> Iterator[Together]:
    """Yield groups of claims of about the same size; a claim that is too large comes in several parts of its moments.

    The size of a table also depends on its points: curves are combined at the points of all members, shares option by
    option.
    """
    edges = np.append(np.flatnonzero(np.diff(standing.claim, prepend=-1)), standing.claim.size)
    at, numbers = np.searchsorted(changes, edges), np.searchsorted(standing.first, edges)
    points = np.append(0, np.cumsum(lines.size))[numbers]
    sizes = np.diff(np.stack([at, numbers, points]), axis=1)
    if by_option:
        sizes[2] //= np.maximum(sizes[1], 1)
    has_crowd = np.flatnonzero(sizes[0])
    for group in _groups_with_room(has_crowd[np.argsort(sizes[2][has_crowd], kind="stable")], sizes):
        # Only a group of one claim can be too large.
        parts = ceil(int(np.prod(sizes[:, group].max(axis=1))) / CELLS_AT_ONCE) if group.size == 1 else 1
        for part in range(parts):
            begin = at[group] + sizes[0][group] * part // parts
            end = at[group] + sizes[0][group] * (part + 1) // parts
            if (end > begin).all():
                span_of_moments = np.stack([begin, end], axis=1)
                span_of_numbers = np.stack([numbers[group], numbers[group + 1]], axis=1)
                yield standing.claim[edges[group]], span_of_moments, span_of_numbers


def _groups_with_room(claims: IndexArray, sizes: IndexArray) -> Iterator[IndexArray]:
    """Cut claims, sorted by their points, into groups whose table has at most CELLS_AT_ONCE cells.

    *sizes* are the numbers of moments, members and points of each claim; a table is as large as the largest of each.
    """
    begin, most = 0, np.ones(3, np.intp)
    for end, claim in enumerate(claims.tolist()):
        larger = np.maximum(most, sizes[:, claim])
        if end > begin and (end - begin + 1) * int(np.prod(larger)) > CELLS_AT_ONCE:
            yield claims[begin:end]
            begin, larger = end, sizes[:, claim]
        most = larger
    if claims.size:
        yield claims[begin:]


def _who_stands(
    standing: StandingNumbers, changes: IndexArray, enough: BoolArray, at: IndexArray, numbers: IndexArray
) -> BoolArray:
    """Return which members stand at the moments at which enough do: shape (claims, moments, members)."""
    moments = [changes[begin:end][enough[changes[begin:end]]] for begin, end in at.tolist()]
    count, size = np.array([own.size for own in moments]), numbers[:, 1] - numbers[:, 0]
    # Claims have different numbers of moments and members; cells beyond these are filled so that nobody stands there.
    moment = np.full((count.size, count.max(), 1), -1)
    moment[np.repeat(np.arange(count.size), count), in_own_list(count), 0] = np.concatenate(moments)
    first, beyond = np.full((2, size.size, size.max()), np.iinfo(np.intp).max)
    of_member, own = (np.repeat(np.arange(size.size), size), in_own_list(size)), spans(*numbers.T)
    first[of_member], beyond[of_member] = standing.first[own], standing.beyond[own]
    return np.asarray((first[:, np.newaxis] <= moment) & (moment < beyond[:, np.newaxis]))


def _axes(kind: int, claim: IndexArray, claims: ClaimColumns) -> tuple[FloatArray, FloatArray]:
    """Return the ends of each claim's axis; for a date these are the day before the window, and its last day."""
    if kind == NUMBER:
        return claims.types.low[claim], claims.types.high[claim]
    day_before = claims.opens[claim] / ONE_DAY - 1
    return day_before, day_before + claims.types.days[claim]


def _pooled(kind: int, claim: IndexArray, crowds: Crowds, claims: ClaimColumns) -> Iterator[tuple[str, Curves]]:
    """Yield each crowd's name with its distributions, one for each moment; only numbers have mean quantiles."""
    if kind in OF_OPTIONS:
        yield from _pooled_shares(crowds)
    elif kind == DATE:
        yield from zip(("crowd-median", "crowd-linear"), crowd_chances(crowds, whole=True), strict=True)
    else:
        types, of_point = claims.types, np.repeat(claim[crowds.of_member], crowds.members.size)
        on_axis = crowds._replace(members=crowds.members._replace(at=types.on_axis(crowds.members.at, of_point)))
        moments = np.count_nonzero(crowds.stands.any(axis=2), axis=1)
        pooled = dict(zip(("crowd-median", "crowd-linear"), crowd_chances(on_axis), strict=True))
        pooled["crowd-quantiles"] = crowd_quantiles(on_axis)
        for crowd, curves in pooled.items():  # numbers are combined on the axis, and then written back as values
            log = np.repeat(np.repeat(types.log[claim], moments), curves.size)
            yield crowd, curves._replace(at=np.where(log, np.exp(np.where(log, curves.at, 0.0)), curves.at))


def _pooled_shares(crowds: Crowds) -> Iterator[tuple[str, Curves]]:
    """Yield each crowd's name with its shares; the claims may have different numbers of options."""
    options = crowds.members.size[np.cumsum(crowds.size) - crowds.size]  # by the first member of each claim
    laid_out = np.zeros((crowds.members.size.size, options.max()))
    laid_out[crowds.members.owner, in_own_list(crowds.members.size)] = crowds.members.chance
    exists = crowds.stands.any(axis=2)
    size = np.repeat(options, np.count_nonzero(exists, axis=1))
    for crowd, pool in _OF_SHARES.items():
        chance = pool(crowds.table(laid_out), crowds.stands).round(DECIMALS_KEPT)[exists]
        shares = chance[np.arange(chance.shape[1]) < size[:, np.newaxis]]
        yield crowd, Curves(np.zeros(shares.size), shares, size)
