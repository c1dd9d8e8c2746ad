"""Compute every forecaster's record at once, by sums over the columns of all series.

A unit is one observation. If every claim is a unit of its own, its series are simply added. Claims that share a unit
are weighted: of several claims of a unit the mean is the observation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import KERNEL_ROWS, Series
from predictions.scoring.eligibility import Cohort, Eligibility, funnel
from predictions.scoring.eligibility_codes import (
    CODES_COUNTED,
    ELIGIBILITY_OF_CODE,
    NO_NUMBER_CODES,
    RESOLVED_CODES,
)
from predictions.scoring.series import SeriesTable
from predictions.scoring.series_runs import ForecasterSums, RunsOfCode, SeriesRuns
from predictions.scoring.track_record import TrackRecord

SUMMED = ("n", "units", "brier", "log_score", "time_skill", "coverage", "entered", "best", "worst")
"""What is summed for each forecaster: units with every declared cluster (n), units in means, scores, and the bounds."""

N, UNITS, BRIER, BEST, WORST = (SUMMED.index(name) for name in ("n", "units", "brier", "best", "worst"))


def track_records(table: SeriesTable, cohort: Cohort) -> list[TrackRecord]:
    """Return the record of each forecaster of the table, by number."""
    sums, units, shared = _Sums(table, cohort), table.claims.units, table.shares_a_unit
    if shared.any():
        on_shared = shared[table.series.claim]
        alone = table.series.part(~on_shared)
        sums.add(alone, SeriesRuns(alone))
        sums.add_shared(table.series.part(on_shared), units.fair, units.wide)
    else:  # the usual case, which spares two copies of all series
        sums.add(table.series, table.runs)
    return sums.records()


def worst_series(table: SeriesTable, forecasters: Sequence[int], count: int) -> IndexArray:
    """Return the positions of the *count* series of some forecasters with the highest Brier scores, worst first."""
    listed, worst = np.isin(np.arange(len(table.forecasters)), forecasters), np.zeros(0, np.intp)
    for start in range(0, table.series.claim.size, KERNEL_ROWS):
        candidates = np.append(worst, np.arange(start, min(start + KERNEL_ROWS, table.series.claim.size)))
        candidates = candidates[listed[table.series.forecaster[candidates]]]
        series = table.series.part(candidates)
        loss = np.nan_to_num(table.losses(series), nan=-1.0)  # sorts series without an outcome last
        if loss.size > count:
            # Sorting is slow, so drop first what is too low. Ties with the last one stay: the full order decides them.
            highest = np.flatnonzero(loss >= np.partition(loss, -count)[-count])
            candidates, series, loss = candidates[highest], series.part(highest), loss[highest]
        worst = candidates[np.lexsort((series.claim, series.forecaster, -loss))[:count]]
    return worst


class _Sums:
    """Counts of series by code, and sums over units, for each forecaster."""

    def __init__(self, table: SeriesTable, cohort: Cohort) -> None:
        self._table, self._cohort, self._forecasters = table, cohort, len(table.forecasters)
        self._eligibilities, self._counted = ELIGIBILITY_OF_CODE[cohort], CODES_COUNTED[cohort]
        self._summed = set().union(*self._counted.values())
        self._counts, self._by_code = self._of_each(), self._of_each()
        # A series' share of its unit depends on what else the figure counts, so these sums are by figure and code.
        self._shared = {figure: self._of_each() for figure in self._counted}
        self._others_apart = np.zeros(self._forecasters)

    def _of_each(self) -> defaultdict[int, ForecasterSums]:
        return defaultdict(lambda: ForecasterSums(self._forecasters))

    def add(self, series: Series, runs: SeriesRuns) -> None:
        """Add series whose claims are each an observation of their own."""
        for some in runs.by_code():
            part = series.part(some.span)
            self._add_count(some, part)
            if some.code in self._summed:
                sums = [some.sums(column) for column in self._figures(some.code, part)]
                self._by_code[some.code].add(some.forecaster, [some.lengths, some.lengths, *sums])

    def add_shared(self, series: Series, fair: IndexArray, wide: IndexArray) -> None:
        """Add series on claims that share units; *fair* and *wide* are the units of each claim (see ``Units``)."""
        for some in SeriesRuns(series).by_code():
            self._add_count(some, series.part(some.span))
        for figure, codes in self._counted.items():
            counted = series.part(np.isin(series.mark, codes))
            # Wide units count observations and fair ones weigh means: a
            # cluster declared late may make n smaller, never move a mean.
            wide_share, fair_share = self._share_of_unit(counted, wide), self._share_of_unit(counted, fair)
            for some in SeriesRuns(counted).by_code():
                share = fair_share[some.span]
                figures = [column * share for column in self._figures(some.code, counted.part(some.span))]
                sums = [some.sums(column) for column in (wide_share[some.span], share, *figures)]
                self._shared[figure][some.code].add(some.forecaster, sums)

    def _share_of_unit(self, series: Series, unit: IndexArray) -> FloatArray:
        """Return each series' weight in its forecaster's observation of the unit: 1 / how many series are in it."""
        pair = unit[series.claim].astype(np.int64) * self._forecasters + series.forecaster
        _, observation, count = np.unique(pair, return_inverse=True, return_counts=True)
        return np.asarray(1 / count[observation])

    def _add_count(self, runs: RunsOfCode, part: Series) -> None:
        """Count series of one code."""
        self._counts[runs.code].add(runs.forecaster, [runs.lengths])
        if self._table.partly_apart.size:
            apart = np.isin(self._table.keys(part), self._table.partly_apart)
            self._others_apart += np.bincount(part.forecaster, apart, self._forecasters)

    def _figures(self, code: int, part: Series) -> Sequence[FloatArray | NDArray[np.float32]]:
        """Return what is summed of series of one code: their scores; without an outcome only the bounds."""
        if code in RESOLVED_CODES:
            return *self._table.both_losses(part), part.saved, part.share, part.entered
        return self._table.possible_losses(part)

    def _totals(self, figure: str) -> FloatArray:
        """Return the sums of SUMMED over the series that a figure counts: shape (figures, forecasters)."""
        totals = np.zeros((len(SUMMED), self._forecasters))
        for code, sums in [
            *((code, self._by_code[code].sums()) for code in self._counted[figure]),
            *((code, sums.sums()) for code, sums in self._shared[figure].items()),
        ]:
            if not sums:
                continue
            if code in RESOLVED_CODES:
                totals[:BEST] += sums
                totals[BEST:] += sums[BRIER]  # with an outcome, the score itself is the best and the worst possible
            else:
                totals[[N, UNITS, BEST, WORST]] += sums
        return totals

    def _series_counted(self) -> dict[int, FloatArray]:
        """Return how many series of each code every forecaster has."""
        return {code: counts.sums()[0] for code, counts in self._counts.items()}

    def records(self) -> list[TrackRecord]:
        """Return the record of each forecaster."""
        totals, counts = {figure: self._totals(figure) for figure in self._counted}, self._series_counted()
        funnels, words_only = self._funnels(counts), self._words_only(counts)
        (n, means), (n_imputed, means_imputed) = (_means(totals[figure]) for figure in ("means", "means, imputed"))
        backdated, backdated_units, backdated_loss = totals["backdated"][: BRIER + 1]
        with np.errstate(invalid="ignore"):  # 0 / 0 where a forecaster has no unit, which is not shown
            backdated_briers = (backdated_loss / backdated_units).tolist()
        due, every_open = (_bounds(totals, figure, words_only) for figure in ("due", "open"))
        backdated_count = np.rint(backdated).astype(int).tolist()
        return [
            TrackRecord(
                forecaster=forecaster,
                number=number,
                table=self._table,
                cohort=self._cohort,
                n=n[number],
                means=means[number],
                due=due[number],
                every_open=every_open[number],
                funnel=funnels[number],
                backdated=backdated_count[number],
                backdated_brier=backdated_briers[number] if backdated_count[number] else None,
                words_only=bool(words_only[number]),
                n_imputed=n_imputed[number],
                means_imputed=means_imputed[number],
            )
            for number, forecaster in enumerate(self._table.forecasters)
        ]

    def _words_only(self, counts: Mapping[int, FloatArray]) -> BoolArray:
        """Return for each forecaster whether they have forecasts, and all their series are imputed."""
        total, imputed = np.zeros(self._forecasters), np.zeros(self._forecasters)
        for code, count in counts.items():
            total += count if code not in NO_NUMBER_CODES else 0
            if self._eligibilities[code].imputed:
                imputed += count
        return np.asarray((total > 0) & (imputed == total))

    def _funnels(self, counted: Mapping[int, FloatArray]) -> list[dict[str, int]]:
        """Return the funnel of each forecaster."""
        counts: defaultdict[Eligibility, FloatArray] = defaultdict(lambda: np.zeros(self._forecasters))
        for code, count in counted.items():  # several codes may mean the same eligibility in this cohort
            counts[self._eligibilities[code]] += count
        stages = funnel(counts, others_apart=self._others_apart)
        # A stage that nobody is in may be a plain 0, not an array; adding zeros makes it one.
        columns = [np.rint(count + np.zeros(self._forecasters)).astype(int).tolist() for count in stages.values()]
        return [dict(zip(stages, numbers, strict=True)) for numbers in zip(*columns, strict=True)]


def _means(sums: FloatArray) -> tuple[list[int], list[dict[str, float]]]:
    """Return each forecaster's number of observations, and the means over them; no means without an observation.

    The number counts wide units, which is the cautious way; the means are taken over fair units.
    """
    n, units, *scores = sums[:BEST]
    with np.errstate(invalid="ignore"):  # 0 / 0 where a forecaster has no unit, which is not shown
        columns = [(score / units).tolist() for score in scores]
    counts, names = np.rint(n).astype(int).tolist(), SUMMED[BRIER:BEST]
    means = zip(counts, zip(*columns, strict=True), strict=True)
    return counts, [dict(zip(names, values, strict=True)) if count else {} for count, values in means]


def _bounds(totals: dict[str, FloatArray], figure: str, words_only: BoolArray) -> list[tuple[float, float] | None]:
    """Return each forecaster's best and worst possible mean Brier in a figure; None if no series counts in it.

    If all numbers of a forecaster are imputed, the bounds are those of the imputed series.
    """
    sums = np.where(words_only, totals[f"{figure}, imputed"], totals[figure])[[UNITS, BEST, WORST]].T.tolist()
    return [(best / units, worst / units) if units else None for units, best, worst in sums]
