"""Inserting rows into a table of the file, many with one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from predictions.storage.canonical import Plain

ROWS_A_STATEMENT = 200  # few enough in any table to stay below the 32,766 values that a statement can bind


class Insertion(NamedTuple):
    """Rows to be inserted into one table.

    Attributes:
        table: The table's name.
        names: The names of the columns.
        rows: The values of each row.
        is_item: Whether the rows are the items of lists, whose owners are rows of another table.
    """

    table: str
    names: tuple[str, ...]
    rows: Iterable[Sequence[Plain | bytes]]
    is_item: bool = False

    def write(self, connection: sqlite3.Connection) -> None:
        """Insert the rows; ``executemany`` runs one statement per row, and takes up to half as long again."""
        rows = iter(self.rows)
        while group := list(islice(rows, ROWS_A_STATEMENT)):
            connection.execute(_insert(self.table, self.names, len(group)), tuple(chain.from_iterable(group)))


@lru_cache(256)
def _insert(table: str, names: tuple[str, ...], rows: int) -> str:
    """Return the SQL that inserts that many rows."""
    row = f"({', '.join('?' * len(names))})"
    return f"insert into main.{table} ({', '.join(names)}) values {', '.join([row] * rows)}"
