"""What an open claim can still bring is the least and the most over all its outcomes and moments, tried one by one."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.choices import Choice, Ordered
from forecasts.curves import curves
from forecasts.distributions import Date, Number
from forecasts.questions import YES_NO, Mixed, Scoring
from forecasts.share_scores import shares

WINDOW = 8  # days
MOMENTS = np.linspace(0, WINDOW, 81)  # at which an answer may be known


def drawn_series(luck: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """When three forecasts stood, the second not up to the third."""
    first, second, gap, third = np.sort(luck.choice(np.arange(1, 10 * WINDOW), 4, replace=False)) / 10
    return np.array([first, second, third]), np.array([second, gap, float(WINDOW)])


def tried(scoring: Scoring, outcomes: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[float, float]:
    """The same by trying every outcome at every moment."""
    outcome, moment = (each.ravel() for each in np.meshgrid(outcomes, MOMENTS))
    sums = np.zeros(outcome.size)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        known = np.clip(moment, start, end)
        said, begun = np.full(outcome.size, float(number)), np.full(outcome.size, start)
        sums += scoring.saved(said, outcome, np.zeros(outcome.size, np.intp), begun, known)
    return sums.min(), sums.max()


def curve(luck: np.random.Generator, high: int) -> list[tuple[float, float]]:
    return list(zip(np.sort(luck.integers(0, high, 3)).tolist(), np.sort(luck.random(3)).tolist(), strict=True))


def options(luck: np.random.Generator, type_: type[Choice]) -> Choice:
    return type_(shares(luck.dirichlet(np.ones(4), 3).tolist()), np.array([4]))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("type_", [Choice, Ordered])
def test_of_options_every_one_at_every_moment(type_: type[Choice], seed: int) -> None:
    luck = np.random.default_rng(seed)
    scoring, (starts, ends) = options(luck, type_), drawn_series(luck)

    found = scoring.possible_savings(np.arange(3.0), np.zeros(3, np.intp), starts, ends)

    assert found == pytest.approx(tried(scoring, np.arange(4.0), starts, ends), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("log", [False, True])
def test_of_a_number_every_value_at_every_moment(log: bool, seed: int) -> None:
    luck = np.random.default_rng(seed)
    scoring = Number(curves([curve(luck, 11) for _ in range(3)]), np.zeros(1), np.full(1, 10.0), np.array([log]))
    starts, ends = drawn_series(luck)
    values = np.exp(np.linspace(0, 10, 401)) if log else np.linspace(0, 10, 401)

    least, most = scoring.possible_savings(np.arange(3.0), np.zeros(3, np.intp), starts, ends)

    tried_least, tried_most = tried(scoring, values, starts, ends)
    assert tried_least - 1e-3 < least <= tried_least + 1e-9
    assert tried_most - 1e-9 <= most < tried_most + 1e-3


@pytest.mark.parametrize("over", [0, 3])
@pytest.mark.parametrize("seed", range(8))
def test_of_a_date_every_day_to_come_and_never(seed: int, over: int) -> None:
    luck = np.random.default_rng(seed)
    said = curves([[*((1.0 + at // 2, chance) for at, chance in curve(luck, 12)), (8.0, 1.0)] for _ in range(3)])
    starts, ends = drawn_series(luck)

    def of(last: float) -> Date:
        fixed = (np.full(1, number) for number in (float(WINDOW), last, float(over), 0.0, float(WINDOW)))
        return Date(said, np.floor(starts), *fixed, 1.0)

    sums = []
    for day in range(over + 1, WINDOW + 2):
        known = np.clip(ends, starts, np.maximum(float(day), starts))
        outcome, claim = np.full(3, float(day)), np.zeros(3, np.intp)
        sums.append(of(float(day)).saved(np.arange(3.0), outcome, claim, starts, known).sum())

    found = of(WINDOW + 1.0).possible_savings(np.arange(3.0), np.zeros(3, np.intp), starts, ends)

    assert found == pytest.approx((min(sums), max(sums)), abs=1e-9)


def test_of_yes_and_no_both_at_every_moment_and_of_several_types_by_the_own_one() -> None:
    starts, ends = np.array([0.0, 2.0]), np.array([2.0, 4.0])
    said, claim = np.array([0.9, 0.2]), np.zeros(2, np.intp)

    least, most = YES_NO.possible_savings(said, claim, starts, ends)

    assert (least, most) == pytest.approx(((0.25 - 0.81) * 2, (0.25 - 0.01) * 2))  # no or yes, known after two days
    mixed = Mixed(np.array([1]), [options(np.random.default_rng(0), Choice), YES_NO])
    assert mixed.possible_savings(said, claim, starts, ends) == (least, most)
