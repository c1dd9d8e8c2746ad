"""Compute forecasters' skill over time on each claim of any type, with its mean and the interval of the mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.compare.scale import Scale, scale_of
from predictions.scoring.pool import Pool
from predictions.scoring.statistics import Ends, in_settling_order, interval_of
from predictions.scoring.track_record import TrackRecord


class ClaimSkills(NamedTuple):
    """The skill over time of one forecaster: the loss saved against "knows nothing", over the scheduled window.

    Attributes:
        forecaster: The forecaster.
        n: How many units it rests on.
        kinds: The type of each claim, as a number.
        skills: The skill on each claim.
        mean: Their mean over units.
        interval: The interval of the mean; None with too few units.
    """

    forecaster: ForecasterEntry
    n: int
    kinds: IndexArray
    skills: FloatArray
    mean: float
    interval: Ends | None


def claim_skills(pool: Pool, records: Sequence[TrackRecord]) -> tuple[list[ClaimSkills], Scale]:
    """Return the skills of some records, and the scale they are measured on.

    If all claims are of one type, losses are its scores. If they are of several, each loss is in units of what "knows
    nothing" expects to lose on the claim, as on the leaderboard.
    """
    claims = np.unique(np.concatenate([np.empty(0, np.intp), *(record.series.claim for record in records)]))
    scale = scale_of(pool, claims, beside_nothing=True)
    return [_skills_of(record, scale) for record in records], scale


def _skills_of(record: TrackRecord, scale: Scale) -> ClaimSkills:
    """Return the skills of one record on a scale."""
    part = record.table.series.part(record.positions("means"))
    columns = record.series._replace(brier=part.saved / scale.unit[part.claim])  # the column that is averaged
    settled = in_settling_order(columns, record.table.claims)
    means = settled.unit_means(settled.brier)
    interval = None if record.few else interval_of(means, settled.clusters)
    kinds = record.table.claims.types.kind[part.claim].astype(np.intp)
    return ClaimSkills(record.forecaster, record.n, kinds, columns.brier, float(means.mean()), interval)
