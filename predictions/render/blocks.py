"""Layout: blocks of text and figures, as plain text at 80 columns and as HTML; it knows nothing of claims."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import wraps
from html import escape
from typing import ClassVar, Literal, NamedTuple, Self, TypeAlias
from urllib.parse import urlsplit

from predictions.errors import import_extra
from predictions.invisible import visible
from predictions.numerals import AnyValue, clean
from predictions.redacted import Redacted
from predictions.render.markup import bar, chart, chip, entry, folded, item, pairs, scoped, window

WIDTH = 80
LONG = 23  # columns for a name beside its window
MANY = 24  # rows of a table that are shown without being asked for, at most
OPEN = 4  # pieces that are shown without being asked for, at most
SLIM = 12  # columns that the widest of the first ones of a table keeps at least
ROOMY = 16  # columns that a last one of text keeps, if it fills them
Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"
Row: TypeAlias = "Mapping[str, Value]"


class Heading(NamedTuple):
    """A title with a few words at the other end of its line; a *look* makes a chip of them in HTML."""

    text: str
    aside: str = ""
    look: str = ""


class Paragraph(NamedTuple):
    """Running text; lines after the first are indented by *then* where that differs."""

    text: str
    indent: int = 0
    then: int | None = None


class Notice(NamedTuple):
    """What must not be overlooked: in HTML a bar that does not scroll away."""

    text: str


class Quote(NamedTuple):
    text: str


class Pairs(NamedTuple):
    """Labels with what belongs to them, one pair a line."""

    pairs: Sequence[tuple[str, str]]
    indent: int = 4
    label_width: int = 0  # at least


class Reference(NamedTuple):
    """A link under its title."""

    title: str
    link: str
    indent: int = 4


class Table(NamedTuple):
    """Columns under their names; a column of figures is aligned to the right."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Sequence[int] = ()
    caption: str = ""


class Picture(NamedTuple):
    """A chart: in characters for a terminal, and as SVG, which is put into HTML as it is."""

    lines: Sequence[str]
    svg: str


class Entry(NamedTuple):
    """One line of a list that is kept an eye on: its name, where it stands, from when to when, what is left."""

    name: str
    stands: str
    look: str
    window: str
    left: str
    past: float  # share of the window


class Item(NamedTuple):
    """One piece of evidence: its day, how it bears, what it is about, its title and link, and notes under it."""

    day: str
    bears: str
    look: str
    about: str
    title: str
    link: str
    notes: Sequence[str]


class Folded(NamedTuple):
    """What is opened by those who want it: in HTML; as text it is open, or where a hint says how to see it, shut."""

    summary: str
    blocks: Sequence[Block]
    hint: str = ""
    indent: int = 0


Block: TypeAlias = "Heading | Paragraph | Notice | Quote | Pairs | Reference | Table | Picture | Entry | Item | Folded"


class Shown:
    """A result that shows itself: as text, as HTML in a notebook, as rows for any table library."""

    row_names: ClassVar[tuple[str, ...]] = ()  # the names in its rows, for where there is no row to tell them
    lacks: Redacted | None = None  # of a redacted copy
    _rows: ClassVar[str] = ""  # the field that holds them

    def __init_subclass__(cls, *, rows: str = "", of: type | None = None) -> None:
        """Give plain values out without the noise of binary and with what is redacted, whichever class made them.

        *rows* is the field of the result that holds its rows, dataclasses *of* one kind, if there is one.
        """
        if of is not None:
            cls._rows, cls.row_names = rows, tuple(field.name for field in fields(of) if field.repr)
        cls.rows = _cleaned(cls.rows)  # type: ignore[assignment, method-assign]  # a method of each class
        cls.to_dict = _told(cls.to_dict)  # type: ignore[assignment, method-assign]  # as above

    def saying(self, lacks: Redacted | None) -> Self:
        """The same result, which says first what a redacted copy no longer holds."""
        object.__setattr__(self, "lacks", lacks)  # results are frozen
        return self

    def _whole(self) -> Sequence[Block]:
        blocks = self.blocks()
        if not self.lacks:
            return blocks
        below = int(bool(blocks) and isinstance(blocks[0], Heading))
        return [Notice(self.lacks.banner), *blocks[:below], Paragraph(self.lacks.beyond), *blocks[below:]]

    def blocks(self) -> Sequence[Block]:
        """What to show, in order."""
        raise NotImplementedError

    def rows(self) -> Sequence[Row]:
        """The figures behind it, one dict a row; what has no rows is one itself."""
        return [fields_of(row) for row in getattr(self, self._rows)] if self._rows else [self.to_dict()]

    def to_dict(self) -> dict[str, Value]:
        """Everything in it as plain values, ready for JSON."""
        told = fields_of(self)
        return told | {"rows": told.pop(self._rows)} if self._rows else told

    def __str__(self) -> str:
        return as_text(self._whole())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(self._whole())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
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


def _cleaned(given: Callable[[Shown], AnyValue]) -> Callable[[Shown], AnyValue]:
    @wraps(given)
    def cleaned(self: Shown) -> AnyValue:
        return clean(given(self))

    return cleaned


def _told(given: Callable[[Shown], dict[str, Value]]) -> Callable[[Shown], dict[str, Value]]:
    @wraps(given)
    def told(self: Shown) -> dict[str, Value]:
        return {**({"redacted": self.lacks.to_dict()} if self.lacks else {}), **clean(given(self))}

    return told


def fields_of(value: object) -> dict[str, Value]:
    """The fields of a dataclass by name, as plain values: days as ISO text, a path or a head as its text.

    Those that are no part of its ``repr`` are left out.
    """
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.repr}  # type: ignore[arg-type]


def _plain(value: object) -> Value:
    if value is None or type(value) in {str, int, float, bool}:
        return value  # type: ignore[return-value]  # mypy does not narrow by a set of types
    if isinstance(value, date):
        return value.isoformat()
    if type(value) in {tuple, list}:
        return [_plain(part) for part in value]  # type: ignore[attr-defined]  # as above
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return fields_of(value) if is_dataclass(value) else str(value)


def as_text(blocks: Sequence[Block], width: int = WIDTH) -> str:
    """The blocks as plain text, without colour, at most *width* columns but for links."""
    return "\n".join(line.rstrip() for block in blocks for line in _text_lines(block, width))


def as_html(blocks: Sequence[Block]) -> str:
    """The blocks as HTML; all text escaped, only http and https links become links."""
    return scoped("\n".join(map(_html, blocks)))


def link_text(link: str) -> str:
    """A link as text; a host of other scripts is shown in its ASCII form beside it.

    >>> link_text("https://exаmple.org/")
    'https://exаmple.org/ (xn--exmple-4nf.org)'
    """
    host = urlsplit(link).hostname or ""
    if host.isascii():
        return visible(link)
    try:
        return f"{visible(link)} ({host.encode('idna').decode()})"
    except UnicodeError:
        return f"{visible(link)} (not a host name)"


def columns_of(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text
    )


def _wrapped(text: str, width: int, indent: int, then: int | None = None) -> list[str]:
    """The text in lines of at most *width*; words are kept whole, so a slug or a date is never cut."""
    first, rest = " " * indent, " " * (indent if then is None else then)
    width = max(width, len(rest) + 20)
    lines: list[str] = []
    for part in visible(text).replace("\t", " ").split("\n"):
        start = rest if lines else first
        if len(start) + len(part) <= width:  # most text
            lines.append((start + part).rstrip())
        else:
            lines += textwrap.wrap(
                part, width, initial_indent=start, subsequent_indent=rest, break_on_hyphens=False
            ) or [""]
    return lines


def _on_one_line(text: str) -> str:
    return visible(text).replace("\n", " ").replace("\t", " ")


def _text_lines(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from _heading_lines(block, width)
    elif isinstance(block, Paragraph):
        yield from _wrapped(block.text, width, block.indent, block.then)
    elif isinstance(block, Notice):
        yield from _wrapped(block.text, width, 0, 15)
    elif isinstance(block, Quote):
        yield from _wrapped(f'"{block.text}"', width, 4)
    elif isinstance(block, Pairs):
        pairs = [(_on_one_line(label), text) for label, text in block.pairs]
        label_width = max([block.label_width, *(len(label) + 2 for label, _ in pairs)])
        for label, text in pairs:
            lines = _wrapped(text, width, block.indent + label_width)
            yield " " * block.indent + label.ljust(label_width) + lines[0].strip()
            yield from lines[1:]
    elif isinstance(block, Reference):
        yield from _wrapped(block.title, width, block.indent)
        yield " " * block.indent + _on_one_line(link_text(block.link))
    elif isinstance(block, Picture):
        yield from map(visible, block.lines)
    elif isinstance(block, Table):
        yield from _table_lines(block, width)
    else:
        for part in _parts(block):
            yield from _text_lines(part, width)


def _heading_lines(heading: Heading, width: int) -> Iterator[str]:
    aside = _on_one_line(heading.aside)
    if columns_of(heading.text) + len(aside) + 2 <= width:
        yield _on_one_line(heading.text).ljust(width - len(aside)) + aside
        return
    yield from _wrapped(heading.text, width, 0)
    if aside:
        yield aside.rjust(width)


def _parts(block: Entry | Item | Folded) -> Sequence[Block]:
    """The plain blocks that a larger one is made of as text."""
    if isinstance(block, Entry):
        long = len(block.name) > LONG
        line = Heading(f"   {'' if long else block.name:<{LONG}} {block.stands:<10}{block.window}", block.left)
        return [Paragraph(block.name, 3), line] if long else [line]
    if isinstance(block, Item):
        lead = Paragraph(f"{block.day}  {block.bears}{block.about}", 2)
        return [lead, Reference(block.title, block.link, indent=6), *(Paragraph(note, 6) for note in block.notes)]
    if block.hint:
        return [Paragraph(f"{block.summary}   {block.hint}", block.indent)]
    return [Heading(block.summary), *block.blocks]


def _table_lines(table: Table, width: int) -> Iterator[str]:
    if table.caption:
        yield from _wrapped(table.caption, width, 0)
    rows = [[_on_one_line(cell) for cell in row] for row in (table.names, *table.rows)]
    widths = [max(columns_of(row[at]) for row in rows) for at in range(len(table.names))]
    last = len(widths) - 1
    longest = max((columns_of(word) for row in rows for word in row[last].split()), default=0)
    # a last column of text may be wrapped at any space, but is not squeezed to a word a line
    tail = 0 if last in table.figures else widths[last] - max(longest, min(widths[last], ROOMY))
    lead = range(min([last, *table.figures]))
    widest = max(lead, key=lambda at: widths[at], default=0)
    if (over := sum(widths) + 2 * last - tail - width) > 0:
        widths[widest] = min(widths[widest], max(widths[widest] - over, SLIM))
    room = max(width - sum(widths[:-1]) - 2 * last, min(longest, ROOMY))
    for row in rows:
        cells = [
            " " * (widths[at] - columns_of(cell)) + cell if at in table.figures
            else cell + " " * (widths[at] - columns_of(cell))
            for at, cell in enumerate(row)
        ]  # fmt: skip
        if columns_of(row[widest]) > widths[widest]:  # too long for its column: a line of its own
            yield "  ".join([*cells[:widest], row[widest]])
            cells[: widest + 1] = [" " * widths[at] for at in range(widest + 1)]
        if widths[last] <= room or last in table.figures:
            yield "  ".join(cells)
            continue
        wrapped = textwrap.wrap(row[last], room, break_on_hyphens=False) or [""]
        start = "  ".join(cells[:-1])
        yield f"{start}  {wrapped[0]}"
        yield from (" " * (columns_of(start) + 2) + line for line in wrapped[1:])


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        shown = _shown(block.aside)
        aside = f" {chip(shown, block.look)}" if block.look else f" <small>{shown}</small>" if shown else ""
        return f"<h4>{_shown(block.text)}{aside}</h4>"
    if isinstance(block, Paragraph):
        return f"<p>{_shown(block.text)}</p>" if block.text else ""
    if isinstance(block, Notice):
        return f'<p class="redacted">{_shown(block.text)}</p>'
    if isinstance(block, Quote):
        return f"<blockquote>{_shown(block.text)}</blockquote>"
    if isinstance(block, Pairs):
        return pairs([(_shown(label), _shown(text)) for label, text in block.pairs])
    if isinstance(block, Reference):
        return f"<p>{_anchor(block.title, block.link)}</p>"
    if isinstance(block, Picture):
        return chart(block.svg)
    if isinstance(block, Entry):
        below = bar(block.past) + window(_shown(block.window), _shown(block.left))
        return entry(_shown(block.name), chip(_shown(block.stands), block.look), below)
    if isinstance(block, Item):
        notes = "".join(f" <p>{_shown(note)}</p>" for note in block.notes)
        mark = chip(_shown(block.bears), block.look)
        return item(_shown(block.day), mark, _shown(block.about), _anchor(block.title, block.link), notes)
    if isinstance(block, Folded):
        count = "" if block.hint else f" ({len(block.blocks)})"
        few = not block.hint and len(block.blocks) <= OPEN
        return folded(_shown(block.summary) + count, "\n".join(["", *map(_html, block.blocks)]), is_open=few)
    return _html_table(block)


def _html_table(table: Table) -> str:
    def cell(at: int, text: str, tag: Literal["td", "th"]) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        align = ' style="text-align:right"' if at in table.figures else ' style="text-align:left"'
        return f"<{tag}{scope}{align}>{_shown(text)}</{tag}> "

    head = "".join(cell(at, name, "th") for at, name in enumerate(table.names))
    body = "".join(f"<tr>{''.join(cell(at, text, 'td') for at, text in enumerate(row))}</tr>\n" for row in table.rows)
    caption = f"<caption>{_shown(table.caption)}</caption>\n" if table.caption else ""
    shown = f"<table>\n{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    if len(table.rows) <= MANY:
        return shown
    return folded(f"{len(table.rows):,} rows: {_shown(table.caption)}".removesuffix(": "), shown, is_open=False)


def _anchor(title: str, link: str) -> str:
    if urlsplit(link).scheme.lower() in {"http", "https"}:
        return (
            f'<a href="{escape(link)}" rel="noopener noreferrer nofollow">{_shown(title)}</a> '
            f'<span class="quiet">{_shown(link_text(link))}</span>'
        )
    return f"{_shown(title)} {_shown(link_text(link))}"


def _shown(text: str) -> str:
    return escape(visible(text)).replace("\n", "<br>\n")
