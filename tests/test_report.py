"""The page: whole, self-contained, the same for the same head, and text where text was recorded."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Clock
from hostile import HOSTILE, LIVE, hostile_ledger
from test_scorecard import four_claims, many_claims

from predictions import InvalidValue, Ledger, MissingExtra, ainews
from predictions.charts.svg import Svg, element, text_of

GOLDEN = Path(__file__).parent / "data" / "report.html"


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def drawn(ledger: Ledger, folder: Path) -> str:
    return ledger.report(folder / "out.html").read_text("utf-8")


def test_a_small_report_is_as_it_should_be_to_the_letter(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)

    page = drawn(ledger, tmp_path).replace(str(ledger.head()), "(head)")
    page = re.sub(r"<style>.*?</style>", "<style>(style)</style>", page, flags=re.DOTALL)
    page = re.sub(r"'sha256-[^']*'", "'sha256-(style)'", page)

    assert page == GOLDEN.read_text("utf-8")


def test_the_page_needs_no_script_and_loads_nothing(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    page = drawn(ledger, tmp_path)
    tags = Tags(page)

    assert {tag for tag, _ in tags.found} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
    } == set()
    assert not any(name.startswith("on") or name in {"style", "src"} for _, kept in tags.found for name in kept)
    assert "url(" not in page
    assert "@import" not in page
    links = [attributes["href"] or "" for attributes in tags.of("a")]
    assert all(link.startswith(("https://", "http://", "#")) for link in links)
    targets = {attributes.get("id") for _, attributes in tags.found}
    assert all(link[1:] in targets for link in links if link.startswith("#"))


def test_its_policy_allows_its_own_style_and_nothing_else(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)

    page = drawn(ledger, tmp_path)

    style = re.search(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = next(one for one in Tags(page).of("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_ids_are_given_once_and_charts_and_tables_are_named(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many_claims(ledger, clock)

    page = ledger.report(tmp_path / "out.html", crowds=True).read_text("utf-8")
    tags = Tags(page)

    ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    charts = [one for one in tags.of("svg") if one.get("role") == "img"]
    assert len(ids) == len(set(ids))
    assert len(charts) > 14
    for chart in charts:
        assert set((chart["aria-labelledby"] or "").split()) <= set(ids)
    assert all(one.get("scope") in {"col", "row"} for one in tags.of("th"))
    assert page.count("<table>") == page.count("<caption>") > 0


def test_the_page_says_how_the_wording_decides_and_how_to_verify(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    page = drawn(ledger, tmp_path)

    assert "Its readings, side by side" in page
    assert "1 of 2 (1 provisional: fontoura rests on one established source)" in page
    assert "written afterwards" in page
    assert "ainews: 0 of 4 due; 1 part met" in page
    assert f"predictions --ledger LEDGER.db verify --head &#39;{ledger.head()}&#39;" in page
    assert "no outcome would show it wrong" in " ".join(page.split())


def test_hostile_text_stays_text(ledger: Ledger, tmp_path: Path) -> None:
    slugs = hostile_ledger(ledger)

    page = drawn(ledger, tmp_path)
    shown = [page, ledger.board()._repr_html_(), ledger.scorecard()._repr_html_(), ledger._repr_html_()]
    shown += [ledger.claim(slug)._repr_html_() for slug in slugs]
    shown += [ledger.readings(slug)._repr_html_() for slug in slugs]

    for html in shown:
        assert not any(live in html for live in LIVE)
        assert {tag for tag, _ in Tags(html).found} & {"script", "img", "iframe"} == set()
    assert "{{ 7*7 }}" in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 5
    assert len(HOSTILE) == len(slugs)


def test_only_what_was_built_as_svg_is_taken_as_it_is() -> None:
    assert isinstance(element("rect", x=1), Svg)
    assert text_of("<b>") == "&lt;b&gt;"
    assert str(element("text", text_of("a < b"), title='"><script>')) == (
        '<text title="&quot;&gt;&lt;script&gt;">a &lt; b</text>'
    )
    assert not hasattr("<svg ></svg>", "__html__")


def test_the_same_head_draws_the_same_page_and_writes_it_whole(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)
    heard: list[tuple[int, int]] = []

    first = drawn(ledger, tmp_path)
    ledger.report(tmp_path / "out.html", progress=lambda done, of: heard.append((done, of)))

    assert (tmp_path / "out.html").read_text("utf-8") == first
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == ["out.html"]


def test_nothing_but_an_older_page_is_replaced(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)
    (tmp_path / "notes.txt").write_text("mine")

    for name in ("ledger.db", "notes.txt"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(InvalidValue, match="is there already, and is something else; say another name"):
            ledger.report(tmp_path / name)
        assert (tmp_path / name).read_bytes() == before
    with pytest.raises(InvalidValue, match="no folder"):
        ledger.report(tmp_path / "nowhere" / "out.html")


def test_a_report_as_of_an_earlier_head_names_that_head(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)
    head = ledger.head()
    clock.set("2026-07-01")
    ledger.add("Something later", by="2026-12-31")

    page = ledger.report(tmp_path / "out.html", as_of=head).read_text("utf-8")

    assert str(head) in page
    assert "Something later" not in page


def test_an_empty_ledger_makes_a_page_too(ledger: Ledger, tmp_path: Path) -> None:
    page = drawn(ledger, tmp_path)

    assert "<h1>What was predicted, and who was right</h1>" in page


def test_without_jinja2_the_extra_is_named(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)

    with pytest.raises(MissingExtra, match=r"install prediction-ledger\[report\]"):
        ledger.report(tmp_path / "out.html")
    assert not (tmp_path / "out.html").exists()
