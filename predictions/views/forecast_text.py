"""How forecasts, and the time at which criteria were recorded, are said on every card."""

from __future__ import annotations

from datetime import datetime

from predictions.dates import read_period
from predictions.fits import fits
from predictions.numerals import counted, exact, some_of, two_places
from predictions.records import Claim, Forecast, Resolution, Source
from predictions.slugs import slug_of_name
from predictions.snapshot import Snapshot, asked_at
from predictions.status import Timing, comes_late, on_the_day, timing
from predictions.tally.result import Standing, Tally
from predictions.tally.tally import written_after
from predictions.told_points import beyond_told
from predictions.views.distribution_text import LONGEST_WORD, is_distribution, said_in_full, said_shortly

BACKDATED, TOO_LATE, ON_THE_DAY, MISFIT = "backdated", "too late", "on the day of the answer", "no longer fits"
MOST_NAMED = 4  # forecasters in one line, at most


def spoken(forecast: Forecast, claim: Claim | None = None) -> str:
    """Say a forecast as a person reads it: ``0.72``, or what its words were read as: ``"will", read as 0.80 to 0.99``.

    A number read from words is ours, so the range of its scale is shown in its place. With the *claim* a value has its
    unit.
    """
    if forecast.withdrawn:
        return "withdrawn"
    if is_distribution(forecast):
        points = [(point.at, point.chance) for point in forecast.points]
        return said_in_full(forecast, claim) + beyond_told(points)
    low, number, high = (two_places(value) for value in (forecast.low, forecast.probability, forecast.high))
    if forecast.words:
        return f'"{forecast.words}", read as {f"{low} to {high}" if low else number}'
    if not number:
        return f"{exact(forecast.low)} to {exact(forecast.high)}"
    return f"{number} ({exact(forecast.low)} to {exact(forecast.high)})" if low else number


def in_short(forecast: Forecast, claim: Claim, most: int = LONGEST_WORD) -> str:
    """Say a forecast in a few signs, a word of *most* columns, for lines that hold several; empty for a withdrawal."""
    return said_shortly(forecast, claim, most) if is_distribution(forecast) else two_places(forecast.point)


def standing_forecasts(snapshot: Snapshot, claim: Claim) -> list[tuple[str, Forecast]]:
    """Return the forecast that stands for each forecaster, in the order in which they were made.

    One that is backdated or comes too late to count stands where its forecaster has no other.
    """
    by: dict[str, list[Forecast]] = {}
    for item in snapshot.forecasts_on(claim):
        by.setdefault(item.record.forecaster, []).append(item.record)
    last = [
        ([forecast for forecast in theirs if not set_apart(snapshot, claim, forecast)] or theirs)[-1]
        for theirs in by.values()
    ]
    return [
        (forecast.forecaster, forecast)
        for forecast in sorted(last, key=lambda forecast: forecast.made_at)
        if not forecast.withdrawn
    ]


def is_backdated(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Tell whether nothing but its recorder carries the time of a forecast, so that it stands apart."""
    return timing(snapshot, forecast) is Timing.BACKDATED


def set_apart(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Say why a forecast stands apart: it is backdated, or comes too late to count; nothing where it does not."""
    if is_backdated(snapshot, forecast):
        return BACKDATED
    return lateness(claim, snapshot.verdict(claim), forecast.made_at)


def lateness(claim: Claim, verdict: Resolution | None, made_at: datetime) -> str:
    """Say as scorecards and receipts do that a forecast of that moment comes too late to count; else nothing.

    Made on the day of the answer it may have been made before it; told by the day, nobody can say.
    """
    if not comes_late(claim, verdict, made_at):
        return ""
    return ON_THE_DAY if on_the_day(claim, verdict, made_at) else TOO_LATE


def mark_of(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Return what stands behind a forecast that counts no more or stands apart; nothing behind the others."""
    why = set_apart(snapshot, claim, forecast) if fits(claim, forecast) else MISFIT
    return f" ({why})" if why else ""


def said_briefly(snapshot: Snapshot, claim: Claim) -> str:
    """Say who stands where on a claim, in a few words: ``Tech Oracle 0.90, you 0.30 (backdated)``."""
    names, me = snapshot.forecaster_names, slug_of_name(snapshot.me, snapshot.forecaster_titles)
    said = [
        f"{'you' if slug == me else names.get(slug, slug)} {said}{mark_of(snapshot, claim, forecast)}"
        for slug, forecast in standing_forecasts(snapshot, claim)
        if (said := in_short(forecast, claim))
    ]
    return some_of(said, MOST_NAMED, ", ")


def not_shown(count: int) -> str:
    """Return the sentence for imported forecasts that a card leaves out."""
    return f"{counted(count, 'imported forecast')}, not shown"


def days_after(snapshot: Snapshot, claim: Claim, source: Source) -> int | None:
    """Count the days from the publication of a statement to the seal of a claim's criteria; None without a date.

    A publication dated by month or year is taken at its last day, so that the count is never too high.
    """
    if source.published is None:
        return None
    return (asked_at(snapshot, claim).date() - read_period(source.published).last).days


def criteria_recorded(snapshot: Snapshot, claim: Claim, source: Source, made_of: Tally) -> str:
    """Say how long after the statement the criteria were recorded, and what was known then; empty for the same day.

    ``recorded 223 days after the statement; known then: sap-prior (3 of 6)``
    """
    days = days_after(snapshot, claim, source) or 0
    told = [f"recorded {counted(days, 'day')} after the statement"] if days > 0 else []
    if events := written_after(snapshot, claim, made_of):
        return ", ".join([*(told or ["recorded"]), f"after {', '.join(events)} had counted for it"])
    written_on = asked_at(snapshot, claim).date()
    short = [event for event in made_of.of(Standing.FALLS_SHORT) if event.last_day() < written_on]
    near = max(short, key=lambda event: len(event.met), default=None)
    if told and near and near.met:
        told.append(f"known then: {near.event} ({len(near.met)} of {len(claim.conditions)})")
    return "; ".join(told)
