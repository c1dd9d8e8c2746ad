"""Reading rows back: as they are stored, as they are hashed, and as the records that they hold."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple, TypeAlias

from pydantic import ValidationError

from predictions.errors import Tampered
from predictions.records import AnyRecord, Record
from predictions.storage.canonical import Plain, encode, encode_sorted
from predictions.storage.layout import FieldLayout, field_columns, flat_columns

Decoder: TypeAlias = Callable[[Plain], Plain]
_NO_ITEMS: Mapping[str, Plain] = {}


class StoredRow(NamedTuple):
    """A row that was read.

    Attributes:
        entry: Its entry.
        fields: Its fields as they are hashed.
    """

    entry: int
    fields: dict[str, Plain]


class RawRow(NamedTuple):
    """A row as it is stored, but with slugs for the entries that it refers to.

    Attributes:
        entry: Its entry.
        names: The names of its columns, in the order in which they are hashed, ``record`` among them.
        values: The values of these columns.
        items: The lists that are not empty, by field.
    """

    entry: int
    names: Sequence[str]
    values: Sequence[Plain]
    items: Mapping[str, Plain]

    @property
    def fields(self) -> dict[str, Plain]:
        """Return its fields as they are hashed."""
        fields = {name: value for name, value in zip(self.names, self.values, strict=True) if value is not None}
        del fields["record"]
        return fields | dict(self.items)

    def content(self) -> bytes:
        """Return the canonical bytes of its fields; TypeError or ValueError if they have none.

        The result is that of ``canonical``, without building the fields first: ``verify`` spends most of its time here.
        """
        if self.items:
            return encode({**dict(zip(self.names, self.values, strict=True)), **self.items}).encode()
        return encode_sorted(self.names, self.values).encode()


class _OrItself(dict[Plain, Plain]):
    """A mapping that returns a value it does not hold unchanged."""

    def __missing__(self, value: Plain) -> Plain:
        return value


class _SlugLookup(dict[Plain, Plain]):
    """A mapping from the entry where a record of one kind began to its slug, looked up when first needed.

    An entry where none began is returned unchanged.
    """

    def __init__(self, connection: sqlite3.Connection, noun: str) -> None:
        self._connection, self._noun = connection, noun

    def __missing__(self, entry: Plain) -> Plain:
        query = f"select slug from main.{self._noun} where entry = ? and revision = 1"
        row = self._connection.execute(query, (entry,)).fetchone()
        self[entry] = row[0] if row else entry
        return self[entry]


_TRUTH_OF_NUMBER = _OrItself({0: False, 1: True})


class RowReader:
    """Reads the typed tables of one open file row by row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, cls: type[Record], *, before: int = 2**62) -> Iterator[StoredRow]:
        """Yield the rows of one kind of record as they are hashed, in ledger order, those before an entry."""
        for row in self.raw_rows(cls, before=before):
            yield StoredRow(row.entry, row.fields)

    def raw_rows(self, cls: type[Record], *, before: int = 2**62) -> Iterator[RawRow]:
        """Yield the same rows as they are stored.

        A value that no record can have is left as it is, so that it agrees with no hash: a flag that is neither 0 nor
        1, a reference to an entry where no record began. ``None`` is put where the items of a list skip a position.
        """
        names = {noun: self._names(noun) for noun in _nouns(cls)}
        lists = self._lists_where(cls, "true", (), names)
        for entry, values in self._flat(cls, "entry < ?", (before,), names):
            own_lists: dict[str, Plain] = {name: items[entry] for name, items in lists if entry in items}
            yield RawRow(entry, _flat_form(cls)[1], values, own_lists or _NO_ITEMS)

    def rows_where(self, cls: type[Record], where: str, values: Sequence[Plain]) -> list[StoredRow]:
        """List the rows of one kind of record for which an SQL condition holds, with *values* bound in it.

        It is made for few rows: the slugs of the records they refer to are looked up one by one.
        """
        names = {noun: _SlugLookup(self._connection, noun).__getitem__ for noun in _nouns(cls)}
        fields_of: dict[int, dict[str, Plain]] = {}
        for entry, row in self._flat(cls, where, values, names):
            fields = fields_of[entry] = {}
            for name, value in zip(_flat_form(cls)[1], row, strict=True):
                if value is not None and name != "record":
                    fields[name] = value
        if fields_of and _lists(cls):
            of_these_rows = f"{cls.noun} in (select entry from main.{cls.noun} where {where})"
            for name, items in self._lists_where(cls, of_these_rows, values, names):
                for entry, listed in items.items():
                    fields_of[entry][name] = listed
        return [StoredRow(*row) for row in fields_of.items()]

    def _lists_where(
        self, cls: type[Record], where: str, values: Sequence[Plain], names: Mapping[str, Decoder]
    ) -> list[tuple[str, dict[int, list[Plain]]]]:
        """Return each list field that has items for which *where* holds, with the items by the entry of their owner."""
        lists = ((column.name, self._items(cls.noun, column, where, values, names)) for column in _lists(cls))
        return [(name, items) for name, items in lists if items]

    def _flat(
        self, cls: type[Record], where: str, values: Sequence[Plain], names: Mapping[str, Decoder]
    ) -> Iterator[tuple[int, list[Plain]]]:
        """Yield the entry and the decoded values of each row for which *where* holds, lists apart.

        *names* has for each noun the function that decodes an entry into a slug.
        """
        selected, _, encoded = _flat_form(cls)
        decoders = [(index, names.get(noun, _TRUTH_OF_NUMBER.__getitem__)) for index, noun in encoded]
        query = f"select {selected}, entry from main.{cls.noun} where {where} order by entry"
        for *row, entry in self._connection.execute(query, values):
            for index, decode in decoders:
                if row[index] is not None:
                    row[index] = decode(row[index])
            yield entry, row

    def _items(
        self, noun: str, column: FieldLayout, where: str, values: Sequence[Plain], names: Mapping[str, Decoder]
    ) -> dict[int, list[Plain]]:
        """Return the items of one list field, in order, by the entry of their owner."""
        table = f"{noun}_{column.name}"
        query = f"select {noun}, position, {', '.join(column.items)} from main.{table} where {where} order by 1, 2"
        decode = names.get(column.refers_to or "")
        items_by_owner: dict[int, list[Plain]] = {}
        for owner, position, *item in self._connection.execute(query, values):
            items = items_by_owner.setdefault(owner, [])
            # A gap becomes a None, which no list can hold: then a removed item gives a wrong hash, not a shorter list.
            if position != len(items):
                items.append(None)
            value = dict(zip(column.items, item, strict=True)) if column.items_have_fields else item[0]
            items.append(decode(value) if decode else value)
        return items_by_owner

    def _names(self, noun: str) -> Decoder:
        """Return a function from the entry where a record of one kind began to its slug, read for all at once.

        It returns any other value unchanged.
        """
        query = f"select entry, slug from main.{noun} where revision = 1"
        return _OrItself(self._connection.execute(query).fetchall()).__getitem__


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause Python's garbage collector, which would go through many small new objects again and again.

    It is for reading: none of these objects is in a reference cycle.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def record_of(cls: type[AnyRecord], row: StoredRow) -> AnyRecord:
    """Build the record of a row; Tampered if a value is one that no record can have."""
    try:
        # What model_validate calls inside; calling it directly saves time for each record that is read.
        record: AnyRecord = cls.__pydantic_validator__.validate_python(row.fields)
        return record
    except ValidationError:
        raise Tampered(changed_row(row.entry, cls)) from None


def changed_row(entry: int, cls: type[Record]) -> str:
    """Return the message that a row was changed by hand, because no record can be like it."""
    return f"entry {entry}, a {cls.noun}, was changed by hand: no record can be so; run verify"


@cache
def _nouns(cls: type[Record]) -> frozenset[str]:
    """Return the kinds of record that a class refers to."""
    return frozenset(column.refers_to for column in field_columns(cls) if column.refers_to)


@cache
def _lists(cls: type[Record]) -> tuple[FieldLayout, ...]:
    """Return the fields of a record class that are lists."""
    return tuple(column for column in field_columns(cls) if column.listed)


@cache
def _flat_form(cls: type[Record]) -> tuple[str, tuple[str, ...], tuple[tuple[int, str], ...]]:
    """Return how to read the fields that are not lists, in the order in which they are hashed.

    Returns:
        The SQL that selects them; their names; and the index of each that is stored in another form than it is hashed,
            with the noun of the record it refers to, or "" for a flag.
    """
    columns = flat_columns(cls)
    selected = ", ".join(f"'{cls.noun}'" if column is None else column.name for column in columns)
    encoded = (
        (index, column.refers_to or "")
        for index, column in enumerate(columns)
        if column and (column.refers_to or column.flag)
    )
    return selected, tuple(column.name if column else "record" for column in columns), tuple(encoded)
