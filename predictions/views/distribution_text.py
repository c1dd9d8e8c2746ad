"""How forecasts of choices, numbers and dates are said on every card and receipt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from predictions.enums import ClaimType
from predictions.numerals import exact
from predictions.records import Claim, Forecast, Point

FEW_POINTS = 9  # of a curve that are all said; of one with more, a tenth, the half and nine tenths
SAID_LEVELS = (0.1, 0.5, 0.9)
DIGITS = 3  # significant digits of a value that is read off a curve


def is_distribution(forecast: Forecast) -> bool:
    """Whether it says more than one chance."""
    return bool(forecast.shares or forecast.points or forecast.days)


def said_in_full(forecast: Forecast) -> str:
    """Say a distribution as it was given: each share, quantile or chance by a day."""
    if forecast.shares:
        return ", ".join(f"{share.option} {share.share:.2f}" for share in forecast.shares)
    if forecast.days:
        by_days = ", ".join(f"{by.chance:.2f} by {by.day}" for by in forecast.days)
        return f"{by_days}; {1 - forecast.days[-1].chance:.2f} that it is not"
    if len(forecast.points) <= FEW_POINTS:
        return ", ".join(_at_most(point.chance, point.at) for point in forecast.points)
    return ", ".join(_at_most(level, value_at(forecast.points, level)) for level in SAID_LEVELS)


def said_shortly(forecast: Forecast, claim: Claim | None = None) -> str:
    """Say a distribution in a few words: the likeliest option, the middle value, the chance that it happens at all."""
    if forecast.shares:
        likeliest = max(forecast.shares, key=lambda share: share.share)
        return f"{likeliest.option} {likeliest.share:.2f}"
    if forecast.days:
        return f"{forecast.days[-1].chance:.2f}"
    unit = f" {claim.unit}" if claim and claim.unit else ""
    return f"{_rounded(value_at(forecast.points, 0.5))}{unit}"


def asked_of(claim: Claim) -> str:
    """Say what a claim that is not yes or no asks for; empty for the others."""
    if claim.options:
        return f"{'one, in this order, of' if claim.type is ClaimType.ORDERED else 'one of'} {', '.join(claim.options)}"
    if claim.type is ClaimType.NUMBER:
        axis = f" on a {claim.scale} axis" if claim.scale else ""
        return f"{claim.unit}, scored from {exact(claim.low)} to {exact(claim.high)}{axis}"
    return "on which day" if claim.type is ClaimType.DATE else ""


def value_at(points: Sequence[Point], level: float) -> float:
    """Return the value that a curve reaches a chance at; where it does so outside its points, the nearest of them.

    >>> from predictions.records import Point
    >>> value_at([Point(at=2.0, chance=0.1), Point(at=4.0, chance=0.5)], 0.3)
    3.0
    """
    for before, after in pairwise(points):
        if before.chance <= level <= after.chance and after.chance > before.chance:
            return before.at + (after.at - before.at) * (level - before.chance) / (after.chance - before.chance)
    return points[0].at if level < points[0].chance else points[-1].at


def _at_most(level: float, value: float) -> str:
    return f"{level * 100:.3g} % at most {_rounded(value)}"


def _rounded(value: float) -> str:
    return exact(float(f"{value:.{DIGITS}g}"))
