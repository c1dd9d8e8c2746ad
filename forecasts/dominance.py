"""Murphy diagrams: compare forecasters under every proper score at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, probabilities, same_at
from forecasts.paired_record import ties, verdicts

__all__ = ["MurphyDiagram", "dominates", "murphy_diagram"]


@dataclass(frozen=True, eq=False)
class MurphyDiagram:
    """Mean elementary score at each threshold; lower is better.

    Attributes:
        theta: The thresholds, shape (m,).
        score: The mean elementary score at each.
        area: The exact integral over all thresholds: half the mean Brier score.
    """

    theta: FloatArray
    score: FloatArray
    area: float


def murphy_diagram(
    probability: ArrayLike, outcome: ArrayLike, *, thetas: ArrayLike | None = None
) -> MurphyDiagram | None:
    """Return the mean elementary score at each threshold; every proper score is a mixture of these.

    probability, outcome: shape (n,), outcomes 0 or 1. thetas: thresholds from 0 to 1; by default 0, 1 and
    every distinct probability (at 12 decimals), between which the diagram is straight (and continuous from the
    right).

    The elementary score is theta where theta < p and the claim failed, 1 - theta where p <= theta and it came
    true, else 0; range 0 to 1. (The `scores` package draws half of it.) Returns None without forecasts;
    raises ValueError for NaN, values outside 0 to 1, fractional outcomes and unequal shapes.

    Source: Ehm, Gneiting, Jordan & Krueger (2016), JRSS B 78:505, theorem 1 b.

    Hand-worked: 0.8 came true: nothing below the threshold 0.8, 1 - theta from there; area 0.2^2 / 2.

    >>> diagram = murphy_diagram([0.8], [1])
    >>> diagram.theta.tolist(), diagram.score.round(12).tolist(), round(diagram.area, 12)
    ([0.0, 0.8, 1.0], [0.0, 0.2, 0.0], 0.02)
    """
    chance, truth = verdicts(probability, outcome)
    if not chance.size:
        return None
    knots = _knots(chance)
    theta = knots if thetas is None else np.atleast_1d(probabilities(thetas, "theta"))
    failed, true = _wrong_shares(chance, truth, knots[:-1])
    area = failed @ np.diff(knots**2) / 2 - true @ np.diff((1 - knots) ** 2) / 2
    high, low = _wrong_shares(chance, truth, theta)
    return MurphyDiagram(theta, theta * high + (1 - theta) * low, float(area))


def dominates(probability: ArrayLike, outcome: ArrayLike, *, rival: ArrayLike) -> bool | None:
    """Return whether the first forecaster's Murphy diagram is nowhere above the rival's.

    probability, outcome, rival: shape (n,), outcomes 0 or 1. If so the first did at least as well on this
    record under *every* proper score, so no choice of score is behind the verdict. None without forecasts;
    errors as :func:`murphy_diagram`.

    Source: Ehm, Gneiting, Jordan & Krueger (2016), JRSS B 78:505, on forecast dominance.

    >>> dominates([0.9, 0.1], [1, 0], rival=[0.6, 0.4]), dominates([0.9, 0.6], [1, 0], rival=[0.6, 0.4])
    (True, False)
    """
    ours, truth = verdicts(probability, outcome)
    theirs, _ = verdicts(rival, outcome)
    if not ours.size:
        return None
    knots = _knots(np.concatenate([ours, theirs]))
    failed, true = (
        a - b
        for a, b in zip(_wrong_shares(ours, truth, knots[:-1]), _wrong_shares(theirs, truth, knots[:-1]), strict=True)
    )
    # straight between knots, so both ends of every piece decide
    gaps = [end * failed + (1 - end) * true for end in (knots[:-1], knots[1:])]
    return bool(max(gap.max() for gap in gaps) <= 1e-12)


def _knots(chance: FloatArray) -> FloatArray:
    """Return 0, 1 and the distinct probabilities between them."""
    knots = ties(np.concatenate([[0.0, 1.0], chance])).values
    knots[-1] = 1.0  # a forecast equal to 1 at 12 decimals may be a rounding less
    return knots


def _wrong_shares(chance: FloatArray, truth: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the shares of claims that failed although p > theta, and that came true although p <= theta."""
    value, threshold = same_at(chance), same_at(theta)
    no, yes = np.sort(value[truth == 0]), np.sort(value[truth == 1])
    failed = (no.size - np.searchsorted(no, threshold, "right")) / chance.size
    return failed, np.searchsorted(yes, threshold, "right") / chance.size
