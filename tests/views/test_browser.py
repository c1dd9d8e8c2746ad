"""The page in a real browser: accessible, silent, offline. A campaign: it needs Chromium and the extra `browser`.

``apt-get install chromium`` and ``pip install -e .[browser]``; PREDICTIONS_CHROMIUM names another binary.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import Clock
from drawn_types import LONG, every_shape
from hostile import hostile_ledger
from scored_ledgers import many_claims

from predictions import Ledger, ainews

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.campaign
LOOKS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    binary = os.environ.get("PREDICTIONS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert binary, "no Chromium: apt-get install chromium, or name it in PREDICTIONS_CHROMIUM"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=binary, args=QUIET)
        yield found
        found.close()


def catalogue(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())


def resolved(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)


def a_year(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock, count=108)


def of_types(ledger: Ledger, clock: Clock) -> None:
    every_shape(ledger, clock)


def hostile(ledger: Ledger, clock: Clock) -> None:
    hostile_ledger(ledger)


@pytest.mark.parametrize("fill", [catalogue, resolved, a_year, of_types, hostile])
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_core_finds_nothing(
    browser: Browser, ledger: Ledger, clock: Clock, tmp_path: Path, fill: object, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert callable(fill)
    fill(ledger, clock)
    path = ledger.report(tmp_path / "out.html", crowds=True)
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(path.as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    found = Axe().run(page)

    assert found.response["passes"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


LETTERS = """() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const edge = chart.getBoundingClientRect();
  const scale = chart.viewBox.baseVal.width ? edge.width / chart.viewBox.baseVal.width : 1;
  const seen = [...chart.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect(),
    scale * parseFloat(getComputedStyle(text).fontSize)]).filter(([, box]) => box.width);
  const out = seen.filter(([, box]) => box.left < edge.left - 2 || box.right > edge.right + 2).map(([text]) => text);
  const over = seen.flatMap(([text, box], place) => seen.slice(place + 1)
    .filter(([, other]) => Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1
      && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 4)
    .map(([other]) => text + ' over ' + other));
  const lines = [...chart.querySelectorAll('.today, .deadline, .came-out')].map(line => line.getBoundingClientRect());
  const crossed = seen.filter(([, box]) => lines.some(line =>
    Math.min(box.right, line.right) - Math.max(box.left, line.left) > -1 && box.left < line.left + 1
      && Math.min(box.bottom, line.bottom) - Math.max(box.top, line.top) > 2)).map(([text]) => text + ' crossed');
  const small = seen.filter(([, , size]) => size < 11).map(([text]) => text + ' is small');
  return [...out, ...over, ...crossed, ...small];
})"""


WIDER = """width => [...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width && !one.closest('.scroll') && getComputedStyle(one).position !== 'absolute'
    && (box.right > width + 1 || box.left < -1);
}).map(one => one.tagName + ': ' + one.textContent.slice(0, 60))"""


@pytest.mark.parametrize("width", [1280, 360])
def test_no_element_is_wider_than_the_page(
    browser: Browser, ledger: Ledger, clock: Clock, tmp_path: Path, width: int
) -> None:
    every_shape(ledger, clock)
    ledger.resolve("long-options", LONG[0], reason="seen", known_on="2026-07-14")
    path = ledger.report(tmp_path / "out.html", crowds=True)
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)

    page.goto(path.as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    assert page.evaluate("document.querySelectorAll('body *').length") > 500
    assert page.evaluate(WIDER, width) == []
    page.evaluate("document.querySelector('h1').style.width = '2000px'")
    assert page.evaluate(WIDER, width) != []
    page.close()


@pytest.mark.parametrize("fill", [catalogue, resolved, of_types])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_letters_of_a_chart_stay_inside_it_and_apart(
    browser: Browser, ledger: Ledger, clock: Clock, tmp_path: Path, fill: object, width: int
) -> None:
    assert callable(fill)
    fill(ledger, clock)
    path = ledger.report(tmp_path / "out.html", crowds=True)
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)

    page.goto(path.as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    assert page.locator("svg.chart").count() > 4
    assert page.evaluate(LETTERS) == []
    page.eval_on_selector_all("svg.chart text", "all => all.forEach(one => one.setAttribute('y', 60))")
    assert page.evaluate(LETTERS) != []
    page.close()


@pytest.mark.parametrize("fill", [catalogue, hostile])
def test_the_page_asks_for_nothing_and_says_nothing(
    browser: Browser, ledger: Ledger, clock: Clock, tmp_path: Path, fill: object
) -> None:
    assert callable(fill)
    fill(ledger, clock)
    path = ledger.report(tmp_path / "out.html")
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    heard: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))

    page.goto(path.as_uri())
    page.wait_for_timeout(200)

    assert asked == [path.as_uri()]
    assert heard == []
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "16px"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "992px"
    )  # the style is in force
    context.close()


def test_the_control_page_without_a_policy_is_caught(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!doctype html><img src=x onerror=alert(1)><p>hello")
    page = browser.new_page()
    asked: list[str] = []
    heard: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))

    page.goto((tmp_path / "bad.html").as_uri())
    page.wait_for_timeout(200)

    assert len(asked) == 2
    assert heard == ["1"]
    page.close()
