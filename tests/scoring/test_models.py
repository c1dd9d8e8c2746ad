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
    assert (figures.shown, figures.imputed) == (0.5, 0.0)
    assert "robot 2025-12-15 1 (0.010) 1 (0.040) 50 % 0 %" in " ".join(str(card).split())
    assert "known to it" in str(card)
    assert max(map(len, str(card).splitlines())) <= 80


def test_a_card_filters_by_kind_cutoff_and_crowd(robots: Ledger) -> None:
    assert rows(robots, kind="model") == {("robot", "before"), ("robot", "after")}
    assert rows(robots, known="no") == {("ana", "before"), ("ana", "after"), ("robot", "after")}
    assert rows(robots, kind="model", known="yes") == {("robot", "before")}
    assert rows(robots, shown="yes") == {("robot", "after")}
    assert rows(robots, kind="model", shown="no") == {("robot", "before")}
    card = robots.scorecard(kind="model", known="no")
    assert card.record("robot").mean("brier") == pytest.approx(0.04)
    assert "only kind model, known no" in str(card)


@pytest.mark.parametrize("asked", [{"kind": "robot"}, {"known": "maybe"}, {"shown": True}, {"shown": ""}])
def test_another_word_is_refused(robots: Ledger, asked: dict[str, object]) -> None:
    with pytest.raises(InvalidValue, match=r"; say one of "):
        robots.scorecard(**asked)
