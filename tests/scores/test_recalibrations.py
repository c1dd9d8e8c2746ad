"""Evidence against calibration: its vector, its bets by plain multiplication, what it finds, and what it does not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.corp import consistency_test
from forecasts.recalibrations import CUT, RECALIBRATIONS, calibration_e_process

LAW = (1.2, 1.2)  # of the chances


def multiplied(pairs):
    """What the bets on each recalibration have made of 1, on average; one claim at a time."""
    wealth = [1.0] * len(RECALIBRATIONS)
    for chance, outcome in pairs:
        cut = min(max(chance, CUT), 1 - CUT)
        for way, (shift, slope) in enumerate(RECALIBRATIONS):
            other = 1 / (1 + math.exp(-shift) * ((1 - cut) / cut) ** slope)
            wealth[way] *= outcome * other / chance + (1 - outcome) * (1 - other) / (1 - chance)
    return sum(wealth) / len(wealth)


def test_five_forecasts_have_the_evidence_of_the_published_vector():
    evidence = calibration_e_process([0.9, 0.8, 0.7, 0.9, 0.6], [1, 0, 1, 0, 0])

    assert len(RECALIBRATIONS) == 29
    assert evidence[-1] == pytest.approx(2.189647, abs=5e-7)


@given(st.lists(st.tuples(st.floats(1e-6, 1 - 1e-6), st.sampled_from([0.0, 1.0, 0.3])), min_size=1, max_size=20))
def test_the_evidence_is_the_mean_wealth_of_the_bets(pairs):
    evidence = calibration_e_process(*zip(*pairs, strict=True))

    for n in range(1, len(pairs) + 1):
        assert evidence[n - 1] == pytest.approx(multiplied(pairs[:n]), rel=1e-9)


def test_claims_of_one_cluster_are_one_bet():
    chance, outcome = [0.8, 0.3, 0.8, 0.3], [1, 0, 0, 1]

    evidence = calibration_e_process(chance, outcome, clusters=["a", "b", "a", "c"])

    twice = calibration_e_process([0.8, 0.8], [1, 1], clusters=["a", "a"])
    assert evidence.shape == (3,)
    assert twice == pytest.approx(calibration_e_process([0.8], [1]))
    assert evidence[0] == pytest.approx(
        (calibration_e_process([0.8], [1])[0] + calibration_e_process([0.8], [0])[0]) / 2
    )


def test_an_impossible_event_is_evidence_for_ever():
    evidence = calibration_e_process([0.5, 0.0, *[0.5] * 500], [1, 1, *[1, 0] * 250])

    assert (evidence[1:] > 1e308).all()


def drawn(random, runs, size, said):
    chance = random.beta(*LAW, (runs, size))
    outcome = (random.random((runs, size)) < chance).astype(float)
    return said(chance), outcome


def stretched(factor):
    return lambda chance: chance**factor / (chance**factor + (1 - chance) ** factor)


@pytest.mark.parametrize("runs", [300, pytest.param(2_000, marks=pytest.mark.campaign)])
def test_five_hundred_looks_accuse_one_calibrated_forecaster_in_twenty_at_most(runs):
    said, came = drawn(np.random.default_rng(11), runs, 500, lambda chance: chance)

    ever = [calibration_e_process(*row).max() >= 20 for row in zip(said, came, strict=True)]

    assert np.mean(ever) <= 0.05


@pytest.mark.parametrize(("factor", "size", "found"), [(2.0, 200, 0.85), (1.5, 1_000, 0.9), (0.6, 1_000, 0.95)])
def test_the_bold_and_the_timid_are_found(factor, size, found):
    said, came = drawn(np.random.default_rng(13), 60, size, stretched(factor))

    ever = [calibration_e_process(*row).max() >= 20 for row in zip(said, came, strict=True)]

    assert np.mean(ever) >= found


def test_a_wave_is_seen_at_one_look_and_hardly_by_the_bets():
    # too low and too high in turn, four times from 0 to 100 %, and so no recalibration of the log-odds
    random = np.random.default_rng(15)
    said = random.beta(*LAW, (40, 1_000))
    truth = np.clip(said + 0.15 * np.sin(8 * np.pi * said), 0, 1)
    came = (random.random(said.shape) < truth).astype(float)

    ever = [calibration_e_process(*row).max() >= 20 for row in zip(said, came, strict=True)]
    once = [consistency_test(*row, seed=1, resamples=99).p_value <= 0.05 for row in zip(said, came, strict=True)]

    assert np.mean(ever) < 0.5 < np.mean(once)


def test_nothing_gives_none_and_clusters_of_another_number_are_refused():
    assert calibration_e_process([], []) is None
    with pytest.raises(ValueError, match="there are 2 forecasts and 1 clusters"):
        calibration_e_process([0.5, 0.5], [1, 0], clusters=["a"])
