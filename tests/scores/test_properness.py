"""Properness: the honest probability has the best expected score. The rules that lack it must fail the same test.

Over time the claim is by date and in four parts of any length: in each, with a chance of its own, the event comes at
the end of it and closes the claim. The honest forecaster says at the beginning of each part how likely the event still
is. He competes with paths that shout once, and with paths at random.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.platforms import (
    fatebook,
    good_judgment,
    metaculus_baseline,
    metaculus_baseline_at,
    metaculus_peer,
    metaculus_peer_at,
    metaculus_spot,
    sampled_daily,
)
from forecasts.reference import ConstantHazard
from forecasts.scores import brier, brier_multi, brier_original, log_score, rps, spherical
from forecasts.standing import Standing, standing
from forecasts.time_scores import first_forecast, last_forecast, spot, time_brier, time_skill

GRID = np.linspace(0.01, 0.99, 99)

# --- single forecasts --------------------

LOSSES: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "brier": brier,
    "brier_original": lambda p, v: brier_original(p, np.full(p.shape, v)),
    "log_score": lambda p, v: log_score(p, np.full(p.shape, v)),
    "log_score in bits": lambda p, v: log_score(p, np.full(p.shape, v), base=2),
    "spherical": lambda p, v: -spherical(p, np.full(p.shape, v)),
    "metaculus_baseline": lambda p, v: -metaculus_baseline_at(p, v),
    "metaculus_peer": lambda p, v: -metaculus_peer_at([p, np.full(p.shape, 0.3)], v)[0],
}
CONTROLS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "absolute error": lambda p, v: np.abs(p - v),
    "share called right": lambda p, v: -((p > 0.5) == (v > 0.5)).astype(float),
}


def best_on_grid(loss: Callable[[np.ndarray, float], np.ndarray], truth: float) -> float:
    mean = truth * loss(GRID, 1.0) + (1 - truth) * loss(GRID, 0.0)
    return float(GRID[np.argmin(mean)])


@pytest.mark.parametrize("name", LOSSES)
@given(truth=st.sampled_from(GRID.tolist()))
@settings(deadline=None, max_examples=99)
def test_the_honest_probability_has_the_best_expected_score(name, truth):
    assert best_on_grid(LOSSES[name], truth) == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize("name", CONTROLS)
def test_an_improper_rule_fails_the_same_test(name):
    assert best_on_grid(CONTROLS[name], 0.7) != pytest.approx(0.7, abs=0.05)


SIMPLEX = [np.array([a, b, 20 - a - b]) / 20 for a in range(1, 19) for b in range(1, 20 - a) if a + b < 20]


@pytest.mark.parametrize(
    "rule",
    [
        brier_multi,
        partial(brier_original, categories=True),
        rps,
        partial(log_score, categories=True),
        lambda p, k: -spherical(p, k, categories=True),
    ],
)
@given(index=st.integers(0, len(SIMPLEX) - 1))
@settings(deadline=None, max_examples=100)
def test_honesty_is_best_over_three_categories(rule, index):
    truth, rows = SIMPLEX[index], np.array(SIMPLEX)

    mean = sum(truth[k] * rule(rows, np.full(len(rows), k)) for k in range(3))

    assert np.argmin(mean) == index


# --- over time, with claims that close early --------------------

PARTS = 4  # of a claim, each with its own length
GRID_OF_SHOUTS = np.linspace(0.02, 0.98, 13)


@dataclass(frozen=True)
class ByDate:
    """A claim in parts: in each, with its chance, the event comes at the end of it and closes the claim."""

    hazards: tuple[float, ...]
    widths: tuple[float, ...]

    @property
    def honest(self) -> np.ndarray:
        """At the beginning of each part, the chance that the event still comes."""
        return 1.0 - np.cumprod((1.0 - np.array(self.hazards))[::-1])[::-1]

    def expected(self, rule: Callable[[Standing, float], np.ndarray], paths: np.ndarray) -> np.ndarray:
        """The mean of `rule` over all that can happen, for each path of forecasts (paths, parts); NaN is absence."""
        ends, open_still, total = np.cumsum(self.widths), 1.0, np.zeros(len(paths))
        for end, hazard in zip(ends, self.hazards, strict=True):
            total += open_still * hazard * rule(self.record(paths, end), 1.0)
            open_still *= 1.0 - hazard
        return total + open_still * rule(self.record(paths, ends[-1]), 0.0)

    def record(self, paths: np.ndarray, known: float) -> Standing:
        count, parts = paths.shape
        starts = np.append(0.0, np.cumsum(self.widths)[:-1])
        return standing(
            np.tile(starts, count),
            paths.ravel(),
            opens=np.zeros(count),
            closes=np.full(count, np.sum(self.widths)),
            known=known,
            series=np.repeat(np.arange(count), parts),
        )

    def alternatives(self, seed: int) -> np.ndarray:
        """Shouts: one forecast of the honest path moved over a grid, and whole paths at random."""
        moved = np.repeat(self.honest[np.newaxis], PARTS * GRID_OF_SHOUTS.size, axis=0)
        moved[np.arange(len(moved)), np.repeat(np.arange(PARTS), GRID_OF_SHOUTS.size)] = np.tile(GRID_OF_SHOUTS, PARTS)
        return np.vstack([moved, np.random.default_rng(seed).random((60, PARTS))])


CLAIMS = st.builds(
    ByDate, hazards=st.tuples(*[st.floats(0.01, 0.9)] * PARTS), widths=st.tuples(*[st.floats(0.1, 5.0)] * PARTS)
)
SHOUTED = ByDate(hazards=(0.2, 0.01, 0.02, 0.02), widths=(1.0, 1.0, 1.0, 1.0))  # whole days, for the daily rules


def until_close(record: Standing) -> Standing:
    """What the improper sites see: a window that ends when the claim closes."""
    closes = np.full(record.opens.size, record.ends.max())
    return Standing(record.starts, record.ends, record.probabilities, record.series, record.opens, closes)


def each_by_itself(rule: Callable[[Standing, float], float]) -> Callable[[Standing, float], np.ndarray]:
    """A rule for all forecasters of one claim, asked about one forecaster at a time beside one who says 40%."""

    def ours(record: Standing, outcome: float) -> np.ndarray:
        values = []
        for series in range(record.opens.size):
            mine = record.series == series
            pair = Standing(
                np.append(record.starts[mine], 0.0),
                np.append(record.ends[mine], record.ends.max()),
                np.append(record.probabilities[mine], 0.4),
                np.append(np.zeros(mine.sum(), dtype=np.intp), 1),
                record.opens[:2] * 0.0,
                np.full(2, record.closes[0]),
            )
            values.append(rule(pair, outcome))
        return np.array(values)

    return ours


def all_of(outcome: float, record: Standing) -> np.ndarray:
    return np.full(record.opens.size, outcome)


def against_a_hazard(record: Standing, outcome: float) -> np.ndarray:
    return time_skill(record, all_of(outcome, record), reference=ConstantHazard(0.6))


def spot_of(record: Standing, outcome: float) -> np.ndarray:
    """Half-way through the window: the Brier score of what stood, and that of "half" where nothing did any more."""
    return brier(np.nan_to_num(spot(record, record.closes / 2), nan=0.5), all_of(outcome, record))


def crowd_accuracy(record: Standing, outcome: float) -> float:
    return float(good_judgment(sampled_daily(until_close(record)), outcome).accuracy[0])


PROPER_OVER_TIME: dict[str, Callable[[Standing, float], np.ndarray]] = {
    "time_brier": lambda record, v: time_brier(record, all_of(v, record)),
    "time_skill against half": lambda record, v: -time_skill(record, all_of(v, record)),
    "time_skill against a hazard": lambda record, v: -against_a_hazard(record, v),
    "metaculus_baseline": lambda record, v: -metaculus_baseline(record, v),
    "first forecast": lambda record, v: brier(first_forecast(record), all_of(v, record)),
    "spot": spot_of,
}
IMPROPER_OVER_TIME: dict[str, Callable[[Standing, float], np.ndarray]] = {
    "last forecast": lambda record, v: brier(last_forecast(record), all_of(v, record)),
    "time_brier to the close": lambda record, v: time_brier(until_close(record), all_of(v, record)),
    "metaculus_spot at the close": each_by_itself(
        lambda record, v: -metaculus_spot(until_close(record), v, at=record.closes[0], score=metaculus_baseline_at)[0]
    ),
    "good_judgment": each_by_itself(
        lambda record, v: float(good_judgment(sampled_daily(until_close(record)), v).mean_brier[0])
    ),
    "good_judgment against the crowd": each_by_itself(crowd_accuracy),
    "fatebook": each_by_itself(lambda record, v: float(fatebook(until_close(record), v).absolute[0])),
    "fatebook against the crowd": each_by_itself(lambda record, v: float(fatebook(until_close(record), v).relative[0])),
}
PEER = each_by_itself(lambda record, v: -float(metaculus_peer(record, v)[0]))


def gain_of_the_best_shout(rule: Callable[[Standing, float], np.ndarray], claim: ByDate, shouts: np.ndarray) -> float:
    honest, *others = claim.expected(rule, np.vstack([claim.honest, shouts]))
    return float(honest - min(others))


@pytest.mark.parametrize("name", PROPER_OVER_TIME)
@given(claim=CLAIMS, seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=100)
def test_over_the_scheduled_window_no_shout_beats_honesty(name, claim, seed):
    assert gain_of_the_best_shout(PROPER_OVER_TIME[name], claim, claim.alternatives(seed)) <= 1e-9


@given(claim=CLAIMS, seed=st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_nor_does_it_among_peers(claim, seed):
    shouts = np.random.default_rng(seed).choice(claim.alternatives(seed), 12)

    assert gain_of_the_best_shout(PEER, claim, shouts) <= 1e-9


@pytest.mark.parametrize("name", IMPROPER_OVER_TIME)
def test_scores_that_run_to_the_close_fail_the_same_test(name):
    assert gain_of_the_best_shout(IMPROPER_OVER_TIME[name], SHOUTED, SHOUTED.alternatives(1)) > 0.01


def test_the_claim_on_which_they_fail_is_no_trap_for_the_proper_ones():
    for rule in [*PROPER_OVER_TIME.values(), PEER]:
        assert gain_of_the_best_shout(rule, SHOUTED, SHOUTED.alternatives(1)) <= 1e-9


def test_the_published_example_of_shouting():
    """Metaculus' FAQ: 20% in week 1, 4% at the end of week 52. Averaged to the close, shouting wins; scheduled, not."""
    published = {
        "to the close": (0.15407538461538461, 0.05161384615384615),
        "scheduled": (0.04077692307692307, 0.05159423076923077),
    }
    got = {}
    for name in published:
        pair = []
        for first in (0.24, 0.99):
            total = 0.0
            for chance, known, outcome in ((0.20, 1, 1), (0.04, 52, 1), (0.76, 52, 0)):
                closes = known if name == "to the close" else 52
                record = standing([0, 1], [first, 0.05], opens=0, closes=closes, known=known)
                total += chance * time_brier(record, outcome)
            pair.append(total)
        got[name] = tuple(pair)

    for name, pair in published.items():
        assert got[name] == pytest.approx(pair, abs=1e-12)


# --- absence --------------------


def against_another(record: Standing, outcome: float) -> np.ndarray:
    rival = ByDate((0.1,) * PARTS, tuple(np.full(PARTS, record.closes[0] / PARTS)))
    paths = np.full((record.opens.size, PARTS), 0.4)
    return time_skill(record, all_of(outcome, record), reference=rival.record(paths, known=float(record.ends.max())))


RANKED: dict[str, Callable[[Standing, float], np.ndarray]] = {
    "time_skill against half": lambda record, v: time_skill(record, all_of(v, record)),
    "time_skill against another": against_another,
    "time_skill against a hazard": against_a_hazard,
    "metaculus_baseline": metaculus_baseline,
    "metaculus_peer": lambda record, v: -PEER(record, v),
}


def absences(claim: ByDate) -> np.ndarray:
    """The honest path without some of its parts, in every way but the last, which is not to be there at all."""
    away = np.array(list(product([False, True], repeat=PARTS)))
    return np.where(away, np.nan, claim.honest)[:-1]


@pytest.mark.parametrize("name", RANKED)
@given(claim=CLAIMS)
@settings(deadline=None, max_examples=25)
def test_absence_never_beats_honest_presence_in_what_is_ranked(name, claim):
    there, *away = claim.expected(RANKED[name], absences(claim))

    assert there >= max(away) - 1e-9
    assert there >= -1e-9  # and who is not there at all has 0 in each of these


def test_absence_beats_presence_in_the_time_brier_and_in_fatebook_so_they_are_never_ranked():
    claim = ByDate((0.2, 0.1, 0.1, 0.1), (1.0,) * PARTS)

    def absolute(record, outcome):
        # the record of someone who left is shorter, the window of the claim is not
        return float(fatebook(record, outcome).absolute[0])

    for rule in (PROPER_OVER_TIME["time_brier"], each_by_itself(absolute)):
        there, *away = claim.expected(rule, absences(claim))
        assert min(away) < there - 0.01
