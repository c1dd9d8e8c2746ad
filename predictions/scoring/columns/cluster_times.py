"""Which clusters were declared in time for the means: before anybody could know what they do to these.

Claims that are given the same claim are a cluster too, declared when each of them was recorded. Somebody else's
forecast ends that time at once, one's own when a tenth of the window is gone: until then nobody knows more than at the
beginning, and later it is seen what will fail. So does the first day on which an answer is public.
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
group by claim"""  # verdicts replaced since count as well: a person who waits with a verdict knew the answer

SEVERAL = "several people"  # stands for a forecaster where only an import is known; no slug has a space
NEVER = "9999-99"  # sorts after every day


class _First(NamedTuple):
    """The first forecast of somebody on some claims.

    Attributes:
        entry: The entry that holds it.
        until: The day, counted from 1970, until which the forecaster may put the claims into a cluster: that of the
            forecast, or the one on which a tenth of the window was gone.
    """

    entry: int
    until: int


class Declared(NamedTuple):
    """A claim put into a cluster for the first time.

    Attributes:
        claim: The entry of the claim.
        cluster: The name of the cluster; of claims given the same claim "given" and its entry; the space keeps it apart
            from every name of a cluster.
        entry: The entry that declares it.
        by: Who recorded that, if known.
        day: The day on which it was recorded.
    """

    claim: int
    cluster: str
    entry: int
    by: str | None
    day: str


def declared_clusters(connection: sqlite3.Connection, size: int) -> list[Declared]:
    """Return which claims were put into a cluster, among the first *size* entries and in their order."""
    return _declared_by(connection, size, _DECLARED)


def declared_conditions(connection: sqlite3.Connection, size: int) -> list[Declared]:
    """Return which claims are given which claim, each pair as a cluster, in the order in which they were recorded."""
    return _declared_by(connection, size, _GIVEN)


def _declared_by(connection: sqlite3.Connection, size: int, query: str) -> list[Declared]:
    declared = [Declared(*row) for row in connection.execute(query, (size,))]
    # A recorder counts as the forecaster of the same name: their own forecasts are nobody else's.
    titles = Titles(dict(connection.execute(_TITLES, (size,)).fetchall())) if declared else Titles({})
    return [cluster._replace(by=slug_of_name(cluster.by, titles)) for cluster in declared]


def declared_in_time(
    connection: sqlite3.Connection, size: int, declared: Sequence[Declared], entries: IndexArray, fair: IndexArray,
    position_of: Mapping[int, int], begun_on: IndexArray,
) -> set[Declared]:  # fmt: skip
    """Return what was declared before anybody forecast who ends the time for it, and before an answer was public.

    A cluster takes in all claims of a unit, so the forecasts and answers of all of these count. *begun_on* is the
    day, counted from 1970, on which a tenth of the window of each claim is gone.
    """
    unit_of = {cluster.claim: int(fair[position_of[cluster.claim]]) for cluster in declared}
    claims_of_unit: defaultdict[int, list[int]] = defaultdict(list)
    for position in np.flatnonzero(np.isin(fair, list(set(unit_of.values())))).tolist():
        claims_of_unit[int(fair[position])].append(int(entries[position]))
    public_on = dict(connection.execute(_PUBLIC, (size,)).fetchall())
    claims = {claim for claims in claims_of_unit.values() for claim in claims}
    forecast = _first_forecasts(connection, size, {claim: int(begun_on[position_of[claim]]) for claim in claims})
    return _in_time(
        declared,
        {claim: _earliest(forecast[other] for other in claims_of_unit[unit]) for claim, unit in unit_of.items()},
        {claim: min(public_on.get(other, NEVER) for other in claims_of_unit[unit]) for claim, unit in unit_of.items()},
    )


def _in_time(
    declared: Iterable[Declared], forecast: Mapping[int, Mapping[str, _First]], public: Mapping[int, str]
) -> set[Declared]:
    """Keep those put into a cluster before a forecast ended the time, or the answer was public, on any claim in it.

    A claim that is put in too late is not in it, so it cannot undo what was declared before.

    Args:
        declared: In the order of their entries.
        forecast: For each claim, over all of its unit, the first forecast of each forecaster.
        public: For each claim, over all of its unit, the first day on which an answer was public.
    """
    kept: set[Declared] = set()
    first_in_cluster: defaultdict[str, dict[str, _First]] = defaultdict(dict)
    public_in_cluster: dict[str, str] = {}
    for new in declared:
        first = _earliest([first_in_cluster[new.cluster], forecast[new.claim]])
        public_on = min(public[new.claim], public_in_cluster.get(new.cluster, NEVER))
        day = day_number(date.fromisoformat(new.day))
        open_still = all(
            day <= said.until if forecaster == new.by else said.entry > new.entry for forecaster, said in first.items()
        )
        if new.day < public_on and open_still:
            first_in_cluster[new.cluster], public_in_cluster[new.cluster] = first, public_on
            kept.add(new)
    return kept


def _earliest(forecasts: Iterable[Mapping[str, _First]]) -> dict[str, _First]:
    """Merge maps from forecaster to first forecast, keeping what ends the time first."""
    first: dict[str, _First] = {}
    for by_forecaster in forecasts:
        for forecaster, said in by_forecaster.items():
            before = first.get(forecaster, said)
            first[forecaster] = _First(min(said.entry, before.entry), min(said.until, before.until))
    return first


def _first_forecasts(
    connection: sqlite3.Connection, size: int, begun_on: Mapping[int, int]
) -> dict[int, dict[str, _First]]:
    """Return for each claim each forecaster's first forecast, or the import that holds it.

    *begun_on* is the day on which a tenth of the window of each claim is gone.
    """

    def first_of(claim: int, entry: int, day: str) -> _First:
        return _First(entry, max(day_number(date.fromisoformat(day)), begun_on[claim]))

    first = {
        claim: {slug: first_of(claim, *said) for slug, *said in connection.execute(_FORECAST, (claim, size))}
        for claim in begun_on
    }
    slugs = dict(connection.execute("select entry, slug from main.forecaster where revision = 1").fetchall())
    for batch in imports(connection, size):
        # Which of several forecasters spoke on a claim stands in the blocks; they are not decoded for this, so an
        # import counts as somebody else's.
        lists = lists_of(connection, batch.entry)
        forecaster = slugs[int(lists.forecasters[0])] if lists.forecasters.size == 1 else SEVERAL
        on_it = begun_on.keys() & lists.claims.tolist()
        day = connection.execute(_IMPORTED_ON, (batch.entry,)).fetchone()[0] if on_it else ""
        for claim in on_it:
            first[claim] = _earliest([first[claim], {forecaster: first_of(claim, batch.entry, day)}])
    return first
