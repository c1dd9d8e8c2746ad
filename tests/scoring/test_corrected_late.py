"""A number of a dated source is put right soon, or it counts from when it was put right: nobody improves an old one."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger

OPENS, DEADLINE, SOON, ON_THE_WAY, AFTER = "2026-01-01", "2026-04-10", "2026-01-06", "2026-02-20", "2026-05-20"
LINK = {"said_on": OPENS, "link": "https://ann.example/post", "deadline": DEADLINE, "opens_on": OPENS}
NUMBERS: dict[str, Any] = {"unit": "cars", "between": (0, 10)}
OPTIONS: dict[str, Any] = {"options": ["north", "south", "west"]}
TO_THE_END = {"2026-04-10": 0.2}
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {  # what is quoted, what it becomes, what comes true
    "a number": ({"p": 0.2}, {"probability": 0.97}, "yes"),
    "a range": ({"low": 0.1, "high": 0.3}, {"low": 0.9, "high": 0.99}, "yes"),
    "words as a number": ({"words": "unlikely"}, {"probability": 0.97, "words": None, "scale": None}, "yes"),
    "other words": ({"words": "unlikely"}, {"words": "almost certain"}, "yes"),
    "shares": (
        {"p": {"north": 0.6, "south": 0.2, "west": 0.2}, **OPTIONS},
        {"p": {"north": 0.02, "south": 0.96, "west": 0.02}},
        "south",
    ),
    "quantiles": (
        {"quantiles": {0.1: 1, 0.5: 2, 0.9: 3}, **NUMBERS},
        {"quantiles": {0.1: 7.8, 0.5: 8, 0.9: 8.2}},
        "8",
    ),
    "days": ({"p": TO_THE_END, "when": True}, {"p": {"2026-04-10": 0.98}}, "yes"),
}


def quote(ledger: Ledger, kind: str) -> None:
    ledger.quote("Ann", "It comes", slug="c", kind="person", **{**LINK, **KINDS[kind][0]})


def decide(ledger: Ledger, clock: Clock, kind: str, *, on: str = AFTER) -> None:
    clock.set(on)
    outcome = KINDS[kind][2]
    when = {"happened_on" if outcome == "yes" else "known_on": "2026-04-05"}
    ledger.resolve("c", outcome, reason="seen", **when)


def put_right(ledger: Ledger, clock: Clock, kind: str, on: str) -> None:
    clock.set(on)
    ledger.correct("c ann", reason="a slip", **KINDS[kind][1])


def figures(ledger: Ledger) -> list[object]:
    return [*ledger.scorecard().rows(), *ledger.leaderboard().rows()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_replaced_after_the_answer_does_not_count(ledger: Ledger, clock: Clock, kind: str) -> None:
    clock.set(OPENS)
    quote(ledger, kind)
    decide(ledger, clock, kind)
    as_said = figures(ledger)

    put_right(ledger, clock, kind, AFTER)

    assert figures(ledger) == as_said
    assert "corrected 2026-05-20" in str(ledger.claim("c")) or "words" in kind


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"other words", "a range"}))
def test_a_slip_put_right_soon_keeps_the_day_of_its_source(ledger: Ledger, clock: Clock, kind: str) -> None:
    clock.set(OPENS)
    quote(ledger, kind)
    put_right(ledger, clock, kind, SOON)
    decide(ledger, clock, kind)

    (row,) = ledger.scorecard().rows()

    assert row["entered"] < 0.02
    assert row["brier"] < 0.3  # as it was put right; of days each counts


def test_what_is_put_right_on_the_way_counts_from_then(ledger: Ledger, clock: Clock) -> None:
    clock.set(OPENS)
    quote(ledger, "a number")
    put_right(ledger, clock, "a number", ON_THE_WAY)
    decide(ledger, clock, "a number")

    row = ledger.scorecard().rows()[0]

    assert row["brier"] == pytest.approx(0.64)
    assert f"corrected {ON_THE_WAY}, counts" in str(ledger.claim("c"))


def test_what_was_quoted_after_the_answer_can_be_put_right_and_is_told(ledger: Ledger, clock: Clock) -> None:
    clock.set(AFTER)
    quote(ledger, "a number")
    decide(ledger, clock, "a number")
    put_right(ledger, clock, "a number", "2026-05-21")

    assert ledger.scorecard().rows()[0]["brier"] == pytest.approx(0.0009)
    assert "recorded after the answer: 1 forecast (1 of Ann)" in str(ledger.scorecard())


@pytest.mark.parametrize("happened", ["2026-01-20", "2026-03-01"])
def test_what_is_put_right_after_it_happened_does_not_count_however_late_that_was_public(
    ledger: Ledger, clock: Clock, happened: str
) -> None:
    clock.set(OPENS)
    quote(ledger, "a number")
    put_right(ledger, clock, "a number", happened)
    clock.set(AFTER)
    ledger.resolve("c", "yes", happened_on=happened, known_on="2026-04-09", reason="seen")

    assert ledger.scorecard().rows()[0]["brier"] == pytest.approx(0.64)
