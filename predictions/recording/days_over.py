"""Days that were over when the chances of a date were said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from predictions.numerals import two_places
from predictions.records import Claim, DayChance, Forecast


def from_the_eve(claim: Claim, forecast: Forecast) -> tuple[Forecast, str]:
    """Let chances of a date that were said in its window begin with 0 at the end of the day before they were said.

    A line that rose from the window's first day would say of days that were over, and on which it did not happen, that
    it may have. One that has a point by then stands as it was said.

    Returns:
        The forecast as it is recorded, and what its receipt says of these days; empty where there are none.
    """
    eve = _eve(forecast)
    if not forecast.days or not claim.opens_on <= eve < claim.deadline:
        return forecast, ""
    over = [by for by in forecast.days if by.day <= eve]
    if over:
        chance = over[-1].chance
        return forecast, f"{two_places(chance)} lies on days that are over; it stands as said" if chance else ""
    # It begins with a 0 of its own: one more would be a second point that says the same.
    if not forecast.days[0].chance:
        return forecast, ""
    days = (DayChance(day=eve, chance=0.0), *forecast.days)
    return forecast.model_copy(update={"days": days}), f"drawn from 0 at the end of {eve}: it says nothing of days over"


def ways_said(forecast: Forecast) -> Iterator[Forecast]:
    """Yield a forecast as it is recorded, and as it was said where that may have been without its first day."""
    yield forecast
    if len(forecast.days) > 1 and forecast.days[0] == DayChance(day=_eve(forecast), chance=0.0):
        yield forecast.model_copy(update={"days": forecast.days[1:]})


def _eve(forecast: Forecast) -> date:
    made_on = forecast.made_at.date()
    return made_on - timedelta(days=1) if made_on > date.min else made_on
