"""The same forecast: what is equal at 12 decimals is one, wherever forecasts are grouped or compared."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.bins import bin_index, display_bins, histogram
from forecasts.calibration import auc, calibration_line, spiegelhalter
from forecasts.corp import consistency_test, corp_decomposition, recalibrated, reliability_curve
from forecasts.dominance import dominates, murphy_diagram
from forecasts.inputs import probabilities, same_at, shortest
from forecasts.murphy import murphy_decomposition
from forecasts.paired_record import ties
from forecasts.reference import stale

NOISY = [0.1 + 0.2, 0.3, 0.7, 0.7]
PLAIN = [0.3, 0.3, 0.7, 0.7]
OUTCOMES = [1, 0, 1, 0]

hundredths = st.integers(0, 100)
records = st.lists(st.tuples(hundredths, st.sampled_from([0, 1]), st.integers(-3, 3)), min_size=2, max_size=30)


def told_apart(function):
    """Every number that a function gives for the noisy and for the plain record."""
    return function(NOISY, OUTCOMES), function(PLAIN, OUTCOMES)


def numbers(result):
    """Every number in a result, in order."""
    if result is None:
        return []
    if hasattr(result, "__dataclass_fields__"):
        return [value for name in result.__dataclass_fields__ for value in numbers(getattr(result, name))]
    return np.ravel(np.asarray(result, dtype=float)).tolist()


COMPARING = {
    "auc": auc,
    "murphy_decomposition": murphy_decomposition,
    "murphy_decomposition in bins": lambda p, v: murphy_decomposition(p, v, groups=bin_index(p)),
    "murphy_diagram": murphy_diagram,
    "murphy_diagram at thresholds": lambda p, v: murphy_diagram(p, v, thetas=[0.29, 0.3, 0.7 - 1e-16]),
    "dominates": lambda p, v: dominates(p, v, rival=PLAIN),
    "is dominated": lambda p, v: dominates(PLAIN, v, rival=p),
    "recalibrated": recalibrated,
    "reliability_curve": reliability_curve,
    "corp_decomposition": corp_decomposition,
    "consistency_test": lambda p, v: consistency_test(p, v, seed=1, resamples=50),
    "calibration_line": calibration_line,
    "display_bins": display_bins,
    "histogram": lambda p, v: histogram(p),
    "bin_index": lambda p, v: bin_index(p, bins=100),
    "bin_index, closed right": lambda p, v: bin_index(p, closed="right"),
}


@pytest.mark.parametrize("name", COMPARING)
def test_a_rounding_error_tells_no_two_forecasts_apart(name):
    noisy, plain = told_apart(COMPARING[name])

    assert numbers(noisy) == pytest.approx(numbers(plain), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", COMPARING)
@given(rows=records)
def test_nor_do_many(name, rows):
    plain = np.array([hundredth / 100 for hundredth, _, _ in rows])
    noisy = np.clip(plain + np.array([noise for _, _, noise in rows]) * 1e-14, 0, 1)
    truth = np.array([outcome for _, outcome, _ in rows], float)
    if "domin" in name:
        assert dominates(noisy, truth, rival=plain)
        assert dominates(plain, truth, rival=noisy)
        return
    inner = (plain > 0) & (plain < 1) if name == "calibration_line" else np.ones(plain.size, bool)

    results = [numbers(COMPARING[name](chance[inner], truth[inner])) for chance in (noisy, plain)]

    assert results[0] == pytest.approx(results[1], abs=1e-9, rel=1e-6, nan_ok=True)


def test_the_examples_of_the_bug_report():
    parts = murphy_decomposition(NOISY, OUTCOMES)

    assert (bin_index(1 - 0.9), bin_index(1 - 0.8)) == (1, 2)
    assert auc([0.1 + 0.2, 0.3], [1, 0]) == 0.5
    assert parts.resolution == 0
    assert parts.reliability == pytest.approx(0.04)
    assert parts.groups == 2
    assert recalibrated(NOISY, OUTCOMES).tolist() == [0.5] * 4


def test_what_differs_at_twelve_decimals_stays_apart():
    assert auc([0.3 + 1e-12, 0.3], [1, 0]) == 1.0
    assert reliability_curve([0.3 + 1e-12, 0.3], [1, 0]).count.tolist() == [1, 1]
    assert bin_index([0.3 - 1e-12, 0.3]).tolist() == [2, 3]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
def test_what_a_ledger_keeps_is_told_apart_as_its_decimals_are(trillionths):
    kept = np.array(trillionths) / 10**12

    assert same_at(kept).tolist() == trillionths
    assert ties(kept).values.tolist() == sorted(set(kept.tolist()))


@pytest.mark.parametrize("closed", ["left", "right"])
@pytest.mark.parametrize("bins", [1, 3, 7, 10, 20, 100, 1000])
def test_edges_are_where_exact_arithmetic_has_them(bins, closed):
    for k in range(bins + 1):
        for noise in (-2e-14, -1e-16, 0, 1e-16, 2e-14):
            place = k if closed == "left" else k - 1

            assert bin_index(min(max(k / bins + noise, 0), 1), bins=bins, closed=closed) == min(max(place, 0), bins - 1)


def test_one_forecast_only_has_no_calibration_line():
    assert calibration_line([0.1 + 0.2, 0.3, 0.3], [1, 0, 1]) is None


@pytest.mark.parametrize("chance", [0.7 - 0.2, 0.5, sum([0.1] * 10), 1 - sum([0.1] * 10)])
def test_a_forecast_of_nought_half_or_one_says_nothing_about_spiegelhalters_test(chance):
    assert spiegelhalter([chance] * 5, [1, 0, 1, 1, 0]) is None


def test_a_forecast_that_drifted_by_the_tolerance_is_not_stale():
    assert not stale(0.5, untouched=1, left_then=1, tolerance=0.5)
    assert not stale(1 - 0.9, untouched=1, left_then=1, tolerance=0.1)
    assert not stale(0.1 + 0.2, untouched=1, left_then=1, tolerance=0.3)
    assert stale(0.3 + 1e-9, untouched=1, left_then=1, tolerance=0.3)


@given(st.floats(0, 1, width=32))
def test_a_float32_is_the_shortest_decimal_it_stands_for(value):
    assert shortest(np.float32([value]))[0] == float(str(np.float32(value)))


@given(st.floats(width=16, allow_nan=False, allow_infinity=False))
def test_so_is_a_float16_of_any_size(value):
    assert shortest(np.float16([value]))[0] == float(str(np.float16(value)))


@given(st.floats(width=32, allow_nan=False))
def test_and_a_float32_of_any_size(value):
    assert shortest(np.float32([value]))[0] == float(str(np.float32(value)))


def test_a_number_of_sixty_four_bits_stays_what_it_is():
    values = np.array([0.1 + 0.2, 1e300, -5e-324])

    assert shortest(values) is values


@pytest.mark.parametrize(
    "wrap",
    [
        np.float32,
        np.float16,
        lambda values: np.array(values, dtype=">f4"),
        lambda values: [np.float32(value) for value in values],
        lambda values: [np.float32(values[0]), values[1]],
        lambda values: tuple(np.array(value, dtype=np.float16) for value in values),
        lambda values: np.array([np.float32(value) for value in values], dtype=object),
        lambda values: [np.float32(values[0]), Fraction(values[1]).limit_denominator(100)],
        lambda values: pd.Series(values, dtype="float32"),
        lambda values: pd.Series(values, dtype="Float32"),
        lambda values: pl.Series(values, dtype=pl.Float32),
    ],
)
def test_narrow_floats_come_in_many_clothes(wrap):
    assert probabilities(wrap([0.7, 0.6])).tolist() == [0.7, 0.6]
    assert bin_index(wrap([0.7, 0.6])).tolist() == [7, 6]


def test_one_narrow_float_is_a_decimal_too():
    assert probabilities(np.float32(0.7)) == 0.7
    assert probabilities([[np.float32(0.7), 0.5], [0.1, np.float16(0.2)]]).tolist() == [[0.7, 0.5], [0.1, 0.2]]
