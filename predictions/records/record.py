"""What every record is: a frozen pydantic model with its kind, its key and the fields of a correction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from predictions.fields import Count, Line, Slug, Text


class Ref(NamedTuple):
    """Mark a field that holds the slug of another record of the kind *noun*."""

    noun: str


class ItemColumn(NamedTuple):
    """Mark a list of single values, and name the column in which each value is kept."""

    column: str


SourceRef = Annotated[Slug, Ref("source")]
StatementRef = Annotated[Slug, Ref("statement")]
ClaimRef = Annotated[Slug, Ref("claim")]
EventRef = Annotated[Slug, Ref("event")]
EvidenceRef = Annotated[Slug, Ref("evidence")]
ForecasterRef = Annotated[Slug, Ref("forecaster")]


class Part(BaseModel):
    """An item of a list that has several fields of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(BaseModel):
    """The fields of every record, whatever its kind.

    Attributes:
        recorded_by: Who wrote it into the ledger.
        revision: 1 for the first record under its key, one more for each correction.
        reason: Why it was corrected; needed from revision 2 on.
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
        """Show the fields that were given, those common to all records last; a notebook prints records so."""
        fields = type(self).model_fields
        for field in sorted(fields, key=Record.model_fields.__contains__):
            value = getattr(self, field)
            if value != fields[field].default:
                yield field, str(value) if isinstance(value, (StrEnum, date)) else value


AnyRecord = TypeVar("AnyRecord", bound=Record)
