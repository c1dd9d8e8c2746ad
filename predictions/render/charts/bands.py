"""Choices and numbers over time as an SVG chart: for each forecaster a strip of shares, or a fan of ranges."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from predictions.numerals import exact, figure, round_to
from predictions.records import Claim, Forecast
from predictions.render.charts.curve_values import share_of_axis, value_at, value_on_axis, whole_curve
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, label, picture
from predictions.render.charts.time_axis import (
    LEVEL,
    SHORT,
    TOP,
    apart,
    day_lines,
    evidence,
    tick_labels,
    width,
    window,
)
from predictions.render.charts.timeline import Panel, Timeline, placed_marks
from predictions.render.columns import columns_of, cut_in_middle

NAME = 20  # height of a name
HIGH = (0, 132, 104)  # heights of the strips under the names of one forecaster, and of two
LOW = 84  # of those of more
LINE = 14  # height that an option needs
THIN = 6  # height of two bands that a rule between them would hide
OPTION_LINE = 15  # height of a name below the chart
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


def bands_chart(line: Timeline, told: str, *, named: bool) -> Svg:
    """Draw a strip for each forecaster under their name; *told* is the chart in words.

    Options that have no room for their name in a strip are *named* below the plot, unless a legend stands there.
    """
    placed = placed_marks(line)
    most = HIGH[len(line.panels)] if len(line.panels) < len(HIGH) else LOW
    high = max(most, LINE * min(len(line.claim.options), MOST_OPTIONS))
    bottom = TOP + (NAME + high) * len(line.panels)
    rows = max((level + 1 for _, _, level in placed), default=0)
    axis = bottom + LEVEL * rows + 22
    parts: list[Svg] = []
    tops = [TOP + NAME + number * (NAME + high) for number in range(len(line.panels))]
    for panel, top in zip(line.panels, tops, strict=True):
        parts += [label(panel.name, x="0", y=top - 6, fill="currentColor", font_weight=600), *window(line, top, high)]
        parts += _panel(line, panel, top, high)
    below = _option_names(line, axis, high) if named else []
    parts += [*evidence(placed, bottom), *day_lines(line, [(top, top + high) for top in tops])]
    parts += [*tick_labels(line, bottom, axis), *below]
    height = axis + OPTION_LINE * len(below) + (6 if below else 0)
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
    return element("svg", _band(number, width=12, height=12), width=12, height=12, aria_hidden="true")


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
    frame: dict[str, Attribute] = rule if options else {"class_": "frame s0", "stroke": COLOURS[0]}
    around: dict[str, Attribute] = {"y": heights[-1], "height": round(heights[0] - heights[-1], 2), "fill": "none"}
    found.append(element("rect", x=x, width=width(x, to), **around, **frame))
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
    told, over, x = _told(line, forecast), _is_over(line, forecast), line.at(line.upto)
    heights = [top + high * (1 - (low + above) / 2) + 4 for low, above in bands]
    if not over:
        heights = apart(heights, top + 10, top + high - 2)
    return [
        label(words, x=x, y=y, anchor="end" if over else "start", dx=-6 if over else 6, fill="currentColor",
              font_size=11)
        for y, words, (low, above) in zip(heights, told, bands, strict=True)
        if not over or high * (above - low) >= LINE - 1
    ]  # fmt: skip


def _told(line: Timeline, forecast: Forecast) -> list[str]:
    return [f"{cut_in_middle(name, SHORT)} {figure(share, 2)}" for name, share in drawn_options(line.claim, forecast)]


def _is_over(line: Timeline, forecast: Forecast) -> bool:
    """Tell whether the names of options are written over their bands: there is no room behind, or a line is there."""
    known_later = line.verdict is not None and line.verdict.known_on.toordinal() >= line.upto
    room = NARROW * (1 - float(line.at(line.upto)[:-1]) / 100)
    return known_later or max(LETTER * columns_of(words) + 6 for words in _told(line, forecast)) > room


def _option_names(line: Timeline, axis: int, high: int) -> list[Svg]:
    """Name the options below the plot, each beside a piece of its band, if one of them has no room for its name."""
    standing = [panel.said[-1][1] for panel in line.panels if not panel.said[-1][1].withdrawn]
    unnamed = [
        share
        for forecast in standing
        for _, share in drawn_options(line.claim, forecast)
        if high * share < LINE - 1 and _is_over(line, forecast)
    ]
    if not unnamed:
        return []
    found = []
    for number, (name, _) in enumerate(drawn_options(line.claim, standing[0]), 1):
        name_beside = label(cut_in_middle(name, SHORT), x=24, y=3, fill="currentColor", font_size=11)
        box = _band(number - 1, x=6, y=-8, width=12, height=12)
        found.append(element("svg", box, name_beside, y=axis + OPTION_LINE * number, overflow="visible"))
    return found


def _band(option: int, **place: Attribute) -> Svg:
    colour = option % len(COLOURS)
    edge: dict[str, Attribute] = {"stroke": COLOURS[colour], "stroke_width": 1.5}
    return element("rect", class_=f"range frame s{colour}", fill=COLOURS[colour], fill_opacity=0.5, **edge, **place)


def _value_label(value: float) -> str:
    return exact(round_to(value, 3))
