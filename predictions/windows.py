"""Reading words for a time horizon as a window: the days on which an event counts.

``dateutil.parser`` is not used on input: it reads "2027" as today's day in 2027, and "02/03/2027" as February. This
module reads a small closed grammar, refuses everything else, and never uses today's date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from predictions.dates import LONGEST, add_span, read_day
from predictions.errors import InvalidValue, short_repr
from predictions.horizons import ISO, REGEX_FLAGS, YEAR, Span, length, span, span_of
from predictions.other_days import unreadable

SAID, AS_GIVEN = "the day it was said", "as given"  # words for the first day of a window
TENTH = 0.1  # the part of a window that still is its beginning
NOT_GIVEN = date(1, 1, 2)  # the first day of a window if only its last is known


def window_told(opens_on: date, deadline: date) -> str:
    """Write a window in words: both its days, or only the last if the first was not given.

    >>> window_told(date(2026, 1, 1), date(2026, 6, 30)), window_told(NOT_GIVEN, date(2026, 6, 30))
    ('2026-01-01 to 2026-06-30', 'which ends 2026-06-30')
    """
    return f"which ends {deadline}" if opens_on == NOT_GIVEN else f"{opens_on} to {deadline}"


class Window(NamedTuple):
    """The days on which an event counts, and how they were read from the source's words.

    Attributes:
        opens_on: The first day that counts.
        deadline: The last day that counts.
        horizon: The source's own words.
        edtf: The window as EDTF text, level 0: a year, month or day, or two of them with a slash between.
        reading: How the words were read, as a sentence without its full stop.
    """

    opens_on: date
    deadline: date
    horizon: str
    edtf: str
    reading: str

    @property
    def fields(self) -> dict[str, object]:
        """The fields of a claim with this window."""
        return {
            "opens_on": self.opens_on, "deadline": self.deadline, "horizon": self.horizon, "edtf": self.edtf,
            "horizon_read": self.reading,
        }  # fmt: skip


def read_window(words: str, *, made_on: date) -> Window:
    """Read the window that *words*, said on the day *made_on*, mean.

    The forms: ``within 18 months``, ``in a year`` (days, weeks, months, quarters, years, decades); ``by``, ``by the
    end of``, ``until``, ``through``, ``before`` or ``in`` with ``2027``, ``H1 2027``, ``Q3 2027``, ``June 2027``,
    ``30 June 2027`` or ``2027-06-30``, and these alone; ``end of year``; ``2027-2028`` and ``by 2027-2028``;
    ``between 2027 and 2028``; ``2026-04-13/2027-10-13`` and ``2026-04-13 .. 2027-10-13``. Capitals do not matter. A
    window opens on *made_on* if only its end is named, else on its own first day.

    Raises:
        InvalidValue: For other words, such as vague ones and those that may mean two days; for days that no calendar
            has; for a window that ends before it opens or was over when it was said.

    >>> window = read_window("by 2027", made_on=date(2026, 4, 13))
    >>> window.edtf, window.deadline.isoformat()
    ('2026-04-13/2027', '2027-12-31')
    >>> window.reading
    "from 2026-04-13, the day it was said, to the end of 2027; 'before 2027 began' is the other reading"
    """
    made = _day(read_day(made_on))
    return _as_window(words, made, _read_horizon(words, made))


def window_to(last_day: date, *, made_on: date, made: str = SAID) -> Window:
    """Return the window from *made_on* to a day: the same as :func:`read_window` for ``by`` and that day, but faster.

    *made* are the words for the first day.

    >>> window_to(date(2027, 6, 30), made_on=date(2026, 4, 13)) == read_window("by 2027-06-30", made_on="2026-04-13")
    True
    """
    first, last = read_day(made_on), read_day(last_day)
    opens, ends = first.isoformat(), last.isoformat()
    if last < first:
        raise _over(ends, last, opens)
    edtf = opens if opens == ends else f"{opens}/{ends}"
    return Window(first, last, f"by {ends}", edtf, _between_days(opens, ends, made))


def _as_window(words: str, made: Span, read: _Reading) -> Window:
    """Make a window from its two ends; InvalidValue if it was over on the day *made*, when it was said."""
    first, last, reading = read
    if last.last < made.first:
        raise _over(words, last.last, made.name)
    edtf = first.from_edtf if first.from_edtf == last.to_edtf else f"{first.from_edtf}/{last.to_edtf}"
    return Window(first.first, last.last, words.strip(), edtf, reading)


def _over(words: str, last: date, opens: str) -> InvalidValue:
    """Return the error of a window whose last day lies before its first."""
    return InvalidValue(
        f"{short_repr(words)} was over on {last}, before its window opens, on {opens}; days are UTC; give a later day"
    )


def _read_horizon(words: str, made: Span) -> _Reading:
    """Return the first and the last span of a window, and how the words were read; InvalidValue for other words."""
    text = words.strip() if isinstance(words, str) and len(words) <= LONGEST else ""
    for form, read in _HORIZON_FORMS:
        if (match := re.fullmatch(form, text, REGEX_FLAGS)) and (window := read(made, *match.groups())):
            return window
    raise InvalidValue(unreadable(words, text))


@lru_cache(8192)
def _day(day: date) -> Span:
    """Return one day as a span; cached, because many claims have the same first and last days."""
    return span_of("day", day)


def _within(made: Span, text: str) -> _Reading | None:
    """Read a duration, counted from the day it was said; None if the text is not a duration."""
    if not (count := length(text)):
        return None
    last = add_span(made.first, *count)
    reading = f"counted from {made.name}, the day it was said: the last day is {last}"
    if count[1] == "months" and last.day != made.first.day:
        reading += f", because {last.isoformat()[:7]} has no day {made.first.day}"
    return made, _day(last), reading


def _by(made: Span, text: str) -> _Reading | None:
    """Read the end of a window, whose last day still counts; None if the text is not a day or span."""
    if not (last := span(text)):
        return None
    if last.first == last.last:
        return made, last, _between_days(made.name, last.name, SAID)
    first, _, reading = _until(made, last)
    void = ", which was over already" if last.first <= made.first else ""
    return first, last, f"{reading}; 'before {last.name} began' is the other reading{void}"


def _between_days(opens: str, ends: str, made: str) -> str:
    """Say how a window from one day to another was read; *made* are the words for the first."""
    return f"from {opens}, {made}, to {ends}, which still counts"


def _to_the_end(made: Span, text: str) -> _Reading | None:
    """Read ``end of 2027``; None if the text is not a day or span."""
    return _until(made, last) if (last := span(text)) else None


def _this(made: Span, unit: str) -> _Reading:
    """Read ``end of year`` and ``this quarter``, of the day it was said."""
    return _until(made, span_of(unit.lower(), made.first))


def _until(made: Span, last: Span) -> _Reading:
    """Return the window from the day it was said to the end of a span."""
    return made, last, f"from {made.name}, the day it was said, to the end of {last.name}"


def _by_years(made: Span, early: str, late: str) -> _Reading | None:
    """Read ``by 2027-2028``: everything until the end of the later year counts."""
    if not (years := _window_between(made, early, late)):
        return None
    reading = f"from {made.name}, the day it was said, to the end of {late}; coming before {early} counts too"
    return made, years[1], reading


def _before(made: Span, text: str) -> _Reading | None:
    """Read the day or span before which a window ends; None if the text is neither."""
    if not (end := span(text)):
        return None
    last = _day(add_span(end.first, -1, "days"))
    begins = end.name if end.first == end.last else f"the beginning of {end.name}"
    return made, last, f"from {made.name}, the day it was said, to {last.name}, the day before {begins}"


def _window_between(_made: Span, early: str, late: str) -> _Reading | None:
    """Read a window from its first to its last day or span; None if one of the texts is neither."""
    if not (first := span(early)) or not (last := span(late)):
        return None
    if last.last < first.first:
        raise InvalidValue(f"{late} ends before {early} begins; write the earlier one first")
    return first, last, f"from {first.first} to {last.last}, both counting"


def _in(_made: Span, text: str) -> _Reading | None:
    """Read a window that is a single day or span; None if the text is neither."""
    if not (days := span(text)):
        return None
    sentence = f"from {days.first} to {days.last}, both counting" if days.first < days.last else "that one day"
    return days, days, f"{days.name}: {sentence}"


_Reading = tuple[Span, Span, str]
_BY = "(?:by|until|till|up to|no later than|not later than|on or before)"
_UP_TO = f"(?:(?:{_BY}|before|through) +)?(?:the +)?"  # before "end of" all of these mean the same
_UNIT = "(year|quarter|month)"
_HORIZON_FORMS: tuple[tuple[str, Callable[..., _Reading | None]], ...] = (
    (r"(?:over +the +(?:next|coming) +|(?:(?:with)?in +)?(?:the +(?:next|coming) +)?)(.+?)(?: +from +now)?", _within),
    (r"(?:within|over) +the +(?:next|coming) +([a-z]+)", lambda made, unit: _within(made, f"a {unit}")),
    (rf"{_UP_TO}(?:end|close) +of +(?:the +|this +)?{_UNIT}", _this),
    (rf"{_UP_TO}{_UNIT}(?:['’]s)?[ -]end", _this),
    (rf"(?:(?:with)?in +|during +)?this +{_UNIT}", _this),
    (rf"{_UP_TO}eoy", lambda made: _this(made, "year")),
    (rf"{_UP_TO}(?:eoy|year[ -]end),? +({YEAR})", _to_the_end),
    (rf"{_UP_TO}(?:(?:end|close) +of +|end[ -])(.+)", _to_the_end),
    (r"through +(.+)", _to_the_end),
    (rf"{_BY} +(.+)", _by),
    (rf"by +({YEAR}) ?[-–] ?({YEAR})", _by_years),
    (r"before +(.+)", _before),
    (r"between +(.+) +and +(.+)", _window_between),
    (r"(?:from +)?(.+) +(?:to|until|till|through) +(.+)", _window_between),
    (rf"({YEAR}) ?[-–] ?({YEAR})", _window_between),
    (rf"({ISO})(?:/| *\.\. *)({ISO})", _window_between),
    (r"(?:(?:some ?time )?in +|on +|during +)?(.+)", _in),
)
