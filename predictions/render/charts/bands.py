"""Draw forecasts on a choice over time as SVG: for each forecaster a strip, with a band for each option's share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from predictions.numerals import figure
from predictions.records import Forecast
from predictions.render.charts.strips import Strip, Strips, strip_height, strips_chart, strips_of
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, label
from predictions.render.charts.time_axis import LETTER, NAME_LETTERS, TELEPHONE_WIDTH, apart, width
from predictions.render.charts.timeline import Panel, Timeline
from predictions.render.columns import columns_of, cut_apart
from predictions.render.few_options import MOST_OPTIONS, few_options, shares_of

LINE = 14  # height that the name of an option needs
THIN = 6  # height of two bands together below which no rule is drawn between them, since it would hide them
RULE: dict[str, Attribute] = {"stroke": "currentColor", "stroke_opacity": 0.7, "class_": "edge"}


def bands_chart(line: Timeline, description: str, *, named: bool) -> Svg:
    """Draw a strip of shares for each forecaster.

    Args:
        line: The forecasts on one claim, over time.
        description: The chart in words, for those who cannot see it.
        named: Whether to name the options below the chart if their strips have no room; False if the page has a legend.
    """
    options = drawn_options(line)
    high = strip_height(line, LINE * min(len(line.claim.options), MOST_OPTIONS))

    def draw(panel: Panel, top: int) -> list[Svg]:
        """Draw the strip of one forecaster, from *top* downwards, with the names beside its last bands."""
        bands = _bands(line, shares_over_time(line, panel, options), top, high)
        last = panel.forecasts[-1][1]
        return bands if last.withdrawn else [*bands, *_labels(line, shares_of(last, options), top, high)]

    last = [shares_of(panel.forecasts[-1][1], options) for panel in line.panels]
    all_fit = all(len(_labels(line, shares, 0, high)) == len(shares) for shares in last if shares)
    rows = [] if all_fit or not named else legend_of_bands(line)
    return strips_chart(line, description, Strips(high, draw, lambda _: "", rows, gutter=False))


def drawn_options(line: Timeline) -> list[str]:
    """Return the options that have a band of their own; if there are many, the others share one."""
    standing = (panel.forecasts[-1][1] for panel in line.panels)
    return few_options(line.claim, standing, line.verdict.option if line.verdict else None)


def shares_over_time(line: Timeline, panel: Panel, options: Sequence[str]) -> list[Strip]:
    """Return the strips of one forecaster; the first option is on top, as in a list."""

    def edges(forecast: Forecast) -> list[float]:
        return [0.0, *accumulate(share for _, share in reversed(shares_of(forecast, options)))]

    return strips_of(line, panel, edges)


def band_names(line: Timeline) -> list[str]:
    """Return the names of the bands from top to bottom, with a note on the option that came true."""
    stated = next(forecast for panel in line.panels for _, forecast in panel.forecasts if not forecast.withdrawn)
    came_true = line.verdict.option if line.verdict else None
    names = [name for name, _ in shares_of(stated, drawn_options(line))]
    return [f"{name}, came true" if name == came_true else name for name in names]


def legend_of_bands(line: Timeline) -> list[tuple[Svg, str]]:
    """Return the legend: a sample of each band with its name."""
    options = len(drawn_options(line))
    return [(_swatch(number, options), name) for number, name in enumerate(band_names(line))]


def _bands(line: Timeline, strips: Sequence[Strip], top: int, high: int) -> list[Svg]:
    """Draw the bands with rules between them, and a frame around strips that follow each other without a gap."""
    parts: list[Svg] = []
    options = len(drawn_options(line))
    for strip in strips:
        x, to = line.at(strip.start), line.at(strip.end)
        heights = [round(top + high * (1 - edge), 2) for edge in strip.edges]
        for number, (lower, upper) in enumerate(pairwise(heights)):
            box: dict[str, Attribute] = {"x": x, "width": width(x, to), "y": upper, "height": round(lower - upper, 2)}
            parts.append(element("rect", **box, **_band_look(len(heights) - 2 - number, options)))
        borders = [
            y for below, y, above in zip(heights, heights[1:], heights[2:], strict=False) if below - above > THIN
        ]
        parts += [element("line", x1=x, x2=to, y1=y, y2=y, **RULE) for y in borders]
    for start, end in _without_gaps(strips):
        x = line.at(start)
        parts.append(element("rect", x=x, width=width(x, line.at(end)), y=top, height=high, fill="none", **RULE))
    return parts


def _without_gaps(strips: Sequence[Strip]) -> list[tuple[float, float]]:
    """Join strips that follow each other without a gap; return the start and end of each.

    >>> _without_gaps([Strip(1, 2, []), Strip(2, 3, []), Strip(5, 6, [])])
    [(1, 3), (5, 6)]
    """
    spans: list[tuple[float, float]] = []
    for strip in strips:
        start = spans.pop()[0] if spans and spans[-1][1] == strip.start else strip.start
        spans.append((start, strip.end))
    return spans


def _labels(line: Timeline, shares: Sequence[tuple[str, float]], top: int, high: int) -> list[Svg]:
    """Return the names of the options beside the last bands or, if there is no room, in those that are high enough.

    There are fewer labels than options if some have no room.
    """
    names = cut_apart([name for name, _ in shares], NAME_LETTERS)
    texts = [f"{name} {figure(share, 2)}" for name, (_, share) in zip(names, shares, strict=True)]
    edges = [1.0, *(1 - low for low in accumulate(share for _, share in shares))]
    heights = [top + high * (1 - (above + low) / 2) + 4 for above, low in pairwise(edges)]
    needed = max(LETTER * columns_of(words) + 8 for words in texts)
    if needed <= TELEPHONE_WIDTH * line.room:
        beside, x = apart(heights, top + 10, top + high - 2), line.at(line.upto)
        return [_option_label(words, x=x, y=y, dx=6) for y, words in zip(beside, texts, strict=True)]
    if needed > TELEPHONE_WIDTH * line.share(line.inside):
        return []
    return [
        _option_label(words, x=line.at(line.inside), y=y, anchor="end", dx=-6)
        for y, words, (_, share) in zip(heights, texts, shares, strict=True)
        if high * share >= LINE - 1
    ]


def _option_label(words: str, *, x: str, y: float, dx: int, anchor: str = "start") -> Svg:
    """Return the name of an option at a place, moved by *dx* pixels."""
    return label(words, x=x, y=y, dx=dx, anchor=anchor, fill="currentColor", font_size=11)


def _band_look(number: int, options: int) -> dict[str, Attribute]:
    """Return the look of the band with this number; the band after all *options* is the rest, and has no colour."""
    if number == options:
        return {"class_": "range rest", "fill": "currentColor", "fill_opacity": 0.15}
    colour = number % len(COLOURS)
    return {"class_": f"range s{colour}", "fill": COLOURS[colour], "fill_opacity": 0.5}


def _swatch(number: int, options: int) -> Svg:
    """Return a sample of the band of an option, for a legend."""
    box = element("rect", width=12, height=12, **_band_look(number, options))
    edge = element("rect", width=12, height=12, fill="none", **RULE)
    return element("svg", box, edge, width=12, height=12, aria_hidden="true")
