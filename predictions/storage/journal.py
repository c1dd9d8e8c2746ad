"""One transaction, one seal: appends entries, keeps their Merkle tree, tells the head at any moment.

Nothing else asks ``storage.clock`` for the time. Tests of the format give a clock and salts; nothing above can reach
them. A clock that ``predictions.testing`` set by hand marks every ledger that is created under it.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from predictions.errors import InvalidValue, LedgerError, NotFound, Tampered, check_field, short_repr
from predictions.redacted import Missing, Redacted
from predictions.storage import schema
from predictions.storage.canonical import Plain, canonical
from predictions.storage.checkpoints import Head, looks_like_a_head, read_head, same_ledger
from predictions.storage.clock import SCRATCH, TimeSource, clock_by_hand, is_scratch, system_clock
from predictions.storage.connection import connect, file_format, plain_errors
from predictions.storage.merkle import EMPTY_ROOT, Frontier, leaf_hash, leaf_salt
from predictions.storage.seals import COLUMNS, Seal
from predictions.timestamps import moment_text, parse_moment_text, read_made_at

LAST_DAY = date(9999, 11, 30)  # of a clock: what is reckoned from it must not run out of days
DATED = re.compile(r"[0-9]{4}-")  # a day or a moment is meant


def random_bytes() -> bytes:
    """Sixteen random bytes: a ledger's id, a seal's salt."""
    return os.urandom(16)


_LACKS = """select n, kind, (select recorded_at from main.seal s where s.entry >= n order by s.entry limit 1)
from main.entry where n in (select entry from main.redacted) and n < ? order by n"""


class Writing:
    """An open transaction: entries go in one after the other; its end seals them."""

    def __init__(self, journal: Journal, number: int, frontier: Frontier) -> None:
        self._journal = journal
        self._number = number
        self._frontier = frontier
        self._salt = journal.new_bytes()
        self._first = frontier.size
        self._size_before, self._root_before = frontier.size, frontier.root()
        self.entries = 0
        self.beginnings: dict[tuple[str, str], int] = {}  # where the records of these nouns and slugs began

    @property
    def first(self) -> int:
        """The number of the first entry of this transaction."""
        return self._first

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return self._frontier.size - 1

    def append(self, noun: str, fields: Mapping[str, Plain]) -> int:
        """Enter one record under the next number, which is returned; its typed row is the caller's to write."""
        return self.append_all([(noun, fields)])[0]

    def append_all(self, records: Iterable[tuple[str, Mapping[str, Plain]]]) -> range:
        """Enter records, each a noun and its fields, under the next numbers, which are returned."""
        first = self._frontier.size
        rows = [
            (index, noun, leaf_hash(leaf_salt(self._salt, index), canonical(noun, fields)))
            for index, (noun, fields) in enumerate(records, first)
        ]
        self._journal.connection.executemany("insert into main.entry values (?, ?, ?)", rows)
        self._frontier.extend(leaf for _, _, leaf in rows)
        self.entries += len(rows)
        return range(first, first + len(rows))

    def seal(self) -> None:
        """Close the transaction's entries under one seal, the last entry of all."""
        seal = Seal(
            entry=self._frontier.size, number=self._number, recorded_at=moment_text(self._journal.now()),
            first=self._first, size_before=self._size_before, root_before=self._root_before, salt=self._salt,
            size=0, root=b"", frontier=b"",
        )  # fmt: skip
        self.append("seal", seal.fields())
        tree = self._frontier
        kept = seal._replace(size=tree.size, root=tree.root(), frontier=tree.to_bytes())
        marks = ", ".join("?" * len(kept))
        self._journal.connection.execute(f"insert into main.seal ({COLUMNS}) values ({marks})", kept)


class Journal:
    """The open file. Every write is one sealed transaction; every read sees one moment."""

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        read_only: bool = False,
        connection: sqlite3.Connection | None = None,
        clock: TimeSource | None = None,
        salts: Callable[[], bytes] | None = None,
    ) -> None:
        self.path = path
        by_hand = clock_by_hand() if clock is None else None
        self._scratch_only = by_hand is not None
        self._clock = clock or by_hand or system_clock
        self.new_bytes = salts or random_bytes
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._checked_schema = -1
        self._open = self.closed = False
        self.connection = connection or connect(path, create=create, read_only=read_only)
        try:
            with plain_errors(path):
                if not file_format(self.connection, path):
                    self._begin()
                known = "genesis" not in schema.missing_tables(self.connection)
                self.ledger_id = str(self.genesis().get("ledger_id", "")) if known else ""
        except BaseException:
            self.connection.close()
            raise

    def now(self) -> datetime:
        """The ledger's clock; LedgerError where it stands so late that no day could follow."""
        moment = self._clock().astimezone(UTC)
        if moment.date() > LAST_DAY:
            raise LedgerError(f"this machine's clock says {moment.date()}, which cannot be; set it right")
        return moment

    def close(self) -> None:
        """Let go of the file; closing twice is no error."""
        if os.getpid() == self._process:
            self.connection.close()
            self.closed = True

    @contextmanager
    def reading(self, *, to_verify: bool = False) -> Iterator[None]:
        """Everything read inside sees the ledger at one moment.

        Tampered where the file's schema is another, which only who wants *to_verify* may look at.
        """
        with self._guarded():
            if self._open:
                yield
                return
            with self._transaction("begin"):
                if not to_verify:
                    self._check_schema("is not made as a ledger is")
                yield

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """One transaction: all of it is on disk when the block ends, or nothing of it."""
        with self._continuing() as writing:
            yield writing
            if writing.entries:
                writing.seal()
                self.connection.execute("commit")

    @contextmanager
    def taking_over(self) -> Iterator[None]:
        """One transaction in which entries of another copy go in with their own seals; kept if the block ends well."""
        with self._continuing():
            yield
            self.connection.execute("commit")

    @contextmanager
    def _continuing(self) -> Iterator[Writing]:
        with self._guarded():
            if self._open:
                raise LedgerError("a transaction is already open on this ledger")
            with self._transaction("begin immediate"):
                yield self._continue()

    def head(self, size: int | None = None) -> Head:
        """The head now, or the one of *size* entries, which must be where a seal stands."""
        query = "select size, root from main.seal where size = ? or ? is null order by entry desc limit 1"
        row = self.connection.execute(query, (size, size)).fetchone()
        if row is None:
            if size == 0:
                return Head(0, EMPTY_ROOT, self.ledger_id)
            raise LedgerError(f"no seal of this ledger stands at size {size}")
        return self._sealed(*row)

    def size_at(self, moment: datetime) -> int:
        """How many entries stand before the first seal later than *moment*."""
        query = "select first from main.seal where recorded_at > ? order by entry limit 1"
        later = self.connection.execute(query, (moment_text(moment),)).fetchone()
        return self._sealed(later[0], EMPTY_ROOT).size if later else self.head().size

    def genesis(self) -> dict[str, Plain]:
        """What the first entry holds: the ledger's id, and the number of its format."""
        row = self.connection.execute("select ledger_id, format from main.genesis order by entry").fetchone()
        return dict(zip(("ledger_id", "format"), row or (), strict=False))

    def leaves(self, size: int) -> list[bytes]:
        """The leaf hashes of the first *size* entries."""
        rows = self.connection.execute("select leaf from main.entry where n < ? order by n", (size,)).fetchall()
        if not all(isinstance(leaf, bytes) for (leaf,) in rows):
            raise Tampered(f"{str(self.path)!r} has a leaf that is none; run verify")
        return [leaf for (leaf,) in rows]

    def seal_over(self, n: int) -> Seal:
        """The seal that closed the transaction of entry *n*; NotFound where there is no such entry."""
        query = f"select {COLUMNS} from main.seal where entry >= ? order by entry limit 1"
        row = self.connection.execute(query, (n,)).fetchone() if 0 <= n < 2**62 else None
        if row is None:
            raise NotFound(f"no entry {n} in this ledger, which has {self.head().size}")
        return Seal._make(row)

    def salt_of(self, n: int, seal: Seal) -> bytes | None:
        """The salt of the leaf *n* under its seal; None where its body was redacted."""
        if seal.salt is not None:
            return leaf_salt(seal.salt, n)
        row = self.connection.execute("select salt from main.kept_salt where entry = ?", (n,)).fetchone()
        return row[0] if row else None

    def knows(self, head: Head) -> bool:
        """Whether that head once was this ledger's."""
        query = "select root from main.seal where size = ?"
        return bool(self.connection.execute(query, (head.size,)).fetchone() == (head.root,))

    def copy_into(self, other: sqlite3.Connection, path: Path) -> None:
        """Copy the whole file as it stands at one moment, page by page, to the connection of what will be *path*."""
        with self._guarded(), plain_errors(path):
            if self._open:
                raise LedgerError("a ledger cannot be copied from inside its own transaction")
            self.connection.backup(other)

    def redacted(self, size: int) -> list[int]:
        """Those of the first *size* entries whose bodies are not in this copy."""
        rows = self.connection.execute("select entry from main.redacted where entry < ? order by entry", (size,))
        return [entry for (entry,) in rows]

    def lacks(self, head: Head | None = None) -> Redacted | None:
        """What this copy no longer holds of the entries under a head, or of all; None where it is whole."""
        head = head or self.head()
        rows = self.connection.execute(_LACKS, (head.size,)).fetchall()
        return Redacted({n: Missing(kind, at) for n, kind, at in rows}, head.size, head.short) if rows else None

    def heads(self) -> list[tuple[int, bytes]]:
        """Size and root after each seal, oldest first."""
        return self.connection.execute("select size, root from main.seal order by entry").fetchall()

    def prefix(self, as_of: object = None) -> tuple[Head, datetime]:
        """The head that stood at a moment, a day (to its end, UTC) or a head's own text; None is now.

        Raises InvalidValue for a moment to come, and for a head that is none of this ledger's.
        """
        now = self.now()
        if as_of is None:
            return self.head(), now
        if looks_like_a_head(as_of):
            return self._at_head(same_ledger(read_head(as_of), self.ledger_id))
        if not isinstance(as_of, date) and not (isinstance(as_of, str) and DATED.match(as_of)):
            raise InvalidValue(f"as_of: {short_repr(as_of)} is no day, moment or head; say 2026-04-13, or size:root")
        moment = check_field("as_of", read_made_at, as_of)
        if moment > now and moment != read_made_at(now.date()):
            raise InvalidValue(
                f"as_of {as_of} lies in the future; nothing is known of it yet, and in UTC, which days are, "
                f"it is {now:%Y-%m-%d %H:%M}"
            )
        return self.head(self.size_at(min(moment, now))), min(moment, now)

    def _at_head(self, head: Head) -> tuple[Head, datetime]:
        row = self.connection.execute("select root, recorded_at from main.seal where size = ?", (head.size,)).fetchone()
        if row is None or not (found := self._sealed(head.size, row[0])).root.startswith(head.root):
            raise InvalidValue(f"{head.short} is no head of this ledger; see `history` and `head`")
        return found, parse_moment_text(row[1])

    def _sealed(self, size: object, root: object) -> Head:
        """The head of a seal's row, which a damaged file can hold as anything."""
        if not isinstance(size, int) or not isinstance(root, bytes) or len(root) != len(EMPTY_ROOT):
            raise Tampered(f"{str(self.path)!r} has a seal that is none; run verify")
        return Head(size, root, self.ledger_id)

    def _continue(self) -> Writing:
        self._check_schema("takes no more records")
        if self._scratch_only and not is_scratch(self.ledger_id):
            raise LedgerError(
                f"{str(self.path)!r} is no scratch ledger, and a clock set by hand writes to no other; "
                "open it outside the block that sets the clock"
            )
        last = self.connection.execute(
            "select number, size, root, frontier, (select max(n) + 1 from main.entry) from main.seal "
            "order by entry desc limit 1"
        ).fetchone()
        try:
            number, size, root, frontier, entries = last
            tree = Frontier.from_bytes(size, frontier)
            whole = (entries, tree.root()) == (size, root)
        except (TypeError, ValueError):
            whole = False
        if not whole:
            raise Tampered(f"{str(self.path)!r} was changed by hand at its end; run verify")
        return Writing(self, number + 1, tree)

    def _check_schema(self, refused: str) -> None:
        """Refuse a file whose tables, triggers or views are not this format's own, before a row of it is read."""
        (version,) = self.connection.execute("pragma schema_version").fetchone()
        if version != self._checked_schema:
            if missing := schema.missing_tables(self.connection):
                raise Tampered(f"{str(self.path)!r} has no table {missing[0]}, or something in its place; run verify")
            if faults := schema.differences(self.connection):
                raise Tampered(f"{str(self.path)!r} {refused}: {faults[0]}; run verify")
            self._checked_schema = version

    def _begin(self) -> None:
        """Make a ledger of an empty file; where two processes start at once, the second finds it made."""
        with self._transaction("begin immediate"):
            if not file_format(self.connection, self.path):
                schema.create(self.connection)
                writing = Writing(self, 1, Frontier())
                ledger_id = self.new_bytes()
                if self._scratch_only:
                    ledger_id = SCRATCH + ledger_id[len(SCRATCH) :]
                fields: dict[str, Plain] = {"ledger_id": ledger_id.hex(), "format": schema.FORMAT}
                entry = writing.append("genesis", fields)
                self.connection.execute("insert into main.genesis values (?, ?, ?)", (entry, *fields.values()))
                writing.seal()
                self.connection.execute("commit")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        """From *begin* to a rollback, which whoever has something to keep forestalls by a commit."""
        try:
            self._open = True
            self.connection.execute(begin)
            yield
        finally:
            self._end()

    def _end(self) -> None:
        """Undo what was not committed."""
        try:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
        finally:
            self._open = False

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        if os.getpid() != self._process:
            raise LedgerError("this ledger was opened before a fork; open it again in the new process")
        with self._lock, plain_errors(self.path):
            outermost = not self._open
            try:
                try:
                    yield
                finally:
                    if outermost:  # once more, where an interrupt met the end of the transaction itself
                        self._end()
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
                    self.connection.close()  # what a failing disk holds is only known after opening it anew
                raise
