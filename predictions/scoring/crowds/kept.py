"""Keep the forecasts of computed crowds, because computing them takes longer than reading all others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from forecasts.inputs import BoolArray
from forecasts.kernel import Rows
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.columns.distributions import Distributions
from predictions.scoring.columns.forecast_rows import joined_rows, merged, no_rows
from predictions.scoring.crowds.distributions import type_crowd_rows
from predictions.scoring.crowds.numbers import crowd_rows


class KeptCrowds:
    """The crowds' forecasts on the claims of a ledger as of one moment, computed once for each claim."""

    def __init__(self, claims: ClaimColumns, distributions: Distributions, members: BoolArray) -> None:
        """Begin without any; *members* is for each forecaster whether they can be a member."""
        self._claims, self._distributions, self._members = claims, distributions, members
        self._parts: list[Rows] = []  # each sorted, and on other claims than the others
        self._is_computed = np.zeros(len(claims.slugs), np.bool_)

    def on(self, rows: Rows) -> Rows:
        """Return the crowds' forecasts, sorted, on all claims of *rows*.

        *rows* must be sorted and hold every forecast on these claims.
        """
        wanted = np.zeros(self._is_computed.size, np.bool_)
        wanted[rows.claim] = True
        new = wanted & ~self._is_computed
        if new.any():
            self._parts.append(self._computed(_on(new, rows)))
            self._is_computed |= new
        parts = [part for part in (_on(wanted, part) for part in self._parts) if part.claim.size]
        crowds = joined_rows(no_rows(), *parts)
        is_sorted = all(before.claim[-1] < after.claim[0] for before, after in pairwise(parts))
        return crowds if is_sorted else crowds.part(np.argsort(crowds.claim, kind="stable"))

    def _computed(self, rows: Rows) -> Rows:
        """Compute the crowds' forecasts on the claims of some rows, of every type."""
        if self._claims.types.one_kind:
            return crowd_rows(rows, self._members)
        yes_or_no = rows.part(self._claims.types.kind[rows.claim] == YES_OR_NO)
        of_types = type_crowd_rows(rows, self._members, self._claims, self._distributions)
        return merged(crowd_rows(yes_or_no, self._members), of_types)


def _on(wanted: BoolArray, rows: Rows) -> Rows:
    """Return the rows on the wanted claims; without a copy if these are all."""
    chosen = wanted[rows.claim]
    return rows if chosen.all() else rows.part(chosen)
