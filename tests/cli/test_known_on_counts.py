"""A verdict counts from the settle day, or from the day on which it was known where that is later."""

from __future__ import annotations

from conftest import Clock

from predictions import Ledger


def test_a_verdict_counts_no_earlier_than_it_was_known(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-09-01")
    ledger.add("Which lab leads", deadline="2026-09-30", options=["a", "other"], p={"a": 0.4, "other": 0.6}, slug="lab")
    clock.set("2026-11-20")

    receipt = ledger.resolve("lab", "a", known_on="2026-11-01", reason="the list came late")

    assert "it counts on scorecards from 2026-11-01" in str(receipt)
    assert "2026-10-3" not in str(receipt)


def test_what_is_only_said_is_told_below_the_counts(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-20")
    for number in range(4):
        given = {"p": 0.6, "deadline": "2027", "said_on": "2026-01-05"}
        ledger.quote("Prof Pundit", f"Claim of number {number}", **given)

    card = str(ledger.scorecard())

    assert "said, and in no other column: Prof Pundit 4 backdated" in card
