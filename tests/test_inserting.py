"""Rows put in as the pages of a database are the rows put in one by one, with every check of the table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import numpy as np
import pytest

from predictions.bulk.blocks import Forecasts
from predictions.bulk.inserting import FIRST, SPAN, _image, insert


class WithoutDeserialize(sqlite3.Connection):
    """What a Python gives whose SQLite was built without it."""

    def __getattribute__(self, name: str) -> object:
        if name == "deserialize":
            raise AttributeError(name)
        return super().__getattribute__(name)


@pytest.fixture(params=[sqlite3.Connection, WithoutDeserialize])
def connection(request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None, factory=request.param)
    opened.execute(
        """create table imported_forecast (n integer primary key, claim integer not null, forecaster integer not null,
        made_at integer not null, probability real check (probability between 0 and 1)) strict"""
    )
    yield opened
    opened.close()


def forecasts(size: int, seed: int = 0) -> Forecasts:
    random = np.random.default_rng(seed)
    chance = np.round(random.random(size), 3)
    chance[random.random(size) < 0.3] = np.nan
    return Forecasts(
        random.integers(0, 2**31, size).astype("i4"), random.integers(0, 2**31, size).astype("i4"),
        random.integers(-(2**62), 2**62, size), chance,
    )  # fmt: skip


def stored(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute("select * from imported_forecast order by n").fetchall()


@pytest.mark.parametrize("size", [0, 1, 2, 1871, 1872, 1873, 4000, SPAN, SPAN + 1])
def test_the_rows_are_there_in_their_order(connection: sqlite3.Connection, size: int) -> None:
    rows = forecasts(size)

    insert(connection, rows)

    chances = [None if np.isnan(one) else one for one in rows.probability.tolist()]
    columns = [column.tolist() for column in rows[:3]]
    assert stored(connection) == list(zip(range(1, size + 1), *columns, chances, strict=True))


def test_further_rows_come_after_those_on_file(connection: sqlite3.Connection) -> None:
    first, second = forecasts(10), forecasts(20, seed=1)

    insert(connection, first)
    insert(connection, second)

    assert [row[1] for row in stored(connection)] == [*first.claim.tolist(), *second.claim.tolist()]


def test_rows_go_when_the_transaction_is_undone(connection: sqlite3.Connection) -> None:
    insert(connection, forecasts(5))
    connection.execute("begin immediate")
    insert(connection, forecasts(3000, seed=1))

    connection.execute("rollback")
    insert(connection, forecasts(7, seed=2))

    assert len(stored(connection)) == 12


@pytest.mark.parametrize("chance", [1.5, -0.5, np.inf])
def test_the_checks_of_the_table_hold(connection: sqlite3.Connection, chance: float) -> None:
    rows = forecasts(3)
    connection.execute("begin immediate")

    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
        insert(connection, rows._replace(probability=np.array([0.5, chance, 0.5])))
    connection.execute("rollback")

    assert stored(connection) == []


def test_the_triggers_of_the_table_run(connection: sqlite3.Connection) -> None:
    connection.execute("create table seen (n integer)")
    connection.execute(
        "create trigger noted before insert on imported_forecast when new.probability is null "
        "begin insert into seen values (new.claim); end"
    )
    rows = forecasts(2000)

    insert(connection, rows)

    seen = [n for (n,) in connection.execute("select n from seen")]
    assert seen == rows.claim[np.isnan(rows.probability)].tolist()


@pytest.mark.parametrize("size", [1, 1872, 5000, SPAN])
def test_sqlite_finds_nothing_amiss_in_the_pages(size: int) -> None:
    connection = sqlite3.connect(":memory:")

    connection.deserialize(_image(forecasts(size)))

    assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert connection.execute("select min(rowid), count(*) from forecast").fetchone() == (FIRST, size)
    connection.close()
