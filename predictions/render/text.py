"""Lay out blocks as plain text of 80 columns."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from predictions.invisible import visible
from predictions.render.blocks import (
    Block,
    Entry,
    Folded,
    Heading,
    Item,
    Notice,
    Pairs,
    Paragraph,
    Picture,
    Quote,
    Reference,
    Table,
)

WIDTH = 80
LONG = 23  # columns for a name beside its window
SLIM = 12  # columns that the widest of the first ones of a table keeps at least
ROOMY = 16  # columns that a last one of text keeps, if it fills them


def as_text(blocks: Sequence[Block], width: int = WIDTH) -> str:
    """The blocks as plain text, without colour, at most *width* columns but for links."""
    return "\n".join(line.rstrip() for block in blocks for line in _text_lines(block, width))


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
