"""Write forecasts on choices, numbers and dates in words, for cards and receipts."""

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

LONGEST_WORD = 30  # columns of an option or a unit in a short text
FEW_DAYS = 6  # days of a curve that are shown
TIED_WITHIN = 1e-9  # difference of shares that tie, as in scores; not imported, since that would load NumPy


def is_distribution(forecast: Forecast) -> bool:
    """Return whether a forecast is more than one chance: shares, quantiles, or chances by days."""
    return bool(forecast.shares or forecast.points or forecast.days)


def said_in_full(forecast: Forecast, claim: Claim | None = None) -> str:
    """Return a distribution as it was given: each share, quantile or chance by a day; with a *claim*, also its unit."""
    if forecast.shares:
        return shares_said([(share.option, share.share) for share in forecast.shares])
    if forecast.days:
        return spoken_days(forecast.days)
    unit = f" {claim.unit}" if claim and claim.unit else ""
    return points_told([(point.at, point.chance) for point in forecast.points]) + unit


def shares_said(shares: Sequence[tuple[str, float]]) -> str:
    """Return options with their shares: ``north 0.60, south 0.40``."""
    return ", ".join(f"{option} {chance_said(share)}" for option, share in shares)


def as_given(forecast: Forecast) -> str:
    """Return a distribution for a receipt; for a date, with the chance that it does not happen at the end."""
    if not forecast.days:
        return said_in_full(forecast)
    by_days = ", ".join(f"{chance_said(point.chance)} by {point.day}" for point in days_said(forecast.days))
    return f"{by_days}; {chance_said(1 - forecast.days[-1].chance)} that it is not"


def said_shortly(forecast: Forecast, claim: Claim, most: int = LONGEST_WORD) -> str:
    """Return a distribution in a few words: the likeliest option, the median, or the chance that it happens.

    An option or a unit is cut to *most* columns. If options tie whose names take more together, only their number is
    given.
    """
    if forecast.shares:
        return _likeliest_said(forecast.shares, most)
    if forecast.days:
        return chance_said(forecast.days[-1].chance)
    if claim.low is None or claim.high is None:  # the draft was changed since, and asks for no number now
        return points_told([(point.at, point.chance) for point in forecast.points])
    asked = as_asked(claim, forecast)
    (median,) = values_at(asked, forecast.points, 0.5)
    unit = cut_to(claim.unit or "", most)
    return Cut(value_told(asked, median, unit), value_told(asked, median, unit.whole))


def _likeliest_said(shares: Sequence[Share], most: int) -> Cut:
    """Return the likeliest option, or what ties: ``north 0.60``, ``north and south tied 0.45``, ``3 tied 0.33``."""
    names = cut_apart([share.option for share in shares], most, cut_to)
    largest = max(share.share for share in shares)
    likeliest = [name for name, share in zip(names, shares, strict=True) if share.share >= largest - TIED_WITHIN]
    chance = chance_said(largest)
    if len(likeliest) == 1:
        return likeliest[0].between("", f" {chance}")
    whole = " and ".join(name.whole for name in likeliest)
    short = whole if columns_of(whole) <= most else f"{len(likeliest)}"
    return Cut(f"{short} tied {chance}", f"{whole} tied {chance}")


def as_asked(claim: Claim, forecast: Forecast) -> Claim:
    """Return the claim with a range that holds the forecast, since a draft can be changed to a narrower range.

    The result is only for computing values along the range, so it need not be a valid claim.
    """
    low, high = claim.low or 0, claim.high or 0
    values = [low, *(point.at for point in forecast.points), high]
    if low <= min(values) and max(values) <= high:
        return claim
    scale = claim.scale if min(values) > 0 else None
    return claim.model_copy(update={"low": min(values), "high": max(values), "scale": scale})


def asked_of(claim: Claim) -> str:
    """Return what a claim asks for, in words: an option, a number or a day; "" for yes or no."""
    if claim.options:
        lead = "one, in this order, of" if claim.type is ClaimType.ORDERED else "one of"
        return f"{lead} {', '.join(claim.options)}"
    if claim.type is ClaimType.NUMBER:
        axis = f" on a {claim.scale} axis" if claim.scale else ""
        return f"{claim.unit}, scored from {measure(claim.low)} to {measure(claim.high)}{axis}"
    return "on which day" if claim.type is ClaimType.DATE else ""


def line_of_forecast(claim: Claim, *, again: bool = False, **options: str) -> Hint:
    """Return the command that records a forecast on a claim, with the placeholders that its type needs.

    Args:
        claim: The claim.
        again: Whether the command is to repeat a forecast that is recorded already.
        options: Further keywords of the command.
    """
    if claim.type is ClaimType.NUMBER:
        quantiles = dict.fromkeys(("10%", "50%", "90%"), "VALUE")
        return command("forecast", claim.slug, quantiles=quantiles, again=again, **options)
    if claim.options:
        return command("forecast", claim.slug, dict.fromkeys(claim.options, "P"), again=again, **options)
    chance = {str(claim.deadline): "P"} if claim.type is ClaimType.DATE else "P"
    return command("forecast", claim.slug, chance, again=again, **options)


def on_days_over(claim: Claim, forecast: Forecast, today: date, least: float = 0.0) -> str:
    """Return how much of a forecast by days lies on days that are over, and what it means for the days to come.

    It is still scored as it was given; this reminds its author to renew it. "" if that is nothing, or below *least*.
    """
    past = _chance_by(claim, forecast.days, today - timedelta(days=1)) if forecast.days else 0.0
    if past <= 0 or past < least:
        return ""
    text = f"{chance_said(past)} of it lies on days that are over"
    if past >= 1:
        return text
    to_come = forecast.days[-1].chance - past
    return f"{text}; of what is open it means {chance_said(to_come / (1 - past))}"


def _chance_by(claim: Claim, days: Sequence[DayChance], day: date) -> float:
    """Return the chance that it happens by the end of a day, on straight lines between the days given.

    It is 0 for a day before the window, and also for one after the last day given.
    """
    ends = [(claim.opens_on - timedelta(days=1), 0.0), *((point.day, point.chance) for point in days)]
    for (left, low), (right, high) in pairwise(ends):
        if left <= day <= right and left < right:
            return low + (high - low) * ((day - left) / (right - left))
    return 0.0


def chance_said(chance: float) -> str:
    """Return one chance of a distribution with at most three decimals, since it may be computed (one third)."""
    return two_places(chance, 3)


def spoken_days(days: Sequence[DayChance]) -> str:
    """Return the chances by some days, and the chance that it does not happen in the window."""
    by_days = [f"by {point.day} {chance_said(point.chance)}" for point in days_said(days)]
    return ", ".join([*by_days, f"not at all {chance_said(1 - days[-1].chance)}"])


def days_said(days: Sequence[DayChance]) -> Sequence[DayChance]:
    """Choose the days to show: all if they are few, else FEW_DAYS of them, spread evenly, with the last one."""
    if len(days) <= FEW_DAYS:
        return days
    return [days[round(number * (len(days) - 1) / FEW_DAYS)] for number in range(1, FEW_DAYS + 1)]
