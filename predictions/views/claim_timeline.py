"""A claim's records as a line of time: for the chart of a page, and for the same in characters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from predictions.numerals import figure
from predictions.records import Claim, Forecast, Resolution
from predictions.render.character_charts import sparkline
from predictions.render.timeline import Line, Mark, Step, Timeline
from predictions.snapshot import EvidenceItem, world_day
from predictions.status import Timing
from predictions.timestamps import start_of

LINES = 6  # forecasters on one chart, at most
WIDE = 44


def claim_line(
    claim: Claim,
    evidence: Sequence[EvidenceItem],
    forecasts: Sequence[tuple[Forecast, Timing]],
    verdict: Resolution | None,
    today: date,
) -> Timeline:
    """What is on file about a claim, by days; forecasts whose times are backdated are left out."""
    told: dict[str, list[Forecast]] = {}
    for forecast, kind in forecasts:
        if kind is not Timing.BACKDATED:
            told.setdefault(forecast.forecaster, []).append(forecast)
    shown = sorted(told, key=lambda who: -len(told[who]))[:LINES]
    dated = {item.evidence.slug: item for item in evidence if world_day(item) < date.max}
    return Timeline(
        claim=claim,
        verdict=verdict,
        today=today,
        lines=[_line(who, told[who]) for who in told if who in shown],
        marks=[
            Mark(world_day(item), item.bearing.bears.value, item.evidence.title, bool(item.evidence.retracted))
            for item in dated.values()
        ],
    )


def spark_rows(line: Timeline) -> list[tuple[str, str]]:
    """Each forecaster with their numbers in characters, from the opening of the window to its end."""
    found = []
    for one in line.lines:
        values = [_at(one, _moment(line, place), line.upto) for place in range(WIDE)]
        numbers = [step.probability for step in one.steps if step.probability is not None]
        if numbers:
            first, last = figure(numbers[0], 2), figure(numbers[-1], 2)
            found.append((one.name, f"{first} |{sparkline(values)}| {last}{' imputed' * one.imputed}"))
    return found


def _moment(line: Timeline, place: int) -> float:
    opened, closed = line.claim.opens_on.toordinal(), line.claim.deadline.toordinal() + 1
    return opened + (place + 0.5) * (closed - opened) / WIDE


def _at(one: Line, day: float, upto: float) -> float | None:
    stood = [step for step in one.steps if step.day <= day]
    return stood[-1].probability if stood and day < upto else None


def _line(who: str, forecasts: Sequence[Forecast]) -> Line:
    steps = [
        Step(
            one.made_at.toordinal() + (one.made_at - start_of(one.made_at.date())).total_seconds() / 86_400,
            one.point,
            one.low,
            one.high,
        )
        for one in forecasts
    ]
    return Line(who, steps, all(one.imputed for one in forecasts if not one.withdrawn))
