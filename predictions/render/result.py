"""The base of the results that verbs return: each shows itself as text or HTML, and has rows for tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, Self, TypeAlias

from predictions.errors import import_extra
from predictions.numerals import AnyValue, clean
from predictions.other_verbs import no_attribute
from predictions.redacted import Redacted
from predictions.render.blocks import Block, Heading, Notice, Paragraph
from predictions.render.html import as_html
from predictions.render.text import as_text

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"
Row: TypeAlias = "Mapping[str, Value]"


class Result:
    """A result: it shows itself as text or, in a notebook, as HTML, and has rows for any table library."""

    row_names: ClassVar[tuple[str, ...]] = ()  # the names in its rows, for a table without rows
    lacks: Redacted | None = None  # what a redacted copy no longer holds; None if nothing was redacted
    _rows: ClassVar[str] = ""  # the field that holds the rows; empty if there is none

    def __init_subclass__(cls, *, rows: str = "", of: type | None = None) -> None:
        """Wrap the ``rows`` and ``to_dict`` of each subclass, so that floats are rounded and redactions are named.

        Args:
            rows: The field that holds the rows of the result; empty if it has none.
            of: The dataclass that these rows are.
        """
        if of is not None:
            cls._rows, cls.row_names = rows, tuple(field.name for field in fields(of) if field.repr)
        cls.rows = _without_noise(cls.rows)  # type: ignore[assignment, method-assign]  # a method of each class
        cls.to_dict = _with_redactions(cls.to_dict)  # type: ignore[assignment, method-assign]  # as above

    if not TYPE_CHECKING:  # for a type checker a wrong name is a fault

        def __getattr__(self, name):
            raise AttributeError(no_attribute(self, name), name=name, obj=self)

    def saying(self, lacks: Redacted | None) -> Self:
        """Set what a redacted copy lacks, which the result then shows first, and return the result."""
        object.__setattr__(self, "lacks", lacks)  # results are frozen
        return self

    def _all_blocks(self) -> Sequence[Block]:
        """Return the blocks; for a redacted copy, with a notice of what it lacks above and below the heading."""
        blocks = self.blocks()
        if not self.lacks:
            return blocks
        first = 1 if blocks and isinstance(blocks[0], Heading) else 0  # the first block after the heading
        return [Notice(self.lacks.banner), *blocks[:first], Paragraph(self.lacks.beyond), *blocks[first:]]

    def blocks(self) -> Sequence[Block]:
        """Return what to show, in order."""
        raise NotImplementedError

    def rows(self) -> Sequence[Row]:
        """Return the figures as dicts, one for each row; a result without rows is one row itself."""
        return [fields_of(row) for row in getattr(self, self._rows)] if self._rows else [self.to_dict()]

    def to_dict(self) -> dict[str, Value]:
        """Return everything in it as plain values, ready for JSON."""
        values = fields_of(self)
        return values | {"rows": values.pop(self._rows)} if self._rows else values

    def screen(self, *, typed: bool = False) -> str:
        """Return the result as text of 80 columns; *typed* spells hints for the command line, not for Python."""
        return as_text(self._all_blocks(), typed=typed)

    def __str__(self) -> str:
        return self.screen()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(self._all_blocks())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows as an Arrow stream, by which pandas, polars and DuckDB read any object."""
        pyarrow, rows = import_extra("pyarrow", "frames need", "arrow"), self.rows()
        if not isinstance(rows, list):
            reader = pyarrow.RecordBatchReader.from_stream(rows)
        elif rows:
            reader = pyarrow.Table.from_pylist(rows).to_reader()
        else:
            reader = pyarrow.table(dict.fromkeys(self.row_names, pyarrow.nulls(0))).to_reader()
        if self.lacks:
            schema = reader.schema.with_metadata({"redacted": self.lacks.line})
            reader = pyarrow.RecordBatchReader.from_batches(schema, reader)
        return reader.__arrow_c_stream__(requested_schema)


def _without_noise(method: Callable[[Result], AnyValue]) -> Callable[[Result], AnyValue]:
    """Wrap a method so that its floats are rounded to what they mean: 0.3, not 0.30000000000000004."""

    @wraps(method)
    def cleaned(self: Result) -> AnyValue:
        return clean(method(self))

    return cleaned


def _with_redactions(method: Callable[[Result], dict[str, Value]]) -> Callable[[Result], dict[str, Value]]:
    """Wrap a method so that its values begin with what a redacted copy lacks."""

    @wraps(method)
    def completed(self: Result) -> dict[str, Value]:
        redactions: dict[str, Value] = {"redacted": self.lacks.to_dict()} if self.lacks else {}
        return redactions | clean(method(self))

    return completed


def fields_of(value: object) -> dict[str, Value]:
    """Return the fields of a dataclass by name, as plain values: days as ISO text, a path or a head as its text.

    Fields that are not part of its ``repr`` are left out.
    """
    return {field.name: _json_value(getattr(value, field.name)) for field in fields(value) if field.repr}  # type: ignore[arg-type]


def _json_value(value: object) -> Value:
    """Convert a value to what JSON can hold: dates to ISO text, dataclasses to mappings, anything unknown to text."""
    if value is None or type(value) in {str, int, float, bool}:
        return value  # type: ignore[return-value]  # mypy does not narrow by a set of types
    if isinstance(value, date):
        return value.isoformat()
    if type(value) in {tuple, list}:
        return [_json_value(part) for part in value]  # type: ignore[attr-defined]  # as above
    if isinstance(value, Mapping):
        return {name: _json_value(part) for name, part in value.items()}
    return fields_of(value) if is_dataclass(value) else str(value)
