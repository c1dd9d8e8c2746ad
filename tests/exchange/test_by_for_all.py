"""`by=` names who forecasts in tables that do not say; beside a column that says it, it is refused, not ignored."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from conftest import Refuses

from predictions import Ledger

ROW = {"text": "It rains", "deadline": "2099"}
SAYS_WHO: list[dict[str, Any]] = [{"p": 0.3, "by": "bob"}, {"p": 0.3, "Who": "bob"}, {"p:bob": 0.3}, {"bob %": "30"}]


@pytest.mark.parametrize("said", SAYS_WHO, ids="-".join)
def test_by_beside_a_column_of_forecasters_is_refused(ledger: Ledger, refuses: Refuses, said: dict[str, Any]) -> None:
    with refuses("by= is for a table that does not say who forecasts; this one says it in a column, so leave it out"):
        ledger.import_from("table", [{**ROW, **said}], by="carl")


@pytest.mark.parametrize("said", [{"p": 0.3}, {"words": "likely"}, {"p": 0.3, "p:bob": 0.4}])
def test_by_names_the_forecaster_where_no_column_does(ledger: Ledger, said: dict[str, Any]) -> None:
    assert ledger.import_from("table", [{**ROW, **said}], by="carl").by["carl"] == 1


def test_by_is_for_those_of_several_files_that_need_it(ledger: Ledger, tmp_path: Path) -> None:
    files = []
    for name, row in {"a.csv": {**ROW, "p": "30%"}, "b.csv": {**ROW, "p": "40%", "by": "bob"}}.items():
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, row)
            writer.writeheader()
            writer.writerow(row)
        files.append(tmp_path / name)

    assert ledger.import_from("table", *files, by="carl").by == {"carl": 1, "bob": 1}
