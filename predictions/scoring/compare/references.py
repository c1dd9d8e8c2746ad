"""Compare a forecaster with a reference on claims of every type: what was saved against it, if it has a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray
from predictions.scoring.columns.claim_types import DATE, YES_OR_NO
from predictions.scoring.compare.base_rates import saved_on_base_rate, saved_on_clock
from predictions.scoring.compare.others import saved_on_median
from predictions.scoring.pool import Pool
from predictions.scoring.references import SeriesStanding
from predictions.scoring.score_columns import Reference

_SAVED_ON: Mapping[Reference, Callable[[Pool, SeriesStanding], FloatArray]] = {
    Reference.BASE_RATE: saved_on_base_rate, Reference.CLOCK: saved_on_clock, Reference.CROWD: saved_on_median,
}  # fmt: skip


def saved_on_reference(pool: Pool, positions: IndexArray, reference: Reference) -> FloatArray:
    """Return what one forecaster's series saved against a reference; NaN if the reference has no number there.

    Args:
        pool: The comparison group on claims of every type.
        positions: The positions of the series in its table; all have an outcome.
        reference: The reference.
    """
    claims = pool.table.series.claim[positions]
    kinds, saved = pool.table.claims.types.kind[claims], np.full(positions.size, np.nan)
    for kind in np.unique(kinds).tolist():
        chosen = np.flatnonzero(kinds == kind)
        chosen = chosen[np.argsort(claims[chosen])]
        own = SeriesStanding(pool, positions[chosen])
        if kind == YES_OR_NO or reference is Reference.HALF:
            saved[chosen] = own.saved(reference)
        else:
            saved[chosen] = _SAVED_ON[reference](pool, own)
    return saved


def may_speak(pool: Pool, claims: ClaimArray, reference: Reference) -> BoolArray:
    """Return for each claim whether a reference can have a number on it, as far as its type decides that."""
    if reference is not Reference.CLOCK:
        return np.ones(claims.size, np.bool_)
    columns = pool.table.claims
    return np.asarray((columns.types.kind[claims] == DATE) | (columns.at_least[claims] > 0))
