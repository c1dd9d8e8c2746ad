"""Hostile use of what does not take a record: aggregates, quantities, references, comparisons, histories.

As in `test_hostile.py`: a result, None for nothing to score, or a ValueError; no other error and no warning.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from forecasts import aggregation, bins, calibration, comparison, platforms, quantities, reference, scores
from forecasts.sequential import by_settle_day, confidence_sequence, e_process
from forecasts.side_by_side import timeline
from forecasts.standing import standing
from forecasts.time_scores import first_forecast, last_forecast, spot, time_brier, time_skill

weird = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0, 0.5, -0.0, 5e-324, 1e-300, 1 - 2**-53]))
MOMENTS = st.floats(-20, 20).map(lambda time: round(time, 3))
SHAPES = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)

TAKES_ONE: dict[str, Callable[[object], object]] = {
    "mean": aggregation.mean,
    "median": aggregation.median,
    "trimmed_mean": aggregation.trimmed_mean,
    "geometric_mean_odds": partial(aggregation.geometric_mean_odds, clip=1e-3),
    "extremised": partial(aggregation.extremised, factor=2.5, clip=1e-12),
    "recency_weighted_median": aggregation.recency_weighted_median,
    "sharpness": calibration.sharpness,
    "histogram": bins.histogram,
    "belief_movement": calibration.belief_movement,
    "belief_movement to 1": partial(calibration.belief_movement, outcome=1),
    "leave_one_out": reference.leave_one_out,
    "mean_score": scores.mean_score,
    "paired_bootstrap": partial(comparison.paired_bootstrap, seed=1, resamples=5),
    "shrink_differences": lambda rows: comparison.shrink_differences([rows, rows, [0.1, 0.3]]),
    "confidence_sequence": confidence_sequence,
    "e_process": e_process,
    "by_settle_day": lambda d: by_settle_day(d, statement=range(np.size(d)), settle_day=np.arange(np.size(d))),
    "forecastbench_index": platforms.forecastbench_index,
    "metaculus_peer_at": lambda p: platforms.metaculus_peer_at(p, 1, clip=1e-3),
    "metaculus_baseline_at": lambda p: platforms.metaculus_baseline_at(p, 0),
    "metaculus_options": lambda p: platforms.metaculus_options(p, np.zeros(np.shape(p)[:-1], dtype=int)),
    "good_judgment": lambda p: platforms.good_judgment(p, 1),
    "rps": lambda p: scores.rps(p, np.zeros(np.shape(p)[:-1], dtype=int)),
    "brier_multi": lambda p: scores.brier_multi(p, np.zeros(np.shape(p)[:-1], dtype=int)),
    "constant_hazard": lambda p: reference.constant_hazard(p, elapsed=0.5, horizon=1.0),
    "stale": lambda p: reference.stale(p, untouched=0.5, left_then=1.0),
    "updated": lambda p: reference.updated(p, [2.0, 0.5]),
    "updated by": lambda p: reference.updated(0.3, p),
    "lindy": lambda p: reference.lindy(elapsed=p, left=1.0),
    "count_threshold": lambda p: reference.count_threshold(rate=p, left=2.0, needed=[1, 5]),
    "crps_ensemble": lambda p: quantities.crps_ensemble(p, 0.5),
    "crps_ensemble fair": lambda p: quantities.crps_ensemble(p, 0.5, estimator="fair", horizon=0.7),
    "crps_cdf": lambda p: quantities.crps_cdf(p, 0.5, thresholds=np.arange(np.shape(p)[-1]) if np.ndim(p) else []),
    "crps_cdf to a horizon": lambda p: quantities.crps_cdf(p, math.inf, thresholds=[0.0, 0.0, 1.0], horizon=3.0),
    "crps_quantiles": lambda p: quantities.crps_quantiles(p, 0.5, levels=[0.2, 0.5, 0.8], horizon=2.0),
    "interval_score": lambda p: quantities.interval_score(0.0, p, 0.5, alpha=0.1),
    "pinball": lambda p: quantities.pinball(p, 0.5, level=0.9),
    "jeffreys_interval": lambda p: bins.jeffreys_interval(p, 2.0),
}


@pytest.mark.parametrize("name", TAKES_ONE)
@given(values=arrays(np.float64, SHAPES, elements=st.one_of(weird, st.floats(-3, 3))))
@settings(deadline=None, max_examples=40)
def test_ordinary_numbers_of_any_shape_are_taken_or_refused(name, values):
    with suppress(ValueError):
        TAKES_ONE[name](values)


def answer(name: str, values: object) -> str:
    """What a function gives, or in which words it refuses; any other error names the function."""
    try:
        return f"it gives {TAKES_ONE[name](values)!r}"
    except ValueError as error:
        return f"refused: {error}"
    except Exception as error:
        raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error


@pytest.mark.parametrize(
    "values",
    [
        [0.5, None, 0.2],
        [0.5, "0.5", 0.2],
        "soon",
        None,
        {"a": 1},
        np.ma.masked_array([0.5, 0.2, 0.3], mask=[False, True, False]),
        np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"),
        [[0.5], [0.2, 0.3]],
    ],
    ids=str,
)
def test_what_is_not_numbers_is_refused(values):
    assert {name: said for name in TAKES_ONE if not (said := answer(name, values)).startswith("refused: ")} == {}


@pytest.mark.parametrize("values", [[math.nan, 0.5, 0.5], [0.5, math.inf, 0.5], [0.2, -math.inf, 0.8]], ids=str)
def test_what_is_no_finite_number_is_refused_or_has_its_meaning(values):
    assert all(answer(name, values) for name in TAKES_ONE)


@given(
    rows=st.lists(st.tuples(st.integers(0, 5), MOMENTS, st.one_of(weird, st.just(math.nan))), max_size=15),
    known=st.one_of(st.just(math.inf), MOMENTS),
    outcome=st.sampled_from([0, 1, 0.5]),
    at=MOMENTS,
)
@settings(deadline=None, max_examples=150)
def test_no_history_makes_trouble(rows, known, outcome, at):
    """Gaps among the series, duplicates, withdrawals first, everything after the answer, nothing at all."""
    record = standing(
        [time for _, time, _ in rows],
        [p for *_, p in rows],
        opens=np.zeros(6),
        closes=np.full(6, 10.0),
        known=known,
        series=np.array([series for series, *_ in rows], dtype=int),
    )

    assert ((record.starts < record.ends) | ((known <= 0) & (record.starts == record.ends))).all()
    assert ((record.coverage >= 0) & (record.coverage <= 1)).all()
    loss, skill = time_brier(record, [outcome] * 6), time_skill(record, [outcome] * 6)
    assert (np.isnan(loss) == (record.coverage == 0)).all()
    assert np.isfinite(skill).all()
    assert (np.isnan(first_forecast(record)) == np.isnan(last_forecast(record))).all()
    assert spot(record, at).shape == (6,)
    assert timeline(record).probabilities.shape[0] == 6
    if outcome != 0.5:
        assert platforms.metaculus_peer(record, outcome, clip=1e-3).sum() == pytest.approx(0.0, abs=1e-6)
        assert platforms.fatebook(record, outcome).absolute.shape == (6,)
        assert platforms.good_judgment(platforms.sampled_daily(record), outcome).participation.max() <= 1


def test_series_without_windows_of_their_own_share_one_and_may_leave_gaps():
    record = standing([1, 2], [0.2, 0.3], opens=0, closes=4, series=[0, 3])

    assert record.coverage.tolist() == [0.75, 0.0, 0.0, 0.5]
    assert np.isnan(time_brier(record, 1)[1:3]).all()
