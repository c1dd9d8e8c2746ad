"""The rows of a query are read as columns, whatever stands in them."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from predictions.storage.columns import DAY, FLOAT, INTEGER, TEXT, read_columns

TYPES = {"number": INTEGER, "name": TEXT, "share": FLOAT, "day": DAY}
QUERY = "select number, name, share, day from f where number < ? order by number"


@pytest.fixture
def connection():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table f(number integer, name text, share real, day text) strict")
    yield connection
    connection.close()


def test_columns_are_those_of_the_rows_in_the_order_of_the_query(connection: sqlite3.Connection) -> None:
    random = np.random.default_rng(0)
    names = ['a, "b"\n', "Łódź", "", None, "\\u0041", "'"]
    rows = [
        (number, names[number % 6], None if number % 5 == 0 else round(share, 12), f"{1 + number % 9998:04}-02-28")
        for number, share in enumerate(random.random(2_000))
    ]
    connection.executemany("insert into f values (?, ?, ?, ?)", [rows[place] for place in random.permutation(2_000)])

    columns = read_columns(connection, QUERY, (1_500,), **TYPES)

    number, name, share, day = map(list, zip(*rows[:1_500], strict=True))
    assert columns["number"].tolist() == number
    assert columns["name"].tolist() == name
    assert [None if np.isnan(value) else value for value in columns["share"].tolist()] == share
    assert columns["day"].astype(str).tolist() == day


def test_without_a_row_every_column_is_empty(connection: sqlite3.Connection) -> None:
    columns = read_columns(connection, QUERY, (0,), **TYPES)

    assert {name: column.size for name, column in columns.items()} == dict.fromkeys(TYPES, 0)
    assert {name: column.dtype for name, column in columns.items()} == {
        name: np.dtype(kind) for name, kind in TYPES.items()
    }
