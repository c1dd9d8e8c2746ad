"""Backups: whole and verified whatever goes on meanwhile, never over anything else, and nothing left behind."""

from __future__ import annotations

import builtins
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from prefixes import prefix_proof
from tampering import tamper

from predictions import InvalidValue, Ledger, LedgerError, StorageError, Tampered
from predictions.importing.forecasts import RECORDS_AT_MOST
from predictions.storage.files import new_file

WRITER = """
import sys
from predictions import Ledger
with Ledger(sys.argv[1], me="ben") as ledger:
    for number in range(10**6):
        ledger.forecast("rain", round(0.1 + number % 80 / 100, 2), again=True)
        print(ledger.head(), flush=True)
"""


@pytest.fixture
def rain(ledger: Ledger) -> Ledger:
    ledger.add("It rains in Lisbon", deadline="2026-06-30", p=0.3, slug="rain")
    return ledger


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_holds_everything_and_verifies_by_itself(rain: Ledger, tmp_path: Path) -> None:
    made = rain.backup(tmp_path / "copy.db")

    with Ledger(tmp_path / "copy.db", create=False) as copy:
        assert copy.head() == rain.head() == made.head
        assert copy.verify(head=rain.head(), deep=True).ok
        assert str(copy.board()) == str(rain.board())
    assert names(tmp_path) == {"ledger.db", "copy.db"}
    assert f"backup: {made.entries} entries, verified" in str(made)
    assert made.to_dict() == {"path": str(tmp_path / "copy.db"), "entries": 8, "head": str(rain.head())}


def dump(count: int) -> dict[str, list[object]]:
    return {
        "claim": ["rain"] * count, "forecaster": [f"model-{number % 7}" for number in range(count)],
        "made_at": [1_767_200_000_000_000 + number * 1_000_000 for number in range(count)],
        "probability": [number % 100 / 100 for number in range(count)],
    }  # fmt: skip


@pytest.mark.parametrize("count", [20, RECORDS_AT_MOST + 5_000], ids=["records", "blocks"])
def test_a_backup_holds_imports_lists_and_blocks_and_goes_on_from_them(
    rain: Ledger, tmp_path: Path, count: int
) -> None:
    rain.import_forecasts(dump(count))
    rain.backup(tmp_path / "copy.db")

    with Ledger(tmp_path / "copy.db", me="ben") as copy:
        assert copy.head() == rain.head()
        assert copy.verify(head=rain.head(), deep=True).ok
        for query in ("select * from import_list", "select * from block", "select * from forecasts"):
            kept, here = (one._journal.connection.execute(query).fetchall() for one in (copy, rain))
            assert kept == here
        assert copy.import_forecasts(dump(count)).forecasts == 0, "all of it stands in the copy"
        assert copy.import_forecasts(dump(count + 10)).forecasts == 10
        assert copy.verify(head=rain.head(), deep=True).ok


def test_an_import_with_a_changed_block_is_not_backed_up(rain: Ledger, tmp_path: Path) -> None:
    rain.import_forecasts(dump(RECORDS_AT_MOST + 5_000))
    tamper(tmp_path / "ledger.db", "update block set content = zeroblob(length(content)) where position = 1")

    with pytest.raises(Tampered, match=r"the copy does not verify, and was not kept: .*block 1"):
        rain.backup(tmp_path / "copy.db")

    assert names(tmp_path) == {"ledger.db"}


def test_a_backup_may_go_on_as_a_ledger(rain: Ledger, tmp_path: Path) -> None:
    rain.backup(tmp_path / "copy.db")

    with Ledger(tmp_path / "copy.db", me="ben") as copy:
        copy.forecast("rain", 0.9)
        assert copy.verify(head=rain.head()).ok


def test_every_backup_made_while_another_process_writes_holds_all_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger(path, me="ana") as ledger:
        ledger.add("It rains in Lisbon", deadline="2030-06-30", slug="rain")
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        try:
            assert writer.stdout is not None
            for number in range(8):
                acknowledged = writer.stdout.readline().strip()
                ledger.backup(tmp_path / f"{number}.db")
                with Ledger(tmp_path / f"{number}.db", create=False) as copy:
                    assert copy.verify(head=acknowledged, deep=True).ok
        finally:
            writer.kill()
            writer.communicate()


def whole(path: Path) -> bool:
    try:
        with Ledger(path, create=False) as copy:
            return copy.verify(deep=True).ok
    except LedgerError:
        return False


def test_a_plain_copy_made_while_others_write_is_no_backup(rain: Ledger, tmp_path: Path) -> None:
    """The control: what backups are there for. A large transaction has pages in the file before it ends."""
    for number in range(60):
        rain.forecast("rain", number / 100, again=True)
    rain._journal.connection.execute("pragma cache_size = 1")
    with suppress(KeyboardInterrupt), rain._journal.writing() as writing:
        for number in range(3_000):
            writing.append("event", {"slug": f"event-{number}"})
        shutil.copy(tmp_path / "ledger.db", tmp_path / "copy.db")
        raise KeyboardInterrupt
    rain.backup(tmp_path / "backup.db")

    assert not whole(tmp_path / "copy.db")
    assert whole(tmp_path / "backup.db")


def test_a_file_that_is_there_is_kept_unless_force_says_so(rain: Ledger, tmp_path: Path) -> None:
    rain.backup(tmp_path / "copy.db")
    rain.forecast("rain", 0.5)

    with pytest.raises(InvalidValue, match="is there already; say another name, or force=True"):
        rain.backup(tmp_path / "copy.db")
    rain.backup(tmp_path / "copy.db", force=True)

    with Ledger(tmp_path / "copy.db", create=False) as copy:
        assert copy.head() == rain.head()


def test_force_replaces_no_ledger_that_holds_anything_this_one_does_not(rain: Ledger, tmp_path: Path) -> None:
    rain.backup(tmp_path / "copy.db")
    with Ledger(tmp_path / "copy.db", me="ben") as copy:
        copy.forecast("rain", 0.9)
    with Ledger(tmp_path / "other.db", me="ben") as other:
        other.add("Another ledger altogether", deadline="2026-06-30")

    for name in ("copy.db", "other.db"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(InvalidValue, match="is a ledger with records that this one has not"):
            rain.backup(tmp_path / name, force=True)
        assert (tmp_path / name).read_bytes() == before

    rain.merge(tmp_path / "copy.db")
    rain.backup(tmp_path / "copy.db", force=True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ledger.db", "is this ledger itself"),
        ("hard.db", "is this ledger itself"),
        ("link.db", "is a link"),
        (".", "is not a regular file"),
        ("none/copy.db", "no folder"),
        ("pipe", "is not a regular file"),
        ("a\0b", "is no path: embedded null byte"),
        ("x" * 300, "is no path: it is too long"),
        ("stale.db", "'stale.db-journal' lies there"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_and_nothing_changes(
    rain: Ledger, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "link.db").symlink_to("somewhere.db")
    os.link(tmp_path / "ledger.db", tmp_path / "hard.db")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "stale.db-journal").write_bytes(b"left by another file")
    before = names(tmp_path)

    with pytest.raises(InvalidValue, match=words):
        rain.backup(tmp_path / name, force=True)

    assert names(tmp_path) == before
    assert rain.verify(deep=True).ok


def test_a_ledger_that_does_not_verify_is_not_backed_up(rain: Ledger, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("drop trigger forecast_no_update")
        connection.execute("update forecast set probability = 0.9")
    connection.close()

    with pytest.raises(Tampered, match="the copy does not verify, and was not kept"):
        rain.backup(tmp_path / "copy.db")

    assert names(tmp_path) == {"ledger.db"}


def test_a_disk_that_is_full_leaves_nothing_behind(rain: Ledger, tmp_path: Path) -> None:
    script = f"""
import resource, signal
from predictions import Ledger, StorageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Ledger({str(tmp_path / "ledger.db")!r}) as ledger:
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    try:
        ledger.backup({str(tmp_path / "copy.db")!r})
    except StorageError as error:
        print(error)
    print(ledger.verify().ok)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert "nothing" in said.splitlines()[0]
    assert said.splitlines()[-1] == "True"
    assert names(tmp_path) == {"ledger.db"}


def test_a_folder_that_takes_no_file_is_told_so(rain: Ledger) -> None:
    with pytest.raises(StorageError, match="cannot write beside"):
        rain.backup("/proc/copy.db")


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, OSError])
def test_an_interrupted_file_leaves_nothing_behind(tmp_path: Path, error: type[BaseException]) -> None:
    def fail(passing: Path) -> None:
        passing.write_bytes(b"half")
        raise error

    with pytest.raises((error, StorageError)), new_file(tmp_path / "copy.db") as passing:
        fail(passing)

    assert names(tmp_path) == set()


def test_a_name_that_was_taken_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="is there already; nothing was written"), new_file(tmp_path / "copy.db"):
        (tmp_path / "copy.db").write_bytes(b"somebody else's")

    assert (tmp_path / "copy.db").read_bytes() == b"somebody else's"
    assert names(tmp_path) == {"copy.db"}


def test_a_file_system_without_links_is_served_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    with new_file(tmp_path / "copy.db") as passing:
        passing.write_bytes(b"whole")

    assert (tmp_path / "copy.db").read_bytes() == b"whole"
    assert names(tmp_path) == {"copy.db"}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every path that Python itself opens, in whichever way."""
    paths: list[str] = []

    def watched(function: Any) -> Any:
        def call(path: Any, *rest: Any, **named: Any) -> Any:
            paths.append(str(path))
            return function(path, *rest, **named)

        return call

    with monkeypatch.context() as patched:
        for module, name in ((builtins, "open"), (os, "open"), (shutil, "copyfile")):
            patched.setattr(module, name, watched(getattr(module, name)))
        yield paths


def test_the_ledgers_own_path_is_never_opened_by_hand(rain: Ledger, tmp_path: Path, opened: list[str]) -> None:
    """Closing such a descriptor would drop SQLite's locks: an acknowledged record could be lost."""
    head = rain.head()
    rain.backup(tmp_path / "copy.db")
    rain.backup(tmp_path / "copy.db", force=True)
    with Ledger(tmp_path / "copy.db", me="ben") as copy:
        copy.forecast("rain", 0.9)
    rain.forecast("rain", 0.4)
    rain.merge(tmp_path / "copy.db")
    rain.redact("rain ben", to=tmp_path / "redacted.db")
    rain.prove("rain ana", file=tmp_path / "proof.json")
    prefix_proof(rain, head)
    rain.verify(deep=True)

    assert any("partial" in path for path in opened)
    assert str(tmp_path / "ledger.db") not in opened


def test_after_a_fork_a_backup_is_refused(rain: Ledger, tmp_path: Path) -> None:
    rain._journal._process -= 1
    try:
        with pytest.raises(LedgerError, match="opened before a fork"):
            rain.backup(tmp_path / "copy.db")
    finally:
        rain._journal._process += 1

    assert names(tmp_path) == {"ledger.db"}
