"""Murphy diagrams: the identity with the Brier score, the scores package, and dominance."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scores.probability import murphy_score

from forecasts.dominance import dominates, murphy_diagram
from forecasts.scores import brier, log_score


def kept(chance):
    """A probability as a ledger keeps it: those that differ further down are the same forecast."""
    return round(chance, 12)


probability = st.one_of(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.floats(0, 1).map(kept))
records = st.lists(st.tuples(probability, st.sampled_from([0, 1])), min_size=1, max_size=30).map(
    lambda rows: tuple(np.array(column, float) for column in zip(*rows, strict=True))
)


def elementary(chance, truth, theta):
    return float(np.mean(theta * ((truth == 0) & (chance > theta)) + (1 - theta) * ((truth == 1) & (chance <= theta))))


@given(records)
def test_twice_the_area_is_the_brier_score(rows):
    diagram = murphy_diagram(*rows)

    assert 2 * diagram.area == pytest.approx(float(np.mean(brier(*rows))), abs=1e-12)


@given(records, st.lists(st.floats(0, 1).map(kept), min_size=1, max_size=8))
def test_the_diagram_is_the_mean_elementary_score(rows, thetas):
    thetas = [*thetas, float(rows[0][0])]

    diagram = murphy_diagram(*rows, thetas=thetas)

    assert diagram.score == pytest.approx([elementary(*rows, theta) for theta in thetas], abs=1e-12)
    assert diagram.area == pytest.approx(murphy_diagram(*rows).area, abs=1e-12)


def test_the_area_is_that_of_the_drawn_curve():
    chance, truth = np.array([0.2, 0.7, 0.4]), np.array([0.0, 1.0, 1.0])

    drawn = quad(lambda theta: murphy_diagram(chance, truth, thetas=theta).score[0], 0, 1, points=[0.2, 0.4, 0.7])

    assert murphy_diagram(chance, truth).area == pytest.approx(drawn[0], abs=1e-9)


def test_weighted_by_one_over_theta_and_its_rest_it_is_the_log_score():
    # Ehm et al. (2016), table 1: the log score mixes the elementary scores with density 1 / (theta (1 - theta))
    chance, truth = 0.3, 1

    mixed = quad(
        lambda theta: elementary(np.array([chance]), np.array([truth]), theta) / (theta * (1 - theta)),
        0,
        1,
        points=[chance],
    )[0]

    assert mixed == pytest.approx(log_score(chance, truth), rel=1e-6)


@given(records, st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6, unique=True))
def test_the_scores_package_draws_half_of_it(rows, thetas):
    # its expectile form carries the factor 1/2 of the squared error, ours does not: an elementary score then
    # ranges from 0 to 1 and the Brier score is twice the area
    chance, truth = rows

    theirs = murphy_score(
        xr.DataArray(chance, dims="i"), xr.DataArray(truth, dims="i"), sorted(thetas), functional="expectile", alpha=0.5
    )["total"]

    ours = murphy_diagram(chance, truth, thetas=sorted(thetas)).score
    assert ours == pytest.approx(2 * theirs.to_numpy(), abs=1e-12)


def test_at_the_threshold_itself_the_forecast_counts_as_a_no():
    ours = murphy_diagram([0.3], [1], thetas=[0.3]).score[0]

    theirs = murphy_score(
        xr.DataArray([0.3], dims="i"), xr.DataArray([1.0], dims="i"), [0.3], functional="expectile", alpha=0.5
    )["total"].item()

    # p <= theta is a call of "no" in both, so a claim that came true costs 1 - theta, or half of that
    assert ours == pytest.approx(0.7)
    assert theirs == pytest.approx(0.35)


@given(records)
def test_default_thresholds_are_the_ends_and_every_probability(rows):
    diagram = murphy_diagram(*rows)

    assert diagram.theta.tolist() == sorted({0.0, 1.0, *rows[0].tolist()})


@given(records, st.randoms())
def test_dominance_means_no_proper_score_prefers_the_rival(rows, random):
    chance, truth = rows
    rival = np.array([random.choice([0.05, 0.3, 0.5, 0.8, 0.97]) for _ in chance])
    grid = np.union1d(np.linspace(0, 1, 201), np.concatenate([chance, rival, chance - 1e-9, rival - 1e-9]))
    grid = grid[(grid >= 0) & (grid <= 1)]
    gap = np.array([elementary(chance, truth, t) - elementary(rival, truth, t) for t in grid])

    verdict = dominates(chance, truth, rival=rival)

    assert verdict == bool((gap <= 1e-7).all())
    if verdict:
        assert np.mean(brier(chance, truth)) <= np.mean(brier(rival, truth)) + 1e-9


def test_nobody_dominates_without_forecasts_and_everyone_dominates_himself():
    assert murphy_diagram([], []) is None
    assert dominates([], [], rival=[]) is None
    assert dominates([0.3, 0.8], [1, 0], rival=[0.3, 0.8])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: murphy_diagram([0.5], [0.5]), "fraction"),
        (lambda: murphy_diagram([0.5], [1], thetas=[1.5]), "theta"),
        (lambda: murphy_diagram([math.nan], [1]), "nan"),
        (lambda: dominates([0.5], [1], rival=[0.5, 0.6]), "shape"),
    ],
)
def test_invalid_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
