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
HEADER = (5, 4, 4, 6)  # its own length; two integers of four bytes, one of eight
NUMBER, WITHDRAWAL = 7, 28  # a float; a blob of eight bytes
LEAF, INTERIOR = 13, 5

_RECORD = np.dtype(
    [("header", "u1", 5), ("claim", ">i4"), ("forecaster", ">i4"), ("made_at", ">i8"), ("probability", ">f8")]
)
_COPY = f"""insert into temp.packed
select claim + {ENTRY}, forecaster + {ENTRY}, made_at + {MOMENT}, coalesce(probability, x'7ff8000000000000')
from main.imported_forecast where n between ? and ?"""
_PLAIN = "select claim, forecaster, made_at, probability from main.imported_forecast where n between ? and ?"
_CREATE = "create temp table packed (claim, forecaster, made_at, probability)"


class _Unpackable(Exception):
    """A row that does not fit the records of one length."""


def fetch(
    connection: sqlite3.Connection, first: int, last: int, *, forecasters: Sequence[int] | None = None
) -> Iterator[Forecasts]:
    """The rows *first* to *last* in order, those of some forecasters' entries or all, in pieces.

    The caller holds the file at one moment. What is no number of its kind, which no import writes, comes back as
    -1, or NaN.
    """
    of_whom = "" if forecasters is None else f" and forecaster in ({', '.join(map(str, map(int, forecasters)))})"
    packs = hasattr(connection, "serialize")
    if packs:
        connection.execute("drop table if exists temp.packed")
        connection.execute(_CREATE)
    try:
        for start in range(first, last + 1, SPAN):
            span = (start, min(start + SPAN - 1, last))
            try:
                if not packs:
                    raise _Unpackable
                connection.execute("delete from temp.packed")
                connection.execute(f"{_COPY}{of_whom} order by n", span)
                yield _unpacked(connection)
            except _Unpackable:
                yield plain(connection, *span, of_whom)
    finally:
        if packs:
            connection.execute("drop table if exists temp.packed")


def _unpacked(connection: sqlite3.Connection) -> Forecasts:
    """The records of the temporary table, read off its pages."""
    (root_page,) = connection.execute("select rootpage from temp.sqlite_schema where name = 'packed'").fetchone()
    memory = connection.serialize(name="temp")
    size = int.from_bytes(memory[16:18], "big") or 65536
    size = 65536 if size == 1 else size
    starts = _records(np.frombuffer(memory, np.uint8).reshape(-1, size), root_page)
    every = np.ndarray((len(memory) - _RECORD.itemsize + 1,), _RECORD, memory, strides=(1,))
    found = every[starts]
    header = found["header"]
    withdrawn = header[:, 4] == WITHDRAWAL
    if not ((header[:, :4] == HEADER).all() and (withdrawn | (header[:, 4] == NUMBER)).all()):
        raise _Unpackable
    if (found["claim"] < LOWEST).any() or (found["forecaster"] < LOWEST).any():
        raise _Unpackable
    return Forecasts(
        np.subtract(found["claim"], ENTRY, dtype=np.int32),
        np.subtract(found["forecaster"], ENTRY, dtype=np.int32),
        np.subtract(found["made_at"], MOMENT, dtype=np.int64),
        found["probability"].astype(np.float64),
    )


def _records(pages: NDArray[np.uint8], root_page: int) -> NDArray[np.intp]:
    """Where each record of the tree begins, in order of the rows."""
    leaves = np.array([root_page - 1])
    while pages[leaves[0], 0] == INTERIOR:
        leaves = np.concatenate([_children(pages[page]) for page in leaves])
    count = pages[leaves, 3].astype(np.intp) << 8 | pages[leaves, 4]
    most = int(count.max())
    pointers = pages[leaves, 8 : 8 + 2 * most].reshape(len(leaves), most, 2).astype(np.intp)
    cells = (pointers[:, :, 0] << 8 | pointers[:, :, 1]) + (leaves * pages.shape[1])[:, np.newaxis]
    cells = cells[np.arange(most) < count[:, np.newaxis]]
    flat = pages.reshape(-1)
    if not (flat[cells] == _RECORD.itemsize).all():
        raise _Unpackable
    at = cells + 1  # the number of the row follows, seven bits a byte, the last with its high bit off
    more = flat[at] >= 128
    while more.any():
        at += more
        more &= flat[at] >= 128
    return np.asarray(at + 1)


def _children(page: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The pages below an interior page, in order, counted from 0."""
    count = int(page[3]) << 8 | int(page[4])
    cells = page[12 : 12 + 2 * count].view(">u2").astype(np.intp)
    below = [int.from_bytes(page[cell : cell + 4].tobytes(), "big") for cell in cells]
    return np.array([*below, int.from_bytes(page[8:12].tobytes(), "big")]) - 1


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
