"""What a card says of forecasts that came into the ledger when the answer was known already."""

from __future__ import annotations

import pytest
from conftest import Clock
from skill_ledger import write_claims

from predictions import Ledger

CLAIMS = 11
ON_ITS_WORD = (
    f"on a platform's word: forecasts on {CLAIMS} claims came in after the answer, dated before it by the platform"
)


def rows(people: int) -> list[dict[str, object]]:
    return [
        {"claim": claim, "forecaster": f"player-{person}", "made_at": "2026-01-02T00:00Z", "probability": 0.7}
        for claim in claims()
        for person in range(people)
    ]


def claims() -> list[str]:
    return [f"c{number}" for number in range(CLAIMS)]


def answer(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-12-01")
    for claim in claims():
        ledger.resolve(claim, "no", reason="it did not come")


@pytest.mark.parametrize("people", [2, 1000])  # as records; and in blocks
def test_what_a_platform_brings_after_the_answer_is_on_its_word(ledger: Ledger, clock: Clock, people: int) -> None:
    write_claims(ledger, CLAIMS)
    answer(ledger, clock)

    ledger.import_forecasts(rows(people), published_in="site")

    assert ON_ITS_WORD in " ".join(str(ledger.scorecard()).split())
    assert ON_ITS_WORD in " ".join(str(ledger.leaderboard()).split())
    assert "recorded after the answer" not in str(ledger.scorecard())


def test_a_card_of_one_forecaster_counts_the_claims_of_that_one(ledger: Ledger, clock: Clock) -> None:
    write_claims(ledger, CLAIMS)
    answer(ledger, clock)

    ledger.import_forecasts(rows(2) + [one | {"forecaster": "cy"} for one in rows(1)[:3]], published_in="site")

    assert ON_ITS_WORD.replace(f"{CLAIMS} claims", "3 claims") in " ".join(str(ledger.scorecard(by="cy")).split())
    assert ON_ITS_WORD in " ".join(str(ledger.scorecard()).split())


@pytest.mark.parametrize("people", [2, 1000])
def test_what_it_brought_before_the_answer_is_not(ledger: Ledger, clock: Clock, people: int) -> None:
    write_claims(ledger, CLAIMS)
    clock.set("2026-01-03")
    ledger.import_forecasts(rows(people), published_in="site")
    answer(ledger, clock)

    assert "on a platform's word" not in str(ledger.scorecard())
