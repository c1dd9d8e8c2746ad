"""A forecast as it was said, and as the call that says it, for messages that offer to say it again."""

from __future__ import annotations

from datetime import datetime

from predictions.enums import AS_READ, HOUSE
from predictions.errors import Conflict
from predictions.numerals import exact
from predictions.recording.drafts import spelled_fields
from predictions.records import Forecast
from predictions.timestamps import moment_text, read_made_at

ORDER = ("by", "made_at", "published_in", "reason")


def said_otherwise(standing: Forecast, record: Forecast) -> Conflict:
    """Say that another forecast of that moment stands, with the call that replaces it at any door."""
    again = spelled_forecast(record, made_at=day_or_moment(record.made_at), reason="...")
    return Conflict(
        f"{standing.forecaster} said {said_shortly(standing)} of {record.claim} on {record.made_at.date()}, now "
        f"{said_shortly(record)}; to replace it: {again}"
    )


def spelled_forecast(forecast: Forecast, **given: str) -> str:
    """Spell the call that says what a forecast says; *given* stands in place of its own words, or beside them."""
    carrier = forecast.published_in or forecast.published_in_evidence
    told = {"by": forecast.forecaster, "published_in": carrier, **given}
    beside = {name: said for name in ("because", "note") if (said := getattr(forecast, name))}
    listed = [f'{name}="{told[name]}"' for name in ORDER if told.get(name)]
    parts = [f'"{forecast.claim}"', _how(forecast), *([spelled_fields(beside)] if beside else []), *listed]
    return f"ledger.forecast({', '.join(parts)})"


def day_or_moment(made_at: datetime) -> str:
    """Return when a forecast was made as it is given: a day for the end of a day."""
    return str(made_at.date()) if read_made_at(made_at.date()) == made_at else moment_text(made_at)


def _how(forecast: Forecast) -> str:
    """Spell how likely it was said to be; of several options, values or days that is left to be filled in."""
    ends = "" if forecast.low is None else f"low={exact(forecast.low)}, high={exact(forecast.high)}"
    if forecast.words:
        scale = "" if forecast.scale in {None, HOUSE} else f'scale="{forecast.scale}"'
        return ", ".join(filter(None, [f'words="{forecast.words}"', ends if forecast.scale == AS_READ else scale]))
    if forecast.probability is None:
        return ends or "P"
    return ", ".join(filter(None, [exact(forecast.probability), ends]))


def said_shortly(forecast: Forecast) -> str:
    """Say a number; of words what they were, and what they are read as."""
    if forecast.probability is None and forecast.low is None:
        return "something else"
    ends = "" if forecast.low is None else f"{exact(forecast.low)} to {exact(forecast.high)}"
    number = ends if forecast.probability is None else exact(forecast.probability)
    if not forecast.words:
        return number
    scale = "" if forecast.scale in {None, HOUSE, AS_READ} else f" on {forecast.scale}"
    return f'"{forecast.words}" (read as {number}{scale})'
