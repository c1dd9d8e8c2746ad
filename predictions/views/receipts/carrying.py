"""Say in a receipt which forecasts a corrected source or piece of evidence dates no longer, or dates again.

A source or evidence that contains a forecast shows the day on which it was made. With another day, or taken back, it
shows that no longer: the forecast is backdated then, and in no mean.
"""

from __future__ import annotations

from predictions.numerals import counted
from predictions.recording.spelled_forecasts import spelled_forecast
from predictions.records import Evidence, Forecast, Source
from predictions.render.columns import cut_to
from predictions.snapshot import Snapshot
from predictions.status import Timing, carriers, timing, vouched_days, vouches
from predictions.views.receipts.receipt import LONGEST_UNTYPED_NAME

DATING = frozenset({"kind", "published"})  # fields of a source or evidence by which it shows the day of a forecast


def carrying(snapshot: Snapshot, carrier: Source | Evidence) -> list[str]:
    """Return the lines on the forecasts that are published again by this change, and on those backdated by it.

    Empty if the change makes no difference to any forecast.

    Args:
        snapshot: What is on file now.
        carrier: The source or evidence as it is now: corrected, or taken back.
    """
    before, now = (item.record for item in snapshot.revisions(type(carrier), carrier.slug)[-2:])
    contained = [forecast for forecast in snapshot.all(Forecast) if carrier in carriers(snapshot, forecast)]
    changed = [forecast for forecast in contained if vouches(before, forecast) is not vouches(now, forecast)]
    backdated = [forecast for forecast in changed if timing(snapshot, forecast) is Timing.BACKDATED]
    published = [forecast for forecast in changed if timing(snapshot, forecast) is Timing.PUBLISHED]
    lines = [f"published again: {_first_named(published)}"] if published else []
    return [*lines, *(_backdated_lines(backdated, now) if backdated else [])]


def _backdated_lines(forecasts: list[Forecast], carrier: Source | Evidence) -> list[str]:
    """Return the line on forecasts that are backdated now, and the call that gives the first of them a day again.

    It records the forecast on the day that the source or evidence has now. If that has no exact day, or was taken
    back, it names another publication instead.
    """
    days = vouched_days(None, carrier.published)
    is_retracted = isinstance(carrier, Evidence) and carrier.retracted
    lines = [f"backdated now, so in no mean: {_first_named(forecasts)}"]
    if days and not is_retracted:
        call = spelled_forecast(forecasts[0], made_at=str(days[0]), published_in=carrier.slug)
        return [*lines, f"to say it of the new day: {call}"]
    name = f"{forecasts[0].claim} {forecasts[0].forecaster}"
    return [*lines, f'to name what else carries it: ledger.correct("{name}", published_in="SLUG", reason="...")']


def _first_named(forecasts: list[Forecast]) -> str:
    """Name the first of some forecasts, and count the others."""
    first = cut_to(forecasts[0].claim, LONGEST_UNTYPED_NAME)
    rest = f", and {counted(len(forecasts) - 1, 'more forecast')}" if len(forecasts) > 1 else ""
    return f"{forecasts[0].forecaster} on {first}, {forecasts[0].made_at.date()}{rest}"
