"""Sums over series of forecasts, made into one record for each forecaster; and the series as plain rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from forecasts.batches import BLOCK, Series, filled, losses
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.bulk.byhand import Held
from predictions.bulk.columns import AMBIGUOUS, ANNULLED, RESOLVED, ScoredClaims
from predictions.bulk.ordering import CLAIMED, GROUPS, IMPUTED
from predictions.bulk.wide import WideRecord, WideScorecard
from predictions.display import Value
from predictions.scoring.filtering import Filter
from predictions.scoring.rows import Cohort, Place, Rule
from predictions.scoring.track import FUNNEL

ENDED = (Place.ANNULLED, Place.AMBIGUOUS)
PLACES = (Place.SCORED, Place.NOT_DUE, Place.DUE, Place.OVERDUE, *ENDED, *ENDED)
SCORED, NOT_DUE, DUE, OVERDUE, OFF, UNCLEAR, EARLY_OFF, EARLY_UNCLEAR = range(len(PLACES))  # early: before being due
SUMMED = ("n", "brier", "log_score", "time_skill", "coverage", "best", "worst")
N, BEST, WORST = (SUMMED.index(name) for name in ("n", "best", "worst"))
MEANS = (SCORED,)
REACHES = (MEANS, (SCORED, DUE, OVERDUE), (SCORED, DUE, OVERDUE, NOT_DUE))  # of the means, and of both bounds


def kinds(claims: ScoredClaims, cohort: Cohort, today: date) -> IndexArray:
    """Which of PLACES each claim stands in, as :func:`predictions.scoring.rows.score` has it."""
    now = (today - date(1970, 1, 1)).days
    waiting = np.where(now > claims.settles_on, OVERDUE, np.where(now > claims.resolves_by, DUE, NOT_DUE))
    in_cohort = cohort is Cohort.RESOLVED or now >= claims.settles_on
    found = np.where(claims.stands == RESOLVED, np.where(in_cohort, SCORED, NOT_DUE), waiting)
    found = np.where(claims.stands == ANNULLED, np.where(in_cohort, OFF, EARLY_OFF), found)
    return np.asarray(np.where(claims.stands == AMBIGUOUS, np.where(in_cohort, UNCLEAR, EARLY_UNCLEAR), found), np.intp)


def wide_scorecard(
    held: Held, *, cohort: Cohort, rule: Rule, as_of: datetime, today: date, head: str, only: Filter,
    by: Collection[str] = (),
) -> WideScorecard:  # fmt: skip
    """The card of all forecasters whose series these are, and of those asked for *by* name, even without one."""
    behind = Behind(held, cohort, rule, today)
    forecast = np.zeros(held.wanted.size, np.bool_)
    forecast[held.series.claim] = True
    return WideScorecard(
        records=tuple(behind.records(by)), cohort=cohort, rule=rule, as_of=as_of, today=today, head=head,
        unforecast=int((held.wanted & ~forecast).sum()), filter=only, behind=behind,
    )  # fmt: skip


class Behind:
    """The series behind a card: what they sum to, and rows of them."""

    def __init__(self, held: Held, cohort: Cohort, rule: Rule, today: date) -> None:
        self._held, self._rule = held, rule
        self._kind = kinds(held.claims, cohort, today)
        self._people = len(held.forecasters)
        self._shape = (GROUPS, len(PLACES), self._people)  # of the cells in which series are counted and summed
        self._size = GROUPS * len(PLACES) * self._people

    def records(self, by: Collection[str]) -> list[WideRecord]:
        """A record for each forecaster who has forecast a scored claim, or was asked for."""
        total = _Total(self._shape)
        statement, readings = np.unique(self._held.claims.statement, return_inverse=True, return_counts=True)[1:]
        shared = (readings[statement] > 1)[self._held.series.claim]
        alone = self._held.series.part(~shared) if shared.any() else self._held.series
        own = total.sums[0].copy()
        for part in _blocks(alone, max(BLOCK, 2 * self._size)):
            cells = self._cells(part)
            self._count(total, part, cells)
            own += self._sums(part, cells)
        total.sums += own
        if shared.any():  # several readings of a statement: their mean is the observation, in whatever is averaged
            part = self._held.series.part(shared)
            self._count(total, part, self._cells(part))
            for number, reach in enumerate(REACHES):
                there = part.part(np.isin(self._kind[part.claim], reach) & ~np.isnan(self._chosen(part)))
                mark = np.where(there.apart & CLAIMED, CLAIMED, there.apart)
                of = (statement[there.claim] * self._people + there.forecaster) * GROUPS + mark
                _, which, count = np.unique(of, return_inverse=True, return_counts=True)
                total.sums[number] += self._sums(there, self._cells(there), 1 / count[which])
        return total.records(self._held.forecasters, by)

    def every(self) -> Iterator[dict[str, Value]]:
        """A row for each forecaster and scored claim."""
        for part in _blocks(self._held.series, BLOCK):
            yield from self._rows(part)

    def worst(self, count: int) -> list[dict[str, Value]]:
        """Those with the highest Brier scores in the means, worst first."""
        found = self._held.series.part(slice(0, 0))
        for part in _blocks(self._held.series, BLOCK):
            counts = (self._kind[part.claim] == SCORED) & (part.apart == 0) & ~np.isnan(self._chosen(part))
            scored = part.part(counts)
            both = filled((found, scored), found.claim.size + scored.claim.size, scored)
            found = both.part(np.argsort(-self._losses(both)[0], kind="stable")[:count])
        return list(self._rows(found))

    def _chosen(self, part: Series) -> FloatArray:
        return part.first if self._rule is Rule.FIRST else part.last

    def _losses(self, part: Series) -> tuple[FloatArray, FloatArray]:
        return losses(self._chosen(part), self._held.claims.outcome[part.claim])

    def _cells(self, part: Series) -> IndexArray:
        cells = self._kind[part.claim]
        if part.apart.any():
            cells += part.apart.astype(np.intp) * len(PLACES)
        cells *= self._people
        cells += part.forecaster
        return cells

    def _count(self, total: _Total, part: Series, cells: IndexArray) -> None:
        present = ~np.isnan(self._chosen(part))
        for counts, which in ((total.count, None), (total.stood, present), (total.late, part.late)):
            np.add(counts, np.bincount(cells, which, self._size).reshape(self._shape), out=counts)
        superseded, aside = self._held.claims.superseded[part.claim], self._aside(part)
        for counts, which in ((total.superseded, superseded), (total.aside, aside)):
            if which.any():
                np.add(counts, np.bincount(part.forecaster, which, self._people), out=counts)

    def _aside(self, part: Series) -> BoolArray:
        """Of which series some times are only claimed, and set aside."""
        return np.isin(part.claim.astype(np.int64) * self._people + part.forecaster, self._held.aside)

    def _sums(self, part: Series, cells: IndexArray, weight: FloatArray | None = None) -> FloatArray:
        """The sums of SUMMED in each cell, over what ever stood; of whole statements where a weight says so.

        Where there is no outcome, only the number and the bounds mean anything.
        """
        chance, (loss, surprise) = self._chosen(part), self._losses(part)
        cells = np.where(np.isnan(chance), self._size, cells)  # a cell that is left out

        def total(values: FloatArray | None, chosen: slice | IndexArray = slice(None)) -> FloatArray:
            weights = values if weight is None else weight[chosen] if values is None else values * weight[chosen]
            return np.bincount(cells[chosen], weights, self._size + 1)[:-1].astype(np.float64)

        still = np.flatnonzero(np.isnan(loss))
        loss[still] = 0.0
        best = worst = lost = total(loss)
        if still.size:
            if_no, if_yes = chance[still] ** 2, (1.0 - chance[still]) ** 2
            best = lost + total(np.minimum(if_no, if_yes), still)
            worst = lost + total(np.maximum(if_no, if_yes), still)
        found = (total(None), lost, total(surprise), total(part.saved), total(part.share), best, worst)
        return np.array(found).reshape(-1, *self._shape)

    def _rows(self, part: Series) -> Iterator[dict[str, Value]]:
        """Plain rows, one a series."""
        claims, chosen = self._held.claims, self._chosen(part)
        loss, surprise = self._losses(part)
        aside = self._aside(part)
        for number, claim in enumerate(part.claim.tolist()):
            yield {
                "claim": claims.slugs[claim],
                "forecaster": self._held.forecasters[part.forecaster[number]],
                "place": self._place(part, number).value,
                "probability": _or_none(chosen[number]),
                "value": _or_none(claims.outcome[claim]),
                "brier": _or_none(loss[number]),
                "log_score": _or_none(surprise[number]),
                "time_skill": _or_none(part.saved[number]),
                "coverage": float(part.share[number]),
                "imputed": bool(part.apart[number] & IMPUTED),
                "claimed": bool(part.apart[number] & CLAIMED),
                "claimed_apart": bool(aside[number]),
                "superseded": bool(claims.superseded[claim]),
            }

    def _place(self, part: Series, number: int) -> Place:
        """Why one is in the mean, or where else it is counted."""
        kind = self._kind[part.claim[number]]
        if kind != SCORED:
            return PLACES[kind]
        if part.apart[number] & CLAIMED:
            return Place.CLAIMED
        if np.isnan(self._chosen(part)[number]):
            return Place.TOO_LATE if part.late[number] else Place.WITHDRAWN
        return Place.SCORED


class _Total:
    """Counts of series, and sums over statements, for each forecaster."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.count, self.stood, self.late = (np.zeros(shape) for _ in range(3))
        self.sums = np.zeros((len(REACHES), len(SUMMED), *shape))
        self.superseded, self.aside = np.zeros((2, shape[-1]))

    def records(self, forecasters: Sequence[str], by: Collection[str]) -> list[WideRecord]:
        """A record for each forecaster who has any series, or was asked for."""
        with np.errstate(invalid="ignore"):  # nothing over nothing
            n, *means = self.sums[0, :BEST, 0, SCORED]
            claimed, lost = self.sums[0, :2, CLAIMED::2, SCORED].sum(axis=1)
            columns = [(mean / n).tolist() for mean in means]
            apart = (lost / claimed).tolist()
        due, every_open = (self._bounds(reach) for reach in (1, 2))
        funnels = self._funnels().T.tolist()
        scored, count, set_apart = (np.rint(one).astype(int).tolist() for one in (n, self.stood[0, SCORED], claimed))
        names = SUMMED[1:BEST]
        return [
            WideRecord(
                slug, scored[one], count[one],
                {name: column[one] for name, column in zip(names, columns, strict=True)} if scored[one] else {},
                due[one], every_open[one], dict(zip(FUNNEL, funnels[one], strict=True)), set_apart[one],
                apart[one] if set_apart[one] else None,
            )
            for one, slug in enumerate(forecasters)
            if funnels[one][0] or slug in by
        ]  # fmt: skip

    def _bounds(self, reach: int) -> list[tuple[float, float] | None]:
        """Of those whose every number is ours, over these."""
        words_only = ~self.count[[0, CLAIMED]].any(axis=(0, 1))
        sums = self.sums[reach][[N, BEST, WORST]][:, :, list(REACHES[reach])].sum(axis=2)
        found = np.where(words_only, sums[:, IMPUTED], sums[:, 0]).T.tolist()
        return [(best / n, worst / n) if n else None for n, best, worst in found]

    def _funnels(self) -> NDArray[np.intp]:
        """For each of FUNNEL, and each forecaster."""
        places = self.count.sum(axis=0)
        scored, imputed = self.stood[0, SCORED], self.stood[IMPUTED, SCORED]
        late = self.late[[0, IMPUTED], SCORED].sum(axis=0)
        claimed = self.count[CLAIMED::2, SCORED].sum(axis=0)
        resolved, all_of_them, early = places[SCORED], places.sum(axis=0), places[EARLY_OFF] + places[EARLY_UNCLEAR]
        counts = (
            all_of_them, all_of_them - places[NOT_DUE] - early, resolved, scored, places[OFF] + places[EARLY_OFF],
            places[UNCLEAR] + places[EARLY_UNCLEAR], places[OVERDUE], places[DUE], claimed, imputed, late,
            resolved - claimed - scored - imputed - late, self.superseded, early, self.aside,
        )  # fmt: skip
        return np.array(counts).astype(np.intp)


def _blocks(series: Series, size: int) -> Iterator[Series]:
    for start in range(0, series.claim.size, size):
        yield series.part(slice(start, start + size))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
