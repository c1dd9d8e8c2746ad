"""What an import did, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value, fields_of

MOST_ROWS = 5_000  # imported forecasts that are each made into a record to be shown


@dataclass(frozen=True, order=True)
class BadRow:
    """A row that was left out, and why."""

    row: int
    reason: str


@dataclass(frozen=True, repr=False)
class Imported(Result, rows="bad_rows", of=BadRow):
    """How many forecasts were recorded, were there already, repeated, left out or rounded; on what, by whom."""

    file: str | None
    forecasts: int
    already: int
    repeated: int
    left_out: int
    rounded: int
    claims: int
    forecasters: int
    new_forecasters: int
    bad_rows: tuple[BadRow, ...] = ()

    def blocks(self) -> Sequence[Block]:
        parts = [
            (self.already, "there already"),
            (self.repeated, "in the file before"),
            (self.left_out, "left out"),
            (self.rounded, "rounded to 12 decimal places"),
        ]
        found: list[Block] = [
            Heading(
                f"{counted(self.forecasts, 'forecast')} recorded" + (f" from {self.file}" if self.file else ""),
                f"{counted(self.claims, 'claim')}, {counted(self.forecasters, 'forecaster')}"
                f" ({self.new_forecasters:,} new)",
            )
        ]
        found += [Paragraph(f"{count:,} {'was' if count == 1 else 'were'} {what}", 2) for count, what in parts if count]
        found += [Paragraph(f"row {one.row}: {one.reason}", 4) for one in self.bad_rows]
        if self.left_out > len(self.bad_rows):
            found.append(Paragraph(f"and {self.left_out - len(self.bad_rows):,} more", 4))
        return found

    def to_dict(self) -> dict[str, Value]:
        return fields_of(self)


@dataclass(frozen=True, repr=False)
class ImportedVerdicts(Result):
    """How many verdicts were recorded, on how many claims, and how many were on file already.

    Of those recorded some were ``replacing`` an earlier verdict; of those on file some were ``replaced`` since.
    """

    file: str | None
    verdicts: int
    claims: int
    already: int
    replacing: int
    replaced: int

    def blocks(self) -> Sequence[Block]:
        already = f", {self.already:,} on file already" if self.already else ""
        parts = [
            (self.replacing, "of them in place of an earlier verdict on the same claim"),
            (self.replaced, "of those on file, replaced since by another verdict, which stands; to decide so anew, "
             "resolve the claim again"),
        ]  # fmt: skip
        found: list[Block] = [Heading(f"{counted(self.verdicts, 'verdict')} recorded{already}", self.file or "")]
        found += [Paragraph(f"{count:,} {what}", 2) for count, what in parts if count]
        return found
