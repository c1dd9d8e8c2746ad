"""Pool skill over types of claim: the loss saved against "knows nothing", over what that expects to lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import unit_means


@dataclass(frozen=True)
class PooledSkill:
    """The skill over time of one forecaster on claims of several types.

    Attributes:
        forecaster: The forecaster.
        n: How many units it rests on.
        types: How many types of claim these are.
        skill: The mean loss saved; the loss on each claim is in units of what "knows nothing" expects to lose there.
        coverage: The share of the scheduled windows in which a forecast stood.
    """

    forecaster: ForecasterEntry
    n: int
    types: int
    skill: float
    coverage: float

    def row(self) -> dict[str, str | int | float]:
        """Return the fields for a row of a table, with the forecaster's slug."""
        return {
            "forecaster": self.forecaster.slug,
            "n": self.n,
            "types": self.types,
            "time_skill": self.skill,
            "coverage": self.coverage,
        }


def pooled_skills(pool: Pool) -> Iterator[PooledSkill]:
    """Yield the pooled skill of every listed forecaster who is scored on claims of more than one type."""
    table, claims = pool.table, pool.table.claims
    for record in pool.listed:
        part = table.series.part(record.positions("means"))
        types = np.unique(claims.types.kind[part.claim]).size
        if types > 1:
            saved = unit_means(claims.units.fair[part.claim], part.saved / table.scoring.spread(part.claim))
            skill, coverage = float(saved.mean()), record.means["coverage"]
            yield PooledSkill(record.forecaster, record.n, types, skill, coverage)
