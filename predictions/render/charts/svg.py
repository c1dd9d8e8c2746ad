"""Build charts as inline SVG: no script, nothing loaded, a title and a description in each, all text escaped.

Colours are in attributes, which the style sheet of a page can override by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypeAlias

from predictions.invisible import visible
from predictions.render.right_to_left import kept_forward

Attribute: TypeAlias = "str | float | None"

COLOURS = ("#3a7fcf", "#c8601a", "#138a66", "#a05cb0", "#857540", "#c4506c")  # visible on white and on black
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 2")
FONT = "ui-sans-serif, system-ui, sans-serif"
GUTTER = 50  # width of the room for the labels of an axis


class Svg(str):
    """Finished SVG: what it shows is escaped already, so a page takes it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def element(name: str, *children: Svg, **attributes: Attribute) -> Svg:
    """Return one SVG element with its children; attributes are escaped, and left out if None.

    An underscore at the end of a name, as in `class_`, is dropped, and any other becomes a hyphen.

    >>> element("line", x1="0%", stroke_width=2)
    '<line x1="0%" stroke-width="2"/>'
    """
    given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    opening = "".join(f' {key}="{escape(str(value))}"' for key, value in given.items())
    return Svg(f"<{name}{opening}>{''.join(children)}</{name}>" if children else f"<{name}{opening}/>")


def text_of(words: str) -> Svg:
    """Return words as text within an element: escaped, with invisible characters shown, and figures after names."""
    return Svg(escape(kept_forward(visible(words))))


def picture(
    name: str,
    title: str,
    description: str,
    *children: Svg,
    height: int,
    width: str = "100%",
    gutter: bool = False,
    **more: str,
) -> Svg:
    """Return a whole chart.

    Args:
        name: What tells it from other charts on its page.
        title: Its title.
        description: The chart in words; screen readers speak title and description in its place.
        children: What is drawn.
        height: Its height in pixels.
        width: Its width; as wide as its place unless given, while letters keep their size.
        gutter: Whether the labels of an axis are to the left of it, for which the style of the page leaves room.
        more: Further attributes.
    """
    return element(
        "svg",
        element("title", text_of(title), id=f"{name}-title"),
        element("desc", text_of(description), id=f"{name}-desc"),
        *children,
        role="img", aria_labelledby=f"{name}-title {name}-desc", xmlns="http://www.w3.org/2000/svg", class_="chart",
        data_gutter="" if gutter else None, width=width, height=height, font_family=FONT, font_size=12, **more,
    )  # fmt: skip


def label(words: str, *, x: str | float, y: float, anchor: str = "start", aside: str = "", **more: Attribute) -> Svg:
    """Return words on a chart, with the words *aside* after them, which a narrow page can leave out."""
    texts = [text_of(words), *([element("tspan", text_of(aside), class_="aside")] if aside else [])]
    return element("text", *texts, x=x, y=f"{y:g}", text_anchor=anchor, **{"class_": "label", **more})


def series_look(number: int, dashes: str = "") -> dict[str, Attribute]:
    """Return the colour, the width and the dashes of the line of the forecaster with that number."""
    colour = number % len(COLOURS)
    look: dict[str, Attribute] = {"class_": f"series s{colour}", "stroke": COLOURS[colour], "stroke_width": 2.5}
    return look | {"stroke_dasharray": dashes or None}


def line_swatch(**look: Attribute) -> Svg:
    """Return a sample of a line, for a legend."""
    return element("svg", element("line", x1=0, x2=17, y1=6, y2=6, **look), width=17, height=12, aria_hidden="true")


def share_bar(parts: Sequence[tuple[float, str]], name: str, title: str, description: str) -> Svg:
    """Return a bar as wide as its place; *parts* are its shares with the class of each, of which "past" is darker."""
    boxes, start = [], 0.0
    for share, kind in parts:
        boxes.append(
            element("rect", x=f"{100 * start:.2f}%", width=f"{100 * share:.2f}%", y=0, height=8, class_=kind,
                    fill="currentColor", fill_opacity=0.55 if kind == "past" else 0.15)
        )  # fmt: skip
        start += share
    return picture(name, title, description, *boxes, height=8)
