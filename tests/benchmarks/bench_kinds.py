"""What long tables of choices, points and days cost to import, beside a raw insert, and as many rows of yes or no."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from predictions import Ledger
from predictions.records import Claim
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from tests.benchmarks.bench_scale import Figure, pairs
from tests.benchmarks.platform_dump import BEGUN, IMPORTED, columns, platform

OPTIONS = ("red", "green", "blue", "none")
TERMS = {"number": {"type": "number", "unit": "m", "low": 0, "high": 1}, "date": {"type": "date"}}
RAW = """create table f(n integer primary key, claim integer not null, forecaster integer not null,
made_at integer not null, option integer not null, share real not null) strict"""


def choices(path: Path, count: int) -> None:
    """Add so many choices to a ledger of the platform."""
    slugs = (f"choice-{number:07}" for number in range(count))
    put(path, [
        Claim(slug=slug, title=slug, statement="claim-0000000", reading=slug, wording=slug, criteria=slug,
              type="choice", options=OPTIONS, scored=False, opens_on="2020-01-01", deadline="2030-12-31")
        for slug in slugs
    ])  # fmt: skip


def put(path: Path, claims: Iterable[Claim]) -> None:
    """Record claims in a ledger of the platform."""
    ticks = iter([BEGUN, BEGUN])
    journal = Journal(path, clock=lambda: next(ticks, IMPORTED))
    store = Store(journal)
    with journal.writing() as writing:
        for claim in claims:
            store.put(writing, claim)
    journal.close()


def long_table(size: int) -> dict[str, np.ndarray]:
    """Columns of a long table by numbers: so many rows, four of each forecast."""
    random = np.random.default_rng(1)
    count = size // len(OPTIONS)
    shares = np.round(random.dirichlet(np.ones(len(OPTIONS)), count), 4)
    shares[:, -1] = np.round(1 - shares[:, :-1].sum(axis=1), 4)
    made_at = 1_600_000_000_000_000 + np.arange(count) * 1_000_003
    return {
        "claim": np.repeat(random.integers(0, max(count // 50, 1), count), len(OPTIONS)).astype(np.int32),
        "forecaster": np.repeat(random.integers(0, 200, count), len(OPTIONS)).astype(np.int32),
        "made_at": np.repeat(made_at, len(OPTIONS)),
        "option": np.tile(np.arange(len(OPTIONS)), count).astype(np.int32),
        "share": np.abs(shares.ravel()),
    }


def named(table: dict[str, np.ndarray]) -> dict[str, object]:
    """The same with names, as Arrow has them."""
    import pyarrow

    names = {
        "claim": [f"choice-{number:07}" for number in range(int(table["claim"].max()) + 1)],
        "forecaster": [f"by-{number:04}" for number in range(200)], "option": list(OPTIONS),
    }  # fmt: skip
    return {
        name: pyarrow.DictionaryArray.from_arrays(column, names[name]) if name in names else column
        for name, column in table.items()
    }


def of_kind(kind: str, each: int, size: int) -> tuple[dict[str, object], list[Claim]]:
    """A long table of points or days with names, so many rows of each forecast, and the claims it is on."""
    import pyarrow

    random, count = np.random.default_rng(2), size // each
    claims = [
        Claim(slug=(slug := f"{kind}-{number:07}"), title=slug, statement="claim-0000000", reading=slug, wording=slug,
              criteria=slug, scored=False, opens_on="2020-01-01", deadline="2030-12-31", **TERMS[kind])
        for number in range(max(count // 50, 1))
    ]  # fmt: skip
    steps = np.sort(random.integers(0, 3_000, (count, each)), axis=1) + np.arange(each)
    steps[:, -1] = 22_279 - 18_262  # of a date the last day of the window
    where = {"at": steps / 5_000} if kind == "number" else {"day": (steps + 18_262).astype("M8[D]")}
    people, slugs = [f"by-{number:04}" for number in range(200)], [claim.slug for claim in claims]
    numbers = (random.integers(0, len(names), count).astype(np.int32) for names in (slugs, people))
    claim, forecaster = (
        pyarrow.DictionaryArray.from_arrays(np.repeat(column, each), names)
        for column, names in zip(numbers, (slugs, people), strict=True)
    )
    return {
        "claim": claim, "forecaster": forecaster,
        "made_at": np.repeat(1_600_000_000_000_000 + np.arange(count) * 1_000_003, each),
        **{name: column.ravel() for name, column in where.items()},
        "probability": np.round(np.sort(random.random((count, each)), axis=1), 4).ravel(),
    }, claims  # fmt: skip


def importing_points_and_days(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """Bulk import of long tables of points and of days, beside as many rows of yes or no."""
    base, path, yes_no = folder / "kinds-base.db", folder / "kinds.db", columns(size)
    platform(base, len(yes_no.claims))
    tables, plain = dict[tuple[str, int], dict[str, object]](), yes_no.mapping()
    for kind in TERMS:
        for each in (2, 5):
            tables[kind, each], claims = of_kind(kind, each, size)
            if each == 2:  # the other has fewer of the same
                put(base, claims)

    def into(given: dict[str, object]) -> None:
        shutil.copy(base, path)
        with Ledger(path, me="ana") as ledger:
            ledger.import_forecasts(given)

    for (kind, each), table in tables.items():
        found = pairs(lambda table=table: into(table), lambda: into(plain), rounds, time.process_time)
        what = f"bulk import of {kind}s, {each} rows each"
        yield Figure(what, "as many rows of yes or no", f"{size:,}", *found, "at most 2x")


def raw_insert(path: Path, table: dict[str, np.ndarray]) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma synchronous = extra")
    connection.execute(RAW)
    connection.execute("begin")
    rows = zip(*(column.tolist() for column in table.values()), strict=True)
    connection.executemany("insert into f(claim, forecaster, made_at, option, share) values (?, ?, ?, ?, ?)", rows)
    connection.execute("commit")
    connection.close()


def importing_choices(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """Bulk import of a long table of choices."""
    base, path, raw = folder / "choices-base.db", folder / "choices.db", folder / "raw.db"
    table, yes_no = long_table(size), columns(size)
    platform(base, len(yes_no.claims))
    choices(base, int(table["claim"].max()) + 1)
    source, plain = named(table), yes_no.mapping()

    def into(given: dict[str, object]) -> None:
        shutil.copy(base, path)
        with Ledger(path, me="ana") as ledger:
            ledger.import_forecasts(given)

    against = "raw `executemany` of the same rows"
    found = pairs(lambda: into(source), lambda: raw_insert(raw, table), rounds, time.process_time)
    yield Figure("bulk import of choices, four rows each", against, f"{size:,}", *found, "at most 0.6x")
    extra, theirs = (path.stat().st_size - base.stat().st_size) / size, raw.stat().st_size / size
    what = "file size per row of a choice, bytes"
    yield Figure(what, "the raw table", f"{size:,}", extra, theirs, extra / theirs, "at most 0.5x")
    found = pairs(lambda: into(source), lambda: into(plain), rounds, time.process_time)
    against = "as many rows of yes or no"
    yield Figure("bulk import of choices, four rows each", against, f"{size:,}", *found, "at most 2x")
