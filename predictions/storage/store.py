"""The typed tables of one open ledger: records are written into rows, and looked up by their keys.

A field that names another record is stored as the entry under which that record began, which keeps rows short; its
slug is hashed, which keeps the content readable.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any, TypeVar

from predictions.errors import NotFound, short_repr
from predictions.recorded import Recorded
from predictions.records import RECORDS, AnyRecord, Forecast, Record
from predictions.redacted import Redacted
from predictions.storage.batch import Batch, batches_of
from predictions.storage.canonical import Plain
from predictions.storage.journal import Journal
from predictions.storage.layout import Fields, RowKey, class_of, field_columns, key_of
from predictions.storage.rows import RowReader, StoredRow, record_of
from predictions.storage.seals import Seal, Writing
from predictions.timestamps import parse_moment_text

KEYS_AT_ONCE = 200  # keys looked up, or records put, by one statement
Given = TypeVar("Given")


class Store(RowReader):
    """The rows of one open ledger, to be read and written."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal.connection)
        self._journal = journal
        self.connection = journal.connection

    def lacks(self, size: int) -> Redacted | None:
        """Return which bodies this copy lacks among the first *size* entries; None if it lacks none."""
        return self._journal.lacks(self._journal.head(size))

    def put(self, writing: Writing, record: Record) -> int:
        """Write one record inside an open transaction, and return the number of its entry."""
        (entry,) = self.put_all(writing, [record])
        return entry

    def put_all(self, writing: Writing, records: Iterable[Record | tuple[type[Record], Fields]]) -> range:
        """Write records one after the other, and return the numbers of their entries.

        Args:
            writing: The open transaction.
            records: Records; or each as its class with its fields as they are hashed.

        Raises:
            NotFound: One names a record that is neither on file nor among those before it.
        """
        first, remaining = writing.last + 1, iter(records)
        while group := list(islice(remaining, KEYS_AT_ONCE)):
            self.put_batches(writing, batches_of(group))
        return range(first, writing.last + 1)

    def put_batches(self, writing: Writing, laid_out: Iterable[tuple[Sequence[int], Batch]]) -> None:
        """Write records that are laid out in batches, each with the places of its records in the order of entries.

        Batches that others refer to come first. Raises NotFound as :meth:`put_all` does.
        """
        next_entry, contents = writing.last + 1, dict[int, tuple[str, str]]()
        entered: list[tuple[Batch, list[int]]] = []
        for numbers, batch in laid_out:
            entries = [next_entry + number for number in numbers]
            entered.append((batch, entries))
            writing.beginnings[batch.cls.noun].update(batch.beginnings(entries))
            nouns = repeat(batch.cls.noun, len(numbers))
            contents.update(zip(numbers, zip(nouns, batch.contents(), strict=True), strict=True))
        try:
            began = partial(self._began, writing)
            insertions = [insertion for batch, entries in entered for insertion in batch.insertions(entries, began)]
        except NotFound:
            # The beginnings noted so far belong to rows that will not be written: no later record may refer to them.
            writing.beginnings.clear()
            raise
        ordered = map(contents.__getitem__, range(len(contents)))
        writing.append_all((noun, text.encode()) for noun, text in ordered)
        # Items of lists come after the rows that own them: foreign keys are checked with each statement.
        for insertion in sorted(insertions, key=attrgetter("is_item")):
            insertion.write(self._connection)

    def _began(self, writing: Writing, noun: str, slugs: Sequence[Plain], named_by: Sequence[int]) -> list[int | None]:
        """Return the entries under which the records with these slugs began, None for None.

        Each slug is looked up once in a transaction. *named_by* are the entries that refer to them. Raises NotFound for
        a record that did not begin before the entry that refers to it.
        """
        looked_up = writing.beginnings[noun]
        missing = [slug for slug in set(slugs) if slug is not None and slug not in looked_up]
        looked_up.update(self.beginnings(noun, missing))
        entries = list(map(looked_up.get, slugs))
        for slug, entry, owner in zip(slugs, entries, named_by, strict=True):
            # A record may only name an earlier one, or `as_of` could show a record whose subject is not there yet.
            if slug is not None and (entry is None or entry >= owner):
                raise NotFound(f"no {noun} {slug!r} in this ledger")
        return entries

    def beginnings(self, noun: str, slugs: Sequence[Plain]) -> dict[Plain, int]:
        """Return, by slug, the entries under which records of one kind began; slugs without a record are left out."""
        began: dict[Plain, int] = {}
        for batch in batches(slugs):
            query = f"select slug, entry from main.{noun} where revision = 1 and slug in ({placeholders(batch)})"
            began.update(self._connection.execute(query, batch).fetchall())
        return began

    def find(self, noun: str, slug: str) -> int | None:
        """Return the entry under which the record with that slug began; None if there is none."""
        entry: int | None = self.first_value(f"select entry from main.{noun} where slug = ? and revision = 1", slug)
        return entry

    def first_entry(self, noun: str, slug: str) -> int:
        """Return the entry under which the record with that slug began; NotFound if there is none."""
        entry = self.find(noun, slug)
        if entry is None:
            raise NotFound(f"no {noun} {slug!r} in this ledger")
        return entry

    def first_value(self, query: str, *values: Plain) -> Any:
        """Return the first value of a query's first row; None if it has no row."""
        row = self._connection.execute(query, values).fetchone()
        return row[0] if row else None

    def slugs(self, cls: type[Record], size: int = 2**62) -> list[str]:
        """List the slugs of one kind of record among the first *size* entries, in ledger order."""
        query = f"select slug from main.{cls.noun} where revision = 1 and entry < ? order by entry"
        return [slug for (slug,) in self._connection.execute(query, (size,)).fetchall()]

    def revisions(self, cls: type[AnyRecord], **key: str | float | None) -> list[AnyRecord]:
        """List the records, all revisions, with these values of some fields, oldest first.

        The fields are usually the key or a part of it. Raises NotFound if one names a record that is not on file.
        """
        return [record_of(cls, row) for row in self.rows_under(cls, **key)]

    def rows_under(self, cls: type[Record], **key: str | float | None) -> list[StoredRow]:
        """List the rows of the records that :meth:`revisions` returns."""
        tests, values = [], []
        for name, value in key.items():
            refers_to = next(column.refers_to for column in field_columns(cls) if column.name == name)
            tests.append(f"{name} is ?")
            values.append(self.first_entry(refers_to, str(value)) if refers_to else value)
        return self.rows_where(cls, " and ".join(tests), values)

    def rows_by_key(self, cls: type[Record], keys: Iterable[RowKey]) -> dict[RowKey, list[StoredRow]]:
        """Return the rows of all revisions under some keys, oldest first, by key; a key without any is left out."""
        entries: list[int] = []
        for batch in batches(list(keys)):
            query, values = under_keys(cls, len(batch)), chain.from_iterable(batch)
            entries += [entry for (entry,) in self._connection.execute(query, tuple(values))]
        by_key: dict[RowKey, list[StoredRow]] = {}
        for numbers in batches(sorted(entries)):
            for row in self.rows_where(cls, f"entry in ({placeholders(numbers)})", numbers):
                by_key.setdefault(key_of(cls, row.fields), []).append(row)
        return by_key

    def content(self, entry: int) -> tuple[str, dict[str, Plain] | None]:
        """Return the kind of the record under an entry, and its fields as they are hashed; None if it was redacted."""
        kind = self.first_value("select kind from main.entry where n = ?", entry) if 0 <= entry < 2**62 else None
        if kind is None:
            raise NotFound(f"no entry {short_repr(entry)} in this ledger")
        if kind == "seal":
            return kind, self._journal.seal_over(entry).fields()
        if kind == "genesis":
            return kind, self._journal.genesis()
        cls = class_of(kind)
        rows = list(self.rows_where(cls, "entry = ?", (entry,))) if cls else []
        return kind, rows[0].fields if rows else None

    def standing(self, cls: type[AnyRecord]) -> list[AnyRecord]:
        """List the latest revision of every record of one kind, in the order they began."""
        return list({key_of(cls, row.fields): record_of(cls, row) for row in self.rows(cls)}.values())

    def seal_over(self, entry: int) -> Seal:
        """Return the seal over an entry; NotFound if there is none yet."""
        return self._journal.seal_over(entry)

    def last_revisions(self, cls: type[AnyRecord], slugs: Iterable[str]) -> dict[str, AnyRecord]:
        """Return the latest revisions with some slugs, by slug; slugs without a record are left out."""
        by_key = self.rows_by_key(cls, [(slug,) for slug in slugs])
        return {str(slug): record_of(cls, rows[-1]) for (slug,), rows in by_key.items()}

    def titles(self, cls: type[Record]) -> dict[str, str]:
        """Return the latest title of each record of one kind, by slug, in the order they began."""
        query = f"select slug, title from main.{cls.noun} order by entry"
        return dict(self._connection.execute(query).fetchall())

    def title(self, cls: type[Record], slug: str) -> str:
        """Return the latest title of the record with that slug."""
        query = f"select title from main.{cls.noun} where slug = ? order by revision desc limit 1"
        return str(self.first_value(query, slug))

    def owners(self, cls: type[Record], field: str) -> dict[str, str]:
        """Return, for each item of a list field, the slug of the record whose latest revision has it."""
        (item,) = next(column.items for column in field_columns(cls) if column.name == field)
        query = f"""select i.{item}, r.slug from main.{cls.noun}_{field} i join main.{cls.noun} r
        on r.entry = i.{cls.noun} where not exists
        (select 1 from main.{cls.noun} later where later.slug = r.slug and later.revision > r.revision)"""
        return dict(self._connection.execute(query).fetchall())

    def has_blocks(self) -> bool:
        """Return whether any imported forecasts are stored in blocks."""
        return self.first_value("select 1 from main.block limit 1") is not None

    def imported_forecasts(self, series: Collection[tuple[str, str]]) -> list[Forecast]:
        """List the forecasts in blocks of some series, pairs of claim and forecaster, in the order of time."""
        if not series or not self.has_blocks():
            return []
        from predictions.storage.imports import Imports

        return Imports(self._connection).series(series)

    def imported(self, size: int) -> int:
        """Count the forecasts that the imports among the first *size* entries brought."""
        return int(self.first_value("select coalesce(sum(forecasts), 0) from main.import where entry < ?", size))

    def in_blocks(self, size: int) -> int:
        """Count the forecasts in blocks among the first *size* entries; they have no entries of their own."""
        return int(self.first_value("select coalesce(sum(forecasts), 0) from main.block where import < ?", size))

    def counted(self, kinds: Iterable[type[Record]], size: int) -> dict[str, int]:
        """Count the entries of some kinds of record among the first *size*, by noun."""
        query = "select count(*) from main.{} where entry < ?"
        return {cls.noun: int(self.first_value(query.format(cls.noun), size)) for cls in kinds}

    def recorded(self, size: int, kinds: Sequence[type[Record]] = RECORDS) -> Iterator[Recorded[Record]]:
        """Yield all records of the first *size* entries, one kind after the other, each with its time of recording."""
        seals = self._connection.execute("select entry, recorded_at from main.seal order by entry").fetchall()
        ends = [entry for entry, _ in seals]
        moments = [parse_moment_text(text) for _, text in seals]
        for cls in kinds:
            for row in self.rows(cls, before=size):
                yield Recorded(record_of(cls, row), row.entry, moments[bisect_left(ends, row.entry)])


@cache
def under_keys(cls: type[Record], count: int) -> str:
    """Return the query for the entries of all revisions under *count* keys."""
    refers_to = {column.name: column.refers_to for column in field_columns(cls)}
    joins, tests = [], []
    for number, name in enumerate(cls.key, 1):
        value = f"wanted.column{number}"
        if noun := refers_to[name]:
            joins.append(f"cross join main.{noun} k{number} on k{number}.slug = {value} and k{number}.revision = 1")
            value = f"k{number}.entry"
        tests.append(f"r.{name} = {value}")
    keys = ", ".join([f"({placeholders(cls.key)})"] * count)
    # Cross joins make SQLite look each key up in the indexes; otherwise it sometimes reads the whole table.
    return (
        f"select r.entry from (values {keys}) wanted {' '.join(joins)} "
        f"cross join main.{cls.noun} r on {' and '.join(tests)}"
    )


def placeholders(values: Sequence[object]) -> str:
    """Return the question marks with which these values are bound in SQL."""
    return ", ".join("?" * len(values))


def batches(values: Sequence[Given]) -> Iterator[list[Given]]:
    """Cut values into lists that are short enough for one statement to look up."""
    for start in range(0, len(values), KEYS_AT_ONCE):
        yield list(values[start : start + KEYS_AT_ONCE])
