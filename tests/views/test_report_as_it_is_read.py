"""What a first reader looks for on the page: who said it, what is backdated, what was said today, plain words."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import Clock

from predictions import Ledger


def page_of(ledger: Ledger, clock: Clock, path: Path) -> str:
    """Write the page of a ledger with two publications, a backdated forecast and one made today."""
    clock.set("2026-03-01")
    for who, text in (("Tech Oracle", "GPT-6 is out"), ("Macro Weekly", "Cars double")):
        link = f"https://e.org/{who.split()[0].lower()}"
        ledger.quote(who, text, words="will", deadline="2026-12-31", said_on="2026-02-05", link=link)
    ledger.add("Lab IPO", deadline="2027-12-31", p=0.4)
    ledger.forecast("lab-ipo", 0.65, by="ed", kind="person", made_at="2026-02-10")
    clock.set("2026-08-15")
    ledger.forecast("lab-ipo", 0.05, by="claude", kind="model")
    return ledger.report(path / "page.html").read_text("utf-8")


def test_each_row_stands_under_who_said_it(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    words = re.sub(r"<[^>]+>", "\n", page_of(ledger, clock, tmp_path))

    board = words.partition("Where they stand")[2].partition("Open (3)")[2]
    heads = [board.index(one) for one in ("Tech Oracle, 2026-02-05", "Macro Weekly, 2026-02-05", "Our own claims")]
    rows = [board.index(one) for one in ("GPT-6 is out", "Cars double", "Lab IPO")]
    assert [head < row for head, row in zip(heads, rows, strict=True)] == [True] * 3


def test_what_was_said_today_and_what_is_backdated_is_told_by_the_drawing(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    page = page_of(ledger, clock, tmp_path)

    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert any("claude 0.05" in drawing for drawing in drawings)
    assert "backdated, not drawn: ed" in page
    assert "ed 0.65 (backdated)" in page


def test_counts_of_one_are_singular_and_a_yes_or_no_claim_has_no_tally(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    words = " ".join(
        re.sub(r"<style.*?</style>|<[^>]+>", " ", page_of(ledger, clock, tmp_path), flags=re.DOTALL).split()
    )

    assert re.findall(r"\b1 (?:statements|claims|scored claims|forecasts|pieces)\b", words) == []
    assert "0 for, 0 against" not in words
    assert "claimed" not in words
