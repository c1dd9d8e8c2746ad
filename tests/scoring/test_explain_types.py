"""The yes/no questions behind the score of a claim that is not yes or no."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from club_of_types import TYPES, club_of_types
from command_line import CommandLine
from conftest import Clock

from predictions import InvalidValue, Ledger

DEADLINE = "2026-06-30"


@pytest.fixture
def club(ledger: Ledger, clock: Clock) -> Ledger:
    club_of_types(ledger, clock)
    return ledger


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
        "mean over the range, at its points: at most 2 (0.1 - 0)^2, at most 4 (0.5 - 0)^2,"
    )
    assert "at most 6 (0.75 - 1)^2" in told["number"]
    half = round(16 / 31, 6)  # the event lies in May, nobody knows when
    assert f"by 2026-05-16 (0.3 - {half})^2, by 2026-06-30 (0.6 - 1)^2" in told["date"]


@pytest.mark.parametrize("name", TYPES[1:])
def test_the_parts_add_up_to_the_score_on_the_card(club: Ledger, name: str) -> None:
    card = club.scorecard()
    [score] = [row["score"] for row in card.to_dict()["types"] if (row["type"], row["forecaster"]) == (name, "ben")]

    explained = card.explain(name, by="ben")

    assert explained.value == pytest.approx(score)
    assert sum(step.part or 0.0 for step in explained.steps) == pytest.approx(score)
    assert {step.claim for step in explained.steps} == {f"{name}-{number}" for number in range(4)}
    assert card.explain(next(one.title for one in card.types if one.word == name).lower(), by="ben") == explained


@pytest.mark.parametrize("name", ["choice", "ordered"])
def test_of_options_the_arithmetic_as_written_gives_the_value(club: Ledger, name: str) -> None:
    for step in club.explain(name, by="cyd").steps:
        squares = [
            (float(p) - float(answer)) ** 2 for p, answer in re.findall(r"\((\S+) - (\S+)\)\^2", step.arithmetic)
        ]

        assert step.value == pytest.approx(sum(squares) / 2, abs=1e-9)  # half of three; the mean of two


def test_a_card_of_one_type_explains_its_score(club: Ledger, tmp_path: Path) -> None:
    explained = club.explain("brier", by="ana", type="date")

    assert explained == club.explain("date", by="ana")
    typed = CommandLine(tmp_path)
    typed.path = tmp_path / "ledger.db"
    assert "by 2026-04-10 (0.9 - 1)^2" in typed.says("explain", "date", "ana")


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
    with pytest.raises(InvalidValue, match="'coverage' of choices is not explained; say 'score' or 'log'"):
        club.explain("coverage", by="ana", type="choice")
    with pytest.raises(InvalidValue, match="'log' of dates is not explained; say 'score'"):
        club.explain("log", by="ana", type="date")


def test_whose_score_it_is_must_be_said(club: Ledger) -> None:
    with pytest.raises(InvalidValue, match="say whose figure: by=, one of ben, cyd, ana"):
        club.explain("number")
    with pytest.raises(InvalidValue, match="dee"):
        club.explain("number", by="dee")
    with pytest.raises(InvalidValue, match="is no figure"):
        club.explain("prices", by="ana")
