"""What changed between two cards, and why."""

from __future__ import annotations

from conftest import Clock
from test_scorecard import four_claims

from predictions import Ledger


def test_a_verdict_is_named_as_the_reason(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", by="2026-04-10", p=0.2)
    clock.set("2026-06-01")
    before = ledger.scorecard()
    ledger.resolve("it-comes-true", "no", known_on="2026-04-11", reason="the window ended")
    after = ledger.scorecard()

    found = after.diff(before)

    (change,) = found.changes
    assert (change.before, change.after) == ("overdue, p 0.20", "scored 0, p 0.20")
    assert change.why == ("verdict 1: no, known 2026-04-11, recorded 2026-06-01: the window ended",)
    assert found.means == (("ana", None, 0.2**2, 0, 1),)
    assert str(found) == str(before.diff(after))


def test_a_later_verdict_in_place_of_the_first_is_told(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    before = ledger.scorecard()
    clock.set("2026-06-10")
    ledger.resolve("number-1-comes-true", "yes", happened_on="2026-03-01", known_on="2026-03-02", reason="it had")

    found = ledger.scorecard(by="ana").diff(before)

    mine = next(change for change in found.changes if change.forecaster == "ana")
    assert (mine.brier_before, mine.brier_after) == (0.2**2, 0.8**2)
    assert "verdict 2: yes, known 2026-03-02, recorded 2026-06-10: it had" in mine.why
    assert any(change.forecaster == "ben" and change.after == "not on the card" for change in found.changes)


def test_a_day_that_came_is_a_reason_too(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", by="2026-04-10", p=0.2)
    clock.set("2026-06-01")

    found = ledger.scorecard(today="2026-04-11").diff(ledger.scorecard(today="2026-03-01"))

    assert found.changes[0].after == "due, no verdict, p 0.20"
    assert found.changes[0].why == ("the window ended 2026-04-10",)


def test_a_corrected_forecast_and_a_retraction_are_told(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", by="2026-04-10", p=0.2)
    ledger.log_evidence("it-comes-true", "https://example.org/a", "A sign", slug="sign", bears="supports")
    before = ledger.scorecard()
    clock.set("2026-02-01")
    ledger.forecast("it-comes-true", 0.5)
    ledger.retract("sign", reason="it was another port")
    clock.set("2026-04-12")

    found = ledger.scorecard().diff(before)

    assert found.changes[0].why == (
        "forecast 0.5 of 2026-02-01, recorded 2026-02-01",
        "evidence sign was retracted: it was another port",
        "the window ended 2026-04-10",
    )


def test_between_equal_cards_nothing_changed(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    assert str(ledger.scorecard().diff(ledger.scorecard())).endswith("nothing changed")
