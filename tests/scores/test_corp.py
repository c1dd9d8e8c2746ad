"""CORP against model-diagnostics, scikit-learn, the published Niamey numbers and its own identities."""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_diagnostics.scoring import LogLoss, SquaredError, decompose
from sklearn.isotonic import IsotonicRegression

from forecasts.corp import _pooled, consistency_test, corp_decomposition, recalibrated, reliability_curve
from forecasts.scores import brier, log_score, spherical

with (Path(__file__).parents[1] / "data" / "precip_Niamey_2016.csv").open() as file:
    NIAMEY = list(csv.DictReader(file))
RAIN = np.array([float(row["obs"]) for row in NIAMEY])


def kept(chance):
    """A probability as a ledger keeps it: those that differ further down are the same forecast."""
    return round(chance, 12)


probability = st.one_of(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.floats(0, 1).map(kept))


def niamey(name):
    return np.array([float(row[name]) for row in NIAMEY])


def records(outcome, smallest=1):
    return st.lists(st.tuples(probability, outcome), min_size=smallest, max_size=40).map(
        lambda rows: tuple(np.array(column, float) for column in zip(*rows, strict=True))
    )


def test_the_published_decomposition_of_the_niamey_forecasts_is_reproduced():
    # Dimitriadis, Gneiting & Jordan (2021), PNAS 118(8), figure 2
    split = corp_decomposition(niamey("EMOS"), RAIN)

    assert round(split.mean_score, 3) == 0.232
    assert round(split.miscalibration, 4) == 0.0183
    assert round(split.discrimination, 4) == 0.0305
    assert round(split.uncertainty, 3) == 0.244


@pytest.mark.parametrize("name", ["EMOS", "ENS", "EPC", "Logistic"])
def test_model_diagnostics_splits_niamey_alike(name):
    theirs = decompose(y_obs=RAIN, y_pred=niamey(name), scoring_function=SquaredError())

    split = corp_decomposition(niamey(name), RAIN)

    assert split.miscalibration == pytest.approx(theirs["miscalibration"].item(), abs=1e-9)
    assert split.discrimination == pytest.approx(theirs["discrimination"].item(), abs=1e-9)
    assert split.uncertainty == pytest.approx(theirs["uncertainty"].item(), abs=1e-9)
    assert split.mean_score == pytest.approx(theirs["score"].item(), abs=1e-9)


@given(records(st.sampled_from([0, 1]), smallest=2), st.sampled_from([brier, log_score]))
def test_model_diagnostics_splits_random_records_alike(rows, score):
    chance, truth = np.clip(rows[0], 0.01, 0.99), rows[1]
    scoring = SquaredError() if score is brier else LogLoss()
    theirs = decompose(y_obs=truth, y_pred=chance, scoring_function=scoring)
    assert isinstance(theirs, pl.DataFrame)

    split = corp_decomposition(chance, truth, score=score)

    if truth.min() < truth.max():  # else model-diagnostics has no log loss for a base rate of 0 or 1
        for part in ("miscalibration", "discrimination", "uncertainty"):
            assert getattr(split, part) == pytest.approx(theirs[part].item(), abs=1e-9)


@given(records(st.floats(0, 1)))
def test_the_parts_make_up_the_mean_score(rows):
    split = corp_decomposition(*rows)

    whole = split.miscalibration - split.discrimination + split.uncertainty
    assert whole == pytest.approx(split.mean_score, abs=1e-12)
    assert split.mean_score == pytest.approx(float(np.mean((rows[0] - rows[1]) ** 2)), abs=1e-12)
    assert split.miscalibration >= 0
    assert split.discrimination >= 0


@given(records(st.sampled_from([0, 1, 0.5])))
def test_the_parts_make_up_the_mean_log_score_too(rows):
    split = corp_decomposition(*rows, score=log_score)

    whole = split.miscalibration - split.discrimination + split.uncertainty
    assert whole == pytest.approx(split.mean_score, abs=1e-9)


@given(records(st.floats(0, 1)))
def test_recalibration_is_isotonic_regression_with_ties_pooled(rows):
    chance, truth = rows

    theirs = IsotonicRegression().fit(chance, truth).predict(chance)

    # scikit-learn also pools probabilities that differ by less than its tolerance
    if np.diff(np.unique(chance)).min(initial=1) > 1e-6:
        assert recalibrated(chance, truth) == pytest.approx(theirs, abs=1e-9)


@given(records(st.floats(0, 1)), st.randoms())
def test_the_order_of_the_claims_does_not_matter(rows, random):
    order = list(range(rows[0].size))
    random.shuffle(order)

    shuffled = recalibrated(rows[0][order], rows[1][order])

    assert shuffled == pytest.approx(recalibrated(*rows)[order], abs=1e-12)


@given(records(st.sampled_from([0, 1])))
def test_recalibrating_twice_changes_nothing(rows):
    once = recalibrated(*rows)

    split = corp_decomposition(np.clip(once, 0, 1), rows[1])

    assert split.miscalibration == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_constant_forecaster_does_not_discriminate(value):
    split = corp_decomposition([value] * 4, [1, 0, 0, 0])

    assert split.discrimination == 0
    assert split.miscalibration == pytest.approx((value - 0.25) ** 2)


def test_claims_that_all_came_out_alike_have_no_uncertainty():
    split = corp_decomposition([0.2, 0.7, 0.9], [1, 1, 1])

    assert (split.uncertainty, split.discrimination) == (0, 0)
    assert split.miscalibration == split.mean_score


def test_a_forecaster_upside_down_does_not_discriminate():
    split = corp_decomposition([0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1])

    assert split.discrimination == 0


def test_certain_and_wrong_is_infinitely_miscalibrated_under_the_log_score():
    split = corp_decomposition([0.0, 0.6], [1, 0], score=log_score)

    assert split.miscalibration == math.inf
    assert math.isfinite(split.discrimination)
    assert math.isfinite(split.uncertainty)


def test_the_curve_holds_each_probability_once():
    curve = reliability_curve([0.3, 0.1, 0.3, 0.2], [0, 0, 1, 1])

    assert curve.probability.tolist() == [0.1, 0.2, 0.3]
    assert curve.recalibrated == pytest.approx([0, 2 / 3, 2 / 3])
    assert curve.count.tolist() == [1, 1, 2]


def test_nothing_to_judge_gives_none():
    assert corp_decomposition([], []) is None
    assert reliability_curve([], []) is None
    assert consistency_test([], [], seed=0) is None
    assert recalibrated([], []).tolist() == []


def test_the_same_seed_gives_the_same_band():
    first, second = (consistency_test(niamey("EPC"), RAIN, seed=7, resamples=200) for _ in range(2))

    assert first.lower.tolist() == second.lower.tolist()
    assert first.p_value == second.p_value


def test_a_long_record_has_its_band_at_a_thousand_places():
    random = np.random.default_rng(1)
    chance = random.random(5000)
    truth = (random.random(5000) < chance).astype(float)

    band = consistency_test(chance, truth, seed=1, resamples=20)

    assert band.probability.size == 1000
    assert (band.probability[0], band.probability[-1]) == (chance.min(), chance.max())
    assert np.isin(band.probability, chance).all()
    assert (band.lower <= band.upper).all()


def test_the_band_holds_the_curve_of_a_calibrated_forecaster_nine_times_in_ten():
    random = np.random.default_rng(5)
    inside = []
    for trial in range(60):
        chance = random.choice([0.1, 0.3, 0.5, 0.7, 0.9], 200)
        truth = (random.random(200) < chance).astype(float)
        band = consistency_test(chance, truth, seed=trial, resamples=200)
        curve = reliability_curve(chance, truth).recalibrated
        inside.append((band.lower <= curve) & (curve <= band.upper))

    share = np.mean(inside)  # pointwise, and 90% or a little more because the counts are discrete
    assert 0.86 < share < 0.97


def test_p_values_are_even_for_the_calibrated_and_small_for_the_bold():
    random = np.random.default_rng(11)
    chance = random.random((80, 150))
    truth = random.random((80, 150)) < chance
    bold = np.where(chance > 0.5, 0.5 + chance / 2, chance / 2)

    honest = [
        consistency_test(p, v, seed=s, resamples=99).p_value for s, (p, v) in enumerate(zip(chance, truth, strict=True))
    ]
    caught = [
        consistency_test(p, v, seed=s, resamples=99).p_value for s, (p, v) in enumerate(zip(bold, truth, strict=True))
    ]

    assert 0.38 < np.mean(honest) < 0.62
    assert np.mean(np.array(honest) <= 0.1) < 0.2
    assert np.mean(np.array(caught) <= 0.1) > 0.5


@pytest.mark.parametrize("spread", ["distinct", "tied"])
@pytest.mark.parametrize("size", [10, 50, 200])
def test_the_calibrated_are_rejected_as_often_as_the_level_says(size, spread):
    # with forecasts drawn again, 60 to 69 in a hundred of distinct ones came below a half
    random = np.random.default_rng(size)
    shape = (400, size)
    chance = random.beta(1.2, 1.2, shape) if spread == "distinct" else random.integers(1, 10, shape) / 10
    truth = random.random(shape) < chance

    found = np.array(
        [
            consistency_test(p, v, seed=s, resamples=99).p_value
            for s, (p, v) in enumerate(zip(chance, truth, strict=True))
        ]
    )

    assert found.min() >= 0.01
    for level in (0.05, 0.1, 0.5):
        deviation = np.sqrt(level * (1 - level) / found.size)
        assert np.mean(found <= level) == pytest.approx(level, abs=3.5 * deviation)


def test_a_resample_like_the_record_counts_as_at_least_as_miscalibrated():
    # three times 0.7, all true: so are 0.343 of the resamples; with one or none true they are worse still
    alike = consistency_test([0.7] * 3, [1, 1, 1], seed=1, resamples=4000)

    assert alike.p_value == pytest.approx(0.343 + 0.189 + 0.027, abs=0.03)
    assert consistency_test([0.5], [1], seed=1, resamples=9).p_value == 1.0


def test_what_falls_back_block_by_block_is_merged_to_the_end():
    rising = np.arange(100) / 100

    assert recalibrated([*rising, 1], [*rising, 0]).tolist() == pytest.approx(
        IsotonicRegression().fit(np.arange(101), [*rising, 0]).predict(np.arange(101)).tolist(), abs=1e-12
    )
    two = _pooled(np.tile([*rising, 0], 2), np.ones(202), 101)
    assert two[:101].tolist() == two[101:].tolist() == pytest.approx(recalibrated([*rising, 1], [*rising, 0]).tolist())


def test_one_call_pools_many_resamples_as_one_by_one():
    random = np.random.default_rng(2)
    truth = random.random((30, 17))
    weight = random.integers(1, 9, (30, 17)).astype(float)

    together = _pooled((truth * weight).ravel(), weight.ravel(), 17)

    one_by_one = [
        IsotonicRegression().fit(np.arange(17), row, sample_weight=w).predict(np.arange(17))
        for row, w in zip(truth, weight, strict=True)
    ]
    assert together.reshape(30, 17) == pytest.approx(np.array(one_by_one), abs=1e-12)


def test_one_violation_far_up_takes_time_that_grows_with_the_record_and_no_more():
    size = 100_000  # a pass over everything for each block that is merged would take minutes
    rising = np.linspace(0, 0.9, size)
    chance, truth = np.append(rising, np.full(size, 0.999)), np.append(rising, np.zeros(size))

    started = time.process_time()
    fitted = recalibrated(chance, truth)
    spent = time.process_time() - started

    theirs = IsotonicRegression().fit(chance, truth).predict(chance)
    assert fitted == pytest.approx(theirs, abs=1e-12)
    assert spent < 5


@pytest.mark.parametrize("score", [spherical, lambda p, v: -brier(p, v), lambda p, v: np.full(3, math.nan)])
def test_a_score_that_is_no_proper_loss_is_refused_rather_than_cut_to_zero(score):
    with pytest.raises(ValueError, match="score is no proper loss"):
        corp_decomposition([0.2, 0.7, 0.5], [0, 1, 1], score=score)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.5, math.nan], [0, 1]), "nan"),
        (([0.5, 1.5], [0, 1]), "1.5"),
        (([0.5, 0.5], [0, 2]), "2.0"),
        (([0.5, 0.5], [0, 1, 1]), "shape"),
        (([[0.5, 0.5]], [[0, 1]]), "single row"),
    ],
)
def test_an_invalid_record_is_refused(arguments, message):
    for judge in (corp_decomposition, reliability_curve, recalibrated):
        with pytest.raises(ValueError, match=message):
            judge(*arguments)


@pytest.mark.parametrize("options", [{"level": 1.0}, {"resamples": 0}, {"resamples": 9.5}, {"seed": None}])
def test_an_impossible_band_is_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        consistency_test([0.5], [1], **{"seed": 0, **options})
