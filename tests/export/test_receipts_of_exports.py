"""What the receipt of an export counts, held against the file that it wrote, over claims of every type."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from club_of_types import DEADLINE, OPENS, TERMS, TYPES, club_of_types
from conftest import Clock
from pyarrow import parquet

from predictions import Ledger
from predictions.exchange.written import Exported, RowsWritten


@pytest.fixture
def club(ledger: Ledger, clock: Clock) -> Ledger:
    club_of_types(ledger, clock, count=3)
    for type_ in TYPES:
        ledger.withdraw(f"{type_}-0", by="ben", made_at="2026-02-05")
    return ledger


def rows_of(file: Path) -> list[object]:
    """Return the rows of a file, by the ending of its name, with whatever reads such files."""
    if file.suffix == ".json":
        return list(json.loads(file.read_text("utf-8")))
    if file.suffix == ".xlsx":
        return list(re.findall("<row ", ZipFile(file).read("xl/worksheets/sheet1.xml").decode())[1:])
    if file.suffix == ".parquet":
        return list(parquet.read_table(file).to_pylist())
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text, delimiter="\t" if file.suffix == ".tsv" else ","))[1:]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("csv", "a.csv"),
        ("fatebook", "a.csv"),
        *(("table", f"a.{end}") for end in ("csv", "tsv", "xlsx", "json", "parquet")),
    ],
)
def test_a_receipt_counts_the_rows_of_the_file(form: str, name: str, club: Ledger, tmp_path: Path) -> None:
    done = club.export(form, tmp_path / name)

    assert isinstance(done, RowsWritten)
    assert done.written == len(rows_of(tmp_path / name)) > 0
    assert f"{done.written} rows" in str(done)


def test_each_share_point_and_day_is_a_row_whether_of_a_record_or_of_a_block(
    club: Ledger, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = club.export("csv", tmp_path / "a.csv")
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0)
    with Ledger(tmp_path / "again.db", me="ana") as again:
        clock.set("2026-01-01")
        club_again(again)
        clock.set("2026-09-02")
        again.import_forecasts(tmp_path / "a.csv")
        second = again.export("csv", tmp_path / "b.csv")

    assert isinstance(first, RowsWritten)
    assert isinstance(second, RowsWritten)
    assert first.written > first.forecasts
    assert second.written - second.forecasts == first.written - first.forecasts, "but for those of the club again"
    assert len(rows_of(tmp_path / "b.csv")) == second.written


def club_again(ledger: Ledger) -> None:
    """Record the claims of the club, on which nobody has said anything yet."""
    for number in range(3):
        for type_ in TYPES:
            ledger.add(f"{type_} {number}", deadline=DEADLINE, opens_on=OPENS, slug=f"{type_}-{number}", **TERMS[type_])
    for name in ("ana", "ben", "cyd"):
        ledger.forecast("yes-no-0", 0.5, by=name, kind="person")
        ledger.withdraw("yes-no-0", by=name)


def test_parquet_counts_forecasts_each_once(club: Ledger, tmp_path: Path) -> None:
    done = club.export("parquet", tmp_path / "out")

    assert isinstance(done, Exported)
    files = list((tmp_path / "out").rglob("*.parquet"))
    said = [row for file in files if file.parent.name == "forecasts" for row in parquet.read_table(file).to_pylist()]
    assert done.files == len(files)
    assert done.forecasts == len({(row["claim"], row["forecaster"], row["made_at"]) for row in said}) < len(said)
