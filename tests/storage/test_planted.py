"""Files that a stranger hands over, and what lies beside them: what is only read is left as it is, to the byte."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from command_line import CommandLine

from predictions import Ledger, LedgerError, NotALedger, StorageError, Tampered
from predictions.storage.connection import SUPER_JOURNAL

READING_VERBS = (
    ["board"], ["claim", "rain"], ["claim", "rain", "--readings"], ["scales"], ["due"], ["due", "--stale"], ["history"],
    ["scorecard"], ["verify"], ["verify", "--deep"], ["head"], ["head", "--sign", "key"], ["prove", "claim rain"],
    ["report", "r.html"], ["export", "calendar", "c.ics"], ["export", "sqlite", "s.db"],
    ["export", "parquet", "parquet"], ["backup", "b.db"], ["redact", "rain ana", "--to", "red.db"], ["keygen", "new"],
    ["export", "datasette", "."], ["diff", "2026-01-01"], ["compare", "ana"], ["explain", "brier"],
)  # fmt: skip
WRITING_VERBS = (
    ["init"], ["import-from", "ainews"], ["add", "Snow", "--deadline", "2099"], ["forecast", "rain", "0.5"],
    ["withdraw", "rain"], ["resolve", "rain", "yes"], ["correct", "claim rain", "--set", "notes=x", "--reason", "y"],
    ["merge", "other.db"], ["import-from", "table", "f.csv"], ["log-evidence", "rain", "https://example.org", "Rain"],
)  # fmt: skip


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ours, `home.db`; a copy that went on, `other.db`; and a file of the user's."""
    folder = tmp_path_factory.mktemp("untouched")
    with Ledger(folder / "home.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", slug="rain", p=0.3)
        ledger.backup(folder / "other.db")
    with Ledger(folder / "other.db", me="ben") as other:
        for number in range(60):
            other.forecast("rain", number / 100, again=True)
    (folder / "thesis.txt").write_text("four years of work")
    return folder


@pytest.fixture
def folder(untouched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The three files, copied into the working folder."""
    shutil.copytree(untouched, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def leave_a_hot_journal(path: Path) -> None:
    """As where the machine stops in the middle of a large transaction, some pages of which are in the file."""
    copy = path.with_name("stopped")
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("pragma cache_size = 1")
        stranger.execute("begin immediate")
        stranger.executemany("insert into entry values (?, 'event', zeroblob(32))", [(n,) for n in range(999, 9999)])
        shutil.copy(path, copy)
        shutil.copy(f"{path}-journal", f"{copy}-journal")
        stranger.execute("rollback")
    shutil.move(copy, path)
    shutil.move(f"{copy}-journal", f"{path}-journal")


def name_in_the_journal(path: Path, victim: Path) -> None:
    """Say in a ledger's hot journal that the transaction wrote into several files, which *victim* lists."""
    name = str(victim).encode()
    with Path(f"{path}-journal").open("ab") as journal:
        page = (0x40000000 // 4096 + 1).to_bytes(4, "big")
        size, checksum = len(name).to_bytes(4, "big"), sum(name).to_bytes(4, "big")
        journal.write(page + name + size + checksum + SUPER_JOURNAL)


def leave_in_wal(path: Path, *, records: bool) -> None:
    """Switch a file to WAL; with *records*, as somebody stopped who had some in the log beside it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("pragma journal_mode = wal")
        stranger.execute("create table more (x)")
        stranger.execute("drop table more")
        copies = {name: Path(name).read_bytes() for name in (str(path), f"{path}-wal")}
    for name, content in copies.items() if records else ():
        Path(name).write_bytes(content)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_control_sqlite_alone_deletes_the_file_that_a_journal_names(folder: Path) -> None:
    leave_a_hot_journal(folder / "other.db")
    name_in_the_journal(folder / "other.db", folder / "thesis.txt")

    with closing(sqlite3.connect(folder / "other.db")) as careless:
        careless.execute("select count(*) from sqlite_schema")

    assert not (folder / "thesis.txt").exists()


@pytest.mark.parametrize("verb", [*READING_VERBS, *WRITING_VERBS], ids=" ".join)
def test_a_journal_that_names_another_file_is_refused_by_every_verb(folder: Path, verb: list[str]) -> None:
    leave_a_hot_journal(folder / "other.db")
    name_in_the_journal(folder / "other.db", folder / "thesis.txt")
    typed = CommandLine(folder)
    typed.path = folder / ("home.db" if verb[0] == "merge" else "other.db")
    before = files(folder)

    assert "names another file, which SQLite would delete" in typed.refuses(*verb)
    assert files(folder) == before


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_what_is_no_file_beside_a_ledger_is_neither_read_nor_written_through(folder: Path, ending: str) -> None:
    (folder / f"other.db{ending}").symlink_to("thesis.txt")

    with pytest.raises(Tampered, match="is not a regular file, and no ledger has such; remove it"):
        Ledger(folder / "other.db")

    assert (folder / "thesis.txt").read_text() == "four years of work"


@pytest.mark.parametrize("verb", READING_VERBS, ids=" ".join)
def test_a_verb_that_only_reads_leaves_an_unfinished_write_as_it_is(folder: Path, verb: list[str]) -> None:
    leave_a_hot_journal(folder / "other.db")
    typed = CommandLine(folder)
    typed.path = folder / "other.db"
    before = files(folder)

    assert "the journal of a write that did not end" in typed.refuses(*verb)
    assert files(folder) == before

    assert typed("init").exit_code == 0, "a person who says that it is theirs gets it back"
    assert typed("verify").exit_code == 0


@pytest.mark.parametrize("records", [False, True])
@pytest.mark.parametrize("journal", ["hot", "wal"])
def test_the_copy_that_is_merged_is_never_written_to(folder: Path, journal: str, records: bool) -> None:
    if journal == "hot":
        leave_a_hot_journal(folder / "other.db")
    else:
        leave_in_wal(folder / "other.db", records=records)
    before = {name: content for name, content in files(folder).items() if "other" in name}

    with Ledger(folder / "home.db", me="ana") as ledger, suppress(StorageError):
        ledger.merge(folder / "other.db")
        assert (journal, records) == ("wal", False), "what is not whole is not merged"
        assert ledger.claim("rain").forecasts[-1][0].probability == 0.59

    assert {name: content for name, content in files(folder).items() if "other" in name} == before


def test_control_for_writing_both_are_written_to(folder: Path) -> None:
    leave_in_wal(folder / "other.db", records=False)
    before = files(folder)

    with Ledger(folder / "other.db", read_only=True) as ledger:
        assert ledger.verify().ok
    assert files(folder) == before

    Ledger(folder / "other.db").close()
    assert files(folder) != before


@pytest.mark.parametrize("leave", [leave_a_hot_journal, lambda path: leave_in_wal(path, records=True)])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_of_another_program_is_left_alone_with_all_that_is_beside_it(
    folder: Path, leave: Callable[[Path], None], read_only: bool
) -> None:
    with closing(sqlite3.connect(folder / "other.db", isolation_level=None)) as stranger:
        stranger.execute("pragma application_id = 1")
    leave(folder / "other.db")
    before = files(folder)

    for create in (False, True):
        with pytest.raises(NotALedger, match="another program's SQLite file"):
            Ledger(folder / "other.db", create=create, read_only=read_only)

    assert files(folder) == before


STRANGE = {
    "a trigger": "create trigger more after insert on entry begin select 1; end",
    "a view": "create view more as select 1",
    "a table": "create table more (x)",
    "a virtual table": "create virtual table more using fts5(x)",
    "an index": "create index more on claim (lower(title))",
    "no trigger": "drop trigger entry_no_update",
    "a column": "alter table event add column more text",
    "no table": "drop table merge",
    "a virtual table for one": "drop table genesis; create virtual table genesis using fts5(ledger_id,format,entry); "
    "insert into genesis values ('00', '1', '0')",
    "a view for one": "alter table claim rename to kept; create view claim as select * from kept",
    "no strict table": "pragma writable_schema = 1; update sqlite_schema set sql = replace(sql, ') strict', ')') "
    "where name = 'seal'; pragma writable_schema = reset",
}  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE)
def test_a_file_of_another_schema_is_read_by_no_verb_and_named_by_verify(folder: Path, strange: str) -> None:
    with closing(sqlite3.connect(folder / "other.db", isolation_level=None)) as stranger:
        stranger.executescript(STRANGE[strange])
    typed = CommandLine(folder)
    typed.path = folder / "other.db"

    for verb in READING_VERBS:
        if verb[0] not in {"verify", "export", "backup", "scales"}:  # no verb of scales opens a ledger
            assert "run verify" in typed.refuses(*verb), verb
    found = typed("verify")
    assert (found.exit_code, found.stdout[:7]) == (1, "not ok:")
    with Ledger(folder / "home.db", me="ana") as ledger:
        with pytest.raises(LedgerError, match="does not verify, and was not merged"):
            ledger.merge(folder / "other.db")
        assert ledger.verify().ok


def test_no_row_is_read_before_the_schema_was_compared(folder: Path) -> None:
    """Every statement that SQLite is given until a card is refused: none names a table of ours."""
    with closing(sqlite3.connect(folder / "other.db", isolation_level=None)) as stranger:
        stranger.executescript(STRANGE["a virtual table for one"])
    spoken: list[str] = []

    with Ledger(folder / "other.db", read_only=True) as ledger:
        ledger._journal.connection.set_trace_callback(spoken.append)
        with pytest.raises(Tampered):
            ledger.board()
        assert not ledger.verify().ok

    assert any("sqlite_schema" in query for query in spoken)
    assert not any("main.genesis" in query or "main.entry " in query for query in spoken)
