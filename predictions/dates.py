"""Whole days, and days known only to the month or year."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from predictions.errors import InvalidValue, short_repr
from predictions.horizons import ISO, YEAR, Span, span
from predictions.other_days import day_meant, in_english

DAY_PATTERN = f"{YEAR}-[0-9]{{2}}-[0-9]{{2}}"
EMPTY_CELLS = frozenset([  # days that programs write for an empty cell: the zero of their calendars
    "0000-00-00", "0001-01-01", "1601-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01",
    "1904-01-01", "1969-12-31", "1970-01-01",
])  # fmt: skip
LAST_EMPTY_CELL = date(1970, 1, 1)
LONGEST = 100  # characters of words for a day or a window, at most


class Period(NamedTuple):
    """A date as far as it is known.

    Attributes:
        first: The first day it can be.
        last: The last day it can be.
        text: A day, a month or a year in ISO form.
    """

    first: date
    last: date
    text: str

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def read_period(text: date | str) -> Period:
    """Read a date that may be a day, a month or a year: exactly ``2026-06-17``, ``2026-06`` or ``2026``.

    Raises InvalidValue for anything else, and for a month or day that no calendar has.

    >>> period = read_period("2024-02")
    >>> str(period.first), str(period.last)
    ('2024-02-01', '2024-02-29')
    """
    if isinstance(text, date):
        day = read_day(text)
        return Period(day, day, day.isoformat())
    if not isinstance(text, str):
        raise InvalidValue(f"cannot read {short_repr(text)} as a date; write YYYY-MM-DD, YYYY-MM or YYYY")
    return _period(text)


@lru_cache(1024)
def _period(text: str) -> Period:
    """Read a period from its text; cached, because a ledger holds few different days and reads each many times."""
    days = span(text) if re.fullmatch(ISO, text) else None
    if days is None:
        if len(text) < LONGEST and (advice := day_meant(text)):
            raise InvalidValue(f"{short_repr(text)} {advice}")
        raise InvalidValue(f"cannot read {short_repr(text)} as a date; write YYYY-MM-DD, YYYY-MM or YYYY")
    return Period(days.first, days.last, str(text))


def days_told(first: date, last: date) -> str:
    """Write the days between which something happened as a day, or as the month or the year in which they lie.

    >>> days_told(date(2026, 5, 2), date(2026, 5, 2)), days_told(date(2026, 5, 1), date(2026, 5, 31))
    ('2026-05-02', '2026-05')
    >>> days_told(date(2026, 1, 1), date(2026, 6, 30)), days_told(date(2026, 12, 30), date(2027, 1, 2))
    ('2026', '2026-12-30..2027-01-02')
    """
    if first.year != last.year:
        return f"{first}..{last}"
    return str(last) if first == last else f"{last:%Y-%m}" if first.month == last.month else f"{last:%Y}"


def read_last_day(value: object) -> date:
    """Read a day, or the last day of a month, a quarter or a year, in ISO form or in words.

    >>> str(read_last_day("March 2026")), str(read_last_day("Q3 2026")), str(read_last_day(2026))
    ('2026-03-31', '2026-09-30', '2026-12-31')
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    named = span(value.strip()) if isinstance(value, str) else None
    return named.last if named else read_period(value).last  # type: ignore[arg-type]  # it refuses any other type


def read_day(value: date | str) -> date:
    """Read one whole day, from a date or from text that is exactly ``YYYY-MM-DD``.

    Raises InvalidValue for anything else: a datetime (whose day depends on the zone), a number, a day that no
    calendar has.

    >>> read_day("2026-04-13")
    datetime.date(2026, 4, 13)
    """
    if isinstance(value, datetime):
        raise InvalidValue(f"{short_repr(value)} is a moment, not a whole day; give a date or YYYY-MM-DD")
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise InvalidValue(no_day(value))
    return _read_cached_day(value)


@lru_cache(8192)
def _read_cached_day(text: str) -> date:
    """Read a day from its text; cached, because a ledger holds few different days and reads each many times."""
    if not re.fullmatch(DAY_PATTERN, text):
        raise InvalidValue(no_day(text))
    try:
        return date.fromisoformat(text)
    except ValueError:
        check_no_empty_cell(text)
        raise InvalidValue(f"{short_repr(text)} is in no calendar; check its year, month and day") from None


def no_day(value: object, forms: str = "as a day; write YYYY-MM-DD") -> str:
    """Return the message for a value that is not a day: the day it may mean, or the *forms* in which one is written."""
    days_meant = _span_meant(value) if isinstance(value, str) and len(value) < LONGEST else None
    if days_meant is not None and days_meant.first != days_meant.last:
        return f"{short_repr(value)} is more than one day; say which, from {days_meant.first} to {days_meant.last}"
    if (not isinstance(value, str) or len(value) < LONGEST) and (advice := day_meant(value)):
        return f"{short_repr(value)} {advice}"
    if days_meant is not None:
        return f"cannot read {short_repr(value)} as a day; say {days_meant.first}"
    return f"cannot read {short_repr(value)} {forms}"


def _span_meant(text: str) -> Span | None:
    """Return the days that words mean, in English, German or French; None if they mean none."""
    with suppress(InvalidValue):
        return span(in_english(text) or re.sub("^(?:in|on) +", "", text.strip(), flags=re.IGNORECASE))
    return None


def check_no_empty_cell(*values: object) -> None:
    """Refuse days that spreadsheets and programs write for an empty cell, such as 1899-12-30 and 1970-01-01.

    Raises InvalidValue for such a day, and for a moment that begins with one.

    >>> check_no_empty_cell(date(2026, 4, 13), "2026-04-13T09:30:00Z")
    """
    for value in values:
        day = value.date() if type(value) is datetime else value
        if type(day) is date and day > LAST_EMPTY_CELL:
            continue  # the usual case
        if isinstance(value, (date, str)) and (day := str(value)[:10]) in EMPTY_CELLS:
            raise InvalidValue(f"{day} is what programs make of an empty cell; leave it out, or say the day")


def add_span(day: date, count: int, unit: str) -> date:
    """Return the day *count* days, weeks, months or years after *day*, or before it if *count* is negative.

    If the month reached has no such day, it is the last day of that month. *unit* may be singular or plural. Raises
    InvalidValue for another unit, for a count that is not a whole number, and outside the years 0001 to 9999.

    >>> add_span(date(2026, 8, 31), 18, "months")
    datetime.date(2028, 2, 29)
    """
    from dateutil.relativedelta import relativedelta

    if isinstance(count, bool) or not isinstance(count, int):
        raise InvalidValue(f"{short_repr(count)} is not a count; give a whole number")
    try:
        match unit.removesuffix("s"):
            case "day":
                return day + timedelta(days=count)
            case "week":
                return day + timedelta(weeks=count)
            case "month":
                return day + relativedelta(months=count)
            case "year":
                return day + relativedelta(years=count)
    except (OverflowError, ValueError):
        raise InvalidValue(f"{short_repr(count)} {unit} from {day} leaves the years 0001 to 9999") from None
    raise InvalidValue(f"cannot count in {short_repr(unit)}; use days, weeks, months or years")
