"""Write forecasts, and the time at which criteria were recorded, in the words of every card."""

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
MOST_NAMED = 4  # forecasters in one line


def spoken(forecast: Forecast, claim: Claim | None = None) -> str:
    """Return a forecast in full: ``0.72``; if it was read from words, ``"will", read as 0.80 to 0.99``.

    A number read from words is our own, so the range on its scale is shown instead. With a *claim*, values have units.
    """
    if forecast.withdrawn:
        return "withdrawn"
    if is_distribution(forecast):
        points = [(point.at, point.chance) for point in forecast.points]
        return said_in_full(forecast, claim) + beyond_told(points)
    low, number, high = two_places(forecast.low), two_places(forecast.probability), two_places(forecast.high)
    if forecast.words:
        read_as = f"{low} to {high}" if low else number
        return f'"{forecast.words}", read as {read_as}'
    if not number:
        return f"{exact(forecast.low)} to {exact(forecast.high)}"
    return f"{number} ({exact(forecast.low)} to {exact(forecast.high)})" if low else number


def in_short(forecast: Forecast, claim: Claim, most: int = LONGEST_WORD) -> str:
    """Return a forecast in a few words, "" if it was withdrawn; an option or a unit is cut to *most* columns."""
    return said_shortly(forecast, claim, most) if is_distribution(forecast) else two_places(forecast.point)


def standing_forecasts(snapshot: Snapshot, claim: Claim) -> list[tuple[str, Forecast]]:
    """Return each forecaster's slug and standing forecast, in the order in which the forecasts were made.

    A backdated or late forecast stands only if its forecaster has no other. Withdrawn ones are left out.
    """
    by_forecaster: dict[str, list[Forecast]] = {}
    for item in snapshot.forecasts_on(claim):
        by_forecaster.setdefault(item.record.forecaster, []).append(item.record)
    last = list[Forecast]()
    for series in by_forecaster.values():
        counting = [forecast for forecast in series if not set_apart(snapshot, claim, forecast)]
        last.append(counting[-1] if counting else series[-1])
    last.sort(key=lambda forecast: forecast.made_at)
    return [(forecast.forecaster, forecast) for forecast in last if not forecast.withdrawn]


def is_backdated(snapshot: Snapshot, forecast: Forecast) -> bool:
    """Return whether only its recorder vouches for the time of a forecast."""
    return timing(snapshot, forecast) is Timing.BACKDATED


def set_apart(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Return why a forecast is kept apart: it is backdated, or came too late to count; "" if it counts."""
    if is_backdated(snapshot, forecast):
        return BACKDATED
    return lateness(claim, snapshot.verdict(claim), forecast.made_at)


def lateness(claim: Claim, verdict: Resolution | None, made_at: datetime) -> str:
    """Return that a forecast made at that moment came too late to count; "" if it did not.

    There are other words for one made on the day of the answer: it may have come before the answer, if only the day of
    that is known.
    """
    if not comes_late(claim, verdict, made_at):
        return ""
    return ON_THE_DAY if on_the_day(claim, verdict, made_at) else TOO_LATE


def mark_of(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Return a note in brackets on a forecast that no longer fits its claim or is kept apart; "" for any other."""
    why = set_apart(snapshot, claim, forecast) if fits(claim, forecast) else MISFIT
    return f" ({why})" if why else ""


def said_briefly(snapshot: Snapshot, claim: Claim) -> str:
    """Return the standing forecasts on a claim in a few words: ``Tech Oracle 0.90, you 0.30 (backdated)``."""
    names, me = snapshot.forecaster_names, slug_of_name(snapshot.me, snapshot.forecaster_titles)
    texts = list[str]()
    for slug, forecast in standing_forecasts(snapshot, claim):
        if number := in_short(forecast, claim):
            name = "you" if slug == me else names.get(slug, slug)
            texts.append(f"{name} {number}{mark_of(snapshot, claim, forecast)}")
    return some_of(texts, MOST_NAMED, ", ")


def not_shown(count: int) -> str:
    """Return the sentence for imported forecasts that a card leaves out."""
    return f"{counted(count, 'imported forecast')}, not shown"


def days_after(snapshot: Snapshot, claim: Claim, source: Source) -> int | None:
    """Count the days from a statement's publication to the recording of the criteria; None if its day is unknown.

    A publication dated by month or year is taken at its last day, so that the count is never too high.
    """
    if source.published is None:
        return None
    return (asked_at(snapshot, claim).date() - read_period(source.published).last).days


def criteria_recorded(snapshot: Snapshot, claim: Claim, source: Source, made_of: Tally) -> str:
    """Return how long after the statement the criteria were recorded, and which events were known then.

    ``recorded 223 days after the statement; known then: sap-prior (3 of 6)``; "" if it was on the same day, and no
    event had counted yet.
    """
    days = days_after(snapshot, claim, source) or 0
    parts = [f"recorded {counted(days, 'day')} after the statement"] if days > 0 else []
    if events := written_after(snapshot, claim, made_of):
        return ", ".join([*(parts or ["recorded"]), f"after {', '.join(events)} had counted for it"])
    written_on = asked_at(snapshot, claim).date()
    unmet = [event for event in made_of.of(Standing.FALLS_SHORT) if event.last_day() < written_on]
    nearest = max(unmet, key=lambda event: len(event.met), default=None)
    if parts and nearest and nearest.met:
        parts.append(f"known then: {nearest.event} ({len(nearest.met)} of {len(claim.conditions)})")
    return "; ".join(parts)
