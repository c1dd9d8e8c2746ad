"""What a model could know: its cut-off parts claims, and the card filters by it, by kind, and by who saw the crowd."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from conftest import Clock

from predictions import Catalog, InvalidValue, Ledger
from predictions.records import Forecast, Forecaster


@pytest.fixture
def robots(ledger: Ledger, clock: Clock) -> Ledger:
    """A model with a cut-off in December, and ana: one claim opened before it, one after."""
    ledger.register(Catalog((Forecaster(slug="robot", title="Robot", kind="model", cutoff_on="2025-12-15"),)))
    ledger.add("Before", deadline="2026-04-30", opens_on="2025-12-01", p=0.4)
    ledger.forecast("before", 0.1, by="robot")
    clock.set("2026-03-01")
    ledger.add("After", deadline="2026-04-30", p=0.3)
    shown = Forecast(
        claim="after", forecaster="robot", made_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC), probability=0.2, shown=True
    )
    clock.set("2026-03-01")
    ledger.register(Catalog((shown,)))
    clock.set("2026-07-01")
    for claim in ("before", "after"):
        ledger.resolve(claim, "no", reason="seen")
    return ledger


def rows(ledger: Ledger, **asked: str) -> set[tuple[object, object]]:
    return {(row["forecaster"], row["claim"]) for row in ledger.scorecard(**asked).rows()}


def test_a_claim_that_opened_before_the_cutoff_is_known_to_the_model(robots: Ledger) -> None:
    card = robots.scorecard(full=True)

    known = {(row["forecaster"], row["claim"]): row["known"] for row in card.rows()}
    assert known == {
        ("ana", "before"): False, ("ana", "after"): False, ("robot", "before"): True, ("robot", "after"): False,
    }  # fmt: skip
    figures = card.models["robot"]
    assert figures.known == (1, pytest.approx(0.01))
    assert figures.unknown == (1, pytest.approx(0.04))
    assert (figures.shown, figures.shown_of, figures.imputed) == (1.0, 1, 0.0)
    assert "robot 2025-12-15 1 (0.010) 1 (0.040) 100 % of 1 0 %" in " ".join(str(card).split())
    assert "known to it" in str(card)
    assert max(map(len, str(card).splitlines())) <= 80


def test_a_card_filters_by_kind_cutoff_and_crowd(robots: Ledger) -> None:
    assert rows(robots, kind="model") == {("robot", "before"), ("robot", "after")}
    assert rows(robots, known="no") == {("ana", "before"), ("ana", "after"), ("robot", "after")}
    assert rows(robots, kind="model", known="yes") == {("robot", "before")}
    assert rows(robots, shown="yes") == {("robot", "after")}
    assert rows(robots, kind="model", shown="no") == set()  # of the other nobody said whether it saw the crowd
    card = robots.scorecard(kind="model", known="no")
    assert card.record("robot").mean("brier") == pytest.approx(0.04)
    assert "only kind model, known no" in str(card)


@pytest.mark.parametrize("asked", [{"kind": "robot"}, {"known": "maybe"}, {"shown": True}, {"shown": ""}])
def test_another_word_is_refused(robots: Ledger, asked: dict[str, object]) -> None:
    with pytest.raises(InvalidValue, match=r"; say one of "):
        robots.scorecard(**asked)


def test_what_nobody_stated_is_neither_yes_nor_no(robots: Ledger, clock: Clock) -> None:
    robots.add("Later", deadline="2026-09-30", p=0.5)
    robots.forecast("later", 0.2, by="mute", kind="model")
    clock.set("2026-12-01")
    robots.resolve("later", "no", reason="seen")

    card = robots.scorecard(full=True)

    for asked in ({"known": "yes"}, {"known": "no"}, {"shown": "yes"}, {"shown": "no"}):
        assert ("mute", "later") not in rows(robots, kind="model", **asked)
    assert {row["forecaster"]: row["known"] for row in card.rows() if row["claim"] == "later"} == {
        "ana": False, "mute": None,
    }  # fmt: skip
    assert "mute not stated - - not stated 0 %" in " ".join(str(card).split())
    assert "only kind model, shown no (2 left out, of which that is not stated)" in " ".join(
        str(robots.scorecard(kind="model", shown="no")).split()
    )
    assert "stated late" not in str(card)


def test_what_is_stated_or_changed_when_claims_are_over_is_told(robots: Ledger, clock: Clock) -> None:
    robots.correct("forecaster robot", cutoff_on="2025-11-15", reason="I think so")
    robots.correct("after robot", shown=False, reason="it had not")
    robots.correct("before robot", shown=False, reason="nor there")

    told = " ".join(str(robots.scorecard()).split())

    assert "cut-off stated late: Robot, 2025-11-15, on file as that since 2026-07-01, when 2 of 2 claims had" in told
    assert "shown stated late: 2 series of Robot, marked when more than a tenth of the window was gone" in told
    assert rows(robots, kind="model", shown="no") == {("robot", "before"), ("robot", "after")}
