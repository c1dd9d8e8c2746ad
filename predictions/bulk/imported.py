"""What an import did, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.display import Block, Heading, Paragraph, Shown, Value

MOST_ROWS = 5_000  # imported forecasts that are each made into a record; beyond that, a card is made of sums


@dataclass(frozen=True, repr=False)
class Imported(Shown):
    """How many forecasts were recorded, were there already, were left out or rounded; on what, by whom."""

    file: str | None
    forecasts: int
    already: int
    left_out: int
    rounded: int
    claims: int
    forecasters: int
    new_forecasters: int
    bad_rows: tuple[tuple[int, str], ...] = ()

    def blocks(self) -> Sequence[Block]:
        parts = [
            (self.already, "were there already"),
            (self.left_out, "were left out"),
            (self.rounded, "were rounded to 12 decimal places"),
        ]
        found: list[Block] = [
            Heading(
                f"{self.forecasts:,} forecasts recorded" + (f" from {self.file}" if self.file else ""),
                f"{self.claims:,} claims, {self.forecasters:,} forecasters ({self.new_forecasters:,} new)",
            )
        ]
        found += [Paragraph(f"{count:,} {what}", 2) for count, what in parts if count]
        found += [Paragraph(f"row {row}: {reason}", 4) for row, reason in self.bad_rows]
        if self.left_out > len(self.bad_rows):
            found.append(Paragraph(f"and {self.left_out - len(self.bad_rows):,} more", 4))
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [{"row": row, "reason": reason} for row, reason in self.bad_rows]

    def to_dict(self) -> dict[str, Value]:
        return {
            "file": self.file,
            "forecasts": self.forecasts,
            "already": self.already,
            "left_out": self.left_out,
            "rounded": self.rounded,
            "claims": self.claims,
            "forecasters": self.forecasters,
            "new_forecasters": self.new_forecasters,
            "bad_rows": self.rows(),
        }
