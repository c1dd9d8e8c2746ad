"""What an open claim can still bring is the least and the most over all its outcomes and moments, tried one by one."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.choices import Choice, Ordered
from forecasts.curves import curves
from forecasts.dates import Date
from forecasts.mixed import Mixed
from forecasts.numbers import Number
from forecasts.possible_savings import Stays
from forecasts.questions import YES_NO, Scoring
from forecasts.share_scores import shares

WINDOW = 8  # days
MOMENTS = np.linspace(0, WINDOW, 81)  # at which an answer may be known


def drawn_series(luck: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """When three forecasts stood, the second not up to the third."""
    first, second, gap, third = np.sort(luck.choice(np.arange(1, 10 * WINDOW), 4, replace=False)) / 10
    return np.array([first, second, third]), np.array([second, gap, float(WINDOW)])


def stays(starts: np.ndarray, ends: np.ndarray, other: np.ndarray | None = None) -> Stays:
    """Three forecasts of one series, numbered in their order."""
    return Stays(np.arange(3.0), np.zeros(3, np.intp), starts, ends, np.zeros(3, np.intp), other)


def tried(scoring: Scoring, outcomes: np.ndarray, of: Stays) -> tuple[float, float]:
    """The same by trying every outcome at every moment, of the one series that there is."""
    outcome, moment = (each.ravel() for each in np.meshgrid(outcomes, MOMENTS))
    sums, claim = np.zeros(outcome.size), np.full(outcome.size, of.claim[0])
    for number, (start, end) in enumerate(zip(of.starts, of.ends, strict=True)):
        known, begun = np.clip(moment, start, end), np.full(outcome.size, start)
        sums += scoring.saved(np.full(outcome.size, of.forecast[number]), outcome, claim, begun, known)
        if of.other is not None:
            sums -= scoring.saved(np.full(outcome.size, of.other[number]), outcome, claim, begun, known)
    return sums.min(), sums.max()


def found(scoring: Scoring, of: Stays) -> tuple[float, float]:
    """What is found for the one series that there is."""
    least, most = scoring.possible_savings(of)
    return least.item(), most.item()


@pytest.fixture(params=[None, np.array([2.0, 0.0, 1.0])], ids=["nothing", "another"])
def other(request: pytest.FixtureRequest) -> np.ndarray | None:
    """What somebody else says in that time, if anybody."""
    return request.param


def curve(luck: np.random.Generator, high: int) -> list[tuple[float, float]]:
    return list(zip(np.sort(luck.integers(0, high, 3)).tolist(), np.sort(luck.random(3)).tolist(), strict=True))


def options(luck: np.random.Generator, type_: type[Choice]) -> Choice:
    return type_(shares(luck.dirichlet(np.ones(4), 3).tolist()), np.array([4]))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("type_", [Choice, Ordered])
def test_of_options_every_one_at_every_moment(type_: type[Choice], seed: int, other: np.ndarray | None) -> None:
    luck = np.random.default_rng(seed)
    scoring, of = options(luck, type_), stays(*drawn_series(luck), other)

    assert found(scoring, of) == pytest.approx(tried(scoring, np.arange(4.0), of), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("log", [False, True])
def test_of_a_number_every_value_at_every_moment(log: bool, seed: int, other: np.ndarray | None) -> None:
    luck = np.random.default_rng(seed)
    scoring = Number(curves([curve(luck, 11) for _ in range(3)]), np.zeros(1), np.full(1, 10.0), np.array([log]))
    of = stays(*drawn_series(luck), other)
    values = np.exp(np.linspace(0, 10, 401)) if log else np.linspace(0, 10, 401)

    least, most = found(scoring, of)

    tried_least, tried_most = tried(scoring, values, of)
    assert tried_least - 1e-3 < least <= tried_least + 1e-9
    assert tried_most - 1e-9 <= most < tried_most + 1e-3


@pytest.mark.parametrize("by_moment", [False, True])
@pytest.mark.parametrize("over", [0, 3])
@pytest.mark.parametrize("seed", range(8))
def test_of_a_date_every_day_to_come_and_never_known_at_every_moment_since(
    seed: int, over: int, by_moment: bool, other: np.ndarray | None
) -> None:
    luck = np.random.default_rng(seed)
    said = curves([[*((1.0 + at // 2, chance) for at, chance in curve(luck, 12)), (8.0, 1.0)] for _ in range(3)])
    starts, ends = drawn_series(luck)
    if not by_moment:
        starts, ends = np.array([1.0, 3.0, 6.0]), np.array([3.0, 5.0, 8.0])

    def of(last: float) -> Date:
        fixed = (np.full(1, number) for number in (float(WINDOW), last, float(over), 0.0, float(WINDOW)))
        return Date(said, np.floor(starts), *fixed, 1.0, np.array([by_moment]))

    sums, moments = [], MOMENTS if by_moment else np.arange(WINDOW + 1.0)
    for day in range(over + 1, WINDOW + 2):
        earliest = over if day > WINDOW else day - by_moment
        for moment in moments[moments >= earliest].tolist():
            known = np.clip(moment, starts, ends)
            outcome, claim = np.full(3, float(day)), np.zeros(3, np.intp)
            saved = of(float(day)).saved(np.arange(3.0), outcome, claim, starts, known).sum()
            beside = 0.0 if other is None else of(float(day)).saved(other, outcome, claim, starts, known).sum()
            sums.append(saved - beside)

    assert found(of(WINDOW + 1.0), stays(starts, ends, other)) == pytest.approx((min(sums), max(sums)), abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("type_", ["yes-no", "choice", "ordered", "number", "log", "date"])
def test_no_outcome_known_after_the_window_saves_less_than_the_worst(type_: str, seed: int) -> None:
    luck = np.random.default_rng(seed)
    of = stays(*drawn_series(luck))
    scoring, outcomes = one_of(type_, luck)
    if type_ == "yes-no":
        of = of._replace(forecast=luck.random(3))
    claim = np.zeros(3, np.intp)

    def saved(outcome: float) -> float:
        return float(scoring.saved(of.forecast, np.full(3, outcome), claim, of.starts, of.ends).sum())

    [worst], [best] = (scoring.worst_outcomes(of, for_another=other) for other in (False, True))

    least, most = (end(map(saved, outcomes.tolist())) for end in (min, max))
    assert least - 1e-3 < saved(worst) <= least + 1e-9
    assert most - 1e-9 <= saved(best) < most + 1e-3
    assert type_ in {"number", "log"} or {worst, best} <= set(outcomes.tolist())


def one_of(type_: str, luck: np.random.Generator) -> tuple[Scoring, np.ndarray]:
    """A claim of some type with three distributions, and its outcomes: of a number many."""
    if type_ in {"choice", "ordered"}:
        return options(luck, {"choice": Choice, "ordered": Ordered}[type_]), np.arange(4.0)
    if type_ in {"number", "log"}:
        values = np.linspace(0, 10, 401)
        drawn, log = curves([curve(luck, 11) for _ in range(3)]), type_ == "log"
        return Number(drawn, np.zeros(1), np.full(1, 10.0), np.array([log])), np.exp(values) if log else values
    said = curves([[*((1.0 + at // 2, chance) for at, chance in curve(luck, 12)), (8.0, 1.0)] for _ in range(3)])
    fixed = (np.full(1, number) for number in (float(WINDOW), WINDOW + 1.0, 0.0, 0.0, float(WINDOW)))
    return (Date(said, np.zeros(3), *fixed, 1.0) if type_ == "date" else YES_NO), (
        np.arange(1.0, WINDOW + 2) if type_ == "date" else np.array([0.0, 1.0])
    )


def test_of_yes_and_no_both_at_every_moment() -> None:
    of = Stays(np.array([0.9, 0.2]), *np.array([[0, 0], [0, 2], [2, 4], [0, 0]]))

    assert found(YES_NO, of) == pytest.approx(((0.25 - 0.81) * 2, (0.25 - 0.01) * 2))  # no or yes, known after two days


def test_series_of_several_types_are_bounded_together_as_each_alone() -> None:
    luck = np.random.default_rng(4)
    claim = np.repeat([0, 1, 2, 1, 3, 0], [3, 1, 2, 3, 2, 1])  # a claim of each type, on some of which two speak
    series = np.repeat(np.arange(6), [3, 1, 2, 3, 2, 1])
    starts = np.concatenate([np.arange(count) for count in np.bincount(series)]).astype(float)
    said = np.where(claim == 0, luck.random(12), np.arange(12) % 3)
    number = Number(curves([curve(luck, 11) for _ in range(3)]), np.zeros(4), np.full(4, 10.0), np.zeros(4, bool))
    drawn = curves([[(2, 0.2), (8, 0.7)], [(1, 0.5), (8, 0.6)], [(8, 0.9)]])
    fixed = (np.full(4, value) for value in (8.0, 9.0, 2.0, 0.0, 8.0))
    scorings = [
        YES_NO,
        Choice(options(luck, Choice).shares, np.full(4, 4)),
        number,
        Date(drawn, np.zeros(3), *fixed, 1.0),
    ]
    mixed, of = Mixed(np.arange(4), scorings), Stays(said, claim, starts, starts + 1, series)

    least, most = mixed.possible_savings(of)

    for one in range(6):
        alone = of.part(series == one)
        alone = alone._replace(series=np.zeros(alone.series.size, np.intp))
        assert found(scorings[alone.claim[0]], alone) == pytest.approx((least[one], most[one]), abs=1e-12)
