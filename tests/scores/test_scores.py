"""Scores of single forecasts: reference vectors, published numbers, other libraries, and the edges."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from math import inf, log, log1p
from pathlib import Path

import numpy as np
import pytest
import scoringrules
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from scores.probability import brier_score as scores_brier
from sklearn.metrics import brier_score_loss, log_loss

from forecasts.scores import brier, brier_multi, brier_original, log_score, mean_score, rps, skill, spherical

VECTORS = Path(__file__).parents[1] / "vectors"
DATA = Path(__file__).parents[1] / "data"


def vector(name: str) -> dict:
    return json.loads((VECTORS / f"{name}.json").read_text())


BINARY = vector("01_brier_binary")
MULTI = vector("02_brier_multicategory")
RPS = vector("03_rps")
LOG = vector("04_log_score")
SPHERICAL = vector("05_spherical")
SKILL = vector("21_skill_scores")


# --- reference vectors --------------------


@pytest.mark.parametrize("case", BINARY["cases"], ids=lambda case: case["name"])
def test_brier_reproduces_its_vectors_in_both_conventions(case):
    each = brier(case["p"], case["y"])

    assert each == pytest.approx(case["per_item"], abs=1e-12)
    assert mean_score(each) == pytest.approx(case["expected"], abs=1e-12)
    assert mean_score(brier_original(case["p"], case["y"])) == pytest.approx(case["expected_original_0_2"], abs=1e-12)


def test_brier_of_world_events_is_what_the_r_package_says_row_by_row():
    rows = list(csv.DictReader((DATA / "WorldEvents.csv").read_text().splitlines()))

    each = brier([float(row["forecast"]) for row in rows], [int(row["answer"]) for row in rows])

    assert each == pytest.approx(BINARY["R_scoring_worldevents"]["raw"], abs=1e-12)


def test_a_fraction_is_squared_against_as_it_is():
    case = BINARY["fractional"]["cases"][0]

    assert brier(case["p"], case["v"]) == pytest.approx(case["squared_distance"], abs=1e-12)
    # the other convention, the mixture's expected score, differs by v(1-v): the same for everybody
    mixture = case["v"] * brier(case["p"], 1) + (1 - case["v"]) * brier(case["p"], 0)
    assert mixture == pytest.approx(case["expected_over_mixture"], abs=1e-12)
    # scoringrules refuses a fraction; a ledger with partial resolutions cannot
    with pytest.raises(ValueError, match="0, 1, or NaN"):
        scoringrules.brier_score(np.array([case["v"]]), np.array([case["p"]]))


def test_brier_over_categories_reproduces_its_vectors():
    rows, happened = MULTI["pred"], MULTI["outcome_index0"]

    assert brier_original(rows, happened, categories=True) == pytest.approx(
        MULTI["expected_original_per_item"], abs=1e-12
    )
    assert brier_multi(rows, happened) == pytest.approx(MULTI["expected_half_per_item"], abs=1e-12)


def test_scikit_learn_changes_convention_with_the_number_of_classes():
    rows, happened = np.array(MULTI["pred"]), np.array(MULTI["outcome_index0"])

    # its default is 0-1 for two classes and 0-2 for three, under one name; ours has a name for each
    two, three = brier_score_loss([1, 0], [0.7, 0.2]), brier_score_loss(happened, rows)

    assert two == pytest.approx(mean_score(brier([0.7, 0.2], [1, 0])), abs=1e-12)
    assert three == pytest.approx(mean_score(brier_original(rows, happened, categories=True)), abs=1e-12)
    assert three == pytest.approx(2 * mean_score(brier_multi(rows, happened)), abs=1e-12)


def test_rps_reproduces_its_vectors_normalized_or_not():
    rows, happened = RPS["pred"], RPS["outcome_index0"]

    assert rps(rows, happened, normalize=False) == pytest.approx(RPS["expected_unnormalised_per_item"], abs=1e-12)
    assert rps(rows, happened) == pytest.approx(RPS["expected_normalised_Kminus1_per_item"], abs=1e-12)
    assert 2 * rps(rows, happened) == pytest.approx(RPS["expected_gjo_ordered_per_item"], abs=1e-12)


def test_scoringrules_leaves_rps_unnormalized():
    rows, happened = np.array(RPS["pred"]), np.array(RPS["outcome_index0"])

    # scoringrules counts categories from 1 and does not divide by K-1, so its range grows with K
    theirs = scoringrules.rps_score(happened + 1, rows)

    assert rps(rows, happened, normalize=False) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("case", [case for case in LOG["cases"] if "y" in case], ids=lambda case: case["name"])
def test_log_score_reproduces_its_vectors(case):
    assert mean_score(log_score(case["p"], case["y"])) == pytest.approx(float(case["expected_mean_loss"]), abs=1e-12)


@pytest.mark.parametrize("p", [1e-300, 1e-17, 1e-10, 1e-3, 0.3, 0.5, 0.7, 1 - 1e-10])
def test_a_small_risk_that_stayed_away_costs_what_it_costs_whether_outcomes_are_whole_or_not(p):
    exact = -log1p(-p)

    assert log_score(p, 0) == pytest.approx(exact, rel=1e-15, abs=0)
    assert log_score([p, 0.5], [0, 0.5])[0] == pytest.approx(exact, rel=1e-15, abs=0)
    assert log_score(p, 5e-324) == pytest.approx(exact, rel=1e-15, abs=0)


def test_a_long_record_is_scored_like_each_of_its_forecasts():
    random = np.random.default_rng(5)
    p, v = random.random(40_000), random.integers(0, 2, 40_000).astype(float)
    v[30_000] = 0.25

    scores = log_score(p.reshape(200, 200), v.reshape(200, 200))

    assert scores.ravel()[[0, 16_384, 30_000, 39_999]].tolist() == [
        log_score(p[i], v[i]) for i in (0, 16_384, 30_000, 39_999)
    ]
    assert scores.mean() == pytest.approx(
        np.where(
            v == 0.25, -0.25 * np.log(p) - 0.75 * np.log1p(-p), np.where(v == 1, -np.log(p), -np.log1p(-p))
        ).mean(),
        rel=1e-14,
    )


def test_log_score_over_categories_is_what_r_says():
    case = next(case for case in LOG["cases"] if case["name"] == "multi")

    assert log_score(case["p"], case["outcome_index0"], categories=True) == pytest.approx(
        [float(value) for value in case["R_scoring_log"]], abs=1e-12
    )


def test_the_fourteen_guesses_of_gwern_sum_to_the_published_log_score():
    case = LOG["cases"][0]

    assert -np.sum(log_score(case["p"], case["y"])) == pytest.approx(-6.125, abs=5e-4)
    assert -np.sum(log_score(case["p"], case["y"])) == pytest.approx(case["expected_sum_of_logs"], abs=1e-12)


@pytest.mark.parametrize("row", LOG["metaculus_faq_printed"]["rows"])
def test_log_scores_printed_by_the_metaculus_faq(row):
    assert -log_score(row["p"], 1) == pytest.approx(row["yes"], abs=1e-3)
    assert -log_score(row["p"], 0) == pytest.approx(row["no"], abs=0.05)


@pytest.mark.parametrize(("shown", "printed"), LOG["metaculus_faq_printed"]["die_p"].items())
def test_the_honest_die_has_the_best_expected_log_score_as_printed(shown, printed):
    yes, no = -log_score(float(shown), 1), -log_score(float(shown), 0)

    assert [no, yes] == pytest.approx(printed[:2], abs=0.06)
    assert yes / 6 + no * 5 / 6 == pytest.approx(printed[2], abs=0.015)  # they round first


def test_spherical_reproduces_its_vectors():
    binary, multi = SPHERICAL["binary"], SPHERICAL["multi"]

    assert spherical(binary["p"], binary["y"]) == pytest.approx(binary["comparecast"], abs=1e-12)
    assert spherical(multi["pred"], multi["outcome_index0"], categories=True) == pytest.approx(
        multi["comparecast"], abs=1e-12
    )


@pytest.mark.parametrize("edge", SKILL["edge"], ids=lambda edge: edge["name"])
def test_skill_at_the_edges(edge):
    assert skill(edge["bs"], edge["bs_ref"]) == (
        None if edge["expected"] is None else pytest.approx(edge["expected"], abs=1e-12)
    )


# --- other libraries on random input --------------------

unit = st.floats(0, 1)
records = st.lists(st.tuples(unit, st.sampled_from([0, 1])), min_size=1, max_size=50)


@given(records)
@settings(deadline=None)
def test_brier_agrees_with_scoringrules_scikit_learn_and_scores(record):
    p, y = (np.array(column, dtype=float) for column in zip(*record, strict=True))
    ours = brier(p, y)

    assert ours == pytest.approx(scoringrules.brier_score(y, p), abs=1e-12)
    assert mean_score(ours) == pytest.approx(
        float(scores_brier(xarray.DataArray(p, dims="i"), xarray.DataArray(y, dims="i"))), abs=1e-12
    )
    assert mean_score(ours) == pytest.approx(brier_score_loss(y, p, labels=[0, 1], pos_label=1), abs=1e-12)


@given(st.lists(st.tuples(st.floats(1e-6, 1 - 1e-6), st.sampled_from([0, 1])), min_size=1, max_size=50))
@settings(deadline=None)
def test_log_score_agrees_with_scoringrules_and_scikit_learn_away_from_certainty(record):
    p, y = (np.array(column, dtype=float) for column in zip(*record, strict=True))
    ours = log_score(p, y)

    assert ours == pytest.approx(scoringrules.log_score(y, p), abs=1e-9)
    assert mean_score(ours) == pytest.approx(log_loss(y, p, labels=[0, 1]), abs=1e-9)


def test_certain_and_wrong_is_infinite_here_and_a_silent_36_at_scikit_learn():
    # a finite number hides that the forecast said "impossible" of what happened; clipping must be asked for
    assert log_score(1.0, 0) == inf
    assert log_loss([0], [1.0], labels=[0, 1]) == pytest.approx(36.04365338911715)
    assert log_score(1.0, 0, clip=np.finfo(float).eps) == pytest.approx(36.04365338911715)


def test_scoringrules_loses_small_probabilities_in_a_sum():
    # it computes |p + y - 1|, which is 0 for p below 1e-16, and returns infinity for a forecast that was not wrong
    with np.errstate(divide="ignore"):
        assert scoringrules.log_score(1.0, 2.0**-60) == inf
    assert log_score(2.0**-60, 1, base=2) == 60.0


@given(st.integers(2, 6).flatmap(lambda k: st.lists(st.integers(0, 100), min_size=k, max_size=k)), st.data())
@settings(deadline=None)
def test_rps_agrees_with_scoringrules_and_does_not_mind_the_order_reversed(weights, data):
    if sum(weights) == 0:
        weights[0] = 1
    row = np.array(weights) / sum(weights)
    happened = data.draw(st.integers(0, len(weights) - 1))
    ours = rps(row, happened, normalize=False)

    assert ours == pytest.approx(float(scoringrules.rps_score(happened + 1, row)), abs=1e-12)
    assert ours == pytest.approx(rps(row[::-1], len(weights) - 1 - happened, normalize=False), abs=1e-12)


@given(unit, st.sampled_from([0, 1]))
def test_two_categories_are_a_yes_or_no(p, outcome):
    row = [1 - p, p]

    assert rps(row, outcome) == pytest.approx(brier(p, outcome), abs=1e-12)
    assert brier_multi(row, outcome) == pytest.approx(brier(p, outcome), abs=1e-12)
    assert brier_original(row, outcome, categories=True) == pytest.approx(brier_original(p, outcome), abs=1e-12)
    assert spherical(row, outcome, categories=True) == pytest.approx(spherical(p, outcome), abs=1e-12)


# --- fractions, bases, clips --------------------


@given(unit, unit)
def test_the_log_score_of_a_fraction_is_least_at_the_fraction_and_excess_makes_that_zero(p, fraction):
    assert log_score(p, fraction, excess=True) >= -1e-9
    assert log_score(fraction, fraction, excess=True) == pytest.approx(0.0, abs=1e-12)


def test_the_base_sets_the_unit():
    assert log_score(0.125, 1, base=2) == 3.0
    assert log_score(0.1, 1, base=10) == pytest.approx(1.0)
    assert log_score(0.3, 0) == pytest.approx(-log(0.7))


def test_no_surprise_is_plain_zero():
    assert str(log_score(1.0, 1)) == "0.0"


# --- the door --------------------


def test_a_plain_number_in_gives_a_plain_number_out():
    plain = [brier(0.5, 1), brier_original(0.5, 1), log_score(0.5, 1), spherical(0.5, 1), rps([0.5, 0.5], 1)]

    assert [type(score) for score in plain] == [float] * 5
    assert isinstance(brier([0.5], [1]), np.ndarray)
    assert brier([[0.5, 0.5], [1, 0]], [[1, 0], [1, 1]]).shape == (2, 2)


def test_nothing_to_score_gives_none():
    assert mean_score([]) is None
    assert skill([], []) is None
    assert skill([inf], [inf]) is None
    assert brier([], []).size == 0


def test_infinite_losses_keep_their_meaning_in_a_skill():
    assert skill([inf, 0.1], [0.25, 0.25]) == -inf
    assert skill([0.25, 0.1], [inf, 0.25]) == 1.0


def test_a_sum_that_is_off_by_rounding_is_one():
    assert brier_multi([0.5, 0.5 + 5e-10], 1) == pytest.approx(0.25)


def test_a_boolean_is_a_fine_outcome():
    assert brier([0.75, 0.75], [True, False]).tolist() == [0.0625, 0.5625]
    assert brier(0.75, True) == 0.0625


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: brier([0.1, 0.2], [1, 0, 1]), r"shape \(2,\), outcome has shape \(3,\)"),
        (lambda: brier(0.5, 2), "outcome 2.0 is not from 0 to 1"),
        (lambda: brier_multi([0.5, 0.6], 1), "sum of probability 1.1 is not 1"),
        (lambda: brier_multi([0.5, 0.5 + 5e-9], 1), "sum of probability 1.000000005 is not 1"),
        (lambda: brier_multi([[0.5, 0.5], [0.5, 0.4]], [0, 1]), "sum of probability 0.9 at index 1 is not 1"),
        (lambda: brier_multi([0.5, 0.5], 2), "outcome 2.0 is not a category from 0 to 1"),
        (lambda: brier_multi([0.5, 0.5], -1), "not a category"),
        (lambda: brier_multi([0.5, 0.5], 0.5), "not the number of a category"),
        (lambda: brier_multi([1.0], 0), "two categories"),
        (lambda: brier_multi([[0.5, 0.5]], 1), "would fit"),
        (lambda: log_score(0.5, 1, base=1), "base 1 is not between 1 and inf"),
        (lambda: log_score(0.5, 1, clip=0.5), "clip 0.5 is not between"),
        (lambda: skill([0.1], [0.1, 0.2]), "must match"),
        (lambda: log_score(0.5, 1, base=inf), "base inf is not between 1 and inf"),
        (lambda: log_score([0.2], [1], base="e"), "base 'e' is not between 1 and inf"),
        (lambda: skill([0.1, float("nan")], [0.2, 0.3]), "^loss nan at index 1 is no score"),
        (lambda: skill([0.1, 0.2], [0.2, float("nan")]), "^reference_loss nan at index 1 is no score"),
        (lambda: mean_score([0.1, float("nan")]), "score nan at index 1 is no score"),
        (lambda: mean_score([inf, -inf]), "plus and minus infinity"),
        (lambda: mean_score(np.ma.masked_array([0.1, 0.9], mask=[False, True])), "masked"),
    ],
)
def test_wrong_calls_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_scores_load_numpy_and_nothing_heavier():
    code = (
        "import sys, forecasts.platforms, forecasts.aggregation, forecasts.verbal;"
        "sys.exit(any(name in sys.modules for name in ('scipy', 'pandas', 'sklearn', 'pydantic', 'sqlite3')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_reference_loss_is_not_rounded_to_perfection():
    assert skill([5e-324, 0.0], [5e-324, 0.0]) == 0.0
    assert skill([0.0, 0.0], [5e-324, 0.0]) == 1.0
    assert skill([0.5, 0.5], [5e-324, 0.0]) == -np.inf
