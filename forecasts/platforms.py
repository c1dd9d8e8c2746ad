"""How other sites score, by name, so that their numbers can be reproduced and read; never a default.

Where a function takes a :class:`~forecasts.standing.Standing`, each of its series is one forecaster of *one*
claim on one window. `outcome` is 1 or 0. Results have one value for each series. The rules of Good Judgment and
Fatebook are improper: they average up to the moment the claim closes, and a claim that closes when the event
happens then rewards shouting early. Each docstring says so. Metaculus' scores, which are proper, are in
:mod:`forecasts.metaculus` and can be imported from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import FloatArray, IndexArray
from forecasts.metaculus import (
    OpenOptions,
    metaculus_baseline,
    metaculus_baseline_at,
    metaculus_baseline_numeric,
    metaculus_baseline_numeric_at,
    metaculus_options,
    metaculus_peer,
    metaculus_peer_at,
    metaculus_ranking,
    metaculus_spot,
    metaculus_spot_forecast,
)
from forecasts.options import positive
from forecasts.scores import brier_original
from forecasts.side_by_side import timeline
from forecasts.standing import Standing

__all__ = [
    "Daily", "Fatebook", "OpenOptions", "fatebook", "forecastbench_index", "good_judgment", "metaculus_baseline",
    "metaculus_baseline_at", "metaculus_baseline_numeric", "metaculus_baseline_numeric_at", "metaculus_options",
    "metaculus_peer", "metaculus_peer_at", "metaculus_ranking", "metaculus_spot", "metaculus_spot_forecast",
    "sampled_daily",
]  # fmt: skip


def sampled_daily(standing: Standing, *, day: float = 1.0) -> FloatArray:
    """Return the forecast standing at the end of each day of the window, shape (forecasters, days); NaN for none.

    `day` is the length of a day on the scale of the times; the last may be shorter.

    >>> from forecasts.standing import standing
    >>> sampled_daily(standing([0, 1.5], [0.2, 0.6], opens=0, closes=3)).tolist()
    [[0.2, 0.6, 0.6]]
    """
    line = timeline(standing)
    ends = _day_edges(line.cuts[0], line.cuts[-1], day)[1:]
    return line.probabilities[:, np.searchsorted(line.cuts, ends, side="left") - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """Good Judgment's numbers for each forecaster. Brier scores are 0 to 2; lower is better, also for `accuracy`.

    Attributes:
        mean_brier: The mean over the days the forecaster was present; NaN for the absent.
        mean_median: The mean of the day's median over the same days.
        participation: The share of days the forecaster was present.
        accuracy: The mean of (Brier - median) over all days, 0 where absent.
        net_points: Minus their sum: higher is better.
    """

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
    little when a yes closes it early. Raises ValueError for another shape, probabilities outside 0 to 1 and an
    outcome that is neither 1 nor 0.

    Source: Good Judgment Open, FAQ; worked example of Cultivate Labs.

    >>> good_judgment([[0.9, 0.9], [float("nan"), 0.5]], 1).accuracy.round(9).tolist()
    [-0.12, 0.12]
    """
    table = inputs.probabilities(probability, withdrawals=True)
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError(f"probability has shape {table.shape}; give one row a forecaster, one column a day")
    scores = _daily_briers(table, outcome)
    active = ~np.isnan(scores)
    median = _daily_medians(scores)
    days, total = active.sum(axis=1), table.shape[1]
    over_median = np.where(active, scores - median, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean_brier = np.where(active, scores, 0.0).sum(axis=1) / days
        mean_median = np.where(active, median, 0.0).sum(axis=1) / days
    return Daily(mean_brier, mean_median, days / total, over_median / total, 0.0 - over_median)


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
    averaging before squaring pays for hedging within a day. On a forecaster's first day the time before the first
    forecast counts as the last forecast of that day, as in their code. Raises ValueError for series on different
    windows, a day that is not above 0 and an outcome that is neither 1 nor 0.

    Source: Fatebook, `lib/_scoring.ts`.

    >>> from forecasts.standing import standing
    >>> fatebook(standing([0, 0.5], [1.0, 0.0], opens=0, closes=1), 1).absolute.tolist()
    [0.5]
    """
    line = timeline(standing)
    edges = _day_edges(line.cuts[0], line.cuts[-1], day)
    days = np.diff(edges)
    # Cut time at every change and at every midnight, average each forecaster over each day, and score the averages.
    cuts = np.union1d(line.cuts, edges)
    column = np.searchsorted(line.cuts, cuts[:-1], side="right") - 1
    pieces, width = line.probabilities[:, column], np.diff(cuts)
    day_of_piece = np.searchsorted(edges, cuts[:-1], side="right") - 1
    scores = _daily_briers(_daily_averages(pieces, width, day_of_piece, days), outcome)
    active = ~np.isnan(scores)
    weights = np.where(active, days / days.sum(), 0.0)
    absolute = (np.where(active, scores, 0.0) * weights).sum(axis=1)
    relative = (np.where(active, scores - _daily_medians(scores), 0.0) * weights).sum(axis=1)
    present = active.any(axis=1)
    return Fatebook(np.where(present, absolute, np.nan), np.where(present, relative, np.nan))


def forecastbench_index(brier: ArrayLike) -> float | FloatArray:
    """ForecastBench's Brier index, 100 (1 - sqrt(Brier)): 100 best, 50 for always "50%", 0 worst.

    Taken of a *mean* Brier score, 0 to 1. Monotone in it, hence no more and no less proper.

    Source: ForecastBench, `src/leaderboard/main.py`.

    >>> forecastbench_index(0.25)
    50.0
    """
    return inputs.like_input(100.0 * (1.0 - np.sqrt(inputs.probabilities(brier, "brier"))))


def _day_edges(opened: float, closed: float, day: float) -> FloatArray:
    """Return the borders of the days from the opening to the close; a rest that is only rounding is no day."""
    count = int(np.ceil((closed - opened) / positive(day, "day") - 1e-9))
    return np.append(opened + day * np.arange(count), closed)


def _daily_averages(pieces: FloatArray, width: FloatArray, day_of_piece: IndexArray, days: FloatArray) -> FloatArray:
    """Return each forecaster's mean of each day from pieces of time; missing time of a day counts as its last piece."""
    averages = np.full((pieces.shape[0], days.size), np.nan)
    for number, length in enumerate(days):
        values, time = pieces[:, day_of_piece == number], width[day_of_piece == number]
        stands = ~np.isnan(values)
        present = stands.any(axis=1)
        last = values.shape[1] - 1 - np.argmax(stands[:, ::-1], axis=1)
        missing_time = length - stands @ time
        total = np.where(stands, values, 0.0) @ time + values[np.arange(last.size), last] * missing_time
        averages[present, number] = np.clip(total[present] / length, 0.0, 1.0)
    return averages


def _daily_briers(table: FloatArray, outcome: float) -> FloatArray:
    """Return the original Brier score of each forecaster on each day; NaN for the absent."""
    happened = inputs.outcomes(outcome)
    if happened.ndim or float(happened) not in {0.0, 1.0}:
        raise ValueError(f"outcome {outcome!r} is neither 1 nor 0; this site scores yes and no only")
    absent = np.isnan(table)
    scores = brier_original(np.where(absent, 0.5, table), np.full(table.shape, happened))
    return np.where(absent, np.nan, scores)


def _daily_medians(scores: FloatArray) -> FloatArray:
    """Return the median over the forecasters present on each day; NaN on a day without any."""
    empty = np.isnan(scores).all(axis=0)
    medians = np.full(scores.shape[1], np.nan)
    medians[~empty] = np.nanmedian(scores[:, ~empty], axis=0)
    return medians
