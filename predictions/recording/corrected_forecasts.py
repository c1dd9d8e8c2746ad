"""What `correct` makes of a forecast: how likely is said anew as it is said first, and words are read anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from predictions.recording.enter import Desk, build, correct, said_content
from predictions.recording.forecasts import as_recorded, forecast_as_asked, publication_named
from predictions.recording.words import ENDS
from predictions.records import Forecast

CHANCE_PARTS = ("p", "quantiles")  # what holds several chances
CHANCE_FIELDS = ("p", "probability", *ENDS)
HOW_LIKELY = frozenset({*CHANCE_PARTS, *CHANCE_FIELDS, "words", "scale"})


def correct_forecast(desk: Desk, forecast: Forecast, changes: Mapping[str, Any], *, reason: str | None) -> Forecast:
    """Correct a forecast; how likely it is, is said as it is first, in place of all that was said, or a withdrawal."""
    said = {name: value for name, value in changes.items() if name in HOW_LIKELY}
    read = {name: value for name, value in changes.items() if name not in HOW_LIKELY}
    if said:
        read |= _read_anew(desk, forecast, _said_anew(forecast, said))
    if (carrier := changes.get("published_in")) is not None:
        read |= {"published_in": None, "published_in_evidence": None, **publication_named(desk, carrier)}
    return correct(desk, forecast, read, reason=reason)


def _said_anew(forecast: Forecast, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return how likely it is said to be: a new number alone; a new scale or range with the words that stand."""
    # A number said anew stands in place of the words or the range: both together would say two things.
    if not said.keys().isdisjoint({"p", "probability", "quantiles"}):
        others = {name: value for name, value in said.items() if name != "p"}
        return {**others, "probability": said["p"]} if "p" in said else others
    ends = {name: getattr(forecast, name) for name in ENDS} if said.keys() <= {*ENDS} else {}
    return {"words": forecast.words, **ends, **said}


def _read_anew(desk: Desk, forecast: Forecast, said: Mapping[str, Any]) -> dict[str, object]:
    """Read what is said anew as fields of the forecast in whose place it stands."""
    nothing = dict.fromkeys(("probability", *ENDS, "words", "scale", "withdrawn"))
    fields = {**nothing, **forecast_as_asked(desk, forecast.claim, said, new=False)}
    anew = as_recorded(desk, build(Forecast, {**said_content(forecast), **fields}))
    return {**fields, "days": anew.days} if anew.days else fields
