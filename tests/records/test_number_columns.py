"""Numbers with a unit are rounded by the array as they are one by one; normal quantiles are those of the library."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.special import normal_quantile
from predictions.number_checks import check_measure
from predictions.number_columns import measures

NUMBERS = st.floats(-1e15, 1e15) | st.floats(-1e-5, 1e-5) | st.integers(-(10**15), 10**15).map(float)


@given(st.lists(NUMBERS | st.floats(-100, 100), min_size=1, max_size=30))
def test_an_array_is_rounded_as_each_number_is(numbers: list[float]) -> None:
    rounded = measures(np.array(numbers))

    assert rounded.tolist() == [check_measure(number) for number in numbers]
    assert not np.signbit(rounded[rounded == 0]).any()


def test_halves_of_the_last_digit_are_rounded_as_decimals_are() -> None:
    halves = (np.arange(100_000_000_000_000, 100_000_000_004_000) + 0.5) / 10.0 ** np.arange(1, 23)[:, None]

    assert measures(halves).ravel().tolist() == [check_measure(number) for number in halves.ravel().tolist()]


@given(st.lists(st.floats(1e-300, 1 - 1e-15), min_size=1, max_size=30))
def test_normal_quantiles_are_exact_and_the_same_in_company(chances: list[float]) -> None:
    found = normal_quantile(np.array(chances))

    assert found.tolist() == pytest.approx([NormalDist().inv_cdf(chance) for chance in chances], rel=1e-14, abs=1e-15)
    assert found.tolist() == [float(normal_quantile(np.array([chance]))[0]) for chance in chances]
