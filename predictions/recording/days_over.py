"""Forecasts of a date: no chance for the days that were over when they were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from predictions.numerals import two_places
from predictions.records import Claim, DayChance, Forecast


def from_the_eve(claim: Claim, forecast: Forecast) -> tuple[Forecast, str]:
    """Start the chances of a date with 0 at the end of the day before they were said, if that is in the window.

    The chances are joined by a line. If it rose from the window's first day, it would give a chance to days that are
    over and on which it did not happen. A forecast with a point of its own for those days is left as it is.

    Returns:
        The forecast as it is recorded, and a remark for its receipt; "" if nothing was added or is to be said.
    """
    eve = _eve(forecast)
    if not forecast.days or not claim.opens_on <= eve < claim.deadline:
        return forecast, ""
    points_over = [point for point in forecast.days if point.day <= eve]
    if points_over:
        chance = points_over[-1].chance
        remark = f"{two_places(chance)} lies on days that are over; it stands as said" if chance else ""
        return forecast, remark
    if not forecast.days[0].chance:  # it begins with a 0 of its own, and needs no other
        return forecast, ""
    days = (DayChance(day=eve, chance=0.0), *forecast.days)
    return forecast.model_copy(update={"days": days}), f"drawn from 0 at the end of {eve}: it says nothing of days over"


def ways_said(forecast: Forecast) -> Iterator[Forecast]:
    """Yield a forecast as it is recorded and, if `from_the_eve` may have added its first day, without that day."""
    yield forecast
    if len(forecast.days) > 1 and forecast.days[0] == DayChance(day=_eve(forecast), chance=0.0):
        yield forecast.model_copy(update={"days": forecast.days[1:]})


def _eve(forecast: Forecast) -> date:
    """Return the day before a forecast was made, the last one that was over."""
    made_on = forecast.made_at.date()
    return made_on - timedelta(days=1) if made_on > date.min else made_on
