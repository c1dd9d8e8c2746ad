"""Charts of scores as matplotlib figures for a notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np

from predictions.render.charts.leads import Points
from predictions.render.charts.svg import COLOURS
from predictions.scoring.claim_skills import ClaimSkills
from predictions.scoring.columns.claim_types import WORD_OF_KIND
from predictions.scoring.compare.scale import Scale
from predictions.scoring.reliability import ReliabilityDiagram
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.track_record import FEW
from predictions.views.matplotlib_canvas import (
    GREY,
    MARKERS,
    STYLES,
    legend_of_axes,
    line_look,
    new_figure,
    plain_axes,
    say_instead,
    titled,
    visible_words,
)

ABREAST = 4  # reliability diagrams beside each other
DOT = 0.0125  # the part of the scale of skill that a dot covers
OF_ONE_TYPE: Mapping[tuple[str, ...], str] = {("yes-no",): ", 0.25 would be perfect"}  # other types: differs by claim


def reliability_figure(curves: Mapping[str, ReliabilityDiagram]) -> object:
    """Return reliability diagrams: how often it came true by the probability given, a panel for each forecaster.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    abreast, rows = min(max(len(curves), 1), ABREAST), max(ceil(len(curves) / ABREAST), 1)
    figure = new_figure(4.2 * abreast, 5.0 * rows)
    titled(figure, "How often it came true, by the probability given")
    if not curves:
        say_instead(figure.subplots(), f"nobody has {FEW} scored yes-or-no claims yet")
        return figure
    axes = figure.subplots(2 * rows, abreast, squeeze=False, height_ratios=(5, 1) * rows, gridspec_kw={"hspace": 0.08})
    for number, (name, curve) in enumerate(curves.items()):
        row, column = divmod(number, abreast)
        top, below = axes[2 * row, column], axes[2 * row + 1, column]
        _draw_reliability(top, curve, COLOURS[number % len(COLOURS)])
        top.set(ylabel="" if column else "came true")
        top.set_title(f"{visible_words(name)}, {curve.n} forecasts", fontsize=10, parse_math=False)
        _draw_counts(below, curve)
        below.set(ylabel="" if column else "count")
    for unused in axes[-2:, len(curves) - abreast * (rows - 1) :].flat:
        unused.remove()
    legend_of_axes(figure, [axes[0, 0]])  # the labels are the same in all panels
    return figure


def _draw_reliability(axes, curve: ReliabilityDiagram, colour: str) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw one diagram: the band that luck explains, the tenths with their intervals, and the CORP curve."""
    if curve.band:
        probabilities, lower, upper = zip(*curve.band, strict=True)
        band = f"{100 * LEVEL:.0f} % if calibrated"
        axes.fill_between(probabilities, lower, upper, color=colour, alpha=0.15, label=band, linewidth=0)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="dashed", linewidth=1)
    tenths = [tenth for tenth in curve.bins if tenth]  # None for one without forecasts
    middles, shares = [tenth.mean_probability for tenth in tenths], [tenth.frequency for tenth in tenths]
    axes.vlines(middles, [tenth.lower for tenth in tenths], [tenth.upper for tenth in tenths], color=GREY, linewidth=1)
    axes.plot(middles, shares, "o", color=GREY, fillstyle="none", markersize=5, label="tenths of the scale")
    axes.plot(curve.probability, curve.recalibrated, "-o", color=colour, markersize=3.5, label="recalibrated (CORP)")
    axes.set(xlim=(0, 1), ylim=(-0.02, 1.02))
    axes.tick_params(labelbottom=False)
    plain_axes([axes])


def _draw_counts(axes, curve: ReliabilityDiagram) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw how many forecasts are in each tenth of the scale."""
    centres = [(number + 0.5) / len(curve.counts) for number in range(len(curve.counts))]
    axes.bar(centres, curve.counts, width=0.9 / len(curve.counts), color=GREY)
    axes.set(xlim=(0, 1), xlabel="probability given")
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=3)
    plain_axes([axes])


def scores_figure(people: Sequence[ClaimSkills], scale: Scale, names: Mapping[str, str]) -> object:
    """Return each forecaster's skill over time: a dot for each claim, of any type, and the mean with its interval.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    figure = new_figure(7.0, 1.6 + 0.85 * max(len(people), 1))
    several = len(scale.types) > 1
    ends = ", 1 would be perfect on average" if several else OF_ONE_TYPE.get(scale.types, "")
    titled(figure, f"Skill over time: 0 is knowing nothing{ends}")
    axes = figure.subplots()
    axes.axvline(0, color=GREY, linestyle="dashed", linewidth=1, zorder=0)
    for number, record in enumerate(people):
        _draw_skills(axes, number, record)
    labels = [visible_words(f"{names[record.forecaster.slug]} (n {record.n})") for record in people]
    axes.set_yticks(range(len(people)), labels, parse_math=False)
    axes.set(ylim=(max(len(people), 1) - 0.45, -0.5))
    axes.set_xlabel("a dot a claim, above them the mean with its interval; right is better")
    if not people:
        say_instead(axes, "no claim is scored yet")
    plain_axes([axes])
    if several:
        legend_of_axes(figure, [axes])
    return figure


def _draw_skills(axes, row: int, skills: ClaimSkills) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Draw the claims of one forecaster, a marker for each type, and above them the mean with its interval."""
    colour, down = COLOURS[row % len(COLOURS)], np.array(_stacked(skills.skills.tolist()))
    for kind in np.unique(skills.kinds).tolist():
        is_kind = skills.kinds == kind
        look = {"color": colour, "alpha": 0.5, "markersize": 5, "markeredgewidth": 0, "label": WORD_OF_KIND[kind]}
        axes.plot(skills.skills[is_kind], row + 0.05 + down[is_kind], MARKERS[kind], **look)
    axes.plot(skills.mean, row - 0.2, "|", color=colour, markersize=12, markeredgewidth=2.5)
    if skills.interval:
        axes.plot(skills.interval, [row - 0.2] * 2, color=colour, linewidth=2)


def leads_figure(moments: Sequence[str], lines: Mapping[str, Points]) -> object:
    """Return the Brier scores at fixed moments, a line for each forecaster; 0.25 is always saying 50 %.

    Returns a matplotlib ``Figure``; raises MissingExtra without matplotlib.
    """
    figure = new_figure(7.0, 4.0 + 0.2 * max(len(lines) - 6, 0) / 3)
    titled(figure, "Brier score of what stood: 0 is perfect, 0.25 is always saying 50 %")
    axes = figure.subplots()
    axes.axhline(0.25, color=GREY, linestyle="dashed", linewidth=1, zorder=0)
    for number, (name, points) in enumerate(lines.items()):
        scores = [float("nan") if brier is None else brier for brier, _ in points]
        dashes = STYLES[number % len(STYLES)]
        axes.plot(range(len(moments)), scores, label=visible_words(name), linestyle=dashes, **line_look(number))
    axes.set_xticks(range(len(moments)), moments)
    axes.set(ylim=(0, None), xlabel="days before the deadline", ylabel="Brier score of what stood")
    if lines:
        legend_of_axes(figure, [axes])
    else:
        say_instead(axes, "nothing of a yes-or-no claim stood at these moments")
    plain_axes([axes])
    return figure


def _stacked(scores: Sequence[float]) -> list[float]:
    """Return how far down each dot is drawn, from 0 to 0.4, so that dots of nearly equal scores do not overlap.

    >>> _stacked([0.01, 0.01, 0.5])
    [0.0, 0.05, 0.0]
    """
    dots_at = Counter[int]()
    ranks = []
    for position in (round(score / DOT) for score in scores):
        ranks.append(dots_at[position])
        dots_at[position] += 1
    step = min(0.4 / max([*ranks, 1]), 0.05)
    return [rank * step for rank in ranks]
