"""Lay out blocks as plain text of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from urllib.parse import urlsplit

from predictions.invisible import visible
from predictions.render.blocks import (
    Block,
    Entry,
    Folded,
    Heading,
    Hint,
    Item,
    Lead,
    Listing,
    Notice,
    Pairs,
    Paragraph,
    Picture,
    Quote,
    Reference,
    Sketch,
    Table,
)
from predictions.render.columns import WIDTH, broken_between_quotes, broken_to, columns_of, on_one_line, padded
from predictions.render.commands import code_lines

LONG = 23  # columns for a name beside its window
STANDS = 9  # columns of where a claim stands; a longer verdict stands below, and here only that there is one
NAMES = 25  # columns of a name that leads, at least
SLIM = 12  # columns that the widest of the first ones of a table keeps at least
ROOMY = 16  # columns that a wrapped one keeps, if it fills them


def as_text(blocks: Sequence[Block], width: int = WIDTH, *, typed: bool = False) -> str:
    """Lay out blocks as plain text without colour, at most *width* columns, except links.

    Args:
        blocks: What to show, in order.
        width: Columns of a line.
        typed: Spell hints as they are typed at a command line, not as they are said in Python.
    """
    return "\n".join(line.rstrip() for block in blocks for line in _text_lines(block, width, typed))


def link_text(link: str) -> str:
    """Return a link as text; a host of other scripts is shown in its ASCII form beside it.

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


def _wrapped(text: str, width: int, indent: int, then: int | None = None) -> list[str]:
    """Return the text in lines of at most *width*; words are kept whole, so a slug or a date is never cut."""
    first, rest = " " * indent, " " * (indent if then is None else then)
    width = max(width, len(rest) + 20)
    lines: list[str] = []
    for part in visible(text).replace("\t", " ").split("\n"):
        start = rest if lines else first
        if len(start) + columns_of(part) <= width:  # most text
            lines.append((start + part).rstrip())
        else:
            lines += broken_to(width, part, start, rest)
    return lines


def _text_lines(block: Block, width: int, typed: bool) -> Iterator[str]:
    if isinstance(block, Pairs | Table | Listing | Picture | Sketch):
        yield from _column_lines(block, width, typed)
    elif isinstance(block, Heading):
        yield from _heading_lines(block, width)
    elif isinstance(block, Lead):
        yield from _lead_lines(block, width)
    elif isinstance(block, Paragraph):
        yield from _wrapped(block.text, width, block.indent, block.then)
    elif isinstance(block, Hint):
        yield from _hint_lines(block, width, typed)
    elif isinstance(block, Notice):
        yield from _wrapped(block.text, width, 0, 15)
    elif isinstance(block, Quote):
        yield from _wrapped(f'"{block.text}"', width, block.indent)
    elif isinstance(block, Reference):
        yield from _wrapped(block.title, width, block.indent)
        yield " " * block.indent + on_one_line(link_text(block.link))
    else:
        for part in _parts(block):
            yield from _text_lines(part, width, typed)


def _lead_lines(block: Lead, width: int) -> Iterator[str]:
    """Put what is said behind the name; below it, where a long name leaves too little room for it."""
    line = f"{padded(block.name, NAMES)} {block.text}"
    if columns_of(block.name) <= NAMES or columns_of(line) <= width:
        yield from _wrapped(line, width, 0, 2)
    else:
        yield from _wrapped(block.name, width, 0)
        yield from _wrapped(block.text, width, 2)


def _column_lines(block: Pairs | Table | Listing | Picture | Sketch, width: int, typed: bool) -> Iterator[str]:
    """Lay out what stands in columns."""
    if isinstance(block, Pairs):
        yield from _pair_lines(block, width)
    elif isinstance(block, Table):
        yield from _table_lines(block, width)
    elif isinstance(block, Listing):
        yield from _listing_lines(block, width, typed)
    else:
        yield from map(visible, block.lines)


def _hint_lines(hint: Hint, width: int, typed: bool) -> list[str]:
    text = hint.typed if typed else hint.python
    if not text:  # what one door alone has
        return []
    if hint.is_code:
        return code_lines(hint, width, typed=typed)
    then = hint.indent if hint.then is None else hint.then
    return broken_between_quotes(width, on_one_line(text), " " * hint.indent, " " * then)


def _pair_lines(block: Pairs, width: int) -> Iterator[str]:
    pairs = [(on_one_line(label), text) for label, text in block.pairs]
    widths = (columns_of(label) + 2 for label, _ in pairs if columns_of(label) >= block.label_width)
    label_width = max([block.label_width, *(wide for wide in widths if wide <= width // 2)])
    for label, text in pairs:
        lines = _wrapped(text, width, block.indent + label_width)
        if columns_of(label) >= label_width:
            yield from (*_wrapped(label, width, block.indent), *lines)
            continue
        yield " " * block.indent + padded(label, label_width) + lines[0].strip()
        yield from lines[1:]


def _heading_lines(heading: Heading, width: int) -> Iterator[str]:
    aside = on_one_line(heading.aside)
    wide = columns_of(aside)
    if columns_of(heading.text) + wide + 2 <= width:
        yield padded(heading.text, width - wide) + aside
        return
    yield from _wrapped(heading.text, width, 0)
    if aside:
        yield padded(aside, width, right=True)


def _parts(block: Entry | Item | Folded) -> Sequence[Block]:
    """List the plain blocks that a larger one is made of as text."""
    if isinstance(block, Entry):
        long, stands = columns_of(block.name) > LONG, block.stands if columns_of(block.stands) <= STANDS else block.look
        line = Heading(
            f"   {padded('' if long else block.name, LONG)} {padded(stands, STANDS)} {block.window}", block.left
        )
        return [Paragraph(block.name, 3), line] if long else [line]
    if isinstance(block, Item):
        lead = Paragraph(f"{block.day}  {block.bears}{block.about}", 2)
        return [lead, Reference(block.title, block.link, indent=6), *(Paragraph(note, 6) for note in block.notes)]
    if block.hint:
        typed, python = (f"{block.summary}   {said}" for said in block.hint[:2])
        return [Hint(typed, python, block.indent)]
    return [Heading(block.summary), *block.blocks]


def _listing_widths(listing: Listing, lead: int, width: int) -> list[int]:
    """Return how wide each column of a listing is, so that a row fits the *width*; *lead* is the column of names."""
    rows = [row for section in listing.sections for row in (section.names, *section.rows)]
    needed = [max((columns_of(on_one_line(row[column])) for row in rows), default=0) for column in range(len(rows[0]))]
    widths = [max(pair) for pair in zip_longest(needed, listing.least, fillvalue=0)]
    too_wide = max(sum(widths) + 2 * (len(widths) - 1) - width, 0)
    # Columns that were only made wide for looks give way first, and the names last: they are what is looked for.
    for column in (number for number in range(len(widths)) if number != lead):
        given_up = min(too_wide, widths[column] - needed[column])
        widths[column] -= given_up
        too_wide -= given_up
    widths[lead] = max(widths[lead] - too_wide, min(widths[lead], SLIM))
    return widths


def _listing_lines(listing: Listing, width: int, typed: bool) -> Iterator[str]:
    """Lay out the sections with columns of one width; a name that is too long for its own stands on a line of its own.

    The name is the first column, or the second one where the first holds figures.
    """
    lead = int(0 in listing.figures)
    widths = _listing_widths(listing, lead, width)
    for number, section in enumerate(listing.sections):
        if number:
            yield ""
        for place, row in enumerate((section.names, *section.rows)):
            cells = [padded(cell, widths[at], right=at in listing.figures) for at, cell in enumerate(row)]
            if columns_of(cells[lead]) > widths[lead]:
                yield "  ".join(cells[: lead + 1])
                cells[: lead + 1] = [" " * widths[at] for at in range(lead + 1)]
            yield "  ".join(cells)
            if note := section.notes.get(place - 1):
                yield from _wrapped(note, width, 2 + 2 * lead)
        if section.more:
            count, _, way = section.more.typed.partition("\t")
            more = section.more._replace(typed=f"{padded(count, widths[lead])}  {way}" if way else count)
            yield from _hint_lines(more, width, typed)


def _table_lines(table: Table, width: int) -> Iterator[str]:
    """Lay a table out in columns; one of them is wrapped where the rows are too wide for the screen.

    A last column without a name holds notes: they stand below their rows where there is no room beside them.
    """
    if table.caption:
        yield from _wrapped(table.caption, width, 0)
    rows = [[on_one_line(cell) for cell in row] for row in (table.names, *table.rows)]
    spanning = rows[0][0] if rows[0][1:2] == [""] else ""  # a heading over two columns
    rows[0][0] = "" if spanning else rows[0][0]
    leads, wraps, widths = _column_widths(table, rows, width)
    notes = [""] * len(rows)
    if not table.names[-1] and sum(widths) + 2 * (len(widths) - 1) > width:
        notes, rows = [row[-1] for row in rows], [row[:-1] for row in rows]
        leads, wraps, widths = _column_widths(table._replace(names=table.names[:-1]), rows, width)
    for place, (row, note) in enumerate(zip(rows, notes, strict=True)):
        lines = _row_lines(table, row, leads, wraps, widths, width)
        yield from lines if place or not spanning else (spanning + line[columns_of(spanning) :] for line in lines)
        if note:
            yield from _wrapped(note, width, 2)


def _row_lines(
    table: Table, row: Sequence[str], leads: Sequence[int], wraps: int, widths: Sequence[int], width: int
) -> Iterator[str]:
    """Lay out one row; what is too long for its leading column has a line of its own."""
    cells = [padded(cell, widths[at], right=at in table.figures) for at, cell in enumerate(row)]
    for lead in leads:
        if columns_of(row[lead]) > widths[lead] and lead != wraps:
            before = "  ".join([*cells[:lead], ""])
            yield from broken_to(width, row[lead], before, " " * columns_of(before))
            cells[: lead + 1] = [" " * widths[at] for at in range(lead + 1)]
    if columns_of(row[wraps]) <= widths[wraps]:
        yield "  ".join(cells)
        return
    first, *rest = broken_to(widths[wraps], row[wraps])
    cells[wraps] = padded(first, widths[wraps])
    yield "  ".join(cells)
    start = columns_of("  ".join([*cells[:wraps], ""]))
    yield from (" " * start + line for line in rest)


def _column_widths(table: Table, rows: Sequence[Sequence[str]], width: int) -> tuple[list[int], int, list[int]]:
    """Choose the leading columns, the column that is wrapped, and how wide each is; the widest leading one gives first.

    What is wrapped may be cut at any space, but is not squeezed to a word a line. A last column of figures is not
    wrapped: it keeps its width, whatever the line takes.
    """
    widths = [max(columns_of(row[column]) for row in rows) for column in range(len(table.names))]
    last = len(widths) - 1
    wraps = last if table.wraps is None else table.wraps
    leading = [column for column in range(last) if column != wraps and column not in table.figures]
    longest = max((columns_of(word) for row in rows for word in row[wraps].split()), default=0)
    slack = 0 if wraps in table.figures else widths[wraps] - max(longest, min(widths[wraps], ROOMY))
    over = sum(widths) + 2 * last - slack - width
    for lead in sorted(leading, key=widths.__getitem__, reverse=True):
        given = min(max(over, 0), max(widths[lead] - SLIM, 0))
        widths[lead], over = widths[lead] - given, over - given
    if wraps not in table.figures:
        room = width - (sum(widths) - widths[wraps]) - 2 * last
        widths[wraps] = min(widths[wraps], max(room, min(longest, ROOMY)))
    return leading, wraps, widths
