"""Draw one claim over time as a matplotlib figure: forecasts, the evidence below them, today and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from predictions.enums import ClaimType
from predictions.render.charts.time_axis import EDGE
from predictions.render.charts.timeline import NO_FORECASTS, Mark, Step, Timeline, placed_marks
from predictions.views.matplotlib_canvas import (
    GREY,
    day_of,
    label_dates,
    legend_of_axes,
    line_look,
    new_figure,
    plain_axes,
    say_instead,
    titled,
    visible_words,
)
from predictions.views.matplotlib_distributions import draw_curves, draw_fan, draw_shares

STRIP_INCHES, PLOT_INCHES, EVIDENCE_INCHES = 1.6, 2.4, 0.16  # heights: of a strip, a plot alone, a row of evidence
EVIDENCE = {
    "supports": ("^", "#0a6b4f"),
    "opposes": ("v", "#9b2335"),
    "near-miss": ("D", "#8a4b00"),
    "context": ("o", "#565a61"),
    "base-rate": ("s", "#565a61"),
}


def claim_figure(line: Timeline) -> object:
    """Return the figure of one claim: chances as steps, shares and ranges as strips, days as curves.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    strips = bool(line.panels) and line.claim.type is not ClaimType.DATE
    rows, placed = len(line.panels) if strips else 1, placed_marks(line)
    levels = max((level + 1 for _, _, level in placed), default=0)  # rows of evidence, so that no marks overlap
    heights = [STRIP_INCHES if strips else PLOT_INCHES] * rows + ([EVIDENCE_INCHES * (levels + 1)] if placed else [])
    figure = new_figure(8.0, 1.3 + sum(heights))
    titled(figure, line.title, line.beyond)
    all_axes = figure.subplots(len(heights), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    plots = all_axes[:rows]
    _draw_forecasts(plots, line)
    for axes in plots:
        _draw_window(axes, line)
    _label_days(plots[0], line, above=16 if strips else 4)
    if placed:
        _draw_evidence(all_axes[-1], placed, levels)
    all_axes[0].set(xlim=(day_of(line.first), day_of(line.last)))
    plain_axes(all_axes)
    legend_of_axes(figure, all_axes)
    return figure


def _draw_forecasts(plots: Sequence[object], line: Timeline) -> None:
    """Draw the forecasts, each type in its way: one plot, or one for each forecaster for options or a number."""
    if line.panels and line.claim.type is ClaimType.DATE:
        draw_curves(plots[0], line)
    elif line.panels:
        draw = draw_shares if line.claim.options else draw_fan
        for axes, panel in zip(plots, line.panels, strict=True):
            draw(axes, line, panel)
    elif line.lines:
        _draw_steps(plots[0], line)
    else:
        say_instead(plots[0], NO_FORECASTS)


def _draw_steps(axes, line: Timeline) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw each forecaster's chances as steps, with the range around them if there is one."""
    opened = line.claim.opens_on.toordinal()
    for number, forecaster in enumerate(line.lines):
        steps = [step for step in forecaster.steps if step.day < line.upto]
        if not steps:
            continue
        values = [float("nan") if step.probability is None else step.probability for step in steps]
        ends = [*(day_of(max(step.day, opened)) for step in steps), day_of(line.upto)]
        look = {**line_look(number), "linestyle": "dashed" if forecaster.imputed else "solid"}
        label = visible_words(f"{forecaster.name} (imputed)" if forecaster.imputed else forecaster.name)
        with_marker = list(range(len(values)))  # each forecast, but not the end of the line
        axes.step(ends, [*values, values[-1]], where="post", linewidth=2, label=label, markevery=with_marker, **look)
        low = [_end(step, "low") for step in [*steps, steps[-1]]]
        high = [_end(step, "high") for step in [*steps, steps[-1]]]
        if not all(map(isnan, low)):
            axes.fill_between(ends, low, high, step="post", color=look["color"], alpha=0.15, linewidth=0)
    axes.set(ylim=(-0.02, 1.04), ylabel="probability", yticks=[0, 0.25, 0.5, 0.75, 1])


def _draw_evidence(axes, placed: Sequence[tuple[Mark, str, int]], levels: int) -> None:  # type: ignore[no-untyped-def]  # as above
    """Draw the evidence on its days, with a marker for what it says about the claim."""
    for bears, (marker, colour) in EVIDENCE.items():
        marks = [(mark, level) for mark, _, level in placed if mark.bears == bears]
        if marks:
            days = [day_of(mark.day.toordinal()) for mark, _ in marks]
            look = {"color": colour, "fillstyle": "none", "label": bears.replace("-", " ")}
            size = 4 if marker == "D" else 5  # a diamond is drawn wider than the others
            axes.plot(days, [level for _, level in marks], marker, markersize=size, **look)
    axes.set(ylim=(levels - 0.4, -0.6), yticks=[])
    axes.spines["left"].set_visible(False)


def _draw_window(axes, line: Timeline) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Shade the window and the days on which it may have happened, and draw lines on today and the verdict's day."""
    axes.xaxis_date()
    label_dates(axes.xaxis)
    opened, closed = line.claim.opens_on.toordinal(), line.claim.deadline.toordinal() + 1
    axes.axvspan(day_of(opened), day_of(closed), color=GREY, alpha=0.12, zorder=0)
    if line.verdict and line.verdict.happened_on:
        happened = line.verdict.happened_on
        first = (line.verdict.happened_from or happened).toordinal()
        axes.axvspan(day_of(first), day_of(happened.toordinal() + 1), color="#444", alpha=0.25)
    for day in line.marked:
        axes.axvline(day_of(day.toordinal()), color="#444", linestyle="dotted", linewidth=1)


def _label_days(axes, line: Timeline, above: int) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Label the lines on days over the highest plot, *above* it by so many points, to leave room for a name."""
    for day in line.marked:
        is_verdict = line.verdict is not None and day == line.verdict.known_on
        share = 100 * line.share(day.toordinal())
        side = "left" if share < EDGE else "right" if share > 100 - EDGE else "center"
        axes.annotate(
            visible_words(line.came_out if is_verdict else "today"),
            (day_of(day.toordinal()), 1), (0, above), xycoords=axes.get_xaxis_transform(),
            textcoords="offset points", fontsize=8, ha=side, parse_math=False,
        )  # fmt: skip


def _end(step: Step, end: str) -> float:
    """Return the low or the high end of a range; NaN, which is not drawn, without a range or if it was withdrawn."""
    share = step.low if end == "low" else step.high
    return float("nan") if share is None or step.probability is None else share
