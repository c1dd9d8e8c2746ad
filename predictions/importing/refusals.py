"""The rows of an import that cannot be recorded: shown by cause, or written to a file of their own."""

from __future__ import annotations

import csv
import re
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TextIO

import numpy as np
from numpy.typing import NDArray

from predictions.errors import InvalidValue, StorageError, short_repr
from predictions.importing.cells import is_missing
from predictions.importing.headers import HeaderFaults
from predictions.importing.refusal_lines import (
    LINE_WIDTH,
    VALUE_WIDTH,
    cell_text,
    instead,
    laid_out,
    not_read,
    row_text,
    without_values,
)
from predictions.importing.results import BadRow
from predictions.importing.tables import OpenTable, Piece, python_value
from predictions.invisible import visible
from predictions.numerals import counted, plural, some_of
from predictions.render.columns import broken_to, cut_to, padded
from predictions.storage.files import free_place, new_file

ROWS_LISTED = 20  # bad rows listed with their reasons if the others were recorded
CAUSES = 5  # causes that are shown
ROWS = 8  # rows that are shown of each cause
CAUSES_NAMED, ROWS_NAMED = 5, 3  # further causes that are named, and rows of each
MOST_CAUSES = 10_000  # causes that are kept, in case each row has its own
BEFORE_LINE = 53  # width for the first bad row before its line number
WHOLE_ROW = "row"  # the column of a fault in the whole row
HEADER = ("claim", "forecaster", "made_at", "probability", "withdrawn")

_SLUG = re.compile(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b")
Spelling = Callable[[str], str]


class RowsRefused(InvalidValue):
    """Rows that cannot be recorded, by their causes, on several lines.

    Attributes:
        of_header: Whether a header is faulty, too.
    """

    def __init__(self, *refusals: Refusals) -> None:
        """Report the bad rows of one file, or of several."""
        self._refusals = refusals
        self.of_header = any(of_file.has_faulty_header for of_file in refusals)
        super().__init__("\n".join(of_file.text() for of_file in refusals))

    def _lines(self) -> list[str]:
        return visible(str(self)).split("\n")

    def spelled(self, spelling: Spelling) -> str:
        """Return the message with every fix spelled as options are typed."""
        return "\n".join(of_file.text(spelling) for of_file in self._refusals)


@dataclass
class _Cause:
    """A fault in one column, and the rows that have it."""

    column: str  # as its header spells it
    value: str  # in the first row that was noted
    fix: str
    several: bool = False  # whether its rows have several values
    count: int = 0  # of rows
    first: list[int] = field(default_factory=list)  # rows, by number

    def add(self, row: int, text: str) -> None:
        """Add a row with the value in it."""
        self.several |= text != self.value
        if row in self.first:  # a row with several chances may have the same fault in each
            return
        self.count += 1
        insort(self.first, row)
        del self.first[ROWS:]


class Refusals:
    """Collects bad rows. With a path they are written there once the rest is recorded; without, all is refused.

    Attributes:
        texts: The texts of claims by slug, if the rows name claims by their texts.
        set_aside: Whether bad rows are written to a file of their own, and the others recorded.
    """

    def __init__(self, path: Path | None, like: Path | None = None) -> None:
        """Create the file under a temporary name; InvalidValue if its own name is taken."""
        self.count = 0  # bad rows
        self._counted = bytearray()  # for each row, 1 if it is counted as bad
        self.columns: Sequence[str] = HEADER
        self.all_refused = False
        self._causes: dict[
            tuple[str, ...], _Cause
        ] = {}  # by column, value and fix; a fault of the whole file by column
        self._kinds: dict[tuple[str, ...], _Cause] = {}  # by column and fix, shown if there are too many values
        self._further = 0  # rows of kinds beyond MOST_CAUSES
        self.listed: list[BadRow] = []
        self._first: tuple[int, Sequence[object]] = (0, ())
        self.rows, self._source = 0, "the table"
        self._spelled: Mapping[str, str] = {}
        self._header: Sequence[str] = ()  # the faults of the header
        self._left: dict[str, None] = {}  # the headers of columns that mean nothing here
        self._instead: Sequence[str] = ()
        self._begins: list[tuple[int, int]] = []  # row and line from which both count on in step
        self.texts: Mapping[str, str] = {}
        self.set_aside = path is not None
        self._placing = ExitStack()
        self._file: TextIO | None = None
        self._last, self._in_order = 0, True
        if path is not None:
            passing = self._placing.enter_context(new_file(free_place(path), like=like))
            self._file = passing.open("w+", encoding="utf-8", errors="backslashreplace", newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Delete the file of bad rows, unless it was put in place."""
        self._end(keep=False)

    def learn_all(self, table: OpenTable) -> Iterator[Piece]:
        """Yield the pieces of a table, and note the faults of its header, which are known at the end."""
        self._source = table.file or self._source
        try:
            for piece in table.pieces:
                self.learn(piece)
                yield piece
        except HeaderFaults as faults:
            self._header = faults.sentences

    def learn(self, piece: Piece) -> None:
        """Note how many rows a piece has, of which file, how its columns are spelled, and on which lines rows begin."""
        self.rows += piece.size
        self._spelled = piece.spelled or self._spelled  # a later piece may not say it
        self._left.update(dict.fromkeys(piece.left))
        self._source = piece.file or self._source
        lines = piece.lines or ()
        starts = range(1) if isinstance(lines, range) else range(len(lines))
        steps = (index for index in starts if not index or lines[index] != lines[index - 1] + 1)
        self._begins += [(piece.first + step, lines[step]) for step in steps]

    def add(
        self, row: int, column: str, value: object, fix: str, values: Sequence[object] = (), *,
        all_refused: bool = False, alike: str = "", kind: str = "",
    ) -> None:  # fmt: skip
        """Note which column of a row is wrong (WHOLE_ROW: all of it), its value, and what would be right.

        Args:
            values: All values of the row, in the order of the columns.
            all_refused: Whether the fault shows that the file means something else, so that no row is good.
            alike: A name for rows that are reported together, with the fix of the first.
            kind: A name for rows that are reported together if there are many causes.
        """
        self._count(row)
        self.all_refused |= all_refused
        fix = self._as_rows_name_them(fix)
        column = self._spelled.get(column, column)
        text = "" if column == WHOLE_ROW else cell_text(python_value(value))
        if column == WHOLE_ROW or (value is not None and text in fix):  # the fix shows the value already
            reason = fix
        else:
            reason = f"{column} {fix}" if text in fix else f"{column} {text}: {fix}"
        insort(self.listed, BadRow(row, reason))
        del self.listed[ROWS_LISTED:]
        if not self._first[0] or row < self._first[0]:
            self._first = row, values
        common = (column,) if all_refused else (column, alike) if alike else None
        kind_key = common or (column, without_values(kind or (fix.replace(text, "") if text else fix)))
        for causes, fault in ((self._causes, common or (column, text, fix)), (self._kinds, kind_key)):
            if fault in causes or len(causes) < MOST_CAUSES:
                causes.setdefault(fault, _Cause(column, text, fix)).add(row, text)
        self._further += kind_key not in self._kinds
        if self._file is not None:
            writer = csv.writer(self._file)
            if self.count == 1:
                writer.writerow((WHOLE_ROW, "reason", *self.columns))
            self._in_order &= row > self._last
            self._last = row
            writer.writerow((row, reason, *("" if is_missing(value) else value for value in values)))

    def offer(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Show below the message rows, by column, that could be written instead; those that are offered first."""
        self._instead = self._instead or instead(rows, self._spelled)

    def _count(self, row: int) -> None:
        """Count a row once, even if several things are wrong with it."""
        self._counted.extend(bytes(max(0, row + 1 - len(self._counted))))
        self.count += not self._counted[row]
        self._counted[row] = 1

    def among(self, rows: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Tell which of some rows, by their numbers, are refused."""
        return np.frombuffer(bytes(self._counted) + b"\0", np.bool_).take(rows, mode="clip")

    def _as_rows_name_them(self, fix: str) -> str:
        """Replace slugs of claims by their texts; a slug of one word stays, since it may be a word of the sentence."""
        return _SLUG.sub(lambda match: self._text_of(match[0]), fix)

    def _text_of(self, slug: str) -> str:
        """Return the text of a claim in quotes, shortened; any other slug unchanged."""
        text = self.texts.get(slug)
        if text is None:
            return slug
        short = text if len(text) <= VALUE_WIDTH else f"{text[: VALUE_WIDTH - 3].rstrip()}..."
        return short_repr(short, 2 * VALUE_WIDTH)

    def refuse(self) -> None:
        """Raise RowsRefused if there are bad rows that may not be left out."""
        if self.are_refused:
            raise RowsRefused(self)

    @property
    def has_faulty_header(self) -> bool:
        """Whether a column is misspelled or occurs twice."""
        return bool(self._header)

    @property
    def are_refused(self) -> bool:
        """Whether the header is faulty, or there are bad rows that may not be left out."""
        return bool(self._header or self.all_refused or (self.count and not self.set_aside))

    def place(self) -> None:
        """Put the file of bad rows in place, if there are any; StorageError if that fails."""
        try:
            self._end(keep=self.count > 0)
        except (OSError, InvalidValue, StorageError) as error:
            raise StorageError(f"all good rows are recorded, but the bad ones are not written: {error}") from None

    def _end(self, *, keep: bool) -> None:
        """Close the file of bad rows, sorted by row; it gets its name only if it is to be kept."""
        with suppress(GeneratorExit), self._placing:
            if self._file is not None and not self._file.closed:
                if keep and not self._in_order:  # contradictions are found claim by claim
                    self._file.seek(0)
                    header, *rows = csv.reader(self._file)
                    self._file.seek(0)
                    csv.writer(self._file).writerows([header, *sorted(rows, key=lambda row: int(row[0]))])
                self._file.close()
            if not keep:
                raise GeneratorExit  # as an error would, this makes new_file discard the file

    # -- the message ------------------------------------------------------------------------------------------

    def text(self, spelling: Spelling = str) -> str:
        """Return the message: the causes with rows, values and fixes, the first bad row, and columns not read."""
        if len(self._header) == 1 and not self.count:
            return spelling(self._header[0])
        summary = f"{self.count:,} of {counted(self.rows, 'row')}" if self.count else "see its header"
        shown_causes = self._causes if len(self._causes) <= CAUSES else self._kinds  # without values if too many
        causes = sorted(shown_causes.values(), key=lambda cause: cause.first[0])
        parts = []
        for cause in causes[:CAUSES]:
            rows = f"{plural(cause.count, 'row')} {', '.join(map(str, cause.first))}"
            total = f" ... {cause.count:,} in all" if cause.count > ROWS else ""
            value = f"{cause.value}, ..." if cause.several else cause.value
            parts.append((cause.column, rows + total, value, spelling(cause.fix)))
        lines = [f"{self._source} cannot be read, so nothing is recorded: {summary}"]
        for fault in self._header:
            lines += broken_to(LINE_WIDTH, f"{'header':<10}{spelling(fault)}", "  ", " " * 12, whole_words=True)
        lines += laid_out(parts)
        number = len(causes) - CAUSES
        if number > 0:
            at_least = "more than " if self._further else ""
            cause_names = (
                f"{cause.column} {plural(cause.count, 'row')} {some_of(list(map(str, cause.first)), ROWS_NAMED, ', ')}"
                for cause in causes[CAUSES : CAUSES + CAUSES_NAMED]
            )
            text = f"and {at_least}{counted(number, 'more cause')}: {', '.join(cause_names)}"
            text += ", ..." if number > CAUSES_NAMED else ""
            lines += broken_to(LINE_WIDTH, text, "  ", "    ", whole_words=True)
        return "\n".join(
            [*lines, *([self._first_row()] if self.count else []), *not_read(list(self._left)), *self._instead]
        )

    def _first_row(self) -> str:
        """Return the first bad row as it is in the file, with its line number there if it has one."""
        row, values = self._first
        cells = list(map(row_text, map(python_value, values)))
        while cells and not cells[-1]:
            cells.pop()
        text = f"row {row}: {', '.join(cells)}" if cells else f"row {row}"
        if not self._begins:
            return cut_to(text, LINE_WIDTH)
        first, line = self._begins[bisect_right(self._begins, (row, 2**62)) - 1]
        line_note = f"  (line {line + row - first:,} of the file)"
        return f"{padded(cut_to(text, LINE_WIDTH - len(line_note)), BEFORE_LINE - 2)}{line_note}"
