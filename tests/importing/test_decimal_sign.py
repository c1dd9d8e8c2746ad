"""What stands before the fraction of a number is said once for a file, and holds in every column of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecast, Resolution

CELLS = ["1.500", "1,500", "30.000", "2,5", "1.500,5", "12.345", "1,500 tons"]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "signs.db", me="ana") as book:
        book.add("Old cars", deadline="2099", opens_on="2026-01-01", slug="cars", unit="tons", between=(0, 10**6))
        yield book


def meant(cell: str, decimal: str | None) -> float | None:
    """Work out by hand what a cell says; None where it says nothing, or two things."""
    numeral = cell.removesuffix(" tons")
    if decimal is None:
        return {"2,5": 2.5, "12.345": 12.345}.get(numeral)
    return float(numeral.replace(",", ".")) if {",", "."} & set(numeral) == {decimal} else None


def value_in(ledger: Ledger, column: str, cell: str, decimal: str | None) -> float:
    """Say a value in one column of a table, and return what was recorded of it."""
    row = {"text": "Cars sold", "deadline": "2099", "opens_on": "2026-01-01", "unit": "tons", "between": "0..1000000"}
    said: Mapping[str, object] = {
        "quantiles": {"quantiles": f"50%={cell}"}, "points": {"quantiles": f"50%={cell}; 100%=999999; exact"},
        "value": {"value": cell, "p": 1}, "at": {"at": cell, "p": 1},
        "outcome": {"outcome": cell, "known_on": "2026-02-01"}, "between": {"between": f"0..{cell}"},
    }[column]  # fmt: skip
    ledger.import_from("table", [{**row, **said}], decimal=decimal)
    snapshot = ledger.snapshot()
    if column == "outcome":
        return float(snapshot.all(Resolution)[-1].value or 0)
    if column == "between":
        return float(snapshot.all(Claim)[-1].high or 0)
    return snapshot.all(Forecast)[-1].points[0].at


def value_in_bulk(ledger: Ledger, column: str, cell: str, decimal: str | None) -> float:
    """Say a value in one column of a dump, and return what was recorded of it."""
    if column == "outcome":
        ledger.import_resolutions([{"claim": "cars", "outcome": cell, "known_on": "2026-02-01", "reason": "counted"}],
                                  decimal=decimal)  # fmt: skip
        return float(ledger.snapshot().all(Resolution)[-1].value or 0)
    said = {"quantiles": f"50%={cell}"} if column == "quantiles" else {column: cell, "probability": 1}
    ledger.import_forecasts([{"claim": "cars", "forecaster": "bob", "made_at": "2026-02-01", **said}], decimal=decimal)
    return ledger.snapshot().all(Forecast)[-1].points[0].at


@pytest.mark.parametrize("decimal", [None, ",", "."])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("column", ["quantiles", "points", "value", "at", "outcome", "between"])
def test_a_table_reads_numbers_of_every_column_by_one_rule(
    ledger: Ledger, column: str, cell: str, decimal: str | None
) -> None:
    expected = meant(cell, decimal)
    if expected is None or ("tons" in cell and column not in {"quantiles", "outcome"}):
        with pytest.raises(InvalidValue, match=r"say\s+which|is said, and|not a number|is no outcome"):
            value_in(ledger, column, cell, decimal)
    else:
        assert value_in(ledger, column, cell, decimal) == expected


@pytest.mark.parametrize("decimal", [None, ",", "."])
@pytest.mark.parametrize("cell", CELLS[:-1])
@pytest.mark.parametrize("column", ["quantiles", "value", "at", "outcome"])
def test_a_dump_reads_them_by_the_same_rule(ledger: Ledger, column: str, cell: str, decimal: str | None) -> None:
    expected = meant(cell, decimal)
    if expected is None:
        with pytest.raises(InvalidValue, match=r"say\s+which|is said, and|not a number|is no outcome"):
            value_in_bulk(ledger, column, cell, decimal)
    else:
        assert value_in_bulk(ledger, column, cell, decimal) == expected


def test_verbs_ask_which_of_two_numbers_is_meant(ledger: Ledger) -> None:
    for say in (
        lambda: ledger.forecast("cars", quantiles={"50%": "1.500"}),
        lambda: ledger.resolve("cars", "1.500", known_on="2026-02-01", reason="counted"),
        lambda: ledger.add("New cars", deadline="2099", unit="tons", between=("0", "1.500")),
    ):
        with pytest.raises(InvalidValue, match=r"may be 1500 or 1.5; say which"):
            say()


def test_an_option_with_a_point_is_no_number(ledger: Ledger) -> None:
    row = {"text": "Which model?", "deadline": "2099", "opens_on": "2026-01-01", "options": "gpt-4.5; 4.500"}

    ledger.import_from("table", [{**row, "outcome": "4.500", "known_on": "2026-02-01"}], decimal=",")

    assert ledger.snapshot().all(Resolution)[-1].option == "4-500"


@pytest.mark.parametrize(("cell", "decimal"), [("0,4", "."), ("0.4", ",")])
def test_fractions_and_shares_obey_it_too(ledger: Ledger, cell: str, decimal: str) -> None:
    rows = [
        {"text": "Rain?", "deadline": "2099", "opens_on": "2026-01-01", "outcome": cell, "known_on": "2026-02-01"},
        {"text": "Who?", "deadline": "2099", "options": "a; b", "p": f"a={cell}; b=60%"},
    ]
    for row in rows:
        with pytest.raises(InvalidValue, match=r"decimal='.' is said, and"):
            ledger.import_from("table", [row], decimal=decimal)
