"""Decide which figures of a scorecard a forecaster's claim counts in, and why it does not count in the others.

Everything here works on one series (one forecaster on one claim) at a time. The same rules as number codes, for arrays
of millions of series, are in :mod:`predictions.scoring.eligibility_codes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, IntFlag, StrEnum
from typing import Any, NamedTuple, TypeVar

from predictions.status import Status

CountType = TypeVar("CountType", int, Any)  # Any: an array with one count for each forecaster


class Cohort(StrEnum):
    """Which claims with an outcome a card takes into its means."""

    SETTLED = "settled"  # claims whose settle day has come, whatever their outcome
    RESOLVED = "resolved"  # every claim with a verdict; biased, because by-date claims say yes early and no late

    def waits(self, *, settled: bool) -> bool:
        """Return True if this cohort does not take the outcome of a claim yet."""
        return self is Cohort.SETTLED and not settled

    @property
    def biased(self) -> str:
        """Why nobody is judged by the verdicts of this cohort; empty if one may be."""
        return "by-date claims say yes early and no late" if self is Cohort.RESOLVED else ""


class Rule(StrEnum):
    """Which forecast of a series gets the Brier score."""

    FIRST = "first"  # the first forecast that stood; a proper score
    LAST = "last"  # the last forecast before the answer; it rewards sitting out until the answer is nearly known


class Category(StrEnum):
    """Where a series is counted on a card: in the mean, or the one reason why it is not."""

    SCORED = "scored"
    OPEN = "open"  # its settle day is to come, as the cohort counts it
    DUE = "due, no verdict"
    OVERDUE = "overdue"
    ANNULLED = "annulled"
    AMBIGUOUS = "ambiguous"
    BACKDATED = "backdated"  # no forecast has a time that was witnessed or published
    TOO_LATE = (
        "too late"  # every forecast was made after the answer was public, or could not stand before the window was over
    )
    LAST_DAY = "on the day of the answer"  # and before the last: what was known at what hour of it is unknown
    WITHDRAWN = "withdrawn"  # no forecast stood inside the window
    SUPERSEDED = "superseded"  # the forecaster is scored on another claim of the chain
    MISFIT = "no longer fits"  # what was said of a draft is no answer to what the claim asks since
    READ_LATE = "words read afterwards"  # after the answer was public, or after the forecaster gave a number
    NO_NUMBER = "no number"  # a statement by somebody who gave none: in the plain counts, and in nothing else


_BY_STATUS = {
    Status.RESOLVED: Category.SCORED,
    Status.OPEN: Category.OPEN,
    Status.DUE: Category.DUE,
    Status.OVERDUE: Category.OVERDUE,
    Status.ANNULLED: Category.ANNULLED,
    Status.AMBIGUOUS: Category.AMBIGUOUS,
}
_ENDED = {Category.ANNULLED, Category.AMBIGUOUS}
_DUE = {Category.SCORED, Category.OVERDUE, Category.DUE} | _ENDED


class Eligibility(NamedTuple):
    """Which figures one series counts in.

    Attributes:
        category: Where the series is counted.
        backdated: True if none of its times was witnessed or published.
        imputed: True if its first forecast that stood was read from words, not stated.
        stood: True if one of its forecasts stood inside the window.
        early: True if the claim was annulled or found ambiguous before its settle day.
        settled: True if the claim is due by its settle day, as the cohort counts it.
        resolved: True if the claim has an outcome that the cohort takes.
    """

    category: Category
    backdated: bool
    imputed: bool
    stood: bool
    early: bool
    settled: bool
    resolved: bool

    @property
    def due(self) -> bool:
        """True if the series counts for or against its forecaster, and its claim is settled or lacks only a verdict."""
        return self.category in _DUE and not self.early

    @property
    def scored(self) -> bool:
        """True if the series is in the mean: its numbers were stated, and its times are not backdated."""
        return self.category is Category.SCORED and not self.imputed

    def possible(self, *, every_open: bool) -> bool:
        """Return True if the series is in the bounds, because it is scored or still can be.

        Args:
            every_open: Include claims that are not due yet.
        """
        categories = {Category.SCORED, Category.DUE, Category.OVERDUE}
        if every_open:
            categories.add(Category.OPEN)
        return self.category in categories and not self.backdated and self.stood


class SetApart(IntFlag):
    """The properties of a series that keep it out of the means, whatever its claim does."""

    BACKDATED = 1  # none of its times was witnessed or published
    IMPUTED = 2  # its first forecast was read from words, not stated
    READ_LATE = 4  # only words, read after the answer was public or after the forecaster gave a number
    SUPERSEDED = 8  # the forecaster is scored on another claim of the chain
    MISFIT = 16  # said of a draft that asks something else since: other options, another range or last day
    NO_NUMBER = 32  # no forecast at all, but a statement


class SeriesState(IntEnum):
    """Whether a forecast of the series stood, and if none did, why. The numbers are those of the kernel."""

    STOOD = 0
    LATE = 1
    WITHDRAWN = 2
    LAST_DAY = 3


_NOWHERE = {
    SetApart.SUPERSEDED: Category.SUPERSEDED,
    SetApart.MISFIT: Category.MISFIT,
    SetApart.READ_LATE: Category.READ_LATE,
    SetApart.NO_NUMBER: Category.NO_NUMBER,
}
_NEVER_STOOD = {
    SeriesState.LATE: Category.TOO_LATE,
    SeriesState.LAST_DAY: Category.LAST_DAY,
    SeriesState.WITHDRAWN: Category.WITHDRAWN,
}


def eligibility_of(status: Status, set_apart: SetApart, state: SeriesState, *, waits: bool) -> Eligibility:
    """Decide which figures a series counts in.

    Args:
        status: The status of its claim.
        set_apart: What keeps the series out of the means.
        state: Whether one of its forecasts stood.
        waits: True if the cohort does not take the outcome of the claim yet.
    """
    backdated, imputed = SetApart.BACKDATED in set_apart, SetApart.IMPUTED in set_apart
    # These come first: the series counts nowhere else, so the status of its claim does not matter.
    category_apart = next((category for bit, category in _NOWHERE.items() if bit in set_apart), None)
    if category_apart:
        return Eligibility(category_apart, backdated, imputed, stood=False, early=False, settled=False, resolved=False)
    if backdated:  # cannot count against the forecaster either, whatever the status
        category = Category.BACKDATED
    elif state in _NEVER_STOOD:
        category = _NEVER_STOOD[state]
    else:
        # A claim that was resolved early stays open until its settle day: early
        # verdicts are mostly yes, and a mean that took them at once would be biased.
        category = Category.OPEN if waits and _BY_STATUS[status] not in _ENDED else _BY_STATUS[status]
    return Eligibility(
        category, backdated, imputed, state is SeriesState.STOOD, early=waits and category in _ENDED,
        settled=not waits and status not in {Status.OPEN, Status.DUE},
        resolved=not waits and status is Status.RESOLVED,
    )  # fmt: skip


def funnel(series_count: Mapping[Eligibility, CountType], *, others_apart: CountType) -> dict[str, CountType]:
    """Count how many series fell out on the way to the mean, and why.

    The numbers add up, in three steps:

    1. Series that cannot count against the forecaster fall out first, whatever became of their claims: superseded, no
       longer fitting, words read afterwards, backdated, too late, on the day of the answer, withdrawn.
    2. The others are open until their settle day; "ended before due" counts the annulled and ambiguous among these.
       From then on they are due: resolved, annulled, ambiguous, overdue, or without a verdict yet.
    3. The resolved are the scored and the imputed.

    Args:
        series_count: How many series have each eligibility: a number, or an array with one for each forecaster.
        others_apart: How many series count, but have further forecasts, backdated or read afterwards, that do not.
            These series are among the other numbers too.

    Returns:
        The counts, by the names in FUNNEL.
    """
    by_category = dict.fromkeys(Category, 0)
    forecast, due, resolved, scored, early = 0, 0, 0, 0, 0
    for eligibility, count in series_count.items():
        if eligibility.category is Category.NO_NUMBER:
            continue  # nothing was forecast
        by_category[Category.OPEN if eligibility.early else eligibility.category] += count
        forecast += count
        due += count * eligibility.due
        resolved += count * (eligibility.category is Category.SCORED)
        scored += count * eligibility.scored
        early += count * eligibility.early
    return {
        "forecast": forecast,
        "due": due,
        "resolved": resolved,
        "scored": scored,
        "annulled": by_category[Category.ANNULLED],
        "ambiguous": by_category[Category.AMBIGUOUS],
        "overdue": by_category[Category.OVERDUE],
        "no verdict yet": by_category[Category.DUE],
        "backdated (apart)": by_category[Category.BACKDATED],
        "imputed (apart)": by_category[Category.SCORED] - scored,  # would be scored if it were not imputed
        "too late": by_category[Category.TOO_LATE],
        "on the day of the answer": by_category[Category.LAST_DAY],
        "withdrawn": by_category[Category.WITHDRAWN],
        "superseded": by_category[Category.SUPERSEDED],
        "no longer fits": by_category[Category.MISFIT],
        "words read afterwards": by_category[Category.READ_LATE],
        "ended before due": early,
        "with others apart": others_apart,
    }


FUNNEL = tuple(funnel({}, others_apart=0))
"""The names of the counts in a funnel, in order."""
