"""How other sites score, by name, so that their numbers can be reproduced and read; never a default.

Where a function takes a :class:`~forecasts.standing.Standing`, each of its series is one forecaster; the
peer, daily and Fatebook scores want all forecasters of *one* claim on one window. `outcome` is 1 or 0.
Results have one value for each series. The rules of Good Judgment and Fatebook are improper: they average
up to the moment the claim closes, and a claim that closes when the event happens then rewards shouting
early. Each docstring says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import FloatArray
from forecasts.scores import brier_original, clipped, log_score
from forecasts.standing import Standing
from forecasts.timeline import timeline
from forecasts.windows import spread

__all__ = [
    "Daily",
    "Fatebook",
    "fatebook",
    "forecastbench_index",
    "good_judgment",
    "metaculus_baseline",
    "metaculus_baseline_at",
    "metaculus_baseline_numeric",
    "metaculus_baseline_numeric_at",
    "metaculus_peer",
    "metaculus_peer_at",
    "metaculus_ranking",
    "sampled_daily",
]


def metaculus_baseline_at(probability: ArrayLike, outcome: ArrayLike, *, options: int = 2) -> float | FloatArray:
    """Metaculus' baseline score at one instant: 100 (ln(p N) / ln N); 100 best, 0 for 1/N, no lower end.

    p is the probability given to what happened, N the number of `options` open then; a yes/no question has
    two and this is 100 (log2 p + 1). For multiple choice give the probability of the option that happened
    with outcome 1. Certain and wrong is minus infinity (the site keeps forecasts within 0.001 to 0.999:
    -897 to 99.9). Proper.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> metaculus_baseline_at(0.25, 1)
    -100.0
    """
    if options < 2:
        raise ValueError(f"options {options!r} is not 2 or more")
    return inputs.like_input(100.0 * (1.0 + _log_given(probability, outcome) / log(options)))


def metaculus_baseline(standing: Standing, outcome: ArrayLike, *, options: int = 2) -> float | FloatArray:
    """The baseline score averaged over the scheduled window, 0 where nothing stands; proper.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> from forecasts.standing import standing
    >>> metaculus_baseline(standing([1], [1.0], opens=0, closes=4, known=3), 1)
    50.0
    """
    happened = spread(inputs.outcomes(outcome), standing.opens.size, "outcome")[standing.series]
    return _over_time(standing, metaculus_baseline_at(standing.probabilities, happened, options=options))


def metaculus_baseline_numeric_at(
    probability: ArrayLike, *, open_bounds: int, buckets: int = 200, tail: bool = False
) -> float | FloatArray:
    """Metaculus' baseline score of a numeric question at one instant: 50 ln(p / baseline).

    p is the probability of the bucket that happened. The baseline is 0.05 for an open tail, else (1 - 0.05
    for each of the `open_bounds`) spread over the inner buckets.

    >>> metaculus_baseline_numeric_at(0.05, open_bounds=1, tail=True)
    0.0
    """
    if open_bounds not in {0, 1, 2}:
        raise ValueError(f"open_bounds {open_bounds!r} is not 0, 1 or 2")
    baseline = 0.05 if tail else (1.0 - 0.05 * open_bounds) / buckets
    return inputs.like_input(50.0 * (_log_given(probability, 1.0) - log(baseline)))


def metaculus_baseline_numeric(
    standing: Standing, *, open_bounds: int, buckets: int = 200, tail: bool = False
) -> float | FloatArray:
    """The numeric baseline score averaged over the scheduled window, of what happened's probability."""
    scores = metaculus_baseline_numeric_at(standing.probabilities, open_bounds=open_bounds, buckets=buckets, tail=tail)
    return _over_time(standing, scores)


def metaculus_peer_at(
    probability: ArrayLike, outcome: ArrayLike, *, numeric: bool = False, clip: float | None = None
) -> FloatArray:
    """Metaculus' peer score at one instant: 100 (ln p - mean ln p of the others), halved for numeric.

    `probability` has shape (forecasters,) or (forecasters, instants), NaN for the absent, who get 0, as
    does one alone; at each instant the scores sum to 0. Higher is better. With a `probability` of 0 for
    what happened the sum is undefined, so that raises ValueError unless `clip` is given (the site uses
    0.001). A spot score is this at one instant.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> metaculus_peer_at([0.5, 0.25], 1).round(9).tolist()
    [69.314718056, -69.314718056]
    """
    given = clipped(inputs.probabilities(probability, withdrawals=True), clip)
    absent = np.isnan(given)
    logs = np.where(absent, 0.0, _log_given(np.where(absent, 0.5, given), outcome))
    if np.isneginf(logs).any():
        raise ValueError("a probability of 0 was given to what happened; say with clip how far to keep off")
    count = np.count_nonzero(~absent, axis=0)
    others = (logs.sum(axis=0) - logs) / np.maximum(count - 1, 1)
    score = np.where(absent | (count < 2), 0.0, (50.0 if numeric else 100.0) * (logs - others))
    return np.asarray(score, dtype=np.float64)


def metaculus_peer(
    standing: Standing, outcome: float, *, numeric: bool = False, clip: float | None = None
) -> FloatArray:
    """The peer score averaged over the scheduled window, for all forecasters of one claim; they sum to 0.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> from forecasts.standing import standing
    >>> pair = standing([0, 2], [0.5, 0.25], opens=[0, 0], closes=[4, 4], series=[0, 1])
    >>> metaculus_peer(pair, 1).round(9).tolist()
    [34.657359028, -34.657359028]
    """
    line = timeline(standing)
    scores = metaculus_peer_at(line.probabilities, outcome, numeric=numeric, clip=clip)
    return np.asarray(scores @ line.widths / standing.horizon)


def metaculus_ranking(scores: ArrayLike, coverage: ArrayLike) -> float:
    """Metaculus' peer board, for one forecaster: the sum of scores over the larger of 30 and the coverage.

    >>> metaculus_ranking([30.0, 60.0], [1.0, 0.5])
    3.0
    """
    earned, covered = inputs.paired(
        np.atleast_1d(inputs.finite(scores, "score")),
        np.atleast_1d(inputs.probabilities(coverage, "coverage")),
        names=("score", "coverage"),
    )
    return float(earned.sum() / max(30.0, covered.sum()))


def sampled_daily(standing: Standing, *, day: float = 1.0) -> FloatArray:
    """Each forecast standing at the end of each day of the window, shape (forecasters, days); NaN for none.

    `day` is the length of a day on the scale of the times.

    >>> from forecasts.standing import standing
    >>> sampled_daily(standing([0, 1.5], [0.2, 0.6], opens=0, closes=3)).tolist()
    [[0.2, 0.6, 0.6]]
    """
    line = timeline(standing)
    opened, closed = line.cuts[0], line.cuts[-1]
    ends = np.minimum(opened + day * np.arange(1, int(np.ceil((closed - opened) / day)) + 1), closed)
    return line.probabilities[:, np.searchsorted(line.cuts, ends, side="left") - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """Good Judgment's numbers for each forecaster; Brier 0 to 2; lower is better, also for `accuracy`."""

    mean_brier: FloatArray
    mean_median: FloatArray
    participation: FloatArray
    accuracy: FloatArray
    net_points: FloatArray


def good_judgment(probability: ArrayLike, outcome: float) -> Daily:
    """Good Judgment Open and Cultivate: daily original Brier, carried forward, against the day's median.

    `probability` has shape (forecasters, days) up to the day the claim closed, NaN before the first
    forecast (see :func:`sampled_daily`). `accuracy` is the mean over active days of (Brier - median) times
    the participation. Improper: the mean runs to the day the claim closes, so a false certainty early costs
    little when a yes closes it early.

    Source: Good Judgment Open, FAQ; worked example of Cultivate Labs.

    >>> good_judgment([[0.9, 0.9], [float("nan"), 0.5]], 1).accuracy.round(9).tolist()
    [-0.12, 0.12]
    """
    table = inputs.probabilities(probability, withdrawals=True)
    if table.ndim != 2:
        raise ValueError(f"probability has shape {table.shape}; give one row a forecaster, one column a day")
    scores = _daily_briers(table, outcome)
    active = ~np.isnan(scores)
    median = _daily_medians(scores)
    days, total = active.sum(axis=1), table.shape[1]
    apart = np.where(active, scores - median, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean_brier = np.where(active, scores, 0.0).sum(axis=1) / days
        mean_median = np.where(active, median, 0.0).sum(axis=1) / days
    return Daily(mean_brier, mean_median, days / total, apart / total, 0.0 - apart)


@dataclass(frozen=True, slots=True, eq=False)
class Fatebook:
    """Fatebook's two scores for each forecaster, 0 to 2 and -2 to 2, lower is better; NaN for the absent."""

    absolute: FloatArray
    relative: FloatArray


def fatebook(standing: Standing, outcome: float, *, day: float = 1.0) -> Fatebook:
    """Fatebook: original Brier of each day's *averaged* forecast, and the same less that day's median.

    The window must end when the claim resolved: Fatebook has no scheduled end, sums over the days a
    forecaster was present and divides by all days, the last one counted by its fraction. Improper three
    times over: the end depends on the outcome, absence counts as a perfect score in `absolute`, and
    averaging before squaring pays for hedging within a day.

    Source: Fatebook, `lib/_scoring.ts`.

    >>> from forecasts.standing import standing
    >>> fatebook(standing([0, 0.5], [1.0, 0.0], opens=0, closes=1), 1).absolute.tolist()
    [0.5]
    """
    line = timeline(standing)
    edges = np.append(np.arange(line.cuts[0], line.cuts[-1], day), line.cuts[-1])
    days = np.diff(edges)
    cuts = np.union1d(line.cuts, edges)
    column = np.searchsorted(line.cuts, cuts[:-1], side="right") - 1
    said, width = line.probabilities[:, column], np.diff(cuts)
    within = np.searchsorted(edges, cuts[:-1], side="right") - 1
    present = ~np.isnan(said) * width
    membership = within[:, np.newaxis] == np.arange(days.size)
    time = present @ membership
    with np.errstate(invalid="ignore"):
        average = np.clip((np.where(np.isnan(said), 0.0, said) * width) @ membership / time, 0.0, 1.0)
    scores = _daily_briers(average, outcome)
    active = ~np.isnan(scores)
    weights = np.where(active, days / days.sum(), 0.0)
    absolute = (np.where(active, scores, 0.0) * weights).sum(axis=1)
    relative = (np.where(active, scores - _daily_medians(scores), 0.0) * weights).sum(axis=1)
    here = active.any(axis=1)
    return Fatebook(np.where(here, absolute, np.nan), np.where(here, relative, np.nan))


def forecastbench_index(brier: ArrayLike) -> float | FloatArray:
    """ForecastBench's Brier index, 100 (1 - sqrt(Brier)): 100 best, 50 for always "50%", 0 worst.

    Taken of a *mean* Brier score, 0 to 1. Monotone in it, hence no more and no less proper.

    Source: ForecastBench, `src/leaderboard/main.py`.

    >>> forecastbench_index(0.25)
    50.0
    """
    return inputs.like_input(100.0 * (1.0 - np.sqrt(inputs.probabilities(brier, "brier"))))


def _log_given(probability: ArrayLike, outcome: ArrayLike) -> FloatArray:
    """ln of the probability given to what happened; whole outcomes only, minus infinity for 0."""
    happened = inputs.outcomes(outcome)
    if ((happened != 0.0) & (happened != 1.0)).any():
        raise ValueError(f"outcome {outcome!r} is a fraction; this platform scores yes and no only")
    return -np.asarray(log_score(probability, np.broadcast_to(happened, np.shape(probability))))


def _over_time(standing: Standing, scores: float | FloatArray) -> float | FloatArray:
    width = standing.ends - standing.starts
    return standing.answer(standing.total(np.asarray(scores) * width) / standing.horizon)


def _daily_briers(table: FloatArray, outcome: float) -> FloatArray:
    absent = np.isnan(table)
    scores = brier_original(np.where(absent, 0.5, table), np.full(table.shape, float(outcome)))
    return np.where(absent, np.nan, scores)


def _daily_medians(scores: FloatArray) -> FloatArray:
    """The median over the forecasters present on each day; NaN on a day without any."""
    empty = np.isnan(scores).all(axis=0)
    medians = np.full(scores.shape[1], np.nan)
    medians[~empty] = np.nanmedian(scores[:, ~empty], axis=0)
    return medians
