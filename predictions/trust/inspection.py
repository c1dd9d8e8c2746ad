"""Reading a file that may be damaged: the faults found so far, and reads in which what cannot be read is a fault."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from predictions.errors import one_line, short_repr
from predictions.trust.verification_report import Fault

MOST_FAULTS = 20

_Row = TypeVar("_Row")


class Inspection:
    """Collects the faults of one file.

    Attributes:
        connection: The file.
        faults: The first faults found, at most MOST_FAULTS.
        uncounted: How many there were after these.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.faults: list[Fault] = []
        self.uncounted = 0
        self._reads: list[Generator[object, None, None]] = []

    def fault(self, entry: int | None, record: object, what: object) -> None:
        """Note a fault of an entry, or of the file as a whole.

        Args:
            entry: The entry's number; None for the file as a whole.
            record: What to call its record; in a damaged file it may be of any type.
            what: What is wrong.
        """
        if len(self.faults) < MOST_FAULTS:
            name = record if isinstance(record, str) else short_repr(record)
            self.faults.append(Fault.of(entry, one_line(name), one_line(what, 400)))
        else:
            self.uncounted += 1

    def select(self, table: str, query: str) -> Iterator[tuple[Any, ...]]:  # rows as they are kept, of any type
        """Yield the rows of a query on a table, as :meth:`readable` does."""
        return self.readable(f"table {table}", partial(self.connection.execute, query))

    def readable(self, what: str, rows: Callable[[], Iterable[_Row]]) -> Iterator[_Row]:
        """Yield rows; a page that cannot be read ends them, and is a fault of its own."""
        read = self._read(what, rows)
        self._reads.append(read)
        return read

    def close(self) -> None:
        """End every read: one that was left half-read would hold the file's lock."""
        for read in self._reads:
            read.close()

    def _read(self, what: str, rows: Callable[[], Iterable[_Row]]) -> Generator[_Row, None, None]:
        try:
            yield from rows()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if "Could not decode" in str(error):  # text that is not UTF-8: all is read again, as bytes
                raise
            self.fault(None, "", f"{what} cannot be read: {one_line(error)}")
