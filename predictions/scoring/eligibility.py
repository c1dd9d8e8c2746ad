"""Which figures a forecaster's claim counts in, and why not in the others: told once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, IntFlag, StrEnum
from typing import Any, NamedTuple, TypeVar

from forecasts.kernel import LATE, SAME_STEP, STOOD, WITHDRAWN
from predictions.status import Status

Count = TypeVar("Count", int, Any)  # Any: an array, which this file need not know

FUNNEL = (
    "forecast",
    "due",
    "resolved",
    "scored",
    "annulled",
    "ambiguous",
    "overdue",
    "no verdict yet",
    "backdated (apart)",
    "imputed (apart)",
    "too late",
    "on the day of the answer",
    "withdrawn",
    "superseded",
    "words read afterwards",
    "ended before due",
    "with others apart",
)


class Cohort(StrEnum):
    SETTLED = "settled"  # claims whose settle day has come, whatever their outcome
    RESOLVED = "resolved"  # whatever has a verdict: by-date claims say yes early and no late, so it is biased

    def waits(self, *, settled: bool) -> bool:
        """Whether a claim's outcome is not taken yet."""
        return self is Cohort.SETTLED and not settled


class Rule(StrEnum):
    FIRST = "first"  # the first forecast that stood: plain and proper
    LAST = "last"  # the last one before the answer: it rewards shouting


class Category(StrEnum):
    """Why a forecaster's claim is in the mean, or where else it is counted."""

    SCORED = "scored"
    NOT_DUE = "not due"
    DUE = "due, no verdict"
    OVERDUE = "overdue"
    ANNULLED = "annulled"
    AMBIGUOUS = "ambiguous"
    BACKDATED = "backdated"  # only with times that nobody witnessed
    TOO_LATE = "too late"  # only forecasts made once the answer was public or the window over
    LAST_DAY = "on the day of the answer"  # told by the day: of that day, in which nobody can say what was known
    WITHDRAWN = "withdrawn"  # nothing stood inside the window
    SUPERSEDED = "superseded"  # counted on an earlier claim of the chain
    READ_LATE = "words read afterwards"  # once the answer was public, or the forecaster had given a number


_UNRESOLVED = {
    Status.OPEN: Category.NOT_DUE,
    Status.DUE: Category.DUE,
    Status.OVERDUE: Category.OVERDUE,
    Status.ANNULLED: Category.ANNULLED,
    Status.AMBIGUOUS: Category.AMBIGUOUS,
}
_ENDED = {Category.ANNULLED, Category.AMBIGUOUS}
_RESOLVED = {Category.SCORED, Category.BACKDATED, Category.TOO_LATE, Category.LAST_DAY, Category.WITHDRAWN}
_WAITING = {Category.NOT_DUE, Category.DUE, Category.SUPERSEDED, Category.READ_LATE}


class Eligibility(NamedTuple):
    """What became of a forecaster's claim.

    ``backdated``: nobody witnessed its times; ``imputed``: it began with a number that is ours; ``stood``: one of its
    forecasts did; ``early``: annulled or ambiguous, and its settle day is still to come.
    """

    category: Category
    backdated: bool
    imputed: bool
    stood: bool
    early: bool

    @property
    def settled(self) -> bool:
        """Whether the claim is due by the cohort's own clock."""
        return self.category not in _WAITING and not self.early

    @property
    def due(self) -> bool:
        """Whether that, or the window is over and nobody has said how it came out."""
        return self.settled or self.category is Category.DUE

    @property
    def resolved(self) -> bool:
        """Whether the claim has an outcome that is taken."""
        return self.category in _RESOLVED

    @property
    def scored(self) -> bool:
        """Whether it is in the mean: stated forecasts with times that are not backdated."""
        return self.category is Category.SCORED and not self.imputed

    def possible(self, *, every_open: bool) -> bool:
        """Whether it is in the bounds: scored, or it can still be; with *every_open* in an open window too."""
        places = {Category.SCORED, Category.DUE, Category.OVERDUE} | ({Category.NOT_DUE} if every_open else set())
        return self.category in places and not self.backdated and self.stood


class SetApart(IntFlag):
    """What sets a series apart from those that are scored."""

    BACKDATED = 1  # only with times that nobody witnessed
    IMPUTED = 2  # it began with a number that is ours
    READ_LATE = 4  # words alone, read when the answer was public or the forecaster had given a number
    SUPERSEDED = 8  # the forecaster is scored on an earlier claim of the chain


class SeriesState(IntEnum):
    """What became of a series; the numbers are those of the kernel."""

    STOOD = STOOD
    LATE = LATE
    WITHDRAWN = WITHDRAWN
    LAST_DAY = SAME_STEP


_NEVER_STOOD = {
    SeriesState.LATE: Category.TOO_LATE,
    SeriesState.LAST_DAY: Category.LAST_DAY,
    SeriesState.WITHDRAWN: Category.WITHDRAWN,
}


def eligibility_of(status: Status, mark: SetApart, state: SeriesState, *, waits: bool) -> Eligibility:
    """Say what becomes of a claim that stands so, with forecasts that are so."""
    backdated, imputed = SetApart.BACKDATED in mark, SetApart.IMPUTED in mark
    if SetApart.SUPERSEDED in mark:
        return Eligibility(Category.SUPERSEDED, backdated, imputed, stood=False, early=False)
    if SetApart.READ_LATE in mark:
        return Eligibility(Category.READ_LATE, backdated, imputed, stood=False, early=False)
    place = _UNRESOLVED.get(status) or (Category.NOT_DUE if waits else _among_resolved(state, backdated=backdated))
    return Eligibility(place, backdated, imputed, state is SeriesState.STOOD, early=waits and place in _ENDED)


def _among_resolved(state: SeriesState, *, backdated: bool) -> Category:
    return Category.BACKDATED if backdated else _NEVER_STOOD.get(state, Category.SCORED)


def funnel(count: Mapping[Eligibility, Count], *, apart: Count) -> dict[str, Count]:
    """Count how many scored claims fell out on the way to the mean, and why. Numbers, or arrays of them.

    Superseded ones, and words read afterwards, fall out first. Those due are resolved, annulled, ambiguous, overdue or
    without a verdict yet, less the annulled and ambiguous whose settle day is to come (ended before due); those
    resolved are scored, backdated, imputed, too late, of the day of the answer, or withdrawn. Those with forecasts
    that count and others set *apart*, backdated or read afterwards, are among all of these.
    """
    places = dict.fromkeys(Category, 0)
    for one, number in count.items():
        places[one.category] += number
    scored = sum(number for one, number in count.items() if one.scored)
    counts = (
        sum(count.values()),
        sum(number for one, number in count.items() if one.due),
        sum(number for one, number in count.items() if one.resolved),
        scored,
        places[Category.ANNULLED],
        places[Category.AMBIGUOUS],
        places[Category.OVERDUE],
        places[Category.DUE],
        places[Category.BACKDATED],
        places[Category.SCORED] - scored,
        places[Category.TOO_LATE],
        places[Category.LAST_DAY],
        places[Category.WITHDRAWN],
        places[Category.SUPERSEDED],
        places[Category.READ_LATE],
        sum(number for one, number in count.items() if one.early),
        apart,
    )
    return dict(zip(FUNNEL, counts, strict=True))
