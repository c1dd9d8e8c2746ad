"""What options may be called: each can be the outcome, two that differ stay two, and refusals name what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock
from hypothesis import given
from hypothesis import strategies as st

from predictions import InvalidValue, Ledger
from predictions.fields import OPTION_LIMIT, check_option
from predictions.importing.refusals import RowsRefused
from predictions.option_names import option_slug, option_slugs_apart
from predictions.records import Claim, Resolution

OHIO, IOWA = (f"the candidate of the democratic party of the state of {state}" for state in ("ohio", "iowa"))
FAR = "the candidate of the very old and much admired party of the people of the great lake state of "


@pytest.mark.parametrize("word", ["annulled", "Ambiguous", " ANNULLED "])
def test_an_option_called_like_a_verdict_is_refused_with_another_name(
    ledger: Ledger, word: str, tmp_path: Path
) -> None:
    named = word.strip().lower()
    for call in (
        lambda: ledger.add("The case", deadline="2027-06-30", options=[word, "upheld"]),
        lambda: ledger.quote("a.org", "So", said_on="2025-12-30", deadline="2027-06-30", options=[word, "upheld"]),
    ):
        with pytest.raises(InvalidValue, match=f"such as 'option-{named}'"):
            call()
    table = tmp_path / "a.csv"
    table.write_text(f"prediction,deadline,options\nThe case,2027-06-30,{word}; upheld\n", encoding="utf-8")
    with pytest.raises((InvalidValue, RowsRefused), match=f"option-{named}"):
        ledger.import_from("table", table)
    assert not ledger.snapshot().all(Claim)


@pytest.mark.parametrize("word", ["yes", "No", "void", "invalid", "con", "value", "option", "1", "fraction"])
def test_every_option_that_is_taken_can_be_the_outcome_at_every_door(
    ledger: Ledger, clock: Clock, word: str, tmp_path: Path
) -> None:
    typed = ledger.add("One", deadline="2027-06-30", options=[word, "other"], p={word: 0.4, "other": 0.6})
    filed = ledger.add("Two", deadline="2027-06-30", options=[word, "other"])
    table = tmp_path / "a.csv"
    cells = f"Three,2026-02-01,2027-06-30,{word}; other,{word},so,2027-07-01"
    table.write_text(f"prediction,said_on,deadline,options,outcome,reason,known_on\n{cells}\n", encoding="utf-8")
    clock.set("2027-07-02")
    ledger.resolve(typed, word, known_on="2027-07-01", reason="so")
    ledger.import_resolutions([{"claim": filed, "known_on": "2027-07-01", "outcome": word, "reason": "so"}])
    ledger.import_from("table", table)
    options = [record.option for record in ledger.snapshot().all(Resolution)]
    assert options == [option_slug(word)] * 3


def test_names_that_differ_at_the_end_stay_two(ledger: Ledger) -> None:
    for first, second in [(OHIO, IOWA), (f"{FAR}ohio", f"{FAR}iowa")]:
        made = ledger.add(first, deadline="2027-06-30", options=[first, second], p={first: 0.4, second: 0.6})
        options = next(one for one in ledger.snapshot().all(Claim) if one.slug == made).options
        assert [name.rsplit("-", 1)[1] for name in options] == ["ohio", "iowa"]
        assert max(map(len, options)) <= OPTION_LIMIT


def test_options_that_would_be_one_are_refused_as_they_were_typed(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="'C' and 'C#' would both be 'c'"):
        ledger.add("Language", deadline="2027-06-30", options=["C++", "C", "C#"])
    table = tmp_path / "a.csv"
    table.write_text("prediction,deadline,options\nLanguage,2027-06-30,C++; C; C#\n", encoding="utf-8")
    with pytest.raises((InvalidValue, RowsRefused), match="'C' and 'C#' would both be 'c'"):
        ledger.import_from("table", table)


def test_a_sign_is_no_name_of_an_option_and_the_sentence_says_what_is(ledger: Ledger) -> None:
    with pytest.raises(InvalidValue, match="'🙂' is no name of an option; it has letters or digits, of any script"):
        ledger.add("Mood", deadline="2027-06-30", options=["🙂", "b"])


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Annulled", "Upheld", "option-annulled"], ["option-annulled", "upheld", "option-annulled-2"]),
        ([OHIO, IOWA], [OHIO.replace(" ", "-"), IOWA.replace(" ", "-")]),
        (["🙂", "🙁"], ["option", "option-2"]),
        (["東京", "大阪"], ["東京", "大阪"]),
        (
            [f"{'of the old state ' * 3}{state}{' and of the lake' * 3}" for state in ("ohio", "iowa")],
            [f"of-the-{state}{'-and-of-the-lake' * 3}" for state in ("ohio", "iowa")],
        ),
    ],
)
def test_platforms_options_get_names_that_can_be_told_apart(names: list[str], slugs: list[str]) -> None:
    assert option_slugs_apart(names) == slugs


@given(st.lists(st.text(max_size=90), max_size=8))
def test_any_options_of_a_platform_get_names_that_are_taken_and_differ(names: list[str]) -> None:
    slugs = option_slugs_apart(names)
    assert [check_option(slug) for slug in slugs] == slugs
    assert len(set(slugs)) == len(names)
