"""What all matplotlib figures share: titles, legends, fonts for each script, and lines that differ without colour.

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
MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # one for each forecaster; with six colours there are 42 different looks
STYLES = ("solid", "dashed", "dotted", "dashdot", (0, (8, 2)), (0, (3, 2)))
LETTERS_TO_AN_INCH = 11  # letters of a title on an inch
SMALL_LETTERS, PIECE = 14, 6  # letters of a legend on an inch, and how many a sample of a line takes up
WIDE_FONTS = (  # they have letters that the font of matplotlib lacks; the first one that is installed is used
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Source Han Sans", "Hiragino Sans", "PingFang SC", "Yu Gothic",
    "Microsoft YaHei", "Malgun Gothic", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "Arial Unicode MS",
)  # fmt: skip

SIGN_FONTS = ("Noto Emoji", "Segoe UI Emoji", "Symbola")  # the same for emoji; matplotlib draws none in colour


def new_figure(width: float, height: float):  # type: ignore[no-untyped-def]  # matplotlib has no types of its own
    """Return an empty figure of that size in inches.

    Its class is made here and not at the top, so that matplotlib is loaded only for a figure.
    """

    class Drawn(import_extra("matplotlib.figure", "plots need", "plot").Figure):  # type: ignore[misc]  # as above
        """A figure that shows itself in a notebook, whichever backend of matplotlib is set there."""

        def _repr_png_(self) -> bytes:
            picture = BytesIO()
            self.savefig(picture, format="png")
            return picture.getvalue()

    return Drawn(figsize=(width, height), layout="constrained")


def titled(figure, *lines: str) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write a title over the whole figure, broken to its width; each of *lines* begins a new line."""
    width = int(LETTERS_TO_AN_INCH * figure.get_figwidth())
    broken = [part for line in lines if line for part in broken_to(width, visible_words(line))]
    figure.suptitle("\n".join(broken), fontsize=10, parse_math=False)


def visible_words(words: str) -> str:
    """Return words for a figure: what is unseen made visible, and a figure behind a name kept there."""
    return kept_forward(visible(words))


def legend_of_axes(figure, all_axes: Sequence[Any]) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write one legend under the whole figure, in which each label is once, in as many columns as fit."""
    samples = dict[str, Any]()  # what is drawn, by its label
    for axes in all_axes:
        handles, labels = axes.get_legend_handles_labels()
        samples |= dict(zip(labels, handles, strict=True))
    if not samples:
        return
    width = int(SMALL_LETTERS * figure.get_figwidth())
    names = cut_apart([*samples], width - PIECE)
    columns = max(width // max(columns_of(name) + PIECE for name in names), 1)
    look = {"fontsize": 8, "frameon": False, "ncols": columns, "loc": "outside lower left"}
    for text in figure.legend([*samples.values()], names, **look).get_texts():
        text.set_parse_math(False)


def finished(figure, lacks: Redacted | None) -> object:  # type: ignore[no-untyped-def]  # see new_figure
    """Return a figure that is ready to be shown.

    Its texts get further fonts for letters that the first font lacks. If *lacks* is not None, the title also says that
    the ledger is a redacted copy.
    """
    from matplotlib.font_manager import fontManager
    from matplotlib.text import Text

    if lacks:
        title = "\n".join(filter(None, (lacks.line, figure.get_suptitle())))
        figure.suptitle(title, color="#9b2335", fontsize=10, parse_math=False)
    texts = [text for text in figure.findobj(Text) if not text.get_text().isascii()]
    installed = set(fontManager.get_font_names()) if texts else set()
    fallbacks = []
    for fonts in (WIDE_FONTS, SIGN_FONTS):
        fallbacks += [font for font in fonts if font in installed][:1]
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily()[:1], *fallbacks])
    return figure


def line_look(number: int) -> dict[str, object]:
    """Return the colour and the marker of the line of the forecaster with that number, as keywords of matplotlib."""
    return {"color": COLOURS[number % len(COLOURS)], "marker": MARKERS[number % len(MARKERS)], "markersize": 4}


def say_instead(axes, words: str) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Write, in the middle of empty axes, why nothing is drawn."""
    axes.set_yticks([])
    axes.text(0.5, 0.5, words, ha="center", va="center", color="#555", transform=axes.transAxes)


def day_of(ordinal: float) -> float:
    """Return a day, given as its ordinal, as matplotlib counts days: from 1970-01-01."""
    return ordinal - date(1970, 1, 1).toordinal()


def label_dates(axis) -> None:  # type: ignore[no-untyped-def]  # see new_figure
    """Label an axis with as many dates as there is room for."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    along = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]  # see new_figure
    axis.set_major_locator(along)
    axis.set_major_formatter(ConciseDateFormatter(along))  # type: ignore[no-untyped-call]  # see new_figure


def plain_axes(axes: Sequence[object]) -> None:
    """Remove the upper and the right line of each frame, which have no scale."""
    for axis in axes:
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)  # type: ignore[attr-defined]  # see new_figure
