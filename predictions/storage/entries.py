"""Looking up the entries and seals of one open file: heads, leaves, salts, and what a redacted copy lacks."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from predictions.errors import InvalidValue, LedgerError, NotFound, Tampered
from predictions.redacted import Missing, Redacted
from predictions.storage.canonical import Plain
from predictions.storage.checkpoints import Head
from predictions.storage.merkle import EMPTY_ROOT, leaf_salt
from predictions.storage.seals import SEAL_COLUMNS, Seal
from predictions.timestamps import moment_text, parse_moment_text

_LACKS = """select n, kind, (select recorded_at from main.seal s where s.entry >= n order by s.entry limit 1)
from main.entry where n in (select entry from main.redacted) and n < ? order by n"""


class EntryReader:
    """Reads entries and seals; the journal, which inherits from it, opens transactions.

    Attributes:
        path: The file.
        connection: Its connection.
        ledger_id: The random id that its first entry holds; empty for a file without one.
    """

    path: Path
    connection: sqlite3.Connection
    ledger_id: str

    def head(self, size: int | None = None) -> Head:
        """Return the latest head, or the one with *size* entries; LedgerError if no seal ends at that size."""
        query = "select size, root from main.seal where size = ? or ? is null order by entry desc limit 1"
        row = self.connection.execute(query, (size, size)).fetchone()
        if row is None:
            if size == 0:
                return Head(0, EMPTY_ROOT, self.ledger_id)
            raise LedgerError(f"no seal of this ledger stands at size {size}")
        return self._sealed(*row)

    def sealed_head(self, head: Head) -> tuple[Head, datetime]:
        """Return a head with its whole root, and the time of its seal.

        The root of *head* may be shortened. Raises InvalidValue if this ledger never had such a head.
        """
        row = self.connection.execute(
            "select root, recorded_at from main.seal where entry = ?1 - 1 and size = ?1", (head.size,)
        ).fetchone()
        if row is None or not (full_head := self._sealed(head.size, row[0])).root.startswith(head.root):
            raise InvalidValue(f"{head.short} is no head of this ledger; see `history` and `head`")
        return full_head, parse_moment_text(row[1])

    def size_at(self, moment: datetime) -> int:
        """Count the entries before the first seal that is later than *moment*.

        A reader at that moment saw these, even if a clock later ran backwards and gave more entries an earlier time.
        """
        query = "select first from main.seal where recorded_at > ? order by entry limit 1"
        later_seal = self.connection.execute(query, (moment_text(moment),)).fetchone()
        return self._sealed(later_seal[0], EMPTY_ROOT).size if later_seal else self.head().size

    def last_sealed(self) -> datetime | None:
        """Return the latest time among the last twenty seals, since a clock may have run backwards; None without."""
        query = "select max(recorded_at) from (select recorded_at from main.seal order by entry desc limit 20)"
        text = self.connection.execute(query).fetchone()[0]
        return None if text is None else parse_moment_text(text)

    def genesis(self) -> dict[str, Plain]:
        """Return the content of the first entry: the ledger's id, and the number of its format."""
        row = self.connection.execute("select ledger_id, format from main.genesis order by entry").fetchone()
        return dict(zip(("ledger_id", "format"), row or (), strict=False))

    def leaves(self, size: int) -> list[bytes]:
        """Return the leaf hashes of the first *size* entries."""
        rows = self.connection.execute("select leaf from main.entry where n < ? order by n", (size,)).fetchall()
        if not all(isinstance(leaf, bytes) for (leaf,) in rows):
            raise Tampered(f"{str(self.path)!r} has a leaf that is none; run verify")
        return [leaf for (leaf,) in rows]

    def seal_over(self, n: int) -> Seal:
        """Return the seal that closed the transaction of entry *n*; NotFound if there is none, or none yet."""
        query = f"select {SEAL_COLUMNS} from main.seal where entry >= ? order by entry limit 1"
        row = self.connection.execute(query, (n,)).fetchone() if 0 <= n < 2**62 else None
        if row is None:
            raise NotFound(f"no entry {n} in this ledger, which has {self.head().size}")
        return Seal._make(row)

    def salt_of(self, n: int, seal: Seal) -> bytes | None:
        """Return the salt of the leaf *n* under its seal; None if its body was redacted."""
        if seal.salt is not None:
            return leaf_salt(seal.salt, n)
        row = self.connection.execute("select salt from main.kept_salt where entry = ?", (n,)).fetchone()
        return row[0] if row else None

    def knows(self, head: Head) -> bool:
        """Return whether this ledger once had that head."""
        query = "select root from main.seal where entry = ?1 - 1 and size = ?1"
        return bool(self.connection.execute(query, (head.size,)).fetchone() == (head.root,))

    def heads(self) -> list[tuple[int, bytes]]:
        """List the size and the root after each seal, oldest first."""
        return self.connection.execute("select size, root from main.seal order by entry").fetchall()

    def kinds_since(self, size: int) -> dict[str, int]:
        """Count the entries after the first *size* by their kind, seals apart, in the order of their first entries."""
        query = "select kind, count(*) from main.entry where n >= ? and kind <> 'seal' group by kind order by min(n)"
        return dict(self.connection.execute(query, (size,)).fetchall())

    def redacted(self, size: int) -> list[int]:
        """List those of the first *size* entries whose bodies are not in this copy."""
        rows = self.connection.execute("select entry from main.redacted where entry < ? order by entry", (size,))
        return [entry for (entry,) in rows]

    def lacks(self, head: Head | None = None) -> Redacted | None:
        """Return which bodies this copy lacks among the entries under a head, or among all; None if it lacks none."""
        rows = self.connection.execute(_LACKS, (head.size if head else 2**62,)).fetchall()
        if not rows:
            return None
        head = head or self.head()
        return Redacted({n: Missing(kind, at) for n, kind, at in rows}, head.size, head.short)

    def _sealed(self, size: object, root: object) -> Head:
        """Make a head from the row of a seal; Tampered for values that no seal has, as a damaged file may hold."""
        if not isinstance(size, int) or not isinstance(root, bytes) or len(root) != len(EMPTY_ROOT):
            raise Tampered(f"{str(self.path)!r} has a seal that is none; run verify")
        return Head(size, root, self.ledger_id)
