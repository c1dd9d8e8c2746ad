"""Rows without a day that repeat what was replaced since: a number that was changed in a sheet, and changed back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from predictions import Ledger
from predictions.records import Forecast

KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "yes or no": ({}, {"p": 0.4}, {"p": 0.6}),
    "withdrawn": ({}, {"p": "withdrawn"}, {"p": 0.6}),
    "words": ({}, {"words": "likely"}, {"words": "unlikely"}),
    "choice": ({"options": "a; b"}, {"p": "a=0.4; b=0.6"}, {"p": "a=0.7; b=0.3"}),
    "number": (
        {"between": "0..10", "unit": "cars"},
        {"quantiles": "0.1=2; 0.5=4; 0.9=6"},
        {"quantiles": "0.1=3; 0.5=5; 0.9=7"},
    ),
    "date": ({"when": "yes"}, {"p": "2098=0.3; 2099=0.5"}, {"p": "2098=0.1; 2099=0.5"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_that_was_replaced_is_named_with_a_line_that_says_it_anew(tmp_path: Path, kind: str) -> None:
    asked, first, second = KINDS[kind]
    ledger = Ledger(tmp_path / "own.db", me="ana")
    before, after = ({"text": "A", "deadline": "2099", **asked, **said} for said in (first, second))
    if kind == "withdrawn":  # which needs something to withdraw
        ledger.import_from("table", [{**before, "p": 0.2}])
    for row in (before, after):
        ledger.import_from("table", [row])
    recorded = len(ledger.snapshot().all(Forecast))

    assert "changed since" not in str(ledger.import_from("table", [after]))  # the last word: nothing new
    card = ledger.import_from("table", [before])
    assert "changed since 1 question, left as it is:" in str(card)
    assert " again, and " in " ".join(str(card).split())
    assert len(ledger.snapshot().all(Forecast)) == recorded

    eval(card.changes[0].python, {"ledger": ledger})
    assert len(ledger.snapshot().all(Forecast)) == recorded + 1
    assert "changed since" not in str(ledger.import_from("table", [before]))


def test_other_ways_to_say_the_last_number_are_no_change(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "own.db", me="ana")
    row = {"text": "A", "deadline": "2099"}
    for chance in (0.4, 0.6):
        ledger.import_from("table", [{**row, "p": chance}])

    for chance in ("60%", "0.60", 0.6):
        assert "changed since" not in str(ledger.import_from("table", [{**row, "p": chance}]))
