"""Find the forecasts that no longer fit their claim, which no import would take: an export of forecasts omits them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from predictions.fits import fits
from predictions.records import Claim, Forecast
from predictions.storage.imports import Imports
from predictions.storage.rows import record_of
from predictions.storage.store import Store
from predictions.timestamps import in_microseconds

MISFITS = "forecasts that no longer fit their claim"
OF_MISFITS = "withdrawals of forecasts that no longer fit"
FITTED = ("type", "options", "low", "high", "opens_on", "deadline")  # the fields of a claim that a forecast has to fit
_CORRECTED = "entry < ? and slug in (select slug from main.claim where revision > 1 and entry < ?)"
Key = tuple[str, str, int]  # claim, forecaster, and the time in microseconds


def misfits(store: Store, size: int, before: datetime, records: Iterable[Forecast]) -> Mapping[Key, str]:
    """Return the keys of forecasts that no longer fit their claim, each with what it is for a receipt.

    A withdrawal is among them if its forecaster has nothing else on the claim, since it would withdraw nothing.

    Args:
        store: The open ledger.
        size: How many entries count.
        before: Forecasts made then or later are left out.
        records: The forecasts that are records, each in its latest revision.
    """
    claims = _changed_claims(store, size)
    if not claims:
        return {}
    forecasts = {
        forecast_key(forecast): forecast for _, forecast in Imports(store.connection, size).forecasts(claims=claims)
    }
    forecasts |= {forecast_key(forecast): forecast for forecast in records if forecast.claim in claims}
    fitting, outdated = set[tuple[str, str]](), set[tuple[str, str]]()  # series with such a forecast
    left_out: dict[Key, str] = {}
    for key, forecast in sorted(forecasts.items(), key=lambda item: item[0][2]):
        series = key[:2]
        if forecast.made_at >= before:
            continue
        if forecast.withdrawn:
            if series in outdated - fitting:
                left_out[key] = OF_MISFITS
        elif fits(claims[forecast.claim], forecast):
            fitting.add(series)
        else:
            outdated.add(series)
            left_out[key] = MISFITS
    return left_out


def forecast_key(forecast: Forecast) -> Key:
    """Return the key of a forecast in the form in which blocks have it."""
    return forecast.claim, forecast.forecaster, in_microseconds(forecast.made_at)


def _changed_claims(store: Store, size: int) -> dict[str, Claim]:
    """Return the claims, as they stand, that a correction changed in what a forecast has to fit."""
    latest: dict[str, Claim] = {}
    changed = set[str]()
    for row in store.rows_where(Claim, _CORRECTED, (size, size)):
        claim = record_of(Claim, row)
        if (earlier := latest.get(claim.slug)) and any(
            getattr(earlier, name) != getattr(claim, name) for name in FITTED
        ):
            changed.add(claim.slug)
        latest[claim.slug] = claim
    return {slug: latest[slug] for slug in changed}
