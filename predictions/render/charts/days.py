"""A date as an SVG chart: the chance that it has happened by each day of the window, a curve for each forecaster."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from predictions.numerals import figure
from predictions.records import DayChance
from predictions.render.charts.svg import DASHES, Attribute, Svg, element, line_swatch, series_look
from predictions.render.charts.time_axis import (
    CHANCES,
    PLOT,
    TOP,
    axis,
    day_lines,
    evidence,
    height_of,
    over_time,
    tick_labels,
    under_evidence,
    width,
    window,
)
from predictions.render.charts.timeline import Panel, Timeline, placed_marks


def days_chart(line: Timeline, told: str, *, named: bool) -> Svg:
    """Draw the curves that stand, the day or month of the event if it came, and the evidence; *told* says it.

    They are *named* below the plot, unless a legend stands there.
    """
    placed, bottom = placed_marks(line), TOP + PLOT
    under = under_evidence(placed, bottom)
    parts = [*window(line, TOP, PLOT), *axis(CHANCES, TOP, PLOT), *_event_days(line), *evidence(placed, bottom)]
    drawn = [(number, panel, days) for number, panel in enumerate(line.panels) if (days := standing_days(panel))]
    for number, _, days in drawn:
        parts += _rising_lines(line, days, number)
    parts += [*day_lines(line, [(TOP - 8, bottom)]), *tick_labels(line, bottom, under)]
    rows = [(curve_swatch(number), f"{panel.name} {figure(days[-1].chance, 2)}") for number, panel, days in drawn]
    return over_time(line, told, parts, rows if named else [], under, gutter=True)


def standing_days(panel: Panel) -> Sequence[DayChance]:
    """Return the curve of chances that stands for a forecaster; empty where it was withdrawn."""
    return panel.said[-1][1].days


def by_ordinal(line: Timeline, days: Sequence[DayChance]) -> list[tuple[float, float]]:
    """Return the points of a curve: the chance by the end of each day, from 0 where the window opens."""
    return [(float(line.claim.opens_on.toordinal()), 0.0), *((by.day.toordinal() + 1.0, by.chance) for by in days)]


def curve_swatch(number: int) -> Svg:
    """Return a piece of the curve of a forecaster, for a legend."""
    return line_swatch(**_curve_look(number))


def _rising_lines(line: Timeline, days: Sequence[DayChance], number: int) -> list[Svg]:
    return [
        element(
            "line", x1=line.at(day), y1=height_of(chance), x2=line.at(until), y2=height_of(above), **_curve_look(number)
        )
        for (day, chance), (until, above) in pairwise(by_ordinal(line, days))
    ]


def _curve_look(number: int) -> dict[str, Attribute]:
    return series_look(number, DASHES[number % len(DASHES)])


def _event_days(line: Timeline) -> list[Svg]:
    """Shade the days on which it happened, or may have."""
    if not line.verdict or line.verdict.happened_on is None:
        return []
    happened = line.verdict.happened_on
    x = line.at((line.verdict.happened_from or happened).toordinal())
    wide = width(x, line.at(happened.toordinal() + 1))
    box: dict[str, Attribute] = {
        "y": TOP,
        "height": PLOT,
        "fill": "currentColor",
        "fill_opacity": 0.25,
        "stroke": "currentColor",
        "stroke_opacity": 0.6,
    }
    return [element("rect", x=x, width=wide, class_="event", **box)]
