"""Draw forecasts of a number over time as SVG: for each forecaster a fan of ranges around the median."""

from __future__ import annotations

from itertools import pairwise

from predictions.records import Forecast
from predictions.render.charts.curve_values import (
    READ_DIGITS,
    label_of,
    share_of_axis,
    value_on_axis,
    value_told,
    values_at,
)
from predictions.render.charts.strips import Strip, Strips, strip_height, strips_chart, strips_of
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, line_swatch, series_look
from predictions.render.charts.time_axis import LONGEST_OUTCOME, axis, width
from predictions.render.charts.timeline import Panel, Timeline
from predictions.render.columns import cut_to

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)  # quantiles at the edges of the bands
DARK = (0.18, 0.4, 0.4, 0.18)  # opacity of each band between two levels
MIDDLE = 2  # number of the median among the levels
CAME_OUT: dict[str, Attribute] = {
    "class_": "came-out", "stroke": "currentColor", "stroke_width": 1.5, "stroke_dasharray": "6 3",
}  # fmt: skip


def fan_chart(line: Timeline, description: str, *, named: bool) -> Svg:
    """Draw a fan for each forecaster.

    Args:
        line: The forecasts on one claim, over time.
        description: The chart in words, for those who cannot see it.
        named: Whether to explain the line of the outcome below the chart; False if the page has a legend.
    """

    high = strip_height(line)

    def draw(panel: Panel, top: int) -> list[Svg]:
        """Draw the fan of one forecaster, from *top* downwards."""
        fans = [part for strip in fans_of(line, panel) for part in _fan(line, strip, top, high)]
        return [*axis(_labels(line), top, high), *fans, *_outcome_mark(line, top, high)]

    rows = legend_of_fans(line)[1:] if named else []  # without the bands: only the outcome
    return strips_chart(line, description, Strips(high, draw, lambda panel: range_said(line, panel), rows, gutter=True))


def legend_of_fans(line: Timeline) -> list[tuple[Svg, str]]:
    """Return the legend: what the bands hold and, if there is an outcome, what its line is."""
    bands, *outcome = fan_names(line)
    return [(line_swatch(**series_look(0)), bands), *((line_swatch(**CAME_OUT), words) for words in outcome)]


def fan_names(line: Timeline) -> list[str]:
    """Return the texts of the legend: what the bands are and, if the outcome is a number, what its line is."""
    bands = f"the middle value in {line.claim.unit}; bands hold 50 % and 80 %"
    has_value = line.verdict is not None and line.verdict.value is not None
    return [bands, f"came out: {line.came_out_in_full.partition(';')[0]}"] if has_value else [bands]


def fans_of(line: Timeline, panel: Panel) -> list[Strip]:
    """Return each range of a forecaster for as long as it stood, as shares of the axis."""
    return strips_of(line, panel, lambda forecast: _fan_edges(line, forecast))


def range_said(line: Timeline, panel: Panel) -> str:
    """Return the median and the middle 80 % of the last forecast in words; "" if it was withdrawn."""
    last = panel.forecasts[-1][1]
    if last.withdrawn:
        return ""
    values = values_at(line.claim, last.points, LEVELS[0], LEVELS[MIDDLE], LEVELS[-1])
    low, median, high = (value_told(line.claim, value, on_chart=True) for value in values)
    return f"{median} {cut_to(line.claim.unit or '', LONGEST_OUTCOME)}, 80 % from {low} to {high}"


def _fan_edges(line: Timeline, forecast: Forecast) -> list[float]:
    """Return the value at each level of a forecast, as a share of the axis."""
    return [share_of_axis(line.claim, value) for value in values_at(line.claim, forecast.points, *LEVELS)]


def _labels(line: Timeline) -> tuple[str, str, str]:
    """Return the labels of the upper end, the middle and the lower end of the axis."""
    middle = label_of(value_on_axis(line.claim, 0.5), READ_DIGITS)
    return label_of(line.claim.high or 0), middle, label_of(line.claim.low or 0)


def _fan(line: Timeline, strip: Strip, top: int, high: int) -> list[Svg]:
    """Draw the bands of one strip, the frame around them, and the line of the median."""
    x, to = line.at(strip.start), line.at(strip.end)
    heights = [round(top + high * (1 - edge), 2) for edge in strip.edges]
    bands = [
        element("rect", x=x, width=width(x, to), y=upper, height=round(lower - upper, 2), class_="range s0",
                fill=COLOURS[0], fill_opacity=dark)
        for dark, (lower, upper) in zip(DARK, pairwise(heights), strict=True)
    ]  # fmt: skip
    frame_height = round(heights[0] - heights[-1], 2)
    return [
        *bands,
        element("rect", x=x, width=width(x, to), y=heights[-1], height=frame_height, fill="none", class_="frame s0",
                stroke=COLOURS[0]),
        element("line", x1=x, x2=to, y1=heights[MIDDLE], y2=heights[MIDDLE], **series_look(0)),
    ]  # fmt: skip


def _outcome_mark(line: Timeline, top: int, high: int) -> list[Svg]:
    """Draw a line at the outcome if it is a number; at the end of the axis if it is beyond the range."""
    if line.verdict is None or line.verdict.value is None:
        return []
    y = round(top + high * (1 - share_of_axis(line.claim, line.verdict.value)), 2)
    opening = line.at(line.claim.opens_on.toordinal())
    return [element("line", x1=opening, x2=line.at(line.upto), y1=y, y2=y, **CAME_OUT)]
