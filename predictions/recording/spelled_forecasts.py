"""A forecast in words, and the call that records it, for messages that offer it."""

from __future__ import annotations

from datetime import datetime

from predictions.enums import AS_READ, HOUSE
from predictions.errors import Conflict
from predictions.numerals import exact
from predictions.recording.spelled_fields import spelled_fields
from predictions.records import Forecast
from predictions.timestamps import moment_text, read_made_at

ORDER = ("by", "made_at", "published_in", "reason")


def said_otherwise(standing: Forecast, record: Forecast) -> Conflict:
    """Return the error that another forecast with that time is on file, with the call that replaces it."""
    again = spelled_forecast(record, made_at=day_or_moment(record.made_at), reason="...")
    before, now = said_shortly(standing), said_shortly(record)
    return Conflict(
        f"{standing.forecaster} said {before} of {record.claim} on {record.made_at.date()}, now "
        f"{now if now != before else what_else(record, standing)}; to replace it: {again}"
    )


def what_else(forecast: Forecast, other: Forecast) -> str:
    """Return in what a forecast differs from another of the same number, for a message."""
    words = {"because": "on other evidence", "note": "with another note", "published_in": "in another place"}
    for field, difference in words.items():
        if getattr(forecast, field) != getattr(other, field):
            return f"the same {difference}"
    return "something else"


def spelled_forecast(forecast: Forecast, **given: str) -> str:
    """Spell the call that records a forecast; the arguments *given* replace its own or are added to them."""
    publication = forecast.published_in or forecast.published_in_evidence
    values = {"by": forecast.forecaster, "published_in": publication, **given}
    remarks = {name: getattr(forecast, name) for name in ("because", "note") if getattr(forecast, name)}
    arguments = [f'"{forecast.claim}"', _how(forecast)]
    if remarks:
        arguments.append(spelled_fields(remarks))
    arguments += [f'{name}="{values[name]}"' for name in ORDER if values.get(name)]
    return f"ledger.forecast({', '.join(arguments)})"


def day_or_moment(made_at: datetime) -> str:
    """Return when a forecast was made as `made_at` takes it: the bare day if it is the end of one."""
    return str(made_at.date()) if read_made_at(made_at.date()) == made_at else moment_text(made_at)


def _how(forecast: Forecast) -> str:
    """Spell the arguments for how likely it was said to be; a distribution is left to be filled in, as P."""
    ends = "" if forecast.low is None else f"low={exact(forecast.low)}, high={exact(forecast.high)}"
    if forecast.words:
        scale = "" if forecast.scale in {None, HOUSE} else f'scale="{forecast.scale}"'
        return ", ".join(filter(None, [f'words="{forecast.words}"', ends if forecast.scale == AS_READ else scale]))
    if forecast.probability is None:
        return ends or "P"
    return ", ".join(filter(None, [exact(forecast.probability), ends]))


def said_shortly(forecast: Forecast) -> str:
    """Return how likely a forecast says it is: its number; or its words, and how they are read."""
    if forecast.probability is None and forecast.low is None:
        return "something else"
    ends = "" if forecast.low is None else f"{exact(forecast.low)} to {exact(forecast.high)}"
    number = ends if forecast.probability is None else exact(forecast.probability)
    if not forecast.words:
        return number
    scale = "" if forecast.scale in {None, HOUSE, AS_READ} else f" on {forecast.scale}"
    return f'"{forecast.words}" (read as {number}{scale})'
