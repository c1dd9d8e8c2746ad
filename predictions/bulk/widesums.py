"""Sums over columns of forecasts, made into one record for each forecaster; and the series behind them as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np

from forecasts.batches import Batch, Rows, batches, sums
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.scores import brier, log_score
from predictions.bulk.columns import AMBIGUOUS, ANNULLED, RESOLVED, Columns, ScoredClaims
from predictions.bulk.ordering import CLAIMED, GROUPS, IMPUTED
from predictions.bulk.wide import WideRecord, WideScorecard
from predictions.display import Value
from predictions.scoring.rows import Cohort, Place, Rule
from predictions.scoring.track import FUNNEL

ENDED = (Place.ANNULLED, Place.AMBIGUOUS)
PLACES = (Place.SCORED, Place.NOT_DUE, Place.DUE, Place.OVERDUE, *ENDED, *ENDED)
SCORED, NOT_DUE, DUE, OVERDUE, OFF, UNCLEAR, EARLY_OFF, EARLY_UNCLEAR = range(len(PLACES))  # early: before being due
FIGURES = ("brier", "log_score", "time_skill", "coverage")


class Series(NamedTuple):
    """Each forecaster on each claim, as arrays; NaN where there is no figure."""

    claim: IndexArray
    forecaster: IndexArray
    kind: IndexArray  # which of PLACES the claim stands in
    apart: IndexArray
    late: BoolArray
    probability: FloatArray
    outcome: FloatArray
    brier: FloatArray
    log_score: FloatArray
    time_skill: FloatArray
    coverage: FloatArray

    @property
    def counts(self) -> BoolArray:
        """Which are in the mean."""
        return np.asarray((self.kind == SCORED) & (self.apart == 0) & ~np.isnan(self.brier))

    def part(self, chosen: IndexArray | BoolArray) -> Series:
        """Some of them."""
        columns: list[Any] = [column[chosen] for column in self]
        return Series(*columns)

    def place(self, number: int) -> Place:
        """Why one is in the mean, or where else it is counted."""
        if self.kind[number] != SCORED:
            return PLACES[self.kind[number]]
        if self.apart[number] == CLAIMED:
            return Place.CLAIMED
        if np.isnan(self.probability[number]):
            return Place.TOO_LATE if self.late[number] else Place.WITHDRAWN
        return Place.SCORED


def kinds(claims: ScoredClaims, cohort: Cohort, today: date) -> IndexArray:
    """Which of PLACES each claim stands in, as :func:`predictions.scoring.rows.score` has it."""
    now = (today - date(1970, 1, 1)).days
    waiting = np.where(now > claims.settles_on, OVERDUE, np.where(now > claims.resolves_by, DUE, NOT_DUE))
    in_cohort = cohort is Cohort.RESOLVED or now >= claims.settles_on
    found = np.where(claims.stands == RESOLVED, np.where(in_cohort, SCORED, NOT_DUE), waiting)
    found = np.where(claims.stands == ANNULLED, np.where(in_cohort, OFF, EARLY_OFF), found)
    return np.asarray(np.where(claims.stands == AMBIGUOUS, np.where(in_cohort, UNCLEAR, EARLY_UNCLEAR), found), np.intp)


def series_of(batch: Batch) -> Series:
    """The series of one block."""
    rows, first = batch.rows, batch.first
    number = np.searchsorted(first, batch.stood, side="right") - 1
    share, saved = (np.bincount(number, column, first.size) for column in (batch.share, batch.saved))
    outcome = batch.outcome[first]
    probability = np.full(first.size, np.nan)
    probability[number[batch.chosen]] = rows.probability[batch.stood[batch.chosen]]
    known = ~np.isnan(outcome) & ~np.isnan(probability)
    loss, surprise = np.full((2, first.size), np.nan)
    loss[known] = brier(probability[known], outcome[known])
    surprise[known] = log_score(probability[known], outcome[known])
    apart = np.zeros(first.size, np.intp) if rows.apart is None else rows.apart[first].astype(np.intp)
    return Series(
        rows.claim[first].astype(np.intp), rows.forecaster[first].astype(np.intp), batch.kind[first], apart,
        batch.late[first], probability, outcome, loss, surprise, np.where(known, saved, np.nan),
        np.asarray(share, np.float64),
    )  # fmt: skip


class Behind:
    """The rows behind the sums of some columns."""

    def __init__(self, columns: Columns, cohort: Cohort, today: date, *, last: bool) -> None:
        self._columns = columns
        self._kind = kinds(columns.claims, cohort, today)
        self._last = last

    def every(self) -> Iterator[dict[str, Value]]:
        """A row for each forecaster and scored claim."""
        for series in self._series():
            yield from as_rows(series, self._columns)

    def worst(self, count: int) -> list[dict[str, Value]]:
        """Those with the highest Brier scores in the means, worst first."""
        found: list[tuple[float, Series]] = []
        for series in self._series():
            scored = np.flatnonzero(series.counts)
            worst = scored[np.argsort(-series.brier[scored], kind="stable")[:count]]
            found += [(-float(series.brier[one]), series.part(np.array([one]))) for one in worst.tolist()]
            found = sorted(found, key=lambda pair: pair[0])[:count]
        return [row for _, one in found for row in as_rows(one, self._columns)]

    def _series(self) -> Iterator[Series]:
        claims = self._columns.claims.for_batches(self._kind)
        for batch in batches(self._columns.rows, claims, last=self._last):
            yield series_of(batch)


def wide_scorecard(
    columns: Columns, *, cohort: str, rule: str, as_of: datetime, today: date, head: str
) -> WideScorecard:
    """The card of all forecasters whose forecasts these are."""
    which, last = Cohort(cohort), Rule(rule) is Rule.LAST
    forecast = np.zeros(len(columns.claims.slugs), np.bool_)
    forecast[columns.rows.claim] = True
    return WideScorecard(
        records=tuple(wide_records(columns, which, today, last=last)), cohort=which, rule=Rule(rule), as_of=as_of,
        today=today, head=head, unforecast=int((~forecast).sum()), behind=Behind(columns, which, today, last=last),
    )  # fmt: skip


def wide_records(columns: Columns, cohort: Cohort, today: date, *, last: bool) -> list[WideRecord]:
    """A record for each forecaster who has forecast a scored claim."""
    claims = columns.claims
    kind = kinds(claims, cohort, today)
    _, statement, readings = np.unique(claims.statement, return_inverse=True, return_counts=True)
    shared = readings[statement] > 1 if claims.entries.size else np.zeros(0, np.bool_)
    total = _Total(len(columns.forecasters))
    rows, own = columns.rows, ~shared[columns.rows.claim] if shared.any() else None
    for part, several in ((rows, False),) if own is None else ((rows.part(own), False), (rows.part(~own), True)):
        if several:
            total.add_statements(part, columns, kind, statement, last=last)
        else:
            total.add(part, columns, kind, last=last)
    superseded = _superseded(rows, claims.superseded, len(columns.forecasters))
    aside = np.bincount(columns.aside % max(total.statements.size, 1), minlength=total.statements.size)
    return [
        total.record(number, slug, int(superseded[number]), int(aside[number]))
        for number, slug in enumerate(columns.forecasters)
        if total.count[:, :, number].any()
    ]


def _superseded(rows: Rows, superseded: BoolArray, forecasters: int) -> FloatArray:
    if not superseded.any():
        return np.zeros(forecasters)
    rows = rows.part(superseded[rows.claim])
    pairs = np.unique(rows.claim.astype(np.int64) * forecasters + rows.forecaster)
    return np.bincount(pairs % forecasters, minlength=forecasters).astype(np.float64)


class _Total:
    """Counts of series, and sums over statements, for each forecaster."""

    def __init__(self, forecasters: int) -> None:
        shape = (GROUPS, len(PLACES), forecasters)
        self.count, self.stood, self.late = (np.zeros(shape) for _ in range(3))
        self.figures = np.zeros((len(FIGURES), forecasters))
        self.statements = np.zeros(forecasters)
        self.claimed = np.zeros((2, forecasters))  # how many statements, and the sum of their Brier scores
        self.bounds = np.zeros((2, 3, forecasters))  # due, every open: statements, best, worst

    def add(self, rows: Rows, columns: Columns, kind: IndexArray, *, last: bool) -> None:
        """Rows whose claims have a statement each of their own: every series is an observation."""
        shape = {"forecasters": len(columns.forecasters), "kinds": len(PLACES), "groups": GROUPS}
        found = sums(rows, columns.claims.for_batches(kind), **shape, last=last)
        self.count += found.series
        self.stood += found.stood
        self.late += found.late
        mine = (0, SCORED)
        self.statements += found.stood[mine]
        self.figures += [found.brier[mine], found.log_score[mine], found.saved[mine], found.share[mine]]
        self.claimed += [found.stood[CLAIMED, SCORED], found.brier[CLAIMED, SCORED]]
        for number, places in enumerate(((SCORED, DUE, OVERDUE), (SCORED, DUE, OVERDUE, NOT_DUE))):
            for place in places:
                self.bounds[number] += [found.stood[0, place], found.best[0, place], found.worst[0, place]]

    def add_statements(
        self, rows: Rows, columns: Columns, kind: IndexArray, statement: IndexArray, *, last: bool
    ) -> None:
        """Rows on statements of which several readings are scored: their claims' mean is the observation."""
        claims, forecasters = columns.claims.for_batches(kind), len(columns.forecasters)
        parts = [series_of(batch) for batch in batches(rows, claims, last=last)]
        if not parts:
            return
        series = Series(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        cell = (series.apart * len(PLACES) + series.kind) * forecasters + series.forecaster
        present = ~np.isnan(series.probability)
        for counted, cells in ((self.count, cell), (self.stood, cell[present]), (self.late, cell[series.late])):
            np.add(counted, np.bincount(cells, minlength=counted.size).reshape(counted.shape), out=counted)
        of = statement[series.claim] * forecasters + series.forecaster
        own = series.part(series.counts)
        figures = [own.brier, own.log_score, own.time_skill, own.coverage]
        statements, *means = _means(of[series.counts], figures, forecasters)
        self.statements += statements
        self.figures += means
        apart = (series.kind == SCORED) & (series.apart == CLAIMED) & present
        self.claimed += _means(of[apart], [series.brier[apart]], forecasters)
        ends = [_or_if(series, end) for end in (0.0, 1.0)]
        for number, places in enumerate(((SCORED, DUE, OVERDUE), (SCORED, DUE, OVERDUE, NOT_DUE))):
            still = np.isin(series.kind, places) & (series.apart == 0) & present
            both = [np.minimum(*ends)[still], np.maximum(*ends)[still]]
            self.bounds[number] += _means(of[still], both, forecasters)

    def record(self, number: int, slug: str, superseded: int, aside: int) -> WideRecord:
        """The record of one forecaster."""
        n = int(self.statements[number])
        means = {name: float(self.figures[place, number] / n) for place, name in enumerate(FIGURES)} if n else {}
        claimed = int(self.claimed[0, number])
        return WideRecord(
            slug, n, int(self.stood[0, SCORED, number]), means, self._bound(0, number), self._bound(1, number),
            self._funnel(number) | {"superseded": superseded, "with claimed ones apart": aside}, claimed,
            float(self.claimed[1, number] / claimed) if claimed else None,
        )  # fmt: skip

    def _bound(self, which: int, number: int) -> tuple[float, float] | None:
        count, best, worst = self.bounds[which, :, number].tolist()
        return (best / count, worst / count) if count else None

    def _funnel(self, number: int) -> dict[str, int]:
        places = self.count[:, :, number].sum(axis=0).astype(int).tolist()
        own = [group for group in range(GROUPS) if group != CLAIMED]
        scored, imputed = int(self.stood[0, SCORED, number]), int(self.stood[IMPUTED, SCORED, number])
        late = int(self.late[own, SCORED, number].sum())
        resolved, all_of_them, early = places[SCORED], sum(places), places[EARLY_OFF] + places[EARLY_UNCLEAR]
        claimed = int(self.count[CLAIMED, SCORED, number])
        withdrawn = resolved - claimed - scored - imputed - late
        return dict(
            zip(
                FUNNEL,
                (
                    all_of_them, all_of_them - places[NOT_DUE] - early, resolved, scored,
                    places[OFF] + places[EARLY_OFF], places[UNCLEAR] + places[EARLY_UNCLEAR], places[OVERDUE],
                    places[DUE], claimed, imputed, late, withdrawn, 0, early, 0,
                ),
                strict=True,
            )
        )  # fmt: skip


def _or_if(series: Series, end: float) -> FloatArray:
    """The Brier score each has, or would have with that outcome."""
    chance = np.where(np.isnan(series.probability), end, series.probability)
    return np.where(np.isnan(series.brier), brier(chance, np.full(chance.shape, end)), series.brier)


def _means(of: IndexArray, figures: list[FloatArray], forecasters: int) -> list[FloatArray]:
    """For each forecaster how many of his statements there are, and the sum over them of each figure's mean."""
    statements, number, count = np.unique(of, return_inverse=True, return_counts=True)
    whose = statements % forecasters
    found = [np.bincount(whose, minlength=forecasters).astype(np.float64)]
    for one in figures:
        mean = np.bincount(number, one, count.size) / count
        found.append(np.asarray(np.bincount(whose, mean, forecasters), np.float64))
    return found


def as_rows(series: Series, columns: Columns) -> Iterator[dict[str, Value]]:
    """Plain rows, one a series."""
    aside = np.isin(series.claim * len(columns.forecasters) + series.forecaster, columns.aside)
    for number in range(series.claim.size):
        figures = {
            name: None if np.isnan(value := getattr(series, name)[number]) else float(value)
            for name in ("probability", "outcome", "brier", "log_score", "time_skill")
        }
        yield {
            "claim": columns.claims.slugs[series.claim[number]],
            "forecaster": columns.forecasters[series.forecaster[number]],
            "place": series.place(number).value,
            "probability": figures["probability"],
            "value": figures["outcome"],
            "brier": figures["brier"],
            "log_score": figures["log_score"],
            "time_skill": figures["time_skill"],
            "coverage": float(series.coverage[number]),
            "imputed": bool(series.apart[number] == IMPUTED),
            "claimed": bool(series.apart[number] == CLAIMED),
            "claimed_apart": bool(aside[number]),
            "superseded": bool(columns.claims.superseded[series.claim[number]]),
        }
