"""Bad rows are told by their causes, with rows, values and what would be right, or written aside whole."""

from __future__ import annotations

import csv
import errno
import io
import subprocess
import sys
import time
from pathlib import Path

import pytest

from predictions import InvalidValue, Ledger, StorageError
from predictions.importing.refusals import WHOLE_ROW, Refusals, RowsRefused
from predictions.importing.tables import Piece
from predictions.records import Forecast

MOMENT = "2026-05-01T09:30:00Z"


def piece(rows: int, file: str | None = "predictions.csv", lines: object = None) -> Piece:
    return Piece({}, rows, 1, file=file, lines=range(2, rows + 2) if lines is None else lines)  # type: ignore[arg-type]


def told(refusals: Refusals) -> str:
    with pytest.raises(RowsRefused) as refused:
        refusals.refuse()
    return str(refused.value)


def test_causes_stand_in_columns_in_the_order_of_their_rows() -> None:
    refusals = Refusals(None)
    refusals.learn(piece(214))
    refusals.add(71, "outcome", "N/A", "annulled or ambiguous, or leave it empty")
    for row in (2, 17):
        refusals.add(row, "p", "35", "say 35% or 0.35; percent=True, if all are", ("A?", "35", "Bob", "2026-01-10"))
    refusals.add(40, "made_at", "01/02/2026", "may be two days; say 2026-02-01 or 2026-01-02")

    text = told(refusals)

    assert text == (
        "predictions.csv cannot be read, so nothing is recorded: 4 of 214 rows\n"
        "  p         rows 2, 17  '35'          say 35% or 0.35; percent=True, if all are\n"
        "  made_at   row 40      '01/02/2026'  may be two days; say 2026-02-01 or\n"
        "                                      2026-01-02\n"
        "  outcome   row 71      'N/A'         annulled or ambiguous, or leave it empty\n"
        'row 2: "A?", 35, Bob, 2026-01-10                     (line 3 of the file)'
    )
    assert RowsRefused(refusals).spelled(lambda fix: fix.replace("percent=True", "--percent")) == text.replace(
        "percent=True", "--percent"
    )


def in_letters(number: int) -> str:
    """A word of its own for each number, which no sentence takes for a value."""
    return str(number).translate(str.maketrans("0123456789", "abcdefghij"))


def test_of_many_rows_and_causes_the_first_are_told() -> None:
    refusals = Refusals(None)
    refusals.learn(piece(5_000))
    for row in range(1_978, 0, -1):
        refusals.add(row, "claim", "rian", "no claim of that name")
    for row in range(2_000, 2_007):
        refusals.add(row, "claim", f"other-{row}", f"see {in_letters(row)}")

    lines = told(refusals).split("\n")

    assert lines[0] == "predictions.csv cannot be read, so nothing is recorded: 1,985 of 5,000 rows"
    assert lines[1] == "  claim     rows 1, 2, 3, 4, 5, 6, 7, 8 ... 1,978 in all  'rian'"
    assert lines[2] == "            no claim of that name"
    assert [line.split()[2] for line in lines[3:7]] == ["2000", "2001", "2002", "2003"]
    assert lines[7:] == [
        "  and 3 more causes: claim row 2004, claim row 2005, claim row 2006",
        "row 1                                                (line 2 of the file)",
    ]


def test_many_values_with_one_fault_are_told_as_one_cause() -> None:
    refusals = Refusals(None)
    refusals.learn(piece(5_000))
    for row in range(1, 1_979):
        refusals.add(row, "claim", f"q{row % 200}", f"no claim 'q{row % 200}' in this ledger")
        refusals.add(row, "p", f"x{row}", "not a number")

    assert told(refusals).split("\n")[1:] == [
        "  claim     rows 1, 2, 3, 4, 5, 6, 7, 8 ... 1,978 in all  'q1', ...",
        "            no claim 'q1' in this ledger",
        "  p         rows 1, 2, 3, 4, 5, 6, 7, 8 ... 1,978 in all  'x1', ...",
        "            not a number",
        "row 1                                                (line 2 of the file)",
    ]


@pytest.mark.parametrize(
    ("lines", "row", "line"),
    [(range(2, 12), 4, 5), ([2, 3, 7, 8, 9, 12, 13, 14, 15, 16], 3, 7), ([2, 3, 7, 8, 9, 12, 13, 14, 15, 16], 10, 16)],
)
def test_the_first_bad_row_is_told_with_its_line(lines: object, row: int, line: int) -> None:
    refusals = Refusals(None)
    refusals.learn(piece(10, lines=lines))
    refusals.add(row, WHOLE_ROW, None, "it has 2 fields, the header 4", ("rain", None))

    assert told(refusals).endswith(f"(line {line} of the file)")


def test_without_a_file_there_is_no_line() -> None:
    refusals = Refusals(None)
    refusals.learn(Piece({}, 1, 1))
    refusals.add(1, "probability", 200, "not a probability", ("rain", "a, b", 200))

    assert told(refusals).split("\n") == [
        "the table cannot be read, so nothing is recorded: 1 of 1 row",
        "  probability  row 1  200  not a probability",
        'row 1: rain, "a, b", 200',
    ]


def test_a_hostile_value_moves_no_line_and_is_cut() -> None:
    refusals = Refusals(None)
    refusals.learn(piece(2))
    refusals.add(1, "claim", "x\ny" * 500, "no claim of that name", ("x\ny" * 500, "\x1b[2J"))

    lines = told(refusals).split("\n")

    assert len(lines) == 4
    assert max(map(len, lines)) < 130


def test_a_million_bad_rows_of_as_many_causes_are_told_at_once() -> None:
    refusals = Refusals(None)
    refusals.learn(piece(100_000))
    begun = time.process_time()
    for row in range(1, 100_001):
        refusals.add(row, "claim", f"claim-{row}", f"no claim of name {in_letters(row)}")

    text = told(refusals)

    assert time.process_time() - begun < 10
    assert "and more than 9,995 more causes" in text
    assert len(text) < 1_000


# -- the file of bad rows -------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        for number in range(3):
            ledger.add(f"Event number {number} happens", deadline="2027-06-30", slug=f"claim-{number}")
        yield ledger


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"ledger.db"}


def test_the_file_is_put_in_place_once_the_rest_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    with Refusals(path) as refusals:
        refusals.add(7, "probability", "x", "not a number", ("rain", "bob", MOMENT, "x", None))
        refusals.add(2, "claim", "rian", "no claim", ("rian", "bob", MOMENT, 0.5, None))
        refusals.refuse()
        before = path.exists()
        refusals.place()

    assert not before
    assert list(csv.reader(path.read_text().splitlines())) == [
        ["row", "reason", "claim", "forecaster", "made_at", "probability", "withdrawn"],
        ["2", "claim 'rian': no claim", "rian", "bob", MOMENT, "0.5", ""],
        ["7", "probability 'x': not a number", "rain", "bob", MOMENT, "x", ""],
    ]
    assert names(tmp_path) == {"bad.csv"}


def test_nothing_is_left_where_nothing_was_put_in_place(tmp_path: Path) -> None:
    with Refusals(tmp_path / "none.csv") as refusals:
        refusals.place()
    with Refusals(tmp_path / "left.csv") as refusals:
        refusals.add(1, WHOLE_ROW, None, "bad")

    def fail() -> None:
        with Refusals(tmp_path / "failed.csv") as refusals:
            refusals.add(1, WHOLE_ROW, None, "bad")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(tmp_path) == set()


def test_a_name_that_is_taken_is_refused_before_anything_is_read(book: Ledger, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("mine")
    read = []

    def rows() -> object:
        read.append(1)
        yield ("claim-0", "ben", MOMENT, 0.5)

    with pytest.raises(InvalidValue, match=r"bad\.csv' is there already; say another name"):
        book.import_forecasts(rows(), skip_bad=tmp_path / "bad.csv")
    assert (read, (tmp_path / "bad.csv").read_text()) == ([], "mine")


def test_a_name_that_is_taken_meanwhile_is_not_overwritten_and_said(book: Ledger, tmp_path: Path) -> None:
    def rows() -> object:
        yield ("claim-0", "ben", MOMENT, 0.5)
        yield ("claim-0", "ben", MOMENT, "x")
        (tmp_path / "bad.csv").write_text("mine")

    with pytest.raises(StorageError, match="all good rows are recorded, but the bad ones are not written"):
        book.import_forecasts(rows(), skip_bad=tmp_path / "bad.csv")
    assert (tmp_path / "bad.csv").read_text() == "mine"
    assert names(tmp_path) == {"bad.csv"}


def test_where_the_disk_is_full_no_file_is_left_and_it_is_said(tmp_path: Path) -> None:
    class Full(io.StringIO):
        def close(self) -> None:
            super().close()
            raise OSError(errno.ENOSPC, "No space left on device")

    def place() -> None:
        with Refusals(tmp_path / "bad.csv") as refusals:
            refusals._file, written = Full(), refusals._file
            refusals.add(1, WHOLE_ROW, None, "bad")
            written.close()  # type: ignore[union-attr]
            refusals.place()

    with pytest.raises(StorageError, match=r"the bad ones are not written: .*No space left on device"):
        place()
    assert names(tmp_path) == set()


def test_where_the_ledger_is_busy_no_file_is_left(
    book: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise StorageError("the disk refused")

    monkeypatch.setattr("predictions.importing.forecasts.import_forecasts", refused)
    with pytest.raises(StorageError):
        book.import_forecasts([("claim-0", "ben", MOMENT, "x")], skip_bad=tmp_path / "bad.csv")
    left = names(tmp_path)
    monkeypatch.undo()

    assert left == set()
    assert book.import_forecasts([("claim-0", "ben", MOMENT, "x")], skip_bad=tmp_path / "bad.csv").left_out == 1


def test_a_killed_import_takes_no_name(book: Ledger, tmp_path: Path) -> None:
    book.close()
    script = f"""
import os
from predictions import Ledger
def rows():
    yield ("claim-0", "ben", {MOMENT!r}, "x")
    os._exit(9)
with Ledger({str(tmp_path / "ledger.db")!r}) as ledger:
    ledger.import_forecasts(rows(), skip_bad={str(tmp_path / "bad.csv")!r})
"""

    ended = subprocess.run([sys.executable, "-c", script], check=False).returncode

    assert ended == 9
    assert "bad.csv" not in names(tmp_path)


def test_unknown_claims_by_the_hundred_thousand_are_told_at_once(book: Ledger) -> None:
    with book._desk() as desk:
        from predictions.recording.enter import build, enter_all, said_content
        from predictions.records import Claim

        (first, *_) = desk.store.standing(Claim)
        enter_all(
            desk,
            [
                build(Claim, {**said_content(first), "slug": f"a-rather-long-slug-of-a-claim-{number}", "scored": False,
                              "reading": f"r{number}"})
                for number in range(300)
            ],
        )  # fmt: skip
    claims = [f"a-rather-long-slug-of-no-claim-{number % 5_000}" for number in range(100_000)]
    columns = {"claim": claims, "forecaster": ["ben"] * 100_000, "made_at": [MOMENT] * 100_000,
               "probability": [0.5] * 100_000}  # fmt: skip

    begun = time.process_time()
    with pytest.raises(InvalidValue, match=r"did\s+you\s+mean"):
        book.import_forecasts(columns)
    many = time.process_time() - begun
    begun = time.process_time()
    with pytest.raises(InvalidValue) as refused:
        book.import_forecasts([("x" * 1_000_000, "ben", MOMENT, 0.5)] * 5_000)
    long = time.process_time() - begun

    assert many < 10
    assert long < 5
    assert "mean" not in str(refused.value)


def test_a_file_in_percent_has_one_fault_however_many_values_show_it(tmp_path: Path) -> None:
    rows = "\n".join(
        f"rain,ana,2026-01-{number % 28 + 1:02}T0{number // 28}:00:00Z,{number + 11}" for number in range(60)
    )
    (tmp_path / "percent.csv").write_text(f"claim,forecaster,made_at,probability\n{rows}\n")
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", slug="rain")

        with pytest.raises(InvalidValue) as refused:
            ledger.import_forecasts(tmp_path / "percent.csv")

    assert "60 in all  '11', ..." in str(refused.value)
    assert "more cause" not in str(refused.value)


@pytest.mark.parametrize("length", [36, 37, 38, 39, 40, 41])
def test_a_long_cell_of_the_first_bad_row_stands_whole_or_is_cut_in_its_quotes(length: int) -> None:
    refusals = Refusals(None)
    refusals.learn(piece(1))
    text = "".join("a " if place % 2 else "xy" for place in range(40))[:length]
    refusals.add(1, "p", "35", "say 35%", (text, "35"))

    shown = told(refusals).splitlines()[-1].split('"')[1]

    assert shown == text if len(text) <= 38 else shown.endswith("...") and text.startswith(shown[:-3])


def test_no_line_is_wider_than_80_columns() -> None:
    refusals = Refusals(None)
    refusals.learn(piece(5_000))
    row = ("Q1000", "Will it rain in the town on the last day of a long year of many days?", "0.3", "2025-12-01")
    for number in range(201, 301):
        refusals.add(number, "p", "0.3", "say 30%" if number % 2 else "say 0.30 or 30%, as the others are", row)
        refusals.add(number, "a column of a long name", "a value that takes many columns", "say another one", row)

    lines = told(refusals).split("\n")

    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith('row 201: Q1000, "Will it rain in the')
    assert lines[-1].endswith("...  (line 202 of the file)")
    assert "rows 201, 202" in " ".join(lines)


def test_faults_of_cells_names_and_the_ledger_are_told_at_once(tmp_path: Path) -> None:
    rows = [("rain", "1.5", 2), ("snow", "0.4", 3), ("rain", "0.4", 1), ("rain", "0.2", 5)]
    said = [{"claim": one, "forecaster": "ana", "made_at": f"2026-01-0{day}", "probability": p} for one, p, day in rows]
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", slug="rain", opens_on="2026-01-01")
        ledger.import_forecasts([said[2] | {"probability": "0.9"}], kind="person")

        with pytest.raises(RowsRefused, match="3 of 4 rows") as refused:
            ledger.import_forecasts(said, kind="person")

        assert len(ledger.snapshot().all(Forecast)) == 1, "nothing is half written"
    told_at_once = str(refused.value)
    assert all(part in told_at_once for part in ("row 1  '1.5'", "no claim 'snow'", "the ledger says 0.9"))


def test_what_is_left_of_a_refused_distribution_is_no_further_fault(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.add("Which?", deadline="2099-12-31", slug="which", options=["a", "b"], opens_on="2026-01-01")
        row = {"claim": "which", "forecaster": "ana", "made_at": "2026-01-02"}
        said = [row | {"option": "a", "probability": 1.5}, row | {"option": "b", "probability": 0.3}]

        with pytest.raises(RowsRefused, match="2 of 3 rows") as refused:
            ledger.import_forecasts([*said, row | {"claim": "snow", "option": "a", "probability": 0.2}], kind="person")

    assert "no claim 'snow'" in str(refused.value)
    assert "no share" not in str(refused.value)
