"""Stretches of time as people name them: a day, a month, a quarter, a half-year, a year; and how long a while is."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from predictions.errors import InvalidValue, shown

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
FLAGS = re.ASCII | re.IGNORECASE
YEAR = "[0-9]{4}"
ISO = f"{YEAR}(?:-[0-9]{{2}}){{0,2}}"
SLASHED = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
VAGUE = re.compile(
    r"\b(mid|middle|early|late|beginning|start|spring|summer|autumn|fall|winter|around|about|circa|roughly|"
    r"approximately|or so|few|several|couple|soon|eventually|next|fiscal|fy)(?![a-z])",
    FLAGS,
)
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_COUNTS = {"a": 1, "eighteen": 18} | {word: count for count, word in enumerate(_NUMBERS, 1)}
_UNITS = {"quarter": (3, "months"), "decade": (10, "years")}
COUNT = rf"([1-9][0-9]{{0,4}}|{'|'.join(_COUNTS)})"
UNIT = "(day|week|month|quarter|year|decade)"


class Span(NamedTuple):
    """A year, half-year, quarter, month or day as words name it, and the EDTF of its two ends."""

    first: date
    last: date
    name: str
    from_edtf: str
    to_edtf: str


def length(count: str, unit: str) -> tuple[int, str]:
    """How many days, weeks, months or years a while is.

    >>> length("18", "month"), length("a", "Quarter")
    ((18, 'months'), (3, 'months'))
    """
    times, units = _UNITS.get(unit.lower(), (1, f"{unit.lower()}s"))
    return times * (_COUNTS.get(count.lower()) or int(count)), units


def span(text: str) -> Span:
    """The days that words name which :data:`NAMED` matches; InvalidValue where no calendar has them.

    >>> span("30th of june, 2027").name, span("2027 h1").to_edtf
    ('2027-06-30', '2027-06')
    """
    year, opening, closing, day = next(
        read(*match.groups()) for form, read in _SPANS.items() if (match := re.fullmatch(form, text, FLAGS))
    )
    try:
        if day:
            one = date(year, opening, day)
            return Span(one, one, *[one.isoformat()] * 3)
        first, last = date(year, opening, 1), date(year, closing, monthrange(year, closing)[1])
    except ValueError:
        raise InvalidValue(f"{shown(text)} is in no calendar; check its year, month and day") from None
    if closing - opening == 11:
        return Span(first, last, *[f"{year:04}"] * 3)
    part = {0: MONTHS[opening - 1], 2: f"Q{closing // 3}", 5: f"H{closing // 6}"}[closing - opening]
    name = text if re.fullmatch(ISO, text) else f"{part} {year:04}"
    return Span(first, last, name, first.isoformat()[:7], last.isoformat()[:7])


def span_of(unit: str, day: date) -> Span:
    """The year, quarter or month that a day lies in."""
    year = f"{day.year:04}"
    return span({"year": year, "quarter": f"Q{(day.month + 2) // 3} {year}", "month": f"{year}-{day.month:02}"}[unit])


def two_days(match: re.Match[str]) -> str:
    """Tell how a day written with slashes or points is written here; where it may be two days, both."""
    first, _, second, year = match.groups()
    days = []
    for month, day in ((first, second), (second, first)):
        try:
            days.append(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    days = list(dict.fromkeys(sorted(days)))
    if not days:
        return "in no calendar; write YYYY-MM-DD"
    return f"may be two days; say {days[1]} or {days[0]}" if len(days) > 1 else f"say {days[0]}"


_Ends = tuple[int, int, int, int]  # the year, the first and the last month, and the day, 0 for all of them


def _day(day: str, month: str, year: str) -> _Ends:
    return int(year), _month(month), _month(month), int(day) or 99  # which no calendar has


def _whole(month: str, year: str) -> _Ends:
    return int(year), _month(month), _month(month), 0


def _month(name: str) -> int:
    return [month[:3] for month in MONTHS].index(name[:3].capitalize()) + 1


def _iso(year: str, month: str | None, day: str | None) -> _Ends:
    return int(year), int(month or 1), int(month or 12), int(day or 0) or (99 if day else 0)


def _parts(sign: str, word: str, many: int) -> dict[str, Callable[..., _Ends]]:
    """The forms of a part of the year, one of so *many*: ``Q3 2027``, ``2027 Q3``, ``third quarter of 2027``."""
    ordinals, months = ["first", "second", "third", "fourth"][:many], 12 // many

    def read(number: str, year: str) -> _Ends:
        count = int(number) if number.isdigit() else ordinals.index(number.lower()) + 1
        return int(year), months * (count - 1) + 1, months * count, 0

    number, gap = f"([1-{many}])", "(?: +of +|[ /-]*)"
    return {
        f"{sign}{number}{gap}({YEAR})": read,
        f"{number}{sign}{gap}({YEAR})": read,
        f"({YEAR})[ /-]*{sign}{number}": lambda year, number: read(number, year),
        f"(?:the +)?{number}(?:st|nd|rd|th) +{word}(?: +of)? +({YEAR})": read,
        f"(?:the +)?({'|'.join(ordinals)}) +{word}(?: +of)? +({YEAR})": read,
    }


_MONTH = rf"({'|'.join(['sept', *MONTHS, *(month[:3] for month in MONTHS)])})\.?"
_DATE = "([0-3]?[0-9])(?:st|nd|rd|th)?"
_GAP = "(?:,? +|-)"
_SPANS: dict[str, Callable[..., _Ends]] = {
    rf"(?:the +)?{_DATE}(?: +of)?{_GAP}{_MONTH}{_GAP}({YEAR})": _day,
    rf"{_MONTH}{_GAP}(?:the +)?{_DATE}(?:, *| +|-)({YEAR})": lambda month, day, year: _day(day, month, year),
    rf"({YEAR}){_GAP}{_MONTH}{_GAP}{_DATE}": lambda year, month, day: _day(day, month, year),
    rf"{_MONTH}(?: +of)?{_GAP}({YEAR})": _whole,
    rf"({YEAR}){_GAP}{_MONTH}": lambda year, month: _whole(month, year),
    **_parts("Q", "quarter", 4),
    **_parts("H", "half", 2),
    rf"(?:(?:the +)?year +)?({YEAR})(?:-([0-9]{{2}}))?(?:-([0-9]{{2}}))?": _iso,
}
NAMED = f"({'|'.join(re.sub(r'[(](?![?])', '(?:', form) for form in _SPANS)})"
