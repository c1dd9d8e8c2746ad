"""What every matplotlib figure has: a title over all of it, a font for each script, lines told apart without colour.

Figures are made without pyplot, so nothing is kept open or changed elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from predictions.errors import import_extra
from predictions.invisible import visible
from predictions.redacted import Redacted
from predictions.render.charts.svg import COLOURS
from predictions.render.columns import broken_to, columns_of, cut_apart
from predictions.render.right_to_left import kept_forward

GREY = "#8a8f98"
MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # of forecasters; with six colours, 42 that differ
STYLES = ("solid", "dashed", "dotted", "dashdot", (0, (8, 2)), (0, (3, 2)))
LETTERS_TO_AN_INCH = 11  # of a title to an inch
SMALL_LETTERS, PIECE = 14, 6  # of a legend to an inch, and what a piece of a line takes in it
WIDE_FONTS = (  # which have the letters that the font of matplotlib lacks; the first that is installed is taken
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Source Han Sans", "Hiragino Sans", "PingFang SC", "Yu Gothic",
    "Microsoft YaHei", "Malgun Gothic", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "Arial Unicode MS",
)  # fmt: skip

SIGN_FONTS = ("Noto Emoji", "Segoe UI Emoji", "Symbola")  # likewise of emoji; matplotlib draws none in colour


def new_figure(width: float, height: float):  # type: ignore[no-untyped-def]  # matplotlib has no types of its own
    """Return an empty figure of that size in inches; its class is made here, so that matplotlib is loaded only then."""

    class Drawn(import_extra("matplotlib.figure", "plots need", "plot").Figure):  # type: ignore[misc]  # as above
        """A figure that shows itself in a notebook, whichever backend of matplotlib is set there."""

        def _repr_png_(self) -> bytes:
            picture = BytesIO()
            self.savefig(picture, format="png")
            return picture.getvalue()

    return Drawn(figsize=(width, height), layout="constrained")


def titled(figure, *lines: str) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write a title over the whole figure, on as many lines as it needs."""
    width = int(LETTERS_TO_AN_INCH * figure.get_figwidth())
    broken = [part for line in lines if line for part in broken_to(width, visible_words(line))]
    figure.suptitle("\n".join(broken), fontsize=10, parse_math=False)


def visible_words(words: str) -> str:
    """Return words for a figure: what is unseen made visible, and a figure behind a name kept there."""
    return kept_forward(visible(words))


def legend_of_axes(figure, all_axes: Sequence[Any]) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Name under the whole figure everything that is drawn, once, in as many columns as there is room for."""
    drawn = [one for axes in all_axes for one in zip(*axes.get_legend_handles_labels(), strict=True)]
    named = {label: handle for handle, label in drawn}
    if not named:
        return
    wide = int(SMALL_LETTERS * figure.get_figwidth())
    names = cut_apart([*named], wide - PIECE)
    columns = max(wide // max(columns_of(name) + PIECE for name in names), 1)
    place = {"fontsize": 8, "frameon": False, "ncols": columns, "loc": "outside lower left"}
    for text in figure.legend([*named.values()], names, **place).get_texts():
        text.set_parse_math(False)


def finished(figure, lacks: Redacted | None) -> object:  # type: ignore[no-untyped-def]  # see new_figure
    """Give each letter of a figure a font that has it, and write over that of a redacted copy that it is one."""
    from matplotlib.font_manager import fontManager
    from matplotlib.text import Text

    if lacks:
        title = "\n".join(filter(None, (lacks.line, figure.get_suptitle())))
        figure.suptitle(title, color="#9b2335", fontsize=10, parse_math=False)
    texts = [text for text in figure.findobj(Text) if not text.get_text().isascii()]
    installed = set(fontManager.get_font_names()) if texts else set()
    others = [font for fonts in (WIDE_FONTS, SIGN_FONTS) for font in [*filter(installed.__contains__, fonts)][:1]]
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily()[:1], *others])
    return figure


def line_look(number: int) -> dict[str, object]:
    """Return the colour and the marker of a forecaster's line."""
    return {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)], "markersize": 4}


def say_instead(axes, words: str) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write why nothing is drawn in the middle of the axes, without a scale."""
    axes.set_yticks([])
    axes.text(0.5, 0.5, words, ha="center", va="center", color="#555", transform=axes.transAxes)


def day_of(ordinal: float) -> float:
    """Return a day as matplotlib counts: from 1970-01-01."""
    return ordinal - date(1970, 1, 1).toordinal()


def label_dates(axis) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Label an axis with as many dates as there is room for."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    along = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]  # see new_figure
    axis.set_major_locator(along)
    axis.set_major_formatter(ConciseDateFormatter(along))  # type: ignore[no-untyped-call]  # see new_figure


def plain_axes(axes: Sequence[object]) -> None:
    """Remove the lines of a frame that say nothing."""
    for axis in axes:
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)  # type: ignore[attr-defined]  # see new_figure
