"""How fast plain scores are beside scikit-learn, scoringrules, scores, properscoring and pandas on the same arrays.

Run: python -m tests.benchmarks.bench_scores [--sizes 10000 1000000] [--rounds 9]

Every round times ours and each peer one after the other; printed are the median times and the median of the
paired ratios to the fastest peer. A ratio of at most 0.8 is the aim.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd
import properscoring
import scoringrules
import xarray
from scores.probability import brier_score as scores_brier
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

from forecasts.bins import display_bins
from forecasts.scores import brier, log_score, mean_score
from forecasts.sequential import STAKES, confidence_sequence
from forecasts.standing import standing
from forecasts.time_scores import time_skill

FORECASTERS = 100
AIM = 0.8
STATEMENTS = 1_000_000  # of a confidence sequence
PASSES = 6  # that it may take, each as long as numpy's logarithms of the same bets
Work = Callable[[], object]


def pandas_brier_each(frame: pd.DataFrame) -> object:
    return ((frame["p"] - frame["y"]) ** 2).groupby(frame["forecaster"]).mean()


def pandas_bins(frame: pd.DataFrame) -> object:
    index = np.minimum((frame["p"] * 10).astype(int), 9)
    return frame.groupby([frame["forecaster"], index])[["p", "y"]].agg(["count", "mean"])


def scikit_learn_bins(p: np.ndarray, y: np.ndarray, by: np.ndarray) -> object:
    return [calibration_curve(y[by == one], p[by == one], n_bins=10) for one in range(FORECASTERS)]


def brier_each(p: np.ndarray, y: np.ndarray, by: np.ndarray) -> object:
    return np.bincount(by, brier(p, y), FORECASTERS) / np.bincount(by, minlength=FORECASTERS)


def contests(size: int) -> dict[str, tuple[Work, dict[str, Work]]]:
    rng = np.random.default_rng(0)
    p, by = rng.uniform(0.001, 0.999, size), rng.integers(0, FORECASTERS, size)
    y = (rng.random(size) < p).astype(float)
    p_x, y_x = xarray.DataArray(p, dims="i"), xarray.DataArray(y, dims="i")
    frame = pd.DataFrame({"p": p, "y": y, "forecaster": by})
    return {
        "mean Brier": (
            lambda: mean_score(brier(p, y)),
            {
                "scikit-learn": lambda: brier_score_loss(y, p),
                "scoringrules": lambda: scoringrules.brier_score(y, p).mean(),
                "scores": lambda: float(scores_brier(p_x, y_x)),
                "properscoring": lambda: properscoring.brier_score(y, p).mean(),
            },
        ),
        "mean log score": (
            lambda: mean_score(log_score(p, y)),
            {"scikit-learn": lambda: log_loss(y, p), "scoringrules": lambda: scoringrules.log_score(y, p).mean()},
        ),
        "Brier for each forecaster": (lambda: brier_each(p, y, by), {"pandas": lambda: pandas_brier_each(frame)}),
        "bins for each forecaster": (
            lambda: display_bins(p, y, by=by),
            {"pandas": lambda: pandas_bins(frame), "scikit-learn": lambda: scikit_learn_bins(p, y, by)},
        ),
    }


def sequence() -> tuple[Work, dict[str, Work]]:
    """The interval after a million statements, beside one pass of numpy over its thirty bets on each."""
    differences = np.random.default_rng(0).uniform(-1.0, 1.0, STATEMENTS)
    return lambda: confidence_sequence(differences), {
        "numpy's log of the bets": lambda: np.log1p(np.outer(STAKES, differences)).sum(axis=1)
    }


def seconds(work: Work, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - start) / repeats


def compare(ours: Work, peers: dict[str, Work], rounds: int) -> tuple[float, dict[str, float], float]:
    """Our median, each peer's median, and the median paired ratio to the peer that was fastest overall."""
    everyone = {"ours": ours, **peers}
    repeats = {name: max(1, int(0.01 / max(seconds(work, 1), 1e-9))) for name, work in everyone.items()}
    timed = {name: [] for name in everyone}
    for _ in range(rounds):
        for name, work in everyone.items():
            timed[name].append(seconds(work, min(repeats[name], 200)))
    medians = {name: median(times) for name, times in timed.items()}
    fastest = min(peers, key=lambda name: medians[name])
    ratio = median(own / theirs for own, theirs in zip(timed["ours"], timed[fastest], strict=True))
    return medians.pop("ours"), medians, ratio


def standing_seconds(size: int) -> float:
    """Building the standing forecasts of a tenth as many series and their skill over time; no peer has it."""
    rng = np.random.default_rng(0)
    count = max(1, size // 10)
    series, times, p = np.sort(rng.integers(0, count, size)), rng.random(size), rng.random(size)
    outcome = rng.integers(0, 2, count)
    order = np.lexsort((times, series))
    times = times[order]

    def work() -> object:
        record = standing(times, p, opens=np.zeros(count), closes=np.ones(count), series=series)
        return time_skill(record, outcome)

    return median(seconds(work, 1) for _ in range(5))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args()
    for size in chosen.sizes:
        print(f"\n{size:,} forecasts")
        for name, (ours, peers) in contests(size).items():
            own, medians, ratio = compare(ours, peers, chosen.rounds)
            shown = ", ".join(f"{peer} {1e3 * took:.3f} ms" for peer, took in medians.items())
            verdict = "" if ratio <= AIM else f"  ABOVE {AIM}"
            print(f"  {name:<26} ours {1e3 * own:.3f} ms; {shown}; ratio {ratio:.2f}{verdict}")
        print(f"  {'standing and time skill':<26} ours {1e3 * standing_seconds(size):.1f} ms (no peer)")
    own, _, ratio = compare(*sequence(), chosen.rounds)
    verdict = "" if ratio <= PASSES else f"  ABOVE {PASSES}"
    print(
        f"\nconfidence sequence of {STATEMENTS:,}: ours {own:.3f} s, ratio to numpy's logarithms {ratio:.0f}{verdict}"
    )


if __name__ == "__main__":
    main()
