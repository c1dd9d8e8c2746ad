"""The file's schema: the tables of schema.sql, the word tables, and the triggers that refuse any change.

Each typed row has the number of its entry. The triggers refuse UPDATE, DELETE and replacing INSERT. They protect
against mistakes; the proof that nothing was changed are the hashes.
"""

from __future__ import annotations

import re
import sqlite3
from functools import cache
from pathlib import Path

from predictions.errors import one_line

FORMAT = 1
APPLICATION_ID = 0x50724C67  # "PrLg"

WORD_TABLES = {  # by table, the words that a column may hold
    "entry_kind": (
        "genesis", "seal", "source", "statement", "claim", "event", "evidence", "bearing", "forecaster",
        "forecast", "resolution", "import", "merge",
    ),
    "source_kind": ("article", "book", "filing", "ledger", "platform", "post", "report", "talk", "self", "other"),
    "claim_type": ("yes-no", "events", "all-of", "any-of", "choice", "ordered", "number", "date"),
    "axis": ("linear", "log"),
    "sourcing": ("any", "one-primary-or-two-established"),
    "reliability": ("high", "medium", "low"),
    "grade": ("primary", "established", "other"),
    "read": ("page", "summary", "citation"),
    "bears": ("supports", "opposes", "near-miss", "context", "base-rate"),
    "forecaster_kind": ("person", "publication", "model", "crowd", "reference"),
    "outcome": ("yes", "no", "fraction", "option", "value", "ambiguous", "annulled"),
}  # fmt: skip


def _unique(table: str) -> str:
    """Return the SQL condition that an existing row has a key of a new one, from the keys in a table's definition."""
    single = re.findall(r"(\w+) integer (?:primary key|not null unique)", table)
    several = [names.split(", ") for names in re.findall(r"(?:unique|primary key) \(([^)]*)\)", table)]
    tests = [f"{name} is new.{name}" for name in single]
    tests += [f"({', '.join(names)}) = ({', '.join(f'new.{name}' for name in names)})" for names in several]
    return " or ".join(tests)


_SCHEMA_TEXT = re.sub("--.*\n", "", Path(__file__).with_name("schema.sql").read_text("utf-8"))
_PARTS = [statement.strip() for statement in _SCHEMA_TEXT.split(";") if statement.strip()]
UNIQUE = {part.split()[2]: _unique(part) for part in _PARTS if part.startswith("create table")}


def item_tables(noun: str) -> list[str]:
    """List the tables that hold the lists of one kind of record."""
    return [table for table in UNIQUE if table.startswith(f"{noun}_")]


_OF_SQLITE = {  # tables and indexes that SQLite or sqlite-utils keep for themselves
    *(("table", name, name) for name in ("_sqlite_migrations", "sqlite_stat1", "sqlite_stat4")),
    ("index", "idx__sqlite_migrations_migration_set_name", "_sqlite_migrations"),
}


def tables() -> list[str]:
    """List the tables of this format."""
    return [name for kind, name in _statements() if kind == "table"]


def missing_tables(connection: sqlite3.Connection) -> list[str]:
    """List the tables of this format that the file lacks, or for which it has a view or a virtual table."""
    query = "select name from main.sqlite_schema where type = 'table' and sql like 'create table %'"
    present = {name for (name,) in connection.execute(query)}
    return [name for name in tables() if name not in present]


def differences(connection: sqlite3.Connection) -> list[str]:
    """List the differences of the file's schema from this format, as sentences: missing, altered and foreign parts."""
    schema = connection.execute("select type, name, tbl_name, sql from main.sqlite_schema").fetchall()
    present = {
        (kind, name): sql
        for kind, name, table, sql in schema
        if (kind, name, table) not in _OF_SQLITE and (kind != "index" or sql is not None)  # SQLite's own have none
    }
    wanted = _statements()
    faults = _missing_sentences([part for part in wanted if part not in present])
    for (kind, name), sql in present.items():
        if (kind, name) not in wanted:
            faults.append(f"the {kind} {name} does not belong to a ledger")
        # Compared to the letter: a trigger whose condition was loosened has the right name, and guards nothing.
        elif sql != wanted[kind, name]:
            faults.append(f"the {kind} {name} was altered")
    for table, words in WORD_TABLES.items():
        if present.get(("table", table)) == wanted["table", table]:
            try:
                words_kept = {word for (word,) in connection.execute(f"select word from main.{table}")}
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                faults.append(f"the words of {table} cannot be read: {one_line(error)}")
                continue
            if words_kept != set(words):
                faults.append(f"the words of {table} were changed")
    return faults


def _missing_sentences(parts: list[tuple[str, str]]) -> list[str]:
    """Return one sentence for each kind of part that is missing, with the first three names.

    *parts* are pairs of a kind, such as table or trigger, and a name.
    """
    names_of: dict[str, list[str]] = {}
    for kind, name in parts:
        names_of.setdefault(kind, []).append(name)
    sentences = []
    for kind, names in names_of.items():
        if len(names) == 1:
            sentences.append(f"the {kind} {names[0]} is missing")
        else:
            more = ", ..." if len(names) > 3 else ""
            sentences.append(f"{len(names)} {kind}s are missing: {', '.join(names[:3])}{more}")
    return sentences


@cache
def _statements() -> dict[tuple[str, str], str]:
    """Return each statement of this format by the kind and the name of the part it makes, as SQLite stores it."""
    statements = {}
    for statement in _all_statements():
        kind, name = statement.split()[1:3]
        # SQLite stores the two first words in capitals.
        statements[kind, name] = statement.replace("create ", "CREATE ", 1).replace(kind, kind.upper(), 1)
    return statements


def _all_statements() -> list[str]:
    """List the SQL statements that make a ledger: word tables, tables of records, views, and the triggers on them."""
    words = [f"create table {table} (word text primary key) strict, without rowid" for table in WORD_TABLES]
    refusals = [
        f"create trigger {table}_no_{verb} before {verb} on {table} "
        "begin select raise(abort, 'what is written stays written'); end"
        for table in (*UNIQUE, *WORD_TABLES)
        for verb in ("update", "delete")
    ]
    guarded = [
        f"create trigger {table}_no_replace before insert on {table} when exists (select 1 from {table} where {same}) "
        "begin select raise(abort, 'what is written stays written'); end"
        for table, same in {**UNIQUE, **dict.fromkeys(WORD_TABLES, "word is new.word")}.items()
    ]
    return [*words, *_PARTS, *refusals, *guarded]


def create(connection: sqlite3.Connection) -> None:
    """Bring a new or older file to the current format, inside the caller's transaction."""
    # Imported only here, for a new file: sqlite-utils imports pandas if it can, and opening a ledger must be fast.
    from sqlite_utils import Database, Migrations

    migrations = Migrations("predictions")

    @migrations()
    def m001_first_format(database: Database) -> None:
        for statement in _all_statements():
            database.execute(statement)
        for table, words in WORD_TABLES.items():
            for word in words:
                database.execute(f"insert into {table} values (?)", [word])

    # Plugins of sqlite-utils could define functions or hooks on our connection, inside the transaction of the genesis.
    migrations.apply(Database(connection, execute_plugins=False))
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.execute(f"pragma user_version = {FORMAT}")
