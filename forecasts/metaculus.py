"""The scores of Metaculus: baseline, peer and spot, as its own code computes them; never a default here.

Where a function takes a :class:`~forecasts.standing.Standing`, each of its series is one forecaster; the peer
score wants all forecasters of *one* claim on one window. Results have one value for each series, higher is
better, and coverage is `Standing.coverage` (for a spot score 1 or 0: present or not). Over time the scores run
over the *scheduled* window, so they are proper; a spot score at the close of a claim that can close early is not.
:mod:`forecasts.platforms` has the other sites.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import FloatArray, IndexArray
from forecasts.options import whole
from forecasts.scores import log_likelihood
from forecasts.side_by_side import one_window, timeline
from forecasts.standing import Standing, per_series
from forecasts.time_scores import spot

__all__ = [
    "OpenOptions", "metaculus_baseline", "metaculus_baseline_at", "metaculus_baseline_numeric",
    "metaculus_baseline_numeric_at", "metaculus_options", "metaculus_peer", "metaculus_peer_at", "metaculus_ranking",
    "metaculus_spot", "metaculus_spot_forecast",
]  # fmt: skip


def metaculus_baseline_at(probability: ArrayLike, outcome: ArrayLike, *, options: ArrayLike = 2) -> float | FloatArray:
    """Metaculus' baseline score at one instant: 100 ln(p N) / ln N; 100 best, 0 for 1/N, no lower end.

    p is the probability given to what happened, N the number of `options` open then (one for all, or one for
    each); a yes/no question has two and this is 100 (log2 p + 1). For multiple choice give the probability of
    the option that happened, see :func:`metaculus_options`, with outcome 1. NaN is an absent forecaster, who
    gets 0. Certain and wrong is minus infinity (the site keeps forecasts within 0.001 to 0.999: -897 to 99.9).
    Proper. Raises ValueError for a fraction as outcome and fewer than two options.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> metaculus_baseline_at(0.25, 1)
    -100.0
    """
    given = inputs.probabilities(probability, withdrawals=True)
    number = inputs.finite(options, "options")
    inputs.refuse(number, (number < 2) | (number != np.floor(number)), "options", "is not a whole number of 2 or more")
    given, number = inputs.paired(given, number, names=("probability", "options"))
    given, happened = inputs.paired(given, _yes_or_no(outcome))
    absent = np.isnan(given)
    logs = log_likelihood(np.where(absent, 0.5, given), happened)
    return inputs.like_input(np.where(absent, 0.0, 100.0 * (1.0 + logs / np.log(number))))


def metaculus_baseline(standing: Standing, outcome: ArrayLike, *, options: ArrayLike = 2) -> float | FloatArray:
    """The baseline score averaged over the scheduled window, 0 where nothing stands; proper.

    `outcome`: one for all series or one each. `options`: one for all, or, where options were added while the
    question was open, one for each interval of `standing`.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> from forecasts.standing import standing
    >>> metaculus_baseline(standing([1], [1.0], opens=0, closes=4, known=3), 1)
    50.0
    """
    happened = per_series(inputs.outcomes(outcome), standing.opens.size, "outcome")[standing.series]
    number = per_series(inputs.finite(options, "options"), standing.starts.size, "options")
    return _mean_over_window(standing, metaculus_baseline_at(standing.probabilities, happened, options=number))


@dataclass(frozen=True, eq=False)
class OpenOptions:
    """Multiple-choice forecasts, as the baseline score takes them.

    Attributes:
        probability: What each gave to the option that happened.
        options: How many options were open then.
    """

    probability: FloatArray
    options: IndexArray


def metaculus_options(probability: ArrayLike, outcome: ArrayLike) -> OpenOptions:
    """Read multiple-choice forecasts in which some options were not open yet.

    `probability` has shape (..., K), NaN for an option that opened later; `outcome` (...) is the number of the
    option that happened, from 0. One that was not open yet had its chance within the last option ("Other").
    Raises ValueError where the open options do not sum to 1 (within 1e-9, or as floats of 16 or 32 bits allow) or
    the last is not open.

    Source: Metaculus, `scoring/score_math.py`.

    >>> read = metaculus_options([[0.6, 0.1, float("nan"), 0.3]], [2])
    >>> read.probability.tolist(), read.options.tolist()
    ([0.3], [3])
    """
    rows, happened = inputs.probabilities(probability, withdrawals=True), np.asarray(outcome)
    if rows.ndim == 0 or rows.shape[-1] < 2:
        raise ValueError(f"probability has shape {rows.shape}; the last axis must hold two options or more")
    if happened.shape != rows.shape[:-1] or (happened.size and happened.dtype.kind not in "iu"):
        raise ValueError(f"outcome has shape {happened.shape} and type {happened.dtype}; give each row a whole number")
    inputs.refuse(happened, (happened < 0) | (happened >= rows.shape[-1]), "outcome", "is not among the options")
    inputs.refuse(rows[..., -1], np.isnan(rows[..., -1]), "last option", "is not open, but holds all that are not yet")
    total = np.nansum(rows, axis=-1)
    inputs.refuse(total, np.abs(total - 1.0) > inputs.sum_tolerance(probability), "sum of probability", "is not 1")
    given = np.take_along_axis(rows, happened[..., np.newaxis].astype(np.intp), axis=-1)[..., 0]
    return OpenOptions(np.where(np.isnan(given), rows[..., -1], given), np.count_nonzero(~np.isnan(rows), axis=-1))


def metaculus_baseline_numeric_at(
    probability: ArrayLike, *, open_bounds: int, buckets: int = 200, tail: bool = False
) -> float | FloatArray:
    """Metaculus' baseline score of a numeric question at one instant: 50 ln(p / baseline).

    p is the probability of the bucket that happened, NaN for the absent, who get 0. The baseline is 0.05 for
    an open tail, else (1 - 0.05 for each of the `open_bounds`) spread over the inner `buckets`.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> metaculus_baseline_numeric_at(0.05, open_bounds=1, tail=True)
    0.0
    """
    if open_bounds not in {0, 1, 2}:
        raise ValueError(f"open_bounds {open_bounds!r} is not 0, 1 or 2")
    baseline = 0.05 if tail else (1.0 - 0.05 * open_bounds) / whole(buckets, "buckets", least=1)
    given = inputs.probabilities(probability, withdrawals=True)
    logs = log_likelihood(np.where(np.isnan(given), baseline, given), np.ones(given.shape))
    return inputs.like_input(50.0 * (logs - np.log(baseline)))


def metaculus_baseline_numeric(
    standing: Standing, *, open_bounds: int, buckets: int = 200, tail: bool = False
) -> float | FloatArray:
    """The numeric baseline score averaged over the scheduled window.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> from forecasts.standing import standing
    >>> metaculus_baseline_numeric(standing([0], [0.05], opens=0, closes=4), open_bounds=1, tail=True)
    0.0
    """
    scores = metaculus_baseline_numeric_at(standing.probabilities, open_bounds=open_bounds, buckets=buckets, tail=tail)
    return _mean_over_window(standing, scores)


def metaculus_peer_at(
    probability: ArrayLike, outcome: ArrayLike, *, numeric: bool = False, clip: float | None = None
) -> FloatArray:
    """Metaculus' peer score at one instant: 100 (ln p - mean ln p of the others), halved for numeric.

    `probability` has shape (forecasters,) or (forecasters, instants), NaN for the absent, who get 0, as
    does one alone; at each instant the scores sum to 0. Higher is better. With a `probability` of 0 for
    what happened the sum is undefined, so that raises ValueError unless `clip` is given (the site uses
    0.001).

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> metaculus_peer_at([0.5, 0.25], 1).round(9).tolist()
    [69.314718056, -69.314718056]
    """
    given = inputs.probabilities(probability, withdrawals=True)
    if not given.ndim:
        raise ValueError("probability has no axis of forecasters; a peer score compares them")
    absent = np.isnan(given)
    logs = np.where(absent, 0.0, _log_given(np.where(absent, 0.5, given), outcome, clip))
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
    return np.asarray(scores @ (line.widths / standing.horizon[0]))


def metaculus_spot(
    standing: Standing,
    outcome: float,
    *,
    at: float,
    score: Callable[[ArrayLike, ArrayLike], ArrayLike] = metaculus_peer_at,
) -> float | FloatArray:
    """Metaculus' spot score: the peer or baseline score of what stood at one moment only.

    `standing` has all forecasters of one claim; `at` is the spot time, or, if the answer was public before, that
    moment. `score` is :func:`metaculus_peer_at`, which the site ranks by, or :func:`metaculus_baseline_at`. A
    forecaster who had no forecast then gets 0, and has coverage 0 instead of 1 (see :func:`metaculus_spot_forecast`).
    Higher is better. Proper where the claim cannot close before `at`; else the moment depends on the outcome, and
    shouting early pays as in :func:`~forecasts.time_scores.last_forecast`. Raises ValueError for series on different
    windows, and as `score` does.

    Source: Metaculus, `scoring/score_math.py` and its scores FAQ.

    >>> from forecasts.standing import standing
    >>> record = standing([1, 1, 3], [0.5, 0.25, 0.9], opens=[0, 0], closes=[5, 5], series=[0, 1, 1])
    >>> metaculus_spot(record, 1, at=2).round(6).tolist()
    [69.314718, -69.314718]
    >>> metaculus_spot(record, 1, at=2, score=metaculus_baseline_at).tolist()
    [0.0, -100.0]
    """
    one_window(standing)
    return standing.answer(np.asarray(score(metaculus_spot_forecast(standing, at), outcome), dtype=np.float64))


def metaculus_spot_forecast(standing: Standing, at: ArrayLike) -> FloatArray:
    """Return the forecast of each series at its spot time, shape (series,); NaN for the absent, whose coverage is 0.

    `at` is a number, or one for each series; if the answer was public before, it is that moment. The spot time is
    often the close itself, at which nothing stands any more, so this looks just before it. (Metaculus also takes a
    forecast made exactly at that instant, though not into the mean of the others.)

    Source: Metaculus, `scoring/score_math.py`.

    >>> from forecasts.standing import standing
    >>> record = standing([1, 5], [0.8, 0.9], opens=[0, 0], closes=[5, 5], known=[3, 5], series=[0, 1])
    >>> metaculus_spot_forecast(record, at=5).tolist()
    [0.8, nan]
    """
    limit = standing.closes if standing.limit is None else standing.limit
    moment = per_series(inputs.finite(at, "at"), standing.opens.size, "at")
    before = np.nextafter(np.minimum(moment, limit), -np.inf)
    return np.asarray(spot(replace(standing, single=False), before), dtype=np.float64)


def metaculus_ranking(scores: ArrayLike, coverage: ArrayLike) -> float:
    """Metaculus' peer board, for one forecaster: the sum of scores over the larger of 30 and the coverage.

    Source: Metaculus, its scores FAQ.

    >>> metaculus_ranking([30.0, 60.0], [1.0, 0.5])
    3.0
    """
    earned, covered = inputs.paired(
        np.atleast_1d(inputs.finite(scores, "score")),
        np.atleast_1d(inputs.probabilities(coverage, "coverage")),
        names=("score", "coverage"),
    )
    unit = inputs.headroom(earned)
    return float((earned / unit).sum() / max(30.0, covered.sum()) * unit)


def _yes_or_no(outcome: ArrayLike) -> FloatArray:
    """Return checked outcomes; ValueError for a fraction."""
    happened = inputs.outcomes(outcome)
    inputs.refuse(
        happened, (happened != 0) & (happened != 1), "outcome", "is a fraction; Metaculus has yes and no only"
    )
    return happened


def _log_given(probability: FloatArray, outcome: ArrayLike, clip: float | None) -> FloatArray:
    """Return the logarithm of the probability given to what happened: one outcome for all, or one for each instant."""
    happened = _yes_or_no(outcome)
    if happened.shape not in {(), probability.shape, probability.shape[1:]}:
        raise ValueError(f"probability has shape {probability.shape}, outcome has shape {happened.shape}")
    return log_likelihood(probability, np.broadcast_to(happened, probability.shape), clip)


def _mean_over_window(standing: Standing, scores: float | FloatArray) -> float | FloatArray:
    """Return the mean over the scheduled window of a score of each interval; 0 where nothing stood."""
    share = standing.shares
    # What stood for no time counts nothing, even a score of minus infinity: 0 x infinity would be NaN.
    return standing.answer(standing.total(np.multiply(scores, share, out=np.zeros(share.shape), where=share > 0)))
