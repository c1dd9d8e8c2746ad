"""Display bins: their edges, their intervals, and the same bins by other libraries."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

from forecasts.bins import bin_index, display_bins, histogram, jeffreys_interval

HERE = Path(__file__).parents[1]
CALIBRATION = {
    case["name"]: case
    for case in json.loads((HERE / "vectors" / "12_calibration.json").read_text())["cases"]
    if "ece10_uniform" in case
}


def kept(chance):
    """A probability as a ledger keeps it: those that differ further down are the same forecast."""
    return round(chance, 12)


probability = st.one_of(st.integers(0, 100).map(lambda k: k / 100), st.floats(0, 1).map(kept))


@pytest.mark.parametrize("bins", [1, 3, 7, 10, 20, 100])
@pytest.mark.parametrize("closed", ["left", "right"])
def test_edges_belong_to_the_stated_side(bins, closed):
    edges = np.arange(bins + 1) / bins

    index = bin_index(edges, bins=bins, closed=closed)

    inner = np.arange(bins + 1) - (closed == "right")
    assert index.tolist() == np.clip(inner, 0, bins - 1).tolist()


@given(st.lists(probability, min_size=1, max_size=50), st.sampled_from([2, 5, 10, 20]))
def test_every_probability_lies_in_its_bin(chances, bins):
    chance = np.array(chances)
    edges = np.arange(bins + 1) / bins

    left, right = bin_index(chance, bins=bins), bin_index(chance, bins=bins, closed="right")

    assert ((edges[left] <= chance) & ((chance < edges[left + 1]) | (left == bins - 1))).all()
    assert (((edges[right] < chance) | (right == 0)) & (chance <= edges[right + 1])).all()


def test_a_sum_of_tenths_is_binned_by_its_value_and_not_by_its_name():
    # numpy's linspace has an edge at 0.30000000000000004, which would put the typed 0.3 one bin too low
    assert bin_index(0.3) == 3
    assert np.searchsorted(np.linspace(0, 1, 11), 0.3, "right") - 1 == 2
    assert bin_index(0.1 + 0.2) == 3


def test_a_plain_number_in_gives_plain_numbers_out():
    assert type(bin_index(0.3)) is int
    assert [type(end) for end in jeffreys_interval(3, 10)] == [float, float]
    assert [end.shape for end in jeffreys_interval([3], [10])] == [(1,), (1,)]


@given(st.lists(st.tuples(probability, st.sampled_from([0, 1])), min_size=1, max_size=60))
def test_frequencies_agree_with_scikit_learn(rows):
    chance, truth = (np.array(column, float) for column in zip(*rows, strict=True))
    off_edges = chance[~np.isclose(chance * 10, np.round(chance * 10))]
    truth = truth[~np.isclose(chance * 10, np.round(chance * 10))]
    if not off_edges.size or truth.min() == truth.max():
        return

    shown = display_bins(off_edges, truth, closed="right")

    frequency, mean = calibration_curve(truth, off_edges, n_bins=10)
    assert shown.frequency[shown.count > 0] == pytest.approx(frequency)
    assert shown.mean_probability[shown.count > 0] == pytest.approx(mean)


@pytest.mark.parametrize("name", sorted(CALIBRATION))
def test_the_stored_curves_of_scikit_learn_are_met(name):
    with (HERE / "data" / "precip_Niamey_2016.csv").open() as file:
        rows = list(csv.DictReader(file))
    chance = [float(row[name.removeprefix("niamey_")]) for row in rows]
    curve = CALIBRATION[name]["ece10_uniform"]["sklearn_calibration_curve"]

    shown = display_bins(chance, [float(row["obs"]) for row in rows], closed="right")

    assert shown.frequency[shown.count > 0] == pytest.approx(curve["prob_true"])
    assert shown.mean_probability[shown.count > 0] == pytest.approx(curve["prob_pred"])


def test_an_empty_bin_has_no_frequency():
    shown = display_bins([0.05, 0.95], [0, 1], bins=4)

    assert shown.count.tolist() == [1, 0, 0, 1]
    assert np.isnan(shown.frequency[1:3]).all()
    assert shown.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_of_an_empty_bin_the_interval_says_that_nothing_is_known():
    shown = display_bins([0.05, 0.05, 0.95], [0, 1, 1], bins=4)

    lower, upper = shown.interval(level=0.9)

    for index, (yes, count) in enumerate([(1, 2), (0, 0), (0, 0), (1, 1)]):
        assert (lower[index], upper[index]) == pytest.approx(jeffreys_interval(yes, count, level=0.9))


def test_many_forecasters_are_binned_at_once_as_one_by_one():
    random = np.random.default_rng(1)
    chance, by = random.random(500), random.integers(0, 7, 500)
    truth = (random.random(500) < chance).astype(float)

    together = display_bins(chance, truth, by=by)

    assert together.count.shape == (7, 10)
    for forecaster in range(7):
        alone = display_bins(chance[by == forecaster], truth[by == forecaster])
        assert together.count[forecaster].tolist() == alone.count.tolist()
        np.testing.assert_allclose(together.frequency[forecaster], alone.frequency)
    lower, upper = together.interval()
    assert lower.shape == (7, 10)
    filled = together.count > 0
    assert (lower < together.frequency)[filled & (together.frequency > 0)].all()
    assert (upper > together.frequency)[filled & (together.frequency < 1)].all()


@given(st.integers(0, 3000), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_jeffreys_intervals_agree_with_statsmodels(count, share, level):
    yes = round(share * count)

    lower, upper = jeffreys_interval(yes, count, level=level)

    if count:
        theirs = proportion_confint(yes, count, alpha=1 - level, method="jeffreys")
        assert (lower, upper) == pytest.approx(theirs, rel=1e-8, abs=1e-13)


@pytest.mark.parametrize("count", [1e8, 1e12, 1e15])
def test_jeffreys_intervals_stay_right_however_many_were_counted(count):
    # half came true: a normal interval to many digits; none came true: that of half a chi-square number of one degree
    half, none = jeffreys_interval(count / 2, count), jeffreys_interval(0, count)

    spread = 0.5 / math.sqrt(count + 2)
    assert [(end - 0.5) / spread for end in half] == pytest.approx([-1.959963984540054, 1.959963984540054], rel=1e-6)
    assert [end * count for end in none] == pytest.approx([0.000491034558587, 2.51194309365], rel=1e-6)


@pytest.mark.parametrize("count", [1e300, 1.7e308])
def test_and_beyond_all_counting(count):
    lower, upper = jeffreys_interval([0, count / 2, count], [count] * 3)

    assert lower == pytest.approx([0, 0.5, 1], abs=1e-12)
    assert upper == pytest.approx([0, 0.5, 1], abs=1e-12)


def test_jeffreys_intervals_cover_about_as_often_as_they_say():
    random = np.random.default_rng(8)
    rate = random.random(4000)
    yes = random.binomial(30, rate)

    lower, upper = jeffreys_interval(yes, np.full(4000, 30), level=0.9)

    assert 0.88 < np.mean((lower <= rate) & (rate <= upper)) < 0.92


def test_a_histogram_counts_everything_once():
    assert histogram(np.linspace(0, 1, 101)).tolist() == [10] * 9 + [11]


def test_a_million_forecasts_are_binned_as_pandas_groups_them():
    # how long both take is for tests/benchmarks to say: a race in a test would fail on a busy machine
    random = np.random.default_rng(4)
    chance = random.random(1_000_000)
    truth = (random.random(1_000_000) < chance).astype(float)
    frame = pd.DataFrame({"bin": bin_index(chance), "chance": chance, "truth": truth})

    shown = display_bins(chance, truth)

    theirs = frame.groupby("bin").agg(n=("truth", "size"), said=("chance", "mean"), came=("truth", "mean"))
    assert shown.count.tolist() == theirs["n"].tolist()
    assert shown.mean_probability == pytest.approx(theirs["said"].to_numpy())
    assert shown.frequency == pytest.approx(theirs["came"].to_numpy())


def test_nothing_to_show_gives_none():
    assert display_bins([], []) is None
    assert histogram([]).tolist() == [0] * 10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: display_bins([0.5], [1], bins=0), "bins"),
        (lambda: bin_index([0.5], closed="both"), "'both'"),
        (lambda: bin_index([1.5]), "1.5"),
        (lambda: display_bins([0.5], [1], by=[-1]), "by -1 at index 0 is not counted from 0"),
        (lambda: display_bins([0.5], [1], by=[0.0]), "by has shape .* whole numbers are wanted"),
        (lambda: display_bins([0.5], [1], bins=10.0), "bins 10.0"),
        (lambda: display_bins([0.5], [1], by=np.array([0, 1])), "by"),
        (lambda: jeffreys_interval([1, 3], [2, 2]), "yes 3.0 at index 1 is not from 0 to count"),
        (lambda: jeffreys_interval(1, 2, level=1), "level"),
    ],
)
def test_invalid_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
