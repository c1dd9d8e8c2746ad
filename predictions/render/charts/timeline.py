"""One claim over time, as its charts draw it: the window, the forecasts, the evidence, and where each day is.

Places along time are in per cent, so a chart gets as wide as its page while its letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from predictions.numerals import counted, some_of
from predictions.records import Claim, Forecast, Resolution
from predictions.status import settle_on

BEFORE = 0.25  # how much time before the window is shown, as a part of its length
LEVELS = 4  # marks one above the other
NEAR = 1.8  # per cent of the width: marks that are nearer would overlap
SHOWS = "forecasts and evidence over time"
NO_FORECASTS = "no forecasts that count"


@dataclass(frozen=True)
class Step:
    """A day from which a probability stood; the probability is None for a withdrawal."""

    day: float  # ordinal, with the part of the day
    probability: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """One forecaster's standing forecasts."""

    name: str
    steps: Sequence[Step]
    imputed: bool = False


@dataclass(frozen=True)
class Panel:
    """One forecaster's distributions on a claim, each with its day as an ordinal."""

    name: str
    forecasts: Sequence[tuple[float, Forecast]]


@dataclass(frozen=True)
class Mark:
    """One piece of evidence on its day."""

    day: date
    bears: str
    text: str
    retracted: bool = False


@dataclass(frozen=True)
class Timeline:
    """A claim over time.

    Attributes:
        lines: The forecasts on a yes/no claim.
        panels: The forecasts on a claim of any other type.
        left_out: How many more forecasters there are.
        backdated: The names of forecasters with backdated forecasts, which are not drawn.
        came_out: The outcome in few words, cut to what fits on a chart.
        came_out_in_full: The outcome with all that belongs to it; both are empty without a verdict.
    """

    claim: Claim
    verdict: Resolution | None
    today: date
    lines: Sequence[Line]
    marks: Sequence[Mark]
    panels: Sequence[Panel] = ()
    left_out: int = 0
    backdated: Sequence[str] = ()
    came_out: str = ""
    came_out_in_full: str = ""

    @property
    def title(self) -> str:
        """The title of the chart."""
        title = self.claim.title
        return f"{title} {SHOWS.capitalize()}" if title.endswith(("?", "!", ".")) else f"{title}: {SHOWS}"

    @property
    def beyond(self) -> str:
        """How many forecasters the chart leaves out, and whose forecasts are backdated; empty if none."""
        more = f"{counted(self.left_out, 'more forecaster')} not drawn" if self.left_out else ""
        backdated = f"backdated, not drawn: {some_of(self.backdated)}" if self.backdated else ""
        return "; ".join(filter(None, [more, backdated]))

    @property
    def ends(self) -> list[tuple[int, float]]:
        """The last probability of each line that was not withdrawn, with the number of the line."""
        ends = []
        for number, line in enumerate(self.lines):
            steps = [step for step in line.steps if step.day < self.upto]
            if steps and steps[-1].probability is not None:
                ends.append((number, steps[-1].probability))
        return ends

    @property
    def first(self) -> float:
        """The day at the left end: the window's first, or the earliest of evidence that is not long before it."""
        opens = self.claim.opens_on.toordinal()
        days = [mark.day.toordinal() for mark in self.marks]
        return min([opens, *(day for day in days if day >= opens - BEFORE * self._length)]) - 0.03 * self._length

    @property
    def last(self) -> float:
        """The day at the right end: the settle day, or that of later evidence."""
        days = [mark.day.toordinal() for mark in self.marks]
        return max([settle_on(self.claim).toordinal(), *days]) + 0.03 * self._length

    @property
    def earlier(self) -> int:
        """How much evidence lies before the left end."""
        return sum(mark.day.toordinal() < self.first for mark in self.marks)

    @property
    def _length(self) -> int:
        return (settle_on(self.claim) - self.claim.opens_on).days + 1

    @property
    def upto(self) -> float:
        """The day on which standing forecasts end: the first of today, the verdict, and the window's end."""
        days = [self.today.toordinal() + 1.0, self.claim.deadline.toordinal() + 1.0]
        return min([*days, float(self.verdict.known_on.toordinal())] if self.verdict else days)

    @property
    def marked(self) -> list[date]:
        """The days that have a line: that of the verdict, and today if it is before that."""
        known = self.verdict.known_on if self.verdict else None
        days = [*([self.today] if known is None or self.today < known else []), *([known] if known else [])]
        return [day for day in days if self.first <= day.toordinal() <= self.last]

    @property
    def room(self) -> float:
        """How much of the width is free after the standing forecasts, up to the next line, from 0 to 1."""
        lines = [*(day.toordinal() for day in self.marked), self.claim.deadline.toordinal() + 1]
        return self.share(min((day for day in lines if day > self.upto), default=self.last)) - self.share(self.upto)

    @property
    def inside(self) -> float:
        """The last day before which no line crosses the standing forecasts."""
        return min([self.upto, *(day.toordinal() for day in self.marked)])

    def share(self, day: float) -> float:
        """Return how far along the chart a day is, from 0 to 1."""
        return min(max((day - self.first) / (self.last - self.first), 0.0), 1.0)

    def at(self, day: float) -> str:
        """Return the place of a day, as text in per cent."""
        return f"{100 * self.share(day):.2f}%"


def placed_marks(line: Timeline) -> list[tuple[Mark, str, int]]:
    """Return the marks on the chart with their places and rows: marks of near days are in different rows.

    Of more than LEVELS marks of near days, the last row has several.
    """
    placed: list[tuple[Mark, str, int]] = []
    taken: list[tuple[float, int]] = []  # the place and the row of each
    for mark in sorted(line.marks, key=lambda mark: mark.day):
        if mark.day.toordinal() < line.first:
            continue
        x = line.at(mark.day.toordinal() + 0.5)
        place = float(x[:-1])
        near = {row for other_place, row in taken if abs(place - other_place) < NEAR}
        row = next((row for row in range(LEVELS - 1) if row not in near), LEVELS - 1)
        taken.append((place, row))
        placed.append((mark, x, row))
    return placed


def ticks(first: float, last: float) -> list[date]:
    """Choose at most five first days of months, quarters, half-years or years between two ordinal days.

    >>> [str(day) for day in ticks(date(2026, 4, 1).toordinal(), date(2027, 10, 1).toordinal())]
    ['2026-07-01', '2027-01-01', '2027-07-01']
    """
    start, end = date.fromordinal(max(int(first), 1)), date.fromordinal(min(int(last), date.max.toordinal()))
    months = range(12 * start.year + start.month, 12 * end.year + end.month)
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 24000):
        chosen = [month for month in months if month % step == 0]
        if len(chosen) <= 5:
            return [date(month // 12, month % 12 + 1, 1) for month in chosen]
    return []
