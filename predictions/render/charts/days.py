"""A date as an SVG chart: the chance that it has happened by each day of the window, a curve for each forecaster."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from predictions.numerals import figure
from predictions.records import DayChance
from predictions.render.charts.svg import COLOURS, DASHES, Attribute, Svg, element, label, picture
from predictions.render.charts.time_axis import (
    LEVEL,
    PLOT,
    TOP,
    day_lines,
    evidence,
    grid,
    height_of,
    shortened,
    tick_labels,
    width,
    window,
)
from predictions.render.charts.timeline import Panel, Timeline, placed_marks

ROW = 15  # height of a name


def days_chart(line: Timeline, told: str, *, named: bool) -> Svg:
    """Draw the curves that stand, the day or month of the event if it came, and the evidence; *told* says it.

    They are *named* below the plot, unless a legend stands there.
    """
    placed, bottom = placed_marks(line), TOP + PLOT
    axis = bottom + LEVEL * max((level + 1 for _, _, level in placed), default=0) + 22
    parts = [*window(line, TOP, PLOT), *grid(), *_event_days(line), *evidence(placed, bottom)]
    drawn = [(number, panel, days) for number, panel in enumerate(line.panels) if (days := standing_days(panel))]
    for number, _, days in drawn:
        parts += _rising_lines(line, days, number)
    parts += [*day_lines(line, [(TOP - 8, bottom)]), *tick_labels(line, bottom, axis)]
    rows = drawn if named else []
    for row, (number, panel, days) in enumerate(rows, 1):
        words = f"{shortened(panel.name)} {figure(days[-1].chance, 2)}"
        parts.append(element("svg", *_curve_name(words, number), y=axis + ROW * row, overflow="visible"))
    height = axis + ROW * len(rows) + (6 if rows else 0)
    return picture(f"timeline-{line.claim.slug}", line.title, told, *parts, width="100%", height=height)


def standing_days(panel: Panel) -> Sequence[DayChance]:
    """Return the curve of chances that stands for a forecaster; empty where it was withdrawn."""
    return panel.said[-1][1].days


def by_ordinal(line: Timeline, days: Sequence[DayChance]) -> list[tuple[float, float]]:
    """Return the points of a curve: the chance by the end of each day, from 0 where the window opens."""
    return [(float(line.claim.opens_on.toordinal()), 0.0), *((by.day.toordinal() + 1.0, by.chance) for by in days)]


def _rising_lines(line: Timeline, days: Sequence[DayChance], number: int) -> list[Svg]:
    return [
        element("line", x1=line.at(day), y1=height_of(chance), x2=line.at(until), y2=height_of(above), **_look(number))
        for (day, chance), (until, above) in pairwise(by_ordinal(line, days))
    ]


def _curve_name(words: str, number: int) -> list[Svg]:
    """Name a curve beside a piece of it: below the plot, where it lies over nothing."""
    colour = number % len(COLOURS)
    name = label(words, x=36, y=4, fill=COLOURS[colour], font_weight=600, data_s=f"s{colour}")
    return [element("line", x1=6, x2=30, y1=0, y2=0, **_look(number)), name]


def _look(number: int) -> dict[str, Attribute]:
    colour = number % len(COLOURS)
    dashes = DASHES[number % len(DASHES)] or None
    return {"class_": f"series s{colour}", "stroke": COLOURS[colour], "stroke_width": 2.5, "stroke_dasharray": dashes}


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
