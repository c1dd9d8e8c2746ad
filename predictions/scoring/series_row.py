"""One series as a value: one forecaster on one claim, where it is counted, and what it scores.

Cards of any size are computed from columns. These rows are made only for the series that are printed, explained or
compared one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import FloatArray, IndexArray
from forecasts.kernel import Series
from predictions.enums import Outcome
from predictions.scoring.columns.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, ClaimColumns
from predictions.scoring.eligibility import Category, Cohort, Eligibility
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.series import SeriesTable
from predictions.timestamps import day_at

OUTCOMES = list(Outcome)


@dataclass(frozen=True)
class EndScores:
    """One forecaster's number on one claim at one end of its range, and its scores.

    Attributes:
        probability: The number that is scored; None if no forecast stood.
        brier: Its Brier score; None without an outcome, as are the others.
        log_score: Its logarithmic score.
        time_skill: The skill over time against always saying 50 %.
        least: The lowest Brier score that it can still get; the one it has, with an outcome.
        most: The highest Brier score that it can still get; likewise.
    """

    probability: float | None
    brier: float | None
    log_score: float | None
    time_skill: float | None
    least: float | None = field(compare=False)
    most: float | None = field(compare=False)

    def figures(self) -> dict[str, float]:
        """Return the scores that are not None, by name."""
        scores = {"brier": self.brier, "log_score": self.log_score, "time_skill": self.time_skill}
        return {name: value for name, value in scores.items() if value is not None}


class ScoredClaim(NamedTuple):
    """The claim of a row.

    Attributes:
        slug: Its slug.
        statement: The slug of its statement.
        deadline: The last day of its window.
        settle_days: How many days after the deadline its verdict is due.
        settles_on: The day on which its verdict is due.
        at_least: How many events it asks for; 0 if it does not count events.
        unit: The number of its unit in means.
        cluster: The number of its unit with every cluster that was ever declared.
    """

    slug: str
    statement: str
    deadline: date
    settle_days: int
    settles_on: date
    at_least: int
    unit: int
    cluster: int


@dataclass(frozen=True)
class SeriesRow:
    """One forecaster on one scored claim.

    Attributes:
        claim: The claim.
        forecaster: The forecaster's slug.
        eligibility: Which figures the series counts in.
        outcome: The verdict; None if there is none yet.
        value: The outcome as a number: 1 for yes, 0 for no, a fraction for partly; None if there is none.
        set_apart: True if the series counts, but some of its forecasts, backdated or read afterwards, do not.
        coverage: The share of the scheduled window in which a forecast stood, 0 to 1.
        entered: The share of the window that was gone when the first forecast stood; None if none did.
        low: The scores at the low end of its range; the same as *middle* without a range.
        middle: The scores of the number itself, or of the middle of its range.
        high: The scores at the high end of its range.
        key: The key of the series in its table.
    """

    claim: ScoredClaim
    forecaster: str
    eligibility: Eligibility
    outcome: Outcome | None
    value: float | None
    set_apart: bool
    coverage: float
    entered: float | None
    low: EndScores
    middle: EndScores
    high: EndScores
    key: int = field(compare=False)

    @property
    def category(self) -> Category:
        """Where it is counted: in the mean, or why not."""
        return self.eligibility.category

    def at(self, end: str) -> EndScores:
        """Return the scores at one end of the range: low, middle or high."""
        return {"low": self.low, "middle": self.middle, "high": self.high}[end]


def series_rows(table: SeriesTable, cohort: Cohort, positions: IndexArray) -> list[SeriesRow]:
    """Return one row for each of the series at *positions* in the table."""
    part, eligibilities = table.series.part(positions), ELIGIBILITY_OF_CODE[cohort]
    claims = {number: _claim(table.claims, number) for number in np.unique(part.claim).tolist()}
    values, keys = table.claims.outcome.take(part.claim), table.keys(part)
    low, middle, high = (
        _end_scores(table, part, probability, saved)
        for probability, saved in (
            table.at_range_end(0, part),
            (part.probability, part.saved),
            table.at_range_end(1, part),
        )
    )
    set_apart = np.isin(keys, table.partly_apart).tolist()
    outcomes = outcome_codes(table.claims, part.claim).tolist()
    return [
        SeriesRow(
            claims[claim], table.forecasters[forecaster].slug, eligibilities[code], [*OUTCOMES, None][outcome],
            _none_for_nan(value), apart, share, _none_for_nan(entered), at_low, at_middle, at_high, key,
        )
        for claim, forecaster, code, outcome, value, apart, share, entered, at_low, at_middle, at_high, key in zip(
            part.claim.tolist(), part.forecaster.tolist(), part.mark.tolist(), outcomes, values.tolist(), set_apart,
            part.share.tolist(), part.entered.tolist(), low, middle, high, keys.tolist(), strict=True,
        )
    ]  # fmt: skip


def _claim(claims: ClaimColumns, number: int) -> ScoredClaim:
    """Return what the rows tell about the claim with this number."""
    deadline, settles_on = (day_at(days[number]) for days in (claims.deadline, claims.settles_on))
    return ScoredClaim(
        claims.slugs[number], claims.statements[number], deadline, (settles_on - deadline).days, settles_on,
        int(claims.at_least[number]), int(claims.units.fair[number]), int(claims.units.wide[number]),
    )  # fmt: skip


def _end_scores(table: SeriesTable, part: Series, probability: FloatArray, saved: FloatArray) -> list[EndScores]:
    """Score each series of *part* at one end of its range, given the number and the skill over time at that end."""
    losses = table.losses_of(probability, part)
    bounds = np.tile(losses, (2, 1))  # a loss that is known is the least and the most
    missing = np.flatnonzero(np.isnan(losses) & ~np.isnan(probability))
    bounds[:, missing] = table.scoring.possible_losses(probability[missing], part.claim[missing])
    columns = (probability, losses, table.log_losses_of(probability, part), saved, *bounds)
    lines = zip(*(column.tolist() for column in columns), strict=True)
    return [EndScores(*(_none_for_nan(value) for value in line)) for line in lines]


def _none_for_nan(value: float) -> float | None:
    return None if isnan(value) else value


def outcome_codes(claims: ClaimColumns, numbers: NDArray[np.int32]) -> IndexArray:
    """Return the position in OUTCOMES of the outcome of each claim, by its number; -1 without an outcome."""
    verdict, outcome = claims.verdict[numbers], claims.outcome[numbers]
    cases = [verdict == NO_OUTCOME, verdict == ANNULLED, verdict == AMBIGUOUS, outcome == 1.0, outcome == 0.0]
    words = [Outcome.ANNULLED, Outcome.AMBIGUOUS, Outcome.YES, Outcome.NO]
    return np.select(cases, [-1, *(OUTCOMES.index(word) for word in words)], OUTCOMES.index(Outcome.FRACTION))
