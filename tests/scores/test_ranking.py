"""Chances of ranks against cases whose answer is known."""

from __future__ import annotations

from math import erfc

import numpy as np
import pytest

from forecasts.ranking import drawn_ranks


def drawn(mean, variance, draws=4_000, seed=3):
    return drawn_ranks(np.array(mean), np.array(variance), draws=draws, random=np.random.default_rng(seed))


def test_equal_forecasters_have_equal_chances():
    ranks = drawn([0.2] * 5, [0.04] * 5)

    assert ranks.first == pytest.approx([0.2] * 5, abs=0.03)
    assert ranks.low.tolist() == [1] * 5
    assert ranks.high.tolist() == [5] * 5


def test_far_apart_there_is_no_doubt():
    ranks = drawn([-3.0, 0.0, 3.0], [1e-6] * 3)

    assert ranks.first.tolist() == [0, 0, 1]
    assert ranks.low.tolist() == ranks.high.tolist() == [3, 2, 1]


def test_two_are_told_apart_as_a_normal_difference_once_their_spread_is_wide():
    """Of two means the spread is hardly known; where it is much wider than the errors, nothing is drawn together."""
    alone = drawn([0.1, 0.0, -40.0, -80.0], [0.01] * 4, draws=40_000)
    assert alone.first[0] == pytest.approx(1 - erfc(0.1 / np.sqrt(0.02) / np.sqrt(2)) / 2, abs=0.01)


@pytest.mark.parametrize(("apart", "error"), [(0.3, 0.2), (1.0, 0.2), (0.6, 0.6)])
def test_the_chance_is_the_integral_over_all_spreads(apart, error):
    mean, variance = np.array([apart, 0.0, 0.0]), error**2
    spread = 3 * mean.std() * (np.arange(20_000) + 0.5) / 20_000
    total = variance + spread**2
    weight = np.exp(-((mean - mean.mean()) ** 2).sum() / 2 / total) / total  # two of three free differences
    kept = spread**2 / total
    centred, noise = kept * apart, np.sqrt(variance * kept)
    steps = np.linspace(-8, 8, 801)
    below = np.array([1 - erfc(x / np.sqrt(2)) / 2 for x in steps])
    density = np.exp(-(steps**2) / 2)
    beats_both = [(np.interp(steps + c / n, steps, below, right=1) ** 2 * density).sum() / density.sum()
                  for c, n in zip(centred[::40], noise[::40], strict=True)]  # fmt: skip

    ranks = drawn(mean, [variance] * 3, draws=100_000)

    assert ranks.first[0] == pytest.approx(np.average(beats_both, weights=weight[::40]), abs=0.006)


def test_the_first_of_many_is_not_said_to_be_first_for_luck():
    random = np.random.default_rng(1)
    measured = random.normal(0.0, 0.1, 200)  # true means are all 0

    ranks = drawn(measured, [0.01] * 200)

    assert ranks.first.max() < 0.1
    assert ranks.first.sum() == pytest.approx(1)


def test_many_means_are_drawn_less_often_within_bounded_memory():
    ranks = drawn(np.linspace(0, 1, 50_000), np.full(50_000, 0.01), draws=4_000)

    assert ranks.first.sum() == pytest.approx(1)
    assert (ranks.first * 400).tolist() == pytest.approx(np.rint(ranks.first * 400))
    assert (ranks.low <= ranks.high).all()
