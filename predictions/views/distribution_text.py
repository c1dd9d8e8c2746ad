"""How forecasts of choices, numbers and dates are said on every card and receipt."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.enums import ClaimType
from predictions.numerals import exact, two_places
from predictions.records import Claim, DayChance, Forecast
from predictions.render.charts.curve_values import value_at, whole_curve
from predictions.render.columns import cut_to

FEW_POINTS = 9  # of a curve that are all said; of one with more, a tenth, the half and nine tenths
SAID_LEVELS = (0.1, 0.5, 0.9)
LONGEST_WORD = 30  # columns of an option or a unit where a forecast is said in a few words
FEW_DAYS = 6  # of a curve of chances that are said
DIGITS = 3  # significant digits of a value that is read off a curve


def is_distribution(forecast: Forecast) -> bool:
    """Tell whether it says more than one chance."""
    return bool(forecast.shares or forecast.points or forecast.days)


def said_in_full(forecast: Forecast, claim: Claim | None = None) -> str:
    """Say a distribution as it was given: each share, quantile or chance by a day; and of a number its unit."""
    if forecast.shares:
        return ", ".join(f"{share.option} {chance_said(share.share)}" for share in forecast.shares)
    if forecast.days:
        return spoken_days(forecast.days)
    few = len(forecast.points) <= FEW_POINTS
    levels = [(level, value_at(forecast.points, level)) for level in SAID_LEVELS]
    said = [(point.chance, point.at) for point in forecast.points] if few else levels
    unit = f" {claim.unit}" if claim and claim.unit else ""
    return ", ".join(_at_most(chance, value) for chance, value in said) + unit


def as_given(forecast: Forecast) -> str:
    """Say a distribution on the receipt of its claim: of a date what is missing to 1 last, as it is asked."""
    if not forecast.days:
        return said_in_full(forecast)
    by_days = ", ".join(f"{chance_said(by.chance)} by {by.day}" for by in days_said(forecast.days))
    return f"{by_days}; {chance_said(1 - forecast.days[-1].chance)} that it is not"


def said_shortly(forecast: Forecast, claim: Claim, most: int = LONGEST_WORD) -> str:
    """Say a distribution in a few words: the likeliest option, the middle value, the chance that it happens at all.

    An option or a unit takes so many columns at *most*.
    """
    if forecast.shares:
        likeliest = max(forecast.shares, key=lambda share: share.share)
        return cut_to(likeliest.option, most).between("", f" {chance_said(likeliest.share)}")
    if forecast.days:
        return chance_said(forecast.days[-1].chance)
    middle = value_at(whole_curve(claim, forecast.points), 0.5)
    return cut_to(claim.unit or "", most).between(f"{value_said(middle)} ") if claim.unit else value_said(middle)


def asked_of(claim: Claim) -> str:
    """Say what a claim that is not yes or no asks for; empty for the others."""
    if claim.options:
        return f"{'one, in this order, of' if claim.type is ClaimType.ORDERED else 'one of'} {', '.join(claim.options)}"
    if claim.type is ClaimType.NUMBER:
        axis = f" on a {claim.scale} axis" if claim.scale else ""
        return f"{claim.unit}, scored from {exact(claim.low)} to {exact(claim.high)}{axis}"
    return "on which day" if claim.type is ClaimType.DATE else ""


def chance_said(chance: float) -> str:
    """Write one chance of several: three decimals at the most, because a third may be computed."""
    return two_places(chance, 3)


def value_said(value: float) -> str:
    """Write a value that is read off a curve."""
    return exact(float(f"{value:.{DIGITS}g}"))


def spoken_days(days: Sequence[DayChance]) -> str:
    """Say the chances by some days, and that it does not happen in the window."""
    by_days = [f"by {by.day} {chance_said(by.chance)}" for by in days_said(days)]
    return ", ".join([*by_days, f"not at all {chance_said(1 - days[-1].chance)}"])


def days_said(days: Sequence[DayChance]) -> Sequence[DayChance]:
    """Choose the days that are said: all of a few; of many some, spread evenly, and the last."""
    if len(days) <= FEW_DAYS:
        return days
    return [days[round(place * (len(days) - 1) / FEW_DAYS)] for place in range(1, FEW_DAYS + 1)]


def _at_most(level: float, value: float) -> str:
    return f"{level * 100:.3g} % at most {value_said(value)}"
