"""How the times of new forecasts are known: seen by the ledger, published, on a platform's word, or on nobody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.exchange.taking.run_counts import RunCounts
from predictions.status import witnessed

BACKDATED = "backdated"


def count_times(tally: RunCounts, new: PlacedForecasts, now: datetime, name: Callable[[str], str]) -> None:
    """Count the new forecasts of a table by how their times are known, and the backdated ones by forecaster.

    Args:
        tally: The counts of the run, to which these are added.
        new: The forecasts.
        now: The moment of the run.
        name: Returns what a forecaster is called on the card.
    """
    for forecast in map(new.one, range(new.columns.size)):
        how = known_how(forecast, now)
        tally.times[how] += 1
        if how == BACKDATED:
            tally.backdated[name(forecast.forecaster)] += 1
            # A publication vouches only for its own day, so this forecast must have been made on another one.
            tally.another_day += "published_in" in forecast.fields


def known_how(forecast: Forecasting, now: datetime) -> str:
    """Tell how the time of a table's forecast is known at the moment of the run."""
    said = forecast.said
    if said.made_at is None or witnessed(now, forecast.made_at):
        return "witnessed"
    published = said.published is None or said.published.day == forecast.made_at.date()
    return "published" if "published_in" in forecast.fields and published else BACKDATED
