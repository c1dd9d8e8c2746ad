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

LONG = 23  # columns of the name of an entry that has its window beside it
STANDS = 9  # columns of the status of an entry; a longer one is replaced by its look, such as "yes"
NAMES = 25  # the least columns of the name of a lead
SLIM = 12  # columns to which a leading column of a table may be narrowed
SLIMMEST = 6  # columns to which the names of a listing are narrowed if the figures beside them leave no more
ROOMY = 16  # columns to which a wrapped column may be narrowed


def as_text(blocks: Sequence[Block], width: int = WIDTH, *, typed: bool = False) -> str:
    """Lay out blocks as plain text without colour, at most *width* columns, except links.

    Args:
        blocks: What to show, in order.
        width: Columns of a line.
        typed: Spell hints for the command line, not for Python.
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
    """Return a text in lines of at most *width* columns; it is broken at spaces, so that no slug or date is cut.

    Lines after the first are indented by *then*, or by *indent* if that is None.
    """
    first, rest = " " * indent, " " * (indent if then is None else then)  # what lines begin with
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
    """Yield the lines of one block; *typed* spells hints for the command line."""
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
    """Yield a lead: its text after its name, or below a name that leaves too little room."""
    line = f"{padded(block.name, NAMES)} {block.text}"
    if columns_of(block.name) <= NAMES or columns_of(line) <= width:
        yield from _wrapped(line, width, 0, 2)
    else:
        yield from _wrapped(block.name, width, 0)
        yield from _wrapped(block.text, width, 2)


def _column_lines(block: Pairs | Table | Listing | Picture | Sketch, width: int, typed: bool) -> Iterator[str]:
    """Yield the lines of a block that has columns or is drawn in characters."""
    if isinstance(block, Pairs):
        yield from _pair_lines(block, width)
    elif isinstance(block, Table):
        yield from _table_lines(block, width)
    elif isinstance(block, Listing):
        yield from _listing_lines(block, width, typed)
    else:
        yield from map(visible, block.lines)


def _hint_lines(hint: Hint, width: int, typed: bool) -> list[str]:
    """Return the lines of a hint, for the command line if *typed*, else for Python; none if it has nothing for that."""
    text = hint.typed if typed else hint.python
    if not text:
        return []
    if hint.is_code:
        return code_lines(hint, width, typed=typed)
    then = hint.indent if hint.then is None else hint.then
    return broken_between_quotes(width, on_one_line(text), " " * hint.indent, " " * then)


def _pair_lines(block: Pairs, width: int) -> Iterator[str]:
    """Yield labels with their texts beside them; a label that is too long has lines of its own."""
    pairs = [(on_one_line(label), text) for label, text in block.pairs]
    long_labels = (columns_of(label) + 2 for label, _ in pairs if columns_of(label) >= block.label_width)
    label_width = max([block.label_width, *(columns for columns in long_labels if columns <= width // 2)])
    for label, text in pairs:
        lines = _wrapped(text, width, block.indent + label_width)
        if columns_of(label) >= label_width:
            yield from (*_wrapped(label, width, block.indent), *lines)
            continue
        yield " " * block.indent + padded(label, label_width) + lines[0].strip()
        yield from lines[1:]


def _heading_lines(heading: Heading, width: int) -> Iterator[str]:
    """Yield a heading with its aside at the other end of the line, or to the right below if both do not fit."""
    aside = on_one_line(heading.aside)
    aside_width = columns_of(aside)
    if columns_of(heading.text) + aside_width + 2 <= width:
        yield padded(heading.text, width - aside_width) + aside
        return
    yield from _wrapped(heading.text, width, 0)
    if aside:
        yield padded(aside, width, right=True)


def _parts(block: Entry | Item | Folded) -> Sequence[Block]:
    """Return the plain blocks that show an entry, an item or a folded group as text."""
    if isinstance(block, Entry):
        is_long = columns_of(block.name) > LONG  # then it has a line of its own
        name = padded("" if is_long else block.name, LONG)
        status = padded(block.stands if columns_of(block.stands) <= STANDS else block.look, STANDS)
        line = Heading(f"   {name} {status} {block.window}", block.left)
        return [Paragraph(block.name, 3), line] if is_long else [line]
    if isinstance(block, Item):
        lead = Paragraph(f"{block.day}  {block.bears}{block.about}", 2)
        return [lead, Reference(block.title, block.link, indent=6), *(Paragraph(note, 6) for note in block.notes)]
    if block.hint:
        return [Hint(f"{block.summary}   {block.hint.typed}", f"{block.summary}   {block.hint.python}", block.indent)]
    return [Heading(block.summary), *block.blocks]


def _listing_widths(listing: Listing, lead: int, width: int) -> list[int]:
    """Return the width of each column of a listing, so that rows fit into *width*; *lead* is the column of names."""
    rows = [row for section in listing.sections for row in (section.names, *section.rows)]
    needed = [max((columns_of(on_one_line(row[column])) for row in rows), default=0) for column in range(len(rows[0]))]
    widths = [max(pair) for pair in zip_longest(needed, listing.least, fillvalue=0)]
    too_wide = max(sum(widths) + 2 * (len(widths) - 1) - width, 0)
    # Columns with a minimal width for looks are narrowed first, and the names last: readers look for them.
    for column in (number for number in range(len(widths)) if number != lead):
        given_up = min(too_wide, widths[column] - needed[column])
        widths[column] -= given_up
        too_wide -= given_up
    widths[lead] = max(widths[lead] - too_wide, min(widths[lead], SLIMMEST))
    return widths


def _listing_lines(listing: Listing, width: int, typed: bool) -> Iterator[str]:
    """Yield the sections with columns of one width; a name that is too long for its column has a line of its own.

    The name is in the first column, or in the second if the first holds figures.
    """
    lead = int(0 in listing.figures)
    widths = _listing_widths(listing, lead, width)
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= width else " "
    for number, section in enumerate(listing.sections):
        if number:
            yield ""
        for position, row in enumerate((section.names, *section.rows)):
            cells = [padded(cell, widths[column], right=column in listing.figures) for column, cell in enumerate(row)]
            if columns_of(cells[lead]) > widths[lead]:
                yield gap.join(cells[: lead + 1])
                cells[: lead + 1] = [" " * widths[column] for column in range(lead + 1)]
            yield gap.join(cells)
            if note := section.notes.get(position - 1):  # the names come before row 0
                yield from _wrapped(note, width, 2 + 2 * lead)
        if section.more:
            count, _, option = section.more.typed.partition("\t")
            more = section.more._replace(typed=f"{padded(count, widths[lead])}  {option}" if option else count)
            yield from _hint_lines(more, width, typed)


def _table_lines(table: Table, width: int) -> Iterator[str]:
    """Yield the lines of a table; one column is wrapped if the rows are too wide for the screen.

    A last column without a heading holds notes: they go below their rows if there is no room beside them.
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
    for number, (row, note) in enumerate(zip(rows, notes, strict=True)):
        lines = _row_lines(table, row, leads, wraps, widths, width)
        if spanning and number == 0:  # the heading is written over the spaces of both columns
            yield from (spanning + line[columns_of(spanning) :] for line in lines)
        else:
            yield from lines
        if note:
            yield from _wrapped(note, width, 2)


def _row_lines(
    table: Table, row: Sequence[str], leads: Sequence[int], wraps: int, widths: Sequence[int], width: int
) -> Iterator[str]:
    """Yield the lines of one row; a text that is too long for its leading column has lines of its own.

    *leads* and *wraps* are numbers of columns, *widths* their widths, as from `_column_widths`.
    """
    cells = [padded(cell, widths[column], right=column in table.figures) for column, cell in enumerate(row)]
    for lead in leads:
        if columns_of(row[lead]) > widths[lead] and lead != wraps:
            before = "  ".join([*cells[:lead], ""])
            if width - columns_of(before) < SLIM and before.strip():
                yield before.rstrip()
                before = "    "
            yield from broken_to(width, row[lead], before, " " * columns_of(before))
            cells[: lead + 1] = [" " * widths[column] for column in range(lead + 1)]
    if columns_of(row[wraps]) <= widths[wraps]:
        yield "  ".join(cells)
        return
    first, *rest = broken_to(widths[wraps], row[wraps])
    cells[wraps] = padded(first, widths[wraps])
    yield "  ".join(cells)
    start = columns_of("  ".join([*cells[:wraps], ""]))
    yield from (" " * start + line for line in rest)


def _column_widths(table: Table, rows: Sequence[Sequence[str]], width: int) -> tuple[list[int], int, list[int]]:
    """Return the numbers of the leading columns and of the column that is wrapped, and the width of each column.

    If a line is too long, the column that is wrapped gets narrower, down to a few words on a line; then the widest
    leading ones do. A last column of figures keeps its width, even if the line stays too long.
    """
    widths = [max(columns_of(row[column]) for row in rows) for column in range(len(table.names))]
    last = len(widths) - 1
    wraps = last if table.wraps is None else table.wraps
    leading = [column for column in range(last) if column != wraps and column not in table.figures]
    longest = max((columns_of(word) for row in rows for word in row[wraps].split()), default=0)
    slack = 0 if wraps in table.figures else widths[wraps] - max(longest, min(widths[wraps], ROOMY))
    excess = sum(widths) + 2 * last - slack - width  # columns that the leading ones must give up
    for lead in sorted(leading, key=widths.__getitem__, reverse=True):
        given_up = min(max(excess, 0), max(widths[lead] - SLIM, 0))
        widths[lead] -= given_up
        excess -= given_up
    if wraps not in table.figures:
        room = width - (sum(widths) - widths[wraps]) - 2 * last
        widths[wraps] = min(widths[wraps], max(room, min(longest, ROOMY)))
    return leading, wraps, widths
