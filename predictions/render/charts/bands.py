"""Choices and numbers over time as an SVG chart: for each forecaster a strip of shares, or a fan of ranges."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from predictions.numerals import exact, figure
from predictions.records import Claim, Forecast
from predictions.render.charts.curve_values import share_of_axis, value_at, whole_curve
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, label, picture
from predictions.render.charts.time_axis import (
    LEVEL,
    TOP,
    apart,
    day_lines,
    evidence,
    shortened,
    tick_labels,
    width,
    window,
)
from predictions.render.charts.timeline import Panel, Timeline, placed_marks

NAME, HIGH = 20, 84  # heights: of a name, and of the strip under it
LINE = 14  # height that an option needs
MOST_OPTIONS = 10  # in a strip; the rest are one
LETTER, NARROW = 7.5, 290  # width of a letter, and of the chart that names are placed for
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)  # of a fan
FAN = (0.18, 0.4, 0.4, 0.18)  # how dark its bands are
LABELS = 14  # per cent of the width, left to the words over the end of a fan
MIDDLE = 2  # of the levels


class Strip(NamedTuple):
    """What stood from one day to another: the edges of its bands, from 0 to 1, the lowest first."""

    start: float
    end: float
    edges: Sequence[float]


def bands_chart(line: Timeline, told: str) -> Svg:
    """Draw a strip for each forecaster under their name; *told* is the chart in words."""
    placed = placed_marks(line)
    high = max(HIGH, LINE * min(len(line.claim.options), MOST_OPTIONS))
    bottom = TOP + (NAME + high) * len(line.panels)
    rows = max((level + 1 for _, _, level in placed), default=0)
    height = bottom + LEVEL * rows + 22
    parts: list[Svg] = []
    for number, panel in enumerate(line.panels):
        top = TOP + number * (NAME + high) + NAME
        parts += [label(panel.name, x="0", y=top - 6, fill="currentColor", font_weight=600), *window(line, top, high)]
        parts += _panel(line, panel, top, high)
    parts += [*evidence(placed, bottom), *day_lines(line, bottom), *tick_labels(line, bottom, height)]
    return picture(f"timeline-{line.claim.slug}", line.title, told, *parts, width="100%", height=height)


def drawn_options(claim: Claim, forecast: Forecast) -> list[tuple[str, float]]:
    """Return the options that are drawn with their shares: all in their order, or of many the first, and the rest."""
    shares = [(share.option, share.share) for share in forecast.shares]
    if len(claim.options) <= MOST_OPTIONS:
        return shares
    rest = shares[MOST_OPTIONS - 1 :]
    return [*shares[: MOST_OPTIONS - 1], (f"{len(rest)} others", sum(share for _, share in rest))]


def strips(line: Timeline, panel: Panel) -> list[Strip]:
    """Return what stood when, over the window; the latest last."""
    days = [day for day, _ in panel.said]
    found = []
    for (day, forecast), until in zip(panel.said, [*days[1:], line.upto], strict=True):
        start, end = max(day, line.claim.opens_on.toordinal()), min(until, line.upto)
        if end > start and not forecast.withdrawn:
            found.append(Strip(start, end, _edges_of_bands(line.claim, forecast)))
    return found


def _edges_of_bands(claim: Claim, forecast: Forecast) -> list[float]:
    if forecast.shares:
        shares = [share for _, share in drawn_options(claim, forecast)]
        return [0.0, *accumulate(reversed(shares))]  # the first option is the uppermost, as in a list
    curve = whole_curve(claim, forecast.points)
    return [share_of_axis(claim, value_at(curve, level)) for level in LEVELS]


def _panel(line: Timeline, panel: Panel, top: int, high: int) -> list[Svg]:
    found: list[Svg] = []
    for strip in strips(line, panel):
        found += _bands(line, strip, top, high)
    if not line.claim.options:
        found += _axis(line, top, high)
    last = panel.said[-1][1]
    return found if last.withdrawn else [*found, *_labels(line, last, top, high)]


def _bands(line: Timeline, strip: Strip, top: int, high: int) -> list[Svg]:
    """Draw the bands of one strip; a rule parts two options, and a line is the middle value of a number."""
    x, to = line.at(strip.start), line.at(strip.end)
    heights = [round(top + high * (1 - edge), 2) for edge in strip.edges]
    options, found = len(heights) - 1 if line.claim.options else 0, []
    for number, (lower, upper) in enumerate(pairwise(heights)):
        colour = (options - 1 - number) % len(COLOURS) if options else 0
        look: dict[str, Attribute] = {
            "class_": f"range s{colour}", "fill": COLOURS[colour], "fill_opacity": 0.5 if options else FAN[number],
        }  # fmt: skip
        found.append(element("rect", x=x, width=width(x, to), y=upper, height=round(lower - upper, 2), **look))
    rule: dict[str, Attribute] = {"stroke": "currentColor", "stroke_opacity": 0.7, "class_": "edge"}
    middle: dict[str, Attribute] = {"stroke": COLOURS[0], "stroke_width": 2.5, "class_": "series s0"}
    lines = [(y, rule) for y in heights[1:-1]] if options else [(heights[MIDDLE], middle)]
    return [*found, *(element("line", x1=x, x2=to, y1=y, y2=y, **drawn) for y, drawn in lines)]


def _axis(line: Timeline, top: int, high: int) -> list[Svg]:
    """Write the ends of the range of a number, and draw the number that came out."""
    claim = line.claim
    found: list[Svg] = []
    for words, y, beside in (
        (f"{exact(claim.high)} {claim.unit}", top, top + 11),
        (exact(claim.low), top + high, top + high - 3),
    ):
        rule: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.2}
        found.append(element("line", x1="0", x2="100%", y1=y, y2=y, **rule))
        found.append(label(words, x="0", y=beside, font_size=10, fill="currentColor", fill_opacity=0.75))
    if line.verdict and line.verdict.value is not None:
        y1 = round(top + high * (1 - share_of_axis(claim, line.verdict.value)), 2)
        look: dict[str, Attribute] = {"stroke": "currentColor", "stroke_width": 1.5, "stroke_dasharray": "6 3"}
        begun = line.at(claim.opens_on.toordinal())
        end = f"{float(line.at(line.upto)[:-1]) - LABELS:.2f}%"  # the words stand behind it
        found.append(element("line", x1=begun, x2=end, y1=y1, y2=y1, class_="came-out", **look))
    return found


def _labels(line: Timeline, forecast: Forecast, top: int, high: int) -> list[Svg]:
    """Write what stands last beside its bands, or over their end where there is no room beside it."""
    told = _last_said(line.claim, forecast)
    x = line.at(line.upto)
    room = NARROW * (1 - float(x[:-1]) / 100)
    known_later = line.verdict is not None and line.verdict.known_on.toordinal() >= line.upto  # its line stands there
    late = known_later or max(LETTER * len(words) + 6 for _, words in told) > room
    beside = -3 if late and not line.claim.options else 4  # over a fan's end above its lines
    heights = apart([top + high * (1 - share) + beside for share, _ in told], top + 10, top + high - 2)
    return [
        label(words, x=x, y=y, anchor="end" if late else "start", dx=-6 if late else 6, fill="currentColor",
              font_size=11)
        for y, (_, words) in zip(heights, told, strict=True)
    ]  # fmt: skip


def _last_said(claim: Claim, forecast: Forecast) -> list[tuple[float, str]]:
    """Return the height of each label with its words, the uppermost first."""
    edges = _edges_of_bands(claim, forecast)
    if not forecast.shares:
        return [
            (edges[place], _value_label(claim, forecast, LEVELS[place])) for place in (len(LEVELS) - 1, MIDDLE, 0)
        ]  # the ends of the outer band, and the middle
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    shown = drawn_options(claim, forecast)
    return [
        (middle, f"{shortened(name)} {figure(share, 2)}")
        for middle, (name, share) in zip(reversed(middles), shown, strict=True)
    ]


def _value_label(claim: Claim, forecast: Forecast, level: float) -> str:
    return exact(float(f"{value_at(whole_curve(claim, forecast.points), level):.3g}"))
