"""Draw forecasts of a date as SVG: for each forecaster a curve of the chance that it has happened by each day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from predictions.numerals import figure
from predictions.records import DayChance, Forecast
from predictions.render.charts.svg import DASHES, Attribute, Svg, element, line_swatch, series_look
from predictions.render.charts.time_axis import (
    ABOVE_PLOT,
    CHANCES,
    PLOT_HEIGHT,
    axis,
    day_lines,
    evidence,
    height_of,
    shaded_window,
    tick_labels,
    time_chart,
    under_evidence,
    width,
)
from predictions.render.charts.timeline import Timeline, placed_marks

THIN_LINE = 1.25  # width of a curve that does not stand any more


class DayCurve(NamedTuple):
    """A curve of chances by days.

    Attributes:
        number: The number of its forecaster on the chart.
        name: Its name in the legend.
        forecast: The forecast that it shows.
        at_first: Whether it is the first one of a forecaster who has another one since.
    """

    number: int
    name: str
    forecast: Forecast
    at_first: bool = False

    @property
    def days(self) -> Sequence[DayChance]:
        """The chance by the end of each day."""
        return self.forecast.days


def days_chart(line: Timeline, description: str, *, named: bool) -> Svg:
    """Draw each forecaster's first and last curve, the days on which it happened, and the evidence.

    Args:
        line: The forecasts on one claim, over time.
        description: The chart in words, for those who cannot see it.
        named: Whether to name the curves below the chart; False if the page has a legend.
    """
    placed, bottom = placed_marks(line), ABOVE_PLOT + PLOT_HEIGHT
    under = under_evidence(placed, bottom)
    parts = [
        *shaded_window(line, ABOVE_PLOT, PLOT_HEIGHT),
        *axis(CHANCES, ABOVE_PLOT, PLOT_HEIGHT),
        *_event_days(line),
        *evidence(placed, bottom),
    ]
    curves = curves_of(line)
    for curve in curves:
        parts += _rising_lines(line, curve)
    parts += [*day_lines(line, [(ABOVE_PLOT - 8, bottom)]), *tick_labels(line, bottom, under)]
    rows = [(curve_swatch(curve), f"{curve.name} {figure(curve.days[-1].chance, 2)}") for curve in curves]
    return time_chart(line, description, parts, rows if named else [], under, gutter=True)


def curves_of(line: Timeline) -> list[DayCurve]:
    """Return the curves that are drawn: each forecaster's first, which is scored, and the last if it differs.

    A forecaster who has withdrawn has only the first.
    """
    curves = list[DayCurve]()
    for number, panel in enumerate(line.panels):
        first = next((forecast for _, forecast in panel.forecasts if not forecast.withdrawn), None)
        last = panel.forecasts[-1][1]
        name = panel.name
        if first is not None and first.days != last.days:
            curves.append(DayCurve(number, f"{name} at first", first, at_first=True))
            name = f"{name} last"
        if last.days:  # else it is a withdrawal
            curves.append(DayCurve(number, name, last))
    return curves


def by_ordinal(line: Timeline, days: Sequence[DayChance]) -> list[tuple[float, float]]:
    """Return the points of a curve: the chance at the end of each day, from 0 at the start of the window."""
    start = float(line.claim.opens_on.toordinal())
    return [(start, 0.0), *((point.day.toordinal() + 1.0, point.chance) for point in days)]


def curve_swatch(curve: DayCurve) -> Svg:
    """Return a sample of a curve, for a legend."""
    return line_swatch(**_curve_look(curve))


def _rising_lines(line: Timeline, curve: DayCurve) -> list[Svg]:
    """Draw a curve as straight lines between its points."""
    look = _curve_look(curve)
    return [
        element("line", x1=line.at(day), y1=height_of(chance), x2=line.at(until), y2=height_of(above), **look)
        for (day, chance), (until, above) in pairwise(by_ordinal(line, curve.days))
    ]


def _curve_look(curve: DayCurve) -> dict[str, Attribute]:
    """Return the colour, the dashes and the width of a curve; one that does not stand any more is thin."""
    look = series_look(curve.number, DASHES[curve.number % len(DASHES)])
    return look | {"class_": f"{look['class_']} at-first", "stroke_width": THIN_LINE} if curve.at_first else look


def _event_days(line: Timeline) -> list[Svg]:
    """Shade the days on which it may have happened, by the verdict; nothing without such a day."""
    if not line.verdict or line.verdict.happened_on is None:
        return []
    happened = line.verdict.happened_on
    x = line.at((line.verdict.happened_from or happened).toordinal())
    wide = width(x, line.at(happened.toordinal() + 1))
    box: dict[str, Attribute] = {
        "y": ABOVE_PLOT,
        "height": PLOT_HEIGHT,
        "fill": "currentColor",
        "fill_opacity": 0.25,
        "stroke": "currentColor",
        "stroke_opacity": 0.6,
    }
    return [element("rect", x=x, width=wide, class_="event", **box)]
