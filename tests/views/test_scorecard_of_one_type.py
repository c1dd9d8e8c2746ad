"""A card of one forecaster and one type shows the tables of that type alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger


@pytest.mark.parametrize("full", [False, True])
def test_no_table_of_yes_or_no_stands_on_a_card_of_another_type(clock: Clock, tmp_path: Path, full: bool) -> None:
    clock.set("2026-01-02")
    with Ledger(tmp_path / "types.db", me="ed") as ledger:
        until = "2026-06-30"
        ledger.add("Cars sold", deadline=until, slug="cars", unit="million", between=(0, 10), quantiles={0.5: 4})
        ledger.add("Which?", deadline=until, slug="which", options=["a", "b"], p={"a": 0.3, "b": 0.7})
        ledger.add("It rains", deadline=until, slug="rain", p=0.3)
        ledger.forecast("cars", quantiles={0.5: 5}, by="bob")
        ledger.forecast("rain", 0.4, by="bob")
        clock.set("2026-08-20")
        ledger.resolve("cars", 4, known_on="2026-07-01")

        numbers, choices = (str(ledger.scorecard(by="bob", type=kind, full=full)) for kind in ("number", "choice"))
        both = str(ledger.scorecard(by="bob", full=full))

    assert "HOW MANY" in numbers
    assert "NUMBERS" in numbers
    assert "no forecast by bob on a scored claim of type choice yet" in choices
    for card in (numbers, choices):
        assert "WHO WAS RIGHT" not in card
        assert "SCORES" not in card
    assert "WHO WAS RIGHT" in both
