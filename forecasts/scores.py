"""Scores of single forecasts: how far a probability was from what happened.

Every function takes the forecast first and the outcome second. A yes/no forecast is a number (the
probability of yes) with an outcome of 1, 0, or a fraction for partly. A forecast over K categories is a row
of K numbers that sum to 1, with the number of the category that happened (from 0). A function that takes both
reads categories only with ``categories=True``: a list is otherwise one of yes/no forecasts, whatever it sums to.
Plain numbers in give a plain float out, arrays give one score for each item.
"""

from __future__ import annotations

from math import e, inf, log, log1p
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, floats, like_input, outcomes, paired, probabilities, refuse, sum_tolerance
from forecasts.options import between
from forecasts.reference import leave_one_out

__all__ = [
    "brier", "brier_multi", "brier_original", "leave_one_out", "log_score", "mean_score", "rps", "skill", "spherical",
]  # fmt: skip

_SCORES_AT_ONCE = 16_384  # values worked on at once, few enough to stay in the processor's cache


@overload
def brier(probability: float, outcome: float) -> float: ...
@overload
def brier(probability: ArrayLike, outcome: ArrayLike) -> FloatArray: ...
def brier(probability: ArrayLike, outcome: ArrayLike) -> float | FloatArray:
    """Squared miss: 0 when sure and right, 0.25 on the fence, 1 when sure and wrong; lower is better.

    The half Brier score of today's literature, (probability - outcome)^2, range 0 to 1. Any shape; a number
    beside an array is repeated. A fractional outcome is squared against as it is. :func:`brier_original` is
    the 0-to-2 form. Raises ValueError for anything outside 0 to 1.

    Source: Brier (1950), Monthly Weather Review 78:1, halved as in Gneiting & Raftery (2007), JASA 102:359.

    >>> brier(0.75, 1)
    0.0625
    """
    p, v = paired(probabilities(probability), outcomes(outcome))
    miss = np.asarray(np.subtract(p, v))
    return like_input(np.multiply(miss, miss, out=miss))


@overload
def brier_original(probability: float, outcome: float) -> float: ...
@overload
def brier_original(probability: ArrayLike, outcome: ArrayLike, *, categories: bool = False) -> FloatArray: ...
def brier_original(probability: ArrayLike, outcome: ArrayLike, *, categories: bool = False) -> float | FloatArray:
    """The score as Brier wrote it: squared misses summed over *all* categories; 0 to 2, lower is better.

    Yes/no: twice :func:`brier`. With `categories`: shape (..., K) beside category numbers of shape (...). This
    is the form of Good Judgment Open, Cultivate and Fatebook. Raises ValueError as :func:`brier` and
    :func:`brier_multi` do.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2.

    >>> brier_original(0.75, 1)
    0.125
    >>> round(brier_original([0.2, 0.5, 0.3], 1, categories=True), 12)
    0.38
    """
    if categories:
        return like_input(_squared_misses(*_categories(probability, outcome)))
    return like_input(2.0 * np.asarray(brier(probability, outcome)))


def brier_multi(probability: ArrayLike, outcome: ArrayLike) -> float | FloatArray:
    """The Brier score over K categories, halved: 0 to 1, lower is better; with two it is `brier`.

    Shapes (..., K) and (...). Raises ValueError where a row does not sum to 1 (within 1e-9, or as floats of 16
    or 32 bits allow) or the category is not one of its K.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2, halved.

    >>> round(brier_multi([0.2, 0.5, 0.3], 1), 12)
    0.19
    """
    return like_input(0.5 * _squared_misses(*_categories(probability, outcome)))


def rps(probability: ArrayLike, outcome: ArrayLike, *, normalize: bool = True) -> float | FloatArray:
    """Ranked probability score for *ordered* categories: near misses cost less; lower is better.

    The squared difference of the two cumulative distributions, summed over the K - 1 inner borders and, with
    `normalize`, divided by K - 1: range 0 to 1. Without: 0 to K - 1. Good Judgment Open prints twice the
    normalized one. Shapes and errors as :func:`brier_multi`.

    Source: Epstein (1969), J. Applied Meteorology 8:985.

    >>> round(rps([0.2, 0.5, 0.3], 1), 12)
    0.065
    """
    rows, one_hot = _categories(probability, outcome)
    gap = np.cumsum(rows - one_hot, axis=-1)[..., :-1]
    total = np.sum(gap * gap, axis=-1)
    return like_input(total / gap.shape[-1] if normalize else total)


@overload
def log_score(
    probability: float, outcome: float, *, base: float = e, clip: float | None = None, excess: bool = False
) -> float: ...
@overload
def log_score(
    probability: ArrayLike,
    outcome: ArrayLike,
    *,
    base: float = e,
    clip: float | None = None,
    excess: bool = False,
    categories: bool = False,
) -> FloatArray: ...
def log_score(
    probability: ArrayLike,
    outcome: ArrayLike,
    *,
    base: float = e,
    clip: float | None = None,
    excess: bool = False,
    categories: bool = False,
) -> float | FloatArray:
    """Surprise: minus the logarithm of the probability of what happened; 0 to infinity, lower is better.

    Certain and wrong is infinity, and stays infinity: nothing is clipped unless `clip` says to which
    distance from 0 and 1. ``base=2`` gives bits. A fraction v scores -v ln p - (1-v) ln(1-p), whose least
    value is the entropy of v; ``excess=True`` takes that off, so that 0 is the best again. With `categories`:
    shape (..., K) beside category numbers of shape (...). Raises ValueError for a base not above 1 or a clip
    not between 0 and 0.5.

    Source: Good (1952), J. Royal Statistical Society B 14:107.

    >>> log_score(0.25, 1, base=2)
    2.0
    >>> log_score(1.0, 0)
    inf
    """
    unit = log(between(base, "base", low=1.0, high=inf))
    if categories:
        rows, one_hot = _categories(probability, outcome)
        p, v = np.sum(rows * one_hot, axis=-1), np.ones(rows.shape[:-1])
    else:
        p, v = paired(probabilities(probability), outcomes(outcome))
    likelihood = log_likelihood(p, v, clip)
    if excess:
        likelihood -= log_likelihood(v, v)
    if base != e:
        likelihood /= unit
    return like_input(np.subtract(0.0, likelihood, out=likelihood))  # not a minus sign: 0, never -0


def spherical(probability: ArrayLike, outcome: ArrayLike, *, categories: bool = False) -> float | FloatArray:
    """The probability given to what happened, over the length of the forecast; 0 to 1, *higher* is better.

    A fraction v gets the mixture of the two answers. With `categories`: shape (..., K) beside category numbers of
    shape (...). Raises ValueError as :func:`brier` and :func:`brier_multi` do.

    Source: Gneiting & Raftery (2007), JASA 102:359, section 4.

    >>> round(spherical(0.6, 1), 12)
    0.832050294338
    """
    if categories:
        rows, one_hot = _categories(probability, outcome)
        hit, length = np.sum(rows * one_hot, axis=-1), np.sqrt(np.sum(rows * rows, axis=-1))
    else:
        p, v = paired(probabilities(probability), outcomes(outcome))
        hit, length = v * p + (1.0 - v) * (1.0 - p), np.hypot(p, 1.0 - p)
    return like_input(hit / length)


def mean_score(scores: ArrayLike) -> float | None:
    """The mean of scores of any shape; None when there is nothing to score.

    An infinite score makes the mean infinite. Raises ValueError for NaN, which marks what was not scored.

    >>> mean_score([0.0625, 0.25]), mean_score([])
    (0.15625, None)
    """
    return _mean(floats(scores, "score"), "score")


def skill(loss: ArrayLike, reference_loss: ArrayLike) -> float | None:
    """The share of the reference's mean loss that was saved: 1 perfect, 0 no better, negative worse.

    1 - mean(loss) / mean(reference_loss), both on the *same* claims (one shape, or both already means). The
    fair base rate to compare with is :func:`~forecasts.reference.leave_one_out`, which can be imported from here.
    None when there is nothing to score or the reference is perfect, because then no share exists. Raises
    ValueError for different shapes and NaN.

    Source: Sanders (1963), J. Applied Meteorology 2:191.

    >>> skill([0.0625, 0.125], [0.25, 0.25])
    0.625
    >>> skill(0.3, 0.0) is None
    True
    """
    own, reference = floats(loss, "loss"), floats(reference_loss, "reference_loss")
    if own.shape != reference.shape:
        raise ValueError(f"loss has shape {own.shape}, reference_loss {reference.shape}; they must match")
    mean, reference_mean = _mean(own, "loss"), _mean(reference, "reference_loss")
    if reference_mean == 0 and reference.any() and not np.any(reference < 0):  # the mean underflowed
        with np.errstate(over="ignore"):
            return skill(own * 2.0**512, reference * 2.0**512)
    if mean is None or not reference_mean or mean == reference_mean == np.inf:
        return None
    if not np.isfinite(reference_mean):
        return 1.0
    saved = (reference_mean - mean) / reference_mean
    return saved if np.isfinite(saved) else 1.0 - mean / reference_mean


def _mean(values: FloatArray, name: str) -> float | None:
    """Return the mean; None without values. ValueError for NaN, and for infinities of both signs."""
    if not values.size:
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        mean = float(values.mean())
        if np.isinf(mean) and np.isfinite(values).all():
            mean = float((values / values.size).sum())  # the sum alone was too large
    if np.isnan(mean):
        refuse(values, np.isnan(values), name, "is no score; leave out what was not scored")
        raise ValueError(f"{name}: plus and minus infinity have no mean")
    return mean


def log_likelihood(probability: FloatArray, outcome: FloatArray, clip: float | None = None) -> FloatArray:
    """Return v ln p + (1-v) ln(1-p), with 0 ln 0 = 0, as a fresh array; p is kept from `clip` to 1 - clip.

    >>> log_likelihood(np.array([1.0]), np.array([0.0]), clip=1e-20).round(6)
    array([-46.051702])
    """
    p, v = probability.ravel(), outcome.ravel()
    least = 0.0 if clip is None else between(clip, "clip", high=0.5)
    likelihood = np.empty(p.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        for low in range(0, p.size, _SCORES_AT_ONCE):
            part = slice(low, low + _SCORES_AT_ONCE)
            likelihood[part] = _log_likelihood_of_piece(p[part], v[part], least)
    return likelihood.reshape(probability.shape)


def _log_likelihood_of_piece(p: FloatArray, v: FloatArray, least: float) -> FloatArray:
    """Return v ln p + (1-v) ln(1-p) of few values: for plain yes and no with one logarithm each, exact near 0 and 1."""
    no = 1.0 - v
    given = no - p  # the chance given to the outcome: 1 - p for no, and p (as -p) for yes
    lost = no - given  # the rounding error of that: nothing for p, but for 1 - p with a small p all that counts
    lost -= p
    np.abs(given, out=given)
    np.log(given, out=given)
    given += lost  # the error matters only near a chance of 1, where the slope of ln is 1
    if least:
        np.clip(given, log(least), log1p(-least), out=given)
    partly = (v > 0.0) & (v < 1.0)
    if not partly.any():
        return given
    came, failed = np.log(p), np.log1p(-p)
    if least:
        came, failed = (np.clip(part, log(least), log1p(-least)) for part in (came, failed))
    return np.where(partly, v * came + no * failed, given)


def _categories(probability: ArrayLike, outcome: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the checked rows, which sum to 1, and the same shape with a 1 at the category that happened."""
    rows, happened = probabilities(probability), np.asarray(outcome)
    if rows.ndim == 0 or rows.shape[-1] < 2:
        raise ValueError(f"probability has shape {rows.shape}; the last axis must hold two categories or more")
    if happened.shape != rows.shape[:-1]:
        raise ValueError(f"outcome has shape {happened.shape}; {rows.shape[:-1]} would fit the forecasts")
    if happened.size and happened.dtype.kind not in "iu":
        first = happened.ravel()[:1].tolist()[0]
        raise ValueError(f"outcome {first!r} is not the number of a category, a whole one counted from 0")
    total = rows.sum(axis=-1)
    refuse(total, np.abs(total - 1.0) > sum_tolerance(probability), "sum of probability", "is not 1")
    number = happened.astype(np.float64)
    refuse(
        number,
        (number < 0) | (number >= rows.shape[-1]),
        "outcome",
        f"is not a category from 0 to {rows.shape[-1] - 1}",
    )
    return rows, np.asarray(np.arange(rows.shape[-1]) == number[..., np.newaxis], dtype=np.float64)


def _squared_misses(rows: FloatArray, one_hot: FloatArray) -> FloatArray:
    """Return the sum of squared misses over the categories of each row."""
    gap = rows - one_hot
    return np.asarray(np.sum(gap * gap, axis=-1))
