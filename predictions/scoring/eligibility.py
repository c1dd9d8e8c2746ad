"""Which figures a forecaster's claim counts in, and why not in the others: told once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, IntFlag, StrEnum
from typing import Any, NamedTuple, TypeVar

from forecasts.kernel import LATE, SAME_STEP, STOOD, WITHDRAWN
from predictions.status import Status

Number = TypeVar("Number", int, Any)  # Any: an array, which this file need not know

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


class Place(StrEnum):
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
    Status.OPEN: Place.NOT_DUE,
    Status.DUE: Place.DUE,
    Status.OVERDUE: Place.OVERDUE,
    Status.ANNULLED: Place.ANNULLED,
    Status.AMBIGUOUS: Place.AMBIGUOUS,
}
_ENDED = {Place.ANNULLED, Place.AMBIGUOUS}
_RESOLVED = {Place.SCORED, Place.BACKDATED, Place.TOO_LATE, Place.LAST_DAY, Place.WITHDRAWN}
_WAITING = {Place.NOT_DUE, Place.DUE, Place.SUPERSEDED, Place.READ_LATE}


class Fate(NamedTuple):
    """What became of a forecaster's claim.

    ``backdated``: nobody witnessed its times; ``imputed``: it began with a number that is ours; ``stood``: one of its
    forecasts did; ``early``: annulled or ambiguous, and its settle day is still to come.
    """

    place: Place
    backdated: bool
    imputed: bool
    stood: bool
    early: bool

    @property
    def settled(self) -> bool:
        """Whether the claim is due by the cohort's own clock."""
        return self.place not in _WAITING and not self.early

    @property
    def due(self) -> bool:
        """Whether that, or the window is over and nobody has said how it came out."""
        return self.settled or self.place is Place.DUE

    @property
    def resolved(self) -> bool:
        """Whether the claim has an outcome that is taken."""
        return self.place in _RESOLVED

    @property
    def scored(self) -> bool:
        """Whether it is in the mean: stated forecasts with times that are not backdated."""
        return self.place is Place.SCORED and not self.imputed

    def possible(self, *, every_open: bool) -> bool:
        """Whether it is in the bounds: scored, or it can still be; with *every_open* in an open window too."""
        places = {Place.SCORED, Place.DUE, Place.OVERDUE} | ({Place.NOT_DUE} if every_open else set())
        return self.place in places and not self.backdated and self.stood


class Mark(IntFlag):
    """What sets a series apart from those that are scored."""

    BACKDATED = 1  # only with times that nobody witnessed
    IMPUTED = 2  # it began with a number that is ours
    READ_LATE = 4  # words alone, read when the answer was public or the forecaster had given a number
    SUPERSEDED = 8  # the forecaster is scored on an earlier claim of the chain


class State(IntEnum):
    """What became of a series; the numbers are those of the kernel."""

    STOOD = STOOD
    LATE = LATE
    WITHDRAWN = WITHDRAWN
    LAST_DAY = SAME_STEP


_NEVER_STOOD = {State.LATE: Place.TOO_LATE, State.LAST_DAY: Place.LAST_DAY, State.WITHDRAWN: Place.WITHDRAWN}


def fate(status: Status, mark: Mark, state: State, *, waits: bool) -> Fate:
    """Say what becomes of a claim that stands so, with forecasts that are so."""
    backdated, imputed = Mark.BACKDATED in mark, Mark.IMPUTED in mark
    if Mark.SUPERSEDED in mark:
        return Fate(Place.SUPERSEDED, backdated, imputed, stood=False, early=False)
    if Mark.READ_LATE in mark:
        return Fate(Place.READ_LATE, backdated, imputed, stood=False, early=False)
    place = _UNRESOLVED.get(status) or (Place.NOT_DUE if waits else _among_resolved(state, backdated=backdated))
    return Fate(place, backdated, imputed, state is State.STOOD, early=waits and place in _ENDED)


def _among_resolved(state: State, *, backdated: bool) -> Place:
    return Place.BACKDATED if backdated else _NEVER_STOOD.get(state, Place.SCORED)


def funnel(count: Mapping[Fate, Number], *, apart: Number) -> dict[str, Number]:
    """Count how many scored claims fell out on the way to the mean, and why. Numbers, or arrays of them.

    Superseded ones, and words read afterwards, fall out first. Those due are resolved, annulled, ambiguous, overdue or
    without a verdict yet, less the annulled and ambiguous whose settle day is to come (ended before due); those
    resolved are scored, backdated, imputed, too late, of the day of the answer, or withdrawn. Those with forecasts
    that count and others set *apart*, backdated or read afterwards, are among all of these.
    """
    places = dict.fromkeys(Place, 0)
    for one, number in count.items():
        places[one.place] += number
    scored = sum(number for one, number in count.items() if one.scored)
    counts = (
        sum(count.values()),
        sum(number for one, number in count.items() if one.due),
        sum(number for one, number in count.items() if one.resolved),
        scored,
        places[Place.ANNULLED],
        places[Place.AMBIGUOUS],
        places[Place.OVERDUE],
        places[Place.DUE],
        places[Place.BACKDATED],
        places[Place.SCORED] - scored,
        places[Place.TOO_LATE],
        places[Place.LAST_DAY],
        places[Place.WITHDRAWN],
        places[Place.SUPERSEDED],
        places[Place.READ_LATE],
        sum(number for one, number in count.items() if one.early),
        apart,
    )
    return dict(zip(FUNNEL, counts, strict=True))
