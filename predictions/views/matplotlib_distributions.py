"""Choices, numbers and dates over time as matplotlib figures: what the SVG charts of a claim show."""

from __future__ import annotations

from itertools import pairwise

from predictions.enums import Axis, ClaimType
from predictions.invisible import visible
from predictions.numerals import exact, round_to
from predictions.records import Forecast
from predictions.render.charts.bands import FAN, MIDDLE, drawn_options, strips
from predictions.render.charts.curve_values import share_of_axis, value_on_axis
from predictions.render.charts.days import by_ordinal, standing_days
from predictions.render.charts.svg import COLOURS
from predictions.render.charts.timeline import Panel, Timeline
from predictions.views.matplotlib_canvas import GREY, STYLES, dated, day_of, new_figure, plain_axes, titled

HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--", "**", "||")  # of options, beside their colours


def distribution_figure(line: Timeline) -> object:
    """Draw what was said of a choice, a number or a date over the window of its claim.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    dates = line.claim.type is ClaimType.DATE
    rows = 1 if dates else len(line.panels)
    figure = new_figure(8.0, 1.2 + (2.4 if dates else 1.6 * rows))
    titled(figure, line.title, line.beyond)
    all_axes = figure.subplots(rows, 1, squeeze=False, sharex=True)[:, 0]
    for number, panel in enumerate(line.panels):
        axes = all_axes[0 if dates else number]
        if dates:
            _rising_line(axes, line, panel, number)
        else:
            _strips(axes, line, panel)
    for axes in all_axes:
        _window(axes, line)
    plain_axes(all_axes)
    if dates or line.claim.options:
        handles, labels = all_axes[0].get_legend_handles_labels()
        order = slice(None) if dates else slice(None, None, -1)  # as they stand above each other
        figure.legend(handles[order], labels[order], fontsize=8, frameon=False, loc="outside center right")
    return figure


def _rising_line(axes, line: Timeline, panel: Panel, number: int) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    days = standing_days(panel)
    if not days:
        return
    along, chances = zip(*by_ordinal(line, days), strict=True)
    look = {"color": COLOURS[number % len(COLOURS)], "linestyle": STYLES[number % len(STYLES)]}
    label = visible(f"{panel.name} {chances[-1]:.2f}")
    axes.plot([day_of(day) for day in along], chances, label=label, linewidth=2, **look)
    axes.set(ylim=(0, 1.02), ylabel="chance that it has happened")


def _strips(axes, line: Timeline, panel: Panel) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw a strip of shares or a fan; the options have hatches beside their colours."""
    names = [name for name, _ in drawn_options(line.claim, _first(panel))] if line.claim.options else []
    for place, strip in enumerate(strips(line, panel)):
        days = [day_of(strip.start), day_of(strip.end)]
        for number, (low, high) in enumerate(pairwise(strip.edges)):
            option = len(names) - 1 - number
            look = (
                {"facecolor": COLOURS[option % len(COLOURS)], "alpha": 0.55, "edgecolor": "#333", "linewidth": 0.5,
                 "hatch": HATCHES[option], "label": None if place else names[option]}
                if names
                else {"facecolor": COLOURS[0], "alpha": FAN[number], "linewidth": 0}
            )  # fmt: skip
            axes.fill_between(days, low, high, **look)
        if not names:
            axes.plot(days, [strip.edges[MIDDLE]] * 2, color=COLOURS[0], linewidth=2)
    axes.set(ylim=(0, 1))
    axes.text(0, 1.03, visible(panel.name), fontsize=9, transform=axes.transAxes, parse_math=False)
    if line.claim.type is ClaimType.NUMBER:
        _values(axes, line)
    else:
        axes.set_ylabel("share")


def _first(panel: Panel) -> Forecast:
    return next(forecast for _, forecast in panel.said if not forecast.withdrawn)


def _values(axes, line: Timeline) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write values of the range beside it, and draw the number that came out."""
    claim = line.claim
    digits = 2 if claim.scale is Axis.LOG else 4
    between = [round_to(value_on_axis(claim, share), digits) for share in (0.25, 0.5, 0.75)]
    values = list(dict.fromkeys((float(claim.low or 0), *between, float(claim.high or 0))))
    axes.set_yticks([share_of_axis(claim, value) for value in values], [exact(value) for value in values])
    axes.set_ylabel(visible(claim.unit or ""), parse_math=False)
    if line.verdict and line.verdict.value is not None:
        axes.axhline(share_of_axis(claim, line.verdict.value), color="#444", linestyle="dashed", linewidth=1)


def _window(axes, line: Timeline) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Shade the window and the days on which it happened; say today and the verdict."""
    axes.xaxis_date()
    dated(axes.xaxis)
    opened, closed = line.claim.opens_on.toordinal(), line.claim.deadline.toordinal() + 1
    axes.axvspan(day_of(opened), day_of(closed), color=GREY, alpha=0.12, zorder=0)
    verdict = line.verdict
    if verdict and verdict.happened_on:
        first = (verdict.happened_from or verdict.happened_on).toordinal()
        axes.axvspan(day_of(first), day_of(verdict.happened_on.toordinal() + 1), color="#444", alpha=0.25)
    day, words = (verdict.known_on, line.came_out) if verdict else (line.today, "today")
    if line.first <= day.toordinal() <= line.last:
        axes.axvline(day_of(day.toordinal()), color="#444", linestyle="dotted", linewidth=1)
        if axes.get_subplotspec().is_first_row():
            axes.text(day_of(day.toordinal()), 1.03, visible(words), fontsize=8, ha="center", parse_math=False)
    axes.set(xlim=(day_of(line.first), day_of(line.last)))
