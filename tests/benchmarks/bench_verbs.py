"""What a verb that concerns one claim costs in a ledger of 100,000 records, beside the same in one of 100.

Run: python -m tests.benchmarks.bench_verbs [--records 100 100000] [--rounds 5] [--folder FOLDER]

An invented ledger: ten records a claim (its statement, an event with evidence and what that says, five forecasts by
hand), each claim under a seal of its own. Each verb is run on an open ledger, on another claim every time, so that
nothing of it is held; and cold: a ledger opened, one verb, the ledger closed. Printed are medians of the processor's
time and the ratio of the larger ledger to the smaller; the aim is 3 at most.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from types import FrameType

from predictions import Ledger
from predictions.records import Bearing, Claim, Event, Evidence, Forecast, Forecaster, Record, Source, Statement

AIM = 3.0
EACH = 10  # records a claim
WHO = 5
START = datetime(2026, 1, 1, tzinfo=UTC)


def of_claim(number: int) -> Iterator[Record]:
    """The records of one claim."""
    slug, words = f"claim-{number:06}", f"In town {number} it rains on more days than in the year before."
    yield Statement(slug=slug, source="almanac", text=words)
    yield Claim(
        slug=slug, statement=slug, reading="headline", title=f"A wet year in town {number}", wording=words,
        criteria="The town's own record.", type="events", at_least=1, opens_on="2026-01-01", deadline="2026-03-31",
        conditions=({"name": "recorded", "text": "it is on record"},), scored=True, tags=("rain",),
    )  # fmt: skip
    yield Event(slug=f"rain-{number:06}", title=f"Rain in town {number}", happened="2026-02-01")
    yield Evidence(
        slug=f"sign-{number:06}", link=f"https://example.org/{number}", title=f"It rained in town {number}",
        published="2026-02-01",
    )  # fmt: skip
    yield Bearing(
        claim=slug, evidence=f"sign-{number:06}", bears="supports", event=f"rain-{number:06}", meets=("recorded",)
    )
    for who in range(WHO):
        made_at, chance = START + timedelta(minutes=number), (number % 97 + 1) / 100
        yield Forecast(
            claim=slug, forecaster=f"by-{who}", made_at=made_at, probability=chance, published_in="almanac"
        )  # fmt: skip


def invented(path: Path, records: int) -> Path:
    """A ledger of about so many records."""
    people = [Forecaster(slug=f"by-{who}", title=f"By {who}") for who in range(WHO)]
    with Ledger(path, me="by-0") as ledger:
        for some in ([Source(slug="almanac", title="An almanac", published="2026-01-01"), *people], *map(
            of_claim, range(records // EACH)
        )):  # fmt: skip
            with ledger._desk() as desk:
                desk.store.put_all(desk.writing, some)
    return path


VERBS: dict[str, Callable[[Ledger, int], object]] = {
    "claim": lambda ledger, at: str(ledger.claim(f"claim-{at:06}")),
    "tally": lambda ledger, at: str(ledger.claim(f"claim-{at:06}").tally),
    "readings": lambda ledger, at: str(ledger.claim(f"claim-{at:06}").readings),
    "forecast": lambda ledger, at: ledger.forecast(f"claim-{at:06}", 0.123, by="by-1", again=True),
    "add": lambda ledger, at: ledger.add(f"Something else, number {at}, comes true", deadline="2030-12-31", p=0.4),
    "log_evidence": lambda ledger, at: ledger.log_evidence(
        f"claim-{at:06}", f"https://example.net/{time.perf_counter_ns()}", "Rain again", counts=f"rain-{at:06}"
    ),
    "correct, a claim": lambda ledger, at: ledger.correct(f"claim claim-{at:06}", reason="a slip", title=f"Town {at}"),
    "correct, by slug": lambda ledger, at: ledger.correct(f"sign-{at:06}", reason="a slip", title=f"Rain {at}"),
    "correct, a forecast": lambda ledger, at: ledger.correct(f"claim-{at:06} by-2", reason="a slip", note=f"On {at}"),
    "resolve": lambda ledger, at: ledger.resolve(
        f"claim-{at:06}", "yes", known_on="2026-03-01", reason="as recorded", again=True
    ),
}


def seconds(path: Path, verb: Callable[[Ledger, int], object], rounds: int) -> tuple[float, float]:
    """The processor's time of a verb on an open ledger, and of a ledger opened for it."""
    held, cold = [], []
    with Ledger(path, me="by-0") as ledger:
        verb(ledger, 0)
        for at in range(1, rounds + 1):
            start = time.process_time()
            verb(ledger, at)
            held.append(time.process_time() - start)
    for at in range(rounds + 1, 2 * rounds + 1):
        start = time.process_time()
        with Ledger(path, me="by-0") as ledger:
            verb(ledger, at)
        cold.append(time.process_time() - start)
    return median(held), median(cold)


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python are called."""
    count = 0

    def one(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(one)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def steps(ledger: Ledger, work: Callable[[], object]) -> int:
    """How many hundreds of instructions SQLite goes through."""
    count = 0

    def one() -> int:
        nonlocal count
        count += 1
        return 0

    ledger._journal.connection.set_progress_handler(one, 100)
    try:
        work()
    finally:
        ledger._journal.connection.set_progress_handler(None, 100)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, nargs=2, default=(100, 100_000))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    warnings.simplefilter("ignore")  # a forecast that comes too late is recorded all the same
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        few, many = (invented(Path(folder) / f"{records}.db", records) for records in given.records)
        for name, verb in VERBS.items():
            pairs = zip(seconds(few, verb, given.rounds), seconds(many, verb, given.rounds), strict=True)
            for how, (small, large) in zip(("open", "cold"), pairs, strict=True):
                met = "met" if large <= AIM * small else "MISSED"
                print(f"{name + ',':<20} {how}: {large * 1e3:7.2f} ms, {large / small:5.2f}x, aim {AIM}: {met}")


if __name__ == "__main__":
    main()
