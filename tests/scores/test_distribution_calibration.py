"""Calibration of distributions: places of outcomes, their histogram with its band, and the coverage of ranges."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.curves import Curves, curves
from forecasts.distribution_calibration import coverage_of_ranges, date_places, places, places_histogram

QUANTILES = np.array([-2.326348, -1.281552, -0.67449, 0.0, 0.67449, 1.281552, 2.326348])
CHANCES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]


def normal(centre: np.ndarray, spread: float) -> Curves:
    return curves([list(zip((one + spread * QUANTILES).tolist(), CHANCES, strict=True)) for one in centre])


def drawn(count: int, spread: float, seed: int) -> np.ndarray:
    """The places of outcomes with a spread of 1 in distributions of some spread around the true centre."""
    luck = np.random.default_rng(seed)
    centre = luck.uniform(-5, 5, count)
    return places(normal(centre, spread), centre + luck.normal(0, 1, count), low=-20, high=20)


def test_a_place_is_the_chance_of_at_most_what_happened() -> None:
    said = curves([[(2, 0.1), (4, 0.5), (7, 0.9)]] * 5)

    found = places(said, [0, 1, 4, 5.5, 10], low=0, high=10)

    assert found[:, 1] == pytest.approx([0.0, 0.05, 0.5, 0.7, 1.0])
    assert found[:, 0] == pytest.approx(found[:, 1])


def test_what_leaps_at_the_ends_is_a_range_of_places() -> None:
    said = curves([[(0, 0.05), (4, 0.5), (10, 0.8)]] * 4)

    assert places(said, [-3, 0, 10, 12], low=0, high=10).tolist() == pytest.approx(
        np.array([[0, 0.05], [0, 0.05], [0.8, 1], [0.8, 1]])
    )
    assert places_histogram([[0.8, 1.0]], bins=10).counts[-2:] == pytest.approx([0.5, 0.5])
    (ninety,) = coverage_of_ranges([[0.8, 1.0]], levels=(0.9,))
    assert ninety.share == pytest.approx(0.75)  # 0.80 to 0.95 of it lies inside


def test_calibrated_distributions_stay_inside_the_band_as_often_as_it_says() -> None:
    outside = 0
    for seed in range(100):
        found = places_histogram(drawn(60, 1.0, seed))
        outside += int(((found.counts < found.lower) | (found.counts > found.upper)).sum())

    assert found.counts.sum() == pytest.approx(60)
    assert outside / 500 < 0.12


@pytest.mark.parametrize(("spread", "too"), [(0.4, "narrow"), (2.5, "wide")])
def test_ranges_that_are_too_narrow_or_too_wide_are_seen(spread: float, too: str) -> None:
    place = drawn(200, spread, 1)
    histogram, ranges = places_histogram(place), coverage_of_ranges(place)

    ends, middle = histogram.counts[[0, -1]], histogram.counts[2]
    if too == "narrow":
        assert (ends > histogram.upper[0]).all()
        assert all(one.upper < one.level for one in ranges)
    else:
        assert middle > histogram.upper[2]
        assert all(one.lower > one.level for one in ranges[:2])


def test_the_share_in_a_range_agrees_with_the_level_for_the_calibrated() -> None:
    for one in coverage_of_ranges(drawn(4_000, 1.0, 2), levels=(0.5, 0.8)):  # whose ends were said
        assert one.share == pytest.approx(one.level, abs=0.03)
        assert one.lower < one.share < one.upper


def test_bad_places_are_refused() -> None:
    with pytest.raises(ValueError, match="place"):
        coverage_of_ranges([[0.5, 0.4]])
    with pytest.raises(ValueError, match="bins"):
        places_histogram([[0.5, 0.5]], bins=1)


# -- dates -------------------------------------------------------------------------------------------------------------


def test_the_place_of_a_date_is_the_chance_of_its_day_and_of_never_what_is_missing_to_one() -> None:
    said = curves([[(2, 0.2), (4, 0.6)]] * 5)

    assert date_places(said, [1, 2, 3, 4, 5], days=4) == pytest.approx(
        np.array([[0, 0.1], [0.1, 0.2], [0.2, 0.4], [0.4, 0.6], [0.6, 1]])
    )


def test_what_is_said_of_days_that_are_over_is_no_chance_of_a_day_to_come() -> None:
    said = curves([[(1, 0.4), (2, 0.5), (4, 0.7)]] * 4)

    found = date_places(said, [2, 3, 4, 5], days=4, passed=1)

    assert found == pytest.approx(np.array([[0, 1 / 6], [1 / 6, 1 / 3], [1 / 3, 0.5], [0.5, 1]]))
    assert date_places(said, [5] * 4, days=4, passed=4) == pytest.approx(np.array([[0, 1]] * 4))


def test_a_curve_that_left_no_day_open_says_nothing_of_one() -> None:
    said = curves([[(1, 1.0), (4, 1.0)]] * 2)

    assert date_places(said, [3, 5], days=4, passed=2).tolist() == [[0, 1], [0, 1]]


def test_an_event_known_to_a_month_may_lie_on_any_of_its_days() -> None:
    said = curves([[(2, 0.2), (4, 0.6)]] * 2)

    found = date_places(said, [2, 2], [4, 4], days=4, passed=[0, 2])

    assert found == pytest.approx(np.array([[0.1, 0.6], [0, 0.5]]))


@pytest.mark.parametrize("passed", [0, 1, 3, 8])
@pytest.mark.parametrize("said_early", [False, True])
def test_an_exactly_calibrated_curve_lies_inside_the_band_at_every_lead(passed: int, said_early: bool) -> None:
    """One that was said before the window is not conditioned on what did not happen; what it left open is judged."""
    luck, days, rate = np.random.default_rng(7), np.arange(1, 11), 0.2
    chance = 1 - (1 - rate) ** np.maximum(days - (0 if said_early else passed), 0)
    event = np.minimum(passed + luck.geometric(rate, 40_000), 11)

    place = date_places(curves([list(zip(days, chance, strict=True))] * 40_000), event, days=10, passed=passed)

    assert places_histogram(place).counts / 40_000 == pytest.approx(np.full(5, 0.2), abs=0.01)
    assert [part.share for part in coverage_of_ranges(place)] == pytest.approx([0.5, 0.8, 0.9], abs=0.01)


def waited(count: int, days: int, rate: float, believed: float, passed: int, seed: int) -> np.ndarray:
    """The places of events that come at a daily rate, in curves that believe in another."""
    luck, whole = np.random.default_rng(seed), np.arange(1, days + 1)
    event = np.minimum(passed + luck.geometric(rate, count), days + 1)
    chance = 1 - (1 - believed) ** np.maximum(whole - passed, 0)
    curve = list(zip(whole.tolist(), chance.tolist(), strict=True))
    return date_places(curves([curve] * count), event, days=days, passed=passed)


@pytest.mark.parametrize("passed", [0, 5])
def test_places_of_calibrated_dates_are_even_also_where_many_never_come(passed: int) -> None:
    place = waited(40_000, 20, 0.05, 0.05, passed, 4)

    assert places_histogram(place).counts / 40_000 == pytest.approx(np.full(5, 0.2), abs=0.01)
    for one in coverage_of_ranges(place):
        assert one.share == pytest.approx(one.level, abs=0.01)


@pytest.mark.parametrize(("believed", "fifth"), [(0.2, -1), (0.01, 0)])
def test_dates_that_are_always_too_early_or_too_late_are_seen(believed: float, fifth: int) -> None:
    found = places_histogram(waited(100, 20, 0.05, believed, 0, 4))

    assert found.counts[fifth] > found.upper[fifth]


def test_several_places_of_a_unit_are_one_observation() -> None:
    place, unit = [[0.1, 0.1], [0.9, 0.9], [0.5, 0.5]], [4, 4, 7]

    found, (half,) = places_histogram(place, unit), coverage_of_ranges(place, unit, levels=(0.5,))

    assert found.counts == pytest.approx([0.5, 0, 1, 0, 0.5])
    assert found.upper[0] <= 2
    assert half.share == pytest.approx(0.5)
    with pytest.raises(ValueError, match="unit"):
        coverage_of_ranges(place, [1, 2])
