"""One forecaster's record over the claims that are scored: means, bounds, and what fell out on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from predictions.records import Forecaster
from predictions.scoring.places import funnel
from predictions.scoring.rows import Reading, Row

FEW = 10


@dataclass(frozen=True)
class TrackRecord:
    """One forecaster's record: figures over the claims that are scored, one observation a statement."""

    forecaster: Forecaster
    rows: tuple[Row, ...]

    @cached_property
    def scored(self) -> list[Row]:
        """The rows in the mean: stated forecasts with times that are not backdated."""
        return [row for row in self.rows if row.fate.scored]

    @property
    def n(self) -> int:
        """How many statements are in the mean."""
        return len(by_statement(self.scored))

    @property
    def few(self) -> bool:
        """Whether that is too few to say anything."""
        return self.n < FEW

    def mean(self, name: str, end: str = "middle", *, rows: Sequence[Row] | None = None) -> float | None:
        """A mean over statements; None with nothing to take it of."""
        found = by_statement(self.scored if rows is None else rows)
        means = [fmean([row.at(end).figures()[name] for row in group]) for group in found]
        return fmean(means) if means else None

    def bounds(self, *, every_open: bool, end: str = "middle") -> tuple[float, float] | None:
        """The mean Brier if all claims without a verdict went for him, and if all went against him.

        Over claims whose window is over, or with *every_open* over those still open too.
        """
        groups = by_statement(self.possible(every_open=every_open))
        if not groups:
            return None
        best = fmean([fmean([min(possible_scores(row.at(end))) for row in group]) for group in groups])
        worst = fmean([fmean([max(possible_scores(row.at(end))) for row in group]) for group in groups])
        return best, worst

    def possible(self, *, every_open: bool) -> list[Row]:
        """The rows of those bounds: scored ones, and those that can still be."""
        return [
            row for row in self.rows if row.fate.possible(every_open=every_open) and row.fate.imputed == self.words_only
        ]

    @property
    def words_only(self) -> bool:
        """Whether every number here is ours, read from words or ranges."""
        return bool(self.rows) and all(row.fate.imputed for row in self.rows)

    @property
    def funnel(self) -> dict[str, int]:
        """How many scored claims fell out on the way to the mean, and why."""
        return funnel(
            Counter(row.fate for row in self.rows),
            superseded=sum(row.superseded for row in self.rows),
            apart=sum(row.backdated_apart for row in self.rows),
        )


def by_statement(rows: Sequence[Row]) -> list[list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.claim.statement, []).append(row)
    return list(groups.values())


def possible_scores(reading: Reading) -> list[float]:
    """The Brier scores a forecast can still have: the one it has, or the best and the worst."""
    if reading.brier is not None or reading.probability is None:
        return [reading.brier or 0.0]
    import numpy as np

    from forecasts.batches import possible_losses

    return [float(one) for one in possible_losses(np.asarray(reading.probability))]
