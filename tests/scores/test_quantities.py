"""Scores of numbers and dates against other libraries, hand-worked cases and each other."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import scoringrules
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scores.probability import crps_cdf as scores_crps_cdf
from scores.probability import crps_for_ensemble
from sklearn.metrics import mean_pinball_loss

from forecasts.quantities import (
    crps_cdf,
    crps_ensemble,
    crps_quantiles,
    interval_score,
    pinball,
    weighted_interval_score,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "09_crps_pinball_interval.json").read_text())
TOLERANCE = VECTORS["tolerance"]
LEVELS = VECTORS["quantiles"]["levels"]
VALUES = VECTORS["quantiles"]["values"]

numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 6))


@pytest.mark.parametrize("case", VECTORS["ensemble"]["cases"], ids=lambda case: str(case["obs"]))
def test_ensemble_scores_match_the_vectors(case):
    members = VECTORS["ensemble"]["members"]

    assert crps_ensemble(members, case["obs"]) == pytest.approx(case["expected_ecdf"], abs=TOLERANCE)
    fair = crps_ensemble(members, case["obs"], estimator="fair")
    assert fair == pytest.approx(case["expected_fair"], abs=TOLERANCE)


@pytest.mark.parametrize("case", VECTORS["piecewise_linear_cdf"]["cases"], ids=lambda case: str(case["obs"]))
def test_piecewise_linear_scores_match_the_vectors(case):
    curve = VECTORS["piecewise_linear_cdf"]

    score = crps_cdf(curve["cdf"], case["obs"], thresholds=curve["thresholds"])

    assert score == pytest.approx(case["scores_exact"], abs=TOLERANCE)


@pytest.mark.parametrize("case", VECTORS["quantiles"]["cases"], ids=lambda case: str(case["obs"]))
def test_quantile_scores_match_the_vectors(case):
    outcome = case["obs"]

    losses = [pinball(value, outcome, level=level) for value, level in zip(VALUES, LEVELS, strict=True)]

    assert losses == pytest.approx(case["pinball"], abs=TOLERANCE)
    assert crps_quantiles(VALUES, outcome, levels=LEVELS) == pytest.approx(
        case["crps_quantile_2mean_pinball"], abs=TOLERANCE
    )
    assert interval_score(VALUES[0], VALUES[-1], outcome, alpha=0.1) == pytest.approx(case["interval90"])
    assert interval_score(VALUES[1], VALUES[-2], outcome, alpha=0.5) == pytest.approx(case["interval50"])
    assert weighted_interval_score(VALUES, outcome, levels=LEVELS) == pytest.approx(case["wis_expected"], abs=TOLERANCE)


@given(arrays(float, st.integers(2, 12), elements=numbers), numbers)
def test_ensembles_agree_with_scoringrules_and_scores(members, outcome):
    grid = xr.DataArray(members, dims="member")
    truth = xr.DataArray(outcome)

    for estimator in ("ecdf", "fair"):
        ours = crps_ensemble(members, outcome, estimator=estimator)

        theirs = crps_for_ensemble(grid, truth, "member", method=estimator).item()
        assert ours == pytest.approx(theirs, abs=1e-8)
    assert crps_ensemble(members, outcome) == pytest.approx(
        float(scoringrules.crps_ensemble(outcome, members, estimator="nrg")), abs=1e-8
    )


@pytest.mark.filterwarnings("ignore:numba is not available")
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=8, unique=True).map(sorted), st.data())
def test_curves_agree_with_scores(thresholds, data):
    steps = data.draw(arrays(float, len(thresholds) - 1, elements=st.floats(0.01, 1)))
    outcome = data.draw(st.floats(thresholds[0], thresholds[-1]))
    cumulative = np.append(0.0, np.minimum(np.cumsum(steps) / steps.sum(), 1.0))
    cumulative[-1] = 1.0
    curve = xr.DataArray(cumulative, dims="threshold", coords={"threshold": np.array(thresholds, float)})

    ours = crps_cdf(cumulative, outcome, thresholds=thresholds)

    theirs = scores_crps_cdf(curve, xr.DataArray(outcome), threshold_dim="threshold")["total"].item()
    assert ours == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(("outcome", "expected"), [(-3, 3 + 2 / 3), (7, 2 / 3 + 5)])
def test_each_unit_past_the_end_of_a_curve_costs_one(outcome, expected):
    assert crps_cdf([0, 1], outcome, thresholds=[0, 2]) == pytest.approx(expected)


@given(arrays(float, st.integers(1, 8), elements=st.integers(-5, 5).map(float)), st.floats(-8, 8))
def test_a_curve_of_jumps_is_the_ensemble_that_jumps_there(members, outcome):
    places = np.sort(members)
    below, upto = np.arange(members.size) / members.size, np.arange(1, members.size + 1) / members.size

    jumps = crps_cdf(np.column_stack([below, upto]).ravel(), outcome, thresholds=np.repeat(places, 2))

    assert jumps == pytest.approx(crps_ensemble(members, outcome), abs=1e-12)


@pytest.mark.parametrize("outcome", [-1.0, 0.3, 2.0])
def test_sums_that_end_at_one_but_for_rounding_are_whole(outcome):
    shares = np.full(10, 0.1)
    assert np.cumsum(shares)[-1] != 1.0

    score = crps_cdf(np.cumsum(shares), outcome, thresholds=np.arange(10))

    assert score == pytest.approx(crps_cdf(np.round(np.cumsum(shares), 12), outcome, thresholds=np.arange(10)))


@given(numbers, numbers, st.floats(0.01, 0.99))
def test_pinball_agrees_with_scikit_learn(quantile, outcome, level):
    theirs = mean_pinball_loss([outcome], [quantile], alpha=level)

    assert pinball(quantile, outcome, level=level) == pytest.approx(theirs, abs=1e-9)


@given(numbers, st.floats(0, 100), numbers, st.floats(0.01, 0.99))
def test_intervals_agree_with_scoringrules(lower, width, outcome, alpha):
    theirs = float(scoringrules.interval_score(outcome, lower, lower + width, alpha))

    assert interval_score(lower, lower + width, outcome, alpha=alpha) == pytest.approx(theirs, abs=1e-7)


def test_the_weighted_interval_score_of_scoringrules_is_not_ours():
    # Bracher et al. (2021), eq. 1, weighs |outcome - median|; scoringrules 0.10.0 adds the median itself, so
    # that a forecast of 4 for an outcome of 4 costs more than if all were moved down by 4.
    lower, upper, alphas = np.array([1.0, 3.0]), np.array([10.0, 6.0]), np.array([0.1, 0.5])

    def theirs(shift):
        return float(
            scoringrules.weighted_interval_score(
                4.0 - shift, 4.0 - shift, lower - shift, upper - shift, alphas, backend="numpy"
            )
        )

    def ours(shift):
        return weighted_interval_score(np.array(VALUES) - shift, 4.0 - shift, levels=LEVELS)

    assert ours(0) == pytest.approx(0.48) == pytest.approx(ours(4))
    assert theirs(0) == pytest.approx(1.28)
    assert theirs(4) == pytest.approx(0.48)


@given(arrays(float, 5, elements=numbers), numbers)
def test_the_weighted_interval_score_is_its_intervals_and_median(values, outcome):
    values = np.sort(values)

    score = weighted_interval_score(values, outcome, levels=LEVELS)

    halves = [
        alpha / 2 * interval_score(low, high, outcome, alpha=alpha)
        for low, high, alpha in ((values[0], values[4], 0.1), (values[1], values[3], 0.5))
    ]
    assert score == pytest.approx((abs(outcome - values[2]) / 2 + sum(halves)) / 2.5, abs=1e-9)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (2, 8 / 300 + (0.8**3 - 0.6**3) * 10 / 3 + 0.6**2 * 6),
        (math.inf, 0.4**2 * 4 / 3 + 0.4**2 * 6),
        (10, 0.4**2 * 4 / 3 + 0.4**2 * 6),
        (25, 0.4**2 * 4 / 3 + 0.4**2 * 6),
    ],
)
def test_a_date_that_may_never_come_is_scored_up_to_the_horizon(outcome, expected):
    # 40% spread evenly over days 0 to 4, 60% for never, seen until day 10; for day 2 the integral is that of
    # (z/10)^2 to day 2, of (1 - z/10)^2 to day 4 and of 0.6^2 to day 10
    score = crps_cdf([0, 0.4], outcome, thresholds=[0, 4], horizon=10)

    assert score == pytest.approx(expected)


def test_a_horizon_inside_the_curve_cuts_it():
    whole = crps_cdf([0, 1], 0.5, thresholds=[0, 2])

    near = crps_cdf([0, 1], 0.5, thresholds=[0, 2], horizon=1)

    # (1 - z/2)^2 from 1 to 2 is what is missing
    assert whole - near == pytest.approx(1 / 12)


@given(st.floats(0, 30), st.floats(1, 20))
def test_quantiles_near_the_curve_as_they_grow_dense(outcome, horizon):
    # uniform over days 0 to 10 with chance 0.7, else never
    levels = (np.arange(4000) + 0.5) / 4000
    quantiles = np.where(levels <= 0.7, levels / 0.07, math.inf)

    by_quantiles = crps_quantiles(quantiles, outcome, levels=levels, horizon=horizon)
    by_curve = crps_cdf([0, 0.7], outcome, thresholds=[0, 10], horizon=horizon)

    assert by_quantiles == pytest.approx(by_curve, abs=5e-3)


@pytest.mark.parametrize("never", [0.0, 0.3, 0.8])
def test_honest_probability_of_never_has_the_best_expected_score(never):
    def expected(said):
        curve = [0, 1 - said]
        seen = [crps_cdf(curve, day, thresholds=[0, 4], horizon=10) for day in np.arange(0.02, 4, 0.04)]
        unseen = crps_cdf(curve, math.inf, thresholds=[0, 4], horizon=10)
        return (1 - never) * np.mean(seen) + never * unseen

    grid = np.linspace(0, 1, 21)

    assert grid[np.argmin([expected(said) for said in grid])] == pytest.approx(never)


def test_many_forecasts_are_scored_at_once():
    members = np.array([[1.0, 3.0], [2.0, 2.0]])

    assert crps_ensemble(members, [2.0, 5.0]).tolist() == [0.5, 3.0]
    assert crps_ensemble([1, 3], [2.0, 1.0]).tolist() == [0.5, 0.5]
    assert crps_ensemble(members, 2.0).tolist() == [0.5, 0.0]
    assert crps_ensemble(np.empty((0, 3)), []).size == 0
    assert interval_score([1.0, 2.0], 10, 12, alpha=0.1).tolist() == [49.0, 48.0]
    assert crps_cdf([[0, 1], [0.5, 1]], [0.0, 0.0], thresholds=[0, 1]) == pytest.approx([1 / 3, 1 / 12])
    assert pinball([1.0, 2.0], [2.0, 2.0], level=0.5).tolist() == [0.5, 0.0]
    assert isinstance(crps_ensemble([1], 4), float)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crps_ensemble([1, 2], 1, estimator="pwm"), "'pwm'"),
        (lambda: crps_ensemble([1], 1, estimator="fair"), "two members"),
        (lambda: crps_ensemble([], 1), "at least one"),
        (lambda: crps_ensemble(1, 1), r"members have shape \(\); give a list with at least one value"),
        (lambda: crps_ensemble([1, math.nan], 1), "nan"),
        (lambda: crps_ensemble([1, math.inf], 1), "inf"),
        (lambda: crps_ensemble([[1, 2], [3, 4]], [1, 2, 3]), "shape"),
        (lambda: crps_ensemble([1, 2], 1, horizon=math.inf), "horizon inf is not finite"),
        (lambda: crps_ensemble([1, 2], -math.inf, horizon=5), "outcome -inf is before all time"),
        (lambda: crps_ensemble([1, math.nan], 1, horizon=5), "member nan at index 1"),
        (lambda: crps_ensemble(np.array(["2026-01-01"], dtype="M8[D]"), 1, horizon=5), "date or duration"),
        (lambda: crps_ensemble(np.ma.masked_array([1, 2], mask=[0, 1]), 1, horizon=5), "masked"),
        (lambda: crps_cdf([0.5, 0.2], 1, thresholds=[0, 1]), "cumulative 0.2 at index 1 is below"),
        (lambda: crps_cdf([0.5, 1], 1, thresholds=[1, 0]), "threshold 0.0 at index 1 is below"),
        (lambda: crps_cdf([0.5, 0.8], 1, thresholds=[0, 1]), "end 0.8 is below 1: give a horizon"),
        (lambda: crps_cdf([0.5, math.nan], 1, thresholds=[0, 1]), "cumulative nan at index 1"),
        (lambda: crps_cdf([0.5, 1.2], 1, thresholds=[0, 1]), "1.2"),
        (lambda: crps_cdf([0.5, 1], 1, thresholds=[0, 1, 2]), "shape"),
        (
            lambda: crps_quantiles([[2, 3], [3, 2]], [1, 1], levels=[0.1, 0.9]),
            r"quantile 2.0 at index \(1, 1\) is below",
        ),
        (lambda: crps_quantiles([2, 3], 1, levels=[0.9, 0.1]), "level 0.1 at index 1 is not above"),
        (lambda: crps_quantiles([2, 3], 1, levels=[0.5]), "shape"),
        (lambda: weighted_interval_score([1, 2], 1, levels=[0.1, 0.9]), "mirror"),
        (lambda: weighted_interval_score([1, 2, 3], 1, levels=[0.1, 0.5, 0.8]), "mirror"),
        (lambda: interval_score([1, 2], [1, 1], 1, alpha=0.1), "lower 2.0 at index 1 is above"),
        (lambda: interval_score(1, 2, 1, alpha=0), "alpha"),
        (lambda: interval_score([1, 2], [2, 3, 4], 1, alpha=0.1), "shapes"),
        (lambda: pinball(1, 2, level=1), "no quantile"),
    ],
)
def test_input_that_cannot_be_scored_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("width", [np.float16, np.float32])
@pytest.mark.parametrize("size", [3, 7, 100, 200])
def test_a_running_sum_of_narrow_floats_ends_at_one(width, size):
    shares = np.full(size, 1 / size, dtype=width)
    curve = np.cumsum(shares / shares.sum(dtype=width), dtype=width)

    score = crps_cdf(curve, 0.0, thresholds=np.arange(size, dtype=float))

    assert score == pytest.approx(crps_cdf(np.arange(1, size + 1) / size, 0.0, thresholds=np.arange(size)), rel=0.02)


def test_a_curve_may_leave_its_ends_and_fall_by_a_rounding_only():
    plain = crps_cdf([0.0, 0.3, 0.3, 1.0], 1.0, thresholds=[0, 1, 2, 3])

    assert crps_cdf([-1e-16, 0.3, 0.3 - 1e-16, 1 + 1e-16], 1.0, thresholds=[0, 1, 2, 3]) == pytest.approx(plain)
    with pytest.raises(ValueError, match="-1e-06 at index 0 is not from 0 to 1"):
        crps_cdf([-1e-6, 1.0], 1.0, thresholds=[0, 1])
    with pytest.raises(ValueError, match="is below the one before it"):
        crps_cdf([0.3, 0.3 - 1e-6, 1.0], 1.0, thresholds=[0, 1, 2])


def test_what_is_larger_than_any_float_is_infinite_and_what_is_not_is_right():
    assert interval_score(-1.7e308, 1.7e308, 0, alpha=0.1) == np.inf
    assert pinball(-9e307, 9e307, level=0.25) == pytest.approx(4.5e307)
    assert crps_ensemble([9e307, 9e307, 9e307], 0) == pytest.approx(9e307)
