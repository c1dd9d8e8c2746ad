"""Find whom it suits how long before their recording verdicts are dated, though each of them by no more than is usual.

A ledger that is kept once a week has verdicts that are some days older than their recording, and on which claims they
are so depends on nothing that anybody said. Where they are older on what somebody lost, less of that counts, and no
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

BY_CHANCE = 3.3  # standard errors: chance brings as much to one in two thousand


class Suited(NamedTuple):
    """Whom it suits most.

    Attributes:
        record: Their record.
        verdicts: How many of the verdicts on their claims are dated a day or more before they were recorded.
        of: How many of these answers came early, by a verdict that is not told as dated early.
    """

    record: TrackRecord
    verdicts: int
    of: int


def dated_as_it_suits(pool: Pool) -> Suited | None:
    """Return whose losses are dated earlier than the rest by more than chance brings, and most clearly; None if nobody.

    Yes and no are looked at apart, since one may be noticed sooner than the other. What one lost others lost, too, so
    only the clearest case is told.
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
    clearest, found = BY_CHANCE, None
    for record in pool.everybody:
        own = np.flatnonzero(part.forecaster == record.number)
        own = own[np.unique(unit[own], return_index=True)[1]]  # of claims that hang together one
        if own.size >= FEW:
            less, longer = (_beside_their_mean(values[own], came[own]) for values in (saved, days))
            spread = float(np.sqrt((less**2).sum() * (longer**2).sum()))
            clear = -float((less * longer).sum()) / spread * np.sqrt(own.size - 1) if spread else 0.0
            if clear > clearest:
                clearest, found = clear, Suited(record, int((cut_off[part.claim[own]] >= ONE_DAY).sum()), own.size)
    return found


def _beside_their_mean(values: FloatArray, group: IndexArray) -> FloatArray:
    """Return each value less the mean of its group."""
    return values - (np.bincount(group, values) / np.maximum(np.bincount(group), 1))[group]
