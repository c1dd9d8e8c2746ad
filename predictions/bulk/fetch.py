"""Imported forecasts out of SQLite as numpy columns, without a Python object for each value.

Fetching rows one by one takes five times as long as SQLite's own scan of them. So SQLite copies a span of rows into
a temporary table in memory, as records that all have one length, and that table's pages are read as one array
(the file format is fixed: https://sqlite.org/fileformat2.html). Where a Python was built without ``serialize``,
or a row holds what no import writes, rows are fetched the plain way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.blocks import BLOCK, Chances, Forecasts

SPAN = 8 * BLOCK  # rows copied at a time: some megabyte, small beside the columns of a million
ENTRY = 1 << 30  # added to each number so that SQLite keeps it in four bytes, or in eight
LOWEST = ENTRY - (1 << 31)  # below it what was added cannot be taken off again in four bytes
MOMENT = 1 << 62
FIRST_ROW = 1 << 21  # from here on a row's own number takes four bytes too
HEADER = (5, 4, 4, 6)  # its own length; two integers of four bytes, one of eight
NUMBER, WITHDRAWAL = 7, 28  # a float; a blob of eight bytes
LEAF, INTERIOR = 13, 5
LEAF_HEADER = 8  # bytes before the places of a leaf's cells, two bytes each

_CELL = np.dtype(
    [
        ("length", "u1"), ("row", ">u4"), ("header", ">u4"), ("kind", "u1"),
        ("claim", ">i4"), ("forecaster", ">i4"), ("made_at", ">i8"), ("probability", ">f8"),
    ]
)  # fmt: skip
_HEADER = int.from_bytes(HEADER, "big")
_RECORD = _CELL.itemsize - 5  # all but its length and the number of its row
_CREATE = "create temp table if not exists packed (claim, forecaster, made_at, probability)"
_BEGIN = f"""insert into temp.packed(rowid, claim, forecaster, made_at, probability)
values ({FIRST_ROW}, {ENTRY}, {ENTRY}, {MOMENT}, 0.5)"""
_COPY = f"""insert into temp.packed
select claim + {ENTRY}, forecaster + {ENTRY}, made_at + {MOMENT}, coalesce(probability, x'7ff8000000000000')
from main.imported_forecast where n between ? and ?"""
_PLAIN = "select claim, forecaster, made_at, probability from main.imported_forecast where n between ? and ?"


class _Unpackable(Exception):
    """A row that does not fit the records of one length."""


def fetch(
    connection: sqlite3.Connection, first: int, last: int, *, forecasters: Sequence[int] | None = None
) -> Iterator[Forecasts]:
    """The rows *first* to *last* in order, those of some forecasters' entries or all, in pieces.

    The caller holds the file at one moment. What is no number that the columns can hold, which no import writes, comes
    back as -1, or NaN.
    """
    of_whom = "" if forecasters is None else f" and forecaster in ({', '.join(map(str, map(int, forecasters)))})"
    packs = hasattr(connection, "serialize")
    for start in range(first, last + 1, SPAN):
        span = (start, min(start + SPAN - 1, last))
        try:
            if not packs:
                raise _Unpackable
            connection.execute(_CREATE)
            connection.execute("delete from temp.packed")
            connection.execute(_BEGIN)
            connection.execute(f"{_COPY}{of_whom} order by n", span)
            yield _unpacked(connection)
        except _Unpackable:
            yield plain(connection, *span, of_whom)


def _unpacked(connection: sqlite3.Connection) -> Forecasts:
    """The records of the temporary table but the first, read off its pages."""
    (root_page,) = connection.execute("select rootpage from temp.sqlite_schema where name = 'packed'").fetchone()
    memory = connection.serialize(name="temp")
    size = int.from_bytes(memory[16:18], "big") or 65536
    cells, count = _cells(np.frombuffer(memory, np.uint8).reshape(-1, 65536 if size == 1 else size), root_page)
    claim, forecaster, made_at, probability = (
        np.array(cells[name], cells[name].dtype.newbyteorder("="), order="C").reshape(-1)[1:count]
        for name in ("claim", "forecaster", "made_at", "probability")
    )
    if (claim < LOWEST).any() or (forecaster < LOWEST).any():
        raise _Unpackable
    claim -= ENTRY
    forecaster -= ENTRY
    made_at -= MOMENT
    return Forecasts(claim, forecaster, made_at, probability)


def _cells(pages: NDArray[np.uint8], root_page: int) -> tuple[NDArray[np.void], int]:
    """The cells of a tree, a row for each leaf, and how many there are: all of one length, they fill it from its end.

    Only the last leaf may have fewer than the others.
    """
    leaves = np.array([root_page - 1])
    while pages[leaves[0], 0] == INTERIOR:
        leaves = np.concatenate([_children(pages[page]) for page in leaves])
    found = pages[leaves]
    counts = found[:, 3].astype(np.intp) << 8 | found[:, 4]
    most, count = int(counts[0]), int(counts.sum())
    begin = pages.shape[1] - most * _CELL.itemsize
    places = found[:, LEAF_HEADER : LEAF_HEADER + 2 * most].copy().view(">u2").reshape(-1)[:count]
    cells = np.ndarray((leaves.size, most), _CELL, found, begin, (pages.shape[1], _CELL.itemsize))[:, ::-1]
    full = np.arange(begin, pages.shape[1], _CELL.itemsize)[::-1]
    if (counts[:-1] != most).any() or (places != np.tile(full, leaves.size)[:count]).any():
        raise _Unpackable
    length, header, kind = (cells[name].reshape(-1)[:count] for name in ("length", "header", "kind"))
    right = (length == _RECORD) & (header == _HEADER) & ((kind == WITHDRAWAL) | (kind == NUMBER))
    if not right.all():
        raise _Unpackable
    return cells, count


def _children(page: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The pages below an interior page, in order, counted from 0."""
    count = int(page[3]) << 8 | int(page[4])
    in_header = 8  # the last one
    cells = np.append(page[12 : 12 + 2 * count].view(">u2").astype(np.intp), in_header)
    return page[cells[:, np.newaxis] + np.arange(4)].view(">u4").ravel().astype(np.intp) - 1


def plain(connection: sqlite3.Connection, first: int, last: int, of_whom: str = "") -> Forecasts:
    """The same, all at once, from rows fetched one by one."""
    rows = connection.execute(f"{_PLAIN}{of_whom} order by n", (first, last)).fetchall()
    claim, forecaster, made_at, probability = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Forecasts(
        np.array([_within(value, 31) for value in claim], np.int32),
        np.array([_within(value, 31) for value in forecaster], np.int32),
        np.array([_within(value, 63) for value in made_at], np.int64),
        _chances(probability),
    )


def _within(value: object, bits: int) -> int:
    return value if isinstance(value, int) and -(1 << bits) <= value < 1 << bits else -1


def _chances(values: Sequence[object]) -> Chances:
    return np.array([value if isinstance(value, float) else np.nan for value in values], np.float64)
