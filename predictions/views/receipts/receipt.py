"""What a verb that writes answers: the slug, what was recorded, and what the person could not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from predictions.invisible import visible
from predictions.recording.enter import Desk
from predictions.records import Record
from predictions.redacted import Redacted
from predictions.render.columns import WIDTH, broken_to
from predictions.render.result import Value

PLAIN = "margin:0;padding:0;white-space:pre-wrap;word-break:normal"  # whatever the notebook does with such a block


class Receipt(str):
    """The slug of what was recorded, taken wherever a slug is wanted; shown, it says what was recorded.

    In an f-string it is the slug, printed or at the end of a cell its lines.

    Attributes:
        record: The record that stands.
        wrote: How many records were entered; none where all of it stood already.
        lines: What it says, line by line.
    """

    __slots__ = ("lacks", "lines", "record", "wrote")
    lacks: Redacted | None
    record: Record
    wrote: int
    lines: tuple[str, ...]

    def __new__(cls, slug: str, record: Record, lines: Sequence[str], *, wrote: int) -> Receipt:
        """Make the receipt of a record; lines after the first are indented by two."""
        made = super().__new__(cls, slug)
        made.record, made.lines, made.wrote, made.lacks = record, tuple(lines), wrote, None
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, Record, tuple[str, ...]], dict[str, int]]:
        """Say how a copy is made, so that receipts can be copied and pickled."""
        return (self.slug, self.record, self.lines), {"wrote": self.wrote}

    @property
    def slug(self) -> str:
        """The slug alone."""
        return str.__str__(self)

    def text(self, spelled: Callable[[str], str] = str) -> str:
        """Lay the lines out at 80 columns, each as the door that is named spells its options."""
        indents = ("  " if number else "" for number in range(len(self.lines)))
        return "\n".join(map(_broken_to_width, map(spelled, self.lines), indents))

    def saying(self, lacks: Redacted | None) -> Receipt:
        """Say first what a redacted copy no longer holds."""
        self.lacks = lacks
        if lacks:
            self.lines = (lacks.banner.partition("\n")[0], *self.lines)
        return self

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def __format__(self, how: str) -> str:
        return format(self.slug, how)

    def _repr_html_(self) -> str:
        return f'<pre style="{PLAIN}">{escape(self.text())}</pre>'

    def to_dict(self) -> dict[str, Value]:
        """Give the record, whether it was written now, and the lines, as plain values."""
        fields = self.record.model_dump(mode="json", exclude_none=True)
        redactions: dict[str, Value] = {"redacted": self.lacks.to_dict()} if self.lacks else {}
        return {**redactions, "kind": self.record.noun, "written": self.wrote > 0, "lines": list(self.lines), **fields}


def stands_already(record: Record, slug: str | None = None) -> Receipt:
    """Make the receipt of what was recorded before."""
    name = slug or record.name
    return Receipt(name, record, (f"{name} stands already; nothing new",), wrote=0)


def is_new(desk: Desk, cls: type[Record], slug: str) -> bool:
    """Tell whether a record began in this very transaction."""
    entry = desk.writing.beginnings[cls.noun].get(slug) or desk.store.find(cls.noun, slug)
    return entry is not None and entry >= desk.writing.first


def _broken_to_width(line: str, indent: str) -> str:
    """Indent a line, and break it where it is too long; what follows is indented by two."""
    return "\n".join(broken_to(WIDTH, visible(line), indent, "  ", whole_words=True))
