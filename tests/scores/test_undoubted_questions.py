"""What was hardly in doubt, held against asking each yes/no question of every forecast again."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.curves import curves
from forecasts.day_chances import chances_by_days
from forecasts.share_scores import shares
from forecasts.undoubted import (
    OUTER,
    SURE,
    undoubted_answers,
    undoubted_cuts,
    undoubted_days,
    undoubted_options,
    undoubted_range,
)

CLAIM = np.array([0, 0, 0, 2, 2, 5])


def sure(chances: np.ndarray, least: float) -> np.ndarray:
    """Tell of each question whether all forecasts, a row each, are sure of the same answer."""
    return (chances <= least + 1e-9).all(axis=0) | (chances >= 1 - least - 1e-9).all(axis=0)


def said(rng: np.random.Generator, options: int) -> np.ndarray:
    drawn = rng.dirichlet(np.full(options, 0.15), CLAIM.size)
    return np.round(drawn, 2)[:, :-1].clip(0) / max(1, np.round(drawn, 2)[:, :-1].sum(axis=1).max())


@pytest.mark.parametrize("seed", range(8))
def test_answers_options_and_cuts_are_asked_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    listed = said(rng, 7)
    listed = np.column_stack([listed, 1 - listed.sum(axis=1)])
    batch, of_claim = shares(listed.tolist()), [np.flatnonzero(claim == CLAIM) for claim in (0, 2, 5)]

    options, cuts = undoubted_options(batch, CLAIM), undoubted_cuts(batch, CLAIM)
    answers = undoubted_answers(listed[:, 0], CLAIM)

    assert options.claim.tolist() == cuts.claim.tolist() == answers.claim.tolist() == [0, 2, 5]
    assert options.questions.tolist() == [sure(listed[of], SURE).sum() for of in of_claim]
    assert answers.questions.tolist() == [sure(listed[of, :1], SURE).sum() for of in of_claim]
    at_most = np.cumsum(listed, axis=1)[:, :-1]
    outside = [np.flatnonzero(~sure(at_most[of], OUTER)) for of in of_claim]
    assert cuts.questions.tolist() == [6 - (at.max() - at.min() + 1 if at.size else 0) for at in outside]
    assert (options.asked[0], cuts.asked[0], answers.asked[0]) == (7, 6, 1)


@pytest.mark.parametrize("seed", range(8))
def test_days_and_values_are_asked_one_by_one(seed: int) -> None:
    rng, days = np.random.default_rng(seed), 400
    points = [
        [*zip(np.sort(rng.choice(np.arange(1, days), 3, replace=False)), np.sort(rng.random(3)).round(2), strict=True)]
        for _ in CLAIM
    ]
    drawn = curves([[*curve, (days, 1.0)] for curve in points])
    chances = chances_by_days(drawn, days=days)[0].reshape(CLAIM.size, days)
    passed = rng.integers(0, 50, CLAIM.size).astype(float)

    by_day = undoubted_days(drawn, CLAIM, days=np.full(CLAIM.size, float(days)), passed=passed)
    in_range = undoubted_range(drawn, CLAIM, low=np.zeros(CLAIM.size), high=np.full(CLAIM.size, float(days)))

    for place, claim in enumerate((0, 2, 5)):
        of = np.flatnonzero(claim == CLAIM)
        begins = min(max((chances[row] <= OUTER).sum(), passed[row]) for row in of)
        ends = max(max((chances[row] < 1 - OUTER).sum(), passed[row]) for row in of)
        assert by_day.asked[place] == days - passed[of].min()
        assert by_day.questions[place] == by_day.asked[place] - (ends - begins)
        above, below = ((chances[of] < 1 - OUTER).sum(axis=1).max(), (chances[of] <= OUTER).sum(axis=1).min())
        assert in_range.questions[place] * days == pytest.approx(days - (above - below), abs=2)


def test_who_are_sure_of_the_opposite_leave_everything_between_them_open() -> None:
    early, late = [(1, 1.0), (100, 1.0)], [(99, 0.0), (100, 1.0)]
    window = np.full(2, 100.0)

    assert undoubted_answers(np.array([0.001, 0.999]), np.array([0, 0])).questions.tolist() == [0]
    assert undoubted_cuts(shares([[1, 0, 0], [0, 0, 1]]), np.array([0, 0])).questions.tolist() == [0]
    apart = undoubted_days(curves([early, late]), np.array([0, 0]), days=window, passed=np.zeros(2))
    assert apart.questions.tolist() == [1]
