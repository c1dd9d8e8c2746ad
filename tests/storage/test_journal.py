"""One transaction, one seal; the head at any moment; clocks, threads, forks and tampered ends."""

from __future__ import annotations

import inspect
import multiprocessing
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from traceback import walk_tb

import pytest
from conftest import Clock
from invented import EVERY_KIND, STARTED, counted_salts, opened, ticking, write
from tampering import tamper

import predictions
from predictions import Head, InvalidValue, Ledger, LedgerError, NotFound, Tampered
from predictions.storage.canonical import canonical
from predictions.storage.connection import file_format
from predictions.storage.journal import Journal
from predictions.storage.merkle import EMPTY_ROOT, Frontier, leaf_hash, leaf_salt, root
from predictions.storage.store import Store
from predictions.timestamps import moment_text
from predictions.trust.verify import verify

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with opened(path) as (journal, _):
        yield journal


def entries(journal: Journal) -> list[tuple[int, str]]:
    return journal.connection.execute("select n, kind from entry order by n").fetchall()


def seals(journal: Journal) -> list[str]:
    return [text for (text,) in journal.connection.execute("select recorded_at from seal order by entry")]


def append(journal: Journal, *names: str) -> None:
    with journal.writing() as writing:
        for name in names:
            writing.append("event", {"slug": name})


def at(journal: Journal, moment: datetime) -> None:
    """Set the journal's clock, as only a test can."""
    journal._clock = lambda: moment


def test_a_new_ledger_begins_with_a_sealed_genesis(journal: Journal) -> None:
    assert entries(journal) == [(0, "genesis"), (1, "seal")]
    assert re.fullmatch("[0-9a-f]{32}", journal.ledger_id)
    assert journal.head().ledger_id == journal.ledger_id


def test_each_transaction_ends_in_one_seal(journal: Journal) -> None:
    append(journal, "one", "two", "three")
    append(journal, "four")

    kinds = [kind for _, kind in entries(journal)]
    assert kinds == ["genesis", "seal", "event", "event", "event", "seal", "event", "seal"]
    rows = journal.connection.execute("select entry, number, first, size_before, size from seal order by entry")
    assert rows.fetchall() == [(1, 1, 0, 0, 2), (5, 2, 2, 2, 6), (7, 3, 6, 6, 8)]


def test_a_transaction_without_entries_leaves_no_seal(journal: Journal) -> None:
    before = journal.head()

    with journal.writing() as writing:
        assert writing.entries == 0

    assert journal.head() == before
    assert entries(journal) == [(0, "genesis"), (1, "seal")]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError, GeneratorExit])
def test_a_transaction_that_fails_leaves_nothing(error: type[BaseException], journal: Journal) -> None:
    before = journal.head()

    def fail() -> None:
        with journal.writing() as writing:
            writing.append("event", {"slug": "x"})
            raise error

    with pytest.raises(error):
        fail()

    assert journal.head() == before
    append(journal, "next")
    assert entries(journal)[2:] == [(2, "event"), (3, "seal")]


def test_every_seal_holds_the_root_and_frontier_of_all_entries_before_its_end(journal: Journal) -> None:
    for count in range(1, 9):
        append(journal, *(f"event-{count}-{number}" for number in range(count)))
    leaves = [leaf for (leaf,) in journal.connection.execute("select leaf from entry order by n")]

    for size, kept, frontier, before, root_before in journal.connection.execute(
        "select size, root, frontier, size_before, root_before from seal"
    ).fetchall():
        assert kept == root(leaves[:size])
        assert Frontier.from_bytes(size, frontier).root() == kept
        assert root_before == root(leaves[:before])
        assert journal.head(size) == (size, kept, journal.ledger_id)


def test_a_leaf_is_the_salted_hash_of_the_canonical_bytes(journal: Journal) -> None:
    append(journal, "x")
    (salt,) = journal.connection.execute("select salt from seal where number = 2").fetchone()
    (leaf,) = journal.connection.execute("select leaf from entry where n = 2").fetchone()

    assert leaf == leaf_hash(leaf_salt(salt, 2), canonical("event", {"slug": "x"}))


def test_the_same_clock_and_salts_give_the_same_head(tmp_path: Path) -> None:
    heads = []
    for name in ("one.db", "two.db"):
        write(tmp_path / name, EVERY_KIND)
        with opened(tmp_path / name) as (journal, _):
            heads.append(journal.head())

    assert heads[0] == heads[1]


def test_two_ledgers_of_the_same_records_have_ids_and_heads_of_their_own(tmp_path: Path) -> None:
    heads = []
    for name in ("one.db", "two.db"):
        journal = Journal(tmp_path / name, create=True, clock=ticking())
        append(journal, "x")
        heads.append(journal.head())
        journal.close()

    assert heads[0].size == heads[1].size
    assert heads[0].ledger_id != heads[1].ledger_id
    assert heads[0].root != heads[1].root


def test_the_head_of_a_size_stands_only_where_a_seal_does(journal: Journal) -> None:
    append(journal, "one", "two")

    assert journal.head(2).size == 2
    assert journal.head(0) == Head(0, EMPTY_ROOT, journal.ledger_id)
    for size in (1, 3, 4, 6, -1):
        with pytest.raises(LedgerError, match=f"no seal of this ledger stands at size {size}"):
            journal.head(size)


def test_as_of_is_the_prefix_before_the_first_later_seal(journal: Journal) -> None:
    heads = [journal.head()]
    for number in range(1, 4):
        at(journal, STARTED + number * DAY)
        append(journal, f"event-{number}")
        heads.append(journal.head())
    at(journal, STARTED + 10 * DAY)
    second = STARTED + 2 * DAY

    assert journal.prefix(None) == (heads[3], STARTED + 10 * DAY)
    assert journal.prefix(second) == (heads[2], second)
    assert journal.prefix(moment_text(second)) == (heads[2], second)
    assert journal.prefix(second - timedelta(microseconds=1))[0] == heads[1]
    assert journal.prefix(second.date()) == (heads[2], _end(second.date()))
    assert journal.prefix(second.date().isoformat())[0] == heads[2]
    assert journal.prefix(second.astimezone(timezone(timedelta(hours=9))))[0] == heads[2]
    assert journal.prefix((second - DAY).date())[0] == heads[1]
    assert journal.prefix(STARTED - DAY) == (Head(0, EMPTY_ROOT, journal.ledger_id), STARTED - DAY)


def test_as_of_a_head_is_the_ledger_and_the_time_of_its_seal(journal: Journal) -> None:
    at(journal, STARTED + DAY)
    append(journal, "one")
    head = journal.head()
    append(journal, "two")

    for given in (head, str(head), head.short, Head(head.size, head.root)):
        assert journal.prefix(given) == (head, STARTED + DAY)


@pytest.mark.parametrize("text", ["4:" + "00" * 32, "3:" + "ab" * 6, "999999:" + "ab" * 32])
def test_as_of_a_head_of_another_ledger_is_refused(text: str, journal: Journal) -> None:
    append(journal, "one")

    with pytest.raises(InvalidValue, match="is no head of this ledger; see `history` and `head`"):
        journal.prefix(text)


@pytest.mark.parametrize("value", [STARTED + 2 * DAY, (STARTED + DAY).date(), "2027-01-01", "9999-12-31"])
def test_as_of_a_day_to_come_is_refused(value: object, journal: Journal) -> None:
    with pytest.raises(InvalidValue, match="lies in the future; nothing is known of it yet"):
        journal.prefix(value)


def test_as_of_today_means_up_to_now(journal: Journal) -> None:
    append(journal, "one")

    head, moment = journal.prefix(STARTED.date())

    assert head == journal.head()
    assert moment < STARTED + timedelta(hours=1)


@pytest.mark.parametrize("value", [5, 1.5, True, b"2026-03-01", ["2026-03-01"], "yesterday", "", "2026-13-01"])
def test_as_of_anything_else_is_refused(value: object, journal: Journal) -> None:
    with pytest.raises(InvalidValue):
        journal.prefix(value)


def test_a_clock_that_ran_back_loses_nothing_and_order_stays_that_of_entries(journal: Journal) -> None:
    moments = [STARTED + DAY, STARTED - timedelta(hours=1), STARTED - 3650 * DAY, STARTED + 2 * DAY]
    for number, moment in enumerate(moments):
        at(journal, moment)
        append(journal, f"event-{number}")

    assert seals(journal)[1:] == [moment_text(moment) for moment in moments]
    assert [n for n, kind in entries(journal) if kind == "event"] == [2, 4, 6, 8]
    assert journal.size_at(STARTED) == 2  # what follows a later seal is not known at that moment
    assert journal.size_at(STARTED + DAY) == 8
    found = verify(journal, Store(journal))
    assert found.remarks == (
        f"the clock ran backwards at 2 of the seals, first at seal 3, recorded {moment_text(moments[1])}",
    )


def test_a_clock_far_ahead_is_remarked_upon_once_it_is_right_again(journal: Journal) -> None:
    at(journal, STARTED + 3650 * DAY)
    append(journal, "one")
    at(journal, STARTED)

    assert verify(journal, Store(journal)).remarks == (
        "1 of the seals are dated more than a day ahead of this machine's clock, first seal 2, recorded "
        + moment_text(STARTED + 3650 * DAY),
    )


@pytest.mark.parametrize("year", [1, 9999])
def test_the_first_and_last_years_are_recorded_like_any_other(year: int, journal: Journal) -> None:
    at(journal, datetime(year, 6, 1, tzinfo=UTC))

    append(journal, "one")

    assert seals(journal)[-1] == f"{year:04}-06-01T00:00:00.000000Z"


def test_a_local_clock_is_kept_as_utc(journal: Journal) -> None:
    at(journal, datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))))

    append(journal, "one")

    assert seals(journal)[-1] == "2026-03-01T19:45:00.000000Z"


def test_a_second_transaction_inside_one_is_refused(journal: Journal) -> None:
    def twice() -> None:
        with journal.writing(), journal.writing():
            pytest.fail("two transactions at once")

    with pytest.raises(LedgerError, match="a transaction is already open on this ledger"):
        twice()
    with journal.reading(), pytest.raises(LedgerError, match="a transaction is already open"), journal.writing():
        pytest.fail("a writer inside a reader")

    append(journal, "one")


def test_neither_copying_nor_taking_over_goes_on_inside_a_transaction(journal: Journal, tmp_path: Path) -> None:
    with journal.reading():
        with pytest.raises(LedgerError, match="cannot be copied from inside its own transaction"):
            journal.copy_into(journal.connection, tmp_path / "copy.db")
        with pytest.raises(LedgerError, match="a transaction is already open"), journal.taking_over():
            pytest.fail("a writer inside a reader")


def test_a_ledger_that_another_process_made_just_now_is_not_made_again(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [0]  # as if the file had still been empty when it was looked at first
    monkeypatch.setattr(
        "predictions.storage.journal.file_format", lambda *given: answers.pop() if answers else file_format(*given)
    )

    with opened(path) as (other, _):
        assert other.ledger_id == journal.ledger_id
        assert entries(other) == [(0, "genesis"), (1, "seal")]


@pytest.mark.parametrize("entry", [-1, 4, 2**62, 2**70])
def test_no_seal_stands_over_an_entry_that_is_not_there(entry: int, journal: Journal) -> None:
    append(journal, "one")

    assert [journal.seal_over(n).number for n in range(4)] == [1, 1, 2, 2]
    with pytest.raises(NotFound, match=f"no entry {entry} in this ledger, which has 4"):
        journal.seal_over(entry)


def test_a_seal_whose_row_was_spoilt_has_no_fields(journal: Journal) -> None:
    seal = journal.seal_over(0)

    assert canonical("seal", seal.fields()) == seal.content()
    assert seal._replace(root_before="text").fields() == {}


def test_reading_inside_reading_or_writing_sees_the_same_moment(path: Path, journal: Journal) -> None:
    with opened(path) as (other, _):
        with journal.reading():
            before = journal.head()
            with journal.reading():
                assert journal.head() == before
            assert journal.head() == before
        append(other, "one")
        assert journal.head() != before

    with journal.writing() as writing:
        writing.append("event", {"slug": "two"})
        with journal.reading():
            assert entries(journal)[-1] == (4, "event")


def test_nothing_is_left_open_after_reading_or_writing(journal: Journal) -> None:
    append(journal, "one")
    assert not journal.connection.in_transaction

    with journal.reading():
        journal.head()
    assert not journal.connection.in_transaction


def test_two_connections_take_turns(path: Path, journal: Journal) -> None:
    with opened(path) as (other, _):
        for number in range(5):
            append(journal, f"ours-{number}")
            append(other, f"theirs-{number}")

        assert journal.head() == other.head()
        assert journal.head().size == 22


def test_eight_threads_share_one_ledger_and_nothing_is_lost(path: Path) -> None:
    failures = []
    with Ledger(path, me="ana") as ledger:

        def work(thread: int) -> None:
            try:
                for number in range(50):
                    with ledger._journal.writing() as writing:
                        writing.append("event", {"slug": f"t{thread}-{number}"})
                    ledger.head()
            except Exception as error:  # a thread's error would be lost
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert ledger.head().size == 2 + 8 * 50 * 2
        assert [n for n, _ in entries(ledger._journal)] == list(range(802))


def _use_after_fork(journal: Journal, path: Path, answers: multiprocessing.Queue) -> None:
    for use in (lambda: append(journal, "child"), lambda: journal.reading().__enter__()):
        try:
            use()
            answers.put("worked")
        except LedgerError as error:
            answers.put(str(error))
    journal.close()
    with opened(path) as (own, _):
        append(own, "child")
        answers.put("own ledger works")


def test_a_child_of_a_fork_leaves_the_connection_of_its_parent_alone(journal: Journal) -> None:
    journal._process = -1  # as a child sees it

    journal.close()
    with pytest.raises(LedgerError, match="opened before a fork"), journal.reading():
        pytest.fail("read after a fork")

    assert journal.connection.execute("select count(*) from entry").fetchone() == (2,)
    journal._process = os.getpid()


def test_a_ledger_opened_before_a_fork_is_refused_in_the_child_and_works_in_the_parent(
    path: Path, journal: Journal
) -> None:
    append(journal, "before")
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=_use_after_fork, args=(journal, path, answers))
    child.start()
    said = [answers.get(timeout=30) for _ in range(3)]
    child.join(30)

    assert child.exitcode == 0
    assert said[:2] == ["this ledger was opened before a fork; open it again in the new process"] * 2
    assert said[2] == "own ledger works"
    append(journal, "after")
    assert journal.head().size == 2 + 3 * 2


@pytest.mark.parametrize(
    ("change", "as_of"),
    [("root = 5", "head"), ("root = zeroblob(5)", "now"), ("size = x'ab'", "now"), ("first = x'ab'", "moment")],
)
def test_a_seal_that_a_damaged_file_holds_as_anything_is_named(
    path: Path, journal: Journal, change: str, as_of: str
) -> None:
    append(journal, "before")
    when = {"head": journal.head(), "moment": STARTED, "now": None}[as_of]
    append(journal, "after")
    journal.close()
    relaxed = "update sqlite_schema set sql = replace(sql, ') strict', ')') where name = 'seal'"
    tamper(path, "pragma writable_schema = 1", relaxed, "pragma writable_schema = reset", f"update seal set {change}")

    with opened(path) as (damaged, _), pytest.raises(Tampered, match="has a seal that is none; run verify"):
        damaged.prefix(when)


def test_a_leaf_that_a_damaged_file_holds_as_anything_is_named(path: Path, journal: Journal) -> None:
    append(journal, "before")
    journal.close()
    relaxed = "update sqlite_schema set sql = replace(sql, ') strict', ')') where name = 'entry'"
    tamper(path, "pragma writable_schema = 1", relaxed, "pragma writable_schema = reset", "update entry set leaf = 5")

    with opened(path) as (damaged, _), pytest.raises(Tampered, match="has a leaf that is none; run verify"):
        damaged.leaves(2)


@pytest.mark.parametrize(
    "tampering",
    [
        "delete from seal where number = 2",
        "delete from seal",
        "delete from entry where n = 3",
        "update seal set root = zeroblob(32) where number = 2",
        "update seal set frontier = zeroblob(32) where number = 2",
        "update seal set frontier = x'00' where number = 2",
        "update seal set size = 3 where number = 2",
        "insert into entry values (4, 'event', zeroblob(32))",
        "insert into entry values (40, 'event', zeroblob(32))",
    ],
)
def test_nothing_is_appended_to_an_end_that_was_changed_by_hand(tampering: str, path: Path) -> None:
    with opened(path) as (journal, _):
        append(journal, "one")
    _tamper(path, tampering)

    with opened(path) as (journal, _):
        before = entries(journal)
        with pytest.raises(Tampered, match="was changed by hand at its end; run verify"):
            append(journal, "two")
        assert entries(journal) == before


def _tamper(path: Path, *statements: str) -> None:
    """As a stranger with the SQLite shell would: triggers off, then whatever he likes."""
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute("pragma synchronous = off")
    triggers = stranger.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
    for name, _ in triggers:
        stranger.execute(f"drop trigger {name}")
    for statement in statements:
        stranger.execute(statement)
    for _, sql in triggers:
        stranger.execute(sql)
    stranger.close()


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("drop trigger entry_no_update", "the trigger entry_no_update is missing"),
        (
            "create trigger more after insert on entry begin select 1; end",
            "the trigger more does not belong to a ledger",
        ),
        ("create table more (x)", "the table more does not belong to a ledger"),
        ("create index more on claim (lower(title))", "the index more does not belong to a ledger"),
        ("drop view claims", "the view claims is missing"),
        ("insert into grade values ('best')", "the words of grade were changed"),
    ],
)
def test_nothing_is_appended_to_a_file_of_another_schema_even_one_changed_meanwhile(
    tampering: str, fault: str, path: Path, journal: Journal
) -> None:
    append(journal, "one")
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute(tampering)
    stranger.close()

    with opened(path) as (anew, _), pytest.raises(Tampered, match=f"takes no more records: {fault}; run verify"):
        append(anew, "two")
    if "words" not in fault:  # no change of the schema: seen when a ledger is opened
        with pytest.raises(Tampered, match=f"takes no more records: {fault}; run verify"):
            append(journal, "two")

    assert journal.head().size == 4


@pytest.mark.parametrize(
    "swap", ["drop table {0}", "alter table {0} rename to kept; create view {0} as select * from kept"]
)
@pytest.mark.parametrize("table", ["merge", "block", "grade"])
def test_a_file_in_which_something_stands_in_place_of_a_table_is_read_by_verify_alone(
    table: str, swap: str, path: Path, journal: Journal
) -> None:
    append(journal, "one")
    with journal.reading():
        before = journal.head()
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.executescript(swap.format(table))

    with opened(path) as (anew, store):
        for one in (anew, journal):
            refusal = f"has no table {table}, or something in its place; run verify"
            with pytest.raises(Tampered, match=refusal), one.reading():
                pytest.fail("it was read")
            with pytest.raises(Tampered, match=refusal), one.writing():
                pytest.fail("it was written to")
            with one.reading(to_verify=True):
                assert one.head() == before
                assert not verify(one, store).ok


def test_a_ledger_without_genesis_is_opened_for_verify_to_name_it(path: Path) -> None:
    with opened(path) as (journal, _):
        append(journal, "one")
    _tamper(path, "delete from genesis")

    with opened(path) as (journal, store):
        assert journal.ledger_id == ""
        assert "entry 0, genesis: its row is missing" in map(str, verify(journal, store).faults)


def test_a_ledger_whose_genesis_cannot_be_read_is_let_go_of(path: Path, journal: Journal) -> None:
    (page,) = journal.connection.execute("select rootpage from sqlite_schema where name = 'genesis'").fetchone()
    journal.close()
    raw = path.read_bytes()
    path.write_bytes(raw[: (page - 1) * 4096] + b"\xff" * 4096 + raw[page * 4096 :])

    with pytest.raises(Tampered, match="is damaged") as refused:
        Journal(path)

    (half_made,) = {one for frame, _ in walk_tb(refused.tb) if isinstance(one := frame.f_locals.get("self"), Journal)}
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        half_made.connection.execute("select 1")


def test_no_verb_and_no_option_sets_the_recorded_time() -> None:
    forbidden = {"recorded_at", "clock", "now", "salts", "salt", "entry", "seal"}
    verbs = [member for name, member in inspect.getmembers(Ledger, callable) if not name.startswith("_")]
    assert len(verbs) > 15

    for verb in (Ledger, *verbs):
        assert not forbidden & set(inspect.signature(verb).parameters), verb


def test_only_one_file_asks_the_clock() -> None:
    folder = Path(predictions.__file__).parent
    asking = re.compile(r"datetime\.now|utcnow|time\.time\(|\.today\(\)|strftime\('now|current_timestamp|date\('now")

    found = {file.name for file in folder.rglob("*.py") if asking.search(file.read_text())}

    assert found == {"clock.py"}


@pytest.mark.filterwarnings("ignore:.* was an empty file")
def test_a_ledger_that_is_killed_before_its_first_commit_can_be_made_again(path: Path) -> None:
    child = os.fork()
    if child == 0:
        journal = Journal.__new__(Journal)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("begin immediate")
        connection.execute("create table half (x)")
        os._exit(int(journal is None))
    os.waitpid(child, 0)

    with opened(path) as (journal, _):
        assert entries(journal) == [(0, "genesis"), (1, "seal")]


def test_salts_and_ids_are_random_unless_a_test_gives_them(tmp_path: Path) -> None:
    first = Journal(tmp_path / "one.db", create=True, salts=counted_salts())
    second = Journal(tmp_path / "two.db", create=True, salts=counted_salts())
    third = Journal(tmp_path / "three.db", create=True)

    assert first.ledger_id == second.ledger_id != third.ledger_id
    for journal in (first, second, third):
        journal.close()


def _end(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize("day", ["9999-12-31", "9999-12-30", "9999-12-01"])
def test_a_clock_at_the_end_of_time_is_told_in_one_sentence(ledger: Ledger, clock: Clock, day: str) -> None:
    ledger.add("It rains", deadline="2026-12-31", slug="rain", p=0.3)
    path = ledger._journal.path.with_name
    clock.set(day)

    for verb in (
        ledger.board, ledger.verify, ledger.scorecard, ledger.due, lambda: ledger.forecast("rain", 0.5),
        lambda: ledger.backup(path("b.db")), lambda: ledger.export("calendar", path("c.ics")),
        lambda: ledger.import_forecasts([("rain", "ben", "2026-01-02", 0.5)]), lambda: ledger.add("A", deadline="2099"),
    ):  # fmt: skip
        with pytest.raises(LedgerError, match=f"this machine's clock says {day}, which cannot be; set it right"):
            verb()

    clock.set("9999-11-30")
    assert ledger.verify().ok, "the control: any other day is a day"
