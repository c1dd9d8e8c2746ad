"""A claim over time as strips below each other, one for each forecaster: what choices and numbers are drawn in."""

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

NAME_HEIGHT = 20  # height of a name
STRIP_HEIGHTS = (0, 132, 104)  # heights of the strips under the names of one forecaster, and of two
LOW = 84  # of those of more
NAME_COLUMNS = 38  # columns


class Strip(NamedTuple):
    """What stood from one day to another: the edges of its bands, from 0 to 1, the lowest first."""

    start: float
    end: float
    edges: Sequence[float]


class Strips(NamedTuple):
    """How the strips of a claim are drawn.

    Attributes:
        high: The height of each.
        draw: Draws that of a forecaster, given its upper end.
        aside: What is said behind the name of one.
        rows: Words below all of them, each with a piece of what they name.
        gutter: Whether there are labels of an axis.
    """

    high: int
    draw: Callable[[Panel, int], Sequence[Svg]]
    aside: Callable[[Panel], str]
    rows: Sequence[tuple[Svg, str]]
    gutter: bool


def strip_height(line: Timeline, least: int = 0) -> int:
    """Return how high each strip is: *least* at least, and more where there are few."""
    return max(STRIP_HEIGHTS[len(line.panels)] if len(line.panels) < len(STRIP_HEIGHTS) else LOW, least)


def strips_chart(line: Timeline, told: str, how: Strips) -> Svg:
    """Draw a strip for each forecaster under their name; *told* is the chart in words."""
    placed, high = placed_marks(line), how.high
    tops = [ABOVE_PLOT + NAME_HEIGHT + number * (NAME_HEIGHT + high) for number in range(len(line.panels))]
    bottom = tops[-1] + high
    under = under_evidence(placed, bottom)
    parts = [*evidence(placed, bottom), *day_lines(line, [(top, top + high) for top in tops])]
    for panel, top in zip(line.panels, tops, strict=True):
        parts += [_forecaster_label(panel, top, how), *shaded_window(line, top, high), *how.draw(panel, top)]
    return time_chart(line, told, [*parts, *tick_labels(line, bottom, under)], how.rows, under, gutter=how.gutter)


def strips_of(line: Timeline, panel: Panel, edges: Callable[[Forecast], Sequence[float]]) -> list[Strip]:
    """Return what stood when, over the window; the latest last."""
    days = [day for day, _ in panel.said]
    found = []
    for (day, forecast), until in zip(panel.said, [*days[1:], line.upto], strict=True):
        start, end = max(day, line.claim.opens_on.toordinal()), min(until, line.upto)
        if end > start and not forecast.withdrawn:
            found.append(Strip(start, end, edges(forecast)))
    return found


def _forecaster_label(panel: Panel, top: int, how: Strips) -> Svg:
    name, x, told = cut_to(panel.name, NAME_COLUMNS), -GUTTER if how.gutter else 0, how.aside(panel)
    return label(name, x=x, y=top - 6, aside=f": {told}" if told else "", fill="currentColor", font_weight=600)
