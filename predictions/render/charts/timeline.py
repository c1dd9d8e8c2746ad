"""One claim over time: its window, the forecasts, the evidence on its days, and the place of each along a chart.

Places along time are per cents, so a chart is as wide as its page while its letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from predictions.numerals import counted, some_of
from predictions.records import Claim, Forecast, Resolution
from predictions.status import settle_on

BEFORE = 0.25  # of the window's length, shown before it at most
LEVELS = 4  # marks above each other, at most
SHOWS = "forecasts and evidence over time"
NO_FORECASTS = "no forecasts that count"


@dataclass(frozen=True)
class Step:
    """From a day on a probability stood; none where it was withdrawn."""

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
    """What one forecaster said of the options, values or days of a claim, each time with its day."""

    name: str
    said: Sequence[tuple[float, Forecast]]


@dataclass(frozen=True)
class Mark:
    """One piece of evidence on its day."""

    day: date
    bears: str
    text: str
    retracted: bool = False


@dataclass(frozen=True)
class Timeline:
    """A claim's window with forecasts and evidence on it.

    Attributes:
        lines: The forecasts of a claim of yes or no.
        panels: Those of a claim that asks for more.
        left_out: How many more forecasters there are.
        backdated: Those of whose forecasts some or all have times that nothing carries, and are not drawn.
        came_out: The verdict in few words, cut to what fits a chart.
        came_out_in_full: The same with all that its type makes of it.
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
        """What stands over the chart."""
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
        """The lines that stand until their end, by number, with the last probability of each."""
        stood = [[step for step in one.steps if step.day < self.upto] for one in self.lines]
        return [
            (number, steps[-1].probability)
            for number, steps in enumerate(stood)
            if steps and steps[-1].probability is not None
        ]

    @property
    def first(self) -> float:
        """The left end: some time before the opening; what lies further back is only counted."""
        begun = self.claim.opens_on.toordinal()
        days = [day for mark in self.marks if begun - BEFORE * self._length <= (day := mark.day.toordinal())]
        return min([begun, *days]) - 0.03 * self._length

    @property
    def last(self) -> float:
        """The right end."""
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
        """Where a standing forecast ends on the chart: today, the verdict, or the window's end."""
        days = [self.today.toordinal() + 1.0, self.claim.deadline.toordinal() + 1.0]
        return min([*days, float(self.verdict.known_on.toordinal())] if self.verdict else days)

    @property
    def marked(self) -> list[date]:
        """The days that have a line: that of the verdict, and today where it is not past that."""
        known = self.verdict.known_on if self.verdict else None
        days = [*([self.today] if known is None or self.today < known else []), *([known] if known else [])]
        return [day for day in days if self.first <= day.toordinal() <= self.last]

    @property
    def room(self) -> float:
        """How much of the width lies free behind what stands, from 0 to 1: as far as the next line across it."""
        lines = [*(day.toordinal() for day in self.marked), self.claim.deadline.toordinal() + 1]
        return self.share(min((day for day in lines if day > self.upto), default=self.last)) - self.share(self.upto)

    @property
    def inside(self) -> float:
        """The day up to which no line crosses what stands last."""
        return min([self.upto, *(day.toordinal() for day in self.marked)])

    def share(self, day: float) -> float:
        """Return how far along the chart a day lies, from 0 to 1."""
        return min(max((day - self.first) / (self.last - self.first), 0.0), 1.0)

    def at(self, day: float) -> str:
        """Return the place of a day, in per cent."""
        return f"{100 * self.share(day):.2f}%"


def placed_marks(line: Timeline) -> list[tuple[Mark, str, int]]:
    """Return the marks on the chart with their places, those of near days on rows below each other."""
    found: list[tuple[Mark, str, int]] = []
    taken: list[tuple[float, int]] = []
    for mark in sorted(line.marks, key=lambda one: one.day):
        if mark.day.toordinal() < line.first:
            continue
        x = line.at(mark.day.toordinal() + 0.5)
        at = float(x[:-1])
        level = 0
        while any(abs(at - other) < 1.8 and level == used for other, used in taken) and level < LEVELS - 1:
            level += 1
        taken.append((at, level))
        found.append((mark, x, level))
    return found


def ticks(first: float, last: float) -> list[date]:
    """Choose at most five first days of months, quarters, half-years or years between two ordinal days.

    >>> [str(day) for day in ticks(date(2026, 4, 1).toordinal(), date(2027, 10, 1).toordinal())]
    ['2026-07-01', '2027-01-01', '2027-07-01']
    """
    start, end = date.fromordinal(max(int(first), 1)), date.fromordinal(min(int(last), date.max.toordinal()))
    months = range(12 * start.year + start.month, 12 * end.year + end.month)
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 24000):
        found = [month for month in months if month % step == 0]
        if len(found) <= 5:
            return [date(month // 12, month % 12 + 1, 1) for month in found]
    return []
