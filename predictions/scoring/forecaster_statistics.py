"""Each forecaster's figures, computed when they are first asked for, and the order in which forecasters stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from forecasts.comparison import shrink_differences
from forecasts.corp import ConsistencyTest, CorpDecomposition, corp_decomposition
from forecasts.inputs import IndexArray
from predictions.errors import InvalidValue, short_repr
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.pool import Pool
from predictions.scoring.references import StandingForecasts
from predictions.scoring.score_columns import (
    SCORES,
    SORTED_BY,
    CardPart,
    Reference,
    ScoreColumn,
    SkillAgainst,
    columns_in,
)
from predictions.scoring.statistics import Ends, beside_half, calibrated, resampled, verdict_of
from predictions.scoring.track_record import TrackRecord, unit_means

REFERENCES = {column.name: Reference(column.label) for column in columns_in(CardPart.SKILL)}
SPLIT = {field.name for field in fields(CorpDecomposition)}


def figure_of(record: TrackRecord, name: str) -> Any:  # as its column says
    """A figure that everybody has, as one pass gave it."""
    if name in {"n", "funnel"}:
        return getattr(record, name)
    if name in {"bounds_due", "bounds_open"}:
        return record.bounds(every_open=name == "bounds_open")
    if name == "brier_original":
        return None if record.mean("brier") is None else 2 * record.means["brier"]
    return record.mean(name)


class ScorecardStats(Mapping[str, "ForecasterStats"]):
    """The figures of each forecaster of a card, by slug."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._figures = {record.forecaster.slug: ForecasterStats(record, self) for record in pool.listed}

    def __getitem__(self, forecaster: str) -> ForecasterStats:
        return self._figures[forecaster]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    @cached_property
    def shrunk_briers(self) -> dict[str, ShrunkBrier]:
        """Everybody's mean Brier drawn towards the others'."""
        return shrunk_briers(self.pool.independent)


@dataclass(frozen=True, eq=False)
class ForecasterStats:
    """The figures of one forecaster's scored rows, each computed when it is first asked for; None without any.

    Attributes:
        record: What one pass over all series came to.
        among: The figures of everybody on the card.
    """

    record: TrackRecord
    among: ScorecardStats

    @property
    def slug(self) -> str:
        """Whose they are."""
        return self.record.forecaster.slug

    def value(self, name: str) -> Any:  # a number, an interval or counts, as its column says
        """The figure of that name in the table of scores."""
        if SCORES[name].everybody:
            return figure_of(self.record, name)
        if name in REFERENCES:
            against = self.skill.get(REFERENCES[name])
            return against.skill if against else None
        return getattr(self.split if name in SPLIT else self, name, None)

    @property
    def brier(self) -> float | None:
        """The mean Brier score."""
        return self.record.mean("brier")

    @cached_property
    def interval(self) -> Ends | None:
        """Where the mean Brier lies, from resampled statements."""
        return resampled(self.record)

    @cached_property
    def skill(self) -> dict[Reference, SkillAgainst]:
        """The loss saved over time against each reference that has something to say."""
        return _skills(StandingForecasts(self.among.pool, self.record.positions("means")), self.record.series.unit)

    @cached_property
    def split(self) -> CorpDecomposition | None:
        """The parts of the mean Brier, over claims."""
        said = self.record.series
        return corp_decomposition(said.probability, said.value)

    @cached_property
    def consistency(self) -> ConsistencyTest | None:
        """How the miscalibration compares with that of calibrated forecasters."""
        return calibrated(self.record)

    @property
    def p_value(self) -> float | None:
        """How often a calibrated forecaster would look as miscalibrated."""
        return self.consistency.p_value if self.consistency else None

    @property
    def shrunk(self) -> float | None:
        """The mean Brier drawn towards the others'."""
        drawn = self.among.shrunk_briers.get(self.slug)
        return drawn.shrunk if drawn else None

    @cached_property
    def verdict(self) -> str:
        """What can be said of it, however often one looks."""
        return verdict_of(self.among.pool, self.record)


def _skills(stood: StandingForecasts, units: IndexArray) -> dict[Reference, SkillAgainst]:
    found = {}
    for reference in Reference:
        values = stood.saved(reference)
        there = ~np.isnan(values)
        if there.any():
            means = unit_means(units[there], values[there])
            found[reference] = SkillAgainst(float(means.mean()), means.size)
    return found


class ShrunkBrier(NamedTuple):
    """One forecaster's mean Brier drawn towards the others'."""

    brier: float
    raw: float  # the mean Brier less that of always saying 50 %, on the same statements
    moved: float  # that, drawn towards the centre
    weight: float  # the share that the centre has in it
    centre: float
    people: int

    @property
    def shrunk(self) -> float:
        return self.brier + self.moved - self.raw


def shrunk_briers(people: Sequence[TrackRecord]) -> dict[str, ShrunkBrier]:
    """Mean Briers drawn towards each other; by forecaster, where at least two have one.

    Among *people* there must be none that follows from others: it would count their statements a second time.
    """
    pool = [record for record in people if record.n]
    result = shrink_differences([beside_half(record.series) for record in pool]) if len(pool) > 1 else None
    if result is None:
        return {}
    return {
        record.forecaster.slug: ShrunkBrier(record.mean("brier") or 0.0, raw, moved, weight, result.centre, len(pool))
        for record, raw, moved, weight in zip(
            pool, result.raw.tolist(), result.shrunk.tolist(), result.weight.tolist(), strict=True
        )
    }


def check_sort(sort: object, cohort: Cohort, rule: Rule) -> None:
    """Refuse what no forecasters can be sorted by: InvalidValue."""
    if sort is None:
        return
    if not isinstance(sort, str) or sort not in SORTED_BY:
        raise InvalidValue(f"{short_repr(sort)} is nothing to sort by; say one of {', '.join(SORTED_BY)}")
    against = "rule='last', which rewards shouting" if rule is Rule.LAST else "cohort='resolved', which is biased"
    if SCORES[sort].beware and (rule is Rule.LAST or cohort is Cohort.RESOLVED):
        raise InvalidValue(f"nobody is sorted by {sort} with {against}; leave one of the two out")


def listing_order(records: Sequence[TrackRecord], me: str | None, sort: str | None) -> list[TrackRecord]:
    """Most statements first, *me* last; or in the order of a score."""
    found = sorted(records, key=lambda one: (one.forecaster.slug == me, -one.funnel["forecast"], one.forecaster.slug))
    return found if sort is None else sorted(found, key=lambda record: _rank(record, SCORES[sort]))


def _rank(record: TrackRecord, column: ScoreColumn) -> tuple[bool, float]:
    """The best first, or the most; who has no such figure last."""
    value = figure_of(record, column.name)
    return value is None, 0.0 if value is None else value if column.better == "lower" else -value
