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

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from forecasts.bins import bin_index, display_bins
from forecasts.ibis_table import BINS, scorecard_table
from forecasts.kernel import Claims, Rows, batches
from forecasts.murphy import murphy_decomposition
from forecasts.questions import YES_NO

ibis = pytest.importorskip("ibis")
pytestmark = pytest.mark.filterwarnings("default")  # ibis 12 calls what DuckDB 2 and pyarrow have since deprecated
DAY = 86_400_000_000
FORECASTERS = 40
TAGS = 5
EXACT = 1e-12


def invented(size: int, seed: int, certain: bool = False) -> tuple[Rows, Claims]:
    """Sorted forecasts with ties, withdrawals, early and late ones; claims annulled, closed early, resolved partly."""
    random = np.random.default_rng(seed)
    count = max(size // 50, 3)
    opens = 18_000 * DAY + random.integers(0, 1000, count) * DAY
    closes = opens + random.integers(20, 700, count) * DAY
    early = random.random(count) < 0.4
    limit = np.where(early, opens + ((closes - opens) * random.random(count)).astype(np.int64), closes)
    limit[: count // 10] = opens[: count // 10] - random.integers(0, 2, count // 10) * DAY  # public by the opening
    outcome = random.choice([0.0, 1.0, 1.0, 0.0, 0.3, np.nan], count)
    claim, forecaster = random.integers(0, count, size), random.integers(0, FORECASTERS, size)
    spread = random.random(size) * 1.2 - 0.1
    made_at = (opens[claim] + spread * (closes - opens)[claim]).astype(np.int64) // (DAY // 4) * (DAY // 4)
    chance = np.round(random.random(size), 2)
    if not certain:
        chance = np.clip(chance, 0.01, 0.99)
    chance[random.random(size) < 0.1] = np.nan
    order = np.lexsort((made_at, forecaster, claim))
    none = np.zeros(size, "u1")
    rows = Rows(claim[order].astype("i4"), forecaster[order].astype("i4"), made_at[order], chance[order], none)
    grain = random.choice([0.0, DAY], count)
    return rows, Claims(opens.astype(float), closes.astype(float), limit.astype(float), outcome, grain)


def tables(rows: Rows, claims: Claims) -> dict[str, pyarrow.Table]:
    """The same as a store of columns has it, the forecasts in another order."""
    shuffled = np.random.default_rng(9).permutation(rows.claim.size)
    outcome = pyarrow.array(claims.outcome, from_pandas=True)
    number = np.arange(claims.opens.size)
    return {
        "forecasts": pyarrow.table(
            {
                "claim": rows.claim[shuffled], "forecaster": rows.forecaster[shuffled],
                "made_at": rows.time[shuffled], "place": shuffled,
                "probability": pyarrow.array(rows.probability[shuffled], from_pandas=True),
            }
        ),
        "claims": pyarrow.table(
            {
                "claim": number.astype("i4"), "opens": claims.opens.astype("i8"), "closes": claims.closes.astype("i8"),
                "limit": claims.limit.astype("i8"), "grain": claims.grain.astype("i8"), "outcome": outcome,
            }
        ),
        "tags": pyarrow.table({"claim": number.astype("i4"), "tag": [f"tag-{one % TAGS}" for one in number]}),
    }  # fmt: skip


def by_kernel(rows: Rows, claims: Claims, only: np.ndarray | None = None) -> dict[int, dict[str, float]]:
    """What the kernel and the library's own scores make of it, for each forecaster."""
    scored = ~np.isnan(claims.outcome) if only is None else ~np.isnan(claims.outcome) & only
    rows = rows.part(scored[rows.claim])
    series = [part.part(~np.isnan(part.probability)) for part in batches(rows, claims, block=1 << 12)]
    claim, whose, _, _, said, share, saved, _ = (np.concatenate(column) for column in zip(*series, strict=True))
    came = claims.outcome[claim]
    loss, surprise = YES_NO.losses(said, came), YES_NO.log_losses(said, came)
    lost = share * (0.5 - came) ** 2 - saved
    found = {}
    for forecaster in np.unique(whose).tolist():
        mine = whose == forecaster
        n = mine.sum()
        parts = murphy_decomposition(said[mine], came[mine], groups=bin_index(said[mine]))
        bins = display_bins(said[mine], came[mine])
        figures = {
            "n": n,
            "brier": loss[mine].sum() / n,
            "log_score": surprise[mine].sum() / n,
            "coverage": share[mine].sum() / n,
            "time_brier": lost[mine].sum() / n,
            "time_skill": saved[mine].sum() / n,
            "reliability": parts.reliability,
            "resolution": parts.resolution,
            "uncertainty": parts.uncertainty,
            "within_variance": parts.within_variance,
            "within_covariance": parts.within_covariance,
        }
        for number in range(BINS):
            figures[f"bin_{number}_count"] = bins.count[number]
            figures[f"bin_{number}_probability"] = bins.mean_probability[number]
            figures[f"bin_{number}_frequency"] = bins.frequency[number]
        found[forecaster] = figures
    return found


def as_floats(result: pyarrow.Table) -> list[dict[str, Any]]:
    return [
        {name: float("nan") if value is None else value for name, value in row.items()} for row in result.to_pylist()
    ]


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


def duckdb_over_parquet(folder: Path, made: dict[str, pyarrow.Table]) -> dict[str, Any]:
    connection = ibis.duckdb.connect()
    for name, table in made.items():
        parquet.write_table(table, folder / f"{name}.parquet")
    return {name: connection.read_parquet(folder / f"{name}.parquet") for name in made}


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
