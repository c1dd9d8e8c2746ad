"""The blocks that results are laid out in: a heading, a paragraph, a table; they know nothing of claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias


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
