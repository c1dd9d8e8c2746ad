"""Options that are likeliest together are told as a tie where a choice is said in few words."""

from __future__ import annotations

import re

import pytest
from conftest import Clock

from forecasts import undoubted
from predictions import Ledger
from predictions.numerals import two_places
from predictions.views.distribution_text import LONGEST_WORD, TIED_WITHIN

TIES = {
    "two of three": {"north-lab": 0.45, "south-lab": 0.45, "other": 0.1},
    "all of three": dict.fromkeys(("reds", "blues", "greens"), 1 / 3),
    "two long names": {
        "candidate-of-the-northern-party": 0.4, "candidate-of-the-southern-party": 0.4, "nobody": 0.2,
    },
}  # fmt: skip


@pytest.mark.parametrize("shares", TIES.values(), ids=TIES)
@pytest.mark.parametrize("turned", [False, True], ids=["as-listed", "turned"])
def test_no_list_tells_one_of_those_that_tie(
    ledger: Ledger, clock: Clock, shares: dict[str, float], turned: bool
) -> None:
    options = list(reversed(shares)) if turned else list(shares)
    likeliest = [option for option in options if shares[option] == max(shares.values())]
    named, chance = " and ".join(likeliest), two_places(max(shares.values()), 3)
    said = f"{named if len(named) <= LONGEST_WORD else len(likeliest)} tied {chance}"
    ledger.add("Who?", deadline="2026-06-30", options=options, slug="who")
    ledger.forecast("who", shares, by="bob")

    (row,) = re.findall(r"^who .*$", str(ledger.board(full=False)), re.MULTILINE)
    blocks = " ".join(str(ledger.board(full=True)).split())
    clock.set("2026-07-05")
    due = " ".join(str(ledger.due()).split())

    assert f" {len(likeliest)} tied {chance} " in row
    assert f"bob {said}" in blocks
    assert f"bob {said}" in due


def test_an_option_that_is_ahead_is_told_alone(ledger: Ledger) -> None:
    ledger.add("Who?", deadline="2026-06-30", options=["a", "b"], slug="who", p={"a": 0.501, "b": 0.499})

    assert "a 0.501" in str(ledger.board(full=False))
    assert "tied" not in str(ledger.board(full=False))


def test_lists_and_scores_take_the_same_shares_for_a_tie() -> None:
    assert TIED_WITHIN == undoubted.ROUNDING
