"""Scores of standing forecasts: over the whole time they stood, of the first or the last, and at one instant.

Each function takes a :class:`~forecasts.standing.Standing` and gives one value for each of its series.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.reference import HALF, ConstantHazard
from forecasts.scores import brier
from forecasts.side_by_side import shared
from forecasts.standing import Standing, per_series

__all__ = ["first_forecast", "last_forecast", "spot", "time_brier", "time_skill"]


def time_brier(standing: Standing, outcome: ArrayLike) -> float | FloatArray | None:
    """The Brier score integrated over the time a forecast stood, divided by the *scheduled* window; 0 to 1.

    Lower is better, but only between records of equal coverage: time without a forecast adds nothing, so a short
    presence looks good. It is never ranked or shown alone; :func:`time_skill` is. Dividing by the time until the answer
    came, as most sites do, would reward shouting early.

    Args:
        standing: The standing forecasts.
        outcome: One for each series, 0 to 1.

    Returns:
        A score for each series; None (NaN in an array) where nothing stood.

    Raises:
        ValueError: An outcome outside 0 to 1, or not one for each series.

    Source: Metaculus, scores FAQ, on truncation, with the Brier score of `forecasts.scores.brier`.

    >>> from forecasts.standing import standing
    >>> time_brier(standing([0, 1], [0.5, 1.0], opens=0, closes=4, known=2), 1)
    0.0625
    """
    happened = _outcomes(standing, outcome)[standing.series]
    loss = standing.total(brier(standing.probabilities, happened) * standing.shares)
    covered = standing.total(standing.ends - standing.starts) > 0
    return standing.answer_or_none(np.where(covered, loss, np.nan))


def time_skill(
    standing: Standing, outcome: ArrayLike, *, reference: ArrayLike | Standing | ConstantHazard = HALF
) -> float | FloatArray:
    """Squared error saved against a reference, over the forecaster's own time; -1 to 1, higher is better.

    The integral of (reference's Brier - own Brier) over the time a forecast stood, divided by the *scheduled* window.
    Time without a forecast counts 0, so absence is exactly as good as the reference; an honest forecast is best at
    every instant.

    Args:
        standing: The standing forecasts.
        outcome: One for each series, 0 to 1.
        reference: A probability, or one for each series; a :class:`~forecasts.reference.ConstantHazard`; or another
            Standing on the same windows, which is compared over the time in which both stood.

    Returns:
        A skill for each series; 0 where nothing stood, so look at the coverage as well.

    Raises:
        ValueError: An outcome or a reference outside 0 to 1 or not one for each series, or a Standing on other windows.

    Source: Metaculus, scores FAQ, on peer scores and truncation, with differences of Brier scores.

    >>> from forecasts.standing import standing
    >>> time_skill(standing([0, 1], [0.5, 1.0], opens=0, closes=4, known=2), 1)
    0.0625
    """
    happened = _outcomes(standing, outcome)
    if isinstance(reference, Standing):
        both = shared(standing, reference)
        truth, share = happened[both.series], (both.ends - both.starts) / standing.horizon[both.series]
        saved = (brier(both.second, truth) - brier(both.first, truth)) * share
        return standing.answer(standing.total(saved, both.series))
    truth, share = happened[standing.series], standing.shares
    own_loss = brier(standing.probabilities, truth) * share
    if isinstance(reference, ConstantHazard):
        per_series(inputs.probabilities(reference.probability), standing.opens.size, "probability of the hazard")
        begun = (standing.starts - standing.opens[standing.series]) / standing.horizon[standing.series]
        reference_loss = reference.integrated_brier(
            truth,
            starts=begun,
            ends=begun + share,
            opens=np.zeros_like(share),
            closes=np.ones_like(share),
            series=standing.series,
        )
    else:
        constant = per_series(inputs.probabilities(reference, "reference"), standing.opens.size, "reference")
        reference_loss = brier(constant[standing.series], truth) * share
    return standing.answer(standing.total(reference_loss - own_loss))


def first_forecast(standing: Standing) -> float | FloatArray | None:
    """The first probability that stood in each series; its plain Brier score is proper.

    A later withdrawal does not erase it. None (NaN in an array) where none stood.

    Source: Brier (1950), Monthly Weather Review 78:1, of one forecast fixed before the event.

    >>> from forecasts.standing import standing
    >>> first_forecast(standing([1, 2], [0.4, 0.7], opens=0, closes=5))
    0.4
    """
    return standing.answer_or_none(_at_interval(standing, _edges(standing)[:-1], _any_stood(standing)))


def last_forecast(standing: Standing) -> float | FloatArray | None:
    """The last probability that stood before the answer came, withdrawn later or not. It rewards shouting.

    When a yes ends the claim early, a forecast that is wrong for now and would be corrected later costs nothing, so the
    honest probability is not the best one to hold. Never rank by it. None (NaN in an array) where none stood.

    Source: Metaculus, scores FAQ, on truncation, for why it rewards shouting.

    >>> from forecasts.standing import standing
    >>> last_forecast(standing([1, 2], [0.4, 0.7], opens=0, closes=5))
    0.7
    """
    return standing.answer_or_none(_at_interval(standing, _edges(standing)[1:] - 1, _any_stood(standing)))


def spot(standing: Standing, at: ArrayLike) -> float | FloatArray | None:
    """The probability that stood at one instant: the opening plus x, or the deadline minus x.

    Args:
        standing: The standing forecasts.
        at: A number, or one for each series. Never count it back from the moment the answer came: that would choose
            the instant by the outcome.

    Returns:
        A probability for each series; None (NaN in an array) where none stood then, as from `known` on.

    Raises:
        ValueError: A time that is not finite, or not one for each series.

    Source: Metaculus, scores FAQ, on spot scores.

    >>> from forecasts.standing import standing
    >>> spot(standing([1, 2], [0.4, 0.7], opens=0, closes=5), at=5 - 3)
    0.7
    """
    moment = per_series(inputs.finite(at, "at"), standing.opens.size, "at")
    begun = np.bincount(standing.series[standing.starts <= moment[standing.series]], minlength=standing.opens.size)
    interval = _edges(standing)[:-1] + begun - 1
    stood = begun > 0
    stood[stood] = standing.ends[interval[stood]] > moment[stood]
    return standing.answer_or_none(_at_interval(standing, interval, stood))


def _outcomes(record: Standing, outcome: ArrayLike) -> FloatArray:
    return per_series(inputs.outcomes(outcome), record.opens.size, "outcome")


def _edges(record: Standing) -> IndexArray:
    """Return the first interval of each series, and the one after the last of all."""
    return np.searchsorted(record.series, np.arange(record.opens.size + 1))


def _any_stood(record: Standing) -> BoolArray:
    """Return for each series whether a forecast stood."""
    return np.asarray(np.bincount(record.series, minlength=record.opens.size) > 0)


def _at_interval(record: Standing, interval: IndexArray, stood: BoolArray) -> FloatArray:
    """Return the probability of one interval for each series; NaN where none stood."""
    values = np.full(record.opens.size, np.nan)
    values[stood] = record.probabilities[interval[stood]]
    return values
