"""How long cards and pages take, and how large they are: a scorecard over 10,000 claims, a report of 1,000.

Run: python -m tests.benchmarks.bench_pages [--claims 10000] [--pages 1000] [--rounds 3]

An invented ledger: one statement and one claim each, three forecasters with two forecasts each, evidence on every
claim, three in four resolved. Nothing is written to disk but the page.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from invented import recorded_ledger

from predictions.records import Bearing, Claim, Evidence, Forecast, Forecaster, Record, Resolution, Source, Statement
from predictions.scoring.forecast_reader import ForecastReader
from predictions.views.board.board import board
from predictions.views.claim.card import claim_card
from predictions.views.report.report import report
from predictions.views.scorecard.request import scorecard

OPENED = date(2025, 1, 1)
TODAY = date(2026, 11, 22)
WHO = ("ana", "ben", "cyd")


def records(claims: int) -> Iterator[tuple[Record, datetime]]:
    """Every record, with when the ledger learned it."""
    luck = random.Random(1)
    begun = datetime(2025, 1, 1, 8, tzinfo=UTC)
    yield Source(slug="invented", title="An invented source", published="2025-01-01"), begun
    for who in WHO:
        yield Forecaster(slug=who, title=who.title()), begun
    for number in range(claims):
        slug, last = f"claim-{number:05}", OPENED + timedelta(days=luck.randint(60, 700))
        text = f"Invented statement number {number}: something will come true before long."
        yield Statement(slug=slug, source="invented", text=text), begun
        yield Claim(
            slug=slug, statement=slug, reading="headline", title=f"Claim {number} comes true", wording=text,
            criteria="As the invented record shows.", opens_on=OPENED, deadline=last, scored=True,
        ), begun  # fmt: skip
        chance = luck.random()
        for place, who in enumerate(WHO):
            for day in (1, 40):
                said = round(min(max(chance + luck.gauss(0, 0.1 + 0.1 * place), 0.01), 0.99), 2)
                made = begun + timedelta(days=day, seconds=number)
                yield Forecast(claim=slug, forecaster=who, made_at=made, probability=said), made
        yield Evidence(slug=slug, link=f"https://example.org/{number}", title=f"A sign of {number}",
                       published="2025-02-01"), begun + timedelta(days=40)  # fmt: skip
        yield Bearing(claim=slug, evidence=slug, bears="supports"), begun + timedelta(days=40)
        if last < TODAY and number % 4:
            verdict = "yes" if luck.random() < chance else "no"
            yield Resolution(claim=slug, number=1, outcome=verdict, known_on=last + timedelta(days=1), reason="seen",
                             decided_by="ana"), begun + timedelta(days=500)  # fmt: skip


def reader(path: Path, claims: int) -> ForecastReader:
    journal = recorded_ledger(path, records(claims))
    return ForecastReader(
        journal, journal.head().size, head="invented", as_of=datetime(2026, 11, 22, tzinfo=UTC), today=TODAY
    )


def timed(rounds: int, work: Callable[[], object]) -> float:
    """The median time of fresh runs, in seconds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()

    folder = Path(tempfile.mkdtemp())
    of_many, of_some = reader(folder / "many.db", given.claims), reader(folder / "some.db", given.pages)
    many, some = of_many.snapshot(), of_some.snapshot()
    shown = scorecard(of_many)
    text = str(shown)
    lines = [
        (f"scorecard of {given.claims:,} claims, drawn", lambda: str(scorecard(of_many)), len(text)),
        ("  of that, which claims are scored", lambda: scorecard(of_many), 0),
        ("  its rows, once drawn", shown.rows, len(shown.rows())),
        (f"board of {given.claims:,} claims", lambda: str(board(many)), len(str(board(many)))),
        ("one claim's card among them", lambda: str(claim_card(many, many.find(Claim, "claim-00007"))), 0),
        (f"the same scorecard of {given.pages:,}", lambda: str(scorecard(of_some)), 0),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.html"

        def page() -> None:
            path.write_text(report(some, scorecard(of_some), head="invented"), "utf-8")

        page()
        lines.append((f"report of {given.pages:,} claims", page, path.stat().st_size))
        for what, work, size in lines:
            told = f"{size:>12,}" if size else " " * 12
            print(f"{what:<44} {timed(given.rounds, work):>8.2f} s {told}", flush=True)


if __name__ == "__main__":
    main()
