"""How numbers are scored.

The class is a :class:`~forecasts.questions.Scoring`, as that of :mod:`~forecasts.dates` is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.curves import Curves, Pieces
from forecasts.distribution_calibration import places
from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import of_known, of_said, positions
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
        said: The curves that forecasters drew, on the axis of their claim.
        low: The lower end of each claim's range, on its axis, shape (claims,).
        high: The upper end.
        log: Whether the claim's axis is the logarithm of its unit.

    >>> from forecasts.curves import curves
    >>> sold = Number(curves([[(2, 0.1), (4, 0.5), (7, 0.9)]]), np.zeros(1), np.full(1, 10.0), np.array([False]))
    >>> sold.losses(np.zeros(1), np.array([4.2]), np.array([0])).round(6).tolist()
    [0.053867]
    """

    said: Curves
    low: FloatArray
    high: FloatArray
    log: BoolArray

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return a sixth for each."""
        return np.full(np.shape(claim), NUMBER_SPREAD)

    def losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the mean Brier score of the questions "at most x?" over the range."""
        value = self.on_axis(outcome, claim)
        low, high = self.low[claim], self.high[claim]
        return of_known(
            said, value, lambda of, at: number_losses(self.said.part(at), value[of], low=low[of], high=high[of])
        )

    def gaps(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Pieces:
        """Return the lines of chance less answer, on the axis; see :func:`~forecasts.number_scores.number_gaps`."""
        curves, value = self.said.part(positions(said)), self.on_axis(outcome, claim)
        return number_gaps(curves, value, low=self.low[claim], high=self.high[claim])

    def medians(self, said: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the value at which each curve reaches one half, or the end of the range beyond which it does."""
        low, high = self.low[claim], self.high[claim]
        at = number_quantiles(self.said.part(positions(said)), 0.5, low=low, high=high)
        return self.off_axis(np.clip(at, low, high), claim)

    def log_losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return NaN: a curve of points gives no density."""
        return np.full(np.shape(said), np.nan)

    def possible_losses(self, said: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the losses at the median, and at the worse end of the range."""
        low, high = self.low[claim], self.high[claim]
        return of_said(said, lambda of, at: number_bounds(self.said.part(at), low=low[of], high=high[of]))

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return what is saved at least and at most over all values, known at any moment.

        Between two points of the curves it is a parabola of the value, on the axis of the claim.
        """
        claims = stays.claims
        values, count = self.telling_values(stays)
        running = running_savings(self.saved, stays, self.off_axis(values, np.repeat(claims, count)), count)
        turns = turning_points(running, count)
        sums, series = (np.concatenate(columns) for columns in zip(running[:2], turns[:2], strict=True))
        return least_and_most(sums, series, claims.size)

    def worst_outcomes(self, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return the value at which each series saves least, or most; of several the lowest."""
        claims = stays.claims
        values, count = self.telling_values(stays)
        running = running_savings(self.saved, stays, self.off_axis(values, np.repeat(claims, count)), count).in_all()
        turns = turning_points(running, count)
        between = values[turns.cell] + turns.place * (values[turns.cell + 2] - values[turns.cell])
        saved, series = (np.concatenate(columns) for columns in zip(running[:2], turns[:2], strict=True))
        saved = -saved if for_another else saved
        return self.off_axis(least_saved(saved, series, np.append(values, between)), claims)

    def telling_values(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return the values on the axis between which a series saves as a parabola does; and how many each has."""
        said = [stays.said] if stays.other is None else [stays.said, stays.other]
        drawn = [self.said.part(positions(numbers)) for numbers in said]
        return values_between(drawn, stays.series, self.low[stays.claims], self.high[stays.claims])

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return what the even spread over the range loses."""
        return number_reference(self.on_axis(outcome, claim), low=self.low[claim], high=self.high[claim])

    def questions(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return "at most x?" for the points of each curve, all of a forecast together as heavy as one."""
        return Questions.at_points(self.said, said, self.on_axis(outcome, claim))

    def undoubted(self, said: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return on which share of each range nobody doubted "at most x?"."""
        return undoubted_range(self.said.part(positions(said)), claim, low=self.low[claim], high=self.high[claim])

    def places(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return where each outcome fell in its curve; see :func:`~forecasts.distribution_calibration.places`."""
        value = self.on_axis(outcome, claim)
        return places(self.said.part(positions(said)), value, low=self.low[claim], high=self.high[claim])

    def off_axis(self, values: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return values in the unit of their claim, of those on its axis."""
        return np.exp(values, where=self.log[claim], out=values.copy())

    def on_axis(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return values on the axis of their claim; one that has no logarithm lies below every range."""
        positive = np.where(outcome > 0, outcome, np.nan)
        logarithm = np.where(np.isnan(positive) & ~np.isnan(outcome), self.low[claim], np.log(positive))
        return np.where(self.log[claim], logarithm, outcome)
