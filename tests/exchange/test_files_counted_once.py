"""What several files of one run say is counted once, when it is recorded and when it is on file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

import predictions
from predictions import Ledger

HEADER = "text,deadline,by,p,made_at,outcome,known_on,reason,evidence\n"
ROWS = [
    "Rain,2025-06-30,Bob,40%,2025-02-01,no,2025-08-01,dry,https://a.example/1\n",
    "Rain,2025-06-30,Cy,30%,2025-03-01,,,,\n",
    "Snow,2025-06-30,Bob,20%,2025-02-01,,,,https://a.example/1\n",
    "Snow,2025-06-30,Bob,withdrawn,2025-04-01,,,,\n",
    "Hail,2099,ana,20%,,,,,\n",
]


@pytest.fixture
def at_work(clock: Clock, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    clock.set("2026-02-01")
    monkeypatch.chdir(tmp_path)
    Path("all.csv").write_text(HEADER + "".join(ROWS))
    for name, rows in {"one.csv": ROWS[:3], "two.csv": ROWS[1:]}.items():
        Path(name).write_text(HEADER + "".join(rows))
    return ledger


@pytest.mark.parametrize("files", [["all.csv", "all.csv"], ["one.csv", "two.csv"], ["one.csv", "all.csv", "two.csv"]])
def test_tables_that_overlap_count_as_one_that_has_all_rows(at_work: Ledger, files: list[str]) -> None:
    as_one = at_work.import_from("table", "all.csv", dry_run=True)

    did = at_work.import_from("table", *files)
    again = at_work.import_from("table", *files)

    del did.new["source"], as_one.new["source"]  # each file is a source
    assert (did.new, did.stand, did.by, did.withdrew) == (as_one.new, {}, as_one.by, as_one.withdrew)
    assert (dict(again.new), again.stand) == ({}, at_work.import_from("table", "all.csv").stand)
    assert again.stand["forecast"] + again.stand["withdrawal"] == len(ROWS)


def test_a_change_that_two_tables_ask_for_is_listed_once(at_work: Ledger) -> None:
    at_work.import_from("table", "all.csv")
    Path("changed.csv").write_text(Path("all.csv").read_text().replace("40%", "45%").replace("dry", "no drop"))

    once, twice = (at_work.import_from("table", *files) for files in (["changed.csv"], ["changed.csv"] * 2))

    assert len(once.changes) == 2
    assert twice.changes == once.changes
    assert twice.stand == once.stand


def test_a_catalogue_given_twice_is_counted_once(clock: Clock, ledger: Ledger) -> None:
    clock.set("2026-12-01")
    catalogue = Path(predictions.__file__).with_name("ainews.toml")
    did = ledger.import_from("catalog", catalogue, catalogue)
    again = ledger.import_from("catalog", catalogue, catalogue)

    assert (did.stand, dict(again.new)) == ({}, {})
    assert again.stand == did.new


def test_rows_without_a_forecaster_take_the_one_that_is_named_for_all(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    row = {"claim": "rain", "made_at": "2025-12-31", "probability": 0.5}

    ledger.import_forecasts([row, {**row, "made_at": "2025-12-30", "note": "wet"}], by="bob")

    assert "bob" in str(ledger.claim("rain", full=True))
