"""Spreadsheets as people keep them: hidden and further sheets, totals, moments without a zone, thousands by points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from folder_ledger import folder_ledger

from predictions import InvalidValue, Ledger
from predictions.records import Claim, Forecast

ledger = folder_ledger  # in place of the fixture of that name

HEADER = ["text", "deadline", "by", "p"]


def workbook(**sheets: Sequence[Sequence[object]]) -> str:
    """Write a spreadsheet; a sheet whose name begins with `hidden` is."""
    with xlsxwriter.Workbook("book.xlsx") as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name.startswith("hidden"):
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    return "book.xlsx"


def csv(*lines: str) -> str:
    Path("f.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return "f.csv"


def refusal(ledger: Ledger, file: object, **how: object) -> str:
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", file, **how)  # type: ignore[arg-type]
    return " ".join(str(refused.value).split())


def test_a_hidden_sheet_is_not_taken_for_the_first(ledger: Ledger) -> None:
    file = workbook(hidden=[HEADER, ["Old?", "2099", "bob", 0.3]], shown=[HEADER, ["New?", "2099", "bob", 0.3]])

    taken = ledger.import_from("table", file)
    ledger.import_from("table", file, sheet="hidden")

    assert [claim.wording for claim in ledger.snapshot().all(Claim)] == ["New?", "Old?"]
    assert "sheet" not in str(taken)


def test_the_card_says_which_sheets_were_not_read(ledger: Ledger) -> None:
    file = workbook(first=[HEADER, ["A?", "2099", "bob", 0.3]], second=[HEADER, ["B?", "2099", "bob", 0.3]], third=[[]])

    assert "sheet       'first' was read, and not 'second', 'third'" in str(ledger.import_from("table", file))
    assert "sheet       'second' was read, and not 'first', 'third'" in str(ledger.import_from("table", file, sheet=2))


@pytest.mark.parametrize("total", [["Total", "", "", 0.3], ["", "", "average", 0.3], ["Sum:", "", "", ""]])
def test_a_line_of_totals_is_told_how_to_stand_aside(ledger: Ledger, total: Sequence[object]) -> None:
    good = ["A?", "2099", "bob", 0.3]
    assert "such as a total, begins with #" in refusal(ledger, workbook(sheet=[["Tips"], [], HEADER, good, [], total]))

    ledger.import_from("table", workbook(sheet=[["Tips"], [], HEADER, good, [], ["#", *total]]))

    assert [forecast.probability for forecast in ledger.snapshot().all(Forecast)] == [0.3]


def test_a_moment_of_a_spreadsheet_is_asked_for_its_zone(ledger: Ledger) -> None:
    row = {"text": "A?", "deadline": "2099", "by": "bob", "p": 0.3, "made_at": datetime(2026, 1, 5, 13, 30)}

    assert "no zone; say it, as in ...Z or +02:00; or zone='Europe/Berlin'" in refusal(ledger, [row])

    ledger.import_from("table", [row], zone="Europe/Berlin")
    (forecast,) = ledger.snapshot().all(Forecast)
    assert forecast.made_at.isoformat() == "2026-01-05T12:30:00+00:00"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"quantiles": "50%=30.000"}, "'30.000' may be 30000 or 30; say which"),
        ({"quantiles": "50%=30,000"}, "'30,000' may be 30000 or 30; say which"),
        ({"between": "0..100.000"}, "100.000 may be 100000 or 100; say which"),
        ({"outcome": "30.000", "known_on": "2026-08-01"}, "'30.000' may be 30000 or 30; say which"),
    ],
)
def test_thousands_with_a_point_are_not_taken_for_a_fraction(ledger: Ledger, cells: dict[str, str], words: str) -> None:
    row = {"text": "Cars", "deadline": "2026-06-30", "opens_on": "2026-01-01", "unit": "cars", "between": "0..100000"}

    assert words in refusal(ledger, [{**row, "made_at": "2026-02-01", **cells}])


def test_a_fraction_with_a_point_and_a_chance_with_noughts_are_read(ledger: Ledger) -> None:
    row = {"text": "Cars", "deadline": "2099", "unit": "cars", "between": "0..100", "quantiles": "50%=30.125"}

    taken = ledger.import_from("table", [row, {"text": "A?", "deadline": "2099", "p": "1.000%"}])

    assert taken.new["forecast"] == 2


@pytest.mark.parametrize("word", ["pending", "open", "tbd"])
def test_an_outcome_that_is_none_yet_may_be_left_empty(ledger: Ledger, word: str) -> None:
    told = refusal(ledger, [{"text": "A?", "deadline": "2099", "outcome": word}])

    assert "say yes, no, a fraction such as 0.4, ambiguous or annulled, or leave it empty" in told


def test_a_row_of_another_width_is_told_what_to_do(ledger: Ledger) -> None:
    told = refusal(ledger, csv("text,deadline,by,p", "A?,2099,bob", "B, too,2099,bob,30%"))

    assert "it has 3 fields, the header 4; an empty cell has its delimiter too" in told
    assert "it has 5 fields, the header 4; a cell that holds the delimiter stands in double quotes" in told


@pytest.mark.parametrize("name", ["f.xls", "f.txt", "f.numbers"])
def test_a_file_of_another_kind_is_told_what_to_save_it_as(ledger: Ledger, name: str) -> None:
    Path(name).write_text("text,deadline\nA?,2099\n", "utf-8")

    assert "nor .parquet; save it as one of them" in refusal(ledger, name)
