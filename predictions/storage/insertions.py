"""Rows on their way into one table of the file, many by one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from predictions.storage.canonical import Plain

ROWS_A_STATEMENT = 200  # of any table, so that a statement binds fewer than the 32,766 values it may


class Insertion(NamedTuple):
    """Rows that are written into one table.

    Attributes:
        table: Its name.
        names: The columns.
        rows: Their values.
        is_item: Whether they are the items of lists, whose owners stand in another table.
    """

    table: str
    names: tuple[str, ...]
    rows: Iterable[Sequence[Plain | bytes]]
    is_item: bool = False

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the rows; ``executemany``, which begins a statement for each, takes up to half as long again."""
        rows = iter(self.rows)
        while some := list(islice(rows, ROWS_A_STATEMENT)):
            connection.execute(_insert(self.table, self.names, len(some)), tuple(chain.from_iterable(some)))


@lru_cache(256)
def _insert(table: str, names: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(names))})"
    return f"insert into main.{table} ({', '.join(names)}) values {', '.join([row] * rows)}"
