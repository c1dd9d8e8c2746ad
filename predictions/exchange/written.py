"""What an export wrote, and what of the ledger it could not say."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from predictions.exchange.count_words import beside
from predictions.numerals import counted
from predictions.render.blocks import Block, Pairs, Paragraph
from predictions.render.result import Result

LABEL_WIDTH = 14  # columns of a label with the space behind it
WHO_AND_WHEN = "who recorded what, and when"


@dataclass(frozen=True)
class Lost:
    """What the file cannot say, and how often."""

    what: str
    count: int


@dataclass(frozen=True, repr=False)
class RowsWritten(Result, rows="lost", of=Lost):
    """What an export in rows wrote, and what of the ledger it could not say.

    Attributes:
        file: The file, or the folder of several.
        written: How many rows it has.
        claims: How many claims they are of.
        forecasts: How many forecasts and withdrawals they hold.
        verdicts: How many verdicts; None for a format that has none.
        lost: What has no place in them.
        template: Whether it is an empty table with examples.
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
        """Tell what was written and what was lost."""
        if self.template:
            return [beside(f"{'wrote':<14}an empty table with examples, to fill in", self.file.name, LABEL_WIDTH)]
        counts = [counted(self.claims, "claim"), counted(self.forecasts, "forecast")]
        if self.verdicts is not None:
            counts.append(counted(self.verdicts, "verdict"))
        wrote = f"{'wrote':<14}{', '.join(counts)}"
        told = told_lost(self.lost, [WHO_AND_WHEN] if self.claims else [])
        return [beside(wrote, f"{self.file.name}, {counted(self.written, 'row')}", LABEL_WIDTH), *told]


def losses(counts: Mapping[str, int]) -> tuple[Lost, ...]:
    """Return what was counted as lost, by name."""
    return tuple(Lost(what, count) for what, count in sorted(counts.items()) if count)


def told_lost(lost: Sequence[Lost], besides: Sequence[str] = ()) -> list[Block]:
    """Lay out what a format has no place for, and what it never holds."""
    told: list[Block] = []
    if lost:
        counts = "\n".join(f"{loss.what}: {loss.count:,}" for loss in lost)
        told.append(Pairs([("no place for", counts)], 0, LABEL_WIDTH))
    if besides:
        told.append(Pairs([("not in it", "\n".join(besides))], 0, LABEL_WIDTH))
    return told


@dataclass(frozen=True, repr=False)
class Exported(Result):
    """What an export wrote.

    Attributes:
        folder: Where the files are.
        files: How many there are.
        forecasts: How many forecasts they hold.
        claims: How many claims they are on.
        lost: What of the ledger the files do not say.
    """

    folder: Path
    files: int
    forecasts: int
    claims: int
    lost: tuple[Lost, ...] = ()

    def blocks(self) -> Sequence[Block]:
        held = f"{counted(self.forecasts, 'forecast')} on {counted(self.claims, 'claim')}"
        told = f"{held} in {counted(self.files, 'file')} under {self.folder}"
        return [Paragraph(told), *told_lost(self.lost)]


@dataclass(frozen=True)
class WrittenFile:
    """One file: where it is, and how large."""

    path: str
    bytes: int


@dataclass(frozen=True, repr=False)
class Written(Result, rows="files", of=WrittenFile):
    """The files that were written, the first of them wherever a path is wanted; and what they do not say."""

    files: tuple[WrittenFile, ...]
    lost: tuple[Lost, ...] = ()

    @classmethod
    def of(cls, paths: Sequence[Path], lost: Sequence[Lost] = ()) -> Written:
        """Say of files how large they are."""
        return cls(tuple(WrittenFile(str(path), path.stat().st_size) for path in paths), tuple(lost))

    def __fspath__(self) -> str:
        return self.files[0].path

    def blocks(self) -> Sequence[Block]:
        wrote = [Paragraph(f"wrote {file.path}, {file.bytes:,} bytes") for file in self.files]
        return [*wrote, *told_lost(self.lost)]
