"""Choices and numbers over time as an SVG chart: for each forecaster a strip of shares, or a fan of ranges."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from predictions.numerals import exact, figure
from predictions.records import Claim, Forecast
from predictions.render.charts.curve_values import share_of_axis, value_at, value_on_axis, whole_curve
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
from predictions.render.text import columns_of

NAME = 20  # height of a name
HIGH = (0, 132, 104)  # heights of the strips under the names of one forecaster, and of two
LOW = 84  # of those of more
LINE = 14  # height that an option needs
THIN = 6  # height of two bands that a rule between them would hide
MOST_OPTIONS = 10  # in a strip; the rest are one
LETTER, NARROW = 7.5, 290  # width of a letter, and of the chart that names are placed for
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)  # of a fan
FAN = (0.18, 0.4, 0.4, 0.18)  # how dark its bands are
MIDDLE = 2  # of the levels


class Strip(NamedTuple):
    """What stood from one day to another: the edges of its bands, from 0 to 1, the lowest first."""

    start: float
    end: float
    edges: Sequence[float]


def bands_chart(line: Timeline, told: str) -> Svg:
    """Draw a strip for each forecaster under their name; *told* is the chart in words."""
    placed = placed_marks(line)
    most = HIGH[len(line.panels)] if len(line.panels) < len(HIGH) else LOW
    high = max(most, LINE * min(len(line.claim.options), MOST_OPTIONS))
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


def band_swatch(number: int) -> Svg:
    """Return a piece of the band of an option, for a legend."""
    colour = number % len(COLOURS)
    look: dict[str, Attribute] = {
        "class_": f"range s{colour}", "fill": COLOURS[colour], "fill_opacity": 0.5, "width": 12, "height": 12,
    }  # fmt: skip
    return element("svg", element("rect", **look), width=12, height=12, aria_hidden="true")


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
    last = panel.said[-1][1]
    if not line.claim.options:
        found += _axis(line, top, high)
        return found if last.withdrawn else [*found, _range_label(line.claim, last, top)]
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
    parted = [y for below, y, above in zip(heights, heights[1:], heights[2:], strict=False) if below - above > THIN]
    lines = [(y, rule) for y in parted] if options else [(heights[MIDDLE], middle)]
    return [*found, *(element("line", x1=x, x2=to, y1=y, y2=y, **drawn) for y, drawn in lines)]


def _axis(line: Timeline, top: int, high: int) -> list[Svg]:
    """Write the ends and the middle of the range of a number, and draw the number that came out."""
    claim = line.claim
    found: list[Svg] = []
    for share, words, beside in (
        (1.0, f"{exact(claim.high)} {claim.unit}", 11),
        (0.5, _value_label(value_on_axis(claim, 0.5)), -3),
        (0.0, exact(claim.low), -3),
    ):
        y = round(top + high * (1 - share), 2)
        rule: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.2}
        found.append(element("line", x1="0", x2="100%", y1=y, y2=y, **rule))
        found.append(label(words, x="0", y=y + beside, font_size=10, fill="currentColor", fill_opacity=0.75))
    if line.verdict and line.verdict.value is not None:
        y1 = round(top + high * (1 - share_of_axis(claim, line.verdict.value)), 2)
        look: dict[str, Attribute] = {"stroke": "currentColor", "stroke_width": 1.5, "stroke_dasharray": "6 3"}
        begun, end = line.at(claim.opens_on.toordinal()), line.at(line.upto)
        found.append(element("line", x1=begun, x2=end, y1=y1, y2=y1, class_="came-out", **look))
    return found


def _range_label(claim: Claim, forecast: Forecast, top: int) -> Svg:
    """Write what stands last over its strip, where it lies over nothing: the middle value, and the middle 80 %."""
    curve = whole_curve(claim, forecast.points)
    low, middle, high = (_value_label(value_at(curve, level)) for level in (LEVELS[0], 0.5, LEVELS[-1]))
    words = f"{middle} {claim.unit}, 80 % from {low} to {high}"
    return label(words, x="100%", y=top - 6, anchor="end", font_size=11, fill="currentColor", class_="label between")


def _labels(line: Timeline, forecast: Forecast, top: int, high: int) -> list[Svg]:
    """Write the options beside the bands that stand last; where there is no room, over those that are high enough."""
    edges = _edges_of_bands(line.claim, forecast)
    bands = [(low, above) for low, above in pairwise(edges)][::-1]
    told = [f"{shortened(name)} {figure(share, 2)}" for name, share in drawn_options(line.claim, forecast)]
    x = line.at(line.upto)
    known_later = line.verdict is not None and line.verdict.known_on.toordinal() >= line.upto  # its line stands there
    room = NARROW * (1 - float(x[:-1]) / 100)
    over = known_later or max(LETTER * columns_of(words) + 6 for words in told) > room
    heights = [top + high * (1 - (low + above) / 2) + 4 for low, above in bands]
    if not over:
        heights = apart(heights, top + 10, top + high - 2)
    return [
        label(words, x=x, y=y, anchor="end" if over else "start", dx=-6 if over else 6, fill="currentColor",
              font_size=11)
        for y, words, (low, above) in zip(heights, told, bands, strict=True)
        if not over or high * (above - low) >= LINE - 1
    ]  # fmt: skip


def _value_label(value: float) -> str:
    return exact(float(f"{value:.3g}"))
