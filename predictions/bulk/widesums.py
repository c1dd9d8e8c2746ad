"""Sums over series of forecasts, made into one record for each forecaster; and the series as plain rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasts.batches import BLOCK, Series, filled, losses, possible_losses
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.bulk.byhand import Held
from predictions.bulk.fates import COUNTED_IN, FATES, KNOWN, stretches
from predictions.display import Value
from predictions.scoring.places import Cohort, Fate, funnel
from predictions.scoring.track import FEW

SUMMED = ("n", "brier", "log_score", "time_skill", "coverage", "best", "worst")
N, BRIER, BEST, WORST = (SUMMED.index(name) for name in ("n", "brier", "best", "worst"))


@dataclass(frozen=True)
class WideRecord:
    """One forecaster's sums: figures over the claims that are scored, one observation a statement."""

    forecaster: str
    title: str
    n: int
    claims: int
    means: dict[str, float]
    due: tuple[float, float] | None
    every_open: tuple[float, float] | None
    funnel: dict[str, int]
    backdated: int
    backdated_brier: float | None

    @property
    def few(self) -> bool:
        """Whether that is too few to say anything."""
        return self.n < FEW

    def mean(self, name: str) -> float | None:
        """The mean of brier, log_score, time_skill or coverage; None with nothing to take it of."""
        return self.means.get(name)

    def bounds(self, *, every_open: bool) -> tuple[float, float] | None:
        """The mean Brier if all claims without a verdict went for him, and if all went against him."""
        return self.every_open if every_open else self.due


class Behind:
    """The series behind a card: what they sum to, and rows of them."""

    def __init__(self, held: Held, cohort: Cohort) -> None:
        self._held, self._people = held, len(held.forecasters)
        self._fates, self._counted_in = FATES[cohort], COUNTED_IN[cohort]

    def records(self, by: Collection[str]) -> list[WideRecord]:
        """A record for each forecaster who has forecast a scored claim, or was asked for."""
        total = _Total(self._people, self._fates, self._counted_in)
        series, statement = self._held.series, self._held.claims.statement
        same = np.unique(statement, return_inverse=True)[1]
        several = (np.bincount(same, self._held.wanted) > 1)[same]
        if several.any():
            shared = several[series.claim]
            self._add(total, series.part(~shared))
            self._add_shared(total, series.part(shared), same)
        else:
            self._add(total, series)
        return [one for one in total.records(self._held) if one.funnel["forecast"] or one.forecaster in by]

    def _add(self, total: _Total, series: Series) -> None:
        """Every series an observation of its own."""
        for number, part in stretches(series, BLOCK):
            runs = self._count(total, number, part)
            if number in total.summed:
                total.sums[number] += self._sums(number, part, runs)

    def _add_shared(self, total: _Total, series: Series, statement: IndexArray) -> None:
        """Of several readings of a statement the mean is the observation, in whatever is averaged."""
        for number, part in stretches(series, BLOCK):
            self._count(total, number, part)
        for name, numbers in self._counted_in.items():
            there = series.part(np.isin(series.apart, numbers))
            of = statement[there.claim] * self._people + there.forecaster
            _, which, count = np.unique(of, return_inverse=True, return_counts=True)
            weights, done = 1 / count[which], 0
            for number, part in stretches(there, BLOCK):
                weight, done = weights[done : done + part.claim.size], done + part.claim.size
                total.shared[name] += self._sums(number, part, self._runs(part), weight)

    def _count(self, total: _Total, number: int, part: Series) -> _Runs:
        runs = self._runs(part)
        total.count[number] += runs.lengths
        for which, counts in (self._superseded(part), total.superseded), (self._apart(part), total.apart):
            if which is not None:
                np.add(counts, np.bincount(part.forecaster, which, self._people), out=counts)
        return runs

    def every(self) -> Iterator[dict[str, Value]]:
        """A row for each forecaster and scored claim."""
        order = np.lexsort((self._held.series.forecaster, self._held.series.claim))
        for start in range(0, order.size, BLOCK):
            yield from self._rows(self._held.series.part(order[start : start + BLOCK]))

    def worst(self, count: int) -> list[dict[str, Value]]:
        """Those with the highest Brier scores in the means, worst first."""
        found = self._held.series.part(slice(0, 0))
        for number, scored in stretches(self._held.series, BLOCK):
            if number not in self._counted_in["means"]:
                continue
            both = filled((found, scored), found.claim.size + scored.claim.size, scored)
            loss = self._losses(both)[0]
            least = np.partition(loss, -count)[-count] if loss.size > count else 0.0
            among = np.flatnonzero(loss >= least)
            order = np.lexsort((both.forecaster[among], both.claim[among], -loss[among]))
            found = both.part(among[order[:count]])
        return list(self._rows(found))

    def scored(self, forecaster: str) -> tuple[FloatArray, FloatArray]:
        """The forecasts in his means, and how they came out."""
        series = self._held.series
        his = series.forecaster == self._held.forecasters.index(forecaster)
        mine = series.part(np.flatnonzero(his & np.isin(series.apart, self._counted_in["means"])))
        return mine.probability, self._held.claims.outcome[mine.claim]

    def _runs(self, part: Series) -> _Runs:
        return _Runs(part.forecaster, self._people)

    def _losses(self, part: Series) -> tuple[FloatArray, FloatArray]:
        return losses(part.probability, self._held.claims.outcome.take(part.claim))

    def _superseded(self, part: Series) -> BoolArray | None:
        """Which are on claims that another took the place of; None where there are none such."""
        superseded = self._held.claims.superseded
        return superseded.take(part.claim) if superseded.any() else None

    def _apart(self, part: Series) -> BoolArray | None:
        """Of which series some times are backdated, and set aside; None where there are none such."""
        if not self._held.aside.size:
            return None
        return np.isin(part.claim.astype(np.int64) * self._people + part.forecaster, self._held.aside)

    def _sums(self, number: int, part: Series, runs: _Runs, weight: FloatArray | None = None) -> FloatArray:
        """The figures SUMMED of series of one fate, for each forecaster; of claims without an outcome the bounds."""
        known = number in KNOWN
        columns = [*self._losses(part), part.saved, part.share] if known else [*possible_losses(part.probability)]
        found = np.zeros((len(SUMMED), self._people))
        found[N] = runs.lengths if weight is None else runs.sums(weight)
        for place, column in enumerate(columns, BRIER if known else BEST):
            found[place] = runs.sums(column if weight is None else column * weight)
        if known:
            found[BEST:] = found[BRIER]
        return found

    def _rows(self, part: Series) -> Iterator[dict[str, Value]]:
        """Plain rows, one a series."""
        claims = self._held.claims
        loss, surprise = self._losses(part)
        superseded, apart = (
            np.zeros(loss.size, np.bool_) if which is None else which
            for which in (self._superseded(part), self._apart(part))
        )
        for number, claim in enumerate(part.claim.tolist()):
            one = self._fates[part.apart[number]]
            yield {
                "claim": claims.slugs[claim],
                "forecaster": self._held.forecasters[part.forecaster[number]],
                "place": one.place.value,
                "probability": _or_none(part.probability[number]),
                "value": _or_none(claims.outcome[claim]),
                "brier": _or_none(loss[number]),
                "log_score": _or_none(surprise[number]),
                "time_skill": _or_none(part.saved[number]),
                "coverage": float(part.share[number]),
                "imputed": one.imputed,
                "backdated": one.backdated,
                "backdated_apart": bool(apart[number]),
                "superseded": bool(superseded[number]),
            }


class _Runs:
    """Stretches of one forecaster's series: what is summed for each of them is summed by stretches first."""

    def __init__(self, whose: NDArray[np.int32], people: int) -> None:
        ends = np.ones(whose.size + 1, np.bool_)
        np.not_equal(whose[1:], whose[:-1], out=ends[1:-1])
        edges = np.flatnonzero(ends)
        self._begins, self._people = edges[:-1], people
        self._whose = whose[self._begins]
        self.lengths = self._by_person(edges[1:] - edges[:-1])

    def sums(self, values: FloatArray) -> FloatArray:
        """Values, one for each series, summed for each forecaster."""
        return self._by_person(np.add.reduceat(values, self._begins) if values.size else values)

    def _by_person(self, values: FloatArray | IndexArray) -> FloatArray:
        return np.bincount(self._whose, values, self._people).astype(np.float64, copy=False)


class _Total:
    """Counts of series by fate, and sums over statements, for each forecaster."""

    def __init__(self, people: int, fates: Sequence[Fate], counted_in: Mapping[str, Sequence[int]]) -> None:
        self._fates, self._counted_in = fates, counted_in
        self.summed = set().union(*counted_in.values())
        self.count: defaultdict[int, FloatArray] = defaultdict(lambda: np.zeros(people))
        self.sums: defaultdict[int, FloatArray] = defaultdict(lambda: np.zeros((len(SUMMED), people)))
        self.shared = {name: np.zeros((len(SUMMED), people)) for name in counted_in}
        self.superseded, self.apart = np.zeros((2, people))

    def records(self, held: Held) -> list[WideRecord]:
        """A record for each forecaster."""
        found = {name: sum((self.sums[one] for one in of), self.shared[name]) for name, of in self._counted_in.items()}
        n, *means = found["means"][:BEST]
        backdated, lost = found["backdated"][: BRIER + 1]
        with np.errstate(invalid="ignore"):  # nothing over nothing
            columns, apart = [(mean / n).tolist() for mean in means], (lost / backdated).tolist()
        words_only = ~np.any([count for number, count in self.count.items() if not self._fates[number].imputed], axis=0)
        due, every_open = (_bounds(found, name, words_only) for name in ("due", "open"))
        count = sum((self.count[one] for one in self._counted_in["means"]), np.zeros(n.size))
        scored, rows, set_apart = (np.rint(one).astype(int).tolist() for one in (n, count, backdated))
        funnels = self._funnels()
        names = SUMMED[BRIER:BEST]
        return [
            WideRecord(
                slug, held.titles.get(slug, slug), scored[one], rows[one],
                {name: column[one] for name, column in zip(names, columns, strict=True)} if scored[one] else {},
                due[one], every_open[one], funnels[one], set_apart[one], apart[one] if set_apart[one] else None,
            )
            for one, slug in enumerate(held.forecasters)
        ]  # fmt: skip

    def _funnels(self) -> list[dict[str, int]]:
        """For each forecaster."""
        counts: defaultdict[Fate, FloatArray] = defaultdict(lambda: np.zeros(self.superseded.size))
        for number, count in self.count.items():  # what differs in what no figure asks for has one fate
            counts[self._fates[number]] += count
        every = funnel(counts, superseded=self.superseded, apart=self.apart)
        columns = [np.rint(column + np.zeros(self.superseded.size)).astype(int).tolist() for column in every.values()]
        return [dict(zip(every, one, strict=True)) for one in zip(*columns, strict=True)]


def _bounds(found: dict[str, FloatArray], name: str, words_only: BoolArray) -> list[tuple[float, float] | None]:
    """The best and the worst mean; of those whose every number is ours, over these."""
    sums = np.where(words_only, found[f"{name}, imputed"], found[name])[[N, BEST, WORST]].T.tolist()
    return [(best / n, worst / n) if n else None for n, best, worst in sums]


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
