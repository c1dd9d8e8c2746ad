"""Read single cells of a table: a number with or without its percent sign, a moment, a flag, a name, or nothing.

The rules are the same for every kind of file. :mod:`predictions.importing.column_checks` reads whole columns with them.
What is written into a cell is guarded here, so that it reads back the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from numbers import Integral, Rational, Real
from typing import TypeVar

from predictions.chances import is_phrase, near_chance
from predictions.dates import check_no_empty_cell
from predictions.errors import short_repr
from predictions.fields import check_line, check_slug, check_text
from predictions.horizons import two_days
from predictions.number_checks import all_but_certain, is_truth, read_decimal
from predictions.timestamps import in_microseconds, read_made_at
from predictions.yes_no import YES_OR_NO

PANDAS_MISSING = {"NaTType", "NAType"}  # how pandas leaves a cell out
QUESTION_MARK = "?"
_EMPTY_WORDS = ("na", "n/a", "#n/a", "nan", "null", "none", "nat", "<na>")
NO_VALUE = frozenset([  # how files and people do; "Nan" and "Null" are names
    "", "-", "--", "\N{EN DASH}", "\N{EM DASH}", QUESTION_MARK, "NaN", "NaT", "None",
    *_EMPTY_WORDS, *map(str.upper, _EMPTY_WORDS),
])  # fmt: skip
NO_TEXT = frozenset({"nan", "NaN", "NaT", "<NA>"})  # what a data frame writes for an empty cell, and nobody else
FLAG_WORDS = {**YES_OR_NO, "": False, "t": True, "1": True, "1.0": True, "f": False, "0": False, "0.0": False}
EXACT = 2**53  # up to here a float that is whole is meant to be
_WORDLIKE = re.compile(r"[a-z0-9-]{1,64}")
_NUMERAL = re.compile(r"[0-9]*(?:[.,][0-9]+)+|[0-9]+")
ReadAs = TypeVar("ReadAs")
GUARDED = "=+-@\t\r#"  # what a cell must not begin with when it is written: a formula to a spreadsheet, or a comment
_GUARD = re.compile(f"'+(?:[{re.escape(GUARDED)}]|(?:{'|'.join(map(re.escape, sorted(NO_VALUE - {''})))})\\Z)")


class BadCell(ValueError):
    """What would be right in place of a cell; the cell itself is shown beside it."""


def is_missing(value: object) -> bool:
    """Tell whether a cell holds nothing: None, blank text, NaN, NA, NaT."""
    if value is None or type(value).__name__ in PANDAS_MISSING:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, Real):
        return not isinstance(value, Integral) and math.isnan(value)
    return type(value).__name__ == "datetime64" and str(value) == "NaT"


def has_no_value(value: object) -> bool:
    """Tell whether a cell holds nothing, also in words or signs: NA, null, nan, a dash, a question mark."""
    return value.strip() in NO_VALUE if isinstance(value, str) else is_missing(value)


def has_no_text(value: object) -> bool:
    """Tell whether a cell of a column of text holds nothing: there NA, none, - and ? are what somebody wrote.

    >>> has_no_text("NA"), has_no_text("nan"), has_no_text(" ")
    (False, True, True)
    """
    return is_missing(value) or (isinstance(value, str) and value.strip() in NO_TEXT)


def read_number(value: object, decimal: str | None, *, percent: bool = False) -> float:
    """Read a cell as the number before its percent sign, if any; a comma is a point unless *decimal* says otherwise.

    With *percent* a number without the sign is percent too.

    >>> read_number("0,4", None), read_number("40 %", None)
    (0.4, 40.0)
    """
    if is_truth(value):
        raise BadCell("true or false; say a number from 0 to 1")
    read = read_decimal(value)
    if read is None:
        if isinstance(value, Real):
            return math.inf
        if isinstance(value, str) and is_phrase(value):
            raise BadCell("not a number; a word for it goes in the column words")
        near = near_chance(value) if isinstance(value, str) else None
        raise BadCell(f"not a number; {near or 'say 0.72 or 72%'}")
    wrong = {",": ".", ".": ","}.get(decimal or "")
    if isinstance(value, str) and wrong and wrong in value:
        raise BadCell(f"decimal={decimal!r} is said, and this has {wrong!r}")
    number, certain = float(read[0]), 100 if percent or read[1] else 1
    if number in {0, certain} and number != (value if isinstance(value, Rational) else read[0]):
        raise BadCell(all_but_certain(number / certain))
    return number


def read_one_way(value: object, decimal: str | None) -> object:
    """Return text whose numbers can be read in one way only, where it is said what stands before their fraction.

    >>> read_one_way("1,500 m", ","), read_one_way("30.000", "."), read_one_way("30.000", None), read_one_way(4, ",")
    ('1.5 m', '30', '30.000', 4)
    """
    if decimal is None or not isinstance(value, str):
        return value
    wrong = "," if decimal == "." else "."

    def plainly(found: re.Match[str]) -> str:
        if wrong in found[0]:
            raise BadCell(f"decimal={decimal!r} is said, and {found[0]} has {wrong!r}")
        whole, _, fraction = found[0].partition(decimal)
        return found[0] if decimal in fraction else f"{whole}.{fraction}".rstrip("0").removesuffix(".")

    return _NUMERAL.sub(plainly, value)


def read_microsecond(value: object) -> int:
    """Read a cell as a moment, in microseconds since 1970: a number of them, a moment with its offset, or a day."""
    if has_no_value(value):
        raise BadCell("empty; say when it was made")
    if isinstance(value, str):
        value = value.strip()
        if re.fullmatch("-?[0-9]{1,19}", value, re.ASCII):
            value = int(value)
    if is_truth(value):
        raise BadCell("not a moment; say YYYY-MM-DDTHH:MM:SSZ, or a day")
    if (number := whole_number(value)) is not None:
        if abs(number) > 2**62:
            raise BadCell("outside the years 0001 to 9999 in microseconds; say YYYY-MM-DDTHH:MM:SSZ, or a day")
        return number
    if type(value).__name__ == "datetime64":
        if str(value.dtype) != "datetime64[D]":  # type: ignore[attr-defined]  # numpy's, which is not loaded here
            raise BadCell("no offset from UTC; say YYYY-MM-DDTHH:MM:SSZ")
        value = value.item()  # type: ignore[attr-defined]  # likewise
    if not isinstance(value, (str, date)):
        raise BadCell("not a moment; say YYYY-MM-DDTHH:MM:SSZ, or a day")
    moment = reworded(read_made_at, value)
    reworded(lambda given: check_no_empty_cell(given, moment), value)
    return in_microseconds(moment)


def whole_number(value: object) -> int | None:
    """Return a value of any type as a whole number; None for true, false and what is none."""
    if is_truth(value):
        return None
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, (Real, Decimal)) and math.isfinite(value):
        integer = int(value)  # type: ignore[arg-type]  # every kind of finite number has its whole part
        return integer if abs(integer) < EXACT and integer == value else None
    return None


def cell_as_text(value: object) -> str:
    """Spell any cell; a whole number as its digits, be it a float, as a frame holds it beside an empty cell."""
    number = None if isinstance(value, str) else whole_number(value)
    return str(value if number is None else number)


def read_flag(value: object) -> bool:
    """Read a cell as true or false; an empty one is false, but not one that asks."""
    if has_no_value(value) and value != QUESTION_MARK:
        return False
    flag = FLAG_WORDS.get(str(value).strip().lower()) if isinstance(value, (str, Real)) or is_truth(value) else None
    if flag is None:
        raise BadCell("neither true nor false")
    return flag


def read_name(value: object) -> str:
    """Read a cell as the name of something: one line of text, or a whole number, which is its digits.

    >>> read_name(" GPT-4o "), read_name(17)
    ('GPT-4o', '17')
    """
    if type(value) is str and _WORDLIKE.fullmatch(value):
        return value  # most names
    if is_missing(value):
        raise BadCell("empty; say a name")
    if isinstance(value, str):
        return str(reworded(check_line, value.strip()))
    number = whole_number(value)
    if number is None:
        raise BadCell("not a name; say it as text")
    return str(number)


def read_slugs(value: object) -> tuple[str, ...]:
    """Read a cell as slugs: a list of them, or text with ``;``, commas or spaces between."""
    parts = re.split(r"[;,\s]+", value.strip("; ,\t\n")) if isinstance(value, str) else value
    if hasattr(parts, "tolist"):
        parts = parts.tolist()
    if not isinstance(parts, (list, tuple)):
        raise BadCell("not a list of slugs; say them with ; between")
    return tuple(str(reworded(check_slug, part)) for part in parts)


def reworded(read: Callable[[object], ReadAs] | Callable[..., ReadAs], value: object) -> ReadAs:
    """Return what *read* makes of a cell.

    Its refusal becomes a fix, without the value, which stands beside it.
    """
    try:
        return read(value)
    except ValueError as error:
        raise BadCell(fix_of(error, value)) from None


read_text = partial(reworded, check_text)
read_line = partial(reworded, check_line)


def fix_of(error: Exception, value: object) -> str:
    """Return what would be right, from an error that shows the value.

    >>> fix_of(ValueError("cannot read 'x' as a day; write YYYY-MM-DD"), "x")
    'cannot read it as a day; write YYYY-MM-DD'
    """
    text = value.strip() if isinstance(value, str) else ""
    if len(text) <= len("31/12/2026") and (advice := two_days(text)):
        return advice
    sentence = str(error)
    for before in (f"the moment {short_repr(value)}", short_repr(value)):
        if before in sentence:
            sentence = sentence.replace(before, "it", 1)
            break
    return sentence.removeprefix("it is ").removeprefix(f"{value} is ")


def guarded(text: str) -> str:
    """Write text into a cell so that nothing takes it for a formula, or for an empty cell; it reads back the same.

    >>> guarded("=1+1"), guarded("'=1"), guarded("NA"), guarded("plain")
    ("'=1+1", "''=1", "'NA", 'plain')
    """
    return f"'{text}" if _GUARD.match(f"'{text}") else text


def unguarded(text: str) -> str:
    """Return the text without the sign that guards it.

    >>> unguarded("'=1+1"), unguarded("''- ok"), unguarded("'tis")
    ('=1+1', "'- ok", "'tis")
    """
    return text[1:] if _GUARD.match(text) else text
