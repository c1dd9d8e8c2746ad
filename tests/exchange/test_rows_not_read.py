"""What of a table is not read is told: the rows above its header, the sheets beside it, or that it has no rows."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from spreadsheets import write_spreadsheet

from predictions import Ledger
from predictions.errors import InvalidValue

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
