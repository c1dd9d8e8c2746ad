"""What was acknowledged is on disk: through kills, among many writers, on full and failing disks.

Each fault test has a control, the same test with the protection off, which must show the fault.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from invented import EVERY_KIND, opened, write

from predictions import Ledger, LedgerBusy, LedgerError, StorageError
from predictions.records import Event
from predictions.storage import connection
from predictions.storage.journal import Journal
from predictions.storage.store import Store

SMALL_CACHE = ("pragma cache_size = 4",)  # so that a transaction spills to the file before it ends
NO_JOURNAL = ("pragma journal_mode = off", "pragma synchronous = off")
LONGEST_LIFE = 0.06


def events(number: int, count: int, name: str = "event") -> list[Event]:
    return [
        Event(slug=f"{name}-{number}-{one}", title="A thing happened " * 20, happened="2026") for one in range(count)
    ]


def put(journal: Journal, records: list[Event]) -> None:
    store = Store(journal)
    with journal.writing() as writing:
        for record in records:
            store.put(writing, record)


def in_child(work: Callable[[], None]) -> int:
    """Run it in a forked child, which ends without any cleaning up; the child's process id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException as error:
        os.write(2, f"{error!r}\n".encode())
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def write_until_killed(path: Path, batch: int, settings: tuple[str, ...], acknowledgements: int) -> None:
    connection.SETTINGS = (*connection.SETTINGS, *settings)
    with opened(path) as (journal, _):
        number = (journal.connection.execute("select count(*) from event").fetchone()[0] - 1) // batch
        while True:
            number += 1
            put(journal, events(number, batch))
            os.write(acknowledgements, struct.pack("<q", number))


def kill_again_and_again(
    folder: Path, kills: int, batch: int, settings: tuple[str, ...] = (), seed: int = 0
) -> dict[str, int]:
    """Kill a writer at random moments; what was acknowledged, lost, half-written or damaged."""
    generator = random.Random(seed)
    counts = {"kills": 0, "acknowledged": 0, "unanswered": 0, "lost": 0, "partial": 0, "damaged": 0, "hot journals": 0}
    path, standing = folder / "ledger.db", 0
    for kill in range(kills):
        if kill % 25 == 0:
            for file in folder.iterdir():
                file.unlink()
            write(path, EVERY_KIND)
            standing = 0
        reading, writing = os.pipe()
        child = in_child(lambda end=writing: write_until_killed(path, batch, settings, end))
        os.close(writing)
        first = os.read(reading, 8)  # it is at work
        time.sleep(generator.random() * LONGEST_LIFE)
        os.kill(child, signal.SIGKILL)
        ended(child)
        said = first + b"".join(iter(lambda end=reading: os.read(end, 65_536), b""))
        os.close(reading)
        (acknowledged,) = struct.unpack("<q", said[-8:])
        counts["kills"] += 1
        counts["acknowledged"] += acknowledged - standing
        counts["hot journals"] += path.with_name("ledger.db-journal").exists()
        try:
            kept = whole_batches(path, batch)
        except Exception:
            counts["damaged"] += 1
            path.with_name("ledger.db-journal").unlink(missing_ok=True)
            path.unlink()
            write(path, EVERY_KIND)
            standing = 0
            continue
        counts["lost"] += max(0, acknowledged - int(kept))
        counts["partial"] += kept != int(kept)
        counts["unanswered"] += max(0, int(kept) - acknowledged)
        standing = int(kept)
    return counts


def whole_batches(path: Path, batch: int) -> float:
    """How many batches are in the file; it must verify, and SQLite must find no fault."""
    with Ledger(path, create=False) as ledger:
        found = ledger.verify()
        assert found.ok, found.faults
        assert ledger._journal.connection.execute("pragma integrity_check").fetchone() == ("ok",)
        count = ledger._journal.connection.execute("select count(*) from event").fetchone()[0] - 1
    return count / batch


@pytest.mark.parametrize("batch", [1, 100])
def test_a_killed_writer_leaves_every_acknowledged_transaction_whole(batch: int, tmp_path: Path) -> None:
    counts = kill_again_and_again(tmp_path, 30, batch, SMALL_CACHE, seed=batch)

    assert counts["acknowledged"] > 30, counts
    assert (counts["lost"], counts["partial"], counts["damaged"]) == (0, 0, 0), counts


def test_control_without_a_rollback_journal_kills_do_damage(tmp_path: Path) -> None:
    counts = kill_again_and_again(tmp_path, 30, 100, (*SMALL_CACHE, *NO_JOURNAL))

    assert counts["damaged"] + counts["partial"] > 0, counts


@pytest.mark.campaign
@pytest.mark.parametrize(("batch", "settings"), [(1, ()), (1, SMALL_CACHE), (500, ()), (500, SMALL_CACHE)])
def test_a_thousand_kills_lose_nothing(batch: int, settings: tuple[str, ...], tmp_path: Path) -> None:
    counts = kill_again_and_again(tmp_path, 250, batch, settings, seed=batch + 1)

    print(batch, settings, counts)
    assert counts["hot journals"] > 0, counts
    assert (counts["lost"], counts["partial"], counts["damaged"]) == (0, 0, 0), counts


# -- many writers -------------------------------------------------------------------------------------------------


def write_together(path: Path, writers: int, each: int) -> list[float]:
    """So many processes append at once; how long each append took."""
    reading, answering = os.pipe()

    def work(writer: int) -> None:
        with opened(path) as (journal, _):
            for number in range(each):
                started = time.perf_counter()
                put(journal, events(number, 1, f"writer-{writer}"))
                os.write(answering, struct.pack("<d", time.perf_counter() - started))

    children = [in_child(lambda one=writer: work(one)) for writer in range(writers)]
    os.close(answering)
    answers = b"".join(iter(lambda: os.read(reading, 65_536), b""))
    os.close(reading)
    assert [ended(child) for child in children] == [0] * writers
    return sorted(struct.unpack(f"<{len(answers) // 8}d", answers))


def check_all_kept(path: Path, writers: int, each: int) -> None:
    with Ledger(path, create=False) as ledger:
        assert ledger.verify().ok
        slugs = ledger._store.slugs(Event)
    for writer in range(writers):
        assert [slug for slug in slugs if slug.startswith(f"writer-{writer}-")] == [
            f"writer-{writer}-{number}-0" for number in range(each)
        ]


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)

    waits = write_together(path, 2, 50)

    assert len(waits) == 100
    check_all_kept(path, 2, 50)


@pytest.mark.campaign
def test_eight_processes_of_a_hundred_appends_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)

    waits = write_together(path, 8, 100)

    print(f"median {waits[400] * 1000:.1f} ms, 99 % {waits[791] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms")
    assert len(waits) == 800
    assert waits[-1] < connection.WAIT_SECONDS
    check_all_kept(path, 8, 100)


def test_control_readers_that_then_write_without_a_transaction_lose_writes(tmp_path: Path) -> None:
    path = tmp_path / "count.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("create table count (n integer)")
        first.execute("insert into count values (0)")

    def work() -> None:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as own:
            for _ in range(100):
                (n,) = own.execute("select n from count").fetchone()
                time.sleep(0.001)  # long enough for another to write in between, on the fastest disk too
                own.execute("update count set n = ?", (n + 1,))

    children = [in_child(work) for _ in range(4)]
    assert [ended(child) for child in children] == [0] * 4

    with closing(sqlite3.connect(path)) as last:
        assert last.execute("select n from count").fetchone()[0] < 400


def test_control_a_transaction_that_begins_by_reading_is_refused_without_a_wait_where_another_writes(
    tmp_path: Path,
) -> None:
    path, statement = tmp_path / "ledger.db", "insert into entry values (900, 'event', zeroblob(32))"
    write(path, EVERY_KIND)

    with opened(path) as (first, _), opened(path) as (second, _):
        for journal in (first, second):
            journal.connection.execute("begin")
            journal.head()
        first.connection.execute(statement)
        started = time.perf_counter()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            second.connection.execute(statement)

    assert time.perf_counter() - started < connection.WAIT_SECONDS / 2


def test_readers_see_only_whole_transactions_and_never_fewer_than_before(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)
    child = in_child(lambda: [put_alone(path, number) for number in range(60)] and None)

    seen = []
    with Ledger(path, create=False) as ledger:
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            with ledger._journal.reading():
                head = ledger._journal.head()
                records = sum(1 for _ in ledger._store.recorded(head.size))
                entries, seals = (
                    ledger._journal.connection.execute(f"select count(*) from {table}").fetchone()[0]
                    for table in ("entry", "seal")
                )
            seen.append(entries)
            assert entries == head.size == records + seals + 1

    assert seen == sorted(seen)
    assert len(set(seen)) > 3


def test_control_a_reader_without_one_transaction_sees_parts_of_two_moments(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)

    with Ledger(path, create=False) as ledger:
        head = ledger._journal.head()
        put_alone(path, 0)
        (entries,) = ledger._journal.connection.execute("select count(*) from entry").fetchone()

    assert entries != head.size


def put_alone(path: Path, number: int) -> None:
    with opened(path) as (journal, _):
        put(journal, events(number, 3))


def create_together(folder: Path, rounds: int, processes: int) -> None:
    for number in range(rounds):
        path = folder / f"{number}.db"
        start, go = os.pipe()

        def work(path: Path = path, start: int = start, go: int = go) -> None:
            os.close(go)
            os.read(start, 1)  # returns at once for all when the other end is closed
            with Ledger(path, me="ana") as ledger:
                ledger.add(f"It rains on {os.getpid()}", deadline="2030-01-01")

        children = [in_child(work) for _ in range(processes)]
        os.close(go)
        os.close(start)
        assert [ended(child) for child in children] == [0] * processes
        with Ledger(path, create=False) as ledger:
            assert ledger.verify().ok
            assert ledger._journal.connection.execute("select count(*) from genesis").fetchone() == (1,)
            assert len(ledger.board().rows()) == processes


@pytest.mark.filterwarnings("ignore:.* was an empty file")  # which another process had just made
def test_processes_that_create_the_same_ledger_at_once_make_one(tmp_path: Path) -> None:
    create_together(tmp_path, 2, 8)


@pytest.mark.filterwarnings("ignore:.* was an empty file")  # which another process had just made
@pytest.mark.campaign
def test_twenty_times_eight_simultaneous_creations_make_one_ledger_each(tmp_path: Path) -> None:
    create_together(tmp_path, 20, 8)


# -- full and failing disks ---------------------------------------------------------------------------------------


def fill(path: Path) -> tuple[int, str]:
    """Append until the disk refuses; how many appends were acknowledged, and the words of the refusal."""
    number = 0
    with opened(path) as (journal, _):
        try:
            for number in range(100_000):
                put(journal, events(number, 5))
        except StorageError as error:
            return number, str(error)
    raise AssertionError("the disk never filled")


def check_after_filling(path: Path, kept: int) -> None:
    with Ledger(path, create=False) as ledger:
        assert ledger.verify().ok
        assert len(ledger._store.slugs(Event)) == 1 + kept * 5


def test_a_full_disk_is_one_plain_error_and_nothing_is_half_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)
    answer = tmp_path / "answer"

    def work() -> None:
        limit = path.stat().st_size + 40_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        kept, words = fill(path)
        check_after_filling(path, kept)  # reading still works
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        with opened(path) as (journal, _):
            put(journal, events(kept, 5))
        check_after_filling(path, kept + 1)
        answer.write_text(f"{kept} {words}")

    assert ended(in_child(work)) == 0

    kept, words = answer.read_text().split(" ", 1)
    assert int(kept) > 0
    assert ("is full; nothing was written" in words) or (
        "failed (SQLITE_IOERR_WRITE); nothing is half-written" in words
    )
    check_after_filling(path, int(kept) + 1)


@pytest.mark.parametrize("room", [0, 512, 4096, 20_000, 60_000])
def test_a_disk_that_is_full_at_the_beginning_keeps_no_empty_file(tmp_path: Path, room: int) -> None:
    path, answer = tmp_path / "ledger.db", tmp_path / "answer"

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        words = ""
        try:
            Ledger(path, me="ana")
        except StorageError as error:
            words = str(error)
        left = [beside.name for beside in tmp_path.iterdir()]
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        answer.write_text(f"{left} {words}")

    assert ended(in_child(work)) == 0

    assert answer.read_text().startswith("[] ")
    assert "nothing was written" in answer.read_text() or "nothing is half-written" in answer.read_text()
    with Ledger(path, me="ana") as ledger:
        assert ledger.verify().ok


def test_control_without_a_transaction_a_full_disk_keeps_half_of_what_was_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)

    def work() -> None:
        limit = path.stat().st_size + 40_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        with closing(sqlite3.connect(path, isolation_level=None)) as own:
            numbers = ((100_000 + number, f"event-{number}") for number in range(10_000))
            own.executemany("insert into event values (?, ?, 'A thing', '2026', null, null, 1, null)", numbers)

    assert ended(in_child(work)) == 1

    with closing(sqlite3.connect(path)) as last:
        assert 0 < last.execute("select count(*) from event where entry >= 100000").fetchone()[0] < 10_000


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of two megabytes; only root can make one."""
    place = folder / "disk"
    place.mkdir()
    made = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)], check=False, capture_output=True
    ).returncode == 0  # fmt: skip
    if not made:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.campaign
def test_a_small_disk_that_fills_up_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        path = disk / "ledger.db"
        write(path, EVERY_KIND)
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(300_000))

        kept, words = fill(path)

        print(kept, words)
        assert "is full; nothing was written; free some space" in words
        check_after_filling(path, kept)
        ballast.unlink()
        with opened(path) as (journal, _):
            put(journal, events(kept, 5))
        check_after_filling(path, kept + 1)


WRITER = """
import sys
from pathlib import Path
from predictions.storage import connection
from predictions.errors import LedgerError
from predictions.storage.journal import Journal
from predictions.records import Event
from predictions.storage.store import Store
path = Path(sys.argv[1])
connection.SETTINGS = (*connection.SETTINGS, *sys.argv[2:])
try:
    journal = Journal(path, create=True)
    for number in range(3):
        with journal.writing() as writing:
            Store(journal).put(writing, Event(slug=f"event-{number}", title="x" * 400, happened="2026"))
        print("kept", number, flush=True)
except LedgerError as error:
    print(type(error).__name__, error, flush=True)
"""

FAULTS = [
    *((call, "error=EIO") for call in ("pwrite64", "fdatasync", "fsync", "unlink", "ftruncate")),
    *((call, "signal=KILL") for call in ("pwrite64", "fdatasync", "fsync", "unlink")),
    ("pwrite64", "error=ENOSPC"),
]


def inject(folder: Path, call: str, fault: str, when: int, settings: tuple[str, ...] = ()) -> bool:
    """Let one storage call of a writer fail, or kill it there; whether the call was reached."""
    path, log = folder / "ledger.db", folder / "strace.log"
    for file in folder.iterdir():
        file.unlink()
    if fault.startswith("error"):  # else the ledger is made under fire, too
        Ledger(path).close()
    run = subprocess.run(
        ["strace", "-f", "-P", str(path), "-P", f"{path}-journal", "-P", str(folder), "-e", f"trace={call}",
         "-e", f"inject={call}:{fault}:when={when}", "-o", str(log), sys.executable, "-c", WRITER, str(path),
         *settings],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    reached = "INJECTED" in log.read_text() or "SIGKILL" in log.read_text()
    assert run.stderr == "" or "SIGKILL" in run.stderr, run.stderr
    lines = run.stdout.splitlines()
    acknowledged = sum(line.startswith("kept ") for line in lines)
    refusals = [line for line in lines if not line.startswith("kept ")]
    if not reached:
        assert (acknowledged, refusals) == (3, [])
        return False
    assert len(refusals) <= 1
    assert all(line.startswith("StorageError ") for line in refusals), refusals
    with Ledger(path, me="ana") as ledger:
        assert ledger.verify().ok
        kept = ledger._store.slugs(Event)
        assert kept[:acknowledged] == [f"event-{number}" for number in range(acknowledged)]
        assert len(kept) <= acknowledged + 1
        ledger.add("It works again", deadline="2030-01-01")
        assert ledger.verify().ok
    return True


@pytest.mark.filterwarnings("ignore:.* was an empty file")  # which a kill had left behind
@pytest.mark.campaign
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize(("call", "fault"), FAULTS)
def test_a_fault_at_any_storage_call_is_one_plain_error_and_loses_nothing(
    call: str, fault: str, tmp_path: Path
) -> None:
    reached = 0
    while inject(tmp_path, call, fault, reached + 1):
        reached += 1

    print(call, fault, reached)
    assert reached > 0 or call in {"fsync", "fdatasync", "ftruncate"}  # which of them there are depends on the build


@pytest.mark.filterwarnings("ignore:.* was an empty file")  # which a kill had left behind
@pytest.mark.campaign
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_control_without_a_rollback_journal_a_fault_at_some_storage_call_does_damage(tmp_path: Path) -> None:
    def everywhere() -> None:
        for when in range(1, 200):
            inject(tmp_path, "pwrite64", "signal=KILL", when, NO_JOURNAL)

    with pytest.raises((AssertionError, LedgerError)):
        everywhere()


def test_a_writer_waits_for_its_turn_and_then_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.2)
    path = tmp_path / "ledger.db"
    write(path, EVERY_KIND)

    with opened(path) as (first, _), opened(path) as (second, _), first.writing() as writing:
        writing.append("event", {"slug": "x"})
        with pytest.raises(LedgerBusy, match=r"did not finish within 0\.2 s; nothing was written"):
            put(second, events(1, 1))
