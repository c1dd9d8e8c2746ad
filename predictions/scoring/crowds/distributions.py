"""Compute what crowds say of choices, numbers and dates: the combined standing distributions of their members."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
Together: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]
_CROWDS = list(METHODS)
_OF_SHARES: Mapping[str, Callable[..., FloatArray]] = {"crowd-median": median_shares, "crowd-linear": mean_shares}


class Batches(Protocol):
    """Where distributions are read from, and those of crowds are added: as :class:`Distributions` does both."""

    def said(self, kind: int, places: FloatArray) -> Lines:
        """Return the lines of some distributions on claims of one kind."""
        ...

    def add(self, kind: int, said: Lines) -> int:
        """Add distributions for claims of some kind; return the place of the first."""
        ...


def type_crowd_rows(
    rows: Rows, members: BoolArray, claims: ClaimColumns, said: Batches, *, fewest: int = FEWEST
) -> Rows:
    """Return what the crowds say on claims that are not yes or no, in order, numbered after the forecasters.

    Args:
        rows: All forecasts, in order.
        members: For each forecaster whether they can be a member.
        claims: The claims.
        said: The distributions, to which those of crowds are added.
        fewest: Members, below which a crowd says nothing.
    """
    counts = members[rows.forecaster] & (rows.mark == 0)
    kinds = claims.types.kind[rows.claim]
    found = no_rows()
    for kind in np.unique(kinds[kinds != YES_OR_NO]).tolist():
        counted = rows.part(np.flatnonzero(counts & (kinds == kind)))
        if counted.claim.size:
            found = joined_rows(found, *_rows_of_kind(kind, counted, members.size, claims, said, fewest))
    return found.part(np.lexsort((found.time, found.forecaster, found.claim)))


def _rows_of_kind(
    kind: int, rows: Rows, people: int, claims: ClaimColumns, said: Batches, fewest: int
) -> Iterator[Rows]:
    """Yield what each crowd says on some claims of one kind at a time; *rows* are what its members say there."""
    standing = standing_numbers(rows)
    enough, spoken = standing.spoken(standing.total(np.ones(standing.first.size, np.int64)), fewest)
    lines = said.said(kind, standing.probability)
    for claim, at, numbers in _together(standing, spoken, lines, by_option=kind in OF_OPTIONS):
        own, moments = spans(*numbers.T), spans(*at.T)
        talks = spoken[moments]
        heard = enough[talks]
        crowds = Crowds(
            Curves(*lines.part(own)), numbers[:, 1] - numbers[:, 0], _who_stands(standing, spoken, enough, at, numbers),
            *_axes(kind, claim, claims),
        )  # fmt: skip
        for crowd, pooled in _pooled(kind, claim, crowds, claims):
            places = np.full(talks.size, np.nan)
            places[heard] = said.add(kind, Lines(*pooled)) + np.arange(np.count_nonzero(heard))
            number = np.full(talks.size, people + _CROWDS.index(crowd), np.int32)
            yield Rows(standing.claim[talks], number, standing.time[talks], places, np.zeros(talks.size, np.uint8))


def _together(standing: StandingNumbers, spoken: IndexArray, lines: Lines, *, by_option: bool) -> Iterator[Together]:
    """Yield claims of about the same size together, and the moments of a large one in several parts.

    Curves are combined at the points of all members, shares option by option.

    Each comes with the spans of the moments at which its crowds speak, and of what its members say.
    """
    edges = np.append(np.flatnonzero(np.diff(standing.claim, prepend=-1)), standing.claim.size)
    at, numbers = np.searchsorted(spoken, edges), np.searchsorted(standing.first, edges)
    points = np.append(0, np.cumsum(lines.size))[numbers]
    sizes = np.diff(np.stack([at, numbers, points]), axis=1)
    if by_option:
        sizes[2] //= np.maximum(sizes[1], 1)
    works = np.flatnonzero(sizes[0])
    for some in _groups_with_room(works[np.argsort(sizes[2][works], kind="stable")], sizes):
        parts = -(-int(np.prod(sizes[:, some].max(axis=1))) // CELLS_AT_ONCE) if some.size == 1 else 1
        for part in range(parts):
            begin = at[some] + sizes[0][some] * part // parts
            end = at[some] + sizes[0][some] * (part + 1) // parts
            if (end > begin).all():
                of_each = np.stack([begin, end], axis=1), np.stack([numbers[some], numbers[some + 1]], axis=1)
                yield standing.claim[edges[some]], *of_each


def _groups_with_room(claims: IndexArray, sizes: IndexArray) -> Iterator[IndexArray]:
    """Cut claims, which come by their points, into groups for which a table of all cells has room."""
    begin, most = 0, np.ones(3, np.intp)
    for place, claim in enumerate(claims.tolist()):
        larger = np.maximum(most, sizes[:, claim])
        if place > begin and (place - begin + 1) * int(np.prod(larger)) > CELLS_AT_ONCE:
            yield claims[begin:place]
            begin, larger = place, sizes[:, claim]
        most = larger
    if claims.size:
        yield claims[begin:]


def _who_stands(
    standing: StandingNumbers, spoken: IndexArray, enough: BoolArray, at: IndexArray, numbers: IndexArray
) -> BoolArray:
    """Return who stands at the moments at which enough do: shape (claims, moments, members)."""
    moments = [spoken[begin:end][enough[spoken[begin:end]]] for begin, end in at.tolist()]
    count, size = np.array([some.size for some in moments]), numbers[:, 1] - numbers[:, 0]
    talks = np.full((count.size, count.max()), -1)
    talks[np.repeat(np.arange(count.size), count), in_own_list(count)] = np.concatenate(moments)
    first, beyond = np.full((2, size.size, size.max()), np.iinfo(np.intp).max)
    of_member, own = (np.repeat(np.arange(size.size), size), in_own_list(size)), spans(*numbers.T)
    first[of_member], beyond[of_member] = standing.first[own], standing.beyond[own]
    moment = talks[:, :, np.newaxis]
    return np.asarray((first[:, np.newaxis] <= moment) & (moment < beyond[:, np.newaxis]))


def _axes(kind: int, claim: IndexArray, claims: ClaimColumns) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the axis of each claim: of a date the day before the window, and its last day."""
    if kind == NUMBER:
        return claims.types.low[claim], claims.types.high[claim]
    day_before = claims.opens[claim] / ONE_DAY - 1
    return day_before, day_before + claims.types.days[claim]


def _pooled(kind: int, claim: IndexArray, crowds: Crowds, claims: ClaimColumns) -> Iterator[tuple[str, Curves]]:
    """Yield what each crowd makes of those that stand at each moment; quantiles are averaged of numbers only."""
    if kind in OF_OPTIONS:
        yield from _pooled_shares(crowds)
    elif kind == DATE:
        yield from zip(("crowd-median", "crowd-linear"), crowd_chances(crowds, whole=True), strict=True)
    else:
        types, of_point = claims.types, np.repeat(claim[crowds.of_member], crowds.members.size)
        on_axis = crowds._replace(members=crowds.members._replace(at=types.on_axis(crowds.members.at, of_point)))
        moments = np.count_nonzero(crowds.stands.any(axis=2), axis=1)
        found = dict(zip(("crowd-median", "crowd-linear"), crowd_chances(on_axis), strict=True))
        for crowd, curves in (found | {"crowd-quantiles": crowd_quantiles(on_axis)}).items():
            log = np.repeat(np.repeat(types.log[claim], moments), curves.size)
            yield crowd, curves._replace(at=np.where(log, np.exp(np.where(log, curves.at, 0.0)), curves.at))


def _pooled_shares(crowds: Crowds) -> Iterator[tuple[str, Curves]]:
    """Yield the shares of each crowd; the claims of a table may have different numbers of options."""
    options = crowds.members.size[np.cumsum(crowds.size) - crowds.size]
    laid_out = np.zeros((crowds.members.size.size, options.max()))
    laid_out[crowds.members.owner, in_own_list(crowds.members.size)] = crowds.members.chance
    real = crowds.stands.any(axis=2)
    size = np.repeat(options, np.count_nonzero(real, axis=1))
    for crowd, pool in _OF_SHARES.items():
        chance = pool(crowds.table(laid_out), crowds.stands).round(DECIMALS_KEPT)[real]
        said = chance[np.arange(chance.shape[1]) < size[:, np.newaxis]]
        yield crowd, Curves(np.zeros(said.size), said, size)
