"""The one safe way to open the file: its settings, what is no ledger, what may not be read or written, who waits."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine
from invented import EVERY_KIND, opened, write
from tampering import tamper

from predictions import InvalidValue, Ledger, LedgerBusy, LedgerError, LedgerWarning, NotALedger, StorageError, Tampered
from predictions.storage import connection
from predictions.storage.connection import connect, plain_errors
from predictions.storage.journal import Journal

EXACT = {
    "journal_mode": "delete",
    "synchronous": 3,  # extra
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "temp_store": 2,  # memory
    "mmap_size": 0,
    "fullfsync": 1,
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
NOBODY = 65_534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)
    return path


def _settings(open_connection: sqlite3.Connection) -> dict[str, object]:
    return {name: open_connection.execute(f"pragma {name}").fetchone()[0] for name in EXACT}


@pytest.mark.parametrize("create", [True, False])
def test_every_setting_is_on_in_new_and_old_files(create: bool, path: Path) -> None:
    if create:
        path.unlink()
    with Ledger(path, create=create) as ledger:
        assert _settings(ledger._journal.connection) == EXACT


def test_a_read_only_connection_has_the_settings_that_matter(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("predictions.storage.connection.os.access", lambda path, mode: mode != os.W_OK)

    with Ledger(path, create=False) as ledger:
        found = _settings(ledger._journal.connection)

        assert found == EXACT
        assert ledger.verify().ok
        with pytest.raises(StorageError, match="is read-only; nothing was written; copy it"):
            ledger.add("It rains", deadline="2030-01-01")


def test_a_ledger_that_was_switched_to_another_journal_mode_is_switched_back(path: Path) -> None:
    stranger = sqlite3.connect(path)
    assert stranger.execute("pragma journal_mode = wal").fetchone() == ("wal",)
    stranger.close()

    with Ledger(path, create=False) as ledger:
        assert _settings(ledger._journal.connection) == EXACT
        assert ledger.verify().ok


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "what? 100% #1 & é 漢.db"

    with Ledger(path, me="ana") as ledger:
        ledger.add("It rains", deadline="2030-01-01")
    with Ledger(path, create=False) as ledger:
        assert ledger.verify().ok

    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def _foreign(path: Path) -> None:
    stranger = sqlite3.connect(path)
    stranger.execute("create table notes (text)")
    stranger.commit()
    stranger.close()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Path.touch, "is not a ledger: it is empty"),
        (lambda path: path.write_bytes(PNG), "is not a ledger: it is not an SQLite file"),
        (lambda path: path.write_text("predictions: many\n"), "is not a ledger"),
        (_foreign, "is not a ledger: it is another program's SQLite file"),
        (Path.mkdir, "is not a ledger: it is not a regular file"),
        (os.mkfifo, "is not a ledger: it is not a regular file"),
        (lambda path: path.symlink_to("/dev/zero"), "is not a ledger: it is not a regular file"),
        (lambda path: path.symlink_to(path), "cannot look at"),
    ],
    ids=["empty", "png", "short text", "other program", "folder", "fifo", "device", "loop"],
)
def test_what_is_no_ledger_is_refused_at_once_and_left_alone(make: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "thing"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    started = time.perf_counter()

    with pytest.raises(NotALedger, match=message):
        Ledger(path, create=False)

    assert time.perf_counter() - started < 1
    assert before is None or path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["thing"]


@pytest.mark.parametrize(
    "make", [lambda path: path.write_bytes(PNG), _foreign, Path.mkdir], ids=["png", "other", "dir"]
)
def test_nothing_of_another_kind_is_turned_into_a_ledger(make: object, tmp_path: Path) -> None:
    path = tmp_path / "thing"
    make(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(NotALedger):
        Ledger(path, create=True)

    assert before is None or path.read_bytes() == before


def test_an_empty_file_becomes_a_ledger_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.touch()

    with (
        pytest.warns(LedgerWarning, match=r"ledger.db' was an empty file, and is a ledger now"),
        Ledger(path) as ledger,
    ):
        assert ledger.verify().ok
    with Ledger(path):  # without a word
        pass


def test_what_is_refused_before_anything_is_recorded_leaves_no_new_file_behind(tmp_path: Path) -> None:
    rows = [{"text": "It rains", "deadline": "02/03/2027"}]

    with pytest.raises(InvalidValue), Ledger(tmp_path / "new.db", me="ana") as ledger:
        ledger.import_from("table", rows)
    assert list(tmp_path.iterdir()) == []

    ledger = Ledger(tmp_path / "new.db", me="ana")
    ledger.add("It snows", deadline="2099")
    with pytest.raises(InvalidValue), ledger:
        ledger.import_from("table", rows)
    assert list(Ledger(tmp_path / "new.db")) == ["it-snows"]


@pytest.mark.parametrize("path", ["ledger\0.db", "x" * 300])
def test_a_name_no_file_can_have_is_refused(path: str) -> None:
    with pytest.raises(InvalidValue, match="is no path: "):
        Ledger(path)


def test_a_mistyped_path_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotALedger, match=r"no ledger at .*ledgr.db'; init, add, quote and import-from create one"):
        Ledger(tmp_path / "ledgr.db", create=False)

    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotALedger, match=r"no folder '.*missing' to put the ledger in"):
        Ledger(tmp_path / "missing" / "ledger.db")

    assert list(tmp_path.iterdir()) == []


def test_a_file_of_a_newer_format_is_left_to_newer_versions(path: Path) -> None:
    _pragma(path, "user_version", 2)

    with pytest.raises(NotALedger, match=r"was made by a newer version \(format 2\); update prediction-ledger"):
        Ledger(path)


@pytest.mark.parametrize("version", [0, -1])
def test_a_damaged_format_number_is_no_reason_to_begin_anew(version: int, path: Path) -> None:
    _pragma(path, "user_version", version)

    with pytest.raises(Tampered, match=f"is damaged: a ledger has no format {version}; restore a backup"):
        Ledger(path)


def _pragma(path: Path, name: str, value: int) -> None:
    stranger = sqlite3.connect(path)
    stranger.execute(f"pragma {name} = {value}")
    stranger.close()


def test_an_sqlite_without_strict_tables_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 36, 0))

    with pytest.raises(LedgerError, match=r"is too old; version 3.37 or later is needed"):
        connect(path, create=False)


AS_NOBODY = """
import os, sys
from predictions import Ledger, LedgerError

def use(path, create):
    try:
        with Ledger(path, create=create, me="ana") as ledger:
            print(ledger.verify().ok, len(ledger.board(full=True).rows()))
            ledger.add("It rains", deadline="2030-01-01")
    except LedgerError as error:
        print(type(error).__name__, error)

use(sys.argv[2], True)  # loads everything, while it may still be read
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
use(sys.argv[1], False)
"""


@pytest.fixture
def public(path: Path) -> Iterator[Path]:
    """The ledger in a folder that everybody may enter; those of the tests are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield Path(shutil.move(path, folder / "ledger.db"))
    folder.chmod(0o755)
    shutil.rmtree(folder)


def _as_nobody(path: Path, first: Path) -> list[str]:
    """What somebody without special rights sees, after a first ledger made by us."""
    command = [sys.executable, "-c", AS_NOBODY.format(nobody=NOBODY), str(path), str(first)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    whole, *rest = done.stdout.splitlines()
    assert whole == "True 0"
    return rest


def test_a_read_only_file_is_read_and_not_written(public: Path, tmp_path: Path) -> None:
    public.chmod(0o444)
    before = public.read_bytes()

    whole, refused = _as_nobody(public, tmp_path / "first.db")

    assert whole == "True 3"
    assert refused.startswith("StorageError")
    assert "is read-only; nothing was written; copy it to where you may write" in refused
    assert public.read_bytes() == before


def test_a_file_in_a_read_only_folder_is_read_and_not_written(public: Path, tmp_path: Path) -> None:
    public.chmod(0o666)
    public.parent.chmod(0o555)
    before = public.read_bytes()

    whole, refused = _as_nobody(public, tmp_path / "first.db")

    assert whole == "True 3"
    assert refused.startswith("StorageError")
    assert "nothing was written" in refused
    assert public.read_bytes() == before


def test_a_file_that_may_not_be_read_is_refused(public: Path, tmp_path: Path) -> None:
    public.chmod(0o000)

    (refused,) = _as_nobody(public, tmp_path / "first.db")

    assert refused == f"StorageError {str(public)!r} may not be read by this user"


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.3)
    return 0.3


def test_a_file_that_another_program_holds_in_wal_is_refused_as_that(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("pragma journal_mode = wal")
    other.execute("select count(*) from entry").fetchone()

    with pytest.raises(LedgerBusy, match="has switched it to WAL, a mode that ledgers do without; nothing was written"):
        Ledger(path)

    other.close()
    with Ledger(path) as ledger:
        assert ledger.verify().ok


@pytest.mark.parametrize("typed", [False, True])
def test_a_held_lock_is_waited_for_once(path: Path, monkeypatch: pytest.MonkeyPatch, typed: bool) -> None:
    wait = 4.0
    monkeypatch.setattr(connection, "WAIT_SECONDS", wait)
    run = CommandLine(path.parent)
    run.path = path
    run.refuses("forecast", "none", "40%")  # what it takes is loaded
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin exclusive")

    started = time.perf_counter()
    if typed:
        assert "did not finish" in run("forecast", "none", "40%").stderr
    else:
        with pytest.raises(LedgerBusy):
            Ledger(path)

    assert wait <= time.perf_counter() - started < 2 * wait
    other.close()


@pytest.mark.parametrize("hold", ["begin immediate", "begin exclusive"])
def test_a_writer_elsewhere_is_waited_for_and_then_named(hold: str, path: Path, short_wait: float) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    with opened(path) as (journal, _):
        before = journal.head()
        other.execute(hold)
        started = time.perf_counter()

        with (
            pytest.raises(LedgerBusy, match=r"another program is reading or writing .* nothing was written"),
            journal.writing(),
        ):
            pytest.fail("two writers at once")

        assert short_wait <= time.perf_counter() - started < short_wait + 2
        other.execute("rollback")
        with journal.writing() as writing:
            writing.append("event", {"slug": "x"})
        assert journal.head().size == before.size + 2
    other.close()


def test_a_reader_elsewhere_who_does_not_finish_makes_a_writer_give_up_and_nothing_is_lost(
    path: Path, short_wait: float
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    half_read = other.execute("select * from entry")
    half_read.fetchone()

    with Ledger(path, me="ana") as ledger:
        before = ledger.head()
        with pytest.raises(LedgerBusy):
            ledger.add("It rains", deadline="2030-01-01")
        assert ledger.head() == before
        half_read.close()
        ledger.add("It rains", deadline="2030-01-01")

        assert ledger.head().size == before.size + 4
        assert ledger.verify().ok
    other.close()


def test_opening_waits_for_a_writer_that_is_nearly_done(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("begin exclusive")
    threading.Timer(0.3, other.execute, ["rollback"]).start()

    with Ledger(path) as ledger:
        assert ledger.verify().ok
    other.close()


def test_opening_a_file_that_stays_locked_says_so(path: Path, short_wait: float) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin exclusive")

    with pytest.raises(LedgerBusy, match=r"did not finish within 0\.3 s"):
        Ledger(path)

    other.close()


def test_the_hot_journal_of_another_file_beside_it_is_noticed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    _foreign(other)
    writer = sqlite3.connect(other, isolation_level=None)
    writer.execute("insert into notes values (zeroblob(100000))")
    writer.execute("pragma cache_size = 1")
    writer.execute("begin immediate")
    writer.execute("update notes set text = zeroblob(100001)")  # spills, so that the journal is synced: hot
    shutil.copy(f"{other}-journal", f"{path}-journal")
    writer.execute("rollback")
    writer.close()

    with pytest.raises((NotALedger, Tampered)):
        Ledger(path, create=False)


def test_use_after_closing_says_so(path: Path) -> None:
    ledger = Ledger(path)
    ledger.close()
    ledger.close()

    with pytest.raises(LedgerError, match="was closed; open it again"):
        ledger.head()


def test_text_that_is_no_utf_8_is_damage(path: Path) -> None:
    _undecodable(path)

    with Ledger(path, create=False) as ledger, pytest.raises(Tampered, match="is damaged: Could not decode"):
        ledger.board()


def test_damaged_pages_are_damage(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[4096 : 4096 * 30] = os.urandom(4096 * 29)
    path.write_bytes(raw)

    with pytest.raises(Tampered, match=r"is damaged: .* restore a backup"):
        Ledger(path, create=False)


def _undecodable(path: Path) -> None:
    tamper(path, "update claim set title = cast(x'ff41' as text) where slug = 'storm'")


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("SQLITE_BUSY", LedgerBusy, "did not finish within 30 s; nothing was written; close it and try again"),
        ("SQLITE_LOCKED_SHAREDCACHE", LedgerBusy, "another program is reading or writing"),
        ("SQLITE_NOTADB", NotALedger, "is not an SQLite file"),
        ("SQLITE_FULL", StorageError, "is full; nothing was written; free some space"),
        ("SQLITE_READONLY_DIRECTORY", StorageError, "is read-only; nothing was written; copy it"),
        ("SQLITE_CANTOPEN", StorageError, "cannot be opened; nothing was written; may you write in its folder?"),
        ("SQLITE_IOERR_FSYNC", StorageError, "nothing is half-written; open it again to see what was kept"),
        ("SQLITE_CORRUPT", Tampered, "is damaged: as it happens; restore a backup"),
        ("SQLITE_ERROR", LedgerError, "as it happens"),
    ],
)
def test_each_refusal_of_sqlite_has_its_plain_words(name: str, kind: type[LedgerError], words: str) -> None:
    refusal = sqlite3.OperationalError("as it happens")
    refusal.sqlite_errorname = name

    with pytest.raises(LedgerError) as error, plain_errors(Path("ledger.db")):
        raise refusal

    assert type(error.value) is kind
    assert words in str(error.value)
    assert "ledger.db" in str(error.value)


def test_what_sqlite_quotes_of_a_damaged_file_is_one_short_line() -> None:
    refusal = sqlite3.DatabaseError("malformed schema: (\n  word text\n) " + "x" * 5000)
    refusal.sqlite_errorname = "SQLITE_CORRUPT"

    with pytest.raises(Tampered) as error, plain_errors(Path("ledger.db")):
        raise refusal

    assert "malformed schema: ( word text ) xxx" in str(error.value)
    assert len(str(error.value)) < 300


def test_half_a_character_in_a_name_is_refused_wherever_it_is_looked_up(path: Path) -> None:
    with Ledger(path, create=False) as ledger:
        for look in (
            lambda: ledger.prove("r\ud800"),
            lambda: ledger.prove("rain r\ud800"),
            lambda: ledger.claim("r\ud800"),
            lambda: ledger.redact("r\ud800", to=path.with_name("copy.db")),
            lambda: ledger.retract("r\ud800", reason="x"),
        ):
            with pytest.raises(LedgerError, match=r"'.*r\\ud800'"):
                look()


def test_a_file_that_this_user_may_not_read_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("predictions.storage.connection.os.access", lambda path, mode: False)

    with pytest.raises(StorageError, match="may not be read by this user"):
        connect(path, create=False)


def test_what_sqlite_says_otherwise_is_passed_on_as_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no such table: absent"), plain_errors(tmp_path):
        sqlite3.connect(":memory:").execute("select * from absent")


def test_a_replacing_insert_is_refused_in_plain_words(path: Path) -> None:
    replacing = "insert or replace into entry values (0, 'genesis', zeroblob(32))"

    with opened(path) as (journal, _), pytest.raises(Tampered, match="refuses to replace what is written"):
        with_writing(journal, replacing)


def with_writing(journal: Journal, statement: str) -> None:
    with journal.writing():
        journal.connection.execute(statement)


def test_a_journal_that_cannot_be_opened_leaves_no_connection_behind(path: Path) -> None:
    _pragma(path, "user_version", 9)

    for _ in range(3):
        with pytest.raises(NotALedger):
            Journal(path)

    _pragma(path, "user_version", 1)
    with Ledger(path) as ledger:
        assert ledger.verify().ok
