"""What stands before the fraction of a number is said once for a file, and holds in every column of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecast, Resolution

PLAIN = {  # what a cell says if nothing is known of its signs, and with a decimal comma and a decimal point
    "1.500": (None, 1500, 1.5), "1,500": (None, 1.5, 1500), "30.000": (None, 30_000, 30), "2,5": (2.5, 2.5, None),
    "1.500,5": (1500.5, 1500.5, None), "1,500.5": (1500.5, None, 1500.5), "12.345": (12.345, 12_345, 12.345),
    "0.500": (0.5, None, 0.5), "10 000": (10_000, 10_000, 10_000), "1'000'000": (10**6, 10**6, 10**6),
    "10\u202f000,5": (10_000.5, 10_000.5, None), "123.456.000": (123_456_000, 123_456_000, None), "10 00": (None,) * 3,
    "1.500.5": (None,) * 3, "1,500 tons": (None, 1.5, 1500),
}  # fmt: skip
CELLS = [*PLAIN]
SIGNS = [None, ",", "."]
REFUSED = r"say\s+which|is said, and|not a number|is no outcome"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "signs.db", me="ana") as book:
        book.add("Old cars", deadline="2099", opens_on="2026-01-01", slug="cars", unit="tons", between=(0, 10**9))
        yield book


def meant(cell: str, decimal: str | None) -> float | None:
    """Return what a cell says, worked out by hand; None where it says nothing, or two things."""
    return PLAIN[cell][SIGNS.index(decimal)]


def value_in(ledger: Ledger, column: str, cell: str, decimal: str | None) -> float:
    """Say a value in one column of a table, and return what was recorded of it."""
    row = {
        "text": "Cars sold",
        "deadline": "2099",
        "opens_on": "2026-01-01",
        "unit": "tons",
        "between": "0..1000000000",
    }
    said: Mapping[str, object] = {
        "quantiles": {"quantiles": f"50%={cell}"}, "points": {"quantiles": f"50%={cell}; 100%=999999999; exact"},
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


@pytest.mark.parametrize("decimal", SIGNS)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("column", ["quantiles", "points", "value", "at", "outcome", "between"])
def test_a_table_reads_numbers_of_every_column_by_one_rule(
    ledger: Ledger, column: str, cell: str, decimal: str | None
) -> None:
    expected = meant(cell, decimal)
    if expected is None or ("tons" in cell and column not in {"quantiles", "outcome"}):
        with pytest.raises(InvalidValue, match=REFUSED):
            value_in(ledger, column, cell, decimal)
    else:
        assert value_in(ledger, column, cell, decimal) == expected


@pytest.mark.parametrize("decimal", SIGNS)
@pytest.mark.parametrize("cell", CELLS[:-1])
@pytest.mark.parametrize("column", ["quantiles", "value", "at", "outcome"])
def test_a_dump_reads_them_by_the_same_rule(ledger: Ledger, column: str, cell: str, decimal: str | None) -> None:
    expected = meant(cell, decimal)
    if expected is None:
        with pytest.raises(InvalidValue, match=REFUSED):
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


@pytest.mark.parametrize("cell", CELLS[:-1])
def test_verbs_read_numbers_by_the_same_rule(ledger: Ledger, cell: str) -> None:
    for say, read in (
        (lambda: ledger.forecast("cars", quantiles={"50%": cell}), lambda record: record.points[0].at),
        (lambda: ledger.resolve("cars", cell, known_on="2026-02-01", reason="seen"), lambda record: record.value),
        (lambda: ledger.add("New", deadline="2099", unit="t", between=("0", cell)), lambda record: record.high),
    ):
        if (expected := meant(cell, None)) is None:
            with pytest.raises(InvalidValue, match=f"{REFUSED}|is no range"):
                say()
        else:
            assert read(say().record) == expected


def test_a_number_with_the_other_sign_is_shown_as_it_is_to_be_written(ledger: Ledger) -> None:
    with pytest.raises(InvalidValue, match=r"decimal=',' is said, and 0\.5 has '\.'; write 0,5"):
        value_in(ledger, "value", "0.5", ",")


def test_the_ends_of_a_range_are_read_apart(ledger: Ledger) -> None:
    assert value_in(ledger, "between", "500.000", ",") == 500_000


@pytest.mark.parametrize("text", ["\N{MINUS SIGN}3", "-3", "\N{MINUS SIGN}3 tons"])
def test_a_minus_sign_is_a_minus(ledger: Ledger, text: str) -> None:
    ledger.add(
        "A balance",
        deadline="2099",
        opens_on="2026-01-01",
        slug="it",
        unit="tons",
        between=(-10, 10),
        quantiles={"50%": text},
    )

    ledger.resolve("it", text, known_on="2026-02-01", reason="counted")

    assert ledger.snapshot().all(Forecast)[-1].points[0].at == -3
    assert ledger.snapshot().all(Resolution)[-1].value == -3
