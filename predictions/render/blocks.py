"""The blocks that results are laid out in: a heading, a paragraph, a table; they know nothing of claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias


class Heading(NamedTuple):
    """A title with a few words at the other end of its line; a *look* makes a chip of them in HTML."""

    text: str
    aside: str = ""
    look: str = ""


class Lead(NamedTuple):
    """The name of a thing and, behind it, what is to be said of it first."""

    name: str
    text: str


class Paragraph(NamedTuple):
    """Running text; lines after the first are indented by *then* where that differs."""

    text: str
    indent: int = 0
    then: int | None = None


class Notice(NamedTuple):
    """What must not be overlooked: in HTML a bar that does not scroll away."""

    text: str


class Quote(NamedTuple):
    """Somebody's own words."""

    text: str
    indent: int = 4


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
    """Columns under their names; a column of figures is aligned to the right.

    Attributes:
        wraps: Number of the column that is wrapped where a line is too narrow; the last one unless given.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Sequence[int] = ()
    caption: str = ""
    wraps: int | None = None


class Hint(NamedTuple):
    """One line that says how to see or do more: as it is typed at a command line, and as it is said in Python.

    Attributes:
        is_code: Whether all of it is to be typed, so that it can be copied as it stands.
        then: The indent of further lines, where it is another.
        note: What is said behind a line to type.
    """

    typed: str
    python: str
    indent: int = 0
    is_code: bool = False
    then: int | None = None
    note: str = ""


class Section(NamedTuple):
    """Rows of a listing under names of their own.

    Attributes:
        notes: What stands under a row, by the row's number.
        more: The line under the last row, which says how to see the rows left out; what is typed behind a tab stands
            in the second column.
    """

    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Mapping[int, str]
    more: Hint | None = None


class Listing(NamedTuple):
    """Sections with the same columns, one row a line; as text each column has the *least* width it is given."""

    sections: Sequence[Section]
    figures: Sequence[int] = ()
    least: Sequence[int] = ()


class Picture(NamedTuple):
    """A chart: in characters for a terminal, and as SVG, which is put into HTML as it is."""

    lines: Sequence[str]
    svg: str


class Sketch(NamedTuple):
    """What is drawn in characters for a terminal, and said by a table in HTML."""

    lines: Sequence[str]
    table: Table


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
    """What a reader may open in HTML; as text it is open, or shut where a hint says how to see it."""

    summary: str
    blocks: Sequence[Block]
    hint: Hint | None = None
    indent: int = 0


SimpleBlock: TypeAlias = (
    "Heading | Lead | Paragraph | Hint | Notice | Quote | Pairs | Reference | Table | Listing | Picture | Sketch"
)
Block: TypeAlias = "SimpleBlock | Entry | Item | Folded"
