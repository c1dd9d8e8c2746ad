"""Draw Brier scores at fixed moments before the deadline, a line for each forecaster, as inline SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil

from predictions.numerals import figure
from predictions.render.charts.svg import COLOURS, DASHES, Attribute, Svg, element, label, picture

FENCE = 0.25  # the score of always saying 50 %
ABOVE_SCALE, SCALE_HEIGHT, LEGEND_LINE = 12, 180, 16  # heights: above the scale, of it, and of a line of the legend
FIRST_MOMENT_AT, LAST_MOMENT_AT = 8.0, 96.0  # places of the first and the last moment, in per cent of the width

Points = Sequence[tuple[float | None, int]]  # at each moment the mean, None without one, and the number of statements


def leads_chart(moments: Sequence[str], lines: Mapping[str, Points]) -> Svg:
    """Draw the first six forecasters; a line is interrupted at a moment without a standing forecast.

    Args:
        moments: The moments in words, in the order of time.
        lines: The points of each forecaster, by name.
    """
    drawn = dict([*lines.items()][: len(COLOURS)])
    most = max([2 * FENCE, *(brier for points in drawn.values() for brier, _ in points if brier is not None)])
    most = min(ceil(4 * most) / 4, 1.0)
    places = [
        FIRST_MOMENT_AT + (LAST_MOMENT_AT - FIRST_MOMENT_AT) * number / max(len(moments) - 1, 1)
        for number in range(len(moments))
    ]
    parts = _scale(moments, places, most)
    for number, (name, points) in enumerate(drawn.items()):
        parts += _curve(number, name, points, places, most)
    sentence = "; ".join(f"{name} {_scores_in_words(moments, points)}" for name, points in drawn.items())
    height = ABOVE_SCALE + SCALE_HEIGHT + 24 + LEGEND_LINE * len(drawn)
    title = "Brier score of what stood at fixed moments"
    return picture("leads", title, f"0 is perfect, 0.25 is always saying 50 %. {sentence}.", *parts, height=height)


def _scale(moments: Sequence[str], places: Sequence[float], most: float) -> list[Svg]:
    """Draw lines at the quarters of the scale, that of always saying 50 % with dashes, and the moments below."""
    parts = []
    for quarter in range(round(4 * most) + 1):
        value = quarter / 4
        look: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.35}
        if value == FENCE:
            look |= {"class_": "fence", "stroke_dasharray": "4 3", "stroke_opacity": 0.7}
        y = _height(value, most)
        parts.append(element("line", x1=f"{FIRST_MOMENT_AT - 2:.2f}%", x2=f"{LAST_MOMENT_AT:.2f}%", y1=y, y2=y, **look))
        parts.append(label(f"{value:g}", x="0", y=y + 4, font_size=11, fill="currentColor"))
    for place, moment in zip(places, moments, strict=True):
        y = ABOVE_SCALE + SCALE_HEIGHT + 16
        parts.append(label(moment, x=f"{place:.2f}%", y=y, anchor="middle", font_size=11, fill="currentColor"))
    return parts


def _curve(number: int, name: str, points: Points, places: Sequence[float], most: float) -> list[Svg]:
    """Draw one forecaster's line, its points, and its name below."""
    look: dict[str, Attribute] = {"class_": f"series s{number}", "stroke": COLOURS[number], "stroke_width": 2}
    dashed = {**look, "stroke_dasharray": DASHES[number] or None}
    spots = [
        (f"{place:.2f}%", _height(brier, most)) if brier is not None else None
        for place, (brier, _) in zip(places, points, strict=True)
    ]
    parts = [
        element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], **dashed)
        for start, end in pairwise(spots)
        if start and end
    ]
    dot = {**look, "class_": f"dot s{number}", "fill": COLOURS[number]}
    parts += [element("circle", cx=spot[0], cy=spot[1], r=3.5, **dot) for spot in spots if spot]
    y = ABOVE_SCALE + SCALE_HEIGHT + 24 + LEGEND_LINE * number + 10
    parts.append(element("line", x1="0", x2="26", y1=y - 4, y2=y - 4, **dashed))
    return [*parts, label(name, x=32, y=y, font_size=11, fill="currentColor")]


def _scores_in_words(moments: Sequence[str], points: Points) -> str:
    """Return the scores of one forecaster as text, without moments at which there is none."""
    pairs = zip(moments, points, strict=True)
    return ", ".join(f"{moment} {figure(brier)} over {n:,}" for moment, (brier, n) in pairs if brier is not None)


def _height(value: float, most: float) -> float:
    """Return the height of a score in the plot; *most* is the upper end of the scale."""
    return round(ABOVE_SCALE + SCALE_HEIGHT * (1 - min(value, most) / most), 1)
