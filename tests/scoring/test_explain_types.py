"""The yes/no questions behind the score of a claim that is not yes or no."""

from __future__ import annotations

import math
import re
from pathlib import Path
from statistics import fmean

import pytest
from club_of_types import TYPES, club_of_types
from command_line import CommandLine
from conftest import Clock
from questions_read import computed

from predictions import InvalidValue, Ledger
from predictions.records import Claim
from predictions.render.blocks import Table

DEADLINE = "2026-06-30"


def test_the_questions_of_each_type_are_written_out(ledger: Ledger, clock: Clock) -> None:
    options = ["low", "mid", "high"]
    shares = {"low": 0.2, "mid": 0.5, "high": 0.3}
    ledger.add("Which?", deadline=DEADLINE, options=options, p=shares)
    ledger.add("How large?", deadline=DEADLINE, options=options, ordered=True, p=shares)
    ledger.add("Sold", deadline=DEADLINE, unit="m", between=(0, 10), quantiles={0.1: 2, 0.5: 4, 0.75: 6, 0.9: 7})
    ledger.add("Passed", deadline=DEADLINE, when=True, p={"2026-05-16": 0.3, DEADLINE: 0.6})
    clock.set("2026-08-15")
    for slug, outcome in (("which", "mid"), ("how-large", "mid"), ("sold", 4.2)):
        ledger.resolve(slug, outcome, known_on="2026-07-02", reason="seen")
    ledger.resolve("passed", "yes", happened_on="2026-05", known_on="2026-06-01", reason="seen")

    told = {name: ledger.explain(name).steps[0].arithmetic for name in TYPES[1:]}

    assert told["choice"] == "half of low (0.2 - 0)^2 + mid (0.5 - 1)^2 + high (0.3 - 0)^2 = 0.190000"
    assert told["ordered"] == "mean of at most low (0.2 - 0)^2, at most mid (0.7 - 1)^2 = 0.065000"
    assert told["number"].startswith(
        "mean over the range: 0 to 2 (no) 2 x (0^2 + 0 x 0.1 + 0.1^2) / 3 + 2 to 4 (no) 2 x (0.1^2 + 0.1 x 0.5 + 0.5^2)"
    )
    assert "6 to 7 (yes) 1 x (0.25^2 + 0.25 x 0.1 + 0.1^2) / 3" in told["number"]
    gap = f"{round(abs(0.3 - 16 / 31), 6):.6f}"  # it came in May, nobody knows when
    assert f"x {gap} + {gap}^2) / 3" in told["date"]
    assert "2026-05-01 to 2026-05-16 (uncertain)" in told["date"]
    assert "2026-05-17 to 2026-05-31 (uncertain)" in told["date"]


@pytest.mark.parametrize("name", TYPES[1:])
def test_the_parts_add_up_to_the_score_on_the_card(club: Ledger, name: str) -> None:
    card = club.scorecard()
    [score] = [row["score"] for row in card.to_dict()["types"] if (row["type"], row["forecaster"]) == (name, "ben")]

    explained = card.explain(name, by="ben")

    assert explained.value == pytest.approx(score)
    assert sum(step.part or 0.0 for step in explained.steps) == pytest.approx(score)
    assert {step.claim for step in explained.steps} == {f"{name}-{number}" for number in range(4)}
    assert card.explain(next(one.title for one in card.types if one.word == name).lower(), by="ben") == explained


@pytest.mark.parametrize("name", TYPES[1:])
def test_the_arithmetic_of_a_score_as_written_gives_the_figure(club: Ledger, clock: Clock, name: str) -> None:
    more_of_each(club, clock)
    for who in ("ben", "cyd"):
        explained = club.explain(name, by=who)
        values = []
        for step in explained.steps:
            values.append(computed(step.arithmetic.rpartition(" = ")[0]))
            assert values[-1] == pytest.approx(step.value, abs=2e-6)

        assert sum(values) / len(values) == pytest.approx(explained.value, abs=2e-6)


@pytest.mark.parametrize("name", TYPES[1:])
@pytest.mark.parametrize("figure", ["skill over time", "coverage", "entered"])
def test_the_arithmetic_over_time_as_written_gives_the_figure(
    club: Ledger, clock: Clock, name: str, figure: str
) -> None:
    more_of_each(club, clock)
    card = club.scorecard(type=name)
    for row in card.to_dict()["types"]:
        explained = card.explain(figure, by=row["forecaster"])
        sums = [step.arithmetic.partition("; ")[0].rpartition(" = ")[0] for step in explained.steps]
        values = [computed(sum_.replace(" of ", " / ").replace(" days", "")) for sum_ in sums]

        wanted = row["time_skill" if figure == "skill over time" else figure]
        assert sum(values) / len(values) == pytest.approx(explained.value, abs=1e-5) == wanted


@pytest.mark.parametrize("name", TYPES[1:])
@pytest.mark.parametrize("figure", ["bounds_due", "bounds_open"])
@pytest.mark.parametrize("today", ["2026-03-01", "2026-06-01"])
def test_what_each_outcome_would_cost_gives_the_bounds(
    club: Ledger, clock: Clock, name: str, figure: str, today: str
) -> None:
    more_of_each(club, clock)
    card = club.scorecard(type=name, today=today)
    for row in card.to_dict()["types"]:
        explained = card.explain(figure, by=row["forecaster"])
        costs = [
            [float(cost) for cost in re.findall(r"(\d\.\d+)(?: if |$)", step.arithmetic.partition("; least: ")[0])]
            for step in explained.steps
        ]

        bounds = [fmean(map(ends, costs)) for ends in (min, max)] if costs else None
        assert row[figure] == (bounds and pytest.approx(bounds, abs=1e-6))
        assert explained.value == (bounds and pytest.approx(tuple(bounds), abs=1e-6))
        if today == "2026-03-01" and name != "date":  # of which some had come by then
            assert all(len(each) > 1 for each in costs)


@pytest.mark.parametrize("name", TYPES[1:])
def test_what_is_counted_of_a_type_is_explained(club: Ledger, name: str) -> None:
    card = club.scorecard(type=name)
    for row in card.to_dict()["types"]:
        steps = card.explain("n", by=row["forecaster"]).steps

        assert sum(step.part for step in steps) == row["n"]
        assert [step.arithmetic for step in card.explain("funnel", by=row["forecaster"]).steps] == ["scored"] * row["n"]


@pytest.mark.parametrize("name", TYPES[1:])
def test_no_figure_of_a_type_is_without_its_explanation(ledger: Ledger, clock: Clock, name: str) -> None:
    club_of_types(ledger, clock, 11)
    card = ledger.scorecard(type=name, full=True)
    judged = {"in_50", "in_80", "in_90", "fifths", "fifths_band"}
    without = {"log_score"} if name in {"number", "date"} else judged  # of this type

    [*rows] = card.to_dict()["types"]

    for row in rows:
        for figure in row.keys() - {"type", "forecaster", "too_few", "near_of", "funnel"} - without:
            shown = tuple(row[figure]) if isinstance(row[figure], list) else row[figure]
            assert card.explain(figure, by=row["forecaster"]).value == (shown and pytest.approx(shown))
    for figure in without:
        with pytest.raises(InvalidValue, match="is not explained; say one of"):
            card.explain(figure, by="ben")
    headings = {heading for block in card.of_types() if isinstance(block, Table) for heading in block.names}
    for heading in headings - {"who", "", "said"}:
        assert card.explain(heading, by="ben").formula


@pytest.mark.parametrize("name", TYPES[1:])
@pytest.mark.parametrize("today", ["2026-02-12", "2026-06-01"])
def test_what_can_still_be_saved_is_written_out(club: Ledger, clock: Clock, name: str, today: str) -> None:
    more_of_each(club, clock)
    card = club.scorecard(type=name, today=today)
    for row in club.scorecard(type=name, today=today, full=True).to_dict()["types"]:
        explained = card.explain("bounds: skill over time", by=row["forecaster"])
        ends = []
        for step in explained.steps:
            if step.arithmetic.startswith("scored: "):
                ends.append([float(step.arithmetic.removeprefix("scored: "))] * 2)
                continue
            least, most = step.arithmetic.removeprefix("least ").split("; ")[:2]
            ends.append([worked_out(text) for text in (least, most.removeprefix("most "))])

        bounds = [fmean(end) for end in zip(*ends, strict=True)] if explained.value else None
        assert row["bounds_time_skill"] == (bounds and pytest.approx(bounds, abs=2e-6))
        assert explained.value == (bounds and pytest.approx(tuple(row["bounds_time_skill"])))
        if today == "2026-02-12":
            assert bounds


def worked_out(text: str) -> float:
    """Do the arithmetic of what is saved if something happens; hold that it comes to what is said."""
    sum_, _, happens = text.partition(" if ")
    terms, _, total = sum_.rpartition(" = ")
    if terms:
        assert eval(terms.replace(" x ", " * ")) == pytest.approx(float(total), abs=2e-6)
    assert happens
    return float(total)


@pytest.mark.parametrize("name", ["number", "date"])
@pytest.mark.parametrize("level", [50, 80, 90])
def test_which_outcomes_lay_in_a_range_is_written_out(ledger: Ledger, clock: Clock, name: str, level: int) -> None:
    club_of_types(ledger, clock, 11)
    ledger.add("Month", deadline="2027-06-30", when=True, slug="month")
    ledger.forecast("month", {"2027-01-01": 0.0, "2027-03-31": 0.5, "2027-06-30": 0.5}, by="ben")
    clock.set("2027-09-01")
    ledger.resolve("month", "yes", happened_on="2027-03", known_on="2027-04-02", reason="seen")
    card = ledger.scorecard(type=name)

    explained = card.explain(f"in {level} %", by="ben")

    parts = []
    for step in explained.steps:
        _, _, terms = step.arithmetic.rpartition(": ")
        worked, _, value = terms.partition(" = ")
        parts.append(eval(worked))
        assert parts[-1] == pytest.approx(float(value), abs=5e-6)  # a quotient of numbers with six digits
    [shown] = [row[f"in_{level}"] for row in card.to_dict()["types"] if row["forecaster"] == "ben"]
    assert fmean(parts) == pytest.approx(explained.value, abs=2e-6)
    assert explained.value == pytest.approx(shown)
    if name == "date":
        assert any("of the chances, and the range is" in step.arithmetic for step in explained.steps)


@pytest.mark.parametrize("name", ["number", "date"])
def test_in_which_fifth_outcomes_lay_is_written_out(ledger: Ledger, clock: Clock, name: str) -> None:
    club_of_types(ledger, clock, 11)
    card = ledger.scorecard(type=name)

    explained, band = card.explain("fifths", by="ben"), card.explain("each", by="ben")

    counts = dict.fromkeys(("1st", "2nd", "3rd", "4th", "5th"), 0.0)
    for step in explained.steps:
        for part, fifth in re.findall(r"(\S+) in the (\w+)", step.arithmetic):
            counts[fifth] += float(part)
    assert explained.value == pytest.approx(tuple(counts.values()), abs=2e-5)
    assert sum(counts.values()) == pytest.approx(11, abs=2e-5)
    low, high = re.search(r"have (\d+) to (\d+) there", band.total).groups()
    assert band.value == (float(low), float(high))


@pytest.mark.parametrize("figure", ["in_80", "fifths", "each"])
def test_of_few_outcomes_no_calibration_is_told(club: Ledger, figure: str) -> None:
    explained = club.explain(figure, by="ben", type="number")

    assert explained.value is None
    assert explained.total.startswith("fewer than 10 statements are scored")


@pytest.mark.parametrize("name", TYPES[1:])
def test_when_somebody_was_near_is_written_out(club: Ledger, name: str) -> None:
    card = club.scorecard(type=name)
    for row in card.to_dict()["types"]:
        explained = card.explain("near", by=row["forecaster"])

        near = [step.arithmetic.rpartition(": ")[2] for step in explained.steps]
        assert near.count("1") == row["near"] == explained.value
        assert len(near) - near.count("on no side") == row["near_of"]


def test_the_skill_on_every_type_is_written_out(club: Ledger) -> None:
    for row in club.scorecard().to_dict()["every_type"]:
        explained = club.explain("every type", by=row["forecaster"])

        values = [eval(step.arithmetic.partition(" = ")[0]) for step in explained.steps]
        assert fmean(values) == pytest.approx(explained.value, abs=1e-5)
        assert explained.value == pytest.approx(row["time_skill"])
        assert len(values) == 20


def test_a_figure_of_several_types_is_asked_for_with_the_type(club: Ledger) -> None:
    with pytest.raises(
        InvalidValue, match="several types have the figure 'in 80 %'; say which with type=: number or d"
    ):
        club.explain("in 80 %", by="ben")
    assert club.explain("in time or not", by="ben") == club.explain("near", by="ben", type="date")


@pytest.mark.parametrize("figure", ["log", "entered", "coverage"])
def test_a_figure_of_somebody_scored_on_other_types_alone_is_of_these(
    ledger: Ledger, clock: Clock, figure: str
) -> None:
    ledger.add("It rains", deadline="2027", p=0.4)
    ledger.add("Which?", deadline=DEADLINE, options=["a", "b"], p={"a": 0.2, "b": 0.8})
    ledger.add("Passed", deadline=DEADLINE, when=True, p={DEADLINE: 0.6})
    clock.set("2026-08-15")
    ledger.resolve("which", "a", known_on="2026-07-02", reason="seen")

    assert ledger.explain(figure) == ledger.explain(figure, type="choice")

    ledger.resolve("passed", "no", reason="seen")
    if figure == "log":  # which dates do not have
        assert ledger.explain(figure) == ledger.explain(figure, type="choice")
    else:
        with pytest.raises(InvalidValue, match=f"'{figure}' is, with type=: choice or date"):
            ledger.explain(figure, by="ana")


@pytest.mark.parametrize(("high", "decimals"), [(1e-5, 11), (100, 4), (5e9, 0)])
def test_values_have_the_decimals_of_their_range(ledger: Ledger, clock: Clock, high: float, decimals: int) -> None:
    ledger.add("Sold", deadline=DEADLINE, unit="m", between=(0, high), quantiles={
        0.1: high / 10, 0.5: high * 0.15, 0.9: high * 0.3,
    })  # fmt: skip
    clock.set("2026-08-15")
    ledger.resolve("sold", high * 0.17, known_on="2026-07-02", reason="seen")

    [step] = ledger.explain("number").steps

    assert computed(step.arithmetic.rpartition(" = ")[0]) == pytest.approx(step.value, abs=2e-6)
    ends = [end for ends in re.findall(r"(\S+) to (\S+) \((?:no|yes)\)", step.arithmetic) for end in ends]
    assert max(len(end.partition(".")[2]) for end in ends) == decimals


def more_of_each(ledger: Ledger, clock: Clock) -> None:
    """A smooth curve on a log axis, and dates of which only the month is known, or which never came."""
    clock.set("2026-01-02")
    ledger.add("Users", deadline=DEADLINE, unit="m", between=(1, 10_000))
    ledger.correct("users", scale="log", reason="it grows")
    for title in ("Passed", "Never"):
        ledger.add(title, deadline=DEADLINE, when=True)
    for who in ("ben", "cyd"):
        ledger.forecast("users", quantiles={0.1: 20, 0.5: 400, 0.9: 7_000}, by=who)
        ledger.forecast("passed", {"2026-05-16": 0.3, DEADLINE: 0.6}, by=who)
        ledger.forecast("never", {"2026-05-16": 0.3, "2026-05-17": 0.35, DEADLINE: 0.6}, by=who)
    clock.set("2026-09-01")
    ledger.resolve("users", 2_000, known_on="2026-07-02", reason="seen")
    ledger.resolve("passed", "yes", happened_on="2026-05", known_on="2026-06-01", reason="seen")
    ledger.resolve("never", "no")


def test_a_card_of_one_type_explains_its_score(club: Ledger, tmp_path: Path) -> None:
    explained = club.explain("brier", by="ana", type="date")

    assert explained == club.explain("date", by="ana")
    typed = CommandLine(tmp_path)
    typed.path = tmp_path / "ledger.db"
    assert "x 0.1 + 0.1^2) / 3" in typed.says("explain", "date", "ana")


@pytest.mark.parametrize("name", ["choice", "ordered"])
def test_a_card_of_options_explains_its_log_score(club: Ledger, name: str) -> None:
    for who in ("ana", "ben"):
        [row] = [row for row in club.scorecard(by=who).to_dict()["types"] if row["type"] == name]

        explained = club.explain("log", by=who, type=name)

        assert explained.value == pytest.approx(row["log_score"])
        for step in explained.steps:
            share = float(re.fullmatch(r"-ln (\S+), the share of \S+ = \S+", step.arithmetic)[1])
            assert step.value == pytest.approx(-math.log(share) if share else math.inf)


def test_what_a_card_of_one_type_does_not_explain_is_said_by_its_name(club: Ledger) -> None:
    with pytest.raises(InvalidValue, match="'p-value' of choices is not explained; say one of score, log_score, ent"):
        club.explain("p-value", by="ana", type="choice")
    with pytest.raises(InvalidValue, match="'log' of dates is not explained; say one of score, entered, time_skill"):
        club.explain("log", by="ana", type="date")


def test_a_claim_in_place_of_a_figure_is_named_with_the_call_that_shows_it(club: Ledger) -> None:
    for slug in [claim.slug for claim in club.snapshot().all(Claim)]:
        with pytest.raises(InvalidValue, match=rf'^{slug} is a claim, .* ledger\.claim\("{slug}", full=True\)$'):
            club.explain(slug, by="ana")


def test_whose_score_it_is_must_be_said(club: Ledger) -> None:
    with pytest.raises(InvalidValue, match="say whose figure: by=, one of ben, cyd, ana"):
        club.explain("number")
    with pytest.raises(InvalidValue, match="dee"):
        club.explain("number", by="dee")
    with pytest.raises(InvalidValue, match="is no figure"):
        club.explain("prices", by="ana")


@pytest.mark.parametrize("figure", ["brier", "log_score", "time_skill"])
def test_a_figure_of_yes_or_no_names_what_explains_the_other_types(club: Ledger, figure: str) -> None:
    explained = club.explain(figure, by="ben")

    lines = str(explained).splitlines()
    assert lines[1].strip() == "on claims of yes or no alone; those of other types are explained by"
    offered = [line.strip() for line in lines[2:] if line.strip().startswith("ledger.explain(")]
    assert [of_type or name for name, of_type in explained.others] == list(TYPES[1:])
    assert len(offered) == len(explained.others)
    for line in offered:
        assert eval(line, {"ledger": club}).steps
    assert not club.explain(figure, by="ben", type="yes-no").others
