"""The table of series: one line for each forecaster on each scored claim, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Series
from forecasts.questions import YES_NO, Mixed, Scoring
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.forecasts import ForecasterEntry


def _no_keys() -> IndexArray:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Every series on the wanted claims, and what its forecasts come to.

    Attributes:
        claims: All claims of the ledger, by number.
        wanted: For each claim whether the table is about it.
        forecasters: All forecasters, by number; after them computed crowds, then who only made statements.
        series: The series. Their marks are codes of :mod:`predictions.scoring.eligibility_codes`. They stand in runs
            of equal code, and within a run by forecaster and claim.
        partly_apart: The keys of series that have further forecasts, backdated or read afterwards, that do not count.
        range_ends: The series that have a range, at its low and at its high end, in the order of their keys.
        same_day: For each claim that came out, how many forecasts do not count because they were made on the last day
            that counts, and the claim is told by the day.
        scoring: How the claims are scored.
        said: The keys of series that do not count, of a statement that stood before there was a number.
        repeated: The keys of series of which the statement counts on an earlier claim of the chain.
        speakers: How many of the forecasters, the last ones, have made statements and no forecast.
    """

    claims: ClaimColumns
    wanted: BoolArray
    forecasters: Sequence[ForecasterEntry]
    series: Series
    partly_apart: IndexArray
    range_ends: tuple[Series, Series]
    same_day: IndexArray
    scoring: Scoring = YES_NO
    said: IndexArray = field(default_factory=_no_keys)
    repeated: IndexArray = field(default_factory=_no_keys)
    speakers: int = 0

    @cached_property
    def shares_a_unit(self) -> BoolArray:
        """For each wanted claim whether another one is in its unit, with every declared cluster."""
        unit = self.claims.units.wide
        wanted_in_unit = np.bincount(unit[self.wanted], minlength=unit.max(initial=0) + 1)
        return np.asarray(self.wanted & (wanted_in_unit[unit] > 1))

    def losses(self, part: Series) -> FloatArray:
        """Return the Brier score of the forecast that is scored, for each series; NaN without an outcome."""
        return self.losses_of(part.probability, part)

    def log_losses(self, part: Series) -> FloatArray:
        """Return the logarithmic score of the same forecasts."""
        return self.log_losses_of(part.probability, part)

    def losses_of(self, said: FloatArray, part: Series) -> FloatArray:
        """Return the losses of other numbers in the place of those that are scored."""
        return self.scoring.losses(said, self.claims.outcome.take(part.claim), part.claim)

    def log_losses_of(self, said: FloatArray, part: Series) -> FloatArray:
        """Return the logarithmic scores of other numbers in the place of those that are scored."""
        return self.scoring.log_losses(said, self.claims.outcome.take(part.claim), part.claim)

    def possible_losses(self, part: Series) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that the forecast that is scored can lose, for each series."""
        return self.scoring.possible_losses(part.probability, part.claim)

    def scoring_of(self, claim: int) -> Scoring:
        """Return how one claim is scored: the scoring of its type."""
        if isinstance(self.scoring, Mixed):
            return self.scoring.of_type(int(self.claims.types.kind[claim]))
        return self.scoring

    def keys(self, series: Series) -> IndexArray:
        """Return a number for each series: claim x number of forecasters + forecaster."""
        return series.claim.astype(np.int64) * len(self.forecasters) + series.forecaster

    def on(self, wanted: BoolArray) -> SeriesTable:
        """Return the table of some of its claims only."""
        claims_of_keys = self.partly_apart // max(len(self.forecasters), 1)
        return replace(
            self,
            wanted=wanted,
            series=self.series.part(wanted[self.series.claim]),
            partly_apart=self.partly_apart[wanted[claims_of_keys]],
            same_day=self.same_day * wanted,
        )

    def at_range_end(self, end: int, part: Series) -> tuple[FloatArray, FloatArray]:
        """Return the probability that is scored and the skill over time, at one end of each series' range.

        *end* is 0 for the low end, 1 for the high one. A series without a range has the same numbers at both.
        """
        probability, saved = part.probability.copy(), part.saved.copy()
        ranges = self.range_ends[end]
        if ranges.claim.size:
            range_keys, keys = self.keys(ranges), self.keys(part)
            position = np.minimum(np.searchsorted(range_keys, keys), range_keys.size - 1)
            has_range = range_keys[position] == keys
            probability[has_range] = ranges.probability[position[has_range]]
            saved[has_range] = ranges.saved[position[has_range]]
        return probability, saved

    @cached_property
    def _by_forecaster(self) -> tuple[IndexArray, IndexArray]:
        """The positions of all series by forecaster and ledger order of claims, and where each forecaster begins."""
        order = np.lexsort((self.claims.entries[self.series.claim], self.series.forecaster))
        return order, np.searchsorted(self.series.forecaster[order], np.arange(len(self.forecasters) + 1))

    def positions_of(self, forecaster: int) -> IndexArray:
        """Return the positions of one forecaster's series, their claims in ledger order."""
        order, begins = self._by_forecaster
        return order[begins[forecaster] : begins[forecaster + 1]]
