"""Murphy's decomposition against SpecsVerification and verification (both R), and its identities."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.bins import bin_index
from forecasts.corp import corp_decomposition
from forecasts.murphy import murphy_decomposition

HERE = Path(__file__).parents[1]
VECTORS = json.loads((HERE / "vectors" / "10_murphy_decomposition.json").read_text())
TOLERANCE = VECTORS["tolerance"]

with (HERE / "data" / "precip_Niamey_2016.csv").open() as file:
    NIAMEY = list(csv.DictReader(file))


def inputs(name):
    if name.startswith("niamey_"):
        chance = [float(row[name.removeprefix("niamey_")]) for row in NIAMEY]
        return np.array(chance), np.array([float(row["obs"]) for row in NIAMEY])
    case = VECTORS["toy"] if name == "toy" else VECTORS["inputs"][name]
    return np.atleast_1d(np.array(case["p"], float)), np.atleast_1d(np.array(case["y"], float))


RECORDS = sorted(VECTORS["SpecsVerification_0_5_3"])


def parts(result):
    return [result.reliability, result.resolution, result.uncertainty]


def expected(block):
    return [block["REL"], block["RES"], block["UNC"]]


@pytest.mark.parametrize("name", RECORDS)
def test_grouping_by_probability_matches_specsverification(name):
    reference = VECTORS["SpecsVerification_0_5_3"][name]

    result = murphy_decomposition(*inputs(name))

    assert parts(result) == pytest.approx(expected(reference["unique"]), abs=TOLERANCE)
    assert result.mean_score == pytest.approx(reference["brier"], abs=TOLERANCE)


@pytest.mark.parametrize("name", RECORDS)
def test_ten_bins_match_specsverification(name):
    chance, truth = inputs(name)
    groups = bin_index(chance, closed="right")  # R's cut

    result = murphy_decomposition(chance, truth, groups=groups)

    reference = VECTORS["SpecsVerification_0_5_3"][name]["bins10"]
    assert parts(result) == pytest.approx(expected(reference), abs=TOLERANCE)


@pytest.mark.parametrize("grouping", ["unique", "bins10"])
@pytest.mark.parametrize("name", [name for name in RECORDS if name != "single"])
def test_the_clamped_correction_matches_specsverification(name, grouping):
    chance, truth = inputs(name)
    groups = bin_index(chance, closed="right") if grouping == "bins10" else None

    result = murphy_decomposition(chance, truth, groups=groups, corrected=True, clamp=True)

    reference = VECTORS["SpecsVerification_0_5_3"][name][f"{grouping}_bc"]
    assert parts(result) == pytest.approx(expected(reference), abs=TOLERANCE)


def test_the_clamp_hides_the_correction_when_half_came_true():
    # SpecsVerification shrinks the correction until UNC stays at most 1/4: with ybar = 1/2 to nothing at all.
    # Ferro & Fricker's estimator is unbiased because it may leave the range, so ours clamps only when told to.
    chance, truth = inputs("toy")
    assert truth.mean() == 0.5

    plain = murphy_decomposition(chance, truth)
    clamped = murphy_decomposition(chance, truth, corrected=True, clamp=True)
    free = murphy_decomposition(chance, truth, corrected=True)

    assert parts(clamped) == parts(plain)
    groups = [truth[chance == value] for value in np.unique(chance)]
    noise = sum(g.sum() * (g.size - g.sum()) / (g.size * (g.size - 1)) for g in groups if g.size > 1) / len(truth)
    whole = 0.25 / 17
    assert free.reliability == pytest.approx(plain.reliability - noise)
    assert free.resolution == pytest.approx(plain.resolution - noise + whole)
    assert free.uncertainty == pytest.approx(plain.uncertainty + whole)


@pytest.mark.parametrize("name", ["toy", "niamey_EMOS", "worldevents"])
def test_verification_splits_alike_and_its_midpoint_bins_do_not(name):
    reference = VECTORS["verification_1_44"][name]

    result = murphy_decomposition(*inputs(name))

    # its own mean score of niamey_EMOS is 3e-10 off that of every other library: it shortens the forecasts
    assert result.mean_score == pytest.approx(reference["unbinned"]["bs"], abs=1e-9)
    assert result.reliability == pytest.approx(reference["unbinned"]["bs.reliability"], abs=1e-9)
    assert result.resolution == pytest.approx(reference["unbinned"]["bs.resol"], abs=TOLERANCE)
    # verification::brier(bins=TRUE) replaces each forecast by the middle of its bin, and so scores other forecasts
    assert abs(reference["midpoint_binned_11"]["bs"] - result.mean_score) > 1e-3


def test_the_r_package_scoring_has_the_same_means_in_the_original_convention():
    # its rows are a summary of each forecaster's scores, from 0 to 2; the fourth is the mean
    means = VECTORS["R_scoring_worldevents_by_forecaster"]["nobin"][3]
    chance, truth = inputs("worldevents")

    for forecaster, (said, came) in enumerate(zip(chance.reshape(7, 3), truth.reshape(7, 3), strict=True), start=1):
        result = murphy_decomposition(said, came)
        assert 2 * result.mean_score == pytest.approx(means[str(forecaster)], abs=TOLERANCE)


@pytest.mark.parametrize(
    ("chance", "degenerate"), [([0.1, 0.2, 0.3, 0.3], False), ([0.1, 0.2, 0.3, 0.4, 0.4], True), ([0.5, 0.5], False)]
)
def test_degenerate_is_when_most_forecasts_and_not_half_of_them_stand_alone(chance, degenerate):
    assert murphy_decomposition(chance, [1] * len(chance)).degenerate is degenerate


def test_the_table_in_wilks_is_reproduced():
    table = VECTORS["wilks_table"]
    size = 10_000
    count = np.round(np.array(table["prob_y"]) * size).astype(int)
    chance = np.repeat(table["y_i"], count)
    truth = np.repeat(table["obar_i"], count)  # a group's frequency for each of its forecasts

    result = murphy_decomposition(chance, truth)

    assert result.reliability == pytest.approx(table["computed"]["REL"], abs=1e-9)
    assert result.resolution == pytest.approx(table["computed"]["RES"], abs=1e-9)


def kept(chance):
    """A probability as a ledger keeps it: those that differ further down are the same forecast."""
    return round(chance, 12)


probability = st.one_of(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.floats(0, 1).map(kept))
records = st.lists(st.tuples(probability, st.floats(0, 1), st.integers(0, 3)), min_size=2, max_size=40)


@given(records, st.booleans(), st.booleans(), st.booleans())
def test_the_parts_always_make_up_the_mean_brier_score(rows, grouped, corrected, clamp):
    chance, truth, groups = (np.array(column) for column in zip(*rows, strict=True))

    result = murphy_decomposition(chance, truth, groups=groups if grouped else None, corrected=corrected, clamp=clamp)

    whole = result.reliability - result.resolution + result.uncertainty
    if not grouped:
        assert result.within_variance == pytest.approx(0, abs=1e-15)
        assert whole == pytest.approx(result.mean_score, abs=1e-12)
    whole += result.within_variance - result.within_covariance
    assert whole == pytest.approx(float(np.mean((chance - truth) ** 2)), abs=1e-12)


@given(records)
def test_the_clamped_parts_stay_in_range(rows):
    chance, truth, _ = (np.array(column) for column in zip(*rows, strict=True))

    result = murphy_decomposition(chance, np.round(truth), corrected=True, clamp=True)

    assert result.reliability >= -1e-12
    assert result.resolution >= -1e-12
    assert -1e-12 <= result.uncertainty <= 0.25 + 1e-12


def test_the_correction_takes_out_the_bias_of_small_groups():
    random = np.random.default_rng(3)
    levels = np.repeat([0.2, 0.5, 0.8], 4)
    plain, free = [], []
    for _ in range(1500):
        truth = (random.random(12) < levels).astype(float)  # calibrated: the true reliability is 0
        plain.append(murphy_decomposition(levels, truth).reliability)
        free.append(murphy_decomposition(levels, truth, corrected=True).reliability)

    assert np.mean(plain) > 0.04
    assert abs(np.mean(free)) < 0.004


def test_continuous_probabilities_degenerate_and_the_result_says_so():
    chance, truth = inputs("niamey_EMOS")

    result = murphy_decomposition(chance, truth)
    corp = corp_decomposition(chance, truth)

    assert result.degenerate
    assert result.groups == 92
    assert result.reliability == pytest.approx(result.mean_score)
    assert result.resolution == pytest.approx(result.uncertainty)
    assert corp.miscalibration < 0.02
    assert not murphy_decomposition(*inputs("niamey_ENS")).degenerate


def test_too_few_forecasts_give_none():
    assert murphy_decomposition([], []) is None
    assert murphy_decomposition(0.7, 1, corrected=True) is None
    assert murphy_decomposition(0.7, 1).reliability == pytest.approx(0.09)


def test_groups_that_do_not_fit_are_refused():
    for groups in (np.array([0]), np.array([0.5, 1.5]), [0, -1]):
        with pytest.raises(ValueError, match="groups"):
            murphy_decomposition([0.1, 0.2], [0, 1], groups=groups)
