"""Find the units of observation: claims that hang together by statement, cluster, superseding or a given claim.

Thirty claims decided by one event are one observation, not thirty. In means a cluster counts only if it was declared
before anybody could know what it does to the mean. A cluster declared later only makes a card more cautious: it counts
in n, in intervals and in sequences.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.slugs import Titles, slug_of_name
from predictions.storage.imports import imports, lists_of
from predictions.storage.seals import SEALED_AT
from predictions.timestamps import day_number

_DECLARED = f"""select (select entry from main.claim where slug = c.slug and revision = 1), c.cluster, min(c.entry),
c.recorded_by, date({SEALED_AT.format("c")})
from main.claim c not indexed where c.cluster is not null and c.entry < ? group by c.slug, c.cluster order by 3"""
_TITLES = "select slug, title from main.forecaster where entry < ? order by entry"
_FORECAST = """select f.slug, min(o.entry) from main.forecast o join main.forecaster f on f.entry = o.forecaster
where o.claim = ? and o.entry < ? group by f.slug"""
_CURRENT = """select claim, entry from main.resolution
where entry < ? and known_on <= ? and not coalesce(dissent, 0)
order by claim, number, revision"""  # as a dict: the last one of each claim remains
_BECAUSE = """select e.slug, b.resolution, r.claim from main.resolution_because b
join main.resolution r on r.entry = b.resolution join main.evidence e on e.entry = b.evidence
where r.entry < ? order by e.slug, r.claim"""
_PUBLIC = """select claim, min(known_on) from main.resolution where entry < ? and not coalesce(dissent, 0)
group by claim"""  # verdicts replaced since count as well: a person who waits with a verdict knew the answer

SEVERAL = "several people"  # stands for a forecaster where only an import is known; no slug has a space
NEVER = "9999-99"  # sorts after every day


@dataclass(frozen=True, eq=False)
class Units:
    """For each claim the number of its unit, in several senses: shape (claims,) each.

    Attributes:
        fair: The unit in means and weights; a cluster counts only if it was declared in time.
        wide: The unit in counts, intervals and sequences; every cluster ever declared counts.
        late: True if a cluster of the claim with others was declared too late for the means.
        chain: The chain of superseding claims it belongs to; -1 for none.
        clustered_on: The day, counted from 1970, on which a cluster was declared in time though its recorder
            had forecast the claim; -inf where none was.
    """

    fair: IndexArray
    wide: IndexArray
    late: BoolArray
    chain: IndexArray
    clustered_on: FloatArray

    def with_chains(self, wanted: BoolArray) -> BoolArray:
        """Return the claims that are wanted, or share a chain with one that is."""
        return wanted | ((self.chain >= 0) & np.isin(self.chain, self.chain[wanted]))


class _Declared(NamedTuple):
    """A claim put into a cluster for the first time.

    Attributes:
        claim: The entry of the claim.
        cluster: The name of the cluster.
        entry: The entry that declares it.
        by: Who recorded that, if known.
        day: The day on which it was recorded.
    """

    claim: int
    cluster: str
    entry: int
    by: str | None
    day: str


def units_of(
    connection: sqlite3.Connection, size: int, entries: IndexArray, statement: IndexArray, given: IndexArray,
    supersedes: IndexArray,
) -> Units:  # fmt: skip
    """Find which claims are one observation together.

    Claims hang together if they read one statement, are given the same claim, supersede each other, or were declared
    to be one cluster. A cluster may be declared when the answers are known already, to hide a failure among
    successes; so there are two groupings. In `fair`, which means and weights use, only what was linked in time joins
    claims; in `wide`, which counts, intervals and "too few" use, whatever was ever declared joins them: it can only
    make a card more cautious. `late` marks claims that were put together with others too late; `chain` numbers the
    claims that supersede each other (-1 for all others), of which a forecaster is scored on one.

    Args:
        connection: The ledger.
        size: How many of its entries are read.
        entries: The entry of each claim.
        statement: The entry of its statement.
        given: The entry of the claim it is given; -1 for none.
        supersedes: The entry of the claim it supersedes; -1 for none.
    """
    declared = [_Declared(*row) for row in connection.execute(_DECLARED, (size,))]
    linked = np.flatnonzero(supersedes >= 0).tolist()
    # Few ledgers need it, and for a million claims it takes a second.
    position_of = {entry: position for position, entry in enumerate(entries.tolist())} if declared or linked else {}
    replaced = [(position, position_of[int(supersedes[position])]) for position in linked]
    same_given = [np.flatnonzero(given == basis).tolist() for basis in np.unique(given[given >= 0]).tolist()]

    base = merge_groups(statement, [*replaced, *same_given])
    fair, chain = base, np.full(entries.size, -1)
    if replaced or same_given:
        fair = merge_groups(statement, _links_of_new_statements(entries, statement, replaced, same_given))
    if replaced:
        chained = [position for pair in replaced for position in pair]
        chain[chained] = merge_groups(np.arange(entries.size), replaced)[chained]
    clustered_on = np.full(entries.size, -np.inf)
    if not declared:
        return Units(fair, base, np.zeros(entries.size, np.bool_), chain, clustered_on)

    # A recorder counts as the forecaster of the same name: their own forecasts do not come "before" their cluster.
    titles = Titles(dict(connection.execute(_TITLES, (size,)).fetchall()))
    declared = [cluster._replace(by=slug_of_name(cluster.by, titles)) for cluster in declared]
    in_time, forecast = _declared_in_time(connection, size, declared, entries, fair, position_of)
    late = np.zeros(entries.size, np.bool_)
    together = Counter(cluster.cluster for cluster in declared)
    too_late = [new for new in declared if new not in in_time and together[new.cluster] > 1]
    late[[position_of[declaration.claim] for declaration in too_late]] = True
    wide = merge_groups(base, _members(declared, position_of))
    for new in in_time:
        if together[new.cluster] > 1 and any(entry < new.entry for entry in forecast[new.claim].values()):
            clustered_on[position_of[new.claim]] = day_number(date.fromisoformat(new.day))
    return Units(merge_groups(fair, _members(in_time, position_of)), wide, late, chain, clustered_on)


def _declared_in_time(
    connection: sqlite3.Connection, size: int, declared: Sequence[_Declared], entries: IndexArray, fair: IndexArray,
    position_of: Mapping[int, int],
) -> tuple[set[_Declared], Mapping[int, Mapping[str, int]]]:  # fmt: skip
    """Return what was declared before anybody else forecast, and before an answer was public; and who forecast when.

    A cluster takes in all claims of a unit, so the forecasts and answers of all of these count.
    """
    unit_of = {cluster.claim: int(fair[position_of[cluster.claim]]) for cluster in declared}
    claims_of_unit: defaultdict[int, list[int]] = defaultdict(list)
    for position in np.flatnonzero(np.isin(fair, list(set(unit_of.values())))).tolist():
        claims_of_unit[int(fair[position])].append(int(entries[position]))
    public_on = dict(connection.execute(_PUBLIC, (size,)).fetchall())
    forecast = _first_forecasts(connection, size, {claim for claims in claims_of_unit.values() for claim in claims})
    in_time = _in_time(
        declared,
        {claim: _earliest(forecast[other] for other in claims_of_unit[unit]) for claim, unit in unit_of.items()},
        {claim: min(public_on.get(other, NEVER) for other in claims_of_unit[unit]) for claim, unit in unit_of.items()},
    )
    return in_time, forecast


def _links_of_new_statements(
    entries: IndexArray, statement: IndexArray, replaced: Iterable[tuple[int, int]],
    same_given: Iterable[Sequence[int]],
) -> list[tuple[int, int]]:  # fmt: skip
    """Pair each claim that began its statement with an earlier claim it hangs together with, if there is one.

    Only such claims join units in means. A later reading may hang together with another statement too, but must not
    join the two: else somebody could, once two statements have failed, record one more reading of both and so make
    them a single observation.
    """
    first_of_statement: dict[int, int] = {}
    for position in np.argsort(entries).tolist():
        first_of_statement.setdefault(int(statement[position]), position)
    earlier: dict[int, int] = {}
    for position, old in replaced:
        if first_of_statement[int(statement[position])] == position and entries[old] < entries[position]:
            earlier[position] = old
    for group in same_given:
        oldest, *others = sorted(group, key=entries.__getitem__)
        for position in others:
            if first_of_statement[int(statement[position])] == position:
                earlier.setdefault(position, oldest)
    return list(earlier.items())


def merge_groups(labels: IndexArray, groups: Iterable[Sequence[int]]) -> IndexArray:
    """Give one label to all members of each group, given by position, and to all that shared a label with them.

    >>> merge_groups(np.array([5, 6, 7, 6]), [(0, 1)]).tolist()
    [5, 5, 7, 5]
    """
    # Union-find: each label points to the label that replaces it.
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
    merged = labels.copy()
    merged[moved] = [top(label) for label in labels[moved].tolist()]
    return merged


def _members(declared: Iterable[_Declared], position_of: Mapping[int, int]) -> list[list[int]]:
    """Return the positions of the claims of each cluster."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for cluster in declared:
        members[cluster.cluster].append(position_of[cluster.claim])
    return list(members.values())


def _in_time(
    declared: Iterable[_Declared], forecast: Mapping[int, Mapping[str, int]], public: Mapping[int, str]
) -> set[_Declared]:
    """Keep those put into a cluster before somebody else forecast, or the answer was public, on any claim in it.

    A claim that is put in too late is not in it, so it cannot undo what was declared before.

    Args:
        declared: In the order of their entries.
        forecast: For each claim, over all of its unit, the first entry of each forecaster.
        public: For each claim, over all of its unit, the first day on which an answer was public.
    """
    kept: set[_Declared] = set()
    first_in_cluster: defaultdict[str, dict[str, int]] = defaultdict(dict)
    public_in_cluster: dict[str, str] = {}
    for new in declared:
        first = _earliest([first_in_cluster[new.cluster], forecast[new.claim]])
        public_on = min(public[new.claim], public_in_cluster.get(new.cluster, NEVER))
        others_later = all(entry > new.entry for forecaster, entry in first.items() if forecaster != new.by)
        if new.day < public_on and others_later:
            first_in_cluster[new.cluster], public_in_cluster[new.cluster] = first, public_on
            kept.add(new)
    return kept


def _earliest(forecasts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Merge maps from forecaster to entry, keeping each forecaster's first entry."""
    first: dict[str, int] = {}
    for by_forecaster in forecasts:
        for forecaster, entry in by_forecaster.items():
            first[forecaster] = min(entry, first.get(forecaster, entry))
    return first


def _first_forecasts(connection: sqlite3.Connection, size: int, claims: set[int]) -> dict[int, dict[str, int]]:
    """Return for each claim the entry of each forecaster's first forecast, or of the import that holds it."""
    first = {claim: dict(connection.execute(_FORECAST, (claim, size)).fetchall()) for claim in claims}
    slugs = dict(connection.execute("select entry, slug from main.forecaster where revision = 1").fetchall())
    for batch in imports(connection, size):
        # Which of several forecasters spoke on a claim stands in the blocks; they are not decoded for this, so an
        # import counts as somebody else's.
        lists = lists_of(connection, batch.entry)
        forecaster = slugs[int(lists.forecasters[0])] if lists.forecasters.size == 1 else SEVERAL
        for claim in claims.intersection(lists.claims.tolist()):
            first[claim][forecaster] = min(batch.entry, first[claim].get(forecaster, batch.entry))
    return first


def on_one_evidence(
    connection: sqlite3.Connection, size: int, today: date, entries: IndexArray, unit: IndexArray
) -> list[tuple[str, list[int]]]:
    """Return the evidence on which the verdicts of several units rest, each with the positions of their claims.

    Verdicts that are not known on the day *today* are left out.

    Such verdicts may be one observation although nobody declared a cluster, so a card points them out.
    """
    because = connection.execute(_BECAUSE, (size,)).fetchall()
    if not because:
        return []
    position_of = {int(entry): position for position, entry in enumerate(entries)}
    current = dict(connection.execute(_CURRENT, (size, str(today))).fetchall())
    decided: defaultdict[str, list[int]] = defaultdict(list)
    for evidence, resolution, claim in because:
        if current.get(claim) == resolution:
            decided[evidence].append(position_of[claim])
    return [(slug, positions) for slug, positions in decided.items() if len(set(unit[positions].tolist())) > 1]
