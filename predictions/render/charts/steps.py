"""Draw a yes/no claim over time as SVG: the forecasts as steps over its window, and the evidence below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from predictions.numerals import figure
from predictions.render.charts.svg import COLOURS, DASHES, Attribute, Svg, element, label, line_swatch, series_look
from predictions.render.charts.time_axis import (
    ABOVE_PLOT,
    CHANCES,
    LETTER,
    NAME_LETTERS,
    PAGE_WIDTH,
    PLOT_HEIGHT,
    TELEPHONE_WIDTH,
    apart,
    axis,
    day_lines,
    evidence,
    height_of,
    shaded_window,
    tick_labels,
    time_chart,
    under_evidence,
    width,
)
from predictions.render.charts.timeline import NO_FORECASTS, Line, Timeline, placed_marks
from predictions.render.columns import columns_of, cut_to
from predictions.status import settle_on


def timeline_chart(line: Timeline, *, named: bool) -> Svg:
    """Return the chart of the standing forecasts, with the evidence below them on its days.

    Names are written at the ends of the lines if there is room. If not, *named* puts them below the chart; it is False
    if the page has a legend.
    """
    placed, bottom = placed_marks(line), ABOVE_PLOT + PLOT_HEIGHT
    under = under_evidence(placed, bottom)
    parts = [*shaded_window(line, ABOVE_PLOT, PLOT_HEIGHT), *evidence(placed, bottom)]
    parts += axis(CHANCES, ABOVE_PLOT, PLOT_HEIGHT) if line.lines else []
    for number, forecaster in enumerate(line.lines):
        parts += _steps(line, forecaster, number)
    beside = _names_beside(line, TELEPHONE_WIDTH if named else PAGE_WIDTH)
    parts += [*beside, *day_lines(line, [(ABOVE_PLOT - 8, bottom)]), *tick_labels(line, bottom, under)]
    rows = [] if line.lines else [(Svg(""), NO_FORECASTS)]
    if named and not beside:
        rows += legend_of_lines(line)
    return time_chart(line, _timeline_in_words(line), parts, rows, under, gutter=bool(line.lines))


def legend_of_lines(line: Timeline) -> list[tuple[Svg, str]]:
    """Return the legend: a sample of each line that stands at the end, with the name and the last number."""
    legend = []
    for number, probability in line.ends:
        forecaster = line.lines[number]
        imputed = " (imputed)" if forecaster.imputed else ""
        text = f"{forecaster.name} {figure(probability, 2)}{imputed}"
        legend.append((line_swatch(**_look(forecaster, number)), text))
    return legend


def _timeline_in_words(line: Timeline) -> str:
    """Return the chart in words."""
    sentences = []
    for forecaster in line.lines:
        values = [step.probability for step in forecaster.steps if step.probability is not None]
        if values:
            moved = f" moved from {figure(values[0], 2)} to" if len(values) > 1 else ":"
            imputed = " (imputed from words)" if forecaster.imputed else ""
            sentences.append(f"{forecaster.name}{moved} {figure(values[-1], 2)}{imputed}.")
    return said_around(line, sentences)


def said_around(line: Timeline, sentences: Sequence[str]) -> str:
    """Return some sentences on forecasts after one on the window, and before those on the evidence and the verdict."""
    kinds = Counter(mark.bears for mark in line.marks)
    window = f"Window {line.claim.opens_on} to {line.claim.deadline}, verdict due {settle_on(line.claim)}."
    counts = ", ".join(f"{count:,} {bears}" for bears, count in kinds.items())
    evidence = [f"Evidence: {counts}."] if kinds else []
    beyond = [f"{line.beyond}."] if line.beyond else []
    verdict = f"Verdict: {line.came_out_in_full}." if line.verdict else "No verdict yet."
    return " ".join([window, *sentences, *beyond, *evidence, verdict])


def _steps(line: Timeline, forecaster: Line, number: int) -> list[Svg]:
    """Draw a forecaster's chances as level lines with jumps between them, over their ranges if there are any."""
    look, steps = _look(forecaster, number), forecaster.steps
    parts: list[Svg] = []
    before: float | None = None
    for position, step in enumerate(steps):
        start = max(step.day, line.claim.opens_on.toordinal())
        end = min(steps[position + 1].day if position + 1 < len(steps) else line.upto, line.upto)
        if step.probability is None or end <= start:
            before = None if step.probability is None else before
            continue
        x, to, y = line.at(start), line.at(end), height_of(step.probability)
        if step.low is not None and step.high is not None:
            upper, lower = height_of(step.high), height_of(step.low)
            parts.append(
                element("rect", x=x, width=width(x, to), y=upper, height=round(lower - upper, 2),
                        class_=f"range frame s{number % len(COLOURS)}", fill=COLOURS[number % len(COLOURS)],
                        fill_opacity=0.12, stroke=COLOURS[number % len(COLOURS)], stroke_width=0.75)
            )  # fmt: skip
        if before is not None and before != y:
            parts.append(element("line", x1=x, x2=x, y1=before, y2=y, **look))
        parts.append(element("line", x1=x, x2=to, y1=y, y2=y, **look))
        before = y
    return parts


def _look(forecaster: Line, number: int) -> dict[str, Attribute]:
    """Return the look of a forecaster's line, which is dashed if it is imputed."""
    return series_look(number, DASHES[1] if forecaster.imputed else "")


def _names_beside(line: Timeline, wide: int) -> list[Svg]:
    """Return each forecaster's name and last number at the end of their line, moved so that they do not overlap.

    Empty if a chart of that width has no room for them. Those without room on a telephone get the class "between", by
    which the style of the page hides them on narrow screens.
    """
    ends = sorted(
        (height_of(probability), number, f"{cut_to(line.lines[number].name, NAME_LETTERS)} {figure(probability, 2)}")
        for number, probability in line.ends
    )
    needed = max((LETTER * columns_of(text) + 8 for _, _, text in ends), default=0.0)
    if needed > wide * line.room:
        return []
    look = "label between" if needed > TELEPHONE_WIDTH * line.room else "label"
    heights = apart([y + 4 for y, _, _ in ends], ABOVE_PLOT + 2, ABOVE_PLOT + PLOT_HEIGHT - 3)
    return [
        label(text, x=line.at(line.upto), y=y, dx=6, class_=look, font_weight=600,
              fill=COLOURS[number % len(COLOURS)], data_s=f"s{number % len(COLOURS)}")
        for y, (_, number, text) in zip(heights, ends, strict=True)
    ]  # fmt: skip
