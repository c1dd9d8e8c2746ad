"""Days as people, offices and programs write them elsewhere are not read: each refusal names the day to write."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from predictions import InvalidValue, Ledger, LedgerError
from predictions.importing.refusals import RowsRefused
from predictions.testing import scratch_ledger

ELSEWHERE = {
    "31. Dezember 2099": "2099-12-31", "1. März 2099": "2099-03-01", "den 3. Mai 2099": "2099-05-03",
    "31 décembre 2099": "2099-12-31", "1er août 2099": "2099-08-01", "Okt 2099": "2099-10", "31. December 2099":
    "2099-12-31", "73050": "2099-12-31", "73050.0": "2099-12-31", "4102358400000": "2099-12-31", "4102358400":
    "2099-12-31", "31/12/2099": "2099-12-31",
}  # fmt: skip
DAYS = {"yesterday": "2026-11-29", "today": "2026-11-30", "Tomorrow": "2026-12-01"}
FIELDS = ("deadline", "opens_on", "said_on", "happened_on", "known_on", "made_at", "published", "as_of", "today")


def asked(ledger: Ledger, field: str, day: str) -> object:
    """Ask with a day in one place of one verb."""
    if field in {"happened_on", "known_on"}:
        return ledger.resolve("it-rains", "yes", **{field: day})
    if field == "made_at":
        return ledger.forecast("it-rains", 0.4, made_at=day)
    if field == "published":
        return ledger.log_evidence("it-rains", "https://e.example/1", "Rain", published=day)
    if field in {"as_of", "today"}:
        return ledger.board(**{field: day})
    if field == "said_on":
        return ledger.quote("Bob", "It snows", deadline="2099", p=0.4, said_on=day)
    return ledger.add("It snows", **{"deadline": "2099", field: day})


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("word", DAYS)
def test_a_day_by_its_distance_is_refused_with_the_day_to_type(field: str, word: str) -> None:
    with scratch_ledger("2026-11-30", me="ana") as (ledger, _):
        ledger.add("It rains", deadline="2099", opens_on="2026-01-01")
        with pytest.raises(InvalidValue) as refused:
            asked(ledger, field, word)

        wanted = "leave it out" if (field, word) == ("made_at", "today") else DAYS[word]
        wanted = "leave it out" if (field, word) == ("made_at", "Tomorrow") else wanted
        wanted = "is over" if (field, word) == ("deadline", "yesterday") else wanted  # that day would be refused, too
        assert wanted in str(refused.value)
        assert field in str(refused.value)


@pytest.mark.parametrize("field", sorted(set(FIELDS) - {"as_of"}))
@pytest.mark.parametrize("word", ELSEWHERE)
def test_a_day_written_otherwise_is_refused_with_the_day_in_iso_form(field: str, word: str) -> None:
    with scratch_ledger("2026-11-30", me="ana") as (ledger, _):
        ledger.add("It rains", deadline="2099", opens_on="2026-01-01")
        with pytest.raises(InvalidValue, match=ELSEWHERE[word]):
            asked(ledger, field, word)


def table(path: Path, text: str | bytes, name: str = "f.csv") -> Path:
    """Write a file."""
    (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path / name


@pytest.mark.parametrize("column", ["deadline", "known_on", "made_at", "said_on", "opens_on", "happened_on"])
@pytest.mark.parametrize("word", sorted(set(ELSEWHERE) - {"31/12/2099"}))
def test_a_cell_names_the_day_in_iso_form(ledger: Ledger, tmp_path: Path, column: str, word: str) -> None:
    cells = {"text": "It rains", "deadline": "2100", "outcome": "", column: word}
    file = table(tmp_path, f"{','.join(cells)}\n{','.join(cells.values())}\n")
    with pytest.raises(RowsRefused) as refused:
        ledger.import_from("table", file)

    assert ELSEWHERE[word] in " ".join(str(refused.value).split())


MONTHS = [
    "März 2026",
    "mars 2026",
    "March 2026",
    "2026-03",
    "03/2026",
    "3.2026",
    "2026/03",
    "Q1 2026",
    "2026",
    "Okt 2026",
]


@pytest.mark.parametrize("column", ["deadline", "known_on", "made_at", "said_on", "opens_on", "happened_on", "day"])
@pytest.mark.parametrize("word", [*MONTHS, "31. Dezember 2025", "46082", "1er mars 2026"])
def test_what_a_cell_is_told_to_say_is_taken_by_its_column(
    ledger: Ledger, tmp_path: Path, column: str, word: str
) -> None:
    cells = {"text": "It rains", "deadline": "2100", "when": "yes", "outcome": "", column: word}
    cells |= {"outcome": "yes", "happened_on": "2026-03-01"} if column == "known_on" else {}
    cells |= {"outcome": "yes"} if column == "happened_on" else {"by": "me", "p": "2100=30%"}

    for _ in range(2):
        try:
            ledger.import_from("table", [cells], dry_run=True)
        except RowsRefused as refused:
            told = re.search(rf"{column} +row 1 .*? say (?:which, from )?([0-9-]+)", " ".join(str(refused).split()))
            if told is None:
                break  # nothing is wrong with how the day is written
            cells = {**cells, column: told[1]}

    assert re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", cells[column]) or word in {"March 2026", "Q1 2026"}
    assert column in {"deadline", "day", "happened_on"} or len(cells[column]) == len("2026-03-01")


@pytest.mark.parametrize("field", ["opens_on", "said_on", "known_on", "made_at"])
@pytest.mark.parametrize("word", MONTHS)
def test_a_month_is_asked_for_its_day_where_a_day_alone_fits(field: str, word: str) -> None:
    with scratch_ledger("2026-11-30", me="ana") as (ledger, _):
        ledger.add("It rains", deadline="2099", opens_on="2026-01-01")
        with pytest.raises(InvalidValue, match=r"is more than one day; say which, from 2026-(01|03|10)-01 to 2026-"):
            asked(ledger, field, word)


def test_milliseconds_of_json_are_told_as_a_day(ledger: Ledger, tmp_path: Path) -> None:
    for column in ("deadline", "made_at", "known_on"):
        row = {"text": "It rains", "deadline": "2099", column: 1_700_000_000_000}
        file = table(tmp_path, json.dumps([row]), "f.json")
        with pytest.raises(RowsRefused) as refused:
            ledger.import_from("table", file)

        assert "a count of milliseconds since 1970; say 2023-11-14" in " ".join(str(refused.value).split())


@pytest.mark.parametrize("day", ["2099.0", "2099-12-31 0:00:00", "2099-12-31T0:00", "31.12.2099 0:00:00"])
def test_a_day_as_offices_and_data_frames_write_it_is_read(ledger: Ledger, tmp_path: Path, day: str) -> None:
    ledger.import_from("table", table(tmp_path, f"text,deadline\nIt rains,{day}\n"))

    assert "2099-12-31" in str(ledger.board())


@pytest.mark.parametrize("word", ["nan", "NaN", "NaT", "<NA>"])
def test_what_a_data_frame_writes_for_nothing_is_an_empty_cell_of_any_column(
    ledger: Ledger, tmp_path: Path, word: str
) -> None:
    columns = ["p", "outcome", "option", "known_on", "reason", "tags", "made_at", "withdrawn", "impossible", "when"]
    cells = ",".join([word] * len(columns))
    took = ledger.import_from("table", table(tmp_path, f"text,deadline,{','.join(columns)}\nIt rains,2099,{cells}\n"))

    assert "1 claim" in str(took)
    assert "forecast" not in str(took).splitlines()[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; its first row"), (b"\xef\xbb\xbf", "is empty: it holds a byte-order mark alone"),
        (b"\xff\xfe", "is empty: it holds a byte-order mark alone"),
        (b"\n \r\n\n", "is empty: all its lines are blank"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["f.csv", "f.tsv", "f.json", "f.md", "f.xlsx", "f.parquet"])
def test_an_empty_file_is_called_empty(ledger: Ledger, tmp_path: Path, content: bytes, said: str, name: str) -> None:
    with pytest.raises(LedgerError, match=f"{name} {said}"):
        ledger.import_from("table", table(tmp_path, content, name))


def test_a_header_alone_is_told_as_that(ledger: Ledger, tmp_path: Path) -> None:
    took = ledger.import_from("table", table(tmp_path, "text,deadline\n"))

    assert str(took).startswith("nothing to record: no row below the header")
