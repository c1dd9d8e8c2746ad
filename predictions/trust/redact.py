"""A redacted copy: the bodies of some records are removed from it, and every root and head still holds.

The leaf of a redacted record stays in the tree. Its salt must go, or its few likely contents could be tried one by one.
All salts under a seal are made from the seal's own; so that one goes too, and each entry that stays gets its salt.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from predictions.errors import Conflict, InvalidValue, NotFound
from predictions.numerals import some_of
from predictions.records import RECORDS, Forecast, Import, Merge, Record
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value
from predictions.snapshot import said_numbers
from predictions.storage import schema
from predictions.storage.checkpoints import Head
from predictions.storage.connection import plain_errors
from predictions.storage.files import free_place, new_database
from predictions.storage.imports import LIST_NOUNS, Imports, lists_of, slugs_by_entry
from predictions.storage.journal import Journal
from predictions.storage.layout import NounSlug, field_columns, references
from predictions.storage.merkle import leaf_salt
from predictions.storage.rows import StoredRow, record_of
from predictions.storage.store import Store
from predictions.trust.backup import check_replaced, checked_copy
from predictions.trust.entry_lookup import NamedEntries, find_entries, record_label, series_named

REFERENCES_LISTED = 5
TELLING = re.compile(r"(?=.*[^0-9TZ:./+-]).{8,}", re.DOTALL)  # a text of some length that is not a date
NEVER = {"genesis", "seal", Merge.noun}  # kinds that cannot be redacted


@dataclass(frozen=True, repr=False)
class Redaction(Result):
    """A redacted copy that was made.

    Attributes:
        path: Its file.
        head: Its head, which is that of the original.
        gone: The names of the records whose bodies were removed.
        remains: Which of their texts are in other records too, and so still in the copy.
    """

    path: Path
    head: Head
    gone: tuple[str, ...]
    remains: tuple[str, ...]

    def blocks(self) -> Sequence[Block]:
        blocks: list[Block] = [Heading(f"redacted copy, verified, in {self.path}")]
        blocks += [Paragraph(f"gone: {line}", 2) for line in self.gone]
        blocks += [Paragraph(f"still there: {line}", 2) for line in self.remains]
        blocks.append(Paragraph(f"head {self.head}, as before; the ledger itself, and its backups, still hold it all"))
        return blocks

    def rows(self) -> list[dict[str, Value]]:
        return [{"record": name, "gone": True} for name in self.gone]


def redact(
    journal: Journal, store: Store, names: Iterable[str | int], target: str | os.PathLike[str], *, force: bool,
    with_references: bool,
) -> Redaction:  # fmt: skip
    """Copy the ledger without the bodies of some records.

    Args:
        journal: The open ledger.
        store: Its records.
        names: The records: a slug means all its revisions, an entry's number only that one.
        target: The new file, as for a backup.
        force: Whether to replace a file with that name.
        with_references: Whether records that refer to one of them are redacted too.

    Raises:
        Conflict: Other records refer to one of them, and *with_references* is not given.
    """
    path = free_place(target, force=force)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        with journal.reading():
            head = journal.head()
            rows = _RecordsToRedact(store, names)
            rows.add_references(_imported_references(journal.connection), allowed=with_references)
            journal.connection.backup(memory)
        check_replaced(journal, path)
        with new_database(path, like=journal.path, force=force) as copy, plain_errors(path):
            _remove(memory, rows.gone)
            memory.execute("vacuum")  # otherwise the removed text would still be in free pages of the file
            memory.backup(copy)
            verification = checked_copy(copy, path, head)
    return Redaction(path, verification.head, tuple(rows.names()), tuple(rows.remains()))


class _RecordsToRedact:
    """Decides which records are redacted.

    Attributes:
        gone: Their classes by entry, so far.
    """

    def __init__(self, store: Store, names: Iterable[str | int]) -> None:
        self._all: dict[int, tuple[type[Record], StoredRow]] = {
            row.entry: (cls, row) for cls in RECORDS for row in store.rows(cls)
        }
        self.gone: dict[int, type[Record]] = {}
        imports = Imports(store.connection)
        for name in names:
            match = _meant(store, name, imports)
            if match.noun in NEVER:
                raise InvalidValue(f"{match.name} is a {match.noun}, which cannot be redacted")
            for entry in match.entries:
                if entry not in self._all:
                    raise NotFound(f"the body of entry {entry} is gone already: it was redacted")
                self.gone[entry] = self._all[entry][0]
                self._check_numbers(entry, imports)
        self._named = frozenset(self.gone)  # the others follow, because they refer to one of them
        if not self.gone:
            raise InvalidValue("say which record is to be redacted: a slug, or an entry's number")

    def _check_numbers(self, entry: int, imports: Imports) -> None:
        """Refuse a forecast whose number is in a block as well: the copy would still disclose it."""
        cls, row = self._all[entry]
        if not imports or cls is not Forecast:
            return
        forecast = record_of(Forecast, row)
        for imported in imports.series({(forecast.claim, forecast.forecaster)}):
            if imported.made_at == forecast.made_at and said_numbers(imported) == said_numbers(forecast):
                raise Conflict(
                    f"the number of {self._name(entry)} also stands in a block, which is redacted with its whole "
                    f"import or not at all: {_imports_of(imports, forecast)}"
                )

    def add_references(self, imported: Mapping[int, set[NounSlug]], *, allowed: bool) -> None:
        """Redact also the records that refer to a redacted one, and its later revisions.

        *imported* has the records that each import refers to, by its entry. Raises Conflict if there are such records
        and that is not *allowed*.
        """
        refers = {entry: _referred(cls, row) | imported.get(entry, set()) for entry, (cls, row) in self._all.items()}
        # In rounds, because other records may refer to those that are added.
        while referring := self._referring(refers):
            if not allowed:
                names = some_of([self._name(entry) for entry in referring], REFERENCES_LISTED)
                raise Conflict(
                    f"{self._name(next(iter(self.gone)))} is referred to by {names}; "
                    "these can only be redacted with it: with_references=True"
                )
            self.gone |= referring

    def _referring(self, refers: Mapping[int, set[NounSlug]]) -> dict[int, type[Record]]:
        """Return the records, not redacted yet, that refer to one whose first revision is redacted."""
        began = self._began()
        return {
            entry: cls
            for entry, (cls, _) in self._all.items()
            if entry not in self.gone and not refers[entry].isdisjoint(began)
        }

    def names(self) -> list[str]:
        """Return the names of the redacted records, in ledger order."""
        return [self._name(entry) for entry in sorted(self.gone)]

    def remains(self) -> list[str]:
        """Describe each text of a redacted record that is in another record too, and so still in the copy."""
        lines = []
        remaining_texts: list[str] = []
        for entry, (_, row) in self._all.items():
            if entry not in self.gone:
                remaining_texts += _texts(row.fields)
        for entry in sorted(self.gone):
            cls, row = self._all[entry]
            names = {column.name for column in field_columns(cls) if column.refers_to} | {"recorded_by", *cls.key}
            for field, value in row.fields.items():
                if not isinstance(value, str) or field in names or not _telling(value):  # names are no texts
                    continue
                if any(value in text for text in remaining_texts):
                    lines.append(f"the {field} of {self._name(entry)}, in other records")
        return lines + self._other_forecasts()

    def _other_forecasts(self) -> list[str]:
        """Name the forecasts that stay of series with a redacted one, because a series is named to mean its last."""
        forecasts = [(entry, row.fields) for entry, (cls, row) in self._all.items() if cls is Forecast]
        series = {(row["claim"], row["forecaster"]) for entry, row in forecasts if entry in self._named}
        kept = [
            entry for entry, row in forecasts if (row["claim"], row["forecaster"]) in series and entry not in self.gone
        ]
        return [f"{self._name(entry)}, of the same series; its number is {entry}" for entry in kept]

    def _began(self) -> set[NounSlug]:
        """Return the slugs whose first revision is redacted: references to them would lead nowhere."""
        first = [(cls.noun, self._all[entry][1].fields) for entry, cls in self.gone.items() if cls.key == ("slug",)]
        return {(noun, str(fields["slug"])) for noun, fields in first if fields["revision"] == 1}

    def _name(self, entry: int) -> str:
        cls, row = self._all[entry]
        return record_label(cls.noun, row.fields)


def _meant(store: Store, name: str | int, imports: Imports) -> NamedEntries:
    """Find the entries that a name means; Conflict for a forecast in a block, with the imports to name instead."""
    try:
        return find_entries(store, name, several=", and with_references=True where others refer to it")
    except NotFound:
        series = series_named(store, name)
        if series and (forecasts := imports.series({series})):
            raise Conflict(
                f"what {series[1]} said of {series[0]} stands in a block, which is redacted with its whole import or "
                f"not at all: {_imports_of(imports, forecasts[-1])}"
            ) from None
        raise


def _imports_of(imports: Imports, forecast: Forecast) -> str:
    """Return the imports whose blocks hold a series, as names to redact: ``'import 1', 'import 3'``."""
    entries = {entry for entry, _ in imports.forecasts({(forecast.claim, forecast.forecaster)})}
    return ", ".join(f"'import {number}'" for entry, number in imports.numbers.items() if entry in entries)


def _referred(cls: type[Record], row: StoredRow) -> set[NounSlug]:
    """Return the slugs that a record refers to, and its own: a later revision refers to the first."""
    own = {(cls.noun, str(row.fields["slug"]))} if cls.key == ("slug",) else set()
    return own.union(references(cls, row.fields))


def _imported_references(connection: sqlite3.Connection) -> dict[int, set[NounSlug]]:
    """Return the claims and forecasters in each import's lists, by the import's entry."""
    slugs = {noun: slugs_by_entry(connection, noun) for noun in LIST_NOUNS}
    referred: dict[int, set[NounSlug]] = {}
    for (entry,) in connection.execute("select import from main.import_list").fetchall():
        referred[entry] = set()
        for noun, entries in zip(LIST_NOUNS, lists_of(connection, entry), strict=True):
            referred[entry].update((noun, slugs[noun][began]) for began in entries.tolist())
    return referred


def _telling(text: str) -> bool:
    """Return whether a text in another record would disclose something; a date or a word of a closed set does not."""
    return bool(TELLING.fullmatch(text)) and not any(text in words for words in schema.WORD_TABLES.values())


def _texts(value: object) -> Iterable[str]:
    """Yield all texts inside a value, which may be a list or a mapping."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _remove(memory: sqlite3.Connection, gone: dict[int, type[Record]]) -> None:
    """Remove the rows of these entries from a copy in memory, and mark the entries as redacted."""
    # The triggers refuse deletions, so they are dropped, and made again in the same words: verify compares them.
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
        # The entry and its leaf stay, so that all roots hold; the mark tells a redaction from a lost row.
        memory.execute("insert into redacted values (?)", (entry,))
    _keep_salts(memory, gone)
    for _, sql in triggers:
        memory.execute(sql)
    memory.execute("commit")


def _keep_salts(memory: sqlite3.Connection, gone: Iterable[int]) -> None:
    """Replace the salt of each seal over a redacted entry by the salts of the single entries that stay."""
    seal_over = "select first, entry, salt from seal where entry > ? order by entry limit 1"
    # A set, because several records of one transaction have the same seal.
    for first, last, salt in sorted({memory.execute(seal_over, (entry,)).fetchone() for entry in gone}):
        if salt is not None:  # None if an earlier redaction has replaced it already
            salts = [(n, leaf_salt(salt, n)) for n in range(first, last + 1)]
            memory.executemany("insert into kept_salt values (?, ?)", salts)
            memory.execute("update seal set salt = null where entry = ?", (last,))
    memory.executemany("delete from kept_salt where entry = ?", [(entry,) for entry in gone])
