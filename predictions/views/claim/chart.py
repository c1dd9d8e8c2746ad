"""The chart of a claim over time, by its type, with words that say what it shows."""

from __future__ import annotations

from predictions.enums import ClaimType
from predictions.records import Claim, Forecast
from predictions.render.charts.bands import band_swatch, bands_chart, drawn_options
from predictions.render.charts.days import days_chart
from predictions.render.charts.steps import said_around, swatch, timeline_chart
from predictions.render.charts.svg import DASHES, Svg
from predictions.render.charts.timeline import Panel, Timeline
from predictions.views.distribution_text import said_in_full

SHOWS = {
    ClaimType.NUMBER: "The line is the middle value, the bands hold 50 % and 80 %.",
    ClaimType.DATE: "Each curve is the chance that it has happened by a day.",
}


def claim_chart(line: Timeline, *, legend: bool = False) -> Svg:
    """Draw the forecasts on a claim: steps of yes or no, bands of options or values, curves of days.

    *legend* says that :func:`legend_of_panels` stands below it.
    """
    if not line.panels:
        return timeline_chart(line)
    said = [told for panel in line.panels if (told := _first_and_last(panel, line.claim))]
    shows = SHOWS.get(line.claim.type, "The height of each band is the share of an option, the first one uppermost.")
    told = said_around(line, [shows, *said])
    draw = days_chart if line.claim.type is ClaimType.DATE else bands_chart
    return draw(line, told, named=not legend)


def legend_of_panels(line: Timeline) -> list[tuple[Svg, str]]:
    """Say what stands of each forecaster, beside a piece of their curve where each has one, and what bands mean."""
    standing = [(number, panel.name, panel.said[-1][1]) for number, panel in enumerate(line.panels)]
    curves = line.claim.type is ClaimType.DATE
    found = [
        (
            swatch(number, DASHES[number % len(DASHES)]) if curves else Svg(""),
            f"{name}: {said_in_full(forecast, line.claim)}",
        )
        for number, name, forecast in standing
        if not forecast.withdrawn
    ]
    if line.panels and line.claim.type is ClaimType.NUMBER:
        found.append((swatch(0), "the middle value; bands hold 50 % and 80 %"))
    if line.panels and line.claim.options:
        options = [name for name, _ in drawn_options(line.claim, _stated(line.panels[0])[0])]
        found = [*((band_swatch(number), name) for number, name in enumerate(options)), *found]
    return found


def _stated(panel: Panel) -> list[Forecast]:
    return [forecast for _, forecast in panel.said if not forecast.withdrawn]


def _first_and_last(panel: Panel, claim: Claim) -> str:
    """Say what a forecaster said first and last; of a curve of days only what stands is drawn, and said."""
    forecasts = [forecast for _, forecast in panel.said]
    last = forecasts[-1]
    if last.withdrawn and last.days:
        return ""
    stated = _stated(panel)
    if not stated:
        return ""
    first = stated[0]
    ends = f"withdrawn on {last.made_at.date()}" if last.withdrawn else _with_its_day(last, claim)
    if first is last or last.days:
        return f"{panel.name}: {ends}."
    return f"{panel.name}: at first {_with_its_day(first, claim)}; last {ends}."


def _with_its_day(forecast: Forecast, claim: Claim) -> str:
    return f"{said_in_full(forecast, claim)} (since {forecast.made_at.date()})"
