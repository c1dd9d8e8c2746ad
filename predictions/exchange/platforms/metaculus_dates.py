"""Metaculus' questions about a date: the days of their distributions, and what lies before and after them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from predictions.enums import ClaimType, Outcome
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.platforms.metaculus_shapes import ABOVE_RANGE, BELOW_RANGE, NO_ANSWER, rising_chances
from predictions.number_checks import DECIMAL_PLACES
from predictions.timestamps import end_of

A_DAY = timedelta(days=1)


class DateShape(NamedTuple):
    """The days of a range, each of which Metaculus gives by its first moment, and the claim's window.

    What lies before the window counts for its first day; what lies after the range is "not in the window".

    Attributes:
        days: The days at which a distribution has chances; several moments may lie on one day.
        opens_on: The first day of the window, on which the question opened.
        closes_at: When forecasting ends.
        before: The last day on which an event below the range can have happened.
    """

    days: Sequence[date]
    opens_on: date
    closes_at: datetime | None
    before: date

    @property
    def last_day(self) -> date:
        """The last day of the window."""
        return self.days[-1]

    def claim_fields(self) -> dict[str, object]:
        """Return the fields of the claim; if forecasting ends after the range, it closes with the range."""
        ends_at = end_of(self.last_day)
        return {"type": ClaimType.DATE, "closes_at": self.closes_at and min(self.closes_at, ends_at)}

    def forecast_fields(self, item: ExportRow, key: str, numbers: Sequence[object]) -> dict[str, object]:
        """Return the fields of a forecast: chances by the end of the days that are in the range and the window."""
        chances = rising_chances(item, key, numbers, len(self.days))
        days_before = bisect_right(self.days, self.opens_on)
        # A dict keeps the last of several moments on one day, which is the one that counts.
        by_day = dict(zip(self.days[days_before:], chances[days_before:], strict=True))
        if days_before:
            chance_so_far = float(np.interp(self.opens_on.toordinal(), [day.toordinal() for day in self.days], chances))
            by_day = {self.opens_on: round(chance_so_far, DECIMAL_PLACES), **by_day}
        return {"days": [{"day": day, "chance": chance} for day, chance in by_day.items()]}

    def came_out(self, item: ExportRow, key: str) -> Outcome | date | None:
        """Return the outcome: a day, or no if it is not in the range; None if it is open."""
        text = item.text(key)
        if text is None or text.casefold() in NO_ANSWER:
            return None if text is None else NO_ANSWER[text.casefold()]
        if text.casefold() == ABOVE_RANGE:
            return Outcome.NO
        day = self.before if text.casefold() == BELOW_RANGE else day_told(item, key, text)
        return Outcome.NO if day > self.last_day else max(day, self.opens_on)


def date_shape(
    item: ExportRow, key: str, places: Sequence[object], opens_at: datetime | None, closes_at: datetime | None,
    known_at: datetime | None,
) -> DateShape | None:  # fmt: skip
    """Return the shape of a date with chances at some *places*; None without places, or if they do not rise."""
    if len(places) < 2 or any(place is None for place in places) or opens_at is None:
        return None
    days = [day_told(item, key, place) for place in places]
    if days[0] >= days[-1] or any(after < last_day_before for last_day_before, after in pairwise(days)):
        return None
    below = max(days[0], date.min + A_DAY) - A_DAY
    last_day_before = min(below, known_at.date()) if known_at else below
    return DateShape(days, opens_at.date(), closes_at, last_day_before)


def day_told(item: ExportRow, key: str, value: object) -> date:
    """Return a day, or the day of a moment: from ISO text, in UTC if it has no zone, or from seconds since 1970."""
    field = item._replace(fields={key: value})
    if not isinstance(value, str):
        moment = field.since_1970(key)
    else:
        with suppress(ValueError):
            moment_in_text = datetime.fromisoformat(value)
            return moment_in_text.astimezone(UTC).date() if moment_in_text.tzinfo else moment_in_text.date()
        moment = field.moment(key)
    if moment is None:
        raise item.fault(key, "say a day such as 2026-04-14")
    return moment.date()
