"""One probability from several forecasters' probabilities.

`probability` holds the forecasters along its last axis, shape (..., n), oldest forecast first where age
matters; the result has shape (...), and is a plain float for one list.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, finite, like_input, probabilities
from forecasts.scores import clipped
from forecasts.standing import Standing
from forecasts.timeline import timeline

__all__ = [
    "crowd",
    "extremised",
    "geometric_mean_odds",
    "mean",
    "median",
    "recency_weighted_median",
    "skill_weighted",
    "trimmed_mean",
]


def mean(probability: ArrayLike, *, weights: ArrayLike | None = None) -> float | FloatArray:
    """The arithmetic mean, plain or weighted.

    >>> mean([0.25, 0.75, 0.5])
    0.5
    """
    members = _members(probability)
    return like_input(members @ _shares(weights, members.shape[-1]))


def median(probability: ArrayLike) -> float | FloatArray:
    """The middle one, or the mean of the two in the middle.

    >>> median([0.9, 0.1, 0.25])
    0.25
    """
    return like_input(np.median(_members(probability), axis=-1))


def trimmed_mean(probability: ArrayLike, *, trim: float = 0.1) -> float | FloatArray:
    """The mean without the floor(trim x n) lowest and as many highest; `trim` from 0 to below 0.5.

    >>> trimmed_mean([0.0, 0.25, 0.75, 1.0], trim=0.25)
    0.5
    """
    if not 0 <= trim < 0.5:
        raise ValueError(f"trim {trim!r} is not from 0 to below 0.5")
    members = np.sort(_members(probability), axis=-1)
    cut = int(trim * members.shape[-1])
    return like_input(members[..., cut : members.shape[-1] - cut].mean(axis=-1))


def geometric_mean_odds(
    probability: ArrayLike, *, weights: ArrayLike | None = None, clip: float | None = None
) -> float | FloatArray:
    """The probability whose odds are the geometric mean of the members' odds: the mean taken in log-odds.

    A member at 0 or 1 would decide alone, so it raises ValueError unless `clip` says how far from 0 and 1
    members are kept.

    Source: Satopaa et al. (2014), Int. J. Forecasting 30:344, with the exponent 1.

    >>> round(geometric_mean_odds([0.5, 0.9]), 12)  # odds 1 and 9: their geometric mean is 3
    0.75
    """
    return extremised(probability, factor=1.0, weights=weights, clip=clip)


def extremised(
    probability: ArrayLike, *, factor: float, weights: ArrayLike | None = None, clip: float | None = None
) -> float | FloatArray:
    """The geometric mean of odds with its log-odds times `factor`: 1 leaves it, above 1 makes it bolder.

    There is no default: 1.73 was found on one platform (Neyman and Roughgarden, 2022), 2.5 is often too much.
    Members at 0 or 1 raise ValueError without `clip`.

    Source: Baron et al. (2014), Decision Analysis 11:133.

    >>> round(extremised([0.75], factor=2), 12)  # odds 3 become 9
    0.9
    """
    members = clipped(_members(probability), clip)
    if ((members == 0.0) | (members == 1.0)).any():
        raise ValueError("a probability of 0 or 1 has no odds; say with clip how far from 0 and 1 to keep it")
    if not factor > 0:
        raise ValueError(f"factor {factor!r} is not above 0")
    log_odds = np.log(members) - np.log1p(-members)
    return like_input(1.0 / (1.0 + np.exp(-factor * (log_odds @ _shares(weights, members.shape[-1])))))


def recency_weighted_median(probability: ArrayLike) -> float | FloatArray:
    """Metaculus' crowd: the median with weights exp(sqrt(k) - sqrt(n)), k = 1 for the oldest of n forecasts.

    Members oldest first. With one or two they count the same. Where the weights split exactly in half it is
    the mean of both sides.

    Source: Metaculus, `utils/the_math/measures.py`.

    >>> recency_weighted_median([0.2, 0.4, 0.6, 0.8])
    0.6
    """
    members = _members(probability)
    count = members.shape[-1]
    age = np.exp(np.sqrt(np.arange(1.0, count + 1.0)) - np.sqrt(count)) if count > 2 else np.ones(count)
    order = np.argsort(members, axis=-1, kind="stable")
    ranked, reached = np.take_along_axis(members, order, axis=-1), np.cumsum(age[order], axis=-1)
    half = reached[..., -1:] / 2.0
    lower = np.argmax(reached >= half, axis=-1)[..., np.newaxis]
    upper = np.argmax(reached > half, axis=-1)[..., np.newaxis]
    middle = np.take_along_axis(ranked, lower, axis=-1) + np.take_along_axis(ranked, upper, axis=-1)
    return like_input(middle[..., 0] / 2.0)


def skill_weighted(
    probability: ArrayLike,
    losses: ArrayLike,
    *,
    known: ArrayLike,
    at: float,
    reference_loss: float = 0.25,
    prior_claims: float = 1.0,
) -> float | FloatArray:
    """The mean weighted by skill on *past* claims only; forecasters at or below the reference count nothing.

    `probability` has shape (n,), `losses` (n, m): each forecaster's loss on m claims, NaN where there is
    none; `known` (m,): when each answer became public. Only claims known before `at`, the moment of this
    forecast, are looked at. A weight is 1 - mean loss / reference_loss, the mean taken with `prior_claims`
    further claims at the reference, so that one lucky hit does not rule; this weighting is our convention.
    If nobody has skill yet, all count the same. Raises ValueError for shapes that do not fit.

    >>> skill_weighted([0.9, 0.1], [[0.0, 1.0], [0.25, 0.0]], known=[1, 9], at=5)
    0.9
    """
    members, past = _members(probability), np.asarray(losses, dtype=np.float64)
    moments = finite(known, "known")
    if members.ndim != 1 or past.shape != (members.size, moments.size):
        raise ValueError(
            f"losses have shape {past.shape}, not one row for each of {members.shape[-1]} forecasters "
            f"and one column for each of {moments.size} claims"
        )
    past = past[:, moments < at]
    scored = ~np.isnan(past)
    total = np.where(scored, past, 0.0).sum(axis=1) + prior_claims * reference_loss
    skills = 1.0 - total / (reference_loss * (scored.sum(axis=1) + prior_claims))
    weights = np.maximum(skills, 0.0)
    return mean(members, weights=weights if weights.any() else None)


def crowd(standing: Standing, combine: Callable[[FloatArray], float | FloatArray] = median) -> Standing:
    """The standing forecast of a crowd on one claim: at each moment the members standing then, combined.

    `standing` has one series for each member, all on one window; `combine` takes their probabilities. The
    result is one series, fit as a reference for each member's :func:`~forecasts.standing.time_skill`.
    """
    line = timeline(standing)
    present = ~np.isnan(line.probabilities).all(axis=0)
    columns = np.flatnonzero(present)
    combined = [float(combine(members[~np.isnan(members)])) for members in line.probabilities[:, columns].T]
    return Standing(
        line.cuts[columns],
        line.cuts[columns + 1],
        np.asarray(combined, dtype=np.float64),
        np.zeros(columns.size, dtype=np.intp),
        standing.opens[:1],
        standing.closes[:1],
        single=True,
    )


def _members(probability: ArrayLike) -> FloatArray:
    members = probabilities(probability)
    if members.ndim == 0 or members.shape[-1] == 0:
        raise ValueError(f"probability has shape {members.shape}; the last axis must hold the forecasters")
    return members


def _shares(weights: ArrayLike | None, count: int) -> FloatArray:
    if weights is None:
        return np.full(count, 1.0 / count)
    given = finite(weights, "weight")
    if given.shape != (count,) or (given < 0).any() or not given.any():
        raise ValueError(f"weights {weights!r} must be {count} numbers from 0 up, not all 0")
    return np.asarray(given / given.sum())
