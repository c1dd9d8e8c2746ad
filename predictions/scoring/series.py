"""The table of series: one line for each forecaster on each scored claim, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Series
from forecasts.mixed import Mixed
from forecasts.questions import YES_NO, Scoring
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.series_runs import SeriesRuns


def _no_keys() -> IndexArray:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Every series on the wanted claims: the forecast that is scored, what it saved, and where it counts.

    Attributes:
        claims: All claims of the ledger, by number.
        wanted: For each claim whether the table is about it.
        forecasters: All forecasters, by number; then the computed crowds, then speakers who only made statements.
        series: The series. Their marks are codes of :mod:`predictions.scoring.eligibility_codes`. They are stored in
            runs of equal code, and within a run sorted by forecaster and claim.
        partly_apart: The keys of series with further forecasts, backdated or read afterwards, that do not count.
        range_ends: The series that have a range, at its low and at its high end, in the order of their keys.
        same_day: For each claim that came out, how many forecasts do not count because they were made on the last day
            that counts, while only the day of its answer is known.
        scoring: How the claims are scored.
        overruled: The keys of series whose number does not count, but whose statement was made before it and counts.
        repeated: The keys of series whose statement already counts on an earlier claim of the chain.
        speakers: How many forecasters, at the end of the list, have made statements and no forecast.
    """

    claims: ClaimColumns
    wanted: BoolArray
    forecasters: Sequence[ForecasterEntry]
    series: Series
    partly_apart: IndexArray
    range_ends: tuple[Series, Series]
    same_day: IndexArray
    scoring: Scoring = YES_NO
    overruled: IndexArray = field(default_factory=_no_keys)
    repeated: IndexArray = field(default_factory=_no_keys)
    speakers: int = 0

    @cached_property
    def shares_a_unit(self) -> BoolArray:
        """For each wanted claim whether its unit, with every declared cluster, holds another wanted claim."""
        unit = self.claims.units.wide
        wanted_in_unit = np.bincount(unit[self.wanted], minlength=unit.max(initial=0) + 1)
        return np.asarray(self.wanted & (wanted_in_unit[unit] > 1))

    @cached_property
    def runs(self) -> SeriesRuns:
        """The runs of equal code and forecaster among the series."""
        return SeriesRuns(self.series)

    def losses(self, part: Series) -> FloatArray:
        """Return the Brier score of each series' scored forecast; NaN if the claim has no outcome."""
        return self.losses_of(part.probability, part)

    def both_losses(self, part: Series) -> tuple[FloatArray, FloatArray]:
        """Return the Brier score and the logarithmic score of the forecast that is scored."""
        outcome = self.claims.outcome.take(part.claim)
        return (
            self.scoring.losses(part.probability, outcome, part.claim),
            self.scoring.log_losses(part.probability, outcome, part.claim),
        )

    def log_losses(self, part: Series) -> FloatArray:
        """Return the logarithmic score of each series' scored forecast; NaN if the claim has no outcome."""
        return self.log_losses_of(part.probability, part)

    def losses_of(self, numbers: FloatArray, part: Series) -> FloatArray:
        """Return the Brier scores that these series would have with other *numbers*, one for each series."""
        return self.scoring.losses(numbers, self.claims.outcome.take(part.claim), part.claim)

    def log_losses_of(self, numbers: FloatArray, part: Series) -> FloatArray:
        """Return the logarithmic scores that these series would have with other *numbers*, one for each series."""
        return self.scoring.log_losses(numbers, self.claims.outcome.take(part.claim), part.claim)

    def possible_losses(self, part: Series) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series' scored forecast can lose, whatever the outcome."""
        return self.scoring.possible_losses(part.probability, part.claim)

    def scoring_of(self, claim: int) -> Scoring:
        """Return how one claim is scored, which depends on its type."""
        if isinstance(self.scoring, Mixed):
            return self.scoring.of_type(int(self.claims.types.kind[claim]))
        return self.scoring

    def keys(self, series: Series) -> IndexArray:
        """Return the key of each series, a number of its own: claim x how many forecasters there are + forecaster."""
        return series.claim.astype(np.int64) * len(self.forecasters) + series.forecaster

    def on(self, wanted: BoolArray) -> SeriesTable:
        """Return the part of the table that is about the *wanted* claims."""
        claims_of_keys = self.partly_apart // max(len(self.forecasters), 1)
        return replace(
            self,
            wanted=wanted,
            series=self.series.part(wanted[self.series.claim]),
            partly_apart=self.partly_apart[wanted[claims_of_keys]],
            same_day=self.same_day * wanted,
        )

    def at_range_end(self, end: int, part: Series) -> tuple[FloatArray, FloatArray]:
        """Return each series' scored probability and its skill over time, at one end of its range.

        *end* is 0 for the low end and 1 for the high one. A series without a range has the same numbers at both.
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
        """The positions of all series, sorted by forecaster and ledger order of claims, and where each one's begin."""
        order = np.lexsort((self.claims.entries[self.series.claim], self.series.forecaster))
        return order, np.searchsorted(self.series.forecaster[order], np.arange(len(self.forecasters) + 1))

    def positions_of(self, forecaster: int) -> IndexArray:
        """Return the positions of one forecaster's series, their claims in ledger order."""
        order, begins = self._by_forecaster
        return order[begins[forecaster] : begins[forecaster + 1]]
