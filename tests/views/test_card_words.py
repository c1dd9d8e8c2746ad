"""What a card says in words: each claim in one place, nobody left out in silence, and nothing too wide."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.render.blocks import Table
from predictions.render.text import as_text
from predictions.scoring.eligibility import FUNNEL
from predictions.views.scorecard.funnel import OUTSIDE, why_not


def said_late(ledger: Ledger, clock: Clock, **more: str) -> None:
    """One claim that came true on 2026-01-10: ana forecast it in time, bo on that day, cy's words were read after."""
    ledger.add("It rains", deadline="2026-01-20", slug="rain", **more)
    clock.set("2026-01-02")
    ledger.forecast("rain", 0.4)
    clock.set("2026-01-10")
    ledger.resolve("rain", "yes", happened_on="2026-01-09", known_on="2026-01-10", reason="wet")
    with pytest.warns(UserWarning, match="never scored"):
        ledger.forecast("rain", 0.9, by="bo")
    with pytest.warns(UserWarning, match="never scored"):
        ledger.forecast("rain", words="likely", scale="icd-203", by="cy")
    clock.set("2026-03-01")


def test_a_claim_that_is_not_scored_has_one_reason_and_says_it_in_its_row(ledger: Ledger, clock: Clock) -> None:
    said_late(ledger, clock)

    face = ledger.scorecard().face()

    assert face.funnel is not None
    assert face.claims is not None
    assert {row[0]: row[-1] for row in face.funnel.rows} == {
        "bo": "1 on the day of the answer", "cy": "1 words read afterwards", "ana": "-",
    }  # fmt: skip
    assert {row[1]: row[-1] for row in face.claims.rows} == {
        "bo": "on the day of the answer", "cy": "words read afterwards, imputed", "ana": "",
    }  # fmt: skip


def test_a_superseded_claim_is_not_said_to_be_not_due_as_well(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It rains", deadline="2026-01-20", slug="rain", p=0.4)
    clock.set("2026-01-02")
    ledger.forecast(
        ledger.supersede(
            "rain", text="It rains a lot", deadline="2026-01-20", slug="pours", reason="other words", carry=()
        ),
        0.5,
    )
    clock.set("2026-03-01")
    for slug in ("rain", "pours"):
        ledger.resolve(slug, "no")

    face = ledger.scorecard().face()

    assert face.funnel is not None
    assert face.claims is not None
    assert face.funnel.rows[0][-1] == "1 superseded"
    assert [row[-1] for row in face.claims.rows] == ["", "superseded"]


def test_crowds_add_nothing_to_the_forecasts_that_are_told_by_the_day(ledger: Ledger, clock: Clock) -> None:
    said_late(ledger, clock)

    (plain,), (crowded,) = ledger.scorecard().caveats, ledger.scorecard(crowds=True).caveats

    assert plain == crowded
    assert plain.startswith("told by the day: 2 forecasts of the day")


def test_a_card_that_shows_nobody_says_why(ledger: Ledger, clock: Clock) -> None:
    said_late(ledger, clock)

    none = str(ledger.scorecard(top=0))
    assert "nobody is shown; 3 forecasters are left out\nall: top=3; forecasters() has them, too" in none
    assert "nobody is named, so nobody is on this card" in str(ledger.scorecard(by=[]))
    named = " ".join(str(ledger.scorecard(by=["bo", "ana"], top=1)).split())
    assert "the one first named is shown; 1 more is left out all: top=2;" in named


def test_whose_figure_is_asked_for_in_one_short_sentence(ledger: Ledger, clock: Clock) -> None:
    with pytest.raises(InvalidValue, match="nobody is on this card, so it has no figure to explain"):
        ledger.scorecard().explain("brier")
    ledger.add("It rains", deadline="2026-01-20", slug="rain")
    for number in range(12):
        ledger.forecast("rain", 0.5, by=f"reader-{number}", kind="person")

    with pytest.raises(InvalidValue, match=r"say whose figure: by=, one of reader-0, .* and 4 more$"):
        ledger.scorecard().explain("brier")


@pytest.mark.parametrize(
    ("said", "figure"),
    [
        ("skill", "time_skill"),
        ("cover", "coverage"),
        ("covered", "coverage"),
        ("skill over time", "time_skill"),
        ("resolved", "funnel"),
        ("BRIER", "brier"),
        ("Always 50 %", "time_skill"),
    ],
)
def test_a_figure_is_named_by_whatever_stands_over_it(ledger: Ledger, clock: Clock, said: str, figure: str) -> None:
    said_late(ledger, clock)

    assert ledger.scorecard().explain(said, by="ana").figure == figure


def test_a_reference_that_is_none_is_refused_with_those_there_are(ledger: Ledger, clock: Clock) -> None:
    said_late(ledger, clock)

    known = "no forecaster 'clock' on this card; it has .*; a reference is half, base rate, the clock, the others"
    with pytest.raises(InvalidValue, match=known):
        ledger.scorecard().compare("ana", "clock")


def test_rows_say_where_there_is_none(ledger: Ledger) -> None:
    rows = ledger.scorecard().rows()

    with pytest.raises(IndexError, match="there are 0 rows, and none at 3"):
        rows[3]
    with pytest.raises(TypeError, match="'brier' is no place in a sequence of rows"):
        rows["brier"]  # type: ignore[call-overload]


def test_a_long_name_in_any_first_column_has_a_line_of_its_own() -> None:
    long, other = "a-name-of-a-forecaster-that-goes-on-and-on-and-on", "too late, others apart, backdated"
    table = Table(("claim", "forecaster", "p", ""), [("rain", long, "0.40", other), ("snow", "bo", "0.50", "")], (2,))

    lines = as_text([table], 60).split("\n")

    assert max(map(len, lines)) <= 60
    assert lines[1] == f"rain   {long}"
    assert lines[2].split()[0] == "0.40"


@pytest.mark.parametrize("step", FUNNEL[4:])
def test_one_reason_alone_stands_without_a_sign_before_it(step: str) -> None:
    why = why_not({**dict.fromkeys(FUNNEL, 0), "forecast": int(step in OUTSIDE), step: 1})

    assert why.endswith(step)
    assert why.startswith("1 ")
