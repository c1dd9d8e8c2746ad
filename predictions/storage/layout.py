"""How a record class is laid out as rows: the columns of its table, the tables of its lists, its fields as hashed.

All of it is read off the class, so that a new field needs no code here; nothing here knows the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple, TypeAlias, cast, get_args, get_origin

from predictions.records import RECORDS, ItemColumn, Part, Record, Ref, Statement
from predictions.slugs import words_digest
from predictions.storage.canonical import Plain
from predictions.timestamps import moment_text

Fields: TypeAlias = Mapping[str, Plain]
Key: TypeAlias = "tuple[Plain, ...]"
NounSlug: TypeAlias = tuple[str, str]  # the noun and the slug of a record
RowValues: TypeAlias = "list[Plain | bytes]"


class FieldLayout(NamedTuple):
    """How one field of a record is kept.

    Attributes:
        name: The field, and its column; of a list, the end of its table's name.
        refers_to: The noun of the record that it names, if any.
        items: Of a list, which has a table of its own: the columns of its items, in their order.
        several: Whether each item of the list has fields of its own, and is not a single value.
        flag: Whether it is true or false, which is kept as 1 or 0.
    """

    name: str  # the field, and its column or, of a list, the end of its table's name
    refers_to: str | None  # the noun of the record that it names
    items: tuple[str, ...]  # of a list, which has a table of its own: the columns of its items, in their order
    several: bool  # whether each item has fields of its own, and is not a single value
    flag: bool  # whether it is true or false, which is kept as 1 or 0

    @property
    def listed(self) -> bool:
        """Whether it is a list."""
        return bool(self.items)


class Insert(NamedTuple):
    """How one kind of record is written.

    Attributes:
        statement: The SQL of its row.
        names: The fields that are no lists, in the order of the row, which begins with its entry.
        references: The index in the row of each field that names another record, with the field and the record's noun.
        lists: The fields that are lists, each with the SQL of an item's row.
    """

    statement: str  # the SQL of its row
    names: tuple[str, ...]  # the fields that are no lists, in the order of the row, which begins with its entry
    references: tuple[tuple[int, str, str], ...]  # where in it another record's entry stands, the field and the noun
    lists: tuple[tuple[FieldLayout, str], ...]  # the fields that are lists, each with the SQL of an item's row


@cache
def class_of(noun: str | None) -> type[Record] | None:
    """Return the record class of a noun; None where there is none."""
    return next((cls for cls in RECORDS if cls.noun == noun), None)


@cache
def columns(cls: type[Record]) -> tuple[FieldLayout, ...]:
    """List the fields of a record class, in its own order."""
    return tuple(_column(name, field.annotation, field.metadata) for name, field in cls.model_fields.items())


@cache
def flat_columns(cls: type[Record]) -> tuple[FieldLayout | None, ...]:
    """List the fields that are no lists, in the order in which they are hashed.

    None stands where the record's noun is hashed, under the name ``record``.
    """
    flat = {column.name: column for column in columns(cls) if not column.listed}
    return tuple(flat.get(name) for name in sorted([*flat, "record"]))


@cache
def insert(cls: type[Record]) -> Insert:
    """Return how the rows of a record class are written; a statement's digest of words comes last."""
    flat = [column for column in columns(cls) if not column.listed]
    names = tuple(column.name for column in flat)
    names_kept = ["entry", *names, *(["words"] if cls is Statement else [])]
    statement = f"insert into main.{cls.noun} ({', '.join(names_kept)}) values ({', '.join('?' * len(names_kept))})"
    lists = (
        (column, f"insert into main.{cls.noun}_{column.name} values (?, ?, {', '.join('?' * len(column.items))})")
        for column in columns(cls)
        if column.listed
    )
    references = ((index, column.name, column.refers_to) for index, column in enumerate(flat, 1) if column.refers_to)
    return Insert(statement, names, tuple(references), tuple(lists))


@cache
def inserts() -> tuple[str, ...]:
    """List every statement that writes a record, what is referred to before what refers to it."""
    forms = [insert(cls) for cls in RECORDS]
    return (*(form.statement for form in forms), *(statement for form in forms for _, statement in form.lists))


def rows_of(
    cls: type[Record], entry: int, fields: Fields, began: Callable[[str, str], int]
) -> Iterator[tuple[str, RowValues]]:
    """Yield the rows of a record under its entry, each after its SQL statement.

    *began* is asked for the entry under which a record that it names began.
    """
    form = insert(cls)
    row: RowValues = [entry, *map(fields.get, form.names)]
    for index, _, noun in form.references:
        if row[index] is not None:
            row[index] = began(noun, str(row[index]))
    if cls is Statement:
        row.append(words_digest(str(fields["text"])))
    yield form.statement, row
    for column, statement in form.lists:
        items = fields.get(column.name, ())
        for position, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, Mapping):
                yield statement, [entry, position, *map(item.__getitem__, column.items)]
            else:
                yield statement, [entry, position, began(column.refers_to, str(item)) if column.refers_to else item]


def references(cls: type[Record], fields: Fields) -> list[NounSlug]:
    """List the noun and slug of each record that these fields name."""
    form = insert(cls)
    named = [(noun, str(fields[name])) for _, name, noun in form.references if name in fields]
    for column, _ in form.lists:
        items = fields.get(column.name)
        if column.refers_to and isinstance(items, list):
            named += [(column.refers_to, str(slug)) for slug in items]
    return named


def key_of(cls: type[Record], fields: Fields) -> Key:
    """Return what identifies a record of this class."""
    return tuple(fields[name] for name in cls.key)


def plain(record: Record) -> dict[str, Plain]:
    """Return the record's fields as they are hashed and kept: dates as text, without what is empty."""
    return {
        name: value if (form := _PLAIN_FORMS.get(type(value), _other)) is None else form(value)
        for name, value in vars(record).items()
        if value is not None and value != ()
    }


def _items(items: tuple[object, ...]) -> Plain:
    return [_part_fields(item) if isinstance(item, Part) else cast("Plain", item) for item in items]


def _part_fields(item: Part) -> Plain:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(item).items()}


def _other(value: object) -> Plain:
    """Return a value of some further type: a word of a closed set, or a subclass of a date or number."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else cast("Plain", value)


_PLAIN_FORMS: Mapping[type, Callable[..., Plain] | None] = {
    str: None,
    int: None,
    float: None,
    bool: None,
    date: date.isoformat,
    datetime: moment_text,
    tuple: _items,
}


def _column(name: str, annotation: object, metadata: Sequence[object]) -> FieldLayout:
    """Read off an annotation how the field is kept."""
    marks = [*metadata, *inside(annotation)]
    refers_to = next((mark.noun for mark in marks if isinstance(mark, Ref)), None)
    parts = [cls for cls in marks if isinstance(cls, type) and issubclass(cls, Part)]
    items = (
        tuple(parts[0].model_fields) if parts else tuple(mark.column for mark in marks if isinstance(mark, ItemColumn))
    )
    return FieldLayout(name, refers_to, items, bool(parts), bool in marks)


def inside(annotation: object) -> Iterator[object]:
    """Yield an annotation and everything inside it: the members of unions, the marks of Annotated."""
    yield get_origin(annotation) or annotation
    for inner in get_args(annotation):
        yield from inside(inner)
