"""The base of all records: a frozen pydantic model with a kind, a key and the fields of a correction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from predictions.fields import Count, Line, Slug, Text


class Ref(NamedTuple):
    """Marks a field that holds the slug of another record, of the kind *noun*."""

    noun: str


class ItemColumn(NamedTuple):
    """Marks a list of single values, and names the column in which each value is stored."""

    column: str


SourceRef = Annotated[Slug, Ref("source")]
StatementRef = Annotated[Slug, Ref("statement")]
ClaimRef = Annotated[Slug, Ref("claim")]
EventRef = Annotated[Slug, Ref("event")]
EvidenceRef = Annotated[Slug, Ref("evidence")]
ForecasterRef = Annotated[Slug, Ref("forecaster")]


class Part(BaseModel):
    """The base of an item with several fields, in a list field of a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(BaseModel):
    """The base of all records, with the fields that each of them has.

    Attributes:
        recorded_by: The name of the person who recorded it.
        revision: 1 for the first record with its key, one more for each correction.
        reason: Why it was corrected; required from revision 2 on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    noun: ClassVar[str]
    key: ClassVar[tuple[str, ...]] = ("slug",)
    amendable: ClassVar[frozenset[str] | None] = None  # None: every field but the key

    recorded_by: Line | None = None
    revision: Count = 1
    reason: Text | None = None

    @property
    def name(self) -> str:
        """Return the record's key as one text: ``exec-defections``, or ``exec-defections ana 2026-04-13 ...``."""
        return " ".join(str(getattr(self, field)) for field in self.key)

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Yield the fields for the repr, which a notebook prints: those that were given, those of all records last."""
        fields = type(self).model_fields
        for field in sorted(fields, key=Record.model_fields.__contains__):
            value = getattr(self, field)
            if value != fields[field].default:
                yield field, str(value) if isinstance(value, (StrEnum, date)) else value


AnyRecord = TypeVar("AnyRecord", bound=Record)
