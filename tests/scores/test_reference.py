"""Reference forecasters and evidence: squigglepy's and scipy's numbers, and the edges."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import expon, poisson

from forecasts.reference import ConstantHazard, constant_hazard, count_threshold, leave_one_out, lindy, stale, updated

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "18_evidence_and_hazard.json").read_text())
HAZARDS = [
    (case["p0"], case["horizon"], float(elapsed), q)
    for case in VECTORS["constant_hazard"]["cases"]
    for elapsed, q in case["remaining_at_elapsed"].items()
]


@pytest.mark.parametrize(("p0", "horizon", "elapsed", "q"), HAZARDS)
def test_constant_hazard_reproduces_its_vectors(p0, horizon, elapsed, q):
    ours = constant_hazard(p0, elapsed=elapsed, horizon=horizon)

    assert ours == pytest.approx(q, abs=1e-12)
    assert constant_hazard(p0, elapsed=elapsed, horizon=horizon, survival=True) == pytest.approx(1 - q)


@given(st.floats(0.01, 0.99), st.floats(0, 1))
def test_constant_hazard_is_the_exponential_waiting_time_given_nothing_yet(p0, elapsed):
    waiting = expon(scale=-1 / np.log1p(-p0))

    expected = 1 - waiting.sf(1.0) / waiting.sf(elapsed)

    assert constant_hazard(p0, elapsed=elapsed, horizon=1) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("p0", "elapsed", "q"), [(1.0, 0.0, 1.0), (1.0, 9.9, 1.0), (1.0, 10.0, 0.0), (0.0, 3.0, 0.0)])
def test_certainty_stays_until_the_deadline(p0, elapsed, q):
    assert constant_hazard(p0, elapsed=elapsed, horizon=10) == q


def test_constant_hazard_over_arrays():
    falling = constant_hazard(np.array([0.75, 0.75]), elapsed=np.array([0.0, 1.0]), horizon=2)

    assert falling.tolist() == [0.75, 0.5]
    assert type(constant_hazard(0.75, elapsed=1, horizon=2)) is float


@pytest.mark.parametrize("elapsed", [-1, 11])
def test_outside_the_window_there_is_no_hazard(elapsed):
    with pytest.raises(ValueError, match="not within the window"):
        ConstantHazard(0.5).at(elapsed, opens=0, closes=10)
    with pytest.raises(ValueError, match=r"probability 1\.5"):
        ConstantHazard(1.5)


@pytest.mark.parametrize("case", VECTORS["laplace_time_invariant"])
def test_lindy_reproduces_squigglepy(case):
    ours = lindy(
        elapsed=case["time_passed"],
        left=case["time_remaining"],
        events=case["successes"],
        fixed_period=case.get("time_fixed", False),
    )

    assert ours == pytest.approx(case["squigglepy"], abs=1e-12)


@pytest.mark.parametrize(("elapsed", "left", "q"), [(0, 5, 1.0), (5, 0, 0.0), (5, 5, 0.5)])
def test_lindy_at_the_edges(elapsed, left, q):
    assert lindy(elapsed=elapsed, left=left) == q


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ({"elapsed": 0, "left": 0}, "no time at all"),
        ({"elapsed": -1, "left": 2}, "elapsed -1.0 is negative"),
        ({"elapsed": [1, 1], "left": [1, -2]}, "left -2.0 at index 1 is negative"),
        ({"elapsed": 1, "left": 2, "events": -1}, "events -1"),
    ],
)
def test_lindy_wants_time(times, message):
    with pytest.raises(ValueError, match=message):
        lindy(**times)


@given(st.floats(0, 50), st.floats(0, 20), st.integers(-2, 60))
@settings(deadline=None)
def test_count_threshold_is_the_upper_tail_of_a_poisson_count(rate, left, needed):
    expected = poisson.sf(needed - 1, rate * left)

    assert count_threshold(rate=rate, left=left, needed=needed) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("mean", "needed"), [(1000, 1000), (1e5, 99_000), (40.0, 200), (1e-6, 3), (700.0, 1)])
def test_far_tails_and_high_counts_keep_their_digits(mean, needed):
    assert count_threshold(rate=mean, left=1, needed=needed) == pytest.approx(poisson.sf(needed - 1, mean), rel=1e-9)


def test_many_counts_at_once():
    chances = count_threshold(rate=[0.5, 2.0, 0.0], left=2, needed=[1, 0, 1])

    assert chances == pytest.approx([1 - np.exp(-1), 1.0, 0.0])
    assert type(count_threshold(rate=1, left=1, needed=2)) is float


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"rate": -1, "left": 1}, "rate -1.0 is negative"),
        ({"rate": 1, "left": [1, -1]}, "left -1.0 at index 1 is negative"),
        ({"rate": inf, "left": 1}, "rate inf is not finite"),
        ({"rate": 1, "left": 1, "needed": 1.5}, "whole number"),
    ],
)
def test_count_threshold_refuses_what_is_no_rate(bad, message):
    with pytest.raises(ValueError, match=message):
        count_threshold(**{"needed": 1, **bad})


# --- evidence --------------------


@pytest.mark.parametrize("case", VECTORS["bayes"])
def test_updating_reproduces_squigglepy(case):
    ours = updated(case["prior"], [case["likelihood_ratio"]])

    assert ours == pytest.approx(case["posterior_squigglepy"], abs=1e-12)


def test_updating_step_by_step_and_at_once_agree():
    case = VECTORS["sequential"]
    ratios = [step["lh"] / step["ln"] for step in case["steps"]]

    stepwise = case["prior"]
    for step, ratio in zip(case["steps"], ratios, strict=True):
        stepwise = updated(stepwise, [ratio])
        assert stepwise == pytest.approx(step["posterior"], abs=1e-12)
    assert updated(case["prior"], ratios) == pytest.approx(stepwise, abs=1e-12)
    assert updated(case["prior"], ratios[::-1]) == pytest.approx(stepwise, abs=1e-12)


def test_evidence_that_repeats_counts_by_its_weight():
    assert updated(0.5, [9.0], weights=0.5) == pytest.approx(0.75)
    assert updated(0.5, [9.0, 9.0], weights=[1.0, 0.0]) == pytest.approx(0.9)
    assert updated(0.3, []) == pytest.approx(0.3)


def test_decisive_evidence_must_be_called_so():
    with pytest.raises(ValueError, match="decisive=True"):
        updated(0.5, [0.0])

    assert updated(0.5, [0.0, 3.0], decisive=True) == 0.0
    assert updated(0.5, [inf], decisive=True) == 1.0
    assert updated(0.0, [inf], decisive=True) == 0.0  # a prior of 0 never moves
    with pytest.raises(ValueError, match="cannot both be true"):
        updated(0.5, [0.0, inf], decisive=True)


@pytest.mark.parametrize(("ratios", "weights"), [([-1.0], 1.0), ([float("nan")], 1.0), ([2.0], 1.5)])
def test_wrong_evidence_is_refused(ratios, weights):
    with pytest.raises(ValueError, match="from 0"):
        updated(0.5, ratios, weights=weights)


# --- base rates and staleness --------------------


def test_leave_one_out_counts_the_others_of_the_same_tag():
    rates = leave_one_out([1, 0, 1, 0, 0.5], tag=["a", "a", "a", "b", "c"], alone=0.3)

    assert rates.tolist() == [0.5, 1.0, 0.5, 0.3, 0.3]


def test_leave_one_out_of_nothing_and_of_misfits():
    assert leave_one_out([]).size == 0
    with pytest.raises(ValueError, match="tag has 1 values for 2"):
        leave_one_out([1, 0], tag=["a"])


def test_a_by_date_forecast_left_alone_goes_stale():
    assert not stale(0.6, untouched=0, left_then=100)
    assert stale(0.6, untouched=90, left_then=100)  # it should be 0.088 by now
    assert not stale(0.6, untouched=90, left_then=100, tolerance=0.6)
    assert stale(0.4, untouched=90, left_then=100, survival=True)


def test_priors_and_evidence_come_in_arrays_too():
    together = updated([0.5, 0.2, 1.0], [[3.0, 2.0], [1.0, 4.0], [0.1, 0.1]], weights=[1.0, 0.5])

    assert together == pytest.approx([updated(0.5, [3.0, 2.0**0.5]), updated(0.2, [2.0]), 1.0])
    assert updated([0.5, 0.2], [3.0]) == pytest.approx([0.75, 3 / 7])
    assert type(updated(0.5, 3.0)) is float


def test_strong_evidence_does_not_overflow():
    assert updated(0.5, [1e300] * 4) == 1.0
    assert updated(0.5, [1e-300] * 4) == 0.0
    assert updated(1e-200, [1e200]) == pytest.approx(0.5)


def test_who_let_the_deadline_pass_is_stale():
    assert stale(0.6, untouched=200, left_then=100)
    assert stale(0.4, untouched=200, left_then=100, survival=True)
    assert not stale(0.0, untouched=200, left_then=100)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: constant_hazard(0.5, elapsed=3, horizon=2), "elapsed 3.0 is not from 0 to horizon"),
        (lambda: constant_hazard(0.5, elapsed=[0, -1], horizon=2), "elapsed -1.0 at index 1 is not from 0 to horizon"),
        (lambda: constant_hazard(0.5, elapsed=0, horizon=0), "horizon 0.0 is not above 0"),
        (lambda: constant_hazard(0.5, elapsed=[0, 1], horizon=[2, 2, 2]), "elapsed has shape .* horizon has shape"),
        (lambda: stale(0.5, untouched=-1, left_then=2), "untouched -1.0 is negative"),
        (lambda: stale(0.5, untouched=1, left_then=0), "left_then 0.0 is not above 0"),
    ],
)
def test_wrong_times_are_named_as_they_were_given(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_staleness_is_flagged_for_many_at_once():
    assert stale([0.6, 0.6], untouched=[0, 90], left_then=100).tolist() == [False, True]


def test_tags_may_be_anything_that_tells_claims_apart():
    assert leave_one_out([1, 0, 1], tag=[None, "ai", None]).tolist() == [1.0, 0.5, 1.0]
    assert leave_one_out([1, 0, 1], tag=np.array([7, 7, 8])).tolist() == [0.0, 1.0, 0.5]
