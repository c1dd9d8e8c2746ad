"""How fast the ledger verifies, and what one durable append costs beside a bare SQLite insert.

Run: python -m tests.benchmarks.bench_trust [--records 20000] [--appends 200] [--rounds 7] [--folder FOLDER]

`verify` is timed (in seconds of this process's own time) over records logged by hand, each under a seal of its own and
a hundred under each; the aim is 50,000 records a second or better. Beside it stands the least anything could do: to
read the same rows, write them as sorted JSON and hash them once. An append is timed in turn with a bare insert of one
such row into a file with the same settings (rollback journal, synchronous=EXTRA); the aim is a ratio of 1.5 at most.
Printed are medians of all rounds.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median

from predictions.ledger import Ledger
from predictions.records import Claim, Forecast, Forecaster, Record, Source, Statement
from predictions.storage.connection import SETTINGS
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.trust.verify import verify

RATE_AIM, RATIO_AIM = 50_000, 1.5
START = datetime(2020, 1, 1, tzinfo=UTC)
FIRST: tuple[Record, ...] = (
    Source(slug="essay", title="An invented essay"),
    Statement(slug="rain", source="essay", text="It will rain."),
    Claim(
        slug="rain", statement="rain", reading="headline", title="Rain", wording="It will rain.", criteria="Any rain.",
        opens_on="2020-01-01", deadline="2030-01-01",
    ),
    Forecaster(slug="ana", title="Ana"),
)  # fmt: skip


def forecast(number: int) -> Forecast:
    return Forecast(
        claim="rain", forecaster="ana", made_at=START + timedelta(minutes=number),
        probability=(number % 999 + 1) / 1000, note="after the morning's forecast", recorded_by="ana",
    )  # fmt: skip


def append(journal: Journal, *records: Record) -> None:
    store = Store(journal)
    with journal.writing() as writing:
        for record in records:
            store.put(writing, record)


def build(path: Path, records: int, together: int) -> None:
    """A ledger of so many forecasts, so many under each seal; written without syncs, which are not timed here."""
    with closing(Journal(path, create=True)) as journal:
        journal.connection.execute("pragma synchronous = off")
        journal.connection.execute("pragma journal_mode = memory")
        append(journal, *FIRST)
        for start in range(0, records, together):
            append(journal, *(forecast(number) for number in range(start, min(start + together, records))))


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    work()
    return clock() - started


def verify_rate(path: Path, records: int, rounds: int) -> tuple[float, float]:
    """Records verified in a second, and how much longer that takes than the least that anything could do."""
    with closing(Journal(path)) as journal:
        store = Store(journal)

        def whole() -> None:
            with journal.reading():
                assert verify(journal, store).ok

        def least() -> None:
            for table in ("forecast", "seal", "entry"):
                for row in journal.connection.execute(f"select * from {table}"):
                    sha256(json.dumps(row, sort_keys=True, default=bytes.hex).encode()).digest()

        times = [(timed(whole, time.process_time), timed(least, time.process_time)) for _ in range(rounds)]
        return records / median(ours for ours, _ in times), median(ours / theirs for ours, theirs in times)


def append_ratios(folder: Path, appends: int, rounds: int) -> tuple[float, float, float]:
    """Median seconds of a bare insert, and the ratios to it of an append and of the verb `forecast`."""
    record, ratios, verbs, bare_times = iter(range(10**9)), [], [], []
    with (
        Ledger(folder / "appends.db", me="ana") as ledger,
        closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as bare,
    ):
        for setting in SETTINGS:
            bare.execute(setting)
        bare.execute("create table forecast (entry integer primary key, made_at text, probability real, note text)")
        append(ledger._journal, *FIRST)
        for _ in range(rounds):
            ours, verb, theirs = [], [], []
            for _ in range(appends):
                number = next(record)
                row = (f"2026-01-01T00:00:00.{number:06}Z", 0.5, "after the morning's forecast")
                theirs.append(timed(lambda row=row: bare.execute("insert into forecast values (null, ?, ?, ?)", row)))
                made = forecast(number)
                ours.append(timed(lambda made=made: append(ledger._journal, made)))
                if number % 10 == 0:
                    slug = f"claim-{number}"
                    verb.append(
                        timed(lambda slug=slug: ledger.add(f"It rains {slug}", deadline="2030-01-01", slug=slug))
                    )
            bare_times.append(median(theirs))
            ratios.append(median(ours) / median(theirs))
            verbs.append(median(verb) / median(theirs))
    return median(bare_times), median(ratios), median(verbs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--appends", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=None, help="where the files go; a disk, not memory")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder, missed = Path(name), 0
        for together in (1, 100):
            path = folder / f"{together}.db"
            build(path, given.records, together)
            rate, longer = verify_rate(path, given.records, given.rounds)
            missed += rate < RATE_AIM
            print(
                f"verify, {together:>3} a seal: {rate:>9,.0f} records/s, {rate / RATE_AIM:.2f} of {RATE_AIM:,}, "
                f"{longer:.1f} times the least time"
            )
        bare, ratio, verb = append_ratios(folder, given.appends, given.rounds)
        missed += ratio > RATIO_AIM
        print(f"bare insert:        {bare * 1000:>9.2f} ms")
        print(f"durable append:     {ratio:>9.2f} times that; the aim is at most {RATIO_AIM}")
        print(f"the verb `add`:     {verb:>9.2f} times that, for a statement and a claim")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
