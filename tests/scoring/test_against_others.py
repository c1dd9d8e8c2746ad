"""The median of the others, computed for everybody at once, is that of all others who stand in each piece of time."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from forecasts.standing import Standing, standing
from predictions.scoring.against_others import beside_others, saved_on_others
from predictions.scoring.columns import standing_tables


def invented(seed: int) -> tuple[Standing, np.ndarray, np.ndarray, np.ndarray]:
    """Series on some claims, among them such as nothing stood in: the claim of each, whether it counts, its outcome."""
    random = np.random.default_rng(seed)
    series, claims, most = random.integers(2, (40, 6, 300)).tolist()
    claim = np.sort(random.integers(0, claims, series))
    opens, closes = 10.0 * claim, 10.0 * claim + 50.0 + claim
    times = np.round(random.uniform(-5, 60, most), int(random.choice([0, 4]))) + 10.0
    chance = np.round(random.random(most), int(random.choice([1, 6])))
    chance[random.random(most) < 0.2] = np.nan
    known = random.uniform(20, 90, claims)[claim]
    stood = standing(times, chance, opens=opens, closes=closes, known=known, series=random.integers(0, series, most))
    return stood, claim, random.random(series) < 0.8, random.choice([0.0, 0.25, 1.0], claims)[claim]


def said_at(stood: Standing, moment: float, series: int) -> float | None:
    mine = (stood.series == series) & (stood.starts <= moment) & (moment < stood.ends)
    return float(stood.probabilities[mine][0]) if mine.any() else None


def pieces(stood: Standing, claim: np.ndarray, counted: np.ndarray, series: int) -> list[tuple[float, float, float]]:
    """Share of the window, what was said and what the others said, told moment by moment."""
    found = []
    on = np.flatnonzero(claim == claim[series])
    here = np.isin(stood.series, on)
    cuts = np.unique(np.concatenate([stood.starts[here], stood.ends[here]])).tolist()
    for begin, end in pairwise(cuts):
        own = said_at(stood, begin, series)
        rest = [said_at(stood, begin, one) for one in on.tolist() if one != series and counted[one]]
        others = [chance for chance in rest if chance is not None]
        if own is not None and others:
            found.append(((end - begin) / float(stood.horizon[series]), own, median(others)))
    return found


@pytest.mark.parametrize("cells", [1, 1 << 20], ids=["a table at a time", "all at once"])
@pytest.mark.parametrize("seed", range(25))
def test_what_is_saved_is_told_moment_by_moment(seed: int, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_tables, "TABLE_CELLS", cells)
    stood, claim, counted, outcome = invented(seed)

    found = saved_on_others(stood, claim, counted, outcome)

    expected = []
    for series, v in enumerate(outcome.tolist()):
        told = pieces(stood, claim, counted, series)
        expected.append(
            sum(share * ((rest - v) ** 2 - (own - v) ** 2) for share, own, rest in told) if told else np.nan
        )
    assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("seed", range(5))
def test_each_piece_has_its_share_and_its_median(seed: int) -> None:
    stood, claim, counted, _ = invented(seed)

    found: list[list[tuple[float, ...]]] = [[] for _ in claim]
    for one in beside_others(stood, claim, counted):
        for line, table, piece in zip(*np.nonzero(~np.isnan(one.medians)), strict=True):
            told = (one.starts[table, piece], one.shares[table, piece], one.numbers[line, table])
            found[one.series[line, table]].append((*told, one.medians[line, table, piece]))

    for series, told in enumerate(found):
        plain = [(share, said, rest) for _, share, said, rest in sorted(told)]
        assert plain == [pytest.approx(one, abs=1e-12) for one in pieces(stood, claim, counted, series)]


def test_the_verbs_that_are_timed_on_a_million_run_on_few(tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.benchmarks.bench_many import taken

    timed = list(taken(tmp_path, 2_000, 40))

    assert len(timed) == 22
    assert all(took > 0 for _, took, _ in timed)
