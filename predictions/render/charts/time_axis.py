"""What every chart of a claim over time has: its window, days with their words, evidence below, and dates."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.render.charts.svg import GUTTER, Attribute, Svg, element, label, picture, text_of
from predictions.render.charts.timeline import Mark, Timeline, ticks
from predictions.render.columns import cut_apart
from predictions.status import settle_on

NAME_LETTERS = 18  # letters of a name on a chart, at most
LETTER_HEIGHT = 13  # height of a line of letters
WORDS_HEIGHT, WORDS_COLUMNS = 15, 42  # of a row of words below a chart: its height, and its columns at most
LETTER = 7.5  # width of a letter, at most
PAGE_WIDTH, TELEPHONE_WIDTH = 590, 240  # charts that words are placed for: of a page, and of a telephone or a cell
CHANCES = ("100 %", "50 %", "0")
LONGEST_OUTCOME = 24  # columns of an outcome on a chart, so that one anchor always fits
TODAY: dict[str, Attribute] = {
    "class_": "today", "stroke": "currentColor", "stroke_width": 1.5, "stroke_dasharray": "3 2",
}  # fmt: skip
EDGE = 27  # per cent of the width at either end where words over a line begin or end at it
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
    """Shade the window, with a line at its end, and more lightly the days after it in which reports may come."""
    begin, end = line.at(line.claim.opens_on.toordinal()), line.at(line.claim.deadline.toordinal() + 1)
    wide, reports = width(begin, end), width(end, line.at(settle_on(line.claim).toordinal() + 1))
    box: dict[str, Attribute] = {"y": top, "height": high, "fill": "currentColor"}
    rule: dict[str, Attribute] = {"y1": top, "y2": top + high, "stroke": "currentColor", "stroke_opacity": 0.55}
    return [
        element("rect", x=begin, width=wide, class_="window", fill_opacity=0.06, **box),
        element("rect", x=end, width=reports, class_="reports", fill_opacity=0.03, **box),
        element("line", x1=end, x2=end, class_="deadline", **rule),
    ]


def axis(labels: tuple[str, str, str], top: int, high: int) -> list[Svg]:
    """Draw the highest, the middle and the lowest place of a scale, with their labels to the left of the drawing."""
    found = []
    for words, share, down in zip(labels, (0.0, 0.5, 1.0), (9, 4, -1), strict=True):
        y = round(top + high * share, 2)
        rule: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.2}
        found.append(element("line", x1="0", x2="100%", y1=y, y2=y, **rule))
        found.append(label(words, x=-6, y=y + down, anchor="end", font_size=11, fill="currentColor", fill_opacity=0.75))
    return found


def evidence(placed: Sequence[tuple[Mark, str, int]], bottom: int) -> list[Svg]:
    """Draw the evidence below the chart: a shape for how it bears, and a hair line up where it decides."""
    found: list[Svg] = []
    for mark, x, level in placed:
        y = bottom + EVIDENCE_HEIGHT * (level + 1)
        if mark.bears in DECISIVE and not mark.retracted:
            hair: dict[str, Attribute] = {"stroke": "currentColor", "stroke_opacity": 0.75, "stroke_dasharray": "1 3"}
            found.append(element("line", x1=x, x2=x, y1=ABOVE_PLOT, y2=y - 6, class_=f"hair {mark.bears}", **hair))
        colour = "none" if mark.bears in HOLLOW or mark.retracted else "currentColor"
        shape = element(
            "path", d="M-4,-4 L4,4 M4,-4 L-4,4" if mark.retracted else SHAPES.get(mark.bears, SHAPES["context"]),
            fill=colour, stroke="currentColor", stroke_width=1.5, class_=f"mark {mark.bears}",
        )  # fmt: skip
        spoken = element("title", text_of(f"{mark.day}, {mark.bears}: {mark.text}"))
        found.append(element("svg", element("g", spoken, shape), x=x, y=y, overflow="visible"))
    return found


def day_lines(line: Timeline, spans: Sequence[tuple[int, int]]) -> list[Svg]:
    """Draw lines for today and for the verdict, with their words above the plot.

    *spans* are the heights from and to which a line goes: what is written between two of them is not crossed.
    """
    found = []
    for day in line.marked:
        is_today = not line.verdict or day != line.verdict.known_on
        words, aside = (f"today {day}", "") if is_today else (line.came_out, f", known {day}")
        x = line.at(day.toordinal())
        share = float(x[:-1])
        anchor = "start" if share < EDGE else "end" if share > 100 - EDGE else "middle"
        found += [
            *(element("line", x1=x, x2=x, y1=upper, y2=lower, **TODAY) for upper, lower in spans),
            label(words, x=x, y=ABOVE_PLOT - 12, anchor=anchor, aside=aside, fill="currentColor", font_size=11),
        ]  # fmt: skip
    return found


def tick_labels(line: Timeline, bottom: int, height: int) -> list[Svg]:
    """Label the ticks along the window; the first one and each January say the year."""
    found = []
    days = [day for day in ticks(line.first, line.last) if 0.03 < line.share(day.toordinal()) < 0.96]
    for place, day in enumerate(days):
        x, share = line.at(day.toordinal()), line.share(day.toordinal())
        words = str(day.year) if day.month == 1 else f"{MONTHS[day.month - 1]}{'' if place else f' {day.year}'}"
        found.append(element("line", x1=x, x2=x, y1=bottom, y2=bottom + 4, stroke="currentColor", stroke_opacity=0.55))
        anchor = "start" if share < 0.08 else "end" if share > 0.9 else "middle"
        found.append(label(words, x=x, y=height - 4, anchor=anchor, font_size=11, fill="currentColor"))
    return found


def rows_below(rows: Sequence[tuple[Svg, str]], under: int, x: int) -> list[Svg]:
    """Write words below a chart, each behind a piece of what they name, where they lie over nothing."""
    short = cut_apart([words for _, words in rows], WORDS_COLUMNS)
    return [
        element("svg", piece, label(words, x=24 if piece else 0, y=10, fill="currentColor",
                                    font_size=11), x=x, y=under + WORDS_HEIGHT * number - 10, overflow="visible")
        for number, ((piece, _), words) in enumerate(zip(rows, short, strict=True), 1)
    ]  # fmt: skip


def time_chart(
    line: Timeline, told: str, parts: Sequence[Svg], rows: Sequence[tuple[Svg, str]], under: int, *, gutter: bool
) -> Svg:
    """Return the chart of the *parts*, *under* which stand some *rows* of words; *told* says it."""
    height = under + WORDS_HEIGHT * len(rows) + (6 if rows else 0)
    name, named = f"timeline-{line.claim.slug}", rows_below(rows, under, x=-GUTTER if gutter else 0)
    return picture(name, line.title, told, *parts, *named, height=height, gutter=gutter)


def under_evidence(placed: Sequence[tuple[Mark, str, int]], bottom: int) -> int:
    """Return the height down to which the evidence and the dates below a plot reach."""
    return bottom + EVIDENCE_HEIGHT * max((level + 1 for _, _, level in placed), default=0) + 22


def apart(heights: Sequence[float], first: float, last: float) -> list[float]:
    """Move labels at least a line apart; return their heights, between the first and the last if there is room.

    >>> apart([100.0, 101.0, 102.0], 28, 133)
    [100.0, 113.0, 126.0]
    """
    found: list[float] = []
    for height in heights:
        found.append(max(height, first, found[-1] + LETTER_HEIGHT if found else 0.0))
    for place in reversed(range(len(found))):
        found[place] = min(found[place], last)
        last = found[place] - LETTER_HEIGHT
    return found


def height_of(share: float) -> float:
    return round(ABOVE_PLOT + PLOT_HEIGHT * (1 - share), 2)


def width(start: str, end: str) -> str:
    return f"{float(end[:-1]) - float(start[:-1]):.2f}%"
