"""A transaction and the seal that closes it: entries are added, hashed, and sealed together."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from json.encoder import encode_basestring
from typing import NamedTuple

from predictions.storage.canonical import Plain, canonical
from predictions.storage.checkpoints import Head
from predictions.storage.insertions import Insertion
from predictions.storage.merkle import Frontier, leaf_hash, leaf_salt
from predictions.timestamps import moment_text

SEALED_AT = "(select recorded_at from main.seal where entry >= {}.entry order by entry limit 1)"  # of a table's row
SEAL_COLUMNS = "entry, number, recorded_at, first, size_before, root_before, salt, size, root, frontier"


class Seal(NamedTuple):
    """A row of the table of seals.

    Attributes:
        entry: The number of the seal's own entry, the last of its transaction.
        number: 1 for the first seal of a ledger, one more for each later one.
        recorded_at: When the ledger learned everything under it.
        first: The number of the first entry under it.
        size_before: How many entries there were before.
        root_before: The root over them.
        salt: The random bytes from which the salt of each leaf is made; None where a body under the seal was redacted.
            Salts keep a redacted text from being guessed and checked against its hash.
        size: How many entries there are with this seal.
        root: The root over them.
        frontier: The roots of the tree's perfect subtrees, with which the next transaction goes on.
    """

    entry: int
    number: int
    recorded_at: str
    first: int
    size_before: int
    root_before: bytes
    salt: bytes | None
    size: int
    root: bytes
    frontier: bytes

    def content(self) -> bytes:
        """Return the canonical bytes of the seal's fields.

        The same as ``canonical`` makes, but faster: ``verify`` reads a seal for each transaction. Raises AttributeError
        or TypeError where the row is not one of a seal.
        """
        return (
            f'{{"first":{self.first},"index":{self.entry},"number":{self.number},"record":"seal",'
            f'"recorded_at":{encode_basestring(self.recorded_at)},"root_before":"{self.root_before.hex()}",'
            f'"size_before":{self.size_before}}}'
        ).encode()

    def fields(self) -> dict[str, Plain]:
        """Return the fields that are hashed; none where the row is not one of a seal."""
        try:
            fields: dict[str, Plain] = json.loads(self.content())
        except (AttributeError, TypeError, ValueError):
            return {}
        del fields["record"]
        return fields


class Writing:
    """An open transaction: entries are added one after the other, and a seal closes them.

    Attributes:
        entries: How many entries were added so far.
        beginnings: Under which entry the record of a slug began, by noun, as far as it was looked up.
        warned: What was warned of so far, each with the text.
        remarks: What its receipt says of how numbers were read.
        said: The quantiles of a number as they were given, of which a curve is recorded; empty for others.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        number: int,
        frontier: Frontier,
        *,
        salt: bytes,
        clock: Callable[[], datetime],
    ) -> None:
        """Continue the tree of *frontier* with the seal of that *number*, whose leaves get their salts from *salt*."""
        self._connection = connection
        self._number = number
        self._frontier = frontier
        self._salt = salt
        self._clock = clock
        self._first = frontier.size
        self._size_before, self._root_before = frontier.size, frontier.root()
        self.entries = 0
        self.beginnings: defaultdict[str, dict[Plain, int]] = defaultdict(dict)
        self.warned: set[tuple[str, str]] = set()
        self.remarks: list[str] = []
        self.said = ""

    @property
    def first(self) -> int:
        """Return the number of the first entry of this transaction."""
        return self._first

    @property
    def last(self) -> int:
        """Return the number of the last entry."""
        return self._frontier.size - 1

    @property
    def head(self) -> Head:
        """Return the head of what was recorded so far, which once it is sealed is the ledger's."""
        return Head(self._frontier.size, self._frontier.root())

    def append(self, noun: str, fields: Mapping[str, Plain]) -> int:
        """Add one record and return the number of its entry; the caller writes its typed row."""
        return self.append_all([(noun, canonical(noun, fields))])[0]

    def append_all(self, records: Iterable[tuple[str, bytes]]) -> range:
        """Add records, each a noun and its canonical bytes, and return the numbers of their entries."""
        first = self._frontier.size
        rows = [
            (index, noun, leaf_hash(leaf_salt(self._salt, index), content))
            for index, (noun, content) in enumerate(records, first)
        ]
        Insertion("entry", ("n", "kind", "leaf"), rows).write(self._connection)
        self._frontier.extend(leaf for _, _, leaf in rows)
        self.entries += len(rows)
        return range(first, first + len(rows))

    def seal(self) -> None:
        """Add the seal as the last entry. Its time is asked now, so that it is not before that of any entry."""
        seal = Seal(
            entry=self._frontier.size, number=self._number, recorded_at=moment_text(self._clock()),
            first=self._first, size_before=self._size_before, root_before=self._root_before, salt=self._salt,
            size=0, root=b"", frontier=b"",
        )  # fmt: skip
        self.append_all([("seal", seal.content())])
        tree = self._frontier
        # Size, root and frontier after the seal are kept beside it and not hashed: they follow from the entries, and
        # make the next append take O(log n) hashes.
        row = seal._replace(size=tree.size, root=tree.root(), frontier=tree.to_bytes())
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"insert into main.seal ({SEAL_COLUMNS}) values ({marks})", row)
