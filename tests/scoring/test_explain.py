"""Every figure that can be explained is the sum of what its explanation shows."""

from __future__ import annotations

import re

import pytest
from conftest import Clock
from scored_ledgers import four_claims, many_claims

from forecasts.recalibrations import calibration_e_process
from predictions import InvalidValue, Ledger
from predictions.scoring.anytime import PRESUMED
from predictions.scoring.score_columns import SCORE_COLUMNS, Reference, ScoreColumn, ValueForm
from predictions.scoring.statistics import in_settling_order


@pytest.mark.parametrize("column", SCORE_COLUMNS, ids=lambda column: column.name)
def test_the_parts_sum_to_the_figure(ledger: Ledger, clock: Clock, column: ScoreColumn) -> None:
    many_claims(ledger, clock, 20)
    card = ledger.scorecard()

    found, labelled = (card.explain(name, by="ana") for name in (column.name, column.label))

    assert labelled == found
    assert (found.figure, found.formula) == (column.name, column.formula)
    wanted = card.figures["ana"].value(column.name)
    if column.form is not ValueForm.COUNTS and wanted is not None:
        assert found.value == pytest.approx(wanted)
    if column.form not in {
        ValueForm.SPAN,
        ValueForm.COUNTS,
        ValueForm.CHANCE,
        ValueForm.E_VALUE,
    } and column.name not in {"shrunk", "skill_clock"}:
        assert sum(step.part for step in found.steps) == pytest.approx(found.value)
        assert column.name == "n" or all(step.arithmetic.endswith(f"= {step.value:.6f}") for step in found.steps)


def test_the_arithmetic_can_be_done_again(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    text = str(ledger.scorecard().explain("brier", by="ana"))

    assert text.startswith("brier of ana: 0.075000")
    assert "(0.9 - 1)^2 = 0.010000" in text
    assert "the parts of 4 claims of 4 statements sum to 0.075000" in text


@pytest.mark.parametrize("name", ["always 50 %", "base rate", "the clock", "the others"])
def test_skill_against_every_reference_is_the_sum_of_its_parts(ledger: Ledger, clock: Clock, name: str) -> None:
    many_claims(ledger, clock)
    for number, (needed, outcome) in enumerate([(1, "no"), (2, "no"), (1, "yes")]):
        clock.set("2026-10-01")
        slug = ledger.add(f"Event {number}", deadline="2026-11-10", p=0.3, at_least=needed, conditions=["seen"])
        clock.set("2026-12-20")
        when = {"known_on": "2026-11-11"} | ({"happened_on": "2026-10-20"} if outcome == "yes" else {})
        ledger.resolve(slug, outcome, reason="as it went", **when)
    card = ledger.scorecard(by="ana")

    found = card.explain(name, by="ana")

    against = card.figures["ana"].skill[Reference(name)]
    assert found.value == pytest.approx(against.skill)
    assert len({step.statement for step in found.steps}) == against.statements
    assert all(step.arithmetic.endswith(f"= {step.value:.6f}") for step in found.steps)


def test_a_reference_that_has_nothing_to_say_is_explained_too(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    found = ledger.scorecard().explain("the clock", by="ana")

    assert (found.value, found.total) == (None, "none of the scored claims asks for events")


def test_the_interval_the_p_value_and_the_shrunk_mean_are_told_with_what_went_in(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock, 24)
    card = ledger.scorecard()
    ana = card.figures["ana"]

    interval, p_value, shrunk = (card.explain(name, by="ana") for name in ("interval", "p_value", "shrunk"))

    assert interval.value == ana.interval
    assert "24 statements, drawn 4,000 times (seed 1)" in interval.total
    assert sum(step.part or 0.0 for step in interval.steps) == pytest.approx(ana.brier)
    assert p_value.value == ana.p_value
    assert p_value.total.endswith(f"; {round(1001 * (ana.p_value or 0.0))} of 1,001 (seed 1) have as much")
    assert shrunk.value == pytest.approx(ana.shrunk)
    brier, weight, centre, raw = (float(one) for one in re.findall(r"[+-]?\d\.\d+", shrunk.total)[:4])
    assert brier + weight * (centre - raw) == pytest.approx(ana.shrunk, abs=2e-6)
    assert sum(step.part or 0.0 for step in shrunk.steps) == pytest.approx(raw, abs=1e-6)


def test_what_bets_against_calibration_have_made_of_1_is_told(ledger: Ledger, clock: Clock) -> None:
    many_claims(ledger, clock, 24)
    card = ledger.scorecard(full=True)
    ana = card.figures["ana"]
    scored = in_settling_order(ana.record.series, ana.record.table.claims)

    found = card.explain("e", by="ana")

    assert found.value == ana.e_value == calibration_e_process(scored.probability, scored.value).max()
    assert f"1 became {ana.e_value:.6f} at most; a p-value of" in found.total
    assert f"1 / e is a p-value however often one looks{PRESUMED}, blind to waves" in " ".join(str(card).split())

    ledger.add("It waits", deadline="2026-09-02", settle_days=1, p=0.3)
    clock.set("2026-12-01")
    waiting = ledger.scorecard().explain("e_value", by="ana")
    assert waiting.value is None
    assert "verdicts are missing" in waiting.total


def test_the_bounds_and_the_funnel_are_told_claim_by_claim(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    ledger.add("It waits", deadline="2026-12-31", p=0.3)
    card = ledger.scorecard()
    ana = card.record("ana")

    due, all_open, funnel = (card.explain(name, by="ana") for name in ("bounds_due", "bounds_open", "funnel"))

    assert due.value == ana.bounds(every_open=False)
    assert all_open.value == ana.bounds(every_open=True) == (pytest.approx(0.39 / 5), pytest.approx(0.79 / 5))
    assert all_open.steps[-1].arithmetic == "open, p 0.3: 0.090000 if no, 0.490000 if yes"
    assert str(all_open).startswith("bounds_open of ana: 0.078000 .. 0.158000")
    assert [step.arithmetic for step in funnel.steps] == ["scored"] * 4 + ["open"]
    assert funnel.total == "5 forecast, 4 due, 4 resolved, 4 scored"


def test_what_few_statements_do_not_have_is_said(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)
    card = ledger.scorecard(crowds=True)

    assert card.explain("interval", by="ana").total == "fewer than 20 statements are scored, so there is none"
    assert card.explain("p_value", by="ana").value is None
    assert card.explain("p_value", by="ana").total == "fewer than 10 statements are scored, so there is none"
    assert card.explain("shrunk", by="crowd-odds").total.startswith("it takes two forecasters who speak for themselves")


def test_a_figure_nobody_knows_is_refused(ledger: Ledger, clock: Clock) -> None:
    four_claims(ledger, clock)

    with pytest.raises(
        InvalidValue,
        match=r"'luck' is no figure; say one such as brier, time_skill, coverage; docs/scores\.md lists all",
    ):
        ledger.scorecard().explain("luck", by="ana")
    with pytest.raises(InvalidValue, match="say whose figure: by=, one of ben, ana"):
        ledger.scorecard().explain("brier")


def test_without_a_scored_claim_there_is_nothing_to_explain(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.2)

    found = ledger.scorecard().explain("brier")

    assert found.value is None
    assert found.total == "no statement is scored yet"


def test_nobody_is_judged_by_the_claims_resolved_so_far(ledger: Ledger, clock: Clock) -> None:
    """Whoever shouts 90 % looks better than the base rate while only those that came true have a verdict."""
    for number in range(60):
        slug = ledger.add(f"Number {number} comes", deadline="2027-12-31", p=0.9, slug=f"n{number}").slug
        ledger.forecast(slug, 0.2, by="ben")
    clock.set("2027-06-01")
    for number in range(12):
        ledger.resolve(f"n{number}", "yes", happened_on="2027-05-31", reason=f"seen {number}")
    card = ledger.scorecard(cohort="resolved", full=True)

    compared, explained = card.compare("ana", "ben"), card.explain("brier", by="ana")

    assert "that judges nobody: by-date claims say yes early and no late" in compared.sentence
    assert (compared.anytime, compared.once, compared.needed, compared.distinguishable) == (None, None, None, False)
    assert "claims resolved so far, which is biased" in " ".join(explained.caveats)
    text = " ".join(str(card).split())
    assert "50 %, however often one looks" not in text
    assert "not to be told by claims resolved so far" in text
    assert (card.figures["ana"].e_value, card.figures["ben"].p_value) == (None, None)
    assert "none of claims resolved so far" in card.explain("p_value", by="ben").total


def test_what_is_in_doubt_or_came_late_is_told_below_an_explanation(ledger: Ledger, clock: Clock) -> None:
    for number in range(14):
        ledger.add(f"Number {number} comes", deadline="2026-12-31", p=0.3, slug=f"n{number}")
    clock.set("2027-03-01")
    for number in range(14):
        if number < 3:
            ledger.resolve(f"n{number}", "annulled", known_on="2027-01-31", reason=f"unclear {number}")
        else:
            ledger.resolve(f"n{number}", "yes", happened_on="2026-05-01", reason=f"seen {number}")

    told = ledger.scorecard().explain("brier", by="ana")

    assert told.caveats[0] == "in doubt on the claims of ana: 3 unclear or annulled"
    assert any(caveat.startswith("dated early: 11 of 14 verdicts") for caveat in told.caveats)
    assert "3 unclear or annulled" in str(told)
