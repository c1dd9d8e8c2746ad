"""The kernel scores every type of claim by the yes/no questions that it comes down to."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.choices import Choice, Ordered
from forecasts.curves import curves
from forecasts.dates import Date
from forecasts.kernel import Claims, Rows, batches
from forecasts.mixed import Mixed
from forecasts.numbers import Number
from forecasts.questions import YES_NO
from forecasts.share_scores import shares

EXACT = 1e-12


def kernel(rows, claims, scoring):
    """The only block of series: rows are (claim, forecaster, time, said), claims (opens, closes, limit, outcome)."""
    claim, forecaster, time, said = (np.array(column) for column in zip(*rows, strict=True))
    columns = Rows(
        claim.astype(np.int32), forecaster.astype(np.int32), time, said.astype(float), np.zeros(claim.size, "u1")
    )
    of_claims = [np.array(column, dtype=float) for column in zip(*claims, strict=True)]
    (series,) = batches(columns, Claims(*of_claims, np.zeros(len(claims))), scoring=scoring)
    return series


def dates(points, *, days, last=None, passed=None, closes=None):
    """The scoring of date claims of so many days, which open at 0, in days; to the end unless they close before."""
    window = np.array(days, dtype=float)
    said = curves(points)
    over = np.zeros(said.size.size) if passed is None else np.array(passed, dtype=float)
    closes, last = (np.array(days if column is None else column, dtype=float) for column in (closes, last))
    return Date(said, over, window, last, np.zeros(window.size), np.zeros(window.size), closes, 1.0)


@pytest.mark.parametrize("seed", range(30))
def test_a_date_over_time_is_the_mean_of_its_yes_no_claims_by_each_day_weighted_by_length(seed):
    random = np.random.default_rng(seed)
    days = int(random.integers(1, 9))
    event = int(random.integers(1, days + 2))
    made = np.sort(random.random(3) * days)
    curve = [np.maximum.accumulate(random.random(days)) for _ in made]
    closes = days * (random.random() if seed % 2 else 1)
    limit, ends = min(event, closes), np.minimum(np.arange(1, days + 1), closes)
    points = [[(day + 1, chance) for day, chance in enumerate(each)] for each in curve]
    law = dates(points, days=[days], last=[event], closes=[closes])

    series = kernel([(0, 0, time, place) for place, time in enumerate(made)], [(0, closes, limit, event)], law)

    by_day = kernel(
        [(day, 0, time, each[day]) for day in range(days) for time, each in zip(made, curve, strict=True)],
        [(0, ends[day], min(limit, day + 1), float(day + 1 >= event)) for day in range(days)],
        YES_NO,
    )
    own_reference = np.arange(1, days + 1) / (
        2 * days
    )  # the date's "knows nothing" rises evenly; a claim's is one half
    saved = 0.0
    for day, line, reference in zip(range(days), np.nan_to_num(by_day.saved), own_reference, strict=True):
        outcome, stood = float(day + 1 >= event), by_day.share[day] * ends[day]
        saved += line * ends[day] + ((reference - outcome) ** 2 - (0.5 - outcome) ** 2) * stood
    expected = saved / ends.sum() if by_day.share.any() else np.nan
    assert series.saved == pytest.approx([expected], abs=EXACT, nan_ok=True)


def test_the_first_score_of_a_date_is_the_mean_over_the_days_to_come():
    law = dates([[(1, 0.2), (3, 0.5), (4, 0.9)]], days=[4], last=[3], passed=[2])

    loss = law.losses(np.zeros(1), np.array([3.0]), np.array([0]))

    assert loss == pytest.approx([((0.5 - 1) ** 2 + (0.9 - 1) ** 2) / 2])


def test_claims_of_all_types_are_scored_side_by_side_as_each_alone():
    here = np.array([0, 0, 0, 0, 0])
    lab = Choice(shares([[0.5, 0.3, 0.2]]), here + 3)
    size = Ordered(shares([[0.1, 0.2, 0.7]]), here + 3)
    sold = Number(curves([[(1, 0.2), (3, 0.8)]]), here + 0.0, here + 4.0, here > 0)
    law = dates([[(2, 0.2), (4, 0.6)]], days=here + 4, last=here + 3)
    alone = [YES_NO, lab, size, sold, law]
    outcomes = [1.0, 0.0, 2.0, 2.5, 3.0]
    said = [0.7, 0.0, 0.0, 0.0, 0.0]
    rows = [(number, 0, 0.5, value) for number, value in enumerate(said)]
    claims = [(0, 4, 3, outcome) for outcome in outcomes]

    together = kernel(rows, claims, Mixed(np.arange(5), alone))

    numbers, came_out, claim = np.array(said), np.array(outcomes), np.arange(5)
    mixed = Mixed(np.arange(5), alone)
    for number, scoring in enumerate(alone):
        (one,) = (kernel([(0, 0, 0.5, said[number])], [claims[number]], scoring).saved,)
        assert together.saved[number] == pytest.approx(one[0], abs=EXACT)
        of = slice(number, number + 1)
        for name, arguments in {
            "losses": (numbers, came_out, claim),
            "log_losses": (numbers, came_out, claim),
            "reference_losses": (came_out, claim),
            "spread": (claim,),
        }.items():
            whole = getattr(mixed, name)(*arguments)[of]
            part = getattr(scoring, name)(*(column[of] for column in arguments))
            assert np.allclose(whole, part, equal_nan=True), (name, number)
        least, most = mixed.possible_losses(numbers, claim)
        loss = mixed.losses(numbers, came_out, claim)
        assert least[number] - EXACT <= loss[number] <= most[number] + EXACT
    assert not mixed.steady
    assert Mixed(np.zeros(5, np.intp), [YES_NO]).steady


def test_what_is_withdrawn_or_open_has_no_loss():
    lab = Choice(shares([[0.5, 0.3, 0.2]]), np.array([3]))

    loss = lab.losses(np.array([np.nan, 0.0, 0.0]), np.array([1.0, np.nan, 1.0]), np.zeros(3, np.intp))
    least, most = lab.possible_losses(np.array([np.nan, 0.0]), np.zeros(2, np.intp))

    assert np.isnan(loss).tolist() == [True, True, False]
    assert np.isnan([least[0], most[0]]).all()
    assert (least[1], most[1]) == pytest.approx((0.19, 0.49))


def test_a_log_axis_scores_the_logarithm_and_a_value_without_one_as_the_low_end():
    axis = np.log([1.0, 10.0, 100.0])
    sold = Number(
        curves([[(axis[0], 0.1), (axis[1], 0.5), (axis[2], 0.9)]] * 3),
        np.zeros(1), np.array([axis[2]]), np.array([True]),
    )  # fmt: skip

    loss = sold.losses(np.arange(3.0), np.array([10.0, -5.0, 1.0]), np.zeros(3, np.intp))
    plain = Number(curves([[(0, 0.1), (1, 0.5), (2, 0.9)]]), np.zeros(1), np.full(1, 2.0), np.array([False]))

    assert loss[0] == pytest.approx(plain.losses(np.zeros(1), np.ones(1), np.zeros(1, np.intp))[0], abs=EXACT)
    assert loss[1] == pytest.approx(loss[2], abs=EXACT)


def test_the_questions_behind_a_distribution_weigh_as_one():
    lab = Choice(shares([[0.5, 0.3, 0.2]]), np.array([3]))
    law = dates([[(2, 0.2), (4, 0.6)]], days=[4], last=[3])
    zero = np.zeros(1, np.intp)

    options = lab.questions(np.zeros(1), np.array([1.0]), zero)
    by_day = law.questions(np.zeros(1), np.array([3.0]), zero)
    all_of_them = Mixed(np.zeros(1, np.intp), [lab]).questions(np.zeros(2), np.array([1.0, 2.0]), np.zeros(2, np.intp))

    assert (options.chance.tolist(), options.outcome.tolist()) == ([0.5, 0.3, 0.2], [0.0, 1.0, 0.0])
    assert (by_day.chance.tolist(), by_day.outcome.tolist()) == ([0.2, 0.6], [0.0, 1.0])
    assert options.weight.sum() == pytest.approx(1)
    assert all_of_them.chance.size == 6


def test_what_is_saved_evenly_is_the_difference_times_the_length():
    one, outcome = np.array([0.8]), np.array([1.0])

    two_options = Choice(shares([[0.2, 0.8]]), np.array([2]))

    saved = two_options.saved(np.zeros(1), outcome, np.zeros(1, np.intp), np.array([1.0]), np.array([3.0]))

    assert saved == pytest.approx([(0.25 - 0.04) * 2])
    assert YES_NO.saved(one, outcome, np.zeros(1, np.intp), np.array([1.0]), np.array([3.0])) == pytest.approx(saved)
    assert YES_NO.spread(np.zeros(2, np.intp)).tolist() == [0.25, 0.25]
