"""Power cuts and failing disks, simulated: our own code runs on an SQLite whose every storage call is logged or fails.

A disk may hold, of what was written since the last sync, nothing, all, some, or a torn piece; and a deleted file may
come back unless its folder was synced. Every state a power cut could leave is opened and verified by the library.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import apsw
import pytest
from invented import EVERY_KIND, opened, write

from predictions import Ledger, LedgerError, StorageError
from predictions.importing.forecasts import import_forecasts
from predictions.importing.staging import staged
from predictions.importing.tables import How
from predictions.recording.enter import Desk
from predictions.records import Event
from predictions.storage import connection
from predictions.storage.imports import Imports, imports
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.timestamps import in_microseconds

SECTOR = 512
NUMBERS = count()
VARIANTS = ("none", "all", "some", "torn")
WAL_NORMAL = ("pragma locking_mode = exclusive", "pragma journal_mode = wal", "pragma synchronous = normal")
DELETE_FULL = ("pragma synchronous = full",)
NO_SYNC = ("pragma synchronous = off",)


class Rows:
    """The answer to a statement, all of it."""

    def __init__(self, rows: list[tuple[object, ...]]) -> None:
        self._rows = rows

    def fetchone(self) -> tuple[object, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[tuple[object, ...]]:
        return self._rows

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return iter(self._rows)


class Adapted:
    """As much of a sqlite3 connection as the library uses, kept by apsw, whose storage layer can be replaced."""

    def __init__(self, path: str, vfs: str) -> None:
        self._connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
        self.text_factory = str

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> Rows:
        return self._tried(lambda: Rows(self._connection.execute(statement, tuple(values)).fetchall()))

    def executemany(self, statement: str, rows: list[tuple[object, ...]]) -> Rows:
        return self._tried(lambda: Rows(self._connection.executemany(statement, rows).fetchall()))

    @property
    def in_transaction(self) -> bool:
        return self._tried(lambda: self._connection.in_transaction)

    def close(self) -> None:
        self._connection.close(True)

    def _tried(self, work: Callable[[], object]) -> object:
        try:
            return work()
        except apsw.ConnectionClosedError:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.") from None
        except apsw.Error as error:
            raised = sqlite3.OperationalError(str(error))
            code = error.extendedresult
            names = apsw.mapping_extended_result_codes, apsw.mapping_result_codes
            raised.sqlite_errorname = names[0].get(code) or names[1][code & 0xFF]
            raise raised from error


class Disk(apsw.VFS):
    """A storage layer that writes down what is done to a ledger's files, and fails where it is told to."""

    def __init__(self) -> None:
        self.name = f"disk-{next(NUMBERS)}"
        self.done: list[tuple[object, ...]] = []
        self.fails: Callable[[int, str], Exception | None] = lambda number, call: None
        super().__init__(self.name, "")

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return File(self, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:  # noqa: N802
        self.note("delete", Path(name).name, sync_folder)
        super().xDelete(name, sync_folder)

    def note(self, call: str, *what: object) -> None:
        if error := self.fails(len(self.done), call):
            self.done.append(("failed",))
            raise error
        self.done.append((call, *what))


class File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: apsw.URIFilename | str | None, flags: list[int]) -> None:
        self._disk = disk
        full = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self._name = Path(full).name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.note("write", self._name, offset, bytes(data))
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.note("sync", self._name)
        super().xSync(flags)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.note("truncate", self._name, size)
        super().xTruncate(size)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of files are written."""
    place = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=place if place.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def journal_on(disk: Disk, path: Path, monkeypatch: pytest.MonkeyPatch, settings: tuple[str, ...] = ()) -> Journal:
    with monkeypatch.context() as patch:
        patch.setattr(connection, "SETTINGS", (*connection.SETTINGS, *settings))
        patch.setattr("predictions.storage.connection.sqlite3.connect", lambda *_, **__: Adapted(str(path), disk.name))
        return Journal(path)


def put(journal: Journal, number: int, size: int = 1) -> None:
    with journal.writing() as writing:
        for one in range(size):
            record = Event(slug=f"event-{number}-{one}", title="A thing happened", happened="2026")
            Store(journal).put(writing, record)


def put_import(journal: Journal, number: int, size: int = 1) -> None:
    """An import of two small blocks and their lists; *size* is not used."""
    start = 1_760_000_000_000_000 + number * 1_000_000_000
    rows = [
        (slug, who, datetime.fromtimestamp((start + second * 1_000_000) // 1_000_000, UTC), 0.5)
        for slug in ("captains", "storm")
        for who in ("model-a", "model-b")
        for second in range(20)
    ]
    latest = in_microseconds(journal.now())
    claims = ["captains", "captains-strict", "storm"]
    with staged(rows, How(), claims=claims, latest=latest) as ready, journal.writing() as writing:
        import_forecasts(Desk(Store(journal), writing, "ana", journal.now()), ready)


class States:
    """The states of a disk that a power cut could leave, after each of the logged calls."""

    def __init__(self, before: Path, done: list[tuple[object, ...]], seed: int) -> None:
        self._before, self._done = before.read_bytes(), done
        self._generator = random.Random(seed)

    def __iter__(self) -> Iterator[tuple[int, dict[str, bytes]]]:
        """Each state with how many appends had been acknowledged by then."""
        self._synced = {"ledger.db": self._before}
        self._pending: dict[str, list[tuple[object, ...]]] = {}
        self._ghosts: dict[str, bytes] = {}
        acknowledged = 0
        for call, *what in self._done:
            if call == "acknowledged":
                acknowledged += 1
            else:
                self._apply(call, *what)
            for variant in VARIANTS:
                yield acknowledged, self._state(variant)

    def _apply(self, call: str, name: str, *what: object) -> None:
        if call in {"write", "truncate"}:
            self._pending.setdefault(name, []).append((call, *what))
        elif call == "sync":
            self._synced[name] = self._content(name, "all") or b""
            self._pending[name] = []
            self._ghosts.clear()  # a new file's first sync syncs its folder, too
        elif call == "delete":
            left = self._content(name, "all")
            self._synced.pop(name, None)
            self._pending.pop(name, None)
            if not what[0] and left is not None:
                self._ghosts[name] = left

    def _state(self, variant: str) -> dict[str, bytes]:
        names = {*self._synced, *self._pending}
        found = {name: self._content(name, variant) for name in names}
        if variant != "all":
            found = {**self._ghosts, **{name: content for name, content in found.items() if content is not None}}
        return {name: content for name, content in found.items() if content is not None}

    def _content(self, name: str, variant: str) -> bytes | None:
        """What of a file is on disk; None where not even its name is."""
        pending = list(self._pending.get(name, []))
        if variant == "none":
            pending = []
        elif variant == "some":
            pending = [change for change in pending if self._generator.random() < 0.5]
        elif variant == "torn" and pending:
            pending = pending[: self._generator.randrange(len(pending)) + 1]
            call, *what = pending.pop()
            if call == "write":
                offset, data = what
                pending.append((call, offset, data[: SECTOR * self._generator.randrange(len(data) // SECTOR + 1)]))
        if name not in self._synced and not pending:
            return None
        content = bytearray(self._synced.get(name, b""))
        for call, *what in pending:
            if call == "truncate":
                del content[what[0] :]
            else:
                offset, data = what
                content.extend(bytes(max(0, offset - len(content))))
                content[offset : offset + len(data)] = data
        return bytes(content)


def cut_power(
    folder: Path, appends: int, monkeypatch: pytest.MonkeyPatch, settings: tuple[str, ...] = (), size: int = 1,
    append: Callable[[Journal, int, int], None] = put,
) -> dict[str, int]:  # fmt: skip
    """Append on a logged disk, then open every state that a power cut could have left."""
    path, before, state = folder / "ledger.db", folder / "before.db", folder / "state"
    write(path, EVERY_KIND)
    shutil.copy(path, before)
    disk = Disk()
    journal = journal_on(disk, path, monkeypatch, settings)
    for number in range(appends):
        append(journal, number, size)
        disk.done.append(("acknowledged",))
    counts = {"states": 0, "lost": 0, "corrupt": 0}
    for acknowledged, files in States(before, disk.done, seed=appends):
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        for name, content in files.items():
            (state / name).write_bytes(content)
        counts["states"] += 1
        try:
            with Ledger(state / "ledger.db", create=False) as ledger:
                whole = ledger.verify().ok
                kept = (appended(ledger) - 1) / size if whole else 0
        except LedgerError:
            whole = False
        counts["corrupt"] += not whole or kept != int(kept) or kept > acknowledged + 1
        counts["lost"] += whole and kept < acknowledged
    journal.close()
    return counts


def appended(ledger: Ledger) -> int:
    """How many events there are, of which one is in every file; or that one and every import, read to its last row."""
    found = imports(ledger._journal.connection)
    assert all(one.blocks == 2 for one in found)
    assert sum(1 for _ in Imports(ledger._journal.connection).records()) == 80 * len(found)
    return len(ledger._store.slugs(Event)) + len(found)


def test_no_power_cut_loses_or_damages_what_was_acknowledged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = cut_power(folder, 2, monkeypatch)

    assert counts["states"] > 150, counts
    assert (counts["lost"], counts["corrupt"]) == (0, 0), counts


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store every import as blocks, of 50 rows at most."""
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0)
    monkeypatch.setattr("predictions.storage.blocks.BLOCK_ROWS", 50)
    monkeypatch.setattr("predictions.storage.block_writer.BLOCK_ROWS", 50)


@pytest.mark.usefixtures("_small_blocks")
def test_no_power_cut_loses_or_damages_an_import(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = cut_power(folder, 2, monkeypatch, append=put_import)

    assert counts["states"] > 150, counts
    assert (counts["lost"], counts["corrupt"]) == (0, 0), counts


@pytest.mark.usefixtures("_small_blocks")
def test_control_without_syncs_power_cuts_damage_an_import(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = cut_power(folder, 1, monkeypatch, NO_SYNC, append=put_import)

    assert counts["corrupt"] > 0, counts


@pytest.mark.parametrize(
    ("settings", "fault"),
    [(WAL_NORMAL, "lost"), (DELETE_FULL, "lost"), (NO_SYNC, "corrupt")],
    ids=["write-ahead log, normal", "folder not synced", "no syncs"],
)
def test_control_with_other_settings_power_cuts_do_harm(
    settings: tuple[str, ...], fault: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = cut_power(folder, 1, monkeypatch, settings)

    assert counts[fault] > 0, counts


@pytest.mark.campaign
@pytest.mark.parametrize(("appends", "size"), [(30, 1), (3, 300)])
def test_thousands_of_power_cuts_lose_and_damage_nothing(
    appends: int, size: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = cut_power(folder, appends, monkeypatch, size=size)

    print(appends, size, counts)
    assert counts["states"] >= (2_000 if size == 1 else 200), counts
    assert (counts["lost"], counts["corrupt"]) == (0, 0), counts


# -- calls that fail ----------------------------------------------------------------------------------------------


def failing(call: str, code: int, at: int, *, lasting: bool) -> Callable[[int, str], Exception | None]:
    """Fail at the so manieth of the calls, once or from then on."""
    seen = count(1)

    def fails(number: int, found: str) -> Exception | None:
        if found != call:
            return None
        place = next(seen)
        if place < at or (place > at and not lasting):
            return None
        kind = apsw.FullError if code == apsw.SQLITE_FULL else apsw.IOError
        error = kind(f"the disk fails at call {number}")
        error.extendedresult = code
        return error

    return fails


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        ("write", apsw.SQLITE_IOERR_WRITE, "failed (SQLITE_IOERR_WRITE); nothing is half-written; open it again"),
        ("write", apsw.SQLITE_FULL, "is full; nothing was written; free some space"),
        ("sync", apsw.SQLITE_IOERR_FSYNC, "failed (SQLITE_IOERR_FSYNC); nothing is half-written; open it again"),
        ("delete", apsw.SQLITE_IOERR_DELETE, "failed (SQLITE_IOERR_DELETE); nothing is half-written; open it again"),
    ],
)
def test_a_failure_of_any_storage_call_is_one_plain_error_and_the_ledger_works_again(
    call: str, code: int, words: str, lasting: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "ledger.db"
    reached = 0
    for at in count(1):
        path.unlink(missing_ok=True)
        Path(f"{path}-journal").unlink(missing_ok=True)
        write(path, EVERY_KIND)
        disk = Disk()
        journal = journal_on(disk, path, monkeypatch)
        put(journal, 0)
        disk.fails = failing(call, code, at, lasting=lasting)
        refusal = ""
        try:
            put(journal, 1)
        except StorageError as error:
            refusal = str(error)
        failed = ("failed",) in disk.done
        journal.close()
        if not failed:
            break
        reached += 1
        assert words in refusal or (not refusal and code == apsw.SQLITE_IOERR_DELETE), (at, refusal)
        kept = _kept_events(path)
        assert kept[:2] == ["first-move", "event-0-0"], at
        assert kept[2:] in ([], ["event-1-0"]), at
        assert refusal or kept[2:] == ["event-1-0"], at

    assert reached > 0


def _kept_events(path: Path) -> list[str]:
    """The events of a ledger that verifies and takes another record, which its path then holds."""
    with opened(path) as (journal, store):
        kept = store.slugs(Event)
        put(journal, 99)
    with Ledger(path) as ledger:
        assert ledger.verify().ok
        assert ledger._store.slugs(Event) == [*kept, "event-99-0"]
    return kept


def test_a_failed_disk_closes_the_connection_until_the_ledger_is_opened_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "ledger.db"
    write(path, EVERY_KIND)
    disk = Disk()
    journal = journal_on(disk, path, monkeypatch)
    disk.fails = failing("sync", apsw.SQLITE_IOERR_FSYNC, 1, lasting=False)

    with pytest.raises(StorageError):
        put(journal, 1)
    with pytest.raises(LedgerError, match="was closed; open it again"):
        put(journal, 2)

    assert _kept_events(path)[1:] in ([], ["event-1-0"])
