"""Draw the mean Brier scores of forecasters with their intervals, beside always saying 50 %, as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from predictions.numerals import counted, figure
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, label, picture
from predictions.render.columns import cut_in_middle

FENCE = 0.25  # the score of always saying 50 %
DRAWN = 20  # forecasters
ABOVE_ROWS, ROW_HEIGHT = 26, 42  # heights: above the first forecaster, and of each row
NAME_COLUMNS = 20  # columns of a name, so that the figures fit beside it on a telephone
SCALE_LEFT, SCALE_RIGHT = 2.0, 97.0  # ends of the scale, in per cent of the width


class Mean(NamedTuple):
    """A forecaster's mean Brier score; its interval is None if there are too few statements."""

    forecaster: str
    kind: str
    n: int
    brier: float
    interval: tuple[float, float] | None


def means_chart(means: Sequence[Mean], only: str = "") -> Svg:
    """Draw a dot with its interval for each of the first DRAWN forecasters.

    The chart gets as wide as the page, while its letters keep their size. *only* comes before the title, if the card is
    about other claims too.
    """
    drawn = means[:DRAWN]
    top = max([0.5, *(mean.interval[1] if mean.interval else mean.brier for mean in drawn)])
    most = min(ceil(4 * top) / 4, 1.0)
    height = ABOVE_ROWS + ROW_HEIGHT * len(drawn) + 24
    parts = _scale(most, height)
    for number, mean in enumerate(drawn):
        parts += _row(mean, ABOVE_ROWS + ROW_HEIGHT * number, most)
    sentences = [f"{mean.forecaster} {_mean_in_words(mean)}, over {counted(mean.n, 'statement')}" for mean in drawn]
    return picture(
        "means", f"{only}Mean Brier score of the first forecast, with its interval",
        f"0 is perfect, 0.25 is always saying 50 %. {'; '.join(sentences)}.", *parts, height=height,
    )  # fmt: skip


def _scale(most: float, height: int) -> list[Svg]:
    """Draw the axis with its quarters, and the line of always saying 50 %."""
    bottom = height - 18
    rule: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.35}
    parts = [element("line", x1=_at(0.0, most), x2=_at(most, most), y1=bottom, y2=bottom, **rule)]
    for quarter in range(round(4 * most) + 1):
        value = quarter / 4
        anchor = "start" if not quarter else "end" if value == most else "middle"
        parts += [
            element("line", x1=_at(value, most), x2=_at(value, most), y1=bottom - 4, y2=bottom, **rule),
            label(f"{value:g}", x=_at(value, most), y=height - 4, anchor=anchor, font_size=11, fill="currentColor"),
        ]
    fence = _at(FENCE, most)
    parts += [
        element("line", x1=fence, x2=fence, y1=ABOVE_ROWS - 8, y2=bottom, class_="fence", stroke="currentColor",
                stroke_dasharray="4 3", stroke_opacity=0.7),
        label("always 50 %", x=fence, y=ABOVE_ROWS - 13, anchor="middle", font_size=11, fill="currentColor"),
    ]  # fmt: skip
    return parts


def _row(mean: Mean, y: int, most: float) -> list[Svg]:
    """Draw one forecaster: name and figures, and below them the interval and the dot, which is hollow without one."""
    look: dict[str, Attribute] = {"class_": "series s0", "stroke": COLOURS[0], "stroke_width": 2.5}
    line, name, aside = y + 25, cut_in_middle(mean.forecaster, NAME_COLUMNS), f", {mean.kind}, n {mean.n:,}"
    parts = [
        label(name, x="0", y=y + 13, fill="currentColor", font_weight=600, aside=aside),
        label(_mean_in_words(mean), x="100%", y=y + 13, anchor="end", fill="currentColor", font_size=11),
    ]
    if mean.interval:
        low, high = _at(mean.interval[0], most), _at(mean.interval[1], most)
        parts.append(element("line", x1=low, x2=high, y1=line, y2=line, **look))
    dot = {
        **look,
        "class_": f"{'dot' if mean.interval else 'hollow'} s0",
        "fill": COLOURS[0] if mean.interval else "none",
    }
    return [*parts, element("circle", cx=_at(mean.brier, most), cy=line, r=5, **dot)]


def _mean_in_words(mean: Mean) -> str:
    """Return a mean with its interval as text."""
    if not mean.interval:
        return f"{figure(mean.brier)}, no interval yet"
    return f"{figure(mean.brier)} ({figure(mean.interval[0])} .. {figure(mean.interval[1])})"


def _at(value: float, most: float) -> str:
    """Return the place of a score on the scale, in per cent of the width; *most* is the end of the scale."""
    return f"{SCALE_LEFT + (SCALE_RIGHT - SCALE_LEFT) * min(value, most) / most:.2f}%"
