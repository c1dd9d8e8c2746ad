"""Draw in which fifth of a forecaster's distributions the outcomes fell, beside what calibrated ones have, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.numerals import exact
from predictions.render.charts.svg import COLOURS, Attribute, Svg, element, label, picture

BAR_HEIGHT, ABOVE_BARS, BELOW_BARS = 110, 22, 38  # heights: of the bars, above them, and below them
GAP = 1.5  # on both sides of a bar, in per cent of the width


def fifths_chart(counts: Sequence[float], band: tuple[float, float], who: str, name: str) -> Svg:
    """Draw a bar for each part of the distributions, over the band in which counts are if they are calibrated.

    Args:
        counts: How many outcomes fell in each part, from the lowest.
        band: The fewest and the most that are likely in a part.
        who: The forecaster, for the title.
        name: What tells the chart from others on its page.
    """
    most, width = max(*counts, *band, 1.0), 100 / len(counts)
    edges = [round(100 * part / len(counts)) for part in range(len(counts) + 1)]
    look: dict[str, Attribute] = {"class_": "range s0", "fill": COLOURS[0], "fill_opacity": 0.5}
    parts, sentences = [_band(band, most)], []
    for number, count in enumerate(counts):
        x, y, text = number * width, _y(count, most), exact(round(count, 1))
        span = f"{edges[number]} to {edges[number + 1]} %"
        wide, high = f"{width - 2 * GAP:g}%", round(ABOVE_BARS + BAR_HEIGHT - y, 2)
        parts += [
            element("rect", x=f"{x + GAP:g}%", width=wide, y=y, height=high, **look),
            _centred(text, x + width / 2, y - 5),
            _centred(span, x + width / 2, ABOVE_BARS + BAR_HEIGHT + 14),
        ]
        sentences.append(f"{text} at {span}")
    parts.append(_centred("of the chances lay below", 50, ABOVE_BARS + BAR_HEIGHT + 32))
    likely = f"calibrated ones have {band[0]:.0f} to {band[1]:.0f} in each"
    return picture(
        f"fifths-{name}", f"Where the outcomes fell in the distributions of {who}",
        f"{', '.join(sentences)}; {likely}.", *parts, height=ABOVE_BARS + BAR_HEIGHT + BELOW_BARS,
    )  # fmt: skip


def _band(band: tuple[float, float], most: float) -> Svg:
    """Draw the band of likely counts over the whole width."""
    low, high = (_y(end, most) for end in band)
    return element("rect", x="0%", width="100%", y=high, height=round(low - high, 2), class_="band",
                   fill="currentColor", fill_opacity=0.13)  # fmt: skip


def _centred(words: str, x: float, y: float) -> Svg:
    return label(words, x=f"{x:g}%", y=y, anchor="middle", fill="currentColor", font_size=11)


def _y(count: float, most: float) -> float:
    """Return the height of a count in the plot; *most* is the upper end of the scale."""
    return round(ABOVE_BARS + BAR_HEIGHT * (1 - count / most), 2)
