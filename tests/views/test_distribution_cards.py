"""Claims that are not yes or no on cards, boards and receipts: to the character, in 80 columns."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.cli.walk import walk_through
from predictions.records import Resolution
from predictions.views.due import due

WIDE = 80
LABS = {"openai": 0.4, "google": 0.4, "other": 0.2}


@pytest.fixture
def asked(clock: Clock, ledger: Ledger) -> Ledger:
    clock.set("2026-11-29")
    ledger.add("Which lab leads?", deadline="2027", options=list(LABS), p=LABS)
    ledger.add("Cars sold", deadline="2027", unit="million", between=(0, 10), quantiles={0.1: 2.5, 0.5: 4, 0.9: 6})
    ledger.add("The law is passed", deadline="2028", when=True, p={"2027": 0.3, "2028": 0.6})
    return ledger


def test_a_choice_has_a_bar_for_each_option(asked: Ledger) -> None:
    assert (
        "forecasts   openai 0.40  #############         ana, since 2026-11-29\n"
        "            google 0.40  #############\n"
        "            other  0.20  ######\n"
    ) in str(asked.claim("which-lab"))


def test_a_number_has_its_range_to_scale(asked: Ledger) -> None:
    line = "forecasts   0 ....[2.5====4====6]........ 10 million   ana: 80 % between 2.5, 6\n"
    assert line in str(asked.claim("cars"))


@pytest.mark.parametrize(
    ("quantiles", "line"),
    [
        ({0.1: 0.01, 0.5: 0.02, 0.9: 0.03}, "0 [0.01=0.02=0.03].................. 10 million"),
        ({0.1: 9.7, 0.5: 9.8, 0.9: 9.9}, "0 ..................[9.7=9.8=9.9] 10 million"),
    ],
)
def test_numbers_close_together_stay_apart(asked: Ledger, quantiles: dict[float, float], line: str) -> None:
    asked.forecast("cars", quantiles=quantiles)

    assert line in str(asked.claim("cars"))


def test_a_curve_that_stops_early_goes_on_to_the_ends_as_it_is_scored(asked: Ledger) -> None:
    asked.forecast("cars", quantiles={0.2: 2, 0.4: 4, 0.5: 5, 0.8: 8})

    assert "80 % between 1, 9" in str(asked.claim("cars"))


def test_a_date_has_its_chances_by_days(asked: Ledger) -> None:
    line = "forecasts   by 2027-12-31 0.30, by 2028-12-31 0.60, not at all 0.40      ana\n"
    assert line in str(asked.claim("the-law"))


def test_what_stood_before_and_why_stand_beside(asked: Ledger, clock: Clock) -> None:
    clock.set("2026-12-05")
    asked.forecast("which-lab", {"openai": 0.1, "google": 0.8, "other": 0.1}, note="a new model")

    bars = str(asked.claim("which-lab")).partition("forecasts")[2].split("\n")[:3]
    assert [bar.rpartition("  ")[2] for bar in bars] == [
        'ana, since 2026-12-05: "a',
        'new model"; at first openai',
        "0.40, google 0.40, other",
    ]


def test_a_day_that_moved_alone_is_told_with_the_curve_that_stood_first(asked: Ledger, clock: Clock) -> None:
    clock.set("2026-12-05")
    asked.forecast("the-law", {"2027": 0.4, "2028": 0.6})

    card = " ".join(str(asked.claim("the-law")).split())

    assert "by 2027-12-31 0.40" in card
    assert "at first by 2027-12-31 0.30, by 2028-12-31 0.60, not at all 0.40" in card


def test_everything_fits_eighty_columns(asked: Ledger, clock: Clock) -> None:
    options = [f"a-rather-long-name-of-an-option-{number}" for number in range(12)]
    asked.add("One of many?", deadline="2027", options=options, p=dict.fromkeys(options, 1 / 12))
    asked.add("Many visitors", deadline="2027", unit="visitors in a year", between=(100, 12_345_678),
              quantiles={0.1: 900, 0.3: 2_500, 0.5: 123_456, 0.9: 7_654_321})  # fmt: skip
    days = {f"2027-{month:02}-28": month / 20 for month in range(1, 13)}
    asked.add("It happens", deadline="2027-12-28", when=True, p=days)
    asked.forecast("one-of-many", {option: float(option == options[3]) for option in options}, by="ben", kind="person")

    screens = [str(asked.claim(slug)) for slug in ("one-of-many", "many-visitors", "it-happens")]
    clock.set("2029-02-10")
    waiting = asked.due(all=True)
    asked.resolve("one-of-many", options[3], known_on="2029-02-01", reason="by the table")
    asked.resolve("many-visitors", 123_456, known_on="2029-02-01", reason="by the register")
    screens += [waiting.screen(typed=True), str(asked.board(full=True)), str(asked.board(full=False))]

    assert [line for screen in screens for line in screen.split("\n") if len(line) > WIDE] == []


def test_the_history_says_a_number_as_it_was_given(asked: Ledger, clock: Clock) -> None:
    clock.set("2029-02-10")
    asked.resolve("cars", 42, known_on="2029-02-10", reason="by the register")

    assert "  cars-sold 1 42 million, above the\n" in str(asked.history())


def test_the_notebook_says_in_a_table_what_the_terminal_draws(asked: Ledger) -> None:
    html = asked.claim("which-lab")._repr_html_()

    assert "openai 0.40, google 0.40, other 0.20 since <time>2026-11-29</time>" in html
    assert "####" not in html


def test_receipts_say_what_was_given(asked: Ledger) -> None:
    lab = asked.add("Who leads?", deadline="2027", options=["openai", "anthropic", "google"],
                    p={"openai": 0.4, "anthropic": 0.4, "google": 0.2})  # fmt: skip
    law = asked.add("A law", deadline="2028", when=True, p={"2027": 0.3, "2028": 0.6})
    cars = asked.add("Lorries", deadline="2027", unit="million", between=(0, 10), quantiles={0.1: 2.5, 0.9: 6})

    assert lab.lines == (
        "who-leads   2026-11-29 .. 2027-12-31; one of openai, anthropic, google",
        "ana: openai 0.40, anthropic 0.40, google 0.20",
        "a verdict is due 2028-01-30; it counts on scorecards from then",
        "note: if none of these comes true the claim is annulled; an option 'other' would count it",
    )
    assert law.lines == (
        "a-law   2026-11-29 .. 2028-12-31; on which day",
        "ana: 0.30 by 2027-12-31, 0.60 by 2028-12-31; 0.40 that it is not",
        "a verdict is due 2029-01-30; it counts on scorecards from then",
    )
    assert cars.lines[:2] == (
        "lorries   2026-11-29 .. 2027-12-31; million, scored from 0 to 10",
        "ana: 10 % at most 2.5, 90 % at most 6",
    )


@pytest.mark.parametrize("rest", ["other", "none", "None"])
def test_no_note_where_an_option_stands_for_the_rest(asked: Ledger, rest: str) -> None:
    receipt = asked.add("Who?", deadline="2027", options=["a", rest.lower()], p={"a": 0.5, rest.lower(): 0.5})

    assert not any(line.startswith("note") for line in receipt.lines)


def test_mended_shares_are_said_with_the_mend(asked: Ledger) -> None:
    receipt = asked.add(
        "Which?", deadline="2027", options=["a", "b", "other"], p={"a": "33%", "b": "33%", "other": "33%"}
    )

    assert receipt.lines[1] == "ana: a 0.333, b 0.333, other 0.333: they summed to 0.99, within rounding; mended"


def test_a_later_forecast_is_said_in_plain_words(asked: Ledger) -> None:
    receipt = asked.forecast("the-law", {"2028": 0.9}, by="ben", kind="person")

    assert receipt.lines[0] == "the-law-is-passed: ben by 2028-12-31 0.90, not at all 0.10; now"


@pytest.mark.parametrize(
    ("claim", "outcome", "happened_on", "first", "board"),
    [
        ("which-lab", "google", None, "which-lab-leads: google, known from 2029-02-10", "google"),
        ("cars", 4.2, None, "cars-sold: 4.2 million, known from 2029-02-10", "4.2 million"),
        ("cars", 42, None, "cars-sold: 42 million, above the range 0 .. 10; scored as its end", "42 million"),
        ("cars", -1, None, "cars-sold: -1 million, below the range 0 .. 10; scored as its end", "-1 million"),
        ("the-law", "yes", "2028-05", "the-law-is-passed: yes, in May 2028, known 2029-02-10", "yes"),
        ("the-law", "yes", "2028", "the-law-is-passed: yes, in 2028, known 2029-02-10", "yes"),
        ("the-law", "yes", "2026-11", "the-law-is-passed: yes, in November 2026, known 2029-02-10", "yes"),
        ("the-law", "yes", "2028-05-03", "the-law-is-passed: yes, on 2028-05-03, known 2029-02-10", "yes"),
    ],
)
def test_a_verdict_is_said_with_its_unit_or_its_day(
    asked: Ledger, clock: Clock, claim: str, outcome: object, happened_on: str | None, first: str, board: str
) -> None:
    clock.set("2029-02-10")

    receipt = asked.resolve(claim, outcome, happened_on=happened_on, known_on="2029-02-10", reason="as read")

    in_full = first.partition(": ")[2].replace(", known from", ", known")
    assert receipt.lines[0] == first
    assert in_full in " ".join(str(asked.claim(claim)).split())
    assert f" {board} " in str(asked.board(full=False))
    assert in_full in " ".join(str(asked.board(full=True)).split())


def test_what_is_due_has_a_line_to_type_for_its_type(asked: Ledger, clock: Clock) -> None:
    clock.set("2029-02-10")

    lines = {item.claim: item.lines for item in due(asked.snapshot()).items}

    assert lines["cars-sold"] == ('predictions resolve cars-sold VALUE --known-on DAY --reason "WHY"',)
    assert lines["which-lab-leads"] == ("predictions resolve which-lab 'openai|...' --known-on DAY --reason \"WHY\"",)
    assert lines["the-law-is-passed"] == (
        "predictions resolve the-law-is-passed no",
        "predictions resolve the-law-is-passed yes --happened-on DAY --because LINK",
    )
    assert "one of openai, google, other" in str(asked.due())


def test_a_walk_asks_for_what_each_type_comes_out_as(asked: Ledger, clock: Clock) -> None:
    clock.set("2029-02-10")
    asked.add("It rains", deadline="2029-02-20", p=0.4)
    clock.set("2029-04-10")
    prompts: list[str] = []

    def skip(prompt: str) -> str:
        prompts.append(prompt)
        return ""

    walk_through(asked, asked.due(all=True), by=None, ask=skip)

    assert prompts == [
        "Enter skips, openai, google, ... decides (--known-on DAY may follow), q quits: ",
        "Enter skips, a value, ... decides (--known-on DAY may follow), q quits: ",
        "Enter skips, a day, no, ... decides (--known-on DAY may follow), q quits: ",
        "Enter skips, yes, no, ... decides (--happened-on DAY may follow yes), q quits: ",
    ]


def test_a_walk_breaks_a_prompt_of_long_options_before_eighty_columns(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-02")
    ledger.add("Who wins", deadline="2026-12-31", options=["the-party-of-the-north", "the-party-of-the-south", "other"])
    clock.set("2027-03-01")
    prompts: list[str] = []

    walk_through(ledger, ledger.due(all=True), by=None, ask=prompts.append)

    lines = prompts[0].split("\n")
    assert max(map(len, lines)) <= 80
    assert " ".join(map(str.strip, lines)) == (
        "Enter skips, the-party-of-the-north, the-party-of-the-south, ... decides (--known-on DAY may follow), q quits:"
    )


@pytest.mark.parametrize(
    ("asked_for", "answer", "said"),
    [
        ({"unit": "m", "between": (0, 10), "quantiles": {0.1: 2.5, 0.5: 4, 0.9: 6}}, "4.5", "4.5"),
        ({"when": True, "p": {"2026-12-31": 0.3}}, "2026-06-01", "yes"),
        ({"options": ["10", "20"], "p": {"10": 0.3, "20": 0.7}}, "10", "10"),
        ({"p": 0.3}, "0.4", "0.4"),
    ],
)
def test_a_number_in_a_walk_through_what_is_open_is_a_verdict_unless_it_is_a_chance_of_yes(
    ledger: Ledger, clock: Clock, asked_for: dict[str, Any], answer: str, said: str
) -> None:
    clock.set("2026-01-02")
    ledger.add("Open", deadline="2026-12-31", **asked_for)
    clock.set("2026-06-05")
    answers = iter([f"{answer} --known-on 2026-06-02 --reason seen", "y"])

    walk_through(ledger, ledger.due(stale=True), by=None, ask=lambda _: next(answers, None))

    [verdict] = ledger.snapshot().all(Resolution)
    assert verdict.said.partition(",")[0] == said
    assert len(ledger.claim("open").forecasts) == 1


def test_long_options_show_what_distinguishes_them_and_wide_letters_stand_in_columns(ledger: Ledger) -> None:
    ohio, iowa = (f"the candidate of the democratic party of the state of {state}" for state in ("ohio", "iowa"))
    ledger.add("Who wins?", deadline="2027", options=[ohio, iowa], p={ohio: 0.5, iowa: 0.5}, slug="wins")
    ledger.add("Where?", deadline="2027", options=["東京", "osaka"], p={"東京": 0.5, "osaka": 0.5}, slug="where")

    wins = str(ledger.claim("wins"))
    assert "...state-of-ohio 0.50  ####" in wins
    assert "...state-of-iowa 0.50  ####" in wins
    assert "東京  0.50  ####" in str(ledger.claim("where"))
    picture = ledger.claim("wins")._repr_html_()
    assert "...e-of-ohio" in picture or "...-of-ohio" in picture
