"""Rows back into records: as they are kept, as they are hashed, as the record that they hold."""

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
    """A row read back.

    Attributes:
        entry: The entry it stands under.
        fields: Its fields as they are hashed.
    """

    entry: int
    fields: dict[str, Plain]


class RawRow(NamedTuple):
    """A row as it is kept, but with slugs for the entries that it names.

    Attributes:
        entry: The entry it stands under.
        names: The names of its columns, in the order in which they are hashed, ``record`` among them.
        values: Their values.
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
        """Return the canonical bytes of its fields; TypeError or ValueError where there are none.

        The same as ``canonical`` makes, without building the fields first: ``verify`` spends most of its time here.
        """
        if self.items:
            return encode({**dict(zip(self.names, self.values, strict=True)), **self.items}).encode()
        return encode_sorted(self.names, self.values).encode()


class _OrItself(dict[Plain, Plain]):
    """What stands for each value; a value that is not in it stands for itself."""

    def __missing__(self, value: Plain) -> Plain:
        return value


class _SlugLookup(dict[Plain, Plain]):
    """The slug of the record of one kind that began at an entry, looked up when it is first asked for."""

    def __init__(self, connection: sqlite3.Connection, noun: str) -> None:
        self._connection, self._noun = connection, noun

    def __missing__(self, entry: Plain) -> Plain:
        query = f"select slug from main.{self._noun} where entry = ? and revision = 1"
        row = self._connection.execute(query, (entry,)).fetchone()
        self[entry] = row[0] if row else entry
        return self[entry]


_TRUTH_OF_NUMBER = _OrItself({0: False, 1: True})


class RowReader:
    """The typed tables of one open file, read row by row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, cls: type[Record], *, before: int = 2**62) -> Iterator[StoredRow]:
        """Yield the rows of one kind of record as they are hashed, in ledger order, up to an entry."""
        for row in self.raw_rows(cls, before=before):
            yield StoredRow(row.entry, row.fields)

    def raw_rows(self, cls: type[Record], *, before: int = 2**62) -> Iterator[RawRow]:
        """Yield the same rows as they are kept.

        What no record can hold comes back as it stands, so that it agrees with no hash: a flag that is neither 0 nor 1,
        a reference to where no record began, ``None`` where the items of a list leave a position out.
        """
        names = {noun: self._names(noun) for noun in _nouns(cls)}
        lists = self._lists_where(cls, "true", (), names)
        for entry, values in self._flat(cls, "entry < ?", (before,), names):
            own: dict[str, Plain] = {name: items[entry] for name, items in lists if entry in items}
            yield RawRow(entry, _flat_form(cls)[1], values, own or _NO_ITEMS)

    def rows_where(self, cls: type[Record], where: str, values: Sequence[Plain]) -> list[StoredRow]:
        """List the rows of one kind of record for which an SQL condition holds.

        For few rows: the slugs of what they name are looked up one by one.
        """
        names = {noun: _SlugLookup(self._connection, noun).__getitem__ for noun in _nouns(cls)}
        fields_of: dict[int, dict[str, Plain]] = {}
        for entry, kept in self._flat(cls, where, values, names):
            fields = fields_of[entry] = {}
            for name, value in zip(_flat_form(cls)[1], kept, strict=True):
                if value is not None and name != "record":
                    fields[name] = value
        if fields_of and _lists(cls):
            theirs = f"{cls.noun} in (select entry from main.{cls.noun} where {where})"
            for name, items in self._lists_where(cls, theirs, values, names):
                for entry, listed in items.items():
                    fields_of[entry][name] = listed
        return [StoredRow(*row) for row in fields_of.items()]

    def _lists_where(
        self, cls: type[Record], where: str, values: Sequence[Plain], names: Mapping[str, Decoder]
    ) -> list[tuple[str, dict[int, list[Plain]]]]:
        """List the list fields of which items are kept where *where* holds, with these by the entry of their row."""
        read = ((column.name, self._items(cls.noun, column, where, values, names)) for column in _lists(cls))
        return [(name, items) for name, items in read if items]

    def _flat(
        self, cls: type[Record], where: str, values: Sequence[Plain], names: Mapping[str, Decoder]
    ) -> Iterator[tuple[int, list[Plain]]]:
        """Yield the entry and the values of each row for which *where* holds, with slugs in place of entries."""
        selected, _, read_as = _flat_form(cls)
        readings = [(index, names.get(noun, _TRUTH_OF_NUMBER.__getitem__)) for index, noun in read_as]
        query = f"select {selected}, entry from main.{cls.noun} where {where} order by entry"
        for *values_read, entry in self._connection.execute(query, values):
            for index, read in readings:
                if values_read[index] is not None:
                    values_read[index] = read(values_read[index])
            yield entry, values_read

    def _items(
        self, noun: str, column: FieldLayout, where: str, values: Sequence[Plain], names: Mapping[str, Decoder]
    ) -> dict[int, list[Plain]]:
        """Return the items of one list field, in order, by the entry they belong to."""
        wanted, table = column.items, f"{noun}_{column.name}"
        query = f"select {noun}, position, {', '.join(wanted)} from main.{table} where {where} order by 1, 2"
        read = names.get(column.refers_to or "")
        items_by_owner: dict[int, list[Plain]] = {}
        for owner, position, *item in self._connection.execute(query, values):
            items = items_by_owner.setdefault(owner, [])
            # A gap shows as a None that no list can hold, so that a removed item changes the hash, and is no shorter
            # list.
            if position != len(items):
                items.append(None)
            value = dict(zip(wanted, item, strict=True)) if column.several else item[0]
            items.append(read(value) if read else value)
        return items_by_owner

    def _names(self, noun: str) -> Decoder:
        """Return the function that decodes an entry into the slug of the record which began there.

        Any other value it leaves as it stands.
        """
        query = f"select entry, slug from main.{noun} where revision = 1"
        return _OrItself(self._connection.execute(query).fetchall()).__getitem__


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python's garbage collector from going over many small new objects again and again.

    None of them is in a reference cycle.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def record_of(cls: type[AnyRecord], row: StoredRow) -> AnyRecord:
    """Build the record of a row; Tampered where the row holds what no record can hold."""
    try:
        # What model_validate calls, without a second look at its arguments: every record that is read comes by here.
        record: AnyRecord = cls.__pydantic_validator__.validate_python(row.fields)
        return record
    except ValidationError:
        raise Tampered(changed_row(row.entry, cls)) from None


def changed_row(entry: int, cls: type[Record]) -> str:
    """Word that a row is changed: no record can be like it."""
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
    """Return how the fields that are no lists are read, in the order in which they are hashed.

    Returns:
        The SQL that selects them; their names; and the indexes of those that are kept as something else, each with the
            kind of record it names, which for a flag is empty.
    """
    wanted = flat_columns(cls)
    selected = ", ".join(f"'{cls.noun}'" if column is None else column.name for column in wanted)
    read_as = (
        (index, column.refers_to or "")
        for index, column in enumerate(wanted)
        if column and (column.refers_to or column.flag)
    )
    return selected, tuple(column.name if column else "record" for column in wanted), tuple(read_as)
