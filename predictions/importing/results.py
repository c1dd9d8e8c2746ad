"""The results of imports, in figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value, fields_of

MADE_INTO = {  # of what was said, by which it is counted
    "mended": "mended: shares that missed 1 within rounding",
    "drawn": "drawn as a smooth curve through three quantiles",
    "begun": "drawn from 0 at the end of the day before; nothing is said of days over",
}
MOST_ROWS = 5_000  # imported forecasts that are each made into a record to be shown


def lines_made(counts: Mapping[str, int]) -> list[str]:
    """Say what was made of forecasts that is not what was said to the letter, a line each.

    >>> lines_made({"mended": 2})
    ['2 were mended: shares that missed 1 within rounding']
    """
    return _were([(counts.get(how, 0), what) for how, what in MADE_INTO.items()])


def _were(parts: Iterable[tuple[int, str]]) -> list[str]:
    return [f"{count:,} {'was' if count == 1 else 'were'} {what}" for count, what in parts if count]


@dataclass(frozen=True, order=True)
class BadRow:
    """A row that was left out.

    Attributes:
        row: Its number, from 1.
        reason: Why.
    """

    row: int
    reason: str


@dataclass(frozen=True, repr=False)
class Imported(Result, rows="bad_rows", of=BadRow):
    """What an import of forecasts did.

    Attributes:
        file: The name of the file, if it was one.
        forecasts: How many were recorded.
        already: How many were on file.
        repeated: How many repeat an earlier row.
        left_out: How many rows were bad and left out.
        rounded: How many chances had more than 12 decimals.
        mended: How many forecasts had shares that missed 1 by rounding and were mended.
        drawn: How many had three quantiles, through which a smooth curve was drawn.
        begun: How many are of dates, said within their windows, and begin with 0 on the day before.
        claims: How many claims they are on.
        forecasters: How many forecasters they are by.
        new_forecasters: How many of these are new.
        bad_rows: The first bad rows.
    """

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
    mended: int = 0
    drawn: int = 0
    begun: int = 0

    def blocks(self) -> Sequence[Block]:
        parts = [
            (self.already, "there already"),
            (self.repeated, "in the file before"),
            (self.left_out, "left out"),
            (self.rounded, "rounded to 12 decimal places"),
        ]
        made = lines_made({"mended": self.mended, "drawn": self.drawn, "begun": self.begun})
        blocks: list[Block] = [
            Heading(
                f"{counted(self.forecasts, 'forecast')} recorded" + (f" from {self.file}" if self.file else ""),
                f"{counted(self.claims, 'claim')}, {counted(self.forecasters, 'forecaster')}"
                f" ({self.new_forecasters:,} new)",
            )
        ]
        blocks += [Paragraph(line, 2) for line in (*_were(parts), *made)]
        blocks += [Paragraph(f"row {row.row}: {row.reason}", 4) for row in self.bad_rows]
        if self.left_out > len(self.bad_rows):
            blocks.append(Paragraph(f"and {self.left_out - len(self.bad_rows):,} more", 4))
        return blocks

    def to_dict(self) -> dict[str, Value]:
        return fields_of(self)


@dataclass(frozen=True, repr=False)
class ImportedVerdicts(Result):
    """What an import of resolutions did.

    Attributes:
        file: The name of the file, if it was one.
        verdicts: How many were recorded.
        claims: On how many claims.
        already: How many were on file.
        replacing: How many of those recorded replace an earlier verdict.
        replaced: How many of those on file were replaced since.
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
        blocks: list[Block] = [Heading(f"{counted(self.verdicts, 'verdict')} recorded{already}", self.file or "")]
        blocks += [Paragraph(f"{count:,} {what}", 2) for count, what in parts if count]
        return blocks
