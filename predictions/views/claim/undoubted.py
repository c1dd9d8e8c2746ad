"""How much of what a claim that is not yes or no asks was hardly in doubt, by the forecasts on its card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from forecasts.curves import curves
from forecasts.share_scores import shares
from forecasts.undoubted import Undoubted, undoubted_cuts, undoubted_days, undoubted_options, undoubted_range
from predictions.enums import ClaimType
from predictions.records import Claim, Forecast
from predictions.render.charts.curve_values import share_of_axis
from predictions.scoring.columns.claim_types import KIND_OF_TYPE
from predictions.scoring.undoubted import HARDLY, undoubted_told


def hardly_in_doubt(claim: Claim, stood: Sequence[tuple[datetime, Forecast]]) -> str:
    """Say it of forecasts that fit the claim and when each began to stand; empty where all was in doubt."""
    kind = KIND_OF_TYPE[claim.type]
    told = undoubted_told(kind, _undoubted(claim, stood))
    return f"{told} hardly in doubt ({HARDLY[kind]}), which raises every skill" if told else ""


def _undoubted(claim: Claim, stood: Sequence[tuple[datetime, Forecast]]) -> Undoubted:
    said, same = [forecast for _, forecast in stood], np.zeros(len(stood), np.intp)
    if claim.options:
        batch = shares([[share.share for share in forecast.shares] for forecast in said])
        return (undoubted_cuts if claim.type is ClaimType.ORDERED else undoubted_options)(batch, same)
    if claim.type is ClaimType.NUMBER:
        drawn = curves([[(share_of_axis(claim, by.at), by.chance) for by in forecast.points] for forecast in said])
        return undoubted_range(drawn, same, low=np.zeros(same.size), high=np.ones(same.size))
    opens, days = claim.opens_on.toordinal(), (claim.deadline - claim.opens_on).days + 1
    drawn = curves([[(by.day.toordinal() - opens + 1, by.chance) for by in forecast.days] for forecast in said])
    passed = np.array([begins.toordinal() for begins, _ in stood], np.float64) - opens
    return undoubted_days(drawn, same, days=np.full(same.size, float(days)), passed=passed)
