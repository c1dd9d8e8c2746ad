"""Find the forecaster whom it suits that verdicts are dated some days early, though each by no more than is usual.

In a ledger that is kept once a week, verdicts are dated some days before their recording. How many days does not depend
on anybody's forecasts. If there are more days on the claims that somebody lost, less of these losses counts, and no
single verdict shows it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from predictions.scoring.columns.claims import ONE_DAY
from predictions.scoring.eligibility_codes import CODES_COUNTED
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import FEW, TrackRecord

BY_CHANCE = 3.3  # standard errors: chance alone exceeds this for one forecaster in two thousand


class Suited(NamedTuple):
    """The forecaster whom the days of verdicts suit most.

    Attributes:
        record: The record of the forecaster.
        verdicts: How many of the verdicts on their claims are dated a day or more before they were recorded.
        early: How many of their claims have an answer before the end of the window whose verdict is not counted among
            those dated unusually early.
    """

    record: TrackRecord
    verdicts: int
    early: int


def dated_as_it_suits(pool: Pool) -> Suited | None:
    """Return the forecaster whose losses are most clearly dated earlier than the rest; None if chance explains it.

    Claims that came out yes and no are compared apart, because one may be noticed sooner than the other. What one
    forecaster lost, others lost too, so only the clearest case is returned.
    """
    claims, series = pool.table.claims, pool.table.series
    cut_off = pool.early_verdicts.cut_off
    if not (cut_off > 0).any():
        return None
    chosen = np.isin(series.mark, CODES_COUNTED[pool.cohort]["means"]) & (series.share > 0)
    part = series.part(chosen & ~np.isnan(cut_off)[series.claim])
    saved = part.saved / part.share / pool.table.scoring.spread(part.claim)  # while a forecast stood
    days = (cut_off / (claims.closes - claims.opens))[part.claim]
    unit, came = claims.units.wide[part.claim], (claims.outcome[part.claim] > 0.5).astype(np.intp)
    clearest, suited = BY_CHANCE, None
    for record in pool.everybody:
        own = np.flatnonzero(part.forecaster == record.number)
        own = own[np.unique(unit[own], return_index=True)[1]]  # one of each group of claims that hang together
        if own.size >= FEW:
            less, longer = (_beside_their_mean(values[own], came[own]) for values in (saved, days))
            spread = float(np.sqrt((less**2).sum() * (longer**2).sum()))
            clear = -float((less * longer).sum()) / spread * np.sqrt(own.size - 1) if spread else 0.0
            if clear > clearest:
                clearest, suited = clear, Suited(record, int((cut_off[part.claim[own]] >= ONE_DAY).sum()), own.size)
    return suited


def _beside_their_mean(values: FloatArray, group: IndexArray) -> FloatArray:
    """Return each value minus the mean of its group."""
    return values - (np.bincount(group, values) / np.maximum(np.bincount(group), 1))[group]
