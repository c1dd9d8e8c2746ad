"""Recomputes every leaf, root and frontier from the typed rows, and names what does not agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import TypeAlias

from predictions import schema
from predictions.canonical import Plain, canonical
from predictions.display import Block, Heading, Paragraph, Shown, Value
from predictions.journal import Head, Journal, seal_fields
from predictions.merkle import Frontier, leaf_hash, leaf_salt
from predictions.records import RECORDS
from predictions.store import Store

MOST_FAULTS = 20
Found: TypeAlias = "tuple[int, str, dict[str, Plain]]"


@dataclass(frozen=True)
class Fault:
    """One thing that does not agree: the entry it concerns, and what is wrong in words."""

    entry: int | None
    record: str
    what: str

    def __str__(self) -> str:
        return f"entry {self.entry}, {self.record}: {self.what}" if self.entry is not None else self.what


@dataclass(frozen=True, repr=False)
class Verification(Shown):
    """What `verify` found."""

    faults: tuple[Fault, ...]
    entries: int
    seals: int
    head: Head
    compared: bool

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.faults

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = []
        if self.ok:
            found.append(Heading(f"ok: {self.entries} entries under {self.seals} seals agree with their hashes"))
        else:
            found.append(Heading(f"not ok: {self.faults[0]}"))
            found += [Paragraph(str(fault), 2) for fault in self.faults[1:]]
        found.append(Paragraph(f"head {self.head}"))
        if not self.compared:
            found.append(
                Paragraph(
                    "no head from outside was compared: without one nobody can exclude that the whole file was "
                    "written anew, or cut at its end"
                )
            )
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [{"entry": fault.entry, "record": fault.record, "what": fault.what} for fault in self.faults]

    def to_dict(self) -> dict[str, Value]:
        return {
            "ok": self.ok,
            "entries": self.entries,
            "seals": self.seals,
            "head": str(self.head),
            "head_compared": self.compared,
            "faults": self.rows(),
        }


def verify(journal: Journal, store: Store, *, head: Head | None = None) -> Verification:
    """Check the whole file; with a *head* kept elsewhere, also that it is a prefix of this ledger.

    The caller holds the file at one moment.
    """
    faults = _Faults()
    _check_schema(journal.connection, faults)
    tree, seals, at_head = _check_entries(journal, store, faults, head)
    if head is not None and at_head != head.root:
        faults.add(
            None,
            "",
            f"the head {head.short} kept elsewhere is no head of this ledger: it was rewritten, or is another",
        )
    found = Head(tree.size, tree.root(), journal.ledger_id)
    return Verification(tuple(faults.found), tree.size, seals, found, head is not None)


class _Faults:
    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, entry: int | None, record: str, what: str) -> None:
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(entry, record, what))


def _check_schema(connection: sqlite3.Connection, faults: _Faults) -> None:
    for fault in schema.differences(connection):
        faults.add(None, "", fault)
    for cls in RECORDS:
        for table in schema.item_tables(cls.noun):
            (strays,) = connection.execute(
                f"select count(*) from main.{table} where {cls.noun} not in (select entry from main.{cls.noun})"
            ).fetchone()
            if strays:
                faults.add(None, "", f"{table} has {strays} rows that belong to no {cls.noun}")


def _check_entries(
    journal: Journal, store: Store, faults: _Faults, head: Head | None
) -> tuple[Frontier, int, bytes | None]:
    """Walk the journal and the typed rows side by side; the tree, the seals and the root at the given head."""
    rows = _Rows(_guarded(journal, store, faults))
    seals = journal.connection.execute(
        "select entry, number, recorded_at, first, size_before, root_before, salt, size, root, frontier "
        "from seal order by entry"
    ).fetchall()
    tree, at_head, coming = Frontier(), None, iter(seals)
    seal = next(coming, None)
    for n, kind, leaf in journal.connection.execute("select n, kind, leaf from entry order by n"):
        if n != tree.size:
            faults.add(tree.size, "", f"entry {tree.size} is missing")
            break
        for stray, noun, _ in rows.before(n):
            faults.add(stray, noun, "a row stands under no entry")
        if seal is None:
            faults.add(n, kind, "no seal stands over it")
            break
        noun, fields = rows.at(n)
        name = _name(noun or kind, fields)
        if fields is None:
            faults.add(n, kind, "its row is missing")
        elif noun != kind or leaf_hash(leaf_salt(seal[6], n), canonical(noun, fields)) != leaf:
            faults.add(n, name, "its row is not what was sealed")
        tree.append(leaf)
        if n == seal[0]:
            _check_seal(seal, tree, faults)
            seal = next(coming, None)
        elif kind == "seal":
            faults.add(n, name, "a seal out of place")
        if head is not None and tree.size == head.size:
            at_head = tree.root()
    for stray, noun, _ in rows.before(None):
        faults.add(stray, noun, "a row stands under no entry")
    if seal is not None:
        faults.add(seal[0], f"seal {seal[1]}", "its entry is missing")
    return tree, len(seals), at_head


def _check_seal(seal: Sequence[object], tree: Frontier, faults: _Faults) -> None:
    entry, number = seal[0], seal[1]
    if isinstance(entry, int) and (seal[7], seal[8], seal[9]) != (tree.size, tree.root(), tree.to_bytes()):
        faults.add(entry, f"seal {number}", "its size, root or frontier is not that of the entries before it")


class _Rows:
    """The typed rows in the order of their entries, taken one at a time."""

    def __init__(self, rows: Iterator[Found]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def before(self, n: int | None) -> Iterator[Found]:
        while self._next is not None and (n is None or self._next[0] < n):
            yield self._next
            self._next = next(self._rows, None)

    def at(self, n: int) -> tuple[str, dict[str, Plain] | None]:
        if self._next is None or self._next[0] != n:
            return "", None
        _, noun, fields = self._next
        self._next = next(self._rows, None)
        return noun, fields


def _guarded(journal: Journal, store: Store, faults: _Faults) -> Iterator[Found]:
    """All typed rows by entry; a table that cannot be read is a fault of its own."""

    def readable(noun: str, rows: Iterator[tuple[int, dict[str, Plain]]]) -> Iterator[Found]:
        try:
            for entry, fields in rows:
                yield entry, noun, fields
        except (sqlite3.Error, ValueError, TypeError) as error:
            faults.add(None, "", f"table {noun} cannot be read: {error}")

    tables = [readable(cls.noun, iter(store.rows(cls))) for cls in RECORDS]
    tables += [
        readable("genesis", _genesis(journal.connection)),
        readable("seal", _seals(journal.connection)),
    ]
    return merge(*tables, key=lambda row: row[0])


def _genesis(connection: sqlite3.Connection) -> Iterator[tuple[int, dict[str, Plain]]]:
    for entry, ledger_id, format_number in connection.execute("select entry, ledger_id, format from genesis"):
        yield entry, {"ledger_id": ledger_id, "format": format_number}


def _seals(connection: sqlite3.Connection) -> Iterator[tuple[int, dict[str, Plain]]]:
    query = "select entry, number, recorded_at, first, size_before, root_before from seal order by entry"
    for entry, number, recorded_at, first, size_before, root_before in connection.execute(query):
        yield entry, seal_fields(
            number=number, recorded_at=recorded_at, first=first, index=entry,
            size_before=size_before, root_before=root_before,
        )  # fmt: skip


def _name(noun: str, fields: dict[str, Plain] | None) -> str:
    """What a record is called, from its fields as they stand."""
    cls = next((cls for cls in RECORDS if cls.noun == noun), None)
    if cls is None or fields is None:
        return noun
    key = " ".join(str(fields.get(field, "?")) for field in cls.key)
    revision = fields.get("revision", 1)
    return f"{noun} {key}" + (f" (revision {revision})" if revision != 1 else "")
