"""The journal: the open file, in which every write is one sealed transaction and every read sees one moment.

Nothing else asks ``storage.clock`` for the time. No verb and no importer sets ``recorded_at``: an argument for it would
let anybody backdate a forecast. Tests of the file format pass a clock and salts, which no caller above this module can
do. A clock that ``predictions.testing`` sets by hand marks every ledger that is created under it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from predictions.errors import LedgerError, StorageError, Tampered, warn
from predictions.storage import schema
from predictions.storage.as_of import head_as_of
from predictions.storage.canonical import Plain
from predictions.storage.checkpoints import Head
from predictions.storage.clock import SCRATCH, TimeSource, clock_by_hand, is_scratch, system_clock
from predictions.storage.connection import connect, discard_empty, file_format, plain_errors
from predictions.storage.entries import EntryReader
from predictions.storage.merkle import Frontier
from predictions.storage.seals import Writing

LAST_DAY = date(9999, 11, 30)  # that a clock may show: days computed from it must not leave the calendar


def random_bytes() -> bytes:
    """Return sixteen random bytes, for a ledger's id or a seal's salt."""
    return os.urandom(16)


WAS_EMPTY = "was an empty file, and is a ledger now"


def _identity(path: Path) -> tuple[int, int] | None:
    """Return the device and the inode of the file at a path, which identify it; None if there is no file."""
    with suppress(OSError, ValueError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


class Journal(EntryReader):
    """The open file of a ledger.

    Attributes:
        closed: Whether it was closed.
    """

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
        self._open = self.closed = self._made = False
        before = _identity(path)
        self.connection = connection or connect(path, create=create, read_only=read_only)
        # After `mv` or a sync program the open connection still writes, but into a file that nobody will find.
        self._file = None if connection else _identity(path)  # a connection that is passed in may be to memory
        try:
            with plain_errors(path):
                if not file_format(self.connection, path):
                    self._begin()
                has_genesis = "genesis" not in schema.missing_tables(self.connection)
                self.ledger_id = str(self.genesis().get("ledger_id", "")) if has_genesis else ""
                self._check_in_place(before or self._file)
            self.was_empty = self._made and before is not None
            if self.was_empty:
                warn(f"{str(path)!r} {WAS_EMPTY}")
        except BaseException:
            if before is None and not connection:
                discard_empty(self.connection, path)
            self.connection.close()
            raise

    def now(self) -> datetime:
        """Return the time of the ledger's clock, in UTC; LedgerError if it is so late that days after it run out."""
        moment = self._clock().astimezone(UTC)
        if moment.date() > LAST_DAY:
            raise LedgerError(f"this machine's clock says {moment.date()}, which cannot be; set it right")
        return moment

    def close(self) -> None:
        """Close the file; to close it twice is allowed."""
        # A connection that came through a fork must not be touched: closing it could undo what the parent writes.
        if os.getpid() == self._process:
            self.connection.close()
            self.closed = True

    @contextmanager
    def reading(self, *, to_verify: bool = False) -> Iterator[None]:
        """Let all reads inside the block see the same entries, whatever others write meanwhile.

        Raises Tampered for a file whose schema is not a ledger's. With *to_verify* such a file can be read, because
        ``verify`` reports what is wrong with it.
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
        """Open one transaction, which is sealed and on disk when the block ends; after an error nothing of it is."""
        with self._continuing() as writing:
            yield writing
            # A transaction that recorded nothing leaves no seal: running a notebook again must not change the head.
            if writing.entries:
                writing.seal()
                self.connection.execute("commit")

    @contextmanager
    def taking_over(self) -> Iterator[None]:
        """Open a transaction in which the entries of another copy are written with their own seals."""
        with self._continuing():
            yield
            self.connection.execute("commit")

    @contextmanager
    def _continuing(self) -> Iterator[Writing]:
        """Open a transaction that goes on from the last seal; a second one inside it is refused."""
        with self._guarded():
            if self._open:
                raise LedgerError("a transaction is already open on this ledger")
            # IMMEDIATE takes the write lock at once and waits for it. A deferred transaction would read first, and then
            # fail without waiting if somebody else has written meanwhile.
            with self._transaction("begin immediate"):
                self._check_in_place(self._file)
                yield self._continue()

    def copy_into(self, other: sqlite3.Connection, path: Path) -> None:
        """Copy the whole file page by page, as it is at one moment.

        Args:
            other: A connection to the copy.
            path: The copy's path, for error messages.
        """
        with self._guarded(), plain_errors(path):
            if self._open:
                raise LedgerError("a ledger cannot be copied from inside its own transaction")
            self.connection.backup(other)

    def prefix(self, as_of: object = None, name: str = "as_of") -> tuple[Head, datetime]:
        """Return the head that *as_of* means, and its moment, as ``head_as_of`` does."""
        return head_as_of(self, self.now, as_of, name)

    def _continue(self) -> Writing:
        """Begin a transaction on the tree that the last seal left.

        Raises Tampered if the entries do not end with that seal, LedgerError for a clock set by hand on a real ledger.
        """
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
            intact = (entries, tree.root()) == (size, root)
        except (TypeError, ValueError):
            intact = False
        # No proof, only a safeguard: our next seal would cover rows that were appended by hand as if they were ours.
        if not intact:
            raise Tampered(f"{str(self.path)!r} was changed by hand at its end; run verify")
        return self._writing(number + 1, tree)

    def _writing(self, number: int, frontier: Frontier) -> Writing:
        """Return a transaction that continues a tree and ends with the seal of that number."""
        return Writing(self.connection, number, frontier, salt=self.new_bytes(), clock=self.now)

    def _check_schema(self, refused: str) -> None:
        """Refuse a file whose tables, triggers or views are not those of this format, before a row of it is read.

        Otherwise a planted view or trigger would run with the reader's rights. *refused* is what the message says of
        the file.
        """
        # SQLite raises this number with each change of the schema, so that the full comparison runs only once.
        (version,) = self.connection.execute("pragma schema_version").fetchone()
        if version != self._checked_schema:
            if missing := schema.missing_tables(self.connection):
                raise Tampered(f"{str(self.path)!r} has no table {missing[0]}, or something in its place; run verify")
            if faults := schema.differences(self.connection):
                raise Tampered(f"{str(self.path)!r} {refused}: {faults[0]}; run verify")
            self._checked_schema = version

    def _begin(self) -> None:
        """Make an empty file a ledger, unless another process that started at the same time has done it."""
        with self._transaction("begin immediate"):
            if not file_format(self.connection, self.path):
                schema.create(self.connection)
                writing = self._writing(1, Frontier())
                ledger_id = self.new_bytes()
                if self._scratch_only:
                    ledger_id = SCRATCH + ledger_id[len(SCRATCH) :]
                fields: dict[str, Plain] = {"ledger_id": ledger_id.hex(), "format": schema.FORMAT}
                entry = writing.append("genesis", fields)
                self.connection.execute("insert into main.genesis values (?, ?, ?)", (entry, *fields.values()))
                writing.seal()
                self.connection.execute("commit")
                self._made = True

    def discard(self) -> None:
        """Remove the file again if this journal made it, and nobody has recorded anything in it since.

        A file that was there before, empty, is made empty again.
        """
        if not self._made:
            return
        with suppress(LedgerError, OSError), self._guarded(), self._transaction("begin exclusive"):
            self._check_in_place(self._file)
            # A single seal is that of the genesis; with a second one somebody has recorded something.
            if self.connection.execute("select count(*) from main.seal").fetchone() == (1,):
                path = self.path.resolve()
                mode = path.stat().st_mode
                path.unlink()
                if self.was_empty:
                    path.touch(mode & 0o777, exist_ok=False)
                    path.chmod(mode & 0o777)  # whatever the mask of this process leaves out

    def _check_in_place(self, file: tuple[int, int] | None) -> None:
        """Refuse to go on if the file was moved or replaced since it was opened: what is written would be lost.

        *file* is the identity that it must still have.
        """
        if self._file is not None and not file == self._file == _identity(self.path):
            raise StorageError(
                f"{str(self.path)!r} was moved or removed while it was open; nothing was written; open it again"
            )

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        """Begin a transaction with the statement *begin*, and roll back at the end what was not committed."""
        try:
            self._open = True
            self.connection.execute(begin)
            yield
        finally:
            self._end()

    def _end(self) -> None:
        """Roll back what was not committed."""
        try:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
        finally:
            self._open = False

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Hold the lock, replace SQLite's errors by ours, and leave no transaction open, however the block ends."""
        if os.getpid() != self._process:
            raise LedgerError("this ledger was opened before a fork; open it again in the new process")
        with self._lock, plain_errors(self.path):
            outermost = not self._open
            try:
                try:
                    yield
                finally:
                    if outermost:  # once more, for an interrupt that came while the transaction itself ended
                        self._end()
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
                    self.connection.close()  # only opening it again shows what a failing disk holds
                raise
