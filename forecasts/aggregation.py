"""One probability from several forecasters' probabilities.

`probability` holds the forecasters along its last axis, shape (..., n), oldest forecast first where age
matters; the result has shape (...), lies from 0 to 1, and is a plain float for one list. Without forecasters
(n = 0) there is nothing to combine: None. Anything that is not a probability raises ValueError.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, finite, floats, like_input, probabilities, refuse
from forecasts.options import between, positive, whole
from forecasts.side_by_side import timeline
from forecasts.special import kept_log_odds, logistic
from forecasts.standing import Standing

__all__ = [
    "crowd", "extremised", "geometric_mean_odds", "mean", "median", "recency_weighted_median", "recency_weights",
    "skill_weighted", "trimmed_mean",
]  # fmt: skip


def mean(probability: ArrayLike, *, weights: ArrayLike | None = None) -> float | FloatArray | None:
    """Return the arithmetic mean of the forecasters, plain or weighted; None without forecasters.

    Source: the linear opinion pool, Stone (1961), Annals of Mathematical Statistics 32:1339.

    >>> mean([0.25, 0.75, 0.5])
    0.5
    """
    members = _members(probability)
    if members is None:
        return None
    return like_input(np.clip(members @ _normalised(weights, members.shape[-1]), 0.0, 1.0))


def median(probability: ArrayLike) -> float | FloatArray | None:
    """Return the middle probability, or the mean of the two in the middle; None without forecasters.

    Source: Galton (1907), Nature 75:450.

    >>> median([0.9, 0.1, 0.25])
    0.25
    """
    members = _members(probability)
    return None if members is None else like_input(np.median(members, axis=-1))


def trimmed_mean(probability: ArrayLike, *, trim: float = 0.1) -> float | FloatArray | None:
    """Return the mean without the floor(trim x n) lowest and as many highest; `trim` from 0 to below 0.5.

    The product is that of the decimals: 0.29 x 100 is 29.

    Source: Jose & Winkler (2008), Int. J. Forecasting 24:163.

    >>> trimmed_mean([0.0, 0.25, 0.75, 1.0], trim=0.25)
    0.5
    """
    share = 0.0 if trim == 0 else between(trim, "trim", high=0.5)
    members = _members(probability)
    if members is None:
        return None
    cut, ranked = int(Fraction(repr(share)) * members.shape[-1]), np.sort(members, axis=-1)
    return like_input(ranked[..., cut : ranked.shape[-1] - cut].mean(axis=-1))


def geometric_mean_odds(
    probability: ArrayLike, *, weights: ArrayLike | None = None, clip: float | None = None
) -> float | FloatArray | None:
    """Return the probability whose odds are the geometric mean of the members' odds: the mean taken in log-odds.

    A member at 0 or 1 would decide alone, so it raises ValueError unless `clip` says how far from 0 and 1
    members are kept.

    Source: Satopaa et al. (2014), Int. J. Forecasting 30:344, with the exponent 1.

    >>> round(geometric_mean_odds([0.5, 0.9]), 12)  # odds 1 and 9: their geometric mean is 3
    0.75
    """
    return extremised(probability, factor=1.0, weights=weights, clip=clip)


def extremised(
    probability: ArrayLike, *, factor: float, weights: ArrayLike | None = None, clip: float | None = None
) -> float | FloatArray | None:
    """Multiply the log-odds of the geometric mean of odds by `factor`: 1 leaves it, above 1 makes it bolder.

    There is no default: 1.73 was found on one platform (Neyman and Roughgarden, 2022), 2.5 is often too much.
    Members at 0 or 1 raise ValueError without `clip`.

    Source: Baron et al. (2014), Decision Analysis 11:133.

    >>> round(extremised([0.75], factor=2), 12)  # odds 3 become 9
    0.9
    """
    boldness = positive(factor, "factor")
    members = _members(probability)
    if members is None:
        return None
    shares = _normalised(weights, members.shape[-1])
    counted = shares > 0  # a member of weight 0 must not decide, even if it is certain
    return like_input(logistic(boldness * (kept_log_odds(members[..., counted], clip) @ shares[counted])))


def recency_weights(count: int) -> FloatArray:
    """Return Metaculus' weights of `count` forecasts, oldest first: exp(sqrt(k) - sqrt(n)), all 1 for one or two.

    Shape (count,). Raises ValueError for a count that is not whole or below 0.

    Source: Metaculus, `utils/the_math/measures.py`.

    >>> recency_weights(4).round(6).tolist()
    [0.367879, 0.556668, 0.764947, 1.0]
    """
    size = whole(count, "count", least=0)
    return np.exp(np.sqrt(np.arange(1.0, size + 1.0)) - np.sqrt(size)) if size > 2 else np.ones(size)


def recency_weighted_median(probability: ArrayLike) -> float | FloatArray | None:
    """Return Metaculus' crowd: the median in which the latest forecasts weigh most; members oldest first.

    The weights are :func:`recency_weights`. Where the weights split exactly in half it is the mean of both sides.

    Source: Metaculus, `utils/the_math/measures.py`.

    >>> recency_weighted_median([0.2, 0.4, 0.6, 0.8])
    0.6
    """
    members = _members(probability)
    if members is None:
        return None
    order = np.argsort(members, axis=-1, kind="stable")
    ranked = np.take_along_axis(members, order, axis=-1)
    reached = np.cumsum(recency_weights(members.shape[-1])[order], axis=-1)
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
) -> float | None:
    """Weight the mean by skill on *past* claims only; forecasters at or below the reference count nothing.

    `probability` has shape (n,), `losses` (n, m): each forecaster's loss on m claims, NaN for none; `known` (m,):
    when each answer became public, infinity for not yet. Only claims known before `at`, the moment of this forecast,
    are used. A weight is 1 - mean loss / reference_loss; `prior_claims` further claims at the reference are put into
    that mean, so that one lucky hit does not decide. If nobody has skill yet, all count the same. Raises ValueError
    for shapes that do not fit.

    Source: after Budescu & Chen (2015), Management Science 61:267; the form of the weights is our convention.

    >>> skill_weighted([0.9, 0.1], [[0.0, 1.0], [0.25, 0.0]], known=[1, 9], at=5)
    0.9
    """
    members = _members(probability)
    if members is None:
        return None
    past, moments = floats(losses, "loss"), floats(known, "known")
    refuse(moments, np.isnan(moments), "known", "is no time; use infinity for an answer not yet public")
    if members.ndim != 1 or moments.ndim != 1 or past.shape != (members.size, moments.size):
        raise ValueError(
            f"losses have shape {past.shape}, not one row for each of {members.shape[-1]} forecasters "
            f"and one column for each of {moments.size} claims"
        )
    par, prior = positive(reference_loss, "reference_loss"), positive(prior_claims, "prior_claims")
    refuse(past, np.isneginf(past), "loss", "is no loss")
    past = past[:, moments < finite(at, "at")]
    scored = ~np.isnan(past)
    with np.errstate(over="ignore"):  # an overflow is infinity, which gives the weight 0
        total = np.where(scored, past / par, 0.0).sum(axis=1) + prior
    weights = np.maximum(1.0 - total / (scored.sum(axis=1) + prior), 0.0)
    return float(members @ _normalised(weights if weights.any() else None, members.size))


def crowd(standing: Standing, *, combine: Callable[[FloatArray], float | FloatArray | None] = median) -> Standing:
    """Combine the members that stand at each moment into the standing forecast of a crowd, on one claim.

    `standing` has one series for each member, all on one window; `combine` takes their probabilities, in the
    order of the series. The result is one series, fit as a reference for each member's
    :func:`~forecasts.time_scores.time_skill`. Raises ValueError for series on different windows.

    Source: the crowd of Galton (1907), Nature 75:450, computed again at each moment.

    >>> from forecasts.standing import standing
    >>> crowd(standing([0, 2], [0.2, 0.6], opens=[0, 0], closes=[4, 4], series=[0, 1])).probabilities.tolist()
    [0.2, 0.4]
    """
    line = timeline(standing)
    present = ~np.isnan(line.probabilities).all(axis=0)
    columns = np.flatnonzero(present)
    combined = [combine(members[~np.isnan(members)]) for members in line.probabilities[:, columns].T]
    return Standing(
        line.cuts[columns],
        line.cuts[columns + 1],
        probabilities(np.asarray(combined), "combined probability"),
        np.zeros(columns.size, dtype=np.intp),
        standing.opens[:1],
        standing.closes[:1],
        single=True,
    )


def _members(probability: ArrayLike) -> FloatArray | None:
    """Return the checked probabilities; None if there are no forecasters."""
    members = probabilities(probability)
    if members.ndim == 0:
        raise ValueError("probability is a single number; give a list with one for each forecaster")
    return members if members.shape[-1] else None


def _normalised(weights: ArrayLike | None, count: int) -> FloatArray:
    """Return checked weights that sum to 1; without weights equal ones."""
    if weights is None:
        return np.full(count, 1.0 / count)
    given = finite(weights, "weight")
    refuse(given, given < 0, "weight", "is negative")
    if given.shape != (count,):
        raise ValueError(f"weights have shape {given.shape}; {count} are wanted, one for each forecaster")
    if not given.any():
        raise ValueError("weights are all 0; at least one must be above")
    given = given / given.max()  # their sum may overflow
    return np.asarray(given / given.sum())
