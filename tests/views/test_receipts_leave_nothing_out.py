"""Receipts say what a person must know: what stands since, what was replaced, which of several was corrected."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock

from predictions import Conflict, InvalidValue, Ledger, LedgerWarning

SAID = {"deadline": "2025-06-30", "said_on": "2025-01-05", "link": "https://oracle.example/x"}


@pytest.mark.parametrize("outcome", ["yes", "no", "50%", "ambiguous", "annulled"])
@pytest.mark.parametrize("because", [(), ["https://a.example/1", "https://a.example/2"]])
def test_a_verdict_in_place_of_another_always_says_so(ledger: Ledger, outcome: str, because: Any) -> None:
    ledger.quote("Bob", "It rains", p=0.4, **SAID)
    ledger.resolve("it-rains", "30%", known_on="2025-08-01", reason="a")

    receipt = ledger.resolve("it-rains", outcome, known_on="2025-08-02", reason="b", because=because)

    assert "resolution 2: what was decided before stays on file" in repr(receipt)


def test_said_again_the_receipt_says_what_stands_since(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026", p=0.3)
    clock.set("2026-01-02")
    ledger.forecast("it-rains", 0.2)

    again = ledger.add("It rains", deadline="2026", p=0.3)

    assert repr(again) == "it-rains stands already, and ana 0.20 since 2026-01-02; nothing new"


def test_what_is_not_given_again_is_not_compared(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026", note="clouds")
    ledger.correct("it-rains", note="dark clouds", cluster="wet")

    assert ledger.add("It rains", deadline="2026").wrote == 0
    with pytest.raises(Conflict) as refused:
        ledger.add("It rains", deadline="2026", tags=["a", "b"])
    assert "note" not in str(refused.value)
    assert "cluster" not in str(refused.value)

    eval(str(refused.value).split("to correct it: ")[1].replace("...", "wet"), {"ledger": ledger})
    claim = ledger.claim("it-rains").claim
    assert (claim.tags, claim.notes, claim.cluster) == (("a", "b"), "dark clouds", "wet")


def test_a_forecast_recorded_beside_an_old_claim_is_not_told_as_nothing(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026", tags=["a"], p=0.3)
    ledger.correct("it-rains", tags=["b"])

    with pytest.warns(LedgerWarning, match="since corrected .*; the correction stands"):
        receipt = ledger.add("It rains", deadline="2026", tags=["a"], p=0.4)

    assert receipt.wrote == 1


def test_the_note_of_a_claim_leads_to_that_of_the_forecast(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026", p=0.3, note="clouds")
    ledger.add("It snows", deadline="2026", note="clouds")

    told = " ".join(repr(ledger.correct("it-rains", note="dark")).split())

    assert 'that of your forecast: ledger.correct("it-rains ana", note="...", reason="...")' in told
    assert "that of your forecast" not in repr(ledger.correct("it-snows", note="dark"))


def test_a_corrected_forecast_is_named_with_what_it_was(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026", p=0.3)
    clock.set("2026-01-02")
    ledger.forecast("it-rains", 0.2)

    assert "that of ana, 2026-01-02: 0.20, now 0.25" in repr(ledger.correct("it-rains ana", p=0.25, reason="a slip"))
    assert "that of ana, 2026-01-02" in repr(ledger.correct("it-rains ana", note="x", reason="a slip"))


def test_a_claim_that_a_correction_takes_off_the_card_leaves_a_trace(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026", p=0.3)
    ledger.add("It snows", deadline="2026", p=0.3)
    before = ledger.scorecard()

    receipt = ledger.correct("it-rains", scored=False)

    assert "no scorecard counts it from now on; NOT COUNTED names it" in repr(receipt)
    told = "taken off by a correction (scored=False): it-rains"
    assert (told in repr(before), told in " ".join(repr(ledger.scorecard()).split())) == (False, True)
    assert "not scored, so it is in no mean and no count" in repr(ledger.forecast("it-rains", 0.5))
    ledger.correct("it-snows", scored=False)
    assert "it-rains, it-snows" in " ".join(repr(ledger.scorecard()).split())
    ledger.correct("it-rains", scored=True)
    assert "it-rains" not in repr(ledger.scorecard()).partition("NOT COUNTED")[2]


@pytest.mark.parametrize("change", [{"p": 0.3}, {"outcome": "yes"}])
def test_supersede_leads_on_with_the_claim_that_is_on_file(ledger: Ledger, change: dict[str, object]) -> None:
    ledger.add("It rains", deadline="2026")

    with pytest.raises(InvalidValue, match=r"ledger\.(forecast|resolve)\('it-rains', "):
        ledger.supersede("it-rains", reason="x", **change)
