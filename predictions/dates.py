"""Whole days: the window a horizon's words stand for, and days that may be known to the month or year only.

Everything here reads a small, closed grammar and refuses the rest; nothing is guessed from today's date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from predictions.errors import InvalidValue, shown


class Window(NamedTuple):
    """The days on which an event counts, and how they were read from the source's words."""

    opens_on: date
    """The first day that counts."""
    deadline: date
    """The last day that counts."""
    horizon: str
    """The source's own words."""
    edtf: str
    """The window as EDTF text, level 0: a year, month or day, or two of them with a slash between."""
    reading: str
    """How the words were read, as a plain sentence without its full stop."""


class Period(NamedTuple):
    """A date as far as it is known: *text* is a day, a month or a year, and it lies in ``first .. last``."""

    first: date
    last: date
    text: str


def read_window(words: str, *, made_on: date) -> Window:
    """The window that *words*, said on the day *made_on*, stand for.

    The forms: ``within 18 months`` (days, weeks, months, years); ``by``, ``by the end of``, ``until``,
    ``before`` or ``in`` with ``2027``, ``Q3 2027``, ``June 2027``, ``2027-06`` or ``2027-06-30``, and these
    alone; ``2027-2028`` and ``by 2027-2028``; ``between 2027 and 2028``; ``2026-04-13/2027-10-13`` and
    ``2026-04-13 .. 2027-10-13``. Capitals do not matter. Within, by, until and before open on *made_on*, the
    others on their own first day.

    Raises InvalidValue for other words, for days that no calendar has, and for a window that ends before it
    opens or was over when it was said.

    >>> window = read_window("by 2027", made_on=date(2026, 4, 13))
    >>> window.edtf, window.deadline.isoformat()
    ('2026-04-13/2027', '2027-12-31')
    >>> window.reading
    "from 2026-04-13, the day it was said, to the end of 2027; 'before 2027 began' is the other reading"
    """
    made = _span(read_day(made_on).isoformat())
    first, last, reading = _read(words, made)
    if last.last < made.first:
        raise InvalidValue(f"{shown(words)}, said on {made.name}, was already over on {last.last}; give a later day")
    edtf = first.from_edtf if first.from_edtf == last.to_edtf else f"{first.from_edtf}/{last.to_edtf}"
    return Window(first.first, last.last, words.strip(), edtf, reading)


def read_period(text: date | str) -> Period:
    """A date that may be a day, a month or a year: exactly ``2026-06-17``, ``2026-06`` or ``2026``.

    Raises InvalidValue for anything else, and for a month or day that no calendar has.

    >>> period = read_period("2024-02")
    >>> str(period.first), str(period.last)
    ('2024-02-01', '2024-02-29')
    """
    if isinstance(text, date):
        text = read_day(text).isoformat()
    if not isinstance(text, str) or not re.fullmatch(_ISO, text):
        raise InvalidValue(f"cannot read {shown(text)} as a date; write YYYY-MM-DD, YYYY-MM or YYYY")
    span = _span(text)
    return Period(span.first, span.last, text)


def read_day(value: date | str) -> date:
    """One whole day, from a date or from text that is exactly ``YYYY-MM-DD``.

    Raises InvalidValue for anything else: a datetime (whose day depends on the zone), a number, a day that no
    calendar has.

    >>> read_day("2026-04-13")
    datetime.date(2026, 4, 13)
    """
    if isinstance(value, datetime):
        raise InvalidValue(f"{shown(value)} is a moment, not a whole day; give a date or YYYY-MM-DD")
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(_DAY, value):
        raise InvalidValue(f"cannot read {shown(value)} as a day; write YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidValue(f"{shown(value)} is in no calendar; check its year, month and day") from None


def add_span(day: date, count: int, unit: str) -> date:
    """The day *count* days, weeks, months or years after *day* (before it, where *count* is negative).

    Where the month reached is too short, its last day is taken. *unit* may be singular or plural. Raises
    InvalidValue for another unit, for a count that is no whole number, and outside the years 0001 to 9999.

    >>> add_span(date(2026, 8, 31), 18, "months")
    datetime.date(2028, 2, 29)
    """
    from dateutil.relativedelta import relativedelta

    if isinstance(count, bool) or not isinstance(count, int):
        raise InvalidValue(f"{shown(count)} is not a count; give a whole number")
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
        raise InvalidValue(f"{shown(count)} {unit} from {day} leaves the years 0001 to 9999") from None
    raise InvalidValue(f"cannot count in {shown(unit)}; use days, weeks, months or years")


class _Span(NamedTuple):
    """A year, quarter, month or day as the words name it, and the EDTF of its two ends."""

    first: date
    last: date
    name: str
    from_edtf: str
    to_edtf: str


_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_YEAR = "[0-9]{4}"
_DAY = f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"
_ISO = f"{_YEAR}(?:-[0-9]{{2}}){{0,2}}"
_NAMED = f"((?:Q[1-4]|{'|'.join(_MONTHS)}) +{_YEAR}|{_ISO})"


def _span(text: str) -> _Span:
    """The days of ``Q3 2027``, ``June 2027``, ``2027``, ``2027-06`` or ``2027-06-30``, in any capitals."""
    word, _, digits = text.rpartition(" ")
    word = word.strip().capitalize()
    year, *rest = (int(part) for part in digits.split("-"))
    opening, closing = 1, 12
    if word.startswith("Q"):
        opening, closing = 3 * int(word[1]) - 2, 3 * int(word[1])
    elif word or rest:
        opening = closing = _MONTHS.index(word) + 1 if word else rest[0]
    try:
        if len(rest) == 2:
            return _Span(date(year, *rest), date(year, *rest), digits, digits, digits)
        first, last = date(year, opening, 1), date(year, closing, monthrange(year, closing)[1])
    except ValueError:
        raise InvalidValue(f"{shown(text)} is in no calendar; check its year, month and day") from None
    ends = (first.isoformat()[:7], last.isoformat()[:7]) if word or rest else (digits, digits)
    return _Span(first, last, f"{word} {digits}".strip(), *ends)


def _read(words: str, made: _Span) -> _Reading:
    """The first and last span of the window, and the sentence on how the words were read."""
    text = words.strip() if isinstance(words, str) else ""
    for form, read in _FORMS:
        if match := re.fullmatch(form, text, re.ASCII | re.IGNORECASE):
            return read(made, *match.groups())
    raise InvalidValue(
        f"cannot read {shown(words)} as a window; write one like 'within 18 months', 'by 2027', "
        "'by Q3 2027', 'by June 2027', 'before 2030', 'in 2027', '2027-2028' or '2026-04-13 .. 2027-10-13'"
    )


def _within(made: _Span, count: str, unit: str) -> _Reading:
    last = add_span(made.first, int(count), f"{unit.lower()}s")
    reading = f"counted from {made.name}, the day it was said: the last day is {last}"
    if unit.lower() in ("month", "year") and last.day != made.first.day:
        reading += f", because {last.isoformat()[:7]} has no day {made.first.day}"
    return made, _span(last.isoformat()), reading


def _by(made: _Span, name: str) -> _Reading:
    span = _span(name)
    if span.first == span.last:
        return made, span, f"from {made.name}, the day it was said, to {span.name}, which still counts"
    first, last, reading = _to_the_end(made, name)
    void = ", which was over already" if span.first <= made.first else ""
    return first, last, f"{reading}; 'before {span.name} began' is the other reading{void}"


def _to_the_end(made: _Span, name: str) -> _Reading:
    span = _span(name)
    return made, span, f"from {made.name}, the day it was said, to the end of {span.name}"


def _by_years(made: _Span, early: str, late: str) -> _Reading:
    _between(made, early, late)
    reading = f"from {made.name}, the day it was said, to the end of {late}; coming before {early} counts too"
    return made, _span(late), reading


def _before(made: _Span, name: str) -> _Reading:
    span = _span(name)
    last = _span(add_span(span.first, -1, "days").isoformat())
    begins = span.name if span.first == span.last else f"the beginning of {span.name}"
    return made, last, f"from {made.name}, the day it was said, to {last.name}, the day before {begins}"


def _between(_made: _Span, early: str, late: str) -> _Reading:
    first, last = _span(early), _span(late)
    if last.last < first.first:
        raise InvalidValue(f"{late} ends before {early} begins; write the earlier one first")
    return first, last, f"from {first.first} to {last.last}, both counting"


def _in(_made: _Span, name: str) -> _Reading:
    span = _span(name)
    days = f"from {span.first} to {span.last}, both counting" if span.first < span.last else "that one day"
    return span, span, f"{span.name}: {days}"


_Reading = tuple[_Span, _Span, str]
_FORMS: tuple[tuple[str, Callable[..., _Reading]], ...] = (
    (r"within +([1-9][0-9]{0,4}) +(day|week|month|year)s?", _within),
    (rf"(?:by|until) +(?:the +)?end +of +{_NAMED}", _to_the_end),
    (rf"(?:by|until) +{_NAMED}", _by),
    (rf"by +({_YEAR}) ?[-–] ?({_YEAR})", _by_years),
    (rf"before +{_NAMED}", _before),
    (rf"between +{_NAMED} +and +{_NAMED}", _between),
    (rf"({_YEAR}) ?[-–] ?({_YEAR})", _between),
    (rf"({_ISO})(?:/| *\.\. *)({_ISO})", _between),
    (rf"(?:in +)?{_NAMED}", _in),
)
