"""The card of a run says which new forecasts no mean will count, as scorecards have it."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.exchange.taking.too_late import MADE_LATE, READ_LATE
from predictions.records import Claim, Forecast
from predictions.scoring.claim_series import fate_of_forecast
from predictions.scoring.eligibility import Category

CATEGORIES = {Category.TOO_LATE: MADE_LATE, Category.LAST_DAY: MADE_LATE, Category.READ_LATE: READ_LATE}
SAID = {"number": {"p": 0.4}, "words": {"words": "will"}, "range": {"low": 0.2, "high": 0.4}}
WHEN = {
    "now": {}, "published": {"said_on": "2026-01-05", "link": "https://cy.example/"},
    "backdated": {"made_at": "2026-01-05"},
    "on the day": {"said_on": "2026-03-02", "link": "https://cy.example/2"},
}  # fmt: skip
OUT = {
    "yes before": {"outcome": "yes", "known_on": "2026-03-02"}, "yes now": {"outcome": "yes", "known_on": "2026-06-01"},
    "void": {"outcome": "annulled", "known_on": "2026-03-02", "reason": "moot"}, "none": {},
}  # fmt: skip


@pytest.mark.parametrize("deadline", ["2026-04-01", "2099-01-01"])
def test_the_card_counts_what_scoring_leaves_out(ledger: Ledger, clock: Clock, deadline: str) -> None:
    clock.set("2026-06-01")
    rows = []
    for number, (said, when, out) in enumerate(product(SAID.values(), WHEN.values(), OUT.values())):
        if deadline < "2026-06-01" and (not when or out.get("known_on") == "2026-06-01"):
            continue  # refused: the window is over
        rows.append({"text": f"Thing {number} comes", "deadline": deadline, "by": "Cy", "opens_on": "2026-01-01"})
        rows[-1] |= said | when | out

    taken = ledger.import_from("table", rows)

    snapshot, expected = ledger.snapshot(), Counter[str]()
    for forecast in snapshot.all(Forecast):
        fate = fate_of_forecast(snapshot, snapshot.find(Claim, forecast.claim), forecast)
        if fate and fate.category in CATEGORIES:
            expected[CATEGORIES[fate.category]] += 1
    assert {why: taken.too_late[why] for why in expected} == dict(expected)
    assert expected
    assert ("read from words when the window was over, if" in " ".join(str(taken).split())) is (deadline < "2026-06-01")


def test_a_forecast_of_now_on_a_claim_that_is_decided_is_named(ledger: Ledger) -> None:
    row = {
        "text": "It reopens",
        "deadline": "2099",
        "p": 0.4,
        "outcome": "yes",
        "known_on": str(ledger.snapshot().today),
    }

    assert "in no mean    1 forecast made when the answer was public, or the window over" in str(
        ledger.import_from("table", [row], dry_run=True)
    )
