"""The expression for engines gives what the kernel gives, on DuckDB, PostgreSQL and Spark."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pytest
from ibis_tables import TAGS, as_floats, by_kernel, duckdb_over_parquet, invented, tables
from pyarrow import parquet

from forecasts.ibis_table import scorecard_table
from forecasts.kernel import Claims, Rows

pytestmark = pytest.mark.filterwarnings("default")  # ibis 12 calls what DuckDB 2 and pyarrow have since deprecated
EXACT = 1e-12


def assert_equal(rows: list[dict[str, Any]], expected: dict[int, dict[str, float]]) -> None:
    assert {row["forecaster"] for row in rows} == set(expected)
    for row in rows:
        for name, value in expected[row["forecaster"]].items():
            assert row[name] == pytest.approx(value, abs=EXACT, rel=0, nan_ok=True), (row["forecaster"], name)


def check(made: dict[str, Any], rows: Rows, claims: Claims) -> None:
    """The whole table, and the one for each tag."""
    assert_equal(as_floats(scorecard_table(made["forecasts"], made["claims"]).to_pyarrow()), by_kernel(rows, claims))
    tagged = as_floats(scorecard_table(made["forecasts"], made["claims"], tags=made["tags"]).to_pyarrow())
    for number in range(TAGS):
        only = np.arange(claims.opens.size) % TAGS == number
        assert_equal([row for row in tagged if row["tag"] == f"tag-{number}"], by_kernel(rows, claims, only))


@pytest.mark.parametrize("seed", range(3))
def test_duckdb_over_parquet_gives_what_the_kernel_gives(tmp_path: Path, seed: int) -> None:
    rows, claims = invented(20_000, seed)

    made = duckdb_over_parquet(tmp_path, tables(rows, claims))

    check(made, rows, claims)


def test_a_certain_and_wrong_forecast_is_infinitely_surprising_there_too(tmp_path: Path) -> None:
    rows, claims = invented(3_000, 4, certain=True)

    made = duckdb_over_parquet(tmp_path, tables(rows, claims))
    result = as_floats(scorecard_table(made["forecasts"], made["claims"]).to_pyarrow())

    assert any(np.isinf(row["log_score"]) for row in result)
    assert_equal(result, by_kernel(rows, claims))


def test_a_changed_outcome_is_seen(tmp_path: Path) -> None:
    rows, claims = invented(2_000, 5)
    made = duckdb_over_parquet(tmp_path, tables(rows, claims))
    outcome = np.where(claims.outcome == 1, 0.0, claims.outcome)

    with pytest.raises(AssertionError):
        check(made, rows, claims._replace(outcome=outcome))


@contextmanager
def postgres() -> Iterator[Any]:
    """A server of our own, gone afterwards; it will not run as root."""
    programs = Path(
        subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    )
    folder = Path(tempfile.mkdtemp())
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")

    def run(program: str, *options: str) -> None:
        subprocess.run([*user, str(programs / program), *options], check=True, capture_output=True, cwd="/")

    run("initdb", "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "-D", str(folder / "data"), "-w", "-o", settings, "-l", str(folder / "log"), "start")
    try:
        yield ibis.postgres.connect(user="tester", host=str(folder), database="postgres")
    finally:
        run("pg_ctl", "-D", str(folder / "data"), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.mark.campaign
def test_a_million_forecasts_on_duckdb(tmp_path: Path) -> None:
    rows, claims = invented(1_000_000, 6)

    check(duckdb_over_parquet(tmp_path, tables(rows, claims)), rows, claims)


@pytest.mark.campaign
def test_a_million_forecasts_on_postgres() -> None:
    pytest.importorskip("psycopg")
    if shutil.which("pg_config") is None:
        pytest.skip("PostgreSQL is not installed")
    rows, claims = invented(1_000_000, 6)

    with postgres() as connection:
        made = {name: connection.create_table(name, table) for name, table in tables(rows, claims).items()}
        check(made, rows, claims)
        connection.disconnect()


@pytest.mark.campaign
def test_a_million_forecasts_on_spark(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    rows, claims = invented(1_000_000, 6)
    for name, table in tables(rows, claims).items():
        parquet.write_table(table, tmp_path / f"{name}.parquet")
    settings = {
        "spark.sql.session.timeZone": "UTC", "spark.driver.memory": "3g", "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        "spark.sql.warehouse.dir": str(tmp_path / "warehouse"),
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        connection = ibis.pyspark.connect(session)
        names = ("forecasts", "claims", "tags")
        made = {name: connection.read_parquet(tmp_path / f"{name}.parquet") for name in names}
        check(made, rows, claims)
    finally:
        session.stop()
