"""Correct a forecast: a new number replaces the old one, and words are read again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from predictions.recording.enter import Desk, build, correct, said_content
from predictions.recording.forecasts import as_recorded, forecast_as_asked, publication_named
from predictions.recording.words import ENDS
from predictions.records import Forecast

CHANCE_PARTS = ("p", "quantiles")  # arguments that can hold several chances
CHANCE_FIELDS = ("p", "probability", *ENDS)
HOW_LIKELY = frozenset({*CHANCE_PARTS, *CHANCE_FIELDS, "words", "scale"})


def correct_forecast(desk: Desk, forecast: Forecast, changes: Mapping[str, Any], *, reason: str | None) -> Forecast:
    """Correct a forecast.

    A new number, or new words for one, is given as in `forecast`. It replaces the whole old one, also a withdrawal.
    """
    how_likely = {name: value for name, value in changes.items() if name in HOW_LIKELY}
    fields = {name: value for name, value in changes.items() if name not in HOW_LIKELY}
    if how_likely:
        fields |= _read_anew(desk, forecast, _completed(forecast, how_likely))
    if (publication := changes.get("published_in")) is not None:
        fields |= {"published_in": None, "published_in_evidence": None, **publication_named(desk, publication)}
    return correct(desk, forecast, fields, reason=reason)


def _completed(forecast: Forecast, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the new forecast, completed by what the old one has on file.

    A new number stays alone, because with the old words or range there would be two forecasts. A new scale or a new end
    of the range goes with the words and the other end on file.
    """
    if not arguments.keys().isdisjoint({"p", "probability", "quantiles"}):
        without_p = {name: value for name, value in arguments.items() if name != "p"}
        return {**without_p, "probability": arguments["p"]} if "p" in arguments else without_p
    ends = {name: getattr(forecast, name) for name in ENDS} if arguments.keys() <= {*ENDS} else {}
    return {"words": forecast.words, **ends, **arguments}


def _read_anew(desk: Desk, forecast: Forecast, arguments: Mapping[str, Any]) -> dict[str, object]:
    """Read the arguments as all fields of a forecast; the old values of fields without an argument are emptied."""
    emptied = dict.fromkeys(("probability", *ENDS, "words", "scale", "withdrawn"))
    fields = {**emptied, **forecast_as_asked(desk, forecast.claim, arguments, new=False)}
    anew = as_recorded(desk, build(Forecast, {**said_content(forecast), **fields}))
    return {**fields, "days": anew.days} if anew.days else fields
