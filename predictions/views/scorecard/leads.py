"""Show the scores of the forecasts that stood at fixed moments before the deadline, as a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from predictions.numerals import figure
from predictions.render.blocks import Block, Paragraph, Picture, Table
from predictions.render.charts.leads import Points, leads_chart
from predictions.render.charts.svg import Svg
from predictions.scoring.leads import LeadScore

CAPTION = (
    "Brier of what stood at the end of the first day and so many days before the deadline, while the answer was not "
    "public; in brackets over how many statements"
)
NOTHING_STOOD = (
    "leads: no number on a claim of yes or no stood at these moments, and claims of other types are not scored there"
)
ALSO_WITHDRAWN = "; after the minus how many claims they had withdrawn from, which are in no mean there"


@dataclass(frozen=True)
class Leads:
    """The scores of some forecasters at some moments.

    Attributes:
        scores: The scores, by forecaster and in the order of time.
        only: The words before the caption, on a card that has other claims too.
        asked: Whether these moments were asked for, so that a table without rows has to be explained.
    """

    scores: tuple[LeadScore, ...]
    only: str = ""
    asked: bool = False

    @property
    def moments(self) -> list[str]:
        """The moments in words."""
        return list(dict.fromkeys(score.at for score in self.scores))

    @property
    def lines(self) -> dict[str, Points]:
        """For each forecaster with a standing forecast, the mean and the number of statements at each moment."""
        lines: dict[str, list[tuple[float | None, int]]] = {}
        for score in self.scores:
            lines.setdefault(score.forecaster, []).append((score.brier, score.n))
        return {name: points for name, points in lines.items() if any(n for _, n in points)}

    @property
    def table(self) -> Table | None:
        """A row for each forecaster; None if nothing stood at any of the moments."""
        rows = [
            (name, *(_mean_told(score) for score in self.scores if score.forecaster == name)) for name in self.lines
        ]
        names = ("forecaster", *self.moments)
        caption = self.only + CAPTION + (ALSO_WITHDRAWN if any(score.withdrawn for score in self.scores) else "")
        return Table(names, rows, range(1, len(names)), caption) if rows else None

    @property
    def svg(self) -> Svg:
        """The chart."""
        return leads_chart(self.moments, self.lines)

    def blocks(self) -> Iterator[Block]:
        """Yield the table, and the chart for HTML; if it was asked for and is empty, why."""
        if self.table:
            yield from (Paragraph(""), self.table, Picture((), self.svg))
        elif self.asked:
            yield from (Paragraph(""), Paragraph(NOTHING_STOOD, 0, 2))


def _mean_told(score: LeadScore) -> str:
    """Write a mean over how many statements, and how many were withdrawn.

    >>> _mean_told(LeadScore("ana", 30, 0.061, 13, 11)), _mean_told(LeadScore("ana", 30, None, 0))
    ('0.061 (13 -11)', '-')
    """
    left = f" -{score.withdrawn:,}" if score.withdrawn else ""
    return (f"- (0{left})" if left else "-") if score.brier is None else f"{figure(score.brier)} ({score.n:,}{left})"
