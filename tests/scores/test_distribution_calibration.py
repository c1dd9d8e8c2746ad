"""Calibration of distributions: places of outcomes, their histogram with its band, and the coverage of ranges."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.curves import Curves, curves
from forecasts.distribution_calibration import coverage_of_ranges, places, places_histogram

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
