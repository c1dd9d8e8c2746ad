"""How long cards of choices, numbers and dates take, in seconds of processor time: alone, with crowds, in full.

Run: python -m tests.benchmarks.bench_types [--claims 10000] [--people 20] [--open 5000] [--folder FOLDER]

Invented ledgers of one type each: everybody says something of every claim, on days of their own; all claims have a
verdict. For the bounds over time there are ledgers of as many claims as *open* says, none of which has one. The first
card is timed, of which nothing is held.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from predictions import Ledger
from predictions.records import Claim, Record, Resolution, Source, Statement
from predictions.storage.journal import Journal
from predictions.storage.store import Store

OPENS, DEADLINE = date(2024, 1, 1), date(2024, 12, 30)  # 365 days
BEGUN, KNOWN = datetime(2023, 12, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
DAY = 86_400_000_000
OPTIONS = ("red", "green", "blue", "none")
TERMS: Mapping[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "number": {"unit": "points", "low": 0.0, "high": 100.0},
    "date": {},
}


def records(type_: str, claims: int, *, resolved: bool) -> Iterator[Record]:
    luck = np.random.default_rng(1)
    yield Source(slug="platform", title="An invented platform", kind="platform")
    for number in range(claims):
        slug = f"claim-{number:05}"
        yield Statement(slug=slug, source="platform", text=f"Question {number}")
        yield Claim(
            slug=slug, statement=slug, reading="headline", title=slug, wording=slug, criteria="Somebody says so.",
            opens_on=OPENS, deadline=DEADLINE, scored=True, type=type_, **TERMS[type_],
        )  # fmt: skip
        if resolved:
            happened = OPENS + timedelta(int(luck.integers(30, 365)))
            outcome: dict[str, Any] = {
                "choice": {"outcome": "option", "option": OPTIONS[number % 4]},
                "number": {"outcome": "value", "value": round(float(luck.uniform(0, 100)), 1)},
                "date": {"outcome": "yes", "happened_on": happened},
            }[type_]
            known_on = happened if type_ == "date" else DEADLINE + timedelta(1)
            yield Resolution(claim=slug, number=1, known_on=known_on, reason="seen", **outcome)


def said(type_: str, claims: int, people: int) -> dict[str, Any]:
    """Columns of what everybody says of every claim: three lines each, of a choice four."""
    luck, count = np.random.default_rng(2), claims * people
    claim, who = np.divmod(np.arange(count), people)
    made_at = (OPENS - date(1970, 1, 1)).days * DAY + (luck.random(count) * 300 * DAY).astype(np.int64)
    if type_ == "choice":
        shares = np.round(luck.dirichlet(np.ones(4), count), 3)
        shares[:, -1] = np.abs(np.round(1 - shares[:, :-1].sum(axis=1), 3))
        lines: dict[str, Any] = {"option": [*OPTIONS] * count, "share": shares.ravel()}
    elif type_ == "number":
        values = np.sort(np.round(luck.uniform(1, 99, (count, 3)), 2), axis=1) + np.array([0, 0.01, 0.02])
        lines = {"at": values.ravel(), "chance": np.tile([0.1, 0.5, 0.9], count)}
    else:
        days = np.sort(luck.integers(1, 180, (count, 2)), axis=1) + np.array([0, 180])
        in_window = np.append(days, np.full((count, 1), 364), axis=1).ravel().tolist()
        chances = np.sort(np.round(luck.random((count, 3)), 2), axis=1)
        lines = {"day": [str(OPENS + timedelta(day)) for day in in_window], "chance": chances.ravel()}
    each = len(lines["option" if type_ == "choice" else "chance"]) // count
    names = {
        "claim": [f"claim-{number:05}" for number in np.repeat(claim, each).tolist()],
        "forecaster": [f"by-{number:02}" for number in np.repeat(who, each).tolist()],
    }
    return {**names, "made_at": np.repeat(made_at, each), **lines}


def ledger_of(folder: Path, type_: str, claims: int, people: int, *, resolved: bool) -> Path:
    path = folder / f"{type_}-{claims}-{people}-{resolved}.db"
    if not path.exists():
        ticks = iter([BEGUN] * 4)
        journal = Journal(path, create=True, clock=lambda: next(ticks, KNOWN))
        with journal.writing() as writing:
            for record in records(type_, claims, resolved=resolved):
                Store(journal).put(writing, record)
        journal.close()
        with Ledger(path, me="me") as ledger:
            ledger.import_forecasts(said(type_, claims, people), published_in="platform")
    return path


def seconds(path: Path, **how: Any) -> float:
    with Ledger(path, read_only=True) as ledger:
        begun = time.process_time()
        str(ledger.scorecard(today="2025-06-01", **how))
        return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, count in (("claims", 10_000), ("people", 20), ("open", 5_000)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        for type_ in TERMS:
            path = ledger_of(folder, type_, given.claims, given.people, resolved=True)
            alone, crowds = seconds(path), seconds(path, crowds=True)
            waiting = seconds(ledger_of(folder, type_, given.open, 3, resolved=False), full=True)
            print(
                f"{type_:8} card {alone:6.2f} s, with crowds {crowds:6.2f} s, of open claims in full {waiting:6.2f} s"
            )


if __name__ == "__main__":
    main()
