"""One claim over time as an SVG chart: the forecasts as steps over its window, the evidence under them."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import figure
from predictions.render.charts.svg import COLOURS, DASHES, Attribute, Svg, element, label, picture
from predictions.render.charts.time_axis import (
    LEVEL,
    PLOT,
    TOP,
    apart,
    day_lines,
    evidence,
    grid,
    height_of,
    shortened,
    tick_labels,
    width,
    window,
)
from predictions.render.charts.timeline import Line, Timeline, placed_marks
from predictions.render.columns import columns_of
from predictions.status import settle_on

LETTER = 7.5  # width of a letter
WIDE, NARROW = 640, 290  # charts that the names at the ends of lines are placed for; where one is too narrow, left out


def timeline_chart(line: Timeline) -> Svg:
    """Return the standing forecasts as steps over the window, with the evidence under them, each on its day."""
    placed = placed_marks(line)
    height = TOP + PLOT + LEVEL * max((level + 1 for _, _, level in placed), default=0) + 22
    parts = [*window(line, TOP, PLOT), *grid(), *evidence(placed, TOP + PLOT)]
    for number, one in enumerate(line.lines):
        parts += _steps(line, one, number)
    parts += [*_names(line), *day_lines(line, [(TOP - 8, TOP + PLOT)]), *tick_labels(line, TOP + PLOT, height)]
    return picture(
        f"timeline-{line.claim.slug}", line.title, _timeline_in_words(line), *parts, width="100%", height=height
    )


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
    look: dict[str, Attribute] = {
        "class_": f"series s{number % len(COLOURS)}", "stroke": COLOURS[number % len(COLOURS)], "stroke_width": 2.5,
        "stroke_dasharray": DASHES[1] if one.imputed else None, "stroke_linecap": "butt",
    }  # fmt: skip
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


def _names(line: Timeline) -> list[Svg]:
    """Return each forecaster's name and last number at the end of their line, kept from running over each other."""
    ends = []
    for number, probability in line.ends:
        name = shortened(line.lines[number].name)
        ends.append((height_of(probability), number, f"{name} {figure(probability, 2)}"))
    x = line.at(line.upto)
    room = 1 - float(x[:-1]) / 100
    needed = max((LETTER * columns_of(said) + 6 for _, _, said in ends), default=0.0)
    late = needed > WIDE * room
    look = "label over" if late and len(ends) > 1 else "label between" if needed > NARROW * room else "label"
    ends.sort()
    heights = apart([_beside(y, late=late) for y, _, _ in ends], TOP + 2, TOP + PLOT - 3)
    return [
        label(said, x=x, y=y, anchor="end" if late else "start", dx=-6 if late else 6,
              aside=" (imputed)" if line.lines[number].imputed else "",
              class_=look,
              fill=COLOURS[number % len(COLOURS)], font_weight=600, data_s=f"s{number % len(COLOURS)}")
        for y, (_, number, said) in zip(heights, ends, strict=True)
    ]  # fmt: skip


def _beside(y: float, *, late: bool) -> float:
    """Return the height of a label behind the end of its line; where it ends with it, above the line, or else below."""
    if not late:
        return y + 4
    return y - 7 if y - 7 >= TOP + 2 else y + 15


def swatch(number: int, dashes: str = "") -> Svg:
    """Return a piece of a forecaster's line, for a legend."""
    look: dict[str, Attribute] = {
        "class_": f"series s{number % len(COLOURS)}", "stroke": COLOURS[number % len(COLOURS)], "stroke_width": 2.5,
        "stroke_dasharray": dashes or None,
    }  # fmt: skip
    return element("svg", element("line", x1=0, x2=17, y1=6, y2=6, **look), width=17, height=12, aria_hidden="true")
