"""Charts for a notebook, as matplotlib figures: made without pyplot, so nothing is kept open or changed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from math import isnan

from predictions.errors import import_extra
from predictions.invisible import visible
from predictions.redacted import Redacted
from predictions.render.charts.leads import Points
from predictions.render.charts.svg import COLOURS
from predictions.render.charts.timeline import Mark, Step, Timeline, placed_marks
from predictions.scoring.reliability import ReliabilityDiagram
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.track_record import TrackRecord

GREY = "#8a8f98"
DOT = 0.0125  # of the scale of scores, taken by a dot
MARKERS = {
    "supports": ("^", "#0a6b4f"),
    "opposes": ("v", "#9b2335"),
    "near-miss": ("D", "#8a4b00"),
    "context": ("o", "#565a61"),
    "base-rate": ("s", "#565a61"),
}


def marked(figure, lacks: Redacted | None) -> object:  # type: ignore[no-untyped-def]  # see new_figure
    """Return the same figure; over that of a redacted copy stands that it is one."""
    if lacks:
        figure.suptitle(lacks.line, color="#9b2335", fontsize=10)
    return figure


def reliability_figure(curves: Mapping[str, ReliabilityDiagram]) -> object:
    """Return how often it came true over the probability given, a panel each: CORP curve, band, bins and their counts.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    figure = new_figure(4.2 * max(len(curves), 1), 5.0)
    axes = figure.subplots(
        2, max(len(curves), 1), squeeze=False, height_ratios=(5, 1), sharex=True, gridspec_kw={"hspace": 0.08}
    )
    for place, (name, curve) in enumerate(curves.items()):
        top, below = axes[0, place], axes[1, place]
        colour = COLOURS[place % len(COLOURS)]
        if curve.band:
            said, lower, upper = zip(*curve.band, strict=True)
            band = f"{100 * LEVEL:.0f} % if calibrated"
            top.fill_between(said, lower, upper, color=colour, alpha=0.15, label=band, linewidth=0)
        top.plot([0, 1], [0, 1], color=GREY, linestyle="dashed", linewidth=1)
        binned = [bin_ for bin_ in curve.bins if bin_]
        middles, shares = [one.mean_probability for one in binned], [one.frequency for one in binned]
        top.vlines(middles, [one.lower for one in binned], [one.upper for one in binned], color=GREY, linewidth=1)
        top.plot(middles, shares, "o", color=GREY, fillstyle="none", markersize=5, label="tenths of the scale")
        top.plot(curve.probability, curve.recalibrated, "-o", color=colour, markersize=3.5, label="recalibrated (CORP)")
        top.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="came true" if place == 0 else None)
        top.set_title(f"{name}, {curve.n} forecasts", fontsize=10)
        if place == 0:  # for all panels, over none of them
            handles, labels = top.get_legend_handles_labels()
            columns = min(len(curves) + 1, 3)
            figure.legend(handles, labels, fontsize=8, frameon=False, ncols=columns, loc="outside lower left")
        centres = [(number + 0.5) / len(curve.counts) for number in range(len(curve.counts))]
        below.bar(centres, curve.counts, width=0.9 / len(curve.counts), color=GREY)
        below.set(xlabel="probability given", ylabel="count" if place == 0 else None)
        below.yaxis.get_major_locator().set_params(integer=True, nbins=3)
        plain_axes(top, below)
    return figure


def scores_figure(records: Sequence[TrackRecord], intervals: Mapping[str, tuple[float, float] | None]) -> object:
    """Return each forecaster's Brier scores, a dot a claim, with the mean and its interval; 0.25 is always saying 50 %.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    stated = [record for record in records if record.n and not record.words_only]
    figure = new_figure(7.0, 1.1 + 0.85 * max(len(stated), 1))
    axes = figure.subplots()
    axes.axvline(0.25, color=GREY, linestyle="dashed", linewidth=1, zorder=0)
    axes.text(0.25, 1.0, "always 50 %", color="#555", fontsize=8, ha="center", va="bottom",
              transform=axes.get_xaxis_transform())  # fmt: skip
    for place, record in enumerate(stated):
        colour = COLOURS[place % len(COLOURS)]
        scores = record.series.brier.tolist()
        axes.plot(scores, [place + 0.05 + lift for lift in _stacked(scores)], "o", color=colour, alpha=0.5,
                  markersize=5, markeredgewidth=0)  # fmt: skip
        axes.plot(record.mean("brier"), place - 0.2, "D", color=colour, markersize=6)
        interval = intervals.get(record.forecaster.slug)
        if interval:
            axes.plot(interval, [place - 0.2] * 2, color=colour, linewidth=2)
    axes.set_yticks(range(len(stated)), [f"{record.forecaster.slug} (n {record.n})" for record in stated])
    axes.set(xlim=(-0.02, 1.02), ylim=(max(len(stated), 1) - 0.45, -0.5))
    axes.set_xlabel("Brier score of the first forecast: a dot a claim,\nabove them the mean with its interval")
    plain_axes(axes)
    return figure


def leads_figure(moments: Sequence[str], lines: Mapping[str, Points]) -> object:
    """Return the Brier scores at fixed moments, a line for each forecaster; 0.25 is always saying 50 %.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    figure = new_figure(7.0, 4.0)
    axes = figure.subplots()
    axes.axhline(0.25, color=GREY, linestyle="dashed", linewidth=1, zorder=0)
    for place, (name, points) in enumerate(lines.items()):
        scores = [float("nan") if brier is None else brier for brier, _ in points]
        axes.plot(range(len(moments)), scores, "-o", color=COLOURS[place % len(COLOURS)], label=name, markersize=4)
    axes.set_xticks(range(len(moments)), moments)
    axes.set(ylim=(0, None), xlabel="days before the deadline", ylabel="Brier score of what stood")
    if lines:
        figure.legend(fontsize=8, frameon=False, ncols=3, loc="outside lower left")
    plain_axes(axes)
    return figure


def claim_figure(line: Timeline) -> object:
    """Return one claim over time: the forecasts as steps, the evidence below on its days, today and the verdict.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    figure = new_figure(8.0, 3.4)
    axes = figure.subplots()
    axes.xaxis_date()
    dated(axes.xaxis)
    opened, ended = line.claim.opens_on.toordinal(), line.claim.deadline.toordinal() + 1
    axes.axvspan(day_of(opened), day_of(ended), color=GREY, alpha=0.12)
    _draw_forecasts(axes, line)
    placed = placed_marks(line)
    _draw_evidence(axes, placed)
    known = [(line.verdict.known_on, line.verdict.said)] if line.verdict else []
    for day, words in [*known, (line.today, "today")]:
        if line.first <= day.toordinal() <= line.last:
            axes.axvline(day_of(day.toordinal()), color="#444", linestyle="dotted", linewidth=1)
            axes.text(day_of(day.toordinal()), 1.05, words, fontsize=8, ha="center")
    lowest = _height_of(max((level for _, _, level in placed), default=0)) - 0.06
    axes.set(xlim=(day_of(line.first), day_of(line.last)), ylim=(lowest, 1.04), ylabel="probability")
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_title(visible(line.title), fontsize=10, pad=18, parse_math=False)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    plain_axes(axes)
    return figure


def _draw_forecasts(axes, line: Timeline) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw each forecaster's numbers as steps, with the range around them if one was said."""
    opened = line.claim.opens_on.toordinal()
    for place, forecaster in enumerate(line.lines):
        steps = [step for step in forecaster.steps if step.day < line.upto]
        if not steps:
            continue
        values = [float("nan") if step.probability is None else step.probability for step in steps]
        ends = [*(day_of(max(step.day, opened)) for step in steps), day_of(line.upto)]
        look = {"color": COLOURS[place % len(COLOURS)], "linestyle": "dashed" if forecaster.imputed else "solid"}
        label = f"{forecaster.name} (imputed)" if forecaster.imputed else forecaster.name
        axes.step(ends, [*values, values[-1]], where="post", linewidth=2, label=label, **look)
        low, high = ([_end(step, end) for step in [*steps, steps[-1]]] for end in ("low", "high"))
        if not all(map(isnan, low)):
            axes.fill_between(ends, low, high, step="post", color=look["color"], alpha=0.15, linewidth=0)


def _draw_evidence(axes, placed: Sequence[tuple[Mark, str, int]]) -> None:  # type: ignore[no-untyped-def]  # as above
    """Draw the evidence below the chart on its days, a marker for each way in which it bears."""
    for bears, (marker, colour) in MARKERS.items():
        marks = [(mark, level) for mark, _, level in placed if mark.bears == bears]
        if marks:
            days = [day_of(mark.day.toordinal()) for mark, _ in marks]
            look = {"color": colour, "fillstyle": "none", "label": bears.replace("-", " ")}
            size = 4 if marker == "D" else 5  # a diamond is drawn wider than the others
            axes.plot(days, [_height_of(level) for _, level in marks], marker, markersize=size, **look)


def _height_of(level: int) -> float:
    """Return how far below the chart evidence of some level stands."""
    return -0.08 - 0.08 * level


def _stacked(scores: Sequence[float]) -> list[float]:
    """Return how far down each dot stands, so that equal scores can be counted: from 0 to 0.4.

    >>> _stacked([0.01, 0.01, 0.5])
    [0.0, 0.05, 0.0]
    """
    below: dict[int, int] = {}
    rank = []
    for mark in (round(score / DOT) for score in scores):
        rank.append(below.get(mark, 0))
        below[mark] = rank[-1] + 1
    step = min(0.4 / max([*rank, 1]), 0.05)
    return [place * step for place in rank]


def new_figure(width: float, height: float):  # type: ignore[no-untyped-def]  # matplotlib has no types of its own
    class Drawn(import_extra("matplotlib.figure", "plots need", "plot").Figure):  # type: ignore[misc]  # as above
        """A figure that shows itself in a notebook, whatever backend is set there."""

        def _repr_png_(self) -> bytes:
            picture = BytesIO()
            self.savefig(picture, format="png")
            return picture.getvalue()

    return Drawn(figsize=(width, height), layout="constrained")


def day_of(ordinal: float) -> float:
    """Return a day as matplotlib counts: from 1970-01-01."""
    return ordinal - date(1970, 1, 1).toordinal()


def _end(step: Step, end: str) -> float:
    """Return one end of the range of a number; no number where it has none, or was withdrawn."""
    share = step.low if end == "low" else step.high
    return float("nan") if share is None or step.probability is None else share


def dated(axis) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Label an axis with as many dates as there is room for."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    along = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]  # see new_figure
    axis.set_major_locator(along)
    axis.set_major_formatter(ConciseDateFormatter(along))  # type: ignore[no-untyped-call]  # see new_figure


def plain_axes(*axes: object) -> None:
    """Remove the lines of a frame that say nothing."""
    for one in axes:
        for side in ("top", "right"):
            one.spines[side].set_visible(False)  # type: ignore[attr-defined]  # see new_figure
