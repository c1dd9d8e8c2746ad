"""The standing forecast: intervals, edges of time, and the scores that run over it."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from forecasts.reference import ConstantHazard
from forecasts.scores import brier, mean_score
from forecasts.side_by_side import shared, timeline
from forecasts.standing import standing
from forecasts.time_scores import first_forecast, last_forecast, spot, time_brier, time_skill


def intervals(record):
    return list(zip(record.starts.tolist(), record.ends.tolist(), record.probabilities.tolist(), strict=True))


WINDOW = {"opens": 0, "closes": 10}

RULES = [
    # what, times, probabilities, known, the intervals that stand, coverage
    ("one forecast stands to the deadline", [2], [0.4], inf, [(2, 10, 0.4)], 0.8),
    ("the next one ends it", [2, 5], [0.4, 0.6], inf, [(2, 5, 0.4), (5, 10, 0.6)], 0.8),
    ("before the opening counts from it", [-3], [0.4], inf, [(0, 10, 0.4)], 1.0),
    ("the last before the opening counts", [-3, -1], [0.4, 0.6], inf, [(0, 10, 0.6)], 1.0),
    ("a withdrawal ends it", [2, 5], [0.4, nan], inf, [(2, 5, 0.4)], 0.3),
    ("and a return begins again", [2, 5, 8], [0.4, nan, 0.6], inf, [(2, 5, 0.4), (8, 10, 0.6)], 0.5),
    ("withdrawn before the opening", [-3, -1], [0.4, nan], inf, [], 0.0),
    ("the answer ends it", [2], [0.4], 6, [(2, 6, 0.4)], 0.4),
    ("at the answer is too late", [6], [0.4], 6, [], 0.0),
    ("after the answer is too late", [2, 7], [0.4, 1.0], 6, [(2, 6, 0.4)], 0.4),
    ("at the deadline is too late", [10], [0.4], inf, [], 0.0),
    ("an answer after the deadline", [2], [0.4], 12, [(2, 10, 0.4)], 0.8),
    ("an answer before the opening leaves what stood then no time", [-3], [0.4], -1, [(0, 0, 0.4)], 0.0),
    ("an answer at the opening too", [-3, -1], [0.4, 0.6], 0, [(0, 0, 0.6)], 0.0),
    ("what came after such an answer", [-3, -0.5], [0.4, 0.6], -1, [(0, 0, 0.4)], 0.0),
    ("at such an answer is too late", [-1], [0.4], -1, [], 0.0),
    ("of two before such an answer the last recorded", [-3, -3], [0.4, 0.6], -1, [(0, 0, 0.6)], 0.0),
    ("withdrawn before such an answer", [-3, -2], [0.4, nan], -1, [], 0.0),
    ("of two at one time the last recorded", [2, 2], [0.4, 0.6], inf, [(2, 10, 0.6)], 0.8),
    ("withdrawn at once", [2, 2], [0.4, nan], inf, [], 0.0),
    ("any order of arrival", [5, 2], [0.6, 0.4], inf, [(2, 5, 0.4), (5, 10, 0.6)], 0.8),
    ("nothing at all", [], [], inf, [], 0.0),
]


@pytest.mark.parametrize(
    ("times", "probability", "known", "stood", "coverage"), [rule[1:] for rule in RULES], ids=[r[0] for r in RULES]
)
def test_which_forecast_stands_when(times, probability, known, stood, coverage):
    record = standing(times, probability, known=known, **WINDOW)

    assert intervals(record) == stood
    assert record.coverage == pytest.approx(coverage, abs=1e-15)
    assert type(record.coverage) is float


def test_all_rules_hold_at_once_in_one_array_of_series():
    times = np.concatenate([rule[1] for rule in RULES])
    probability = np.concatenate([rule[2] for rule in RULES])
    series = np.repeat(np.arange(len(RULES)), [len(rule[1]) for rule in RULES])

    record = standing(times, probability, opens=0, closes=10, known=[rule[3] for rule in RULES], series=series)

    assert intervals(record) == [piece for rule in RULES for piece in rule[4]]
    assert record.coverage == pytest.approx([rule[5] for rule in RULES], abs=1e-15)


def test_microseconds_as_integers_give_what_days_give():
    day = 86_400_000_000
    now = 1_776_000_000_000_000

    record = standing(np.array([now + day, now + 3 * day], dtype=np.int64), [0.5, 1.0], opens=now, closes=now + 4 * day)

    assert record.coverage == 0.75
    assert time_brier(record, 1) == (0.25 * 2) / 4


# --- hand-worked scores --------------------

EARLY = standing([0, 1], [0.5, 0.8], opens=0, closes=10, known=3)  # half a day lost nothing after day 3


def test_time_brier_divides_by_the_scheduled_window():
    assert time_brier(EARLY, 1) == pytest.approx((0.25 * 1 + 0.04 * 2) / 10, abs=1e-15)


@pytest.mark.parametrize(
    ("reference", "saved"),
    [
        (0.5, (0.25 - 0.04) * 2 / 10),
        (0.9, ((0.01 - 0.25) * 1 + (0.01 - 0.04) * 2) / 10),
        (standing([2], [0.6], opens=0, closes=10, known=3), (0.16 - 0.04) * 1 / 10),
        (standing([], [], opens=0, closes=10, known=3), 0.0),
    ],
    ids=["half", "number", "another", "an absent one"],
)
def test_time_skill_is_the_error_saved_over_own_time_by_the_scheduled_window(reference, saved):
    assert time_skill(EARLY, 1, reference=reference) == pytest.approx(saved, abs=1e-15)


def test_absence_has_no_brier_and_the_skill_of_the_reference():
    nobody = standing([], [], **WINDOW)

    assert time_brier(nobody, 1) is None
    assert time_skill(nobody, 1) == 0.0
    assert first_forecast(nobody) is last_forecast(nobody) is spot(nobody, 5) is None
    assert nobody.coverage == 0.0


def test_what_stood_for_no_time_is_a_forecast_and_saves_nothing():
    record = standing([-3, -1], [0.4, 0.6], known=0, **WINDOW)

    assert first_forecast(record) == last_forecast(record) == 0.6
    assert time_brier(record, 1) is spot(record, 0) is None
    assert time_skill(record, 1) == time_skill(record, 1, reference=standing([-3], [0.1], known=0, **WINDOW)) == 0.0
    assert timeline(record).cuts.tolist() == [0, 10]


def test_arrays_mark_absence_with_nan():
    record = standing([1], [0.4], opens=[0, 0], closes=[10, 10], series=[1])

    assert np.isnan(time_brier(record, [1, 1])[0])
    assert np.isnan(first_forecast(record)[0])
    assert np.isnan(spot(record, 5)[0])
    assert time_skill(record, [1, 1])[0] == 0.0


@pytest.mark.parametrize(
    ("at", "probability"),
    [(0, None), (1, 0.4), (1.5, 0.4), (2, None), (4, 0.6), (6.999, 0.6), (7, None), (9, None), (11, None)],
)
def test_spot_is_what_stood_at_one_instant(at, probability):
    record = standing([1, 2, 4], [0.4, nan, 0.6], known=7, **WINDOW)

    assert spot(record, at) == probability


def test_first_and_last_forecast_outlive_a_withdrawal_but_not_the_answer():
    record = standing([1, 2, 3, 8], [0.4, 0.6, nan, 0.99], known=7, **WINDOW)

    assert first_forecast(record) == 0.4
    assert last_forecast(record) == 0.6


def test_first_and_last_of_many():
    record = standing([1, 2, 1, 3], [0.1, 0.2, 0.3, 0.4], opens=[0] * 3, closes=[5] * 3, series=[0, 0, 2, 2])

    assert first_forecast(record)[[0, 2]].tolist() == [0.1, 0.3]
    assert last_forecast(record)[[0, 2]].tolist() == [0.2, 0.4]
    assert spot(record, at=[1.5, 1, 3])[[0, 2]].tolist() == [0.1, 0.4]


def test_shared_time_is_cut_at_every_change_of_either():
    ana = standing([0, 3, 6], [0.2, 0.3, nan], opens=0, closes=10)
    ben = standing([1, 5], [0.9, 0.8], opens=0, closes=10)

    both = shared(ana, ben)

    assert both.starts.tolist() == [1, 3, 5]
    assert both.ends.tolist() == [3, 5, 6]
    assert both.first.tolist() == [0.2, 0.3, 0.3]
    assert both.second.tolist() == [0.9, 0.9, 0.8]


# --- against slow arithmetic --------------------

moment = st.floats(-2, 14, allow_nan=False)
said = st.one_of(st.floats(0, 1), st.just(nan))
record_parts = st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 14), said), max_size=25)


def slow_standing(parts, series, time, known):
    """The definition, one instant at a time: the latest record at or before it."""
    if time < 0 or time >= min(10, known):
        return nan
    own = [(when, order, p) for order, (s, when, p) in enumerate(parts) if s == series and when <= time]
    return max(own)[2] if own else nan


@given(record_parts, st.lists(st.one_of(st.just(inf), st.integers(-1, 12)), min_size=4, max_size=4))
@settings(deadline=None)
def test_intervals_are_the_definition_taken_instant_by_instant(parts, known):
    times, probability = [part[1] for part in parts], [part[2] for part in parts]
    record = standing(
        times,
        probability,
        opens=np.zeros(4),
        closes=np.full(4, 10),
        known=known,
        series=np.array([part[0] for part in parts], dtype=int),
    )

    for time in np.arange(-2, 14, 0.5):
        expected = [slow_standing(parts, series, time, known[series]) for series in range(4)]
        assert np.array_equal(spot(record, time), expected, equal_nan=True)
    # whole-number times: sampling the middle of each unit integrates exactly
    middles = np.arange(0.5, 10)
    for series in range(4):
        p = np.array([slow_standing(parts, series, time, known[series]) for time in middles])
        stood = ~np.isnan(p)
        assert record.coverage[series] == pytest.approx(stood.mean(), abs=1e-12)
        assert time_skill(record, np.ones(4))[series] == pytest.approx(
            np.sum(0.25 - (p[stood] - 1) ** 2) / 10, abs=1e-12
        )


@given(record_parts, record_parts)
@settings(deadline=None)
def test_skill_against_another_record_is_antisymmetric_and_the_grid_sum(ours, theirs):
    def build(parts):
        return standing(
            [part[1] for part in parts],
            [part[2] for part in parts],
            opens=np.zeros(4),
            closes=np.full(4, 10),
            series=np.array([part[0] for part in parts], dtype=int),
        )

    one, two, outcome = build(ours), build(theirs), np.array([1, 0, 0.3, 1])

    skill = time_skill(one, outcome, reference=two)

    assert skill == pytest.approx(-time_skill(two, outcome, reference=one), abs=1e-12)
    for series in range(4):
        total = 0.0
        for time in np.arange(0.5, 10):
            p, q = slow_standing(ours, series, time, inf), slow_standing(theirs, series, time, inf)
            if not np.isnan(p + q):
                total += brier(q, outcome[series]) - brier(p, outcome[series])
        assert skill[series] == pytest.approx(total / 10, abs=1e-12)


@given(
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 9.9), st.floats(0, 1)), min_size=1, max_size=4),
    st.sampled_from([0.0, 1.0, 0.3]),
    st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_the_constant_hazard_is_integrated_exactly(p0, forecasts, outcome, survival):
    record = standing([t for t, _ in forecasts], [p for _, p in forecasts], known=9.95, **WINDOW)
    reference = ConstantHazard(p0, survival=survival)

    ours = time_skill(record, outcome, reference=reference)

    slow = 0.0
    for start, end, p in intervals(record):

        def saved(time: float, p: float = p) -> float:
            return (reference.at(time, opens=0, closes=10) - outcome) ** 2 - (p - outcome) ** 2

        slow += quad(saved, start, end, limit=200, epsabs=1e-11, epsrel=1e-11)[0] / 10
    assert ours == pytest.approx(slow, abs=1e-7)


def test_a_hazard_for_each_series():
    record = standing([0, 0], [0.5, 0.5], opens=[0, 0], closes=[4, 8], series=[0, 1])

    together = time_skill(record, [1, 0], reference=ConstantHazard(np.array([0.2, 0.9])))

    for series, (p0, closes, outcome) in enumerate([(0.2, 4, 1), (0.9, 8, 0)]):
        alone = time_skill(standing([0], [0.5], opens=0, closes=closes), outcome, reference=ConstantHazard(p0))
        assert together[series] == pytest.approx(alone, abs=1e-15)


# --- size and doors --------------------


def test_a_million_forecasts_are_no_other_code_than_four():
    rng = np.random.default_rng(1)
    n, count = 1_000_000, 50_000
    series = np.sort(rng.integers(0, count, n))
    times, probability = rng.random(n) * 10, rng.random(n)
    outcome = rng.integers(0, 2, count)
    record = standing(times, probability, opens=np.zeros(count), closes=np.full(count, 10.0), series=series)

    skills = time_skill(record, outcome)

    for one in (0, 17, count - 1):
        mine = series == one
        alone = standing(times[mine], probability[mine], opens=0, closes=10)
        assert time_skill(alone, outcome[one]) == pytest.approx(skills[one], abs=1e-12)
    assert abs(mean_score(skills)) < 0.15


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"times": [nan, 2]}, "time nan at index 0 is not finite"),
        ({"times": [1]}, r"time has shape \(1,\), probability has shape \(2,\)"),
        ({"probability": [0.5, 1.5]}, "probability 1.5 at index 1"),
        ({"closes": 0}, "opens 0.0 is not before closes"),
        ({"known": nan}, "use infinity"),
        ({"opens": [0, 0]}, "2 windows but no series"),
        ({"series": [0.0, 1.0]}, "series holds 0.0; give whole numbers"),
        ({"series": [0]}, "for 2 forecasts"),
        ({"series": [0, 5], "opens": [0, 0]}, "series 5 at index 1 has no window; there are 2"),
        ({"opens": [[0, 0]]}, "one value for each series"),
        ({"opens": [0, 0], "closes": [1, 1, 1], "series": [0, 1]}, r"opens has shape \(2,\), closes \(3,\)"),
        ({"opens": [0, 9], "closes": [5, 5], "series": [0, 1]}, "opens 9.0 at index 1 is not before closes"),
        ({"series": [0, -1]}, "series -1 at index 1 is not counted from 0"),
        ({"series": [0, 2], "opens": [0, 0]}, "series 2 at index 1 has no window; there are 2"),
        ({"series": ["a", "b"]}, "series holds 'a'"),
        ({"series": [True, False]}, "series holds True"),
        ({"known": np.datetime64("2026-01-01")}, "date or duration"),
        ({"known": "soon"}, "known 'soon' is not a number"),
        ({"times": np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]")}, "datetime64"),
    ],
)
def test_wrong_records_are_refused(change, message):
    right = {"times": [1, 2], "probability": [0.4, 0.6], "opens": 0, "closes": 10}
    wrong = right | change

    with pytest.raises(ValueError, match=message):
        standing(wrong.pop("times"), wrong.pop("probability"), **wrong)


def test_scores_refuse_what_does_not_fit_the_record():
    other = standing([1], [0.4], opens=0, closes=11)
    both = standing([1, 1], [0.4, 0.5], opens=[0, 0], closes=[10, 11], series=[0, 1])

    with pytest.raises(ValueError, match="different windows"):
        time_skill(EARLY, 1, reference=other)
    with pytest.raises(ValueError, match="for 1 series"):
        time_brier(EARLY, [1, 0])
    with pytest.raises(ValueError, match="one claim at a time"):
        timeline(both)
