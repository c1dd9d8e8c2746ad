"""The result of an export to Parquet."""

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
