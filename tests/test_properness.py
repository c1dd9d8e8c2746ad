"""Properness: the honest probability has the best expected score. The rules that lack it must fail the same test.

Over time the claim is by date and in two parts: with chance `early` the event comes at the end of the first part
and closes the claim; else with chance `late` it comes at the end of the second; else never. The honest forecaster
says `early + (1 - early) late` at first and `late` afterwards. He competes with every pair on a grid.
"""

from __future__ import annotations

from collections.abc import Callable
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
    sampled_daily,
)
from forecasts.reference import ConstantHazard
from forecasts.scores import brier, brier_multi, brier_original, log_score, rps, spherical
from forecasts.standing import (
    Standing,
    first_forecast,
    last_forecast,
    spot,
    standing,
    time_brier,
    time_skill,
)

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
@settings(deadline=None)
def test_the_honest_probability_has_the_best_expected_score(name, truth):
    assert best_on_grid(LOSSES[name], truth) == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize("name", CONTROLS)
def test_an_improper_rule_fails_the_same_test(name):
    assert best_on_grid(CONTROLS[name], 0.7) != pytest.approx(0.7, abs=0.05)


SIMPLEX = [np.array([a, b, 20 - a - b]) / 20 for a in range(1, 19) for b in range(1, 20 - a) if a + b < 20]


@pytest.mark.parametrize("rule", [brier_multi, brier_original, rps, log_score, lambda p, k: -spherical(p, k)])
@given(index=st.integers(0, len(SIMPLEX) - 1))
@settings(deadline=None, max_examples=30)
def test_honesty_is_best_over_three_categories(rule, index):
    truth, rows = SIMPLEX[index], np.array(SIMPLEX)

    mean = sum(truth[k] * rule(rows, np.full(len(rows), k)) for k in range(3))

    assert np.argmin(mean) == index


# --- over time, with claims that close early --------------------

PARTS = 4.0  # the first part is one day of four
SHOUTS = np.linspace(0.05, 0.95, 19)
OVER_TIME = st.tuples(st.sampled_from([0.1, 0.2, 0.4]), st.sampled_from([0.05, 0.25, 0.5]))


def expected(rule: Callable[[Standing, float], float], early: float, late: float, said: tuple) -> float:
    """The mean of `rule` over the three things that can happen; the second forecast comes after the first part."""
    record = {known: standing([0, 1], said, opens=0, closes=PARTS, known=known) for known in (1.0, PARTS)}
    return (
        early * rule(record[1.0], 1.0)
        + (1 - early) * late * rule(record[PARTS], 1.0)
        + (1 - early) * (1 - late) * rule(record[PARTS], 0.0)
    )


def until_close(record: Standing, outcome: float) -> Standing:
    """What the improper sites see: a window that ends when the claim closes."""
    return Standing(
        record.starts, record.ends, record.probabilities, record.series, record.opens, record.ends[-1:], True
    )


def with_peer(record: Standing) -> Standing:
    """The same forecaster beside one who always says 40%."""
    known = record.ends[-1]
    return standing(
        [*record.starts, 0.0],
        [*record.probabilities, 0.4],
        opens=[0, 0],
        closes=[PARTS, PARTS],
        known=known,
        series=[0] * record.starts.size + [1],
    )


def crowd_median_accuracy(record: Standing, outcome: float) -> float:
    both = with_peer(record)
    closed = Standing(both.starts, both.ends, both.probabilities, both.series, both.opens, np.full(2, record.ends[-1]))
    return float(good_judgment(sampled_daily(closed), outcome).accuracy[0])


PROPER_OVER_TIME: dict[str, Callable[[Standing, float], float]] = {
    "time_brier": time_brier,
    "time_skill against half": lambda record, v: -time_skill(record, v),
    "time_skill against a hazard": lambda record, v: -time_skill(record, v, ConstantHazard(0.6)),
    "metaculus_baseline": lambda record, v: -metaculus_baseline(record, v),
    "metaculus_peer": lambda record, v: -metaculus_peer(with_peer(record), v)[0],
}
IMPROPER_OVER_TIME: dict[str, Callable[[Standing, float], float]] = {
    "last forecast": lambda record, v: brier(last_forecast(record), v),
    "time_brier to the close": lambda record, v: time_brier(until_close(record, v), v),
    "good_judgment": lambda record, v: float(good_judgment(sampled_daily(until_close(record, v)), v).mean_brier[0]),
    "good_judgment against the crowd": crowd_median_accuracy,
    "fatebook": lambda record, v: float(fatebook(until_close(record, v), v).absolute[0]),
}


def gain_of_the_best_shout(rule: Callable[[Standing, float], float], early: float, late: float) -> float:
    honest = expected(rule, early, late, (early + (1 - early) * late, late))
    best = min(expected(rule, early, late, said) for said in product(SHOUTS, SHOUTS))
    return honest - best


@pytest.mark.parametrize("name", PROPER_OVER_TIME)
@given(chances=OVER_TIME)
@settings(deadline=None, max_examples=4)
def test_over_the_scheduled_window_no_shout_beats_honesty(name, chances):
    assert gain_of_the_best_shout(PROPER_OVER_TIME[name], *chances) <= 1e-12


@pytest.mark.parametrize("name", IMPROPER_OVER_TIME)
def test_scores_that_run_to_the_close_fail_the_same_test(name):
    assert gain_of_the_best_shout(IMPROPER_OVER_TIME[name], 0.2, 0.05) > 0.01


@given(chances=OVER_TIME)
@settings(deadline=None, max_examples=4)
def test_the_brier_of_the_first_forecast_is_proper(chances):
    def rule(record, outcome):
        return brier(first_forecast(record), outcome)

    assert gain_of_the_best_shout(rule, *chances) <= 1e-12


@given(chances=OVER_TIME)
@settings(deadline=None, max_examples=4)
def test_a_spot_at_a_scheduled_instant_is_proper(chances):
    def rule(record, outcome):
        said = spot(record, at=PARTS - 1)
        return 0.0 if said is None else brier(said, outcome) - 0.25

    assert gain_of_the_best_shout(rule, *chances) <= 1e-12


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

RANKED: dict[str, Callable[[Standing, float], float]] = {
    "time_skill against half": time_skill,
    "time_skill against another": lambda record, v: time_skill(
        record, v, standing([0], [0.4], opens=0, closes=PARTS, known=record_end(record))
    ),
    "time_skill against a hazard": lambda record, v: time_skill(record, v, ConstantHazard(0.6)),
    "metaculus_baseline": metaculus_baseline,
}


def record_end(record: Standing) -> float:
    return float(record.ends[-1]) if record.ends.size else PARTS


@pytest.mark.parametrize("name", RANKED)
@given(chances=OVER_TIME)
@settings(deadline=None, max_examples=6)
def test_absence_never_beats_honest_presence_in_what_is_ranked(name, chances):
    early, late = chances
    honest = (early + (1 - early) * late, late)
    rule = RANKED[name]

    there = expected(rule, early, late, honest)

    for away in ((np.nan, honest[1]), (honest[0], np.nan), (np.nan, np.nan)):
        assert there >= expected(rule, early, late, away) - 1e-12


def test_absence_beats_presence_in_the_time_brier_and_in_fatebook_so_they_are_never_ranked():
    early, late = 0.2, 0.25
    honest, away = (0.4, 0.25), (0.4, np.nan)

    def absolute(record, outcome):
        # the record of someone who left is shorter, the window of the claim is not
        return float(fatebook(record, outcome).absolute[0])

    for rule in (time_brier, absolute):
        assert expected(rule, early, late, away) < expected(rule, early, late, honest) - 0.01
