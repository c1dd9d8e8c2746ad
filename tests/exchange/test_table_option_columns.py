"""Columns of a table that are named after the options of a choice: read, or refused, and never left out unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.importing.refusals import RowsRefused
from predictions.records import Forecast

SHARES = {"red": 0.2, "light-green": 0.3, "blue": 0.5}
ROW = {"claim": "colour", "by": "Bob", "made_at": "2026-02-01"}


@pytest.fixture
def ledger(clock: Clock, tmp_path: Path) -> Iterator[Ledger]:
    """Two choices on file, and a question of yes or no."""
    clock.set("2026-01-02")
    with Ledger(tmp_path / "options.db", me="ed") as ledger:
        ledger.add("Which colour?", deadline="2026-06-30", slug="colour", options=[*SHARES])
        ledger.add("How high?", deadline="2026-06-30", slug="height", options=["low", "high"], ordered=True)
        ledger.add("Will it be light?", deadline="2026-06-30", slug="light")
        clock.set("2026-02-10")
        yield ledger


def said(ledger: Ledger, claim: str) -> dict[str, float]:
    """Return the shares of the one forecast on a claim."""
    (forecast,) = (one for one in ledger.snapshot().all(Forecast) if one.claim == claim)
    return {share.option: share.share for share in forecast.shares}


@pytest.mark.parametrize(
    ("cells", "settings"),
    [
        ({"red": "20%", "Light green": 0.3, "blue": "50 %"}, {}),
        ({"Red %": 20, "light-green (%)": "30%", "BLUE %": 50}, {}),
        ({"red": 20, "light green": 30, "blue": 50}, {"percent": True}),
        ({"p:red": 0.2, "p:light green": 0.3, "p:blue": 0.5}, {}),
    ],
)
def test_a_column_for_each_option_holds_its_shares(
    ledger: Ledger, cells: dict[str, object], settings: dict[str, bool]
) -> None:
    card = ledger.import_from("table", [{**ROW, **cells, "Mood": "good"}], **settings)

    assert said(ledger, "colour") == SHARES
    assert card.left == ("Mood",)
    assert not ledger.import_from("table", [{**ROW, **cells}], **settings).wrote


def test_options_may_be_called_as_columns_of_ours_are(ledger: Ledger) -> None:
    ledger.import_from("table", [{**ROW, "claim": "height", "low": "80%", "high": "20%"}])

    assert said(ledger, "height") == {"low": 0.8, "high": 0.2}


def test_new_choices_say_their_options_once_in_any_row(ledger: Ledger) -> None:
    named = {"text": "Who leads?", "deadline": "2026-12-31", "made_at": "2026-02-01"}
    rows = [
        {**named, "by": "Bob", "options": "Lab A; other", "Lab A": "40%", "Other": "60%", "note": "why"},
        {**named, "by": "Cy", "options": None, "Lab A": "30%", "Other": "70%"},
        {"claim": "light", "by": "Cy", "made_at": "2026-02-01", "p": 0.3},
    ]

    assert ledger.import_from("table", rows).new["forecast"] == 3
    shares = [forecast.shares[0].share for forecast in ledger.snapshot().all(Forecast) if forecast.shares]
    assert sorted(shares) == [0.3, 0.4]


@pytest.mark.parametrize(
    ("cells", "column", "fix"),
    [
        ({"red": "20%", "blue": "80%"}, "red", "light-green has no column; give each option one, or say all in p"),
        ({"p:red": "20%", "blue": "80%"}, "p:red", "red=20%; light-green=...; blue=80%"),
        ({"red": "20%", "light green": "80%", "blue": None}, "blue", "no share for this option; each has one"),
        ({"red": "20%", "light green": "70%", "blue": "2%"}, "p", "0.08 is missing"),
        ({"red": "20%", "light green": "80", "blue": 0}, "light green", "say 80% or 0.8"),
        ({"red": "20%", "light green": "a 3rd", "blue": 0}, "light green", "not a number"),
        ({"red": 0.2, "light green": 0.8, "blue": 0, "p": "red=20%; light-green=80%; blue=0"}, "red", "say the shares"),
    ],
)
def test_shares_that_are_not_whole_are_refused(
    ledger: Ledger, cells: dict[str, object], column: str, fix: str
) -> None:  # fmt: skip
    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", [{**ROW, **cells}])

    told = str(refused.value)
    assert [
        line.split("row 1")[0].strip() for line in told.splitlines() if " row 1 " in line and "1 of 1" not in line
    ] == [column]
    assert fix in " ".join(told.split())


def test_columns_of_that_name_are_anybodys_where_the_shares_are_said_or_none_is_asked_for(ledger: Ledger) -> None:
    whole = "red=20%; light-green=30%; blue=50%"
    rows = [{**ROW, "p": whole, "red": "a note"}, {**ROW, "claim": "light", "p": "20%", "red": "3"}]

    assert ledger.import_from("table", rows).left == ("red",)
    assert said(ledger, "colour") == SHARES
