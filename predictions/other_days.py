"""Days as people and programs write them elsewhere: they are refused, and each refusal names the day to write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from predictions.errors import InvalidValue, short_repr
from predictions.horizons import MONTHS, iso_span, two_days

RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}
_SHEET_BEGAN = date(1899, 12, 30)  # day 0 of a spreadsheet
_MONTH_IN_DIGITS = re.compile("(0?[1-9]|1[0-2])[./]([0-9]{4})|([0-9]{4})[./](0?[1-9]|1[0-2])")
SHEET_DAYS = (29_221, 109_574)  # 1980 to 2199, as a spreadsheet numbers days; other numbers are misspelled years
_EPOCH_DIGITS = {10: (1, "seconds"), 13: (1_000, "milliseconds")}  # by the digits of a moment from 2001 to 2286
_GERMAN = "januar februar marz april mai juni juli august september oktober november dezember"
_FRENCH = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_MONTH_ABBREVIATIONS = {"mrz": 3, "maerz": 3, "okt": 10, "dez": 12, "janv": 1, "fevr": 2, "avr": 4, "juil": 7}
_MONTH_OF = {
    **{word: number for months in (_GERMAN, _FRENCH) for number, word in enumerate(months.split(), 1)},
    **_MONTH_ABBREVIATIONS,
}  # fmt: skip


def day_meant(value: object) -> str | None:
    """Return what a value that is not a day here is, and which day to write instead; None if it means no day.

    >>> day_meant("31. Dezember 2099"), day_meant(73050)
    ('is written otherwise here; say 2099-12-31', 'is the number of a day in a spreadsheet; say 2099-12-31')
    """
    if isinstance(value, int | float) and 0 < value < 10**13 and value == int(value):
        return _numbered(str(int(value)))
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.lower() in RELATIVE:
        return "is no day of its own; write the day, as YYYY-MM-DD"
    if advice := two_days(text):
        return advice
    if match := re.fullmatch(r"([0-9]{5,13})(?:\.0)?", text, re.ASCII):
        return _numbered(match[1])
    iso_text = in_english(text)
    return None if iso_text is None else f"is written otherwise here; say {iso_text}"


def relative_day(value: str, today: Callable[[], date]) -> str | None:
    """Return which day to write in place of yesterday, today or tomorrow; None for any other text.

    >>> relative_day("Tomorrow", lambda: date(2026, 11, 30))
    "'Tomorrow' is no day of its own; say 2026-12-01"
    """
    away = RELATIVE.get(value.strip().lower())
    return None if away is None else f"{short_repr(value)} is no day of its own; say {today() + timedelta(days=away)}"


def is_over(value: str) -> bool:
    """Return whether a word is for a day before today."""
    return RELATIVE.get(value.strip().lower(), 0) < 0


def unreadable(words: object, text: str) -> str:
    """Return the message that refuses words for a window, with words that would be accepted."""
    if advice := day_meant(text):
        return f"{short_repr(words)} {advice}"
    return f"{short_repr(words)} is no day; say 2027, 'Q3 2027', 'June 2027', 2027-06-30 or 'within 18 months'"


def _numbered(digits: str) -> str | None:
    """Return which day a number means in some program, by its digits; None if it means none."""
    if len(digits) == 5 and not SHEET_DAYS[0] <= int(digits) <= SHEET_DAYS[1]:
        return f"is no year and no day; say {digits[:4]}, or a day as YYYY-MM-DD"
    if len(digits) == 5:
        return f"is the number of a day in a spreadsheet; say {_SHEET_BEGAN + timedelta(days=int(digits))}"
    if len(digits) not in _EPOCH_DIGITS:
        return None
    per_second, unit = _EPOCH_DIGITS[len(digits)]
    return f"is a count of {unit} since 1970; say {datetime.fromtimestamp(int(digits) // per_second, UTC).date()}"


def in_english(text: str) -> str | None:
    """Return a day or month in German or French words, or a month such as 03/2026, in ISO form; None for other text."""
    if match := _MONTH_IN_DIGITS.fullmatch(text.strip()):
        return f"{match[2] or match[3]}-{match[1] or match[4]:0>2}"
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"^(?:le|den|am) +|(?<=[0-9])\.|(?<=\b1)er\b", " ", plain)
    words = re.sub("[a-z]+", lambda word: MONTHS[_MONTH_OF[word[0]] - 1] if word[0] in _MONTH_OF else word[0], plain)
    words = " ".join(words.split())
    with suppress(InvalidValue):
        return None if words.lower() == text.lower() else iso_span(words)
    return None
