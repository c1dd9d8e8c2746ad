"""How fast the arithmetic of the leaderboard is: a contest of 3,292 forecasters, and millions of pieces beside a sort.

Run: python -m tests.benchmarks.bench_leaderboard [--sizes 1000000] [--rounds 3]

No library computes the same. What it cannot do without is bringing starts and ends in order, so it is timed beside
numpy's `lexsort` of the same two columns; and in a ledger of as many forecasts beside the figures of the card, with the
series held by both. CPU time of this process is counted, for the machine may be busy.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from forecasts.adjusted_skill import AdjustedSkill, adjusted_skill
from predictions import Ledger
from predictions.scoring.eligibility import Cohort
from predictions.scoring.totals import track_records
from tests.benchmarks import platform_dump
from tests.benchmarks.bench_scale import TODAY

YEAR = 365 * 86_400_000_000  # a window in microseconds
PEOPLE, CLAIMS = 3_292, 50  # as many as took part in a large public contest
EACH = 5  # numbers that a forecaster says on a claim
DRAWN_IN = 3.0  # seconds that the contest may take
Columns = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def columns(claim: np.ndarray, forecaster: np.ndarray, each: int = EACH) -> Columns:
    """Pieces of the pairs of claim and forecaster: from a first moment on to the end, changed at others."""
    random = np.random.default_rng(0)
    start = np.sort(random.integers(0, YEAR, (claim.size, each)), axis=1)
    end = np.concatenate((start[:, 1:], np.full((claim.size, 1), YEAR)), axis=1)
    loss = random.uniform(-1, 1, start.size)
    return np.repeat(claim, each), np.repeat(forecaster, each), start.ravel(), end.ravel(), loss


def contest() -> Columns:
    return columns(np.repeat(np.arange(CLAIMS), PEOPLE), np.tile(np.arange(PEOPLE), CLAIMS))


def platform(size: int) -> Columns:
    """About so many pieces, of a hundredth as many claims and a five-hundredth as many forecasters, by claim."""
    claims, people = size // 100, size // 500
    pair = np.unique(np.random.default_rng(1).integers(0, claims * people, size // EACH))
    return columns(pair // people, pair % people)


def estimate(given: Columns) -> AdjustedSkill:
    claims, people = int(given[0].max()) + 1, int(given[1].max()) + 1
    window, cluster = np.full(claims, YEAR), np.arange(claims)
    return adjusted_skill(*given, window=window, cluster=cluster, reference=np.ones(people, bool))


def sort(given: Columns) -> np.ndarray:
    return np.lexsort((np.concatenate(given[2:4]), np.concatenate((given[0], given[0]))))


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def medians(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The median seconds of each work, and the median of the ratios of each to the last one."""
    times = [[seconds(work) for work in works] for _ in range(rounds)]
    ratios = [[each / row[-1] for each in row[:-1]] for row in times]
    return [median(column) for rows in (times, ratios) for column in zip(*rows, strict=True)]


def beside_a_sort(given: Columns, rounds: int) -> tuple[float, float, float]:
    """The seconds of the estimates, those of a sort of the same columns, and their ratio."""
    own, theirs, ratio = medians(rounds, lambda: estimate(given), lambda: sort(given))
    return own, theirs, ratio


def beside_the_card(folder: Path, size: int, rounds: int) -> str:
    """What the estimates cost in a ledger, and the board from beginning to end, beside the figures of the card."""
    given, path = platform_dump.columns(size), folder / "ledger.db"
    platform_dump.platform(path, len(given.claims))
    with Ledger(path, me="ana") as ledger:
        ledger.import_forecasts(given.mapping(), published_in="platform")
        standings = ledger.leaderboard(today=TODAY).standings
        pieces, table = standings.pieces, standings.pool.table
        found = medians(
            rounds,
            lambda: standings._adjusted(pieces, table.claims.units.fair),
            lambda: ledger.leaderboard(today=TODAY),
            lambda: track_records(table, Cohort.SETTLED),
        )
    times, ratios = found[:3], found[3:]
    return (
        f"{size:,} forecasts in a ledger, {pieces.claim.size:,} pieces: estimates {times[0]:.2f} s, {ratios[0]:.1f} of "
        f"the held card's {times[2]:.2f} s; the board, called again, {times[1]:.2f} s, {ratios[1]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    given = contest()
    took = median(seconds(partial(estimate, given)) for _ in range(chosen.rounds))
    verdict = "" if took <= DRAWN_IN else f"  ABOVE {DRAWN_IN} s"
    print(f"contest of {PEOPLE:,} x {CLAIMS}, {given[0].size:,} pieces: {took:.2f} s{verdict}")
    for size in chosen.sizes:
        own, theirs, ratio = beside_a_sort(platform(size), chosen.rounds)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{size:,} pieces: {own:.2f} s, sort {theirs:.2f} s, ratio {ratio:.1f}, {memory:.1f} GB")
        with tempfile.TemporaryDirectory() as folder:
            print(beside_the_card(Path(folder), size, chosen.rounds))


if __name__ == "__main__":
    main()
