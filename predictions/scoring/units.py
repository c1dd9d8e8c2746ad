"""The unit of observation: what hangs together by statement, declared cluster, superseding, or what it is given.

Thirty claims decided by one event are one observation. What counts as one in a mean must have been declared before
anybody could know what that does to the mean; what is declared later only makes a card more cautious.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.slugs import slug_of_name
from predictions.storage.imports import imports, lists_of

_DECLARED = """select (select entry from main.claim where slug = c.slug and revision = 1), c.cluster, min(c.entry),
c.recorded_by, (select date(recorded_at) from main.seal where entry >= c.entry order by entry limit 1)
from main.claim c where c.cluster is not null and c.entry < ? group by c.slug, c.cluster order by 3"""
_TITLES = "select slug, title from main.forecaster where entry < ? order by entry"
_FORECAST = """select f.slug, min(o.entry) from main.forecast o join main.forecaster f on f.entry = o.forecaster
where o.claim = ? and o.entry < ? group by f.slug"""
_STANDING = """select claim, entry from main.resolution where entry < ? and not coalesce(dissent, 0)
order by claim, number, revision"""  # of several on one claim the last
_BECAUSE = """select e.slug, b.resolution, r.claim from main.resolution_because b
join main.resolution r on r.entry = b.resolution join main.evidence e on e.entry = b.evidence
where r.entry < ? order by e.slug, r.claim"""
_AFTERWARDS = """select f.claim, count(distinct f.entry) from main.forecast f
join main.resolution r on r.claim = f.claim and not coalesce(r.dissent, 0)
left join main.source s on s.entry = f.published_in
where f.entry < ?1 and r.entry < ?1 and f.revision = 1 and (f.published_in_evidence is not null or s.kind <> 'platform')
and f.made_at < coalesce(r.known_at, r.known_on) and coalesce(r.known_at, r.known_on) <= (
    select recorded_at from main.seal where entry >= f.entry order by entry limit 1
) group by f.claim"""
SEVERAL = "several people"  # no slug
NEVER = "9999-99"  # after every day
_PUBLIC = """select claim, min(known_on) from main.resolution where entry < ? and not coalesce(dissent, 0)
group by claim"""  # of verdicts replaced since as well: whoever waits with one knew the answer; a dissent is none


@dataclass(frozen=True, eq=False)
class Units:
    """A number for what each claim hangs together with; shape (claims,) each.

    Attributes:
        fair: One observation in means and weights: clusters only as they were declared in time.
        wide: The same with every cluster ever declared: in counts, intervals and sequences.
        late: Whether a cluster of the claim was declared too late for the means.
        chain: A number for each chain of superseding, -1 outside.
    """

    fair: IndexArray
    wide: IndexArray
    late: BoolArray
    chain: IndexArray

    def with_chains(self, wanted: BoolArray) -> BoolArray:
        """Say which claims are wanted, or in a chain with one that is."""
        return wanted | ((self.chain >= 0) & np.isin(self.chain, self.chain[wanted]))


class _Declared(NamedTuple):
    """A claim put into a cluster for the first time: under which entry, by whom, on which day."""

    claim: int
    cluster: str
    entry: int
    by: str | None
    day: str


def units_of(
    connection: sqlite3.Connection, size: int, entries: IndexArray, statement: IndexArray, given: IndexArray,
    supersedes: IndexArray,
) -> Units:  # fmt: skip
    """Find what hangs together at *size* entries; *given* and *supersedes* are entries of claims, -1 for none."""
    declared = [_Declared(*row) for row in connection.execute(_DECLARED, (size,))]
    linked = np.flatnonzero(supersedes >= 0).tolist()
    place_of = {entry: place for place, entry in enumerate(entries.tolist())} if declared or linked else {}
    replaced = [(place, place_of[int(supersedes[place])]) for place in linked]
    alike = [np.flatnonzero(given == basis).tolist() for basis in np.unique(given[given >= 0]).tolist()]
    base = merge_groups(statement, [*replaced, *alike])
    fair = merge_groups(statement, _begun_by(entries, statement, replaced, alike)) if replaced or alike else base
    chain, chained = np.full(entries.size, -1), np.zeros(entries.size, np.bool_)
    if replaced:
        chained[[place for pair in replaced for place in pair]] = True
        chain = np.where(chained, merge_groups(np.arange(entries.size), replaced), -1)
    if not declared:
        return Units(fair, base, np.zeros(entries.size, np.bool_), chain)
    titles = dict(
        connection.execute(_TITLES, (size,)).fetchall()
    )  # a recorder is known by the name they forecast under
    declared = [one._replace(by=slug_of_name(one.by, titles)) for one in declared]
    joined = {one.claim: int(fair[place_of[one.claim]]) for one in declared}  # in a mean all of it would be in with one
    together: defaultdict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(np.isin(fair, list(set(joined.values())))).tolist():
        together[int(fair[place])].append(int(entries[place]))
    public = dict(connection.execute(_PUBLIC, (size,)).fetchall())
    said = _first_forecasts(connection, size, {claim for claims in together.values() for claim in claims})
    in_time = _in_time(
        declared,
        {claim: _earliest(said[one] for one in together[label]) for claim, label in joined.items()},
        {claim: min(public.get(one, NEVER) for one in together[label]) for claim, label in joined.items()},
    )
    late = np.zeros(entries.size, np.bool_)
    late[[place_of[one.claim] for one in declared if one not in in_time]] = True
    return Units(
        merge_groups(fair, _groups(in_time, place_of)), merge_groups(base, _groups(declared, place_of)), late, chain
    )


def _begun_by(
    entries: IndexArray, statement: IndexArray, replaced: Iterable[tuple[int, int]], alike: Iterable[Sequence[int]]
) -> list[tuple[int, int]]:
    """For each claim that began a statement, and hangs together with an earlier one, the two of them.

    A claim can join what there was, and joins nothing else together: else whoever records one more reading of two
    statements, once both failed, would make them one observation in means.
    """
    first: dict[int, int] = {}
    for place in np.argsort(entries).tolist():
        first.setdefault(int(statement[place]), place)
    to: dict[int, int] = {}
    for place, old in replaced:
        if first[int(statement[place])] == place and entries[old] < entries[place]:
            to[place] = old
    for group in alike:
        earliest, *others = sorted(group, key=entries.__getitem__)
        for place in others:
            if first[int(statement[place])] == place:
                to.setdefault(place, earliest)
    return list(to.items())


def merge_groups(labels: IndexArray, groups: Iterable[Sequence[int]]) -> IndexArray:
    """Give the same label to all members of each group, and to whatever had one of their labels.

    >>> merge_groups(np.array([5, 6, 7, 6]), [(0, 1)]).tolist()
    [5, 5, 7, 5]
    """
    above: dict[int, int] = {}

    def top(label: int) -> int:
        passed = []
        while label in above:
            passed.append(label)
            label = above[label]
        above.update(dict.fromkeys(passed, label))  # so that a long chain is walked once
        return label

    for group in groups:
        first, *others = sorted({top(label) for label in labels[list(group)].tolist()})
        above |= dict.fromkeys(others, first)
    moved = np.flatnonzero(np.isin(labels, list(above)))
    found = labels.copy()
    found[moved] = [top(label) for label in labels[moved].tolist()]
    return found


def _groups(declared: Iterable[_Declared], place_of: Mapping[int, int]) -> list[list[int]]:
    members: defaultdict[str, list[int]] = defaultdict(list)
    for one in declared:
        members[one.cluster].append(place_of[one.claim])
    return list(members.values())


def _in_time(
    declared: Iterable[_Declared], forecast: Mapping[int, Mapping[str, int]], public: Mapping[int, str]
) -> set[_Declared]:
    """Keep those put into a cluster before somebody else forecast, or the answer was public, on any claim in it.

    *forecast* and *public* tell of each claim what is known of all that hangs together with it.
    A claim that is put in too late is not in it, so it cannot undo what was declared before.
    """
    found: set[_Declared] = set()
    spoke: defaultdict[str, dict[str, int]] = defaultdict(dict)  # of each cluster: when each forecaster first did
    answered: dict[str, str] = {}  # and the day on which the first answer was public
    for one in declared:
        first = _earliest([spoke[one.cluster], forecast[one.claim]])
        day = min(public[one.claim], answered.get(one.cluster, NEVER))
        if one.day < day and all(entry > one.entry for who, entry in first.items() if who != one.by):
            spoke[one.cluster], answered[one.cluster] = first, day
            found.add(one)
    return found


def _earliest(said: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The first entry of each forecaster."""
    found: dict[str, int] = {}
    for firsts in said:
        for who, entry in firsts.items():
            found[who] = min(entry, found.get(who, entry))
    return found


def _first_forecasts(connection: sqlite3.Connection, size: int, claims: set[int]) -> dict[int, dict[str, int]]:
    """For each claim the entry of each forecaster's first forecast, or of the import whose blocks hold it."""
    found = {claim: dict(connection.execute(_FORECAST, (claim, size)).fetchall()) for claim in claims}
    slugs = dict(connection.execute("select entry, slug from main.forecaster where revision = 1").fetchall())
    for one in imports(connection, size):
        lists = lists_of(connection, one.entry)  # who of several spoke on a claim stands in the blocks: taken as all
        who = slugs[int(lists.forecasters[0])] if lists.forecasters.size == 1 else SEVERAL
        for claim in claims.intersection(lists.claims.tolist()):
            found[claim][who] = min(one.entry, found[claim].get(who, one.entry))
    return found


def on_one_evidence(
    connection: sqlite3.Connection, size: int, entries: IndexArray, unit: IndexArray
) -> list[tuple[str, list[int]]]:
    """Return each piece of evidence on which the verdicts of several units rest, with the places of their claims."""
    place_of = {int(entry): place for place, entry in enumerate(entries)}
    because = connection.execute(_BECAUSE, (size,)).fetchall()
    standing = dict(connection.execute(_STANDING, (size,)).fetchall()) if because else {}
    rests: defaultdict[str, list[int]] = defaultdict(list)
    for evidence, resolution, claim in because:
        if standing.get(claim) == resolution:
            rests[evidence].append(place_of[claim])
    return [(slug, places) for slug, places in rests.items() if len(set(unit[places].tolist())) > 1]


def recorded_afterwards(connection: sqlite3.Connection, size: int) -> dict[int, int]:
    """Count on each claim the forecasts that a link dates before the answer, and that were recorded after it.

    A platform dates its own; any other link is the word of whoever records it, who then knew the answer.
    """
    return dict(connection.execute(_AFTERWARDS, (size,)).fetchall())
