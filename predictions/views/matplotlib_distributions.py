"""Draw forecasts on a choice, a number or a date on matplotlib axes, as the SVG charts show them."""

from __future__ import annotations

from itertools import pairwise

from predictions.enums import Axis
from predictions.numerals import measure, round_to
from predictions.render.charts.bands import band_names, drawn_options, shares_over_time
from predictions.render.charts.curve_values import share_of_axis, value_on_axis
from predictions.render.charts.days import by_ordinal, curves_of
from predictions.render.charts.fan import DARK, MIDDLE, fan_names, fans_of, range_said
from predictions.render.charts.svg import COLOURS
from predictions.render.charts.timeline import Panel, Timeline
from predictions.render.columns import columns_of, cut_in_middle
from predictions.views.matplotlib_canvas import GREY, STYLES, day_of, visible_words

HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--", "**", "||")  # one for each option, beside its colour
LONGEST_TITLE = 84  # columns above a strip
LONGEST_UNIT = 16  # columns beside an axis; the legend has every unit


def draw_curves(axes, line: Timeline) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw each forecaster's first and last curve of chances by days, the first one thin."""
    for curve in curves_of(line):
        days, chances = zip(*by_ordinal(line, curve.days), strict=True)
        look = {"color": COLOURS[curve.number % len(COLOURS)], "linestyle": STYLES[curve.number % len(STYLES)]}
        label = visible_words(f"{curve.name} {chances[-1]:.2f}")
        axes.plot([day_of(day) for day in days], chances, label=label, linewidth=1 if curve.at_first else 2, **look)
    axes.set(ylim=(-0.02, 1.02), ylabel="chance that it has happened")


def draw_shares(axes, line: Timeline, panel: Panel) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw one forecaster's shares over time as bands; options have a hatch and a colour, the rest is grey."""
    names, options = band_names(line), drawn_options(line)
    looks = [
        {"facecolor": GREY, "alpha": 0.3}
        if number == len(options)
        else {"facecolor": COLOURS[number % len(COLOURS)], "alpha": 0.55, "hatch": HATCHES[number]}
        for number in range(len(names))
    ]
    for number, strip in enumerate(shares_over_time(line, panel, options)):
        days = [day_of(strip.start), day_of(strip.end)]
        bands = [*pairwise(strip.edges)][::-1]  # from the top, as the options are named
        for name, look, (low, high) in zip(names, looks, bands, strict=True):
            label = None if number else visible_words(name)  # once in the legend
            axes.fill_between(days, low, high, label=label, edgecolor="#333", linewidth=0, **look)
        axes.hlines(strip.edges, *days, color="#333", linewidth=0.5)
    axes.set(ylim=(0, 1), ylabel="share", yticks=[0, 0.5, 1])
    _title_strip(axes, panel.name)


def draw_fan(axes, line: Timeline, panel: Panel) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw one forecaster's ranges over time around the medians, and the number that came out."""
    ranges_label, *outcome_label = map(visible_words, fan_names(line))
    for number, strip in enumerate(fans_of(line, panel)):
        days = [day_of(strip.start), day_of(strip.end)]
        for dark, (low, high) in zip(DARK, pairwise(strip.edges), strict=True):
            axes.fill_between(days, low, high, facecolor=COLOURS[0], alpha=dark, linewidth=0)
        median = [strip.edges[MIDDLE]] * 2
        axes.plot(days, median, color=COLOURS[0], linewidth=2, label=None if number else ranges_label)
    if line.verdict and line.verdict.value is not None:
        height = share_of_axis(line.claim, line.verdict.value)
        axes.axhline(height, color="#444", linestyle="dashed", linewidth=1, label=outcome_label[0], clip_on=False)
    _label_values(axes, line)
    range_words = range_said(line, panel)
    _title_strip(axes, panel.name, f": {range_words}" if range_words else "")


def _title_strip(axes, name: str, words: str = "") -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write the name of the forecaster above their strip, cut so that *words* fit after it."""
    title = f"{cut_in_middle(name, LONGEST_TITLE - columns_of(words))}{words}"
    axes.text(0, 1.03, visible_words(title), fontsize=9, transform=axes.transAxes, parse_math=False)


def _label_values(axes, line: Timeline) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write five values of the range beside it, and the unit if it is short."""
    claim, unit = line.claim, line.claim.unit or ""
    digits = 2 if claim.scale is Axis.LOG else 4
    between = [round_to(value_on_axis(claim, share), digits) for share in (0.25, 0.5, 0.75)]
    values = list(dict.fromkeys((float(claim.low or 0), *between, float(claim.high or 0))))
    axes.set_yticks([share_of_axis(claim, value) for value in values], [measure(value) for value in values])
    axes.set_ylabel(visible_words(unit) if columns_of(unit) <= LONGEST_UNIT else "", parse_math=False)
    axes.set(ylim=(-0.03, 1.03))  # a line for an outcome at an end is still seen whole
