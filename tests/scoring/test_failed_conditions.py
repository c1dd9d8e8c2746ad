"""A claim annulled because its own condition failed is in no doubt, if that was on file when nobody saw what comes."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger


def contest(ledger: Ledger, clock: Clock, *, decided_on: str, dissent: bool = False) -> None:
    """Thirty claims of two people, of which six are given a thing that does not come."""
    clock.set("2026-01-01")
    ledger.add("The law passes", deadline="2026-01-05", slug="law", settle_days=1)
    for number in range(30):
        given = {"given": "law"} if number < 6 else {}
        slug = ledger.add(f"Thing {number} comes", deadline="2026-03-31", slug=f"c{number}", **given).slug
        ledger.forecast(slug, 0.8 if number % 2 else 0.3, by="ann")
        ledger.forecast(slug, 0.55, by="bob")
    clock.set(decided_on)
    ledger.resolve("law", "no", reason="it was voted down")
    clock.set("2026-05-05")
    for number in range(6, 30):
        day = {"happened_on": "2026-03-31"} if number % 2 else {}
        ledger.resolve(f"c{number}", "yes" if number % 2 else "no", reason=f"seen {number}", **day)
    if dissent:
        ledger.resolve("law", "yes", happened_on="2026-01-04", dissent=True, by="Zed", reason="it passed")


def told(ledger: Ledger) -> str:
    return " ".join(" ".join(map(str, (ledger.scorecard(), ledger.leaderboard()))).split())


def test_a_failed_condition_leaves_nothing_in_doubt(ledger: Ledger, clock: Clock) -> None:
    contest(ledger, clock, decided_on="2026-01-08")
    shown, row = told(ledger), ledger.leaderboard().lines[0]

    assert ledger.scorecard(by="ann").short.lines[0].count.unclear == 6  # they stay in the counts
    assert row.unclear == 0
    assert not row.at_least
    for doubt in ("6 annulled:", "if all failed", "unclear or annulled", ">=", "whatever becomes of"):
        assert doubt not in shown


@pytest.mark.parametrize(
    ("decided_on", "dissent"),
    [("2026-05-04", False), ("2026-03-20", False), ("2026-01-12", False), ("2026-01-08", True)],
)
def test_what_is_said_of_a_condition_once_more_is_known_or_is_contested_is_in_doubt(
    ledger: Ledger, clock: Clock, decided_on: str, dissent: bool
) -> None:
    contest(ledger, clock, decided_on=decided_on, dissent=dissent)

    assert "6 annulled: " in told(ledger)
    assert ledger.leaderboard().lines[0].unclear == 6


def test_a_condition_decided_after_the_answer_was_on_file_is_in_doubt(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-01")
    for number in range(16):
        ledger.add(f"Ed calls {number} important", deadline="2026-12-31", slug=f"ed-{number}")
        slug = ledger.add(f"Thing {number} comes", deadline="2026-12-31", slug=f"c{number}", given=f"ed-{number}").slug
        ledger.forecast(slug, 0.8, by="ann")
        ledger.forecast(slug, 0.55, by="bob")
    clock.set("2026-01-10")
    for number in range(16):
        ledger.resolve(f"c{number}", "no", impossible=True, known_on="2026-01-10", reason=f"seen {number}")
    for number in range(4):
        ledger.resolve(f"ed-{number}", "no", impossible=True, known_on="2026-01-10", reason=f"he does not, {number}")
    clock.set("2027-02-01")

    assert "4 annulled: " in told(ledger)
    assert ledger.leaderboard().lines[0].unclear == 4
