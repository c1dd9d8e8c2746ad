"""Combining forecasters: reference vectors, the edges, and the crowd over time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import trim_mean

from forecasts.aggregation import (
    crowd,
    extremised,
    geometric_mean_odds,
    mean,
    median,
    recency_weighted_median,
    recency_weights,
    skill_weighted,
    trimmed_mean,
)
from forecasts.standing import standing
from forecasts.time_scores import time_skill

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "17_aggregation.json").read_text())
RULES = [
    ("mean", mean),
    ("median", median),
    ("trimmed_mean_10", lambda p: trimmed_mean(p, trim=0.1)),
    ("trimmed_mean_20", lambda p: trimmed_mean(p, trim=0.2)),
    ("geo_mean_odds_squigglepy", geometric_mean_odds),
    ("metaculus_recency_weighted_median", recency_weighted_median),
    ("extremized_logit_mean_a_2.5", lambda p: extremised(p, factor=2.5)),
    ("extremized_logit_mean_a_1.73", lambda p: extremised(p, factor=1.73)),
]


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[name for name, _ in RULES])
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["p_oldest_first"]))
def test_every_rule_reproduces_its_vectors(case, name, rule):
    assert rule(case["p_oldest_first"]) == pytest.approx(case[name], abs=1e-12)


def test_weighted_geometric_mean_of_odds_is_squigglepys():
    case = VECTORS["weighted_geo_mean_odds"]

    assert geometric_mean_odds(case["p"], weights=case["w"]) == pytest.approx(case["squigglepy"], abs=1e-12)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["p_oldest_first"]))
def test_recency_weights_are_those_of_metaculus(case):
    equal = [1.0] * len(case["p_oldest_first"])  # its code says None for these

    assert recency_weights(len(equal)) == pytest.approx(case["metaculus_recency_weights"] or equal, abs=1e-12)


def test_without_forecasters_there_is_nothing_to_combine():
    for _, rule in RULES:
        assert rule([]) is None
        assert rule(np.empty((3, 0))) is None
    assert skill_weighted([], np.empty((0, 1)), known=[1], at=2) is None


def test_bold_factors_do_not_overflow():
    assert extremised([1e-300, 1e-300], factor=100) == 0.0
    assert extremised([1 - 1e-16, 1 - 1e-16], factor=1e6) == 1.0


def test_squigglepy_extremizes_by_another_map():
    case = VECTORS["squigglepy_extremize_is_different"]

    # theirs is 1-(1-p)^e, which jumps at 0.5 and is not the log-odds form of the literature
    assert extremised([case["p"]], factor=case["e"]) == pytest.approx(case["logit_power"], abs=1e-12)
    assert 1 - (1 - case["p"]) ** case["e"] == pytest.approx(case["squigglepy"], abs=1e-12)


def test_zero_and_one_have_no_odds_without_a_clip():
    with pytest.raises(ValueError, match="say with clip"):
        geometric_mean_odds([0.0, 0.5])

    assert geometric_mean_odds([0.0, 1.0], clip=0.001) == pytest.approx(0.5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.sampled_from([0.0, 0.1, 0.25, 0.4]))
def test_trimming_is_scipys(p, trim):
    assert trimmed_mean(p, trim=trim) == pytest.approx(trim_mean(p, trim), abs=1e-12)


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=12))
def test_an_aggregate_lies_among_its_members_and_mirrors(p):
    for rule in (mean, median, trimmed_mean, geometric_mean_odds, recency_weighted_median):
        assert min(p) - 1e-9 <= rule(p) <= max(p) + 1e-9
        assert rule([1 - q for q in p]) == pytest.approx(1 - rule(p), abs=1e-9)


def test_rows_are_aggregated_one_by_one():
    table = np.array([[0.2, 0.4, 0.6, 0.8], [0.8, 0.6, 0.4, 0.2]])

    for _, rule in RULES:
        assert rule(table) == pytest.approx([rule(row) for row in table], abs=1e-15)
    assert type(mean([0.2, 0.4])) is float


# --- skill from the past only --------------------

LOSSES = [[0.04, 0.04, 1.0], [0.36, 0.36, 0.0]]  # the first was better twice, the second on the third claim
KNOWN = [10, 20, 30]


def test_only_claims_known_before_the_forecast_give_weight():
    assert skill_weighted([0.9, 0.1], LOSSES, known=KNOWN, at=30) == pytest.approx(0.9)
    changed = [[0.04, 0.04, 0.0], [0.36, 0.36, 1.0]]
    assert skill_weighted([0.9, 0.1], changed, known=KNOWN, at=30) == pytest.approx(0.9)


def test_nobody_with_a_past_counts_the_same():
    assert skill_weighted([0.9, 0.1], LOSSES, known=KNOWN, at=5) == pytest.approx(0.5)
    assert skill_weighted([0.9, 0.1], [[0.5], [0.6]], known=[1], at=5) == pytest.approx(0.5)


def test_weights_are_the_skills_shrunk_by_a_claim_at_the_reference():
    # two claims of 0.04 and one of 0.25: skill 1 - 0.33/0.75 = 0.56; one of 0.0 and one of 0.25: 0.5
    got = skill_weighted([1.0, 0.0], [[0.04, 0.04], [0.0, np.nan]], known=[1, 2], at=5)

    assert got == pytest.approx(0.56 / (0.56 + 0.5))


# --- the crowd over time --------------------


def test_the_crowd_stands_wherever_somebody_does():
    members = standing([1, 4, 6], [0.2, 0.6, np.nan], opens=[0, 0], closes=[10, 10], known=8, series=[0, 1, 1])

    together = crowd(members)

    assert together.starts.tolist() == [1, 4, 6]
    assert together.ends.tolist() == [4, 6, 8]
    assert together.probabilities == pytest.approx([0.2, 0.4, 0.2])


def test_the_crowd_is_a_reference_for_each_member():
    ana = standing([0], [0.8], opens=0, closes=10)
    both = standing([0, 0], [0.8, 0.4], opens=[0, 0], closes=[10, 10], series=[0, 1])

    assert time_skill(ana, 1, reference=crowd(both, combine=mean)) == pytest.approx(0.16 - 0.04)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean(0.5), "is a single number"),
        (lambda: mean([0.1, 1.2]), "probability 1.2 at index 1"),
        (lambda: mean([0.1, 0.2], weights=[1.0]), r"weights have shape \(1,\); 2 are wanted"),
        (lambda: mean([0.1, 0.2], weights=[1.0, -1.0]), "weight -1.0 at index 1 is negative"),
        (lambda: mean([0.1, 0.2], weights=[0.0, 0.0]), "weights are all 0; at least one must be above"),
        (lambda: trimmed_mean([0.1], trim=0.5), "trim 0.5"),
        (lambda: trimmed_mean([0.2, 0.4], trim="x"), "trim 'x' is not between 0 and 0.5"),
        (lambda: recency_weights(2.5), "count 2.5 is not a whole number of at least 0"),
        (lambda: recency_weights(-1), "count -1 is not a whole number of at least 0"),
        (lambda: extremised([0.1], factor=0), "factor 0"),
        (lambda: extremised([0.1], factor=np.inf), "factor inf"),
        (lambda: extremised([0.1, 1.0], factor=2), "probability 1.0 at index 1 has no log-odds"),
        (lambda: skill_weighted([0.1], [[0.1]], known=[1], at=2, prior_claims=0), "prior_claims 0"),
        (lambda: skill_weighted([0.1, 0.2], [[0.1]], known=[1], at=2), "forecasters"),
    ],
)
def test_wrong_calls_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
