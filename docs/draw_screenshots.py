"""Draws the two pictures of the AINews report that the README shows: python docs/draw_screenshots.py

It needs Chromium and the extras `browser` and `report`; PREDICTIONS_CHROMIUM names another binary.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from predictions import Ledger, ainews

HERE = Path(__file__).parent
LOOKS = (("report-light.png", 1280, 1500, "light"), ("report-dark.png", 360, 1500, "dark"))


def main() -> None:
    binary = os.environ.get("PREDICTIONS_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        with Ledger(Path(folder) / "ainews.db", me="ana") as ledger:
            ledger.register(ainews())
            page = ledger.report(Path(folder) / "report.html")
        browser = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox", "--disable-gpu"])
        for name, width, height, scheme in LOOKS:
            view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            view.goto(page.as_uri())
            view.screenshot(path=str(HERE / name))
        browser.close()
    try:
        from PIL import Image
    except ImportError:
        return
    for name, *_ in LOOKS:  # 64 colours are enough for a page of text, and a third of the size
        Image.open(HERE / name).convert("RGB").quantize(64).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
