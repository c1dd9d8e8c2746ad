"""Rows on claims on file: read as the claim asks, whatever they leave out of its terms, and refused by its type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.importing.refusals import RowsRefused

BY = {"by": "Bob", "made_at": "2026-02-01"}
NUMBER, CHOICE = {"claim": "sold", **BY}, {"claim": "colour", **BY}
SHARES = "red=20%; green=30%; blue=50%"


@pytest.fixture
def ledger(clock: Clock, tmp_path: Path) -> Iterator[Ledger]:
    """A claim of each type on file."""
    clock.set("2026-01-02")
    until = "2026-06-30"
    with Ledger(tmp_path / "terms.db", me="ed") as ledger:
        ledger.add("Cars sold", deadline=until, slug="sold", unit="million", between=(100, 200))
        ledger.add("Which colour?", deadline=until, slug="colour", options=["red", "green", "blue"])
        ledger.add("The law is passed", deadline=until, slug="law", when=True)
        ledger.add("It rains", deadline=until, slug="rain")
        clock.set("2026-02-10")
        yield ledger


def told(ledger: Ledger, *rows: dict[str, object]) -> str:
    """Return what a table is refused with, on one line."""
    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", list(rows))
    return " ".join(str(refused.value).split())


@pytest.mark.parametrize(
    "row",
    [
        {"claim": "sold", "unit": "million", "quantiles": "50%=150"},
        {"claim": "sold", "between": "100..200", "quantiles": "50%=150"},
        {"text": "Cars sold", "deadline": "2026-06-30", "unit": "million", "quantiles": "50%=150"},
        {"text": "Cars sold", "deadline": "2026-06-30", "quantiles": "50%=150"},
        {"text": "Which colour?", "deadline": "2026-06-30", "p": SHARES},
        {"text": "The law is passed", "deadline": "2026-06-30", "p": "2026-03=20%; 2026-06=50%"},
    ],
)
def test_a_row_says_as_much_of_the_terms_of_its_claim_as_it_likes(ledger: Ledger, row: dict[str, object]) -> None:
    assert ledger.import_from("table", [{**row, **BY}]).new["forecast"] == 1


@pytest.mark.parametrize(
    ("claim", "said", "asked"),
    [
        ("sold", {"unit": "thousand", "quantiles": "50%=150"}, "unit row 1 'thousand' sold asks for million"),
        ("colour", {"unit": "m", "between": "0..1", "p": SHARES}, "unit row 1 'm' colour asks for one of red"),
        ("colour", {"between": "0..1", "p": SHARES}, "between row 1 '0..1' colour asks for one of red"),
        ("rain", {"unit": "m", "p": "20%"}, "unit row 1 'm' rain asks for yes or no"),
    ],
)
def test_terms_of_another_type_are_refused_by_the_one_on_file(
    ledger: Ledger, claim: str, said: dict[str, object], asked: str
) -> None:
    assert asked in told(ledger, {"claim": claim, **BY, **said})


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"p": SHARES}, "p of several options or days goes with a choice or a date; say options or when"),
        ({"unit": "million"}, "'A?' has unit and no between; say over which range it is scored: between 0..10"),
        ({"between": "0..10"}, "between goes with unit, what the number counts"),
        ({"quantiles": "10%=2"}, "quantiles go with a number: unit and between"),
    ],
)
def test_a_new_claim_needs_all_its_terms(ledger: Ledger, cells: dict[str, object], words: str) -> None:
    assert words in told(ledger, {"text": "A?", "deadline": "2026-06-30", **BY, **cells})


@pytest.mark.parametrize(
    ("whole", "column", "parts"),
    [
        ({"claim": "colour", "p": SHARES}, "option", {"Red": "20%", "green": 0.3, "blue": "50 %"}),
        ({"claim": "sold", "quantiles": "10%=120; 50%=140; 90%=170"}, "value", {"120": 0.1, 140: "50%", "170.0": 0.9}),
        ({"claim": "law", "p": "2026-03=20%; 2026-06-30=50%"}, "day", {"2026-03-31": 0.2, "2026-06": "50%"}),
    ],
)
def test_the_same_in_one_cell_and_in_a_row_for_each_part_is_said_twice(
    ledger: Ledger, whole: dict[str, object], column: str, parts: dict[object, object]
) -> None:
    rows = [{"claim": whole["claim"], column: part, "p": chance, **BY} for part, chance in parts.items()]

    card = ledger.import_from("table", [{**whole, **BY}, *rows])

    assert (card.new["forecast"], card.repeated) == (1, 1)


def test_what_cannot_be_read_names_the_column_of_each_person_and_the_type(ledger: Ledger) -> None:
    persons = told(ledger, {"claim": "colour", "made_at": "2026-02-01", "p:eve": 0.2, "p:dan": 0.3})
    assert "p:eve row 1 0.2 20% of what?" in persons
    assert "p:dan row 1 0.3 30% of what?" in persons
    assert "low row 1 2 goes with one chance of yes or no; say 2%" in told(ledger, {**NUMBER, "low": 2, "high": 6})
    assert "option row 1 'red' p says several chances" in told(ledger, {**CHOICE, "option": "red", "p": SHARES})


def test_a_withdrawal_is_of_no_single_option(ledger: Ledger) -> None:
    row = {**CHOICE, "option": "red", "withdrawn": "yes"}
    assert "option row 1 'red' a withdrawal is of the whole forecast" in told(ledger, row)

    with pytest.raises(RowsRefused, match="a withdrawal is of the whole") as refused:
        ledger.import_forecasts([row])
    assert "option" in str(refused.value)


@pytest.mark.parametrize("between", [(0, 10), (100, 200), (2020, 2100), (-5, 5), (1, 1000, "log"), (1e-7, 2e-7)])
def test_the_quantiles_offered_lie_inside_the_range(ledger: Ledger, between: tuple[object, ...]) -> None:
    ledger.add("How many?", deadline="2026-06-30", slug="many", unit="m", between=between)
    with pytest.raises(InvalidValue) as refused:
        ledger.forecast("many", 0.4)

    offered = str(refused.value).partition("quantiles={")[2].rstrip("}")
    pairs = [pair.split(": ") for pair in offered.split(", ")]
    assert ledger.forecast("many", quantiles={float(chance): float(value) for chance, value in pairs})
