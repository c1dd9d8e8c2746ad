"""How forecasts of choices, numbers and dates are said on every card and receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from predictions.enums import ClaimType
from predictions.numerals import measure, two_places
from predictions.records import Claim, DayChance, Forecast, Share
from predictions.render.blocks import Hint
from predictions.render.charts.curve_values import value_told, values_at
from predictions.render.columns import Cut, columns_of, cut_apart, cut_to
from predictions.render.commands import command
from predictions.told_points import points_told

LONGEST_WORD = 30  # columns of an option or a unit where a forecast is said in a few words
FEW_DAYS = 6  # of a curve of chances that are said
TIED_WITHIN = 1e-9  # of shares that tie, as in scores, whose module would load NumPy


def is_distribution(forecast: Forecast) -> bool:
    """Tell whether it says more than one chance."""
    return bool(forecast.shares or forecast.points or forecast.days)


def said_in_full(forecast: Forecast, claim: Claim | None = None) -> str:
    """Say a distribution as it was given: each share, quantile or chance by a day; and of a number its unit."""
    if forecast.shares:
        return shares_said([(share.option, share.share) for share in forecast.shares])
    if forecast.days:
        return spoken_days(forecast.days)
    unit = f" {claim.unit}" if claim and claim.unit else ""
    return points_told([(point.at, point.chance) for point in forecast.points]) + unit


def shares_said(shares: Sequence[tuple[str, float]]) -> str:
    """Say options with their shares."""
    return ", ".join(f"{option} {chance_said(share)}" for option, share in shares)


def as_given(forecast: Forecast) -> str:
    """Say a distribution on the receipt of its claim: of a date what is missing to 1 last, as it is asked."""
    if not forecast.days:
        return said_in_full(forecast)
    by_days = ", ".join(f"{chance_said(by.chance)} by {by.day}" for by in days_said(forecast.days))
    return f"{by_days}; {chance_said(1 - forecast.days[-1].chance)} that it is not"


def said_shortly(forecast: Forecast, claim: Claim, most: int = LONGEST_WORD) -> str:
    """Say a distribution in a few words: the likeliest option, the middle value, the chance that it happens at all.

    An option or a unit takes so many columns at *most*, and so do the names of options that are likeliest together;
    where those take more, they are counted.
    """
    if forecast.shares:
        return _likeliest_said(forecast.shares, most)
    if forecast.days:
        return chance_said(forecast.days[-1].chance)
    if claim.low is None or claim.high is None:  # a draft that asks something else since
        return points_told([(point.at, point.chance) for point in forecast.points])
    asked = as_asked(claim, forecast)
    (middle,) = values_at(asked, forecast.points, 0.5)
    unit = cut_to(claim.unit or "", most)
    return Cut(value_told(asked, middle, unit), value_told(asked, middle, unit.whole))


def _likeliest_said(shares: Sequence[Share], most: int) -> Cut:
    """Say the likeliest option, or that several tie: ``north 0.60``, ``north and south tied 0.45``, ``3 tied 0.33``."""
    names = cut_apart([share.option for share in shares], most, cut_to)
    largest = max(share.share for share in shares)
    likeliest = [name for name, share in zip(names, shares, strict=True) if share.share >= largest - TIED_WITHIN]
    said = f" {chance_said(largest)}"
    if len(likeliest) == 1:
        return likeliest[0].between("", said)
    whole = " and ".join(name.whole for name in likeliest)
    told = whole if columns_of(whole) <= most else f"{len(likeliest)}"
    return Cut(f"{told} tied{said}", f"{whole} tied{said}")


def as_asked(claim: Claim, forecast: Forecast) -> Claim:
    """Return a claim over a range that holds what was said of it, though its draft may ask of another range since."""
    low, high = claim.low or 0, claim.high or 0
    values = [low, *(point.at for point in forecast.points), high]
    if low <= min(values) and max(values) <= high:
        return claim
    scale = claim.scale if min(values) > 0 else None
    return claim.model_copy(update={"low": min(values), "high": max(values), "scale": scale})


def asked_of(claim: Claim) -> str:
    """Say what a claim that is not yes or no asks for; empty for the others."""
    if claim.options:
        return f"{'one, in this order, of' if claim.type is ClaimType.ORDERED else 'one of'} {', '.join(claim.options)}"
    if claim.type is ClaimType.NUMBER:
        axis = f" on a {claim.scale} axis" if claim.scale else ""
        return f"{claim.unit}, scored from {measure(claim.low)} to {measure(claim.high)}{axis}"
    return "on which day" if claim.type is ClaimType.DATE else ""


def line_of_forecast(claim: Claim, *, again: bool = False, **options: str) -> Hint:
    """Return the line that says how likely a claim is, with places to fill in, as its type asks for it."""
    if claim.type is ClaimType.NUMBER:
        return command(
            "forecast", claim.slug, quantiles=dict.fromkeys(("10%", "50%", "90%"), "VALUE"), again=again, **options
        )
    asked = claim.options or ((str(claim.deadline),) if claim.type is ClaimType.DATE else ())
    return command("forecast", claim.slug, dict.fromkeys(asked, "P") if asked else "P", again=again, **options)


def on_days_over(claim: Claim, forecast: Forecast, today: date, least: float = 0.0) -> str:
    """Say how much of a curve lies on days that are over, and what the rest comes to; empty below the *least*.

    It stands and is scored as it was said; this says what its author may want to say anew.
    """
    gone = _chance_by(claim, forecast.days, today - timedelta(days=1)) if forecast.days else 0.0
    if gone <= 0 or gone < least:
        return ""
    told = f"{chance_said(gone)} of it lies on days that are over"
    left = forecast.days[-1].chance - gone
    return f"{told}; of what is open it means {chance_said(left / (1 - gone))}" if gone < 1 else told


def _chance_by(claim: Claim, days: Sequence[DayChance], day: date) -> float:
    """Return the chance of a curve by the end of a day, along its straight lines; 0 before the window."""
    ends = [(claim.opens_on - timedelta(days=1), 0.0), *((by.day, by.chance) for by in days)]
    for (left, low), (right, high) in pairwise(ends):
        if left <= day <= right and left < right:
            return low + (high - low) * ((day - left) / (right - left))
    return 0.0


def chance_said(chance: float) -> str:
    """Write one chance of several: three decimals at the most, because a third may be computed."""
    return two_places(chance, 3)


def spoken_days(days: Sequence[DayChance]) -> str:
    """Say the chances by some days, and that it does not happen in the window."""
    by_days = [f"by {by.day} {chance_said(by.chance)}" for by in days_said(days)]
    return ", ".join([*by_days, f"not at all {chance_said(1 - days[-1].chance)}"])


def days_said(days: Sequence[DayChance]) -> Sequence[DayChance]:
    """Choose the days that are said: all of a few; of many some, spread evenly, and the last."""
    if len(days) <= FEW_DAYS:
        return days
    return [days[round(place * (len(days) - 1) / FEW_DAYS)] for place in range(1, FEW_DAYS + 1)]
