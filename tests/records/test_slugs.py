"""Slugs made of words, the slug a name stands for, and which words are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions import Ledger
from predictions.fields import check_slug
from predictions.slugs import resembles, same_words, slug_from, slug_of_name, spelled_out


@given(st.text(max_size=200), st.sets(st.sampled_from(["claim", "a", "b", "a-2"])))
def test_any_text_makes_a_slug_that_is_free(text: str, taken: set[str]) -> None:
    slug = slug_from(text, taken)

    assert check_slug(slug) == slug
    assert slug not in taken


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("It rains in June!", "it-rains-in-june"),
        ("  Déjà vu  ", "deja-vu"),
        ("Ünïcode & more", "unicode-more"),
        ("--x--", "x"),
        ("", "claim"),
        ("日本", "claim"),
        ("CON", "con-2"),
        ("one two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight-nine-ten"),
        ("one two three four five six seven eight nine ten eleven", "one-two-three-four-five-six-seven-eight-nine"),
    ],
)
def test_a_slug_is_of_the_words_as_far_as_they_go(text: str, slug: str) -> None:
    assert slug_from(text, []) == slug


def test_a_slug_that_is_taken_is_numbered() -> None:
    assert slug_from("Rain", ["rain", "rain-2"]) == "rain-3"
    assert slug_from("日本", ["forecaster"], otherwise="forecaster") == "forecaster-2"


TITLES = {"ana-silva": "Ana Silva", "bob": "Bob", "forecaster": "Анна"}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("ana-silva", "ana-silva"),
        ("Ana Silva", "ana-silva"),
        ("ana  SILVA", "ana-silva"),
        ("Bob", "bob"),
        ("Анна", "forecaster"),
        ("АННА", "forecaster"),
        ("Борис", None),
        ("cyd", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_a_name_stands_for_one_slug_or_none(name: str, slug: str | None) -> None:
    assert slug_of_name(name, TITLES) == slug


@pytest.mark.parametrize(
    ("name", "whole"), [("Zoë", True), ("R2-D2", True), ("Łukasz", False), ("Анна", False), ("", False)]
)
def test_some_names_cannot_be_spelled_in_a_slug(name: str, whole: bool) -> None:
    assert spelled_out(name) is whole


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Caf\u00e9", "CAFE\u0301", True),
        ("Straße", "STRASSE", True),
        ("İstanbul", "i\u0307stanbul", True),
        ("a b", " a\n b", True),
        ("it rains", "it pours", False),
        ("раypal", "paypal", False),
    ],
)
def test_words_are_the_same_however_composed_cased_and_spaced(first: str, second: str, same: bool) -> None:
    assert same_words(first, second) is same
    assert same_words(second, first) is same


@pytest.mark.parametrize(("name", "near"), [("anna", "ana"), ("bne", None), ("ana-silvia", None), ("zed", None)])
def test_a_name_too_like_a_known_one_is_noticed(name: str, near: str | None) -> None:
    assert resembles(name, ["ana", "ben"]) == near


def test_two_long_names_that_begin_alike_are_two(ledger: Ledger) -> None:
    first, second = (
        f"Professor Emeritus of the Institute of Very Long Names, the {which}" for which in ("elder", "younger")
    )
    ledger.add("It rains", deadline="2099", slug="rain")

    ledger.forecast("rain", 0.3, by=first, kind="person")
    ledger.forecast("rain", 0.4, by=second, kind="person")

    assert len(ledger.forecasters) == 2
