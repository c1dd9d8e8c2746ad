"""A date as an SVG chart: the chance that it has happened by each day of the window, a curve for each forecaster."""

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

THIN_LINE = 1.25  # of a curve that stands no more


class DayCurve(NamedTuple):
    """A curve of chances by days.

    Attributes:
        number: That of its forecaster on the chart.
        name: What it is called.
        forecast: What says it.
        at_first: Whether another one of its forecaster stands.
    """

    number: int
    name: str
    forecast: Forecast
    at_first: bool = False

    @property
    def days(self) -> Sequence[DayChance]:
        """The chance by the end of each day."""
        return self.forecast.days


def days_chart(line: Timeline, told: str, *, named: bool) -> Svg:
    """Draw the curves that stood first and last, the day or month of the event if it came, and the evidence.

    *told* is the chart in words. The curves are *named* below the plot, unless a legend stands there.
    """
    placed, bottom = placed_marks(line), ABOVE_PLOT + PLOT_HEIGHT
    under = under_evidence(placed, bottom)
    parts = [
        *shaded_window(line, ABOVE_PLOT, PLOT_HEIGHT),
        *axis(CHANCES, ABOVE_PLOT, PLOT_HEIGHT),
        *_event_days(line),
        *evidence(placed, bottom),
    ]
    drawn = curves_of(line)
    for curve in drawn:
        parts += _rising_lines(line, curve)
    parts += [*day_lines(line, [(ABOVE_PLOT - 8, bottom)]), *tick_labels(line, bottom, under)]
    rows = [(curve_swatch(curve), f"{curve.name} {figure(curve.days[-1].chance, 2)}") for curve in drawn]
    return time_chart(line, told, parts, rows if named else [], under, gutter=True)


def curves_of(line: Timeline) -> list[DayCurve]:
    """Return the curves that are drawn: of each forecaster the first, which is scored, and the one that stands."""
    found = list[DayCurve]()
    for number, panel in enumerate(line.panels):
        first = next((forecast for _, forecast in panel.said if not forecast.withdrawn), None)
        last = panel.said[-1][1]
        if first is None or first.days == last.days:
            found += [DayCurve(number, panel.name, last)] if last.days else []
            continue
        found.append(DayCurve(number, f"{panel.name} at first", first, at_first=True))
        found += [DayCurve(number, f"{panel.name} last", last)] if last.days else []
    return found


def by_ordinal(line: Timeline, days: Sequence[DayChance]) -> list[tuple[float, float]]:
    """Return the points of a curve: the chance by the end of each day, from 0 where the window opens."""
    return [(float(line.claim.opens_on.toordinal()), 0.0), *((by.day.toordinal() + 1.0, by.chance) for by in days)]


def curve_swatch(curve: DayCurve) -> Svg:
    """Return a piece of a curve, for a legend."""
    return line_swatch(**_curve_look(curve))


def _rising_lines(line: Timeline, curve: DayCurve) -> list[Svg]:
    look = _curve_look(curve)
    return [
        element("line", x1=line.at(day), y1=height_of(chance), x2=line.at(until), y2=height_of(above), **look)
        for (day, chance), (until, above) in pairwise(by_ordinal(line, curve.days))
    ]


def _curve_look(curve: DayCurve) -> dict[str, Attribute]:
    """Return how a curve is drawn: the first of two of a forecaster is thin."""
    look = series_look(curve.number, DASHES[curve.number % len(DASHES)])
    return look | {"class_": f"{look['class_']} at-first", "stroke_width": THIN_LINE} if curve.at_first else look


def _event_days(line: Timeline) -> list[Svg]:
    """Shade the days on which it happened, or may have."""
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
