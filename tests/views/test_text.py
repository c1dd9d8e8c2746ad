"""Blocks as text: what is wrapped, what keeps its place, and what is spelled for each door."""

from __future__ import annotations

import pytest

from predictions.render.blocks import Folded, Hint, Lead, Listing, Paragraph, Section, Table
from predictions.render.columns import (
    broken_to,
    columns_of,
    cut_at_word,
    cut_in_middle,
    cut_to,
    padded,
    signs_of,
)
from predictions.render.html import MOST, as_html
from predictions.render.text import as_text
from predictions.views.scorecard.leaderboard import BOARD_COLUMNS


def test_text_of_marks_that_take_two_columns_is_broken_where_the_terminal_ends() -> None:
    said = "\u5c71\u7530\u592a\u90ce said so, " * 20

    blocks = [Paragraph(said, 2), Table(("who", ""), [("\u5c71\u7530", said)])]
    shown = as_text(blocks)

    assert 76 <= max(map(columns_of, shown.splitlines())) <= 80
    assert "".join(shown.split()).count("\u5c71\u7530\u592a\u90cesaidso,") == 40


def test_a_column_in_the_middle_is_wrapped_and_the_figures_behind_it_keep_their_place() -> None:
    table = Table(("who", "", "now"), [("ana", "word " * 30, "0.72"), ("ben", "short", "0.3")], figures=(2,), wraps=1)

    lines = as_text([table]).splitlines()

    assert lines[0].endswith("now")
    assert lines[1].endswith("0.72")
    assert lines[2].startswith("     word")
    assert lines[-1].endswith(" 0.3")
    assert {len(line) for line in (lines[0], lines[1], lines[-1])} == {80}


def test_the_sections_of_a_listing_have_columns_of_one_width() -> None:
    sections = [
        Section(("open", "left"), [("a-long-name-here", "3 d")], {0: "a note"}, Hint("1 more --status", "1 more")),
        Section(("settled", "known"), [("b", "02-01")], {}),
    ]

    typed, python = (as_text([Listing(sections)], typed=door) for door in (True, False))

    assert typed == (
        "open              left\na-long-name-here  3 d\n  a note\n1 more --status\n\n"
        "settled           known\nb                 02-01"
    )
    assert python == typed.replace("1 more --status", "1 more")


def test_a_column_of_a_listing_has_the_least_width_it_is_given() -> None:
    listing = Listing([Section(("open", "left"), [("a", "3 d")], {})], least=(10, 0))

    assert as_text([listing]) == "open        left\na           3 d"


def test_a_listing_is_cut_in_html_and_says_so() -> None:
    rows = [(f"claim-{number}", "3 d") for number in range(MOST + 7)]

    html = as_html([Listing([Section(("open", "left"), rows, {0: "a note"})])])

    assert html.count("<tr>") == MOST + 2
    assert "7 more in .rows()" in html
    assert '<tr class="note"><td class="quiet" colspan="2">a note</td></tr>' in html


@pytest.mark.parametrize(("typed", "line"), [(True, "readings   --full"), (False, "readings   full=True")])
def test_what_is_folded_says_how_to_see_it_at_its_door(typed: bool, line: str) -> None:
    assert as_text([Folded("readings", [Paragraph("strict")], Hint("--full", "full=True"))], typed=typed) == line


def test_what_one_door_alone_has_leaves_no_gap_at_the_other() -> None:
    hint = Hint("due --walk", "")

    assert as_text([hint], typed=True) == "due --walk"
    assert as_text([hint]) == ""
    assert "<p" not in as_html([hint])


def test_a_name_leads_its_line() -> None:
    assert as_text([Lead("rain", "over since May")]) == f"{'rain':<25} over since May"
    assert as_html([Lead("<b>", "x & y")]).endswith("<h5>&lt;b&gt; <small>x &amp; y</small></h5></div>")


@pytest.mark.parametrize("width", [20, 21])
@pytest.mark.parametrize(
    "text",
    ["日本の月面着陸は二〇三〇年までに成功する", "a 日本の月面着陸は二〇三〇年までに成功する", "日本 月面 着陸 成功"],
)
def test_wide_characters_are_broken_and_cut_by_the_columns_they_take(text: str, width: int) -> None:
    lines = broken_to(width, text, rest="  ", whole_words=True)

    assert max(map(columns_of, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert columns_of(cut_to(text, width)) <= width
    assert columns_of(padded(text, 60)) == 60


FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
FLAG = "\N{REGIONAL INDICATOR SYMBOL LETTER J}\N{REGIONAL INDICATOR SYMBOL LETTER P}"
SIGNS = {
    "family": FAMILY, "flag": FLAG, "skin": "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
    "heart": "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", "letter": "e\N{COMBINING ACUTE ACCENT}",
    "thai": "\N{THAI CHARACTER NO NU}\N{THAI CHARACTER SARA I}\N{THAI CHARACTER MAI EK}", "wide": "億",
}  # fmt: skip


@pytest.mark.parametrize("width", range(14, 24))
@pytest.mark.parametrize("sign", SIGNS)
def test_no_sign_is_broken_or_cut_in_two(sign: str, width: int) -> None:
    text = f"a{SIGNS[sign] * 12} b{FAMILY}{SIGNS[sign] * 9}"

    lines, cut, middle = broken_to(width, text, rest="  "), cut_to(text, width), cut_in_middle(text, width)
    parts = [*lines, cut.removesuffix("..."), *middle.split("..."), cut_at_word(text, width).removesuffix(" ...")]

    assert max(map(columns_of, [*lines, cut, middle])) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert [part for part in parts if not {*signs_of(part.strip())} <= {*signs_of(text)}] == []


def test_a_ranking_with_the_longest_figures_keeps_to_the_screen() -> None:
    from_zero, share = "-0.0004 .. +0.0004", ">=0.04 %"
    rows = [
        ("101", name, "-0.0004", from_zero, share, share, "1,234,567", "0.4 %")
        for name in ("ana", "Macro Weekly", "Dr. Müller-Lüdenscheidt von und zu Hohenfels")
    ]
    listing = Listing([Section(BOARD_COLUMNS, rows, {})], (0, *range(2, len(BOARD_COLUMNS))), (2,))

    lines = as_text([listing]).splitlines()

    assert max(map(columns_of, lines)) <= 80
    assert sum(line.endswith(from_zero + "   >=0.04 % >=0.04 %  1,234,567   0.4 %") for line in lines) == 3
