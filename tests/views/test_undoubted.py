"""What was hardly in doubt is said wherever it raises a skill: on scorecards, the leaderboard, and the claim's card."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger, LedgerWarning

OPTIONS = list("abcdefgh")
PADDED = {
    "choice": ({"options": OPTIONS, "p": dict(zip(OPTIONS, [0.5, 0.3, 0.1, 0.05, 0.05, 0, 0, 0], strict=True))}, "a"),
    "ordered": (
        {"options": OPTIONS, "ordered": True, "p": dict(zip(OPTIONS, [0, 0, 0.5, 0.5, 0, 0, 0, 0], strict=True))}, "c",
    ),
    "number": ({"unit": "m", "between": (0, 100), "quantiles": {0.1: 2, 0.5: 4, 0.6: 6, 0.9: 7}}, 4),
    "date": ({"when": True, "p": {"2026-01-11": 0.0, "2026-01-21": 1.0, "2026-04-11": 1.0}}, "yes"),
}  # fmt: skip
TOLD = {"choice": "3 of 8 options", "ordered": "6 of 7 cuts", "number": "95 % of the range", "date": "93 of 100 days"}
SHARE = {"choice": 3 / 8, "ordered": 6 / 7, "number": 0.95, "date": 93 / 100}


def padded(ledger: Ledger, clock: Clock, type_: str, count: int = 2) -> str:
    """Fill the ledger with claims whose questions are mostly settled beforehand; return the slug of the first."""
    asked, outcome = PADDED[type_]
    clock.set("2026-01-01")
    for number in range(count):
        ledger.add(f"Padded {number}", deadline="2026-04-11", **asked)
    clock.set("2026-07-15")
    happened = {"happened_on": "2026-01-16"} if type_ == "date" else {}
    for number in range(count):
        ledger.resolve(f"padded-{number}", outcome, known_on="2026-04-12", reason="counted", **happened)
    return "padded-0"


@pytest.mark.parametrize("type_", PADDED)
def test_every_card_says_what_was_hardly_in_doubt(ledger: Ledger, clock: Clock, type_: str) -> None:
    slug = padded(ledger, clock, type_)

    card, row = ledger.scorecard(), ledger.scorecard().rows()[0]
    in_words = " ".join(str(card).split())
    [of_type] = card.to_dict()["types"]
    claim = ledger.claim(slug)

    how = "everybody's middle 80 %" if type_ != "choice" else "2 % or less from everybody, or 98 % or more"
    count, of = (int(word) * 2 for word in TOLD[type_].split() if word.isdigit()) if type_ != "number" else (0, 0)
    told = TOLD[type_] if type_ == "number" else f"{count} of {of} {TOLD[type_].split()[-1]}"
    assert f"{how}): ana {told}" in in_words
    assert (row["undoubted"], of_type["undoubted"]) == pytest.approx((SHARE[type_],) * 2, abs=1e-6)
    for text in (str(claim), str(ledger.claim(slug, full=True)), claim.to_dict()["hardly_in_doubt"]):
        assert f"{TOLD[type_]} hardly in doubt" in " ".join(text.split())
    assert TOLD[type_] in claim._repr_html_()


@pytest.mark.parametrize("verdict", ["annulled", "ambiguous"])
@pytest.mark.parametrize("type_", PADDED)
def test_the_card_of_a_claim_that_is_never_scored_says_nothing_of_it(
    ledger: Ledger, clock: Clock, type_: str, verdict: str
) -> None:
    slug = padded(ledger, clock, type_)
    assert ledger.claim(slug).to_dict()["hardly_in_doubt"]

    ledger.resolve(slug, verdict, known_on="2026-04-12", reason="it cannot be told")

    assert ledger.claim(slug).to_dict()["hardly_in_doubt"] is None
    assert "hardly in doubt" not in f"{ledger.claim(slug)} {ledger.claim(slug, full=True)}"


def test_a_doubt_of_a_crowd_or_one_that_was_never_scored_leaves_the_note(ledger: Ledger, clock: Clock) -> None:
    even = dict.fromkeys(OPTIONS, 0.125)
    clock.set("2026-01-01")
    ledger.add("Which", deadline="2026-04-11", **PADDED["choice"][0])
    clock.set("2026-03-01")
    ledger.forecast("which", even, by="the-crowd", kind="crowd")
    ledger.forecast("which", even, by="ben", made_at="2026-01-05")
    ledger.forecast("which", even, by="cyd")
    ledger.forecast("which", PADDED["choice"][0]["p"], by="cyd")  # before the other stood
    clock.set("2026-04-11")
    with pytest.warns(LedgerWarning, match="never scored"):
        ledger.forecast("which", even, by="cyd", again=True)  # it would stand when the window is over
    clock.set("2026-07-15")
    ledger.resolve("which", "a", known_on="2026-04-12", reason="counted")

    assert ledger.claim("which").to_dict()["hardly_in_doubt"].startswith("3 of 8 options")
    assert {row["undoubted"] for row in ledger.scorecard(crowds=True).rows()} == {3 / 8}


def test_a_doubt_that_stood_takes_the_note_away(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-01")
    ledger.add("Which", deadline="2026-04-11", **PADDED["choice"][0])
    clock.set("2026-03-01")
    ledger.forecast("which", dict(zip(OPTIONS, [0.1, 0.15, *[0.125] * 6], strict=True)), by="ben")
    clock.set("2026-07-15")
    ledger.resolve("which", "a", known_on="2026-04-12", reason="counted")

    assert ledger.claim("which").to_dict()["hardly_in_doubt"] is None
    assert ledger.scorecard().rows()[0]["undoubted"] == 0


def test_the_leaderboard_says_it_of_all_types_together_and_of_each_line(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-01")
    for number in range(12):
        ledger.add(f"Which {number}", deadline="2026-04-11", **PADDED["choice"][0])
        ledger.forecast(f"which-{number}", PADDED["choice"][0]["p"], by="ben")
        ledger.add(f"Rain {number}", deadline="2026-04-11", p=0.99 if number < 4 else 0.6)
        ledger.forecast(f"rain-{number}", 0.98, by="ben")
    clock.set("2026-07-15")
    for number in range(12):
        ledger.resolve(f"which-{number}", "a", known_on="2026-04-12", reason="counted")
        ledger.resolve(f"rain-{number}", "yes", known_on="2026-04-12", reason="counted")

    board = ledger.leaderboard()
    text = " ".join(str(board).split())

    assert "Hardly in doubt, which raises every skill: 4 of 12 claims, 36 of 96 options (2 % or less" in text
    assert [row["undoubted"] for row in board.rows()] == pytest.approx([(4 + 12 * 3 / 8) / 24] * 2)
    assert "36 of 96 options" in board._repr_html_()
    assert "ana 4 of 12 claims" in " ".join(str(ledger.scorecard()).split())


def test_where_everything_was_in_doubt_nothing_is_said(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-01")
    ledger.add("Rain", deadline="2026-02-01", p=0.5)
    ledger.add("Who", deadline="2026-02-01", options=["a", "b"], p={"a": 0.5, "b": 0.5})
    clock.set("2026-04-01")
    ledger.resolve("who", "a", known_on="2026-02-02", reason="counted")
    ledger.resolve("rain", "yes", known_on="2026-02-02", reason="counted")

    assert "doubt" not in f"{ledger.scorecard()} {ledger.claim('who')} {ledger.leaderboard()}"
