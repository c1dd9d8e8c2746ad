"""The blocks that every result is made of, such as a heading, a paragraph or a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias


class Heading(NamedTuple):
    """A title, with a few words at the other end of its line; in HTML they are a chip if *look* is given."""

    text: str
    aside: str = ""
    look: str = ""


class Lead(NamedTuple):
    """A name, with the most important words about it after it."""

    name: str
    text: str


class Paragraph(NamedTuple):
    """Running text; lines after the first are indented by *then*, or by *indent* if that is None."""

    text: str
    indent: int = 0
    then: int | None = None


class Notice(NamedTuple):
    """A warning that nobody may overlook: in HTML a bar that does not scroll away."""

    text: str


class Quote(NamedTuple):
    """Somebody's own words."""

    text: str
    indent: int = 4


class Pairs(NamedTuple):
    """Labels with texts beside them, one pair on a line."""

    pairs: Sequence[tuple[str, str]]
    indent: int = 4
    label_width: int = 0  # the least columns of a label


class Reference(NamedTuple):
    """A link under its title."""

    title: str
    link: str
    indent: int = 4


class Table(NamedTuple):
    """Rows in named columns; a column of figures is aligned to the right.

    Attributes:
        figures: The numbers of the columns that hold figures.
        wraps: The number of the column that is wrapped if a line is too narrow; None for the last.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Sequence[int] = ()
    caption: str = ""
    wraps: int | None = None


class Hint(NamedTuple):
    """One line on how to see or do more, both for the command line (*typed*) and for Python.

    Attributes:
        is_code: Whether all of it is code, which can be copied as it is.
        then: The indent of further lines; None for the same.
        note: A note after a line of code.
    """

    typed: str
    python: str
    indent: int = 0
    is_code: bool = False
    then: int | None = None
    note: str = ""


class Section(NamedTuple):
    """A part of a listing, with names of columns of its own.

    Attributes:
        notes: Notes below rows, by the number of the row.
        more: How to see the rows that are left out, below the last one; None if there are none. What follows a tab in
            its typed text is put in the second column.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Mapping[int, str]
    more: Hint | None = None


class Listing(NamedTuple):
    """Sections with the same columns, each row on one line; as text, *least* gives the least width of each column."""

    sections: Sequence[Section]
    figures: Sequence[int] = ()
    least: Sequence[int] = ()


class Picture(NamedTuple):
    """A chart: lines of characters for a terminal, and SVG, which is put into HTML unchanged."""

    lines: Sequence[str]
    svg: str


class Sketch(NamedTuple):
    """A drawing in characters for a terminal, for which HTML has a table instead."""

    lines: Sequence[str]
    table: Table


class Entry(NamedTuple):
    """One claim in a list.

    Attributes:
        name: Its name.
        stands: Its outcome or status.
        look: The name by which that is styled.
        window: The days of its window.
        left: How many days are left; empty if nothing is waited for.
        past: How much of the window is past, from 0 to 1.
    """

    name: str
    stands: str
    look: str
    window: str
    left: str
    past: float


class Item(NamedTuple):
    """One piece of evidence: its day, what it says, what it is about, its title and link, and notes below it."""

    day: str
    bears: str
    look: str
    about: str
    title: str
    link: str
    notes: Sequence[str]


class Folded(NamedTuple):
    """Blocks that a reader can open in HTML; as text they are shown, or their summary if there is a *hint*."""

    summary: str
    blocks: Sequence[Block]
    hint: Hint | None = None
    indent: int = 0


SimpleBlock: TypeAlias = (
    "Heading | Lead | Paragraph | Hint | Notice | Quote | Pairs | Reference | Table | Listing | Picture | Sketch"
)
Block: TypeAlias = "SimpleBlock | Entry | Item | Folded"
