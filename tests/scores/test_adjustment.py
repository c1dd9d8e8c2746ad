"""Difficulty adjustment against the ForecastBench panel, least squares and cases worked by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.adjustment import adjust_for_difficulty
from forecasts.platforms import forecastbench_index

PANEL = json.loads((Path(__file__).parents[1] / "vectors" / "19_forecastbench_difficulty_adjusted.json").read_text())


def columns(rows):
    forecaster, claim, loss = zip(*rows, strict=True)
    return loss, forecaster, claim


def test_the_forecastbench_panel_is_reproduced():
    result = adjust_for_difficulty(*columns(PANEL["rows"]))

    expected = PANEL["pyfixest_adjusted_mean_by_forecaster"]
    ours = np.array([result.adjusted[name] for name in expected])
    theirs = np.array(list(expected.values()))
    # both are fixed up to a constant only
    assert ours - ours.mean() == pytest.approx(theirs - theirs.mean(), abs=PANEL["tolerance"])
    claims = PANEL["pyfixest_question_fe_first5"]
    ours = np.array([result.difficulty[name] for name in claims])
    theirs = np.array(list(claims.values()))
    # pyfixest stops iterating a little earlier for single claims; least squares below has no such gap
    assert ours - ours.mean() == pytest.approx(theirs - theirs.mean(), abs=1e-5)


def test_the_anchor_keeps_its_raw_mean():
    rows = PANEL["rows"] + [["always half", f"q{k}", 0.25] for k in range(1, 51)]

    result = adjust_for_difficulty(*columns(rows), anchor="always half")

    assert result.adjusted["always half"] == pytest.approx(0.25)
    assert forecastbench_index(result.adjusted["always half"]) == pytest.approx(PANEL["brier_index_check"]["index"])


@pytest.mark.parametrize("row", PANEL["published_top12"], ids=lambda row: row["model"])
def test_the_published_indices_follow_from_the_published_scores(row):
    # one Brier score in the third digit moves the index by about 0.15
    assert forecastbench_index(row["brier_dataset"]) == pytest.approx(row["index_dataset"], abs=0.15)
    assert forecastbench_index(row["brier_market"]) == pytest.approx(row["index_market"], abs=0.2)


def test_everyone_on_every_claim_needs_no_adjustment():
    loss = [[0.1, 0.4, 0.3], [0.2, 0.0, 0.9]]
    rows = [(name, k, loss[i][k]) for i, name in enumerate("ab") for k in range(3)]

    result = adjust_for_difficulty(*columns(rows))

    assert result.adjusted["a"] == pytest.approx(np.mean(loss[0]))
    assert result.adjusted["b"] == pytest.approx(np.mean(loss[1]))


def test_the_anchor_keeps_its_raw_mean_whatever_that_is():
    rows = [("a", 1, 0.1), ("a", 2, 0.7), ("b", 1, 0.3), ("b", 2, 0.5), ("b", 3, 0.8), ("c", 3, 0.2)]

    result = adjust_for_difficulty(*columns(rows), anchor="a")

    free = adjust_for_difficulty(*columns(rows))
    assert result.adjusted["a"] == pytest.approx(0.4)
    assert result.adjusted["c"] - result.adjusted["a"] == pytest.approx(free.adjusted["c"] - free.adjusted["a"])


def test_who_took_the_hard_claims_is_not_punished():
    random = np.random.default_rng(7)
    difficulty = random.uniform(0, 0.5, 60)
    skill = {"plain": 0.0, "good": -0.05, "daring": -0.10}
    takes = {"plain": range(60), "good": range(0, 60, 2), "daring": np.argsort(difficulty)[-20:]}
    rows = [
        (name, int(k), 0.3 + difficulty[k] + skill[name] + random.normal(0, 0.01))
        for name in skill
        for k in takes[name]
    ]

    result = adjust_for_difficulty(*columns(rows))

    raw = {name: np.mean([r[2] for r in rows if r[0] == name]) for name in skill}
    assert raw["daring"] > raw["plain"]
    assert result.adjusted["daring"] - result.adjusted["plain"] == pytest.approx(-0.10, abs=0.02)
    assert result.adjusted["good"] - result.adjusted["plain"] == pytest.approx(-0.05, abs=0.02)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 5), st.floats(0, 1)),
        min_size=1,
        max_size=40,
        unique_by=lambda row: row[:2],
    )
)
def test_the_answer_is_that_of_least_squares_or_a_refusal(rows):
    loss, forecaster, claim = columns(rows)
    design = np.zeros((len(rows), 11))
    design[np.arange(len(rows)), forecaster] = 1
    design[np.arange(len(rows)), 5 + np.array(claim)] = 1
    people, claims = len(set(forecaster)), len(set(claim))
    # a connected graph has one solution up to a constant: one dimension is missing, and no more
    connected = np.linalg.matrix_rank(design) == people + claims - 1

    if not connected:
        with pytest.raises(ValueError, match="share no claim"):
            adjust_for_difficulty(loss, forecaster, claim)
        return
    result = adjust_for_difficulty(loss, forecaster, claim)

    solution = np.linalg.lstsq(design, np.array(loss), rcond=None)[0]
    ours = np.array([result.adjusted[name] for name in sorted(set(forecaster))])
    theirs = solution[sorted(set(forecaster))]
    assert ours - ours.mean() == pytest.approx(theirs - theirs.mean(), abs=1e-8)
    fitted = [result.adjusted[f] + result.difficulty[c] for f, c in zip(forecaster, claim, strict=True)]
    assert fitted == pytest.approx(design @ solution, abs=1e-8)
    assert np.mean([result.adjusted[f] for f in forecaster]) == pytest.approx(np.mean(loss), abs=1e-9)


def test_forecasters_without_any_chain_of_shared_claims_are_refused():
    rows = [("a", 1, 0.1), ("b", 1, 0.2), ("c", 2, 0.3), ("d", 2, 0.1)]

    with pytest.raises(ValueError, match="'a' and 'c' share no claim"):
        adjust_for_difficulty(*columns(rows))

    bridged = adjust_for_difficulty(*columns([*rows, ("b", 2, 0.4)]))
    assert set(bridged.adjusted) == {"a", "b", "c", "d"}


def test_nothing_to_adjust_gives_none():
    assert adjust_for_difficulty([], [], []) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adjust_for_difficulty([0.1], ["a"], ["x", "y"]), "claims"),
        (lambda: adjust_for_difficulty([math.nan], ["a"], ["x"]), "nan"),
        (lambda: adjust_for_difficulty([0.1], ["a"], ["x"], anchor="b"), "anchor 'b'"),
        (lambda: forecastbench_index(-0.1), "-0.1"),
        (lambda: forecastbench_index(math.nan), "nan"),
    ],
)
def test_invalid_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
