"""A forecast in words, and the call that records it, for messages that offer it."""

from __future__ import annotations

from datetime import datetime

from predictions.enums import AS_READ, HOUSE
from predictions.errors import Conflict
from predictions.numerals import exact, two_places
from predictions.recording.days_over import ways_said
from predictions.recording.spelled_fields import between_quotes, spelled_fields
from predictions.records import Forecast
from predictions.timestamps import moment_text, read_made_at
from predictions.told_points import points_told

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
    return "the same with other points between" if forecast.points != other.points else "something else"


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
    """Spell the arguments for how likely it was said to be; the points of a number are left to be filled in."""
    ends = "" if forecast.low is None else f"low={exact(forecast.low)}, high={exact(forecast.high)}"
    if forecast.words:
        scale = "" if forecast.scale in {None, HOUSE} else f'scale="{forecast.scale}"'
        return ", ".join(filter(None, [f'words="{forecast.words}"', ends if forecast.scale == AS_READ else scale]))
    if forecast.points:
        return "quantiles={CHANCE: VALUE}"
    if forecast.shares or forecast.days:
        chances = {share.option: share.share for share in forecast.shares}
        chances |= {str(by.day): by.chance for by in _as_given(forecast).days}
        return "{" + ", ".join(f"{between_quotes(key)}: {exact(chance)}" for key, chance in chances.items()) + "}"
    if forecast.probability is None:
        return ends or "P"
    return ", ".join(filter(None, [exact(forecast.probability), ends]))


def said_shortly(forecast: Forecast) -> str:
    """Return how likely a forecast says it is: its number; its words, and how they are read; or its distribution."""
    if forecast.withdrawn:
        return "nothing (withdrawn)"
    if forecast.probability is None and forecast.low is None:
        return _distribution(_as_given(forecast))
    ends = "" if forecast.low is None else f"{exact(forecast.low)} to {exact(forecast.high)}"
    number = ends if forecast.probability is None else exact(forecast.probability)
    if not forecast.words:
        return number
    scale = "" if forecast.scale in {None, HOUSE, AS_READ} else f" on {forecast.scale}"
    return f'"{forecast.words}" (read as {number}{scale})'


def said_roughly(forecast: Forecast) -> str:
    """Return the same with two places of a number, for a message that sets two changes of mind side by side."""
    has_number = forecast.probability is not None and not forecast.words and not forecast.withdrawn
    return two_places(forecast.probability) if has_number else said_shortly(forecast)


def _as_given(forecast: Forecast) -> Forecast:
    """Return a forecast without the day that may have been added when it was recorded."""
    *_, as_given = ways_said(forecast)
    return as_given


def _distribution(forecast: Forecast) -> str:
    """Write a distribution in few words: all shares; chances by the first and the last day; or some points.

    Empty if the forecast has none. Chances have up to three decimals, because some are computed.
    """
    if forecast.shares:
        return ", ".join(f"{share.option} {two_places(share.share, 3)}" for share in forecast.shares)
    if forecast.days:
        ends = dict.fromkeys((forecast.days[0], forecast.days[-1]))
        return ", ".join(f"{two_places(by.chance, 3)} by {by.day}" for by in ends)
    return points_told([(point.at, point.chance) for point in forecast.points])
