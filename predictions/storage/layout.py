"""How a record class is laid out as rows: the columns of its table, the tables of its lists, its fields as hashed.

All of it follows from the class, so that a new field needs no code here. Nothing here knows the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias, get_args, get_origin

from predictions.records import RECORDS, ItemColumn, Part, Record, Ref
from predictions.storage.canonical import Plain

Fields: TypeAlias = Mapping[str, Plain]
RowKey: TypeAlias = "tuple[Plain, ...]"
NounSlug: TypeAlias = tuple[str, str]  # the noun and the slug of a record


class FieldLayout(NamedTuple):
    """How one field of a record is stored.

    Attributes:
        name: The name of the field and of its column; for a list, the end of its table's name.
        refers_to: The noun of the record that it names; None if it names none.
        items: The columns of a list's items, which have a table of their own; empty for any other field.
        items_have_fields: Whether each item of the list has fields, and is not a single value.
        flag: Whether it is true or false, which is stored as 1 or 0.
    """

    name: str
    refers_to: str | None
    items: tuple[str, ...]
    items_have_fields: bool
    flag: bool

    @property
    def listed(self) -> bool:
        """Whether it is a list."""
        return bool(self.items)


@cache
def class_of(noun: str | None) -> type[Record] | None:
    """Return the record class of a noun; None if there is none."""
    return next((cls for cls in RECORDS if cls.noun == noun), None)


@cache
def field_columns(cls: type[Record]) -> tuple[FieldLayout, ...]:
    """List the fields of a record class, in its own order."""
    return tuple(_column(name, field.annotation, field.metadata) for name, field in cls.model_fields.items())


@cache
def flat_columns(cls: type[Record]) -> tuple[FieldLayout | None, ...]:
    """List the fields that are not lists, in the order in which they are hashed.

    None is at the place of the record's noun, which is hashed under the name ``record``.
    """
    flat = {column.name: column for column in field_columns(cls) if not column.listed}
    return tuple(flat.get(name) for name in sorted([*flat, "record"]))


@cache
def referring(cls: type[Record]) -> tuple[tuple[str, str], ...]:
    """List the fields that name other records, each with the noun of these; lists last."""
    ordered = sorted(field_columns(cls), key=lambda column: column.listed)
    return tuple((column.name, column.refers_to) for column in ordered if column.refers_to)


def references(cls: type[Record], fields: Fields) -> list[NounSlug]:
    """List the noun and slug of each record that these fields name."""
    records = []
    for name, noun in referring(cls):
        value = fields.get(name)
        if isinstance(value, list):
            records += [(noun, str(slug)) for slug in value]
        elif value is not None:
            records.append((noun, str(value)))
    return records


def key_of(cls: type[Record], fields: Fields) -> RowKey:
    """Return the key of a record with these fields: the values that identify it among those of its class."""
    return tuple(fields[name] for name in cls.key)


def _column(name: str, annotation: object, metadata: Sequence[object]) -> FieldLayout:
    """Return how a field is stored, by its type annotation."""
    marks = [*metadata, *parts_of_annotation(annotation)]
    refers_to = next((mark.noun for mark in marks if isinstance(mark, Ref)), None)
    parts = [cls for cls in marks if isinstance(cls, type) and issubclass(cls, Part)]
    items = (
        tuple(parts[0].model_fields) if parts else tuple(mark.column for mark in marks if isinstance(mark, ItemColumn))
    )
    return FieldLayout(name, refers_to, items, bool(parts), bool in marks)


def parts_of_annotation(annotation: object) -> Iterator[object]:
    """Yield an annotation and everything inside it: the members of unions, the marks of Annotated."""
    yield get_origin(annotation) or annotation
    for inner in get_args(annotation):
        yield from parts_of_annotation(inner)
