"""Put the records of a claim on a time axis: for its chart, and for bars in characters."""

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

MOST_LINES = 6  # forecasters on one chart
FEW_COLUMNS = 44  # columns of a line of bars
DAY_SECONDS = 86_400
BARS = "▁▂▃▄▅▆▇█"


def claim_line(
    claim: Claim,
    evidence: Sequence[EvidenceItem],
    forecasts: Sequence[tuple[Forecast, Timing]],
    verdict: Resolution | None,
    today: date,
    titles: Mapping[str, str],
) -> Timeline:
    """Return the forecasts, the evidence and the verdict on a claim by days, for a chart.

    Backdated forecasts are left out; who made them is listed. If there are many forecasters, only those with the most
    forecasts are drawn.

    Args:
        claim: The claim.
        evidence: The evidence on it; without a date it is left out.
        forecasts: The forecasts as they are scored, with how their times are known.
        verdict: The verdict; None without one.
        today: The day on which standing forecasts end.
        titles: The names of forecasters, by slug.
    """
    by_forecaster: dict[str, list[Forecast]] = {}
    for forecast, kind in forecasts:
        if kind is not Timing.BACKDATED and fits(claim, forecast):
            by_forecaster.setdefault(forecast.forecaster, []).append(forecast)
    drawn = sorted(by_forecaster, key=lambda forecaster: -len(by_forecaster[forecaster]))[:MOST_LINES]
    dated = {item.evidence.slug: item for item in evidence if world_day(item) < date.max}
    series = [(titles.get(slug, slug), by_forecaster[slug]) for slug in by_forecaster if slug in drawn]
    is_distribution = claim.type in DISTRIBUTIONS
    backdated = [
        titles.get(forecast.forecaster, forecast.forecaster) for forecast, kind in forecasts if kind is Timing.BACKDATED
    ]
    panels = (
        [_panel(name, forecasts) for name, forecasts in series if not _all_withdrawn(forecasts)]
        if is_distribution
        else []
    )
    return Timeline(
        claim=claim,
        verdict=verdict,
        today=today,
        lines=[] if is_distribution else [_line(name, forecasts) for name, forecasts in series],
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
    """Return each forecaster with a line of bars over the window, between their first number and their last.

    ``("Ana", "0.2 |  ▂▂▂▅▅▅ | 0.6")``; forecasters without a number are left out.
    """
    rows = []
    for forecaster in line.lines:
        values = [_at(forecaster, _moment(line, place), line.upto) for place in range(FEW_COLUMNS)]
        numbers = [step.probability for step in forecaster.steps if step.probability is not None]
        if numbers:
            first, last = figure(numbers[0], 2), figure(numbers[-1], 2)
            imputed = " imputed" if forecaster.imputed else ""
            rows.append((forecaster.name, f"{first} |{sparkline(values)}| {last}{imputed}"))
    return rows


def sparkline(chances: Sequence[float | None]) -> str:
    """Return one bar a value from 0 to 1; a blank where there is none.

    >>> sparkline([None, 0.0, 0.5, 1.0])
    ' ▁▅█'
    """
    return "".join(" " if chance is None else BARS[min(int(chance * len(BARS)), len(BARS) - 1)] for chance in chances)


def _moment(line: Timeline, place: int) -> float:
    """Return the middle of the time that one of the FEW_COLUMNS covers, as a day with its part."""
    opened, closed = line.claim.opens_on.toordinal(), line.claim.deadline.toordinal() + 1
    return opened + (place + 0.5) * (closed - opened) / FEW_COLUMNS


def _at(forecaster: Line, day: float, upto: float) -> float | None:
    """Return the number that stood on a day; None before the first one, after a withdrawal, and from *upto* on."""
    stood = [step for step in forecaster.steps if step.day <= day]
    return stood[-1].probability if stood and day < upto else None


def _line(forecaster: str, forecasts: Sequence[Forecast]) -> Line:
    """Return one forecaster's chances of yes as steps; it is imputed if all of them are."""
    steps = [Step(_ordinal(forecast.made_at), forecast.point, forecast.low, forecast.high) for forecast in forecasts]
    return Line(forecaster, steps, all(forecast.imputed for forecast in forecasts if not forecast.withdrawn))


def _outcome_words(verdict: Resolution, claim: Claim, panels: Sequence[Panel]) -> str:
    """Return the outcome as it fits on a chart: an option is cut like the options that are drawn."""
    text = outcome_said(verdict, claim) if claim.type is ClaimType.NUMBER else outcome_in_full(verdict, claim)
    options = few_options(claim, (panel.forecasts[-1][1] for panel in panels), verdict.option)
    return outcome_cut(verdict, options, text, LONGEST_OUTCOME)


def _all_withdrawn(forecasts: Sequence[Forecast]) -> bool:
    """Return whether there are only withdrawals, so that there is nothing to draw."""
    return all(forecast.withdrawn for forecast in forecasts)


def _panel(forecaster: str, forecasts: Sequence[Forecast]) -> Panel:
    """Return one forecaster's distributions, each with its day."""
    return Panel(forecaster, [(_ordinal(forecast.made_at), forecast) for forecast in forecasts])


def _ordinal(moment: datetime) -> float:
    """Return a moment as the ordinal of its day, with the part of the day after the point."""
    return moment.toordinal() + (moment - start_of(moment.date())).total_seconds() / DAY_SECONDS
