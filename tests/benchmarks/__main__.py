"""Prints the whole table of benchmarks.

Run: python -m tests.benchmarks --sizes 10000 1000000 10000000 --engine 50000000; without options a smoke test.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from predictions.importing.results import MOST_ROWS
from tests.benchmarks import bench_kinds, bench_leaderboard, bench_scale, bench_scores
from tests.benchmarks.bench_scale import Figure

LIBRARIES = ("numpy", "pandas", "duckdb", "ibis-framework", "pyarrow", "pydantic", "scoringrules", "scikit-learn")


def scores(size: int, rounds: int) -> Iterator[Figure]:
    for name, (ours, peers) in bench_scores.contests(size).items():
        own, medians, ratio = bench_scores.compare(ours, peers, rounds)
        fastest = min(medians, key=lambda peer: medians[peer])
        yield Figure(f"{name}, arrays in memory", fastest, f"{size:,}", own, medians[fastest], ratio, "at most 0.8x")


def sequence(rounds: int) -> Figure:
    own, medians, ratio = bench_scores.compare(*bench_scores.sequence(), rounds)
    ((peer, theirs),) = medians.items()
    size, target = f"{bench_scores.STATEMENTS:,}", f"at most {bench_scores.PASSES}x"
    return Figure("confidence sequence after all statements", peer, size, own, theirs, ratio, target)


def leaderboard(what: str, pieces: bench_leaderboard.Columns, rounds: int) -> Figure:
    own, theirs, ratio = bench_leaderboard.beside_a_sort(pieces, rounds)
    return Figure(f"{what} (CPU)", "numpy's lexsort", f"{pieces[0].size:,}", own, theirs, ratio, "at most 10x")


def figures(sizes: list[int], engine: int, rounds: int, folder: Path) -> Iterator[Figure]:
    (folder / "start").mkdir()
    yield from bench_scale.starting(folder / "start", rounds)
    yield from bench_scale.appending(folder / "start", rounds)
    taken: dict[str, dict[int, float]] = {}
    for size in sizes:
        place = folder / str(size)
        place.mkdir()
        for part in (bench_scale.importing, bench_scale.reading, bench_scale.scoring):
            for figure in part(place, size, rounds):
                taken.setdefault(figure.what, {}).setdefault(size, figure.ours)
                yield figure
        if size <= 1_000_000:
            yield from bench_kinds.importing_choices(place, size, rounds)
            yield from bench_kinds.importing_kinds(place, size, rounds)
        if size > MOST_ROWS:
            yield from bench_scale.memory(place, size)
        yield from scores(size, rounds)
        yield leaderboard("leaderboard, pieces in memory", bench_leaderboard.platform(size), rounds)
        for old in place.rglob("*.db"):
            old.unlink()
    yield leaderboard("leaderboard of a contest", bench_leaderboard.contest(), rounds)
    yield sequence(rounds)
    if {1_000_000, 10_000_000} <= set(sizes):
        for what in ("scorecard, series held (CPU)", "first scorecard from the file"):
            small, large = taken[what][1_000_000], taken[what][10_000_000]
            yield Figure(f"growth: {what}", "1,000,000", "10,000,000", large, small, large / small, "at most 11x")
    yield from bench_scale.engine(folder, engine, rounds)
    yield from bench_scale.difference(folder)


def machine() -> str:
    memory = Path("/proc/meminfo").read_text().split()[1] if Path("/proc/meminfo").exists() else "?"
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")][:1]
    name = model[0].partition(": ")[2] if model else platform.processor()
    libraries = ", ".join(f"{one} {version(one)}" for one in LIBRARIES)
    return (
        f"{time.strftime('%Y-%m-%d')}, {name}, {len(__import__('os').sched_getaffinity(0))} cores, "
        f"{int(memory) // 2**20} GB, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}; {libraries}."
    )


def shown(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def line(figure: Figure) -> str:
    met = "yes" if figure.met else "**no**"
    ratio = f"{figure.ratio:.2g}" if figure.ratio < 0.01 else f"{figure.ratio:.2f}"
    return (
        f"| {figure.what} | {figure.against} | {figure.size} | {shown(figure.ours)} | {shown(figure.theirs)} "
        f"| {ratio} | {figure.target} | {met} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000])
    parser.add_argument("--engine", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{machine()}\n")
    print("| what | against | forecasts | ours | theirs | ratio | target | met |")
    print("| --- | --- | ---: | ---: | ---: | ---: | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for figure in figures(chosen.sizes, chosen.engine, chosen.rounds, Path(folder)):
            print(line(figure), flush=True)


if __name__ == "__main__":
    main()
