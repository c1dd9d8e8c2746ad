"""Imported forecasts into SQLite without a Python object for each value, the way `fetch` takes them out.

SQLite takes values one by one, as Python objects. So numpy writes the rows as the pages of a small database file
(its format is fixed: https://sqlite.org/fileformat2.html), which SQLite holds in memory beside the ledger and copies
row by row, with every check and trigger of the table. Where a Python was built without ``deserialize``, rows go in
one by one.
"""

from __future__ import annotations

import sqlite3
from functools import cache

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.blocks import BLOCK, Forecasts
from predictions.bulk.fetch import HEADER, INTERIOR, LEAF, NUMBER

SPAN = 32 * BLOCK  # rows in one image: some five megabytes; its root page has room for far more
PAGE = 65536
FIRST = 1 << 14  # the number of the first row, so that each takes three bytes

_CELL = np.dtype(
    [
        ("size", "u1"), ("row", "u1", 3), ("header", "u1", 5), ("claim", ">i4"), ("forecaster", ">i4"),
        ("made_at", ">i8"), ("probability", ">f8"),
    ]
)  # fmt: skip
_CHILD = np.dtype([("page", ">u4"), ("last", "u1", 3)])
_ON_PAGE = (PAGE - 8) // (_CELL.itemsize + 2)
_COLUMNS = "claim, forecaster, made_at, probability"
_COPY = f"insert into main.imported_forecast ({_COLUMNS}) select {_COLUMNS} from image.forecast order by rowid"
_ONE = f"insert into main.imported_forecast ({_COLUMNS}) values (?, ?, ?, ?)"


def insert(connection: sqlite3.Connection, rows: Forecasts) -> None:
    """Put the rows, who and what by their entries, after those on file; NaN becomes null."""
    if not hasattr(connection, "deserialize"):
        chances = [None if np.isnan(chance) else chance for chance in rows.probability.tolist()]
        connection.executemany(_ONE, zip(*(column.tolist() for column in rows[:3]), chances, strict=True))
        return
    if "image" not in {name for _, name, _ in connection.execute("pragma database_list")}:
        connection.execute("attach ':memory:' as image")  # a transaction cannot let go of it again
    for start in range(0, rows.size, SPAN):
        connection.deserialize(_image(rows.rows(slice(start, start + SPAN))), name="image")
        connection.execute(_COPY)
    connection.deserialize(_empty(), name="image")


@cache
def _empty() -> bytes:
    """A database of two pages, with the table and no row."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"pragma page_size = {PAGE}")
        connection.execute(f"create table forecast ({_COLUMNS})")
        made = connection.serialize()
    connection.close()
    return made


def _image(rows: Forecasts) -> bytes:
    """The same with the rows: on its second page, or on leaves that the second page lists."""
    cells = _cells(rows)
    leaves = [cells[first : first + _ON_PAGE] for first in range(0, rows.size, _ON_PAGE)]
    last = 2 if len(leaves) == 1 else 2 + len(leaves)
    pages = np.zeros((last, PAGE), np.uint8)
    pages[0] = np.frombuffer(_empty(), np.uint8, PAGE)
    pages[0, 28:32] = _big_endian(last, 4)
    for page, leaf in zip(pages[-len(leaves) :], leaves, strict=True):
        _fill(page, LEAF, leaf)
    if len(leaves) > 1:
        children = np.empty(len(leaves) - 1, _CHILD)
        children["page"] = np.arange(3, last)
        children["last"] = _varints(FIRST + _ON_PAGE * np.arange(1, len(leaves)) - 1)
        _fill(pages[1], INTERIOR, children)
        pages[1, 8:12] = _big_endian(last, 4)
    return pages.tobytes()


def _cells(rows: Forecasts) -> NDArray[np.void]:
    cells = np.empty(rows.size, _CELL)
    cells["size"] = _CELL.itemsize - 4
    cells["row"] = _varints(FIRST + np.arange(rows.size))
    cells["header"] = (*HEADER, NUMBER)
    for name, column in zip(rows._fields, rows, strict=True):
        cells[name] = column
    return cells


def _fill(page: NDArray[np.uint8], kind: int, cells: NDArray[np.void]) -> None:
    """Write a page: its head, where each cell stands, and the cells at its end."""
    start = PAGE - cells.nbytes
    head = 8 if kind == LEAF else 12
    page[0] = kind
    page[3:5] = _big_endian(cells.size, 2)
    page[5:7] = _big_endian(start % PAGE, 2)
    places = start + cells.itemsize * np.arange(cells.size)
    page[head : head + 2 * cells.size] = places.astype(">u2").view(np.uint8)
    page[start:] = cells.view(np.uint8)


def _varints(numbers: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Numbers of three times seven bits, as SQLite writes them."""
    return np.stack([numbers >> 14 | 128, numbers >> 7 & 127 | 128, numbers & 127], -1).astype(np.uint8)


def _big_endian(number: int, size: int) -> NDArray[np.uint8]:
    return np.frombuffer(number.to_bytes(size, "big"), np.uint8)
