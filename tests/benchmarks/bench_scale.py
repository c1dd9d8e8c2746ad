"""What the ledger costs from ten thousand to fifty million forecasts, beside SQLite, numpy, pandas, DuckDB and Ibis.

Every figure is the median of paired ratios: in each round ours and theirs run one after the other. Times are of the
processor where both sides use one core, of the clock where a disk or several cores take part.
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from forecasts.kernel import filled
from predictions import Ledger, ainews
from predictions.enums import ForecasterKind
from predictions.scoring.columns.filters import Filter
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.scoring.eligibility import Cohort, Rule
from predictions.scoring.eligibility_codes import SORTED_AT_ONCE
from predictions.scoring.forecast_reader import ForecastReader
from predictions.scoring.series import SeriesTable
from predictions.scoring.totals import track_records
from predictions.storage.faults import faults
from tests.benchmarks.platform_dump import Columns, columns, platform

TODAY = date(2026, 11, 22)
Work = Callable[[], object]
HERE = Path(__file__).parent

MODELS = """import click, sqlite3, pydantic
from typing import Optional
for number in range(6):
    pydantic.create_model(f"M{number}", slug=(str, ...), title=(Optional[str], None), size=(int, 0), share=(float, 0.5))
"""
RAW = """create table f(n integer primary key, claim integer not null, forecaster integer not null,
made_at integer not null, probability real) strict"""
TOTALS = "select total(claim), total(forecaster), total(made_at), total(probability) from f"


class Figure(NamedTuple):
    """One line of the table."""

    what: str
    against: str
    size: str
    ours: float
    theirs: float
    ratio: float
    target: str

    @property
    def met(self) -> bool:
        bound = float(self.target.split()[-1].rstrip("x"))
        return self.ratio >= bound if "least" in self.target else self.ratio <= bound


def pairs(ours: Work, theirs: Work, rounds: int, clock: Callable[[], float] = time.perf_counter) -> tuple[float, ...]:
    """Median times of both and the median of the paired ratios."""
    timed = []
    for _ in range(rounds):
        row = []
        for work in (ours, theirs):
            gc.collect()
            start = clock()
            work()
            row.append(clock() - start)
        timed.append(row)
    mine, other = ([row[place] for row in timed] for place in (0, 1))
    return median(mine), median(other), median(one / two for one, two in timed)


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def python(*options: str) -> None:
    """A new interpreter, which finds every module compiled, ours too, as it does once a package is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *options], check=True, stdout=subprocess.DEVNULL, env=kept)


def starting(folder: Path, rounds: int) -> Iterator[Figure]:
    """A light start."""
    found = pairs(lambda: python("-c", "import predictions"), lambda: python("-c", "pass"), rounds, children)
    yield Figure("`import predictions`", "a bare interpreter", "", *found, "at most 2.5x")
    path = folder / "ainews.db"
    with Ledger(path, me="ana") as ledger:
        ledger.register(ainews())
    board = lambda: python("-m", "predictions", "--ledger", str(path), "board")  # noqa: E731
    found = pairs(board, lambda: python("-c", MODELS), rounds, children)
    against = "importing click, sqlite3, pydantic with six models"
    yield Figure("`predictions board`, AINews, whole process", against, "", *found, "at most 1.3x")


def appending(folder: Path, rounds: int) -> Iterator[Figure]:
    """One acknowledged forecast, whose receipt nobody looks at."""
    raw = sqlite3.connect(folder / "append.db", isolation_level=None)
    for setting in ("journal_mode = delete", "synchronous = extra", "fullfsync = 1"):
        raw.execute(f"pragma {setting}")
    raw.execute(
        "create table forecast(n integer primary key, claim text, forecaster text, made_at text, p real) strict"
    )
    with Ledger(folder / "ledger.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2027-12-31", slug="rain", p=0.5)
        chances = iter(np.round(np.random.default_rng(0).permutation(100_000) / 100_000, 5).tolist())

        def append() -> None:
            ledger.forecast("rain", next(chances), again=True)

        def insert() -> None:
            values = ("rain", "ana", "2026-11-22T00:00:00.000000Z", 0.5)
            raw.execute("insert into forecast(claim, forecaster, made_at, p) values (?, ?, ?, ?)", values)

        found = pairs(append, insert, max(rounds, 60))
    raw.close()
    yield Figure("one durable append", "a raw insert, same journal and synchronous", "", *found, "at most 1.5x")


def raw_insert(path: Path, given: Columns) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma synchronous = extra")
    connection.execute(RAW)
    rows = zip(
        *(one.tolist() for one in (given.claim, given.forecaster, given.made_at, given.probability)), strict=True
    )
    connection.execute("begin")
    connection.executemany("insert into f(claim, forecaster, made_at, probability) values (?, ?, ?, ?)", rows)
    connection.execute("commit")
    connection.close()


def importing(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """Bulk import from columns, and from Python rows; leaves ledger.db with the forecasts in it."""
    given, base, path, raw = columns(size), folder / "base.db", folder / "ledger.db", folder / "raw.db"
    platform(base, len(given.claims))
    mapping = given.mapping()

    def into(source: object) -> None:
        with Ledger(path, me="ana") as ledger:
            ledger.import_forecasts(source, published_in="platform")

    def fresh() -> None:
        shutil.copy(base, path)

    against = "raw `executemany` of the same columns"
    for what, source, target in (
        ("columns", mapping, "at most 0.28x"),
        ("Python rows", None, "at most 0.75x" if size <= 1_000_000 else "at most 1.2x"),
    ):
        rows = given.rows() if source is None else source
        timed = []
        for _ in range(rounds):
            fresh()
            mine = pairs(lambda rows=rows: into(rows), lambda: raw_insert(raw, given), 1, time.process_time)
            timed.append(mine)
        found = tuple(median(one[place] for one in timed) for place in range(3))
        yield Figure(f"bulk import, from {what}", against, f"{size:,}", *found, target)
        if what == "columns":
            extra = (path.stat().st_size - base.stat().st_size) / size
            plain = raw.stat().st_size / size
            name = "file size per imported forecast, bytes"
            yield Figure(name, "the raw table", f"{size:,}", extra, plain, extra / plain, "at most 0.8x")
    fresh()
    into(mapping)


def fetch_all(connection: sqlite3.Connection) -> None:
    cursor = connection.execute("select claim, forecaster, made_at, probability from f order by n")
    while cursor.fetchmany(4096):
        pass


def verified(connection: sqlite3.Connection) -> None:
    """What `verify` does about an import: decode and hash its blocks, and check that SQLite finds them."""
    assert not list(faults(connection))
    assert connection.execute("pragma integrity_check(block)").fetchall() == [("ok",)]


def reading(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """The first scorecard from the file, and verifying it."""
    with Ledger(folder / "ledger.db") as ledger, closing(sqlite3.connect(folder / "raw.db")) as plain:
        connection = ledger._journal.connection

        def first() -> None:
            ledger._snapshots.reader = None
            ledger.scorecard(today=TODAY)

        found = pairs(first, lambda: plain.execute(TOTALS).fetchone(), rounds, time.process_time)
        against = "SQLite's own scan of a plain table, `total()`"
        yield Figure("first scorecard from the file", against, f"{size:,}", *found, "at most 2x")
        found = pairs(lambda: verified(connection), lambda: fetch_all(plain), rounds, time.process_time)
        against = "fetching the same rows from a plain table"
        yield Figure("`verify` of the import", against, f"{size:,}", *found, "at most 0.12x")
        if size <= 1_000_000:
            slow, quick, ratio = pairs(lambda: by_pandas(plain, connection), first, rounds, time.process_time)
            what, against = "pandas: read_sql, sort, group-by", "first scorecard from the file"
            yield Figure(what, against, f"{size:,}", slow, quick, ratio, "at least 7x")
    (folder / "raw.db").unlink()


def by_pandas(plain: sqlite3.Connection, connection: sqlite3.Connection) -> object:
    """What a careful user of pandas writes for the same means."""
    import pandas as pd

    rows = pd.read_sql("select claim, forecaster, made_at, probability from f", plain)
    query = """select cast(substr(c.slug, 7) as integer) as claim, unixepoch(c.opens_on) * 1000000 as opens,
    unixepoch(c.deadline, '+1 day') * 1000000 as closes, unixepoch(r.known_on) * 1000000 as known, r.outcome
    from claim c join resolution r on r.claim = c.entry where r.outcome in ('yes', 'no')"""
    rows = rows.merge(pd.read_sql(query, connection), on="claim")
    rows = rows.sort_values(["claim", "forecaster", "made_at"], kind="stable")
    following = rows.groupby(["claim", "forecaster"])["made_at"].shift(-1)
    limit = rows[["known", "closes"]].min(axis=1)
    start, end = rows[["made_at", "opens"]].max(axis=1), following.fillna(limit).clip(upper=limit)
    rows = rows.assign(share=(end - start) / (rows["closes"] - rows["opens"]), y=(rows["outcome"] == "yes") * 1.0)
    rows = rows[(end > start) & rows["probability"].notna()]
    loss = (rows["probability"] - rows["y"]) ** 2
    rows = rows.assign(loss=loss, saved=(0.25 - loss) * rows["share"])
    surprise = -np.log((1 - rows["y"] - rows["probability"]).abs().clip(lower=1e-300))
    firsts = rows.assign(surprise=surprise).drop_duplicates(["claim", "forecaster"])
    means = firsts.groupby("forecaster")[["loss", "surprise"]].mean()
    return means.join(rows.groupby("forecaster")[["share", "saved"]].sum())


def scoring(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """The scorecard from columns that are held, beside numpy's sum, DuckDB and Ibis over the exported Parquet."""
    with Ledger(folder / "ledger.db") as ledger:
        reader = ForecastReader(ledger._journal, ledger.head().size, head="", as_of=ledger._journal.now(), today=TODAY)
        held, columns = reader.table(Rule.FIRST, Filter()), reader.columns().rows
        shutil.rmtree(folder / "parquet", ignore_errors=True)
        ledger.export("parquet", folder / "parquet", today=TODAY)

    def card(held: SeriesTable = held) -> None:
        track_records(held, Cohort.SETTLED)

    many = among_many(held, 2_000)
    total = lambda: [column.sum() for column in columns[:4]]  # noqa: E731
    for what, one in (("scorecard, series held", held), ("the same of 2,000 forecasters", many)):
        found = pairs(lambda one=one: card(one), total, rounds, time.process_time)
        yield Figure(f"{what} (CPU)", "numpy sum of the forecasts' columns", f"{size:,}", *found, "at most 10x")
    for name, work in engines(folder / "parquet").items():
        found = pairs(card, work, rounds)
        yield Figure("scorecard, series held", name, f"{size:,}", *found, "at most 0.25x")


def among_many(held: SeriesTable, people: int) -> SeriesTable:
    """The same series by so many forecasters, in the order in which a reading leaves them."""
    whose = (held.series.forecaster + 200 * held.series.claim) % people
    series = held.series._replace(forecaster=whose.astype(np.int32))
    parts = [series.part(slice(start, start + SORTED_AT_ONCE)) for start in range(0, whose.size, SORTED_AT_ONCE)]
    ordered = [part.part(np.lexsort((part.forecaster, part.mark))) for part in parts]
    names = [
        ForecasterEntry(f"by-{number:04}", number, f"by-{number:04}", ForecasterKind.PERSON) for number in range(people)
    ]
    return replace(held, forecasters=names, series=filled(ordered, whose.size, series))


def engines(folder: Path) -> dict[str, Work]:
    """The same table by a query written by hand, and by the Ibis expression, on DuckDB over Parquet."""
    import duckdb
    import ibis

    from forecasts.ibis_table import scorecard_table

    by_hand = duckdb.connect()
    query = (HERE / "scorecard.sql").read_text().replace("{folder}", str(folder))
    connection = ibis.duckdb.connect()
    forecasts = connection.read_parquet(f"{folder}/scored/*.parquet")
    claims = connection.read_parquet(f"{folder}/claims.parquet")
    expression = scorecard_table(forecasts, claims)
    return {
        "DuckDB over Parquet, written by hand": lambda: by_hand.execute(query).fetchall(),
        "Ibis on DuckDB over Parquet": lambda: connection.raw_sql(ibis.to_sql(expression)).fetchall(),
    }


def engine(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """The expression beside SQL written by hand for the same result, over Parquet alone."""
    write_parquet(folder / "engine", size)
    by_hand, by_ibis = engines(folder / "engine").values()
    found = pairs(by_ibis, by_hand, rounds)
    against = "SQL written by hand for the same table"
    yield Figure("engine on DuckDB over Parquet", against, f"{size:,}", *found, "at most 1.2x")
    shutil.rmtree(folder / "engine")


def write_parquet(folder: Path, size: int) -> None:
    """What `export_parquet` writes, made in parts of five million without a ledger."""
    import pyarrow
    from pyarrow import parquet

    (folder / "scored").mkdir(parents=True)
    parts, claims, number = [], 0, 0
    while number * 5_000_000 < size:
        given = columns(min(5_000_000, size - number * 5_000_000), seed=number)
        order = np.lexsort((given.made_at, given.forecaster, given.claim))
        table = {
            "claim": (given.claim + claims)[order], "forecaster": given.forecaster[order],
            "made_at": given.made_at[order], "place": np.arange(order.size) + number * 5_000_000,
            "probability": pyarrow.array(given.probability[order], from_pandas=True),
        }  # fmt: skip
        parquet.write_table(pyarrow.table(table), folder / "scored" / f"part-{number:05}.parquet")
        opens = np.random.default_rng(number).integers(18_000, 19_500, len(given.claims)) * 86_400_000_000
        closes = opens + np.random.default_rng(number + 1).integers(30, 700, opens.size) * 86_400_000_000
        outcome = np.random.default_rng(number + 2).choice([0.0, 1.0, np.nan], opens.size)
        parts.append((np.arange(opens.size) + claims, opens, closes, outcome))
        claims, number = claims + opens.size, number + 1
    claim, opens, closes, outcome = (np.concatenate(column) for column in zip(*parts, strict=True))
    table = {"claim": claim.astype("i4"), "opens": opens, "closes": closes, "limit": closes}
    table |= {"grain": np.zeros(claim.size), "outcome": pyarrow.array(outcome, from_pandas=True)}
    parquet.write_table(pyarrow.table(table), folder / "claims.parquet")


MEMORY = """
import sys
from datetime import date
from pathlib import Path
from predictions import Ledger
import predictions.views.scorecard.card
def peak(): return 1024 * int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
with Ledger(sys.argv[1]) as ledger:
    before = peak()
    card = ledger.scorecard(today=date(2026, 11, 22))
    print(peak() - before)
"""


def memory(folder: Path, size: int) -> Iterator[Figure]:
    """Peak memory of the first scorecard, beyond the libraries'."""
    made = subprocess.run(
        [sys.executable, "-c", MEMORY, str(folder / "ledger.db")], check=True, capture_output=True, text=True
    )
    peak, columns = int(made.stdout), 24 * size  # two numbers of four bytes, a time and a probability of eight
    what = "peak memory of the first scorecard, MB"
    yield Figure(what, "the forecasts' columns", f"{size:,}", peak / 1e6, columns / 1e6, peak / columns, "at most 2x")


def difference(folder: Path) -> Iterator[Figure]:
    """How far the engine's figures lie from the kernel's."""
    os.environ.setdefault("PYTHONPATH", str(HERE.parent))
    sys.path.insert(0, str(HERE.parent / "support"))
    from ibis_tables import as_floats, by_kernel, duckdb_over_parquet, invented, tables

    from forecasts.ibis_table import scorecard_table

    rows, claims = invented(200_000, 1)
    place = folder / "difference"
    place.mkdir()
    made = duckdb_over_parquet(place, tables(rows, claims))
    kernel = by_kernel(rows, claims)
    worst = 0.0
    for row in as_floats(scorecard_table(made["forecasts"], made["claims"]).to_pyarrow()):
        for name, value in kernel[row["forecaster"]].items():
            worst = max(worst, 0.0 if np.isnan(value) and np.isnan(row[name]) else abs(row[name] - value))
    what = "engine on DuckDB, largest absolute difference"
    yield Figure(what, "the kernel", "200,000", worst, 0.0, worst, "at most 1e-12")
