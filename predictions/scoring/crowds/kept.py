"""Keep what the crowds say, which takes longer to compute than what anybody else says takes to read."""

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
    """What the crowds say on the claims of a ledger as of one moment, computed once for each claim."""

    def __init__(self, claims: ClaimColumns, said: Distributions, members: BoolArray) -> None:
        """Begin with nothing; *members* says for each forecaster whether they can be a member."""
        self._claims, self._said, self._members = claims, said, members
        self._parts: list[Rows] = []  # of different claims each, sorted
        self._known = np.zeros(len(claims.slugs), np.bool_)

    def on(self, rows: Rows) -> Rows:
        """Return what the crowds say, in order, on the claims of sorted rows that hold every forecast on these."""
        wanted = np.zeros(self._known.size, np.bool_)
        wanted[rows.claim] = True
        fresh = wanted & ~self._known
        if fresh.any():
            self._parts.append(self._computed(_on(fresh, rows)))
            self._known |= fresh
        parts = [part for part in (_on(wanted, part) for part in self._parts) if part.claim.size]
        crowds = joined_rows(no_rows(), *parts)
        in_order = all(before.claim[-1] < after.claim[0] for before, after in pairwise(parts))
        return crowds if in_order else crowds.part(np.argsort(crowds.claim, kind="stable"))

    def _computed(self, rows: Rows) -> Rows:
        if self._claims.types.one_kind:
            return crowd_rows(rows, self._members)
        yes_or_no = rows.part(self._claims.types.kind[rows.claim] == YES_OR_NO)
        of_types = type_crowd_rows(rows, self._members, self._claims, self._said)
        return merged(crowd_rows(yes_or_no, self._members), of_types)


def _on(wanted: BoolArray, rows: Rows) -> Rows:
    """Return the rows on some claims; all of them, not copied, where that is so."""
    chosen = wanted[rows.claim]
    return rows if chosen.all() else rows.part(chosen)
