"""Anytime-valid comparison: the mixture by integration, and its promises by simulation."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special

from forecasts.sequential import (
    boundary,
    by_settle_day,
    confidence_sequence,
    e_process,
    log_mixture,
    mixture_spread,
)

with (Path(__file__).parents[1] / "data" / "precip_Niamey_2016.csv").open() as file:
    NIAMEY = list(csv.DictReader(file))


def niamey_difference(first, second):
    def loss(row, name):
        return (float(row[name]) - float(row["obs"])) ** 2

    return np.array([loss(row, first) - loss(row, second) for row in NIAMEY])


def integrated(total, time, width, spread):
    """The mixture over lambda itself, as Howard et al. define it: no gamma function."""
    shape = spread / width**2

    def weight(rate):
        left = 1 - width * rate
        return left ** (shape - 1) * math.exp(-shape * left)

    def process(rate):
        cumulant = (-math.log1p(-width * rate) - width * rate) / width**2
        return math.exp(rate * total - cumulant * time)

    end = 1 / width
    norm = integrate.quad(weight, 0, end, epsabs=0, epsrel=1e-11, limit=400)[0]
    whole = integrate.quad(
        lambda rate: process(rate) * weight(rate) if rate < end else 0.0,
        0,
        end,
        epsabs=0,
        epsrel=1e-11,
        limit=400,
    )[0]
    return whole / norm


@pytest.mark.parametrize(
    ("total", "time", "width", "spread"),
    [
        (0.0, 0.0, 2.0, 8.0),
        (10.0, 100.0, 2.0, 12.6),
        (5.0, 3.0, 2.0, 6.0),
        (-2.0, 3.0, 2.0, 6.0),
        (-30.0, 5.0, 2.0, 6.0),
        (20.0, 1.0, 2.0, 4.4),
        (3.0, 2.0, 1.0, 1.6),
        (-3.0, 2.0, 1.0, 1.6),
    ],
)
def test_the_mixture_is_the_integral_it_stands_for(total, time, width, spread):
    ours = log_mixture(np.array([total]), np.array([time]), width=width, spread=spread)[0]

    assert ours == pytest.approx(math.log(integrated(total, time, width, spread)), abs=1e-6)


@given(st.floats(0, 500), st.floats(0.1, 50), st.floats(0.2, 4), st.floats(-1, 3))
def test_the_mixture_agrees_with_scipys_gamma_function(time, spread, width, lean):
    total = lean * math.sqrt(time + 1)
    a, rate = (time + spread) / width**2, (width * total + time + spread) / width**2
    prior = spread / width**2

    ours = log_mixture(np.array([total]), np.array([time]), width=width, spread=spread)[0]

    if rate > 0 and special.gammainc(a, rate) > 1e-200:
        closed = (
            prior * math.log(prior)
            - special.gammaln(prior)
            - math.log(special.gammainc(prior, prior))
            + special.gammaln(a)
            + math.log(special.gammainc(a, rate))
            - a * math.log(rate)
            + (width * total + time) / width**2
        )
        assert ours == pytest.approx(closed, rel=1e-9, abs=1e-8)


def test_the_published_check_values_are_met():
    # unit tests of the confseq library, themselves from a separate implementation in R
    spread = mixture_spread(100, 0.10)

    assert log_mixture(np.array([10.0]), np.array([100.0]), width=2.0, spread=spread) == pytest.approx(
        [-0.2490165], abs=1e-6
    )
    assert boundary(np.array([100.0]), alpha=0.05, width=2.0, spread=spread) == pytest.approx([33.02017], abs=1e-5)


@given(st.lists(st.floats(0, 400), min_size=1, max_size=5), st.floats(0.001, 0.3))
def test_the_boundary_is_where_the_mixture_reaches_one_over_alpha(times, alpha):
    time = np.array(times)

    edge = boundary(time, alpha=alpha, width=2.0, spread=1.6)

    assert log_mixture(edge, time, width=2.0, spread=1.6) == pytest.approx(
        np.full(time.size, math.log(1 / alpha)), abs=1e-8
    )


def test_the_exact_mixture_stays_below_the_authors_bound_far_under_zero():
    # Where c s + v + rho <= 0 the authors' code returns an upper bound of the mixture; the expectation of
    # that is not below 1. Ours is the mixture itself, so it is smaller.
    total, time, width, spread = -40.0, 10.0, 2.0, 1.6
    prior, a = spread / width**2, (time + spread) / width**2
    lead = prior * math.log(prior) - special.gammaln(prior) - math.log(special.gammainc(prior, prior))

    ours = log_mixture(np.array([total]), np.array([time]), width=width, spread=spread)[0]

    authors = lead - prior - math.log(a)
    assert ours < authors
    assert ours == pytest.approx(math.log(integrated(total, time, width, spread)), abs=1e-5)


def streams(random, trials, length, kind):
    """Differences with a known conditional mean of each, from -1 to 1."""
    if kind == "fair coin":
        means = np.zeros((trials, length))
        values = random.choice([-1.0, 1.0], (trials, length))
    elif kind == "skewed":
        means = np.zeros((trials, length))
        values = np.where(random.random((trials, length)) < 0.9, -0.1, 0.9)
    elif kind == "drifting":
        means = np.broadcast_to(np.sin(np.arange(length) / 9) / 3, (trials, length))
        values = means + random.uniform(-0.3, 0.3, (trials, length))
    else:  # the next mean depends on the last value: no independence
        values, means = np.zeros((trials, length)), np.zeros((trials, length))
        for t in range(length):
            means[:, t] = 0.2 * np.sign(values[:, t - 1]) if t else 0.0
            chance = (1 + means[:, t]) / 2
            values[:, t] = np.where(random.random(trials) < chance, 1.0, -1.0)
    return values, means


@pytest.mark.parametrize("kind", ["fair coin", "skewed", "drifting", "dependent"])
def test_the_sequence_covers_at_all_times_at_once(kind):
    random = np.random.default_rng(17)
    values, means = streams(random, 250, 150, kind)
    target = np.cumsum(means, axis=1) / np.arange(1, 151)

    missed = 0
    for row, truth in zip(values, target, strict=True):
        sequence = confidence_sequence(row, alpha=0.1, optimum=40)
        missed += bool(((truth < sequence.lower) | (truth > sequence.upper)).any())

    assert missed / 250 <= 0.1


@pytest.mark.parametrize("said", [(0.5, 1.0), (0.9, 1.0), (0.3, 0.7), (0.0, 1.0)])
def test_beside_always_one_half_the_narrower_range_covers_at_all_times_too(said):
    # rows of forecasts from that range; the yes comes less often than was said, so great losses are rare and large
    random = np.random.default_rng(19)
    chance = random.uniform(*said, (250, 150))
    truth = chance * 0.95
    loss = (chance - (random.random((250, 150)) < truth)) ** 2 - 0.25
    expected = truth * (chance - 1) ** 2 + (1 - truth) * chance**2 - 0.25
    target = np.cumsum(expected, axis=1) / np.arange(1, 151)

    narrow = [confidence_sequence(row, alpha=0.1, low=-0.25, high=0.75) for row in loss]
    wide = [confidence_sequence(row, alpha=0.1) for row in loss]

    missed = [((mean < one.lower) | (mean > one.upper)).any() for mean, one in zip(target, narrow, strict=True)]
    assert np.mean(missed) <= 0.1
    assert all(
        (one.upper - one.lower <= other.upper - other.lower).all() for one, other in zip(narrow, wide, strict=True)
    )


def test_an_interval_for_one_moment_would_not_cover_at_all_of_them():
    # the control: the same stopping rule ("look every day, stop when zero is outside") fools a t interval
    random = np.random.default_rng(17)
    values, _ = streams(random, 250, 150, "fair coin")
    count = np.arange(1, 151)
    mean = np.cumsum(values, axis=1) / count
    error = np.sqrt(np.maximum(1 - mean**2, 1e-9) / count)

    outside = (np.abs(mean) > 1.645 * error)[:, 10:].any(axis=1)

    assert outside.mean() > 0.3


@pytest.mark.parametrize("kind", ["fair coin", "skewed"])
def test_evidence_against_a_true_null_rarely_grows_however_one_stops(kind):
    random = np.random.default_rng(23)
    values, _ = streams(random, 400, 200, kind)

    evidence = np.array([e_process(row) for row in values])

    assert (evidence.max(axis=1) >= 20).mean() <= 0.05
    assert (evidence.max(axis=1) >= 5).mean() <= 0.2
    # stopping at the first value of 2, else at the end, is a stopping rule too
    stopped = np.where(evidence.max(axis=1) >= 2, evidence[np.arange(400), (evidence >= 2).argmax(axis=1)], 0)
    stopped = np.where(evidence.max(axis=1) >= 2, stopped, evidence[:, -1])
    assert stopped.mean() <= 1.1


def test_a_scale_below_the_width_is_not_valid():
    # the control: c = 0.1, the default of comparecast's bare eprocess_expm, is too small for differences that
    # may fall by 1; under a rare great loss that balances many small gains it finds evidence in the gains
    random = np.random.default_rng(29)
    gains = np.where(random.random((300, 60)) < 0.99, 0.01, -0.99)
    spread = mixture_spread(0.01, 0.05)

    narrow = np.array([log_mixture(np.cumsum(row), np.cumsum(row**2), width=0.1, spread=spread) for row in gains])
    bounded = np.array([e_process(-row, optimum=0.01) for row in gains])

    assert (narrow.max(axis=1) >= math.log(20)).mean() > 0.3
    assert (bounded.max(axis=1) >= 20).mean() <= 0.05


def test_a_clear_advantage_is_found_and_on_the_right_side():
    random = np.random.default_rng(31)
    better = random.uniform(-0.4, 0.1, 300)

    sequence = confidence_sequence(better)

    assert sequence.distinguishable
    assert sequence.upper[-1] < 0
    assert e_process(better)[-1] > 1e3
    assert e_process(-better)[-1] < 1


def test_the_interval_leaves_zero_out_when_the_evidence_reaches_two_over_alpha():
    difference = np.random.default_rng(3).uniform(-0.6, 0.3, 200)

    sequence = confidence_sequence(difference)
    evidence = e_process(difference)

    settled = np.cumsum(difference**2) > 3  # where the least intrinsic time of 1 no longer matters
    assert ((sequence.upper < 0) == (evidence >= 40))[settled].all()
    assert (sequence.upper[settled] < 0).any()


@pytest.mark.parametrize("pair", [("EMOS", "ENS"), ("Logistic", "EMOS")])
def test_ninety_two_days_of_niamey_are_not_yet_enough(pair):
    difference = niamey_difference(*pair)

    sequence = confidence_sequence(difference)

    assert not sequence.distinguishable
    assert sequence.mean[-1] == pytest.approx(difference.mean())
    assert (sequence.lower >= -1).all()
    assert (sequence.upper <= 1).all()
    assert (e_process(difference) < 20).all()


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40), st.sampled_from([1.0, 0.05]))
def test_each_surprise_is_measured_from_the_mean_of_what_came_before(differences, scale):
    """One value at a time; a small scale keeps the time at its least, 1."""
    differences = [scale * value for value in differences]
    time, seen, widths = 0.0, [], []
    for value in differences:
        time += (value - (sum(seen) / len(seen) if seen else 0.0)) ** 2
        seen.append(value)
        spread = mixture_spread(10, 0.05)
        edge = boundary(np.array([max(time, 1.0)]), alpha=0.025, width=2.0, spread=spread)[0] / len(seen)
        mean = sum(seen) / len(seen)
        widths.append((max(mean - edge, -1.0), min(mean + edge, 1.0)))
    evidence = log_mixture(np.array([-sum(differences)]), np.array([time]), width=2.0, spread=spread)[0]

    sequence = confidence_sequence(differences)

    assert sequence.lower == pytest.approx([low for low, _ in widths], abs=1e-9)
    assert sequence.upper == pytest.approx([high for _, high in widths], abs=1e-9)
    assert e_process(differences)[-1] == pytest.approx(math.exp(evidence), rel=1e-9)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_turning_the_question_round_mirrors_the_interval(differences):
    forward, back = confidence_sequence(differences), confidence_sequence([-d for d in differences])

    assert forward.lower == pytest.approx(-back.upper, abs=1e-9)
    assert forward.mean == pytest.approx(-back.mean, abs=1e-12)


def test_a_long_one_sided_record_does_not_overflow():
    evidence = e_process(np.full(20_000, -1.0))

    assert np.isfinite(evidence).all()
    assert evidence[-1] > 1e300
    assert (e_process(np.full(20_000, 1.0)) >= 0).all()


def test_other_ranges_scale_the_answer():
    wide = confidence_sequence([3.0, -2.0, 4.0] * 30, low=-4, high=4, optimum=160)
    unit = confidence_sequence([0.75, -0.5, 1.0] * 30, optimum=10)

    # the least intrinsic time is 1 in either unit, so only later entries compare
    assert wide.lower[-1] == pytest.approx(4 * unit.lower[-1], rel=1e-6)


@given(st.lists(st.tuples(st.integers(-8, 8), st.integers(0, 4), st.integers(0, 9)), max_size=20))
def test_each_statement_counts_once_and_in_the_order_of_settling(rows):
    difference = [row[0] / 8 for row in rows]

    ours = by_settle_day(difference, statement=[row[1] for row in rows], settle_day=[row[2] for row in rows])

    grouped: dict[int, list[tuple[float, int]]] = {}
    for value, (_, statement, day) in zip(difference, rows, strict=True):
        grouped.setdefault(statement, []).append((value, day))
    settled = sorted(grouped.values(), key=lambda claims: max(day for _, day in claims))
    assert ours.tolist() == pytest.approx([sum(v for v, _ in claims) / len(claims) for claims in settled])


def test_claims_without_a_statement_or_day_are_refused():
    with pytest.raises(ValueError, match="2 differences, 1 statements and 2 settle days"):
        by_settle_day([0.1, 0.2], statement=["a"], settle_day=[1, 2])


def test_nothing_to_compare_gives_none():
    assert confidence_sequence([]) is None
    assert e_process([]) is None


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ([0.1, 1.5], {}, "difference 1.5 at index 1 is outside"),
        ([0.1], {"low": -math.inf}, "low -inf"),
        ([math.nan], {}, "nan"),
        ([[0.1], [0.2]], {}, "shape"),
        ([0.1], {"alpha": 0}, "alpha"),
        ([0.1], {"low": 1, "high": 0}, "low"),
        ([0.1], {"optimum": 0}, "optimum"),
    ],
)
def test_invalid_input_is_named(arguments, options, message):
    for judge in (confidence_sequence, e_process):
        with pytest.raises(ValueError, match=message):
            judge(arguments, **options)
