"""Each forecaster's record: means, bounds, and what fell out on the way, from sums over all series at once.

A unit, whatever hangs together, is one observation: in means as it was declared in time, in the count with every
cluster ever declared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import BLOCK, Series
from forecasts.questions import YES_NO
from predictions.scoring.eligibility import Cohort, Eligibility, funnel
from predictions.scoring.eligibility_codes import CODES_COUNTED, ELIGIBILITY_OF_CODE, RESOLVED_CODES, equal_code_runs
from predictions.scoring.forecast_columns import ForecasterEntry
from predictions.scoring.forecast_reader import SeriesTable
from predictions.scoring.series_row import EndScores, SeriesRow, rows_of

FEW = 10
SUMMED = ("n", "units", "brier", "log_score", "time_skill", "coverage", "entered", "best", "worst")
N, UNITS, BRIER, BEST, WORST = (SUMMED.index(name) for name in ("n", "units", "brier", "best", "worst"))


class ScoredColumns(NamedTuple):
    """The series in one forecaster's means, by claim in ledger order.

    Attributes:
        claim: The number of each claim.
        unit: A number for what is one observation in a mean.
        cluster: The same with what was declared too late for the means.
        probability: What was said.
        value: How it came out.
        brier: The score of it.
    """

    claim: NDArray[np.int32]
    unit: IndexArray
    cluster: IndexArray
    probability: FloatArray
    value: FloatArray
    brier: FloatArray

    def part(self, chosen: IndexArray) -> ScoredColumns:
        """Some of them, or all in another order."""
        return ScoredColumns._make(column[chosen] for column in self)

    @property
    def clusters(self) -> IndexArray:
        """For each unit, in the order in which they come up, the number of what it hangs together with at most."""
        _, first = np.unique(self.unit, return_index=True)
        return self.cluster[np.sort(first)]

    def unit_means(self, values: FloatArray) -> FloatArray:
        """One observation a unit: the mean over its claims, in the order in which units come up."""
        return unit_means(self.unit, values)


@dataclass(frozen=True, repr=False)
class TrackRecord:
    """One forecaster's record: figures over the claims that are scored, one observation a unit.

    Attributes:
        forecaster: Who.
        number: Their number in the table.
        n: How many units are in the means, as cautiously as they were ever declared.
        means: The mean of brier, log_score, time_skill, coverage and entered; empty with nothing to take it of.
        due: The best and the worst mean Brier that claims due without a verdict leave possible.
        every_open: The same with those still open.
        funnel: How many scored claims fell out on the way to the mean, and why.
        backdated: How many units have backdated forecasts only, and stand apart.
        backdated_brier: The mean Brier of these.
        words_only: Whether every number here is ours, read from words or ranges.
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

    def __repr__(self) -> str:
        return f"<record of {self.forecaster.slug}: {self.n} statements scored of {self.funnel['forecast']} claims>"

    @property
    def few(self) -> bool:
        """Whether that is too few to say anything."""
        return self.n < FEW

    @cached_property
    def rows(self) -> list[SeriesRow]:
        """Every scored claim with a forecast, in ledger order."""
        return rows_of(self.table, self.cohort, self.table.positions_of(self.number))

    @cached_property
    def scored(self) -> list[SeriesRow]:
        """The rows in the mean: stated forecasts with times that are not backdated."""
        return rows_of(self.table, self.cohort, self.positions("means"))

    @cached_property
    def series(self) -> ScoredColumns:
        """The same as columns."""
        part, claims = self.table.series.part(self.positions("means")), self.table.claims
        value = claims.outcome.take(part.claim)
        return ScoredColumns(
            part.claim, claims.units.fair.take(part.claim), claims.units.wide.take(part.claim), part.probability, value,
            self.table.losses(part),
        )  # fmt: skip

    def positions(self, counted: str) -> IndexArray:
        """Where the series that one kind of figure counts stand in the table."""
        mine = self.table.positions_of(self.number)
        return mine[np.isin(self.table.series.mark[mine], CODES_COUNTED[self.cohort][counted])]

    def mean(self, name: str, end: str = "middle", *, rows: Sequence[SeriesRow] | None = None) -> float | None:
        """A mean over units; None with nothing to take it of."""
        if end == "middle" and rows is None:
            return self.means.get(name)
        found = group_by_unit(self.scored if rows is None else rows)
        means = [fmean([row.at(end).figures()[name] for row in group]) for group in found]
        return fmean(means) if means else None

    def bounds(self, *, every_open: bool, end: str = "middle") -> tuple[float, float] | None:
        """The mean Brier if all claims without a verdict went for the forecaster, and if all went against.

        Over claims whose window is over, or with *every_open* over those still open too.
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
        """The rows of those bounds: scored ones, and those that can still be."""
        return [
            row
            for row in self.rows
            if row.eligibility.possible(every_open=every_open) and row.eligibility.imputed == self.words_only
        ]


def group_by_unit(rows: Sequence[SeriesRow]) -> list[list[SeriesRow]]:
    """The rows, grouped by what is one observation."""
    groups: dict[int, list[SeriesRow]] = {}
    for row in rows:
        groups.setdefault(row.claim.unit, []).append(row)
    return list(groups.values())


def unit_means(units: IndexArray, values: FloatArray) -> FloatArray:
    """The mean of the values of each unit, in the order in which units come up.

    >>> unit_means(np.array([7, 3, 7]), np.array([0.0, 0.5, 1.0])).tolist()
    [0.5, 0.5]
    """
    _, first, which, count = np.unique(units, return_index=True, return_inverse=True, return_counts=True)
    return np.asarray((np.bincount(which, values, count.size) / count)[np.argsort(first)])


def possible_scores(reading: EndScores) -> list[float]:
    """The Brier scores a forecast can still have: the one it has, or the best and the worst."""
    if reading.brier is not None or reading.probability is None:
        return [reading.brier or 0.0]
    return [float(one) for one in YES_NO.possible_losses(np.asarray(reading.probability))]


def track_records(table: SeriesTable, cohort: Cohort) -> list[TrackRecord]:
    """A record for each forecaster of the table, by number."""
    sums, units = _Sums(table, cohort), table.claims.units
    shared = _with_others(units.wide, table.wanted)
    if shared.any():
        together = shared[table.series.claim]
        sums.add(table.series.part(~together))
        sums.add_shared(table.series.part(together), units.fair, units.wide)
    else:
        sums.add(table.series)
    return sums.records()


def _with_others(unit: IndexArray, wanted: BoolArray) -> BoolArray:
    """Whether each claim shares its unit with another one that is wanted."""
    _, which = np.unique(unit, return_inverse=True)
    return np.asarray((np.bincount(which, wanted, which.max(initial=-1) + 1) > 1)[which])


def worst_series(table: SeriesTable, persons: Sequence[int], count: int) -> IndexArray:
    """The places of the series of some forecasters that have the highest Brier scores, worst first."""
    listed, best = np.isin(np.arange(len(table.forecasters)), persons), np.zeros(0, np.intp)
    for start in range(0, table.series.claim.size, BLOCK):
        among = np.append(best, np.arange(start, min(start + BLOCK, table.series.claim.size)))
        among = among[listed[table.series.forecaster[among]]]
        series = table.series.part(among)
        loss = table.losses(series)
        loss = np.nan_to_num(loss, nan=-1.0)
        if loss.size > count:
            near = np.flatnonzero(loss >= np.partition(loss, -count)[-count])
            among, series, loss = among[near], series.part(near), loss[near]
        best = among[np.lexsort((series.claim, series.forecaster, -loss))[:count]]
    return best


class _Runs:
    """Stretches of one forecaster's series: what is summed for each of them is summed by runs first."""

    def __init__(self, whose: NDArray[np.int32], people: int) -> None:
        ends = np.ones(whose.size + 1, np.bool_)
        np.not_equal(whose[1:], whose[:-1], out=ends[1:-1])
        edges = np.flatnonzero(ends)
        self._begins, self._people = edges[:-1], people
        self._whose = whose[self._begins]
        self.lengths = self._by_person(edges[1:] - edges[:-1])

    def sums(self, values: FloatArray) -> FloatArray:
        """Values, one for each series, summed for each forecaster."""
        return self._by_person(np.add.reduceat(values, self._begins, dtype=np.float64) if values.size else values)

    def _by_person(self, values: FloatArray | IndexArray) -> FloatArray:
        return np.bincount(self._whose, values, self._people).astype(np.float64, copy=False)


class _Sums:
    """Counts of series by fate, and sums over units, for each forecaster."""

    def __init__(self, table: SeriesTable, cohort: Cohort) -> None:
        self._table, self._cohort, self._people = table, cohort, len(table.forecasters)
        self._fates, self._counted_in = ELIGIBILITY_OF_CODE[cohort], CODES_COUNTED[cohort]
        self._summed = set().union(*self._counted_in.values())
        self._count: defaultdict[int, FloatArray] = defaultdict(lambda: np.zeros(self._people))
        self._sums: defaultdict[int, FloatArray] = defaultdict(lambda: np.zeros((len(SUMMED), self._people)))
        self._shared = {name: np.zeros((len(SUMMED), self._people)) for name in self._counted_in}
        self._apart = np.zeros(self._people)

    def add(self, series: Series) -> None:
        """Every series an observation of its own."""
        for number, part in equal_code_runs(series, BLOCK):
            runs = self._counted(number, part)
            if number in self._summed:
                self._sums[number] += self._of(number, part, runs)

    def add_shared(self, series: Series, fair: IndexArray, wide: IndexArray) -> None:
        """Of several claims of a unit the mean is the observation, in whatever is averaged."""
        for number, part in equal_code_runs(series, BLOCK):
            self._counted(number, part)
        for name, numbers in self._counted_in.items():
            there = series.part(np.isin(series.mark, numbers))
            shares, done = [self._share(there, unit) for unit in (wide, fair)], 0
            for number, part in equal_code_runs(there, BLOCK):
                span = slice(done, done + part.claim.size)
                done = span.stop
                runs = _Runs(part.forecaster, self._people)
                self._shared[name] += self._of(number, part, runs, (shares[0][span], shares[1][span]))

    def _share(self, series: Series, unit: IndexArray) -> FloatArray:
        """Which part each series is of its forecaster's observation of the unit."""
        of = unit[series.claim].astype(np.int64) * self._people + series.forecaster
        _, which, count = np.unique(of, return_inverse=True, return_counts=True)
        return np.asarray(1 / count[which])

    def _counted(self, number: int, part: Series) -> _Runs:
        runs = _Runs(part.forecaster, self._people)
        self._count[number] += runs.lengths
        if self._table.partly_apart.size:
            apart = np.isin(self._table.keys(part), self._table.partly_apart)
            self._apart += np.bincount(part.forecaster, apart, self._people)
        return runs

    def _of(
        self, number: int, part: Series, runs: _Runs, shares: tuple[FloatArray, FloatArray] | None = None
    ) -> FloatArray:
        """The figures SUMMED of series of one fate, for each forecaster; of claims without an outcome the bounds."""
        known = number in RESOLVED_CODES
        scores = (self._table.losses(part), self._table.log_losses(part)) if known else ()
        columns = (
            [*scores, part.saved, part.share, part.entered]
            if known
            else [*self._table.scoring.possible_losses(part.probability)]
        )
        found = np.zeros((len(SUMMED), self._people))
        found[N], found[UNITS] = map(runs.sums, shares) if shares else (runs.lengths, runs.lengths)
        for place, column in enumerate(columns, BRIER if known else BEST):
            found[place] = runs.sums(column if shares is None else column * shares[1])
        if known:
            found[BEST:] = found[BRIER]
        return found

    def records(self) -> list[TrackRecord]:
        """A record for each forecaster."""
        found = {
            name: sum((self._sums[one] for one in numbers), self._shared[name])
            for name, numbers in self._counted_in.items()
        }
        n, units, *means = found["means"][:BEST]
        backdated, of, lost = found["backdated"][: BRIER + 1]
        with np.errstate(invalid="ignore"):  # nothing over nothing
            columns, apart = [(mean / units).tolist() for mean in means], (lost / of).tolist()
        imputed, every = (
            sum((count for number, count in self._count.items() if not only or self._fates[number].imputed), n * 0)
            for only in (True, False)
        )
        words_only = (every > 0) & (imputed == every)
        due, every_open = (_bounds(found, name, words_only) for name in ("due", "open"))
        scored, set_apart = (np.rint(one).astype(int).tolist() for one in (n, backdated))
        funnels, words = self._funnels(), words_only.tolist()
        names = SUMMED[BRIER:BEST]
        return [
            TrackRecord(
                person, one, self._table, self._cohort, scored[one],
                {name: column[one] for name, column in zip(names, columns, strict=True)} if scored[one] else {},
                due[one], every_open[one], funnels[one], set_apart[one], apart[one] if set_apart[one] else None,
                words[one],
            )
            for one, person in enumerate(self._table.forecasters)
        ]  # fmt: skip

    def _funnels(self) -> list[dict[str, int]]:
        """For each forecaster."""
        counts: defaultdict[Eligibility, FloatArray] = defaultdict(lambda: np.zeros(self._people))
        for number, count in self._count.items():  # what differs in what no figure asks for has one fate
            counts[self._fates[number]] += count
        every = funnel(counts, apart=self._apart)
        columns = [np.rint(column + np.zeros(self._people)).astype(int).tolist() for column in every.values()]
        return [dict(zip(every, one, strict=True)) for one in zip(*columns, strict=True)]


def _bounds(found: dict[str, FloatArray], name: str, words_only: BoolArray) -> list[tuple[float, float] | None]:
    """The best and the worst mean; of those whose every number is ours, over these."""
    sums = np.where(words_only, found[f"{name}, imputed"], found[name])[[UNITS, BEST, WORST]].T.tolist()
    return [(best / n, worst / n) if n else None for n, best, worst in sums]
