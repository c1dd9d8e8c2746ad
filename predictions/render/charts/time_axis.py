"""Draw what every chart of a claim over time has: the window, marked days, the evidence, and dates along the axis."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.render.charts.svg import GUTTER, Attribute, Svg, element, label, picture, text_of
from predictions.render.charts.timeline import Mark, Timeline, ticks
from predictions.render.columns import cut_apart
from predictions.status import settle_on

NAME_LETTERS = 18  # letters of a name on a chart
LETTER_HEIGHT = 13  # height of a line of letters
WORDS_HEIGHT, WORDS_COLUMNS = 15, 42  # height and columns of a row of words below a chart
LETTER = 7.5  # the greatest width of a letter
PAGE_WIDTH, TELEPHONE_WIDTH = 590, 240  # widths of a chart: on a page, and on a telephone or in a notebook cell
CHANCES = ("100 %", "50 %", "0")
LONGEST_OUTCOME = 24  # columns of an outcome on a chart, so that one anchor always fits
TODAY: dict[str, Attribute] = {
    "class_": "today", "stroke": "currentColor", "stroke_width": 1.5, "stroke_dasharray": "3 2",
}  # fmt: skip
EDGE = 27  # per cent of the width: nearer to an end, words over a line begin or end at it and are not centred
ABOVE_PLOT, PLOT_HEIGHT, EVIDENCE_HEIGHT = 26, 110, 12  # heights: above the plot, of it, and of a row of evidence below
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHAPES = {
    "supports": "M0,-5 L5,4 L-5,4z",
    "opposes": "M0,5 L5,-4 L-5,-4z",
    "near-miss": "M0,-5 L5,0 L0,5 L-5,0z",
    "context": "M-3,0 a3,3 0 1,0 6,0 a3,3 0 1,0 -6,0z",
    "base-rate": "M-4,-2 H4 V2 H-4z",
}
DECISIVE = {"supports", "opposes"}
HOLLOW = {"near-miss", "base-rate"}


def shaded_window(line: Timeline, top: int, high: int) -> list[Svg]:
    """Shade the window, with a line at its end, and more lightly the days up to the settle day."""
    begin, end = line.at(line.claim.opens_on.toordinal()), line.at(line.claim.deadline.toordinal() + 1)
    window, reports = width(begin, end), width(end, line.at(settle_on(line.claim).toordinal() + 1))
    box: dict[str, Attribute] = {"y": top, "height": high, "fill": "currentColor"}
    rule: dict[str, Attribute] = {"y1": top, "y2": top + high, "stroke": "currentColor", "stroke_opacity": 0.55}
    return [
        element("rect", x=begin, width=window, class_="window", fill_opacity=0.06, **box),
        element("rect", x=end, width=reports, class_="reports", fill_opacity=0.03, **box),
        element("line", x1=end, x2=end, class_="deadline", **rule),
    ]


def axis(labels: tuple[str, str, str], top: int, high: int) -> list[Svg]:
    """Draw lines at the top, the middle and the bottom of a scale, with their *labels* to the left of the drawing."""
    parts = []
    for words, share, down in zip(labels, (0.0, 0.5, 1.0), (9, 4, -1), strict=True):
        y = round(top + high * share, 2)
        rule: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.2}
        parts.append(element("line", x1="0", x2="100%", y1=y, y2=y, **rule))
        parts.append(label(words, x=-6, y=y + down, anchor="end", font_size=11, fill="currentColor", fill_opacity=0.75))
    return parts


def evidence(placed: Sequence[tuple[Mark, str, int]], bottom: int) -> list[Svg]:
    """Draw the evidence below the plot: a shape for what it says, and a thin line up if it supports or opposes."""
    parts: list[Svg] = []
    for mark, x, level in placed:
        y = bottom + EVIDENCE_HEIGHT * (level + 1)
        if mark.bears in DECISIVE and not mark.retracted:
            hair: dict[str, Attribute] = {"stroke": "currentColor", "stroke_opacity": 0.75, "stroke_dasharray": "1 3"}
            parts.append(element("line", x1=x, x2=x, y1=ABOVE_PLOT, y2=y - 6, class_=f"hair {mark.bears}", **hair))
        colour = "none" if mark.bears in HOLLOW or mark.retracted else "currentColor"
        shape = element(
            "path", d="M-4,-4 L4,4 M4,-4 L-4,4" if mark.retracted else SHAPES.get(mark.bears, SHAPES["context"]),
            fill=colour, stroke="currentColor", stroke_width=1.5, class_=f"mark {mark.bears}",
        )  # fmt: skip
        tooltip = element("title", text_of(f"{mark.day}, {mark.bears}: {mark.text}"))
        parts.append(element("svg", element("g", tooltip, shape), x=x, y=y, overflow="visible"))
    return parts


def day_lines(line: Timeline, spans: Sequence[tuple[int, int]]) -> list[Svg]:
    """Draw lines for today and for the verdict, with their words above the plot.

    A line is drawn between the two heights of each of the *spans*, so that it does not cross names between strips.
    """
    parts = []
    for day in line.marked:
        is_today = not line.verdict or day != line.verdict.known_on
        words, aside = (f"today {day}", "") if is_today else (line.came_out, f", known {day}")
        x, share = line.at(day.toordinal()), 100 * line.share(day.toordinal())
        anchor = "start" if share < EDGE else "end" if share > 100 - EDGE else "middle"
        parts += [
            *(element("line", x1=x, x2=x, y1=upper, y2=lower, **TODAY) for upper, lower in spans),
            label(words, x=x, y=ABOVE_PLOT - 12, anchor=anchor, aside=aside, fill="currentColor", font_size=11),
        ]  # fmt: skip
    return parts


def tick_labels(line: Timeline, bottom: int, height: int) -> list[Svg]:
    """Label dates along the axis, the first one and each January with the year."""
    parts = []
    days = [day for day in ticks(line.first, line.last) if 0.03 < line.share(day.toordinal()) < 0.96]
    for number, day in enumerate(days):
        x, share = line.at(day.toordinal()), line.share(day.toordinal())
        words = MONTHS[day.month - 1]
        if day.month == 1:
            words = str(day.year)
        elif number == 0:
            words += f" {day.year}"
        parts.append(element("line", x1=x, x2=x, y1=bottom, y2=bottom + 4, stroke="currentColor", stroke_opacity=0.55))
        anchor = "start" if share < 0.08 else "end" if share > 0.9 else "middle"
        parts.append(label(words, x=x, y=height - 4, anchor=anchor, font_size=11, fill="currentColor"))
    return parts


def rows_below(rows: Sequence[tuple[Svg, str]], under: int, x: int) -> list[Svg]:
    """Write the rows of a legend below a chart, each text after its sample; the sample may be empty."""
    texts = cut_apart([text for _, text in rows], WORDS_COLUMNS)
    return [
        element("svg", sample, label(text, x=24 if sample else 0, y=10, fill="currentColor",
                                     font_size=11), x=x, y=under + WORDS_HEIGHT * number - 10, overflow="visible")
        for number, ((sample, _), text) in enumerate(zip(rows, texts, strict=True), 1)
    ]  # fmt: skip


def time_chart(
    line: Timeline, description: str, parts: Sequence[Svg], rows: Sequence[tuple[Svg, str]], under: int, *, gutter: bool
) -> Svg:
    """Return the finished chart.

    Args:
        line: The claim over time.
        description: The chart in words, for those who cannot see it.
        parts: All that is drawn on it.
        rows: The legend below: samples with their texts.
        under: The height at which the legend begins.
        gutter: Whether to leave room on the left for the labels of an axis.
    """
    height = under + WORDS_HEIGHT * len(rows) + (6 if rows else 0)
    name, legend = f"timeline-{line.claim.slug}", rows_below(rows, under, x=-GUTTER if gutter else 0)
    return picture(name, line.title, description, *parts, *legend, height=height, gutter=gutter)


def under_evidence(placed: Sequence[tuple[Mark, str, int]], bottom: int) -> int:
    """Return the height down to which the evidence and the dates below a plot reach."""
    return bottom + EVIDENCE_HEIGHT * max((level + 1 for _, _, level in placed), default=0) + 22


def apart(heights: Sequence[float], first: float, last: float) -> list[float]:
    """Return the heights of labels, moved so that they do not overlap; between *first* and *last* if there is room.

    >>> apart([100.0, 101.0, 102.0], 28, 133)
    [100.0, 113.0, 126.0]
    """
    moved: list[float] = []
    for height in heights:  # down from the one above
        moved.append(max(height, first, moved[-1] + LETTER_HEIGHT if moved else 0.0))
    for number in reversed(range(len(moved))):  # and up again, where they went below the last height
        moved[number] = min(moved[number], last)
        last = moved[number] - LETTER_HEIGHT
    return moved


def height_of(share: float) -> float:
    """Return the height in the plot of a chance, from 0 to 1; heights are counted from the top."""
    return round(ABOVE_PLOT + PLOT_HEIGHT * (1 - share), 2)


def width(start: str, end: str) -> str:
    """Return the width between two places that are texts in per cent, such as "12.50%"."""
    return f"{float(end[:-1]) - float(start[:-1]):.2f}%"
