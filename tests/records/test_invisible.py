"""Every character that nobody sees is shown in text and escaped in JSON; what can be seen is left alone."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

from predictions.invisible import json_of, visible

UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}


def test_every_character_of_an_unseen_kind_is_shown_and_escaped() -> None:
    unseen = [mark for mark in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(mark) in UNSEEN]
    kept = set(" \n\t")

    hidden = [f"U+{ord(mark):04X}" for mark in unseen if mark not in kept and mark in visible(f"a{mark}b")]
    raw = [f"U+{ord(mark):04X}" for mark in unseen if mark not in kept and mark in json_of(f"a{mark}b")]

    assert len(unseen) > 137_000
    assert hidden == []
    assert raw == []


@pytest.mark.parametrize(
    "mark",
    "\u034f\u115f\u1160\u17b4\u180b\u180e\u2065\u2800\u3164\ufe00\ufe0e\ufe0f\uffa0\ufff9\U000e0061\U000e0101\xad\xa0",
)
def test_what_is_drawn_as_nothing_is_shown_whatever_its_kind(mark: str) -> None:
    assert visible(f"a{mark}b") == f"a⟦U+{ord(mark):04X}⟧b"
    assert visible(mark) == f"⟦U+{ord(mark):04X}⟧"
    assert json.loads(json_of({"a": mark})) == {"a": mark}
    assert mark not in json_of({"a": mark})


@pytest.mark.parametrize(
    "text", ["👩\u200d💻", "❤\ufe0f", "🏳\ufe0f\u200d🌈", "1\ufe0f\u20e3", "👩🏽\u200d🚀", "ñ é शब्द", "日本語", "½"]
)
def test_an_emoji_keeps_what_joins_it_and_other_letters_stay(text: str) -> None:
    assert visible(text) == text
    assert json_of(text) == f'"{text}"'


@pytest.mark.parametrize("text", ["a\u200db", "👍\ufe0f\ufe0f", "👍\u200d", "\u200d👍", "x\ufe0f"])
def test_the_joiners_of_emoji_hide_nothing_elsewhere(text: str) -> None:
    assert "⟦U+" in visible(text)
