"""The receipt of a withdrawal says what becomes of it, and offers only what the verb takes."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger


@pytest.fixture
def quoted(clock: Clock, ledger: Ledger) -> Ledger:
    """A ledger with a dated forecast of Bob's and one of ana's, halfway through the window."""
    clock.set("2026-01-10")
    quote = {"said_on": "2025-12-30", "link": "https://bob.example/1"}
    ledger.quote("Bob", "It rains", p=0.3, deadline="2026-12-31", slug="rain", **quote)
    ledger.forecast("rain", 0.5)
    clock.set("2026-06-01")
    return ledger


def told(receipt: object) -> str:
    return " ".join(str(receipt).split())


def over(ledger: Ledger, clock: Clock) -> None:
    clock.set("2027-02-10")
    ledger.resolve("rain", "no")


@pytest.mark.parametrize("by", ["bob", "ana"])
def test_a_backdated_withdrawal_offers_the_call_that_ends_the_forecast(quoted: Ledger, by: str) -> None:
    receipt = told(quoted.withdraw("rain", by=by, made_at="2026-03-01"))

    assert "published_in" not in receipt
    assert "so it stands apart on every card; to end the forecast from now on: " in receipt
    ended = eval(receipt.partition("now on: ")[2], {"ledger": quoted})

    assert told(ended).startswith("rain: ")
    assert "backdated" not in told(ended)


def test_a_forecast_taken_back_on_its_own_day_counts_until_then(quoted: Ledger) -> None:
    receipt = told(quoted.withdraw("rain", by="bob", made_at="2025-12-30", reason="another day"))

    assert "it counts from now on; until now 0.30 does" in receipt
    assert "backdated" not in receipt
    assert "counts from then; 0.30 before" in told(quoted.claim("rain"))


def test_a_forecast_taken_back_after_the_answer_is_scored_and_the_receipt_says_so(quoted: Ledger, clock: Clock) -> None:
    over(quoted, clock)

    receipt = told(quoted.withdraw("rain", by="bob", made_at="2025-12-30", reason="another day"))

    assert "does not count: 0.30 is scored" in receipt
    assert "too late to count: 0.30 is scored" in told(quoted.claim("rain"))


def test_nothing_is_offered_once_the_claim_is_over(quoted: Ledger, clock: Clock) -> None:
    over(quoted, clock)

    receipt = told(quoted.withdraw("rain", by="bob", made_at="2026-03-01"))

    assert receipt.endswith("so it stands apart on every card")


def test_a_number_replaced_on_its_own_day_counts_from_then(quoted: Ledger) -> None:
    receipt = told(quoted.forecast("rain", 0.4, by="bob", made_at="2025-12-30", reason="misread"))

    assert "it counts from now on; until now 0.30 does" in receipt
