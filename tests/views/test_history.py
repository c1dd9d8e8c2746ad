"""Everything recorded, in ledger order, and what concerns one record."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock, Refuses

from predictions import Ledger, NotFound


@pytest.fixture
def told(ledger: Ledger, clock: Clock) -> Ledger:
    ledger.add("It rains", deadline="2026-06-30", slug="rain", p=0.3)
    ledger.log_evidence("rain", "https://example.org/", "A storm", slug="storm", on="2025-12-24", counts="gale")
    clock.set("2026-02-01")
    ledger.me = "ben"
    ledger.retract("storm", reason="a hoax")
    ledger.resolve("rain", 0.5, known_on="2026-02-01", reason="a drizzle")
    return ledger


def kinds(ledger: Ledger, slug: str | None = None, **when: str) -> list[str]:
    return [str(row["kind"]) for row in ledger.history(slug, **when).rows()]


def test_everything_is_there_oldest_first(told: Ledger) -> None:
    assert kinds(told) == [
        "source", "statement", "claim", "forecaster", "forecast", "evidence", "event", "bearing", "evidence",
        "resolution",
    ]  # fmt: skip
    entries = [row["entry"] for row in told.history().rows()]
    assert entries == sorted(entries, key=lambda entry: int(str(entry)))


@pytest.mark.parametrize(
    ("slug", "found"),
    [
        ("storm", ["evidence", "bearing", "evidence"]),
        ("gale", ["event", "bearing"]),
        ("ana", ["forecaster", "forecast"]),
        ("rain", ["statement", "claim", "forecast", "bearing", "resolution"]),
    ],
)
def test_what_concerns_one_record_is_found(told: Ledger, slug: str, found: list[str]) -> None:
    assert kinds(told, slug) == found


def test_it_says_who_recorded_what_when_and_why(told: Ledger) -> None:
    shown = " ".join(str(told.history("storm")).split())

    assert "2026-01-01 09:00 evidence ana storm" in shown
    assert "2026-02-01 09:00 evidence ben storm retracted, revision 2: a hoax" in shown
    assert "rain 1 0.5" in str(told.history("rain"))
    assert "rain ana 0.3" in str(told.history("ana"))


def test_as_of_a_day_it_ends_there(told: Ledger) -> None:
    assert "resolution" not in kinds(told, as_of="2026-01-31")
    assert kinds(told, "storm", as_of="2026-01-31") == ["evidence", "bearing"]


@pytest.mark.parametrize(("slug", "words"), [("strom", ["did you mean 'storm'?"]), ("", ["no record ''"]), ("xyz", [])])
def test_a_slug_that_concerns_nothing_is_not_found(told: Ledger, refuses: Refuses, slug: str, words: list[str]) -> None:
    with refuses(*words, error=NotFound):
        told.history(slug)


@pytest.mark.parametrize(
    ("terms", "outcome", "how", "told"),
    [
        ({}, "yes", {"happened_on": "2026-01-20"}, "it 1 yes"),
        ({"when": True}, "yes", {"happened_on": "2026-01-20"}, "it 1 yes, on 2026-01-20"),
        ({"when": True}, "yes", {"happened_on": "2026-01"}, "it 1 yes, in January 2026"),
        ({"when": True}, "no", {"impossible": True}, "it 1 no"),
        ({"options": ["red", "blue"]}, "red", {}, "it 1 red"),
        ({"unit": "tons", "between": (0, 10)}, 4, {}, "it 1 4 tons"),
    ],
)
def test_a_verdict_is_told_as_its_type_has_it(
    ledger: Ledger, clock: Clock, terms: dict[str, Any], outcome: Any, how: dict[str, Any], told: str
) -> None:
    ledger.add("It comes out", deadline="2026-06-30", slug="it", **terms)
    clock.set("2026-02-01")
    ledger.resolve("it", outcome, known_on="2026-02-01", reason="seen", **how)

    assert [row.what for row in ledger.history("it").entries if row.kind == "resolution"] == [told]
