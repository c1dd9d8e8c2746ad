"""A table with another verdict than the one on file changes nothing: it is listed, with a line that takes it over."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger

ON_FILE: dict[str, dict[str, Any]] = {
    "rain": {"outcome": "no", "reason": "lapsed"},
    "north": {"outcome": "rome", "known_on": "2026-04-01", "reason": "seen"},
    "cars": {"outcome": 4, "known_on": "2026-04-01", "reason": "seen"},
    "law": {"outcome": "yes", "happened_on": "2026-03-01", "reason": "seen"},
}
OTHERWISE = [
    {"claim": "rain", "outcome": "yes", "known_on": "2026-03-01", "reason": "lapsed"},
    {"claim": "rain", "outcome": "yes", "happened_on": "2026-03-01", "reason": "wet"},
    {"claim": "rain", "outcome": "yes", "happened_on": "2026-03-01"},
    {"claim": "rain", "outcome": "no", "reason": "not a drop"},
    {"claim": "rain", "outcome": "0.5", "known_on": "2026-05-01", "reason": "half of it"},
    {"claim": "rain", "outcome": "annulled", "reason": "moot"},
    {"text": "It rains", "deadline": "2026-03-31", "outcome": "ambiguous", "known_on": "2026-05-01", "reason": "haze"},
    {"claim": "north", "outcome": "oslo", "known_on": "2026-04-01", "reason": "seen"},
    {"claim": "north", "outcome": "annulled", "known_on": "2026-04-01", "reason": "moot"},
    {"claim": "cars", "outcome": 5, "known_on": "2026-04-01", "reason": "seen"},
    {"claim": "law", "outcome": "yes", "happened_on": "2026-03-05", "reason": "seen"},
    {"claim": "law", "outcome": "no", "reason": "not passed"},
]


@pytest.fixture
def resolved(clock: Clock, ledger: Ledger) -> Ledger:
    """A ledger with a verdict on a claim of each type."""
    common: dict[str, Any] = {"deadline": "2026-03-31", "settle_days": 10}
    ledger.add("It rains", slug="rain", p=0.3, **common)
    ledger.add("Northern city", slug="north", options=["rome", "oslo"], p={"rome": 0.3, "oslo": 0.7}, **common)
    ledger.add("Cars", slug="cars", unit="million", between=(0, 10), quantiles={0.1: 1, 0.5: 3, 0.9: 5}, **common)
    ledger.add("A law", slug="law", when=True, p={"2026-03-31": 0.3}, **common)
    clock.set("2026-06-01")
    for claim, verdict in ON_FILE.items():
        ledger.resolve(claim, **verdict)
    return ledger


@pytest.mark.parametrize("row", OTHERWISE, ids=lambda row: f"{row.get('claim', 'text')}-{row['outcome']}")
def test_another_verdict_in_a_table_is_left_and_listed_with_its_line(resolved: Ledger, row: dict[str, Any]) -> None:
    head = str(resolved.head())

    card = resolved.import_from("table", [row])

    assert str(resolved.head()) == head
    assert "changed since 1 question, left as it is:" in str(card)
    [change] = card.changes
    eval(change.python.replace("WHY", "put right"), {"ledger": resolved})
    assert str(resolved.head()) != head
    assert "changed since" not in str(resolved.import_from("table", [{**row, "reason": None}]))


def test_an_old_reason_is_no_reason_for_another_verdict(resolved: Ledger) -> None:
    [change] = resolved.import_from("table", [OTHERWISE[0]]).changes

    assert 'reason="WHY"' in change.python
    assert "lapsed" not in change.python
