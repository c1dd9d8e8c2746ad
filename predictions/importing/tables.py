"""How a table is to be read, and the pieces in which it is read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from predictions.errors import InvalidValue, short_repr
from predictions.storage.blocks import BLOCK_ROWS

PIECE = 32 * BLOCK_ROWS  # rows read at a time
DAY_ORDERS = DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
FAILED = re.compile(r"#(?:REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|BLOCKED!)")  # what a failed formula shows
TYPED = {"tab": "\t", "\\t": "\t", "space": " "}  # delimiters that are hard to type

Column: TypeAlias = Any  # a list or tuple, a numpy array or an Arrow array


class How(NamedTuple):
    """How a file is to be read, as far as it does not show that itself."""

    delimiter: str | None = None  # of the fields of a text file
    decimal: str | None = None  # "," or ".": the decimal sign
    percent: bool = False  # whether numbers without a sign of their own are percent
    skip_lines: int = 0  # lines above the header
    sheet: str | int | None = None  # a spreadsheet's sheet: its name, or its number from 1; None for the first shown
    days: str | None = None  # what comes first in days such as 05.01.2026: day-first or month-first

    def checked(self) -> How:
        """Return the options with a delimiter of one character; InvalidValue if one of them makes no sense."""
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


class Piece(NamedTuple):
    """Some rows of a table, as raw columns."""

    columns: Mapping[str, Column | None]  # every column that is looked for; None if the table has not got it
    size: int  # how many rows there are
    first: int  # the number of the first row, counted from 1
    file: str | None = None  # the file's name, if there is one
    lines: Sequence[int] | None = None  # the line of a text file on which each row begins
    uneven: Mapping[int, str] = {}  # why a row does not belong to the table, by its place in the piece
    spelled: Mapping[str, str] = {}  # how the header spells the columns
    left: Sequence[str] = ()  # the headers of columns that mean nothing here
    sheets: Sequence[str] = ()  # the sheet of a spreadsheet that is read, then the others that are shown
    skipped: Sequence[str] = ()  # the first cells of rows that are comments
    above: Sequence[str] = ()  # the first texts of rows above the header, such as a title
    guarded: bool = True  # whether a ' may come before a text, so that no spreadsheet takes it for a formula

    def values(self, place: int, names: Sequence[str]) -> list[object]:
        """Return the values of one row in some columns, as Python's own values."""
        return [None if (column := self.columns[name]) is None else python_value(column[place]) for name in names]


class OpenTable(NamedTuple):
    """A source that is being read."""

    pieces: Iterator[Piece]
    file: str | None = None  # its name, if it is one
    sha256: str | None = None  # of the file's bytes, in hexadecimal


def python_value(value: Any) -> object:
    """Return a value of numpy or Arrow as one of Python's own, if it can be one."""
    if hasattr(value, "as_py"):
        try:
            return value.as_py()
        except (ValueError, OverflowError):  # text that is not UTF-8, or a time outside Python's range
            return str(value)
    if type(value).__module__ == "numpy" and hasattr(value, "item") and getattr(value, "dtype", None) is not None:
        return str(value) if value.dtype.kind in "mM" or value.ndim else value.item()
    return value


def is_comment(cell: object) -> bool:
    """Tell whether a row that begins with this cell is a comment; #REF! and the like are not.

    >>> is_comment("# redacted: 3 of 284"), is_comment("Issue #3"), is_comment("#REF!")
    (True, False, False)
    """
    return isinstance(cell, str) and cell.lstrip("\ufeff ").startswith("#") and not FAILED.fullmatch(cell.strip())


def report_progress(text: str) -> None:
    """Show progress on a terminal; nowhere else."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)
