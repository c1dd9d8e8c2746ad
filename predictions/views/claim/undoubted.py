"""Say how much of what a claim asks was hardly in doubt, for claims that are not yes or no."""

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
    """Return the sentence on how much of what a claim asks was hardly in doubt; "" if all of it was in doubt.

    A part that every forecast was nearly sure about raises the skill of all of them alike.

    Args:
        claim: A claim that asks for an option, a number or a day.
        stood: The forecasts that fit the claim, each with the moment from which it stood.
    """
    kind = KIND_OF_TYPE[claim.type]
    share = undoubted_told(kind, _undoubted(claim, stood))
    return f"{share} hardly in doubt ({HARDLY[kind]}), which raises every skill" if share else ""


def _undoubted(claim: Claim, stood: Sequence[tuple[datetime, Forecast]]) -> Undoubted:
    """Compute the share of what one claim asks that no forecast doubted, by the rule for its type."""
    forecasts = [forecast for _, forecast in stood]
    groups = np.zeros(len(stood), np.intp)  # the claim of each forecast; here one claim, number 0, has them all
    if claim.options:
        batch = shares([[share.share for share in forecast.shares] for forecast in forecasts])
        return undoubted_cuts(batch, groups) if claim.type is ClaimType.ORDERED else undoubted_options(batch, groups)
    if claim.type is ClaimType.NUMBER:
        drawn = curves(
            [[(share_of_axis(claim, point.at), point.chance) for point in forecast.points] for forecast in forecasts]
        )
        return undoubted_range(drawn, groups, low=np.zeros(groups.size), high=np.ones(groups.size))
    opens, days = claim.opens_on.toordinal(), (claim.deadline - claim.opens_on).days + 1
    drawn = curves([[(day.day.toordinal() - opens + 1, day.chance) for day in forecast.days] for forecast in forecasts])
    passed = np.array([begins.toordinal() for begins, _ in stood], np.float64) - opens
    return undoubted_days(drawn, groups, days=np.full(groups.size, float(days)), passed=passed)
