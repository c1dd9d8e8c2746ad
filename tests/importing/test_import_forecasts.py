"""Bulk import: whole or not at all, the same again a no-op, every bad row named, every changed row found."""

from __future__ import annotations

import gc
import math
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas
import pyarrow
import pytest
from pyarrow import parquet
from scored_ledgers import MICROSECONDS, many_forecasts

from predictions import InvalidValue, Ledger, NotFound
from predictions.records import Forecast
from predictions.storage.imports import Imports
from predictions.timestamps import moment_text

MOMENT = "2026-05-01T09:30:00Z"
AWARE = datetime(2026, 5, 1, 11, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture(params=["records", "blocks"])
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A ledger with six claims, whose imports become records or blocks: what is shown and refused is the same."""
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0 if request.param == "blocks" else 10_000)
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        for number in range(6):
            ledger.add(f"Event number {number} happens", deadline="2027-06-30", slug=f"claim-{number}")
        yield ledger


def stored(ledger: Ledger) -> list[tuple[object, ...]]:
    """Every forecast that was imported, in the order in which it is stored."""
    connection = ledger._journal.connection
    began = "select min(entry) from import"
    records = [row for row in ledger._store.rows(Forecast) if row.entry > connection.execute(began).fetchone()[0]]
    names = ("claim", "forecaster", "made_at", "probability", "withdrawn")
    found = [tuple(map(row.fields.get, names)) for row in records]
    for item in Imports(connection).records():
        forecast = item.record
        moment = moment_text(forecast.made_at)
        found.append((forecast.claim, forecast.forecaster, moment, forecast.probability, forecast.withdrawn))
    return found


@pytest.mark.parametrize("made_at", [MOMENT, AWARE, MICROSECONDS, "2026-05-01T11:30:00+02:00", "2026-05-01T09:30Z"])
@pytest.mark.parametrize("shape", ["tuples", "mappings", "columns", "arrow"])
def test_a_row_is_kept_in_whatever_shape_it_comes(book: Ledger, made_at: object, shape: str) -> None:
    columns = {"claim": ["claim-2"], "forecaster": ["ben"], "made_at": [made_at], "probability": [0.25]}
    source = {
        "tuples": [("claim-2", "ben", made_at, 0.25)],
        "mappings": [{name: values[0] for name, values in columns.items()}],
        "columns": columns,
        "arrow": pyarrow.table(columns),
    }[shape]

    done = book.import_forecasts(source)

    assert (done.forecasts, done.new_forecasters, done.claims) == (1, 1, 1)
    assert stored(book) == [("claim-2", "ben", "2026-05-01T09:30:00.000000Z", 0.25, None)]
    assert book.verify().ok


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_is_named_with_its_digest(book: Ledger, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"dump.{ending}"
    columns = {
        "claim": ["claim-1", "claim-0"], "forecaster": ["ben", "cy"], "made_at": ["2026-05-01", MOMENT],
        "probability": [0.5, 0.75], "comment": ["x", "y, z"],
    }  # fmt: skip
    if ending == "parquet":
        parquet.write_table(pyarrow.table(columns), path)
    else:
        path.write_text(pyarrow.table(columns).to_pandas().to_csv(index=False))

    done = book.import_forecasts(path)

    query = "select file, sha256, forecasts from import"
    (row,) = book._journal.connection.execute(query).fetchall()
    assert row == (f"dump.{ending}", sha256(path.read_bytes()).hexdigest(), 2)
    assert done.file == f"dump.{ending}"
    assert [row[2] for row in stored(book)] == ["2026-05-01T09:30:00.000000Z", "2026-05-01T23:59:59.999999Z"]


def test_the_same_again_adds_nothing(book: Ledger) -> None:
    columns = many_forecasts(500)
    book.import_forecasts(columns)
    head = book.head()

    again = book.import_forecasts(columns)

    assert (again.forecasts, again.already) == (0, 500)
    assert book.head() == head


def test_what_is_new_is_added_to_what_is_there(book: Ledger) -> None:
    columns = many_forecasts(500)
    book.import_forecasts({name: column[:300] for name, column in columns.items()})

    done = book.import_forecasts({name: column[200:] for name, column in columns.items()})

    assert (done.forecasts, done.already) == (200, 100)
    assert len(stored(book)) == 500
    assert book.verify().ok


@pytest.mark.parametrize("at_once", [1, 2_000, 131_072])
@pytest.mark.parametrize("in_time", [True, False])
def test_rows_stand_in_the_order_of_claim_forecaster_and_time_however_they_come(
    book: Ledger, monkeypatch: pytest.MonkeyPatch, at_once: int, in_time: bool
) -> None:
    monkeypatch.setattr("predictions.importing.spill.PARTITION_ROWS", at_once)
    columns = many_forecasts(5_000)
    order = np.argsort(columns["made_at"]) if in_time else np.arange(5_000)

    book.import_forecasts({name: np.array(column)[order] for name, column in columns.items()})

    rows = [row[:3] for row in stored(book)]
    assert len(rows) == 5_000
    assert rows == sorted(rows)
    assert book.verify().ok


def test_a_forecast_logged_by_hand_is_there_already_and_a_different_one_is_refused(book: Ledger) -> None:
    book.forecast("claim-0", 0.5, by="ben", made_at=AWARE)

    assert book.import_forecasts([("claim-0", "ben", MOMENT, 0.5)]).already == 1
    with pytest.raises(InvalidValue, match=r"row 1 .*the ledger says 0\.5 for the same claim, forec"):
        book.import_forecasts([("claim-0", "ben", MOMENT, 0.6)])


def test_the_same_again_adds_nothing_after_another_number_was_logged_by_hand(book: Ledger) -> None:
    rows = [("claim-0", "ben", MOMENT, 0.5), ("claim-1", "ben", MOMENT, 0.25)]
    book.import_forecasts(rows)
    book.forecast("claim-0", 0.6, by="ben", made_at=AWARE, reason="misread")

    again = book.import_forecasts(rows)
    as_by_hand = book.import_forecasts([("claim-0", "ben", MOMENT, 0.6)])

    assert (again.forecasts, again.already, as_by_hand.already) == (0, 2, 1)
    with pytest.raises(InvalidValue, match=r"row 1 .*the ledger says 0\.[56] for the same"):
        book.import_forecasts([("claim-0", "ben", MOMENT, 0.7)])


def test_a_row_that_is_in_the_file_twice_is_not_one_that_was_there_already(book: Ledger) -> None:
    book.import_forecasts([("claim-0", "ben", MOMENT, 0.5)])

    done = book.import_forecasts([("claim-0", "ben", MOMENT, 0.5), *[("claim-1", "ben", MOMENT, 0.25)] * 3])

    assert (done.forecasts, done.already, done.repeated) == (1, 1, 2)
    assert str(done).split("\n")[0].startswith("1 forecast recorded")
    assert "1 was there already" in str(done)
    assert "2 were in the file before" in str(done)


def test_bad_rows_stand_in_their_order_and_can_be_imported_once_mended(book: Ledger, tmp_path: Path) -> None:
    rows = [
        ("claim-5", "ben", MICROSECONDS, 0.5), ("claim-5", "ben", MICROSECONDS, math.nan, True),
        ("claim-9", "ben", MICROSECONDS, math.nan, True), ("claim-0", "ben", AWARE, 0.5),
        ("claim-0", "ben", AWARE, 0.75), ("claim-8", "ben", AWARE, 0.25),
    ]  # fmt: skip
    path, mended = tmp_path / "bad.csv", tmp_path / "mended.csv"

    done = book.import_forecasts(rows, skip_bad=path)
    said = path.read_text()
    mended.write_text(said.replace("claim-5", "claim-4").replace("claim-9", "claim-3").replace("claim-0", "claim-2")
                      .replace("claim-8", "claim-1"))  # fmt: skip
    then = book.import_forecasts(mended)

    assert [one.row for one in done.bad_rows] == [2, 3, 5, 6]
    assert [line.split(",")[0] for line in said.splitlines()] == ["row", "2", "3", "5", "6"]
    assert then.forecasts == 4
    assert [row[::3] for row in stored(book)[2:]] == [
        ("claim-1", 0.25),
        ("claim-2", 0.75),
        ("claim-3", None),
        ("claim-4", None),
    ]


def test_a_kind_of_forecaster_that_there_is_not_is_refused(book: Ledger) -> None:
    book.import_forecasts([("claim-0", "ben", MOMENT, 0.5)])

    with pytest.raises(InvalidValue, match="'oracle' is no kind of forecaster; say person or"):
        book.import_forecasts([("claim-1", "ben", MOMENT, 0.5)], kind="oracle")


def test_rows_that_contradict_each_other_are_refused_and_nothing_is_written(book: Ledger) -> None:
    head = book.head()
    rows = [("claim-0", "ben", MOMENT, 0.5), ("claim-1", "new", MOMENT, 0.1), ("claim-0", "ben", AWARE, 0.6)]

    with pytest.raises(InvalidValue, match=r"row 3 .*row 1 says 0\.5"):
        book.import_forecasts(rows)

    assert book.head() == head
    assert stored(book) == []


BAD = [
    (("claim-9", "ben", MOMENT, 0.5), "no claim 'claim-9' in this ledger; did you mean 'claim-"),
    (("claim-0", "B\nN", MOMENT, 0.5), "forecaster row 2 'B\\nN' more than one line; write it on one"),
    (("claim-0", None, MOMENT, 0.5), "forecaster row 2 empty empty; say a name"),
    (("claim-0", "ben", "yesterday", 0.5), "made_at row 2 'yesterday' no day of its own; write the day, as YYYY-MM-DD"),
    (("claim-0", "ben", "01/02/2026", 0.5), "'01/02/2026' may be two days; say 2026-02-01 or 2026-01-02"),
    (("claim-0", "ben", "2026-05-01T09:30:00", 0.5), "has no offset from UTC"),
    (("claim-0", "ben", datetime(2026, 5, 1), 0.5), "has no offset from UTC"),
    (("claim-0", "ben", 1_777_627_800, 0.5), "early in 1970"),
    (("claim-0", "ben", 1_777_627_800_000_000_000, 0.5), "outside the years"),
    (("claim-0", "ben", 2**80, 0.5), "outside the years"),
    (("claim-0", "ben", "2126-05-01T00:00:00Z", 0.5), "lies in the future"),
    (("claim-0", "ben", True, 0.5), "True not a moment"),
    (("claim-0", "ben", MOMENT, 1e308), "1e+308 not a probability"),
    (("claim-0", "ben", MOMENT, 101), "101 not a probability"),
    (("claim-0", "ben", MOMENT, -0.1), "-0.1 not a probability"),
    (("claim-0", "ben", MOMENT, "170%"), "'170%' not a probability"),
    (("claim-0", "ben", MOMENT, True), "True true or false"),
    (("claim-0", "ben", MOMENT, None), "empty no probability; a withdrawal says so"),
    (("claim-0", "ben", MOMENT, math.nan), "nan no probability; a withdrawal says so"),
    (("claim-0", "ben", MOMENT, math.inf), "inf not a probability"),
    (("claim-0", "ben", MOMENT, 0.5, True), "a withdrawal carries no probability"),
    (("claim-0", "ben", "half \ud800", 0.5), r"'half \ud800' cannot read it as a day or a moment"),
    (("claim-0", "ben", MOMENT, None, "maybe"), "neither true nor false"),
    (("claim-0", "ben", MOMENT, None, [1]), "withdrawn row 2 [1] neither true nor false"),
    (("claim-0", "ben", "20260501", 0.5), "early in 1970"),
    (("claim-0", "ben", MOMENT, Decimal("-1.5")), "-1.5 not a probability"),
    (("claim-0", "ben", MOMENT), "is not a row of claim, forecaster"),
    ("claim-0", "is not a row of claim, forecaster"),
]


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_bad_row_is_refused_by_its_number(book: Ledger, tmp_path: Path, row: object, reason: str) -> None:
    good = ("claim-1", "cy", MOMENT, 0.5)
    head = book.head()

    with pytest.raises(InvalidValue) as refused:
        book.import_forecasts([good, row, (*good[:3], 0.5)])
    unchanged = book.head()
    done = book.import_forecasts([good, row], skip_bad=tmp_path / "bad.csv")

    told = " ".join(str(refused.value).split())
    assert "row 2" in told
    assert reason in told
    assert unchanged == head
    assert (done.forecasts, done.left_out) == (1, 1)
    header = "row,reason,claim,forecaster,made_at,probability,withdrawn\n"
    assert (tmp_path / "bad.csv").read_text().startswith(f"{header}2,")
    assert len(stored(book)) == 1


DAY_END = "2026-05-01T23:59:59.999999Z"


@pytest.mark.parametrize(
    ("made_at", "probability", "moment"),
    [
        (["1777627800000000"], [0.25], "2026-05-01T09:30:00.000000Z"),
        ([date(2026, 5, 1)], [0.25], DAY_END),
        (np.array(["2026-05-01"], "M8[D]"), [0.25], DAY_END),
        (pyarrow.array([date(2026, 5, 1)]), pyarrow.array([Decimal("0.25")]), DAY_END),
        (pyarrow.array([MICROSECONDS], pyarrow.uint64()), [0.25], "2026-05-01T09:30:00.000000Z"),
        (pandas.Series([MICROSECONDS], [7]), pandas.Series([0.25], [7]), "2026-05-01T09:30:00.000000Z"),
    ],
)
def test_other_types_of_a_moment_and_of_a_number_are_read(
    book: Ledger, made_at: object, probability: object, moment: str
) -> None:
    done = book.import_forecasts({"claim": ["claim-0"], "made_at": made_at, "probability": probability}, by="ben")

    assert done.forecasts == 1
    assert stored(book) == [("claim-0", "ben", moment, 0.25, None)]


@pytest.mark.parametrize("kind", [np.array, lambda values, _: pyarrow.array(values, pyarrow.uint64())])
def test_an_unsigned_number_too_large_for_a_moment_is_no_time_before_1970(book: Ledger, kind: object) -> None:
    columns = {"claim": ["claim-0"], "made_at": kind([2**64 - 10], np.uint64), "probability": [0.5]}

    with pytest.raises(InvalidValue, match="made_at   row 1  18446744073709551606  outside the years"):
        book.import_forecasts(columns, by="ben")


def test_a_bad_row_of_a_filtered_frame_is_told(book: Ledger) -> None:
    frame = pandas.DataFrame(
        {"claim": ["claim-0", "claim-9"], "made_at": [MICROSECONDS] * 2, "probability": 0.5}, [5, 7]
    )

    with pytest.raises(InvalidValue, match="row 2  'claim-9'  no claim"):
        book.import_forecasts({name: frame[name] for name in frame}, by="ben")


def test_texts_that_come_again_and_again_are_read_and_refused_each_in_its_row(book: Ledger, tmp_path: Path) -> None:
    moments = [f"2026-05-0{day}T09:30:00Z" for day in range(1, 7)]
    columns = {
        "claim": ["claim-0"] * 6, "made_at": moments, "probability": ["0.5", "", "0.5", "", "0.25", "0.5"],
        "withdrawn": ["", "true", "", "TRUE", "0", "false"],
    }  # fmt: skip
    wrong = {**columns, "probability": ["0.5", "x", "0.5", "x", "x", "0.5"], "withdrawn": ["", "?", "", "?", "0", "0"]}

    book.import_forecasts(columns, by="ben")
    with pytest.raises(InvalidValue) as refused:
        book.import_forecasts(wrong, by="cy")

    assert [row[3] for row in stored(book)] == [0.5, None, 0.5, None, 0.25, 0.5]
    assert str(refused.value).split("\n") == [
        "the table cannot be read, so nothing is recorded: 3 of 6 rows",
        "  withdrawn    rows 2, 4  '?'  neither true nor false",
        "  probability  row 5      'x'  not a number; say 0.72 or 72%",
        'row 2: claim-0, cy, 2026-05-02T09:30:00Z, x, "?"',
    ]


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_left_as_it_was(book: Ledger, tmp_path: Path, collecting: bool) -> None:
    path, before = tmp_path / "dump.csv", gc.isenabled()
    path.write_text(f'claim,made_at,probability\nclaim-0,{MOMENT},0.5\nclaim-0,"')
    (gc.enable if collecting else gc.disable)()

    with pytest.raises(InvalidValue, match="this is not CSV: unexpected end of data"):
        book.import_forecasts(path, by="ben")
    after = gc.isenabled()
    (gc.enable if before else gc.disable)()

    assert after == collecting


def test_rows_of_one_cause_are_told_together(book: Ledger) -> None:
    with pytest.raises(InvalidValue) as refused:
        book.import_forecasts([("claim-0", "ben", MOMENT, 200.0)] * 50)

    assert "nothing is recorded: 50 of 50 rows" in str(refused.value)
    assert "rows 1, 2, 3, 4, 5, 6, 7, 8 ... 50 in all  200.0\n" in str(refused.value)


def test_long_fractions_are_rounded_and_counted(book: Ledger) -> None:
    done = book.import_forecasts([("claim-0", "ben", MOMENT, 1 / 3), ("claim-1", "ben", MOMENT, 0.25)])

    assert done.rounded == 1
    assert [row[3] for row in stored(book)] == [0.333333333333, 0.25]


def test_a_table_without_a_forecaster_needs_his_name(book: Ledger) -> None:
    columns = {"claim": ["claim-0"], "made_at": [MOMENT], "probability": [0.5]}

    with pytest.raises(InvalidValue, match="by="):
        book.import_forecasts(columns)

    assert book.import_forecasts(columns, by="ben").forecasts == 1


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (5, "holds no forecasts"),
        ("nowhere.csv", "cannot be read"),
        ("forecasts.txt", "neither .csv, .tsv, .xlsx, .json, .md nor .parquet"),
        ({"claim": ["claim-0"]}, "there is no column 'made_at' in the columns; say claim, forecaster"),
        ({"claim": "claim-0", "made_at": [1], "probability": [0.5]}, "the column 'claim' is 'claim-0'; give a list"),
        ({"claim": ["x"], "made_at": 5, "probability": [0.5]}, "the column 'made_at' is 5; give a list"),
        ({"claim": ["x"], "made_at": [1], "probability": iter([0.5])}, "the column 'probability' is <list_iter"),
        ({"claim": ["x"], "made_at": [1], "probability": np.array(0.5)}, "the column 'probability' is"),
        ({"claim": ["x"], "made_at": [1, 2], "probability": [0.5]}, "different lengths"),
        ({"claim": None, "made_at": [1], "probability": [0.5]}, "the column 'claim' is None; give a list of its"),
        ({"claim": ["x"], "made_at": {"a": 1}, "probability": [0.5]}, "the column 'made_at' is {'a': 1}; give a list"),
        (pyarrow.table({"claim": ["a"], "made_at": pyarrow.array([1], pyarrow.timestamp("us")), "probability": [1.0],
                        "forecaster": ["b"]}), "no time zone"),
        ({"claim": ["a"], "forecaster": ["b"], "made_at": np.array(["2026-05-01"], "M8[us]"), "probability": [1.0]},
         "without an offset"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_forecasts_is_refused(book: Ledger, tmp_path: Path, source: object, reason: str) -> None:
    (tmp_path / "forecasts.txt").write_text("x")
    if isinstance(source, str):
        source = tmp_path / source

    with pytest.raises(InvalidValue, match=reason):
        book.import_forecasts(source)


HEAD, ROW = b"claim,forecaster,made_at,probability\n", b"claim-0,ben,2026-02-01T09:00:00Z,0.5\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD + ROW + b'"claim-0,ben,2026-02-02T09:00:00Z,0.5\n' + ROW * 9, "row that begins on line 3: this is no"),
        (HEAD + b'claim-0,"be\nn",2026-02-02T09:00:00Z,0.5\n' + b'claim-0,"ben,' + ROW, "row that begins on line 4: "),
        (HEAD + ROW + b'claim-0,"ben"x,2026-02-02T09:00:00Z,0.5\n', "row that begins on line 3: this is not CSV"),
        (b'"' + HEAD + ROW, "row that begins on line 1: this is not CSV: unexpected end of data; is a quote left open"),
        (HEAD + ROW * 999 + b"claim-0,ren\xe9,2026-02-02T09:00:00Z,0.5\n", "line 1001: this is not UTF-8; save it"),
        ((HEAD + ROW).decode().encode("utf-16")[:-1], "is marked as UTF-16 and is not; save it as UTF-8"),
    ],
)  # fmt: skip
def test_a_csv_file_that_cannot_be_read_is_refused_where_the_fault_begins(
    book: Ledger, tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "new.csv").write_bytes(content)

    with pytest.raises(InvalidValue, match=f"new.csv.* {reason}"):
        book.import_forecasts(tmp_path / "new.csv")


@pytest.mark.campaign
def test_ten_million_forecasts_in_four_hundred_megabytes(tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.benchmarks.platform_dump import columns, platform

    size = 10_000_000
    dump = columns(size)
    platform(tmp_path / "ledger.db", len(dump.claims))
    table = pyarrow.table(dump.mapping())
    table = table.set_column(2, "made_at", table.column("made_at").cast(pyarrow.timestamp("us", "UTC")))
    parquet.write_table(table, tmp_path / "dump.parquet", row_group_size=131_072)
    del table, dump
    script = f"""
from pathlib import Path
from predictions import Ledger
with Ledger({str(tmp_path / "ledger.db")!r}, me="ana") as ledger:
    print(ledger.import_forecasts({str(tmp_path / "dump.parquet")!r}, published_in="platform"))
    print("peak", int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024)
"""

    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    with Ledger(tmp_path / "ledger.db") as ledger:
        whole = ledger.verify().ok
        card = ledger.scorecard(today="2026-11-22")

    assert "10,000,000 forecasts recorded" in told
    assert int(told.rpartition("peak ")[2]) < 400
    assert whole
    assert sum(record.n for record in card.records) > 5_000_000
    assert "worst of" in str(card)


def test_a_claim_shows_its_own_imported_forecasts_however_many_there_are_in_all(book: Ledger) -> None:
    columns = many_forecasts(9000)
    book.import_forecasts(columns)
    book.forecast("claim-3", 0.5, by="eve")
    mine = sum(name == "claim-3" for name in columns["claim"])

    card = book.claim("claim-3")
    readings = book.claim("claim-3").readings

    assert len(card.forecasts) == mine + 1
    assert {one.forecaster for one, _ in card.forecasts} == {"ben", "cy", "dee", "eve"}
    assert (card.unread, readings.unread) == (0, 0)
    assert "not shown" not in str(card)


@pytest.mark.parametrize("book", ["blocks"], indirect=True)
def test_a_claim_with_too_many_imported_forecasts_says_how_many_it_leaves_out(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = many_forecasts(600)
    book.import_forecasts(columns)
    mine = sum(name == "claim-3" for name in columns["claim"])
    monkeypatch.setattr("predictions.snapshot_cache.MOST_ROWS", mine - 1)

    shown = [book.claim("claim-3"), book.claim("claim-3").readings]

    assert all(f"{mine} imported forecasts, not shown" in str(one) for one in shown)
    assert all(one.to_dict()["not_shown"] == mine for one in shown)
    assert not any("no forecasts on file" in str(one) for one in shown)


@pytest.mark.parametrize("book", ["blocks"], indirect=True)
def test_what_shows_no_imported_forecasts_says_how_many_there_are(book: Ledger) -> None:
    columns = many_forecasts(9000)
    book.import_forecasts(columns)
    on_claim, by_ben = (
        sum(name == one for name in columns[of]) for of, one in (("claim", "claim-3"), ("forecaster", "ben"))
    )

    everything = [book.board(), book.due(), book.history()]

    assert all("9,000 imported forecasts, not shown" in str(one) for one in everything)
    assert f"{on_claim:,} imported forecasts, not shown" in str(book.history("claim-3"))
    assert f"{by_ben:,} imported forecasts, not shown" in str(book.history("ben"))
    assert "not shown" not in str(book.history("self"))


@pytest.mark.parametrize("book", ["blocks"], indirect=True)
def test_a_board_shows_the_imported_forecasts_of_the_claims_that_it_draws(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.import_forecasts(many_forecasts(600))
    whole = str(book.board(full=False))
    monkeypatch.setattr("predictions.snapshot_cache.MOST_ROWS", 599)
    monkeypatch.setattr("predictions.views.board.listing.MOST_OPEN", 2)

    with Ledger(book._journal.path, me="ana") as anew:
        few, all_of_them = anew.board(full=False), anew.board(full=False, status="open")

    rows = [line for line in whole.split("\n") if line.startswith("claim-")]
    assert [line for line in str(few).split("\n") if line.startswith("claim-")] == rows[:2]
    assert " .. " in rows[0]
    assert "not shown" not in str(few)
    assert "600 imported forecasts, not shown" in str(all_of_them)


def test_what_was_imported_can_be_withdrawn_by_hand_but_not_before_it_was_said(book: Ledger) -> None:
    book.import_forecasts([("claim-3", "ben", "2026-01-02T09:00:00Z", 0.3)])

    with pytest.raises(NotFound, match="ben has no forecast on claim-3 to withdraw"):
        book.withdraw("claim-3", by="ben", made_at="2026-01-01T09:00:00Z")
    kept = book.withdraw("claim-3", by="ben")

    assert kept.record.withdrawn
    assert [bool(said.get("withdrawn")) for said in book.claim("claim-3").to_dict()["forecasts"]] == [False, True]


def test_nobody_is_proved_to_have_said_what_he_did_not(book: Ledger) -> None:
    book.import_forecasts(many_forecasts(50))

    with pytest.raises(NotFound, match="no forecast of 'eve' on 'claim-3'"):
        book.prove("claim-3 eve")


def test_a_forecast_logged_by_hand_counts_in_place_of_the_imported_one_of_that_moment(book: Ledger) -> None:
    book.import_forecasts([("claim-0", "ben", MOMENT, 0.5), ("claim-1", "ben", MOMENT, 0.25)], published_in=None)
    book.forecast("claim-0", 0.6, by="ben", made_at=AWARE, reason="mistyped in the dump")

    assert [row["probability"] for row in book.scorecard().rows()] == [0.6, 0.25]
