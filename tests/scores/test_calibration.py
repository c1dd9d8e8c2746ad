"""Tests of calibration and one-number summaries against rms (R), statsmodels, scikit-learn and hand-worked cases."""

from __future__ import annotations

import csv
import json
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from forecasts.calibration import (
    auc,
    belief_movement,
    calibration_in_the_large,
    calibration_in_the_large_error,
    calibration_line,
    sharpness,
    spiegelhalter,
)
from forecasts.murphy import murphy_decomposition

HERE = Path(__file__).parents[1]
VECTORS = json.loads((HERE / "vectors" / "12_calibration.json").read_text())
TOLERANCE = VECTORS["tolerance"]
CASES = {case["name"]: case for case in VECTORS["cases"]}
FITTED = [name for name, case in CASES.items() if "statsmodels" in case]

with (HERE / "data" / "precip_Niamey_2016.csv").open() as file:
    NIAMEY = list(csv.DictReader(file))


def inputs(name):
    if name.startswith("niamey_"):
        column = name.split("_")[1]
        return np.array([float(r[column]) for r in NIAMEY]), np.array([float(r["obs"]) for r in NIAMEY])
    return np.array(CASES[name]["p"]), np.array(CASES[name]["y"], float)


probability = st.one_of(st.sampled_from([0.02, 0.1, 0.25, 0.5, 0.9]), st.floats(0.01, 0.99).map(lambda p: round(p, 12)))
records = st.lists(st.tuples(probability, st.sampled_from([0, 1])), min_size=3, max_size=60).map(
    lambda rows: tuple(np.array(column, float) for column in zip(*rows, strict=True))
)


@pytest.mark.parametrize("name", FITTED)
def test_line_and_z_match_statsmodels(name):
    reference = CASES[name]["statsmodels"]

    line = calibration_line(*inputs(name))
    test = spiegelhalter(*inputs(name))

    assert line.intercept == pytest.approx(reference["intercept"], abs=TOLERANCE)
    assert line.slope == pytest.approx(reference["slope"], abs=TOLERANCE)
    assert line.slope_error == pytest.approx(reference["slope_se"], abs=TOLERANCE)
    assert calibration_in_the_large(*inputs(name)) == pytest.approx(
        reference["calibration_in_the_large"], abs=TOLERANCE
    )
    assert test.z == pytest.approx(reference["spiegelhalter_z_numpy"], abs=TOLERANCE)
    assert test.p_value == pytest.approx(reference["spiegelhalter_p_two_sided"], abs=TOLERANCE)


@pytest.mark.parametrize("name", [name for name in FITTED if "rms_val_prob" in CASES[name]])
def test_line_z_auc_and_score_match_rms(name):
    reference = CASES[name]["rms_val_prob"]

    line = calibration_line(*inputs(name))

    assert line.intercept == pytest.approx(reference["Intercept"], abs=TOLERANCE)
    assert line.slope == pytest.approx(reference["Slope"], abs=TOLERANCE)
    assert spiegelhalter(*inputs(name)).z == pytest.approx(reference["S:z"], abs=TOLERANCE)
    assert auc(*inputs(name)) == pytest.approx(reference["C (ROC)"], abs=TOLERANCE)
    assert murphy_decomposition(*inputs(name)).mean_score == pytest.approx(reference["Brier"], abs=TOLERANCE)


def test_certain_forecasts_need_a_clip_for_the_line_and_none_for_z():
    case = CASES["niamey_ENS_unclipped_spiegelhalter"]
    chance, truth = inputs("niamey_ENS")

    with pytest.raises(ValueError, match="clip"):
        calibration_line(chance, truth)
    line = calibration_line(chance, truth, clip=1e-6)

    # rms was given the clipped forecasts for z as well, hence a z that differs in the fifth digit
    assert line.intercept == pytest.approx(case["rms_val_prob_clipped_1e6"]["Intercept"], abs=TOLERANCE)
    assert line.slope == pytest.approx(case["rms_val_prob_clipped_1e6"]["Slope"], abs=TOLERANCE)
    assert spiegelhalter(chance, truth).z == pytest.approx(case["spiegelhalter_z_numpy"], abs=TOLERANCE)
    assert spiegelhalter(np.clip(chance, 1e-6, 1 - 1e-6), truth).z == pytest.approx(
        case["rms_val_prob_clipped_1e6"]["S:z"], abs=TOLERANCE
    )


def overlaps(chance, truth):
    yes, no = chance[truth == 1], chance[truth == 0]
    return bool(yes.size and no.size and yes.min() < no.max() and no.min() < yes.max())


@given(records)
def test_the_line_solves_the_equations_of_the_likelihood(rows):
    chance, truth = rows
    odds = np.log(chance / (1 - chance))

    line = calibration_line(chance, truth)

    assert (line is not None) == overlaps(odds, truth)
    if line is not None:
        residual = truth - 1 / (1 + np.exp(-(line.intercept + line.slope * odds)))
        assert residual.sum() == pytest.approx(0, abs=1e-7)
        assert residual @ odds == pytest.approx(0, abs=1e-6)


twentieths = st.integers(1, 19).map(lambda twentieth: twentieth / 20)


@given(st.lists(st.tuples(twentieths, st.integers(0, 1)), max_size=60), st.tuples(twentieths, twentieths))
def test_random_records_are_fitted_as_by_statsmodels(rows, both):
    # Their steps are neither damped nor scaled. So the forecasts lie apart, or their matrix is singular to rounding;
    # and each of two forecasts comes true once and fails once: then yes and no are parted by nothing, nearly or wholly.
    assume(both[0] != both[1])
    rows = rows + [(chance, outcome) for chance in both for outcome in (0, 1)]
    chance, truth = (np.array(column, float) for column in zip(*rows, strict=True))
    odds = np.log(chance / (1 - chance))
    binomial = {"family": sm.families.Binomial()}
    theirs = sm.GLM(truth, sm.add_constant(odds), **binomial).fit(tol=1e-12)
    shifted = sm.GLM(truth, np.ones(truth.size), **binomial, offset=odds).fit(tol=1e-12)

    line = calibration_line(chance, truth)

    assert [line.intercept, line.slope] == pytest.approx(theirs.params, rel=1e-6, abs=1e-6)
    assert [line.intercept_error, line.slope_error] == pytest.approx(theirs.bse, rel=1e-5)
    assert calibration_in_the_large(chance, truth) == pytest.approx(shifted.params[0], rel=1e-6, abs=1e-6)
    assert calibration_in_the_large_error(chance, truth) == pytest.approx(shifted.bse[0], rel=1e-5)


@given(st.lists(st.tuples(probability, st.sampled_from([0, 1])), min_size=1, max_size=7))
def test_z_is_the_distance_of_the_brier_score_from_its_mean_over_all_that_could_have_come(rows):
    chance, truth = (np.array(column, float) for column in zip(*rows, strict=True))
    worlds = np.array(list(product([0.0, 1.0], repeat=chance.size)))
    weights = np.prod(np.where(worlds == 1, chance, 1 - chance), axis=1)
    briers = np.mean((worlds - chance) ** 2, axis=1)
    mean = weights @ briers
    deviation = np.sqrt(weights @ (briers - mean) ** 2)
    assume(deviation > 1e-6)

    test = spiegelhalter(chance, truth)

    assert test.z == pytest.approx((np.mean((truth - chance) ** 2) - mean) / deviation, rel=1e-6, abs=1e-6)
    assert test.p_value == pytest.approx(2 * norm.sf(abs(test.z)), rel=1e-9)


@pytest.mark.parametrize(
    ("chance", "truth"),
    [
        ([0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1]),  # parted
        ([0.2, 0.3, 0.7, 0.8], [1, 1, 0, 0]),  # parted, upside down
        ([0.2, 0.5, 0.5, 0.8], [0, 0, 1, 1]),  # parted but for a tie
        ([0.4, 0.4, 0.4], [0, 1, 1]),  # one probability
        ([0.2, 0.8], [1, 1]),  # all alike
        ([], []),
    ],
)
def test_where_no_line_is_best_there_is_none(chance, truth):
    assert calibration_line(chance, truth) is None


def test_forecasts_wrong_by_many_orders_are_still_fitted():
    # the first step of Newton's method is 10^8 too long here
    chance, truth = np.array([1e-9] * 9 + [0.5]), np.array([1.0] * 9 + [0.0])

    shift = calibration_in_the_large(chance, truth)

    odds = np.log(chance / (1 - chance)) + shift
    assert np.sum(1 / (1 + np.exp(-odds))) == pytest.approx(9, abs=1e-8)
    assert calibration_in_the_large([0.3, 0.4], [1, 1]) is None
    assert calibration_in_the_large([], []) is None
    assert calibration_in_the_large_error([], []) is None


def test_spiegelhalter_says_nothing_without_variance():
    assert VECTORS["edge"][0]["expected"] is None
    assert spiegelhalter([0.5, 0.5], [0, 1]) is None
    assert spiegelhalter([0, 1, 0.5], [0, 1, 1]) is None
    assert spiegelhalter([], []) is None


@given(records)
def test_spiegelhalter_is_the_brier_score_against_its_own_promise(rows):
    chance, truth = rows
    promised = np.mean(chance * (1 - chance))
    spread = math.sqrt(np.sum((1 - 2 * chance) ** 2 * chance * (1 - chance))) / chance.size

    test = spiegelhalter(chance, truth)

    if test is not None and spread > 1e-6:
        assert test.z == pytest.approx((np.mean((chance - truth) ** 2) - promised) / spread, abs=1e-6)
        assert test.p_value == pytest.approx(2 * norm.sf(abs(test.z)), abs=1e-12)


@given(records)
def test_auc_agrees_with_scikit_learn(rows):
    chance, truth = rows

    area = auc(chance, truth)

    if truth.min() == truth.max():
        assert area is None
    else:
        assert area == pytest.approx(roc_auc_score(truth, chance), abs=1e-12)


@given(records)
def test_auc_turns_over_with_the_forecasts(rows):
    chance = np.round(rows[0] * 64) / 64  # so that 1 - p makes and breaks no ties
    area, turned = auc(chance, rows[1]), auc(1 - chance, rows[1])

    assert area is None or area + turned == pytest.approx(1)


def test_sharpness_is_what_the_forecasts_promise():
    assert sharpness([0.0, 1.0]) == 0
    assert sharpness([0.5]) == 0.25
    assert sharpness([0.1, 0.2]) == pytest.approx((0.09 + 0.16) / 2)
    assert sharpness(0.2) == pytest.approx(0.16)
    assert sharpness([]) is None


def test_belief_movement_counts_every_step_and_the_last_to_the_outcome():
    path = belief_movement([0.5, 0.7, 0.4], 0)

    assert path.movement == pytest.approx(0.04 + 0.09 + 0.16)
    assert path.reduction == pytest.approx(0.25)
    assert path.excess == pytest.approx(0.04)
    assert path.ratio == pytest.approx(0.29 / 0.25)


def test_an_unfinished_path_is_measured_so_far():
    path = belief_movement([0.5, 0.9])

    assert path.movement == pytest.approx(0.16)
    assert path.reduction == pytest.approx(0.25 - 0.09)
    assert belief_movement([0.9, 0.5]).ratio is None
    assert belief_movement([0.9]) is None
    assert belief_movement([], 1) is None
    with pytest.raises(ValueError, match="lead to one outcome"):
        belief_movement([0.5], [1, 0])


@pytest.mark.parametrize(("zeal", "sign"), [(1.0, 0), (1.8, 1), (0.5, -1)])
def test_rational_updating_has_no_excess_movement_and_overreaction_has(zeal, sign):
    # a coin of bias 0.4 or 0.6, ten tosses shown; zeal multiplies what each toss is worth
    random = np.random.default_rng(12)
    excess = []
    for _ in range(3000):
        heads = random.random() < 0.5
        tosses = np.where(random.random(10) < (0.6 if heads else 0.4), 1, -1)
        odds = np.concatenate([[0.0], np.cumsum(zeal * tosses * math.log(1.5))])
        excess.append(belief_movement(1 / (1 + np.exp(-odds)), float(heads)).excess)

    error = np.std(excess) / math.sqrt(3000)

    assert abs(np.mean(excess)) < 3 * error if sign == 0 else sign * np.mean(excess) > 3 * error


@pytest.mark.parametrize(
    "judge", [spiegelhalter, calibration_line, calibration_in_the_large_error, calibration_in_the_large, auc]
)
@pytest.mark.parametrize(
    ("chance", "truth", "message"),
    [([0.5], [0.5], "fraction"), ([1.5], [1], "1.5"), ([math.nan], [1], "nan"), ([0.5], [1, 0], "shape")],
)
def test_invalid_records_are_refused(judge, chance, truth, message):
    with pytest.raises(ValueError, match=message):
        judge(chance, truth)
