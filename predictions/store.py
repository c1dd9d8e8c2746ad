"""A record into its rows, and rows back into the record.

One table for each kind of record and one for each of its lists; table and column names come from the
record class. A field that names another record is kept as the entry under which that record began.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple, TypeVar, get_args, get_origin

from predictions.canonical import Plain
from predictions.errors import NotFound
from predictions.journal import Journal, Writing
from predictions.moments import moment_text, parse_moment_text
from predictions.records import RECORDS, Condition, Record, Ref
from predictions.snapshot import Recorded

ITEM_COLUMNS = {
    "conditions": ("name", "text"),
    "parts": ("part",),
    "tags": ("tag",),
    "meets": ("condition",),
    "because": ("evidence",),
}

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Column(NamedTuple):
    """How one field of a record is kept."""

    name: str
    refers_to: str | None  # the noun of the record it names
    listed: bool  # kept in a table of its own, in order
    flag: bool  # true or false, kept as 1 or 0


class Entered(NamedTuple):
    """A row read back: the entry it stands under, and its fields as they are hashed."""

    entry: int
    fields: dict[str, Plain]


@cache
def columns(cls: type[Record]) -> tuple[Column, ...]:
    """The fields of a record class, in its own order."""
    return tuple(_column(name, field.annotation, field.metadata) for name, field in cls.model_fields.items())


def plain(record: Record) -> dict[str, Plain]:
    """The record's fields as they are hashed and kept: dates as text, nothing that is absent."""
    values: dict[str, Plain] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, datetime):
            values[name] = moment_text(value)
        elif isinstance(value, date):
            values[name] = value.isoformat()
        elif isinstance(value, tuple):
            if value:
                values[name] = [item.model_dump() if isinstance(item, Condition) else item for item in value]
        elif isinstance(value, str):
            values[name] = str(value)
        elif value is not None:
            values[name] = value
    return values


class Store:
    """The typed tables of one open ledger."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._connection = journal.connection

    def put(self, writing: Writing, record: Record) -> int:
        """Enter the record and write its rows, inside an open transaction; its entry's number comes back."""
        noun, fields = record.noun, plain(record)
        names = ["entry"]
        values: list[Plain] = [writing.append(noun, fields)]
        for column in columns(type(record)):
            if column.name in fields and not column.listed:
                value = fields[column.name]
                names.append(column.name)
                values.append(self.first_entry(column.refers_to, str(value)) if column.refers_to else value)
        marks = ", ".join("?" * len(names))
        self._connection.execute(f"insert into main.{noun} ({', '.join(names)}) values ({marks})", values)
        for column in columns(type(record)):
            if column.listed and column.name in fields:
                self._put_items(values[0], noun, column, fields[column.name])
        entry = values[0]
        return entry if isinstance(entry, int) else -1

    def _put_items(self, entry: Plain, noun: str, column: Column, items: Plain) -> None:
        rows: list[tuple[Plain, ...]] = []
        for position, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, Mapping):
                rows.append((entry, position, item["name"], item["text"]))
            else:
                kept = self.first_entry(column.refers_to, str(item)) if column.refers_to else item
                rows.append((entry, position, kept))
        marks = ", ".join("?" * len(rows[0]))
        self._connection.executemany(f"insert into main.{noun}_{column.name} values ({marks})", rows)

    def first_entry(self, noun: str, slug: str) -> int:
        """The entry under which the record of that slug began; NotFound where there is none."""
        row = self._connection.execute(
            f"select entry from main.{noun} where slug = ? and revision = 1", (slug,)
        ).fetchone()
        if row is None:
            raise NotFound(f"no {noun} {slug!r} in this ledger")
        return int(row[0])

    def class_of(self, noun: str | None) -> type[Record] | None:
        """The record class of a noun."""
        return next((cls for cls in RECORDS if cls.noun == noun), None)

    def text(self, value: date) -> str:
        """A date or moment as it is kept."""
        return moment_text(value) if isinstance(value, datetime) else value.isoformat()

    def slugs(self, cls: type[Record]) -> list[str]:
        """Every slug of that kind of record, in ledger order."""
        query = f"select slug from main.{cls.noun} where revision = 1 order by entry"
        return [slug for (slug,) in self._connection.execute(query).fetchall()]

    def revisions(self, cls: type[AnyRecord], **key: str | int | None) -> list[AnyRecord]:
        """What was recorded under a key or part of one, oldest first."""
        tests, values = [], []
        for name, value in key.items():
            refers_to = next(column.refers_to for column in columns(cls) if column.name == name)
            tests.append(f"{name} = ?")
            values.append(self.first_entry(refers_to, str(value)) if refers_to else value)
        return [cls.model_validate(row.fields) for row in self._some(cls, " and ".join(tests), values)]

    def standing(self, cls: type[AnyRecord]) -> list[AnyRecord]:
        """The latest revision of every record of one kind, in the order they began."""
        latest: dict[tuple[Plain, ...], AnyRecord] = {}
        for row in self.rows(cls):
            latest[tuple(row.fields[name] for name in cls.key)] = cls.model_validate(row.fields)
        return list(latest.values())

    def slug_of_link(self, link: str) -> str | None:
        """The slug of the evidence recorded under that very link, if any."""
        row = self._connection.execute("select slug from main.evidence where link = ? limit 1", (link,)).fetchone()
        return row[0] if row else None

    def recorded(self, size: int) -> Iterator[Recorded[Record]]:
        """Every record of the first *size* entries, with when the ledger learned it, one kind after the other."""
        seals = self._connection.execute("select entry, recorded_at from seal order by entry").fetchall()
        ends = [entry for entry, _ in seals]
        moments = [parse_moment_text(text) for _, text in seals]
        for cls in RECORDS:
            for entry, fields in self.rows(cls, before=size):
                yield Recorded(cls.model_validate(fields), entry, moments[bisect_left(ends, entry)])

    def rows(self, cls: type[Record], *, before: int = 2**62) -> Iterator[Entered]:
        """The rows of one kind of record as they are hashed, in ledger order, up to an entry."""
        items = {column.name: self._items(cls.noun, column, "true", ()) for column in columns(cls) if column.listed}
        for row in self._flat(cls, "entry < ?", (before,)):
            for name, found in items.items():
                if row.entry in found:
                    row.fields[name] = found[row.entry]
            yield row

    def _some(self, cls: type[Record], where: str, values: Sequence[Plain]) -> Iterator[Entered]:
        """A few rows of one kind of record, with their items looked up one by one."""
        for row in list(self._flat(cls, where, values)):
            for column in columns(cls):
                if column.listed:
                    found = self._items(cls.noun, column, f"{cls.noun} = ?", (row.entry,))
                    if row.entry in found:
                        row.fields[column.name] = found[row.entry]
            yield row

    def _flat(self, cls: type[Record], where: str, values: Sequence[Plain]) -> Iterator[Entered]:
        flat = [column for column in columns(cls) if not column.listed]
        wanted = ", ".join(["entry", *(_selected(column.name, column.refers_to) for column in flat)])
        query = f"select {wanted} from main.{cls.noun} this where {where} order by entry"
        for entry, *kept in self._connection.execute(query, values):
            fields: dict[str, Plain] = {}
            for column, value in zip(flat, kept, strict=True):
                if value is not None:
                    fields[column.name] = bool(value) if column.flag else value
            yield Entered(entry, fields)

    def _items(self, noun: str, column: Column, where: str, values: Sequence[Plain]) -> dict[int, list[Plain]]:
        """The items of one list field, in order, by the entry they belong to."""
        names = ITEM_COLUMNS[column.name]
        wanted = ", ".join(_selected(name, column.refers_to) for name in names)
        query = f"select {noun}, {wanted} from main.{noun}_{column.name} this where {where} order by 1, position"
        found: dict[int, list[Plain]] = {}
        for owner, *item in self._connection.execute(query, values):
            found.setdefault(owner, []).append(dict(zip(names, item, strict=True)) if len(names) > 1 else item[0])
        return found


def _selected(name: str, refers_to: str | None) -> str:
    return f"(select slug from main.{refers_to} where entry = this.{name})" if refers_to else f"this.{name}"


def _column(name: str, annotation: object, metadata: Sequence[object]) -> Column:
    """How a field is kept, read off its annotation."""
    inside = list(_parts(annotation))
    marks = [mark for mark in (*metadata, *inside) if isinstance(mark, Ref)]
    return Column(name, marks[0].noun if marks else None, tuple in inside, bool in inside)


def _parts(annotation: object) -> Iterator[object]:
    """An annotation and everything inside it: the members of unions, the marks of Annotated."""
    yield get_origin(annotation) or annotation
    for inner in get_args(annotation):
        yield from _parts(inner)
