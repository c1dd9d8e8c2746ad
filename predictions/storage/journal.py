"""The journal: the open file, in which every write is one sealed transaction and every read sees one moment.

Nothing else asks ``storage.clock`` for the time. No verb and no importer sets ``recorded_at``: an argument for it would
let anybody backdate a forecast. Tests of the format give a clock and salts; nothing above can reach them. A clock that
``predictions.testing`` set by hand marks every ledger that is created under it.
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

LAST_DAY = date(9999, 11, 30)  # of a clock: what is reckoned from it must not run out of days


def random_bytes() -> bytes:
    """Return sixteen random bytes, for a ledger's id or a seal's salt."""
    return os.urandom(16)


WAS_EMPTY = "was an empty file, and is a ledger now"


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file stands under a path; None where none does."""
    with suppress(OSError, ValueError):
        found = path.stat()
        return found.st_dev, found.st_ino
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
        # Device and inode: after `mv` or a sync program the open connection still writes, into a file that nobody will
        # find.
        self._file = None if connection else _identity(path)  # a copy of a test's own may be in memory
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
        """Return the ledger's clock.

        Raises LedgerError where it stands so late that reckoning from it would leave the calendar.
        """
        moment = self._clock().astimezone(UTC)
        if moment.date() > LAST_DAY:
            raise LedgerError(f"this machine's clock says {moment.date()}, which cannot be; set it right")
        return moment

    def close(self) -> None:
        """Let go of the file; closing twice is no error."""
        # A connection that came through a fork must not be touched: closed here, it could undo what the parent writes.
        if os.getpid() == self._process:
            self.connection.close()
            self.closed = True

    @contextmanager
    def reading(self, *, to_verify: bool = False) -> Iterator[None]:
        """Hold the ledger at one moment: everything read inside sees the same entries.

        Raises Tampered for a file whose schema is not a ledger's. With *to_verify* such a file may be read, since
        ``verify`` names what is wrong with it.
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
        """Open one transaction: all of it is on disk when the block ends, or nothing of it."""
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
            # IMMEDIATE takes the write lock at once and waits for it; a deferred transaction would read first, and then
            # fail at once, whatever the timeout, where somebody else has written meanwhile.
            with self._transaction("begin immediate"):
                self._check_in_place(self._file)
                yield self._continue()

    def copy_into(self, other: sqlite3.Connection, path: Path) -> None:
        """Copy the whole file as it stands at one moment, page by page.

        Args:
            other: A connection to the copy.
            path: What the copy will be called, for error messages.
        """
        with self._guarded(), plain_errors(path):
            if self._open:
                raise LedgerError("a ledger cannot be copied from inside its own transaction")
            self.connection.backup(other)

    def prefix(self, as_of: object = None, name: str = "as_of") -> tuple[Head, datetime]:
        """Return the head that *as_of* means, and its moment; InvalidValue where there is none, see ``head_as_of``."""
        return head_as_of(self, self.now, as_of, name)

    def _continue(self) -> Writing:
        """Take up the tree where the last seal left it; Tampered where the file's end does not agree with that seal."""
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
        # A seat belt, not the proof: rows appended by hand would otherwise be covered by our next seal as if we wrote
        # them.
        if not intact:
            raise Tampered(f"{str(self.path)!r} was changed by hand at its end; run verify")
        return self._writing(number + 1, tree)

    def _writing(self, number: int, frontier: Frontier) -> Writing:
        return Writing(self.connection, number, frontier, salt=self.new_bytes(), clock=self.now)

    def _check_schema(self, refused: str) -> None:
        """Refuse a file whose tables, triggers or views are not this format's own, before a row of it is read.

        A planted view or trigger would otherwise run with the reader's rights.
        """
        # SQLite raises this number with each change of the schema, so the full comparison runs once and not with each
        # verb.
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

        One that stood there empty stands there empty again.
        """
        if not self._made:
            return
        with suppress(LedgerError, OSError), self._guarded(), self._transaction("begin exclusive"):
            self._check_in_place(self._file)
            # One seal is the genesis alone; with a second one somebody has recorded something, and the file is theirs.
            if self.connection.execute("select count(*) from main.seal").fetchone() == (1,):
                path = self.path.resolve()
                mode = path.stat().st_mode
                path.unlink()
                if self.was_empty:
                    path.touch(mode & 0o777, exist_ok=False)
                    path.chmod(mode & 0o777)  # whatever the mask of this process leaves out

    def _check_in_place(self, file: tuple[int, int] | None) -> None:
        """Refuse a file that was taken away since it was opened: what is written into it would be lost."""
        if self._file is not None and not file == self._file == _identity(self.path):
            raise StorageError(
                f"{str(self.path)!r} was moved or removed while it was open; nothing was written; open it again"
            )

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        """Run *begin*, and roll back at the end whatever was not committed until then."""
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
        """Hold the lock, turn SQLite's errors into ours, and leave no transaction open, whatever ends the block."""
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
                    self.connection.close()  # what a failing disk holds is only known after opening it again
                raise
