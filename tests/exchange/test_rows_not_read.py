"""What of a table is not read is told: the rows above its header, the sheets beside it, or that it has no rows."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from spreadsheets import write_spreadsheet

from predictions import Ledger
from predictions.errors import InvalidValue, LedgerError
from predictions.records import Claim

HEADER, ROW = ["text", "deadline", "p"], ["It rains", 2099, "30%"]


def told(card: object) -> str:
    return " ".join(str(card).split())


@pytest.mark.parametrize("again", [False, True])
def test_titles_above_the_header_of_a_sheet_are_told(ledger: Ledger, tmp_path: Path, again: bool) -> None:
    titles = [["My predictions"], [None, None, None], [None, "as of May"]]
    file = write_spreadsheet(tmp_path / "f.xlsx", {"S": [*titles, HEADER, ROW]})
    if again:
        ledger.import_from("table", file)

    card = ledger.import_from("table", file)

    assert card.above == ("My predictions", "as of May")
    assert "above 2 rows above the header, not read: 'My predictions', 'as of May'" in told(card)


def test_a_sheet_that_begins_with_its_header_tells_of_none(ledger: Ledger, tmp_path: Path) -> None:
    card = ledger.import_from("table", write_spreadsheet(tmp_path / "f.xlsx", {"S": [HEADER, ROW]}))

    assert "above" not in told(card)


@pytest.mark.parametrize("first", ["Notes", "Overview", "Text", "probabilty", "Tag"])
def test_a_first_sheet_without_the_columns_is_named_with_the_others(ledger: Ledger, tmp_path: Path, first: str) -> None:
    file = write_spreadsheet(tmp_path / "f.xlsx", {"Old": [[first]], "S": [HEADER, ROW]})

    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", file)

    assert "there is no column" in told(refused.value)
    assert "'Old' was read, and not 'S': sheet=" in told(refused.value)
    assert ledger.import_from("table", file, sheet="S").new["claim"] == 1


@pytest.mark.parametrize("content", [[], [{}], {"rows": []}])
def test_an_empty_list_has_nothing_to_record(ledger: Ledger, tmp_path: Path, content: object) -> None:
    (tmp_path / "f.json").write_text(json.dumps(content))

    assert told(ledger.import_from("table", tmp_path / "f.json")).startswith("nothing to record: no row")


@pytest.mark.parametrize("rows", [[], {}, pd.DataFrame()])
def test_no_rows_in_memory_are_nothing_to_record(ledger: Ledger, rows: object) -> None:
    assert told(ledger.import_from("table", rows)).startswith("nothing to record: no row")


def test_tables_of_a_markdown_file_that_are_not_read_are_named(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "m.md"
    tables = ["| text | deadline | p |\n|---|---|---|\n| Rain | 2027 | 30% |\n", "| a | b |\n|---|---|\n| 1 | 2 |\n"]
    file.write_text("\n".join([*tables, tables[0].replace("Rain", "Snow")]), "utf-8")
    assert "'table 1' was read, and not 'table 2', 'table 3'" in told(ledger.import_from("table", file))
    assert "'table 3' was read, and not 'table 1', 'table 2'" in told(ledger.import_from("table", file, sheet=3))
    assert {claim.wording for claim in ledger.snapshot().all(Claim)} == {"Rain", "Snow"}
    for sheet, message in ((2, "'table 2' was read, and not 'table 1', 'table 3': sheet="), (4, "has no sheet 4")):
        with pytest.raises(LedgerError) as refused:
            ledger.import_from("table", file, sheet=sheet)
        assert message in told(refused.value)


def test_lists_of_rows_in_an_object_that_are_not_read_are_named(ledger: Ledger, tmp_path: Path) -> None:
    file, rows = tmp_path / "m.json", [{"text": "Rain", "deadline": "2027", "p": "30%"}]
    file.write_text(json.dumps({"predictions": rows, "more": [{"text": "Snow"}], "version": 1, "empty": []}), "utf-8")
    assert "'predictions' was read, and not 'more'" in told(ledger.import_from("table", file))
