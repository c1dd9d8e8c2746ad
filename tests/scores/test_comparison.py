"""Paired bootstrap and shrinkage against scipy, statsmodels and the stored intervals."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import bootstrap
from statsmodels.stats.meta_analysis import combine_effects

from forecasts.comparison import paired_bootstrap, shrink_differences

HERE = Path(__file__).parents[1]
VECTORS = json.loads((HERE / "vectors" / "14_comparison_tests.json").read_text())

with (HERE / "data" / "precip_Niamey_2016.csv").open() as file:
    NIAMEY = list(csv.DictReader(file))


def niamey_difference(first, second):
    def loss(row, name):
        return (float(row[name]) - float(row["obs"])) ** 2

    return np.array([loss(row, first) - loss(row, second) for row in NIAMEY])


def ends(interval):
    return [interval.lower, interval.upper]


@pytest.mark.parametrize("case", VECTORS["bootstrap"], ids=lambda case: f"{case['a']} and {case['b']}")
def test_the_stored_intervals_are_met_to_monte_carlo_precision(case):
    result = paired_bootstrap(niamey_difference(case["a"], case["b"]), seed=1, resamples=20_000)

    assert result.mean == pytest.approx(case["mean"], abs=VECTORS["tolerance"])
    assert ends(result.percentile) == pytest.approx(case["ci95"]["percentile"], abs=0.002)
    assert ends(result.bca) == pytest.approx(case["ci95"]["BCa"], abs=0.002)


def test_skewed_differences_are_accelerated_as_in_scipy():
    skewed = np.random.default_rng(9).exponential(size=60) ** 2 / 10

    ours = paired_bootstrap(skewed, seed=1, level=0.9, resamples=20_000)

    for method, interval in (("percentile", ours.percentile), ("BCa", ours.bca)):
        theirs = bootstrap(
            (skewed,), np.mean, confidence_level=0.9, n_resamples=20_000, method=method, rng=2
        ).confidence_interval
        assert ends(interval) == pytest.approx([theirs.low, theirs.high], abs=0.015)
    assert ours.bca.lower > ours.percentile.lower


def test_claims_that_stand_or_fall_together_widen_the_interval():
    random = np.random.default_rng(4)
    shared = np.repeat(random.normal(0, 0.2, 25), 8)
    differences = np.clip(shared + random.normal(0, 0.02, 200), -1, 1)

    alone = paired_bootstrap(differences, seed=3, resamples=2000)
    together = paired_bootstrap(differences, seed=3, clusters=np.repeat(np.arange(25), 8), resamples=2000)

    assert (alone.size, together.size) == (200, 25)
    assert alone.mean == pytest.approx(together.mean)
    width = together.percentile.upper - together.percentile.lower
    assert width > 2 * (alone.percentile.upper - alone.percentile.lower)


def test_clusters_of_one_are_no_clusters():
    differences = niamey_difference("EMOS", "ENS")

    plain = paired_bootstrap(differences, seed=3, resamples=500)
    named = paired_bootstrap(differences, seed=3, clusters=np.arange(92), resamples=500)

    assert ends(plain.bca) == pytest.approx(ends(named.bca))


def test_clusters_may_be_named_by_words_and_differ_in_size():
    differences = np.linspace(-0.3, 0.2, 30)
    labels = [f"family {k}" for k in np.repeat(np.arange(12), [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])]

    result = paired_bootstrap(differences, seed=1, clusters=labels, resamples=500)

    assert result.size == 12
    assert result.mean == pytest.approx(differences.mean())


def test_the_same_seed_gives_the_same_interval():
    differences = niamey_difference("EMOS", "EPC")

    first, again, other = (paired_bootstrap(differences, seed=s, resamples=500) for s in (1, 1, 2))

    assert first == again
    assert first != other


@pytest.mark.parametrize(("size", "stands"), [(1, False), (19, False), (20, True)])
def test_an_interval_stands_from_twenty_claims_on(size, stands):
    result = paired_bootstrap(np.linspace(-0.2, 0.1, size), seed=1)

    assert (result.percentile is not None, result.bca is not None) == (stands, stands)


def test_a_distribution_wholly_on_one_side_of_its_mean_has_no_bca():
    # one resample only: it cannot lie both above and below
    result = paired_bootstrap(np.linspace(-0.2, 0.1, 20), seed=1, resamples=1)

    assert result.percentile is not None
    assert result.bca is None


@pytest.mark.parametrize("unit", [1e-150, 1e150])
def test_the_unit_of_the_differences_does_not_matter(unit):
    differences = np.random.default_rng(2).exponential(size=30) - 0.8

    plain = paired_bootstrap(differences, seed=1, resamples=300)
    scaled = paired_bootstrap(differences * unit, seed=1, resamples=300)

    assert ends(scaled.bca) == pytest.approx([end * unit for end in ends(plain.bca)])


def test_too_few_clusters_get_no_interval_either():
    result = paired_bootstrap(np.linspace(-0.2, 0.1, 40), seed=1, clusters=np.arange(40) % 4)

    assert (result.size, result.percentile) == (4, None)


@pytest.mark.parametrize("value", [0.0, -0.1, 0.3])
def test_identical_differences_have_no_interval(value):
    result = paired_bootstrap([value] * 20, seed=1)

    assert result.mean == pytest.approx(value)
    assert (result.percentile, result.bca) == (None, None)


def test_intervals_cover_about_as_often_as_they_say():
    random = np.random.default_rng(6)
    held = []
    for seed in range(200):
        result = paired_bootstrap(random.uniform(-0.5, 0.5, 40), seed=seed, level=0.9, resamples=400)
        held.append([result.percentile.lower <= 0 <= result.percentile.upper, result.bca.lower <= 0])

    assert 0.83 < np.mean(held, axis=0)[0] < 0.96


def test_nothing_to_compare_gives_none():
    assert paired_bootstrap([], seed=1) is None
    assert shrink_differences([]) is None
    assert shrink_differences([[0.1], []]) is None


def forecasters(random, count):
    return [random.normal(random.normal(0, 0.1), 0.2, random.integers(2, 40)) for _ in range(count)]


@pytest.mark.parametrize("seed", range(6))
def test_the_spread_between_forecasters_is_that_of_statsmodels(seed):
    rows = forecasters(np.random.default_rng(seed), 12)
    means = np.array([row.mean() for row in rows])
    errors = np.array([row.var(ddof=1) / row.size for row in rows])

    ours = shrink_differences(rows)

    theirs = combine_effects(means, errors, method_re="dl")
    assert ours.spread**2 == pytest.approx(max(0, theirs.tau2), abs=1e-12)
    if theirs.tau2 > 0:
        assert ours.centre == pytest.approx(theirs.mean_effect_re)
        assert ours.weight == pytest.approx(errors / (errors + theirs.tau2))


@given(st.lists(st.lists(st.floats(-1, 1), min_size=0, max_size=6), min_size=1, max_size=6))
@example([[0.0, 1.85e-137], [0.0, 1.85e-137]])
@example([[0.0, 1e-160], [0.5, 0.5]])
@example([[5e-324, 0.0], [0.0, 0.0]])
def test_shrunk_means_lie_between_the_raw_mean_and_the_centre(rows):
    result = shrink_differences(rows)

    if result is None:
        assert all(len(row) < 2 for row in rows)
        return
    assert ((result.weight >= 0) & (result.weight <= 1)).all()
    for row, raw, shrunk, weight in zip(rows, result.raw, result.shrunk, result.weight, strict=True):
        if len(row) < 2:
            assert weight == 1
            assert shrunk == pytest.approx(result.centre)
        else:
            assert raw == pytest.approx(np.mean(row))
            low, high = sorted([raw, result.centre])
            assert low - 1e-12 <= shrunk <= high + 1e-12


def test_more_claims_mean_less_shrinkage():
    base = np.array([-0.1, 0.3])
    result = shrink_differences([base, np.tile(base, 20), [-0.5, -0.4, -0.6], [0.6, 0.5, 0.7]])

    assert result.weight[1] < result.weight[0]


def test_forecasters_alike_are_all_drawn_to_one_mean():
    result = shrink_differences([[-0.2, 0.3], [-0.1, 0.2], [0.0, 0.1]])

    assert result.spread == 0
    assert result.shrunk == pytest.approx([result.centre] * 3)


def test_one_who_never_varies_keeps_his_mean_and_the_others_are_drawn_towards_it():
    result = shrink_differences([np.zeros(100), [0.1, 0.3]])

    # s^2/n is 0 and 0.01, Q = 0.2^2 / 0.01 = 4, tau^2 = (4 - 1) / (2 x 100)
    assert result.spread**2 == pytest.approx(0.015)
    assert result.weight == pytest.approx([0, 0.4])
    assert result.centre == pytest.approx(0.2 * 40 / (40 + 1 / 0.015))
    assert result.shrunk == pytest.approx([0, 0.15])


def test_a_few_claims_that_went_alike_are_not_turned_into_their_opposite():
    result = shrink_differences([[-0.3, -0.3], [-0.2, 0.3], [-0.1, 0.2]])

    assert result.shrunk[0] == pytest.approx(-0.3)
    assert (result.shrunk[1:] < result.raw[1:]).all()


def test_where_nobody_varies_the_means_are_known_and_stay():
    result = shrink_differences([[0.1, 0.1], [0.2, 0.2], [0.6, 0.6]])

    assert result.shrunk == pytest.approx([0.1, 0.2, 0.6])
    assert result.weight.tolist() == [0, 0, 0]
    assert result.spread**2 == pytest.approx(np.var([0.1, 0.2, 0.6], ddof=1))
    assert result.centre == pytest.approx(0.3)


@given(
    st.lists(st.floats(-1, 1), min_size=1, max_size=3),
    st.lists(st.lists(st.floats(-1, 1), min_size=2, max_size=6), min_size=1, max_size=4),
    st.sampled_from([2, 5, 30]),
)
def test_no_spread_is_what_a_spread_comes_to_as_it_falls(alike, others, size):
    others = [np.array(row) + 0.1 * np.arange(len(row)) ** 2 for row in others]
    noise = np.linspace(-1e-5, 1e-5, size)

    still = shrink_differences([*([mean] * size for mean in alike), *others])
    moved = shrink_differences([*(mean + noise for mean in alike), *others])

    assert moved.shrunk == pytest.approx(still.shrunk, abs=2e-3)


def test_shrinking_brings_the_means_nearer_the_truth():
    random = np.random.default_rng(10)
    truth = random.normal(0, 0.05, 200)
    rows = [random.normal(mean, 0.3, random.integers(3, 30)) for mean in truth]

    result = shrink_differences(rows, centre=0.0)

    assert result.centre == 0
    assert np.mean((result.shrunk - truth) ** 2) < 0.5 * np.mean((result.raw - truth) ** 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: paired_bootstrap([0.1, math.nan], seed=1), "nan"),
        (lambda: paired_bootstrap([0.1, math.inf], seed=1), "inf"),
        (lambda: paired_bootstrap([[0.1], [0.2]], seed=1), "shape"),
        (lambda: paired_bootstrap([0.1], seed=1, clusters=[1, 2]), "clusters"),
        (lambda: paired_bootstrap([0.1], seed=1, level=1), "level"),
        (lambda: paired_bootstrap([0.1], seed=1, resamples=0), "resamples"),
        (lambda: paired_bootstrap([0.1], seed=1, resamples=1e4), "resamples 10000.0 is not a whole number"),
        (lambda: paired_bootstrap([0.1], seed=None), "seed None"),
        (lambda: paired_bootstrap([0.1], seed=-1), "seed -1"),
        (lambda: paired_bootstrap([0.1, 0.2], seed=1, clusters=[["a"], ["b"]]), "clusters must hold labels"),
        (lambda: shrink_differences([[0.1, math.nan]]), "nan"),
    ],
)
def test_invalid_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
