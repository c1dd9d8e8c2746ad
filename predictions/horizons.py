"""Stretches of time as people name them: "June 2027", "Q3 2027", "H1 2027", "18 months"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from predictions.errors import InvalidValue, short_repr

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
REGEX_FLAGS = re.ASCII | re.IGNORECASE
YEAR = "[0-9]{4}"
ISO = f"{YEAR}(?:-[0-9]{{2}}){{0,2}}"
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.]|-(?![0-9]{2}-[0-9]{2}))([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_SLASHED = re.compile(r"(?<![0-9-])([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_QUARTER = re.compile("[ /-]*(?<![a-z])(?:q([1-4])|([1-4])q)(?![a-z0-9])[ /-]*")
_HALF = re.compile("[ /-]*(?<![a-z])(?:h([12])|([12])h)(?![a-z0-9])[ /-]*")
_COUNT_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_COUNT_OF_WORD = {
    **{word: count for count, word in enumerate(_COUNT_WORDS) if count}, "a": 1, "half a": 0.5, "eighteen": 18,
}  # fmt: skip
_UNIT_LENGTHS = {"day": (1, "days"), "week": (1, "weeks"), "month": (1, "months"), "quarter": (3, "months"),
          "year": (12, "months"), "decade": (120, "months")}  # fmt: skip
_WORD_MEANINGS = {
    **{word.lower(): ("month", number) for number, month in enumerate(MONTHS, 1) for word in (month, month[:3])},
    **{word: ("number", number) for number, word in enumerate(["first", "second", "third", "fourth"], 1)},
    "sept": ("month", 9), "quarter": ("part", 3), "half": ("part", 6),
}  # fmt: skip


class Span(NamedTuple):
    """A year, half-year, quarter, month or day.

    Attributes:
        first: Its first day.
        last: Its last day.
        name: Its name in a sentence.
        from_edtf: Its beginning as EDTF text, for a window that opens with it.
        to_edtf: Its end as EDTF text, for a window that ends with it.
    """

    first: date
    last: date
    name: str
    from_edtf: str
    to_edtf: str


def length(text: str) -> tuple[int, str] | None:
    """Read a duration as a number of days, weeks or months; None if the words are not a duration.

    >>> length("18 months"), length("a year"), length("a few months")
    ((18, 'months'), (12, 'months'), None)
    """
    count_text, _, unit = re.sub("(?<=[0-9a-z])-", " ", text.lower()).rpartition(" ")
    words = " ".join(count_text.split())
    count = int(words) if re.fullmatch("[1-9][0-9]{0,4}", words) else _COUNT_OF_WORD.get(words)
    per_unit, units = _UNIT_LENGTHS.get(unit.removesuffix("s"), (0, ""))
    number = per_unit * (count or 0)
    if not number or number != int(number):  # half a month is no whole number
        return None
    return int(number), units


def span(text: str) -> Span | None:
    """Read a year, half-year, quarter, month or day from words, with its parts in any order; None for other words.

    Raises InvalidValue for days that no calendar has.

    >>> span("30th of june, 2027").name, span("2027 h1").to_edtf
    ('2027-06-30', '2027-06')
    """
    if re.fullmatch(ISO, text):
        year, *rest = map(int, text.split("-"))
        return _named_span(text, year, *rest)
    # Each word becomes one part: "year", "month", "number" (a day, or that of a quarter or half), "part" (its months).
    plain = _HALF.sub(r" \1\2 half ", _QUARTER.sub(r" \1\2 quarter ", text.lower()))
    plain = re.sub(r",|(?<=[a-z])\.|\b(?:of|the|year)\b", " ", plain).strip(" ")
    parts: dict[str, int] = {}
    for word in re.split(r" +|(?<=[0-9a-z])[/-](?=[0-9a-z])", plain):
        digits = re.fullmatch(f"({YEAR})|([0-9]{{1,2}})(?:st|nd|rd|th)?", word)
        kind, value = _WORD_MEANINGS.get(word, ("", 0))
        if digits:
            kind, value = "year" if digits[1] else "number", int(digits[1] or digits[2])
        if not kind or kind in parts:
            return None
        parts[kind] = value
    year, number, months = parts.pop("year", -1), parts.get("number", 0), parts.get("part", 0)
    if year < 0 or parts.keys() not in (set(), {"month"}, {"month", "number"}, {"number", "part"}):
        return None
    if months:
        return _named_span(text, year, months * (number - 1) + 1, months=months)
    return _named_span(text, year, *(parts[kind] for kind in ("month", "number") if kind in parts))


def _named_span(text: str, year: int, month: int | None = None, day: int | None = None, months: int = 1) -> Span:
    """Return a year, a day, or so many *months* that begin with a month; InvalidValue if no calendar has it.

    Without a month it is the year, with a day it is that day. *text* is what was read, for messages and names.
    """
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        if day is not None:
            text = first.isoformat()
            return Span(first, first, name=text, from_edtf=text, to_edtf=text)
        closing = 12 if month is None else month + months - 1
        last = date(year, closing, monthrange(year, closing)[1])
    except ValueError:
        raise InvalidValue(f"{short_repr(text)} is in no calendar; check its year, month and day") from None
    if month is None:
        text = f"{year:04}"
        return Span(first, last, name=text, from_edtf=text, to_edtf=text)
    part = {1: MONTHS[month - 1], 3: f"Q{closing // 3}", 6: f"H{closing // 6}"}[months]
    name = text if re.fullmatch(ISO, text) else f"{part} {year:04}"
    return Span(first, last, name, first.isoformat()[:7], last.isoformat()[:7])


def iso_span(text: str) -> str | None:
    """Return the day, month or year that words mean, in ISO form; None if they mean none.

    >>> iso_span("May 2025"), iso_span("2 May 2025"), iso_span("2025"), iso_span("Q3 2025")
    ('2025-05', '2025-05-02', '2025', None)
    """
    named = span(text.strip())
    return named.from_edtf if named and named.from_edtf == named.to_edtf else None


def span_of(unit: str, day: date) -> Span:
    """Return the year, quarter or month, as *unit* says, in which a day lies, or the day itself."""
    if unit == "quarter":
        return _named_span("", day.year, day.month - (day.month - 1) % 3, months=3)
    if unit == "day":
        return _named_span(day.isoformat(), day.year, day.month, day.day)
    if unit == "month":
        return _named_span(day.isoformat()[:7], day.year, day.month)
    return _named_span(day.isoformat()[:4], day.year)


def two_days(text: str) -> str | None:
    """Return advice on a day in a text that is not in ISO form, and may mean two days; None if the text has none.

    >>> two_days("02/03/2027")
    'may be two days; say 2027-03-02 or 2027-02-03'
    """
    if match := _YEAR_FIRST.search(text):
        year, _, *order = match.groups()
        orders = [order]
    elif match := _SLASHED.search(text):
        first, _, second, year = match.groups()
        orders = [[first, second], [second, first]]
    else:
        return None
    days = set()
    for month, day in orders:
        try:
            days.add(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    if not days:
        return "is in no calendar; write YYYY-MM-DD"
    doubt = "may be two days" if len(days) > 1 else "is written otherwise here"
    return f"{doubt}; say {' or '.join(sorted(days, reverse=True))}"
