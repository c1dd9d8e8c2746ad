"""Charts as inline SVG: no script, nothing loaded, a title and a description in each, all text escaped.

Colours stand in attributes, which a page's style sheet may override by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypeAlias

from predictions.numerals import figure
from predictions.scoring.reliability import Bin, Reliability
from predictions.unseen import visible

Attribute: TypeAlias = "str | float | None"

COLOURS = ("#3a7fcf", "#c8601a", "#138a66", "#a05cb0", "#857540", "#c4506c")  # to be told on white and on black
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 2")
FONT = "ui-sans-serif, system-ui, sans-serif"


class Svg(str):
    """Finished SVG: what it shows is escaped already, so a page takes it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def element(name: str, *children: Svg, **attributes: Attribute) -> Svg:
    """One SVG element; the children are SVG already, the attributes are escaped, and left out where None.

    >>> element("line", x1="0%", stroke_width=2)
    '<line x1="0%" stroke-width="2"/>'
    """
    kept = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    opening = "".join(f' {key}="{escape(str(value))}"' for key, value in kept.items())
    return Svg(f"<{name}{opening}>{''.join(children)}</{name}>" if children else f"<{name}{opening}/>")


def text_of(words: str) -> Svg:
    """Words as the inside of an element: escaped, with everything unseen made visible."""
    return Svg(escape(visible(words)))


def picture(name: str, title: str, description: str, *children: Svg, width: str, height: int, **more: str) -> Svg:
    """An image with its title and description, which screen readers speak in its place."""
    return element(
        "svg",
        element("title", text_of(title), id=f"{name}-title"),
        element("desc", text_of(description), id=f"{name}-desc"),
        *children,
        role="img", aria_labelledby=f"{name}-title {name}-desc", xmlns="http://www.w3.org/2000/svg",
        class_="chart", width=width, height=height, font_family=FONT, font_size=12, **more,
    )  # fmt: skip


def label(words: str, *, x: str | float, y: float, anchor: str = "start", aside: str = "", **more: Attribute) -> Svg:
    """Words on a chart; what is said *aside* follows them, and a narrow page may leave it out."""
    said = [text_of(words), *([element("tspan", text_of(aside), class_="aside")] if aside else [])]
    return element("text", *said, x=x, y=f"{y:g}", text_anchor=anchor, **{"class_": "label", **more})


def reliability_chart(curve: Reliability, name: str) -> Svg:
    """Observed frequency over probability: CORP curve, the band of a calibrated forecaster, bins and their counts."""
    size, left, top, bars = 260, 48, 28, 46
    height = top + size + bars + 42

    def x(p: float) -> float:
        return round(left + size * p, 2)

    def y(p: float) -> float:
        return round(top + size * (1 - p), 2)

    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        line: dict[str, Attribute] = {"class_": "grid", "stroke": "currentColor", "stroke_opacity": 0.15}
        parts += [
            element("line", x1=x(0), x2=x(1), y1=y(share), y2=y(share), **line),
            element("line", x1=x(share), x2=x(share), y1=y(0), y2=y(1), **line),
            label(f"{100 * share:.0f} %", x=left - 6, y=y(share) + 4, anchor="end", fill="currentColor", font_size=11),
            label(f"{100 * share:.0f} %", x=x(share), y=height - 26, anchor="middle", fill="currentColor",
                  font_size=11),
        ]  # fmt: skip
    if curve.band:
        upper = [f"{x(p)},{y(high)}" for p, _, high in curve.band]
        lower = [f"{x(p)},{y(low)}" for p, low, _ in reversed(curve.band)]
        parts.append(
            element("polygon", points=" ".join([*upper, *lower]), class_="band s0", fill=COLOURS[0], fill_opacity=0.15)
        )
    parts.append(
        element("line", x1=x(0), y1=y(0), x2=x(1), y2=y(1), class_="perfect", stroke="currentColor",
                stroke_dasharray="4 3", stroke_opacity=0.6)
    )  # fmt: skip
    for one in curve.bins:
        if one:
            at = x(one.mean_probability)
            spoken = element("title", text_of(_told(one)))
            line = {"class_": "bin", "stroke": "currentColor", "stroke_opacity": 0.55}
            dot = element("circle", spoken, cx=at, cy=y(one.frequency), r=3, fill="none", **line)
            parts += [element("line", x1=at, x2=at, y1=y(one.lower), y2=y(one.upper), **line), dot]
    points = [f"{x(p)},{y(share)}" for p, share in zip(curve.probability, curve.recalibrated, strict=True)]
    look: dict[str, Attribute] = {"class_": "series s0", "stroke": COLOURS[0], "stroke_width": 2.5}
    if len(points) > 1:
        parts.append(element("polyline", points=" ".join(points), fill="none", **look))
    parts += [
        element("circle", cx=point.split(",")[0], cy=point.split(",")[1], r=2.5, fill=COLOURS[0], **look)
        for point in points[:200]
    ]
    most = max(curve.counts)
    for number, count in enumerate(curve.counts):
        if count:
            tall = max(round((bars - 16) * count / most, 2), 1.0)
            base = top + size + bars
            parts += [
                element("rect", x=x(number / 10) + 2, width=size / 10 - 4, y=base - tall, height=tall,
                        class_="count", fill="currentColor", fill_opacity=0.3),
                label(str(count), x=x(number / 10 + 0.05), y=base - tall - 3, anchor="middle", font_size=10,
                      fill="currentColor"),
            ]  # fmt: skip
    parts += [
        label("probability given", x=x(0.5), y=height - 6, anchor="middle", fill="currentColor"),
        label("how often it came true", x=0, y=top - 12, fill="currentColor"),
        label("count", x=left - 6, y=top + size + bars - 2, anchor="end", fill="currentColor", font_size=11),
    ]
    told = "; ".join(_told(one) for one in curve.bins if one)
    return picture(
        f"reliability-{name}", f"Reliability of {name}: how often it came true, by the probability given",
        f"{curve.n} forecasts. On the diagonal is perfect; below it the forecasts were too high. {told}.",
        *parts, width="330", height=height, viewBox=f"0 0 330 {height}",
    )  # fmt: skip


def _told(one: Bin) -> str:
    return f"{one.count} near {figure(one.mean_probability, 2)}, {figure(one.frequency, 2)} true"


def share_bar(parts: Sequence[tuple[float, str]], name: str, title: str, description: str) -> Svg:
    """A bar as wide as its place, cut into shares with a class each."""
    found, start = [], 0.0
    for share, kind in parts:
        found.append(
            element("rect", x=f"{100 * start:.2f}%", width=f"{100 * share:.2f}%", y=0, height=8, class_=kind,
                    fill="currentColor", fill_opacity=0.55 if kind == "past" else 0.15)
        )  # fmt: skip
        start += share
    return picture(name, title, description, *found, width="100%", height=8)
