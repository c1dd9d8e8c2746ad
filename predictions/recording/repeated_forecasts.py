"""Whether a series holds the same forecast already, or any forecast that can be withdrawn."""

from __future__ import annotations

from datetime import date, datetime

from predictions.errors import Conflict
from predictions.recording.days_over import ways_said
from predictions.recording.enter import Desk, said_content
from predictions.recording.spelled_forecasts import said_roughly, what_else
from predictions.records import Forecast, Forecaster
from predictions.slugs import slug_of_name
from predictions.storage.claim_queries import first_or_last_forecast
from predictions.timestamps import read_made_at, utc_day


def said_before(desk: Desk, forecast: Forecast) -> bool:
    """Return whether the series has an earlier forecast to withdraw, recorded singly or imported."""
    series = forecast.claim, forecast.forecaster
    first = first_or_last_forecast(desk.store, *series, last=False)
    earlier = [*([first] if first else []), *desk.store.imported_forecasts({series})]
    return any(candidate.made_at <= forecast.made_at for candidate in earlier)


def said_already(desk: Desk, forecast: Forecast, *, at_first: bool) -> Forecast | None:
    """Return the forecast on file with the same content, whatever its time; None if there is none.

    Raises Conflict if the series has a later forecast with other content, unless the new one comes with its claim
    (*at_first*): repeating a replaced forecast may be a rerun of a notebook, or a change of mind.
    """
    # With the same time in all of them, two forecasts of different times compare as equal.
    content, series = {**said_content(forecast), "made_at": 0}, (forecast.claim, forecast.forecaster)
    numbers = {name: getattr(forecast, name) for name in ("probability", "low", "high", "withdrawn")}
    candidates = desk.store.revisions(Forecast, claim=forecast.claim, forecaster=forecast.forecaster, **numbers)
    same = [
        candidate
        for candidate in candidates
        if any({**said_content(way), "made_at": 0} == content for way in ways_said(candidate))
    ]
    if not same:
        return None
    latest_same = sorted(same, key=lambda candidate: candidate.made_at)[-1]
    if at_first:
        return latest_same
    latest = last_forecast(desk, *series) or latest_same
    if latest_same == latest:
        return latest_same
    is_own = forecast.forecaster == slug_of_name(desk.me, desk.store.titles(Forecaster))
    who, anew = ("you", "you mean it anew") if is_own else (forecast.forecaster, "it is meant anew")
    before, now = said_roughly(forecast), said_roughly(latest)
    now = now if now != before else what_else(forecast, latest)
    raise Conflict(
        f"{who} said {before} on {latest_same.made_at.date()} and {now} since; say again=True if "
        f"{anew}, or made_at= the day it belongs to"
    )


def said_that_day(
    desk: Desk, series: tuple[str, str], day: date | datetime, published_in: str | None
) -> Forecast | None:  # fmt: skip
    """Find the forecast of a *series*, claim and forecaster, made at a moment, or first on a day, in a publication.

    What was said on the day of its recording has the moment of the recording; the same given again later, or with
    another number, must be set beside that one. If none is from that publication, one without any is found; None if
    there is none either.
    """
    claim, forecaster = series
    revisions = desk.store.revisions(Forecast, claim=claim, forecaster=forecaster)
    latest = {forecast.made_at: forecast for forecast in revisions}  # the last revision of each
    found = [
        forecast
        for made_at, forecast in sorted(latest.items())
        if made_at == read_made_at(day) or (not isinstance(day, datetime) and utc_day(made_at) == day)
    ]
    there = [forecast for forecast in found if forecast.published_in == published_in]
    return next(iter(there or [forecast for forecast in found if forecast.published_in is None]), None)


def last_forecast(desk: Desk, claim: str, forecaster: str) -> Forecast | None:
    """Return the last forecast of a forecaster on a claim, recorded singly or imported; None if there is none."""
    record = first_or_last_forecast(desk.store, claim, forecaster, last=True)
    both = [*([record] if record else []), *desk.store.imported_forecasts({(claim, forecaster)})]
    return max(both, key=lambda candidate: candidate.made_at, default=None)
