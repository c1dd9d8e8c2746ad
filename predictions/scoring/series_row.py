"""One forecaster on one claim: where it is counted, and what it scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import FloatArray, IndexArray
from forecasts.questions import Scoring
from predictions.enums import Outcome
from predictions.scoring.claims import AMBIGUOUS, ANNULLED, NO_OUTCOME, ClaimColumns
from predictions.scoring.eligibility import Category, Cohort, Eligibility
from predictions.scoring.eligibility_codes import ELIGIBILITY_OF_CODE
from predictions.scoring.forecast_reader import SeriesTable
from predictions.timestamps import EPOCH

OUTCOMES = list(Outcome)


@dataclass(frozen=True)
class EndScores:
    """One forecaster's number on one claim at one end of its range, and its scores once the claim has an outcome."""

    probability: float | None
    brier: float | None
    log_score: float | None
    time_skill: float | None

    def figures(self) -> dict[str, float]:
        """The scores there are, by name."""
        scores = {"brier": self.brier, "log_score": self.log_score, "time_skill": self.time_skill}
        return {name: value for name, value in scores.items() if value is not None}


class ScoredClaim(NamedTuple):
    """What a row tells of its claim."""

    slug: str
    statement: str
    deadline: date
    settle_days: int
    settles_on: date
    at_least: int
    unit: int  # one observation in means
    cluster: int  # the same with what was declared too late for the means


@dataclass(frozen=True)
class SeriesRow:
    """One forecaster on one scored claim."""

    claim: ScoredClaim
    forecaster: str
    eligibility: Eligibility
    outcome: Outcome | None
    value: float | None
    set_apart: bool  # some of the forecasts, backdated or read afterwards, are set apart from the others
    coverage: float
    entered: float | None  # the share of the window that was gone when the first forecast stood
    low: EndScores
    middle: EndScores
    high: EndScores
    key: int = field(compare=False)  # of the series in its table

    @property
    def category(self) -> Category:
        """Why it is in the mean, or where else it is counted."""
        return self.eligibility.category

    def at(self, end: str) -> EndScores:
        """The reading at one end of the range: low, middle or high."""
        return {"low": self.low, "middle": self.middle, "high": self.high}[end]


def rows_of(table: SeriesTable, cohort: Cohort, chosen: IndexArray) -> list[SeriesRow]:
    """A row for each series of the table that stands at one of these places."""
    part, fates = table.series.part(chosen), ELIGIBILITY_OF_CODE[cohort]
    claims = {number: _claim(table.claims, number) for number in np.unique(part.claim).tolist()}
    values, keys = table.claims.outcome.take(part.claim), table.keys(part)
    low, middle, high = (
        _readings(table.scoring, probability, values, saved)
        for probability, saved in (table.at(0, part), (part.probability, part.saved), table.at(1, part))
    )
    apart, outcomes = np.isin(keys, table.partly_apart).tolist(), outcome_codes(table.claims, part.claim).tolist()
    return [
        SeriesRow(
            claims[claim], table.forecasters[person].slug, fates[fate], [*OUTCOMES, None][outcome],
            None if isnan(value) else value, set_apart, share, None if isnan(gone) else gone,
            at_low, at_middle, at_high, key,
        )
        for claim, person, fate, outcome, value, set_apart, share, gone, at_low, at_middle, at_high, key in zip(
            part.claim.tolist(), part.forecaster.tolist(), part.mark.tolist(), outcomes, values.tolist(), apart,
            part.share.tolist(), part.entered.tolist(), low, middle, high, keys.tolist(), strict=True,
        )
    ]  # fmt: skip


def _claim(claims: ClaimColumns, number: int) -> ScoredClaim:
    deadline, settles_on = (
        EPOCH.date() + timedelta(days=int(days[number])) for days in (claims.deadline, claims.settles_on)
    )
    return ScoredClaim(
        claims.slugs[number], claims.statements[number], deadline, (settles_on - deadline).days, settles_on,
        int(claims.at_least[number]), int(claims.units.fair[number]), int(claims.units.wide[number]),
    )  # fmt: skip


def _readings(scoring: Scoring, said: FloatArray, values: FloatArray, saved: FloatArray) -> list[EndScores]:
    columns = (said, scoring.losses(said, values), scoring.log_losses(said, values), saved)
    lines = zip(*(column.tolist() for column in columns), strict=True)
    return [EndScores(*(None if isnan(value) else value for value in line)) for line in lines]


def outcome_codes(claims: ClaimColumns, numbers: NDArray[np.int32]) -> IndexArray:
    """Where each claim's outcome stands in OUTCOMES; -1 where there is none."""
    stands, values = claims.verdict[numbers], claims.outcome[numbers]
    came = [stands == NO_OUTCOME, stands == ANNULLED, stands == AMBIGUOUS, values == 1.0, values == 0.0]
    told = [None, Outcome.ANNULLED, Outcome.AMBIGUOUS, Outcome.YES, Outcome.NO]
    return np.select(came, [OUTCOMES.index(one) if one else -1 for one in told], OUTCOMES.index(Outcome.FRACTION))
