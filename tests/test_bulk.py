"""Bulk import: whole or not at all, the same again a no-op, every bad row named, every changed row found."""

from __future__ import annotations

import gc
import math
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas
import pyarrow
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from tampering import tamper

from predictions import InvalidValue, Ledger, NotFound, Tampered
from predictions.bulk.blocks import BLOCK, Forecasts
from predictions.bulk.fetch import fetch, plain
from predictions.bulk.imports import blocks_of, imports

MOMENT = "2026-05-01T09:30:00Z"
MICROSECONDS = 1_777_627_800_000_000
AWARE = datetime(2026, 5, 1, 11, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    """A ledger with six claims."""
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        for number in range(6):
            ledger.add(f"Event number {number} happens", by="2027-06-30", slug=f"claim-{number}")
        yield ledger


def stored(ledger: Ledger) -> list[tuple[object, ...]]:
    query = """select claim, forecaster, made_at, probability, withdrawn from forecasts
    where entry in (select entry from import)"""
    return ledger._journal.connection.execute(query).fetchall()


def many(size: int, seed: int = 0) -> dict[str, object]:
    random = np.random.default_rng(seed)
    withdrawn = random.random(size) < 0.1
    return {
        "claim": [f"claim-{number}" for number in random.integers(0, 6, size)],
        "forecaster": random.choice(["ben", "cy", "dee"], size).tolist(),
        "made_at": MICROSECONDS - random.permutation(size) * 1_000_003,
        "probability": np.where(withdrawn, np.nan, np.round(random.random(size), 3)),
        "withdrawn": withdrawn,
    }


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
    columns = many(500)
    book.import_forecasts(columns)
    head = book.head()

    again = book.import_forecasts(columns)

    assert (again.forecasts, again.already) == (0, 500)
    assert book.head() == head


def test_what_is_new_is_added_to_what_is_there(book: Ledger) -> None:
    columns = many(500)
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
    monkeypatch.setattr("predictions.bulk.aside.PIECE", at_once)
    columns = many(5_000)
    order = np.argsort(columns["made_at"]) if in_time else np.arange(5_000)

    book.import_forecasts({name: np.array(column)[order] for name, column in columns.items()})

    query = "select claim, forecaster, made_at from imported_forecast order by n"
    rows = book._journal.connection.execute(query).fetchall()
    assert len(rows) == 5_000
    assert rows == sorted(rows)
    assert book.verify().ok


def test_a_forecast_logged_by_hand_is_there_already_and_a_different_one_is_refused(book: Ledger) -> None:
    book.forecast("claim-0", 0.5, by="ben", made_at=AWARE)

    assert book.import_forecasts([("claim-0", "ben", MOMENT, 0.5)]).already == 1
    with pytest.raises(InvalidValue, match=r"row 1: it says 0\.6, and the ledger says 0\.5, for the same claim, forec"):
        book.import_forecasts([("claim-0", "ben", MOMENT, 0.6)])


def test_the_same_again_adds_nothing_after_another_number_was_logged_by_hand(book: Ledger) -> None:
    rows = [("claim-0", "ben", MOMENT, 0.5), ("claim-1", "ben", MOMENT, 0.25)]
    book.import_forecasts(rows)
    book.forecast("claim-0", 0.6, by="ben", made_at=AWARE)

    again = book.import_forecasts(rows)
    as_by_hand = book.import_forecasts([("claim-0", "ben", MOMENT, 0.6)])

    assert (again.forecasts, again.already, as_by_hand.already) == (0, 2, 1)
    with pytest.raises(InvalidValue, match=r"row 1: it says 0\.7, and the ledger says 0\.6"):
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

    assert [row for row, _ in done.bad_rows] == [2, 3, 5, 6]
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

    with pytest.raises(InvalidValue, match=r"row 3: it says 0\.6, and row 1 says 0\.5"):
        book.import_forecasts(rows)

    assert book.head() == head
    assert stored(book) == []


BAD = [
    (("claim-9", "ben", MOMENT, 0.5), "no claim 'claim-9' in this ledger; did you mean 'claim-"),
    (("claim-0", "B N", MOMENT, 0.5), "'B N' is not a slug"),
    (("claim-0", None, MOMENT, 0.5), "forecaster None is not a slug"),
    (("claim-0", "ben", "yesterday", 0.5), "cannot read 'yesterday' as a moment"),
    (("claim-0", "ben", "2026-05-01T09:30:00", 0.5), "has no offset from UTC"),
    (("claim-0", "ben", datetime(2026, 5, 1), 0.5), "has no offset from UTC"),
    (("claim-0", "ben", 1_777_627_800, 0.5), "early in 1970"),
    (("claim-0", "ben", 1_777_627_800_000_000_000, 0.5), "outside the years"),
    (("claim-0", "ben", 2**80, 0.5), "outside the years"),
    (("claim-0", "ben", "2126-05-01T00:00:00Z", 0.5), "lies in the future"),
    (("claim-0", "ben", True, 0.5), "True is not a moment"),
    (("claim-0", "ben", MOMENT, 1e308), "1e+308 is not a probability"),
    (("claim-0", "ben", MOMENT, 1.5), "1.5 is not a probability"),
    (("claim-0", "ben", MOMENT, -0.1), "-0.1 is not a probability"),
    (("claim-0", "ben", MOMENT, "70%"), "'70%' is not a probability"),
    (("claim-0", "ben", MOMENT, True), "True is true or false"),
    (("claim-0", "ben", MOMENT, None), "it has no probability; a withdrawal says so"),
    (("claim-0", "ben", MOMENT, math.nan), "it has no probability; a withdrawal says so"),
    (("claim-0", "ben", MOMENT, math.inf), "inf is not a probability"),
    (("claim-0", "ben", MOMENT, 0.5, True), "a withdrawal carries no probability"),
    (("claim-0", "ben", "half \ud800", 0.5), r"cannot read 'half \ud800' as a moment"),
    (("claim-0", "ben", MOMENT, None, "maybe"), "neither true nor false"),
    (("claim-0", "ben", MOMENT, None, [1]), "withdrawn [1] is neither true nor false"),
    (("claim-0", "ben", "20260501", 0.5), "early in 1970"),
    (("claim-0", "ben", MOMENT, Decimal("1.5")), "1.5 is not a probability"),
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

    assert "row 2: " in str(refused.value)
    assert reason in str(refused.value)
    assert unchanged == head
    assert (done.forecasts, done.left_out) == (1, 1)
    assert reason.partition("'")[0] in (tmp_path / "bad.csv").read_text()
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

    with pytest.raises(InvalidValue, match="row 1: made_at 18446744073709551606 lies outside the years"):
        book.import_forecasts(columns, by="ben")


def test_a_bad_row_of_a_filtered_frame_is_told(book: Ledger) -> None:
    frame = pandas.DataFrame(
        {"claim": ["claim-0", "claim-9"], "made_at": [MICROSECONDS] * 2, "probability": 0.5}, [5, 7]
    )

    with pytest.raises(InvalidValue, match="row 2: no claim 'claim-9'"):
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
    assert "3 rows cannot be recorded" in str(refused.value)
    assert "row 2: withdrawn '?' is neither" in str(refused.value)
    assert "row 5: 'x' is not a probability" in str(refused.value)


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


def test_only_the_first_twenty_bad_rows_are_listed(book: Ledger) -> None:
    with pytest.raises(InvalidValue) as refused:
        book.import_forecasts([("claim-0", "ben", MOMENT, 2.0)] * 50)

    assert "50 rows cannot be recorded" in str(refused.value)
    assert str(refused.value).endswith("and 30 more")
    assert "row 21:" not in str(refused.value)


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
        ("forecasts.txt", "neither .csv nor .parquet"),
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
        ((HEAD + ROW).decode().encode("utf-16"), "line 1: this is not UTF-8; save it as UTF-8, or convert it"),
    ],
)  # fmt: skip
def test_a_csv_file_that_cannot_be_read_is_refused_where_the_fault_begins(
    book: Ledger, tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "new.csv").write_bytes(content)

    with pytest.raises(InvalidValue, match=f"new.csv, .*{reason}"):
        book.import_forecasts(tmp_path / "new.csv")


TAMPERING = [
    "update imported_forecast set probability = 0.123 where n = 5000",
    """update imported_forecast set probability = null
    where n = (select n from imported_forecast where n > 4999 and probability is not null)""",
    "update imported_forecast set made_at = made_at + 1 where n = 5000",
    """update imported_forecast set forecaster = (select min(forecaster) + max(forecaster) - 2 from imported_forecast)
    where n = 5000""",
    "update imported_forecast set claim = claim + 4294967296 where n = 5000",
    "update imported_forecast set claim = 3 where n = 5000",
    "delete from imported_forecast where n = 5000",
    "update block set digest = zeroblob(32) where position = 1",
    "update imported_forecast set n = 99999 where n = 8999",
]


@pytest.mark.parametrize("change", TAMPERING)
def test_a_changed_row_is_located_to_its_block(book: Ledger, change: str) -> None:
    book.import_forecasts(many(9000))
    path = book._journal.path
    book.close()

    edit(path, change)

    with Ledger(path) as ledger:
        found = [fault for fault in ledger.verify().faults if "block" in fault.what]
    assert any(
        "block 1, rows 4097 to 8192" in fault.what or "block 2, rows 8193 to 9000" in fault.what for fault in found
    )
    assert not any("block 0," in fault.what for fault in found)


def test_a_whole_file_stays_whole(book: Ledger) -> None:
    book.import_forecasts(many(9000))

    assert book.verify(deep=True).ok
    assert [
        block.forecasts for block in blocks_of(book._journal.connection, imports(book._journal.connection)[0].entry)
    ] == [BLOCK, BLOCK, 808]


def test_swapped_rows_and_strays_are_found(book: Ledger) -> None:
    book.import_forecasts(many(100))
    path = book._journal.path
    book.close()

    edit(path, "insert into imported_forecast values (101, 3, 3, 1, 0.5)")

    with Ledger(path) as ledger:
        assert "imported_forecast has a row that belongs to no import" in str(ledger.verify())


def edit(path: Path, change: str) -> None:
    """What somebody with an SQLite shell can do; the triggers are put back."""
    connection = sqlite3.connect(path, isolation_level=None)
    triggers = connection.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"drop trigger {name}")
    connection.execute(change)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def test_nothing_imported_is_updated_or_deleted(book: Ledger) -> None:
    book.import_forecasts([("claim-0", "ben", MOMENT, 0.5)])
    connection = book._journal.connection

    for change in ("update imported_forecast set probability = 1", "delete from imported_forecast"):
        with pytest.raises(sqlite3.IntegrityError, match="what is written stays written"):
            connection.execute(change)
    with pytest.raises(sqlite3.IntegrityError, match="what is written stays written"):
        connection.execute("insert or replace into imported_forecast values (1, 1, 1, 1, 0.5)")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(-(2**40), 2**40), st.integers(-(2**33), 2**33), st.integers(-(2**62), 2**62),
            st.none() | st.sampled_from([0.0, 1.0, 0.5, 1e-12]),
        ),
        max_size=600,
    )
)  # fmt: skip
@example([(0, -(2**31) - 1, 0, None)])
@example([(-(2**31) - 1, 0, 0, 0.5)])
def test_packed_rows_are_the_rows_fetched_one_by_one(rows: list[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(
        "create table imported_forecast (n integer primary key, claim integer, forecaster integer, made_at integer, "
        "probability real) strict"
    )
    connection.executemany(
        "insert into imported_forecast(claim, forecaster, made_at, probability) values (?, ?, ?, ?)", rows
    )

    packed = list(fetch(connection, 1, len(rows)))
    one_by_one = plain(connection, 1, len(rows))
    connection.close()

    joined = Forecasts(*(np.concatenate(column) for column in zip(*packed, strict=True))) if packed else one_by_one
    for mine, other in zip(joined, one_by_one, strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize(
    "change", ["claim = -124", "forecaster = 10000", "made_at = 1 << 62", "probability = 1.5", "made_at = -1 << 62"]
)
def test_an_imported_row_that_was_changed_by_hand_is_named_when_it_is_read(
    book: Ledger, tmp_path: Path, change: str
) -> None:
    book.import_forecasts(many(20))
    book.close()
    tamper(tmp_path / "ledger.db", f"update imported_forecast set {change} where n = 3")

    with Ledger(tmp_path / "ledger.db") as ledger:
        for read in (ledger.board, ledger.scorecard, ledger.review):
            with pytest.raises(Tampered, match="an import was changed by hand: no forecast can be so; run verify"):
                read()


def killed_import(path: Path, first: str = "") -> int:
    """Import in another process, which ends once all rows are written and before they are kept; its exit code."""
    script = f"""
import contextlib, os, predictions.bulk.importing as bulk
from predictions import Ledger
from predictions.journal import Journal
{first}
put = bulk._Rows.put_lists
bulk._Rows.put_lists = lambda self, entry: (put(self, entry), os._exit(9))
with Ledger({str(path)!r}) as ledger:
    ledger.import_forecasts([("claim-0", "ben", {MICROSECONDS} + number, 0.5) for number in range(20000)])
"""
    return subprocess.run([sys.executable, "-c", script], check=False).returncode


def test_a_killed_import_leaves_the_ledger_as_it_was(book: Ledger) -> None:
    path, head = book._journal.path, book.head()
    book.close()

    ended = killed_import(path)

    with Ledger(path) as ledger:
        assert ended == 9
        assert ledger.head() == head
        assert ledger.verify().ok
        assert stored(ledger) == []


def test_control_without_a_transaction_a_killed_import_leaves_its_rows(book: Ledger) -> None:
    path = book._journal.path
    book.close()

    ended = killed_import(path, "Journal._transaction = contextlib.contextmanager(lambda self, begin: (yield))")

    with Ledger(path) as ledger:
        assert ended == 9
        assert not ledger.verify().ok
        assert ledger._journal.connection.execute("select count(*) from imported_forecast").fetchone() == (20_000,)


@pytest.mark.campaign
def test_ten_million_forecasts_in_four_hundred_megabytes(tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent))
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


def test_an_imported_forecast_is_proved_by_its_block(book: Ledger) -> None:
    book.import_forecasts(many(9000))
    book.import_forecasts([("claim-3", "eve", MOMENT, 0.75)])

    early, late = book.prove("claim-3 ben"), book.prove("claim-3 eve")

    assert early.fault() is None
    assert late.fault() is None
    assert late.said() == [("2026-05-01T09:30:00.000000Z", 0.75)]
    assert len(early.columns) in {24 * BLOCK, 24 * 808}
    assert "it discloses the" in str(early)
    assert '"format": "prediction-ledger-block-proof/1"' in late.text


def test_a_changed_proof_of_a_block_does_not_hold(book: Ledger) -> None:
    book.import_forecasts(many(5000))
    proof = book.prove("claim-3 ben")
    changed = bytearray(proof.columns)
    changed[-1] ^= 1

    assert replace(proof, columns=bytes(changed)).fault() == "the block does not stand in the import"
    assert replace(proof, claims=proof.claims[::-1]).fault() == "the list of claims is not the import's"
    assert replace(proof, position=proof.position ^ 1).fault() == "the block does not stand in the import"


def test_a_claim_shows_its_own_imported_forecasts_however_many_there_are_in_all(book: Ledger) -> None:
    columns = many(9000)
    book.import_forecasts(columns)
    book.forecast("claim-3", 0.5, by="eve")
    mine = sum(name == "claim-3" for name in columns["claim"])

    card = book.claim("claim-3")
    readings = book.readings("claim-3")

    assert len(card.forecasts) == mine + 1
    assert {one.forecaster for one, _ in card.forecasts} == {"ben", "cy", "dee", "eve"}
    assert (card.unread, readings.unread) == (0, 0)
    assert "not shown" not in str(card)


def test_a_claim_with_too_many_imported_forecasts_says_how_many_it_leaves_out(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = many(600)
    book.import_forecasts(columns)
    mine = sum(name == "claim-3" for name in columns["claim"])
    monkeypatch.setattr("predictions.reading.MOST_ROWS", mine - 1)

    shown = [book.claim("claim-3"), book.readings("claim-3")]

    assert all(f"{mine} imported forecasts, not shown" in str(one) for one in shown)
    assert all(one.to_dict()["not_shown"] == mine for one in shown)
    assert not any("no forecasts on file" in str(one) for one in shown)


def test_what_shows_no_imported_forecasts_says_how_many_there_are(book: Ledger) -> None:
    columns = many(9000)
    book.import_forecasts(columns)
    on_claim, by_ben = (
        sum(name == one for name in columns[of]) for of, one in (("claim", "claim-3"), ("forecaster", "ben"))
    )

    everything = [book.board(), book.review(), book.history()]

    assert all("9,000 imported forecasts, not shown" in str(one) for one in everything)
    assert f"{on_claim:,} imported forecasts, not shown" in str(book.history("claim-3"))
    assert f"{by_ben:,} imported forecasts, not shown" in str(book.history("ben"))
    assert "not shown" not in str(book.history("self"))


def test_what_was_imported_can_be_withdrawn_by_hand_but_not_before_it_was_said(book: Ledger) -> None:
    book.import_forecasts([("claim-3", "ben", "2026-01-02T09:00:00Z", 0.3)])

    with pytest.raises(NotFound, match="ben has no forecast on claim-3 to withdraw"):
        book.withdraw("claim-3", by="ben", made_at="2026-01-01T09:00:00Z")
    kept = book.withdraw("claim-3", by="ben")

    assert kept.withdrawn
    assert [bool(said.get("withdrawn")) for said in book.claim("claim-3").to_dict()["forecasts"]] == [False, True]


def test_nobody_is_proved_to_have_said_what_he_did_not(book: Ledger) -> None:
    book.import_forecasts(many(50))

    with pytest.raises(NotFound, match="no forecast of 'eve' on 'claim-3'"):
        book.prove("claim-3 eve")


def test_a_forecast_logged_by_hand_counts_in_place_of_the_imported_one_of_that_moment(
    book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.import_forecasts([("claim-0", "ben", MOMENT, 0.5), ("claim-1", "ben", MOMENT, 0.25)], published_in=None)
    book.forecast("claim-0", 0.6, by="ben", made_at=AWARE, reason="mistyped in the dump")

    narrow = [row["probability"] for row in book.scorecard().rows()]
    monkeypatch.setattr("predictions.reading.MOST_ROWS", 0)
    wide = [row["probability"] for row in book.scorecard().claim_rows()]

    assert narrow == wide == [0.6, 0.25]
