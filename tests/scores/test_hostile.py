"""Hostile use of everything that takes probabilities and outcomes: strange input, empty, enormous, extreme, random.

Whatever comes in, the answer is a result, None for nothing to score, or a ValueError that names the value and its
place. No other error, and, because warnings are errors in these tests, no warning of numpy either.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from forecasts import bins, calibration, comparison, corp, murphy, scores

# functions of a row of probabilities and a row of outcomes; what they give for an empty row
EACH: dict[str, Callable[..., object]] = {
    "brier": scores.brier,
    "brier_original": scores.brier_original,
    "log_score": scores.log_score,
    "log_score excess": partial(scores.log_score, excess=True, base=2),
    "spherical": scores.spherical,
    "recalibrated": corp.recalibrated,
}
WHOLE: dict[str, Callable[..., object]] = {
    "corp_decomposition": corp.corp_decomposition,
    "corp_decomposition of the log score": partial(corp.corp_decomposition, score=scores.log_score),
    "reliability_curve": corp.reliability_curve,
    "consistency_test": partial(corp.consistency_test, seed=1, resamples=3),
    "murphy_decomposition": murphy.murphy_decomposition,
    "murphy_decomposition corrected": partial(murphy.murphy_decomposition, corrected=True, clamp=True),
    "display_bins": bins.display_bins,
}
YES_OR_NO: dict[str, Callable[..., object]] = {
    "spiegelhalter": calibration.spiegelhalter,
    "calibration_line": partial(calibration.calibration_line, clip=1e-6),
    "calibration_in_the_large": partial(calibration.calibration_in_the_large, clip=1e-6),
    "calibration_in_the_large_error": partial(calibration.calibration_in_the_large_error, clip=1e-6),
    "auc": calibration.auc,
    "murphy_diagram": comparison.murphy_diagram,
    "dominates": lambda p, y: comparison.dominates(p, y, rival=p),
}
RECORDS = EACH | WHOLE | YES_OR_NO


def numbers(result: object) -> list[float]:
    """Every number in a result, for comparing."""
    if result is None:
        return []
    if hasattr(result, "__dataclass_fields__"):
        return [value for name in result.__dataclass_fields__ for value in numbers(getattr(result, name))]
    return np.atleast_1d(np.asarray(result, dtype=float)).ravel().tolist()


def not_refused(pattern: str, names: Iterable[str], *given: object) -> dict[str, str]:
    """Which of the functions do not refuse what is given to them in words of the pattern, and what they say."""
    said = {name: refusal(RECORDS[name], *given) for name in names}
    return {name: words for name, words in said.items() if not re.search(pattern, words)}


def refusal(rule: Callable[..., object], *given: object) -> str:
    try:
        return f"it gives {rule(*given)!r}"
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (1.0000001, "1.0000001"),
        (-1e-9, "-1e-09"),
        (70, "70"),
        (None, "None"),
        ("0.5", "'0.5'"),
        (True, "True"),
    ],
)
def test_a_bad_probability_is_named_with_its_place(bad, said):
    assert not_refused(rf"^probability {said}.* at index 2", RECORDS, [0.1, 0.2, bad, 0.3], [0, 1, 1, 0]) == {}


@pytest.mark.parametrize(
    ("bad", "said"), [(math.nan, "nan"), (2, "2"), (-1, "-1"), (math.inf, "inf"), (None, "None"), ("yes", "'yes'")]
)
def test_a_bad_outcome_is_named_with_its_place(bad, said):
    assert not_refused(rf"^outcome {said}.* at index 1", RECORDS, [0.1, 0.2, 0.3], [0, bad, 1]) == {}


def test_a_fraction_is_named_where_only_yes_and_no_will_do():
    assert not_refused(r"^outcome 0\.5 at index 1 is a fraction", YES_OR_NO, [0.1, 0.2], [1, 0.5]) == {}


@pytest.mark.parametrize("shapes", [((2,), (3,)), ((2, 2), (3,)), ((3,), (2, 3)), ((2, 1), (1, 2))])
def test_shapes_that_do_not_fit_are_refused(shapes):
    chances, truth = (np.full(shape, 0.5) for shape in shapes)

    assert not_refused(r"shape \(", RECORDS, chances, np.round(truth)) == {}


def test_a_table_is_not_one_record():
    rows = WHOLE | YES_OR_NO | {"recalibrated": None}

    assert not_refused("single row", rows, np.full((2, 2), 0.5), np.ones((2, 2))) == {}


CLOTHES = [
    pytest.param(lambda p, y: (tuple(p), tuple(int(v) for v in y)), id="tuples and integers"),
    pytest.param(lambda p, y: (p, [bool(v) for v in y]), id="lists and booleans"),
    pytest.param(lambda p, y: (np.array(p), np.array(y, dtype=np.uint8)), id="small integers"),
    pytest.param(lambda p, y: (np.array(p, dtype=object), np.array(y, dtype=object)), id="objects"),
    pytest.param(lambda p, y: (pd.Series(p, index=range(9, 9 + len(p))), pd.Series(y)), id="pandas"),
    pytest.param(lambda p, y: (np.repeat(p, 2)[::2], np.repeat(y, 2)[::2]), id="strided"),
    pytest.param(lambda p, y: (np.array(p).astype(">f8"), np.array(y)), id="big-endian"),
    pytest.param(lambda p, y: (np.float32(p), np.float32(y)), id="float32"),
]


@pytest.mark.parametrize("dress", CLOTHES)
def test_the_answer_does_not_depend_on_the_clothes(dress):
    p, y = [0.125, 0.75, 0.75, 0.5, 0.9375, 0.25], [0.0, 1.0, 0.0, 1.0, 1.0, 1.0]

    for name, rule in RECORDS.items():
        plain, dressed = rule(np.array(p), np.array(y)), rule(*dress(p, y))
        assert numbers(dressed) == pytest.approx(numbers(plain), nan_ok=True), name


def test_what_was_given_is_not_changed():
    p, y = np.array([0.1, 0.9, 0.5, 0.4]), np.array([0.0, 1.0, 1.0, 0.0])
    before = p.copy(), y.copy()
    p.flags.writeable = y.flags.writeable = False

    for name, rule in RECORDS.items():
        rule(p, y)
        assert (p.tolist(), y.tolist()) == (before[0].tolist(), before[1].tolist()), name


def test_nothing_to_score_is_none_or_an_empty_row():
    for rule in EACH.values():
        assert np.shape(rule([], [])) == (0,)
    for rule in (WHOLE | YES_OR_NO).values():
        assert rule([], []) is None
        assert rule(np.empty(0), np.empty(0, dtype=int)) is None


@pytest.mark.parametrize(
    ("p", "y"),
    [
        ([0.3], [1]),
        ([0.0], [0]),
        ([1.0], [0]),
        ([0.5], [1]),
        ([-0.0, 0.0], [0, 0]),
        ([0.0, 1.0], [1, 0]),
        ([0.2, 0.7, 0.9], [1, 1, 1]),
        ([0.2, 0.7, 0.9], [0, 0, 0]),
        ([5e-324, 1 - 2**-53], [1, 0]),
        ([1e-300] * 5, [0, 1, 0, 1, 1]),
        (np.linspace(0, 1, 1001), np.arange(1001) % 2),
    ],
)
def test_the_extremes_have_an_answer(p, y):
    without = {name for name, rule in RECORDS.items() if any(math.isnan(value) for value in numbers(rule(p, y)))}

    assert without <= {"display_bins"}


@pytest.mark.parametrize("name", RECORDS)
def test_a_million_equal_forecasts(name):
    p, y = np.full(1_000_000, 0.3), np.zeros(1_000_000)
    y[:300_000] = 1.0

    result = RECORDS[name](p, y)

    if name == "corp_decomposition":
        assert (result.miscalibration, result.discrimination) == pytest.approx((0.0, 0.0), abs=1e-12)
        assert result.uncertainty == pytest.approx(0.21)


weird = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0, 0.5, -0.0, 5e-324, 1e-300, 1 - 2**-53]))
anything = st.one_of(weird, st.floats(), st.integers(-2, 2))


def given_or_refused(call: Callable[[], object]) -> None:
    """Any result will do, and a ValueError; anything else fails the test."""
    with suppress(ValueError):
        call()


@pytest.mark.parametrize("name", RECORDS)
@given(rows=st.lists(st.tuples(weird, st.sampled_from([0, 1, 0.25])), max_size=12))
@settings(deadline=None, max_examples=40)
def test_no_sound_record_makes_trouble(name, rows):
    p, y = [row[0] for row in rows], [row[1] for row in rows]

    given_or_refused(lambda: RECORDS[name](p, y))


SHAPES = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


@given(
    p=arrays(np.float64, SHAPES, elements=anything),
    y=arrays(np.float64, SHAPES, elements=anything),
    name=st.sampled_from(sorted(RECORDS)),
)
@settings(deadline=None, max_examples=300)
def test_no_unsound_record_makes_any_trouble_but_a_refusal(p, y, name):
    given_or_refused(lambda: RECORDS[name](p, y))
