"""Crowds on choices, numbers and dates: whose distributions they combine, and from when to when."""

from __future__ import annotations

import numpy as np
import pytest
from club_of_types import club_of_types
from conftest import Clock

from forecasts.share_scores import choice_losses, shares
from predictions import Ledger
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.forecast_reader import ForecastReader

LABS = ["openai", "anthropic", "google"]
DEADLINE = "2026-06-30"


def of_crowd(ledger: Ledger, crowd: str) -> dict[str, dict[str, object]]:
    return {row["claim"]: row for row in ledger.scorecard(crowds=True).rows() if row["forecaster"] == crowd}


def test_a_crowd_says_what_its_standing_members_come_to(ledger: Ledger, clock: Clock) -> None:
    said = {"ana": [0.5, 0.3, 0.2], "ben": [0.7, 0.1, 0.2], "cyd": [0.1, 0.1, 0.8]}
    ledger.add("Which lab?", deadline=DEADLINE, options=LABS)
    for who, numbers in said.items():
        ledger.forecast("which-lab", dict(zip(LABS, numbers, strict=True)), by=who, kind="person")
    clock.set("2026-08-15")
    ledger.resolve("which-lab", "google", known_on="2026-07-02", reason="seen")

    every = np.array(list(said.values()))
    linear, median = (of_crowd(ledger, f"crowd-{name}")["which-lab"] for name in ("linear", "median"))
    # All three stand on the first day that counts; what the first two came to was said before it.
    assert linear["brier"] == pytest.approx(choice_losses(shares([every.mean(axis=0).tolist()]), [2])[0])
    medians = np.median(every, axis=0) / np.median(every, axis=0).sum()
    assert median["brier"] == pytest.approx(choice_losses(shares([medians.tolist()]), [2])[0])


def test_a_crowd_of_one_stands_no_more(ledger: Ledger, clock: Clock) -> None:
    ledger.add("Sold", deadline=DEADLINE, unit="m", between=(0, 10), quantiles={0.1: 2, 0.5: 4, 0.75: 6, 0.9: 7})
    ledger.forecast("sold", quantiles={0.1: 1, 0.5: 3, 0.75: 5, 0.9: 6}, by="ben", kind="person")
    clock.set("2026-04-01")
    ledger.withdraw("sold", by="ben")
    clock.set("2026-08-15")
    ledger.resolve("sold", 3.5, known_on="2026-07-02", reason="seen")

    row = of_crowd(ledger, "crowd-quantiles")["sold"]

    assert row["said"] == "0.1 at most 1.5, 0.5 at most 3.5, 0.75 at most 5.5, 0.9 at most 6.5, 1 at most 10"
    assert row["coverage"] == pytest.approx(90 / 181)  # from 2 January to the end of 1 April


def test_each_type_has_the_crowds_that_make_sense_of_it(club: Ledger) -> None:
    card = club.scorecard(crowds=True)
    found: dict[str, set[object]] = {}
    for row in card.rows():
        if str(row["forecaster"]).startswith("crowd"):
            found.setdefault(str(row["type"]), set()).add(row["forecaster"])

    both = {"crowd-median", "crowd-linear"}
    assert found == {
        "yes-no": {"crowd-median", "crowd-odds", "crowd-recent"},
        "choice": both, "ordered": both, "date": both, "number": both | {"crowd-quantiles"},
    }  # fmt: skip
    assert list(card.rows()) == list(club.scorecard(crowds=True).rows())
    alone, beside = (
        [row for row in club.scorecard(crowds=crowds).rows() if row["forecaster"] == "ana"] for crowds in (False, True)
    )
    assert alone == beside  # nobody's figures change with the crowds


def test_a_log_axis_is_pooled_on_its_axis(ledger: Ledger, clock: Clock) -> None:
    ledger.add("Users", deadline=DEADLINE, unit="m", between=(1, 10_000))
    ledger.correct("users", scale="log", reason="it grows")
    for who, factor in (("ana", 1), ("ben", 100)):
        values = {0.2: 5 * factor, 0.4: 8 * factor, 0.5: 10 * factor, 0.8: 20 * factor}
        ledger.forecast("users", quantiles=values, by=who, kind="person")

    said = of_crowd(ledger, "crowd-quantiles")["users"]["said"]

    at_half = next(part for part in str(said).split(", ") if part.startswith("0.5 "))
    assert float(at_half.removeprefix("0.5 at most ")) == pytest.approx(100)  # the mean of 10 and 1,000 on that axis


def test_crowds_say_the_same_however_few_claims_were_asked_for_first(ledger: Ledger, clock: Clock) -> None:
    club_of_types(ledger, clock)

    def reader() -> ForecastReader:
        return ForecastReader(ledger._journal, ledger.head().size, head="", as_of=clock(), today=clock().date())

    at_once, piecemeal = reader().rows(crowds=True), reader()
    claims = np.arange(len(piecemeal.claims.slugs))
    for some in (claims % 3 == 1, claims % 2 == 0):
        assert (piecemeal.rows(some, crowds=True).claim == at_once.claim[some[at_once.claim]]).all()
    whole = piecemeal.rows(crowds=True)
    numbers = piecemeal.claims.types.kind[whole.claim] == YES_OR_NO  # what is said of other types is a place
    for name in ("claim", "forecaster", "time"):
        assert getattr(whole, name).tolist() == getattr(at_once, name).tolist()
    np.testing.assert_array_equal(whole.probability[numbers], at_once.probability[numbers])
