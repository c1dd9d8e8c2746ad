"""How other sites score: their published numbers and the output of their own code."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metaculus_cases import as_standing, options

from forecasts.platforms import (
    fatebook,
    forecastbench_index,
    good_judgment,
    metaculus_baseline,
    metaculus_baseline_at,
    metaculus_baseline_numeric,
    metaculus_baseline_numeric_at,
    metaculus_options,
    metaculus_peer,
    metaculus_peer_at,
    metaculus_ranking,
    metaculus_spot,
    metaculus_spot_forecast,
    sampled_daily,
)
from forecasts.side_by_side import timeline
from forecasts.standing import Standing, standing

VECTORS = Path(__file__).parents[1] / "vectors"


def vector(name: str) -> dict:
    return json.loads((VECTORS / f"{name}.json").read_text())


METACULUS = vector("06_metaculus_baseline_peer_spot")
FATEBOOK = vector("07_fatebook_relative_brier")
CUBS = vector("08_gjo_daily_brier")


# --- Metaculus --------------------


@pytest.mark.parametrize("case", METACULUS["cases"], ids=lambda case: case["name"])
def test_metaculus_baseline_peer_and_coverage_are_what_its_own_code_gives(case):
    record, users = as_standing(case)
    numeric, count = case["question_type"] == "numeric", len(users)

    if numeric:
        baseline = metaculus_baseline_numeric(record, open_bounds=2, tail=case["resolution_bucket"] == 201)
    else:
        baseline = metaculus_baseline(record, np.ones(count), options=options(case))
    peer = metaculus_peer(record, 1, numeric=numeric)

    expected = case["per_user_total"]
    for index, user in enumerate(users):
        assert baseline[index] == pytest.approx(expected["baseline"][user]["score"], abs=1e-9)
        assert peer[index] == pytest.approx(expected["peer"][user]["score"], abs=1e-9)
        assert record.coverage[index] == pytest.approx(expected["baseline"][user]["coverage"], abs=1e-9)


@pytest.mark.parametrize("case", METACULUS["cases"], ids=lambda case: case["name"])
def test_metaculus_spot_scores_are_what_its_own_code_gives(case):
    record, users = as_standing(case)
    numeric = case["question_type"] == "numeric"

    def score(said, outcome):
        if numeric:
            return metaculus_baseline_numeric_at(said, open_bounds=2, tail=case["resolution_bucket"] == 201)
        return metaculus_baseline_at(said, outcome, options=options(case))

    said = metaculus_spot_forecast(record, case["spot_day"])
    peer = metaculus_spot(record, 1, at=case["spot_day"], score=partial(metaculus_peer_at, numeric=numeric))
    baseline = metaculus_spot(record, 1, at=case["spot_day"], score=score)

    expected = case["per_user_total"]
    for index, user in enumerate(users):
        if case["name"] == "too_late" and user == "a":
            # Metaculus scores a forecast made at the very close in its spot scores, not over time; here it is too late
            assert (baseline[index], np.isnan(said[index])) == (0.0, True)
            assert expected["spot_baseline"][user]["coverage"] == expected["spot_peer"][user]["coverage"] == 1.0
            continue
        assert baseline[index] == pytest.approx(expected["spot_baseline"][user]["score"], abs=1e-9)
        assert peer[index] == pytest.approx(expected["spot_peer"][user]["score"], abs=1e-9)
        for kind in ("spot_baseline", "spot_peer"):
            assert (not np.isnan(said[index])) == bool(expected[kind][user]["coverage"])


def test_a_claim_that_closes_before_its_spot_time_is_scored_at_the_close():
    """As in Metaculus' code: the earlier of the spot time and the actual close."""
    early = standing([1, 1, 2], [0.5, 0.25, np.nan], opens=[0, 0], closes=[9, 9], known=4, series=[0, 1, 1])
    open_still = standing([1, 1], [0.5, 0.25], opens=[0, 0], closes=[9, 9], series=[0, 1])

    assert np.array_equal(metaculus_spot_forecast(early, 5), [0.5, np.nan], equal_nan=True)
    assert metaculus_spot(early, 1, at=5, score=metaculus_baseline_at).tolist() == [0.0, 0.0]
    assert metaculus_spot(open_still, 1, at=20).tolist() == pytest.approx([100 * np.log(2), -100 * np.log(2)])
    assert metaculus_spot(standing([1], [0.25], opens=0, closes=9), 1, at=5, score=metaculus_baseline_at) == -100.0


def test_the_instant_of_the_spot_itself_is_not_seen_and_the_one_before_is():
    just = np.nextafter(5.0, 0.0)
    record = standing([just, 5.0], [0.5, 0.25], opens=[0, 0], closes=[9, 9], series=[0, 1])

    assert np.array_equal(metaculus_spot_forecast(record, 5.0), [0.5, np.nan], equal_nan=True)


def test_a_spot_score_is_of_one_claim():
    two = standing([0, 0], [0.2, 0.6], opens=[0, 0], closes=[4, 5], series=[0, 1])

    with pytest.raises(ValueError, match="take one claim at a time"):
        metaculus_spot(two, 1, at=3)
    with pytest.raises(ValueError, match="at has shape"):
        metaculus_spot_forecast(two, [1, 2, 3])


@pytest.mark.parametrize(("open_bounds", "inner"), [(0, 1.0), (1, 0.95), (2, 0.9)])
def test_an_open_bound_takes_a_twentieth_from_the_baseline_of_the_inner_buckets(open_bounds, inner):
    score = metaculus_baseline_numeric_at([inner / 100, 2 * inner / 100], open_bounds=open_bounds, buckets=100)

    assert score == pytest.approx([0.0, 50 * np.log(2)], abs=1e-9)
    assert metaculus_baseline_numeric(
        standing([0], [inner / 200], opens=0, closes=4), open_bounds=open_bounds
    ) == pytest.approx(0.0, abs=1e-9)


def test_the_time_average_printed_by_the_metaculus_faq():
    record, _ = as_standing(METACULUS["cases"][0])

    assert metaculus_baseline(record, [1])[0] == pytest.approx(27, abs=0.5)


def test_the_extremes_printed_by_the_metaculus_faq():
    assert metaculus_baseline_at(0.999, 1) == pytest.approx(99.9, abs=0.05)
    assert metaculus_baseline_at(0.999, 0) == pytest.approx(-897, abs=0.5)
    assert metaculus_baseline_at(0.999, 1, options=8) == pytest.approx(99.9, abs=0.06)
    assert metaculus_baseline_at(0.001, 1, options=8) == pytest.approx(-232, abs=0.5)


def test_the_truncation_example_of_the_metaculus_faq():
    """20% in the first of 52 weeks, 4% at the end, 76% never; 24% then 5% is honest, 99% then 5% shouts."""
    example = METACULUS["truncation_example"]

    def expected(first: float, rest: float, *, scheduled: bool) -> float:
        def record(known: float, closes: float) -> Standing:
            return standing([0, 1], [first, rest], opens=0, closes=closes, known=known)

        early = record(1, 52 if scheduled else 1)
        late = record(52, 52)
        return (
            0.20 * metaculus_baseline(early, 1)
            + 0.04 * metaculus_baseline(late, 1)
            + 0.76 * metaculus_baseline(late, 0)
        )

    got = [expected(p, 0.05, scheduled=scheduled) for scheduled in (False, True) for p in (0.24, 0.99)]

    # "truncation" on that page is scoring over the scheduled window; only there is honesty the better policy
    printed = example["printed"]
    assert got[:2] == pytest.approx([printed["no_truncation"][k] for k in ("honest", "gaming")], abs=0.5)
    assert got[2:] == pytest.approx([printed["with_truncation"][k] for k in ("honest", "gaming")], abs=0.5)


def test_each_instant_may_be_a_claim_of_its_own():
    table = np.array([[0.2, 0.7], [0.6, 0.3], [0.5, np.nan]])

    together = metaculus_peer_at(table, [1, 0])

    assert together[:, 0] == pytest.approx(metaculus_peer_at(table[:, 0], 1))
    assert together[:, 1] == pytest.approx(metaculus_peer_at(table[:, 1], 0))


def test_an_option_added_while_the_question_is_open_changes_what_chance_is_worth():
    # three options at first; on day 4 a fourth opens, and each forecast after it names four chances
    said = [[0.5, 0.2, np.nan, 0.3], [0.4, 0.1, 0.4, 0.1]]
    read = metaculus_options(said, [2, 2])
    record = standing([0, 4], read.probability, opens=0, closes=10, known=8)

    score = metaculus_baseline(record, 1, options=read.options)

    first, second = 100 * np.log(0.3 * 3) / np.log(3), 100 * np.log(0.4 * 4) / np.log(4)
    assert read.options.tolist() == [3, 4]
    assert score == pytest.approx((first * 4 + second * 4) / 10, abs=1e-12)


@given(st.lists(st.lists(st.one_of(st.floats(0.001, 0.999), st.just(np.nan)), min_size=3, max_size=3), min_size=1))
@settings(deadline=None)
def test_peer_scores_sum_to_zero_at_each_instant(table):
    scores = metaculus_peer_at(table, 1)

    assert scores.sum(axis=0) == pytest.approx([0.0, 0.0, 0.0], abs=1e-8)


def test_peer_scores_over_time_sum_to_zero():
    rng = np.random.default_rng(4)
    series = np.sort(rng.integers(0, 6, 40))
    record = standing(
        rng.random(40) * 12 - 1,
        np.where(rng.random(40) < 0.2, np.nan, rng.random(40)),
        opens=np.zeros(6),
        closes=np.full(6, 10),
        known=8.5,
        series=series,
    )

    assert metaculus_peer(record, 0).sum() == pytest.approx(0.0, abs=1e-9)
    assert timeline(record).widths.sum() == pytest.approx(10)


def test_a_certain_and_wrong_peer_needs_a_clip():
    with pytest.raises(ValueError, match="clip"):
        metaculus_peer_at([1.0, 0.5], 0)
    assert metaculus_peer_at([1.0, 0.5], 0, clip=0.001).sum() == pytest.approx(0.0)
    assert metaculus_baseline_at(1.0, 0) == -np.inf


def test_the_peer_board_shrinks_short_records():
    assert metaculus_ranking([60.0, 60.0], [1.0, 1.0]) == 4.0
    assert metaculus_ranking(np.full(60, 10.0), np.ones(60)) == 10.0


# --- Good Judgment and Fatebook --------------------

CUBS_NUMBERS = {
    "mean_brier": "mean_daily_brier",
    "mean_median": "mean_daily_median",
    "participation": "participation",
    "accuracy": "accuracy_score",
    "net_points": "net_brier_points",
}


def cubs_table() -> np.ndarray:
    return np.array([CUBS["forecasts_by_day"][user] for user in "123"], dtype=float)


@pytest.mark.parametrize(("ours", "theirs"), CUBS_NUMBERS.items())
def test_good_judgment_reproduces_the_worked_example_of_the_cubs(ours, theirs):
    expected = [CUBS["expected"][user][theirs] for user in "123"]

    assert getattr(good_judgment(cubs_table(), 1), ours) == pytest.approx(expected, abs=1e-9)


def test_the_printed_numbers_of_the_cubs():
    daily = good_judgment(cubs_table(), 1)

    assert daily.mean_brier[0] == pytest.approx(0.0114, abs=5e-5)
    assert daily.accuracy == pytest.approx([-0.43, 0.7943, -0.00137], abs=5e-5)


def test_sampling_the_end_of_each_day_gives_the_table_of_the_cubs():
    case = FATEBOOK["cases"]["cubs_multi"]
    record, _ = fatebook_standing(case)

    assert np.array_equal(sampled_daily(record), cubs_table(), equal_nan=True)


def fatebook_standing(case: dict) -> tuple[Standing, list[str]]:
    users = sorted({forecast["user"] for forecast in case["forecasts"]})
    record = standing(
        [forecast["day"] for forecast in case["forecasts"]],
        [forecast["p"] for forecast in case["forecasts"]],
        opens=np.zeros(len(users)),
        closes=np.full(len(users), case["resolve_day"]),
        series=[users.index(forecast["user"]) for forecast in case["forecasts"]],
    )
    return record, users


@pytest.mark.parametrize("case", FATEBOOK["cases"].values(), ids=FATEBOOK["cases"])
def test_fatebook_is_what_its_own_code_gives(case):
    record, users = fatebook_standing(case)

    result = fatebook(record, 1 if case["res"] == "YES" else 0)

    for index, user in enumerate(users):
        if user not in case["expected"]:
            assert np.isnan(result.absolute[index])  # after_resolution: never present
            continue
        expected = case["expected"][user]
        assert result.absolute[index] == pytest.approx(expected["absoluteBrierScore"], abs=1e-12)
        if "relativeBrierScore" in expected:
            assert result.relative[index] == pytest.approx(expected["relativeBrierScore"], abs=1e-12)


def test_fatebook_averages_before_it_squares():
    # 1 then 0 within one day is half a day perfectly wrong: the time average of the 0-2 Brier is 1.0, not 0.5
    record, _ = fatebook_standing(FATEBOOK["cases"]["flipflop_within_day"])

    assert fatebook(record, 1).absolute[0] == 0.5
    assert 2 * np.mean([(1 - 1) ** 2, (0 - 1) ** 2]) == 1.0


def test_on_a_first_day_fatebook_lets_the_last_forecast_stand_for_the_time_before_the_first():
    # 0.2 from noon, 0.6 from six in the evening: their code gives the morning to 0.6, so the day's mean is 0.5
    record = standing([0.5, 0.75], [0.2, 0.6], opens=0, closes=2)

    assert fatebook(record, 1).absolute[0] == pytest.approx(2 * (0.5**2 + 0.4**2) / 2, abs=1e-12)


@pytest.mark.parametrize("closes", [0.3, 0.1 * 3])  # a little less than three times 0.1, and a little more
def test_days_that_do_not_divide_the_window_exactly_leave_no_day_of_rounding(closes):
    record = standing([0.0], [0.5], opens=0, closes=closes)

    assert closes / 0.1 != 3.0
    assert sampled_daily(record, day=0.1).shape == (1, 3)
    assert fatebook(record, 1, day=0.1).absolute[0] == pytest.approx(0.5)


def test_who_never_forecast_has_no_daily_scores():
    daily = good_judgment([[0.5, 0.5], [np.nan, np.nan]], 1)

    assert np.isnan(daily.mean_brier[1])
    assert (daily.participation[1], daily.accuracy[1]) == (0.0, 0.0)


def test_forecastbench_index_marks():
    check = vector("19_forecastbench_difficulty_adjusted")["brier_index_check"]

    assert forecastbench_index(check["brier"]) == check["index"]
    assert forecastbench_index([0.0, 1.0]).tolist() == [100.0, 0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metaculus_baseline_at(0.5, 0.5), "fraction"),
        (lambda: metaculus_baseline_at([0.5, 0.5], [1, 0.5]), "outcome 0.5 at index 1 is a fraction"),
        (lambda: metaculus_baseline_at(0.5, 1, options=1), "options 1.0 is not a whole number of 2 or more"),
        (lambda: metaculus_baseline_at([0.5, 0.5], 1, options=[2, 2.5]), "options 2.5 at index 1"),
        (lambda: metaculus_baseline_at([0.5, 0.5], [1, 1, 0]), "shape"),
        (lambda: metaculus_peer_at(0.5, 1), "no axis"),
        (lambda: metaculus_options([0.5, 0.2], 0), "sum of probability 0.7 is not 1"),
        (lambda: metaculus_options([0.5, 0.5, np.nan], 0), "last option nan is not open"),
        (lambda: metaculus_options([0.5, 0.5], 2), "outcome 2 is not among"),
        (lambda: metaculus_options([0.5, 0.5], 0.0), "outcome has shape .* give each row a whole number"),
        (lambda: metaculus_options([1.0], 0), "two options or more"),
        (lambda: metaculus_baseline_numeric(standing([0], [0.5], opens=0, closes=1), open_bounds=3), "0, 1 or 2"),
        (lambda: good_judgment([0.5], 1), "one row a forecaster"),
        (lambda: good_judgment(np.empty((2, 0)), 1), "one column a day"),
        (lambda: good_judgment([[0.5]], 0.5), "outcome 0.5 is neither"),
        (lambda: good_judgment([[0.5]], [1, 0]), "is neither"),
        (lambda: sampled_daily(standing([0], [0.5], opens=0, closes=1), day=0), "day 0"),
        (lambda: timeline(standing([], [], opens=[], closes=[], series=[])), "no series"),
        (lambda: metaculus_ranking([1.0, 2.0], [1.0, 1.0, 1.0]), "shape"),
    ],
)
def test_wrong_calls_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
