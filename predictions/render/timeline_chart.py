"""One claim over time as an SVG chart: the forecasts as steps over its window, the evidence under them."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import figure
from predictions.render.svg import COLOURS, DASHES, Attribute, Svg, element, label, picture, text_of
from predictions.render.timeline import Line, Mark, Timeline, placed_marks, ticks
from predictions.status import settle_on

SHORT = 16  # letters of a name beside a line's end, at most
LETTER = 7.5  # width of a letter
WIDE, NARROW = 640, 290  # charts that the names at the ends of lines are placed for; where one is too narrow, left out
LETTERS = 13  # height of a line of letters
TOP, PLOT, LEVEL = 26, 110, 12  # heights: above the plot, of it, and of a row of evidence below
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


def timeline_chart(line: Timeline) -> Svg:
    """The standing forecasts as steps over the window, with the evidence under them, each on its day."""
    placed = placed_marks(line)
    height = TOP + PLOT + LEVEL * max((level + 1 for _, _, level in placed), default=0) + 22
    parts = [*_window(line), *_grid(), *_evidence(placed)]
    for number, one in enumerate(line.lines):
        parts += _steps(line, one, number)
    parts += [*_names(line), *_today(line), *_ticks(line, height)]
    return picture(f"timeline-{line.claim.slug}", line.title, _told(line), *parts, width="100%", height=height)


def _told(line: Timeline) -> str:
    """The chart in words."""
    said = [f"Window {line.claim.opens_on} to {line.claim.deadline}, verdict due {settle_on(line.claim)}."]
    for one in line.lines:
        values = [step.probability for step in one.steps if step.probability is not None]
        if values:
            moved = f" moved from {figure(values[0], 2)} to" if len(values) > 1 else ":"
            said.append(f"{one.name}{moved} {figure(values[-1], 2)}{' (imputed from words)' if one.imputed else ''}.")
    kinds: dict[str, int] = {}
    for mark in line.marks:
        kinds[mark.bears] = kinds.get(mark.bears, 0) + 1
    if kinds:
        said.append(f"Evidence: {', '.join(f'{count} {bears}' for bears, count in kinds.items())}.")
    return " ".join([*said, f"Verdict: {line.verdict.said}." if line.verdict else "No verdict yet."])


def _window(line: Timeline) -> list[Svg]:
    begin, end = line.at(line.claim.opens_on.toordinal()), line.at(line.claim.deadline.toordinal() + 1)
    wide, reports = _width(begin, end), _width(end, line.at(settle_on(line.claim).toordinal() + 1))
    box: dict[str, Attribute] = {"y": TOP, "height": PLOT, "fill": "currentColor"}
    return [
        element("rect", x=begin, width=wide, class_="window", fill_opacity=0.06, **box),
        element("rect", x=end, width=reports, class_="reports", fill_opacity=0.03, **box),
    ]


def _grid() -> list[Svg]:
    found = []
    for share, words in ((1.0, "100 %"), (0.5, "50 %"), (0.0, "0")):
        y = _y(share)
        found.append(
            element("line", x1="0", x2="100%", y1=y, y2=y, class_="grid", stroke="currentColor", stroke_opacity=0.2)
        )
        found.append(label(words, x="0", y=y - 3, font_size=10, fill="currentColor", fill_opacity=0.75))
    return found


def _steps(line: Timeline, one: Line, number: int) -> list[Svg]:
    """A forecaster's numbers as level lines and the jumps between them, with the range behind them if there is one."""
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
        x, to, y = line.at(start), line.at(end), _y(step.probability)
        if step.low is not None and step.high is not None:
            wide = _width(x, to)
            found.append(
                element("rect", x=x, width=wide, y=_y(step.high), height=round(_y(step.low) - _y(step.high), 2),
                        class_=f"range s{number % len(COLOURS)}", fill=COLOURS[number % len(COLOURS)],
                        fill_opacity=0.12)
            )  # fmt: skip
        if before is not None and before != y:
            found.append(element("line", x1=x, x2=x, y1=before, y2=y, **look))
        found.append(element("line", x1=x, x2=to, y1=y, y2=y, **look))
        before = y
    return found


def _names(line: Timeline) -> list[Svg]:
    """Each forecaster's name and last number at the end of their line, kept from running over each other."""
    ends = []
    for number, probability in line.ends:
        name = line.lines[number].name
        name = name if len(name) <= SHORT else f"{name[: SHORT - 1]}\N{HORIZONTAL ELLIPSIS}"
        ends.append((_y(probability), number, f"{name} {figure(probability, 2)}"))
    x = line.at(line.upto)
    room = 1 - float(x[:-1]) / 100
    needed = max((LETTER * len(said) + 6 for _, _, said in ends), default=0.0)
    late = needed > WIDE * room
    look = "label over" if late and len(ends) > 1 else "label between" if needed > NARROW * room else "label"
    return [
        label(said, x=x, y=y, anchor="end" if late else "start", dx=-6 if late else 6,
              aside=" (imputed)" if line.lines[number].imputed else "",
              class_=look,
              fill=COLOURS[number % len(COLOURS)], font_weight=600, data_s=f"s{number % len(COLOURS)}")
        for y, (_, number, said) in zip(_apart([_beside(y, late=late) for y, _, _ in sorted(ends)]), sorted(ends),
                                        strict=True)
    ]  # fmt: skip


def _beside(y: float, *, late: bool) -> float:
    """The height of a label behind the end of its line; where it ends with it, above the line, or else below."""
    if not late:
        return y + 4
    return y - 7 if y - 7 >= TOP + 2 else y + 15


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights of labels, rising, at least a line apart and inside the plot where there is room.

    >>> _apart([100.0, 101.0, 102.0])
    [100.0, 113.0, 126.0]
    """
    found: list[float] = []
    for height in heights:
        found.append(max(height, TOP + 2.0, found[-1] + LETTERS if found else 0.0))
    lowest = TOP + PLOT - 3.0
    for place in reversed(range(len(found))):
        found[place] = min(found[place], lowest)
        lowest = found[place] - LETTERS
    return found


def swatch(one: Line, number: int) -> Svg:
    """A piece of a forecaster's line, for a legend."""
    look: dict[str, Attribute] = {
        "class_": f"series s{number % len(COLOURS)}", "stroke": COLOURS[number % len(COLOURS)], "stroke_width": 2.5,
        "stroke_dasharray": DASHES[1] if one.imputed else None,
    }  # fmt: skip
    return element("svg", element("line", x1=0, x2=17, y1=6, y2=6, **look), width=17, height=12, aria_hidden="true")


def _evidence(placed: Sequence[tuple[Mark, str, int]]) -> list[Svg]:
    found: list[Svg] = []
    for mark, x, level in placed:
        y = TOP + PLOT + LEVEL * (level + 1)
        if mark.bears in DECISIVE and not mark.retracted:
            hair: dict[str, Attribute] = {"stroke": "currentColor", "stroke_opacity": 0.35, "stroke_dasharray": "1 3"}
            found.append(element("line", x1=x, x2=x, y1=TOP, y2=y - 6, class_=f"hair {mark.bears}", **hair))
        colour = "none" if mark.bears in HOLLOW or mark.retracted else "currentColor"
        shape = element(
            "path", d="M-4,-4 L4,4 M4,-4 L-4,4" if mark.retracted else SHAPES.get(mark.bears, SHAPES["context"]),
            fill=colour, stroke="currentColor", stroke_width=1.5, class_=f"mark {mark.bears}",
        )  # fmt: skip
        spoken = element("title", text_of(f"{mark.day}, {mark.bears}: {mark.text}"))
        found.append(element("svg", element("g", spoken, shape), x=x, y=y, overflow="visible"))
    return found


def _today(line: Timeline) -> list[Svg]:
    """Lines for today and for the verdict, with their words above the plot."""
    known = line.verdict and line.verdict.known_on
    days = [(line.today, f"today {line.today}")] if not known or line.today < known else []
    if line.verdict and known:
        days.append((known, f"{line.verdict.said}, known {known}"))
    found = []
    for day, words in days:
        if not line.first <= day.toordinal() <= line.last:
            continue
        x = line.at(day.toordinal())
        share = float(x[:-1])
        anchor = "start" if share < 20 else "end" if share > 75 else "middle"
        found += [
            element("line", x1=x, x2=x, y1=TOP - 8, y2=TOP + PLOT, class_="today", stroke="currentColor",
                    stroke_width=1.5, stroke_dasharray="3 2"),
            label(words, x=x, y=TOP - 12, anchor=anchor, fill="currentColor", font_size=11),
        ]  # fmt: skip
    return found


def _ticks(line: Timeline, height: int) -> list[Svg]:
    found = []
    days = ticks(line.first, line.last)
    for place, day in enumerate(days):
        x = line.at(day.toordinal())
        share = float(x[:-1])
        if not 3 < share < 96:
            continue
        words = str(day.year) if day.month == 1 else f"{MONTHS[day.month - 1]} {day.year}"
        base = TOP + PLOT
        found.append(element("line", x1=x, x2=x, y1=base, y2=base + 4, stroke="currentColor", stroke_opacity=0.5))
        anchor = "start" if share < 8 else "end" if share > 90 else "middle"
        between = len(days) > 3 and place % 2  # left out where there is no room
        look = "label between" if between else "label"
        found.append(label(words, x=x, y=height - 4, anchor=anchor, font_size=11, fill="currentColor", class_=look))
    return found


def _y(share: float) -> float:
    return round(TOP + PLOT * (1 - share), 2)


def _width(start: str, end: str) -> str:
    return f"{float(end[:-1]) - float(start[:-1]):.2f}%"
