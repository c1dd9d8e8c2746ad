"""How dates are scored.

The class is a :class:`~forecasts.questions.Scoring` that holds a batch of curves, and columns about every claim. A
forecast is the position of its curve in the batch, as a number; NaN is a withdrawal. Values for claims of other types
are never read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.curves import Curves, Segments, in_own_list
from forecasts.date_outcomes import Later, date_losses_day_by_day, date_losses_on_every_day, days_stood, later_sums
from forecasts.date_scores import date_bounds, date_gaps, date_losses, date_losses_over_time, date_reference
from forecasts.date_spreads import date_spread_over_time
from forecasts.day_chances import chances_by, likely_days
from forecasts.distribution_calibration import date_places
from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import positions, score_decided, score_pairs
from forecasts.possible_savings import Stays, least_saved
from forecasts.questions import Questions
from forecasts.undoubted import Undoubted, undoubted_days

__all__ = ["Date"]


@dataclass(frozen=True, eq=False)
class Date:
    """An event happens on a day of the window, or not in the window.

    The outcome of a claim is the first day on which the event may have happened, from 1; N + 1 is "not in the window".

    Attributes:
        curves: The curves that forecasters drew, over the days of the window.
        passed: How many days were over when each curve began to stand.
        days: N, the number of days in each claim's window, shape (claims,), as all that follow.
        last: The last day on which the event may have happened; N + 1 if no last day is known, and then the first day
            is taken as the very day.
        over: How many of the days are over now.
        opens: When the window opens, in the unit of time of *starts* and *ends*.
        closes: How many days after the opening forecasts cease to count: N, or fewer.
        day: The length of a day in this unit of time, the same for all claims.
        by_moment: Whether forecasts count to the moment, so that the event may be known before its day is over; None
            if that is so on no claim.

    >>> from forecasts.curves import curves
    >>> law = Date(curves([[(2, 0.2), (4, 0.6)]]), np.zeros(1), *(np.array([n]) for n in (4, 3, 4, 0, 4)), 1.0)
    >>> law.losses(np.zeros(1), np.array([3.0]), np.array([0])).round(6).tolist()
    [0.1425]
    """

    curves: Curves
    passed: FloatArray
    days: FloatArray
    last: FloatArray
    over: FloatArray
    opens: FloatArray
    closes: FloatArray
    day: float
    by_moment: BoolArray | None = None

    @property
    def steady(self) -> bool:
        """Whether a loss stays the same while a forecast stands: no, because each day counts until it is over."""
        return False

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return the spread of each claim: (5N + 1) / 24N for N days, if forecasts count to the end of the window."""
        return date_spread_over_time(self.days[claim], self.closes[claim])

    def last_days(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the last day on which each event may have happened, given *outcome* as the first."""
        return np.where(self.last[claim] > self.days[claim], outcome, self.last[claim])

    def losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the mean Brier score of "by the end of day d?" over the days then to come."""
        days, last = self.days[claim], self.last_days(outcome, claim)
        return score_decided(
            forecast,
            outcome,
            lambda rows, index: date_losses(
                self.curves.part(index), outcome[rows], last[rows], days=days[rows], passed=self.passed[index]
            ),
        )

    def losses_on(self, forecast: FloatArray, day: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of each forecast if its event happens on *day*; N + 1 for never."""
        index = positions(forecast)
        return date_losses(self.curves.part(index), day, days=self.days[claim], passed=self.passed[index])

    def gaps(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Segments:
        """Return chance minus answer as lines; see :func:`~forecasts.date_scores.date_gaps`."""
        index, days = positions(forecast), self.days[claim]
        return date_gaps(
            self.curves.part(index), outcome, self.last_days(outcome, claim), days=days, passed=self.passed[index]
        )

    def telling_days(self, forecast: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the next day to come, and the first day to come by which the event is as likely as not.

        A forecast loses least on the second, and most on the first or never. N + 1 stands for never.
        """
        index, days = positions(forecast), self.days[claim]
        next_day = np.maximum(self.over[claim], self.passed[index]) + 1
        return next_day, np.maximum(likely_days(self.curves.part(index), days=days), next_day)

    def log_losses(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return NaN: a curve of points gives no chance of a single day."""
        return np.full(np.shape(forecast), np.nan)

    def possible_losses(self, forecast: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each forecast can lose, over the days still to come and never."""
        days, over = self.days[claim], self.over[claim]

        def bounds(rows: IndexArray, index: IndexArray) -> tuple[FloatArray, FloatArray]:
            passed = self.passed[index]
            return date_bounds(
                self.curves.part(index), days=days[rows], passed=passed, over=np.maximum(over[rows], passed)
            )

        return score_pairs(forecast, bounds)

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series saves, over the days still to come and never.

        The answer may become known at any moment that :meth:`savings_by_day_known` allows.
        """
        least, most = self.savings_by_day_known(stays)
        return least.min(axis=1, initial=np.inf), most.max(axis=1, initial=-np.inf)

    def savings_by_day_known(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most that each series saves for each day of the event still to come, and for never.

        The event may become known at the end of its day or later; if forecasts count to the moment, already during the
        day. That it never comes may become known at any time from now on. The savings until the answer is known are
        those with an answer known after all forecasts, minus those after that moment, when all open questions have the
        same answer.

        Returns:
            The least and the most: a row for each series with a cell for day 1, 2, ..., N and never. A cell that is
            not possible is infinite: inf among the least, -inf among the most.
        """
        late, count = self.savings_by_day(stays)
        days = count - 1
        if_never = self._saved_afterwards(stays, days, happened=False)
        if_happened = self._saved_afterwards(stays, days, happened=True)
        claims, series, column = stays.claims, np.repeat(np.arange(count.size), count), in_own_list(count)
        possible = column >= np.repeat(self.over[claims], count)
        series, column, late = series[possible], column[possible], late[possible]
        is_never = column == days[series]
        known_from = np.where(is_never, self.over[claims][series], column + 1 - self._by_moment(claims)[series])
        known_from = np.minimum(known_from.astype(np.intp), days[series])

        def until_known(never: FloatArray, happened: FloatArray, impossible: float) -> FloatArray:
            savings = np.full((count.size, int(count.max(initial=1))), impossible)
            afterwards = np.where(is_never, never[series, known_from], happened[series, known_from])
            savings[series, column] = late - afterwards
            return savings

        # Least is saved in all if most would have been saved afterwards, and the other way round.
        least = until_known(if_never.most, if_happened.most, np.inf)
        return least, until_known(if_never.least, if_happened.least, -np.inf)

    def _by_moment(self, claims: IndexArray) -> BoolArray:
        """Return whether forecasts on each claim count to the moment."""
        return np.zeros(claims.shape, np.bool_) if self.by_moment is None else self.by_moment[claims]

    def _saved_afterwards(self, stays: Stays, days: IndexArray, *, happened: bool) -> Later:
        """Return the least and the most that each series saves from some moment of each day or later to the end.

        By then all questions still open have one answer: yes if the event has *happened*, no if it never does.
        """
        begin, end, closes = self._stood(stays)
        size = days[stays.series]

        def lost(curves: Curves) -> FloatArray:
            return date_losses_day_by_day(
                curves, days=self.days[stays.claim], start=begin, end=end, happened=happened, closes=closes
            )

        saved = self._saved(stays, lost) * np.repeat(closes * self.day, size)
        stood = days_stood(size, start=begin, end=end) > 0
        return later_sums(saved, stood, np.repeat(stays.series, size), in_own_list(size), days)

    def worst_outcomes(self, stays: Stays, *, for_another: bool = False) -> FloatArray:
        """Return the day, or never, at which each series saves least, or most *for_another*.

        The answer is known only after all forecasts.
        """
        saved, count = self.savings_by_day(stays)
        return least_saved(
            -saved if for_another else saved,
            np.repeat(np.arange(count.size), count),
            in_own_list(count).astype(np.float64) + 1,
        )

    def savings_by_day(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return what each series saves if the event comes on day 1, 2, ..., N or never, and how many cells that is.

        Nobody knows of the event while forecasts stand. The savings of one series follow those of another.
        """
        begin, end, closes = self._stood(stays)
        days = self.days[stays.claim]

        def lost(curves: Curves) -> FloatArray:
            return date_losses_on_every_day(curves, days=days, start=begin, end=end, closes=closes)

        count, count_of_stay = (self.days[stays.claims] + 1).astype(np.intp), (days + 1).astype(np.intp)
        first_cell = np.cumsum(count) - count
        cell = first_cell[np.repeat(stays.series, count_of_stay)] + in_own_list(count_of_stay)
        saved = self._saved(stays, lost) * np.repeat(closes * self.day, count_of_stay)
        return np.asarray(np.bincount(cell, saved, count.sum()), np.float64), count

    def _stood(self, stays: Stays) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return when each forecast began and ceased to stand, and when forecasts cease to count.

        All three are in days since the window opened.
        """
        begin, end = ((moment - self.opens[stays.claim]) / self.day for moment in (stays.starts, stays.ends))
        return begin, np.maximum(begin, end), self.closes[stays.claim]

    def _saved(self, stays: Stays, lost: Callable[[Curves], FloatArray]) -> FloatArray:
        """Return the loss that each forecast saves against "knows nothing", or against the other forecast if given."""
        if stays.other is None:
            yardstick = date_reference(self.days[stays.claim])
        else:
            yardstick = self.curves.part(positions(stays.other))
        return lost(yardstick) - lost(self.curves.part(positions(stays.forecast)))

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the loss of "knows nothing", the even rise to one half, as of the opening of the window."""
        days, last = self.days[claim], self.last_days(outcome, claim)
        return date_losses(date_reference(days), outcome, last, days=days)

    def saved(
        self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return the loss that each forecast saved, times how long it stood; each day counts until it was over."""
        nothing, own = self.lost_over_time(forecast, outcome, claim, starts, ends)
        return (nothing - own) * self.closes[claim] * self.day

    def lost_over_time(
        self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return what "knows nothing" and each forecast lost while it stood, as parts of the time Brier score."""
        begin, end = ((moment - self.opens[claim]) / self.day for moment in (starts, ends))
        end, last = np.maximum(begin, end), self.last_days(outcome, claim)

        def lost(rows: IndexArray, index: IndexArray) -> tuple[FloatArray, FloatArray]:
            days = self.days[claim[rows]]
            nothing, own = (
                date_losses_over_time(
                    curves, outcome[rows], last[rows], days=days, start=begin[rows], end=end[rows],
                    closes=self.closes[claim[rows]],
                )
                for curves in (date_reference(days), self.curves.part(index))
            )  # fmt: skip
            return nothing, own

        return score_pairs(np.where(np.isnan(outcome), np.nan, forecast), lost)

    def questions(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return "by the end of day d?" for each point of a curve; one forecast has a weight of 1 in all."""
        return Questions.at_points(self.curves, forecast, outcome)

    def undoubted(self, forecast: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return for how many days the answer to "by the end of this day?" was not in doubt."""
        index = positions(forecast)
        return undoubted_days(self.curves.part(index), claim, days=self.days[claim], passed=self.passed[index])

    def in_window(self, forecast: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the chance that each forecast gives to the event in its window."""
        days = self.days[claim]
        return chances_by(self.curves.part(positions(forecast)), days, days=days)

    def places(self, forecast: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the chances before and by the day of each event; see ``distribution_calibration.date_places``."""
        index, days = positions(forecast), self.days[claim]
        return date_places(
            self.curves.part(index), outcome, self.last_days(outcome, claim), days=days, passed=self.passed[index]
        )
