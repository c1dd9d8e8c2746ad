"""What importing a zip of Metaculus takes, beside parsing the same two files with the csv module in the same run.

Run: python -m tests.benchmarks.bench_platforms [--questions 10000] [--forecasts 100000] [--rounds 7]

Beside each part stands its processor time, and that over the time that :class:`csv.DictReader` takes for all rows of
both files; the aim is 4 times that at most. Both are medians of rounds in which all parts run one after the other, so
that other work on the machine slows them alike. The plain reader of the csv module, which names no cell, is the last
line.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from itertools import repeat
from operator import truediv
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from zipfile import ZipFile

from predictions import Ledger
from predictions.exchange.options import Options
from predictions.exchange.platforms.dump import Dump
from predictions.exchange.platforms.metaculus import read_metaculus
from predictions.storage.rows import collector_paused
from tests.support.metaculus_zips import Rows, zip_of

AIM = 4.0
FORECASTERS = 200
FIRST = datetime(2020, 1, 1, 12, tzinfo=UTC)
FILES = ("question_data.csv", "forecast_data.csv")


def questions(count: int, random: Random) -> Rows:
    """Questions that are open for a month to two years, four of five resolved."""
    for number in range(count):
        opens = FIRST + timedelta(days=random.randrange(1500))
        closes = opens + timedelta(days=random.randrange(30, 700))
        word = random.choice(("yes", "no", "no", "annulled", ""))
        yield {
            "Question ID": 70000 + number, "Question URL": f"https://www.metaculus.com/questions/{number}/happens/",
            "Question Title": f"Will event {number} happen, as announced?", "Post ID": number,
            "Categories": [f"Category {number % 9}"], "Open Time": opens, "Scheduled Close Time": closes,
            "Resolution": word, "Resolution Known Time": closes if word else "",
        }  # fmt: skip


def forecasts(asked: Sequence[Mapping[str, Any]], count: int, random: Random) -> Rows:
    """Forecasts of each question by four people, in turn: each but the last of everybody ends at their next."""
    each = count // len(asked)
    for question in asked:
        people = random.sample(range(FORECASTERS), 4)
        times = [question["Open Time"] + timedelta(hours=7 * place, microseconds=random.randrange(10**6))
                 for place in range(each)]  # fmt: skip
        for place, at in enumerate(times):
            who, chance = people[place % 4], round(random.random(), 3)
            yield {
                "Question ID": question["Question ID"], "Forecaster ID": who, "Forecaster Username": f"user{who}",
                "Start Time": at, "End Time": times[place + 4] if place + 4 < each else "", "Probability Yes": chance,
                "Probability of Resolution": chance,
            }  # fmt: skip


def make(path: Path, number: int, forecast_count: int) -> Path:
    """The zip."""
    random = Random(0)
    asked = list(questions(number, random))
    path.write_bytes(zip_of(asked, forecasts(asked, forecast_count, random)))
    return path


def parse(path: Path, reader: Callable[[TextIOWrapper], object]) -> None:
    """Parse both files with a reader of the csv module."""
    with ZipFile(path) as archive:
        for name in FILES:
            with archive.open(name) as file:
                list(reader(TextIOWrapper(file, "utf-8", newline="")))  # type: ignore[call-overload]  # of any reader


def read(path: Path) -> None:
    """Read the zip into plain records, without a ledger."""
    with collector_paused():  # as in an import
        list(read_metaculus(Dump([path]), Options()))


def record(path: Path) -> None:
    """Import it into a new ledger."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, Ledger(Path(folder, "new.db"), me="ana") as ledger:
        ledger.import_from("metaculus", path)


def seconds(work: Callable[[], object]) -> float:
    """The processor time that the work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def lines(path: Path, rounds: int) -> Iterator[tuple[str, float, float]]:
    """Each part, its seconds, and how many times as long it takes as the first."""
    parts: dict[str, Callable[[], object]] = {
        "csv.DictReader": lambda: parse(path, csv.DictReader), "read into plain records": lambda: read(path),
        "import_from, the whole": lambda: record(path), "csv.reader": lambda: parse(path, csv.reader),
    }  # fmt: skip
    took = [[seconds(work) for work in parts.values()] for _ in range(rounds)]
    for part, own, parsed in zip(parts, zip(*took, strict=True), repeat([first for first, *_ in took])):
        yield part, median(own), median(map(truediv, own, parsed))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--forecasts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder, "user_data.zip"), chosen.questions, chosen.forecasts)
        for part, took, times in lines(path, chosen.rounds):
            print(f"{part:<28} {took:7.2f} s   {times:6.2f}x{f'  ABOVE {AIM:g}' if times > AIM else ''}", flush=True)


if __name__ == "__main__":
    main()
