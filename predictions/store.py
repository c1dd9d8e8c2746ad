"""A record into its rows, and rows back into the record.

One table for each kind of record and one for each of its lists; table and column names come from the
record class. A field that names another record is kept as the entry under which that record began.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import NamedTuple, TypeAlias, TypeVar, cast, get_args, get_origin

from pydantic import ValidationError

from predictions.canonical import Plain, encode, in_order
from predictions.errors import NotFound, Tampered
from predictions.journal import Journal, Writing
from predictions.moments import in_microseconds, moment_text, parse_moment_text
from predictions.records import RECORDS, Claim, Condition, Forecast, Record, Ref, Resolution
from predictions.snapshot import Recorded

ITEM_COLUMNS = {
    "conditions": ("name", "text"),
    "parts": ("part",),
    "tags": ("tag",),
    "meets": ("condition",),
    "because": ("evidence",),
}

_NO_ITEMS: Mapping[str, Plain] = {}
AnyRecord = TypeVar("AnyRecord", bound=Record)
Reading: TypeAlias = Callable[[Plain], Plain]


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


class Kept(NamedTuple):
    """A row as it is kept, but with slugs for the entries that it names; its fields are made of it when asked for."""

    entry: int
    names: Sequence[str]  # of its columns, in the order in which they are hashed, `record` among them
    values: Sequence[Plain]
    items: Mapping[str, Plain]  # the lists that are not empty

    @property
    def fields(self) -> dict[str, Plain]:
        """Its fields as they are hashed."""
        found = {name: value for name, value in zip(self.names, self.values, strict=True) if value is not None}
        del found["record"]
        return found | dict(self.items)

    def content(self) -> bytes:
        """The canonical bytes of its fields, only sooner; TypeError or ValueError where there are none."""
        if self.items:
            return encode({**dict(zip(self.names, self.values, strict=True)), **self.items}).encode()
        return in_order(self.names, self.values).encode()


class _Known(dict[Plain, Plain]):
    """What stands for each entry; another entry stands for itself."""

    def __missing__(self, entry: Plain) -> Plain:
        return entry


@cache
def columns(cls: type[Record]) -> tuple[Column, ...]:
    """The fields of a record class, in its own order."""
    return tuple(_column(name, field.annotation, field.metadata) for name, field in cls.model_fields.items())


@cache
def _flat_columns(cls: type[Record]) -> tuple[Column | None, ...]:
    """Those that are no lists, in the order in which they are hashed; None stands for the word that says what it is."""
    flat = {column.name: column for column in columns(cls) if not column.listed}
    return tuple(flat.get(name) for name in sorted([*flat, "record"]))


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
        entry = writing.append(noun, fields)
        names = ["entry"]
        values: list[Plain] = [entry]
        for column in columns(type(record)):
            if column.name in fields and not column.listed:
                value = fields[column.name]
                names.append(column.name)
                values.append(self.first_entry(column.refers_to, str(value)) if column.refers_to else value)
        marks = ", ".join("?" * len(names))
        self._connection.execute(f"insert into main.{noun} ({', '.join(names)}) values ({marks})", values)
        for column in columns(type(record)):
            if column.listed and column.name in fields:
                self._put_items(entry, noun, column, fields[column.name])
        return entry

    def _put_items(self, entry: int, noun: str, column: Column, items: Plain) -> None:
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
        return [record_of(cls, row) for row in self.entered(cls, **key)]

    def entered(self, cls: type[Record], **key: str | int | None) -> Iterator[Entered]:
        """The rows of what was recorded under a key or part of one, oldest first."""
        tests, values = [], []
        for name, value in key.items():
            refers_to = next(column.refers_to for column in columns(cls) if column.name == name)
            tests.append(f"{name} = ?")
            values.append(self.first_entry(refers_to, str(value)) if refers_to else value)
        return self._some(cls, " and ".join(tests), values)

    def content(self, entry: int) -> tuple[str, dict[str, Plain] | None]:
        """The kind of the record under an entry, and its fields as they are hashed; None where they were redacted."""
        query = "select kind from main.entry where n = ?"
        row = self._connection.execute(query, (entry,)).fetchone() if 0 <= entry < 2**62 else None
        if row is None:
            raise NotFound(f"no entry {entry} in this ledger")
        (kind,) = row
        if kind == "seal":
            return kind, self._journal.seal_over(entry).fields()
        if kind == "genesis":
            return kind, self._journal.genesis()
        cls = self.class_of(kind)
        rows = list(self._some(cls, "entry = ?", (entry,))) if cls else []
        return kind, rows[0].fields if rows else None

    def standing(self, cls: type[AnyRecord]) -> list[AnyRecord]:
        """The latest revision of every record of one kind, in the order they began."""
        latest: dict[tuple[Plain, ...], AnyRecord] = {}
        for row in self.rows(cls):
            latest[tuple(row.fields[name] for name in cls.key)] = record_of(cls, row)
        return list(latest.values())

    def slug_of_link(self, link: str) -> str | None:
        """The slug of the evidence recorded under that very link, if any."""
        row = self._connection.execute("select slug from main.evidence where link = ? limit 1", (link,)).fetchone()
        return row[0] if row else None

    def last_days(self, claim: str) -> tuple[str, str]:
        """The last day of a claim's window, and the day on which its verdict was public, empty where there is none."""
        query = """select resolves_by, coalesce((select known_on from main.resolution r
        where r.claim = c.entry and dissent is not 1 order by entry desc limit 1), '')
        from main.claim c where slug = ? and revision = 1"""
        ends_on, known_on = self._connection.execute(query, (claim,)).fetchone()
        return str(ends_on), str(known_on)

    def has_imported(self, forecast: Forecast) -> bool:
        """Whether an import has something that its forecaster said of its claim by then."""
        about = self.first_entry("claim", forecast.claim), self.first_entry("forecaster", forecast.forecaster)
        query = "select 1 from main.imported_forecast where claim = ? and forecaster = ? and made_at <= ? limit 1"
        found = self._connection.execute(query, (*about, in_microseconds(forecast.made_at))).fetchone()
        return bool(found)

    def imported(self, size: int) -> int:
        """How many forecasts the imports of the first *size* entries hold."""
        query = "select coalesce(sum(forecasts), 0) from main.import where entry < ?"
        (count,) = self._connection.execute(query, (size,)).fetchone()
        return int(count)

    def recorded(self, size: int, kinds: Sequence[type[Record]] = RECORDS) -> Iterator[Recorded[Record]]:
        """Every record of the first *size* entries, with when the ledger learned it, one kind after the other."""
        seals = self._connection.execute("select entry, recorded_at from main.seal order by entry").fetchall()
        ends = [entry for entry, _ in seals]
        moments = [parse_moment_text(text) for _, text in seals]
        for cls in kinds:
            for row in self.rows(cls, before=size):
                yield Recorded(record_of(cls, row), row.entry, moments[bisect_left(ends, row.entry)])

    def deciding(self, claim: str) -> Iterator[Recorded[Record]]:
        """What decides how that claim may be resolved: it, its parts, what these are given, and their verdicts.

        Beside them the trees that it is a part of, without their verdicts.
        """
        waiting, done = [claim], set[str]()
        while waiting:
            slug = waiting.pop()
            if slug not in done:
                done.add(slug)
                for item in self._learned(Claim, slug=slug):
                    yield item
                    record = cast("Claim", item.record)
                    waiting += [*record.parts, *filter(None, [record.given])]
                yield from self._learned(Resolution, claim=slug)
        query = """select slug from main.claim where entry in
        (select claim from main.claim_parts where part = ?) order by entry"""
        for (slug,) in self._connection.execute(query, (self.first_entry("claim", claim),)).fetchall():
            yield from self._learned(Claim, slug=slug)

    def _learned(self, cls: type[Record], **key: str) -> Iterator[Recorded[Record]]:
        for row in self.entered(cls, **key):
            moment = parse_moment_text(self._journal.seal_over(row.entry).recorded_at)
            yield Recorded(record_of(cls, row), row.entry, moment)

    def rows(self, cls: type[Record], *, before: int = 2**62) -> Iterator[Entered]:
        """The rows of one kind of record as they are hashed, in ledger order, up to an entry."""
        for row in self.kept(cls, before=before):
            yield Entered(row.entry, row.fields)

    def kept(self, cls: type[Record], *, before: int = 2**62) -> Iterator[Kept]:
        """The same as they are kept.

        What no record can hold comes back as it stands, so that it agrees with no hash: a flag that is neither
        0 nor 1, a reference to where no record began, ``None`` where the items of a list leave a position out.
        """
        names = {noun: self._names(noun) for noun in _nouns(cls)}
        rows = self._flat(cls, "entry < ?", (before,), names)
        yield from self._with_lists(cls, rows, "true", (), names)

    def _some(self, cls: type[Record], where: str, values: Sequence[Plain]) -> Iterator[Entered]:
        """A few rows of one kind of record, their names looked up one by one."""
        names = {noun: partial(self._name, noun) for noun in _nouns(cls)}
        if rows := list(self._flat(cls, where, values, names)):
            theirs = f"{cls.noun} in (select entry from main.{cls.noun} where {where})"
            for row in self._with_lists(cls, rows, theirs, values, names):
                yield Entered(row.entry, row.fields)

    def _with_lists(
        self, cls: type[Record], rows: Iterable[Kept], where: str, values: Sequence[Plain],
        names: Mapping[str, Reading],
    ) -> Iterator[Kept]:  # fmt: skip
        """The rows with the items of their lists, which are read where *where* holds."""
        lists = {
            column.name: found
            for column in columns(cls)
            if column.listed and (found := self._items(cls.noun, column, where, values, names))
        }
        for row in rows:
            own: dict[str, Plain] = {name: found[row.entry] for name, found in lists.items() if row.entry in found}
            yield row._replace(items=own) if own else row

    def _flat(
        self, cls: type[Record], where: str, values: Sequence[Plain], names: Mapping[str, Reading]
    ) -> Iterator[Kept]:
        wanted = _flat_columns(cls)
        selected = ", ".join(f"'{cls.noun}'" if column is None else column.name for column in wanted)
        query = f"select {selected}, entry from main.{cls.noun} where {where} order by entry"
        readings = [(place, read) for place, one in enumerate(wanted) if one and (read := _reading(one, names))]
        hashed = [column.name if column else "record" for column in wanted]
        for *kept, entry in self._connection.execute(query, values):
            for place, read in readings:
                if kept[place] is not None:
                    kept[place] = read(kept[place])
            yield Kept(entry, hashed, kept, _NO_ITEMS)

    def _items(
        self, noun: str, column: Column, where: str, values: Sequence[Plain],
        names: Mapping[str, Reading],
    ) -> dict[int, list[Plain]]:  # fmt: skip
        """The items of one list field, in order, by the entry they belong to."""
        wanted = ITEM_COLUMNS[column.name]
        query = (
            f"select {noun}, position, {', '.join(wanted)} from main.{noun}_{column.name} where {where} order by 1, 2"
        )
        read = _reading(column, names)
        found: dict[int, list[Plain]] = {}
        for owner, position, *item in self._connection.execute(query, values):
            items = found.setdefault(owner, [])
            if position != len(items):
                items.append(None)
            value = dict(zip(wanted, item, strict=True)) if len(wanted) > 1 else item[0]
            items.append(read(value) if read else value)
        return found

    def _names(self, noun: str) -> Reading:
        """Reads an entry as the slug of the record of that kind which began there, or leaves it as it stands."""
        query = f"select entry, slug from main.{noun} where revision = 1"
        return _Known(self._connection.execute(query).fetchall()).__getitem__

    def _name(self, noun: str, entry: Plain) -> Plain:
        """The same, looked up one at a time."""
        query = f"select slug from main.{noun} where entry = ? and revision = 1"
        row = self._connection.execute(query, (entry,)).fetchone()
        return row[0] if row else entry


def record_of(cls: type[AnyRecord], row: Entered) -> AnyRecord:
    """The record of a row; Tampered where it holds what no record can hold."""
    try:
        return cls.model_validate(row.fields)
    except ValidationError:
        raise Tampered(
            f"entry {row.entry}, a {cls.noun}, was changed by hand: no record can be so; run verify"
        ) from None


def _nouns(cls: type[Record]) -> set[str]:
    """The kinds of record that a class refers to."""
    return {column.refers_to for column in columns(cls) if column.refers_to}


def _reading(column: Column, names: Mapping[str, Reading]) -> Reading | None:
    """How a kept value is read; None for as it stands."""
    return names[column.refers_to] if column.refers_to else _flag if column.flag else None


def _flag(value: Plain) -> Plain:
    return bool(value) if value in (0, 1) else value


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
