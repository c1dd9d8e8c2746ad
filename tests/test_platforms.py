"""How other sites score: their published numbers and the output of their own code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from forecasts.platforms import (
    fatebook,
    forecastbench_index,
    good_judgment,
    metaculus_baseline,
    metaculus_baseline_at,
    metaculus_baseline_numeric,
    metaculus_peer,
    metaculus_peer_at,
    metaculus_ranking,
    sampled_daily,
)
from forecasts.standing import Standing, spot, standing
from forecasts.timeline import timeline

VECTORS = Path(__file__).parent / "vectors"


def vector(name: str) -> dict:
    return json.loads((VECTORS / f"{name}.json").read_text())


METACULUS = vector("06_metaculus_baseline_peer_spot")
FATEBOOK = vector("07_fatebook_relative_brier")
CUBS = vector("08_gjo_daily_brier")


# --- Metaculus --------------------


def chance_of_what_happened(forecast: dict, case: dict) -> float:
    """What Metaculus' code looks up before it scores: the chance of the option or bucket that happened."""
    value, happened = forecast["value"], case["resolution_bucket"]
    if case["question_type"] == "binary":
        return value if happened == 1 else 1 - value
    if case["question_type"] == "multiple_choice":
        return value[happened] if value[happened] is not None else value[-1]  # not open yet: it is "Other"
    if "cdf_linear" in value:
        cdf = np.round(np.linspace(0.05, 0.95, 201), 10)
    else:
        cdf = np.round(0.05 + 0.9 * beta.cdf(np.linspace(0, 1, 201), 8, 4), 10)
    return float(np.diff(np.concatenate([[0.0], cdf, [1.0]]))[happened])


def as_standing(case: dict) -> tuple[Standing, list[str]]:
    users = sorted({forecast["user"] for forecast in case["forecasts"]})
    rows = []
    for forecast in case["forecasts"]:
        series = users.index(forecast["user"])
        rows.append((series, forecast["start_day"], chance_of_what_happened(forecast, case)))
        updated = any(other["start_day"] == forecast["end_day"] for other in case["forecasts"])
        if forecast["end_day"] is not None and not updated:
            rows.append((series, forecast["end_day"], np.nan))
    record = standing(
        [row[1] for row in rows],
        [row[2] for row in rows],
        opens=np.full(len(users), case["open_day"]),
        closes=np.full(len(users), case["scheduled_close_day"]),
        known=case["actual_close_day"],
        series=[row[0] for row in rows],
    )
    return record, users


def options(case: dict) -> int:
    values = case["forecasts"][0]["value"]
    return sum(value is not None for value in values) if isinstance(values, list) else 2


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
def test_metaculus_spot_is_the_peer_score_at_one_instant(case):
    record, users = as_standing(case)
    instant = np.nextafter(min(case["spot_day"], case["actual_close_day"]), -np.inf)

    at_spot = spot(record, instant)
    peer = metaculus_peer_at(at_spot, 1, numeric=case["question_type"] == "numeric")

    expected = case["per_user_total"]["spot_peer"]
    for index, user in enumerate(users):
        assert peer[index] == pytest.approx(expected[user]["score"], abs=1e-9)
        if case["name"] == "too_late" and user == "a":
            # Metaculus covers a forecast made at the very close with a spot score; here it is too late
            assert (np.isnan(at_spot[index]), expected[user]["coverage"]) == (True, 1.0)
        else:
            assert (not np.isnan(at_spot[index])) == bool(expected[user]["coverage"])


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


def test_forecastbench_index_marks():
    check = vector("19_forecastbench_difficulty_adjusted")["brier_index_check"]

    assert forecastbench_index(check["brier"]) == check["index"]
    assert forecastbench_index([0.0, 1.0]).tolist() == [100.0, 0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metaculus_baseline_at(0.5, 0.5), "fraction"),
        (lambda: metaculus_baseline_at(0.5, 1, options=1), "2 or more"),
        (
            lambda: metaculus_baseline_numeric(standing([0], [0.5], opens=0, closes=1), open_bounds=3),
            "0, 1 or 2",
        ),
        (lambda: good_judgment([0.5], 1), "one row a forecaster"),
        (lambda: metaculus_ranking([1.0, 2.0], [1.0, 1.0, 1.0]), "shape"),
    ],
)
def test_wrong_calls_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
