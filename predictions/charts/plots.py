"""Charts for a notebook, as matplotlib figures: made without pyplot, so nothing is kept open or changed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

from predictions.charts.svg import COLOURS
from predictions.charts.timelines import Timeline
from predictions.errors import MissingExtra
from predictions.scoring.reliability import LEVEL, Reliability
from predictions.scoring.track import TrackRecord

GREY = "#8a8f98"
MARKERS = {"supports": "^", "opposes": "v", "near-miss": "D", "context": "o", "base-rate": "s"}


def reliability_figure(curves: Mapping[str, Reliability]) -> object:
    """How often it came true over the probability given, a panel each: CORP curve, band, bins and their counts.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    figure = _figure(4.2 * max(len(curves), 1), 5.0)
    axes = figure.subplots(
        2, max(len(curves), 1), squeeze=False, height_ratios=(5, 1), sharex=True, gridspec_kw={"hspace": 0.08}
    )
    for place, (name, curve) in enumerate(curves.items()):
        top, below = axes[0, place], axes[1, place]
        colour = COLOURS[place % len(COLOURS)]
        if curve.band:
            said, lower, upper = zip(*curve.band, strict=True)
            top.fill_between(said, lower, upper, color=colour, alpha=0.15, label=f"{LEVEL:.0%} if calibrated")
        top.plot([0, 1], [0, 1], color=GREY, linestyle="dashed", linewidth=1)
        for one in curve.bins:
            if one:
                top.plot([one.mean_probability] * 2, [one.lower, one.upper], color=GREY, linewidth=1)
                top.plot(one.mean_probability, one.frequency, "o", color=GREY, fillstyle="none", markersize=5)
        top.plot(curve.probability, curve.recalibrated, "-o", color=colour, markersize=3.5, label="recalibrated (CORP)")
        top.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="came true" if place == 0 else None)
        top.set_title(f"{name}, {curve.n} forecasts", fontsize=10)
        top.legend(fontsize=8, loc="lower right", frameon=False)
        centres = [(number + 0.5) / len(curve.counts) for number in range(len(curve.counts))]
        below.bar(centres, curve.counts, width=0.9 / len(curve.counts), color=GREY)
        below.set(xlabel="probability given", ylabel="count" if place == 0 else None)
        _plain(top, below)
    return figure


def scores_figure(records: Sequence[TrackRecord], intervals: Mapping[str, tuple[float, float] | None]) -> object:
    """Each forecaster's Brier scores, a dot a claim, with the mean and its interval; 0.25 is always saying 50 %.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    stated = [record for record in records if record.n and not record.words_only]
    figure = _figure(7.0, 1.2 + 0.5 * max(len(stated), 1))
    axes = figure.subplots()
    axes.axvline(0.25, color=GREY, linestyle="dashed", linewidth=1)
    axes.text(0.25, -0.75, "always 50 %", color=GREY, fontsize=8, ha="center", va="bottom")
    for place, record in enumerate(stated):
        colour = COLOURS[place % len(COLOURS)]
        scores = [row.middle.brier for row in record.scored]
        axes.plot(scores, [place + 0.18] * len(scores), "|", color=colour, alpha=0.5, markersize=8)
        axes.plot(record.mean("brier"), place - 0.1, "D", color=colour, markersize=6)
        interval = intervals.get(record.forecaster.slug)
        if interval:
            axes.plot(interval, [place - 0.1] * 2, color=colour, linewidth=2)
    axes.set_yticks(range(len(stated)), [f"{record.forecaster.slug} (n {record.n})" for record in stated])
    axes.set(xlim=(-0.02, 1.02), ylim=(max(len(stated), 1) - 0.4, -0.8), xlabel="Brier score, first forecast")
    _plain(axes)
    return figure


def claim_figure(line: Timeline) -> object:
    """One claim over time: the forecasts as steps, the evidence below on its days, today and the verdict.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    figure = _figure(8.0, 3.4)
    axes = figure.subplots()
    axes.xaxis_date()
    axes.axvspan(_day(line.opens_on.toordinal()), _day(line.resolves_by.toordinal() + 1), color=GREY, alpha=0.12)
    for place, one in enumerate(line.lines):
        steps = [step for step in one.steps if step.day < line.upto]
        if steps:
            values = [float("nan") if step.probability is None else step.probability for step in steps]
            days = [_day(max(step.day, line.opens_on.toordinal())) for step in steps]
            look = {"color": COLOURS[place % len(COLOURS)], "linestyle": "dashed" if one.imputed else "solid"}
            label = f"{one.name}{' (imputed)' * one.imputed}"
            axes.step([*days, _day(line.upto)], [*values, values[-1]], where="post", linewidth=2, label=label, **look)
    for bears, marker in MARKERS.items():
        marks = [mark for mark in line.marks if mark.bears == bears and mark.day.toordinal() >= line.first]
        if marks:
            days = [_day(mark.day.toordinal()) for mark in marks]
            look = {"color": "#444", "fillstyle": "none", "label": bears.replace("-", " ")}
            axes.plot(days, [-0.08] * len(days), marker, markersize=6, **look)
    for day, words in ((line.known_on, line.verdict), (line.today, "today")):
        if day and words and line.first <= day.toordinal() <= line.last:
            axes.axvline(_day(day.toordinal()), color="#444", linestyle="dotted", linewidth=1)
            axes.text(_day(day.toordinal()), 1.05, words, fontsize=8, ha="center")
    axes.set(xlim=(_day(line.first), _day(line.last)), ylim=(-0.15, 1.04), ylabel="probability")
    axes.set_title(line.title, fontsize=10, pad=18, parse_math=False)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    _plain(axes)
    return figure


def _figure(width: float, height: float):  # type: ignore[no-untyped-def]  # matplotlib has no types of its own
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra("plots need matplotlib; install prediction-ledger[plot]") from None

    class Drawn(Figure):
        """A figure that shows itself in a notebook, whatever backend is set there."""

        def _repr_png_(self) -> bytes:
            picture = BytesIO()
            self.savefig(picture, format="png")
            return picture.getvalue()

    return Drawn(figsize=(width, height), layout="constrained")


def _day(ordinal: float) -> float:
    """A day as matplotlib counts: from 1970-01-01."""
    return ordinal - date(1970, 1, 1).toordinal()


def _plain(*axes: object) -> None:
    """Only the lines that say something."""
    for one in axes:
        for side in ("top", "right"):
            one.spines[side].set_visible(False)  # type: ignore[attr-defined]  # see _figure
