"""What an export wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
    """

    folder: Path
    files: int
    forecasts: int
    claims: int

    def blocks(self) -> Sequence[Block]:
        return [
            Paragraph(
                f"{self.forecasts:,} forecasts on {self.claims:,} claims in {self.files} files under {self.folder}"
            )
        ]


@dataclass(frozen=True)
class WrittenFile:
    """One file: where it is, and how large."""

    path: str
    bytes: int


@dataclass(frozen=True, repr=False)
class Written(Result, rows="files", of=WrittenFile):
    """The files that were written; the first of them wherever a path is wanted."""

    files: tuple[WrittenFile, ...]

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Written:
        """Say of files how large they are."""
        return cls(tuple(WrittenFile(str(path), path.stat().st_size) for path in paths))

    def __fspath__(self) -> str:
        return self.files[0].path

    def blocks(self) -> Sequence[Block]:
        return [Paragraph(f"wrote {file.path}, {file.bytes:,} bytes") for file in self.files]
