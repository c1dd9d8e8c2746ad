"""Claims that are not yes or no: asked, forecast and resolved, and refused in words that name their type."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from conftest import Clock, Refuses

from predictions import Conflict, InvalidValue, Ledger
from predictions.enums import Axis, ClaimType, Outcome
from predictions.importing.refusals import RowsRefused
from predictions.recording.enter import build, enter
from predictions.recording.smooth_curves import Ranges, smooth_curve, smooth_curves
from predictions.records import Claim, Forecast, Resolution

LABS = ["openai", "anthropic", "google"]
SHARES = {"openai": 0.4, "anthropic": 0.4, "google": 0.2}
QUANTILES = {0.1: 2.5, 0.5: 4, 0.9: 6}


@pytest.fixture
def lab(ledger: Ledger) -> str:
    return ledger.add("Which lab leads?", deadline="2027", options=LABS, p=SHARES)


@pytest.fixture
def cars(ledger: Ledger) -> str:
    return ledger.add("Cars sold in 2027", deadline="2027", unit="million", between=(0, 10), quantiles=QUANTILES)


@pytest.fixture
def law(ledger: Ledger) -> str:
    return ledger.add("The law is passed", deadline="2028", when=True, p={"2027": 0.3, "2028": 0.6})


def last(ledger: Ledger, cls: type, slug: str) -> object:
    name = "slug" if cls is Claim else "claim"
    return [record for record in ledger.snapshot().all(cls) if getattr(record, name) == slug][-1]


# -- what is recorded --------------------------------------------------------------------------------------------------


def test_a_choice_is_recorded_with_its_options_and_shares(ledger: Ledger, lab: str) -> None:
    claim, forecast = last(ledger, Claim, lab), last(ledger, Forecast, lab)

    assert (claim.type, claim.options) == (ClaimType.CHOICE, tuple(LABS))
    assert [(one.option, one.share) for one in forecast.shares] == list(SHARES.items())
    assert ledger.verify().ok


def test_an_option_and_a_value_are_asked_for_the_day_on_which_they_became_public(
    ledger: Ledger, lab: str, cars: str, refuses: Refuses
) -> None:
    for claim, outcome in ((lab, "google"), (cars, 4)):
        with refuses("when? say known_on=DAY, the day on which it became public", error=InvalidValue):
            ledger.resolve(claim, outcome)


def test_options_with_an_order_are_another_type(ledger: Ledger) -> None:
    shares = {"high": "60 %", "low": "40 %"}
    size = ledger.add("How large?", deadline="2027", options=["low", "high"], ordered=True, p=shares)

    claim, forecast = last(ledger, Claim, size), last(ledger, Forecast, size)
    assert claim.type is ClaimType.ORDERED
    assert [(one.option, one.share) for one in forecast.shares] == [("low", 0.4), ("high", 0.6)]


def test_options_are_said_by_their_names_everywhere(ledger: Ledger, clock: Clock) -> None:
    shares = {"Lab A": 0.5, "10+": 0.3, "東京": 0.2}
    lab = ledger.add("Which one?", deadline="2027", options=list(shares), p=shares)
    ledger.forecast(lab, {"lab-a": 0.1, "10-plus": 0.1, "東京": 0.8}, by="ben", kind="person")
    clock.set("2028-02-01")
    ledger.resolve(lab, "東京", known_on="2028-01-02", reason="seen")

    claim, forecast = last(ledger, Claim, lab), last(ledger, Forecast, lab)
    assert claim.options[:2] == ("lab-a", "10-plus")
    assert [one.share for one in forecast.shares] == [0.1, 0.1, 0.8]
    assert last(ledger, Resolution, lab).option == claim.options[2]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"options": ["", "b"]}, "'' is no name of an option"),
        ({"options": [True, "b"]}, "options"),
        ({"options": ["Lab A", "lab-a"]}, "the options 'Lab A' and 'lab-a' would both be 'lab-a'"),
        ({"unit": "m", "between": (0, 10, "lin")}, "is no range"),
    ],
)
def test_options_and_ranges_that_are_none_are_refused(
    ledger: Ledger, refuses: Refuses, given: dict, words: str
) -> None:
    with pytest.raises(InvalidValue, match=words):
        ledger.add("Which one?", deadline="2027", **given)


def test_years_may_be_numbers(ledger: Ledger) -> None:
    first = ledger.add("The first", deadline="2028", options=[2027, 2028], p={2027: 0.4, 2028: 0.6})
    day = ledger.add("The day", deadline="2028", when=True, p={2027: 0.4, 2028: 0.6})

    assert last(ledger, Claim, first).options == ("2027", "2028")
    assert [one.day for one in last(ledger, Forecast, day).days] == [date(2027, 12, 31), date(2028, 12, 31)]


def test_a_month_of_which_one_day_lies_in_the_window_is_that_day(ledger: Ledger) -> None:
    law = ledger.add("The law", deadline="2028", when=True)
    ledger.resolve(law, "yes", happened_on="January 2026", reason="in the gazette")

    (verdict,) = ledger.snapshot().all(Resolution)
    assert (verdict.happened_from, verdict.happened_on) == (None, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("happened_on", "known_on", "first", "last"),
    [
        ("2026-05", "2026-05-20", "2026-05-01", "2026-05-20"),
        ("May 2026", "2026-06-02", "2026-05-01", "2026-05-31"),
        ("2026", "2026-05-20", "2026-01-01", "2026-05-20"),
        ("2026", "2026-07-15", "2026-01-01", "2026-06-30"),
        ("2026-06", "2026-07-01", "2026-06-01", "2026-06-30"),
        ("2026-05", "2026-05-01", None, "2026-05-01"),
    ],
)
def test_a_month_or_a_year_ends_when_it_was_known_at_every_door(
    ledger: Ledger, clock: Clock, tmp_path: Path, happened_on: str, known_on: str, first: str | None, last: str
) -> None:
    for slug in ("verb", "outcome", "rows", "table", "early"):
        ledger.add(f"The law of {slug}", deadline="2026-06-30", when=True, slug=slug)
    days = {"known_on": known_on, "reason": "seen"}
    clock.set(known_on)
    ledger.resolve("early", "yes", happened_on=happened_on, **days)
    clock.set("2026-08-15")
    ledger.resolve("verb", "yes", happened_on=happened_on, **days)
    ledger.resolve("outcome", happened_on, **days)
    row = {"outcome": "yes", "happened_on": happened_on, **days}
    if happened_on[0].isdigit():
        ledger.import_resolutions([{"claim": "rows", **row}])
        (tmp_path / "t.csv").write_text(f"claim,{','.join(row)}\ntable,{','.join(row.values())}\n")
        ledger.import_from("table", tmp_path / "t.csv")

    verdicts = ledger.snapshot().all(Resolution)
    assert len(verdicts) == (5 if happened_on[0].isdigit() else 3)
    assert {(str(one.happened_from), str(one.happened_on)) for one in verdicts} == {(str(first), last)}


@pytest.mark.parametrize(
    ("happened_on", "known_on", "words"),
    [
        (
            "2026-07",
            None,
            "it happened in 2026-07, after the window of law, 2026-01-01 to 2026-06-30; resolve it no",
        ),
        ("2025", "2026-02-01", "it happened in 2025, before the window of law, 2026-01-01 to 2026-06-30; annul it"),
        ("2026-05", "2026-04-20", "known on 2026-04-20, before it happened, 2026-05-01 or later"),
    ],
)
def test_a_month_in_which_it_cannot_have_happened_is_refused_in_words(
    ledger: Ledger, clock: Clock, happened_on: str, known_on: str | None, words: str
) -> None:
    ledger.add("The law", deadline="2026-06-30", when=True, slug="law")
    clock.set("2026-08-15")

    with pytest.raises(InvalidValue) as refused:
        ledger.resolve("law", "yes", happened_on=happened_on, known_on=known_on, reason="seen")

    assert str(refused.value).startswith(words)


def test_a_number_may_have_a_log_axis(ledger: Ledger, clock: Clock) -> None:
    bees = ledger.add("Bees", deadline="2027", unit="%", between=(1, 1000, "log"), quantiles={0.5: 10, 1: 100})
    clock.set("2028-02-01")
    ledger.resolve(bees, "12.5 %", known_on="2028-01-02", reason="counted")

    assert last(ledger, Claim, bees).scale is Axis.LOG
    assert last(ledger, Resolution, bees).value == 12.5


def test_three_quantiles_become_a_smooth_curve_through_them(ledger: Ledger, cars: str) -> None:
    forecast = last(ledger, Forecast, cars)

    points = {point.at: point.chance for point in forecast.points}
    assert len(points) >= 21
    assert {2.5: 0.1, 4.0: 0.5, 6.0: 0.9}.items() <= points.items()
    assert (min(points), max(points)) == (0.0, 10.0)


def test_other_numbers_of_quantiles_are_kept_as_they_are_said(ledger: Ledger, cars: str) -> None:
    ledger.forecast(cars, quantiles={"10%": "1,5", "25%": 2, "50%": 4, "90%": 6.5}, by="bob", kind="person")

    forecast = last(ledger, Forecast, cars)
    assert [(point.at, point.chance) for point in forecast.points] == [(1.5, 0.1), (2, 0.25), (4, 0.5), (6.5, 0.9)]


def test_days_are_read_as_a_deadline_is(ledger: Ledger, law: str) -> None:
    forecast = last(ledger, Forecast, law)

    assert [(by.day, by.chance) for by in forecast.days] == [(date(2027, 12, 31), 0.3), (date(2028, 12, 31), 0.6)]


def test_what_is_said_again_adds_nothing(ledger: Ledger, lab: str, cars: str, law: str) -> None:
    entries = ledger.verify().entries

    ledger.add("Which lab leads?", deadline="2027", options=LABS, p=SHARES)
    ledger.forecast(lab, SHARES)
    ledger.forecast(cars, quantiles=QUANTILES)
    ledger.forecast(law, {"2027-12-31": 0.3, "2028": 0.6})

    assert ledger.verify().entries == entries


def test_somebody_elses_are_quoted(ledger: Ledger) -> None:
    receipt = ledger.quote(
        "Tech Oracle", "One of them will lead", deadline="2027", said_on="2025-12-05", link="https://o.example/x",
        options=LABS, p=SHARES,
    )  # fmt: skip

    assert "one of openai, anthropic, google" in receipt.lines[0]
    assert receipt.lines[1] == "Tech Oracle: openai 0.40, anthropic 0.40, google 0.20"


# -- receipts ----------------------------------------------------------------------------------------------------------


def test_receipts_say_what_is_asked_and_what_was_said(ledger: Ledger) -> None:
    lab = ledger.add("Which lab leads?", deadline="2027", options=LABS, p=SHARES)
    cars = ledger.add("Cars sold", deadline="2027", unit="million", between=(0, 10), quantiles=QUANTILES)
    law = ledger.add("The law is passed", deadline="2028", when=True, p={"2027": 0.3, "2028": 0.6})

    assert lab.lines[0].endswith("; one of openai, anthropic, google")
    assert lab.lines[1] == "ana: openai 0.40, anthropic 0.40, google 0.20"
    assert cars.lines[0].endswith("; million, scored from 0 to 10")
    assert cars.lines[1] == "ana: 10 % at most 2.5, 50 % at most 4, 90 % at most 6"
    assert "drawn as a smooth curve of" in cars.lines[2]
    assert law.lines[0].endswith("; on which day")
    assert law.lines[1] == "ana: 0.30 by 2027-12-31, 0.60 by 2028-12-31; 0.40 that it is not"


@pytest.mark.parametrize(
    "text", ["Cars sold", "An extremely long statement about how many cars are sold in all of 2027"]
)
@pytest.mark.parametrize(
    ("quantiles", "made"),
    [
        (QUANTILES, "drawn as a smooth curve of 28 points"),
        ({0.5: 4}, "joined by straight lines, from 0 % at 0 and to 100 % at 10"),
        ({0.2: 0, 0.5: 4}, "joined by straight lines, to 100 % at 10"),
        ({0.5: 4, 0.9: 10}, "joined by straight lines, from 0 % at 0"),
        ({0.2: 0, 0.9: 10}, "joined by straight lines"),
    ],
)
def test_every_receipt_of_a_number_says_what_was_made_of_its_quantiles(
    ledger: Ledger, text: str, quantiles: dict, made: str
) -> None:
    asked = {"deadline": "2027", "unit": "million", "between": (0, 10)}
    added = ledger.add(text, **asked, quantiles=quantiles)
    quote = {"said_on": "2025-12-05", "link": "https://o.example/a", "quantiles": quantiles}
    quoted = ledger.quote("Oracle", f"{text}, too", **asked, **quote)
    told = ledger.forecast(added, quantiles=quantiles, by="ben", kind="person")

    for receipt in (added, quoted, told):
        assert made in " ".join(str(receipt).split())
        assert len(str(receipt).splitlines()) <= 8


@pytest.mark.parametrize(
    ("shares", "mended"),
    [
        ({"a": "33 %", "b": "33 %", "c": "33%"}, True),
        ({"a": 0.333, "b": 0.333, "c": 0.333}, True),
        ({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, False),
        ({"a": 1 / 3, "b": 1 / 3, "c": 0.33333333}, True),
        ({"a": 1e-9, "b": 1, "c": 0}, True),
        ({"a": 0.2, "b": 0.3, "c": 0.501}, True),
        ({"a": 0.1 + 0.2, "b": 0.3, "c": 0.4}, False),
    ],
)
def test_a_sum_that_is_off_by_rounding_is_mended_and_said(ledger: Ledger, shares: dict, mended: bool) -> None:
    receipt = ledger.add("Which?", deadline="2027", options=["a", "b", "c"], p=shares)

    forecast = last(ledger, Forecast, receipt)
    assert sum(one.share for one in forecast.shares) == pytest.approx(1, abs=1e-9)
    assert ("within rounding; mended" in " ".join(str(receipt).split())) is mended


@pytest.mark.parametrize("shares", [{"a": 0.3, "b": 0.3, "c": 0.3}, {"a": 0.333333, "b": 0.333333, "c": 0.3336}])
def test_a_sum_that_rounding_does_not_explain_is_refused(ledger: Ledger, shares: dict) -> None:
    with pytest.raises(InvalidValue, match="not 1"):
        ledger.add("Which?", deadline="2027", options=["a", "b", "c"], p=shares)


def test_the_options_of_a_choice_in_another_order_are_the_same_claim(ledger: Ledger) -> None:
    own = {"deadline": "2027", "options": ["x", "y", "z"]}
    theirs = own | {"said_on": "2025-12-05", "link": "https://o.example/a"}
    ledger.add("Who wins?", **own)
    ledger.quote("Oracle", "Who leads?", **theirs)
    for options in (["y", "z", "x"], ["z", "y", "x"]):
        assert ledger.add("Who wins?", **own | {"options": options}).wrote == 0
        assert ledger.quote("Oracle", "Who leads?", **theirs | {"options": options}).wrote == 0

    ledger.add("Who comes?", **own, ordered=True)
    for text, terms in (
        ("Who wins?", {"options": ["x", "y", "w"]}),
        ("Who comes?", {"ordered": True, "options": ["y", "x", "z"]}),
    ):
        with pytest.raises(Conflict, match="stands with options"):
            ledger.add(text, **own | terms)


# -- verdicts ----------------------------------------------------------------------------------------------------------


def test_each_type_comes_out_in_its_own_way(ledger: Ledger, clock: Clock, lab: str, cars: str, law: str) -> None:
    clock.set("2028-03-05")

    ledger.resolve(lab, "anthropic", known_on="2028-01-04", reason="by the table")
    ledger.resolve(cars, 42, known_on="2028-01-20", reason="by the register")
    ledger.resolve(law, "yes", happened_on="2028-03-02", reason="in the gazette")

    verdicts = {one.claim: one for one in ledger.snapshot().all(Resolution)}
    assert (verdicts[lab].outcome, verdicts[lab].option) == (Outcome.OPTION, "anthropic")
    assert (verdicts[cars].outcome, verdicts[cars].value) == (Outcome.VALUE, 42.0)
    assert (verdicts[law].outcome, verdicts[law].happened_on) == (Outcome.YES, date(2028, 3, 2))
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("said", "first", "final"),
    [
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2028", date(2028, 1, 1), date(2028, 3, 5)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("Feb 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("2 March 2028", None, date(2028, 3, 2)),
    ],
)
@pytest.mark.parametrize("alone", [True, False], ids=["as the outcome", "beside yes"])
def test_a_day_that_is_known_to_a_month_or_year_keeps_both_ends(
    ledger: Ledger, clock: Clock, law: str, said: str, first: date | None, final: date, alone: bool
) -> None:
    clock.set("2028-03-05")
    told = {"outcome": said} if alone else {"outcome": "yes", "happened_on": said}

    ledger.resolve(law, **told, known_on="2028-03-05", reason="in the gazette")

    (verdict,) = ledger.snapshot().all(Resolution)
    assert (verdict.happened_from, verdict.happened_on) == (first, final)


def test_a_day_as_the_outcome_is_a_yes_on_that_day(ledger: Ledger, clock: Clock, law: str) -> None:
    clock.set("2028-03-05")

    ledger.resolve(law, "2028-03-02", reason="in the gazette")

    (verdict,) = ledger.snapshot().all(Resolution)
    assert (verdict.outcome, verdict.happened_on) == (Outcome.YES, date(2028, 3, 2))


def test_every_type_can_be_ambiguous_or_annulled(ledger: Ledger, lab: str, cars: str, law: str) -> None:
    for claim, word in ((lab, "annulled"), (cars, "ambiguous"), (law, "Annulled")):
        ledger.resolve(claim, word, reason="the arena closed")

    assert {one.outcome for one in ledger.snapshot().all(Resolution)} == {Outcome.ANNULLED, Outcome.AMBIGUOUS}


# -- refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"openai": 0.4, "anthropic": 0.4, "google": 0.15},
            "the shares sum to 0.95, not 1: openai 0.40, anthropic 0.40, google 0.15; 0.05 is missing",
        ),
        ({"openai": 0.6, "anthropic": 0.6, "google": 0}, "openai 0.60, anthropic 0.60 sum to 1.20, not 1; for options"),
        ({"openai": 0.4, "anthropic": 0.4}, "no share for 'google'; the others leave 0.20"),
        ({"openai": 0.4}, "no share for 'anthropic', 'google'; each option has one, also 0"),
        ({}, "no share for 'openai', 'anthropic', 'google'"),
        ({"opanai": 0.4}, "no option 'opanai'; did you mean 'openai'? options: openai, anthropic, google"),
        (0.4, "40% of what? this is a choice; say p={'openai': 0.4, 'anthropic': ..."),
        ({"openai": 4, "anthropic": 0.4, "google": 0.2}, "p of openai: 4"),
    ],
)
def test_shares_that_cannot_be_meant_are_refused(
    ledger: Ledger, lab: str, refuses: Refuses, told: object, words: str
) -> None:
    with refuses(words, error=InvalidValue):
        ledger.forecast(lab, told)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({0.1: 2, 0.5: 1}, "quantiles must rise: 10 % at most 2, but 50 % at most 1"),
        ({0.1: 2, 0.5: 2}, "quantiles must rise"),
        ({0.1: 2, "10%": 3}, "10 % is given twice, with 2 and 3"),
        (
            {0.5: 12},
            "12 lies outside 0 .. 10, over which cars-sold-in-2027 is scored; say how likely at most 10",
        ),
        (
            {0.5: -3},
            "-3 lies outside 0 .. 10, over which cars-sold-in-2027 is scored; say how likely at most 0,",
        ),
        ({0.5: "many"}, "'many' is not a number"),
        ({50: 4}, "50 is not"),
        ({}, "names no quantiles"),
        (None, "cars-sold-in-2027 is a number; say how likely at most some values"),
    ],
)
def test_quantiles_that_cannot_be_meant_are_refused(
    ledger: Ledger, cars: str, refuses: Refuses, told: dict, words: str
) -> None:
    with refuses(words, error=InvalidValue):
        ledger.forecast(cars, quantiles=told)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"2027": 0.3, "2028": 0.2}, "chances must not fall: 0.30 by 2027-12-31, but 0.20 by 2028-12-31"),
        ({"2027": 0.3}, "the last day is 2028-12-31: say how likely by then"),
        ({"2029": 0.3}, "2029-12-31 lies outside the window, 2026-01-01 to 2028-12-31"),
        ({"2027": 0.3, "2027-12-31": 0.4, "2028": 0.5}, "2027-12-31 is given twice"),
        ({}, "the last day is 2028-12-31"),
        (0.3, "30% by when? this asks on which day"),
    ],
)
def test_chances_by_days_that_cannot_be_meant_are_refused(
    ledger: Ledger, law: str, refuses: Refuses, told: object, words: str
) -> None:
    with refuses(words, error=InvalidValue):
        ledger.forecast(law, told)


def test_a_keyword_of_another_type_is_refused_by_a_sentence_that_names_the_type(
    ledger: Ledger, lab: str, cars: str, law: str, refuses: Refuses
) -> None:
    rain = ledger.add("It rains", deadline="2027")
    for claim, said, words in (
        (lab, {"quantiles": {0.5: 1}}, f"{lab} is a choice; quantiles= go with a number"),
        (lab, {"words": "likely"}, f"{lab} is a choice; words= goes with one chance"),
        (cars, {"p": 0.3}, f"{cars} is a number; say how likely at most some values"),
        (law, {"quantiles": {0.5: 1}}, f"{law} is a date; quantiles= go with a number"),
        (law, {"low": 0.3, "high": 0.4}, f"{law} is a date; low= goes with one chance"),
        (rain, {"p": {"a": 1}}, "p= of several options or days goes with a choice or a date"),
        (rain, {"quantiles": {0.5: 1}}, "is yes or no; quantiles= go with a number"),
    ):
        with refuses(words, error=InvalidValue):
            ledger.forecast(claim, **said)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"options": LABS, "unit": "x"}, "options= makes it a choice, unit= a number: say one of them"),
        ({"ordered": True}, "ordered= goes with options=; 'Our release ships' has none"),
        ({"unit": "million"}, "'Our release ships' has unit= and no between="),
        ({"between": (0, 1)}, "between= goes with unit="),
        ({"quantiles": {0.5: 1}}, "quantiles= go with a number: unit= and between="),
        ({"when": True, "at_least": 2}, "when= makes it a date, at_least= a count of events: say one of them"),
        ({"conditions": {"a": "b"}}, "conditions= goes with at_least=N (1 would do)"),
        ({"p": {"a": 0.4}}, "p= of several options or days goes with a choice or a date"),
        (
            {"p": {0.1: 2}, "unit": "x", "between": (0, 9)},
            "is a number; say how likely at most some values: quantiles=",
        ),
        ({"quantiles": {0.5: 10}, "unit": "x", "between": (0, 9)}, "say between=(0, 18), or a value inside"),
        ({"quantiles": {0.5: 300}, "unit": "x", "between": (1, 100, "log")}, 'say between=(1, 1000, "log"), or'),
        ({"quantiles": {0.5: 0.5}, "unit": "x", "between": (1, 100, "log")}, 'say between=(0.5, 100, "log"), or'),
        (
            {"quantiles": {0.5: -3}, "unit": "x", "between": (1, 100, "log")},
            "a log axis begins above 0: leave 'log' out",
        ),
        ({"unit": "x", "between": (3, 1)}, "3 to 1 does not rise; the low end goes first"),
        ({"unit": "x", "between": "0..1"}, "is no range; say its two ends"),
        ({"options": ["one"]}, "'one' is one option; name at least two"),
        ({"options": ["one", "one"]}, "named twice"),
        ({"options": {"low", "mid"}, "ordered": True}, "a set has no order, and ordered=True needs one; say a list"),
    ],
)
def test_two_types_at_once_or_half_of_one_are_refused(
    ledger: Ledger, refuses: Refuses, terms: dict, words: str
) -> None:
    with refuses(words, error=InvalidValue):
        ledger.add("Our release ships", deadline="2027", **terms)


def test_what_is_given_as_a_set_stands_in_one_order_whatever_the_run(ledger: Ledger) -> None:
    names = [f"lab-{number}" for number in range(9)]

    choice = ledger.add("Who leads?", deadline="2027", options=set(names)).record
    events = ledger.add("Two launches", deadline="2027", at_least=2, conditions=frozenset(names)).record

    assert list(choice.options) == [condition.name for condition in events.conditions] == names
    assert ledger.add("Who leads?", deadline="2027", options=frozenset(names)).wrote == 0


def test_a_day_outside_a_window_is_told_the_window_on_both_sides(ledger: Ledger, refuses: Refuses) -> None:
    window = {"opens_on": "2099-03-01", "deadline": "2099-06-30", "when": True}
    for day in ("2099-02-15", "2099-02", "2098", "2099-07-01"):
        with refuses("lies outside the window, 2099-03-01 to 2099-06-30", error=InvalidValue):
            ledger.add("The law is passed", p={day: 0.1, "2099-06-30": 0.6}, **window)

    with refuses("'2099-02-15' was over on 2099-02-15, before its window opens, on 2099-03-01", error=InvalidValue):
        ledger.add("It rains", opens_on="2099-03-01", deadline="2099-02-15")


def test_the_day_of_a_date_is_asked_for_in_one_way(ledger: Ledger, law: str, refuses: Refuses) -> None:
    for days in ({}, {"known_on": "2026-01-01"}):
        with refuses("say happened_on=DAY, or the month if no more is known", error=InvalidValue):
            ledger.resolve(law, "yes", **days)


def test_an_outcome_of_another_type_is_refused(ledger: Ledger, lab: str, cars: str, law: str, refuses: Refuses) -> None:
    for claim, outcome, words in (
        (lab, "yes", f"{lab} is a choice; say openai, anthropic, google, ambiguous or annulled"),
        (lab, "openia", "did you mean 'openai'?"),
        (cars, "yes", f"'yes' is no outcome of {cars}, a number in million"),
        (cars, "40%", "is no outcome of"),
        (law, 0.4, "which asks on which day; say yes with happened_on=DAY"),
        (law, "soon", "which asks on which day"),
    ):
        with refuses(words, error=InvalidValue):
            ledger.resolve(claim, outcome, known_on="2026-01-01", reason="so")
    with refuses("asks on which day: say happened_on=DAY", error=InvalidValue):
        ledger.resolve(law, "yes", known_on="2026-01-01", reason="so")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"probability": 0.5}, "is of type choice, so it takes a share for each option, not one chance"),
        ({"shares": [{"option": "openai", "share": 1.0}]}, "it needs a share for each option, in their order"),
        ({"points": [{"at": 1, "chance": 0.5}]}, "not quantiles"),
    ],
)
def test_a_record_that_does_not_fit_its_claim_is_refused_whoever_brings_it(
    ledger: Ledger, lab: str, refuses: Refuses, fields: dict, words: str
) -> None:
    record = build(Forecast, {"claim": lab, "forecaster": "ana", "made_at": "2026-01-01T09:00:00Z", **fields})

    with refuses(words, error=InvalidValue), ledger._desk() as desk:
        enter(desk, record)


@pytest.mark.parametrize(
    "fields", [{"outcome": "option", "option": "meta"}, {"outcome": "value", "value": 3}, {"outcome": "yes"}]
)
def test_a_verdict_that_does_not_fit_its_claim_is_refused_whoever_brings_it(
    ledger: Ledger, lab: str, refuses: Refuses, fields: dict
) -> None:
    record = build(Resolution, {"claim": lab, "number": 1, "known_on": "2026-01-01", "reason": "so", **fields})

    with refuses(lab, error=InvalidValue), ledger._desk() as desk:
        enter(desk, record)


@pytest.mark.parametrize(
    ("terms", "before", "since", "words"),
    [
        ({"options": ["a", "b"]}, {"p": {"a": 0.4, "b": 0.6}}, {"p": {"a": 0.5, "b": 0.5}},
         "you said a 0.40, b 0.60 on 2026-01-01 and a 0.50, b 0.50 since"),
        ({"when": True}, {"p": {"2027": 0.3, "2028": 0.6}}, {"p": {"2028": 0.5}},
         "you said 0.30 by 2027-12-31, 0.60 by 2028-12-31 on 2026-01-01 and 0.50 by 2028-12-31 since"),
        ({"when": True}, {"p": {"2026": 0.1, "2027": 0.3, "2028": 0.6}}, {"p": {"2026": 0.1, "2027": 0.2, "2028": 0.6}},
         "you said 0.10 by 2026-12-31, 0.60 by 2028-12-31 on 2026-01-01 and something else since"),
        ({"unit": "t", "between": (0, 10)}, {"quantiles": {0.1: 2, 0.5: 4, 0.9: 6}}, {"quantiles": {0.5: 4}},
         "you said 10 % at most 2, 50 % at most 4, 90 % at most 6 on 2026-01-01 and 50 % at most 4 since"),
    ],
)  # fmt: skip
def test_a_distribution_said_before_is_refused_with_both_in_words(
    ledger: Ledger, clock: Clock, terms: dict, before: dict, since: dict, words: str
) -> None:
    slug = ledger.add("It comes out", deadline="2028", **terms, **before)
    clock.set("2026-01-05")
    ledger.forecast(slug, **since)

    with pytest.raises(Conflict) as refused:
        ledger.forecast(slug, **before)

    assert str(refused.value).startswith(f"{words}; say again=True")


# -- smooth curves -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantiles", "low", "high", "log"),
    [
        ([(0.1, 2.5), (0.5, 4.0), (0.9, 6.0)], 0, 10, False),
        ([(0.05, 1.0), (0.5, 10.0), (0.95, 6000.0)], 1, 10_000, True),
        ([(0.1, 0.0), (0.5, 0.0001), (0.9, 10.0)], 0, 10, False),
        ([(0.01, 4.999), (0.5, 5.0), (0.99, 5.001)], 0, 10, False),
        ([(0.25, -3.0), (0.4, 0.0), (0.99, 2.0)], -50, 2, False),
    ],
)
def test_a_smooth_curve_rises_through_its_quantiles(quantiles: list, low: float, high: float, log: bool) -> None:
    curve = smooth_curve(quantiles, low, high, log=log)

    assert all(before[0] < after[0] and before[1] <= after[1] for before, after in pairwise(curve))
    assert (curve[0][0], curve[-1][0]) == (low, high)
    assert {(value, chance) for chance, value in quantiles} <= set(curve)
    assert len(curve) >= 21


def test_many_smooth_curves_are_those_drawn_one_by_one() -> None:
    random = np.random.default_rng(7)
    chances = np.sort(random.uniform(0.01, 0.99, (300, 3)).round(4), axis=1)
    low = random.uniform(0.5, 5, 300).round(2)
    width = random.choice([0.01, 1.0, 20.0, 10_000.0], 300)
    values = (low[:, None] + width[:, None] * np.sort(random.uniform(0, 1, (300, 3)), axis=1)).round(9)
    values[::10, 0], values[5::10, 2] = low[::10], (low + width)[5::10]  # at the ends of the range
    ranges = Ranges(low, low + width, random.random(300) < 0.5)

    curves = smooth_curves(chances, values, ranges).of_each()

    for number, curve in enumerate(curves):
        told = list(zip(chances[number].tolist(), values[number].tolist(), strict=True))
        (lowest, highest), log = (float(end[number]) for end in ranges[:2]), bool(ranges.log[number])
        assert curve == smooth_curve(told, lowest, highest, log=log)
        on_axis = math.log if log else float
        bends = [on_axis(value) for _, value in told], [NormalDist().inv_cdf(chance) for chance, _ in told]
        for value, chance in curve:
            assert chance == pytest.approx(NormalDist().cdf(beyond_too(on_axis(value), *bends)), abs=1e-12)


def beyond_too(place: float, at: list[float], heights: list[float]) -> float:
    """Read a height off two straight lines that meet in the middle one of three points."""
    (left, right), (before, after) = (pair[:2] if place < at[1] else pair[1:] for pair in (at, heights))
    return before + (after - before) * (place - left) / (right - left)


# -- in bulk -----------------------------------------------------------------------------------------------------------


def test_a_bulk_import_of_single_chances_refuses_claims_of_other_types(
    ledger: Ledger, lab: str, cars: str, law: str
) -> None:
    columns = {"claim": [lab, cars, law], "forecaster": ["ana"] * 3, "made_at": ["2025-12-31"] * 3}

    with pytest.raises(RowsRefused) as refused:
        ledger.import_forecasts({**columns, "probability": [0.1, 0.2, 0.3]})

    sentence = " ".join(str(refused.value).split())
    assert "is of type choice, so it takes a share for each option, not one chance" in sentence
    assert "is of type number, so it takes quantiles, not one chance" in sentence
    assert "is of type date, so it takes chances by some of its days, not one chance" in sentence


def test_a_bulk_import_of_verdicts_refuses_an_outcome_of_another_type(ledger: Ledger, lab: str) -> None:
    verdicts = {"claim": [lab], "outcome": ["yes"], "known_on": ["2026-01-01"], "reason": ["so"]}

    with pytest.raises(RowsRefused, match="which-lab-leads is a choice; say openai, anthropic"):
        ledger.import_resolutions(verdicts)


@pytest.mark.parametrize(
    "options", [["北京", "上海 市", "Łódź"], ["يوم", "सात", "Ωμέγα"], ["GPT 六", "GPT 七", "other"]]
)
def test_options_of_any_script_are_shown_and_taken_in_the_words_given(
    ledger: Ledger, clock: Clock, tmp_path: Path, options: list[str]
) -> None:
    words = [word.lower().replace(" ", "-") for word in options]
    receipt = ledger.add(
        "Which", deadline="2026-06-30", options=options, p=dict(zip(options, (0.5, 0.3, 0.2), strict=True))
    )
    with pytest.raises(InvalidValue, match=", ".join(words)):
        ledger.forecast("which", {"深圳": 1.0}, by="ben")
    shown = [str(receipt), str(ledger.claim("which")), str(ledger.history("which"))]
    assert words[0] in str(ledger.board())
    ledger.export("csv", tmp_path / "said.csv")
    clock.set("2026-09-01")
    resolved = ledger.resolve("which", options[1], known_on="2026-07-01", reason="seen")

    for text in (*shown, str(ledger.explain("choice")), (tmp_path / "said.csv").read_text("utf-8")):
        assert all(word in text for word in words)
    page = ledger.report(tmp_path / "page.html").read_text("utf-8")
    for text in (str(resolved), str(ledger.claim("which", full=True)), page):
        assert words[1] in text
        assert "option-" not in text


# -- refused in words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "how", "words"),
    [
        ("cars", {"quantiles": {1: 0.1, 2: 0.5, 3: 0.9}},
         "quantiles: 2 is not a probability; say 0.02 or 2%; or, if chance and value are the other way round, "
         "quantiles={0.1: 1, 0.5: 2, 0.9: 3}"),
        ("cars", {"quantiles": {200: "10%"}},
         "quantiles: 200 is not a probability, which runs from 0 to 1; or, if chance and value are the other way "
         "round, quantiles={10%: 200}"),
        ("cars", {"quantiles": {2: 5}}, "quantiles: 2 is not a probability"),
        ("lab", {"p": "google"}, "lab is a choice; 'google' is no chance of any: say p={'openai': ..., 'anthropic': "),
        ("law", {"p": "2027-03"}, "law is a date; '2027-03' is no chance of any: say p={'2028-12-31': ...}"),
        ("rain", {"p": {"yes": 0.3, "no": 0.7}}, "rain is yes or no, so it has one chance"),
        ("storms", {"p": {"yes": 0.3}}, "storms is of type events, so it has one chance"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_the_type_of_its_claim(
    ledger: Ledger, claim: str, how: dict, words: str
) -> None:
    ledger.add("Cars sold", deadline="2027", unit="million", between=(0, 10), slug="cars")
    ledger.add("Which lab leads?", deadline="2027", options=LABS, slug="lab")
    ledger.add("The law", deadline="2028", when=True, slug="law")
    ledger.add("It rains", deadline="2027", slug="rain")
    ledger.add("Storms", deadline="2027", at_least=3, slug="storms")

    with pytest.raises(InvalidValue) as refused:
        ledger.forecast(claim, **how)

    assert str(refused.value).startswith(words)


def test_quantiles_within_0_to_1_are_read_as_they_stand(ledger: Ledger) -> None:
    share = ledger.add("The share", deadline="2027", unit="of all", between=(0, 1), quantiles={0.1: 0.2, 0.9: 0.6})

    assert [(one.chance, one.at) for one in last(ledger, Forecast, share).points] == [(0.1, 0.2), (0.9, 0.6)]


def test_only_what_is_missing_of_another_verdict_is_asked_for(ledger: Ledger, clock: Clock, lab: str) -> None:
    clock.set("2028-02-01")
    ledger.resolve(lab, "google", known_on="2028-01-02")

    for given, words in (({"reason": "seen"}, "its day: known_on=DAY"), ({}, "reason= and its day: known_on=DAY")):
        with pytest.raises(InvalidValue, match=f"a new verdict needs {words}"):
            ledger.resolve(lab, "openai", **given)
    with pytest.raises(Conflict, match=r"a new verdict needs its reason: reason=$"):
        ledger.resolve(lab, "openai", known_on="2028-01-03")


@pytest.mark.parametrize("day", ["March 2026", "2026-03", "31 March 2026", "2026-03-31", "Q1 2026", date(2026, 3, 31)])
def test_a_day_is_read_alike_at_every_door(ledger: Ledger, clock: Clock, tmp_path: Path, day: object) -> None:
    ledger.add("The law", deadline="2026", when=True, slug="law")
    ledger.forecast("law", {day: 0.3, "2026": 0.5}, by="ben", kind="person", made_at="2025-12-31")
    common = {"claim": "law", "made_at": "2025-12-31"}
    ledger.import_forecasts([{**common, "by": "cy", "day": at, "p": p} for at, p in ((day, 0.3), ("2026", 0.5))])
    ledger.import_forecasts([{**common, "by": "di", "p": {day: 0.3, "2026": 0.5}}])
    table = tmp_path / "t.csv"
    table.write_text(f"claim,by,made_at,day,p\nlaw,ed,2025-12-31,{day},30%\nlaw,ed,2025-12-31,2026,50%\n")
    ledger.import_from("table", table)

    said = {one.forecaster: one.days for one in ledger.snapshot().all(Forecast)}
    assert said.keys() == {"ben", "cy", "di", "ed"}
    assert {tuple((str(by.day), by.chance) for by in days) for days in said.values()} == {
        (("2026-03-31", 0.3), ("2026-12-31", 0.5))
    }


@pytest.mark.parametrize("word", ["withdrawn", " Withdrawn"])
def test_a_withdrawal_may_stand_in_the_place_of_its_chance(ledger: Ledger, clock: Clock, lab: str, word: str) -> None:
    rain = ledger.add("It rains", deadline="2027", p=0.3)
    clock.set("2026-01-05")
    rows = [{"claim": lab, "by": "ana", "made_at": "2026-01-02", "p": word},
            {"claim": rain, "by": "ana", "made_at": "2026-01-02", "p": word},
            {"claim": rain, "by": "ana", "made_at": "2026-01-03", "p": 0.4}]  # fmt: skip

    ledger.import_forecasts(rows)

    forecasts = ledger.snapshot().all(Forecast)
    assert sorted(one.claim for one in forecasts if one.withdrawn) == sorted([lab, rain])
    assert [one.probability for one in forecasts if one.claim == rain and not one.withdrawn] == [0.3, 0.4]


@pytest.mark.parametrize(
    ("terms", "first", "then", "told"),
    [
        ({"options": ["a", "b", "c"]}, dict.fromkeys("abc", 1 / 3), {"a": 0.4, "b": 0.3, "c": 0.3}, "a 0.333, b 0.333"),
        ({"when": True}, {"2026-12-31": 2 / 3}, {"2026-12-31": 0.7}, "0.667 by 2026-12-31"),
    ],
)
def test_a_conflict_tells_chances_as_cards_do(
    ledger: Ledger, refuses: Refuses, terms: dict[str, object], first: dict, then: dict, told: str
) -> None:
    ledger.add("What?", deadline="2026-12-31", slug="what", p=first, **terms)  # type: ignore[arg-type]
    ledger.forecast("what", then)

    with refuses(told, error=Conflict):
        ledger.forecast("what", first)


@pytest.mark.parametrize("door", ["resolve", "import_resolutions", "table"])
def test_a_whole_number_beside_an_empty_cell_of_a_frame_names_its_option(
    ledger: Ledger, clock: Clock, door: str
) -> None:
    ledger.add("How many?", deadline="2026-12-31", slug="many", options=[0, 1, 2], ordered=True)
    ledger.forecast("many", {0.0: 0.2, 1.0: 0.3, 2.0: 0.5})
    clock.set("2026-06-01")
    told = {"outcome": 2.0, "known_on": "2026-05-05", "reason": "seen"}

    if door == "resolve":
        ledger.resolve("many", **told)
    elif door == "import_resolutions":
        ledger.import_resolutions([{"claim": "many", **told}])
    else:
        ledger.import_from("table", [{"claim": "many", "text": "How many?", **told}])

    assert last(ledger, Resolution, "many").option == "2"


@pytest.mark.parametrize("said_again", [(1, 1000), (0, 1000)])
def test_a_range_said_again_is_told_from_one_on_another_axis(ledger: Ledger, said_again: tuple[float, float]) -> None:
    quoted = {"said_on": "2026-01-01", "deadline": "2026-06-30", "unit": "m"}
    before = (1, 1000, "log") if said_again == (1, 1000) else (1, 1000)
    ledger.add("How long is it?", deadline="2026-06-30", unit="m", between=before)
    ledger.quote("Bob", "It is long", between=before, **quoted)

    with pytest.raises(Conflict, match=rf"between=\({said_again[0]}, 1000\)"):
        ledger.add("How long is it?", deadline="2026-06-30", unit="m", between=said_again)
    with pytest.raises(Conflict, match=rf"between=\({said_again[0]}, 1000\)"):
        ledger.quote("Bob", "It is long", between=said_again, **quoted)


@pytest.mark.parametrize(
    ("low", "high", "log"), [(0, 10, False), (0.5, 4e6, True), (-3e9, 2e9, False), (1e-6, 10, True)]
)
@pytest.mark.parametrize("levels", [(0.1, 0.5, 0.9), (0.05, 0.25, 0.7), (0.025, 0.5, 0.99), (0.3, 0.35, 0.4)])
def test_a_quantile_on_a_step_of_its_smooth_curve_stands_once(
    low: float, high: float, log: bool, levels: tuple[float, ...]
) -> None:
    for middle in (0.35, 0.420001, 0.77, 1 / 3):
        shares = (middle - 0.0731, middle, middle + 0.0899)
        values = [low * (high / low) ** share if log else low + (high - low) * share for share in shares]
        quantiles = list(zip(levels, values, strict=True))
        curve = smooth_curve(quantiles, low, high, log=log)

        at = [value for value, _ in curve]
        axis = np.log(at) if log else np.array(at)
        assert np.diff(axis).min() > 1e-9 * (axis[-1] - axis[0])
        assert {(value, level) for level, value in quantiles} <= set(curve)
        assert len(curve) >= 21


@pytest.mark.parametrize("verb", ["forecast", "add"])
@pytest.mark.parametrize(
    ("terms", "said", "type_words"),
    [
        ({"options": ["a", "b"]}, {"p": {"2026-03-31": 0.3}}, "is a choice; no option '2026-03-31'; options: a, b"),
        ({"options": ["a", "b"]}, {"p": {0.5: 4}}, "is a choice; no option 0.5; options: a, b"),
        ({"options": ["a", "b"]}, {"p": {}}, "is a choice; no share for 'a', 'b'"),
        ({"options": ["a", "b"], "ordered": True}, {"p": {"c": 0.2}}, "is an ordered choice; no option 'c'"),
        ({"unit": "km", "between": (0, 10)}, {"p": {"a": 0.2}}, "is a number; say how likely at most some values"),
        ({"when": True}, {"p": {"a": 0.2}}, "is a date; 'a' is no day; say 2027"),
        ({"when": True}, {"p": {0.5: 4}}, "is a date; p: 0.5 is no day; say 2027-06-30"),
        ({"when": True}, {"p": {}}, "is a date; the last day is 2026-06-30: say how likely by then"),
    ],
)
def test_chances_of_another_type_are_refused_by_the_type(
    ledger: Ledger, verb: str, terms: dict[str, Any], said: dict[str, Any], type_words: str
) -> None:
    if verb == "forecast":
        ledger.add("It is asked", deadline="2026-06-30", slug="it", **terms)

    arguments = {"add": ("It is asked",), "forecast": ("it",)}[verb]
    fields = said if verb == "forecast" else {"deadline": "2026-06-30", "slug": "it", **terms, **said}

    with pytest.raises(InvalidValue) as refusal:
        getattr(ledger, verb)(*arguments, **fields)

    assert type_words in str(refusal.value)
