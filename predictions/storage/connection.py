"""Opening the file safely, and wording SQLite's errors.

We make our own ``sqlite3`` connection, because each setting below was learned from a failure. SQLite's own error texts
are replaced by sentences that say what to do.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path

from predictions.errors import (
    InvalidValue,
    LedgerBusy,
    LedgerError,
    NotALedger,
    StorageError,
    Tampered,
    one_line,
    short_repr,
)
from predictions.storage import schema

WAIT_SECONDS = 30
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables

SETTINGS = (
    # A rollback journal and not WAL: between writes the one file is the whole ledger, so a copy of it lacks nothing,
    # and a read-only file can be opened. Many SQLites before 3.51.3 can corrupt a WAL that two writers reset at once.
    "pragma journal_mode = delete",
    # With FULL the folder is not synced after the journal is deleted: a power cut can bring the journal back, which
    # then undoes the last commit.
    "pragma synchronous = extra",
    "pragma fullfsync = 1",  # macOS: fsync alone leaves bytes in the disk's cache
    "pragma foreign_keys = 1",
    "pragma recursive_triggers = 1",  # otherwise INSERT OR REPLACE deletes rows without running the triggers
    "pragma trusted_schema = 0",  # the file may come from anybody: its views and triggers must not call functions
    "pragma cell_size_check = 1",
    "pragma temp_store = memory",
    "pragma mmap_size = 0",  # a failing disk is then an error and not a crash
)
UNFINISHED = (
    "beside {where} lies the journal of a write that did not end; what is only read is left as it is; if the file is "
    "yours, `init`, or Ledger(path), brings it back to its last whole state"
)
SUPER_JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"  # the last bytes of a journal that names another file
# By the names of SQLite's errors, or words in their texts: our error, and its sentence.
REFUSALS: tuple[tuple[tuple[str, ...], str, type[LedgerError], str], ...] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED"), "", LedgerBusy,
     "another program is reading or writing {where} and did not finish within {wait} s; nothing was "
     "written; close it and try again"),
    (("SQLITE_NOTADB",), "", NotALedger, "{where} is not a ledger: it is not an SQLite file"),
    (("SQLITE_READONLY_ROLLBACK", "SQLITE_READONLY_RECOVERY"), "", StorageError, UNFINISHED),
    (("SQLITE_FULL",), "", StorageError, "the disk of {where} is full; nothing was written; free some space"),
    (("SQLITE_READONLY",), "readonly", StorageError,
     "{where} is read-only; nothing was written; copy it to where you may write"),
    (("SQLITE_CANTOPEN",), "", StorageError,
     "{where} or its journal beside it cannot be opened; nothing was written; may you write in its folder?"),
    (("SQLITE_IOERR",), "", StorageError,
     "the disk of {where} failed ({name}); nothing is half-written; open it again to see what was kept"),
    (("SQLITE_CORRUPT",), "Could not decode", Tampered, "{where} is damaged: {error}; restore a backup"),
    ((), "what is written stays written", Tampered, "{where} refuses to replace what is written"),
    ((), "closed database", LedgerError, "{where} was closed; open it again"),
)  # fmt: skip


def connect(path: Path, *, create: bool, read_only: bool = False) -> sqlite3.Connection:
    """Connect to the ledger at *path*.

    Args:
        path: The file.
        create: Whether a missing or empty file becomes a ledger.
        read_only: Whether to write nothing, neither into the file nor beside it.

    Raises:
        NotALedger: There is no such file, or it belongs to another program.
        LedgerBusy: Another program has it locked.
        StorageError: The disk failed, or permissions are missing.
        Tampered: Beside it lies a journal such as no ledger has.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise LedgerError(f"SQLite {sqlite3.sqlite_version} is too old; version 3.37 or later is needed")
    _look_at(path, create=create)
    _look_beside(path)
    with plain_errors(path):
        if existed := path.exists():
            _check_kind(path)
        mode = "rwc" if create else "ro" if read_only or not os.access(path, os.W_OK) else "rw"
        if mode == "ro" and _is_in_wal(path):
            mode = "ro&immutable=1"
        connection = _opened(path, mode)
    try:
        with plain_errors(path):
            if not mode.startswith("ro"):
                _leave_wal(connection, path)
            for setting in SETTINGS[1:]:
                connection.execute(setting)
            if not file_format(connection, path) and not create:
                raise NotALedger(f"{str(path)!r} is not a ledger: it is empty")
    except BaseException:
        if not existed:
            discard_empty(connection, path)
        connection.close()
        raise
    return connection


def discard_empty(connection: sqlite3.Connection, path: Path) -> None:
    """Remove a new file that could not become a ledger, for example because the disk is full, if it is empty."""
    try:
        connection.execute("begin exclusive")  # so that no other process begins a ledger in it now
    except sqlite3.Error as error:
        # On a disk that takes no byte even this fails, and the file can go; if somebody holds the file, it stays.
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
            return
    with suppress(OSError):
        if path.stat().st_size == 0:
            path.resolve().unlink()


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    """Open an SQLite connection in a mode of SQLite's URIs."""
    # With isolation_level None Python begins no transactions of its own. Those would be deferred ones, which can fail
    # after their reads. A ledger may be used from several threads; the journal's lock lets one in at a time.
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)


def _look_beside(path: Path) -> None:
    """Refuse files beside a ledger that only an attacker can have put there.

    SQLite writes through links, and deletes the file that a hot journal names at its end. A journal ends with such a
    name only if a transaction wrote into several files, which none of ours does.
    """
    for beside in beside_of(path):
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(beside.lstat().st_mode):
                raise Tampered(f"{str(beside)!r} is not a regular file, and no ledger has such; remove it")
            if beside.name.endswith("-journal") and _end_of(beside) == SUPER_JOURNAL:
                raise Tampered(
                    f"{str(beside)!r} names another file, which SQLite would delete; no ledger has such a journal: "
                    "take the file from somebody you trust"
                )


def beside_of(path: Path) -> list[Path]:
    """List the paths of the files that SQLite may make beside a file; for a link, beside the file it leads to."""
    return [Path(f"{path.resolve()}{ending}") for ending in ("-journal", "-wal", "-shm")]


def _end_of(path: Path) -> bytes:
    """Return the last bytes of a file; b"" for one that may not be read, since SQLite cannot read it either."""
    try:
        with path.open("rb") as file:
            file.seek(-min(len(SUPER_JOURNAL), path.stat().st_size), os.SEEK_END)
            return file.read()
    except PermissionError:
        return b""


def _check_kind(path: Path) -> None:
    """Refuse another program's file without changing it.

    When a file is opened as immutable, SQLite neither plays back a journal nor writes one.
    """
    with closing(_opened(path, "ro&immutable=1")) as probe:
        try:
            file_format(probe, path)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB":
                raise  # any other error may come from a write that goes on, and comes again when the file is locked
        # Tampered may have the same cause.
        except Tampered:
            pass


def _is_in_wal(path: Path) -> bool:
    """Return whether the file was switched to WAL; StorageError if some of its records are in the log beside it.

    It is asked before reading: in that mode SQLite makes files beside the ledger, even in a folder where it must not
    write. Without locks SQLite cannot open such a file, so this error is the sign of WAL, and nothing is written.
    """
    with closing(_opened(path, "ro&nolock=1")) as probe:
        try:
            probe.execute("select 1 from sqlite_schema")
        except sqlite3.OperationalError as error:
            if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_CANTOPEN"):
                return False
        else:
            return False
    _, log, _ = beside_of(path)
    if log.exists() and log.stat().st_size:
        raise StorageError(UNFINISHED.format(where=repr(str(path))))
    return True


def _leave_wal(connection: sqlite3.Connection, path: Path) -> None:
    """Switch the file to a rollback journal, so that it alone is the ledger.

    SQLite refuses while another program holds the file in WAL.
    """
    try:
        connection.execute(SETTINGS[0])
    except sqlite3.OperationalError as error:
        if not _is_in_wal(path):  # seen in the file itself: to ask this connection would mean to wait once more
            raise
        raise LedgerBusy(
            f"another program holds {str(path)!r} open and has switched it to WAL, a mode that ledgers do without; "
            "nothing was written; close it and try again"
        ) from error


def _look_at(path: Path, *, create: bool) -> None:
    """Refuse a path that is not a regular file, or cannot be read, before SQLite opens it."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():  # SQLite would make the file that the link leads to
            raise NotALedger(
                f"{str(path)!r} is not a ledger: it is a link to nothing; say the file's own name"
            ) from None
        if create and path.absolute().parent.is_dir():
            return
        if create:
            raise NotALedger(f"no folder {str(path.parent)!r} to put the ledger in") from None
        near = sorted(get_close_matches(path.name, [other.name for other in path.absolute().parent.glob("*.db")], n=1))
        here = f"{near[0]!r} is here. " if near else ""
        raise NotALedger(f"no ledger at {str(path)!r}; {here}init, add, quote and import-from create one") from None
    except (OSError, ValueError) as error:
        raise NotALedger(f"cannot look at {str(path)!r}: {error}") from None
    if not stat.S_ISREG(mode):
        raise NotALedger(f"{str(path)!r} is not a ledger: it is not a regular file")
    if not os.access(path, os.R_OK):
        raise StorageError(f"{str(path)!r} may not be read by this user")


def file_format(connection: sqlite3.Connection, path: Path) -> int:
    """Return the number of the file's format, 0 for an empty file.

    Raises NotALedger for another program's file and for a newer format.
    """
    (tables,) = connection.execute("select count(*) from sqlite_schema").fetchone()
    (application,) = connection.execute("pragma application_id").fetchone()
    (version,) = connection.execute("pragma user_version").fetchone()
    if tables and application != schema.APPLICATION_ID:
        raise NotALedger(f"{str(path)!r} is not a ledger: it is another program's SQLite file")
    if version > schema.FORMAT:
        raise NotALedger(f"{str(path)!r} was made by a newer version (format {version}); update prediction-ledger")
    if tables and version < 1:
        raise Tampered(f"{str(path)!r} is damaged: a ledger has no format {version}; restore a backup")
    return int(version) if tables else 0


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Replace an error of SQLite inside the block by one of ours, whose message says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name, where = getattr(error, "sqlite_errorname", ""), repr(str(path))
        for names, words, kind, sentence in REFUSALS:
            if (names and name.startswith(names)) or (words and words in str(error)):
                raise kind(sentence.format(where=where, wait=WAIT_SECONDS, name=name, error=one_line(error))) from error
        raise LedgerError(f"{where}: {one_line(error)}") from error
    except UnicodeDecodeError as error:  # bytes in the file that are not UTF-8
        raise Tampered(f"{str(path)!r} is damaged: {error}; restore a backup") from error
    except UnicodeEncodeError as error:  # a value given to us that is not valid text
        half = f"half a character at position {error.start}"
        raise InvalidValue(f"{short_repr(error.object)} has {half}; mend the text") from error
