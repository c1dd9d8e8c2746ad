"""Export to SQLite: claims, forecasters, forecasts and resolutions as plain tables by slug, in one file.

The copy is for readers and tools, and proves nothing. Imported forecasts are rows beside those recorded singly, in
every revision of each; lists are JSON. The table ``meta`` has the head and the day, and the number of records that a
redacted ledger no longer has.
"""

from __future__ import annotations

import json
import os
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import repeat
from math import isnan
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from predictions.dates import read_day
from predictions.errors import LedgerError, Tampered, check_field
from predictions.exchange.written import Written, losses
from predictions.invisible import json_of
from predictions.records import RECORDS, Claim, Forecast, Forecaster, Import, Record, Resolution
from predictions.redacted import Redacted
from predictions.storage.block_records import BlockRecords, said_fields
from predictions.storage.blocks import SHARES, Forecasts, fault_of
from predictions.storage.canonical import Plain
from predictions.storage.checkpoints import Head
from predictions.storage.connection import plain_errors
from predictions.storage.files import free_place, new_database
from predictions.storage.forecast_records import LIST_OF_KIND
from predictions.storage.imports import CHANGED, LIST_NOUNS, contents, imports, lists_of, slugs_by_entry
from predictions.storage.journal import Journal
from predictions.storage.layout import FieldLayout, field_columns
from predictions.storage.rows import StoredRow
from predictions.storage.store import Store
from predictions.timestamps import end_of, in_microseconds, moment_text

Cell: TypeAlias = str | int | float | bytes | None
_AnyRow = TypeVar("_AnyRow")
Names: TypeAlias = NDArray[np.object_]

TABLES: dict[type[Record], str] = {
    Claim: "claims",
    Forecaster: "forecasters",
    Forecast: "forecasts",
    Resolution: "resolutions",
}
SLUGS_OF = {cls.noun: TABLES[cls] for cls in (Claim, Forecaster)}  # tables to which a column may refer
PLURAL_RECORDS = {"evidence": "pieces of evidence"}
INDEXES = {"forecasts": (["claim", "forecaster", "made_at"], ["forecaster"]), "resolutions": (["claim"],)}
BLOCK_COLUMNS = (
    "claim", "forecaster", "made_at", "probability", "withdrawn", *LIST_OF_KIND.values(), "published_in", "revision",
    "recorded_by", "recorded_at", "entry",
)  # fmt: skip

_RECORDED = "select entry, recorded_at from main.seal order by entry"
_IMPORT = """select s.slug, i.recorded_by from main.import i left join main.source s on s.entry = i.published_in
where i.entry = ?"""


def export_sqlite(
    journal: Journal, store: Store, target: str | os.PathLike[str], *, as_of: object = None, today: date | str | None
) -> Written:
    """Write a copy of the records up to *as_of* into a new file, all or nothing.

    Records dated later than *today*, the day in the world, are left out; None means the day of *as_of*.

    Raises:
        InvalidValue: The name cannot be used or is taken.
        StorageError: The disk refuses.
        Tampered: The ledger has content that no ledger can have.
    """
    path = free_place(target)
    with journal.reading(), new_database(path, like=journal.path) as copy, plain_errors(path):
        head, moment = journal.prefix(as_of)
        day = moment.date() if today is None else check_field("today", read_day, today)
        _Copying(journal, store, copy, head, day).copy()
        _write_meta(copy, journal.lacks(head), head, moment, day)
        lost = losses(not_in_tables(store, head.size))
    return Written.of([path], lost)


def not_in_tables(store: Store, size: int) -> dict[str, int]:
    """Return how many records have no table, by the plural of their kind."""
    others = [cls for cls in RECORDS if cls not in {*TABLES, Import}]
    return {PLURAL_RECORDS.get(noun, f"{noun}s"): count for noun, count in store.counted(others, size).items()}


class _Copying:
    """Fills the tables of the copy from the records and blocks under one head."""

    def __init__(self, journal: Journal, store: Store, copy: sqlite3.Connection, head: Head, today: date) -> None:
        """Prepare the copy of what is on file under *head*, as it stood at the end of *today*."""
        from sqlite_utils import Database

        self._path, self._connection, self._store, self._copy = journal.path, journal.connection, store, copy
        self._size, self._today, self._ends = head.size, today, end_of(today)
        self._database = Database(copy, execute_plugins=False)
        seals = self._connection.execute(_RECORDED).fetchall()
        self._options = BlockRecords(self._connection, (), ())
        self._seals = [entry for entry, _ in seals]
        self._recorded_at = [recorded_at for _, recorded_at in seals]

    def copy(self) -> None:
        """Create the tables, fill them, then create their indexes, which is faster than indexing row by row."""
        for cls, table in TABLES.items():
            self._make_table(cls, table)
            names = [column.name for column in field_columns(cls)]
            self._insert(table, (*names, "recorded_at", "entry"), self._rows(cls, names))
        self._insert("forecasts", BLOCK_COLUMNS, self._rows_of_blocks())
        for table, indexes in INDEXES.items():
            for index in indexes:
                self._database.table(table).create_index(index)

    def _make_table(self, cls: type[Record], table: str) -> None:
        """Create the table of one kind of record, with a column for each of its fields."""
        fields = field_columns(cls)
        self._database.table(table).create(
            {**{column.name: self._type(cls, column) for column in fields}, "recorded_at": str, "entry": int},
            pk="slug" if cls.key == ("slug",) else None,
            foreign_keys=[
                (column.name, SLUGS_OF[column.refers_to], "slug")
                for column in fields
                if column.refers_to in SLUGS_OF and not column.listed
            ],
            strict=True,
        )

    def _type(self, cls: type[Record], column: FieldLayout) -> type:
        """Return the type of a column: as in the ledger, but text for slugs and lists."""
        if column.listed or column.refers_to:
            return str
        query = "select type from pragma_table_info(?) where name = ?"
        (declared,) = self._connection.execute(query, (cls.noun, column.name)).fetchone()
        return {"TEXT": str, "INTEGER": int, "REAL": float}[declared.upper()]

    def _insert(self, table: str, names: Iterable[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Insert rows into a table."""
        listed = list(names)
        marks = ", ".join("?" * len(listed))
        quoted = ", ".join(f'"{name}"' for name in listed)
        self._copy.executemany(f"insert into {table} ({quoted}) values ({marks})", self._reading(rows))

    def _reading(self, rows: Iterable[_AnyRow]) -> Iterator[_AnyRow]:
        """Yield the rows; an error while they are read is reported for the ledger, not for the copy."""
        try:
            with plain_errors(self._path):
                yield from rows
        except LedgerError:
            raise
        except (ArithmeticError, LookupError, TypeError, ValueError):
            raise Tampered(f"{str(self._path)!r} was changed by hand: no ledger can be so; run verify") from None

    def _rows(self, cls: type[Record], names: list[str]) -> Iterator[list[Cell]]:
        """Yield the rows of one kind of record: the latest revision of each slug, or every revision if it has none."""
        rows: Iterable[StoredRow] = self._store.rows(cls, before=self._size)
        if cls.key == ("slug",):
            rows = {row.fields["slug"]: row for row in rows}.values()
        elif cls is Resolution:
            rows = self._known_by_now(list(rows))
        ends = moment_text(self._ends)
        for row in rows:
            if cls is not Forecast or str(row.fields["made_at"]) < ends:
                values = [_flat(row.fields.get(name)) for name in names]
                yield [*values, self._recorded(row.entry), row.entry]

    def _known_by_now(self, rows: list[StoredRow]) -> Iterator[StoredRow]:
        """Yield the verdicts, without those whose latest revision was known only after today."""
        latest = {(row.fields["claim"], row.fields["number"]): str(row.fields["known_on"]) for row in rows}
        for row in rows:
            if latest[row.fields["claim"], row.fields["number"]] <= self._today.isoformat():
                yield row

    def _rows_of_blocks(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the forecasts in blocks as rows of the table of forecasts."""
        slugs_of = [slugs_by_entry(self._connection, noun) for noun in LIST_NOUNS]
        for imported in imports(self._connection, self._size):
            if not imported.blocks:
                continue
            published_in, recorded_by = self._connection.execute(_IMPORT, (imported.entry,)).fetchone()
            shared = (published_in, 1, recorded_by, self._recorded(imported.entry), imported.entry)
            lists = lists_of(self._connection, imported.entry)
            claims, forecasters = (
                np.array([slugs[entry] for entry in entries.tolist()], object)
                for slugs, entries in zip(slugs_of, lists, strict=True)
            )
            for rows in contents(self._connection, imported.entry, 0, imported.blocks):
                if fault_of(rows, claims.size, forecasters.size):  # the block was changed by hand
                    raise Tampered(CHANGED)
                by_today = rows.rows(rows.made_at < in_microseconds(self._ends)).compact()
                lists_said = self._lists(by_today, claims, imported.entry)
                yield from _spelled_out(by_today, claims, forecasters, lists_said, shared)

    def _lists(self, rows: Forecasts, claims: Names, entry: int) -> list[list[Cell]]:
        """Return the options, values and days of rows as columns of JSON."""
        lists: dict[str, list[Cell]] = {name: [None] * rows.size for name in LIST_OF_KIND.values()}
        if rows.kind is not None:
            places = np.flatnonzero(rows.distributed).tolist()
            for place, lines in zip(places, rows.lines.of_each(), strict=True):
                kind = int(rows.kind[place])
                options = self._options.options(claims[rows.claim[place]], entry) if kind == SHARES else ()
                for name, parts in said_fields(kind, lines, options).items():
                    lists[name][place] = json.dumps(parts, default=str)
        return list(lists.values())

    def _recorded(self, entry: int) -> str:
        """Return when an entry was recorded: the time of its seal."""
        return str(self._recorded_at[bisect_left(self._seals, entry)])


def _spelled_out(
    rows: Forecasts, claims: Names, forecasters: Names, lists_said: Sequence[Sequence[Cell]], shared: tuple[Cell, ...]
) -> Iterator[tuple[Cell, ...]]:
    """Return the rows of a block with slugs, times as text, and the values that all of them share."""
    moments = np.datetime_as_string(rows.made_at.astype("M8[us]"))
    return zip(
        claims[rows.claim].tolist(),
        forecasters[rows.forecaster].tolist(),
        [f"{moment}Z" for moment in moments.tolist()],
        [None if isnan(chance) else chance for chance in np.where(rows.distributed, np.nan, rows.probability).tolist()],
        [True if is_withdrawn else None for is_withdrawn in np.isnan(rows.probability).tolist()],
        *lists_said,
        *(repeat(value, rows.size) for value in shared),
        strict=True,
    )


def _flat(value: Plain) -> Cell:
    """Return a field as one cell; lists become JSON."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    return json_of(value)


def _write_meta(copy: sqlite3.Connection, lacks: Redacted | None, head: Head, moment: datetime, today: date) -> None:
    """Write the ledger, head and day of the copy, and the records that a redacted ledger no longer has."""
    redacted_records = [
        {"entry": entry, "kind": missing.kind} for entry, missing in (lacks.bodies if lacks else {}).items()
    ]
    meta = {
        "ledger": head.ledger_id,
        "head": str(head),
        "as_of": moment_text(moment),
        "today": today.isoformat(),
        "redacted": str(len(redacted_records)),
        "redacted_records": json.dumps(redacted_records),
    }
    copy.execute("create table meta (key text primary key, value text not null) strict")
    copy.executemany("insert into meta values (?, ?)", meta.items())
