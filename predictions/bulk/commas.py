"""A CSV file as pieces of its rows: every row as long as the header, and where it stops being CSV said by its line."""

from __future__ import annotations

import csv
import gc
from collections.abc import Generator, Iterator
from contextlib import suppress
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from predictions.errors import InvalidValue


class Lines(NamedTuple):
    """The header and some rows, cut or filled up to its length; why the *uneven* ones were, by their place."""

    header: list[str]
    rows: list[list[str]]
    uneven: dict[int, str]


def csv_pieces(path: Path, file: IO[bytes], at_once: int) -> Generator[Lines, None, None]:
    """The rows of an open file, so many at once; the first piece has none where there are none.

    Raises InvalidValue for what is not CSV, or not UTF-8.
    """
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")  # detached at the end: the file is the caller's
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, [])
        rows = _listed(reader, at_once)
        yield _even(header, rows)
        while rows := _listed(reader, at_once):
            yield _even(header, rows)
    except csv.Error as error:
        where = f"{path.name}, in the row that begins on line {_broken_row(file)}"
        raise InvalidValue(f"{where}: this is not CSV: {error}; is a quote left open?") from None
    except UnicodeDecodeError:
        raise InvalidValue(
            f"{path.name}, line {_broken_line(file)}: this is not UTF-8; save it as UTF-8, "
            "or convert it, from Latin-1 by `iconv -f latin1 -t utf-8`"
        ) from None
    finally:
        text.detach()


def _even(header: list[str], rows: list[list[str]]) -> Lines:
    width, uneven = len(header), {}
    if set(map(len, rows)) != {width}:
        uneven = {
            place: f"it has {len(row)} fields, the header {width}"
            for place, row in enumerate(rows)
            if len(row) != width
        }
    for place in uneven:
        rows[place] = (rows[place] + [""] * width)[:width]
    return Lines(header, rows, uneven)


def _listed(reader: Iterator[list[str]], at_once: int) -> list[list[str]]:
    """The next rows. They are many short lists, none in a circle, and Python's collector would go over each often."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return list(islice(filter(None, reader), at_once))  # an empty line is no row
    finally:
        if collecting:
            gc.enable()


def _broken_row(file: IO[bytes]) -> int:
    """The line on which the first row begins that cannot be read; rows are counted in a second pass only."""
    file.seek(0)
    reader = csv.reader((line.decode("utf-8", "replace") for line in file), strict=True)
    begins = 1
    with suppress(csv.Error):
        for _ in reader:
            begins = reader.line_num + 1
    return begins


def _broken_line(file: IO[bytes]) -> int:
    """The first line that is not UTF-8."""
    file.seek(0)
    whole = 0
    with suppress(UnicodeDecodeError):
        for line in file:
            whole += bool(line.decode())
    return whole + 1
