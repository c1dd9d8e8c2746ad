"""What a correction of the day of a source or of evidence does to the forecasts whose day it carries."""

from __future__ import annotations

from predictions.numerals import counted
from predictions.recording.spelled_forecasts import spelled_forecast
from predictions.records import Evidence, Forecast, Source
from predictions.render.columns import cut_to
from predictions.snapshot import Snapshot
from predictions.status import Timing, carriers, timing, vouched_days, vouches
from predictions.views.receipts.receipt import LONGEST_UNTYPED_NAME

DATING = frozenset({"kind", "published"})  # the fields of a source or evidence that vouch for a day


def carrying(snapshot: Snapshot, carrier: Source | Evidence) -> list[str]:
    """Say which forecasts lost the day that a source or evidence carried, and how they get another; which have it back.

    Args:
        snapshot: What is on file now.
        carrier: The source or evidence as corrected, or taken back.
    """
    *_, before, now = [item.record for item in snapshot.revisions(type(carrier), carrier.slug)]
    said = [forecast for forecast in snapshot.all(Forecast) if carrier in carriers(snapshot, forecast)]
    changed = [forecast for forecast in said if vouches(before, forecast) is not vouches(now, forecast)]
    lost = [forecast for forecast in changed if timing(snapshot, forecast) is Timing.BACKDATED]
    back = [forecast for forecast in changed if timing(snapshot, forecast) is Timing.PUBLISHED]
    lines = [f"published again: {_first_of(back)}"] if back else []
    return [*lines, *(_lost(lost, now) if lost else [])]


def _lost(forecasts: list[Forecast], now: Source | Evidence) -> list[str]:
    """Say which forecasts are backdated now, and how the first of them is said of its new day."""
    days = vouched_days(None, now.published)
    gone = isinstance(now, Evidence) and now.retracted
    lines = [f"backdated now, so in no mean: {_first_of(forecasts)}"]
    if days and not gone:
        first = spelled_forecast(forecasts[0], made_at=str(days[0]), published_in=now.slug)
        return [*lines, f"to say it of the new day: {first}"]
    name = f"{forecasts[0].claim} {forecasts[0].forecaster}"
    return [*lines, f'to name what else carries it: ledger.correct("{name}", published_in="SLUG", reason="...")']


def _first_of(forecasts: list[Forecast]) -> str:
    first = cut_to(forecasts[0].claim, LONGEST_UNTYPED_NAME)
    rest = f", and {counted(len(forecasts) - 1, 'more forecast')}" if len(forecasts) > 1 else ""
    return f"{forecasts[0].forecaster} on {first}, {forecasts[0].made_at.date()}{rest}"
