"""How dates are scored.

The class is a :class:`~forecasts.questions.Scoring` that holds a batch of curves, and what it needs of every claim.
What was said of a claim is the place of a curve in the batch, as a number; NaN withdraws. Values for claims of other
types are never read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.curves import Curves, Pieces, in_own_list
from forecasts.date_outcomes import (
    Later,
    date_losses_day_by_day,
    date_losses_on_every_day,
    days_stood,
    later_sums,
)
from forecasts.date_scores import (
    date_bounds,
    date_gaps,
    date_losses,
    date_losses_over_time,
    date_reference,
)
from forecasts.date_spreads import date_spread_over_time
from forecasts.day_chances import chances_by, likely_days
from forecasts.distribution_calibration import date_places
from forecasts.inputs import BoolArray, ClaimArray, FloatArray, IndexArray
from forecasts.known_rows import of_known, of_said, positions
from forecasts.possible_savings import (
    Stays,
    least_saved,
)
from forecasts.questions import Questions
from forecasts.undoubted import Undoubted, undoubted_days

__all__ = ["Date"]


@dataclass(frozen=True, eq=False)
class Date:
    """It happens on a day of the window, or not in it.

    The outcome of a claim is the first day on which it may have happened, from 1; N + 1 is "not in the window".

    Attributes:
        said: The curves that forecasters drew, over the days of the window.
        passed: How many days were over when each curve began to stand.
        days: N, the number of days in each claim's window, shape (claims,).
        last: The last day on which it may have happened; N + 1 where no day is known, so that an outcome is one day.
        over: How many of its days are over now.
        opens: When its window opens, in the units of *starts* and *ends*.
        closes: How many days after that forecasts cease to count: N, or fewer.
        day: The length of a day in these units.
        by_moment: Whether forecasts on each claim count by the moment, so that the event may be known before its day is
            over; None if none does.

    >>> from forecasts.curves import curves
    >>> law = Date(curves([[(2, 0.2), (4, 0.6)]]), np.zeros(1), *(np.array([n]) for n in (4, 3, 4, 0, 4)), 1.0)
    >>> law.losses(np.zeros(1), np.array([3.0]), np.array([0])).round(6).tolist()
    [0.1425]
    """

    said: Curves
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
        """Whether a loss stays the same while a forecast stands: it does not, because a day counts until it is over."""
        return False

    def spread(self, claim: ClaimArray) -> FloatArray:
        """Return (5N + 1) / 24N of each claim's N days where forecasts count to the end of the window."""
        return date_spread_over_time(self.days[claim], self.closes[claim])

    def last_days(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the last day on which each may have happened, if it came out so."""
        return np.where(self.last[claim] > self.days[claim], outcome, self.last[claim])

    def losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the mean Brier score of "by the end of day d?" over the days to come when it was said."""
        days, last = self.days[claim], self.last_days(outcome, claim)
        return of_known(
            said,
            outcome,
            lambda of, at: date_losses(
                self.said.part(at), outcome[of], last[of], days=days[of], passed=self.passed[at]
            ),
        )

    def losses_on(self, said: FloatArray, day: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return what each loses if it happens on that day, N + 1 for never."""
        at = positions(said)
        return date_losses(self.said.part(at), day, days=self.days[claim], passed=self.passed[at])

    def gaps(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Pieces:
        """Return the lines of chance less answer; see :func:`~forecasts.date_scores.date_gaps`."""
        at, days = positions(said), self.days[claim]
        return date_gaps(self.said.part(at), outcome, self.last_days(outcome, claim), days=days, passed=self.passed[at])

    def telling_days(self, said: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the next day to come, and the day to come by which it is as likely as not; N + 1 for never."""
        at, days = positions(said), self.days[claim]
        next_day = np.maximum(self.over[claim], self.passed[at]) + 1
        return next_day, np.maximum(likely_days(self.said.part(at), days=days), next_day)

    def log_losses(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return NaN: a curve of points gives no chance of a single day."""
        return np.full(np.shape(said), np.nan)

    def possible_losses(self, said: FloatArray, claim: ClaimArray) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most over the days that are still to come, and never."""
        days, over = self.days[claim], self.over[claim]
        return of_said(
            said,
            lambda of, at: date_bounds(
                self.said.part(at), days=days[of], passed=self.passed[at], over=np.maximum(over[of], self.passed[at])
            ),
        )

    def possible_savings(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return what is saved at least and at most over the days still to come and never, whenever that is known."""
        least, most = self.savings_by_day_known(stays)
        return least.min(axis=1, initial=np.inf), most.max(axis=1, initial=-np.inf)

    def savings_by_day_known(self, stays: Stays) -> tuple[FloatArray, FloatArray]:
        """Return what each series saves at least and at most on each day still to come, and never.

        The event may become known at the end of its day or later, where forecasts count by the moment also on the day;
        that it never comes, at any time from now on. What is saved until then is what is saved if it is known late,
        less what is saved afterwards, when the answer to all questions still open is the same.

        Returns:
            A row for each series: of the event on day 1, 2, ..., and of never. Infinite where it cannot be.
        """
        late, count = self.savings_by_day(stays)
        days = count - 1
        never, before = ((self._saved_afterwards(stays, days, happened=happened)) for happened in (False, True))
        claims, series, column = stays.claims, np.repeat(np.arange(count.size), count), in_own_list(count)
        possible = column >= np.repeat(self.over[claims], count)
        series, column, late = series[possible], column[possible], late[possible]
        is_never = column == days[series]
        known = np.where(is_never, self.over[claims][series], column + 1 - self._by_moment(claims)[series])
        known = np.minimum(known.astype(np.intp), days[series])
        ends = []
        for least, unset in ((True, np.inf), (False, -np.inf)):
            found = np.full((count.size, int(count.max(initial=1))), unset)
            afterwards = [left.most if least else left.least for left in (never, before)]
            found[series, column] = late - np.where(is_never, *(left[series, known] for left in afterwards))
            ends.append(found)
        return ends[0], ends[1]

    def _by_moment(self, claims: IndexArray) -> BoolArray:
        return np.zeros(claims.shape, np.bool_) if self.by_moment is None else self.by_moment[claims]

    def _saved_afterwards(self, stays: Stays, days: IndexArray, *, happened: bool) -> Later:
        """Return what each series saves from each day on, once the event has happened, or if it never does."""
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
        """Return the day, or never, at which each series saves least, or most, if it is known after all of them."""
        saved, count = self.savings_by_day(stays)
        return least_saved(
            -saved if for_another else saved,
            np.repeat(np.arange(count.size), count),
            in_own_list(count).astype(np.float64) + 1,
        )

    def savings_by_day(self, stays: Stays) -> tuple[FloatArray, IndexArray]:
        """Return what each series saves if it happens on each day, and never; and how many these are.

        Nobody knows of it while forecasts stand. The sums stand one series after the other.
        """
        begin, end, closes = self._stood(stays)
        days = self.days[stays.claim]

        def lost(curves: Curves) -> FloatArray:
            return date_losses_on_every_day(curves, days=days, start=begin, end=end, closes=closes)

        count, each = ((days + 1).astype(np.intp) for days in (self.days[stays.claims], days))
        cell = (np.cumsum(count) - count)[np.repeat(stays.series, each)] + in_own_list(each)
        saved = self._saved(stays, lost) * np.repeat(closes * self.day, each)
        return np.asarray(np.bincount(cell, saved, count.sum()), np.float64), count

    def _stood(self, stays: Stays) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return from when to when each stood, and until when forecasts count, in days since the window opened."""
        begin, end = ((moment - self.opens[stays.claim]) / self.day for moment in (stays.starts, stays.ends))
        return begin, np.maximum(begin, end), self.closes[stays.claim]

    def _saved(self, stays: Stays, lost: Callable[[Curves], FloatArray]) -> FloatArray:
        """Return what each loses less than "knows nothing", or than what somebody else said in that time."""
        beside = (
            date_reference(self.days[stays.claim]) if stays.other is None else self.said.part(positions(stays.other))
        )
        return lost(beside) - lost(self.said.part(positions(stays.said)))

    def reference_losses(self, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return what the even rise to one half loses at the opening."""
        days, last = self.days[claim], self.last_days(outcome, claim)
        return date_losses(date_reference(days), outcome, last, days=days)

    def saved(
        self, said: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return what each saved by standing, times how long forecasts count, each day until it was over."""
        nothing, own = self.lost_over_time(said, outcome, claim, starts, ends)
        return (nothing - own) * self.closes[claim] * self.day

    def lost_over_time(
        self, said: FloatArray, outcome: FloatArray, claim: ClaimArray, starts: FloatArray, ends: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return what "knows nothing" and each forecast lost by standing, as parts of the time Brier score."""
        begin, end = ((moment - self.opens[claim]) / self.day for moment in (starts, ends))
        end, last = np.maximum(begin, end), self.last_days(outcome, claim)

        def lost(of: IndexArray, at: IndexArray) -> tuple[FloatArray, FloatArray]:
            days, stood = self.days[claim[of]], {"start": begin[of], "end": end[of], "closes": self.closes[claim[of]]}
            drawn = date_reference(days), self.said.part(at)
            nothing, own = (
                date_losses_over_time(curves, outcome[of], last[of], days=days, **stood) for curves in drawn
            )
            return nothing, own

        return of_said(np.where(np.isnan(outcome), np.nan, said), lost)

    def questions(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> Questions:
        """Return "by the end of day d?" for the points of each curve, all of a forecast together as heavy as one."""
        return Questions.at_points(self.said, said, outcome)

    def undoubted(self, said: FloatArray, claim: ClaimArray) -> Undoubted:
        """Return of how many days nobody doubted "by the end of this day?"."""
        at = positions(said)
        return undoubted_days(self.said.part(at), claim, days=self.days[claim], passed=self.passed[at])

    def in_window(self, said: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return the chance that each forecast gives to the event in its window."""
        days = self.days[claim]
        return chances_by(self.said.part(positions(said)), days, days=days)

    def places(self, said: FloatArray, outcome: FloatArray, claim: ClaimArray) -> FloatArray:
        """Return where each event fell in its curve; see :func:`~forecasts.distribution_calibration.date_places`."""
        at, days = positions(said), self.days[claim]
        return date_places(
            self.said.part(at), outcome, self.last_days(outcome, claim), days=days, passed=self.passed[at]
        )
