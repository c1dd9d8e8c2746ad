"""Merge: this ledger takes in what another copy of it recorded, or what another ledger says of the same claims.

A copy that only went on is taken over as it is, seals and all. Where both went on, what is missing here is recorded
here again, under this clock and one seal that names the other's head. A merge that put the other's entries between ours
would break every head of ours that somebody kept.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from predictions.errors import Conflict, InvalidValue, MergeConflict, NotALedger, Tampered
from predictions.recording.drafts import added_by_others
from predictions.recording.enter import Desk
from predictions.records import RECORDS, Forecast, Import, Merge
from predictions.storage import schema
from predictions.storage.checkpoints import Head
from predictions.storage.files import path_of
from predictions.storage.imports import Imports
from predictions.storage.journal import Journal
from predictions.storage.rows import record_of
from predictions.storage.store import Store
from predictions.trust.merge.imports import (
    Copy,
    ForecastKey,
    as_said_by,
    contradictions,
    forecasts_under,
    key_of,
    take_blocks,
    with_imports,
)
from predictions.trust.merge.independent import merge_ledger
from predictions.trust.merge.items import SETTLEMENTS, MergeItem, nothing_to_settle, renamed, settled_slugs
from predictions.trust.merge.reconcile import reconcile
from predictions.trust.merge.result import Merged, refusal
from predictions.trust.merge.turns import Turns
from predictions.trust.verify import verify

OWNERS = {"entry": "n", "block": "import", "import_list": "import"}
RECORDS_AT_ONCE, BLOCKS_AT_ONCE = 1_000, 50  # rows; those of blocks are a hundred kilobytes each


def merge(
    journal: Journal, store: Store, path: str | os.PathLike[str], *, me: str | None, settle: Mapping[str, str]
) -> Merged:
    """Take in what the copy or the other ledger at *path* has and this ledger has not.

    Args:
        journal: This ledger.
        store: Its records.
        path: The other copy or ledger, which is only read.
        me: Who merges.
        settle: For a contradiction, by the name in which a refused merge lists it: ``this`` or ``other`` for what
            stands, or a new slug for the other's record.

    Raises:
        MergeConflict: Records contradict each other, and ``settle`` does not say which stands.
        InvalidValue: The file asks nothing that this ledger asks, or ``settle`` names what needs no settling.
        Tampered: The other file does not verify. In each case nothing was written.
    """
    with closing(_opened(journal, path_of(path))) as other, other.reading(to_verify=True):
        theirs = Store(other)
        verification = verify(other, theirs)
        if not verification.ok:
            raise Tampered(f"{str(path)!r} does not verify, and was not merged: {verification.faults[0]}")
        if other.ledger_id != journal.ledger_id:
            return merge_ledger(journal, store, other, me=me, settle=settle)
        head = other.head()
        with journal.reading():
            ours = journal.head()
            known_here, ahead = journal.knows(head), other.knows(ours)
        if (known_here or ahead) and settle:
            raise InvalidValue(nothing_to_settle(next(iter(settle))))
        if known_here:
            return Merged("nothing new", 0, ours, head)
        if ahead:
            added = fast_forward(journal, store, other)
            return Merged("fast-forward", added, head, head)
        return _merge_apart(journal, store, (other, theirs, head), me, settle)


def _opened(journal: Journal, path: Path) -> Journal:
    if path.exists() and path.samefile(journal.path):
        raise InvalidValue(f"{str(path)!r} is this ledger itself; merge another copy of it, or another ledger")
    if not path.exists():
        raise NotALedger(f"no ledger at {str(path)!r}; a merge takes in a file that is there")
    return Journal(path, read_only=True)


def _merge_apart(
    journal: Journal, store: Store, other: tuple[Journal, Store, Head], me: str | None, settle: Mapping[str, str]
) -> Merged:
    """Merge a copy after both went on: what is missing here is recorded here again.

    *other* is the copy's journal, its records and its head.
    """
    their_journal, their_store, head = other
    with journal.writing() as writing:
        desk = Desk(store, writing, me, journal.now())
        known_there = dict(their_journal.heads())
        # The last head of both. Entries are compared by their head
        # and not one by one: it stands for all that lie before.
        common = max(size for size, root in journal.heads() if known_there.get(size) == root)
        # What an earlier merge took in is known here, though it stands under other entries; so is what it left out.
        since = max([common, *_merged_sizes(store, their_journal)])
        ours, theirs = _items(store), _items(their_store)
        slugs = settled_slugs(theirs, common, settle)
        theirs = [renamed(item, slugs) for item in theirs] if slugs else theirs
        imports = {row.entry: record_of(Import, row) for row in their_store.rows(Import) if row.entry >= since}
        copy = Copy(their_journal, imports, slugs)
        differing, more_there = contradictions(desk, copy)
        ours, theirs = _with_blocks(desk, (ours, common), (theirs, since), copy, differing)
        plan = reconcile(
            ours, theirs, common=common, since=since, settle=settle, added=lambda slug: added_by_others(store, slug)
        )
        if plan.conflicts:
            raise MergeConflict(refusal(plan.conflicts, head), plan.conflicts)
        late = 0
        # A contradiction that was settled for ours adds nothing, but is noted, or the next merge would ask again.
        settled = not SETTLEMENTS.isdisjoint(settle.values())
        if plan.records or more_there or settled:
            store.put(writing, Merge(ledger_id=head.ledger_id, size=head.size, root=head.root.hex(), recorded_by=me))
            late, left_out = _enter(desk, plan.records, copy, f"as in the copy with head {head.short}")
            plan.left_out += left_out
        added = writing.entries + 1 if writing.entries else 0  # and the seal
        gone = [f"entry {n} there, whose body was redacted" for n in their_journal.redacted(head.size) if n >= since]
    with journal.reading():
        way = "merge" if added else "nothing new"
        return Merged(way, added, journal.head(), head, late, tuple(dict.fromkeys(plan.left_out + gone)))


def _merged_sizes(store: Store, other: Journal) -> list[int]:
    """List the sizes of the other's heads that were merged here before."""
    heads = [Head(merge.size, bytes.fromhex(merge.root)) for merge in store.standing(Merge)]
    return [head.size for head in heads if other.knows(head)]


def _items(store: Store) -> list[MergeItem]:
    return _by_entry(MergeItem(row.entry, cls, row.fields) for cls in RECORDS for row in store.rows(cls))


def _by_entry(items: Iterable[MergeItem]) -> list[MergeItem]:
    return sorted(items, key=lambda item: item.entry)


def _with_blocks(
    desk: Desk,
    ours: tuple[list[MergeItem], int],
    theirs: tuple[list[MergeItem], int],
    copy: Copy,
    differing: set[ForecastKey],
) -> tuple[list[MergeItem], list[MergeItem]]:
    """Add forecasts in blocks to the records of both copies, so that the plan can compare them with records.

    One copy may hold as a record what the other holds in a block. Only blocks under keys of which the other side has
    something new are read; the others cannot contradict.

    Args:
        desk: This copy, open for writing.
        ours: Its records, and from which entry on they may be new there.
        theirs: Likewise those of the other copy.
        copy: The other copy.
        differing: The keys under which its blocks contradict what stands here.
    """
    our_imports, their_imports = Imports(desk.store.connection), Imports(copy.journal.connection)
    keys = set(differing)
    for items, first in (ours, theirs) if our_imports or their_imports else ():
        keys |= {key_of(item) for item in items if item.cls is Forecast and item.entry >= first}
    if not keys:
        return ours[0], theirs[0]
    in_ours = as_said_by(forecasts_under(our_imports, keys), theirs[0])
    in_theirs = as_said_by(forecasts_under(their_imports, keys, copy.slugs), ours[0])
    return _by_entry([*ours[0], *in_ours]), _by_entry([*theirs[0], *in_theirs])


def _enter(desk: Desk, items: Sequence[MergeItem], copy: Copy, as_in: str) -> tuple[int, list[str]]:
    """Record what comes in: first what forecasts refer to, then the blocks, then forecasts and their corrections.

    A correction of a forecast in a block is its second revision, so the block has to stand before it. Returns how many
    forecasts came late, and what was left out of the blocks.
    """
    waiting = list(items)
    if copy.blocks:
        Turns(desk, as_in).record_all(item for item in items if item.cls is not Forecast)
        waiting = [item for item in items if item.cls is Forecast]
    brought, left_out = take_blocks(desk, copy)
    return Turns(desk, as_in, waiting).record_all(with_imports(desk, copy, waiting, brought)), left_out


def fast_forward(journal: Journal, store: Store, other: Journal) -> int:
    """Write what *other*, read at one moment, holds beyond this ledger, and return how many entries that were.

    The rows go in as they are, inside one transaction, and the whole is verified under the other's head before it is
    kept. Raises Tampered where it does not verify; nothing was written then.
    """
    wanted = other.head()
    with journal.taking_over():
        if not other.knows(journal.head()):
            raise Conflict("this ledger was written to meanwhile; nothing was merged; merge again")
        size = journal.head().size
        # The tables go in one after the other, so a row may come before the one that it refers to.
        journal.connection.execute("pragma defer_foreign_keys = 1")
        for table in schema.UNIQUE:
            for rows in _rows(other.connection, table, size):
                marks = ", ".join("?" * len(rows[0]))
                journal.connection.executemany(f"insert into main.{table} values ({marks})", rows)
        # Inside the transaction: if anything is amiss, rolling back leaves this ledger as it was.
        verification = verify(journal, store, head=wanted)
        if not verification.ok or verification.head != wanted:
            fault = verification.faults[0] if verification.faults else "it ends elsewhere"
            raise Tampered(f"the other copy could not be taken over: {fault}; nothing was written")
    return wanted.size - size


def _rows(connection: sqlite3.Connection, table: str, size: int) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows of a table that belong to entries from *size* on, in pieces."""
    owner = OWNERS.get(table) or _owner(connection, table)
    cursor = connection.execute(f"select * from main.{table} where {owner} >= ? order by {owner}", (size,))
    while rows := cursor.fetchmany(BLOCKS_AT_ONCE if table == "block" else RECORDS_AT_ONCE):
        yield rows


def _owner(connection: sqlite3.Connection, table: str) -> str:
    """Return the column that holds the entry a row belongs to: ``entry``, or for an item the kind of its record."""
    names = [row[1] for row in connection.execute(f"pragma table_info({table})")]
    return "entry" if "entry" in names else table.partition("_")[0]
