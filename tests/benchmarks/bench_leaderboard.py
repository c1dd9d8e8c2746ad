"""How fast the arithmetic of the leaderboard is: a contest of 3,292 forecasters, and millions of pieces beside a sort.

Run: python -m tests.benchmarks.bench_leaderboard [--sizes 1000000] [--rounds 3]

No library computes the same. What it cannot do without is bringing starts and ends in order, so it is timed beside
numpy's `lexsort` of the same two columns. CPU time of this process is counted, for the machine may be busy.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from forecasts.adjusted_skill import AdjustedSkill, adjusted_skill

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


def seconds(work: Callable[[Columns], object], given: Columns) -> float:
    begun = time.process_time()
    work(given)
    return time.process_time() - begun


def beside_a_sort(size: int, rounds: int) -> tuple[float, float, float]:
    """Our median seconds, those of the sort, and the median ratio."""
    given = platform(size)
    times = [(seconds(estimate, given), seconds(sort, given)) for _ in range(rounds)]
    own, theirs = (median(column) for column in zip(*times, strict=True))
    return own, theirs, median(ours / other for ours, other in times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    given = contest()
    took = median(seconds(estimate, given) for _ in range(chosen.rounds))
    verdict = "" if took <= DRAWN_IN else f"  ABOVE {DRAWN_IN} s"
    print(f"contest of {PEOPLE:,} x {CLAIMS}, {given[0].size:,} pieces: {took:.2f} s{verdict}")
    for size in chosen.sizes:
        own, theirs, ratio = beside_a_sort(size, chosen.rounds)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{size:,} pieces: {own:.2f} s, sort {theirs:.2f} s, ratio {ratio:.1f}, {memory:.1f} GB")


if __name__ == "__main__":
    main()
