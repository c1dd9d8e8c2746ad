"""Draw a claim over time as strips, one below the other for each forecaster; choices and numbers use them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from predictions.records import Forecast
from predictions.render.charts.svg import GUTTER, Svg, label
from predictions.render.charts.time_axis import (
    ABOVE_PLOT,
    day_lines,
    evidence,
    shaded_window,
    tick_labels,
    time_chart,
    under_evidence,
)
from predictions.render.charts.timeline import Panel, Timeline, placed_marks
from predictions.render.columns import cut_to

NAME_HEIGHT = 20  # height of the name above a strip
STRIP_HEIGHTS = (0, 132, 104)  # height of each strip, by the number of forecasters: one or two
LOW = 84  # height of each strip if there are more
NAME_COLUMNS = 38  # columns of a name


class Strip(NamedTuple):
    """One standing forecast.

    Attributes:
        start: The day from which it stood, as an ordinal with the part of the day.
        end: The day up to which it stood.
        edges: The edges of its bands, from 0 to 1, the lowest first.
    """

    start: float
    end: float
    edges: Sequence[float]


class Strips(NamedTuple):
    """How the strips of a claim are drawn.

    Attributes:
        high: The height of each strip.
        draw: Draws the strip of a forecaster, from the height of its upper end.
        aside: Returns the text after the name of a forecaster; "" for none.
        rows: The legend below all strips: samples with their texts.
        gutter: Whether to leave room on the left for the labels of an axis.
    """

    high: int
    draw: Callable[[Panel, int], Sequence[Svg]]
    aside: Callable[[Panel], str]
    rows: Sequence[tuple[Svg, str]]
    gutter: bool


def strip_height(line: Timeline, least: int = 0) -> int:
    """Return the height of each strip: the fewer forecasters, the higher, and never below *least*."""
    return max(STRIP_HEIGHTS[len(line.panels)] if len(line.panels) < len(STRIP_HEIGHTS) else LOW, least)


def strips_chart(line: Timeline, description: str, how: Strips) -> Svg:
    """Draw a strip for each forecaster under their name; *description* is the chart in words."""
    placed, high = placed_marks(line), how.high
    tops = [ABOVE_PLOT + NAME_HEIGHT + number * (NAME_HEIGHT + high) for number in range(len(line.panels))]
    bottom = tops[-1] + high
    under = under_evidence(placed, bottom)
    parts = [*evidence(placed, bottom), *day_lines(line, [(top, top + high) for top in tops])]
    for panel, top in zip(line.panels, tops, strict=True):
        parts += [_forecaster_label(panel, top, how), *shaded_window(line, top, high), *how.draw(panel, top)]
    parts += tick_labels(line, bottom, under)
    return time_chart(line, description, parts, how.rows, under, gutter=how.gutter)


def strips_of(line: Timeline, panel: Panel, edges: Callable[[Forecast], Sequence[float]]) -> list[Strip]:
    """Return the forecasts of one forecaster that stood within the window, the earliest first.

    *edges* computes the edges of the bands of a forecast.
    """
    days = [day for day, _ in panel.forecasts]
    strips = []
    for (day, forecast), until in zip(panel.forecasts, [*days[1:], line.upto], strict=True):
        start, end = max(day, line.claim.opens_on.toordinal()), min(until, line.upto)
        if end > start and not forecast.withdrawn:
            strips.append(Strip(start, end, edges(forecast)))
    return strips


def _forecaster_label(panel: Panel, top: int, how: Strips) -> Svg:
    """Write the name of a forecaster above their strip, with the text that the chart has after it."""
    name, x, aside = cut_to(panel.name, NAME_COLUMNS), -GUTTER if how.gutter else 0, how.aside(panel)
    return label(name, x=x, y=top - 6, aside=f": {aside}" if aside else "", fill="currentColor", font_weight=600)
