"""The yes/no questions behind every loss in a figure over time, of each type, and the bounds of what is written out."""

from __future__ import annotations

import re

import pytest
from club_of_types import TYPES
from conftest import Clock
from questions_read import computed, held_line_by_line, losses_behind

from predictions import Ledger
from predictions.testing import Clock as AnyClock

OPENS, DEADLINE = "2026-01-02", "2026-01-05"


@pytest.mark.parametrize("figure", ["skill over time", "every type"])
@pytest.mark.parametrize("name", TYPES)
def test_every_loss_over_time_comes_with_its_questions(club: Ledger, name: str, figure: str) -> None:
    if name == "yes-no" and figure == "skill over time":
        pytest.skip("there a forecast is its own question")
    type_ = name if figure == "skill over time" else None
    lines = 0
    for who in ("ana", "ben", "cyd"):
        for step in club.explain(figure, by=who, type=type_).steps:
            if not step.claim.startswith(name):
                continue
            terms, _, behind = step.arithmetic.partition("; ")
            sum_ = terms.rpartition(" = ")[0] if type_ else behind.partition("; ")[0].partition(" = ")[2]
            losses = losses_behind(step.arithmetic)

            assert len(losses) >= 2
            for said, worked in losses:
                assert worked == pytest.approx(said, abs=3e-6)
            told = {f"{said:.6f}" for said, _ in losses}
            for pair in re.findall(r"\((\S+) - (\S+)\)", sum_):
                assert {f"{float(loss):.6f}" for loss in pair} <= told
            lines += held_line_by_line(step.arithmetic)
    assert bool(lines) == (name == "date")


@pytest.mark.parametrize("name", TYPES[1:])
@pytest.mark.parametrize("figure", ["bounds_open", "bounds: skill over time"])
def test_what_can_still_come_is_told_with_its_questions(club: Ledger, name: str, figure: str) -> None:
    card = club.scorecard(type=name, today="2026-02-05")
    for who in ("ana", "ben"):
        for step in card.explain(figure, by=who).steps:
            text = step.arithmetic
            if text.startswith("scored: ") and figure == "bounds_open":
                arithmetic, _, said = text.removeprefix("scored: ").rpartition(" = ")
                assert computed(arithmetic) == pytest.approx(float(said), abs=3e-6)
            elif figure == "bounds_open":
                costs = [float(cost) for cost in re.findall(r"(\d\.\d+) if ", text)]
                least, most = re.search(r"; least: ([^;]+); most: ([^;]+)$", text).groups()
                assert [computed(least), computed(most)] == pytest.approx([min(costs), max(costs)], abs=3e-6)
            elif not text.startswith("scored: "):
                assert losses_behind(text)
                for said, worked in losses_behind(text):
                    assert worked == pytest.approx(said, abs=3e-6)


def test_a_date_over_time_as_worked_out_by_hand(ledger: Ledger, clock: AnyClock) -> None:
    ledger.add("Passed", opens_on=OPENS, deadline=DEADLINE, when=True, p={"2026-01-03": 0.2, DEADLINE: 0.6})
    clock.set("2026-01-02T12:00:00Z")  # stands from the third on
    ledger.forecast("passed", {"2026-01-03": 0.1, DEADLINE: 0.5})
    clock.set("2026-03-01")
    ledger.resolve("passed", "no")

    [step] = ledger.explain("skill over time").steps

    assert step.arithmetic == (
        "(0.046875 - 0.057) + (0.109375 - 0.094) = 0.005250; "
        "forecast 1 loses 0.057 = 2026-01-02 (no) 1 x 0.1^2 + 2026-01-03 (no) 1 x 0.2^2 + 2026-01-04 to 2026-01-05 "
        "(no) 1 x 0.4^2 to 1 x 0.6^2, 2 days 0.520000, over 10; "
        "knowing nothing then 0.046875 = 2026-01-02 (no) 1 x 0.125^2 + 2026-01-03 to 2026-01-05 (no) 1 x 0.25^2 to "
        "1 x 0.5^2, 3 days 0.453125, over 10; "
        "forecast 2 loses 0.094 = 2026-01-03 (no) 1 x 0.1^2 + 2026-01-04 to 2026-01-05 (no) 2 x 0.3^2 to 3 x 0.5^2, "
        "2 days 0.930000, over 10; "
        "knowing nothing then 0.109375 = 2026-01-03 to 2026-01-05 (no) 1 x 0.25^2 to 3 x 0.5^2, 3 days 1.093750, "
        "over 10"
    )


def test_of_many_options_and_forecasts_those_that_weigh_most_are_told(ledger: Ledger, clock: Clock) -> None:
    names = [f"o{number}" for number in range(9)]
    for slug, ordered in (("choice", False), ("ordered", True)):
        ledger.add(slug, deadline="2026-02-28", options=names, ordered=ordered)
    for day in range(1, 10):
        clock.set(f"2026-01-{day:02}")
        shares = [0.2 + day / 100, *[(0.8 - day / 100) / 8] * 8]
        for slug in ("choice", "ordered"):
            ledger.forecast(slug, dict(zip(names, [round(share, 6) for share in shares], strict=True)))
    clock.set("2026-05-01")
    for slug in ("choice", "ordered"):
        ledger.resolve(slug, "o3", known_on="2026-03-01", reason="seen")

    for slug, others in (("choice", "3 other options"), ("ordered", "2 other questions")):
        [step] = ledger.explain("skill over time", type=slug).steps
        score = ledger.explain(slug).steps[0].arithmetic

        assert others in score
        assert computed(score.rpartition(" = ")[0]) == pytest.approx(float(score.rpartition(" = ")[2]), abs=3e-6)
        terms, _, sum_ = step.arithmetic.partition("; ")[0].rpartition(" = ")
        assert "+ 3 other forecasts " in terms
        shown = [eval(term.replace(" x ", " * ")) for term in re.sub(r"3 other forecasts ", "", terms).split(" + ")]
        assert len(shown) == 7
        assert sum(shown) == pytest.approx(float(sum_), abs=5e-6)
        assert step.arithmetic.count("; forecast ") == 6
        assert all(worked == pytest.approx(said, abs=3e-6) for said, worked in losses_behind(step.arithmetic))
        assert "+ 3 other forecasts " in ledger.explain("coverage", type=slug).steps[0].arithmetic
