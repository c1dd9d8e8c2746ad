"""Every figure that can be explained is the sum of what its explanation shows."""

from __future__ import annotations

import pytest
from conftest import Clock
from test_scorecard import four_claims, many_claims

from predictions import InvalidValue, Ledger
from predictions.scoring.explaining import FORMULAS, SPLIT
from predictions.scoring.figures import Reference


@pytest.mark.parametrize("name", [*FORMULAS, *SPLIT])
def test_the_parts_sum_to_the_figure(ledger: Ledger, clock: Clock, name: str) -> None:
    many_claims(ledger, clock)
    card = ledger.scorecard()
    ana = card.judgement.figures["ana"]
    wanted = {
        "brier_original": 2 * (ana.brier or 0.0),
        "time_skill": ana.skill[Reference.HALF].skill,
    }

    found = card.explain(name, by="ana")

    assert found.value == pytest.approx(wanted[name] if name in wanted else getattr(ana, name))
    assert sum(step.part for step in found.steps) == pytest.approx(found.value)
    assert all(step.arithmetic.endswith(f"= {step.value:.6f}") for step in found.steps)


def test_the_arithmetic_can_be_done_again(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    text = str(ledger.scorecard().explain("brier", by="ana"))

    assert text.startswith("brier of ana: 0.075000")
    assert "(0.9 - 1)^2 = 0.010000" in text
    assert "the parts of 4 claims of 4 statements sum to 0.075000" in text


def test_a_figure_nobody_knows_is_refused(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    with pytest.raises(InvalidValue, match="'luck' is no figure that can be explained; say one of brier"):
        ledger.scorecard().explain("luck", by="ana")
    with pytest.raises(InvalidValue, match="say whose figure: by=, one of ana, ben"):
        ledger.scorecard().explain("brier")


def test_without_a_scored_claim_there_is_nothing_to_explain(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", by="2026-04-10", p=0.2)

    found = ledger.scorecard().explain("brier")

    assert found.value is None
    assert found.total == "no statement is scored yet"
