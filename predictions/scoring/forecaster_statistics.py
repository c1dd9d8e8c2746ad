"""Each forecaster's figures, computed when they are first asked for, and the order in which forecasters are listed."""

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
from predictions.scoring.anytime import presumed, verdict_of
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding
from predictions.scoring.score_columns import (
    SCORES,
    SORTED_BY,
    CardPart,
    Reference,
    ScoreColumn,
    SkillAgainst,
    columns_in,
)
from predictions.scoring.statistics import Ends, beside_half, calibrated, e_value, resampled
from predictions.scoring.track_record import TrackRecord, unit_means

REFERENCES = {column.name: Reference(column.label) for column in columns_in(CardPart.SKILL)}
DECOMPOSITION = {field.name for field in fields(CorpDecomposition)}


def figure_of(record: TrackRecord, name: str) -> Any:  # a number, an interval or counts, as the column says
    """Return a figure of a column with ``everybody``, which the sums over all series give; None without a value."""
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
        """The mean Brier of each forecaster, listed or not, drawn towards that of the others."""
        return shrunk_briers(self.pool.independent)


@dataclass(frozen=True, eq=False)
class ForecasterStats:
    """The figures of one forecaster over the series that are scored; a figure without enough data is None.

    Attributes:
        record: The forecaster's record: means, bounds and funnel.
        card: The figures of everybody on the card.
    """

    record: TrackRecord
    card: ScorecardStats

    @property
    def slug(self) -> str:
        """The forecaster's slug."""
        return self.record.forecaster.slug

    def value(self, name: str) -> Any:  # a number, an interval or counts, as the column says
        """Return the figure with that name in SCORES; None if there is not enough data for it."""
        if SCORES[name].everybody:
            return figure_of(self.record, name)
        if name in REFERENCES:
            against = self.skill.get(REFERENCES[name])
            return against.skill if against else None
        return getattr(self.decomposition if name in DECOMPOSITION else self, name, None)

    @property
    def brier(self) -> float | None:
        """The mean Brier score."""
        return self.record.mean("brier")

    @cached_property
    def interval(self) -> Ends | None:
        """The interval of the mean Brier, from resampled statements."""
        return resampled(self.record)

    @cached_property
    def skill(self) -> dict[Reference, SkillAgainst]:
        """The skill over time against each reference that has a number for some scored series."""
        standing = SeriesStanding(self.card.pool, self.record.positions("means"))
        return _skills(standing, self.record.series.unit)

    @cached_property
    def decomposition(self) -> CorpDecomposition | None:
        """The mean Brier as miscalibration - discrimination + uncertainty, over claims."""
        return corp_decomposition(self.record.series.probability, self.record.series.value)

    @cached_property
    def consistency(self) -> ConsistencyTest | None:
        """The test whether calibrated forecasters with the same forecasts would look as miscalibrated."""
        return calibrated(self.record)

    @property
    def p_value(self) -> float | None:
        """The share of calibrated forecasters who would look at least as miscalibrated."""
        return self.consistency.p_value if self.consistency else None

    @cached_property
    def e_value(self) -> float | None:
        """The highest wealth reached, from 1, by betting that the forecasts are not calibrated."""
        return e_value(self.record)

    @property
    def shrunk(self) -> float | None:
        """The mean Brier, drawn towards that of the others."""
        shrunk = self.card.shrunk_briers.get(self.slug)
        return shrunk.shrunk if shrunk else None

    @cached_property
    def presumed(self) -> str:
        """What figures that hold at any time presume if windows overlap, as the end of a sentence; else empty."""
        return presumed(self.record.table.claims, self.record.series.claim.astype(np.intp))

    @cached_property
    def verdict(self) -> str:
        """The sentence about the skill over time; it holds however often one looks."""
        return verdict_of(self.card.pool, self.record)


def _skills(standing: SeriesStanding, units: IndexArray) -> dict[Reference, SkillAgainst]:
    """Return the mean skill over units against each reference that has a number for some series."""
    skills = {}
    for reference in Reference:
        saved = standing.saved(reference)
        has_number = ~np.isnan(saved)
        if has_number.any():
            means = unit_means(units[has_number], saved[has_number])
            skills[reference] = SkillAgainst(float(means.mean()), means.size)
    return skills


class ShrunkBrier(NamedTuple):
    """One forecaster's mean Brier, drawn towards that of the others.

    Forecasters answer different claims, so their Briers cannot be mixed. What is drawn is the difference from the
    Brier of always saying 50 % on the same statements.

    Attributes:
        brier: The mean Brier.
        raw: The mean Brier minus that of always saying 50 %.
        moved: That difference, drawn towards the centre.
        weight: The share of the centre in it, 0 to 1.
        centre: The difference of all forecasters together.
        forecasters: How many forecasters the centre is made of.
    """

    brier: float
    raw: float
    moved: float
    weight: float
    centre: float
    forecasters: int

    @property
    def shrunk(self) -> float:
        """The mean Brier with the moved difference in place of its own."""
        return self.brier + self.moved - self.raw


def shrunk_briers(records: Sequence[TrackRecord]) -> dict[str, ShrunkBrier]:
    """Draw the mean Briers of several forecasters towards each other; empty if fewer than two have one.

    *records* must not include a crowd or a reference rule: the statements of its members would count twice.
    """
    scored = [record for record in records if record.n]
    result = shrink_differences([beside_half(record.series) for record in scored]) if len(scored) > 1 else None
    if result is None:
        return {}
    columns = zip(scored, result.raw.tolist(), result.shrunk.tolist(), result.weight.tolist(), strict=True)
    return {
        record.forecaster.slug: ShrunkBrier(record.mean("brier") or 0.0, raw, moved, weight, result.centre, len(scored))
        for record, raw, moved, weight in columns
    }


def check_sort(sort: object, cohort: Cohort, rule: Rule) -> None:
    """Check that forecasters can be sorted by *sort*.

    Raises:
        InvalidValue: It is not a score, or the order would be a ranking by a score that can be gamed or is biased.
    """
    if sort is None:
        return
    if not isinstance(sort, str) or sort not in SORTED_BY:
        raise InvalidValue(f"{short_repr(sort)} is nothing to sort by; say one of {', '.join(SORTED_BY)}")
    against = "rule='last', which rewards shouting" if rule is Rule.LAST else "cohort='resolved', which is biased"
    if SCORES[sort].beware and (rule is Rule.LAST or cohort is Cohort.RESOLVED):
        raise InvalidValue(f"nobody is sorted by {sort} with {against}; leave one of the two out")


def listing_order(
    records: Sequence[TrackRecord], statements: IndexArray, me: str | None, sort: str | None
) -> list[TrackRecord]:
    """Sort records by a score, best first; without one (None) by most statements first, with *me* last.

    *statements* is how many statements each forecaster made, by the forecaster's number.
    """
    by_statements = sorted(
        records, key=lambda record: (record.forecaster.slug == me, -statements[record.number], record.forecaster.slug)
    )
    if sort is None:
        return by_statements
    column = SCORES[sort]
    return sorted(by_statements, key=lambda record: _rank(record, column))


def _rank(record: TrackRecord, column: ScoreColumn) -> tuple[bool, float]:
    """Return a sort key: best figure first, highest first if neither end is good, records without a figure last."""
    value = figure_of(record, column.name)
    if value is None:
        return True, 0.0
    return False, value if column.better == "lower" else -value
