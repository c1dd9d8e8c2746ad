"""How many records are entered a second under one seal, and what one durable append costs beside a bare insert.

Run: python -m tests.benchmarks.bench_records [--records 10000] [--appends 200] [--rounds 5] [--folder FOLDER]

A catalogue of claims with their statements is registered, once new and once as it stands already; forecasts are put and
entered as a catalogue's are, building them included; forecasts few enough to become records, and verdicts, are imported
from rows. All of it goes through every check, hash and index to a file on disk, the commit included; the aim is 25,000
records a second of the processor's time, and of forecasts 10,000 in 0.4 s. An append through the verb `forecast` is
timed in turn with a bare insert of one such row into a file with the same settings (rollback journal,
synchronous=EXTRA), on the clock, ten to a claim; the aim is a ratio of 1.5 at most. A receipt is worked out when it is
looked at; what that takes besides is printed behind it. Printed are medians of all rounds.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from predictions import Catalog, Ledger
from predictions.importing.forecasts import RECORDS_AT_MOST
from predictions.recording.enter import enter_all
from predictions.records import Claim, Forecast, Forecaster, Record, Source, Statement
from predictions.storage.connection import SETTINGS

RATE_AIM, RATIO_AIM = 25_000, 1.5
START = datetime(2020, 1, 1, tzinfo=UTC)
FORECASTERS, PER_CLAIM = 20, 10  # people, and how often one of them forecasts a claim


def catalogue(claims: int) -> Catalog:
    """A source, and so many statements with a claim each, as a catalogue's file makes them."""
    records: list[Record] = [Source(slug="platform", title="An invented platform", kind="platform")]
    for number in range(claims):
        slug, words = f"claim-{number:05}", f"In town {number} it rains on more days of June than in the year before."
        records.append(Statement(slug=slug, source="platform", text=words, speaker="The almanac"))
        records.append(
            Claim(
                slug=slug,
                statement=slug,
                reading="headline",
                title=f"A wet June in town {number}",
                wording=words,
                criteria="The town's own record of rain, as published.",
                opens_on="2020-06-01",
                deadline="2020-06-30",
                horizon="June 2020",
                horizon_read="from 2020-06-01 to 2020-06-30, both counting",
                edtf="2020-06",
                scored=True,
                tags=("rain", "towns"),
            )
        )
    return Catalog(tuple(records))


def people() -> list[Record]:
    return [Forecaster(slug=f"by-{number:02}", title=f"By {number}") for number in range(FORECASTERS)]


def forecast(number: int, claims: int) -> Forecast:
    return Forecast(
        claim=f"claim-{number % claims:05}", forecaster=f"by-{number % FORECASTERS:02}",
        made_at=START + timedelta(minutes=number), probability=(number % 999 + 1) / 1000, published_in="platform",
        recorded_by="ana",
    )  # fmt: skip


def imported(records: int, claims: int) -> list[dict[str, object]]:
    """Rows of forecasts that are not on file yet, as a mapping each."""
    return [
        {"claim": f"claim-{number % claims:05}", "forecaster": f"by-{number % FORECASTERS:02}",
         "made_at": f"{START.year - 1}-06-{number // claims % 28 + 1:02}T{number % 24:02}:00:00Z",
         "probability": (number % 999 + 1) / 1000}
        for number in range(records)
    ]  # fmt: skip


def verdicts(claims: int) -> list[dict[str, object]]:
    """A row for each claim: yes on its last day, or no once its window was over."""
    return [
        {"claim": f"claim-{number:05}", "outcome": "yes" if number % 3 else "no",
         "known_on": "2020-06-30" if number % 3 else "2020-08-01", "reason": "by the town's record"}
        for number in range(claims)
    ]  # fmt: skip


def timed(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    started = clock()
    work()
    return clock() - started


def rates(folder: Path, records: int) -> dict[str, float]:
    """Records entered a second, of each sort."""
    claims = records // 2
    given, rows, few = catalogue(claims), verdicts(claims), imported(min(records, RECORDS_AT_MOST), claims)
    seconds: dict[str, tuple[int, float]] = {}
    path = folder / "records.db"
    path.unlink(missing_ok=True)

    def put() -> None:
        with ledger._desk() as desk:
            desk.store.put_all(desk.writing, (forecast(number, claims) for number in range(records)))

    def enter() -> None:
        with ledger._desk() as desk:
            enter_all(desk, (forecast(number, claims) for number in range(records, 2 * records)))

    with Ledger(path, me="ana") as ledger:
        ledger.register(Catalog(tuple(people())))
        for what, count, work in (
            ("a catalogue", len(given.records), lambda: ledger.register(given)),
            ("the same again, nothing new", len(given.records), lambda: ledger.register(given)),
            ("forecasts, put", records, put),
            ("forecasts, entered", records, enter),
            ("forecasts, imported", len(few), lambda: ledger.import_forecasts(few, published_in="platform")),
            ("verdicts", claims, lambda: ledger.import_resolutions(rows)),
        ):
            seconds[what] = count, timed(work)
        assert ledger.verify().ok
    return {what: count / spent for what, (count, spent) in seconds.items()}


def append_ratio(folder: Path, appends: int) -> tuple[float, float, float]:
    """Median seconds of a bare insert, the median of the paired ratios of the verb to it, and seconds of a receipt."""
    pairs, receipts, looks = [], [], []
    with (
        Ledger(folder / "appends.db", me="by-00") as ledger,
        closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as bare,
    ):
        for setting in SETTINGS:
            bare.execute(setting)
        bare.execute("create table forecast (n integer primary key, claim text, forecaster text, made_at text, p real)")
        ledger.register(catalogue(1))
        ledger.register(Catalog(tuple(people())))
        for number in range(0, appends, PER_CLAIM):
            ledger.add(f"It rains in town {number}", deadline="2099-12-31", slug=f"rain-{number}")
        insert = "insert into forecast (claim, forecaster, made_at, p) values (?, ?, ?, ?)"
        for number in range(appends):
            claim, chance = f"rain-{number // PER_CLAIM * PER_CLAIM}", (number % 997 + 1) / 1000
            row = (claim, "by-00", f"2026-11-22T00:00:00.{number:06}Z", chance)
            append = partial(ledger.forecast, claim, chance, again=True)
            ours = timed(lambda append=append: receipts.append(append()), time.perf_counter)
            pairs.append((ours, timed(partial(bare.execute, insert, row), time.perf_counter)))
            looks.append(timed(receipts[-1].text, time.perf_counter))
    return median(theirs for _, theirs in pairs), median(ours / theirs for ours, theirs in pairs), median(looks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--appends", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        rounds = [rates(folder, chosen.records) for _ in range(chosen.rounds)]
        for what in rounds[0]:
            rate = median(one[what] for one in rounds)
            print(f"{what}: {rate:,.0f} records a second, aim {RATE_AIM:,}: {'met' if rate >= RATE_AIM else 'MISSED'}")
        bare, ratio, look = append_ratio(folder, chosen.appends)
        met = "met" if ratio <= RATIO_AIM else "MISSED"
        print(
            f"one durable append by the verb: {ratio:.2f}x a bare insert ({bare * 1e3:.2f} ms), aim {RATIO_AIM}: {met}"
            f"; its receipt, looked at: {look * 1e3:.2f} ms"
        )


if __name__ == "__main__":
    main()
