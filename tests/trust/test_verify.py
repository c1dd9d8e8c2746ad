"""Whatever is changed in the file is found and named; what only a head kept elsewhere can find, verify says."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import apsw
import pytest
from invented import EVERY_KIND, EVERYTHING, corrected, opened, write
from tampering import checked, tamper

from predictions import Head, InvalidValue, Ledger
from predictions.records import RECORDS
from predictions.storage import schema
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.trust.verification_report import MOST_FAULTS, Fault, Verification
from predictions.trust.verify import verify

NOUNS = [cls.noun for cls in RECORDS]
ITEMS = {table: noun for noun in NOUNS for table in schema.item_tables(noun)}
OWN = ["entry", "genesis", "seal", *(table for table in schema.UNIQUE if table in ITEMS or table in NOUNS)]
UNCOMPARED = "no head from outside was compared"
TYPED = {"integer": (2, 77, 3), "real": (0.123,), "text": ("changed", ""), "blob": (bytes(range(32)), bytes(16))}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("verify") / "ledger.db"
    write(path, EVERYTHING)
    return path


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "ledger.db"))


class Changing:
    """One connection on which a value is changed, the file verified, and the change undone."""

    def __init__(self, path: Path) -> None:
        self.journal = Journal(path)
        self.store = Store(self.journal)
        self.connection = self.journal.connection
        self.connection.execute("pragma foreign_keys = 0")
        self.connection.execute("pragma ignore_check_constraints = 1")

    def after(self, table: str, statement: str, values: Iterable[object]) -> Verification | None:
        """What verify says after the change; None where a key of the table refuses it."""
        trigger = f"{table}_no_update"
        (sql,) = self.connection.execute("select sql from sqlite_schema where name = ?", (trigger,)).fetchone()
        self.connection.execute("begin")
        try:
            self.connection.execute(f"drop trigger {trigger}")
            self.connection.execute(statement, tuple(values))
            self.connection.execute(sql)
            return verify(self.journal, self.store)
        except sqlite3.IntegrityError:
            return None
        finally:
            self.connection.execute("rollback")


@pytest.fixture
def changing(path: Path) -> Iterator[Changing]:
    changing = Changing(path)
    yield changing
    changing.journal.close()


def others(value: object, kind: str) -> list[object]:
    """Other values for a column: near and far, empty, absent."""
    found: list[object] = [other for other in TYPED[kind] if other != value]
    if isinstance(value, int):
        found += [value + 1, 1 - value]
    elif isinstance(value, float):
        found += [math.nextafter(value, 2), math.nextafter(value, -1), -value]
    elif isinstance(value, str):
        found += [value + " ", value.upper(), value[:-1], value + "\u0301"]
    elif isinstance(value, bytes):
        found += [bytes([value[0] ^ 1]) + value[1:], value[:-1] + bytes([value[-1] ^ 128])]
    found.append(None)
    return [other for other in found if (other, type(other)) != (value, type(value)) and other != value]


@pytest.mark.parametrize("each", [3, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("table", OWN)
def test_one_changed_value_in_any_column_of_any_row_is_found_and_named(
    table: str, each: int, changing: Changing
) -> None:
    info = changing.connection.execute(f"pragma table_info({table})").fetchall()
    names = [name for _, name, *_ in info]
    keys = [name for _, name, _, _, _, key in info if key]
    where = " and ".join(f"{key} is ?" for key in keys)
    tried = 0

    for row in changing.connection.execute(f"select * from {table}").fetchall()[::each]:
        values = dict(zip(names, row, strict=True))
        for _, name, kind, *_ in info:
            outcomes = []
            for other in others(values[name], kind.lower()):
                change = f"update {table} set {name} = ? where {where}"
                found = changing.after(table, change, [other, *(values[key] for key in keys)])
                if found is not None:
                    outcomes.append(other)
                    assert not found.ok, (table, name, values[name], other)
                    assert _named(table, values, name, found), (table, name, values[name], other, found.faults)
            assert outcomes, f"no other value of {table}.{name} could be tried"
            tried += len(outcomes)

    assert tried > 0 or table.startswith(("import", "merge"))


def _named(table: str, values: dict[str, object], column: str, found: Verification) -> bool:
    """Whether one of the faults is of the very entry whose row was changed."""
    owner = ITEMS.get(table)
    entry = values[owner] if owner else values.get("entry", values.get("n"))
    entries = {fault.entry for fault in found.faults}
    if (table, column) == ("seal", "salt"):  # the salt of every leaf under it
        return values["first"] in entries
    if (table, column) == ("seal", "entry"):
        return any(fault.record == f"seal {values['number']}" for fault in found.faults) or entry in entries
    return entry in entries


WRONG = {"integer": ("many", b"\x01", 0.5), "real": ("half", b"\x01"), "text": (b"\x01", b""), "blob": ("x" * 32, "")}


@pytest.mark.parametrize("table", [table for table in OWN if not table.startswith(("import", "merge"))])
def test_a_value_of_a_type_that_its_column_does_not_hold_is_found(table: str, changing: Changing) -> None:
    connection = changing.connection
    info = connection.execute(f"pragma table_info({table})").fetchall()

    for _, name, kind, _, _, key in info:
        for other in WRONG[kind.lower()]:
            if key and table not in ITEMS:
                continue  # a row's number is a whole number in any table
            connection.execute("begin")
            lax(connection, table, f"update {table} set {name} = ?", other)

            found = verify(changing.journal, changing.store)

            connection.execute("rollback")
            connection.execute("pragma writable_schema = reset")
            assert any(fault.entry is not None for fault in found.faults), (table, name, other, found.faults)
            assert all("trigger" not in str(fault) and "altered" not in str(fault) for fault in found.faults)


def lax(connection: sqlite3.Connection, table: str, statement: str, value: object) -> None:
    """Lift STRICT and the trigger from a table, spoil one of its rows, and put everything back: a forger can."""
    query = "select name, sql from sqlite_schema where name in (?, ?)"
    kept = dict(connection.execute(query, (table, f"{table}_no_update")).fetchall())
    loose = kept[table].replace(") strict, without rowid", ") without rowid").replace(") strict", ")")
    where = " where rowid = (select max(rowid) from {0})" if "without rowid" not in loose else ""
    connection.execute(f"drop trigger {table}_no_update")
    _define(connection, table, loose)
    connection.execute("pragma foreign_keys = 0")
    connection.execute(f"update or ignore {statement.removeprefix('update ')}{where.format(table)}", (value,))
    _define(connection, table, kept[table])
    connection.execute(kept[f"{table}_no_update"])


def _define(connection: sqlite3.Connection, table: str, sql: str) -> None:
    connection.execute("pragma writable_schema = 1")
    connection.execute("update sqlite_schema set sql = ? where name = ?", (sql, table))
    connection.execute("pragma writable_schema = reset")


def past_triggers(path: Path, way: str) -> None:
    """Ways round the triggers that leave them in place."""
    if way == "triggers switched off":
        with closing(apsw.Connection(str(path))) as connection:
            connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
            connection.execute("update forecast set probability = 0.99 where probability = 0.25")
    elif way == "bytes written into a cell":
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            (entry,) = connection.execute("select entry from event where slug = 'second-move'").fetchone()
            with connection.blobopen("event", "title", entry) as cell:
                cell.write(b"Captain Six moves")
    elif way == "schema written":
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            lax(connection, "event", "update event set title = ?", "Other")
    else:
        raw = path.read_bytes()
        assert raw.count(b"Captain Two moves") == 1
        path.write_bytes(raw.replace(b"Captain Two moves", b"Captain Six moves"))


@pytest.mark.parametrize(
    "way", ["triggers switched off", "bytes written into a cell", "schema written", "file edited in a hex editor"]
)
def test_what_triggers_do_not_stop_is_found(way: str, path: Path) -> None:
    past_triggers(path, way)

    (fault, *_) = checked(path).faults

    assert "its row is not what was sealed" in str(fault)
    assert fault.record.startswith("forecast captains ana" if way == "triggers switched off" else "event ")
    with closing(sqlite3.connect(path)) as connection:
        assert schema.differences(connection) == []
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)], "SQLite sees nothing"


@pytest.mark.parametrize("table", schema.WORD_TABLES)
def test_a_changed_word_is_found_and_named(table: str, changing: Changing) -> None:
    for word in schema.WORD_TABLES[table]:
        found = changing.after(table, f"update {table} set word = word || 's' where word = ?", [word])

        assert found is not None
        assert f"the words of {table} were changed" in {str(fault) for fault in found.faults}


def test_an_untouched_file_is_ok(path: Path) -> None:
    found = checked(path, deep=True)

    assert found.ok
    assert found.faults == ()
    assert (found.entries, found.seals) == (_count(path, "entry"), _count(path, "seal"))
    assert UNCOMPARED in str(found)


def _count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as stranger:
        return stranger.execute(f"select count(*) from {table}").fetchone()[0]


def _entry(path: Path, noun: str, slug: str) -> int:
    with closing(sqlite3.connect(path)) as stranger:
        return stranger.execute(f"select entry from {noun} where slug = ? and revision = 1", (slug,)).fetchone()[0]


@pytest.mark.parametrize("noun", ["source", "statement", "claim", "event", "evidence", "bearing", "forecaster",
                                  "forecast", "resolution"])  # fmt: skip
def test_swapped_row_numbers_are_found(noun: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as stranger:
        first, second = (row for (row,) in stranger.execute(f"select entry from {noun} order by entry limit 2"))

    tamper(
        path,
        f"update {noun} set entry = -1 where entry = {first}",
        f"update {noun} set entry = {first} where entry = {second}",
        f"update {noun} set entry = {second} where entry = -1",
    )

    found = checked(path)
    assert {first, second} <= {fault.entry for fault in found.faults}
    assert all(fault.record.startswith(noun) for fault in found.faults if fault.entry in {first, second})


def test_swapped_claims_are_named_by_their_slugs(path: Path) -> None:
    storm, tree = _entry(path, "claim", "storm"), _entry(path, "claim", "tree")

    tamper(
        path,
        f"update claim set entry = -1 where entry = {storm}",
        f"update claim set entry = {storm} where entry = {tree}",
        f"update claim set entry = {tree} where entry = -1",
    )

    faults = [str(fault) for fault in checked(path).faults]
    assert f"entry {storm}, claim tree: its row is not what was sealed" in faults
    assert f"entry {tree}, claim storm: its row is not what was sealed" in faults


def test_a_reference_to_a_later_revision_of_the_same_record_is_found(path: Path) -> None:
    first = _entry(path, "claim", "captains")

    tamper(path, f"update bearing set claim = (select max(entry) from claim) where claim = {first} and revision = 1")

    assert any(fault.record.startswith("bearing") for fault in checked(path).faults)


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("delete from claim where slug = 'tree'", "claim: its row is missing"),
        ("delete from claim_tags where tag = 'sea'", "claim captains: its row is not what was sealed"),
        ("delete from genesis", "entry 0, genesis: its row is missing"),
        ("delete from seal where number = 3", "its row is missing"),
        ("delete from entry where n = 7", "entry 7: the entry is missing"),
        ("delete from entry where n = 0", "entry 0: the entry is missing"),
        ("delete from entry", "entry 0, genesis: the entry is missing"),
        ("delete from seal", "entry 0: no seal stands over it"),
        ("delete from seal where number = (select max(number) from seal)", "no seal stands over it"),
        (
            "insert into event values (5, 'extra', 'Extra', '2026', null, null, 1, null)",
            "entry 5, event extra: the row stands under no entry of its kind",
        ),
        (
            "insert into event values (999, 'extra', 'Extra', '2026', null, null, 1, null)",
            "entry 999, event extra: the row stands under no entry of its kind",
        ),
        ("insert into claim_tags values (999, 0, 'extra')", "claim_tags has a row that belongs to no claim"),
        ("insert into entry values (5000, 'event', zeroblob(32))", "the entry is missing"),
        ("insert into seal select 999, 999, recorded_at, first, size_before, root_before, salt, size, root, frontier "
         "from seal where number = 1", "entry 999, seal 999: its entry is missing"),
        ("update entry set kind = 'event' where n = 1", "seal 1: its entry is that of another kind"),
        ("update seal set entry = 3 where number = 1", "seal 1"),
        ("update entry set kind = 'genesis' where n = 2", "genesis"),
        ("drop table claim_tags", "the table claim_tags is missing"),
        ("drop table forecast", "the table forecast is missing"),
        ("drop table genesis", "the table genesis is missing"),
        ("update claim set title = cast(x'ff' as text) where slug = 'storm'", "claim storm: its row is not"),
        ("update claim set slug = cast(x'ff41' as text) where slug = 'storm'", r"claim \udcffA: its row is not"),
        ("update seal set recorded_at = cast(x'ff' as text) where number = 2", "seal"),
    ],
)  # fmt: skip
def test_what_was_taken_out_put_in_or_spoilt_is_named(tampering: str, fault: str, path: Path) -> None:
    tamper(path, tampering)

    found = checked(path)

    assert not found.ok
    assert any(fault in str(one) for one in found.faults), found.faults
    assert found.to_dict()["ok"] is False
    assert str(found).encode("utf-8", "backslashreplace").startswith(b"not ok: ")


def test_the_first_bad_entry_comes_first_and_the_rest_is_cut(path: Path) -> None:
    tamper(path, "update entry set leaf = zeroblob(32) where n >= 8")

    found = checked(path)

    assert found.faults[0].entry == 8
    assert len(found.faults) == MOST_FAULTS + 1
    assert [fault.entry for fault in found.faults[:-1]] == sorted(fault.entry or 0 for fault in found.faults[:-1])
    assert str(found.faults[-1]).startswith("and ")


def test_a_changed_value_is_named_first_though_every_trigger_is_gone(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        for (name,) in stranger.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
            stranger.execute(f"drop trigger {name}")
        (entry,) = stranger.execute("select max(entry) from forecast").fetchone()
        stranger.execute("update forecast set note = 'quite other' where entry = ?", (entry,))

    found = checked(path)

    assert found.faults[0].entry == entry
    assert found.faults[0].record.startswith("forecast ")
    assert len(found.faults) == 2
    assert "triggers are missing" in found.faults[1].what


def flip_a_bit(path: Path, index: str, word: bytes) -> None:
    """Change the first letter of a word where an index like that keeps it."""
    with closing(sqlite3.connect(path)) as stranger:
        query = "select rootpage from sqlite_schema where name like ?"
        (page,) = stranger.execute(query, (index,)).fetchone()
        (size,) = stranger.execute("pragma page_size").fetchone()
    raw = bytearray(path.read_bytes())
    at = raw.index(word, (page - 1) * size, page * size)
    raw[at] ^= 1
    path.write_bytes(raw)


def test_an_index_that_tells_another_story_than_its_table_is_found(path: Path) -> None:
    flip_a_bit(path, "sqlite_autoindex_event_1", b"second-move")

    (fault, *_) = checked(path).faults

    assert str(fault).startswith("table event is not sound: row ")


def test_what_no_reader_of_a_ledger_looks_at_is_part_of_the_deep_check_only(path: Path) -> None:
    flip_a_bit(path, "idx%", b"predictions")

    assert checked(path).ok
    assert any("SQLite says: row" in str(fault) for fault in checked(path, deep=True).faults)


def test_a_foreign_key_to_nothing_is_part_of_the_deep_check(path: Path) -> None:
    tamper(path, "delete from forecaster where slug = 'crowd'")

    assert any("refers to what forecaster does not hold" in str(fault) for fault in checked(path, deep=True).faults)


# -- what only a head kept elsewhere can find -------------------------------------------------------------------


@pytest.fixture(scope="module")
def head(original: Path) -> Head:
    with Ledger(original, create=False) as ledger:
        return ledger.head()


def cut(path: Path, seals: int) -> None:
    """Cut the last transactions off, cleanly, rows and all."""
    with closing(sqlite3.connect(path)) as stranger:
        (first,) = stranger.execute(
            "select first from seal order by entry desc limit 1 offset ?", (seals - 1,)
        ).fetchone()
    owned = [f"delete from {table} where {ITEMS[table]} >= {first}" for table in ITEMS]
    rows = [f"delete from {noun} where entry >= {first}" for noun in (*NOUNS, "seal")]
    tamper(path, *owned, *rows, f"delete from entry where n >= {first}")


@pytest.mark.parametrize("seals", [1, 2, 5])
def test_a_ledger_cut_at_its_end_is_found_only_with_a_head(seals: int, path: Path, head: Head) -> None:
    cut(path, seals)

    alone, compared = checked(path), checked(path, head)
    assert alone.ok
    assert UNCOMPARED in str(alone)
    assert not compared.ok
    assert "was cut at its end" in str(compared)
    assert UNCOMPARED not in str(compared)


@pytest.mark.parametrize(
    "records",
    [
        [*EVERY_KIND[:-1], corrected(EVERY_KIND[1], "typo", speaker="Nobody")],
        [EVERYTHING[0], EVERYTHING[2], EVERYTHING[1], *EVERYTHING[3:]],
        [*EVERYTHING, corrected(EVERYTHING[-1], "again", decided_by="ben")],
    ],
    ids=["other records", "two records exchanged", "one more record"],
)  # fmt: skip
def test_a_ledger_written_anew_is_found_only_with_a_head(records: list, tmp_path: Path, head: Head) -> None:
    path = tmp_path / "forged.db"
    write(path, records, together=3)

    alone, compared = checked(path), checked(path, head)
    assert alone.ok
    assert UNCOMPARED in str(alone)
    assert not compared.ok
    assert head.short in str(compared)


def test_a_head_stays_good_however_much_is_appended(path: Path, head: Head) -> None:
    with Ledger(path, me="ana") as ledger:
        for number in range(5):
            ledger.add(f"It rains {number} times", deadline="2030-01-01")

        found = ledger.verify(head=str(head))

    assert found.ok
    assert found.head_compared


def test_where_a_ledger_parted_from_a_head_is_named_by_seal(path: Path) -> None:
    with opened(path) as (journal, _):
        heads = [Head(*row, journal.ledger_id) for row in journal.connection.execute("select size, root from seal")]
    bad = Head(heads[4].size, bytes(32), heads[4].ledger_id)

    with Ledger(path) as ledger, ledger._journal.reading():
        found = verify(ledger._journal, ledger._store, head=bad)

    assert "they part at or before seal 5, recorded 2026-03-01" in str(found.faults[-1])


@pytest.mark.parametrize("size", [0, 1, 3, 4])
def test_a_head_of_any_size_is_compared(size: int, path: Path) -> None:
    from predictions.storage.merkle import root

    with opened(path) as (journal, _):
        leaves = [leaf for (leaf,) in journal.connection.execute("select leaf from entry order by n")]

    if not size:  # every ledger has it, so it would prove nothing
        with pytest.raises(InvalidValue, match="proves nothing"):
            checked(path, Head(size, root([])))
        return
    assert checked(path, Head(size, root(leaves[:size]))).ok
    assert not checked(path, Head(size, bytes(32))).ok


def test_a_shortened_head_proves_nothing_and_is_refused(path: Path, head: Head) -> None:
    with pytest.raises(InvalidValue, match="is shortened, which proves nothing"):
        checked(path, head.short)


def test_the_head_of_another_ledger_is_no_head_of_this_one(path: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "other.db") as other:
        other.add("It rains", deadline="2030-01-01")
        foreign = other.head()

    assert not checked(path, foreign).ok
    assert not checked(path, str(foreign)).ok


def test_rows_spliced_in_from_another_ledger_are_found(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    write(other, [corrected(EVERYTHING[0], "x").model_validate({**EVERYTHING[0].model_dump(), "title": "Another"})])

    tamper(
        path,
        f"attach '{other}' as other",
        "delete from source where entry = 2",
        "insert into source select * from other.source",
        "delete from entry where n = 2",
        "insert into entry select * from other.entry where n = 2",
    )

    assert not checked(path).ok


def test_sqlites_own_check_alone_would_miss_most_changes(path: Path) -> None:
    tamper(path, "update forecast set probability = 0.99 where revision = 1 and probability = 0.25")

    with closing(sqlite3.connect(path)) as stranger:
        assert stranger.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert not checked(path).ok


def test_faults_come_as_rows_and_as_text(path: Path) -> None:
    tamper(path, "update event set title = 'Other' where slug = 'second-move'")
    entry = _entry(path, "event", "second-move")

    found = checked(path)

    assert found.rows() == [{"entry": entry, "record": "event second-move", "what": "its row is not what was sealed"}]
    assert str(found).startswith(f"not ok: entry {entry}, event second-move: its row is not what was sealed")
    assert all(first.entry <= second.entry for first, second in pairwise(found.faults))


def test_what_sqlite_says_of_a_damaged_file_is_one_line_of_a_bearable_length(path: Path) -> None:
    virtual = "create virtual table more using '{}'".format("\n".join(["a long name"] * 50))
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("pragma writable_schema = 1")
        stranger.execute("insert into sqlite_schema values ('table', 'more', 'more', 0, ?)", (virtual,))
        stranger.execute("pragma writable_schema = reset")
        (page,) = stranger.execute("select rootpage from sqlite_schema where name = 'merge'").fetchone()
        (size,) = stranger.execute("pragma page_size").fetchone()
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size + 5 : page * size] = b"\xff" * (size - 5)
    path.write_bytes(raw)

    faults = [str(fault) for fault in checked(path).faults]

    assert "the table more does not belong to a ledger" in faults
    assert any(fault.startswith("table merge is not sound: *** in database main *** Page") for fault in faults)
    assert all("\n" not in fault for fault in faults)
    assert max(map(len, faults)) < 250


@pytest.mark.parametrize("deep", [False, True])
def test_whatever_page_is_damaged_what_was_changed_elsewhere_is_still_named(path: Path, deep: bool) -> None:
    slug, size = "captains", 4096
    tamper(path, f"update claim set title = 'Other' where slug = '{slug}' and revision = 1")
    named, kept = f"entry {_entry(path, 'claim', slug)}, claim {slug}: ", path.read_bytes()
    with closing(sqlite3.connect(path)) as stranger:
        roots = stranger.execute("select name, tbl_name, rootpage from sqlite_schema where rootpage > 1").fetchall()
    needed = {"entry", "genesis", "seal", "claim", "statement"}  # without these no claim can be read
    others = [(name, page) for name, table, page in roots if table.partition("_")[0] not in {*needed, ""}]

    for name, page in others:
        path.write_bytes(kept[: (page - 1) * size] + bytes(size) + kept[page * size :])
        with Ledger(path) as ledger:
            faults = [str(fault) for fault in ledger.verify(deep=deep).faults]

        assert any(fault.startswith(named) for fault in faults), (name, faults)
        assert len(faults) > 1, (name, faults)
    assert len(others) > 30


@pytest.mark.parametrize("kind", ["x'636c61696d'", "null", "0.0", "'claim' || char(10) || 'x'"])
def test_a_kind_that_is_no_word_is_a_fault_on_one_line_in_every_form(path: Path, kind: str) -> None:
    rewritten = "create table entry (n integer primary key, kind, leaf blob)"
    tamper(path, "pragma writable_schema = 1", f"update sqlite_schema set sql = '{rewritten}' where name = 'entry'")
    tamper(path, f"update entry set kind = {kind} where n = 5")

    found = checked(path)

    assert any(fault.entry == 5 for fault in found.faults)
    assert all("\n" not in str(fault) for fault in found.faults)
    assert json.loads(json.dumps(found.to_dict()))["ok"] is False


def test_a_file_with_faults_is_let_go_of_once_it_was_verified(path: Path) -> None:
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("drop trigger entry_no_delete")
        connection.execute("delete from entry where n = 3")
    connection.close()
    with Ledger(path) as ledger:
        assert not ledger.verify().ok

        with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
            other.execute("begin immediate")
            other.execute("delete from outcome where false")
            other.execute("commit")
            other.execute("begin exclusive")
            other.execute("rollback")


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    fault = Fault.of(25, "resolud\udce9on", "its row is missing\udcff")

    found = Verification(26, 3, Head(26, bytes(32)), False, (fault,))

    assert str(fault) == "entry 25, resolud\\udce9on: its row is missing\\udcff"
    assert found.rows() == [{"entry": 25, "record": "resolud\\udce9on", "what": "its row is missing\\udcff"}]
    assert str(found).encode()
