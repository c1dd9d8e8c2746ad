"""Anytime-valid comparison: the bets by plain multiplication, and their promises by simulation."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecasts.sequential import STAKES, by_settle_day, confidence_sequence, e_process, log_mean, log_wealth

with (Path(__file__).parents[1] / "data" / "precip_Niamey_2016.csv").open() as file:
    NIAMEY = list(csv.DictReader(file))
SIX = [0.2, 0.1, -0.05, 0.3, 0.15, 0.25]
LOOKS = 500


def niamey_difference(first, second):
    def loss(row, name):
        return (float(row[name]) - float(row["obs"])) ** 2

    return np.array([loss(row, first) - loss(row, second) for row in NIAMEY])


def won_against(mean, values, low, high):
    """The wealth of the bets on a higher and on a lower mean, multiplied out one value at a time."""
    higher, lower = [], []
    for u in range(1, 31):
        up = down = 1.0
        for value in values:
            up *= 1 + 0.95 * u / 30 / (mean - low) * (value - mean)
            down *= 1 - 0.95 * u / 30 / (high - mean) * (value - mean)
        higher.append(up)
        lower.append(down)
    return sum(higher) / 30, sum(lower) / 30


def test_six_differences_have_the_evidence_of_the_published_vector():
    assert e_process([-value for value in SIX])[-1] == pytest.approx(1.585612, abs=5e-7)
    assert e_process(SIX)[-1] == pytest.approx(0.628739, abs=5e-7)


def test_six_differences_twenty_times_over_have_its_interval():
    told = confidence_sequence(SIX * 20, alpha=0.05)

    assert (told.mean, told.lower, told.upper) == pytest.approx((0.158333, 0.101655, 0.201989), abs=5e-7)


@given(
    st.lists(st.floats(-0.25, 0.75), min_size=1, max_size=30),
    st.sampled_from([(-1.0, 1.0), (-0.25, 0.75), (-3.0, 2.0)]),
    st.floats(0.01, 0.5),
)
def test_each_end_is_where_the_bets_against_it_have_won_two_over_alpha(values, ends, alpha):
    low, high = ends

    told = confidence_sequence(values, alpha=alpha, low=low, high=high)

    assert low <= told.lower <= told.mean <= told.upper <= high
    if told.lower > low + 1e-9:
        assert won_against(told.lower, values, low, high)[0] == pytest.approx(2 / alpha, rel=1e-6)
    if told.upper < high - 1e-9:
        assert won_against(told.upper, values, low, high)[1] == pytest.approx(2 / alpha, rel=1e-6)


@given(st.lists(st.floats(-0.25, 0.75), min_size=1, max_size=30), st.sampled_from([(-1.0, 1.0), (-0.25, 0.75)]))
def test_the_evidence_is_the_mean_wealth_of_the_bets_against_zero(differences, ends):
    evidence = e_process(differences, low=ends[0], high=ends[1])

    for n in range(1, len(differences) + 1):
        assert evidence[n - 1] == pytest.approx(won_against(0.0, differences[:n], *ends)[1], rel=1e-9)


def test_a_long_record_is_the_same_bet_by_bet_as_in_blocks():
    odds = np.random.default_rng(5).uniform(0.0, 2.5, 20_003)

    assert log_wealth(odds) == pytest.approx(np.log(np.outer(odds, STAKES) + 1 - STAKES).sum(axis=0), rel=1e-10)


def streams(random, trials, length, kind):
    """Differences with a known conditional mean of each, from -1 to 1."""
    shape, means = (trials, length), np.zeros((trials, length))
    if kind == "fair coin":
        return random.choice([-1.0, 1.0], shape), means
    if kind == "skewed":
        return np.where(random.random(shape) < 0.9, -0.1, 0.9), means
    if kind == "skewed the other way":
        return np.where(random.random(shape) < 0.98, 0.02, -0.98), means
    if kind == "small":
        return random.uniform(-0.1, 0.1, shape), means
    if kind == "the mean changes sign":  # better for sixty statements, then worse by as much
        means = means + np.where(np.arange(length) < 60, 0.2, -0.2)
        return means + random.uniform(-0.3, 0.3, shape), means
    if kind == "drifting":
        means = means + np.sin(np.arange(length) / 9) / 3
        return means + random.uniform(-0.3, 0.3, shape), means
    values = np.zeros(shape)  # the next mean depends on the last value: no independence
    for t in range(length):
        means[:, t] = 0.2 * np.sign(values[:, t - 1]) if t else 0.0
        values[:, t] = np.where(random.random(trials) < (1 + means[:, t]) / 2, 1.0, -1.0)
    return values, means


NULLS = ["fair coin", "skewed", "skewed the other way", "small"]
MOVING = ["the mean changes sign", "drifting", "dependent"]


@pytest.mark.parametrize("kind", [*NULLS, *MOVING])
def test_the_sequence_covers_at_all_times_at_once(kind):
    random, missed, looks = np.random.default_rng(17), 0, 150
    values, means = streams(random, 100, looks, kind)
    target = np.cumsum(means, axis=1) / np.arange(1, looks + 1)

    for row, truth in zip(values, target, strict=True):
        worst = max(
            max(log_mean(log_wealth((row[:n] + 1) / (mean + 1))), log_mean(log_wealth((1 - row[:n]) / (1 - mean))))
            for n, mean in enumerate(truth.tolist(), start=1)
        )
        missed += worst >= math.log(2 / 0.1)

    assert missed / 100 <= 0.1


def wrongly_told(kind, runs):
    """The share of records in which somebody is called better at one of 500 looks, though the mean says otherwise."""
    values, means = streams(np.random.default_rng(29), runs, LOOKS, kind)
    average, wrong = np.cumsum(means, axis=1), 0
    for row, mean in zip(values, average, strict=True):
        first, second = e_process(row) >= 40, e_process(-row) >= 40
        wrong += bool((first & (mean >= -1e-12)).any() or (second & (mean <= 1e-12)).any())
    return wrong / runs


@pytest.mark.parametrize("runs", [200, pytest.param(2_000, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("kind", [*NULLS, *MOVING])
def test_five_hundred_looks_mislead_in_one_record_of_twenty_at_most(kind, runs):
    assert wrongly_told(kind, runs) <= 0.05


def test_a_stake_that_follows_the_record_is_misled_where_the_mean_changes_sign():
    # the control: the stake is the mean of what came before over its spread, as in a plug-in bet
    values, means = streams(np.random.default_rng(29), 400, LOOKS, "the mean changes sign")
    count = np.arange(1, LOOKS + 1)
    seen = (np.cumsum(values, axis=1) - values) / count
    spread = (np.cumsum(values**2, axis=1) - values**2 + 1) / count
    wealth = np.cumsum(np.log1p(np.clip(seen / spread, -0.95, 0.95) * values), axis=1)

    misled = ((wealth >= math.log(40)) & (np.cumsum(means, axis=1) <= 1e-12)).any(axis=1)

    assert misled.mean() > 0.05


@pytest.mark.parametrize(("correlation", "least", "most"), [(0.0, 0.0, 0.05), (0.1, 0.15, 0.4)])
def test_a_common_cause_of_claims_that_are_open_together_misleads(correlation, least, most):
    # the limit that is said beside every sequence: one says too much, one too little, and both expect the same loss
    random, told, normal = np.random.default_rng(3), 0, NormalDist()
    for _ in range(200):
        chance = random.beta(2, 2, 200)
        shock = math.sqrt(correlation) * random.standard_normal()
        luck = shock + math.sqrt(1 - correlation) * random.standard_normal(200)
        came = luck < np.array([normal.inv_cdf(one) for one in chance])
        odds = np.log(chance / (1 - chance))
        much, little = 1 / (1 + np.exp(-odds - 0.3)), 1 / (1 + np.exp(-odds + 0.3))
        difference = (much - came) ** 2 - (little - came) ** 2
        told += bool((np.maximum(e_process(difference), e_process(-difference)) >= 40).any())

    assert least <= told / 200 <= most


def test_an_interval_for_one_moment_would_not_cover_at_all_of_them():
    # the control: the same stopping rule ("look every day, stop when zero is outside") fools a t interval
    values, _ = streams(np.random.default_rng(17), 250, 150, "fair coin")
    count = np.arange(1, 151)
    mean = np.cumsum(values, axis=1) / count
    error = np.sqrt(np.maximum(1 - mean**2, 1e-9) / count)

    outside = (np.abs(mean) > 1.645 * error)[:, 10:].any(axis=1)

    assert outside.mean() > 0.3


@pytest.mark.parametrize("kind", NULLS)
def test_evidence_against_a_true_null_rarely_grows_however_one_stops(kind):
    values, _ = streams(np.random.default_rng(23), 400, 200, kind)

    evidence = np.array([e_process(row) for row in values])

    assert (evidence.max(axis=1) >= 20).mean() <= 0.05
    assert (evidence.max(axis=1) >= 5).mean() <= 0.2
    # stopping at the first value of 2, else at the end, is a stopping rule too
    stopped = np.where(evidence.max(axis=1) >= 2, evidence[np.arange(400), (evidence >= 2).argmax(axis=1)], 0)
    stopped = np.where(evidence.max(axis=1) >= 2, stopped, evidence[:, -1])
    assert stopped.mean() <= 1.1


def beside_half(random, shape):
    """Who says the chance itself, drawn from a beta law of 2 and 2, beside always one half."""
    chance = random.beta(2, 2, shape)
    came = random.random(shape) < chance
    return (chance - came) ** 2 - 0.25


def one_knows_more(random, shape):
    """Who says the chance itself beside who knows only where it was drawn from."""
    known = random.beta(2, 2, shape)
    chance = random.beta(3 * known, 3 * (1 - known))
    came = random.random(shape) < chance
    return (chance - came) ** 2 - (known - came) ** 2


@pytest.mark.parametrize(
    ("law", "low", "high", "most"), [(beside_half, -0.25, 0.75, 130), (one_knows_more, -1.0, 1.0, 160)]
)
@pytest.mark.parametrize("runs", [300, pytest.param(2_000, marks=pytest.mark.campaign)])
def test_a_difference_of_a_twentieth_is_told_soon(law, low, high, most, runs):
    random = np.random.default_rng(41)
    many = law(random, 400_000)

    needed = []
    for _ in range(runs):
        told = e_process(law(random, 1_500), low=low, high=high) >= 40
        needed.append(int(told.argmax()) + 1 if told.any() else 1_500)

    assert (many.mean(), many.std()) == (pytest.approx(-0.05, abs=1e-3), pytest.approx(0.177, abs=2e-3))
    assert np.median(needed) <= most


@pytest.mark.parametrize("said", [(0.5, 1.0), (0.9, 1.0), (0.3, 0.7), (0.0, 1.0)])
def test_beside_always_one_half_the_narrower_range_tells_more(said):
    random = np.random.default_rng(19)
    chance = random.uniform(*said, 150)
    loss = (chance - (random.random(150) < chance)) ** 2 - 0.25

    narrow, wide = confidence_sequence(loss, low=-0.25, high=0.75), confidence_sequence(loss)

    assert narrow.upper - narrow.lower < wide.upper - wide.lower


def test_a_clear_advantage_is_found_and_on_the_right_side():
    better = np.random.default_rng(31).uniform(-0.4, 0.1, 300)

    sequence = confidence_sequence(better)

    assert sequence.distinguishable
    assert sequence.upper < 0
    assert e_process(better)[-1] > 1e3
    assert e_process(-better)[-1] < 1


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60))
def test_the_interval_leaves_zero_out_when_the_evidence_reaches_two_over_alpha(differences):
    evidence = e_process(differences)[-1]
    assume(abs(evidence - 4) > 1e-6)

    assert (confidence_sequence(differences, alpha=0.5).upper < 0) == (evidence >= 4)


@pytest.mark.parametrize("pair", [("EMOS", "ENS"), ("Logistic", "EMOS")])
def test_ninety_two_days_of_niamey_are_not_yet_enough(pair):
    difference = niamey_difference(*pair)

    sequence = confidence_sequence(difference)

    assert sequence.mean == pytest.approx(difference.mean())
    assert not sequence.distinguishable
    assert (e_process(difference) < 20).all()


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_turning_the_question_round_mirrors_the_interval(differences):
    forward, back = confidence_sequence(differences), confidence_sequence([-d for d in differences])

    assert forward.lower == pytest.approx(-back.upper, abs=1e-9)
    assert forward.mean == pytest.approx(-back.mean, abs=1e-12)


@pytest.mark.parametrize("value", [-1.0, 1.0, 0.0, 5e-324, -1 + 2**-53])
def test_a_record_without_spread_reaches_neither_past_its_range_nor_its_mean(value):
    for size in (1, 7, 20_000):
        told = confidence_sequence(np.full(size, value))

        assert -1 <= told.lower <= told.mean <= told.upper <= 1


def test_a_long_one_sided_record_does_not_overflow():
    evidence = e_process(np.full(20_000, -1.0))

    assert np.isfinite(evidence).all()
    assert evidence[-1] > 1e300
    assert (e_process(np.full(20_000, 1.0)) >= 0).all()


def test_other_ranges_scale_the_answer():
    wide, unit = confidence_sequence([3.0, -2.0, 4.0] * 30, low=-4, high=4), confidence_sequence([0.75, -0.5, 1.0] * 30)

    assert (wide.lower, wide.upper) == pytest.approx((4 * unit.lower, 4 * unit.upper), rel=1e-9)


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
        ([0.1], {"low": 1, "high": 0}, "low"),
    ],
)
def test_invalid_input_is_named(arguments, options, message):
    for judge in (confidence_sequence, e_process):
        with pytest.raises(ValueError, match=message):
            judge(arguments, **options)


def test_a_level_outside_0_to_1_is_refused():
    with pytest.raises(ValueError, match="alpha"):
        confidence_sequence([0.1], alpha=0)


def test_a_question_that_is_answered_before_it_is_asked_is_refused():
    with pytest.raises(ValueError, match=r"high 0\.0 is not above 0"):
        e_process([-0.1], low=-1.0, high=0.0)
