"""Collect evidence against calibration that holds however often one looks, by bets on 29 ways to be miscalibrated.

Each way is a recalibration: a forecast of p should have been q, whose log-odds are a + b x those of p. These are the
usual errors: always too high or too low (a), too bold or too timid (b). A wave, too high here and too low there, is not
one of them, so it is found late or never; :func:`forecasts.corp.consistency_test`, for one look, sees every rising
shape.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray
from forecasts.options import codes
from forecasts.paired_record import record
from forecasts.special import log_odds, logistic

__all__ = ["calibration_e_process"]

CUT = 0.005
"""Forecasts are kept so far from 0 and 1 before their log-odds are changed."""

RECALIBRATIONS = tuple(
    (shift, slope)
    for shift in (-1.0, -0.5, 0.0, 0.5, 1.0)
    for slope in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
    if (shift, slope) != (0.0, 1.0)
)


def calibration_e_process(
    probability: ArrayLike, outcome: ArrayLike, *, clusters: Iterable[Hashable] | None = None
) -> FloatArray | None:
    """Return the evidence, after each claim, that the forecasts are not calibrated.

    probability, outcome: shape (n,), in the order in which the claims settle; fractional outcomes are welcome.
    clusters: shape (n,), a label for each claim; those that share one are one observation, at the place of the first,
        and the bets on them are averaged.

    Returns one number for each observation, from 0 upwards, capped at the largest float: what 1 has become by betting
    on the 29 recalibrations in equal parts. 1 is no evidence, 20 is as rare among calibrated forecasters as a p-value
    of .05 *at whatever moment one chose to stop*, and 1 divided by the largest so far is an anytime-valid p-value. It
    presumes that what has settled says nothing of claims forecast before.

    Returns None without forecasts; raises ValueError for NaN, values outside 0 to 1 and unequal shapes.

    Source: Henzi & Ziegel (2022), Biometrika 109:647, and Arnold, Henzi & Ziegel (2023), JRSS B 85:973, for e-values
    of calibration; each bet is the ratio of two likelihoods, q(y) / p(y).

    >>> calibration_e_process([0.9, 0.8, 0.7, 0.9, 0.6], [1, 0, 1, 0, 0])[-1].round(6)
    np.float64(2.189647)
    """
    chance, truth = record(probability, outcome)
    labels, group = codes(range(chance.size) if clusters is None else clusters, "cluster")
    if group.shape != chance.shape:
        raise ValueError(f"there are {chance.size} forecasts and {group.size} clusters")
    if not chance.size:
        return None
    odds = log_odds(np.clip(chance, CUT, 1 - CUT))
    size, evidence = np.bincount(group), np.full(len(labels), -np.inf)
    for shift, slope in RECALIBRATIONS:
        gains = np.bincount(group, _gain(chance, logistic(shift + slope * odds), truth)) / size
        evidence = np.logaddexp(evidence, np.cumsum(np.log(gains)))
    evidence -= math.log(len(RECALIBRATIONS))
    return np.asarray(np.exp(np.minimum(evidence, math.log(np.finfo(np.float64).max))))


def _gain(chance: FloatArray, other: FloatArray, truth: FloatArray) -> FloatArray:
    """Return what a bet of 1 on other chances brings back; infinite if an event came that had a chance of 0."""
    with np.errstate(divide="ignore", over="ignore"):
        yes = np.multiply(truth, other / chance, where=truth > 0, out=np.zeros_like(truth))
        no = np.multiply(1 - truth, (1 - other) / (1 - chance), where=truth < 1, out=np.zeros_like(truth))
    return yes + no
