"""Find the clusters that were declared in time for the means: before anybody could know how they change these.

To declare a cluster is to record that a claim belongs to it. Claims that are given the same claim form a cluster too,
which each of them declares when it is recorded. A declaration comes too late after any of these:

- somebody else's forecast on a claim of the cluster;
- a forecast by the person who declares it, once a tenth of the window is gone; until then nobody knows more than at the
  beginning, and later one sees what will fail;
- the first day on which an answer is public.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from forecasts.inputs import IndexArray
from predictions.slugs import Titles, slug_of_name
from predictions.storage.imports import imports, lists_of
from predictions.storage.seals import SEALED_AT
from predictions.timestamps import day_number

_DECLARED = f"""select (select entry from main.claim where slug = c.slug and revision = 1), c.cluster, min(c.entry),
c.recorded_by, date({SEALED_AT.format("c")})
from main.claim c not indexed where c.cluster is not null and c.entry < ? group by c.slug, c.cluster order by 3"""
_GIVEN = f"""select (select entry from main.claim where slug = c.slug and revision = 1),
'given ' || c.given, min(c.entry), c.recorded_by, date({SEALED_AT.format("c")})
from main.claim c where c.given is not null and c.entry < ? group by c.slug, c.given order by 3"""
_TITLES = "select slug, title from main.forecaster where entry < ? order by entry"
_FORECAST = f"""select slug, entry, date({SEALED_AT.format("first")}) from (
    select f.slug, min(o.entry) as entry from main.forecast o join main.forecaster f on f.entry = o.forecaster
    where o.claim = ? and o.entry < ? group by f.slug
) first"""
_IMPORTED_ON = f"select date({SEALED_AT.format('i')}) from main.import i where i.entry = ?"
_PUBLIC = """select claim, min(known_on) from main.resolution where entry < ? and not coalesce(dissent, 0)
group by claim"""  # replaced verdicts count as well, because the answer was known when they were public

SEVERAL = "several people"  # takes the place of a slug if an import has several forecasters; no slug has a space
NEVER = "9999-99"  # in the place of a day: sorts after every day


class _First(NamedTuple):
    """The first forecast by one forecaster on a claim, or on several claims.

    Attributes:
        entry: The entry that holds the forecast.
        until: The last day on which the same forecaster may still declare a cluster, counted from 1970: the day of the
            forecast or that on which a tenth of the window was gone, whichever is later.
    """

    entry: int
    until: int


class Declared(NamedTuple):
    """The first record that puts a claim into a cluster.

    Attributes:
        claim: The first entry of the claim.
        cluster: The name of the cluster. Claims that are given the same claim have "given " and its entry as a name; no
            name of a cluster has a space, so the two kinds differ.
        entry: The entry that declares it.
        by: The person who recorded it, as a forecaster's slug if they have one; None if unknown.
        day: The day on which it was recorded.
    """

    claim: int
    cluster: str
    entry: int
    by: str | None
    day: str


def declared_clusters(connection: sqlite3.Connection, size: int) -> list[Declared]:
    """Return each claim that was put into a cluster among the first *size* entries, in the order of entries."""
    return _declared_by(connection, size, _DECLARED)


def declared_conditions(connection: sqlite3.Connection, size: int) -> list[Declared]:
    """Return each claim that is given another claim among the first *size* entries, in the order of entries."""
    return _declared_by(connection, size, _GIVEN)


def _declared_by(connection: sqlite3.Connection, size: int, query: str) -> list[Declared]:
    """Read declarations by a query, and name their recorders as forecasters are named."""
    declared = [Declared(*row) for row in connection.execute(query, (size,))]
    # A recorder counts as the forecaster of the same name, so that their own forecasts are not somebody else's.
    titles = Titles(dict(connection.execute(_TITLES, (size,)).fetchall())) if declared else Titles({})
    return [cluster._replace(by=slug_of_name(cluster.by, titles)) for cluster in declared]


def declared_in_time(
    connection: sqlite3.Connection, size: int, declared: Sequence[Declared], entries: IndexArray, fair: IndexArray,
    position_of: Mapping[int, int], begun_on: IndexArray,
) -> set[Declared]:  # fmt: skip
    """Return the declarations that came in time, as the head of this file says.

    Args:
        connection: An open ledger.
        size: How many entries count.
        declared: The declarations, in the order of entries.
        entries: The first entry of each claim.
        fair: The unit of each claim without these declarations. A cluster takes in all claims of a unit, so the
            forecasts and answers on all of them count.
        position_of: The position of each claim in these columns, by its first entry.
        begun_on: The day on which a tenth of the window of each claim is gone, counted from 1970.
    """
    unit_of = {new.claim: int(fair[position_of[new.claim]]) for new in declared}
    claims_of_unit: defaultdict[int, list[int]] = defaultdict(list)
    for position in np.flatnonzero(np.isin(fair, list(set(unit_of.values())))).tolist():
        claims_of_unit[int(fair[position])].append(int(entries[position]))
    public_on = dict(connection.execute(_PUBLIC, (size,)).fetchall())
    claims = {claim for claims in claims_of_unit.values() for claim in claims}
    forecasts = _first_forecasts(connection, size, {claim: int(begun_on[position_of[claim]]) for claim in claims})
    first_in_unit, public_in_unit = {}, {}
    for claim, unit in unit_of.items():
        first_in_unit[claim] = _earliest(forecasts[other] for other in claims_of_unit[unit])
        public_in_unit[claim] = min(public_on.get(other, NEVER) for other in claims_of_unit[unit])
    return _in_time(declared, first_in_unit, public_in_unit)


def _in_time(
    declared: Iterable[Declared], first_in_unit: Mapping[int, Mapping[str, _First]], public_in_unit: Mapping[int, str]
) -> set[Declared]:
    """Return the declarations that came before any forecast or public answer on the cluster that ends the time.

    A claim that is put in too late is not in the cluster, so it cannot make earlier declarations late.

    Args:
        declared: The declarations, in the order of entries.
        first_in_unit: The first forecast of each forecaster on any claim of the unit of each declared claim.
        public_in_unit: The first day on which an answer to any claim of that unit was public.
    """
    kept: set[Declared] = set()
    first_in_cluster: defaultdict[str, dict[str, _First]] = defaultdict(dict)
    public_in_cluster: dict[str, str] = {}
    for new in declared:
        first = _earliest([first_in_cluster[new.cluster], first_in_unit[new.claim]])
        public_on = min(public_in_unit[new.claim], public_in_cluster.get(new.cluster, NEVER))
        day = day_number(date.fromisoformat(new.day))
        is_before_forecasts = all(
            day <= forecast.until if forecaster == new.by else new.entry < forecast.entry
            for forecaster, forecast in first.items()
        )
        if new.day < public_on and is_before_forecasts:
            first_in_cluster[new.cluster], public_in_cluster[new.cluster] = first, public_on
            kept.add(new)
    return kept


def _earliest(forecasts: Iterable[Mapping[str, _First]]) -> dict[str, _First]:
    """Merge the first forecasts of each forecaster on several claims, keeping the earliest entry and day."""
    first: dict[str, _First] = {}
    for by_forecaster in forecasts:
        for forecaster, forecast in by_forecaster.items():
            earlier = first.get(forecaster, forecast)
            first[forecaster] = _First(min(forecast.entry, earlier.entry), min(forecast.until, earlier.until))
    return first


def _first_forecasts(
    connection: sqlite3.Connection, size: int, begun_on: Mapping[int, int]
) -> dict[int, dict[str, _First]]:
    """Return for each claim the first forecast of each forecaster, or the import that may hold it.

    *begun_on* is the day on which a tenth of the window of each claim is gone, counted from 1970.
    """

    def first_of(claim: int, entry: int, day: str) -> _First:
        return _First(entry, max(day_number(date.fromisoformat(day)), begun_on[claim]))

    first = {
        claim: {slug: first_of(claim, entry, day) for slug, entry, day in connection.execute(_FORECAST, (claim, size))}
        for claim in begun_on
    }
    slugs = dict(connection.execute("select entry, slug from main.forecaster where revision = 1").fetchall())
    for batch in imports(connection, size):
        # Only the blocks tell which of several forecasters forecast on a claim. They are not decoded for this, so an
        # import by several forecasters counts as somebody else's forecast.
        lists = lists_of(connection, batch.entry)
        forecaster = slugs[int(lists.forecasters[0])] if lists.forecasters.size == 1 else SEVERAL
        imported_claims = begun_on.keys() & lists.claims.tolist()
        day = connection.execute(_IMPORTED_ON, (batch.entry,)).fetchone()[0] if imported_claims else ""
        for claim in imported_claims:
            first[claim] = _earliest([first[claim], {forecaster: first_of(claim, batch.entry, day)}])
    return first
