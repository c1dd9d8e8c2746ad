"""The short card and the page say what a claim asks; the receipt of a correction, what it asks now."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from predictions import Ledger

DEADLINE = "2026-06-30"
TERMS = {
    "yes or no": {},
    "one of a, b, c": {"options": ["a", "b", "c"]},
    "one, in this order, of a, b, c": {"options": ["a", "b", "c"], "ordered": True},
    "km, scored from 0 to 10": {"unit": "km", "between": (0, 10)},
    "on which day": {"when": True},
}
NOT_YES_OR_NO = [asks for asks, terms in TERMS.items() if terms]


def said(shown: object) -> str:
    return " ".join(str(shown).split())


@pytest.mark.parametrize("asks", NOT_YES_OR_NO)
def test_the_short_card_and_the_page_say_what_is_asked(ledger: Ledger, tmp_path: Path, asks: str) -> None:
    ledger.add("Something", deadline=DEADLINE, slug="one", **TERMS[asks])
    ledger.report(tmp_path / "page.html")

    assert f"asks {asks}" in said(ledger.claim("one"))
    assert f"<dt>Asks</dt><dd>{asks}</dd>" in re.sub(r"\s+", " ", (tmp_path / "page.html").read_text())


@pytest.mark.parametrize(("before", "after"), [*permutations(TERMS, 2)])
def test_the_receipt_of_a_correction_says_what_is_asked_now(ledger: Ledger, before: str, after: str) -> None:
    ledger.add("Something", deadline=DEADLINE, slug="one", **TERMS[before])

    gone = {name: None for name in TERMS[before] if name not in TERMS[after]}
    assert f"it asks {after}" in said(ledger.correct("one", **gone, **TERMS[after]))
    assert "it asks" not in said(ledger.correct("one", deadline="2026-07-31"))


def test_the_receipt_of_another_range_or_unit_names_whose_values_it_reads_anew(ledger: Ledger) -> None:
    ledger.add("Far", deadline=DEADLINE, slug="far", unit="km", between=(0, 10), quantiles={0.1: 2.5, 0.5: 4})

    assert "what ana said is read so, too" in said(ledger.correct("far", between=(0, 20)))
    assert "what ana said is read so, too" in said(ledger.correct("far", unit="mile"))
    assert "in no mean: ana (no longer fits)" in said(fallen := ledger.correct("far", between=(5, 20)))
    assert "read so" not in said(fallen)
    assert "read so" not in said(ledger.correct("far", deadline="2026-07-31"))
