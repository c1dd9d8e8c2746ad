"""Numbers at the command line: what is no probability is refused with one plain sentence, the file unchanged.

The figures beside the cases are the rows of the project's list of bad input.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine, with_one_claim
from conftest import Clock

from predictions.number_checks import all_but_certain

TODAY = "2026-11-22"
NO_PROBABILITY = " is not a probability; write it with a point, 0.72, or as 72%"
NO_RANGE = " is not a probability, which runs from 0 to 1, or from 0% to 100%"


@pytest.fixture
def run(clock: Clock, tmp_path: Path) -> CommandLine:
    return with_one_claim(tmp_path, clock, TODAY)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        *[(word, repr(word) + NO_PROBABILITY) for word in ("True", "False", "yes")],  # 1
        *[(word, repr(word) + NO_PROBABILITY) for word in ("nan", "NaN")],  # 2
        *[(word, repr(word) + NO_PROBABILITY) for word in ("inf", "Infinity", "1e400")],  # 3
        ("very likely", "'very likely' is not a probability; --words \"very likely\" says it in words"),
        ("-inf", "'-inf' is negative; a chance runs from 0% to 100%; a value is said with --quantiles"),  # 3
        ("-0", "'-0' is negative; a chance runs from 0% to 100%; a value is said with --quantiles"),  # 4
        ("1e-400", "'1e-400'" + NO_PROBABILITY),  # 5
        ("1.0000000000000002", "1.0000000000000002" + NO_RANGE),  # 7
        ("1.01", "1.01" + NO_RANGE),  # 7
        ("101%", "101%" + NO_RANGE),  # 7
        ("-0.01", "'-0.01' is negative; a chance runs from 0% to 100%; a value is said with --quantiles"),  # 7
        ("-.5", "'-.5' is negative; a chance runs from 0% to 100%; a value is said with --quantiles"),  # 7
        ("72", "72 is not a probability; say 0.72 or 72%"),  # 8
        ("73.5", "73.5 is not a probability; say 0.735 or 73.5%"),  # 8
        ("100", "100 is not a probability; say 1 or 100%"),  # 8
        ("150", "150" + NO_RANGE),  # 8
        *[(word, repr(word) + NO_PROBABILITY) for word in ("1,000", "%")],  # 9
        ("50%%", "'50%%' is not a probability; say 50%"),
        ("1 in 4", "'1 in 4' is not a probability; say 25%"),
        ("20-30%", "'20-30%' is not a probability; say one number, such as 25%"),
        *[(word, repr(word) + NO_PROBABILITY) for word in ("٠.٥", "０.５")],  # 10
        ("७२%", "'७२%' is not a probability; say 72%"),
        *[(word, repr(word) + NO_PROBABILITY) for word in ("½", "0x1p-1", "1_0", "1e0", "+.5")],  # 11
        *[(word, repr(word) + NO_PROBABILITY) for word in ("", "null", "[0.5]", "b'0.5'", "0.", ".")],  # 12
        ("1" + "0" * 400, "1" + "0" * 36 + "..." + NO_RANGE),  # 13
        ("0." + "0" * 400 + "1", "0." + "0" * 35 + "... " + all_but_certain(0)),  # 14
        ("0." + "9" * 30, "0." + "9" * 30 + " " + all_but_certain(1)),  # 14
        ("0.00000000000001%", "1e-16 " + all_but_certain(0)),  # 14
    ],
)  # fmt: skip
def test_what_is_no_probability_is_refused(run: CommandLine, typed: str, said: str) -> None:
    assert run.refuses("forecast", "rain", typed) == said


def test_a_minus_sign_is_refused_where_it_can_be_no_option_too(run: CommandLine) -> None:
    assert run.refuses("forecast", "rain", "--", "-0.01") == "-0.01" + NO_RANGE


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0", 0), ("1", 1), ("0%", 0), ("100%", 1), (".5", 0.5), ("0.000000000001", 1e-12),  # 14
     ("0.0000000000009", 1e-12),  # 5
     ("0.30000000000000004", 0.3), ("33.3333333333333%", 0.333333333333),  # 6
     ("50 %", 0.5), ("50\u00a0%", 0.5), (" 0.5 ", 0.5), (".5\n", 0.5)],
)  # fmt: skip
def test_what_is_typed_is_rounded_to_twelve_places(run: CommandLine, typed: str, kept: float) -> None:
    assert run.json("forecast", "rain", typed)["probability"] == kept


@pytest.mark.parametrize("option", ["--low", "--high"])
def test_an_option_that_is_no_probability_is_named(run: CommandLine, option: str) -> None:
    assert run.refuses("forecast", "rain", "0.5", option, "72") == (
        f"{option}: 72 is not a probability; say 0.72 or 72%"
    )


def test_the_number_beside_add_is_a_probability_too(run: CommandLine) -> None:
    said = run.refuses("add", "It snows", "--deadline", "2027", "-p", "30")

    assert said == "30 is not a probability; say 0.3 or 30%"


@pytest.mark.parametrize(
    ("between", "said"),
    [
        ("10..100,000 log", "in '10..100,000 log' the end 100,000 may be 100000 or 100; say which"),
        ("0..1.500", "in '0..1.500' the end 1.500 may be 1500 or 1.5; say which"),
        ("0", "'0' is no range; say its two ends"),
        ("a..b log", "'a..b log' is no range; say its two ends"),
    ],
)
def test_a_range_is_shown_as_it_was_typed(run: CommandLine, between: str, said: str) -> None:
    refusal = run.refuses("add", "Cars sold", "--deadline", "2099", "--unit", "cars", "--between", between)

    assert said in refusal


def test_thousands_apart_are_read_as_typed(run: CommandLine) -> None:
    text = run.says("add", "Cars sold", "--deadline", "2099", "--unit", "cars", "--between", "0..1'000'000", "-q",
                    "50%=10 000")  # fmt: skip

    assert "0 to 1000000" in text
    assert "50 % at most 10000" in text
