"""Read a CSV file of an export piece by piece: its header is checked, its rows are numbered, odd ones refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from itertools import islice

from predictions.errors import InvalidValue, short_repr
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.questions import RowFault
from predictions.importing.delimited import line_numbers
from predictions.importing.refusals import WHOLE_ROW, Refusals
from predictions.importing.tables import Piece
from predictions.text_files import decoded, encoding_of

ROWS_A_PIECE = 256  # few, so that their cells are still in the processor's cache when they are looked at again


class CsvPieces:
    """The rows of a file, some at a time.

    Attributes:
        header: The names of the columns; empty for an empty file.
    """

    def __init__(
        self, content: bytes, name: str, refusals: Refusals, needed: Sequence[str], *, lacking: int = 0
    ) -> None:  # fmt: skip
        """Read the header of a file; InvalidValue if it is not CSV, or lacks a *needed* column, or has one twice.

        Args:
            content: The file's bytes.
            name: Its name in messages.
            refusals: Takes the rows that are refused.
            needed: Columns that the header must have.
            lacking: How many cells may be missing at the end of a row; they are then "".
        """
        self._content, self._name, self._refusals, self._lacking = content, name, refusals, lacking
        self._reader = csv.reader(TextIOWrapper(BytesIO(content), encoding_of(content, name)), strict=True)
        with self._is_readable():
            self.header = next((cells for cells in self._reader if any(map(str.strip, cells))), [])
        self._check_header(needed)

    def __iter__(self) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """Yield the numbers and the cells of some rows; empty rows are skipped and have no number.

        Rows of another width than the header's are refused. Raises InvalidValue if the file is not CSV.
        """
        first, line, width = 1, self._reader.line_num + 1, len(self.header)
        while True:
            with self._is_readable():
                rows = list(islice(self._reader, ROWS_A_PIECE))
            if not rows:
                return
            row_lines = line_numbers(rows, line, self._reader.line_num + 1)
            if not all(map(any, rows)):
                row_lines = [line for line, cells in zip(row_lines, rows, strict=True) if any(cells)]
                rows = [cells for cells in rows if any(cells)]
            self._refusals.learn(Piece({}, len(rows), first, self._name, row_lines))
            numbers: Sequence[int] = range(first, first + len(rows))
            first, line = first + len(rows), self._reader.line_num + 1
            if not set(map(len, rows)) <= {width}:
                widths = range(width - self._lacking, width + 1)
                self._refuse_widths(numbers, rows, widths)
                numbers = [number for number, cells in zip(numbers, rows, strict=True) if len(cells) in widths]
                rows = [cells + [""] * (width - len(cells)) for cells in rows if len(cells) in widths]
            if rows:
                yield numbers, rows

    def _check_header(self, needed: Sequence[str]) -> None:
        """Refuse a header without a needed column, or with one twice."""
        missing = [name for name in needed if name not in self.header]
        if self.header and missing:
            raise InvalidValue(f"{self._name} has no column {short_repr(missing[0])}; is it the export as it came?")
        if len(set(self.header)) < len(self.header):
            duplicate = next(name for name in self.header if self.header.count(name) > 1)
            raise InvalidValue(f"{self._name} has the column {short_repr(duplicate)} twice")

    def _refuse_widths(self, numbers: Sequence[int], rows: Sequence[list[str]], widths: range) -> None:
        """Refuse the rows whose width is none of *widths*."""
        for number, cells in zip(numbers, rows, strict=True):
            if len(cells) not in widths:
                row = ExportRow(number, dict(zip(self.header, cells, strict=False)), self._refusals)
                row.refuse(RowFault(WHOLE_ROW, f"it has {len(cells)} fields, the header {len(self.header)}"))

    @contextmanager
    def _is_readable(self) -> Iterator[None]:
        """Raise InvalidValue, with the line, for what is not CSV, or not text in the file's encoding."""
        try:
            yield
        except csv.Error as error:
            where = f"{self._name}, in the row that ends on line {self._reader.line_num}"
            raise InvalidValue(f"{where}: this is not CSV: {error}; is a quote left open?") from None
        except UnicodeDecodeError:
            decoded(self._content, self._name)  # which says on what line
            raise
