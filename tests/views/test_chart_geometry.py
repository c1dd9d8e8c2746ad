"""Charts of random claims of every type: no words over others, none outside, none crossed by a line, on any width.

The width of letters is estimated here, on the wide side; test_browser.py measures it in Chromium.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from random_lines import random_line

from predictions.render.charts.svg import GUTTER
from predictions.render.columns import columns_of
from predictions.views.claim.chart import claim_chart

SVG = "{http://www.w3.org/2000/svg}"
LETTER, BOLD, SMALLEST = 0.55, 0.62, 11  # of the size of letters; the least size that can be read
TELEPHONE, PAGE = 296, 900  # widths of a chart
CROSSING = {"today", "deadline", "came-out"}  # a grid is faint


class Box(NamedTuple):
    """Where something lies."""

    left: float
    top: float
    right: float
    bottom: float
    words: str = ""

    def meets(self, other: Box) -> bool:
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > 1 and high > 1.5


def placed(part: ET.Element, name: str, wide: float) -> float:
    given = part.get(name, "0")
    return wide * float(given[:-1]) / 100 if given.endswith("%") else float(given)


def words_in(part: ET.Element, wide: float, *, page: bool, x: float = 0, y: float = 0) -> Iterator[Box]:
    """The boxes of all words; on a narrow page some are left out, and in a notebook what stands aside."""
    narrow = page and wide < 600
    for child in part:
        if child.tag == f"{SVG}svg":
            yield from words_in(child, wide, page=page, x=x + placed(child, "x", wide), y=y + placed(child, "y", wide))
        if child.tag != f"{SVG}text" or (narrow and "between" in child.get("class", "")):
            continue
        asides = [] if narrow or not page else [aside.text or "" for aside in child.iter(f"{SVG}tspan")]
        words = re.sub("[\u200e\u200f]", "", "".join([child.text or "", *asides]))
        size = float(child.get("font-size", "12"))
        assert size >= SMALLEST
        long = columns_of(words) * size * (BOLD if child.get("font-weight") else LETTER)
        at, base = x + placed(child, "x", wide) + placed(child, "dx", wide), y + placed(child, "y", wide)
        left = at - long * {"start": 0, "middle": 0.5, "end": 1}[child.get("text-anchor", "start")]
        yield Box(left, base - 0.85 * size, left + long, base + 0.2 * size, words)


def lines_in(drawn: ET.Element, wide: float) -> Iterator[Box]:
    for line in drawn.findall(f"{SVG}line"):
        if line.get("class") in CROSSING:
            left, right, top, bottom = (placed(line, name, wide) for name in ("x1", "x2", "y1", "y2"))
            yield Box(left - 1, top - 1, right + 1, bottom + 1, line.get("class", ""))


def faults(drawn: ET.Element, outer: float, *, page: bool) -> list[str]:
    gutter = GUTTER if "data-gutter" in drawn.attrib else 0
    wide, high = outer - gutter, float(drawn.get("height", ""))
    words, lines = list(words_in(drawn, wide, page=page)), list(lines_in(drawn, wide))
    out = [
        one.words for one in words if one.left < -gutter - 2 or one.right > wide + 2 or one.top < 0 or one.bottom > high
    ]
    over = [f"{one.words} over {other.words}" for place, one in enumerate(words) for other in words[place + 1 :]
            if one.meets(other)]  # fmt: skip
    crossed = [f"{one.words} crossed by {line.words}" for one in words for line in lines if one.meets(line)]
    return [*(f"{words} is outside" for words in out), *over, *crossed]


@pytest.mark.parametrize("seed", range(60))
def test_words_of_a_chart_lie_apart_inside_and_on_no_line(seed: int) -> None:
    line = random_line(np.random.default_rng(seed))

    for page in (True, False):
        drawn = ET.fromstring(claim_chart(line, legend=page))
        for outer in (TELEPHONE, PAGE):
            assert faults(drawn, outer, page=page) == [], (line.claim.type, page, outer)


def test_words_on_words_outside_and_on_a_line_are_found() -> None:
    text = '<text x="0" y="20">seen</text>'
    line = '<line class="today" x1="4" x2="4" y1="0" y2="40"/>'

    for parts, told in ((text * 2, "seen over seen"), (text + line, "seen crossed by today"),
                        (text.replace("20", "50"), "seen is outside")):  # fmt: skip
        drawn = ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg" height="40">{parts}</svg>')
        assert faults(drawn, 300, page=True) == [told]
