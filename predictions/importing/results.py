"""The results of imports: how many records were new, and what was done with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from predictions.numerals import counted
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result, Value, fields_of

MADE_INTO = {  # by its counter, how a forecast was changed when it was recorded
    "mended": "mended: shares that missed 1 within rounding",
    "drawn": "drawn as a smooth curve through three quantiles",
    "begun": "drawn from 0 at the end of the day before; nothing is said of days over",
}
MOST_ROWS = 5_000  # imported forecasts that are made into records to be shown


def lines_made(counts: Mapping[str, int]) -> list[str]:
    """Return a line for each way in which forecasts were changed when they were recorded.

    >>> lines_made({"mended": 2})
    ['2 were mended: shares that missed 1 within rounding']
    """
    return _were([(counts.get(name, 0), text) for name, text in MADE_INTO.items()])


def _were(parts: Iterable[tuple[int, str]]) -> list[str]:
    return [f"{count:,} {'was' if count == 1 else 'were'} {text}" for count, text in parts if count]


@dataclass(frozen=True, order=True)
class BadRow:
    """A row that was left out.

    Attributes:
        row: Its number, from 1.
        reason: Why it was left out.
    """

    row: int
    reason: str


@dataclass(frozen=True, repr=False)
class Imported(Result, rows="bad_rows", of=BadRow):
    """What an import of forecasts did.

    Attributes:
        file: The file's name; None if it was not a file.
        forecasts: How many forecasts were recorded.
        already: How many were on file already.
        repeated: How many repeat an earlier row.
        left_out: How many bad rows were left out.
        rounded: How many chances had more than 12 decimals.
        mended: How many forecasts had shares that missed 1 by rounding and were mended.
        drawn: How many forecasts had three quantiles, through which a smooth curve was drawn.
        begun: How many forecasts of dates, made within their windows, got a 0 on the day before.
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
        """Lay out what was recorded, what was not, and the first bad rows."""
        parts = [
            (self.already, "there already"),
            (self.repeated, "in the file before"),
            (self.left_out, "left out"),
            (self.rounded, "rounded to 12 decimal places"),
        ]
        made_lines = lines_made({"mended": self.mended, "drawn": self.drawn, "begun": self.begun})
        blocks: list[Block] = [
            Heading(
                f"{counted(self.forecasts, 'forecast')} recorded" + (f" from {self.file}" if self.file else ""),
                f"{counted(self.claims, 'claim')}, {counted(self.forecasters, 'forecaster')}"
                f" ({self.new_forecasters:,} new)",
            )
        ]
        blocks += [Paragraph(line, 2) for line in (*_were(parts), *made_lines)]
        blocks += [Paragraph(f"row {row.row}: {row.reason}", 4) for row in self.bad_rows]
        if self.left_out > len(self.bad_rows):
            blocks.append(Paragraph(f"and {self.left_out - len(self.bad_rows):,} more", 4))
        return blocks

    def to_dict(self) -> dict[str, Value]:
        return fields_of(self)


@dataclass(frozen=True, repr=False)
class ImportedVerdicts(Result):
    """What an import of verdicts did.

    Attributes:
        file: The file's name; None if it was not a file.
        verdicts: How many verdicts were recorded.
        claims: How many claims they are on.
        already: How many were on file already.
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
        """Lay out what was recorded and what was on file."""
        already = f", {self.already:,} on file already" if self.already else ""
        parts = [
            (self.replacing, "of them in place of an earlier verdict on the same claim"),
            (self.replaced, "of those on file, replaced since by another verdict, which stands; to decide so anew, "
             "resolve the claim again"),
        ]  # fmt: skip
        blocks: list[Block] = [Heading(f"{counted(self.verdicts, 'verdict')} recorded{already}", self.file or "")]
        blocks += [Paragraph(f"{count:,} {what}", 2) for count, what in parts if count]
        return blocks
