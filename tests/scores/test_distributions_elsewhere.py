"""Scores of distributions beside those of other libraries: run here, or published in the tests of scoringutils (R)."""

from __future__ import annotations

import numpy as np
import properscoring
import pytest
import scoringrules
from sklearn.metrics import brier_score_loss

from forecasts import crps_quantiles, weighted_interval_score
from forecasts.curves import curves
from forecasts.number_scores import number_losses
from forecasts.share_scores import choice_log_losses, choice_losses, ordered_losses, shares

EXACT = 1e-12
LUCK = np.random.default_rng(11)

# scoringutils, tests/testthat/test-metrics-ordinal.R and test-metrics-quantile.R
OPTIONS, CAME_TRUE = [[0.8, 0.1, 0.1], [0.1, 0.2, 0.7], [0.4, 0.4, 0.2]], [0, 1, 1]
RPS_OF_SCORINGUTILS = np.array([0.05, 0.5, 0.2])
QUANTILES = np.array([[-1.0, 0, 1, 2, 3], [-2, 1, 2, 2, 4], [-2, 0, 3, 3, 4]])
LEVELS, VALUES = np.array([0.1, 0.25, 0.5, 0.75, 0.9]), np.array([1.0, -15, 22])
WIS_OF_SCORINGUTILS = np.array([0.9, 38.35, 47.85]) / 2.5
MEDIAN_TWICE = np.array([0.9, 38.35 + 8.5, 47.85 + 9.5]) / 3  # with `count_median_twice = TRUE`


def test_ordered_options_agree_with_scoringutils_which_sums_over_the_cuts() -> None:
    assert ordered_losses(shares(OPTIONS), CAME_TRUE) * 2 == pytest.approx(RPS_OF_SCORINGUTILS, abs=EXACT)
    assert choice_log_losses(shares(OPTIONS), CAME_TRUE) == pytest.approx(-np.log([0.8, 0.2, 0.4]), abs=EXACT)


def test_quantiles_agree_with_scoringutils_if_the_median_counts_once() -> None:
    ours = weighted_interval_score(QUANTILES, VALUES, levels=LEVELS)

    assert ours == pytest.approx(WIS_OF_SCORINGUTILS, abs=EXACT)
    # Counted twice, the median weighs as much as an interval, and it is no mean of pinball losses any more.
    once_more = (2.5 * ours + 0.5 * np.abs(VALUES - QUANTILES[:, 2])) / 3
    assert once_more == pytest.approx(MEDIAN_TWICE, abs=EXACT)
    assert (np.abs(ours - MEDIAN_TWICE) > 0.02).all()


def test_many_options_agree_with_scikit_learn_and_scoringrules() -> None:
    rows, happened = LUCK.dirichlet(np.ones(5), 200), LUCK.integers(0, 5, 200)
    said = shares(rows.tolist())

    theirs = brier_score_loss(happened, rows, labels=np.arange(5), scale_by_half=True)
    assert choice_losses(said, happened).mean() == pytest.approx(theirs, abs=EXACT)
    assert ordered_losses(said, happened) * 4 == pytest.approx(scoringrules.rps_score(happened + 1, rows), abs=EXACT)


def test_quantiles_agree_with_scoringrules_but_not_its_weighted_interval_score() -> None:
    ours = crps_quantiles(QUANTILES, VALUES, levels=LEVELS)

    lower, upper = QUANTILES[:, [1, 0]], QUANTILES[:, [3, 4]]
    theirs = scoringrules.weighted_interval_score(VALUES, QUANTILES[:, 2], lower, upper, np.array([0.5, 0.2]))
    assert scoringrules.crps_quantile(VALUES, QUANTILES, LEVELS) == pytest.approx(ours, abs=EXACT)
    # It adds half the median itself where half its distance from the outcome belongs.
    distance = np.abs(VALUES - QUANTILES[:, 2]) - QUANTILES[:, 2]
    assert theirs + distance * 0.5 / 2.5 == pytest.approx(WIS_OF_SCORINGUTILS, abs=EXACT)


@pytest.mark.parametrize("seed", range(10))
def test_a_curve_of_steps_is_an_ensemble_of_properscoring_and_scoringrules(seed: int) -> None:
    luck = np.random.default_rng(seed)
    members, outcome = np.sort(luck.uniform(1, 9, 6)), luck.uniform(0, 10)
    steps = [(at, step / 6) for step, at in enumerate(members, 1)]
    curve = [(at, chance - rise) for at, chance in steps for rise in (1 / 6, 0)]

    ours = number_losses(curves([curve]), outcome, low=0, high=10) * 10

    assert ours == pytest.approx(properscoring.crps_ensemble(outcome, members), abs=1e-9)
    assert ours == pytest.approx(scoringrules.crps_ensemble(outcome, members), abs=1e-9)
