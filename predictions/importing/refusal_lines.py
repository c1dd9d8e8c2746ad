"""Lay out the lines of a refusal: its causes in columns, and cells and rows as they are in the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from predictions.errors import short_repr
from predictions.importing.cells import is_missing
from predictions.numerals import some_of
from predictions.render.columns import broken_to, columns_of, padded

LINE_WIDTH = 80
VALUE_WIDTH = 40
CELL = 24  # width of a cell beyond which the others are not lined up with it
_VALUES = re.compile(r"""'[^']*'|"[^"]*"|\b\w*[0-9][\w.,:%+-]*""")  # parts of a message that differ from row to row
MOST_COLUMNS = 8  # unread columns that are named
NARROWEST = 24  # width for the last column; if there is less, it goes below


def laid_out(parts: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Return the causes in columns, with what would be right in the last one, or below if there is no room."""
    columns = [[columns_of(part[index]) for part in parts] for index in range(3)]
    widths = [max((width for width in column if width <= CELL), default=0) + 2 for column in columns]
    widths[0] = max(widths[0], 10)
    left_width = 2 + sum(widths)
    lines = []
    for *cells, fix in parts:
        start = "  " + "".join(padded(f"{cell}  ", width) for cell, width in zip(cells, widths, strict=True))
        goes_below = max(left_width, columns_of(start)) > LINE_WIDTH - NARROWEST
        if goes_below:
            lines += broken_to(LINE_WIDTH, start.rstrip(), rest=" " * (2 + widths[0]))
            start = " " * (2 + widths[0])
        indent = " " * columns_of(start)
        head, *more = broken_to(LINE_WIDTH, fix, indent, indent, whole_words=True)
        lines += [start + head[len(indent) :], *more]
    return lines


def not_read(headers: Sequence[str]) -> list[str]:
    """Return lines that name the unread columns, since something missing may be in one of them."""
    names = some_of([short_repr(name, VALUE_WIDTH) for name in headers], MOST_COLUMNS, ", and ")
    return broken_to(LINE_WIDTH, f"not read: {names}", rest="  ", whole_words=True) if headers else []


def cell_text(value: object) -> str:
    """Return a value as it is in a cell: text in quotes, times and decimals as they are written."""
    if value is None:
        return "empty"
    return str(value) if isinstance(value, (date, Decimal)) else short_repr(value, VALUE_WIDTH)


def row_text(value: object) -> str:
    """Return a value as it is in a row: text in quotes if it is not a plain word."""
    if is_missing(value):
        return ""
    if not isinstance(value, str):
        return cell_text(value)
    shown = short_repr(value, VALUE_WIDTH)
    text = shown[1:].removesuffix(shown[0])  # a shortened text has no closing quote
    is_plain = all(letter.isalnum() or letter in "-_.:+%" for letter in text)
    return text if is_plain else f'"{text}"'


def instead(rows: Sequence[Mapping[str, object]], spelled: Mapping[str, str]) -> list[str]:
    """Return lines that offer rows to write instead, by column, under the headers as they are *spelled*.

    >>> print(*instead([{"claim": "cars", "quantiles": "10%=2; 90%=6"}], {"claim": "Claim"}), sep="\\n")
    write it in rows as these, with your own numbers:
    Claim,quantiles
    cars,10%=2; 90%=6
    """
    columns, text = list(dict.fromkeys(name for row in rows for name in row)), StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(spelled.get(name, name) for name in columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return ["write it in rows as these, with your own numbers:", *text.getvalue().splitlines()]


def without_values(fix: str) -> str:
    """Return a message without the values in it and the advice, so that messages about other values are equal.

    >>> without_values("'T0' is a choice; say a0, b0") == without_values("'T1' is a choice; say north, south")
    True
    """
    return _VALUES.sub("", fix.partition("; say ")[0])
