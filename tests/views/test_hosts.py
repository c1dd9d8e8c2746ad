"""Results inside the real stylesheets of JupyterLab, nbconvert's lab and its classic, measured in Chromium.

A campaign: it needs Chromium (``apt-get install chromium``, or PREDICTIONS_CHROMIUM) and the extra ``browser``, which
brings the hosts; their stylesheets are read out of the installed packages. What can be said without a browser is below.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from typing import TYPE_CHECKING

import pytest
from conftest import Clock
from every_card import CARDS, drawn
from notebook_hosts import host_page
from scored_ledgers import many_claims

from predictions import Ledger, ainews
from predictions.render.style import STYLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTS = ("lab", "nbconvert-lab", "nbconvert-classic", "tables")
PROPERTIES = (
    "display", "float", "margin-top", "margin-right", "margin-bottom", "margin-left", "padding-top",
    "padding-right", "padding-bottom", "padding-left", "font-size", "font-weight", "font-style", "line-height",
    "text-align", "vertical-align", "white-space", "word-break", "table-layout", "border-top-width",
    "border-bottom-width", "background-color", "text-decoration-line", "list-style-type", "max-width", "overflow-x",
    "box-shadow",
)  # fmt: skip
MEASURE = f"""() => [...document.querySelectorAll('.predictions *:not(style)')].map(one => {{
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return [one.tagName + (one.getAttribute('class') ? '.' + one.getAttribute('class') : ''),
    Object.fromEntries([['width', box.width + 'px'], ['height', box.height + 'px'],
      ...{list(PROPERTIES)}.map(name => [name, style.getPropertyValue(name)])])];
}})"""
BROKEN = """() => [...document.querySelectorAll('.predictions :is(dt,th,td)')].filter(one => {
  const range = document.createRange();
  range.selectNodeContents(one);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
  return lines.size > one.textContent.trim().split(/[\\s-]+/).length;
}).map(one => one.textContent)"""
APART = """() => [...document.querySelectorAll('.predictions dt')].filter(one => {
  const here = one.getBoundingClientRect(), there = one.nextElementSibling.getBoundingClientRect();
  const beside = there.left > here.left + 1 ? Math.abs(there.top - here.top) < 4 : false;
  return !beside && (there.left < here.left - 1 || there.top < here.bottom - 1);
}).map(one => one.textContent)"""
TOO_WIDE = """() => {
  const card = document.querySelector('.predictions'), edge = card.parentElement.getBoundingClientRect().right + 1;
  return [...card.querySelectorAll('p,h4,h5,dt,dd,.bar,.window')]
    .filter(one => one.getBoundingClientRect().right > edge).map(one => one.textContent.slice(0, 60));
}"""


def stripped(html: str) -> str:
    """What a host that does not trust the notebook leaves: no style, no drawing, but the drawing's letters."""
    html = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"</?(?:svg|title|desc|text|tspan|line|rect|path|polygon|polyline|circle|g)\b[^>]*>", "", html)


def without_mend(html: str) -> str:
    """The same as it was: no weight of an id, and nothing reverted."""
    html = html.replace(":not(#_)", "")
    return re.sub(r"\.predictions :is\([^)]*\)\{all:revert\}", "", html)


def words_of(html: str) -> set[str]:
    return set(unescape(re.sub(r"<[^>]*>", "", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))).split())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    binary = os.environ.get("PREDICTIONS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert binary, "no Chromium: apt-get install chromium, or name it in PREDICTIONS_CHROMIUM"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[str, str, int], Page]]:
    """A page of a host with such an output, so many pixels wide; nothing is fetched."""
    context = browser.new_context(offline=True)
    context.route("**/*", lambda route: route.abort())

    def opened(host: str, html: str, width: int) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.set_content(host_page(host, html), wait_until="domcontentloaded")
        return page

    yield opened
    context.close()


def differences(html: str, page: Page, opened: Callable[[str, str, int], Page]) -> list[str]:
    """How the card looks other than on a bare page where it has as much room."""
    room = page.evaluate("document.querySelector('.predictions').getBoundingClientRect().width")
    bare = opened("bare", html, 1200)
    family = page.evaluate("getComputedStyle(document.querySelector('.predictions')).fontFamily")
    bare.evaluate(
        "([room, family]) => { const { style } = document.querySelector('.predictions').parentElement;"
        "style.width = room + 'px'; style.fontFamily = family }",
        [room, family],
    )
    found = []
    for (name, here), (_, there) in zip(page.evaluate(MEASURE), bare.evaluate(MEASURE), strict=True):
        found += [f"{name} {key}: {here[key]} for {there[key]}" for key in here if not _same(here[key], there[key])]
    return found


def _same(here: str, there: str) -> bool:
    if here.endswith("px") and there.endswith("px") and " " not in here + there:
        return abs(float(here[:-2]) - float(there[:-2])) < 1.5
    return here == there


@pytest.mark.campaign
@pytest.mark.parametrize("width", [900, 400])
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("card", CARDS)
def test_a_host_changes_nothing_of_a_card(
    ledger: Ledger, clock: Clock, opened: Callable[[str, str, int], Page], card: str, host: str, width: int
) -> None:
    html = drawn(card, ledger, clock)._repr_html_()

    page = opened(host, html, width)
    changed = differences(html, page, opened)
    control = opened(host, without_mend(html), width)

    assert changed == []
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(TOO_WIDE) == []
    if host != "tables" or "<table" in html:  # which that host has rules for
        assert len(differences(without_mend(html), control, opened)) > 10


@pytest.mark.campaign
@pytest.mark.parametrize("host", ["lab", "nbconvert-lab"])
def test_without_the_mend_the_labels_run_letter_by_letter(
    ledger: Ledger, clock: Clock, opened: Callable[[str, str, int], Page], host: str
) -> None:
    html = drawn("board", ledger, clock)._repr_html_()

    broken = opened(host, without_mend(html), 900).evaluate(BROKEN)

    assert {"tally", "forecasts"} <= set(broken)


@pytest.mark.campaign
@pytest.mark.parametrize("width", [900, 400])
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("card", CARDS)
def test_a_card_without_its_style_can_still_be_read(
    ledger: Ledger, clock: Clock, opened: Callable[[str, str, int], Page], card: str, host: str, width: int
) -> None:
    page = opened(host, stripped(drawn(card, ledger, clock)._repr_html_()), width)

    assert page.evaluate(BROKEN) == []
    assert page.evaluate(APART) == []
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.campaign
def test_in_one_list_labels_would_run_beside_the_wrong_values(
    ledger: Ledger, clock: Clock, opened: Callable[[str, str, int], Page]
) -> None:
    html = stripped(drawn("readings", ledger, clock)._repr_html_()).replace("</dl>\n<dl>", "\n")

    assert len(opened("lab", html, 400).evaluate(APART)) > 3


@pytest.mark.parametrize("card", CARDS)
def test_words_are_apart_without_style_drawing_or_tags(ledger: Ledger, clock: Clock, card: str) -> None:
    shown = drawn(card, ledger, clock)
    html = shown._repr_html_()

    said = words_of(stripped(re.sub(r" \(\d+\)(?=</summary>)|(?<=<summary>)[\d,]+ rows: ", "", html)))  # how many

    text = f"{shown}\n{ledger.board(full=True) if card == 'board' else ''}"  # what is folded is shut on it as text
    sentences = set().union(
        *map(words_of, re.findall(r'<p class="quiet">[^\n]*</p>(?=\n<figure style="display:none">)', html))
    )
    whole = (
        " ".join(f"{row['said']} {row['outcome']}" for row in shown.rows()) if card == "types-full" else ""
    )  # which the text cuts
    alone = {word.strip('.,:;()"') for word in {*text.split(), *whole.split(), *sentences}}
    assert {word for word in said if word.strip('.,:;()"') not in alone} == set()
    glued = words_of(stripped(html.replace("</span> <span>", "</span><span>").replace("</dt> <dd>", "</dt><dd>")))
    assert card != "board" or len(glued - said) > 10


def test_dollars_in_a_text_are_no_formula(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    html = ledger.claim("exec-defections", full=True)._repr_html_()

    assert html.count("US$") > 1
    assert html.startswith('<div class="predictions tex2jax_ignore mathjax_ignore">')  # by MathJax 2, and from 3 on


def test_letters_along_a_drawing_are_hidden_by_the_style_alone(ledger: Ledger, clock: Clock) -> None:
    html_of_claim = drawn("claim", ledger, clock)._repr_html_()

    assert html_of_claim.count('<span class="along"> Along it: 100 %') == 1
    assert "{display:none}" in html_of_claim.partition(".along")[2][:20]
    assert "Along it: 100 %" in stripped(html_of_claim)


def test_capitals_that_begin_a_part_are_bold_and_what_people_wrote_never_is(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)
    ledger.add("AGI  IS HERE", deadline="2026-12-31", p=0.1)

    card, board = ledger.scorecard()._repr_html_(), ledger.board(full=True)._repr_html_()

    assert "<caption><b>WHO WAS RIGHT</b></caption>" in card
    assert '<p class="lead"><b>RANKING</b>\N{EM SPACE}' in card
    assert "<b>" not in board
    assert '<p class="indented">' in card


def test_every_rule_weighs_more_than_a_hosts_and_the_first_takes_the_hosts_away() -> None:
    rules = [rule for rule in STYLE.split("}") if rule]

    assert all(rule.startswith(".predictions:not(#_)") for rule in rules)
    assert rules[1] == (
        ".predictions:not(#_) :is(h4,h5,p,blockquote,dl,dt,dd,table,caption,thead,tbody,tr,th,td,ul,ol,li,figure,"
        "details,summary,small,code,pre,a){all:revert"
    )
    assert not re.search(r"\drem\b", STYLE)
    assert not [rule for rule in rules if re.search(r":is\(t[hrd]|table|tr\b", rule) and "border-bottom" in rule]
