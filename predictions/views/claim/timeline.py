"""A claim's records as a line of time: for the chart of a page, and for the same in characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from predictions.enums import ClaimType
from predictions.fits import DISTRIBUTIONS, fits
from predictions.numerals import figure
from predictions.recorded import EvidenceItem, world_day
from predictions.records import Claim, Forecast, Resolution
from predictions.render.charts.time_axis import LONGEST_OUTCOME
from predictions.render.charts.timeline import Line, Mark, Panel, Step, Timeline
from predictions.render.few_options import few_options
from predictions.status import Timing
from predictions.timestamps import start_of
from predictions.views.outcome_text import outcome_cut, outcome_in_full, outcome_said

MOST_LINES = 6  # forecasters on one chart, at most
FEW_COLUMNS = 44
DAY_SECONDS = 86_400  # seconds
BARS = "▁▂▃▄▅▆▇█"


def claim_line(
    claim: Claim,
    evidence: Sequence[EvidenceItem],
    forecasts: Sequence[tuple[Forecast, Timing]],
    verdict: Resolution | None,
    today: date,
    titles: Mapping[str, str],
) -> Timeline:
    """Put what is on file about a claim in order of days; forecasts whose times are backdated are left out.

    *titles* says how forecasters are called, by slug.
    """
    by_forecaster: dict[str, list[Forecast]] = {}
    for forecast, kind in forecasts:
        if kind is not Timing.BACKDATED and fits(claim, forecast):
            by_forecaster.setdefault(forecast.forecaster, []).append(forecast)
    drawn = sorted(by_forecaster, key=lambda forecaster: -len(by_forecaster[forecaster]))[:MOST_LINES]
    dated = {item.evidence.slug: item for item in evidence if world_day(item) < date.max}
    series = [(titles.get(slug, slug), theirs) for slug, theirs in by_forecaster.items() if slug in drawn]
    asks_more = claim.type in DISTRIBUTIONS
    backdated = [titles.get(one.forecaster, one.forecaster) for one, kind in forecasts if kind is Timing.BACKDATED]
    panels = [_panel(*line) for line in series if not _gone(line[1])] if asks_more else []
    return Timeline(
        claim=claim,
        verdict=verdict,
        today=today,
        lines=[] if asks_more else [_line(forecaster, theirs) for forecaster, theirs in series],
        panels=panels,
        left_out=len(by_forecaster) - len(drawn),
        backdated=list(dict.fromkeys(backdated)),
        came_out=_outcome_words(verdict, claim, panels) if verdict else "",
        came_out_in_full=outcome_in_full(verdict, claim) if verdict else "",
        marks=[
            Mark(world_day(item), item.bearing.bears.value, item.evidence.title, bool(item.evidence.retracted))
            for item in dated.values()
        ],
    )


def spark_rows(line: Timeline) -> list[tuple[str, str]]:
    """List the forecasters with their numbers in characters, from the opening of the window to its end."""
    found = []
    for forecaster in line.lines:
        values = [_at(forecaster, _moment(line, place), line.upto) for place in range(FEW_COLUMNS)]
        numbers = [step.probability for step in forecaster.steps if step.probability is not None]
        if numbers:
            first, last = figure(numbers[0], 2), figure(numbers[-1], 2)
            imputed = " imputed" if forecaster.imputed else ""
            found.append((forecaster.name, f"{first} |{sparkline(values)}| {last}{imputed}"))
    return found


def sparkline(chances: Sequence[float | None]) -> str:
    """Return one bar a value from 0 to 1; a blank where there is none.

    >>> sparkline([None, 0.0, 0.5, 1.0])
    ' ▁▅█'
    """
    return "".join(" " if chance is None else BARS[min(int(chance * len(BARS)), len(BARS) - 1)] for chance in chances)


def _moment(line: Timeline, place: int) -> float:
    opened, closed = line.claim.opens_on.toordinal(), line.claim.deadline.toordinal() + 1
    return opened + (place + 0.5) * (closed - opened) / FEW_COLUMNS


def _at(forecaster: Line, day: float, upto: float) -> float | None:
    stood = [step for step in forecaster.steps if step.day <= day]
    return stood[-1].probability if stood and day < upto else None


def _line(forecaster: str, forecasts: Sequence[Forecast]) -> Line:
    steps = [Step(_ordinal(forecast.made_at), forecast.point, forecast.low, forecast.high) for forecast in forecasts]
    return Line(forecaster, steps, all(forecast.imputed for forecast in forecasts if not forecast.withdrawn))


def _outcome_words(verdict: Resolution, claim: Claim, panels: Sequence[Panel]) -> str:
    """Say a number by itself; of a date, when it happened; an option as it is named among those that are drawn."""
    said = outcome_said(verdict, claim) if claim.type is ClaimType.NUMBER else outcome_in_full(verdict, claim)
    options = few_options(claim, (panel.said[-1][1] for panel in panels), verdict.option)
    return outcome_cut(verdict, options, said, LONGEST_OUTCOME)


def _gone(forecasts: Sequence[Forecast]) -> bool:
    return all(forecast.withdrawn for forecast in forecasts)


def _panel(forecaster: str, forecasts: Sequence[Forecast]) -> Panel:
    return Panel(forecaster, [(_ordinal(forecast.made_at), forecast) for forecast in forecasts])


def _ordinal(moment: datetime) -> float:
    """Count the days to a moment, with the part of its day."""
    return moment.toordinal() + (moment - start_of(moment.date())).total_seconds() / DAY_SECONDS
