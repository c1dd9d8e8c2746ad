"""How numbers are scored.

The class is a :class:`~forecasts.questions.Scoring`, as that of :mod:`~forecasts.dates` is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.curves import Curves, Segments
from forecasts.distribution_calibration import places
from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import positions, score_decided, score_pairs
from forecasts.number_scores import (
    NUMBER_SPREAD,
    number_bounds,
    number_gaps,
    number_losses,
    number_quantiles,
    number_reference,
)
from forecasts.possible_savings import (
    Stays,
    least_and_most,
    least_saved,
    running_savings,
    turning_points,
    values_between,
)
from forecasts.questions import Questions, Steady
from forecasts.undoubted import Undoubted, undoubted_range

__all__ = ["Number"]


@dataclass(frozen=True, eq=False)
class Number(Steady):
    """A value comes out, perhaps outside the range in which it is scored.

    Attributes:
        curves: The curves that forecasters drew, on the axis of their claim.
        low: The lower end of each claim's range, on its axis, shape (claims,).
        high: The upper end.
        log: Whether the claim's axis is the logarithm of its unit.

    >>> from forecasts.curves import curves
    >>> sold = Number(curves([[(2, 0.1), (4, 0.5), (7, 0.9)]]), np.zeros(1), np.full(1, 10.0), np.array([False]))
    >>> sold.losses(np.zeros(1), np.array([4.2]), np.array([0])).round(6).tolist()
    [0.053867]
    """

    curves: Curves
    low: FloatArray
    high: FloatArray
    log: BoolArray

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return 1/6 for each claim."""
        return np.full(np.shape(claim), NUMBER_SPREAD)

    def losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the mean Brier score of the questions "at most x?" over the range."""
        value = self.on_axis(outcome, claim)
        low, high = self.low[claim], self.high[claim]
        return score_decided(
            forecast,
            value,
            lambda rows, index: number_losses(self.curves.part(index), value[rows], low=low[rows], high=high[rows]),
        )

    def gaps(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Segments:
        """Return chance minus answer as lines on the axis; see :func:`~forecasts.number_scores.number_gaps`."""
        curves, value = self.curves.part(positions(forecast)), self.on_axis(outcome, claim)
        return number_gaps(curves, value, low=self.low[claim], high=self.high[claim])

    def medians(self, forecast: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the median of each curve in the unit of its claim, or the end of the range if it lies beyond."""
        low, high = self.low[claim], self.high[claim]
        median = number_quantiles(self.curves.part(positions(forecast)), 0.5, low=low, high=high)
        return self.off_axis(np.clip(median, low, high), claim)

    def log_losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return NaN: a curve of points gives no density."""
        return np.full(np.shape(forecast), np.nan)

    def possible_losses(self, forecast: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the losses at the median, and at the worse end of the range."""
        low, high = self.low[claim], self.high[claim]
        return score_pairs(
            forecast, lambda rows, index: number_bounds(self.curves.part(index), low=low[rows], high=high[rows])
        )

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series saves, over all values and all moments of the answer.

        On the axis of the claim, between two neighbouring points of the curves, savings are a parabola of the value. So
        the extremes lie at points or where a parabola turns.
        """
        claims = stays.claims
        values, count = self.telling_values(stays)
        running = running_savings(self.saved, stays, self.off_axis(values, np.repeat(claims, count)), count)
        turns = turning_points(running, count)
        sums, series = (np.concatenate(columns) for columns in zip(running[:2], turns[:2], strict=True))
        return least_and_most(sums, series, claims.size)

    def worst_outcomes(self, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return the value at which each series saves least, or most *for_another*; the lowest if there are several."""
        claims = stays.claims
        values, count = self.telling_values(stays)
        running = running_savings(self.saved, stays, self.off_axis(values, np.repeat(claims, count)), count).in_all()
        turns = turning_points(running, count)
        turning_values = values[turns.cell] + turns.place * (values[turns.cell + 2] - values[turns.cell])
        saved, series = (np.concatenate(columns) for columns in zip(running[:2], turns[:2], strict=True))
        saved = -saved if for_another else saved
        return self.off_axis(least_saved(saved, series, np.append(values, turning_values)), claims)

    def telling_values(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return the values on the axis between which savings are a parabola, by series, and how many each has."""
        columns = [stays.forecast] if stays.other is None else [stays.forecast, stays.other]
        drawn = [self.curves.part(positions(forecast)) for forecast in columns]
        return values_between(drawn, stays.series, self.low[stays.claims], self.high[stays.claims])

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of the even spread over the range."""
        return number_reference(self.on_axis(outcome, claim), low=self.low[claim], high=self.high[claim])

    def questions(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return "at most x?" for each point of a curve; the questions of one forecast together have a weight of 1."""
        return Questions.at_points(self.curves, forecast, self.on_axis(outcome, claim))

    def undoubted(self, forecast: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return for which share of each range the answer to "at most x?" was not in doubt."""
        return undoubted_range(self.curves.part(positions(forecast)), claim, low=self.low[claim], high=self.high[claim])

    def places(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the chances below and at most each outcome; see ``distribution_calibration.places``."""
        value = self.on_axis(outcome, claim)
        return places(self.curves.part(positions(forecast)), value, low=self.low[claim], high=self.high[claim])

    def off_axis(self, values: FloatArray, claim: ClaimArray) -> FloatArray:
        """Convert values on the axis of their claim to its unit."""
        return np.exp(values, where=self.log[claim], out=values.copy())

    def on_axis(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Convert values in the unit of their claim to its axis; without a logarithm, to the low end of the range."""
        positive = np.where(outcome > 0, outcome, np.nan)
        logarithm = np.where(np.isnan(positive) & ~np.isnan(outcome), self.low[claim], np.log(positive))
        return np.where(self.log[claim], logarithm, outcome)
