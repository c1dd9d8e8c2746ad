"""Say on the card of an import which rows of a table were not read as predictions."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.errors import short_repr
from predictions.numerals import counted

CELL_WIDTH = 24  # characters by which a row is quoted
MOST_QUOTED = 3  # rows


def rows_passed_over(above: Sequence[str], skipped: Sequence[str]) -> list[tuple[str, str]]:
    """Return the label and the text of each line: rows above the header, and rows that begin with ``#``.

    A row that begins so need not be meant as a comment, and the first row of a file need not be meant as a title.
    """
    lines = []
    if above:
        lines.append(("above", f"{counted(len(above), 'row')} above the header, not read: {_first_of(above)}"))
    if skipped:
        which = "that begins with #" if len(skipped) == 1 else "that begin with #"
        rows = f"{counted(len(skipped), 'row')} {which}"
        lines.append(("skipped", f"{rows}: {_first_of(skipped)}; a ' before it keeps one"))
    return lines


def _first_of(cells: Sequence[str]) -> str:
    """Quote the first cells."""
    quoted = ", ".join(short_repr(cell, CELL_WIDTH) for cell in cells[:MOST_QUOTED])
    return f"{quoted}, ..." if len(cells) > MOST_QUOTED else quoted
