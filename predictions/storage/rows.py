"""Rows back into records: as they are hashed, as they are kept, as the record that they hold."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple, TypeAlias, TypeVar

from pydantic import ValidationError

from predictions.errors import Tampered
from predictions.records import Record
from predictions.storage.canonical import Plain, encode, in_order
from predictions.storage.layout import Column, columns, flat_columns, insert

AnyRecord = TypeVar("AnyRecord", bound=Record)
Reading: TypeAlias = Callable[[Plain], Plain]
_NO_ITEMS: Mapping[str, Plain] = {}


class StoredRow(NamedTuple):
    """A row read back: the entry it stands under, and its fields as they are hashed."""

    entry: int
    fields: dict[str, Plain]


class RawRow(NamedTuple):
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
    """What stands for each value; another stands for itself."""

    def __missing__(self, value: Plain) -> Plain:
        return value


class _Names(dict[Plain, Plain]):
    """The slug of the record of one kind that began at an entry, looked up when it is first asked for."""

    def __init__(self, connection: sqlite3.Connection, noun: str) -> None:
        self._connection, self._noun = connection, noun

    def __missing__(self, entry: Plain) -> Plain:
        query = f"select slug from main.{self._noun} where entry = ? and revision = 1"
        row = self._connection.execute(query, (entry,)).fetchone()
        self[entry] = row[0] if row else entry
        return self[entry]


_FLAGS = _Known({0: False, 1: True})


class Rows:
    """The typed tables of one open file, read row by row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, cls: type[Record], *, before: int = 2**62) -> Iterator[StoredRow]:
        """The rows of one kind of record as they are hashed, in ledger order, up to an entry."""
        for row in self.kept(cls, before=before):
            yield StoredRow(row.entry, row.fields)

    def kept(self, cls: type[Record], *, before: int = 2**62) -> Iterator[RawRow]:
        """The same as they are kept.

        What no record can hold comes back as it stands, so that it agrees with no hash: a flag that is neither
        0 nor 1, a reference to where no record began, ``None`` where the items of a list leave a position out.
        """
        names = {noun: self._names(noun) for noun in _nouns(cls)}
        rows = self._flat(cls, "entry < ?", (before,), names)
        yield from self._with_lists(cls, rows, "true", (), names)

    def some(self, cls: type[Record], where: str, values: Sequence[Plain]) -> list[StoredRow]:
        """A few rows of one kind of record, their names looked up one by one."""
        names = {noun: _Names(self._connection, noun).__getitem__ for noun in _nouns(cls)}
        rows: Iterable[RawRow] = list(self._flat(cls, where, values, names))
        if rows and insert(cls).lists:
            theirs = f"{cls.noun} in (select entry from main.{cls.noun} where {where})"
            rows = self._with_lists(cls, rows, theirs, values, names)
        return [StoredRow(row.entry, row.fields) for row in rows]

    def _with_lists(
        self,
        cls: type[Record],
        rows: Iterable[RawRow],
        where: str,
        values: Sequence[Plain],
        names: Mapping[str, Reading],
    ) -> Iterator[RawRow]:
        """The rows with the items of their lists, which are read where *where* holds."""
        lists = [
            (column.name, found)
            for column, _ in insert(cls).lists
            if (found := self._items(cls.noun, column, where, values, names))
        ]
        for row in rows:
            own: dict[str, Plain] = {name: found[row.entry] for name, found in lists if row.entry in found}
            yield RawRow(row.entry, row.names, row.values, own) if own else row

    def _flat(
        self, cls: type[Record], where: str, values: Sequence[Plain], names: Mapping[str, Reading]
    ) -> Iterator[RawRow]:
        selected, hashed, read_as = _flat_form(cls)
        readings = [(place, names.get(noun, _FLAGS.__getitem__)) for place, noun in read_as]
        query = f"select {selected}, entry from main.{cls.noun} where {where} order by entry"
        for *kept, entry in self._connection.execute(query, values):
            for place, read in readings:
                if kept[place] is not None:
                    kept[place] = read(kept[place])
            yield RawRow(entry, hashed, kept, _NO_ITEMS)

    def _items(
        self, noun: str, column: Column, where: str, values: Sequence[Plain], names: Mapping[str, Reading]
    ) -> dict[int, list[Plain]]:
        """The items of one list field, in order, by the entry they belong to."""
        wanted, table = column.items, f"{noun}_{column.name}"
        query = f"select {noun}, position, {', '.join(wanted)} from main.{table} where {where} order by 1, 2"
        read = names.get(column.refers_to or "")
        found: dict[int, list[Plain]] = {}
        for owner, position, *item in self._connection.execute(query, values):
            items = found.setdefault(owner, [])
            if position != len(items):
                items.append(None)
            value = dict(zip(wanted, item, strict=True)) if column.several else item[0]
            items.append(read(value) if read else value)
        return found

    def _names(self, noun: str) -> Reading:
        """Reads an entry as the slug of the record of that kind which began there, or leaves it as it stands."""
        query = f"select entry, slug from main.{noun} where revision = 1"
        return _Known(self._connection.execute(query).fetchall()).__getitem__


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python's collector from going over many small objects again and again; none of them is in a circle."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def record_of(cls: type[AnyRecord], row: StoredRow) -> AnyRecord:
    """The record of a row; Tampered where it holds what no record can hold."""
    try:
        return cls.model_validate(row.fields)
    except ValidationError:
        raise Tampered(changed(row.entry, cls)) from None


def changed(entry: int, cls: type[Record]) -> str:
    """The sentence for a row that no record can be."""
    return f"entry {entry}, a {cls.noun}, was changed by hand: no record can be so; run verify"


@cache
def _nouns(cls: type[Record]) -> frozenset[str]:
    """The kinds of record that a class refers to."""
    return frozenset(column.refers_to for column in columns(cls) if column.refers_to)


@cache
def _flat_form(cls: type[Record]) -> tuple[str, tuple[str, ...], tuple[tuple[int, str], ...]]:
    """How the fields that are no lists are read, in the order in which they are hashed.

    Their SQL; their names; and the places of those that are kept as something else, with the kind of record they name,
    which for a flag is none.
    """
    wanted = flat_columns(cls)
    selected = ", ".join(f"'{cls.noun}'" if column is None else column.name for column in wanted)
    read_as = ((place, one.refers_to or "") for place, one in enumerate(wanted) if one and (one.refers_to or one.flag))
    return selected, tuple(column.name if column else "record" for column in wanted), tuple(read_as)
