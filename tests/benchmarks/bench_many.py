"""What the verbs of a card take on a million imported forecasts of 300 forecasters, beside pandas in the same run.

Run: python -m tests.benchmarks.bench_many [--forecasts 1000000] [--claims 20000] [--folder FOLDER]

Beside each verb stands its processor time, and that over the time that pandas takes to read the same forecasts from a
plain table and group them for the means alone. The aim is 2.5 times that at most, five seconds where pandas takes two;
what judges every forecaster drawn, or writes a page, takes longer: see docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from predictions import Ledger
from tests.benchmarks.bench_scale import TODAY, by_pandas, raw_insert
from tests.benchmarks.platform_dump import columns, platform

AIM = 2.5
FORECASTERS = 300
ONE, OTHER = "by-0001", "by-0002"


def seconds(work: Callable[[], object]) -> float:
    """The time of this process that the work took."""
    started = time.process_time()
    work()
    return time.process_time() - started


def imported(folder: Path, forecasts: int, claims: int) -> None:
    """The same forecasts in a ledger and in a plain table."""
    given = columns(forecasts, claims=claims, forecasters=FORECASTERS)
    platform(folder / "ledger.db", claims)
    with Ledger(folder / "ledger.db", me="ana") as ledger:
        ledger.import_forecasts(given.mapping(), published_in="platform")
    raw_insert(folder / "raw.db", given)


def verbs(ledger: Ledger) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each verb of a card that is held, with its text where it has one."""
    card = ledger.scorecard(today=TODAY)
    for second in ("always 50 %", "base rate", "the others", OTHER):
        yield f"compare with {second}", lambda second=second: str(card.compare(ONE, second))
    for figure in ("brier", "time_skill", "the others", "miscalibration", "interval", "p_value", "funnel"):
        yield f"explain {figure}", lambda figure=figure: str(card.explain(figure, by=ONE))
    yield "a card by one year", lambda: ledger.scorecard(today=TODAY, window="2021")
    yield "a card by days", lambda: ledger.scorecard(today=TODAY, horizon=365)
    yield "a card with crowds", lambda: ledger.scorecard(today=TODAY, crowds=True)
    day, year = (ledger.scorecard(today=TODAY - timedelta(days)) for days in (1, 365))
    yield "diff with the day before", lambda: str(card.diff(day))
    yield "diff with the year before", lambda: str(card.diff(year))
    yield "to_dict", lambda: ledger.scorecard(today=TODAY).to_dict()
    yield "report", lambda: ledger.report(ledger._journal.path.with_suffix(".html"), today=TODAY)
    yield "readings", lambda: str(ledger.claim("claim-0000007", today=TODAY).readings)
    yield "plot_scores", card.plot_scores
    yield "plot_reliability", card.plot_reliability
    yield "the card, printed", lambda: str(ledger.scorecard(today=TODAY))


def taken(folder: Path, forecasts: int, claims: int) -> Iterator[tuple[str, float, float]]:
    """Each verb, its seconds, and these over those of pandas."""
    imported(folder, forecasts, claims)
    with Ledger(folder / "ledger.db") as ledger, closing(sqlite3.connect(folder / "raw.db")) as plain:
        pandas = seconds(lambda: by_pandas(plain, ledger._journal.connection))
        for verb, work in verbs(ledger):
            took = seconds(work)
            yield verb, took, took / pandas


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--forecasts", type=int, default=1_000_000)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, default=None)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=chosen.folder))
    for verb, took, ratio in taken(folder, chosen.forecasts, chosen.claims):
        print(f"{verb:<28} {took:7.2f} s   {ratio:6.3f}x{'' if ratio <= AIM else f'  ABOVE {AIM}'}", flush=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
