"""What verify finds: faults, collected while it reads a file that may be damaged, and the report on them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from predictions.errors import one_line, short_repr
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value, fields_of
from predictions.storage.checkpoints import Head

MOST_SHOWN = 10  # entries of redacted bodies
MOST_FAULTS = 20

_AnyRow = TypeVar("_AnyRow")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file.

    Attributes:
        entry: The entry it concerns; None for the file as a whole.
        record: The name of that entry's record; may be empty.
        what: What is wrong, as a sentence.
    """

    entry: int | None
    record: str
    what: str

    @classmethod
    def of(cls, entry: int | None, record: str, what: str) -> Fault:
        """Make a fault; bytes of a damaged file in its texts that are not valid text are shown as escapes."""
        return cls(entry, *(text.encode("utf-8", "backslashreplace").decode() for text in (record, what)))

    def __str__(self) -> str:
        if self.entry is None:
            return self.what
        record = f", {self.record}" if self.record else ""
        return f"entry {self.entry}{record}: {self.what}"


@dataclass(frozen=True, repr=False)
class Verification(Result, rows="faults", of=Fault):
    """What ``verify`` found.

    Attributes:
        entries: The number of entries.
        seals: The number of seals.
        head: The head that was computed.
        head_compared: Whether a head that was kept elsewhere was compared with it.
        faults: Everything that is wrong.
        redacted: The entries whose bodies were redacted.
        remarks: Other things worth knowing, such as a clock that ran backwards.
    """

    entries: int
    seals: int
    head: Head
    head_compared: bool
    faults: tuple[Fault, ...] = ()
    redacted: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def blocks(self) -> Sequence[Block]:
        """Return the report for the screen: the verdict or the faults, missing bodies, remarks, and the head."""
        blocks: list[Block] = []
        if self.ok:
            blocks.append(Heading(f"ok: {self.entries:,} entries under {self.seals:,} seals agree with their hashes"))
        else:
            blocks.append(Heading(f"not ok: {self.faults[0]}"))
            blocks += [Paragraph(str(fault), 2) for fault in self.faults[1:]]
        if self.redacted:
            ellipsis = ["..."] if len(self.redacted) > MOST_SHOWN else []
            entries = ", ".join([*map(str, self.redacted[:MOST_SHOWN]), *ellipsis])
            single = len(self.redacted) == 1
            bodies = "1 body is missing, of entry" if single else f"{len(self.redacted)} bodies are missing, of entries"
            blocks.append(Paragraph(f"redacted copy: {bodies} {entries}"))
        blocks += [Paragraph(remark) for remark in self.remarks]
        blocks.append(Paragraph(f"head {self.head}"))
        if not self.head_compared:
            blocks.append(
                Paragraph(
                    "no head from outside was compared: without one nobody can exclude that the whole file was "
                    "written again, or cut at its end"
                )
            )
        return blocks

    def to_dict(self) -> dict[str, Value]:
        return {"ok": self.ok, **fields_of(self)}


class Inspection:
    """Collects the faults of one file.

    Attributes:
        connection: The file.
        faults: The first faults that were found, at most MOST_FAULTS.
        uncounted: The number of further faults.
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
            record: The name of its record; from a damaged file it may be of any type.
            what: What is wrong, as a sentence.
        """
        if len(self.faults) < MOST_FAULTS:
            name = record if isinstance(record, str) else short_repr(record)
            self.faults.append(Fault.of(entry, one_line(name), one_line(what, 400)))
        else:
            self.uncounted += 1

    def select(self, table: str, query: str) -> Iterator[tuple[Any, ...]]:  # a damaged file may hold any types
        """Yield the rows of a query on a table, as :meth:`readable` does."""
        return self.readable(f"table {table}", partial(self.connection.execute, query))

    def readable(self, what: str, rows: Callable[[], Iterable[_AnyRow]]) -> Iterator[_AnyRow]:
        """Yield rows until one cannot be read, which is noted as a fault; *what* is what the fault calls them."""
        read = self._read(what, rows)
        self._reads.append(read)
        return read

    def close(self) -> None:
        """End all reads: one that is not finished would hold the file's lock."""
        for read in self._reads:
            read.close()

    def _read(self, what: str, rows: Callable[[], Iterable[_AnyRow]]) -> Generator[_AnyRow, None, None]:
        """Yield rows as :meth:`readable` does; as a generator it can be closed."""
        try:
            yield from rows()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if "Could not decode" in str(error):  # text that is not UTF-8: `verify` then reads everything as bytes
                raise
            self.fault(None, "", f"{what} cannot be read: {one_line(error)}")
