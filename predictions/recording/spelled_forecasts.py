"""A forecast as the call that says it, for messages that offer to say it again."""

from __future__ import annotations

from datetime import datetime

from predictions.errors import Conflict
from predictions.records import Forecast
from predictions.timestamps import moment_text, read_made_at

ORDER = ("by", "made_at", "published_in", "reason")


def said_otherwise(standing: Forecast, record: Forecast) -> Conflict:
    """Say that another forecast of that moment stands, with the call that replaces it at any door."""
    again = spelled_forecast(record, made_at=day_or_moment(record.made_at), reason="...")
    return Conflict(
        f"{standing.forecaster} said {_shortly(standing)} of {record.claim} on {record.made_at.date()}, now "
        f"{_shortly(record)}; to replace it: {again}"
    )


def spelled_forecast(forecast: Forecast, **given: str) -> str:
    """Spell the call that says what a forecast says; *given* stands in place of its own words, or beside them."""
    carrier = forecast.published_in or forecast.published_in_evidence
    told = {"by": forecast.forecaster, "published_in": carrier, **given}
    listed = ", ".join(f'{name}="{told[name]}"' for name in ORDER if told.get(name))
    return f'ledger.forecast("{forecast.claim}", {_how(forecast)}, {listed})'


def day_or_moment(made_at: datetime) -> str:
    """Return when a forecast was made as it is given: a day for the end of a day."""
    return str(made_at.date()) if read_made_at(made_at.date()) == made_at else moment_text(made_at)


def _how(forecast: Forecast) -> str:
    """Spell how likely it was said to be; of several options, values or days that is left to be filled in."""
    ends = "" if forecast.low is None else f"low={forecast.low}, high={forecast.high}"
    if forecast.words:
        return f'words="{forecast.words}"{f", {ends}" if ends and forecast.probability is None else ""}'
    point = "P" if forecast.point is None else f"{forecast.point}"
    return ends or point


def _shortly(forecast: Forecast) -> str:
    if forecast.probability is None and forecast.low is not None:
        return f"{forecast.low} to {forecast.high}"
    point = forecast.point
    return "something else" if point is None else f"{point}"
