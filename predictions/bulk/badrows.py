"""The rows of an import that cannot be recorded: listed by number with the reason, or written aside."""

from __future__ import annotations

import csv
from bisect import insort
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from predictions.errors import InvalidValue

LISTED = 20
HEADER = ("row", "reason", "claim", "forecaster", "made_at", "probability", "withdrawn")


class BadRows:
    """Collects them; with a path they are written there, and the rest may be recorded."""

    def __init__(self, path: Path | None) -> None:
        self.count = 0
        self.first: list[tuple[int, str]] = []
        self._last = 0
        self._in_order = True
        self._path = path
        self._file = None if path is None else self._opened(path)
        self._writer = None if self._file is None else csv.writer(self._file)
        if self._writer:
            self._writer.writerow(HEADER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None and self._path is not None:
            if not self._in_order:
                _sort(self._file)
            self._file.close()
            if kind is not None or not self.count:
                self._path.unlink()

    def add(self, row: int, reason: str, values: Sequence[object]) -> None:
        """One bad row: its number from 1, why it is bad, and what it held; NaN is written as nothing."""
        self.count += 1
        insort(self.first, (row, reason))
        del self.first[LISTED:]
        self._in_order &= row > self._last
        self._last = row
        if self._writer:
            self._writer.writerow(
                (row, reason, *("" if isinstance(value, float) and isnan(value) else value for value in values))
            )

    def refuse(self, ways_out: str = "mend them, or set them aside (skip_bad)") -> None:
        """Raise InvalidValue where there is any and none may be left out."""
        if self.count and self._path is None:
            listed = "; ".join(f"row {row}: {reason}" for row, reason in self.first)
            more = f"; and {self.count - LISTED:,} more" if self.count > LISTED else ""
            rows = "1 row" if self.count == 1 else f"{self.count:,} rows"
            raise InvalidValue(f"{rows} cannot be recorded, so nothing was; {ways_out}: {listed}{more}")

    def _opened(self, path: Path) -> TextIO:
        try:
            return path.open("x+", encoding="utf-8", errors="backslashreplace", newline="")
        except FileExistsError:
            raise InvalidValue(f"{str(path)!r} is there already; say another name for the bad rows") from None
        except OSError as error:
            raise InvalidValue(f"cannot write bad rows to {str(path)!r}: {error.strerror}") from None


def _sort(file: TextIO) -> None:
    """Put the rows in the order of their numbers: contradictions are found claim by claim."""
    file.seek(0)
    header, *rows = csv.reader(file)
    rows.sort(key=lambda row: int(row[0]))
    file.seek(0)
    csv.writer(file).writerows([header, *rows])
