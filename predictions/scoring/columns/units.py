"""Find the units of observation: claims that hang together by statement, cluster, superseding or a given claim.

Thirty claims decided by one event are one observation, not thirty. In means a cluster, or a claim that several are
given, counts only if that was declared before anybody could know what it does to the mean. What is declared later only
makes a card more cautious: it counts in n, in intervals and in sequences.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.scoring.columns.cluster_times import (
    Declared,
    declared_clusters,
    declared_conditions,
    declared_in_time,
)

_CURRENT = """select claim, entry from main.resolution
where entry < ? and known_on <= ? and not coalesce(dissent, 0)
order by claim, number, revision"""  # as a dict: the last one of each claim remains
_BECAUSE = """select e.slug, b.resolution, r.claim from main.resolution_because b
join main.resolution r on r.entry = b.resolution join main.evidence e on e.entry = b.evidence
where r.entry < ? order by e.slug, r.claim"""


@dataclass(frozen=True, eq=False)
class Units:
    """The unit of each claim, a number that claims share if they are one observation: shape (claims,) each.

    Attributes:
        fair: The unit in means and weights; a cluster counts only if it was declared in time.
        wide: The unit in counts, intervals and sequences; every cluster ever declared counts.
        late: True if the claim was put into a cluster with others too late for the means.
        chain: The chain of superseding claims it belongs to; -1 for none.
    """

    fair: IndexArray
    wide: IndexArray
    late: BoolArray
    chain: IndexArray

    def with_chains(self, wanted: BoolArray) -> BoolArray:
        """Return for each claim whether it is wanted, or in one chain with a claim that is."""
        return wanted | ((self.chain >= 0) & np.isin(self.chain, self.chain[wanted]))


def units_of(
    connection: sqlite3.Connection, size: int, entries: IndexArray, statement: IndexArray, given: IndexArray,
    supersedes: IndexArray, begun_on: IndexArray,
) -> Units:  # fmt: skip
    """Find which claims are one observation together.

    Claims hang together if they read one statement, depend on the same given claim, supersede each other, or were
    declared to be one cluster. Somebody may declare a cluster when the answers are known already, to hide a failure
    among successes, so there are two groupings. In `fair`, which means and weights use, only links that were made in
    time join claims. In `wide`, which counts, intervals and "too few" use, every link ever declared joins them: that
    can only make a card more cautious.

    Args:
        connection: The ledger.
        size: How many of its entries are read.
        entries: The entry of each claim.
        statement: The entry of its statement.
        given: The entry of the claim that it depends on; -1 for none.
        supersedes: The entry of the claim it supersedes; -1 for none.
        begun_on: The day, counted from 1970, on which a tenth of its window is over.
    """
    clusters = declared_clusters(connection, size)
    linked = np.flatnonzero(supersedes >= 0).tolist()
    same_given = [np.flatnonzero(given == basis).tolist() for basis in np.unique(given[given >= 0]).tolist()]
    if not (clusters or linked or same_given):
        return Units(statement, statement, np.zeros(entries.size, np.bool_), np.full(entries.size, -1))
    # Few ledgers need it, and for a million claims it takes a second.
    position_of = {entry: position for position, entry in enumerate(entries.tolist())}
    replaced = [(position, position_of[int(supersedes[position])]) for position in linked]
    first_ones = _first_of_statements(entries, statement)

    base = merge_groups(statement, [*replaced, *same_given])
    chain = np.full(entries.size, -1)
    if replaced:
        chained = [position for pair in replaced for position in pair]
        chain[chained] = merge_groups(np.arange(entries.size), replaced)[chained]
    fair = merge_groups(
        statement, [(new, old) for new, old in replaced if new in first_ones and entries[old] < entries[new]]
    )
    conditions = [
        condition for condition in (declared_conditions(connection, size) if same_given else ())
        if (position := position_of[condition.claim]) in first_ones and supersedes[position] < 0
        and condition.cluster == f"given {given[position]}"
    ]  # fmt: skip
    in_time = declared_in_time(
        connection, size, sorted([*clusters, *conditions], key=attrgetter("entry")), entries, fair, position_of,
        begun_on,
    )  # fmt: skip
    late = np.zeros(entries.size, np.bool_)
    together = Counter(cluster.cluster for cluster in clusters)
    too_late = [new for new in clusters if new not in in_time and together[new.cluster] > 1]
    late[[position_of[declaration.claim] for declaration in too_late]] = True
    wide = merge_groups(base, _members(clusters, position_of))
    return Units(merge_groups(fair, _members(in_time, position_of)), wide, late, chain)


def _first_of_statements(entries: IndexArray, statement: IndexArray) -> set[int]:
    """Return the positions of the claims that began their statement.

    Only these join units in means. A later reading may hang together with another statement too, but must not join the
    two: else somebody could, once two statements have failed, record one more reading of both and so make them a
    single observation.
    """
    first_of_statement: dict[int, int] = {}
    for position in np.argsort(entries).tolist():
        first_of_statement.setdefault(int(statement[position]), position)
    return set(first_of_statement.values())


def merge_groups(labels: IndexArray, groups: Iterable[Sequence[int]]) -> IndexArray:
    """Give one label to all members of each group, and to everything that shared a label with one of them.

    *labels* are the labels before, and *groups* hold positions in them. The lowest label of a group remains.

    >>> merge_groups(np.array([5, 6, 7, 6]), [(0, 1)]).tolist()
    [5, 5, 7, 5]
    """
    # Union-find: each label points to the label that replaces it.
    above: dict[int, int] = {}

    def top(label: int) -> int:
        """Return the label that finally replaces this one."""
        passed = []
        while label in above:
            passed.append(label)
            label = above[label]
        above.update(dict.fromkeys(passed, label))  # so that a long chain is walked only once
        return label

    for group in groups:
        first, *others = sorted({top(label) for label in labels[list(group)].tolist()})
        above |= dict.fromkeys(others, first)
    moved = np.flatnonzero(np.isin(labels, list(above)))
    merged = labels.copy()
    merged[moved] = [top(label) for label in labels[moved].tolist()]
    return merged


def _members(declared: Iterable[Declared], position_of: Mapping[int, int]) -> list[list[int]]:
    """Return the positions of the claims of each cluster."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for cluster in declared:
        members[cluster.cluster].append(position_of[cluster.claim])
    return list(members.values())


def on_one_evidence(
    connection: sqlite3.Connection, size: int, today: date, entries: IndexArray, unit: IndexArray
) -> list[tuple[str, list[int]]]:
    """Return the evidence on which verdicts of several units rest, each with the positions of the claims.

    Such verdicts may be one observation although nobody declared a cluster, so a card points them out. Verdicts known
    only after *today* are left out. *unit* is the unit of each claim.
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
