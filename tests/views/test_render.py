"""Layout: text of eighty columns and HTML in which nothing that was typed is more than text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Clock
from hypothesis import given
from hypothesis import strategies as st

from predictions import Ledger, LedgerWarning, ainews
from predictions.cli.session import json_text
from predictions.invisible import json_of, visible
from predictions.numerals import figure, percent, whole_percent
from predictions.recording.enter import build, enter
from predictions.records import Bearing, Claim, Evidence, Forecaster, Source, Statement
from predictions.render.blocks import Block, Heading, Pairs, Paragraph, Quote, Reference, Table
from predictions.render.columns import columns_of
from predictions.render.html import as_html
from predictions.render.result import Result
from predictions.render.text import as_text, link_text

SCRIPT = '<script>alert("x")</script>'
HOSTILE = [
    SCRIPT,
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onclick='alert(1)",
    "</td></table><svg onload=alert(1)>",
    "</script><!--",
    "{{7*7}} {% x %}",
    "[x](javascript:alert(1)) ![y](http://example.org)",
    "&lt;b&gt; &amp; %3Cscript%3E",
    "'; DROP TABLE entry;--",
    "javascript:alert(1)",
    "\u202eevil\u2066",
]
ALLOWED = {
    "div", "p", "h3", "h4", "small", "br", "blockquote", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr",
    "th", "td", "a", "pre", "figure", "figcaption", "svg", "g", "path", "line", "rect", "circle", "text", "tspan",
    "title", "desc", "polyline", "polygon", "style", "span", "b", "strong", "em",
    "h5", "i", "details", "summary", "code", "time", "bdi",
}  # fmt: skip


class Reader(HTMLParser):
    """Every tag, link and piece of text of an HTML text, as a browser would find them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "xlink:href", "action"}]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def harmless(self) -> bool:
        return (
            self.tags <= ALLOWED
            and not any(name.startswith("on") for name in self.attributes)
            and all(link.lower().startswith(("http://", "https://", "#")) for link in self.links)
        )


def shown_of(ledger: Ledger) -> Iterator[Result]:
    """All that a ledger shows of itself."""
    yield ledger.board(full=True)
    yield ledger.board(full=False)
    yield ledger.board()
    yield ledger.scorecard()
    yield ledger.due()
    yield ledger.due(by="ana", stale=True)
    yield ledger.history()
    for claim in ledger.snapshot().all(Claim):
        yield ledger.claim(claim.slug)
        yield ledger.claim(claim.slug).tally
        yield ledger.claim(claim.slug, full=True)
        yield ledger.claim(claim.slug, readings=True)
        yield ledger.claim(claim.slug).evidence


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_shows_as_text(ledger: Ledger, clock: Clock, text: str) -> None:
    with ledger._desk() as desk:
        source = {"slug": "src", "title": text, "publisher": text, "link": "https://example.org/"}
        enter(desk, build(Source, source))
        said = {"slug": "said", "source": "src", "text": text, "speaker": text, "notes": text}
        enter(desk, build(Statement, said))
        enter(desk, build(Statement, {**said, "slug": "unsaid", "not_resolvable": text}))
        claim = {
            "statement": "said", "reading": "own", "title": text, "criteria": text, "horizon": text, "edtf": text,
            "horizon_read": text, "opens_on": "2026-01-01", "deadline": "2026-06-30", "scored": True, "notes": text,
        }  # fmt: skip
        conditions = [{"name": "wind", "text": text}]
        enter(desk, build(Claim, {**claim, "slug": "rain", "wording": text, "type": "events", "at_least": 1,
                                  "conditions": conditions}))  # fmt: skip
        enter(desk, build(Claim, {**claim, "slug": "hail", "wording": f"{text} ", "scored": False}))
        enter(desk, build(Forecaster, {"slug": "paper", "title": text, "kind": "publication", "method": text}))
        quoted = {"slug": "three", "title": text, "link": "https://example.org/3", "dates_note": text}
        enter(desk, build(Evidence, {**quoted, "summary": text, "reliability_note": text}))
        enter(desk, build(Bearing, {"claim": "rain", "evidence": "three", "bears": "context", "why": text}))
    ledger.me = text
    fields = {"publisher": text, "excerpt": text, "why": text}
    ledger.log_evidence("rain", "https://example.org/1", text, slug="one", on="2026-01-01", counts="gale", **fields)  # type: ignore[arg-type]
    ledger.log_evidence("hail", "https://example.org/2", text, slug="two", bears="supports", **fields)  # type: ignore[arg-type]
    ledger.forecast("rain", 0.3, by="ana", note=text, because="one")
    ledger.forecast("rain", 0.9, by="paper", note=text, made_at="2025-12-01")
    ledger.retract("two", reason=text)
    ledger.correct("event gale", reason=text, notes=text)
    clock.set("2026-08-01")
    ledger.resolve("rain", "yes", happened_on="2026-01-01", known_on="2026-01-02", reason=text, by=text)
    ledger.resolve("hail", "no", known_on="2026-07-01", reason=text)
    ledger.resolve("hail", "annulled", known_on="2026-07-01", reason=text, dissent=True)

    for one in shown_of(ledger):
        page = Reader(one._repr_html_())
        assert page.harmless(), (type(one), page.tags, page.attributes, page.links)
        for plain in (str(one), one._repr_html_()):
            assert not {"\u202e", "\u2066", "\x1b"} & set(plain)
    card = Reader(ledger.claim("rain")._repr_html_())
    assert visible(text) in card.text
    assert visible(text)[:20] in str(ledger.claim("rain"))


def test_control_characters_are_refused_at_the_door_and_shown_if_they_come_by_another(ledger: Ledger) -> None:
    assert visible("a\x00b\x1b[31m\x7f\x85") == "a⟦U+0000⟧b⟦U+001B⟧[31m⟦U+007F⟧⟦U+0085⟧"
    assert "\x1b" not in as_text(
        [Paragraph("\x1b[31mred"), Heading("\x1b", "\x1b"), Quote("\x1b"), Reference("\x1b", "x")]
    )


@pytest.mark.parametrize("mark", "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\r\x0b")
def test_every_mark_that_hides_or_turns_text_is_made_visible(mark: str) -> None:
    assert visible(f"a{mark}b") == f"a⟦U+{ord(mark):04X}⟧b"


@pytest.mark.parametrize("text", ["plain", "two\nlines", "a\ttab", "é", "👍", "שלום", "李雷", "½ & <b>"])
def test_text_that_can_be_seen_is_left_alone(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("link", "made"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("HTTP://example.org/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("", False),
    ],
)
def test_only_web_links_become_links(link: str, made: bool) -> None:
    page = Reader(as_html([Reference("a title", link)]))

    assert (page.links == [link]) is made
    assert page.harmless()
    assert "a title" in page.text


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ("https://example.org/", "https://example.org/"),
        ("https://exаmple.org/", "https://exаmple.org/ (xn--exmple-4nf.org)"),
        ("https://пример.рф/x", "https://пример.рф/x (xn--e1afmkfd.xn--p1ai)"),
        ("https://\u2764\ufe0f.example/", "https://\u2764\ufe0f.example/ (xn--qei.example)"),
        ("https://" + "é" * 70 + ".example/", "https://" + "é" * 70 + ".example/ (not a host name)"),
    ],
)
def test_a_host_of_other_letters_is_shown_in_ascii_too(link: str, text: str) -> None:
    assert link_text(link) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (0.0, "0.000"),
        (0.1184, "0.118"),
        (float("inf"), "infinite"),
        (float("-inf"), "-infinite"),
        (1, "1.000"),
    ],
)
def test_a_figure_that_is_not_there_is_a_dash(value: float | None, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize("places", range(7))
@pytest.mark.parametrize("sign", [False, True])
def test_a_figure_is_neither_0_nor_minus_0_nor_the_whole_unless_it_is(places: int, sign: bool) -> None:
    for power in range(1, 15):
        for near in (0.0, 1.0):
            for value in (near + 10**-power, near - 10**-power):
                for one in (value, -value):
                    text = figure(one, places, sign=sign)
                    number = float(text.lstrip("<>"))
                    if abs(one) < 1:
                        assert number not in {0.0, 1.0, -1.0}, (one, text)
                        assert {"<": one < number, ">": one > number}.get(text[0], True)
                    assert number == 0 or (number < 0) == (one < 0)
                    assert len(text.lstrip("<>+-").partition(".")[2]) <= places + 2
    assert figure(-1e-17, places, sign=sign).lstrip("+") == figure(0.0, places)


def test_what_is_nearly_nothing_or_all_is_told_alike_in_figures_and_percents() -> None:
    assert [figure(-3e-7), figure(3e-7, sign=True), figure(0.00004)] == [">-0.00001", "<+0.00001", "0.00004"]
    assert [percent(3e-7), percent(1 - 3e-7), whole_percent(0.003), whole_percent(0.9996)] == [
        "<0.01 %", ">99.99 %", "<1 %", ">99 %",
    ]  # fmt: skip
    assert whole_percent(0.005) == "<1 %"


def test_a_figure_may_show_its_sign() -> None:
    assert [figure(one, 2, sign=True) for one in (0.091, -0.091, 0.0)] == ["+0.09", "-0.09", "+0.00"]


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("李雷", 4), ("ﾊ", 1)])
def test_columns_are_those_of_a_terminal(text: str, columns: int) -> None:
    assert columns_of(text) == columns


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)


def blocks_of(words: Sequence[str]) -> list[Block]:
    first, second, third = words
    return [
        Heading(first, second), Paragraph(second, 4), Quote(third), Pairs([(first, second), (second, third)]),
        Reference(first, second), Table((first, second), [(second, third), (third, first)], caption=third),
    ]  # fmt: skip


@given(st.lists(WORDS, min_size=3, max_size=3))
def test_any_text_is_harmless_in_html_and_shown(words: list[str]) -> None:
    html = as_html(blocks_of(words))

    page = Reader(html)
    assert page.harmless()
    for word in words:
        for line in visible(word).split("\n"):
            assert line in page.text


@given(st.lists(WORDS, min_size=3, max_size=3))
def test_any_text_can_be_laid_out(words: list[str]) -> None:
    text = as_text(blocks_of(words))

    assert not {mark for mark in text if mark != "\n" and (ord(mark) < 32 or 0x7F <= ord(mark) < 0xA0)}
    assert not any(line != line.rstrip() for line in text.split("\n"))


@given(st.lists(st.text("abcdefghij ", max_size=300), min_size=3, max_size=3))
def test_plain_text_keeps_to_eighty_columns(words: list[str]) -> None:
    first, second, third = words
    blocks: list[Block] = [
        Heading(first, "as of 2026-01-01"), Paragraph(second, 4), Quote(third), Pairs([("label", second)]),
        Table(("name", "why"), [("x", third)]),
    ]  # fmt: skip

    assert max(map(len, as_text(blocks).split("\n"))) <= 80


def test_a_name_keeps_its_line_where_the_notes_beside_it_can_be_wrapped() -> None:
    table = Table(("claim", "p", ""), [("a-name-of-thirty-two-letters-abc", "0.9", "so and so, and some " * 3)], (1,))

    lines = as_text([table], 56).split("\n")

    assert lines[1].startswith("a-name-of-thirty-two-letters-abc  0.9  so and so,")
    assert max(map(len, lines)) <= 56


def test_a_ledger_shows_itself_at_eighty_columns(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())
    ledger.forecast("exec-defections", 0.72, because=["fontoura-dcd"], note="one to go, 11 months left")

    links = [one.link for one in ledger.snapshot().all(Evidence)] + ["https://"]
    for one in shown_of(ledger):
        for line in str(one).split("\n"):
            assert columns_of(line) <= 80 or any(link in line for link in links), line


def test_a_notebook_shows_chips_bars_and_folds_with_a_style_of_its_own(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    board, card = ledger.board()._repr_html_(), ledger.claim("exec-defections", full=True)._repr_html_()

    style = board.split("<style>")[1].split("</style>")[0]
    assert all(rule.startswith(".predictions:not(#_)") for rule in style.split("}") if rule)
    assert not {"@", "url", "http", "expression"} & set(re.findall(r"@|\w+", style))
    claims = ledger.snapshot().all(Claim)
    whole = {claim.slug for claim in claims} - {part for claim in claims for part in claim.parts}
    assert board.count('<span class="chip open">open</span>') == board.count('<div class="bar">') == len(whole) > 4
    assert "<summary>3 other readings: strict 0 of 2; trend 0 of 2; broad 2 of 2, 1 provisional" in board
    assert "--full" not in board
    assert "full=True" in str(ledger.board())
    assert "<h4>Evidence that counts</h4>" in card
    assert "<details><summary>Falls short (24)</summary>" in card
    assert card.count('<div class="item">') == 55


def test_a_long_table_is_folded_in_a_notebook() -> None:
    short, long = (as_html([Table(("n",), [("1",)] * count, caption="ones")]) for count in (24, 25))

    assert "<details>" not in short
    assert "<details><summary>25 rows: ones</summary><table>" in long


@dataclass(frozen=True)
class One:
    """A row of it."""

    n: int


@dataclass(frozen=True, repr=False)
class Two(Result, rows="ones", of=One):
    """The least that a result needs."""

    ones: tuple[One, ...] = (One(1), One(2))

    def blocks(self) -> Sequence[Block]:
        return [Paragraph("<b>two</b>")]


def test_a_result_shows_itself_as_text_as_html_and_as_rows() -> None:
    two = Two()

    assert str(two) == repr(two) == "<b>two</b>"
    assert "&lt;b&gt;two&lt;/b&gt;" in two._repr_html_()
    assert list(two.rows()) == [{"n": 1}, {"n": 2}]
    assert two.to_dict() == {"rows": [{"n": 1}, {"n": 2}]}


def test_hidden_marks_are_stored_and_warned_of(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")

    with pytest.warns(LedgerWarning, match="the note of forecast .* has hidden direction marks"):
        kept = ledger.forecast(slug, 0.3, note="\u202etxt.exe")

    assert kept.record.note == "\u202etxt.exe"
    assert "⟦U+202E⟧txt.exe" in str(ledger.claim(slug))


@pytest.mark.parametrize("chance", [0.9996, 0.99999, 0.0004])
def test_no_number_is_rounded_to_certainty(ledger: Ledger, clock: Clock, tmp_path: Path, chance: float) -> None:
    slug = ledger.add("It is all but sure", deadline="2026-01-10", p=chance)
    ledger.forecast(slug, round(1 - chance, 5), by="ben")
    clock.set("2026-03-01")
    ledger.resolve(slug, "yes", happened_on="2026-01-09", known_on="2026-01-09", reason="seen")

    shown = [ledger.claim(slug), ledger.board(), ledger.claim(slug).readings, ledger.history()]
    page = ledger.report(tmp_path / "r.html").read_text("utf-8")

    texts = [*map(str, shown), *(re.sub(r"<style>.*?</style>", "", one._repr_html_()) for one in shown)]
    page = re.sub(r"<[^>]*>", " ", page[page.index('id="statement-') :])
    for text in [*texts, page]:
        assert re.findall(r"(?<![\d.])(?:ana|ben):? (?:moved from )?(?:1|0)\.0+(?!\d)", text) == []
        assert re.findall(r"\bBrier (?:1|0)\.0+(?!\d)", text) == []
    assert all(f"{chance}" in text for text in [*texts, page])


def test_no_noise_of_binary_is_given_out_anywhere(ledger: Ledger, clock: Clock) -> None:
    for number in range(12):
        slug = ledger.add(f"Number {number} comes true", deadline="2026-01-20")
        ledger.forecast(slug, low=0.1, high=0.2 + number / 100)
        ledger.forecast(slug, 0.1 + 0.2 + number / 30, by="ben")
    clock.set("2026-04-01")
    for number in range(12):
        ledger.resolve(f"number-{number}-comes-true", "no", known_on="2026-01-21", reason="seen")
    card = ledger.scorecard()

    given = json_of([one.to_dict() for one in (card, ledger.board(), ledger.claim(slug).readings, ledger.claim(slug))])
    given += json_of([list(one.rows()) for one in (card, card.explain("brier", by="ben"), card.compare("ana", "ben"))])

    numbers = re.findall(r"(?<![\d.:\w-])-?\d+\.\d+(?:e-?\d+)?", given)
    assert len(numbers) > 100
    assert [number for number in numbers if float(number) != float(f"{float(number):.12g}")] == []
    assert "e-1" not in given


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\U000e0041", "\ufe01", "\xad", "\xa0", "\u3000", "\ue000"])
def test_nothing_unseen_leaves_by_any_door(
    ledger: Ledger, clock: Clock, tmp_path: Path, mark: str, recwarn: pytest.WarningsRecorder
) -> None:
    slug = ledger.add(
        f"It{mark} rains", deadline="2026-06-30", p=0.4, title=f"Rain{mark} falls", criteria=f"{mark} seen"
    )
    ledger.log_evidence(slug, "https://example.org/", f"Wet{mark} street", on="2026-01-01", why=f"{mark} seen")
    shown = [ledger.board(), ledger.claim(slug), ledger.claim(slug).readings, ledger.history(), ledger.due()]

    texts = [*map(str, shown), *(one._repr_html_() for one in shown), *(json_text(one.to_dict()) for one in shown)]
    texts += [ledger.report(tmp_path / "r.html").read_text("utf-8"), ledger.prove(f"claim {slug}").text]
    texts.append(Path(ledger.export("calendar", tmp_path / "c.ics")).read_text("utf-8"))

    given = (f"It{mark}", f"Rain{mark}", f"{mark} seen", f"Wet{mark}")  # the page has some of its own, before "%"
    assert [text[:80] for text in texts if any(piece in text for piece in given)] == []
    assert sum(f"⟦U+{ord(mark):04X}⟧" in text for text in texts) >= 8
