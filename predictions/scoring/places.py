"""Which figures a forecaster's claim counts in: told once, for cards of rows and for cards of sums."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

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
    "withdrawn",
    "superseded",
    "ended before due",
    "with backdated ones apart",
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
    WITHDRAWN = "withdrawn"  # nothing stood inside the window


_UNRESOLVED = {
    Status.OPEN: Place.NOT_DUE,
    Status.DUE: Place.DUE,
    Status.OVERDUE: Place.OVERDUE,
    Status.ANNULLED: Place.ANNULLED,
    Status.AMBIGUOUS: Place.AMBIGUOUS,
}
_ENDED = {Place.ANNULLED, Place.AMBIGUOUS}
_RESOLVED = {Place.SCORED, Place.BACKDATED, Place.TOO_LATE, Place.WITHDRAWN}


class Fate(NamedTuple):
    """What became of a forecaster's claim.

    ``backdated``: nobody witnessed its times; ``imputed``: some of its numbers are ours; ``stood``: one of its
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
        return self.place not in {Place.NOT_DUE, Place.DUE} and not self.early

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


def fate(status: Status, *, waits: bool, backdated: bool, imputed: bool, stood: bool, late: bool) -> Fate:
    """What becomes of a claim that stands so, with forecasts that are so."""
    place = _UNRESOLVED.get(status) or (Place.NOT_DUE if waits else _among_resolved(backdated, stood, late))
    return Fate(place, backdated, imputed, stood, early=waits and place in _ENDED)


def _among_resolved(backdated: bool, stood: bool, late: bool) -> Place:
    if backdated:
        return Place.BACKDATED
    if not stood:
        return Place.TOO_LATE if late else Place.WITHDRAWN
    return Place.SCORED


def funnel(count: Mapping[Fate, Number], *, superseded: Number, apart: Number) -> dict[str, Number]:
    """How many scored claims fell out on the way to the mean, and why; nothing is hidden. Numbers, or arrays of them.

    Those due are resolved, annulled, ambiguous, overdue or without a verdict yet, less the annulled and ambiguous
    whose settle day is to come (ended before due); those resolved are scored, backdated, imputed, too late or
    withdrawn. Superseded ones are among all of these, as are those with forecasts that count and others, only
    backdated, *apart* from them.
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
        places[Place.WITHDRAWN],
        superseded,
        sum(number for one, number in count.items() if one.early),
        apart,
    )
    return dict(zip(FUNNEL, counts, strict=True))
