"""The door: what comes in as numbers, and what is refused with its value and its place."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import inf, nan

import numpy as np
import pandas as pd
import polars as pl
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from forecasts.inputs import finite, floats, like_input, outcomes, paired, probabilities, refuse
from forecasts.options import between, codes, generator, positive, whole

TENTHS = [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    "values",
    [
        TENTHS,
        tuple(TENTHS),
        np.array(TENTHS),
        np.array(TENTHS, dtype=object),
        np.array([0.9, 0.3, 0.9, 0.2, 0.9, 0.1])[::-2],
        np.ma.masked_array(TENTHS, mask=[False] * 3),
        [Decimal("0.1"), Fraction(1, 5), np.float64(0.3)],
        [np.array(0.1), 0.2, 0.3],
        pd.Series(TENTHS, index=[7, 5, 9]),
        pd.Series(TENTHS, dtype="Float64"),
        pl.Series(TENTHS),
        xr.DataArray(TENTHS, dims="i"),
    ],
    ids=lambda values: type(values).__module__.split(".")[0],
)
def test_numbers_come_in_many_clothes(values):
    array = probabilities(values)

    assert array.dtype == np.float64
    assert array.tolist() == TENTHS


@pytest.mark.parametrize("kind", ["float16", "float32", "longdouble", "uint8", "int64", "bool"])
def test_every_kind_of_number_becomes_float64(kind):
    values = np.array([0, 1], dtype=kind)

    assert outcomes(values).tolist() == [0.0, 1.0]
    assert outcomes(values).dtype == np.float64


def test_a_plain_number_has_no_axes_and_comes_back_plain():
    assert probabilities(0.5).shape == ()
    assert type(like_input(probabilities(np.float32(0.5)))) is float


def test_minus_zero_is_zero():
    assert probabilities([-0.0]).tolist() == [0.0]


def test_nothing_is_copied_that_need_not_be():
    array = np.array(TENTHS)

    assert probabilities(array) is array


@pytest.mark.parametrize(
    ("probability", "message"),
    [
        (1.01, "probability 1.01 is not from 0 to 1"),
        ([0.1, -0.2], "probability -0.2 at index 1 is not from 0 to 1"),
        ([0.0, 1.0, 1.5, -1.0], "probability 1.5 at index 2 is not from 0 to 1"),
        ([[0.1, 0.2], [0.3, float("nan")]], r"probability nan at index \(1, 1\)"),
        (float("inf"), "probability inf"),
        (True, "True is a boolean"),
        ([0.2, True], "True at index 1 is a boolean"),
        (np.array([True]), "True at index 0 is a boolean"),
        ([np.array([0.2, 0.3]), np.array([True, False])], r"True at index \(1, 0\) is a boolean"),
        ("0.7", "'0.7' is not a number"),
        ([0.2, "0.7"], "'0.7' at index 1 is not a number"),
        ([0.2, None], "None at index 1 is not a number"),
        (np.array([0.2, None], dtype=object), "None at index 1"),
        (np.ma.masked_array([0.2, 0.3], mask=[False, True]), "masked value at index 1"),
        ([0.2, np.ma.masked], "masked at index 1 is not a number"),
        (np.array(["2026-01-01"], dtype="datetime64[D]"), "at index 0 is a date or duration"),
        (np.timedelta64(3, "D"), "is a date or duration"),
        (10**400, "too large"),
        (1j, "1j is not a number"),
        ([[0.1], [0.2, 0.3]], "rectangular"),
    ],
)
def test_what_is_no_probability_is_refused_with_its_value_and_place(probability, message):
    with pytest.raises(ValueError, match=message):
        probabilities(probability)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, nan], "outcome nan at index 1 is not from 0 to 1"),
        ([1, 2], "outcome 2.0 at index 1"),
        ([1, "yes"], "outcome 'yes' at index 1 is not a number"),
        ([1, None], "outcome None at index 1"),
        (pd.Series([1, None], dtype="Int64"), "at index 1 is not"),
    ],
)
def test_what_is_no_outcome_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        outcomes(values)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: finite([1.0, inf], "time"), "time inf at index 1 is not finite"),
        (lambda: finite([1.0, nan], "time", infinity=True), "time nan at index 1 is not finite"),
        (lambda: floats(["1"], "loss"), "loss '1' at index 0 is not a number"),
        (lambda: paired(np.ones(2), np.ones((2, 1))), "shape"),
        (lambda: refuse(np.array(2.0), np.array(True), "x", "is odd"), "x 2.0 is odd"),
        (lambda: whole(True, "bins", least=1), "bins True"),
        (lambda: whole(2.0, "bins", least=1), "bins 2.0 is not a whole number"),
        (lambda: between(nan, "level"), "level nan is not between 0 and 1"),
        (lambda: between("a", "level"), "level 'a'"),
        (lambda: between(0, "level"), "level 0 is not between 0 and 1"),
        (lambda: between(1.0, "level"), "level 1.0 is not between 0 and 1"),
        (lambda: between(True, "level", high=2), "level True is not between 0 and 2"),
        (lambda: positive(True, "factor"), "factor True"),
        (lambda: positive(inf, "factor"), "factor inf"),
        (lambda: positive(0, "factor"), "factor 0"),
        (lambda: generator(None), "seed None"),
        (lambda: generator(1.5), "seed 1.5"),
        (lambda: codes([["a"]], "tag"), "tag must hold labels"),
    ],
)
def test_other_input_is_refused_by_its_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_withdrawals_pass_where_they_are_meant_to():
    assert np.isnan(probabilities([0.5, nan], withdrawals=True)[1])
    with pytest.raises(ValueError, match=r"probability 1\.5 at index 2"):
        probabilities([0.5, nan, 1.5], withdrawals=True)


@given(st.lists(st.one_of(st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=2)), max_size=5))
def test_a_list_is_a_row_of_probabilities_or_refused(values):
    good = all(isinstance(v, (int, float)) and not isinstance(v, bool) and 0 <= v <= 1 for v in values)

    if good:
        assert probabilities(values).tolist() == [float(v) for v in values]
    else:
        with pytest.raises(ValueError, match="probability"):
            probabilities(values)


@given(st.lists(st.one_of(st.integers(-3, 3), st.text(max_size=2), st.none(), st.floats(allow_nan=False)), max_size=9))
def test_codes_tell_labels_apart_as_equality_does(labels):
    distinct, rows = codes(labels, "tag")

    assert [distinct[row] for row in rows] == labels
    assert len(set(distinct)) == len(distinct)


def test_options_at_the_edge_of_what_is_allowed_pass():
    assert whole(1, "bins", least=1) == 1
    assert whole(np.int64(2), "bins", least=1) == 2
    assert between(1e-9, "level") == 1e-9
    assert positive(0.5, "factor") == 0.5
    assert generator(0).random() == generator(0).random()


def test_the_same_seed_gives_the_same_numbers():
    assert generator(3).random() == generator(3).random() != generator(4).random()
