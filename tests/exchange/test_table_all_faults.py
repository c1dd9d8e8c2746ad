"""Every fault of a table is named in one run: unreadable cells, contradictions, and what the ledger refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from command_line import CommandLine
from spreadsheets import write_spreadsheet

from predictions import InvalidValue, Ledger

GOOD = {"text": "A?", "deadline": "2025-12-31", "by": "bob", "p": "30%", "made_at": "2025-02-01"}
ON_FILE = {"text": "", "deadline": "", "made_at": ""}
FAULTS: Mapping[str, tuple[dict[str, str], str]] = {  # the cells that make one, and the column that is to be named
    "no chance": ({"p": "many"}, "p"),
    "perhaps percent": ({"p": "35"}, "p"),
    "no day": ({"deadline": "soon"}, "deadline"),
    "two days": ({"made_at": "01/02/2025"}, "made_at"),
    "no outcome": ({"outcome": "N/A"}, "outcome"),
    "made late": ({"made_at": "2026-02-01"}, "deadline"),
    "a yes without its day": ({"outcome": "yes"}, "known_on"),
    "nobody's chance": ({"by": ""}, "by"),
    "no deadline": ({"deadline": ""}, "deadline"),
    "no text": ({"text": ""}, "text"),
    "a day without an outcome": ({"known_on": "2025-03-01"}, "known_on"),
    "known in the future": ({"outcome": "yes", "known_on": "2199-01-01"}, "known_on"),
    "no claim of that name": ({**ON_FILE, "claim": "nothing"}, "claim"),
    "shares that leave something out": ({"options": "a; b", "p": "a=40%; b=40%"}, "p"),
    "one chance of a choice on file": ({**ON_FILE, "claim": "which-lab"}, "p"),
    "no option of a choice on file": (
        {**ON_FILE, "claim": "which-lab", "p": "", "outcome": "c", "known_on": "2025-03-01"}, "outcome",
    ),
    "a no before its day": (
        {"deadline": "2099-12-31", "p": "", "outcome": "no", "known_on": "2025-03-01"}, "outcome",
    ),
}  # fmt: skip
TWICE = [  # cells of one row with several faults, and the columns that are to be named
    ({"p": "35", "made_at": "2026-02-01"}, ["p", "deadline"]),
    ({"p": "many", "by": "", "outcome": "yes"}, ["p", "by", "known_on"]),
    ({"deadline": "soon", "p": "35", "by": "", "outcome": "yes"}, ["deadline", "p", "by", "known_on"]),
    ({"options": "a; b", "p": "a=.4; b=.4", "made_at": "2026-02-01"}, ["p", "deadline"]),
    ({**ON_FILE, "claim": "nothing", "p": "35", "outcome": "N/A"}, ["p", "outcome", "claim"]),
    ({"p": "many", "deadline": "2099", "outcome": "no", "known_on": "2025-03-01"}, ["p", "outcome"]),
]
CONSEQUENCES = [  # one unreadable cell, from which the rest only seems to be wrong: one fault each
    ({"made_at": "01/02/2025"}, "made_at"),
    ({"said_on": "01/02/2025", "made_at": ""}, "said_on"),
    ({"deadline": "soon"}, "deadline"),
    ({"deadline": "soon", "outcome": "no"}, "deadline"),
    ({"outcome": "N/A", "known_on": "2025-03-01"}, "outcome"),
    ({"outcome": "yes", "known_on": "01/02/2025"}, "known_on"),
    ({"options": "a", "p": "a=40%; b=60%", "outcome": "b", "known_on": "2025-03-01"}, "options"),
    ({"by": "x\x07"}, "by"),
    ({"text": "x\x07"}, "text"),
    ({"p": "35", "note": "why"}, "p"),
]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """A ledger with a choice on file, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    with Ledger("l.db", me="ana") as made:
        made.add("Which lab?", deadline="2099", options=["a", "b", "other"], slug="which-lab")
        yield made


def refusal(ledger: Ledger, *tables: Sequence[Mapping[str, str]]) -> str:
    before = str(ledger.head())
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", *tables)
    assert str(ledger.head()) == before
    return str(refused.value)


def named(message: str) -> list[str]:
    """The columns that causes are told of, in the order of the message."""
    lines = message.split("\n")[1:]
    return [line.split()[0] for line in lines if line.startswith("  ") and re.search(r" rows? [0-9]", line)]


def row(cells: Mapping[str, str], number: int) -> dict[str, str]:
    given = {**GOOD, **cells}
    return {**given, "text": given["text"] and f"{given['text']} {number}"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_hides_no_other(ledger: Ledger, fault: str) -> None:
    cells, column = FAULTS[fault]

    for other in FAULTS.keys() - {fault}:
        others, other_column = FAULTS[other]
        message = refusal(ledger, [row(cells, 1), row({}, 2), row(others, 3)])

        assert "2 of 3 rows" in message, (other, message)
        assert {*named(message)} == {column, other_column}, (other, message)


@pytest.mark.parametrize(("cells", "columns"), TWICE)
def test_every_fault_of_a_row_is_named(ledger: Ledger, cells: Mapping[str, str], columns: Sequence[str]) -> None:
    message = refusal(ledger, [row({}, 1), row(cells, 2)])

    assert "1 of 2 rows" in message
    assert sorted(named(message)) == sorted(columns)


@pytest.mark.parametrize(("cells", "column"), CONSEQUENCES)
def test_what_follows_from_an_unreadable_cell_is_no_fault(ledger: Ledger, cells: dict[str, str], column: str) -> None:
    message = refusal(ledger, [row({}, 1), row(cells, 2)])

    assert named(message) == [column], message


def test_all_kinds_in_one_file_are_counted_and_the_first_ten_named(ledger: Ledger) -> None:
    message = refusal(ledger, [row(cells, number) for number, (cells, _) in enumerate(FAULTS.values(), 1)])

    assert f"{len(FAULTS)} of {len(FAULTS)} rows" in message
    assert all(f"row {number}" in message or f"rows {number}" in message for number in (1, 3, 4, 5, 6, 7, 8, 9))
    assert max(map(len, message.split("\n"))) <= 80


def test_rows_made_late_are_one_cause_where_causes_are_many(ledger: Ledger) -> None:
    late = [row({"made_at": f"2026-02-{day:02}"}, day) for day in range(1, 13)]

    message = refusal(ledger, late)

    assert named(message) == ["deadline"]
    assert "12 in all" in message


def test_faults_of_several_files_are_told_together(ledger: Ledger) -> None:
    files = [[row(cells, number)] for number, (cells, _) in enumerate(FAULTS.values(), 1)]

    for pair in combinations(files[:6] + files[-4:], 2):
        assert refusal(ledger, *pair).count("1 of 1 row") == 2


HEADERS = [  # names of columns in place of ours, columns beside them, and what is said of them
    ({"deadline": "dealine"}, (), "'dealine' is no column here; did you mean 'deadline'?"),
    ({"deadline": "dealine", "by": "forcaster"}, (), "'dealine' (deadline?), 'forcaster' (forecaster?)"),
    ({}, ("dealine",), "'dealine' is no column here; did you mean 'deadline'?"),
    ({}, ("evidense",), "'evidense' is no column here; did you mean 'evidence'?"),
    ({}, ("who",), "the column 'by' stands twice in "),
    ({}, ("due", "evidense"), "the column 'deadline' stands twice in "),
    ({}, ("p:cy", "p: cy"), "the column 'p:cy' stands twice in "),
    (
        {"text": "Frage", "deadline": "Frist", "by": "Wer"},
        (),
        "for 'Frage' say text, for 'Frist' deadline, for 'Wer' by",
    ),
    ({"by": "Wer"}, (), "'Wer' is no column here; did you mean 'by'?"),
]


def as_each_kind(rows: Sequence[Mapping[str, str]]) -> Iterator[object]:
    """The same rows as each kind of source."""
    grid = [list(rows[0]), *(list(one.values()) for one in rows)]
    Path("t.csv").write_text("".join(f"{';'.join(line)}\n" for line in grid), "utf-8")
    Path("t.json").write_text(json.dumps(rows), "utf-8")
    marks = [grid[0], ["-" for _ in grid[0]], *grid[1:]]
    Path("t.md").write_text("".join(f"| {' | '.join(line)} |\n" for line in marks), "utf-8")
    yield from ("t.csv", write_spreadsheet(Path("t.xlsx"), {"Sheet": grid}), "t.json", "t.md", rows)


@pytest.mark.parametrize(("renamed", "beside", "words"), HEADERS)
def test_a_fault_of_the_header_hides_none_of_the_rows(
    ledger: Ledger, renamed: Mapping[str, str], beside: Sequence[str], words: str
) -> None:
    rows = [row({"p": "35"}, 1), row({"deadline": "soon"}, 2), row({"by": ""}, 3), row({}, 4)]
    rows = [
        {renamed.get(name, name): cell for name, cell in {**one, **dict.fromkeys(beside, "")}.items()} for one in rows
    ]

    for source in as_each_kind(rows):
        message = refusal(ledger, source)  # type: ignore[arg-type]

        assert "3 of 4 rows" in message
        assert words in " ".join(message.split())
        assert named(message) == ["p", renamed.get("deadline", "deadline"), renamed.get("by", "by")]


@pytest.mark.parametrize(("renamed", "beside", "words"), HEADERS)
@pytest.mark.parametrize("size", [0, 1])
def test_a_fault_of_the_header_alone_refuses_the_file(
    ledger: Ledger, renamed: Mapping[str, str], beside: Sequence[str], words: str, size: int
) -> None:
    cells = {renamed.get(name, name): cell for name, cell in {**GOOD, **dict.fromkeys(beside, "")}.items()}
    Path("t.csv").write_text("".join(f"{';'.join(line)}\n" for line in [cells, cells.values()][: size + 1]), "utf-8")

    message = refusal(ledger, "t.csv")  # type: ignore[arg-type]

    assert words in " ".join(message.split())
    assert "row" not in message


def test_a_bulk_import_names_a_faulty_header_and_its_rows(ledger: Ledger) -> None:
    columns = {"claim": ["which-lab"], "forcaster": ["bob"], "made_at": ["soon"], "probability": ["30%"]}

    with pytest.raises(InvalidValue) as refused:
        ledger.import_forecasts(columns, skip_bad=Path("bad.csv"))

    assert "did you mean 'forecaster'" in str(refused.value)
    assert named(str(refused.value)) == ["made_at"]
    assert not Path("bad.csv").exists()


def test_a_refused_file_makes_no_ledger(tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    file = tmp_path / "bad.csv"
    file.write_text("text,deadline,by,p\nA?,2099,bob,35\nB?,2099,,30%\n", "utf-8")

    assert "2 of 2 rows" in run("import-from", "table", str(file)).stderr
    assert not run.path.exists()
