"""Calibration: whether a forecaster's 70% come true 70% of the time, and other summaries of a record.

Begin with CORP (`corp_decomposition`, `reliability_curve`, `consistency_test`), which needs no bins. Beside it stand
the older Murphy decomposition, bins for display, and tests and summaries of one number each. The larger subjects have
files of their own (:mod:`forecasts.corp`, :mod:`forecasts.murphy`, :mod:`forecasts.bins`,
:mod:`forecasts.recalibrations`), but can all be imported from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.bins import DisplayBins, bin_index, display_bins, histogram, jeffreys_interval
from forecasts.corp import (
    ConsistencyTest,
    CorpDecomposition,
    ReliabilityCurve,
    consistency_test,
    corp_decomposition,
    recalibrated,
    reliability_curve,
)
from forecasts.inputs import FloatArray, outcomes, probabilities, same_at
from forecasts.murphy import MurphyDecomposition, murphy_decomposition
from forecasts.paired_record import record, ties, verdicts
from forecasts.recalibrations import calibration_e_process
from forecasts.regression import Shift, fitted_line, fitted_shift
from forecasts.special import kept_log_odds, logistic, two_sided

__all__ = [
    "BeliefMovement", "CalibrationLine", "ConsistencyTest", "CorpDecomposition", "DisplayBins", "MurphyDecomposition",
    "ReliabilityCurve", "Spiegelhalter", "auc", "belief_movement", "bin_index", "calibration_e_process",
    "calibration_in_the_large", "calibration_in_the_large_error", "calibration_line", "consistency_test",
    "corp_decomposition", "display_bins", "histogram", "jeffreys_interval", "murphy_decomposition", "recalibrated",
    "reliability_curve", "sharpness", "spiegelhalter",
]  # fmt: skip


@dataclass(frozen=True)
class Spiegelhalter:
    """The result of Spiegelhalter's test.

    Attributes:
        z: Above 0 if the Brier score is worse than the forecasts themselves promise.
        p_value: Two-sided.
    """

    z: float
    p_value: float


@dataclass(frozen=True)
class CalibrationLine:
    """Logistic regression of the outcome on the log-odds of the forecast; calibrated is intercept 0, slope 1.

    Attributes:
        intercept: Above 0 if the forecasts were too low.
        slope: Below 1 if they were overconfident.
        intercept_error: The standard error of the intercept.
        slope_error: The standard error of the slope.
    """

    intercept: float
    slope: float
    intercept_error: float
    slope_error: float


@dataclass(frozen=True)
class BeliefMovement:
    """How far the forecasts on one claim moved, beside the doubt that this removed.

    Attributes:
        movement: The sum of squared steps.
        reduction: The fall of p (1 - p) from the first forecast to the last.
        excess: Movement less reduction. Its expectation is 0 for a forecaster who updates rightly; above 0 on average
            is over-reaction, below 0 under-reaction.
        ratio: Movement / reduction; None if the reduction is not above 0.
    """

    movement: float
    reduction: float
    excess: float
    ratio: float | None


def spiegelhalter(probability: ArrayLike, outcome: ArrayLike) -> Spiegelhalter | None:
    """Test whether the mean Brier score is what the forecasts themselves promise.

    probability, outcome: shape (n,), outcomes 0 or 1. The statistic is
    z = sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)), nearly standard normal for a calibrated record.
    Returns None where it says nothing: no forecasts, or all of them 0, 0.5 or 1 (at 12 decimals). Raises ValueError
    for NaN, values outside 0 to 1, fractional outcomes, unequal shapes.

    Source: Spiegelhalter (1986), Statistics in Medicine 5:421.

    Hand-worked: 0.8 came true: 0.2 x -0.6 / sqrt(0.36 x 0.16) = -0.12 / 0.24.

    >>> round(spiegelhalter([0.8], [1]).z, 12)
    -0.5
    """
    chance, truth = verdicts(probability, outcome)
    if np.isin(same_at(chance), same_at(np.array([0, 0.5, 1]))).all():
        return None
    lean = 1 - 2 * chance
    variance = float(np.sum(lean**2 * chance * (1 - chance)))
    z = float(np.sum((truth - chance) * lean)) / math.sqrt(variance)
    return Spiegelhalter(z, two_sided(z))


def calibration_line(
    probability: ArrayLike, outcome: ArrayLike, *, clip: float | None = None
) -> CalibrationLine | None:
    """Fit intercept and slope of the outcomes against the log-odds of the forecasts.

    probability, outcome: shape (n,), outcomes 0 or 1. clip: forecasts of 0 and 1 have no log-odds; they raise
    ValueError unless a clip says how far from the ends to keep them.

    Returns None where no line is best: no forecasts, all outcomes are the same, one probability only, or some
    threshold parts yes from no (a slope without end). Raises ValueError also for NaN, values outside 0 to 1,
    fractional outcomes, unequal shapes.

    Source: Cox (1958), Biometrika 45:562.

    Hand-worked: 0.8 comes true 2 times in 3 and 0.2 once in 3: log-odds ln 2, where the forecasts had ln 4.

    >>> line = calibration_line([0.8] * 3 + [0.2] * 3, [1, 1, 0, 0, 0, 1])
    >>> abs(round(line.intercept, 12)), round(line.slope, 12)
    (0.0, 0.5)
    """
    odds, truth = _log_odds(probability, outcome, clip)
    value = same_at(logistic(odds))
    yes, no = value[truth == 1], value[truth == 0]
    if not yes.size or not no.size or yes.min() >= no.max() or no.min() >= yes.max():
        return None
    return CalibrationLine(*fitted_line(odds, truth))


def calibration_in_the_large(probability: ArrayLike, outcome: ArrayLike, *, clip: float | None = None) -> float | None:
    """Find the log-odds that must be added to all forecasts to make them right on average; 0 is calibrated.

    Arguments and errors as :func:`calibration_line`; above 0 the forecasts were too low. None without
    forecasts, or when all outcomes are the same.

    Source: Cox (1958), Biometrika 45:562.

    Hand-worked: forecasts of one half, of which two in three came true: log-odds ln 2.

    >>> round(calibration_in_the_large([0.5, 0.5, 0.5], [1, 1, 0]), 6)
    0.693147
    """
    fitted = _shift(probability, outcome, clip)
    return None if fitted is None else fitted.value


def calibration_in_the_large_error(
    probability: ArrayLike, outcome: ArrayLike, *, clip: float | None = None
) -> float | None:
    """Return the standard error of the log-odds that must be added to all forecasts to make them right on average.

    1 / sqrt(sum q (1 - q)), q being the forecasts once they are shifted. Arguments, edges and errors as
    :func:`calibration_in_the_large`.

    Source: Cox (1958), Biometrika 45:562.

    Hand-worked: all three are shifted to 2/3: 1 / sqrt(3 x 2/9).

    >>> round(calibration_in_the_large_error([0.5, 0.5, 0.5], [1, 1, 0]), 6)
    1.224745
    """
    fitted = _shift(probability, outcome, clip)
    return None if fitted is None else fitted.error


def auc(probability: ArrayLike, outcome: ArrayLike) -> float | None:
    """Return the chance that a claim that came true was given more than one that did not; ties count half.

    probability, outcome: shape (n,), outcomes 0 or 1. Range 0 to 1, 0.5 is no better than chance, higher is
    better; blind to calibration. Tied is what is equal at 12 decimals. None unless both outcomes
    occur. Raises ValueError for NaN, values outside 0 to 1, fractional outcomes, unequal shapes.

    Source: Mann & Whitney (1947); Hanley & McNeil (1982), Radiology 143:29.

    >>> auc([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0])  # of the four pairs three are right, one is tied
    0.875
    """
    chance, truth = verdicts(probability, outcome)
    yes = int(truth.sum())
    no = truth.size - yes
    if not yes or not no:
        return None
    _, group, count = ties(chance)
    rank = np.cumsum(count) - (count - 1) / 2
    return float((rank[group] @ truth - yes * (yes + 1) / 2) / (yes * no))


def sharpness(probability: ArrayLike) -> float | None:
    """Return the mean of p (1 - p), the Brier score the forecasts promise; 0 is all certain, 0.25 all at 50%.

    probability: any shape. None without forecasts; raises ValueError for NaN and values outside 0 to 1.
    Sharp is good only if calibrated. See :func:`forecasts.bins.histogram` for the whole shape.

    Source: Gneiting, Balabdaoui & Raftery (2007), JRSS B 69:243, section 3.

    >>> sharpness([0.5, 1.0])
    0.125
    """
    chance = probabilities(probability)
    return float(np.mean(chance * (1 - chance))) if chance.size else None


def belief_movement(probability: ArrayLike, outcome: float | None = None) -> BeliefMovement | None:
    """Compare how far the forecasts on one claim moved with the doubt that they removed.

    probability: shape (n,), every forecast in the order made. outcome: the last step leads to it, if known.
    One claim says little; the test is the mean excess over many. None with fewer than two beliefs (the
    outcome counts as one). Raises ValueError for NaN and values outside 0 to 1.

    Source: Augenblick & Rabin (2021), Quarterly Journal of Economics 136:933, proposition 1.

    Hand-worked: 0.5, 0.8, yes: 0.09 + 0.04 moved, 0.25 removed; under-reaction, by 0.12.

    >>> path = belief_movement([0.5, 0.8], 1)
    >>> round(path.movement, 12), path.reduction, round(path.excess, 12)
    (0.13, 0.25, -0.12)
    """
    chance, _ = record(probability, 0)
    last = outcomes([] if outcome is None else outcome)
    if last.size > 1:
        raise ValueError(f"outcome has shape {last.shape}; the forecasts on one claim lead to one outcome")
    path = np.append(chance, last)
    if path.size < 2 or not chance.size:
        return None
    doubt = path * (1 - path)
    movement, reduction = float(np.sum(np.diff(path) ** 2)), float(doubt[0] - doubt[-1])
    return BeliefMovement(movement, reduction, movement - reduction, movement / reduction if reduction > 0 else None)


def _shift(probability: ArrayLike, outcome: ArrayLike, clip: float | None) -> Shift | None:
    """Return what must be added to the log-odds, and its standard error."""
    odds, truth = _log_odds(probability, outcome, clip)
    if not truth.size or truth.min() == truth.max():
        return None
    return fitted_shift(odds, truth)


def _log_odds(probability: ArrayLike, outcome: ArrayLike, clip: float | None) -> tuple[FloatArray, FloatArray]:
    """Return the log-odds of the forecasts of a record, and its outcomes."""
    chance, truth = verdicts(probability, outcome)
    return kept_log_odds(chance, clip), truth
