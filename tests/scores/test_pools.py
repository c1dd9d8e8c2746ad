"""Several distributions combined into one, by hand and by what must hold of any pool."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.curves import Curves, curves, segments
from forecasts.date_scores import date_losses
from forecasts.number_scores import number_losses, number_reference
from forecasts.pools import (
    Crowds,
    averaged_quantiles,
    crowd_chances,
    crowd_quantiles,
    linear_pool,
    mean_shares,
    median_chances,
    median_shares,
)
from forecasts.share_scores import choice_losses, shares

POOLS = (linear_pool, median_chances, averaged_quantiles)


def random_curves(seed: int, count: int = 4) -> Curves:
    luck = np.random.default_rng(seed)
    drawn = [
        list(zip(np.sort(luck.uniform(0, 10, 5)).tolist(), np.sort(luck.uniform(0, 1, 5)).tolist(), strict=True))
        for _ in range(count)
    ]
    return curves(drawn)


def chance_at(curve: Curves, values: np.ndarray, high: float = 10.0) -> np.ndarray:
    lines = segments(curve, np.zeros(curve.size.size), np.full(curve.size.size, high))
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


@pytest.mark.parametrize("seed", range(20))
def test_many_crowds_together_say_what_each_says_alone(seed) -> None:
    luck = np.random.default_rng(seed)
    size, moments = luck.integers(1, 6, 5), luck.integers(1, 7, 5)
    drawn = []
    for _ in range(size.sum()):
        count = int(luck.integers(1, 6))  # with leaps, flat stretches, and points at the ends
        values, chances = np.sort(luck.integers(0, 11, count)), np.sort(luck.integers(0, 5, count)) / 4
        drawn.append(list(zip(values.tolist(), chances.tolist(), strict=True)))
    members, stands = curves(drawn), np.zeros((5, moments.max(), size.max()), bool)
    for crowd in range(5):
        standing = luck.random((moments[crowd], size[crowd])) < 0.6
        standing[:, 0] |= ~standing.any(axis=1)
        stands[crowd, : moments[crowd], : size[crowd]] = standing
    together = Crowds(members, size, stands, np.zeros(5), np.full(5, 10.0))

    found = [*crowd_chances(together), crowd_quantiles(together)]

    for curves_found, pool in zip(found, (median_chances, linear_pool, averaged_quantiles), strict=True):
        alone = [
            pool(members.part(np.arange(end - count, end)), low=0, high=10, stands=own[:, :count][own.any(axis=1)])
            for end, count, own in zip(np.cumsum(size), size, stands, strict=True)
        ]
        for column, columns in zip(curves_found, zip(*alone, strict=True), strict=True):
            assert column == pytest.approx(np.concatenate(columns), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_median_curve_has_the_median_chance_at_every_point(seed) -> None:
    members, stands = random_curves(seed, 5), np.random.default_rng(seed).random((6, 5)) < 0.7
    stands[:, 0] |= ~stands.any(axis=1)

    found = median_chances(members, low=0, high=10, stands=stands)

    first = np.cumsum(found.size) - found.size
    for moment, standing in enumerate(stands):
        at = found.at[first[moment] : first[moment] + found.size[moment]]
        said = [chance_at(members.part(np.array([one])), at) for one in np.flatnonzero(standing)]
        told = found.chance[first[moment] : first[moment] + found.size[moment]]
        assert told == pytest.approx(np.median(said, axis=0), abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("whole", [False, True])
def test_the_median_curve_is_the_median_also_where_curves_cross_between_their_points(seed, whole) -> None:
    luck = np.random.default_rng(seed)
    size = luck.integers(1, 8, 3)
    drawn = []
    for count in luck.integers(1, 5, size.sum()):
        values = np.sort(luck.choice(np.arange(1.0, 100), count, replace=False))
        drawn.append(list(zip(values.tolist(), np.sort(luck.uniform(0, 1, count)).tolist(), strict=True)))
    members, stands = curves(drawn), np.zeros((3, 4, size.max()), bool)
    for crowd, count in enumerate(size):
        stands[crowd, :, :count] = luck.random((4, count)) < 0.8
        stands[crowd, :, 0] |= ~stands[crowd].any(axis=1)

    found, _ = crowd_chances(Crowds(members, size, stands, np.zeros(3), np.full(3, 100.0)), whole=whole)

    grid = np.arange(1, 101.0) if whole else np.linspace(0.1, 100, 1000)
    own = [chance_at(members.part(np.array([one])), grid, high=100) for one in range(size.sum())]
    first = np.cumsum(size) - size
    for number, (crowd, moment) in enumerate(np.ndindex(3, 4)):
        standing = [own[first[crowd] + member] for member in np.flatnonzero(stands[crowd, moment])]
        told = chance_at(found.part(np.array([number])), grid, high=100)
        assert told == pytest.approx(np.median(standing, axis=0), abs=1e-9)
    assert not whole or (found.at == found.at.round()).all()


# The papers have no worked numbers for pools; these were worked out by hand.


def test_two_dates_are_pooled_as_by_hand() -> None:
    """A window of four days, days counted from its first; a curve runs straight from 0 before the first day.

    Ana: 0.2 by day 2, 0.6 by day 4; so 0.1, 0.2, 0.4, 0.6 by days 1 to 4.
    Ben: 0.6 by day 1, 0.9 by day 4; so 0.6, 0.7, 0.8, 0.9.
    Cyd: 0.3 by day 3, 0.4 by day 4; so 0.1, 0.2, 0.3, 0.4.
    The means by days 1 to 4 are 0.8/3, 1.1/3, 1.5/3, 1.9/3, at each day on which anybody has a point: all of them.
    The medians are 0.1, 0.2, 0.4, 0.6. If it comes on day 3, the mean loses (0.8^2 + 1.1^2 + 1.5^2 + 1.1^2) / 9 / 4
    = 5.31 / 36 = 0.1475, the median (0.01 + 0.04 + 0.36 + 0.16) / 4 = 0.1425.
    """
    members = curves([[(2, 0.2), (4, 0.6)], [(1, 0.6), (4, 0.9)], [(3, 0.3), (4, 0.4)]])

    mean, median = (pool(members, low=0, high=4) for pool in (linear_pool, median_chances))

    assert mean.at.tolist() == median.at.tolist() == [1, 2, 3, 4]
    assert mean.chance == pytest.approx([0.8 / 3, 1.1 / 3, 1.5 / 3, 1.9 / 3])
    assert median.chance == pytest.approx([0.1, 0.2, 0.4, 0.6])
    assert date_losses(mean, 3, days=4) == pytest.approx([0.1475])
    assert date_losses(median, 3, days=4) == pytest.approx([0.1425])


def test_the_median_turns_where_two_curves_cross_as_by_hand() -> None:
    """A range of 0 to 10. Ana is straight, x/10. Ben is 0 to 2, then (x - 2)/6, and 1 from 8 on. Cyd is 0.5 + x/20.

    Ben meets Ana where x/10 = (x - 2)/6, at 5 (0.5), and Cyd where (x - 2)/6 = 0.5 + x/20, at 50/7 (6/7). So the median
    is Ana's up to 5, Ben's up to 50/7, then Cyd's; at 6 it is 4/6, where a line from 2 to 8 would have 0.2 + 4/6 x 0.7.
    An outcome of 4 loses 64/300 below it, and above 10 (0.6^3 - 0.5^3)/3 + 6 (0.5^3 - 1/343)/3 + 20 (1/343)/3.
    """
    members = curves([[(10, 1.0)], [(2, 0.0), (8, 1.0)], [(0, 0.5)]])

    median = median_chances(members, low=0, high=10)

    assert median.at == pytest.approx([0, 2, 5, 50 / 7, 8, 10]) or median.at == pytest.approx([2, 5, 50 / 7, 8, 10])
    assert chance_at(median, np.array([2, 5, 6, 50 / 7, 8, 10])) == pytest.approx([0.2, 0.5, 4 / 6, 6 / 7, 0.9, 1])
    lost = 64 / 300 + 10 * (0.6**3 - 0.5**3) / 3 + 6 * (0.5**3 - 1 / 343) / 3 + 20 / 343 / 3
    assert number_losses(median, 4.0, low=0, high=10) == pytest.approx([lost / 10])


def test_the_quantiles_of_two_numbers_are_averaged_as_by_hand() -> None:
    """A range of 0 to 10. Ana: 2 at 0.25, 4 at 0.5; then straight to 10 at 1. Ben: 6 at 0.5, straight on both sides.

    At 0.25 Ana's quantile is 2, Ben's half of 6 = 3: the mean is 2.5. At 0.5 they are 4 and 6: 5. At 1 both are 10. So
    the curve has (2.5, 0.25), (5, 0.5), (10, 1), one straight line from 0 at 0: the even spread over the range.
    At 0.75 Ana has 4 + 6/2 = 7 and Ben 6 + 4/2 = 8: 7.5, which lies on it.
    The linear pool at 2, 4, 6: Ana 0.25, 0.5, 0.5 + 2/6 x 0.5 = 2/3; Ben 1/6, 1/3, 1/2: the means are 5/24, 5/12, 7/12.
    """
    members = curves([[(2, 0.25), (4, 0.5)], [(6, 0.5)]])

    averaged, linear = (pool(members, low=0, high=10) for pool in (averaged_quantiles, linear_pool))

    assert list(zip(averaged.at.tolist(), averaged.chance.tolist(), strict=True)) == [(2.5, 0.25), (5, 0.5), (10, 1)]
    assert number_losses(averaged, 4.2, low=0, high=10) == pytest.approx(number_reference([4.2], low=0, high=10))
    assert linear.at.tolist() == [2, 4, 6, 10]
    assert linear.chance == pytest.approx([5 / 24, 5 / 12, 7 / 12, 1])


def test_the_medians_of_options_are_renormalised_as_by_hand() -> None:
    """Four members, three options. Of an even number the median is the mean of the middle two.

    First option .5 .7 .1 .3: middle two .3 and .5, median .4. Second .3 .1 .1 .5: .1 and .3, .2. Third .2 .2 .8 .2:
    .2 and .2, .2. They sum to .8, so the shares are .5, .25, .25. When the last is gone, the medians of the others
    are .5, .1, .2, which sum to .8: .625, .125, .25. The means of all four are .4, .25, .35.
    """
    said = np.array([[0.5, 0.3, 0.2], [0.7, 0.1, 0.2], [0.1, 0.1, 0.8], [0.3, 0.5, 0.2]])
    stands = np.array([[True, True, True, True], [True, True, True, False]])

    assert median_shares(said, stands) == pytest.approx(np.array([[0.5, 0.25, 0.25], [0.625, 0.125, 0.25]]))
    assert mean_shares(said) == pytest.approx([0.4, 0.25, 0.35])


def test_what_is_no_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        mean_shares([[0.5, 1.5]])
