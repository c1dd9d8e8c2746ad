"""Charts as inline SVG: no script, nothing loaded, a title and a description in each, all text escaped.

Colours stand in attributes, which a page's style sheet may override by class.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypeAlias

from predictions.invisible import visible
from predictions.render.right_to_left import kept_forward

Attribute: TypeAlias = "str | float | None"

COLOURS = ("#3a7fcf", "#c8601a", "#138a66", "#a05cb0", "#857540", "#c4506c")  # to be told on white and on black
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 2")
FONT = "ui-sans-serif, system-ui, sans-serif"
GUTTER = 50  # width of the labels of an axis


class Svg(str):
    """Finished SVG: what it shows is escaped already, so a page takes it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def element(name: str, *children: Svg, **attributes: Attribute) -> Svg:
    """Return one SVG element; the children are SVG already, the attributes are escaped, and left out where None.

    >>> element("line", x1="0%", stroke_width=2)
    '<line x1="0%" stroke-width="2"/>'
    """
    kept = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    opening = "".join(f' {key}="{escape(str(value))}"' for key, value in kept.items())
    return Svg(f"<{name}{opening}>{''.join(children)}</{name}>" if children else f"<{name}{opening}/>")


def text_of(words: str) -> Svg:
    """Return words as the inside of an element: escaped, with everything unseen made visible, figures behind names."""
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
    """Return an image with its title and description, which screen readers speak in its place.

    Where the places along it are per cents it is as wide as its place, while its letters keep their size. The labels of
    an axis then stand in a *gutter* of a fixed width to the left of it, for which the style of the page leaves room.
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
    """Write words on a chart; the words *aside* follow them, and a narrow page may leave these out."""
    said = [text_of(words), *([element("tspan", text_of(aside), class_="aside")] if aside else [])]
    return element("text", *said, x=x, y=f"{y:g}", text_anchor=anchor, **{"class_": "label", **more})


def series_look(number: int, dashes: str = "") -> dict[str, Attribute]:
    """Return how the line of one forecaster is drawn."""
    colour = number % len(COLOURS)
    look: dict[str, Attribute] = {"class_": f"series s{colour}", "stroke": COLOURS[colour], "stroke_width": 2.5}
    return look | {"stroke_dasharray": dashes or None}


def line_swatch(**look: Attribute) -> Svg:
    """Return a piece of a line, for a legend."""
    return element("svg", element("line", x1=0, x2=17, y1=6, y2=6, **look), width=17, height=12, aria_hidden="true")


def share_bar(parts: Sequence[tuple[float, str]], name: str, title: str, description: str) -> Svg:
    """Return a bar as wide as its place, cut into shares with a class each."""
    found, start = [], 0.0
    for share, kind in parts:
        found.append(
            element("rect", x=f"{100 * start:.2f}%", width=f"{100 * share:.2f}%", y=0, height=8, class_=kind,
                    fill="currentColor", fill_opacity=0.55 if kind == "past" else 0.15)
        )  # fmt: skip
        start += share
    return picture(name, title, description, *found, height=8)
