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

SEALED_AT = "(select recorded_at from main.seal where entry >= {}.entry order by entry limit 1)"  # for a row of a table
SEAL_COLUMNS = "entry, number, recorded_at, first, size_before, root_before, salt, size, root, frontier"


class Seal(NamedTuple):
    """A row of the table of seals.

    Attributes:
        entry: The number of the seal's own entry, the last of its transaction.
        number: 1 for the first seal of a ledger, one more for each later one.
        recorded_at: When everything under it was recorded.
        first: The number of the first entry under it.
        size_before: The number of entries before these.
        root_before: The root over those.
        salt: The random bytes from which the salt of each leaf is made; None if a body under the seal was redacted.
            Without salts a redacted text could be guessed, and the guess checked against the hash.
        size: The number of entries up to and with this seal.
        root: The root over them.
        frontier: The roots of the tree's perfect subtrees, from which the next transaction continues.
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

        The result is that of ``canonical``, only faster: ``verify`` reads a seal for each transaction. Raises
        AttributeError or TypeError if the row is not that of a seal.
        """
        return (
            f'{{"first":{self.first},"index":{self.entry},"number":{self.number},"record":"seal",'
            f'"recorded_at":{encode_basestring(self.recorded_at)},"root_before":"{self.root_before.hex()}",'
            f'"size_before":{self.size_before}}}'
        ).encode()

    def fields(self) -> dict[str, Plain]:
        """Return the fields that are hashed; an empty dict if the row is not that of a seal."""
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
        beginnings: By noun and slug, the entry under which a record began, as far as it was looked up.
        warned: The warnings about odd texts so far: the oddity, and the beginning of the text.
        remarks: Remarks for the receipt on how numbers were read.
        quantiles_text: The quantiles of a number as they were given, if a curve was drawn through them; else empty.
        head: The head of the last seal: the one before this transaction until that is sealed.
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
        """Continue the tree *frontier*; the seal gets this *number*, and the leaves get salts made from *salt*."""
        self._connection = connection
        self._number = number
        self._frontier = frontier
        self._salt = salt
        self._clock = clock
        self._first = frontier.size
        self.head = Head(frontier.size, frontier.root())
        self.entries = 0
        self.beginnings: defaultdict[str, dict[Plain, int]] = defaultdict(dict)
        self.warned: set[tuple[str, str]] = set()
        self.remarks: list[str] = []
        self.quantiles_text = ""

    @property
    def first(self) -> int:
        """Return the number of the first entry of this transaction."""
        return self._first

    @property
    def last(self) -> int:
        """Return the number of the last entry."""
        return self._frontier.size - 1

    def append(self, noun: str, fields: Mapping[str, Plain]) -> int:
        """Add the entry of one record and return its number; the caller writes the typed row."""
        return self.append_all([(noun, canonical(noun, fields))])[0]

    def append_all(self, records: Iterable[tuple[str, bytes]]) -> range:
        """Add the entries of records, given as noun and canonical bytes, and return their numbers."""
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
        """Add the seal as the last entry. Its time is taken now, so that it is not before any entry was added."""
        seal = Seal(
            entry=self._frontier.size, number=self._number, recorded_at=moment_text(self._clock()),
            first=self._first, size_before=self.head.size, root_before=self.head.root, salt=self._salt,
            size=0, root=b"", frontier=b"",
        )  # fmt: skip
        self.append_all([("seal", seal.content())])
        tree = self._frontier
        # Size, root and frontier after the seal are stored with it but not hashed: they follow from the entries. With
        # them the next append takes O(log n) hashes.
        self.head = Head(tree.size, tree.root())
        row = seal._replace(size=tree.size, root=self.head.root, frontier=tree.to_bytes())
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"insert into main.seal ({SEAL_COLUMNS}) values ({marks})", row)
