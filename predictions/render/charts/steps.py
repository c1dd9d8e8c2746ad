"""One claim over time as an SVG chart: the forecasts as steps over its window, the evidence under them."""

from __future__ import annotations

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
    """Return the standing forecasts as steps over the window, with the evidence under them, each on its day.

    Who gave them is said behind their ends where there is room, or else *named* below, unless a legend stands there.
    """
    placed, bottom = placed_marks(line), ABOVE_PLOT + PLOT_HEIGHT
    under = under_evidence(placed, bottom)
    parts = [*shaded_window(line, ABOVE_PLOT, PLOT_HEIGHT), *evidence(placed, bottom)]
    parts += axis(CHANCES, ABOVE_PLOT, PLOT_HEIGHT) if line.lines else []
    for number, one in enumerate(line.lines):
        parts += _steps(line, one, number)
    beside = _names_beside(line, TELEPHONE_WIDTH if named else PAGE_WIDTH)
    parts += [*beside, *day_lines(line, [(ABOVE_PLOT - 8, bottom)]), *tick_labels(line, bottom, under)]
    rows = [] if line.lines else [(Svg(""), NO_FORECASTS)]
    if named and not beside:
        rows += legend_of_lines(line)
    return time_chart(line, _timeline_in_words(line), parts, rows, under, gutter=bool(line.lines))


def legend_of_lines(line: Timeline) -> list[tuple[Svg, str]]:
    """Name the lines that stand until their end, each beside a piece of it."""
    ends = [(line.lines[number], number, figure(probability, 2)) for number, probability in line.ends]
    return [
        (line_swatch(**_look(one, number)), f"{one.name} {said}{' (imputed)' if one.imputed else ''}")
        for one, number, said in ends
    ]


def _timeline_in_words(line: Timeline) -> str:
    """Return the chart in words."""
    said = []
    for one in line.lines:
        values = [step.probability for step in one.steps if step.probability is not None]
        if values:
            moved = f" moved from {figure(values[0], 2)} to" if len(values) > 1 else ":"
            said.append(f"{one.name}{moved} {figure(values[-1], 2)}{' (imputed from words)' if one.imputed else ''}.")
    return said_around(line, said)


def said_around(line: Timeline, said: Sequence[str]) -> str:
    """Say the window, then what was *said*, the evidence and the verdict."""
    kinds: dict[str, int] = {}
    for mark in line.marks:
        kinds[mark.bears] = kinds.get(mark.bears, 0) + 1
    window = f"Window {line.claim.opens_on} to {line.claim.deadline}, verdict due {settle_on(line.claim)}."
    each = ", ".join(f"{count:,} {bears}" for bears, count in kinds.items())
    evidence = [f"Evidence: {each}."] if kinds else []
    beyond = [f"{line.beyond}."] if line.beyond else []
    return " ".join(
        [window, *said, *beyond, *evidence, f"Verdict: {line.came_out_in_full}." if line.verdict else "No verdict yet."]
    )


def _steps(line: Timeline, one: Line, number: int) -> list[Svg]:
    """Draw a forecaster's numbers as level lines with jumps between them, and the range behind them if there is one."""
    look = _look(one, number)
    found: list[Svg] = []
    before: float | None = None
    for place, step in enumerate(one.steps):
        start = max(step.day, line.claim.opens_on.toordinal())
        end = min(one.steps[place + 1].day if place + 1 < len(one.steps) else line.upto, line.upto)
        if step.probability is None or end <= start:
            before = None if step.probability is None else before
            continue
        x, to, y = line.at(start), line.at(end), height_of(step.probability)
        if step.low is not None and step.high is not None:
            upper, lower = height_of(step.high), height_of(step.low)
            found.append(
                element("rect", x=x, width=width(x, to), y=upper, height=round(lower - upper, 2),
                        class_=f"range frame s{number % len(COLOURS)}", fill=COLOURS[number % len(COLOURS)],
                        fill_opacity=0.12, stroke=COLOURS[number % len(COLOURS)], stroke_width=0.75)
            )  # fmt: skip
        if before is not None and before != y:
            found.append(element("line", x1=x, x2=x, y1=before, y2=y, **look))
        found.append(element("line", x1=x, x2=to, y1=y, y2=y, **look))
        before = y
    return found


def _look(line: Line, number: int) -> dict[str, Attribute]:
    return series_look(number, DASHES[line.imputed])


def _names_beside(line: Timeline, wide: int) -> list[Svg]:
    """Write each forecaster's name and last number behind the end of their line, kept from running over each other.

    None is written where a chart so *wide* has no room for them. A page leaves out what a narrower one has no room for.
    """
    ends = sorted(
        (height_of(probability), number, f"{cut_to(line.lines[number].name, NAME_LETTERS)} {figure(probability, 2)}")
        for number, probability in line.ends
    )
    needed = max((LETTER * columns_of(said) + 8 for _, _, said in ends), default=0.0)
    if needed > wide * line.room:
        return []
    look = "label between" if needed > TELEPHONE_WIDTH * line.room else "label"
    heights = apart([y + 4 for y, _, _ in ends], ABOVE_PLOT + 2, ABOVE_PLOT + PLOT_HEIGHT - 3)
    return [
        label(said, x=line.at(line.upto), y=y, dx=6, class_=look, font_weight=600,
              fill=COLOURS[number % len(COLOURS)], data_s=f"s{number % len(COLOURS)}")
        for y, (_, number, said) in zip(heights, ends, strict=True)
    ]  # fmt: skip
