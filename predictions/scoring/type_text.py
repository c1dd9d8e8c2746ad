"""Write forecasts on claims that are not yes or no, and their outcomes, as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.dates import days_told
from predictions.numerals import exact, measure
from predictions.scoring.columns.claim_types import DATE, NUMBER, OF_OPTIONS, ClaimTypes
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.timestamps import day_at
from predictions.told_points import told_points


def said_text(types: ClaimTypes, claim: int, lines: Sequence[tuple[float, float]]) -> str | None:
    """Return a distribution as text: the share of each option, or the chances by a day or up to a value.

    *lines* are pairs of a value (or day since 1970) and a chance. None if there are none.
    """
    if not lines:
        return None
    if types.kind[claim] in OF_OPTIONS:
        return ", ".join(
            f"{option} {exact(share)}" for option, (_, share) in zip(types.named[claim], lines, strict=True)
        )
    if types.kind[claim] == DATE:
        return ", ".join(f"{exact(chance)} by {day_at(at)}" for at, chance in lines)
    return ", ".join(f"{exact(chance)} at most {measure(at)}" for at, chance in told_points(lines))


def outcome_in_words(claims: ClaimColumns, claim: int) -> str | None:
    """Return how a claim that is not yes or no came out: an option, a value, "no", or the day, month or year.

    None without an outcome.
    """
    types, outcome = claims.types, float(claims.outcome[claim])
    if np.isnan(outcome):
        return None
    if types.kind[claim] in OF_OPTIONS:
        return types.named[claim][int(outcome)]
    if types.kind[claim] == NUMBER:
        return measure(outcome)
    if outcome > types.days[claim]:
        return "no"
    opened_on = float(claims.opens[claim]) / ONE_DAY
    return days_told(*(day_at(opened_on + day - 1) for day in (outcome, float(types.last[claim]))))


def known_roughly(claims: ClaimColumns, claim: IndexArray) -> BoolArray:
    """Return for each claim whether it is about a date whose event came in a known month or year, on an unknown day."""
    types, outcome = claims.types, claims.outcome[claim]
    happened = (types.kind[claim] == DATE) & (types.last[claim] <= types.days[claim])
    return np.asarray(happened & (outcome < types.last[claim]))
