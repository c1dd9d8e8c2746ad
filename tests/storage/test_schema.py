"""The tables agree with the records, nothing in them can be changed or replaced, and foreign parts are named."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
import sqlite_utils
from invented import EVERYTHING, write

from predictions.records import RECORDS, Record, Statement
from predictions.storage import schema
from predictions.storage.layout import field_columns

GUARDED = (*schema.UNIQUE, *schema.WORD_TABLES)
REFUSED = "what is written stays written"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a row in each and every table."""
    path = tmp_path_factory.mktemp("schema") / "ledger.db"
    write(path, EVERYTHING)
    connection = sqlite3.connect(path, isolation_level=None)
    for table in GUARDED:
        if not rows(connection, table):
            _fill(connection, table)
    connection.close()
    return path


@pytest.fixture
def connection(original: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection as a stranger opens it: no setting of ours."""
    path = tmp_path / "ledger.db"
    shutil.copy(original, path)
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f'select * from "{table}" order by 1, 2' if width(connection, table) > 1
                              else f'select * from "{table}" order by 1').fetchall()  # fmt: skip


def width(connection: sqlite3.Connection, table: str) -> int:
    return len(connection.execute(f'pragma table_info("{table}")').fetchall())


def _fill(connection: sqlite3.Connection, table: str) -> None:
    """Put some row into a table that the invented records leave empty."""
    values = {"integer": "1", "text": "'x'", "real": "0.5", "blob": "zeroblob(32)"}
    info = connection.execute(f'pragma table_info("{table}")').fetchall()
    row = ["zeroblob(16)" if name == "salt" else values[kind.lower()] for _, name, kind, *_ in info]
    connection.execute(f'insert into "{table}" values ({", ".join(row)})')


def _notes(cls: type[Record], name: str) -> set[object]:
    """The types a field may hold."""
    annotation = cls.model_fields[name].annotation
    return set(get_args(annotation) or (annotation,))


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.noun)
def test_each_field_of_a_record_has_its_column_and_each_column_its_field(
    cls: type[Record], connection: sqlite3.Connection
) -> None:
    info = {name: notnull for _, name, _, notnull, _, _ in connection.execute(f"pragma table_info({cls.noun})")}

    beside = {"entry", "words"} if cls is Statement else {"entry"}  # words follow from the text, to find it by
    assert set(info) == beside | {column.name for column in field_columns(cls) if not column.listed}
    for name, notnull in info.items():
        if name not in beside:
            assert bool(notnull) == (type(None) not in _notes(cls, name)), name


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.noun)
def test_each_list_of_a_record_has_its_table(cls: type[Record], connection: sqlite3.Connection) -> None:
    for column in field_columns(cls):
        if column.listed:
            info = [row[1] for row in connection.execute(f"pragma table_info({cls.noun}_{column.name})")]
            assert info == [cls.noun, "position", *column.items]


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.noun)
def test_references_and_words_are_foreign_keys(cls: type[Record], connection: sqlite3.Connection) -> None:
    for column in field_columns(cls):
        table, name = (f"{cls.noun}_{column.name}", column.items[0]) if column.listed else (cls.noun, column.name)
        targets = {row[3]: row[2] for row in connection.execute(f"pragma foreign_key_list({table})")}
        words = [one for one in _notes(cls, column.name) if isinstance(one, type) and issubclass(one, StrEnum)]
        if column.refers_to:
            assert targets[name] == column.refers_to
        if words:
            assert set(schema.WORD_TABLES[targets[name]]) == {str(word) for word in words[0]}


def test_every_kind_of_record_and_no_other_is_a_kind_of_entry() -> None:
    assert set(schema.WORD_TABLES["entry_kind"]) == {"genesis", "seal"} | {cls.noun for cls in RECORDS}


def test_word_tables_hold_their_words(connection: sqlite3.Connection) -> None:
    for table, words in schema.WORD_TABLES.items():
        assert {word for (word,) in rows(connection, table)} == set(words)


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    strict = {
        name: strict for _, name, kind, _, _, strict in connection.execute("pragma table_list") if kind == "table"
    }

    assert {table for table in GUARDED if not strict[table]} == set()


def test_every_table_is_guarded(connection: sqlite3.Connection) -> None:
    tables = {name for (name,) in connection.execute("select name from sqlite_schema where type = 'table'")}

    assert tables - {"_sqlite_migrations"} == set(GUARDED)


def test_a_new_file_differs_in_nothing(connection: sqlite3.Connection) -> None:
    assert schema.differences(connection) == []


@pytest.mark.parametrize("recursive", [0, 1])
@pytest.mark.parametrize("table", GUARDED)
def test_no_value_can_be_updated_and_no_row_deleted(table: str, recursive: int, connection: sqlite3.Connection) -> None:
    connection.execute(f"pragma recursive_triggers = {recursive}")
    before = rows(connection, table)
    assert before
    names = [row[1] for row in connection.execute(f'pragma table_info("{table}")')]

    for name in names:
        for verb in ("update", "update or replace", "update or ignore", "update or fail"):
            with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
                connection.execute(f'{verb} "{table}" set "{name}" = "{name}"')
    for condition in ("", "where true", f'where "{names[0]}" = (select min("{names[0]}") from "{table}")'):
        with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
            connection.execute(f'delete from "{table}" {condition}')

    assert rows(connection, table) == before


@pytest.mark.parametrize("recursive", [0, 1])
@pytest.mark.parametrize("table", GUARDED)
def test_no_row_can_be_replaced_or_upserted(table: str, recursive: int, connection: sqlite3.Connection) -> None:
    connection.execute(f"pragma recursive_triggers = {recursive}")
    before = rows(connection, table)
    row = before[-1]
    marks = ", ".join("?" * len(row))
    names = [f'"{info[1]}"' for info in connection.execute(f'pragma table_info("{table}")')]
    updates = ", ".join(f"{name} = excluded.{name}" for name in names)

    for statement in (
        f'insert or replace into "{table}" values ({marks})',
        f'replace into "{table}" values ({marks})',
        f'insert into "{table}" values ({marks}) on conflict do update set {updates}',
        f'insert or ignore into "{table}" values ({marks})',
    ):
        with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
            connection.execute(statement, row)

    assert rows(connection, table) == before


@pytest.mark.parametrize("table", [table for table, same in schema.UNIQUE.items() if " or " in same])
def test_no_row_can_be_replaced_by_another_entry_of_its_key(table: str, connection: sqlite3.Connection) -> None:
    connection.execute("pragma recursive_triggers = 0")
    connection.execute("pragma foreign_keys = 0")
    before = rows(connection, table)
    first, *rest = before[-1]

    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        connection.execute(
            f'insert or replace into "{table}" values ({", ".join("?" * len(before[-1]))})', [10_000, *rest]
        )

    assert first != 10_000
    assert rows(connection, table) == before


@pytest.mark.parametrize("table", GUARDED)
def test_sqlite_utils_can_neither_replace_nor_upsert(table: str, connection: sqlite3.Connection) -> None:
    database = sqlite_utils.Database(connection, recursive_triggers=False, execute_plugins=False)
    before = rows(connection, table)
    names = [info[1] for info in connection.execute(f'pragma table_info("{table}")')]
    keys = [info[1] for info in connection.execute(f'pragma table_info("{table}")') if info[5]]
    row = dict(zip(names, before[-1], strict=True))
    kept = database[table]

    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        kept.insert(row, replace=True)
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        kept.insert(row, ignore=True)
    if len(names) > len(keys):
        with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
            kept.upsert(row, pk=keys if len(keys) > 1 else keys[0])
        with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
            kept.update([row[key] for key in keys] if len(keys) > 1 else row[keys[0]], {names[-1]: row[names[-1]]})
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        kept.delete_where()

    assert rows(connection, table) == before


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("drop trigger claim_no_update", "the trigger claim_no_update is missing"),
        ("drop view claims", "the view claims is missing"),
        ("drop table bearing_meets", "the table bearing_meets is missing"),
        ("create table more (x)", "the table more does not belong to a ledger"),
        ("create view more as select 1", "the view more does not belong to a ledger"),
        ("create index more on claim (title)", "the index more does not belong to a ledger"),
        ("create index more on claim (upper(title))", "the index more does not belong to a ledger"),
        ("create table _sqlite_migrations_too (x)", "the table _sqlite_migrations_too does not belong to a ledger"),
        (
            "create trigger _sqlite_migrations_more after insert on entry begin select 1; end",
            "the trigger _sqlite_migrations_more does not belong to a ledger",
        ),
        ("alter table claim add column more text", "the table claim was altered"),
        ("alter table claim rename column notes to remarks", "the table claim was altered"),
        (
            "drop trigger claim_no_update; create trigger claim_no_update before update on claim begin select 1; end",
            "the trigger claim_no_update was altered",
        ),
        ("drop view claims; create view claims as select 1 as slug", "the view claims was altered"),
        (
            "pragma foreign_keys = 0; drop table claim_tags; create view claim_tags as select 1 as claim",
            "the view claim_tags does not belong to a ledger",
        ),
        ("drop index evidence_of_link", "the index evidence_of_link is missing"),
        (
            "drop index evidence_of_link; create index evidence_of_link on evidence (link desc)",
            "the index evidence_of_link was altered",
        ),
        ("alter table block add column more text", "the table block was altered"),
        ("drop trigger import_list_no_delete", "the trigger import_list_no_delete is missing"),
        ("insert into outcome values ('maybe')", "the words of outcome were changed"),
        ("pragma foreign_keys = 0; drop table outcome", "the table outcome is missing"),
        (
            "drop trigger outcome_no_delete; pragma foreign_keys = 0; delete from outcome where word = 'no'",
            "the words of outcome were changed",
        ),
        (
            "pragma writable_schema = 1; update sqlite_schema set sql = replace(sql, 'before', 'after') "
            "where name = 'entry_no_delete'; pragma writable_schema = reset",
            "the trigger entry_no_delete was altered",
        ),
        (
            "pragma writable_schema = 1; insert into sqlite_schema values ('trigger', 'sqlite_more', 'entry', 0, "
            "'CREATE TRIGGER sqlite_more after insert on entry begin select 1; end'); pragma writable_schema = reset",
            "the trigger sqlite_more does not belong to a ledger",
        ),
    ],
)  # fmt: skip
def test_each_change_of_the_schema_is_named(tampering: str, fault: str, connection: sqlite3.Connection) -> None:
    connection.executescript(tampering)

    assert fault in schema.differences(connection)


def test_transform_by_sqlite_utils_drops_triggers_and_is_seen(connection: sqlite3.Connection) -> None:
    database = sqlite_utils.Database(connection, execute_plugins=False)

    database["source"].transform(rename={"publisher": "house"})

    assert any("source" in fault for fault in schema.differences(connection))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("insert into block values (3, 9, 1, 1, 1, zeroblob(31), x'')", "CHECK constraint failed"),
        ("insert into block values (3, 9, 1, 1, 1, zeroblob(32), 'text')", "cannot store TEXT value in BLOB column"),
        ("insert into import_list values (9, 'text', x'')", "cannot store TEXT value in BLOB column"),
        ("insert into import_list values (9, null, x'')", "NOT NULL constraint failed"),
    ],
)
def test_lists_and_blocks_are_bytes(statement: str, fault: str, connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=fault):
        connection.execute(statement)


@pytest.mark.parametrize("table", ["import_list", "block"])
def test_a_block_may_stand_before_its_entry_but_not_without_it(table: str, connection: sqlite3.Connection) -> None:
    """An import's blocks are written while its rows are read; the number of its entry is known, and comes last."""
    connection.execute("pragma foreign_keys = 1")
    (claim,) = connection.execute("select min(entry) from claim").fetchone()
    row = {"import_list": "(?1, x'', x'')", "block": f"(?1, 0, 1, {claim}, {claim}, zeroblob(32), x'')"}[table]
    (last,) = connection.execute("select max(n) from entry").fetchone()

    connection.execute("begin")
    connection.execute(f"insert into {table} values {row}", (last + 1,))
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
        connection.execute("commit")
    connection.execute("insert into entry values (?, 'import', zeroblob(32))", (last + 1,))
    connection.execute("commit")


def test_look_ups_go_by_an_index_and_appends_of_forecasts_keep_none(connection: sqlite3.Connection) -> None:
    for question in (
        "claim where statement = 1", "claim where supersedes = 1", "claim where given = 1",
        "claim_parts where part = 1", "statement where words = x''", "evidence where link = ''",
        "bearing where evidence = 1",
    ):  # fmt: skip
        (*_, plan) = connection.execute(f"explain query plan select 1 from {question}").fetchone()
        assert "USING" in plan and "INDEX" in plan, plan  # noqa: PT018
    query = "select name from sqlite_schema where type = 'index' and sql is not null and tbl_name = ?"
    for table in ("forecast", "entry", "seal", "resolution", "block"):
        assert connection.execute(query, (table,)).fetchall() == [], "each costs an append a page"


def test_statistics_of_a_database_browser_are_no_difference(connection: sqlite3.Connection) -> None:
    connection.execute("analyze")

    assert schema.differences(connection) == []
