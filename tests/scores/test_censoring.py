"""By-date claims say yes early and no late: who waits for the settle day is unbiased, who counts the resolved is not.

Every forecast here is perfectly calibrated by construction, so any gap between the mean probability and the
share of yes is the cohort's doing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from forecasts.reference import constant_hazard
from forecasts.scores import brier, mean_score

CLAIMS, SETTLE_DAYS, TODAY = 60_000, 30.0, 400.0


@dataclass
class Simulated:
    probability: np.ndarray
    outcome: np.ndarray
    closes: np.ndarray
    known: np.ndarray


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    """Claims opened over a year and a half; the event comes at a constant hazard that makes each forecast true."""
    rng = np.random.default_rng(20260413)
    opens, horizon = rng.uniform(0, 550, CLAIMS), rng.uniform(30, 365, CLAIMS)
    probability = rng.beta(1.2, 1.2, CLAIMS)
    waiting = rng.exponential(1.0, CLAIMS) * horizon / -np.log1p(-probability)
    outcome = waiting <= horizon
    reported = rng.uniform(0, SETTLE_DAYS, CLAIMS)  # news of a yes comes late; a no is sure at the settle day only
    closes = opens + horizon
    known = np.where(outcome, opens + waiting + reported, closes + SETTLE_DAYS)
    return Simulated(probability, outcome.astype(float), closes, known)


def bias(simulated: Simulated, cohort: np.ndarray) -> tuple[float, float]:
    """Share of yes minus mean probability, and its standard error if the forecasts were calibrated."""
    p, v = simulated.probability[cohort], simulated.outcome[cohort]
    return float(np.mean(v - p)), float(np.sqrt(np.mean(p * (1 - p)) / cohort.sum()))


def test_the_settle_day_cohort_is_unbiased(simulated):
    cohort = simulated.closes + SETTLE_DAYS <= TODAY

    gap, error = bias(simulated, cohort)

    assert cohort.sum() > 5_000
    assert simulated.known[cohort].max() <= TODAY  # nothing in it waits for a verdict
    assert abs(gap) < 3 * error
    own = mean_score(brier(simulated.probability[cohort], simulated.outcome[cohort]))
    truth = mean_score(simulated.probability[cohort] * (1 - simulated.probability[cohort]))
    assert own == pytest.approx(truth, abs=0.005)


def test_the_resolved_cohort_is_not(simulated):
    cohort = simulated.known <= TODAY

    gap, error = bias(simulated, cohort)

    assert gap > 0.05
    assert gap > 20 * error


def test_the_deadline_without_settle_days_is_not_either(simulated):
    """Among claims whose window has just ended, the yes are reported before the no can be."""
    cohort = (simulated.closes <= TODAY) & (simulated.known <= TODAY)
    just_ended = cohort & (simulated.closes > TODAY - SETTLE_DAYS)

    gap, error = bias(simulated, cohort)

    assert simulated.outcome[just_ended].all()
    assert gap > 3 * error


def test_the_bias_in_figures():
    """Chances from 5 to 95%, windows of 100 to 600 days opened evenly over 1,000, news at once, seen after a year."""
    rng = np.random.default_rng(20260413)
    count, today = 400_000, 365.0
    p, opens, horizon = rng.uniform(0.05, 0.95, count), rng.uniform(0, 1000, count), rng.uniform(100, 600, count)
    waiting = rng.exponential(1.0, count) * horizon / -np.log1p(-p)
    yes = (waiting <= horizon).astype(float)
    resolved, passed = opens + np.minimum(waiting, horizon) <= today, opens + horizon <= today

    def figures(cohort):
        return mean_score(p[cohort]), mean_score(yes[cohort]), mean_score(brier(p[cohort], yes[cohort]))

    assert figures(resolved) == pytest.approx((0.586, 0.768, 0.172), abs=0.004)
    assert figures(passed) == pytest.approx((0.500, 0.500, 0.1825), abs=0.006)  # 0.1825 is the mean of p (1 - p)


def test_a_forecaster_who_only_lets_the_clock_run_is_calibrated_at_every_age(simulated):
    """The constant hazard half-way, among claims still open then: the simulation and the formula agree."""
    rng = np.random.default_rng(7)
    p0 = rng.beta(1.2, 1.2, CLAIMS)
    waiting = rng.exponential(1.0, CLAIMS) / -np.log1p(-p0)
    still_open = waiting > 0.5

    halfway = constant_hazard(p0[still_open], elapsed=0.5, horizon=1)

    happens = waiting[still_open] <= 1
    error = np.sqrt(np.mean(halfway * (1 - halfway)) / still_open.sum())
    assert abs(np.mean(happens - halfway)) < 3 * error
