"""The chart of a claim over time, by its type, with words that say what it shows."""

from __future__ import annotations

from predictions.enums import ClaimType
from predictions.records import Forecast
from predictions.render.charts.bands import bands_chart, drawn_options, legend_of_bands
from predictions.render.charts.days import curve_swatch, curves_of, days_chart
from predictions.render.charts.fan import fan_chart, legend_of_fans
from predictions.render.charts.steps import legend_of_lines, said_around, timeline_chart
from predictions.render.charts.svg import Svg
from predictions.render.charts.timeline import Panel, Timeline
from predictions.render.few_options import shares_of
from predictions.views.distribution_text import said_in_full, shares_said

HOW_TO_READ_BANDS = "The height of each band is the share of an option, the first one uppermost."
HOW_TO_READ = {
    ClaimType.NUMBER: "The line is the middle value, the bands hold 50 % and 80 %.",
    ClaimType.DATE: "Each curve is the chance that it has happened by a day.",
}
DRAWING = {ClaimType.NUMBER: fan_chart, ClaimType.DATE: days_chart}


def claim_chart(line: Timeline, *, legend: bool = False) -> Svg:
    """Draw the forecasts on a claim: steps of yes or no, bands of options, fans of values, curves of days.

    Charts that are not of yes or no get a description in words, for readers who cannot see them.

    Args:
        line: The forecasts over time, with the events and the verdict.
        legend: Whether the caller puts :func:`legend_of` below the chart; if not, names are written in the chart.
    """
    if not line.panels:
        return timeline_chart(line, named=not legend)
    sentences = [HOW_TO_READ.get(line.claim.type, HOW_TO_READ_BANDS)]
    sentences += filter(None, (_first_and_last(panel, line) for panel in line.panels))
    description = said_around(line, sentences)
    draw = DRAWING.get(line.claim.type, bands_chart)
    return draw(line, description, named=not legend)


def legend_of(line: Timeline) -> list[tuple[Svg, str]]:
    """Return the entries of the legend: what lines and bands mean, and each forecaster's standing forecast.

    Each entry is a sample of the line, empty for a forecaster without one, and a text.
    """
    if not line.panels:
        return legend_of_lines(line)
    if line.claim.type is ClaimType.DATE:
        return [
            (curve_swatch(curve), f"{curve.name}: {_said_on_chart(curve.forecast, line)}") for curve in curves_of(line)
        ]
    last = [(panel.name, panel.forecasts[-1][1]) for panel in line.panels]
    standing = [
        (Svg(""), f"{name}: {_said_on_chart(forecast, line)}") for name, forecast in last if not forecast.withdrawn
    ]
    return [*(legend_of_bands(line) if line.claim.options else legend_of_fans(line)), *standing]


def _said_on_chart(forecast: Forecast, line: Timeline) -> str:
    """Return a forecast in words; if there are many options, only the shares that are drawn."""
    if forecast.shares:
        return shares_said(shares_of(forecast, drawn_options(line)))
    return said_in_full(forecast, line.claim)


def _first_and_last(panel: Panel, line: Timeline) -> str:
    """Return a sentence with a forecaster's first and last forecast; "" if there are only withdrawals."""
    forecasts = [forecast for _, forecast in panel.forecasts]
    last = forecasts[-1]
    first = next((forecast for forecast in forecasts if not forecast.withdrawn), None)
    if first is None:
        return ""
    ends = f"withdrawn on {last.made_at.date()}" if last.withdrawn else _with_its_day(last, line)
    if first is last:
        return f"{panel.name}: {ends}."
    return f"{panel.name}: at first {_with_its_day(first, line)}; last {ends}."


def _with_its_day(forecast: Forecast, line: Timeline) -> str:
    """Return a forecast in words, with the day since which it stands."""
    return f"{_said_on_chart(forecast, line)} (since {forecast.made_at.date()})"
