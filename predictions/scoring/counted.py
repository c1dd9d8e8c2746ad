"""Which of one forecaster's records on a claim count, and from when."""

from __future__ import annotations

from typing import NamedTuple

from predictions.records import Claim, Forecast
from predictions.snapshot import Recorded, Snapshot, numbers
from predictions.status import Timing, published, timing, witnessed


class Counted(NamedTuple):
    """Forecasts that count; whether their times are backdated; whether there are others, backdated and set apart."""

    forecasts: list[Forecast]
    backdated: bool
    apart: bool


def counting(snapshot: Snapshot, claim: Claim, forecaster: str) -> Counted:
    """Select the forecasts of one forecaster on a claim that count, in order of time.

    Those whose times are not backdated count, else all; and of these the stated ones, else all. Numbers that
    were corrected later count from their correction, and those that were witnessed or published until then.
    """
    mine = [item.record for item in snapshot.forecasts_on(claim) if item.record.forecaster == forecaster]
    parts = [as_witnessed(snapshot, one) for one in mine]
    known = sorted((part for some in parts for part in some), key=lambda one: one.made_at)
    stated = [one for one in known or mine if not one.imputed]
    forecasts = stated if any(not one.withdrawn for one in stated) else known or mine
    return Counted(forecasts, not known, bool(known) and not all(parts))


def as_witnessed(snapshot: Snapshot, forecast: Forecast) -> list[Forecast]:
    """The forecast; or what of it was witnessed or published before it was corrected, and after; or nothing."""
    if timing(snapshot, forecast) is not Timing.BACKDATED:
        return [forecast]
    said = corrected_later(snapshot, forecast)
    at_once = [item.record for item in said[:1]]
    return at_once + [Forecast(**{**dict(item.record), "made_at": item.recorded_at}) for item in said[1:]]


def corrected_later(snapshot: Snapshot, forecast: Forecast) -> list[Recorded[Forecast]]:
    """The last revision of a forecast that was witnessed or published, and each later one with other numbers."""
    revisions = snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at)
    dated = (witnessed(item.recorded_at, forecast.made_at) or published(snapshot, item.record) for item in revisions)
    said = [item for item, is_dated in zip(revisions, dated, strict=True) if is_dated][-1:]
    for item in revisions if said else []:
        if item.recorded_at > said[-1].recorded_at and numbers(item.record) != numbers(said[-1].record):
            said.append(item)
    return said
