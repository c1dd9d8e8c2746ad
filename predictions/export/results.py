"""What an export wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from predictions.exchange.written import Lost, told_lost
from predictions.numerals import counted
from predictions.render.blocks import Block, Paragraph
from predictions.render.result import Result


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
