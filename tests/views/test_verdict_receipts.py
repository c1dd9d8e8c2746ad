"""The receipt of a verdict names for whom it does not count, and why: for every type, and every way to be left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger

BASIS: dict[str, Any] = {"deadline": "2026-12-10", "opens_on": "2026-11-01", "slug": "rain"}
TYPES: dict[str, tuple[dict[str, Any], dict[str, Any], Any]] = {  # what is asked, what is said, how it came out
    "yes-no": ({}, {"p": 0.3}, "no"),
    "events": ({"at_least": 1, "conditions": {"wet": "It is wet"}}, {"p": 0.3}, "no"),
    "choice": ({"options": ["north", "other"]}, {"p": {"north": 0.4, "other": 0.6}}, "north"),
    "number": ({"unit": "mm", "between": (0, 10)}, {"quantiles": {0.1: 2, 0.5: 4, 0.9: 6}}, 5),
    "date": ({"when": True}, {"p": {"2026-12-10": 0.4}}, "2026-12-10"),
}
pytestmark = pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")


def backdated(ledger: Ledger, clock: Clock, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ledger.add("It rains", **BASIS, **asked)
    ledger.forecast("rain", **said, made_at="2026-11-20")


def too_late(ledger: Ledger, clock: Clock, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ledger.add("It rains", **BASIS, **asked)
    clock.set("2026-12-11")
    ledger.forecast("rain", **said)


def on_the_last_day(ledger: Ledger, clock: Clock, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ledger.add("It rains", **BASIS, **asked)
    clock.set("2026-12-10")
    ledger.forecast("rain", **said)


def on_the_day_of_the_answer(ledger: Ledger, clock: Clock, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ledger.add("It rains", **BASIS, **asked)
    clock.set("2026-12-05")
    ledger.forecast("rain", **said)


def after_close(ledger: Ledger, clock: Clock, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ledger.add("It rains", **BASIS, **asked, closes_at="2026-11-28T10:00Z")
    ledger.forecast("rain", **said)


def withdrawn(ledger: Ledger, clock: Clock, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ledger.add("It rains", **BASIS, **asked)
    ledger.forecast("rain", **said)
    ledger.withdraw("rain")


def superseded(ledger: Ledger, clock: Clock, asked: dict[str, Any], said: dict[str, Any]) -> None:
    ledger.add("It rains", **{**BASIS, "slug": "old"}, **asked)
    ledger.forecast("old", **said)
    clock.set("2026-12-02")
    ledger.supersede("old", slug="rain", criteria="As the station tells", reason="what decides was left open")
    ledger.forecast("rain", **said)


WAYS: dict[Callable[..., None], str] = {
    backdated: "backdated",
    too_late: "too late",
    on_the_last_day: "too late",
    on_the_day_of_the_answer: "on the day of the answer",
    after_close: "too late",
    withdrawn: "withdrawn",
    superseded: "scored on another claim of the chain",
}


def decided(ledger: Ledger, clock: Clock, of: str, way: Callable[..., None], *others: str) -> str:
    """Let ana's forecast be left out in one way, let *others* forecast in time, and tell the receipt of the verdict."""
    clock.set("2026-12-01")
    asked, said, outcome = TYPES[of]
    way(ledger, clock, asked, said)
    for who in others:
        ledger.forecast("rain", **said, by=who, kind="person")
    clock.set("2027-02-01")
    known = {} if of in {"yes-no", "events", "date"} else {"known_on": "2026-12-11"}
    if way is on_the_day_of_the_answer:
        known = {"known_on": "2026-12-05", "reason": "seen"}
        outcome = {"yes-no": "yes", "events": "yes", "date": "2026-12-05"}.get(of, outcome)
    receipt = ledger.resolve("rain", outcome, **known)
    assert len(str(receipt).splitlines()) <= 5
    return " ".join(str(receipt).split())


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("of", TYPES)
def test_a_verdict_that_nobody_is_scored_by_says_so_and_why(
    ledger: Ledger, clock: Clock, of: str, way: Callable[..., None]
) -> None:
    told = decided(ledger, clock, of, way)

    assert f"it counts for nobody: ana ({WAYS[way]})" in told
    assert "counts on scorecards" not in told
    assert all(row["place"] != "scored" for row in ledger.scorecard().rows() if row["claim"] == "rain")


@pytest.mark.parametrize("way", [backdated, withdrawn, superseded], ids=lambda way: way.__name__)
@pytest.mark.parametrize("of", TYPES)
def test_who_is_left_out_beside_others_who_are_scored_is_named(
    ledger: Ledger, clock: Clock, of: str, way: Callable[..., None]
) -> None:
    told = decided(ledger, clock, of, way, "Bob")

    assert "it counts on scorecards from " in told
    assert f"in no mean: ana ({WAYS[way]})" in told


def test_where_all_count_nobody_is_named(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01")
    ledger.add("It rains", **BASIS, p=0.4)
    clock.set("2027-02-01")

    told = str(ledger.resolve("rain", "no"))

    assert told.endswith("known from 2027-01-09, its settle day; it counts on scorecards from then")


def test_a_forecast_on_a_draft_that_asked_otherwise_is_named(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01")
    ledger.add("Which rains", **BASIS, options=["north", "other"], p={"north": 0.4, "other": 0.6})
    ledger.correct("rain", options=["south", "other"])
    clock.set("2027-02-01")

    told = str(ledger.resolve("rain", "south", known_on="2026-12-11"))

    assert "it counts for nobody: ana (no longer fits)" in told


def test_a_claim_whose_condition_failed_is_annulled_whatever_is_said(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01")
    ledger.add("It clouds", **{**BASIS, "slug": "clouds"})
    ledger.add("It rains", **BASIS, p=0.4, given="clouds")
    clock.set("2027-02-01")
    ledger.resolve("clouds", "no")

    told = str(ledger.resolve("rain", "yes", happened_on="2026-12-05"))

    assert "annulled all the same: clouds, which it is given, did not come true" in told
    assert "counts" not in told


def test_what_is_not_scored_is_in_no_mean(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01")
    ledger.add("It rains", **BASIS, p=0.4)
    ledger.correct("rain", scored=False)
    clock.set("2027-02-01")

    assert "not scored, so it is in no mean and no count" in " ".join(str(ledger.resolve("rain", "no")).split())


def test_words_that_were_read_afterwards_are_in_the_plain_counts_and_in_no_mean(ledger: Ledger, clock: Clock) -> None:
    clock.set("2027-02-01")
    said = {"said_on": "2026-11-02", "link": "https://a.example/1"}
    ledger.quote("Bob", "It will rain", **BASIS, words="will", **said)

    told = str(ledger.resolve("rain", "no"))

    assert "it counts on scorecards from then\n  in no mean: Bob (words read afterwards)" in told
    assert "Bob     1    1          0        1" in str(ledger.scorecard())


@pytest.mark.parametrize("of", TYPES)
def test_a_number_that_comes_with_its_claim_too_late_is_not_promised_to_count(
    ledger: Ledger, clock: Clock, of: str
) -> None:
    clock.set("2026-12-20")
    asked, said, _ = TYPES[of]

    told = str(ledger.add("It rains", **BASIS, **asked, **said))

    assert "a verdict is due 2027-01-09; this forecast comes too late to count" in told
    assert "counts on scorecards" not in told


@pytest.mark.parametrize(("known_on", "before"), [
    ("2026-11-25", "2026-11-20 10:00:00Z, when it closed"), ("2026-12-15", "2026-11-20 10:00:00Z, when it closed"),
    ("2026-11-10T12:00Z", "2026-11-10 12:00:00Z"), ("2026-11-10", "2026-11-10 began"),
])  # fmt: skip
@pytest.mark.parametrize("of", TYPES)
def test_it_says_until_when_forecasts_of_a_claim_that_closes_count(
    ledger: Ledger, clock: Clock, of: str, known_on: str, before: str
) -> None:
    asked, said, outcome = TYPES[of]
    clock.set("2026-10-01")
    ledger.add("It rains", **BASIS, **asked, closes_at="2026-11-20T10:00Z")
    ledger.forecast("rain", **said)
    clock.set("2027-02-01")
    outcome = {"yes-no": "yes", "events": "yes", "date": "2026-11-08"}.get(of, outcome)

    receipt = " ".join(str(ledger.resolve("rain", outcome, known_on=known_on, reason="seen")).split())

    assert receipt.endswith(f"forecasts scored: those before {before}")
