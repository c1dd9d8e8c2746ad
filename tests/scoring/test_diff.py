"""What changed between two cards, and why."""

from __future__ import annotations

from typing import Any

import pytest
from club_of_types import NOISE, TYPES, club_of_types
from conftest import Clock
from scored_ledgers import four_claims

from predictions import Catalog, InvalidValue, Ledger
from predictions.records import Forecast, Forecaster, Source
from predictions.scoring.compare.cards import MeanChange


def test_a_verdict_is_named_as_the_reason(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.2)
    clock.set("2026-06-01")
    before = ledger.scorecard()
    ledger.resolve("it-comes-true", "no", known_on="2026-04-11", reason="the window ended")
    after = ledger.scorecard()

    found = after.diff(before)

    (change,) = found.changes
    assert (change.before, change.after) == ("overdue, p 0.20", "scored 0, p 0.20")
    assert change.why == ("verdict 1: no, known 2026-04-11, recorded 2026-06-01: the window ended",)
    assert found.forecasters == (MeanChange("ana", None, 0.2**2, 0, 1),)
    assert str(found) == str(before.diff(after))


def test_a_later_verdict_in_place_of_the_first_is_told(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    before = ledger.scorecard()
    clock.set("2026-06-10")
    ledger.resolve("number-1-comes-true", "yes", happened_on="2026-03-01", known_on="2026-03-02", reason="it had")

    found = ledger.scorecard().diff(before)

    mine = next(change for change in found.changes if change.forecaster == "ana")
    assert (mine.brier_before, mine.brier_after) == (0.2**2, 0.8**2)
    assert "verdict 2: yes, known 2026-03-02, recorded 2026-06-10: it had" in mine.why


def test_a_dissent_among_the_causes_is_called_one(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.2)
    before = ledger.scorecard()
    clock.set("2026-06-01")
    ledger.resolve("it-comes-true", "no", known_on="2026-04-11", reason="the window ended")
    ledger.resolve("it-comes-true", "yes", happened_on="2026-03-01", dissent=True, reason="it had", by="ben")

    (change,) = ledger.scorecard().diff(before).changes

    assert [cause.partition(",")[0] for cause in change.why[:1]] == ["verdict 1: no"]
    assert change.why[1].startswith("verdict 2, a dissent: yes, known 2026-03-01")


def published(ledger: Ledger, clock: Clock, **carried: str) -> None:
    """A resolved claim with one forecast, which a source and a piece of evidence date."""
    clock.set("2026-01-20")
    ledger.register(Catalog((Source(slug="paper", title="Paper", kind="article", published="2026-01-05"),)))
    ledger.add("It comes true", deadline="2026-04-10")
    ledger.add("Something else", deadline="2026-04-10")
    ledger.log_evidence("something-else", "https://example.org/a", "A sign", slug="sign", published="2026-01-05")
    said = {
        "claim": "it-comes-true",
        "forecaster": "ben",
        "made_at": "2026-01-05T12:00:00Z",
        "probability": 0.2,
        **carried,
    }
    ledger.register(Catalog((Forecaster(slug="ben", title="Ben"), Forecast.model_validate(said))))
    clock.set("2026-06-01")
    ledger.resolve("it-comes-true", "no", known_on="2026-04-11", reason="the window ended")


def test_a_corrected_source_of_a_forecast_is_the_reason(ledger: Ledger, clock: Clock) -> None:
    published(ledger, clock, published_in="paper")
    before = ledger.scorecard()

    ledger.correct("paper", published="2026-01-15", reason="the page says so")

    (change,) = ledger.scorecard().diff(before).changes
    assert (change.before, change.after) == ("scored 0, p 0.20", "backdated 0, p 0.20")
    assert change.why == ("source paper, recorded 2026-06-01, correction 1: the page says so",)


def test_corrected_or_retracted_evidence_that_carries_a_forecast_is_the_reason(ledger: Ledger, clock: Clock) -> None:
    published(ledger, clock, published_in_evidence="sign")
    before = ledger.scorecard()
    ledger.correct("sign", published="2026-01-15", reason="the page says so")
    between = ledger.scorecard()
    ledger.correct("sign", published="2026-01-05", reason="it was right")
    right = ledger.scorecard()
    ledger.retract("sign", reason="it was invented")

    moved, gone = between.diff(before).changes[0], ledger.scorecard().diff(right).changes[0]

    assert moved.why == ("evidence sign, recorded 2026-06-01, correction 1: the page says so",)
    assert gone.after == "backdated 0, p 0.20"
    assert gone.why == ("evidence sign was retracted: it was invented",)


def test_the_no_that_annuls_a_claim_is_the_reason(ledger: Ledger, clock: Clock) -> None:
    for slug, given in (("first", None), ("second", "first"), ("third", "second")):
        ledger.add(f"{slug} comes true", deadline="2026-04-10", slug=slug, given=given)
    ledger.forecast("third", 0.7)
    clock.set("2026-06-01")
    ledger.resolve("third", "yes", known_on="2026-04-11", happened_on="2026-02-01", reason="seen")
    before = ledger.scorecard()

    ledger.resolve("second", "no", known_on="2026-04-11", reason="it did not")

    (change,) = ledger.scorecard().diff(before).changes
    assert change.after == "annulled, p 0.70"
    assert change.why == (
        "second, which it is given: verdict 1: no, known 2026-04-11, recorded 2026-06-01: it did not",
    )
    assert "Brier 0.090 -> not scored" in str(ledger.scorecard().diff(before))


def test_a_corrected_tag_is_the_reason_why_a_claim_came_in(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.2, tags=["rain"])
    ledger.add("It snows", deadline="2026-04-10", tags=["snow"])
    before = ledger.scorecard(tag="snow")

    ledger.correct("claim it-comes-true", tags=["snow"], reason="it was snow")

    (change,) = ledger.scorecard(tag="snow").diff(before).changes
    assert change.before == "not on the card"
    assert change.why == ("claim it-comes-true, recorded 2026-01-01, correction 1: it was snow",)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "ana"}, "one card is by everybody and the other by ana, so they differ without anything"),
        ({"rule": "last"}, "one card is from the first forecasts and the other from the last forecasts"),
        ({"cohort": "resolved"}, "one card is with the settled claims and the other with the resolved claims"),
        ({"tag": "odd"}, "one card is of all scored claims and the other of tag odd"),
        ({"crowds": True}, "one card is by everybody and the other by everybody and their crowds"),
    ],
)
def test_cards_that_were_asked_for_otherwise_are_not_set_beside_each_other(
    ledger: Ledger, clock: Clock, asked: dict[str, Any], said: str
) -> None:
    four_claims(ledger, clock)

    with pytest.raises(InvalidValue, match=said):
        ledger.scorecard().diff(ledger.scorecard(**asked))


def test_a_day_that_came_is_a_reason_too(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.2)
    clock.set("2026-06-01")

    found = ledger.scorecard(today="2026-05-10").diff(ledger.scorecard(today="2026-05-01"))

    assert found.changes[0].after == "due, no verdict, p 0.20"
    assert found.changes[0].why == ("the settle day came 2026-05-10",)


def test_a_corrected_forecast_and_a_retraction_are_told(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.2)
    ledger.log_evidence("it-comes-true", "https://example.org/a", "A sign", slug="sign", bears="supports")
    before = ledger.scorecard()
    clock.set("2026-02-01")
    ledger.forecast("it-comes-true", 0.5)
    ledger.retract("sign", reason="it was another port")
    clock.set("2026-05-12")

    found = ledger.scorecard().diff(before)

    assert found.changes[0].why == (
        "forecast 0.5 of 2026-02-01, recorded 2026-02-01",
        "evidence sign was retracted: it was another port",
        "the window ended 2026-04-10",
        "the settle day came 2026-05-10",
    )


def test_between_equal_cards_nothing_changed(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    assert str(ledger.scorecard().diff(ledger.scorecard())).endswith("nothing changed")


def test_of_many_changes_those_that_move_a_score_most_are_told(
    ledger: Ledger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("predictions.scoring.compare.changed_series.MOST_SERIES", 2)
    for slug, chance in (("small", 0.1), ("large", 0.9), ("middle", 0.4)):
        ledger.add(f"The {slug} one comes true", deadline="2026-04-10", slug=slug, p=chance)
    clock.set("2026-06-01")
    before = ledger.scorecard()
    for slug in ("small", "large", "middle"):
        ledger.resolve(slug, "no", known_on="2026-04-11", reason="the window ended")

    found = ledger.scorecard().diff(before)

    assert [(change.claim, change.brier_after) for change in found.changes] == [
        ("large", pytest.approx(0.81)), ("middle", pytest.approx(0.16)),
    ]  # fmt: skip
    assert found.to_dict()["left_out"] == found.left_out == 1
    assert str(found).endswith("the 2 that move a Brier score most are told; 1 more series changed")


def test_a_claim_that_is_on_one_card_only_is_told_from_both_sides(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", slug="zebra", p=0.2)
    before = ledger.scorecard()
    clock.set("2026-02-01")
    ledger.add("Something else", deadline="2026-04-10", slug="aardvark", p=0.4)

    found = ledger.scorecard().diff(before)

    (change,) = found.changes
    assert (change.claim, change.before, change.after) == ("aardvark", "not on the card", "open, p 0.40")


def test_what_was_said_of_claims_of_every_type_is_compared(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock, 1)
    clock.set("2026-09-02")
    before = ledger.scorecard(rule="last")
    (earliest, *_) = [one.made_at for one in ledger.snapshot().all(Forecast) if one.claim == "choice-0"]
    ledger.forecast("choice-0", {"low": 1, "mid": 0, "high": 0}, by="ana", made_at=earliest, reason="mistyped")
    ledger.resolve("number-0", 9, known_on="2026-04-11", reason="the register says so", again=True)

    found = ledger.scorecard(rule="last").diff(before)

    # A correction moves the distributions of others to other places, which is no change of what they said.
    assert {(one.claim, one.forecaster) for one in found.changes} == {("number-0", who) for who in NOISE}
    (change,) = [one for one in found.changes if one.forecaster == "ben"]
    assert change.type == "number"
    assert change.before.startswith("scored 4.46916546929909; said 0.1 at most")
    assert change.after.startswith("scored 9; said 0.1 at most")
    assert change.brier_before < change.brier_after
    assert "verdict 2: 9, known 2026-04-11, recorded 2026-09-02: the register says so" in change.why
    assert {(one.type, one.forecaster) for one in found.forecasters} == {(kind, who) for kind in TYPES for who in NOISE}
    assert "ben, number" in str(found)
