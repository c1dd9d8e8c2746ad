"""The meanings of the texts in one column, each read once: a column of a long file repeats a few texts many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from predictions.exchange.platforms.export_row import ExportRow
from predictions.importing.refusals import Refusals

Meaning = TypeVar("Meaning")


class Meanings(dict[str, Meaning]):
    """The meanings by their texts; looking up a text that cannot be read raises RowFault."""

    def __init__(self, read: Callable[[ExportRow, str], Meaning], column: str) -> None:
        """Read with a method of rows, or a function like one, what stands in a column."""
        super().__init__()
        self._read, self._column = read, column
        self._cells: dict[str, str] = {}
        self._row = ExportRow(0, self._cells, Refusals(None))

    def __missing__(self, text: str) -> Meaning:
        """Read a text that was not looked up before, in the one row that stands for all rows with this text."""
        self._cells[self._column] = text
        meaning = self[text] = self._read(self._row, self._column)
        return meaning
