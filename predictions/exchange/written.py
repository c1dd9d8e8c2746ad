"""The results of exports: what was written, and what of the ledger it cannot hold."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from predictions.exchange.count_words import beside
from predictions.numerals import counted
from predictions.render.blocks import Block, Pairs, Paragraph
from predictions.render.result import Result

LABEL_WIDTH = 14  # of a label with the space behind it, in columns
WHO_AND_WHEN = "who recorded what, and when"


@dataclass(frozen=True)
class Lost:
    """Something that a file cannot hold, and how often."""

    what: str
    count: int


@dataclass(frozen=True, repr=False)
class RowsWritten(Result, rows="lost", of=Lost):
    """The result of an export in rows.

    Attributes:
        file: The file, or the folder of several.
        written: How many rows it has.
        claims: How many claims are in it.
        forecasts: How many forecasts and withdrawals are in it.
        verdicts: How many verdicts are in it; None if the format has none.
        lost: What of the ledger it cannot hold.
        template: Whether it is a table of examples, to be filled in.
    """

    file: Path
    written: int
    claims: int
    forecasts: int
    verdicts: int | None
    lost: tuple[Lost, ...]
    template: bool = False

    def __fspath__(self) -> str:
        return os.fspath(self.file)

    def blocks(self) -> Sequence[Block]:
        """Lay out what was written and what was lost."""
        if self.template:
            return [beside(f"{'wrote':<14}an empty table with examples, to fill in", self.file.name, LABEL_WIDTH)]
        counts = [counted(self.claims, "claim"), counted(self.forecasts, "forecast")]
        if self.verdicts is not None:
            counts.append(counted(self.verdicts, "verdict"))
        text = f"{'wrote':<14}{', '.join(counts)}"
        lost_blocks = told_lost(self.lost, [WHO_AND_WHEN] if self.claims else [])
        return [beside(text, f"{self.file.name}, {counted(self.written, 'row')}", LABEL_WIDTH), *lost_blocks]


def losses(counts: Mapping[str, int]) -> tuple[Lost, ...]:
    """Return what was counted as lost, sorted by name."""
    return tuple(Lost(name, count) for name, count in sorted(counts.items()) if count)


def told_lost(lost: Sequence[Lost], besides: Sequence[str] = ()) -> list[Block]:
    """Lay out what a format cannot hold of this ledger, and *besides* what it never holds."""
    blocks: list[Block] = []
    if lost:
        counts = "\n".join(f"{loss.what}: {loss.count:,}" for loss in lost)
        blocks.append(Pairs([("no place for", counts)], 0, LABEL_WIDTH))
    if besides:
        blocks.append(Pairs([("not in it", "\n".join(besides))], 0, LABEL_WIDTH))
    return blocks


@dataclass(frozen=True, repr=False)
class Exported(Result):
    """The result of an export into a folder.

    Attributes:
        folder: The folder.
        files: How many files were written.
        forecasts: How many forecasts are in them.
        claims: How many claims are in them.
        lost: What of the ledger they cannot hold.
    """

    folder: Path
    files: int
    forecasts: int
    claims: int
    lost: tuple[Lost, ...] = ()

    def blocks(self) -> Sequence[Block]:
        """Lay out what was written and what was lost."""
        counts = f"{counted(self.forecasts, 'forecast')} on {counted(self.claims, 'claim')}"
        text = f"{counts} in {counted(self.files, 'file')} under {self.folder}"
        return [Paragraph(text), *told_lost(self.lost)]


@dataclass(frozen=True)
class WrittenFile:
    """A file that was written: its path and its size."""

    path: str
    bytes: int


@dataclass(frozen=True, repr=False)
class Written(Result, rows="files", of=WrittenFile):
    """The files that were written, and what they cannot hold; as a path the first file is meant."""

    files: tuple[WrittenFile, ...]
    lost: tuple[Lost, ...] = ()

    @classmethod
    def of(cls, paths: Sequence[Path], lost: Sequence[Lost] = ()) -> Written:
        """Return the result for some files, with their sizes."""
        return cls(tuple(WrittenFile(str(path), path.stat().st_size) for path in paths), tuple(lost))

    def __fspath__(self) -> str:
        return self.files[0].path

    def blocks(self) -> Sequence[Block]:
        """Lay out the files and what was lost."""
        wrote = [Paragraph(f"wrote {file.path}, {file.bytes:,} bytes") for file in self.files]
        return [*wrote, *told_lost(self.lost)]
