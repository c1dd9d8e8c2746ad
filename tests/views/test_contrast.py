"""Contrast measured in Chromium: words 4.5 to 1, lines 3 to 1, in a notebook and on a page, light and dark.

A campaign: it needs Chromium and the extra `browser`. Fills need no contrast where a line is around them; a grid and
the shade of a window only help the eye along.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import Clock
from drawn_types import every_shape
from every_card import CARDS, drawn
from notebook_hosts import host_page

from predictions import Ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.campaign
MEASURE = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  canvas.canvas.width = canvas.canvas.height = 1;
  const read = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = (front, back) => [0, 1, 2].map(i => front[i] * front[3] + back[i] * (1 - front[3]));
  const light = colour => colour.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const all = one => one ? [one, ...all(one.parentElement)] : [];
  const paper = one => all(one).reverse().map(each => read(getComputedStyle(each).backgroundColor))
    .reduce((back, front) => over(front, back), [255, 255, 255]);
  const found = [];
  for (const one of document.querySelectorAll('body *')) {
    const style = getComputedStyle(one), box = one.getBoundingClientRect(), drawn = one.ownerSVGElement;
    const words = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!box.width && !box.height || ['STYLE', 'title', 'desc'].includes(one.tagName)) continue;
    if (['0.15', '0.2', '0.35'].includes(one.getAttribute('stroke-opacity'))) continue;  // those of a grid
    let colour = null, need = 3;
    if (drawn && one.tagName !== 'text' && one.tagName !== 'tspan') {
      if (style.stroke === 'none') continue;
      colour = read(style.stroke); colour[3] *= style.strokeOpacity;
    } else if (words) {
      colour = read(drawn ? style.fill : style.color); colour[3] *= drawn ? style.fillOpacity : 1; need = 4.5;
    } else continue;
    colour[3] *= all(one).reduce((share, each) => share * getComputedStyle(each).opacity, 1);
    const back = paper(one.closest('svg')?.parentElement ?? one);
    const [low, high] = [light(over(colour, back)), light(back)].sort((a, b) => a - b);
    const ratio = (high + .05) / (low + .05);
    if (ratio < need - .005) found.push(`${one.tagName} ${one.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    binary = os.environ.get("PREDICTIONS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert binary, "no Chromium: apt-get install chromium, or name it in PREDICTIONS_CHROMIUM"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.mark.parametrize("card", CARDS)
def test_words_and_lines_of_a_card_stand_out_in_a_light_and_in_a_dark_notebook(
    browser: Browser, ledger: Ledger, clock: Clock, card: str
) -> None:
    html = drawn(card, ledger, clock)._repr_html_()
    page = browser.new_page()

    for host in ("lab", "lab-dark"):
        page.set_content(host_page(host, html), wait_until="domcontentloaded")
        page.eval_on_selector_all(".jp-OutputPrompt", "all => all.forEach(one => one.remove())")  # the host's own
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

        assert page.evaluate(MEASURE) == [], host

    page.add_style_tag(content=".predictions { color: #555 !important }")
    assert len(page.evaluate(MEASURE)) > 2
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_lines_of_a_page_stand_out(
    browser: Browser, ledger: Ledger, clock: Clock, tmp_path: Path, scheme: str
) -> None:
    every_shape(ledger, clock)
    path = ledger.report(tmp_path / "out.html", crowds=True)
    page = browser.new_context(color_scheme=scheme, bypass_csp=True).new_page()  # type: ignore[arg-type]  # one of two

    page.goto(path.as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    assert page.evaluate(MEASURE) == []
    page.close()


def test_in_print_everything_folded_is_open_and_nothing_is_wider_than_the_paper(
    browser: Browser, ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    every_shape(ledger, clock)
    path = ledger.report(tmp_path / "out.html", crowds=True)
    page = browser.new_context(viewport={"width": 720, "height": 1000}, bypass_csp=True).new_page()
    tall = "document.querySelector('main').getBoundingClientRect().height"
    page.goto(path.as_uri())

    page.emulate_media(media="print")
    printed = page.evaluate(tall)
    wide = page.evaluate("document.documentElement.scrollWidth")
    shut = page.add_style_tag(content="details::details-content { content-visibility: hidden !important }")
    folded = page.evaluate(tall)
    shut.evaluate("one => one.remove()")
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")

    assert folded < 0.8 * printed
    assert page.evaluate(tall) == pytest.approx(printed, abs=2)
    assert wide <= 720
    page.close()
