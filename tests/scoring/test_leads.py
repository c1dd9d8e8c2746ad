"""What stood at fixed moments: worked by hand, the same for all who spoke before, and only while nobody knew."""

from __future__ import annotations

import pytest
from conftest import Clock
from scored_ledgers import four_claims, many_claims

from predictions import InvalidValue, Ledger
from predictions.render.charts.leads import leads_chart
from predictions.views.scorecard.leads import NOTHING_STOOD


def scores(ledger: Ledger, leads: object) -> dict[tuple[str, int | None], tuple[float | None, int]]:
    card = ledger.scorecard(leads=leads)
    return {(one.forecaster, one.lead): (one.brier, one.n) for one in card.leads.scores}


def test_what_stood_at_each_moment_is_scored(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-03-31", p=0.2)  # of a window of 90 days
    clock.set("2026-02-15")
    ledger.forecast("it-comes-true", 0.4, by="ben")
    clock.set("2026-03-28")
    ledger.forecast("it-comes-true", 0.9)
    clock.set("2026-06-01")
    ledger.resolve("it-comes-true", "yes", happened_on="2026-03-31", known_on="2026-04-01", reason="seen")

    found = scores(ledger, "100,30,1")

    assert found["ana", None] == (pytest.approx(0.64), 1)
    assert found["ana", 100] == (None, 0)  # before the opening
    assert found["ana", 30] == (pytest.approx(0.64), 1)
    assert found["ana", 1] == (pytest.approx(0.01), 1)
    assert found["ben", None] == (None, 0)  # spoke later
    assert found["ben", 30] == found["ben", 1] == (pytest.approx(0.36), 1)


def test_a_claim_counts_for_nobody_once_its_answer_is_public(ledger: Ledger, clock: Clock) -> None:
    for number in range(2):
        ledger.add(f"Claim {number} comes true", deadline="2026-03-31", p=0.2)
    clock.set("2026-06-01")
    ledger.resolve("claim-0", "yes", happened_on="2026-03-10", known_on="2026-03-11", reason="seen")
    ledger.resolve("claim-1", "no", reason="seen")

    found = scores(ledger, [30, 7])

    assert found["ana", 30] == (pytest.approx((0.64 + 0.04) / 2), 2)
    assert found["ana", 7] == (pytest.approx(0.04), 1)


def test_what_was_withdrawn_is_told_beside_the_mean_of_the_rest(ledger: Ledger, clock: Clock) -> None:
    for number in range(3):
        ledger.add(f"Claim {number} comes true", deadline="2026-03-31", p=0.2)
    ledger.forecast("claim-0", 0.9, by="ben")
    clock.set("2026-03-10")
    ledger.withdraw("claim-1")
    ledger.withdraw("claim-2")
    clock.set("2026-03-28")
    ledger.forecast("claim-2", 0.3)
    clock.set("2026-06-01")
    for number in range(3):
        ledger.resolve(f"claim-{number}", "no", reason="seen")

    card = ledger.scorecard(leads="30,7,1")

    found = {(one.forecaster, one.lead): (one.n, one.withdrawn) for one in card.leads.scores}
    assert [found["ana", lead] for lead in (None, 30, 7, 1)] == [(3, 0), (3, 0), (1, 2), (2, 1)]
    assert found["ben", 7] == (1, 0)
    text = " ".join(str(card).split())
    assert "0.040 (1 -2)" in text
    assert "after the minus how many claims they had withdrawn from" in text
    assert "after the minus" not in str(ledger.scorecard(leads="30"))


def test_statements_that_hang_together_are_one_mean(ledger: Ledger, clock: Clock) -> None:
    for number in range(3):
        fields = {"cluster": "same"} if number else {}
        ledger.add(f"Claim {number} comes true", deadline="2026-03-31", p=0.2 if number else 0.6, **fields)
    clock.set("2026-06-01")
    for number in range(3):
        ledger.resolve(f"claim-{number}", "no", reason="seen")

    assert scores(ledger, 7)["ana", 7] == (pytest.approx((0.36 + 0.04) / 2), 2)


def test_table_and_curve_stand_on_the_full_card_and_the_page(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock)

    short, full = ledger.scorecard(), ledger.scorecard(full=True)
    asked = ledger.scorecard(leads="30,7")

    assert "so many days before the deadline" not in str(short)
    heads = [" ".join(line.split()) for line in f"{full}\n{asked}".splitlines() if " 7 d" in line]
    assert heads == ["forecaster opening 90 d 30 d 7 d 1 d", "forecaster opening 30 d 7 d"]
    assert "Brier score of what stood at fixed moments" in full._repr_html_()
    assert max(map(len, str(full).splitlines())) <= 80
    assert asked.to_dict()["leads"][0]["brier"] == pytest.approx(asked.leads.scores[0].brier)
    assert short.to_dict()["leads"] is None


def test_a_moment_at_which_nothing_stood_breaks_the_line() -> None:
    whole = leads_chart(["30 d", "7 d", "1 d"], {"ana": [(0.2, 3), (0.1, 3), (0.05, 3)]})
    broken = leads_chart(["30 d", "7 d", "1 d"], {"ana": [(0.2, 3), (None, 0), (0.05, 3)]})

    assert (whole.count("<circle"), broken.count("<circle")) == (3, 2)
    assert whole.count("series s0") - broken.count("series s0") == 2
    assert "ana 30 d 0.200 over 3, 1 d 0.050 over 3" in broken


def test_a_name_in_the_curve_is_no_markup() -> None:
    assert "<b>" not in leads_chart(["7 d"], {"<b>ana": [(0.2, 3)]})


def test_matplotlib_draws_the_same(ledger: Ledger, clock: Clock) -> None:
    pytest.importorskip("matplotlib")
    four_claims(ledger, clock)

    (axes,) = ledger.scorecard(leads=[7, 1]).plot_leads().axes

    assert [label.get_text() for label in axes.get_xticklabels()] == ["opening", "7 d", "1 d"]
    assert len(axes.lines) == 3  # always saying 50 %, and two forecasters


@pytest.mark.parametrize("leads", ["", "soon", [-1], [True], [1.5], "7,,1", 100_000, range(20), []])
def test_what_is_no_number_of_days_is_refused(ledger: Ledger, leads: object) -> None:
    with pytest.raises(InvalidValue, match=r"^leads: .* say "):
        ledger.scorecard(leads=leads)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("fields", "outcome", "shown"),
    [
        ({"options": ["a", "b"], "p": {"a": 0.4, "b": 0.6}}, "a", "(every claim)"),
        ({"options": ["a", "b"], "ordered": True, "p": {"a": 0.4, "b": 0.6}}, "a", "(every claim)"),
        ({"unit": "m", "between": (0, 10), "quantiles": {0.5: 4}}, 4, "(calibration, every claim)"),
        ({"when": True, "p": {"2026-03-31": 0.6}}, "no", "(calibration, every claim)"),
    ],
    ids=["choice", "ordered", "number", "date"],
)
def test_other_types_have_no_leads_and_the_card_says_so(
    ledger: Ledger, clock: Clock, fields: dict[str, object], outcome: object, shown: str, full: bool
) -> None:
    ledger.add("It is asked", deadline="2026-03-31", **fields)
    clock.set("2026-06-01")
    ledger.resolve("it-is-asked", outcome, known_on="2026-04-02", reason="seen")

    asked_for, plain = ledger.scorecard(leads="30,7", full=full), ledger.scorecard(full=full)

    assert NOTHING_STOOD in " ".join(str(asked_for).split())
    assert "leads" not in plain.screen(typed=True)
    assert full or shown in plain.screen(typed=True)


def test_moments_at_which_nothing_stood_are_named(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-03-31")
    clock.set("2026-03-30")
    ledger.forecast("it-comes-true", 0.4)
    clock.set("2026-06-01")
    ledger.resolve("it-comes-true", "no", reason="seen")

    text = " ".join(str(ledger.scorecard(leads="30")).split())

    assert NOTHING_STOOD in text
