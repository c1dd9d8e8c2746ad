"""What an import is told of a table, which columns it looks for, and the pieces that it reads."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeAlias

from predictions.errors import InvalidValue, short_repr
from predictions.storage.blocks import BLOCK_ROWS

PIECE = 32 * BLOCK_ROWS  # rows read at a time
DAY_ORDERS = DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
TYPED = {"tab": "\t", "\\t": "\t", "space": " "}  # delimiters that are hard to type

Column: TypeAlias = Any  # a list or tuple, a numpy array or an Arrow array: each is checked where its kind is known


class How(NamedTuple):
    """How a file is to be read, where it does not tell by itself."""

    delimiter: str | None = None  # what separates the fields of a text file
    decimal: str | None = None  # "," or ".", the sign before the fraction of a number
    percent: bool = False  # whether the numbers without a sign of their own are percent
    skip_lines: int = 0  # how many lines stand above the header
    sheet: str | int | None = None  # which sheet of a spreadsheet: its name, or its number from 1; else the first
    days: str | None = None  # what comes first in days such as 05.01.2026: day-first or month-first

    def checked(self) -> How:
        """Return the same with a delimiter of one character; InvalidValue for what cannot be meant."""
        delimiter = TYPED.get(self.delimiter, self.delimiter) if isinstance(self.delimiter, str) else self.delimiter
        if delimiter is not None and (not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n'):
            raise InvalidValue(f"delimiter: {short_repr(delimiter)} is not one character; say ';', '|' or 'tab'")
        if self.decimal is not None and not (isinstance(self.decimal, str) and self.decimal in {",", "."}):
            raise InvalidValue(f"decimal: {short_repr(self.decimal)} is neither ',' nor '.'")
        if not isinstance(self.percent, bool):
            raise InvalidValue(f"percent: {short_repr(self.percent)} is neither True nor False")
        if isinstance(self.skip_lines, bool) or not isinstance(self.skip_lines, int) or self.skip_lines < 0:
            raise InvalidValue(f"skip_lines: {short_repr(self.skip_lines)} is not a number of lines")
        if isinstance(self.sheet, bool) or not (self.sheet is None or isinstance(self.sheet, (str, int))):
            raise InvalidValue(f"sheet: {short_repr(self.sheet)} is neither the name of a sheet nor its number")
        if self.days not in {None, *DAY_ORDERS}:
            raise InvalidValue(f"days: {short_repr(self.days)} is neither {' nor '.join(DAY_ORDERS)}")
        if delimiter is not None and delimiter == self.decimal:
            raise InvalidValue(f"{delimiter!r} cannot separate fields and stand in numbers; say another delimiter=")
        return self._replace(delimiter=delimiter)


class Columns(NamedTuple):
    """The columns an import looks for. A tuple has the listed ones, and perhaps the first optional one."""

    what: str  # what the rows are: forecasts, verdicts
    listed: Sequence[str]  # the usual ones
    needed: Sequence[str]
    optional: Sequence[str]
    spellings: Mapping[str, Sequence[str]] = {}  # other names under which a column is accepted
    instead: Mapping[str, Sequence[str]] = {}  # columns that make a needed one unnecessary
    further: Callable[[str], str | None] | None = None  # the name under which a column of any other header is taken
    foreign: Callable[[Sequence[object]], str | None] | None = None  # what a header tells that lacks a needed column

    @property
    def names(self) -> tuple[str, ...]:
        """Return all names of columns, in the order of a tuple."""
        return (*self.listed, *self.optional)

    def recognised(self, header: Sequence[object]) -> dict[str, int]:
        """Return where in a header each column stands that is there, however it is spelled."""
        plain = [simple(name) for name in header]
        index_of: dict[str, int] = {}
        for name in self.names:
            spelled = [other for other in map(simple, (name, *self.spellings.get(name, ()))) if other in plain]
            free = [place for place in map(plain.index, spelled) if place not in index_of.values()]
            if free:
                index_of[name] = free[0]
        return index_of

    def missing(self, header: Sequence[object]) -> str | None:
        """Return the first needed column that a header lacks."""
        recognised = self.recognised(header).keys()
        return next((name for name in self.needed if not recognised & {name, *self.instead.get(name, ())}), None)

    def places(self, header: Sequence[object], where: str) -> Places:
        """Return where each column stands; InvalidValue where one is missing, stands twice, or is misspelled."""
        if name := self.missing(header):
            if self.foreign and (told := self.foreign(header)):
                raise InvalidValue(told)
            self._check_spelling(header, self.recognised(header))
            raise InvalidValue(
                f"there is no column {name!r} in {where}{self._not_read(header)}; say {', '.join(self.listed)}"
            )
        plain = [simple(name) for name in header]
        places = self.recognised(header)
        taken = set(places.values())
        for name, place in places.items():
            alike = {plain[place], *map(simple, self.spellings.get(name, ()))}
            twice = [at for at, other in enumerate(plain) if other in alike and (at == place or at not in taken)]
            if len(twice) > 1:
                told = " and ".join(short_repr(header[at]) for at in twice)
                raise InvalidValue(f"the column {name!r} stands twice in {where}, as {told}; rename one of them")
        for place, name in self._further(header, set(places.values())):
            if name in places:
                raise InvalidValue(f"the column {name!r} stands twice in {where}")
            places[name] = place
        self._check_spelling(header, places)
        return Places(places, header)

    def _not_read(self, header: Sequence[object]) -> str:
        """Name the first columns that are nobody's: the one that is missed may be among them, under another name."""
        taken = self.recognised(header).values()
        left = [short_repr(name) for place, name in enumerate(header) if place not in taken and str(name).strip()]
        more = f" and {len(left) - 4:,} more" if len(left) > 4 else ""
        return f", and nothing is read of {', '.join(left[:4])}{more}" if left else ""

    def _check_spelling(self, header: Sequence[object], places: Mapping[str, int]) -> None:
        """Refuse a header that is nearly the name of a column, or nearly another spelling of one that is not there.

        Left as nobody's, a column ``probabilty`` would lose every number in it. Short names (note, low) have too
        many neighbours to be meant.
        """
        absent = [spelling for name in self.names if name not in places for spelling in self.spellings.get(name, ())]
        meant = {simple(name): name for name in (*absent, *self.names) if len(name) > 5}
        known = {simple(spelling) for name in self.names for spelling in self.spellings.get(name, ())}
        for place in sorted(set(range(len(header))).difference(places.values())):
            if simple(header[place]) in known:  # a second column of that kind, no slip
                continue
            if near := get_close_matches(simple(header[place]), meant, n=1, cutoff=0.85):
                raise InvalidValue(
                    f"{short_repr(header[place])} is no column here; did you mean {meant[near[0]]!r}? else rename it"
                )

    def _further(self, header: Sequence[object], taken: Collection[int]) -> list[tuple[int, str]]:
        """Return where columns stand that are taken under a name of their own, and that name."""
        if self.further is None:
            return []
        others = ((place, self.further(str(name))) for place, name in enumerate(header) if place not in taken)
        return [(place, name) for place, name in others if name is not None]

    def piece(self, chosen: Mapping[str, Column], size: int, first: int) -> Piece:
        """Make a piece of the columns that are there."""
        return Piece({**dict.fromkeys(self.names), **chosen}, size, first)


class Places(dict[str, int]):
    """Where each column stands that is there, by its name.

    Attributes:
        spelled: How the header spells each of them, in its order.
        left: The headers of the columns that are nobody's.
    """

    def __init__(self, places: Mapping[str, int], header: Sequence[object]) -> None:
        super().__init__(places)
        in_file = sorted(places.items(), key=lambda found: found[1])
        self.spelled = {name: str(header[place]).strip("\ufeff ") for name, place in in_file}
        others = (str(name).strip() for place, name in enumerate(header) if place not in set(places.values()))
        self.left = [name for name in others if name]


def simple(name: object) -> str:
    """Return a column's name without capitals, spaces, ``_`` and ``-``: ``Made At`` and ``made_at`` are one."""
    return re.sub(r"[\s_\ufeff-]+", "", str(name)).casefold()


class Piece(NamedTuple):
    """Some rows of a table, as raw columns."""

    columns: Mapping[str, Column | None]  # each that is looked for, by name; None where the table has none
    size: int  # how many rows there are
    first: int  # the number of the first; they count from 1
    file: str | None = None  # its name, if they are from one
    lines: Sequence[int] | None = None  # on which line of a text file each row begins
    uneven: Mapping[int, str] = {}  # why a row is none of this table, by its place in the piece
    spelled: Mapping[str, str] = {}  # how the header spells the columns that are there
    left: Sequence[str] = ()  # the headers of columns that are nobody's
    guarded: bool = True  # whether text in it may have a sign before it, so that no spreadsheet takes it for a formula

    def values(self, place: int, names: Sequence[str]) -> list[object]:
        """Return what one row has in some columns, as values of Python's own."""
        return [None if (column := self.columns[name]) is None else plain(column[place]) for name in names]


class OpenTable(NamedTuple):
    """A source that is being read."""

    pieces: Iterator[Piece]
    file: str | None = None  # its name, if it is one
    sha256: str | None = None  # of the file's bytes, in hexadecimal


def plain(value: Any) -> object:
    """Return a value of numpy or Arrow as one of Python's own, where there is one."""
    if hasattr(value, "as_py"):
        try:
            return value.as_py()
        except (ValueError, OverflowError):  # text that is not UTF-8, a time that Python has not
            return str(value)
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "dtype", None) is not None:
        return str(value) if value.dtype.kind in "mM" or value.ndim else value.item()
    return value


def is_comment(cell: object) -> bool:
    """Tell whether a row that begins with this cell is a comment.

    >>> is_comment("# redacted: 3 of 284"), is_comment("Issue #3")
    (True, False)
    """
    return isinstance(cell, str) and cell.lstrip("\ufeff ").startswith("#")


def report_progress(text: str) -> None:
    """Show progress, where somebody looks on."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)
