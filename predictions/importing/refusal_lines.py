"""The lines of a refusal: causes laid out in columns, cells and rows as they stand in the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from predictions.errors import short_repr
from predictions.importing.cells import is_missing
from predictions.render.columns import broken_to, columns_of, padded

LINE_WIDTH = 80
VALUE_WIDTH = 40
CELL = 24  # columns of a row list or a value beyond which the others are not lined up with it
NARROWEST = 24  # columns for what would be right; with fewer it goes below


def laid_out(parts: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Lay causes out in columns, the fix wrapped in the last one, or below where no room is left."""
    columns = [[columns_of(part[at]) for part in parts] for at in range(3)]
    widths = [max((taken for taken in column if taken <= CELL), default=0) + 2 for column in columns]
    widths[0] = max(widths[0], 10)
    before = 2 + sum(widths)
    lines = []
    for *cells, fix in parts:
        start = "  " + "".join(padded(f"{cell}  ", width) for cell, width in zip(cells, widths, strict=True))
        below = max(before, columns_of(start)) > LINE_WIDTH - NARROWEST
        if below:
            lines += broken_to(LINE_WIDTH, start.rstrip(), rest=" " * (2 + widths[0]))
            start = " " * (2 + widths[0])
        indent = " " * columns_of(start)
        head, *more = broken_to(LINE_WIDTH, fix, indent, indent, whole_words=True)
        lines += [start + head[len(indent) :], *more]
    return lines


def cell_text(value: object) -> str:
    """Return a value as it stands in a cell: text in quotes, times and decimals as they are written."""
    if value is None:
        return "empty"
    return str(value) if isinstance(value, (date, Decimal)) else short_repr(value, VALUE_WIDTH)


def row_text(value: object) -> str:
    """Return a value as it stands in a row: text that is no plain word in quotes."""
    if is_missing(value):
        return ""
    if not isinstance(value, str):
        return cell_text(value)
    shown = short_repr(value, VALUE_WIDTH)
    text = shown[1:].removesuffix(shown[0])  # of one that is cut short there is no closing quote
    bare = all(letter.isalnum() or letter in "-_.:+%" for letter in text)
    return text if bare else f'"{text}"'
