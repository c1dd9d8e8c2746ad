"""Compute what crowds say of choices, numbers and dates: the combined standing distributions of their members."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from forecasts.curves import Curves, curves
from forecasts.inputs import BoolArray, FloatArray
from forecasts.kernel import Rows
from forecasts.pools import averaged_quantiles, linear_pool, mean_shares, median_chances, median_shares
from predictions.scoring.claim_types import CHOICE, NUMBER, ORDERED, YES_OR_NO
from predictions.scoring.claims import ONE_DAY, ClaimColumns
from predictions.scoring.crowds import DECIMALS_KEPT, FEWEST, METHODS
from predictions.scoring.distributions import Distributions
from predictions.scoring.forecast_rows import no_rows, rows_from

Lines = Sequence[tuple[float, float]]  # of one distribution: value or day since 1970, and chance; or 0 and share
_CROWDS = list(METHODS)
_OF_SHARES: Mapping[str, Callable[[FloatArray], FloatArray]] = {
    "crowd-median": median_shares, "crowd-linear": mean_shares,
}  # fmt: skip
_OF_CURVES: Mapping[str, Callable[..., Curves]] = {
    "crowd-median": median_chances, "crowd-linear": linear_pool, "crowd-quantiles": averaged_quantiles,
}  # fmt: skip


def type_crowd_rows(rows: Rows, members: BoolArray, claims: ClaimColumns, said: Distributions) -> Rows:
    """Return what the crowds say on claims that are not yes or no, in order, numbered after the forecasters.

    Args:
        rows: All forecasts, in order.
        members: For each forecaster whether they can be a member.
        claims: The claims.
        said: The distributions, to which those of crowds are added.
    """
    counts = members[rows.forecaster] & (rows.mark == 0) & (claims.types.kind[rows.claim] != YES_OR_NO)
    counted = rows.part(np.flatnonzero(counts))
    if not counted.claim.size:
        return no_rows()
    found: dict[tuple[int, int, int], float] = {}
    speak: dict[int, list[str]] = {}  # which crowds stand on each claim
    for claim, time, standing in _standing_distributions(counted, said.lines(counted.claim, counted.probability)):
        combined = dict(_combined(claims, claim, standing)) if len(standing) >= FEWEST else {}
        for crowd in [*combined, *(one for one in speak.get(claim, []) if one not in combined)]:
            lines, kind = combined.get(crowd), int(claims.types.kind[claim])
            place = said.place_of(kind, (claim, crowd, time), lines) if lines else np.nan
            found[claim, members.size + _CROWDS.index(crowd), time] = place
        speak[claim] = list(combined)
    return rows_from([(*key, found[key], 0) for key in sorted(found)])


def _standing_distributions(rows: Rows, lines: Sequence[Lines]) -> Iterator[tuple[int, int, list[Lines]]]:
    """Yield every moment at which somebody said something on a claim, and what stands from then on."""
    order = np.lexsort((rows.time, rows.claim)).tolist()
    for claim, of_claim in groupby(order, key=lambda row: int(rows.claim[row])):
        standing: dict[int, Lines] = {}
        for time, of_moment in groupby(of_claim, key=lambda row: int(rows.time[row])):
            for row in of_moment:
                if lines[row]:
                    standing[int(rows.forecaster[row])] = lines[row]
                else:
                    standing.pop(int(rows.forecaster[row]), None)
            yield claim, time, list(standing.values())


def _combined(claims: ClaimColumns, claim: int, standing: Sequence[Lines]) -> Iterator[tuple[str, Lines]]:
    """Yield what each crowd makes of the distributions that stand; quantiles are averaged of numbers only."""
    types = claims.types
    if types.kind[claim] in {CHOICE, ORDERED}:
        shares = np.array([[share for _, share in lines] for lines in standing])
        for crowd, pool in _OF_SHARES.items():
            yield crowd, [(0.0, share) for share in pool(shares).round(DECIMALS_KEPT).tolist()]
        return
    is_number, on_axis = types.kind[claim] == NUMBER, np.array([claim])
    before = float(claims.opens[claim]) / ONE_DAY - 1  # the day before the window
    low, high = (types.low[claim], types.high[claim]) if is_number else (before, before + types.days[claim])
    members = curves(standing)
    members = members._replace(at=types.on_axis(members.at, on_axis)) if is_number else members
    for crowd, combine in _OF_CURVES.items():
        if is_number or combine is not averaged_quantiles:
            pooled = combine(members, low=float(low), high=float(high))
            at = np.exp(pooled.at) if is_number and types.log[claim] else pooled.at
            yield crowd, list(zip(at.tolist(), pooled.chance.tolist(), strict=True))
