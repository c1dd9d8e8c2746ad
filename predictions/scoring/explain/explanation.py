"""Hold and lay out the explanation of one figure: its formula, a step for each claim, and the total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from predictions.numerals import counted, figure
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.commands import command
from predictions.render.result import Result
from predictions.scoring.score_columns import ScoreColumn
from predictions.scoring.series_row import SeriesRow

NOTHING_SCORED = "no statement is scored yet"


@dataclass(frozen=True)
class ExplanationStep:
    """One claim's part of a figure.

    Attributes:
        claim: The slug of the claim.
        statement: The slug of its statement.
        probability: The number that is scored, the middle of a range; None if the forecast is a distribution.
        outcome: The outcome as a number, 0 to 1; None without one.
        arithmetic: How the value is computed, written out.
        value: The figure of this claim.
        part: What it adds to the mean; the parts of all steps sum to it. None if the figure is no such sum.
    """

    claim: str
    statement: str
    probability: float | None
    outcome: float | None
    arithmetic: str
    value: float | None
    part: float | None


@dataclass(frozen=True, repr=False)
class Explanation(Result, rows="steps", of=ExplanationStep):
    """The arithmetic behind one figure of one forecaster.

    Attributes:
        figure: The name of the figure.
        forecaster: The forecaster's slug.
        formula: What the figure is.
        steps: A step for each claim it rests on.
        total: What the steps come to, in words; or why there is no figure.
        value: The figure: a number, the two ends of an interval, or several counts; None if there is none.
        caveats: What would make the figure mislead, in sentences.
        others: Of a figure of yes/no claims, what explains the forecaster's claims of other types: a figure, and the
            type to ask for it by if the figure has the same name there.
    """

    figure: str
    forecaster: str
    formula: str
    steps: tuple[ExplanationStep, ...]
    total: str
    value: float | tuple[float, ...] | None
    caveats: tuple[str, ...] = field(default=(), compare=False)
    others: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def blocks(self) -> Sequence[Block]:
        """Lay out the explanation: the formula, then each step with its part at the right."""
        blocks: list[Block] = [Heading(f"{self.figure} of {self.forecaster}{self._value}")]
        if self.others:
            blocks.append(Paragraph("on claims of yes or no alone; those of other types are explained by", 2, 4))
            blocks += [
                command("explain", name, by=self.forecaster, type=of_type)._replace(indent=4)
                for name, of_type in self.others
            ]
        blocks.append(Paragraph(self.formula, 2))
        if self.steps:
            blocks.append(Paragraph(""))
            for step in self.steps:
                blocks.append(Heading(f"  {step.claim}", "" if step.part is None else figure(step.part, 6)))
                blocks.append(Paragraph(step.arithmetic, 4, 6))
            blocks.append(Paragraph(""))
        blocks.append(Paragraph(self.total, 2))
        blocks += [Paragraph(caveat, 2, 4) for caveat in self.caveats]
        return blocks

    @property
    def _value(self) -> str:
        """The value after a colon; empty if there is none."""
        if isinstance(self.value, tuple):
            between = " .. " if len(self.value) == 2 else ", "
            return f": {between.join(figure(end, 6) for end in self.value)}"
        if isinstance(self.value, int):
            return f": {self.value:,}"
        return "" if self.value is None else f": {figure(self.value, 6)}"


def mean_of(
    column: ScoreColumn, forecaster: str, rows: Sequence[SeriesRow], worked: Sequence[tuple[str, float]],
    unit: Callable[[SeriesRow], int] = attrgetter("claim.unit"),
) -> Explanation:  # fmt: skip
    """Explain a mean over units.

    Args:
        column: The figure.
        forecaster: The slug of the forecaster.
        rows: The scored rows it rests on.
        worked: The arithmetic and the value of each row.
        unit: Returns the unit of a row; by default its unit in means.
    """
    if not rows:
        return Explanation(column.name, forecaster, column.formula, (), NOTHING_SCORED, None)
    sizes = Counter(map(unit, rows))
    steps = tuple(
        step_of(row, text, value, value / sizes[unit(row)] / len(sizes))
        for row, (text, value) in zip(rows, worked, strict=True)
    )
    total = sum(step.part or 0.0 for step in steps)
    how = f"the parts of {counted(len(steps), 'claim')} of {counted(len(sizes), 'statement')} sum to {figure(total, 6)}"
    return Explanation(column.name, forecaster, column.formula, steps, how, total)


def step_of(row: SeriesRow, arithmetic: str, value: float | None = None, part: float | None = None) -> ExplanationStep:
    """Return the step of one row."""
    return ExplanationStep(
        row.claim.slug, row.claim.statement, row.middle.probability, row.value, arithmetic, value, part
    )
