"""A forecast that comes too late to count is marked on every card, and stands where its forecaster has no other."""

from __future__ import annotations

import pytest
from club_of_types import TERMS as ASKED
from club_of_types import TYPES
from conftest import Clock

from predictions import Ledger
from predictions.views.board.board import MOST_BLOCKS

TERMS = {
    "yes-no": ({}, 0.3, 0.95, {"outcome": "yes", "happened_on": "2026-05-05"}),
    "choice": ({"options": ["a", "b"]}, {"a": 0.3, "b": 0.7}, {"a": 0.9, "b": 0.1},
               {"outcome": "a", "known_on": "2026-05-05"}),
    "date": ({"when": True}, {"2026-05-01": 0.2, "2026-12-31": 0.3}, None, {"outcome": "2026-05-05"}),
}  # fmt: skip


@pytest.fixture
def resolved(ledger: Ledger, clock: Clock, request: pytest.FixtureRequest) -> Ledger:
    """A claim that came out on 2026-05-05, on which ana forecast in time and bea afterwards."""
    terms, first, late, verdict = TERMS[request.param]
    ledger.add("It rains", deadline="2026-12-31", slug="rain", p=first, **terms)  # type: ignore[arg-type]
    clock.set("2026-06-01")
    ledger.resolve("rain", **verdict)  # type: ignore[arg-type]
    with pytest.warns(match="never scored"):
        ledger.forecast("rain", late or {"2026-12-31": 0.9}, by="bea")  # type: ignore[arg-type]
    return ledger


@pytest.mark.parametrize("resolved", TERMS, indirect=True)
def test_it_is_marked_on_every_card(resolved: Ledger) -> None:
    assert "too late" in resolved["rain"]._repr_html_()
    full = str(resolved.claim("rain", full=True))
    assert [line for line in full.splitlines() if "witnessed, too late" in line]
    board = " ".join(str(resolved.board()).split())
    assert "(too late)" in board.partition("bea")[2]
    assert "(too late)" not in board.partition("ana")[2].partition(";")[0]


@pytest.mark.parametrize("resolved", ["yes-no"], indirect=True)
def test_what_was_said_in_time_stands_and_the_late_number_is_told_apart(resolved: Ledger) -> None:
    with pytest.warns(match="never scored"):
        resolved.forecast("rain", 0.9, by="ana")

    card = " ".join(str(resolved["rain"]).split())
    assert "too late: ana 0.90 on 2026-06-01" in card
    assert "ana 0.30" in card


def test_a_listing_marks_it_and_says_what_the_mark_is(ledger: Ledger, clock: Clock) -> None:
    for number in range(MOST_BLOCKS + 1):
        ledger.add(f"It rains {number}", deadline="2026-12-31")
    clock.set("2026-06-01")
    ledger.resolve("it-rains-0", "yes", happened_on="2026-05-05")
    with pytest.warns(match="never scored"):
        ledger.forecast("it-rains-0", 0.9)

    board = str(ledger.board())
    assert "0.90*" in board
    assert "* backdated: nothing carries its day; or too late: it stands apart on every card" in board


@pytest.mark.parametrize(("said_on", "why"), [("2026-05-05", "on the day of the answer"), ("2026-06-01", "too late")])
@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
def test_the_cards_name_the_reason_that_the_receipt_names(
    ledger: Ledger, clock: Clock, terms: tuple, said_on: str, why: str
) -> None:
    asked, first, late, verdict = terms
    ledger.add("It rains", deadline="2026-12-31", slug="rain", p=first, **asked)
    clock.set(said_on)
    ledger.forecast("rain", late or {"2026-12-31": 0.9}, by="bea")

    receipt = " ".join(str(ledger.resolve("rain", **{"known_on": "2026-05-05", **verdict})).split())
    cards = [card._repr_html_() for card in (ledger["rain"], ledger.claim("rain", full=True), ledger.board(full=True))]

    assert f"bea ({why})" in receipt
    assert all(why in " ".join(card.split()) for card in cards)
    other = {"on the day of the answer", "too late"} - {why}
    assert not any(words in " ".join(card.split()) for card in cards for words in other)


@pytest.mark.parametrize("known_on", ["2026-01-02", "2026-02-01", None])
@pytest.mark.parametrize("type_", TYPES)
def test_a_forecast_of_the_last_day_is_too_late_whenever_the_answer_comes(
    ledger: Ledger, clock: Clock, type_: str, known_on: str | None
) -> None:
    clock.set("2026-01-02")
    ledger.add("It rains", deadline="2026-01-02", slug="rain", **ASKED[type_])
    chances = {"number": {"quantiles": {0.5: 3}}, "date": {"p": {"2026-01-02": 0.3}}, "yes-no": {"p": 0.3}}
    with pytest.warns(match="its window ended; this forecast is kept and never scored"):
        ledger.forecast("rain", **chances.get(type_, {"p": {"low": 0.3, "mid": 0.3, "high": 0.4}}), by="bea")
    clock.set("2026-03-01")
    outcome = {"yes-no": "yes", "number": 3, "date": "2026-01-02"}.get(type_, "low")

    receipt = str(ledger.resolve("rain", outcome, known_on=known_on, reason="seen")) if known_on else ""
    card, scores = ledger["rain"]._repr_html_(), ledger.scorecard()

    assert ("bea (too late)" in receipt) is bool(known_on)
    assert "too late" in card
    assert [row["place"] for row in scores.rows()] == ["too late"]
    assert "on the day of the answer" not in receipt + card + str(scores)
