"""A redacted copy: bodies of records are gone from it, and every root and head still holds.

The leaf of a redacted record stays in the tree. Its salt must go, or its few likely contents could be tried one by
one; so the seal's salt goes, from which all were made, and each entry kept under that seal carries its own.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from predictions.errors import Conflict, InvalidValue, NotFound
from predictions.records import RECORDS, Forecast, Import, Merge, Record
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value
from predictions.snapshot import numbers
from predictions.storage import schema
from predictions.storage.checkpoints import Head
from predictions.storage.connection import plain_errors
from predictions.storage.files import free_place, new_database
from predictions.storage.imports import NOUNS, Imports, lists_of, slugs_by_entry
from predictions.storage.journal import Journal
from predictions.storage.layout import columns, references
from predictions.storage.merkle import leaf_salt
from predictions.storage.rows import StoredRow, record_of
from predictions.storage.store import Store
from predictions.trust.backup import check_replaced, checked_copy
from predictions.trust.entry_lookup import Meant, called, pointed_at, series_in

LISTED = 5
TELLING = re.compile(r"(?=.*[^0-9TZ:./+-]).{8,}", re.DOTALL)  # no date
Slug: TypeAlias = tuple[str, str]  # the kind of a record, and its slug
NEVER = {"genesis", "seal", Merge.noun}


@dataclass(frozen=True, repr=False)
class Redaction(Result):
    """A redacted copy that was made: which records are gone from it, and where their words still stand."""

    path: Path
    head: Head
    gone: tuple[str, ...]
    remains: tuple[str, ...]

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"redacted copy, verified, in {self.path}")]
        found += [Paragraph(f"gone: {one}", 2) for one in self.gone]
        found += [Paragraph(f"still there: {one}", 2) for one in self.remains]
        found.append(Paragraph(f"head {self.head}, as before; the ledger itself, and its backups, still hold it all"))
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [{"record": one, "gone": True} for one in self.gone]


def redact(
    journal: Journal, store: Store, names: Iterable[str | int], target: str | os.PathLike[str], *, force: bool,
    with_references: bool,
) -> Redaction:  # fmt: skip
    """Copy the ledger without the bodies of some records, all revisions of them; *target* as for a backup.

    A slug means every revision, an entry's number that one. Raises Conflict where others refer to one of them,
    unless *with_references* redacts those too.
    """
    path = free_place(target, force=force)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        with journal.reading():
            head = journal.head()
            rows = _Rows(store, names)
            rows.add_references(_imported_references(journal.connection), allowed=with_references)
            journal.connection.backup(memory)
        check_replaced(journal, path)
        with new_database(path, like=journal.path, force=force) as copy, plain_errors(path):
            _remove(memory, rows.gone)
            memory.execute("vacuum")  # else what was removed would still stand in free pages
            memory.backup(copy)
            found = checked_copy(copy, path, head)
    return Redaction(path, found.head, tuple(rows.names()), tuple(rows.remains()))


class _Rows:
    """Every record on file, which of them go, and who refers to those."""

    def __init__(self, store: Store, names: Iterable[str | int]) -> None:
        self._all: dict[int, tuple[type[Record], StoredRow]] = {
            row.entry: (cls, row) for cls in RECORDS for row in store.rows(cls)
        }
        self.gone: dict[int, type[Record]] = {}
        imports = Imports(store.connection)
        for name in names:
            meant = _meant(store, name, imports)
            if meant.noun in NEVER:
                raise InvalidValue(f"{meant.name} is a {meant.noun}, which cannot be redacted")
            for entry in meant.entries:
                if entry not in self._all:
                    raise NotFound(f"the body of entry {entry} is gone already: it was redacted")
                self.gone[entry] = self._all[entry][0]
                self._check_numbers(entry, imports)
        if not self.gone:
            raise InvalidValue("say which record is to be redacted: a slug, or an entry's number")

    def _check_numbers(self, entry: int, imports: Imports) -> None:
        """Refuse a forecast whose number stands in a block as well: the copy would still tell it."""
        cls, row = self._all[entry]
        if not imports or cls is not Forecast:
            return
        forecast = record_of(Forecast, row)
        for other in imports.series({(forecast.claim, forecast.forecaster)}):
            if other.made_at == forecast.made_at and numbers(other) == numbers(forecast):
                raise Conflict(
                    f"the number of {self._name(entry)} also stands in a block, which is redacted with its whole "
                    f"import or not at all: {_imports_of(imports, forecast)}"
                )

    def add_references(self, imported: Mapping[int, set[Slug]], *, allowed: bool) -> None:
        """Take what refers to a record that goes, and its later revisions, along; or refuse."""
        refers = {entry: _referred(cls, row) | imported.get(entry, set()) for entry, (cls, row) in self._all.items()}
        while found := {
            entry: cls
            for began in [self._began()]
            for entry, (cls, _) in self._all.items()
            if entry not in self.gone and not refers[entry].isdisjoint(began)
        }:
            if not allowed:
                told = ", ".join(self._name(entry) for entry in list(found)[:LISTED])
                more = f" and {len(found) - LISTED} more" if len(found) > LISTED else ""
                raise Conflict(
                    f"{self._name(next(iter(self.gone)))} is referred to by {told}{more}; "
                    "these can only be redacted with it: with_references=True"
                )
            self.gone |= found

    def names(self) -> list[str]:
        """What goes, in ledger order."""
        return [self._name(entry) for entry in sorted(self.gone)]

    def remains(self) -> list[str]:
        """Texts of what goes that stand elsewhere as well, and so are still in the copy."""
        found = []
        kept = [text for entry, (_, row) in self._all.items() if entry not in self.gone for text in _texts(row.fields)]
        for entry in sorted(self.gone):
            cls, row = self._all[entry]
            aside = {column.name for column in columns(cls) if column.refers_to} | {"recorded_by"}
            for name, value in row.fields.items():
                if not isinstance(value, str) or name in {*aside, *cls.key} or not _telling(value):
                    continue
                if any(value in text for text in kept):
                    found.append(f"the {name} of {self._name(entry)}, in other records")
        return found

    def _began(self) -> set[Slug]:
        """The slugs whose first revision goes: what refers to one would hang in the air."""
        first = [(cls.noun, self._all[entry][1].fields) for entry, cls in self.gone.items() if cls.key == ("slug",)]
        return {(noun, str(fields["slug"])) for noun, fields in first if fields["revision"] == 1}

    def _name(self, entry: int) -> str:
        cls, row = self._all[entry]
        return called(cls.noun, row.fields)


def _meant(store: Store, name: str | int, imports: Imports) -> Meant:
    """Find the record meant; a forecast in a block is none, and the sentence says so."""
    try:
        return pointed_at(store, name)
    except NotFound:
        words = series_in(name)
        if len(words) == 2 and (said := imports.series({(words[0], words[1])})):
            raise Conflict(
                f"what {said[-1].forecaster} said of {said[-1].claim} stands in a block, which is redacted with its "
                f"whole import or not at all: {_imports_of(imports, said[-1])}"
            ) from None
        raise


def _imports_of(imports: Imports, forecast: Forecast) -> str:
    """Name the imports whose blocks hold a series, as they are named to be redacted."""
    entries = {entry for entry, _ in imports.forecasts({(forecast.claim, forecast.forecaster)})}
    return ", ".join(f"'import {number}'" for entry, number in imports.numbers.items() if entry in entries)


def _referred(cls: type[Record], row: StoredRow) -> set[Slug]:
    """The slugs that a record names, and its own, under which its first revision is found."""
    own = {(cls.noun, str(row.fields["slug"]))} if cls.key == ("slug",) else set()
    return own.union(references(cls, row.fields))


def _imported_references(connection: sqlite3.Connection) -> dict[int, set[Slug]]:
    """The claims and forecasters of each import."""
    slugs = {noun: slugs_by_entry(connection, noun) for noun in NOUNS}
    return {
        entry: {
            (noun, slugs[noun][began])
            for noun, entries in zip(NOUNS, lists_of(connection, entry), strict=True)
            for began in entries.tolist()
        }
        for (entry,) in connection.execute("select import from main.import_list").fetchall()
    }


def _telling(text: str) -> bool:
    """Whether a text tells of its record, where it stands elsewhere: no date, and no word of a closed set."""
    return bool(TELLING.fullmatch(text)) and not any(text in words for words in schema.WORDS.values())


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _remove(memory: sqlite3.Connection, gone: dict[int, type[Record]]) -> None:
    """Take the rows out of a copy in memory, its triggers laid aside meanwhile."""
    triggers = memory.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
    memory.execute("begin")
    for name, _ in triggers:
        memory.execute(f"drop trigger {name}")
    for entry, cls in gone.items():
        if cls is Import:
            memory.execute("delete from block where import = ?", (entry,))
        for table in schema.item_tables(cls.noun):
            memory.execute(f"delete from {table} where {cls.noun} = ?", (entry,))
        memory.execute(f"delete from {cls.noun} where entry = ?", (entry,))
        memory.execute("insert into redacted values (?)", (entry,))
    _keep_salts(memory, gone)
    for _, sql in triggers:
        memory.execute(sql)
    memory.execute("commit")


def _keep_salts(memory: sqlite3.Connection, gone: Iterable[int]) -> None:
    """Give the entries that stay their own salts, in place of the seal's."""
    over = "select first, entry, salt from seal where entry > ? order by entry limit 1"
    for first, last, salt in sorted({memory.execute(over, (entry,)).fetchone() for entry in gone}):
        if salt is not None:
            salts = [(n, leaf_salt(salt, n)) for n in range(first, last + 1)]
            memory.executemany("insert into kept_salt values (?, ?)", salts)
            memory.execute("update seal set salt = null where entry = ?", (last,))
    memory.executemany("delete from kept_salt where entry = ?", [(entry,) for entry in gone])
