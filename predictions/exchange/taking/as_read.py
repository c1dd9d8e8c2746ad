"""A forecast of a file in words, as the card shows it for the reader to check."""

from __future__ import annotations

from collections.abc import Mapping

from predictions.errors import InvalidValue
from predictions.exchange.table.asked import forecast_fields
from predictions.numerals import two_places
from predictions.recording.distributions import read_distribution
from predictions.recording.enter import build
from predictions.records import Claim, Forecast
from predictions.timestamps import EPOCH
from predictions.views.distribution_text import said_in_full


def forecast_as_read(claim: Claim, fields: Mapping[str, object]) -> str:
    """Return a forecast in words, as it was read."""
    words, chance = fields.get("words"), fields.get("probability")
    if words or "withdrawn" in fields:
        return f'"{words}"' if words else "withdrawn"
    try:
        fields_read = forecast_fields(claim, fields).fields
        if "quantiles" in fields:
            return read_distribution(claim, fields).quantiles_text
    except InvalidValue:  # which refuses the file
        return "what cannot be read"
    if fields_read.keys() & {"shares", "points", "days"}:
        key = {"claim": claim.slug, "forecaster": "forecaster", "made_at": EPOCH}
        return said_in_full(build(Forecast, {**fields_read, **key}))
    return two_places(float(str(chance))) if chance is not None else "withdrawn"
