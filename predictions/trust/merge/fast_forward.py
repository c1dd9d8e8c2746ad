"""Fast-forward: a copy that is a prefix of another takes over the rest, entry by entry, with its seals and salts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from predictions.errors import Conflict, Tampered
from predictions.storage import schema
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.trust.verify import verify

OWNERS = {"entry": "n", "block": "import", "import_list": "import"}
AT_ONCE, BLOCKS_AT_ONCE = 1_000, 50  # rows; those of blocks are a hundred kilobytes each


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
        journal.connection.execute("pragma defer_foreign_keys = 1")
        for table in schema.UNIQUE:
            for rows in _rows(other.connection, table, size):
                marks = ", ".join("?" * len(rows[0]))
                journal.connection.executemany(f"insert into main.{table} values ({marks})", rows)
        verification = verify(journal, store, head=wanted)
        if not verification.ok or verification.head != wanted:
            fault = verification.faults[0] if verification.faults else "it ends elsewhere"
            raise Tampered(f"the other copy could not be taken over: {fault}; nothing was written")
    return wanted.size - size


def _rows(connection: sqlite3.Connection, table: str, size: int) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows of a table that belong to entries from *size* on, in pieces."""
    owner = OWNERS.get(table) or _owner(connection, table)
    cursor = connection.execute(f"select * from main.{table} where {owner} >= ? order by {owner}", (size,))
    while rows := cursor.fetchmany(BLOCKS_AT_ONCE if table == "block" else AT_ONCE):
        yield rows


def _owner(connection: sqlite3.Connection, table: str) -> str:
    """Return the column that holds the entry a row belongs to: ``entry``, or for an item the kind of its record."""
    names = [row[1] for row in connection.execute(f"pragma table_info({table})")]
    return "entry" if "entry" in names else table.partition("_")[0]
