"""Every type of claim has the scores of the yes/no claims that it comes down to, recorded beside it in one ledger."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from conftest import Clock

from forecasts.number_scores import number_reference
from predictions import Ledger

DEADLINE = "2026-06-30"
EXACT = 1e-12
GAUSS = 3**-0.5  # two points of an interval whose mean is that of every cubic over it


def scores(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """The row of each claim."""
    return {str(row["claim"]): row for row in ledger.scorecard().rows()}


@pytest.mark.parametrize("ordered", [False, True])
def test_two_options_are_a_claim_of_yes_or_no(ledger: Ledger, clock: Clock, ordered: bool) -> None:
    terms = {"ordered": True} if ordered else {}
    ledger.add("Which?", deadline=DEADLINE, options=["a", "b"], p={"a": 0.3, "b": 0.7}, slug="two", **terms)
    ledger.add("It is b", deadline=DEADLINE, p=0.7, slug="one")
    clock.set("2026-03-03")
    ledger.forecast("two", {"a": 0.15, "b": 0.85})
    ledger.forecast("one", 0.85)
    clock.set("2026-08-15")
    ledger.resolve("two", "a", known_on="2026-05-05", reason="seen")
    ledger.resolve("one", "no", known_on="2026-05-05", reason="seen", impossible=True)

    rows = scores(ledger)

    for name in ("brier", "log_score", "time_skill", "coverage", "entered"):
        assert rows["two"][name] == pytest.approx(rows["one"][name], abs=EXACT), name


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # some are backdated or too late, as is wanted
@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("closes_at", [None, "2026-05-20T12:00:00Z"])
@pytest.mark.parametrize("outcome", ["a", "b", "annulled", None])
def test_two_options_stay_a_claim_of_yes_or_no_whatever_happens(
    ledger: Ledger, clock: Clock, ordered: bool, closes_at: str | None, outcome: str | None
) -> None:
    common = {"deadline": DEADLINE, "closes_at": closes_at}
    ledger.add("Which?", options=["a", "b"], slug="two", **common, **({"ordered": True} if ordered else {}))
    ledger.add("It is b", slug="one", **common)

    def said(chance: float, who: str, made_at: str, **named: Any) -> None:
        named |= {"by": who, "kind": "person", "made_at": made_at}
        ledger.forecast("two", {"a": round(1 - chance, 2), "b": chance}, **named)
        ledger.forecast("one", chance, **named)

    clock.set("2026-01-02T10:01Z")
    for who, chance in (("cy", 0.2), ("dee", 0.9)):
        said(chance, who, "2026-01-02T10:00:00Z")
    clock.set("2026-03-03T10:01Z")
    for slug in ("two", "one"):
        ledger.withdraw(slug, by="cy", made_at="2026-03-03T10:00:00Z")
    said(0.35, "dee", "2026-02-01T09:00:00Z")
    said(0.65, "eve", "2026-02-10T09:00:00Z")
    clock.set("2026-04-04T10:01Z")
    said(0.45, "cy", "2026-04-04T10:00:00Z")
    ledger.import_forecasts(
        [{"claim": "two", "forecaster": "dee", "made_at": "2026-04-04T10:01:00Z", "p": {"a": 0.3, "b": 0.7}},
         {"claim": "one", "forecaster": "dee", "made_at": "2026-04-04T10:01:00Z", "p": 0.7}]
    )  # fmt: skip
    clock.set("2026-05-21T10:01Z")
    for slug in ("two", "one"):
        chance: Any = 0.55 if slug == "one" else {"a": 0.45, "b": 0.55}
        ledger.forecast(slug, chance, by="cy", made_at="2026-04-04T10:00:00Z", reason="mistyped")
    said(0.99, "fay", "2026-05-21T10:00:00Z")
    clock.set("2026-08-15")
    if outcome:
        told = {"known_on": "2026-06-05T15:00:00Z", "reason": "seen"}
        ledger.resolve("two", outcome, **told)
        word = {"a": "no", "b": "yes"}.get(outcome, outcome)
        ledger.resolve("one", word, **told, **({"impossible": True} if word == "no" else {}))

    rows = {(str(row["claim"]), str(row["forecaster"])): row for row in ledger.scorecard().rows()}

    assert len(rows) == 8
    for who in ("cy", "dee", "eve", "fay"):
        for name in ("place", "brier", "log_score", "time_skill", "coverage", "entered", "backdated", "set_apart"):
            two, one = rows["two", who][name], rows["one", who][name]
            assert two == (pytest.approx(one, abs=EXACT) if isinstance(one, float) else one), (who, name)


def test_a_date_in_a_window_of_one_day_is_a_claim_of_yes_or_no(ledger: Ledger, clock: Clock) -> None:
    window: dict[str, Any] = {"opens_on": "2026-02-02", "deadline": "2026-02-02"}
    ledger.add("When?", when=True, p={"2026-02-02": 0.3}, slug="date", **window)
    ledger.add("Then", p=0.3, slug="one", **window)
    clock.set("2026-08-15")
    for slug in ("date", "one"):
        ledger.resolve(slug, "yes", happened_on="2026-02-02", reason="seen")

    rows = scores(ledger)

    for name in ("brier", "time_skill", "coverage"):
        assert rows["date"][name] == pytest.approx(rows["one"][name], abs=EXACT), name


def test_a_number_is_the_mean_of_the_claims_at_most_each_value_of_its_range(ledger: Ledger, clock: Clock) -> None:
    """Between two of its points the loss is a parabola of the value, so two values of each stretch give its mean."""
    points, outcome = {0.0: 0.0, 2.0: 0.1, 4.0: 0.5, 6.0: 0.75, 7.0: 0.9, 10.0: 1.0}, 4.2
    said = {chance: value for value, chance in points.items() if 0 < chance < 1}
    ledger.add("Cars sold", deadline=DEADLINE, unit="million", between=(0, 10), quantiles=said, slug="number")
    weights, values = dict[str, float](), dict[str, float]()
    for low, high in pairwise(sorted({*points, outcome})):
        for place in ((1 - GAUSS) / 2, (1 + GAUSS) / 2):
            slug, value = f"at-most-{len(weights)}", low + place * (high - low)
            weights[slug], values[slug] = (high - low) / 2 / 10, value
            chance = float(np.interp(value, list(points), list(points.values())))
            ledger.add(f"At most {value}", deadline=DEADLINE, p=chance, slug=slug)
    clock.set("2026-08-15")
    ledger.resolve("number", outcome, known_on="2026-07-02", reason="by the register")
    for slug, value in values.items():
        ledger.resolve(slug, "yes" if value >= outcome else "no", known_on="2026-07-02", reason="by the register")

    rows = scores(ledger)
    of_questions = {name: sum(weights[slug] * rows[slug][name] for slug in weights)
                    for name in ("brier", "coverage", "time_skill")}  # fmt: skip

    number, nothing = rows["number"], number_reference(outcome, low=0, high=10).item()
    assert number["brier"] == pytest.approx(of_questions["brier"], abs=EXACT)
    assert number["coverage"] == pytest.approx(of_questions["coverage"], abs=EXACT)
    over_time = 0.25 * of_questions["coverage"] - of_questions["time_skill"]  # each beside always saying 50 %
    assert nothing * number["coverage"] - number["time_skill"] == pytest.approx(over_time, abs=EXACT)


MATCHES = [  # shares of home win, draw and away win before three matches, and how they ended
    ({"home": 0.62, "draw": 0.23, "away": 0.15}, "home"),
    ({"home": 0.35, "draw": 0.28, "away": 0.37}, "draw"),
    ({"home": 0.48, "draw": 0.27, "away": 0.25}, "away"),
]
BY_HAND = {  # of each match: half the sum of squares, the mean square of the two cuts, and minus the logarithm
    "choice": [(0.1444 + 0.0529 + 0.0225) / 2, (0.1225 + 0.5184 + 0.1369) / 2, (0.2304 + 0.0729 + 0.5625) / 2],
    "ordered": [(0.38**2 + 0.15**2) / 2, (0.35**2 + 0.37**2) / 2, (0.48**2 + 0.75**2) / 2],
    "log": [0.478036, 1.272966, 1.386294],
}


@pytest.mark.parametrize("type_", ["choice", "ordered"])
def test_three_way_matches_are_scored_as_by_hand(ledger: Ledger, clock: Clock, type_: str) -> None:
    """Matches in the shape in which FiveThirtyEight published them: three shares each; the numbers are invented."""
    for number, (shares, _) in enumerate(MATCHES):
        terms: dict[str, Any] = {"options": list(shares), "p": shares, "opens_on": "2026-03-01"}
        ledger.add(
            f"Match {number}", deadline="2026-03-01", slug=f"match-{number}", ordered=type_ == "ordered", **terms
        )
    clock.set("2026-06-01")
    for number, (_, ended) in enumerate(MATCHES):
        ledger.resolve(f"match-{number}", ended, known_on="2026-03-02", reason="full time")

    rows = scores(ledger)
    [told] = ledger.scorecard().to_dict()["types"]

    assert [rows[f"match-{number}"]["brier"] for number in range(3)] == pytest.approx(BY_HAND[type_], abs=EXACT)
    assert [rows[f"match-{number}"]["log_score"] for number in range(3)] == pytest.approx(BY_HAND["log"], abs=5e-7)
    assert told["score"] == pytest.approx(sum(BY_HAND[type_]) / 3, abs=EXACT)
    assert told["score"] == pytest.approx({"choice": 0.310567, "ordered": 0.2032}[type_], abs=5e-7)
    equal = {"choice": [1 / 3] * 3, "ordered": [5 / 18, 1 / 9, 5 / 18]}[type_]  # what a third each loses
    saved = [nothing - lost for nothing, lost in zip(equal, BY_HAND[type_], strict=True)]
    assert [rows[f"match-{number}"]["time_skill"] for number in range(3)] == pytest.approx(saved, abs=EXACT)
