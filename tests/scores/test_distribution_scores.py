"""Scores of choices, numbers and dates: worked examples, plain re-implementations, other libraries, properness."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from scores.probability import crps_cdf as scores_crps_cdf
from xarray import DataArray

from forecasts import brier, brier_multi, crps_cdf, rps
from forecasts.curves import Curves, curves
from forecasts.date_scores import (
    date_bounds,
    date_losses,
    date_losses_over_time,
    date_reference,
)
from forecasts.date_spreads import date_spread, date_spread_over_time
from forecasts.number_scores import NUMBER_SPREAD, number_bounds, number_losses, number_reference
from forecasts.share_scores import (
    choice_bounds,
    choice_log_losses,
    choice_losses,
    choice_spread,
    ordered_bounds,
    ordered_losses,
    ordered_reference,
    ordered_spread,
    shares,
)

EXACT = 1e-12
DIGITS = 6e-7  # worked examples have six digits


# -- worked examples, each by hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "losses"),
    [
        (
            [(2, 0.1), (4, 0.5), (7, 0.9)],
            {4.2: 0.053867, 0: 0.313333, -3: 0.313333, 10: 0.443333, 12: 0.443333, 2: 0.133333},
        ),
        ([(0, 0.0), (10, 1.0)], {0: 0.333333, 4.2: 0.089733, 5: 0.083333}),
        ([(0, 0.05), (4, 0.5), (10, 0.8)], {-1: 0.295, 0: 0.295, 4.2: 0.1152, 10: 0.295, 11: 0.295}),
    ],
)
def test_numbers_worked_by_hand(points, losses):
    said = curves([points] * len(losses))

    assert number_losses(said, list(losses), low=0, high=10) == pytest.approx(list(losses.values()), abs=DIGITS)


def test_choices_worked_by_hand():
    said, half = shares([[0.5, 0.3, 0.2]] * 3), shares([[0.5, 0.5, 0.0]])

    assert choice_losses(said, [0, 1, 2]) == pytest.approx([0.19, 0.39, 0.49], abs=EXACT)
    assert choice_log_losses(said, [0, 1, 2]) == pytest.approx([0.693147, 1.203973, 1.609438], abs=DIGITS)
    assert ordered_losses(said, [0, 1, 2]) == pytest.approx([0.145, 0.145, 0.445], abs=EXACT)
    assert ordered_reference(3, [0, 1, 2]) == pytest.approx([0.277778, 0.111111, 0.277778], abs=DIGITS)
    assert choice_losses(half, [0]) == pytest.approx([0.25])
    assert choice_spread(3) == pytest.approx(1 / 3)


def test_dates_worked_by_hand():
    said, events = curves([[(181, 0.3), (365, 0.5)]] * 6), [366, 1, 100, 181, 182, 365]
    four, days = curves([[(2, 0.2), (4, 0.6)]] * 5), [1, 2, 3, 4, 5]

    assert date_losses(said, events, days=365) == pytest.approx(
        [0.097557, 0.544133, 0.317856, 0.198927, 0.197831, 0.097557], abs=DIGITS
    )
    assert date_losses(date_reference([365] * 6), events, days=365) == pytest.approx(
        [0.083676, 0.582306, 0.348229, 0.211430, 0.210049, 0.083676], abs=DIGITS
    )
    assert date_losses(four, days, days=4) == pytest.approx([0.4925, 0.2925, 0.1425, 0.0925, 0.1425], abs=EXACT)
    assert date_losses(date_reference([4] * 5), days, days=4) == pytest.approx(
        [0.492188, 0.304688, 0.179688, 0.117188, 0.117188], abs=DIGITS
    )
    assert date_losses(curves([[(1, 0.3)]] * 2), [1, 2], days=1) == pytest.approx([0.49, 0.09], abs=EXACT)
    assert date_spread([1, 2, 4, 365]) == pytest.approx([0.25, 0.21875, 0.195313, 0.167009], abs=DIGITS)


@pytest.mark.parametrize(
    ("event", "end", "losses", "reference", "untouched"),
    [(3, 3, (0.057, 0.149), 0.20625, 0.165), (5, 4, (0.057, 0.094), 0.15625, 0.201)],
)
def test_dates_over_time_worked_by_hand(event, end, losses, reference, untouched):
    said = curves([[(2, 0.2), (4, 0.6)], [(2, 0.1), (4, 0.5)]])

    found = date_losses_over_time(said, event, days=4, start=[0, 1], end=[1, end])
    nothing = date_losses_over_time(date_reference([4]), event, days=4, start=0, end=end)
    alone = date_losses_over_time(curves([[(2, 0.2), (4, 0.6)]]), event, days=4, start=0, end=end)

    assert found == pytest.approx(losses, abs=EXACT)
    assert nothing == pytest.approx([reference], abs=EXACT)
    assert alone == pytest.approx([untouched], abs=EXACT)


# -- what "knows nothing" expects to lose ------------------------------------------------------------------------------


def test_spreads_are_the_reference_by_its_own_lights():
    places = (np.arange(100_000) + 0.5) / 10_000
    assert number_reference(places, low=0, high=10).mean() == pytest.approx(NUMBER_SPREAD, abs=1e-9)
    for count in range(2, 8):
        assert ordered_reference(count, np.arange(count)).mean() == pytest.approx(ordered_spread(count).item())
    for window in (1, 2, 5, 30):
        events = np.arange(1, window + 2)
        chance = np.append(np.full(window, 0.5 / window), 0.5)
        nothing = date_reference([window] * events.size)
        at_once = date_losses(nothing, events, days=window)
        assert chance @ at_once == pytest.approx(date_spread(window).item())
        for closes in (window, 0.7 * window):
            stood = {"start": 0, "end": closes, "closes": closes}
            over_time = date_losses_over_time(nothing, events, days=window, **stood)
            assert chance @ over_time == pytest.approx(date_spread_over_time(window, closes).item())


# -- the same, told again in plain Python ------------------------------------------------------------------------------


def drawn_curve(random, window):
    """Points of a curve over the days of a window, and the chance by the end of each day."""
    inner = np.sort(random.choice(np.arange(1, window), min(3, window - 1), replace=False))
    chances = np.sort(random.random(inner.size + 1))
    points = list(zip([*inner.tolist(), window], chances.tolist(), strict=True))
    return points, np.interp(np.arange(1, window + 1), [0, *inner, window], [0, *chances])


@pytest.mark.parametrize("seed", range(40))
def test_a_date_is_the_yes_no_claims_by_each_of_its_days(seed):
    random = np.random.default_rng(seed)
    window = int(random.integers(1, 13))
    points, chances = drawn_curve(random, window)
    first = int(random.integers(1, window + 2))
    last = int(random.integers(first, window + 1)) if first <= window else first
    by_day = np.clip((np.arange(1, window + 1) - first + 1) / (last - first + 1), 0, 1)
    passed = int(random.integers(0, window))
    start, end = np.sort(random.random(2) * window * 1.2)

    losses = brier(chances, by_day)
    stands = [max(min(day, end) - start, 0.0) for day in range(1, window + 1)]

    assert date_losses(curves([points]), first, last, days=window, passed=passed) == pytest.approx(
        [losses[passed:].mean()], abs=EXACT
    )
    assert date_losses_over_time(curves([points]), first, last, days=window, start=start, end=end) == pytest.approx(
        [losses @ stands / (window * (window + 1) / 2)], abs=EXACT
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_number_is_the_yes_no_claims_at_most_each_value(seed):
    random = np.random.default_rng(seed)
    places, chances = np.sort(random.integers(-2, 13, 5)), np.sort(random.random(5))
    outcome = float(random.uniform(-2, 12))
    grid = (np.arange(200_000) + 0.5) / 20_000
    knots = [(-99.0, 0.0)] if places[0] < 0 else [(0.0, 0.0)]
    xs = [*(x for x, _ in knots), *places, max(10.0, places[-1])]
    chance = np.interp(grid, xs, [0.0, *chances, 1.0])
    said = curves([list(zip(places.tolist(), chances.tolist(), strict=True))])

    found = number_losses(said, outcome, low=0, high=10)

    assert found == pytest.approx([brier(chance, (grid >= outcome).astype(float)).mean()], abs=2e-5)


def test_bounds_are_the_extremes_over_all_outcomes():
    random = np.random.default_rng(7)
    for _ in range(60):
        window = int(random.integers(1, 10))
        passed = int(random.integers(0, window))
        points, _ = drawn_curve(random, window)
        days = np.arange(passed + 1, window + 2)
        losses = date_losses(curves([points] * days.size), days, days=window, passed=passed)
        least, most = date_bounds(curves([points]), days=window, passed=passed)
        assert (least[0], most[0]) == pytest.approx((losses.min(), losses.max()), abs=EXACT)

        curve = list(zip(np.sort(random.integers(-2, 13, 4)).tolist(), np.sort(random.random(4)).tolist(), strict=True))
        values = np.linspace(0, 10, 401)
        losses = number_losses(curves([curve] * values.size), values, low=0, high=10)
        least, most = number_bounds(curves([curve]), low=0, high=10)
        assert most[0] == pytest.approx(losses.max(), abs=EXACT)
        assert losses.min() - 1e-3 < least[0] <= losses.min() + EXACT

        row = random.dirichlet(np.ones(random.integers(2, 7)))
        every, count = np.arange(row.size), row.size
        for bounds, score in ((choice_bounds, choice_losses), (ordered_bounds, ordered_losses)):
            losses = score(shares([row] * count), every)
            least, most = bounds(shares([row]))
            assert (least[0], most[0]) == pytest.approx((losses.min(), losses.max()), abs=EXACT)


# -- other scores and other libraries ----------------------------------------------------------------------------------


def test_two_options_are_one_question():
    chance = np.array([0.0, 0.2, 0.7, 1.0])
    said = shares(np.column_stack([1 - chance, chance]).tolist())

    assert choice_losses(said, [1, 0, 1, 1]) == pytest.approx(brier(chance, [1, 0, 1, 1]), abs=EXACT)
    assert ordered_losses(said, [1, 0, 1, 1]) == pytest.approx(brier(chance, [1, 0, 1, 1]), abs=EXACT)


def test_options_agree_with_the_scores_of_tables_and_with_another_library():
    random = np.random.default_rng(3)
    rows = [random.dirichlet(np.ones(count)) for count in random.integers(2, 7, 50)]
    happened = np.array([int(random.integers(row.size)) for row in rows])
    said = shares(rows)

    assert choice_losses(said, happened) == pytest.approx(list(map(brier_multi, rows, happened)), abs=EXACT)
    assert ordered_losses(said, happened) == pytest.approx(list(map(rps, rows, happened)), abs=EXACT)
    theirs = [
        scoringrules.rps_score(int(option) + 1, row) / (row.size - 1)
        for row, option in zip(rows, happened, strict=True)
    ]
    assert ordered_losses(said, happened) == pytest.approx(theirs, abs=EXACT)


@pytest.mark.filterwarnings("ignore:numba is not available")
def test_numbers_agree_with_the_crps_of_this_library_and_of_another():
    values, chances = [0.0, 2.0, 4.0, 7.0, 10.0], [0.0, 0.1, 0.5, 0.9, 1.0]
    for outcome in (0.0, 1.5, 4.2, 9.9):
        ours = number_losses(curves([list(zip(values, chances, strict=True))]), outcome, low=0, high=10)
        assert ours == pytest.approx([crps_cdf(chances, outcome, thresholds=values) / 10], abs=EXACT)
        curve = DataArray(chances, dims=["x"], coords={"x": values})
        theirs = scores_crps_cdf(curve, DataArray(outcome), threshold_dim="x", integration_method="exact").total
        assert ours == pytest.approx([float(theirs) / 10], abs=EXACT)


# -- properness: no distortion has a lower expectation -----------------------------------------------------------------


def distorted(chance, how):
    """A rising curve of chances, told otherwise than it is believed."""
    odds = np.log(chance) - np.log1p(-chance)
    changed = {"stretched": odds * 1.5, "shrunk": odds * 0.6, "shifted": odds + 0.4}[how]
    return 1 / (1 + np.exp(-changed))


@pytest.mark.parametrize("how", ["stretched", "shrunk", "shifted"])
def test_an_honest_distribution_expects_to_lose_least(how):
    window = 12
    believed = np.linspace(0.04, 0.7, window)
    chance_of_day = np.append(np.diff(believed, prepend=0.0), 1 - believed[-1])
    days = np.arange(1, window + 2)

    def expected(chance, losses):
        points = list(zip(range(1, window + 1), chance.tolist(), strict=True))
        return chance_of_day @ losses(curves([points] * days.size), days)

    for score in (
        lambda said, day: date_losses(said, day, days=window),
        lambda said, day: date_losses(said, day, days=window, passed=4),
        lambda said, day: date_losses_over_time(said, day, days=window, start=0, end=np.minimum(day, window)),
    ):
        assert expected(believed, score) < expected(distorted(believed, how), score)
    rows, told = chance_of_day, np.diff(distorted(believed, how), prepend=0.0, append=1.0)
    for losses in (choice_losses, ordered_losses):
        honest, other = (losses(shares([row] * days.size), days - 1) for row in (rows, told))
        assert rows @ honest < rows @ other


def test_an_honest_curve_of_a_number_expects_to_lose_least():
    places = np.linspace(0, 10, 41)
    believed = 1 / (1 + np.exp(-(places - 4)))
    drawn = np.interp((np.arange(4_000) + 0.5) / 4_000, np.concatenate([[0.0], believed, [1.0]]), [0.0, *places, 10.0])

    def expected(chance):
        said = Curves(np.tile(places, drawn.size), np.tile(chance, drawn.size), np.full(drawn.size, places.size))
        return number_losses(said, drawn, low=0, high=10).mean()

    for how in ("stretched", "shrunk", "shifted"):
        assert expected(believed) < expected(distorted(believed, how))


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: curves([[]]), "number of points 0 at index 0 is too few"),
        (lambda: curves([[(2, 0.5), (1, 0.6)]]), "value 1.0 at index 1 is below the one before it"),
        (lambda: curves([[(1, 0.5), (2, 0.4)]]), "chance 0.4 at index 1 is below the one before it"),
        (lambda: curves([[(1, 1.5)]]), "chance 1.5 at index 0 is not from 0 to 1"),
        (lambda: curves([[(float("nan"), 0.5)]]), "value nan at index 0 is not finite"),
        (lambda: number_losses(curves([[(1, 0.5)]]), 1, low=2, high=2), "high 2.0 at index 0 is not above low"),
        (lambda: number_losses(curves([[(1, 0.5)]]), [1, 2], low=0, high=2), "there are 1 curves"),
        (lambda: date_losses(curves([[(1, 0.5)]]), 1, days=2), "last day 1.0 at index 0 is not the last day of the"),
        (lambda: date_losses(curves([[(1.5, 0.1), (2, 0.5)]]), 1, days=2), "day 1.5 at index 0 is not whole"),
        (lambda: date_losses(curves([[(2, 0.5)]]), 0, days=2), "day of the event 0.0 at index 0 is not a whole number"),
        (lambda: date_losses(curves([[(2, 0.5)]]), 1, days=2, passed=2), "passed 2.0 at index 0 leaves no day to come"),
        (
            lambda: date_losses_over_time(curves([[(2, 0.5)]]), 1, days=2, start=1, end=0),
            "end 0.0 at index 0 is before its start",
        ),
        (lambda: shares([[1.0]]), "number of options 1 at index 0 is too few"),
        (lambda: shares([[0.5, 0.4]]), "sum of shares 0.9 at index 0 is not 1"),
        (lambda: choice_losses(shares([[0.5, 0.5]]), [2]), "outcome 2 at index 0 is not the number of an option"),
        (lambda: choice_losses(shares([[0.5, 0.5]]), [0.5]), "outcome must be 1 numbers of options"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        call()


def test_nothing_in_nothing_out():
    assert number_losses(curves([]), np.zeros(0), low=0, high=1).size == 0
    assert date_losses(curves([]), np.zeros(0), days=3).size == 0
    assert choice_losses(shares([]), np.zeros(0, int)).size == 0
    assert ordered_losses(shares([]), np.zeros(0, int)).size == 0
