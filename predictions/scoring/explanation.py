"""One figure taken apart: its formula, a step for each claim, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.numerals import counted, figure
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result
from predictions.scoring.score_columns import ScoreColumn
from predictions.scoring.series_row import SeriesRow

NOTHING = "no statement is scored yet"


@dataclass(frozen=True)
class Step:
    """One claim's part of a figure."""

    claim: str
    statement: str
    probability: float | None
    outcome: float | None
    arithmetic: str
    value: float | None
    part: float | None  # what it adds to a mean; all parts sum to it; None where the figure is no sum of such


@dataclass(frozen=True, repr=False)
class Explanation(Result, rows="steps", of=Step):
    """One figure of one forecaster, taken apart."""

    figure: str
    forecaster: str
    formula: str
    steps: tuple[Step, ...]
    total: str
    value: float | tuple[float, float] | None

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"{self.figure} of {self.forecaster}{self._came_to}"), Paragraph(self.formula, 2)]
        if self.steps:
            found.append(Paragraph(""))
            for step in self.steps:
                found.append(Heading(f"  {step.claim}", "" if step.part is None else figure(step.part, 6)))
                found.append(Paragraph(step.arithmetic, 4, 6))
            found.append(Paragraph(""))
        found.append(Paragraph(self.total, 2))
        return found

    @property
    def _came_to(self) -> str:
        if isinstance(self.value, tuple):
            return ": " + " .. ".join(figure(end, 6) for end in self.value)
        return "" if self.value is None else f": {figure(self.value, 0 if isinstance(self.value, int) else 6)}"


def mean_of(
    column: ScoreColumn, forecaster: str, rows: Sequence[SeriesRow], worked: Sequence[tuple[str, float]]
) -> Explanation:
    """A mean over units, from the arithmetic and the value of each row."""
    if not rows:
        return Explanation(column.name, forecaster, column.formula, (), NOTHING, None)
    sizes: dict[int, int] = {}
    for row in rows:
        sizes[row.claim.unit] = sizes.get(row.claim.unit, 0) + 1
    steps = tuple(
        step_of(row, text, value, value / sizes[row.claim.unit] / len(sizes))
        for row, (text, value) in zip(rows, worked, strict=True)
    )
    total = sum(step.part or 0.0 for step in steps)
    how = f"the parts of {counted(len(steps), 'claim')} of {counted(len(sizes), 'statement')} sum to {figure(total, 6)}"
    return Explanation(column.name, forecaster, column.formula, steps, how, total)


def step_of(row: SeriesRow, arithmetic: str, value: float | None = None, part: float | None = None) -> Step:
    """The step of one row, by its middle number."""
    return Step(row.claim.slug, row.claim.statement, row.middle.probability, row.value, arithmetic, value, part)
