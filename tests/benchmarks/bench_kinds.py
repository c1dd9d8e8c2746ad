"""What long tables of choices, points and days cost to import, beside a raw insert, and as many rows of yes or no."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from predictions import Ledger
from predictions.records import Claim
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from tests.benchmarks.bench_scale import Figure, pairs
from tests.benchmarks.platform_dump import BEGUN, IMPORTED, columns, platform

OPTIONS = ("red", "green", "blue", "none")
TERMS = {
    "choice": {"type": "choice", "options": OPTIONS}, "number": {"type": "number", "unit": "m", "low": 0, "high": 1},
    "date": {"type": "date"},
}  # fmt: skip
RAW = """create table f(n integer primary key, claim integer not null, forecaster integer not null,
made_at integer not null, option integer not null, share real not null) strict"""


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


def of_kind(kind: str, each: int, size: int, count: int) -> dict[str, object]:
    """A long table with names on so many claims of a kind, so many rows of each forecast, in the order of time."""
    import pyarrow

    random, forecasts = np.random.default_rng(2), size // each
    steps = np.sort(random.integers(0, 3_000, (forecasts, each)), axis=1) + np.arange(each)
    steps[:, -1] = 22_279 - 18_262  # of a date the last day of the window
    chances = np.round(np.sort(random.random((forecasts, each)), axis=1), 4)
    where: dict[str, object] = {"at": steps.ravel() / 5_000}
    if kind == "date":
        where = {"day": (steps.ravel() + 18_262).astype("M8[D]")}
    if kind == "choice":
        order = np.tile(np.arange(each), forecasts).astype(np.int32)
        where = {"option": pyarrow.DictionaryArray.from_arrays(order, list(OPTIONS))}
        chances = np.diff(chances, axis=1, prepend=0.0)
        chances[:, -1] = 1 - chances[:, :-1].sum(axis=1)
    people = [f"by-{number:04}" for number in range(200)]
    names = {"claim": slugs(kind, count), "forecaster": people}
    named_columns = {
        name: pyarrow.DictionaryArray.from_arrays(
            np.repeat(random.integers(0, len(known), forecasts).astype(np.int32), each), known
        )
        for name, known in names.items()
    }
    made_at = np.repeat(1_600_000_000_000_000 + np.arange(forecasts) * 1_000_003, each)
    return {**named_columns, "made_at": made_at, **where, "probability": np.round(chances, 4).ravel()}


def slugs(kind: str, count: int) -> list[str]:
    return [f"{kind}-{number:07}" for number in range(count)]


def of_many(kind: str, count: int) -> list[Claim]:
    """So many claims of a kind."""
    return [
        Claim(slug=slug, title=slug, statement="claim-0000000", reading=slug, wording=slug, criteria=slug,
              scored=False, opens_on="2020-01-01", deadline="2030-12-31", **TERMS[kind])
        for slug in slugs(kind, count)
    ]  # fmt: skip


def importing_kinds(folder: Path, size: int, rounds: int) -> Iterator[Figure]:
    """Bulk import of long tables of each kind, beside as many rows of yes or no.

    On few claims by the same forecasters an import has little to look up, so what each row takes shows most.
    """
    for shape, of_yes_no, count in (("", max(size // 50, 1), max(size // 100, 1)), (", on 200 claims", 200, 200)):
        base, path = folder / "kinds-base.db", folder / "kinds.db"
        plain = columns(size, claims=of_yes_no).mapping()
        base.unlink(missing_ok=True)
        platform(base, of_yes_no)
        for kind in TERMS:
            put(base, of_many(kind, count))

        def into(given: dict[str, object], base: Path = base, path: Path = path) -> None:
            shutil.copy(base, path)
            with Ledger(path, me="ana") as ledger:
                ledger.import_forecasts(given)

        for kind, each in (("choice", 4), ("number", 2), ("number", 5), ("date", 2), ("date", 5)):
            table = of_kind(kind, each, size, count)
            found = pairs(partial(into, table), partial(into, plain), rounds, time.process_time)
            what = f"bulk import of {kind}s, {each} rows each{shape}"
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
    table = long_table(size)
    platform(base, max(size // 50, 1))
    put(base, of_many("choice", int(table["claim"].max()) + 1))
    source = named(table)

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
