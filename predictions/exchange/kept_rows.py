"""Write rows over a file of an earlier export only if no row in it is lost, which may have been added by hand."""

from __future__ import annotations

import csv
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from predictions.errors import InvalidValue, short_repr
from predictions.storage.files import path_of

CELLS_NAMED = 2  # of a row that would be lost, in the message


def rows_kept(file: str | os.PathLike[str], text: str, header: str, delimiter: str = ",") -> Iterator[str]:
    """Yield the *text* of an export, up to its *header* and then the rest, for a file that may be replaced.

    A row of the file is kept if it is written again, as it stands or with more cells filled. Raises InvalidValue,
    after the header, for the first one that is not: whoever added it, or changed a cell by hand, would lose that.
    """
    start = text.index(header) + len(header)
    yield text[:start]
    lines = _lines_below(file, text[:start])
    if lines:
        new_rows = defaultdict(list)
        for row in csv.reader(io.StringIO(text[start:].lstrip("\n"), newline=""), delimiter=delimiter):
            new_rows[row[0] if row else ""].append(row)
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 1):
            if any(row) and not any(_covers(new_row, row) for new_row in new_rows[row[0]]):
                raise _lost(file, number, row)
    yield text[start:]


def lines_kept(file: str | os.PathLike[str], header: str, pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of an export of any size, for a file that may be replaced; its lines must all occur again.

    Raises InvalidValue at the end, so nothing may be replaced before. Lines are compared whole, by their hashes.
    """
    yield header
    lines = _lines_below(file, header)
    hashes = set(map(hash, lines))
    for piece in pieces:
        hashes.difference_update(map(hash, piece.splitlines(keepends=True)) if hashes else ())
        yield piece
    for number, line in enumerate(lines if hashes else (), 1):
        if hash(line) in hashes and line.strip():
            raise _lost(file, number, next(csv.reader([line])))


def _lines_below(file: str | os.PathLike[str], header: str) -> Sequence[str]:
    """Return the lines below the header of a file that may be replaced; none if there is no such file."""
    path = path_of(file)
    if not path.is_file():
        return []
    with path.open("rb") as standing:
        if standing.read(len(header.encode())) != header.encode():
            return []  # it is something else, and is not replaced
        text = standing.read().decode("utf-8", errors="replace")
    return io.StringIO(text.lstrip("\n"), newline="").readlines()


def _covers(new_row: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether a new row has all cells of a row on file that are filled."""
    return not any(row[len(new_row) :]) and all(cell in {"", new} for cell, new in zip(row, new_row, strict=False))


def _lost(file: str | os.PathLike[str], number: int, row: Sequence[str]) -> InvalidValue:
    """Return the error that a row of a file would be lost."""
    cells = ", ".join(short_repr(cell) for cell in list(filter(None, row))[:CELLS_NAMED])
    return InvalidValue(
        f"{str(path_of(file))!r} is there already, and its row {number} ({cells}, ...) would be lost; "
        "import what is not on file, and say another name"
    )
