"""A corrected number: its receipt says what counts, and the card shows what is scored beside it."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger


@pytest.fixture
def rain(ledger: Ledger, clock: Clock) -> Ledger:
    """A ledger in which Ana said 0.30."""
    clock.set("2026-11-29T09:00:00Z")
    ledger.me = "ana"
    ledger.add("Rain falls", deadline="2026-12-31", p=0.3)
    return ledger


def test_a_correction_within_minutes_says_no_more_than_that(rain: Ledger) -> None:
    receipt = rain.correct("rain-falls ana", probability=0.4, reason="a slip")

    assert str(receipt) == "rain-falls: probability corrected, revision 2\n  that of ana, 2026-11-29: 0.30, now 0.40"
    assert "corrected" not in str(rain.claim("rain"))


def test_a_correction_before_the_answer_counts_from_then(rain: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01T09:00:00Z")

    receipt = rain.correct("rain-falls ana", probability=0.99, reason="a slip")

    told = " ".join(str(receipt).split())
    assert "it counts from now on; until now 0.30 does" in told
    card = " ".join(str(rain.claim("rain")).split())
    assert "corrected 2026-12-01, counts from then; 0.30 before" in card.replace(" 0.99 0.30 ", " ")
    assert "0.99 0.30" in card


@pytest.mark.parametrize("verdict", ["yes", None])
def test_a_correction_after_the_answer_or_the_window_does_not_count(
    rain: Ledger, clock: Clock, verdict: str | None
) -> None:
    clock.set("2027-02-15T09:00:00Z")
    if verdict:
        rain.resolve("rain", verdict, happened_on="2026-12-09")

    receipt = rain.correct("rain-falls ana", probability=0.99, reason="a slip")

    assert "does not count: 0.30 is scored" in " ".join(str(receipt).split())
    card = " ".join(str(rain.claim("rain")).split())
    assert "corrected 2027-02-15, too late to count: 0.30 is scored" in card.replace(" 0.99 0.30 ", " ")
    assert "0.99 0.30" in card
    rain.resolve("rain", "yes", happened_on="2026-12-09")
    assert rain.scorecard().figures["ana"].brier == pytest.approx(0.49)


def test_a_note_that_is_corrected_changes_nothing_that_counts(rain: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01T09:00:00Z")

    receipt = rain.correct("rain-falls ana", note="clouds", reason="forgot it")

    assert str(receipt) == "rain-falls: note corrected, revision 2\n  that of ana, 2026-11-29"


def test_a_backdated_number_stands_apart_once_corrected_too(rain: Ledger, clock: Clock) -> None:
    rain.forecast("rain", 0.5, by="bob", kind="person", made_at="2026-11-29T01:00:00Z")

    receipt = rain.correct("rain-falls bob", probability=0.6, reason="a slip")

    assert "stands apart on every card" in str(receipt)


def test_the_scored_number_is_told_of_where_a_later_forecast_stands(rain: Ledger, clock: Clock) -> None:
    clock.set("2026-12-02T09:00:00Z")
    first = rain.forecast("rain", 0.2)
    clock.set("2026-12-03T09:00:00Z")
    rain.forecast("rain", 0.1)
    clock.set("2026-12-04T09:00:00Z")

    rain.correct(first, probability=0.99, reason="a slip")

    card = " ".join(str(rain.claim("rain")).split())
    assert "ana 0.99 on 2026-12-02 (corrected 2026-12-04, counts from then; 0.20 before)" in card
