"""Several distributions combined into one, by hand and by what must hold of any pool."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.curves import Curves, curves, pieces
from forecasts.number_scores import number_losses
from forecasts.pools import averaged_quantiles, linear_pool, mean_shares, median_chances, median_shares
from forecasts.share_scores import choice_losses, shares

POOLS = (linear_pool, median_chances, averaged_quantiles)


def random_curves(seed: int, count: int = 4) -> Curves:
    luck = np.random.default_rng(seed)
    drawn = [
        list(zip(np.sort(luck.uniform(0, 10, 5)).tolist(), np.sort(luck.uniform(0, 1, 5)).tolist(), strict=True))
        for _ in range(count)
    ]
    return curves(drawn)


def chance_at(curve: Curves, values: np.ndarray) -> np.ndarray:
    lines = pieces(curve, np.zeros(curve.size.size), np.full(curve.size.size, 10.0))
    return np.interp(values, np.append(lines.left[:1], lines.right), np.append(lines.low[:1], lines.high))


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("seed", range(5))
def test_a_pool_is_a_curve_and_of_equals_it_is_their_own(pool, seed) -> None:
    members = random_curves(seed)
    combined, same = (pool(some, low=0, high=10) for some in (members, members.part(np.array([0, 0, 0]))))
    values = np.linspace(0, 10, 101)

    assert (np.diff(combined.at) >= 0).all()
    assert (np.diff(combined.chance) >= 0).all()
    assert combined.size.tolist() == [combined.at.size]
    assert chance_at(same, values) == pytest.approx(chance_at(members.part(np.array([0])), values), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_linear_pool_is_the_mean_of_chances_everywhere(seed) -> None:
    members, values = random_curves(seed), np.linspace(0, 10, 101)

    own = [chance_at(members.part(np.array([one])), values) for one in range(4)]
    assert chance_at(linear_pool(members, low=0, high=10), values) == pytest.approx(np.mean(own, axis=0), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_averaged_quantiles_are_the_means_of_quantiles(seed) -> None:
    members, levels = random_curves(seed), np.linspace(0.01, 0.99, 99)
    pooled = averaged_quantiles(members, low=0, high=10)

    def quantile(curve: Curves) -> np.ndarray:
        values = np.linspace(0, 10, 100_001)
        return values[np.searchsorted(chance_at(curve, values), levels)]

    own = np.mean([quantile(members.part(np.array([one]))) for one in range(4)], axis=0)
    assert quantile(pooled) == pytest.approx(own, abs=1e-3)


def test_a_leap_of_one_member_is_a_leap_of_half_as_much() -> None:
    pooled = averaged_quantiles(curves([[(2, 0.5), (6, 0.5)], [(4, 0.5)]]), low=0, high=10)

    assert list(zip(pooled.at.tolist(), pooled.chance.tolist(), strict=True)) == [(3, 0.5), (5, 0.5), (10, 1)]


@pytest.mark.parametrize("outcome", [0.0, 3.3, 7.0, 10.0])
def test_the_linear_pool_loses_at_most_what_its_members_lose_on_average(outcome) -> None:
    members = random_curves(3)
    own = number_losses(members, outcome, low=0, high=10)

    assert number_losses(linear_pool(members, low=0, high=10), outcome, low=0, high=10)[0] <= own.mean() + 1e-12


def test_shares_are_pooled_option_by_option() -> None:
    said = np.array([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2], [0.1, 0.1, 0.8], [0.1, 0.6, 0.3]])

    assert mean_shares(said) == pytest.approx([0.35, 0.275, 0.375])
    assert median_shares(said) == pytest.approx(np.array([0.3, 0.2, 0.25]) / 0.75)
    assert median_shares(np.eye(3)) == pytest.approx(np.full(3, 1 / 3))  # all medians are 0
    losses = choice_losses(shares(said.tolist()), [2] * 4).mean()
    assert choice_losses(shares([mean_shares(said).tolist()]), [2])[0] <= losses


def test_what_is_no_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        mean_shares([[0.5, 1.5]])
