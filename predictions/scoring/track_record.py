"""One forecaster's record on a card: means, bounds and funnel, and the series behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.adjusted_skill import LEAST_WEIGHT
from forecasts.inputs import FloatArray, IndexArray
from forecasts.questions import Scoring
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.eligibility import Cohort
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.series import SeriesTable
from predictions.scoring.series_row import EndScores, SeriesRow, series_rows

FEW = round(LEAST_WEIGHT)  # units below which nothing is said of a forecaster, and no rank is taken


class ScoredColumns(NamedTuple):
    """The series in one forecaster's means, by claim in ledger order: shape (n,) each.

    Attributes:
        claim: The number of the claim.
        unit: The number of its unit in means.
        cluster: The number of its unit with every cluster that was ever declared.
        probability: The number that is scored.
        value: The outcome, 0 to 1.
        brier: The Brier score, or whatever is averaged in its place.
    """

    claim: NDArray[np.int32]
    unit: IndexArray
    cluster: IndexArray
    probability: FloatArray
    value: FloatArray
    brier: FloatArray

    def part(self, chosen: IndexArray) -> ScoredColumns:
        """Return the rows at the positions in *chosen*, in that order."""
        return ScoredColumns._make(column[chosen] for column in self)

    @property
    def clusters(self) -> IndexArray:
        """The number of each unit's cluster; units stand in the order in which they first occur."""
        _, first = np.unique(self.unit, return_index=True)
        return self.cluster[np.sort(first)]

    def unit_means(self, values: FloatArray) -> FloatArray:
        """Return the mean of *values* in each unit; see the function :func:`unit_means`."""
        return unit_means(self.unit, values)


@dataclass(frozen=True, repr=False)
class TrackRecord:
    """One forecaster's record over the claims that are scored; a unit is one observation.

    Attributes:
        forecaster: Whose record it is.
        number: The forecaster's number in the table.
        table: The series of everybody.
        cohort: Which claims with an outcome are taken.
        n: How many units are in the means. A cluster makes one unit of its claims even if it was declared late, so
            this is the cautious count.
        means: The means of brier, log_score, time_skill, coverage and entered; empty if no series is scored.
        due: The best and the worst mean Brier that are still possible while claims that are due have no verdict.
        every_open: The best and the worst mean Brier, counting claims that are still open as well.
        funnel: How many scored claims fell out on the way to the mean, and why.
        backdated: How many units have only backdated forecasts, and are therefore in no mean.
        backdated_brier: The mean Brier of the backdated units.
        words_only: True if every number was read from words or ranges.
        n_imputed: How many units began with a number that was read from words or a range.
        means_imputed: The means of the imputed units, which are in no other mean.
    """

    forecaster: ForecasterEntry
    number: int = field(compare=False)
    table: SeriesTable = field(compare=False)
    cohort: Cohort
    n: int
    means: Mapping[str, float]
    due: tuple[float, float] | None
    every_open: tuple[float, float] | None
    funnel: Mapping[str, int]
    backdated: int
    backdated_brier: float | None
    words_only: bool
    n_imputed: int
    means_imputed: Mapping[str, float]

    def __repr__(self) -> str:
        return f"<record of {self.forecaster.slug}: {self.n} statements scored of {self.funnel['forecast']} claims>"

    @property
    def few(self) -> bool:
        """True if there are too few units to say anything."""
        return self.n < FEW

    @property
    def scoring(self) -> Scoring:
        """How its claims are scored; only for records whose claims are all of one type."""
        claim = self.series.claim
        return self.table.scoring_of(int(claim[0])) if claim.size else self.table.scoring

    @cached_property
    def rows(self) -> list[SeriesRow]:
        """Every scored claim with a forecast, in ledger order."""
        return series_rows(self.table, self.cohort, self.table.positions_of(self.number))

    @cached_property
    def scored(self) -> list[SeriesRow]:
        """The rows in the means: stated forecasts with times that are not backdated."""
        return series_rows(self.table, self.cohort, self.positions("means"))

    @cached_property
    def series(self) -> ScoredColumns:
        """The series in the means, as columns."""
        part, claims = self.table.series.part(self.positions("means")), self.table.claims
        return ScoredColumns(
            claim=part.claim,
            unit=claims.units.fair.take(part.claim),
            cluster=claims.units.wide.take(part.claim),
            probability=part.probability,
            value=claims.outcome.take(part.claim),
            brier=self.table.losses(part),
        )

    def positions(self, figure: str) -> IndexArray:
        """Return the table positions of the forecaster's series that count in *figure*, a key of CODES_COUNTED."""
        own = self.table.positions_of(self.number)
        return own[np.isin(self.table.series.mark[own], CODES_COUNTED[self.cohort][figure])]

    def mean(self, name: str, end: str = "middle", *, rows: Sequence[SeriesRow] | None = None) -> float | None:
        """Return the mean of a score over units; None if no series has that score.

        Args:
            name: The score: brier, log_score or time_skill; at the middle also coverage and entered.
            end: The end of the ranges at which it is taken: low, middle or high.
            rows: The rows to average; None for all rows that are scored.
        """
        if end == "middle" and rows is None:
            return self.means.get(name)
        groups = group_by_unit(self.scored if rows is None else rows)
        means = [fmean([row.at(end).figures()[name] for row in group]) for group in groups]
        return fmean(means) if means else None

    def bounds(self, *, every_open: bool, end: str = "middle") -> tuple[float, float] | None:
        """Return the lowest and the highest mean Brier score that the verdicts still missing allow.

        Resolved claims count at their score. Claims whose window is over without a verdict count at their best and
        at their worst possible score; with *every_open* those still open do too. None if no claim counts.
        """
        if end == "middle":
            return self.every_open if every_open else self.due
        groups = group_by_unit(self.possible(every_open=every_open))
        if not groups:
            return None
        best, worst = (
            fmean([fmean([pick(possible_scores(row.at(end))) for row in group]) for group in groups])
            for pick in (min, max)
        )
        return best, worst

    def possible(self, *, every_open: bool) -> list[SeriesRow]:
        """Return the rows that :meth:`bounds` counts: those that are scored, and those that still can be."""
        return [
            row
            for row in self.rows
            if row.eligibility.possible(every_open=every_open) and row.eligibility.imputed == self.words_only
        ]


def group_by_unit(rows: Sequence[SeriesRow]) -> list[list[SeriesRow]]:
    """Group rows by unit, in the order in which units first occur."""
    groups: dict[int, list[SeriesRow]] = {}
    for row in rows:
        groups.setdefault(row.claim.unit, []).append(row)
    return list(groups.values())


def unit_means(units: IndexArray, values: FloatArray) -> FloatArray:
    """Return the mean of the values of each unit, in the order in which units first occur.

    >>> unit_means(np.array([7, 3, 7]), np.array([0.0, 0.5, 1.0])).tolist()
    [0.5, 0.5]
    """
    _, first, which, count = np.unique(units, return_index=True, return_inverse=True, return_counts=True)
    return np.asarray((np.bincount(which, values, count.size) / count)[np.argsort(first)])


def possible_scores(scores: EndScores) -> list[float]:
    """Return the Brier score that a forecast has or, without an outcome, the best and the worst it can still get."""
    # Rows in the bounds have a forecast that stood, so least and most are None only for the type checker.
    if scores.brier is not None or scores.least is None or scores.most is None:
        return [scores.brier or 0.0]
    return [scores.least, scores.most]
